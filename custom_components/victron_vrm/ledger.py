"""What has flowed at a site since it exists: hours that may still change, and a sum of all others.

VRM fills hours in later: the gateway keeps what it could not send, and nobody can tell when all has
come. So the last two days are read again and again, and after a silence all of that.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Self

from .flows import FLOWS, PARTS, Counter, counted
from .models import Series

HOUR: Final = 3600
OPEN: Final = 48 * HOUR
"""For so long an hour may still change."""

type Hours = dict[int, dict[str, float]]
"""Flows in kWh by the start of their hour, in seconds since 1970."""


def hour_of(moment: float) -> int:
    """Return the start of an hour; recorders count full hours of UTC."""
    return int(moment // HOUR) * HOUR


def hours_of(series: Mapping[str, Series]) -> Hours:
    """Return flows by the hour."""
    hours: Hours = {}
    for code in FLOWS:
        for start, value in series.get(code, ()):
            flows = hours.setdefault(hour_of(start), {})
            flows[code] = flows.get(code, 0.0) + value
    return hours


@dataclass(frozen=True, slots=True)
class Row:
    """An hour of a counter: when it began, what flowed in it, and what had flowed at its end."""

    start: int
    change: float
    total: float


@dataclass(slots=True)
class Ledger:
    """The flows of one site, in kWh."""

    settled_until: int
    """Hours before this one are part of `base`; from here on the cloud is asked again."""
    base: dict[str, float] = field(default_factory=dict)
    hours: Hours = field(default_factory=dict)
    gaps: list[tuple[int, float]] = field(default_factory=list)
    """The hours in which silences of the site began, and when it was heard again."""

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> Self:
        """Return what was stored."""
        return cls(
            raw["settled_until"],
            dict(raw["base"]),
            {int(start): dict(flows) for start, flows in raw["hours"].items()},
            [(begun, heard) for begun, heard in raw["gaps"]],
        )

    def as_dict(self) -> dict[str, Any]:
        """Return what has to be stored."""
        return {
            "settled_until": self.settled_until,
            "base": self.base,
            "hours": {str(start): flows for start, flows in self.hours.items()},
            "gaps": [list(gap) for gap in self.gaps],
        }

    @property
    def counters(self) -> frozenset[Counter]:
        """What has ever been counted; a site without a grid has no import."""
        seen = set(self.base).union(*self.hours.values())
        return frozenset(it for it in Counter if seen & set(PARTS[it]))

    def total(self, counter: Counter) -> float:
        """Return what a counter shows."""
        return counted(counter, self.base) + sum(
            counted(counter, flows) for flows in self.hours.values()
        )

    def since(self, counter: Counter, start: float) -> float:
        """Return what was counted from a moment on, which must not be older than the open hours."""
        return sum(counted(counter, it) for at, it in self.hours.items() if at >= hour_of(start))

    def rows(self, counter: Counter, until: float) -> list[Row]:
        """Return the open hours that have ended by a moment, without holes."""
        if not self.hours:
            return []
        rows: list[Row] = []
        total = counted(counter, self.base)
        for start in range(self.settled_until, hour_of(until), HOUR):
            change = counted(counter, self.hours.get(start, {}))
            total += change
            rows.append(Row(start, change, total))
        return rows

    # What is heard

    def heard(self, last_log: float, before: float | None) -> None:
        """Note when the site was heard, and when before that: what it kept comes later."""
        if before is not None and last_log - before > HOUR:
            self.gaps.append((hour_of(before), last_log))

    def take(self, hours: Hours) -> None:
        """Take in hours as the cloud now shows them; what it does not list any more has flowed."""
        self.hours |= {
            start: self.hours.get(start, {}) | it
            for start, it in hours.items()
            if start >= self.settled_until
        }

    def settle(self, now: float, last_log: float | None) -> None:
        """Close hours that will not change any more; those of a silence are still to come."""
        until = min(hour_of(now) - OPEN, hour_of(last_log) if last_log else hour_of(now))
        self.gaps = [gap for gap in self.gaps if now - gap[1] <= OPEN]
        until = min([until, *(begun for begun, _ in self.gaps)])
        for start in sorted(it for it in self.hours if it < until):
            for code, value in self.hours.pop(start).items():
                self.base[code] = self.base.get(code, 0.0) + value
        self.settled_until = max(self.settled_until, until)


def spans(start: float, end: float, longest: float) -> Iterable[tuple[float, float]]:
    """Yield a span in pieces that one request may ask for."""
    while start < end:
        yield start, min(end, start + longest)
        start += longest
