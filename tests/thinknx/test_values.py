"""From what a server writes for a value to a value, and back."""

import json
import math
from typing import Any

import pytest

from custom_components.thinknx.parsing import decode
from custom_components.thinknx.values import SHOWN, Reading, Value, ValueKind, reading, written

SWITCH, SHARE, CODE, NUMBER = ValueKind


def read(kind: ValueKind, text: str) -> Reading:
    """Return what a status means that stands so in the JSON of an answer."""
    answer = decode(b'{"status": ' + text.encode() + b"}")
    assert answer is not None
    return reading(kind, answer["status"], codes=4)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (SWITCH, "0", False),
        (SWITCH, "1", True),
        (SWITCH, "1.0", True),
        (SWITCH, '"1"', True),
        (SWITCH, '" 0 "', False),
        (SWITCH, "true", True),
        (SWITCH, "false", False),
        (SHARE, "0", 0),
        (SHARE, "33.5", 33.5),
        (SHARE, '"100"', 100),
        (SHARE, "100.4", 100),
        (SHARE, "101", 100),
        (SHARE, "-1", 0),
        (SHARE, '"-0,4"', 0),
        (CODE, "0", 0),
        (CODE, "3", 3),
        (CODE, '"3,0"', 3),
        (NUMBER, "21.5", 21.5),
        (NUMBER, '"21,5"', 21.5),
        (NUMBER, '"-273.15"', -273.15),
        (NUMBER, '"+4"', 4),
        (NUMBER, "1e3", 1000),
        (NUMBER, "670760.96", 670760.96),
    ],
)
def test_values(kind: ValueKind, text: str, value: Value) -> None:
    """Numbers come as numbers or as text, with a point or a comma, switches also as booleans."""
    found = read(kind, text)
    assert found == Reading(value)
    assert type(found.value) is {SWITCH: bool, CODE: int}.get(kind, float)


@pytest.mark.parametrize("kind", ValueKind)
@pytest.mark.parametrize("text", ["null", '""', '"  "'])
def test_nothing(kind: ValueKind, text: str) -> None:
    """A server that shows no value has nothing odd about it."""
    assert read(kind, text) == Reading(None)


@pytest.mark.parametrize("kind", ValueKind)
@pytest.mark.parametrize(
    ("text", "raw"),
    [
        ("NaN", "NaN"),
        ("-Infinity", "-Infinity"),
        ('"NaN"', "NaN"),
        ('"inf"', "inf"),
        ("1e400", "inf"),
        ('"1e5"', "1e5"),
        ('"1.234,5"', "1.234,5"),
        ('"٣"', "٣"),
        ('"１"', "１"),
        ('"on"', "on"),
        ('"0x1"', "0x1"),
        ('"1_0"', "1_0"),
        ("[1]", "[1]"),
        ("[]", "[]"),
        ('{"value": 1}', "{'value': 1}"),
        ("1" + "0" * 399, None),
        ("1" + "0" * 5000, "1" + "0" * 39),
        ('"' + "9" * 200 + '"', "9" * 40),
        ("[" * 1000 + "]" * 1000, "[[[[[[[...]]]]]]]"),
        ('"a\\u0000b\\u202ec\\nd"', "abcd"),
    ],
)
def test_odd(kind: ValueKind, text: str, raw: str | None) -> None:
    """What makes no sense is no value, and its beginning is kept for whoever looks into it."""
    found = read(kind, text)
    assert (found.value, found.odd) == (None, True)
    assert raw is None or found.raw == raw
    assert 0 < len(found.raw) <= SHOWN
    assert found.raw.isprintable()


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (SWITCH, "2"),
        (SWITCH, "-1"),
        (SWITCH, "0.5"),
        (SHARE, "101.1"),
        (SHARE, "255"),
        (SHARE, "-1.1"),
        (CODE, "4"),
        (CODE, "-1"),
        (CODE, "1.5"),
        (SHARE, "true"),
        (CODE, "false"),
        (NUMBER, "true"),
    ],
)
def test_out_of_range(kind: ValueKind, text: str) -> None:
    """A value that the kind does not have is odd; a boolean is one of a switch alone."""
    found = read(kind, text)
    assert (found.value, found.odd) == (None, True)
    assert found.raw.lower() == text


@pytest.mark.parametrize("raw", [object(), b"1", (1,)])
def test_of_no_json(raw: Any) -> None:
    """Whatever comes, nothing breaks."""
    assert reading(NUMBER, raw).odd


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (1, "1"),
        (True, "1"),
        (-0.0, "0"),
        (50.0, "50"),
        (-128, "-128"),
        (21.5, "21.5"),
        (0.1 + 0.2, "0.3"),
        (-671088.64, "-671088.64"),
        (1e-12, "0.000000000001"),
        (1e9, "1000000000"),
        (3.4028235e38, "340282350000000000000000000000000000000"),
    ],
)
def test_written(value: float, text: str) -> None:
    """Values go out with a point, without an exponent, and without digits that say nothing."""
    assert written(value) == text
    assert json.loads(text) == pytest.approx(float(value))


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_not_written(value: float) -> None:
    """What is no number never goes out."""
    with pytest.raises(ValueError, match="not finite"):
        written(value)
