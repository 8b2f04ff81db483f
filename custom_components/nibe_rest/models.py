"""What a NIBE S-series heat pump says, as dataclasses.

Sources: the vendor's description of the local REST API (schemas Device, Point, PointMetadata,
DataValue, Alarm) and answers of real heat pumps where the two differ.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

type Raw = int | str | None


class RegisterType(StrEnum):
    """Where a point stands among the Modbus registers."""

    INPUT = "I"
    HOLDING = "H"
    NONE = ""


class AidMode(StrEnum):
    """Aid mode."""

    OFF = "off"
    ON = "on"


class SmartMode(StrEnum):
    """What the heat pump assumes about the people in the house."""

    NORMAL = "normal"
    AWAY = "away"


# Values that stand for "no value", although they come with isOk: true.
SENTINELS: Mapping[str, int] = {
    "s8": -(2**7),
    "s16": -(2**15),
    "s32": -(2**31),
    "u8": 2**8 - 1,
    "u16": 2**16 - 1,
    "u32": 2**32 - 1,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A point with all that does not change between two polls; limits are raw like values."""

    point_id: int
    title: str
    description: str
    kind: str  # variableType: integer, time, date, string ...
    size: str  # variableSize: s16, u8 ...
    unit: str
    register_type: RegisterType
    register: int
    divisor: int
    decimals: int
    minimum: int
    maximum: int
    default: int
    writable: bool

    @property
    def register_key(self) -> str:
        """The Modbus register as the installer's manual writes it: I1, H22; "" if none."""
        return f"{self.register_type}{self.register}" if self.register_type else ""

    @property
    def has_limits(self) -> bool:
        """Whether limits are declared that are more than those of the number's own size."""
        if self.minimum >= self.maximum:
            return False
        return (self.minimum, self.maximum) not in _WIDTHS

    def is_sentinel(self, raw: int) -> bool:
        """Whether a raw value stands for "no value"; declared limits that admit it make it real."""
        if raw != SENTINELS.get(self.size):
            return False
        if self.size == "u8" and not self.unit:
            return False  # 255 of a code is a code
        return not (self.has_limits and self.minimum <= raw <= self.maximum)

    def scaled(self, raw: int) -> float | int:
        """Return a raw value in the point's unit."""
        if self.divisor == 1:
            return raw
        return raw / self.divisor

    def to_raw(self, value: float) -> int:
        """Return a value of the point's unit as raw.

        Raises:
            ValueError: the heat pump cannot express it exactly.
        """
        raw = Decimal(str(value)) * self.divisor
        if not raw.is_finite() or raw != raw.to_integral_value():
            raise ValueError(f"not a multiple of 1/{self.divisor}")
        return int(raw)


# Limits that merely repeat the size of the number.
_WIDTHS = frozenset(
    {
        (-(2**7), 2**7 - 1),
        (0, 2**8 - 1),
        (-(2**15), 2**15 - 1),
        (0, 2**16 - 1),
        (-(2**31), 2**31 - 1),
        (0, 2**31 - 1),
        (0, 2**32 - 1),
        (0, 4095),
    }
)


@dataclass(frozen=True, slots=True)
class PointList:
    """One answer of /points: what the points are, and their raw values (None: no value)."""

    points: Mapping[int, Point]
    values: Mapping[int, Raw]


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """A heat pump behind the API."""

    index: int
    serial: str
    name: str
    manufacturer: str
    aid_mode: AidMode | None
    smart_mode: SmartMode | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """An alarm that stands, or stood until it was reset."""

    alarm_id: int
    header: str
    description: str
    severity: int
    time: datetime | None
    equipment: str


class WriteAnswer(StrEnum):
    """What the heat pump says to a write; only the re-read tells what came of it."""

    MODIFIED = "modified"
    NO_SUCH_POINT = "error: no such param"
    READ_ONLY = "error: read only value"


def firmware_version(raw: int) -> str:
    """Return the main controller's version from point 2509 (major in the high byte)."""
    return f"{raw >> 8}.{raw & 0xFF}"
