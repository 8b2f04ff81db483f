"""What stands in a line of the catalogue."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from .models import DataType, Kind, Value

# A sensor that is not there shows this temperature.
NOT_FITTED: Final = -50.0


class Part(StrEnum):
    """Parts of a plant that may have an area of their own."""

    PUMP = "pump"
    CIRCUIT = "heating_circuit"
    MIXING_1 = "mixing_circuit_1"
    MIXING_2 = "mixing_circuit_2"
    HOT_WATER = "hot_water"


class Shown(StrEnum):
    """What a point becomes in Home Assistant."""

    BINARY_SENSOR = "binary_sensor"
    BUTTON = "button"
    NUMBER = "number"
    SELECT = "select"
    SENSOR = "sensor"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A data point of the heat pump, and how it is shown; without a key it is no entity.

    Limits are those of HtREST's own table, in the point's unit. They hold for what is written; what
    is read may lie beyond them.
    """

    kind: Kind
    number: int
    data_type: DataType
    low: float
    high: float
    name: str
    key: str = ""
    shown: Shown = Shown.SENSOR
    part: Part = Part.PUMP
    unit: str = ""
    sense: str = ""  # what a binary sensor is about
    counter: bool = False  # only grows
    code: bool = False  # a number that stands for something: no statistics
    diagnostic: bool = False
    enabled: bool = True
    rare: bool = False  # diagnostic, and disabled at first
    needs: str = ""  # the flag without which it is disabled at first
    static: bool = False  # never changes while the pump runs
    standard: bool = False  # in the table that comes with HtREST

    @property
    def point(self) -> str:
        """The point as part of an id: mp31, sp69."""
        return f"{self.kind.lower()}{self.number}"

    @property
    def settable(self) -> bool:
        """Whether it is among those that may be set without further ado."""
        return self.shown in {Shown.BUTTON, Shown.NUMBER, Shown.SELECT}

    def is_fitted(self, value: Value | None) -> bool:
        """Whether a value is one of a sensor that is there."""
        return self.unit != "°C" or value is None or value > NOT_FITTED
