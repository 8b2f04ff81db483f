"""A point of the heat pump and its JSON.

Sources: the OpenAPI text of the pump's own page (schemas `Point`, `PointMetadata`, `DataValue`)
and answers of pumps that owners published. Where they differ (the schema calls the value
`datavalue`, all published answers call it `value`) the answers are followed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Size(StrEnum):
    """Widths of a value."""

    S8 = "s8"
    S16 = "s16"
    S32 = "s32"
    U8 = "u8"
    U16 = "u16"
    U32 = "u32"
    UNKNOWN = "unknown"
    """Of times and dates."""

    @property
    def bits(self) -> int:
        """Return the width in bits."""
        return 32 if self is Size.UNKNOWN else int(self[1:])

    @property
    def low(self) -> int:
        """Return the lowest number that fits."""
        return -(1 << (self.bits - 1)) if self.startswith("s") else 0

    @property
    def high(self) -> int:
        """Return the highest number that fits."""
        return (1 << (self.bits - 1)) - 1 if self.startswith("s") else (1 << self.bits) - 1

    @property
    def nothing(self) -> int:
        """Return the number that stands for a sensor that is not there."""
        return self.low if self.startswith("s") else self.high


class Register(StrEnum):
    """Kinds of Modbus registers."""

    INPUT = "MODBUS_INPUT_REGISTER"
    HOLDING = "MODBUS_HOLDING_REGISTER"
    NONE = "MODBUS_NO_REGISTER"


class Kind(StrEnum):
    """Kinds of values."""

    INTEGER = "integer"
    TIME = "time"
    DATE = "date"


class When(StrEnum):
    """What makes a point appear and disappear."""

    ALWAYS = ""
    MANUAL = "manual"
    """In the manual operating mode."""
    SG_API = "sg_api"
    """While SG Ready is controlled through the API."""
    AWAY = "away"
    """While the house is away."""


# Units that the short form spells differently.
_SHORT_UNITS = {"°C": "°", "days": "d", "%RH": "%"}


@dataclass(slots=True)
class SimPoint:
    """One point; limits, default and value are raw numbers."""

    id: int
    title: str
    """In English."""
    size: Size = Size.S16
    unit: str = ""
    divisor: int = 1
    register: Register = Register.INPUT
    register_id: int = 0
    low: int = 0
    high: int = 0
    default: int = 0
    change: int = 1
    value: int = 0
    description: str = ""
    kind: Kind = Kind.INTEGER
    writable: bool = False
    live: str = ""
    """The reading of the plant that it shows."""
    when: When = When.ALWAYS
    titles: Mapping[str, str] = field(default_factory=dict)
    """In other languages, where there is a translation."""
    active: bool = True
    """Inactive points are neither listed nor found."""
    pinned: bool = False
    """Held at its value whatever the plant does."""
    is_ok: bool = True

    @property
    def decimal(self) -> int:
        """Return how many decimals the display shows; 1 also where the divisor is 100."""
        return 1 if self.divisor in {10, 100} else 0

    @property
    def bounded(self) -> bool:
        """Return whether limits are declared; 0 and 0 declare none."""
        return self.low < self.high

    @property
    def physical(self) -> float:
        """Return the value in its unit."""
        return self.value / (self.divisor or 1)

    def take(self, amount: float) -> None:
        """Take over a reading in physical units, cut to what fits."""
        raw = round(amount * (self.divisor or 1))
        self.value = min(max(raw, self.size.low), self.size.high)

    def metadata(self) -> dict[str, Any]:
        """Return the description of the value, with the keys in the order of a real pump."""
        return {
            "type": "metadata",
            "variableId": self.id,
            "variableType": str(self.kind),
            "variableSize": str(self.size),
            "unit": self.unit,
            "modbusRegisterType": str(self.register),
            "shortUnit": _SHORT_UNITS.get(self.unit, self.unit),
            "isWritable": self.writable,
            "divisor": self.divisor,
            "decimal": self.decimal,
            "modbusRegisterID": self.register_id,
            "minValue": self.low,
            "maxValue": self.high,
            "intDefaultValue": self.default,
            "change": self.change,
            "stringDefaultValue": "",
        }

    def as_json(self, language: str, value: int, value_key: str = "value") -> dict[str, Any]:
        """Return the point as the API shows it, with the given value."""
        return {
            "title": self.titles.get(language, self.title),
            "description": self.description,
            "metadata": self.metadata(),
            value_key: {
                "type": "datavalue",
                "isOk": self.is_ok,
                "variableId": self.id,
                "integerValue": value,
                "stringValue": "",
            },
        }
