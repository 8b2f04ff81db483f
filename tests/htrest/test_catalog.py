"""The catalogue: against what the genuine server knows, and what may be written."""

import json
from pathlib import Path

import pytest

from custom_components.htrest.catalog import CATALOG, CODES, MODES
from custom_components.htrest.catalog_types import Parameter
from custom_components.htrest.models import DataType, Kind, Value
from custom_components.htrest.polling import Pace
from custom_components.htrest.rules import Refusal, in_type, refusal
from custom_components.htrest.units import QUANTITIES
from simulators.htrest.points import owner_table

RECORDINGS = Path(__file__).parent / "recordings"
TYPES = {DataType.BOOL: bool, DataType.INT: int, DataType.FLOAT: float}


def recorded(name: str) -> dict[str, Value]:
    """Return values that the genuine server once answered."""
    answer = json.loads((RECORDINGS / f"{name}.json").read_text(encoding="utf-8"))
    values: dict[str, Value] = answer["body"]
    return values


def test_same_names_as_the_server() -> None:
    """All names of the server's tables are known, in their types; the standard ones as such."""
    standard, owner = recorded("param_all"), recorded("extended_param_all")
    assert {name for name, it in CATALOG.items() if it.standard} == standard.keys()
    assert CATALOG.keys() == owner.keys()
    for name, value in owner.items():
        assert type(value) is TYPES[CATALOG[name].data_type], name


def test_same_kinds_as_the_server() -> None:
    """What the server answers to a fast query is what we take for measured."""
    measured = {name for name, it in CATALOG.items() if it.kind is Kind.MEASURED}
    assert measured == recorded("extended_fastquery_all").keys()
    standard = {name for name in measured if CATALOG[name].standard}
    assert standard == recorded("fastquery_all").keys()


def test_same_numbers_and_limits_as_the_simulator() -> None:
    """Two tables that were made apart agree."""
    for name, point in owner_table().items():
        mine = CATALOG[name]
        assert (str(mine.kind), mine.number) == (str(point.kind), point.number)
        assert str(mine.data_type) == str(point.data_type)
        assert (mine.low, mine.high) == (point.low, point.high), name


def test_table_is_sound() -> None:
    """Ids are unique, units are known, codes lie within limits."""
    shown = [it for it in CATALOG.values() if it.key]
    assert len({it.point for it in shown}) == len(shown)
    assert {it.unit for it in shown} <= QUANTITIES.keys()
    assert {it.needs for it in shown} - {""} <= CATALOG.keys()
    assert CODES.keys() <= CATALOG.keys()
    assert len(set(MODES.values())) == len(MODES)


ROOM = CATALOG["HKR Soll_Raum"]
TANK = CATALOG["WW Normaltemp."]
MODE = CATALOG["Betriebsart"]
RAW = CATALOG["EXV KondTemp_max"]
RAW_FLOAT = next(
    it
    for it in CATALOG.values()
    if not it.key and it.kind is Kind.SETTING and it.data_type is DataType.FLOAT and it.high > 1
)
MEASURED = CATALOG["Temp. Aussen"]
SETTABLE_ONLY_BY_NAME = CATALOG["BSZ Verdichter Betriebsst. ges"]


@pytest.mark.parametrize(
    ("parameter", "value", "raw", "expected"),
    [
        (ROOM, 21.5, False, None),
        (ROOM, 21.3, False, Refusal.NOT_EXACT),
        (ROOM, 21.3, True, None),
        (ROOM, 9.5, False, Refusal.OUT_OF_RANGE),
        (ROOM, 25.5, True, Refusal.OUT_OF_RANGE),
        (ROOM, float("nan"), True, Refusal.OUT_OF_RANGE),
        (ROOM, float("inf"), True, Refusal.OUT_OF_RANGE),
        (TANK, 50, False, None),
        (TANK, 50.5, True, Refusal.NOT_EXACT),
        (MODE, 0, False, None),
        (MODE, 8, True, Refusal.OUT_OF_RANGE),
        (RAW, 40, False, Refusal.NOT_WRITABLE),
        (RAW, 40, True, None),
        (RAW_FLOAT, RAW_FLOAT.high - 0.01, True, None),
        (MEASURED, 5, True, Refusal.NOT_WRITABLE),
        (SETTABLE_ONLY_BY_NAME, 5, False, Refusal.NOT_WRITABLE),
    ],
)
def test_refusal(parameter: Parameter, value: float, raw: bool, expected: Refusal | None) -> None:
    """Why something is not written."""
    assert refusal(parameter, value, raw=raw) is expected


@pytest.mark.parametrize(
    ("parameter", "value", "expected"),
    [(ROOM, 22, 22.0), (TANK, 50.0, 50), (CATALOG["TBF_BIT"], 1.0, True)],
)
def test_types(parameter: Parameter, value: float, expected: Value) -> None:
    """A number is written in the type that the server insists upon."""
    typed = in_type(parameter, value)
    assert typed == expected
    assert type(typed) is type(expected)


def test_pace() -> None:
    """The interval follows the line: only if it is slow for good, and with some patience back."""
    pace = Pace(30)
    for seconds in (20, 0.2, 20, 20):
        pace.took(seconds)
    assert pace.interval == 30
    pace.took(15)
    assert pace.interval == 45
    for seconds in (12, 12, 12):
        pace.took(seconds)
    assert pace.interval == 45
    for seconds in (0.2, 0.2, 0.2):
        pace.took(seconds)
    assert pace.interval == 30
