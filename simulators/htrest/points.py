"""Data points of the controller, and the tables by which HtREST knows their names."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from . import table_measured, table_settings

type Value = bool | int | float


class Kind(StrEnum):
    """Measured points can be read many at once, settings only one by one."""

    MEASURED = "MP"
    SETTING = "SP"


class DataType(StrEnum):
    """How the server reads what the pump says."""

    BOOL = "BOOL"
    INT = "INT"
    FLOAT = "FLOAT"

    @property
    def python(self) -> str:
        """Return the name of the Python type that the server wants."""
        return self.lower()


_TYPES = {"B": DataType.BOOL, "I": DataType.INT, "F": DataType.FLOAT}
_PLAIN: dict[str, Callable[[Value], Value]] = {"bool": bool, "int": int, "float": float}


def _flag(text: str) -> Value:
    return text == "1"


_READ: dict[DataType, Callable[[str], Value]] = {
    DataType.BOOL: _flag,
    DataType.INT: int,
    DataType.FLOAT: float,
}


@dataclass(frozen=True, slots=True)
class Point:
    """A line of a table."""

    name: str
    kind: Kind
    number: int
    data_type: DataType
    low: Value
    high: Value
    start: Value
    packaged: bool
    """Whether the table that comes with the server has it."""

    @property
    def key(self) -> tuple[Kind, int]:
        """Return where the pump keeps the value."""
        return self.kind, self.number

    def cast(self, value: Value) -> Value:
        """Return a value in the type of the point."""
        return _PLAIN[self.data_type.python](value)


def _parse(rows: str, kind: Kind) -> list[Point]:
    points = []
    for row in rows.splitlines():
        number, sort, limits, start, name = row.split(" ", 4)
        data_type = _TYPES[sort[0]]
        low, high = ("0", "1") if data_type is DataType.BOOL else limits.split(":")
        cast = _READ[data_type]
        point = Point(
            name, kind, int(number), data_type, cast(low), cast(high), cast(start), sort[1] == "*"
        )
        points.append(point)
    return points


ALL_POINTS: tuple[Point, ...] = (
    *_parse(table_measured.ROWS, Kind.MEASURED),
    *_parse(table_settings.ROWS, Kind.SETTING),
)
"""Everything that the controller has."""


def standard_table() -> dict[str, Point]:
    """Return the table that comes with the server: 61 names."""
    return {point.name: point for point in ALL_POINTS if point.packaged}


def owner_table() -> dict[str, Point]:
    """Return a table with all that is known; of two points of one name the second one counts."""
    return {point.name: point for point in ALL_POINTS}
