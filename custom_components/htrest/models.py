"""What HtREST and the heat pump behind it say, as dataclasses.

Sources: HtREST 0.1.11 (README and recorded answers) and the parameter list of htheatpump 1.3.2.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

type Value = bool | int | float


class Kind(StrEnum):
    """What a data point is: measured ones are read all at once, settings one by one."""

    MEASURED = "MP"
    SETTING = "SP"


class DataType(StrEnum):
    """The type that HtREST insists upon when a point is written."""

    BOOL = "BOOL"
    INT = "INT"
    FLOAT = "FLOAT"


@dataclass(frozen=True, slots=True)
class Device:
    """The heat pump behind a server (GET /device/)."""

    serial: str
    software: str


@dataclass(frozen=True, slots=True)
class FaultEntry:
    """A line of the fault list; times are those of the pump's clock, which knows no zone."""

    index: int
    error: int
    time: datetime
    message: str

    def is_same_as(self, other: FaultEntry) -> bool:
        """Whether both are the same event, wherever it stands in the list."""
        return (self.error, self.time, self.message) == (other.error, other.time, other.message)


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """A period of a day in minutes since midnight, and its state; 0 to 0 is a slot not used."""

    start: int
    end: int
    state: int

    @property
    def used(self) -> bool:
        """Whether the slot says anything."""
        return self.end > self.start


@dataclass(frozen=True, slots=True)
class ProgramHead:
    """A time program without its slots (GET /timeprog/)."""

    index: int
    name: str
    slots: int  # of a day
    states: int
    step: int  # minutes


@dataclass(frozen=True, slots=True)
class TimeProgram:
    """A time program: days of slots, Monday first."""

    head: ProgramHead
    week: tuple[tuple[Slot, ...], ...]
