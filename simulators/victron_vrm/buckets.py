"""How a span of time is cut into buckets.

Source: VRM API v2 documentation, section installations/stats, and its sample, whose buckets of a
day begin at `start` (00:10:16) and follow each other by 86400 s. Public importers say that months
are stamped with their first local midnight; that years are too, is a guess.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

from .errors import invalid
from .styles import DaySteps
from .weather import DAY

STEPS = {
    "15mins": 900,
    "hours": 3600,
    "2hours": 7200,
    "days": DAY,
    "weeks": 7 * DAY,
    "months": 0,
    "years": 0,
}
LIMITS = {
    "15mins": 31 * DAY,
    "hours": 31 * DAY,
    "2hours": 31 * DAY,
    "days": 180 * DAY,
    "weeks": 140 * DAY,
    "months": 732 * DAY,
    "years": 1827 * DAY,
}
_LIMIT_TEXTS = {"months": "24 months", "years": "5 years"}


class Bucket(NamedTuple):
    """A bucket and how it is stamped."""

    stamp: float
    start: float
    end: float


def check(start: float, end: float, interval: str) -> None:
    """Refuse a span that makes no sense."""
    if interval not in STEPS:
        raise invalid(interval=f"The interval must be one of: {', '.join(STEPS)}")
    if end < start:
        raise invalid(end="The end must be after the start")
    if end - start > LIMITS[interval]:
        limit = _LIMIT_TEXTS.get(interval, f"{LIMITS[interval] // DAY} days")
        raise invalid(end=f"The maximum period for the interval {interval} is {limit}")


def cut(
    start: datetime, end: datetime, interval: str, days: DaySteps, *, snapped: bool = False
) -> Iterator[Bucket]:
    """Cut a span, given in the site's own time, into buckets."""
    step = STEPS[interval]
    first, last = start.timestamp(), end.timestamp()
    if not step:
        edges = list(_calendar(start, end, yearly=interval == "years"))
    elif step >= DAY and days is DaySteps.LOCAL:
        edges = list(_local(start, end, step // DAY))
    else:
        if snapped and step < DAY:
            first -= first % step
        count = -int(-(last - first) // step)
        edges = [first + number * step for number in range(count + 1)]
    for begin, stop in pairwise(edges):
        yield Bucket(begin, max(begin, start.timestamp()), min(stop, last))


def _calendar(start: datetime, end: datetime, *, yearly: bool) -> Iterator[float]:
    year, month = start.year, 1 if yearly else start.month
    while True:
        edge = datetime(year, month, 1, tzinfo=start.tzinfo)
        yield edge.timestamp()
        if edge >= end:
            return
        month += 12 if yearly else 1
        year, month = year + (month - 1) // 12, (month - 1) % 12 + 1


def _local(start: datetime, end: datetime, days: int) -> Iterator[float]:
    edge = start
    yield edge.timestamp()
    while edge.timestamp() < end.timestamp():
        # Adding to an aware time keeps the time of day in its zone.
        edge += timedelta(days=days)
        yield edge.timestamp()
