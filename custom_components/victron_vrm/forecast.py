"""What VRM expects the sun to yield, and the house to use."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final

from .models import Series, Stats

SOLAR: Final = "solar_yield_forecast"
CONSUMPTION: Final = "vrm_consumption_fc"
DAYS_AHEAD: Final = 6
HOUR: Final = 3600


def midnight(day: date, zone: tzinfo) -> float:
    """Return when a day begins at a site, in seconds since 1970."""
    return datetime.combine(day, time(), zone).timestamp()


@dataclass(frozen=True, slots=True)
class Outlook:
    """Energy in Wh by the hour, in the site's days; some have 23 or 25 hours."""

    hours: Mapping[int, float] = field(default_factory=dict)

    @classmethod
    def of(cls, series: Series) -> Outlook | None:
        """Return the outlook of a series, None if there is none."""
        return cls({int(start): value for start, value in series}) if series else None

    def between(self, start: float, end: float) -> float | None:
        """Return the energy between two moments; hours that they cut count in part."""
        if not any(start <= it < end for it in self.hours) and not self._around(start):
            return None
        return sum(
            value * max(0.0, min(it + HOUR, end) - max(it, start)) / HOUR
            for it, value in self.hours.items()
        )

    def _around(self, moment: float) -> bool:
        return any(it <= moment < it + HOUR for it in self.hours)

    def day(self, now: float, zone: tzinfo, ahead: int = 0) -> float | None:
        """Return the energy of a day: of today, or of one ahead."""
        return self.between(*_day(now, zone, ahead))

    def rest_of_day(self, now: float, zone: tzinfo) -> float | None:
        """Return the energy from now until midnight."""
        return self.between(now, _day(now, zone, 0)[1])

    def next_hour(self, now: float) -> float | None:
        """Return the energy of the next full hour."""
        start = now // HOUR * HOUR + HOUR
        return self.between(start, start + HOUR)

    def peak(self, now: float, zone: tzinfo, ahead: int = 0) -> datetime | None:
        """Return when the best hour of a day begins; without any energy there is none."""
        start, end = _day(now, zone, ahead)
        best = max(
            (it for it in self.hours if start <= it < end),
            key=lambda it: self.hours[it],
            default=None,
        )
        if best is None or self.hours[best] <= 0:
            return None
        return datetime.fromtimestamp(best, UTC)


@dataclass(frozen=True, slots=True)
class Forecast:
    """What is expected of a site."""

    solar: Outlook | None = None
    consumption: Outlook | None = None

    def updated(self, stats: Stats, since: float) -> Forecast:
        """Return the forecast from a moment on, as an answer now holds it."""
        return Forecast(
            _updated(self.solar, stats.series.get(SOLAR, ()), since),
            _updated(self.consumption, stats.series.get(CONSUMPTION, ()), since),
        )


def _updated(known: Outlook | None, series: Series, since: float) -> Outlook | None:
    """Return what a series holds; of hours that it lacks what was known: they are not empty."""
    if (found := Outlook.of(series)) is None or known is None:
        return found
    kept = {at: it for at, it in known.hours.items() if at >= since}
    return Outlook({**kept, **found.hours})


def _day(now: float, zone: tzinfo, ahead: int) -> tuple[float, float]:
    day = datetime.fromtimestamp(now, zone).date() + timedelta(days=ahead)
    return midnight(day, zone), midnight(day + timedelta(days=1), zone)
