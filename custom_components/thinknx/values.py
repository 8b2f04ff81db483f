"""From what a server writes for a value to a value.

Answers show numbers as numbers or as text, with a point or a comma, and null where there is none.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
import math
import re
from reprlib import repr as short_repr
from typing import Any, Final

type Value = bool | int | float

NEARLY: Final = 1.0  # percent by which a share may be out of range and still be meant so
LARGEST: Final = 2.0**64  # nothing on the bus counts further
SHOWN: Final = 40  # characters of something odd that are kept

_NUMBER = re.compile(r"[+-]?\d{1,30}(?:[.,]\d{1,30})?", re.ASCII)


class ValueKind(StrEnum):
    """What a value is."""

    SWITCH = "switch"  # 0 or 1
    SHARE = "share"  # 0 to 100 percent
    CODE = "code"  # one of some numbers
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Reading:
    """A value that was read; None where the server shows none that makes sense."""

    value: Value | None
    odd: bool = False  # there was something, and it made no sense
    raw: str = ""  # the beginning of what was odd, for whoever looks into it


def printable(text: str, most: int) -> str:
    """Return the beginning of a text of the server's without what is no letter, sign or blank."""
    return "".join(filter(str.isprintable, text[: 2 * most]))[:most]


def reading(kind: ValueKind, raw: Any, codes: int = 0) -> Reading:
    """Return what a raw status means.

    Args:
        kind: what it should be.
        raw: as it came out of the JSON.
        codes: how many codes there are, counted from 0.
    """
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        return Reading(None)
    if (value := _value(kind, raw, codes)) is not None:
        return Reading(value)
    # Lists in lists in lists: only reprlib's repr stops in time.
    text = raw if isinstance(raw, str) else short_repr(raw)
    return Reading(None, odd=True, raw=printable(text, SHOWN))


def _value(kind: ValueKind, raw: Any, codes: int) -> Value | None:
    """Return a value of a kind, None if it is none."""
    if isinstance(raw, bool):
        return raw if kind is ValueKind.SWITCH else None
    if (number := _number(raw)) is None:
        return None
    match kind:
        case ValueKind.SWITCH if number in (0, 1):
            return bool(number)
        case ValueKind.SHARE if -NEARLY <= number <= 100 + NEARLY:
            return min(100.0, max(0.0, number))
        case ValueKind.CODE if number in range(codes):
            return int(number)
        case ValueKind.NUMBER:
            return number
    return None


def _number(raw: Any) -> float | None:
    """Return a number, None if it is none that the bus may show."""
    if isinstance(raw, str):
        text = raw.strip()
        if not _NUMBER.fullmatch(text):
            return None
        raw = text.replace(",", ".")
    elif not isinstance(raw, int | float):
        return None
    try:
        number = float(raw)
    except OverflowError:
        return None
    return number if abs(number) <= LARGEST else None  # NaN is not within it


def written(value: float) -> str:
    """Return a value as the server takes it: a point, no exponent, no digits that say nothing.

    Raises:
        ValueError: it is not finite.
    """
    if not math.isfinite(value):
        raise ValueError("not finite")
    return f"{Decimal(f'{value + 0.0:.12g}'):f}"  # adding nothing makes a zero of a minus zero
