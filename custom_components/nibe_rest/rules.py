"""What may be written, and in what form."""

from collections.abc import Mapping
from enum import StrEnum
import re

from .corrections import FORBIDDEN
from .models import Point


class Refusal(StrEnum):
    """Why a value is not written; the translation keys of the errors."""

    FORBIDDEN = "forbidden"
    NO_LIMITS = "no_limits"
    NOT_EXACT = "not_exact"
    NOT_WRITABLE = "not_writable"
    OUT_OF_RANGE = "out_of_range"


def controllable(point: Point) -> bool:
    """Whether a point that is not in our own table may become a control.

    The heat pump has to call it writable and name limits that mean something.
    """
    return (
        point.writable
        and point.has_limits
        and point.point_id not in FORBIDDEN
        and point.kind == "integer"
    )


def refusal(
    point: Point, raw: int, allowed: frozenset[int] | None = None, *, known: bool = False
) -> Refusal | None:
    """Return why a raw value may not be written to a point, or None.

    Args:
        point: as the heat pump describes it, corrected.
        raw: the value.
        allowed: the only values there are, for codes.
        known: whether the point is in our own table, which makes up for missing limits of codes.
    """
    if point.point_id in FORBIDDEN:
        return Refusal.FORBIDDEN
    if point.kind != "integer" or not (point.writable or known):
        return Refusal.NOT_WRITABLE
    if allowed is not None:
        return None if raw in allowed else Refusal.OUT_OF_RANGE
    if not point.has_limits:
        return Refusal.NO_LIMITS
    return None if point.minimum <= raw <= point.maximum else Refusal.OUT_OF_RANGE


def step(point: Point) -> float:
    """Return the smallest change that the point shows, and never a finer one than it can hold."""
    return max(10.0**-point.decimals, 1 / point.divisor)


_PAIR = re.compile(
    r"(?:(?P<code>\d+)\s*[=:]\s*(?P<word>[^,;=:\d][^,;=:]*)"
    r"|(?P<word_first>[^,;=:\d][^,;=:]*?)\s*[=:]\s*(?P<code_last>\d+))(?:[,;]|$)"
)


def described_codes(point: Point) -> Mapping[int, str]:
    """Return what the description says the codes of a point mean, if it does.

    Descriptions write "0 = Off, 1 = On" as well as "Auto: 0, Manual: 1".
    """
    found: dict[int, str] = {}
    for match in _PAIR.finditer(point.description):
        code = match["code"] or match["code_last"]
        found[int(code)] = (match["word"] or match["word_first"]).strip()
    return found if len(found) > 1 and len(set(found.values())) == len(found) else {}
