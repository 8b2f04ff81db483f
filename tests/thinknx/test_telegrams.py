"""Which values and group addresses there are."""

import math

import pytest

from custom_components.thinknx.endpoints import Dpt
from custom_components.thinknx.telegrams import (
    clean_group,
    is_allowed,
    is_in_range,
    is_whole_enough,
)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("1/0/1", "1/0/1"),
        ("0/0/1", "0/0/1"),
        ("31/7/255", "31/7/255"),
        ("31/2047", "31/2047"),
        ("0/1", "0/1"),
        (" 1/02/003 ", "1/2/3"),
        ("1/0/1-0", "1/0/1-0"),
        ("1/0/1-255", "1/0/1-255"),
        ("1/234-007", "1/234-7"),
        ("1/2/3-256", None),
        ("1/2/3-", None),
        ("1/2/3--1", None),
        ("0/0/0", None),
        ("0/0", None),
        ("0/0/0-1", None),
        ("32/0/1", None),
        ("1/8/1", None),
        ("1/0/256", None),
        ("1/2048", None),
        ("-1/0/1", None),
        ("1/0/1&value=1", None),
        ("1/0/1\n1/0/2", None),
        ("1.0.1", None),
        ("\u0661/0/1", None),
        ("1", None),
        ("", None),
    ],
)
def test_group(written: str, meant: str | None) -> None:
    """Group addresses have two or three levels, and may name an interface."""
    assert clean_group(written) == meant


def test_allowed() -> None:
    """A list allows what stands in it and nothing else; an empty one allows all."""
    assert is_allowed("1/0/1", [])
    assert is_allowed("1/0/1", ["1/0/1"])
    assert not is_allowed("1/0/2", ["1/0/1"])
    assert not is_allowed("1/0/1-255", ["1/0/1"])
    assert is_allowed("1/0/1-255", ["1/0/1-255"])
    assert not is_allowed("1/0/1", ["1/0/1-255"])


@pytest.mark.parametrize(
    ("dpt", "low", "high"),
    [
        ("1", 0, 1),
        ("2", 0, 3),
        ("3", 0, 15),
        ("5", 0, 255),
        ("6", -128, 127),
        ("9", -671088.64, 670760.96),
        ("14", -3.4028235e38, 3.4028235e38),
    ],
)
def test_range(dpt: str, low: float, high: float) -> None:
    """Each type has its range, and none of them holds what is no number."""
    kind = Dpt(dpt)
    assert is_in_range(kind, low)
    assert is_in_range(kind, high)
    step = 1 if dpt != "14" else 1e38
    for outside in (low - step, high + step, math.nan, math.inf, -math.inf):
        assert not is_in_range(kind, outside)
    assert is_whole_enough(kind, 0.5) is (dpt in {"9", "14"})
    assert is_whole_enough(kind, 1.0)
