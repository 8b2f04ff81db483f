"""What points mean, and what may be written to them."""

from dataclasses import replace
from typing import Any

import pytest

from custom_components.nibe_rest.corrections import FORBIDDEN, corrected
from custom_components.nibe_rest.models import Point, RegisterType, firmware_version
from custom_components.nibe_rest.parsing import PointParser
from custom_components.nibe_rest.rules import (
    Refusal,
    controllable,
    described_codes,
    refusal,
    step,
)
from custom_components.nibe_rest.titles import clean, distinct_titles
from custom_components.nibe_rest.units import possible

PLAIN = Point(
    point_id=60000,
    title="Something",
    description="",
    kind="integer",
    size="s16",
    unit="",
    register_type=RegisterType.HOLDING,
    register=5,
    divisor=1,
    decimals=0,
    minimum=0,
    maximum=10,
    default=0,
    writable=True,
)
FORBIDDEN_POINT = min(FORBIDDEN)


def point(**changes: Any) -> Point:
    """Return a point that may be written, but for what is changed."""
    return replace(PLAIN, **changes)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("0 = Off, 1 = On", {0: "Off", 1: "On"}),
        ("0=Off,1=On", {0: "Off", 1: "On"}),
        ("0 = Off; 1 = On; 2 = Auto", {0: "Off", 1: "On", 2: "Auto"}),
        ("0: Off, 1: On", {0: "Off", 1: "On"}),
        ("Auto: 0, Manual: 1", {0: "Auto", 1: "Manual"}),
        ("Auto = 0; Manual = 1, Additional heat only = 2", None),
        ("0 = Off, 1: On; 10 = Hot water", {0: "Off", 1: "On", 10: "Hot water"}),
        ("10 = Off, 20 = Hot water, 30 = Heating", {10: "Off", 20: "Hot water", 30: "Heating"}),
        ("0 = Off", {}),
        ("Auto: 0", {}),
        ("0 = Off, 1 = Off", {}),
        ("", {}),
        ("The time until the next start", {}),
        ("From 5 to 70, in steps of 5", {}),
        ("=, :, 0 =, = 1", {}),
    ],
)
def test_described_codes(text: str, codes: dict[int, str] | None) -> None:
    """Codes are read from either way to write them; a single one explains nothing."""
    if codes is None:
        codes = {0: "Auto", 1: "Manual", 2: "Additional heat only"}
    assert described_codes(point(description=text)) == codes


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, True),
        ({"writable": False}, False),
        ({"minimum": 0, "maximum": 0}, False),
        ({"minimum": 10, "maximum": 0}, False),
        ({"minimum": -32768, "maximum": 32767}, False),
        ({"minimum": 0, "maximum": 255}, False),
        ({"minimum": 0, "maximum": 4095}, False),
        ({"minimum": 0, "maximum": 254}, True),
        ({"kind": "time"}, False),
        ({"kind": "date"}, False),
        ({"kind": "string"}, False),
        ({"kind": "unknown"}, False),
        ({"point_id": FORBIDDEN_POINT}, False),
    ],
)
def test_controllable(changes: dict[str, Any], expected: bool) -> None:
    """A point that nobody knows becomes a control only where its limits mean something."""
    assert controllable(point(**changes)) is expected


@pytest.mark.parametrize(
    ("changes", "raw", "allowed", "known", "expected"),
    [
        ({}, 0, None, False, None),
        ({}, 10, None, False, None),
        ({}, -1, None, False, Refusal.OUT_OF_RANGE),
        ({}, 11, None, False, Refusal.OUT_OF_RANGE),
        ({}, 11, None, True, Refusal.OUT_OF_RANGE),
        ({"maximum": 0}, 0, None, False, Refusal.NO_LIMITS),
        ({"maximum": 0}, 0, None, True, Refusal.NO_LIMITS),
        ({"maximum": 0}, 2, frozenset({0, 2}), True, None),
        ({"maximum": 0}, 1, frozenset({0, 2}), True, Refusal.OUT_OF_RANGE),
        ({}, 1, frozenset({0, 2}), False, Refusal.OUT_OF_RANGE),
        ({"writable": False}, 1, None, False, Refusal.NOT_WRITABLE),
        ({"writable": False}, 1, None, True, None),
        ({"kind": "time"}, 1, None, True, Refusal.NOT_WRITABLE),
        ({"kind": "time"}, 1, frozenset({1}), True, Refusal.NOT_WRITABLE),
        ({"point_id": FORBIDDEN_POINT}, 1, None, True, Refusal.FORBIDDEN),
        ({"point_id": FORBIDDEN_POINT}, 1, frozenset({1}), True, Refusal.FORBIDDEN),
        ({"point_id": FORBIDDEN_POINT, "writable": False}, 1, None, False, Refusal.FORBIDDEN),
    ],
)
def test_refusal(
    changes: dict[str, Any],
    raw: int,
    allowed: frozenset[int] | None,
    known: bool,
    expected: Refusal | None,
) -> None:
    """The first thing that stands against a write is named."""
    assert refusal(point(**changes), raw, allowed, known=known) is expected


@pytest.mark.parametrize("forbidden", sorted(FORBIDDEN))
def test_forbidden(forbidden: int) -> None:
    """What is forbidden is so for everybody."""
    assert refusal(point(point_id=forbidden), 1, frozenset({1}), known=True) is Refusal.FORBIDDEN
    assert not controllable(point(point_id=forbidden))


@pytest.mark.parametrize(
    ("divisor", "value", "raw"),
    [
        (1, 5, 5),
        (1, 5.0, 5),
        (1, -3, -3),
        (10, 22.5, 225),
        (10, 0.1, 1),
        (10, 0.3, 3),
        (10, 1.1, 11),
        (10, -0.7, -7),
        (100, 0.29, 29),
        (100, 1.15, 115),
        (1000, 4.035, 4035),
        (10, 1e15, 10**16),
    ],
)
def test_exact(divisor: int, value: float, raw: int) -> None:
    """What a person types in is what is sent, whatever binary fractions make of it."""
    assert point(divisor=divisor).to_raw(value) == raw


@pytest.mark.parametrize("divisor", [1, 10, 100])
def test_there_and_back(divisor: int) -> None:
    """Whatever is shown can be written again."""
    described = point(divisor=divisor)
    for raw in range(-1000, 1001):
        assert described.to_raw(described.scaled(raw)) == raw


@pytest.mark.parametrize(
    ("divisor", "value"),
    [(1, 0.5), (10, 22.55), (10, 0.01), (100, 1.005), (1, 1e-9), (1, float("nan"))],
)
def test_not_exact(divisor: int, value: float) -> None:
    """Nothing is rounded in silence."""
    with pytest.raises(ValueError):
        point(divisor=divisor).to_raw(value)


@pytest.mark.parametrize("value", [float("inf"), float("-inf")])
def test_infinite(value: float) -> None:
    """Infinity cannot be expressed either."""
    with pytest.raises(ValueError):
        point().to_raw(value)


@pytest.mark.parametrize(
    ("size", "raw"),
    [
        ("s8", -128),
        ("s16", -32768),
        ("s32", -2147483648),
        ("u16", 65535),
        ("u32", 4294967295),
    ],
)
def test_sentinels(size: str, raw: int) -> None:
    """The last number of each size stands for none, unless the limits admit it."""
    none = point(size=size, minimum=0, maximum=0)
    assert none.is_sentinel(raw)
    assert none.is_sentinel(raw) and not none.is_sentinel(raw + 1 if raw < 0 else raw - 1)
    assert not point(size="unknown").is_sentinel(raw)
    real = point(size=size, minimum=raw - 1, maximum=raw + 1)
    assert not real.is_sentinel(raw)
    below = point(size=size, minimum=-5, maximum=5)
    assert below.is_sentinel(raw)


@pytest.mark.parametrize(("unit", "expected"), [("", False), ("%", True), ("°C", True)])
def test_sentinel_of_a_byte(unit: str, expected: bool) -> None:
    """255 of a code is a code, 255 of a measurement is none."""
    assert point(size="u8", unit=unit).is_sentinel(255) is expected


@pytest.mark.parametrize(
    ("divisor", "decimals", "expected"),
    [(1, 0, 1), (10, 1, 0.1), (10, 0, 1), (10, 2, 0.1), (100, 1, 0.1), (1, 1, 1)],
)
def test_step(divisor: int, decimals: int, expected: float) -> None:
    """A step is never finer than the point."""
    assert step(point(divisor=divisor, decimals=decimals)) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("register_type", "key"),
    [(RegisterType.INPUT, "I5"), (RegisterType.HOLDING, "H5"), (RegisterType.NONE, "")],
)
def test_register(register_type: RegisterType, key: str) -> None:
    """Registers are written as in the manual."""
    assert point(register_type=register_type).register_key == key


def test_distinct_titles() -> None:
    """Points of one name are told apart by register, or by number where they have none."""
    points = [
        point(point_id=1, title="Supply", register=1),
        point(point_id=2, title="SUPPLY", register=2),
        point(point_id=3, title="Supply", register_type=RegisterType.NONE),
        point(point_id=4, title="Return", register=4),
        point(point_id=5, title="", register=5),
        point(point_id=6, title="", register_type=RegisterType.NONE),
    ]
    titles = distinct_titles(points)
    assert titles == {
        1: "Supply (H1)",
        2: "SUPPLY (H2)",
        3: "Supply (3)",
        4: "Return",
        5: "Point H5",
        6: "Point 6",
    }
    assert len({title.casefold() for title in titles.values()}) == len(points)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Brauch\u00adwasser", "Brauchwasser"),
        ("\u00c2\u00b0C", "°C"),
        (" Hot\u00a0 water\n", "Hot water"),
        ("\u200b", ""),
    ],
)
def test_clean(text: str, expected: str) -> None:
    """Accidents of encoding are not shown."""
    assert clean(text) == expected


@pytest.mark.parametrize(
    ("point_id", "field", "expected"),
    [
        (3702, "minimum", 550),
        (3745, "maximum", 24),
        (3754, "maximum", 1),
        (8982, "maximum", 1),
        (4562, "unit", ""),
        (22130, "unit", "W"),
        (25165, "unit", "kW"),
        (29258, "divisor", 100),
        (1205, "unit", "DM"),
        (60000, "unit", "wrong"),
    ],
)
def test_corrections(point_id: int, field: str, expected: object) -> None:
    """What firmware describes wrongly is put right, all else stays."""
    described = point(point_id=point_id, unit="wrong", minimum=-1, maximum=999)
    assert getattr(corrected(described), field) == expected


@pytest.mark.parametrize(
    ("unit", "value", "expected"),
    [("°C", -60, True), ("°C", -60.1, False), ("°C", 200.1, False), ("K", -3276, True)],
)
def test_possible(unit: str, value: float, expected: bool) -> None:
    """A broken sensor's temperature is none."""
    assert possible(unit, value) is expected


def test_firmware_version() -> None:
    """The version stands in two bytes."""
    assert firmware_version(0x040D) == "4.13"


GOOD: dict[str, Any] = {"metadata": {"variableType": "integer"}, "value": {"integerValue": 7}}


@pytest.mark.parametrize(
    "item",
    [
        None,
        5,
        [],
        {},
        {"metadata": None},
        {"metadata": []},
        {"title": "Without metadata", "value": {"integerValue": 7}},
    ],
)
def test_points_that_are_none(item: object) -> None:
    """What does not describe itself is left out, and takes nothing with it."""
    listed = PointParser().parse({"7": item, "x": GOOD, "-1": GOOD, "8": GOOD})
    assert listed.points.keys() == {8}
    assert listed.values == {8: 7}


@pytest.mark.parametrize(
    "meta",
    [
        {},
        {key: [] for key in ("variableType", "variableSize", "unit", "modbusRegisterType")},
        dict.fromkeys(("divisor", "decimal", "minValue", "maxValue", "isWritable"), "many"),
        dict.fromkeys(("divisor", "decimal", "minValue", "modbusRegisterID")),
        {"divisor": 0, "decimal": True, "minValue": 1.5, "isWritable": 1},
    ],
)
@pytest.mark.parametrize("title", ["Odd", "", None, 5])
def test_odd_metadata(meta: dict[str, object], title: object) -> None:
    """Wrong types mean nothing, and never that a point may be written; they are read once."""
    parser, body = (
        PointParser(),
        {"8": {"title": title, "metadata": meta, "value": {"integerValue": 7}}},
    )
    listed = parser.parse(body)
    odd = listed.points[8]
    assert (odd.divisor, odd.writable, odd.title, listed.values[8]) == (
        1,
        False,
        "Odd" if title == "Odd" else "",
        7,
    )
    assert odd.scaled(7) == 7
    assert parser.parse(body).points[8] is odd


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("integer", {"integerValue": 7}, 7),
        ("integer", {"integerValue": 7, "isOk": True}, 7),
        ("integer", {"integerValue": 7, "isOk": False}, None),
        ("integer", {"integerValue": 7, "isOkz": True}, 7),
        ("integer", {"integerValue": "7"}, None),
        ("integer", {"integerValue": 7.5}, None),
        ("integer", {"integerValue": True}, None),
        ("integer", {"integerValue": None}, None),
        ("integer", {}, None),
        ("integer", [], None),
        ("integer", 7, None),
        ("integer", None, None),
        ("string", {"stringValue": "abc"}, "abc"),
        ("string", {"stringValue": ""}, None),
        ("string", {"stringValue": 5}, None),
    ],
)
@pytest.mark.parametrize("key", ["value", "datavalue"])
def test_odd_values(key: str, kind: str, value: object, expected: object) -> None:
    """A value that is none leaves the point there, without one."""
    body = {"8": {"metadata": {"variableType": kind}, key: value}}
    assert PointParser().parse(body).values == {8: expected}
