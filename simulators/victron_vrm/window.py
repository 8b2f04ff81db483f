"""What a site measured in a row of buckets.

Source: VRM API v2 documentation, section installations/stats: energy comes as `[stamp, sum]`, what is
measured as `[stamp, mean, lowest, highest]`, stamps in ms.
"""

from collections.abc import Callable, Sequence
from functools import cached_property

from .buckets import Bucket
from .energy import FLOWS, Instant
from .site import Site
from .weather import STEP

KWH = "kwh"
_SAMPLES = 12
_DIGITS = 7

type Rows = list[list[float]]

_SUMS: dict[str, Callable[[dict[str, float]], float]] = {
    "total_solar_yield": lambda kwh: kwh["Pc"] + kwh["Pb"] + kwh["Pg"],
    "total_consumption": lambda kwh: kwh["Pc"] + kwh["Gc"] + kwh["Bc"] + kwh["gc"],
    "total_genset": lambda kwh: kwh["gc"] + kwh["gb"],
    "grid_history_from": lambda kwh: kwh["Gc"] + kwh["Gb"],
    "grid_history_to": lambda kwh: kwh["Pg"] + kwh["Bg"],
    "dH21": lambda kwh: kwh["Bc"] + kwh["Bg"],
    "dH22": lambda kwh: kwh["Pb"] + kwh["Gb"] + kwh["gb"],
    KWH: lambda kwh: sum(kwh.values()),
}
_MEANS: dict[str, Callable[[Site, Instant], float | None]] = {
    "bs": lambda site, instant: site.percent(instant),
    "bv": lambda site, instant: site.volts(instant) if site.plant.battery_kwh else None,
    "bc": lambda site, instant: (
        instant.battery / site.volts(instant) if site.plant.battery_kwh else None
    ),
    "a1": lambda site, instant: (
        instant.consumption * (1 - site.plant.dc_share) / site.plant.phases if site.flows else None
    ),
    "g1": lambda site, instant: (
        instant.grid / site.plant.phases if site.plant.grid and site.flows else None
    ),
    "Pdc": lambda site, instant: (
        instant.pv * (1 - site.plant.pv_ac_share)
        if site.flows and site.plant.pv_kwp and site.plant.pv_ac_share < 1
        else None
    ),
    "iOI1": lambda site, instant: (
        instant.consumption / 230 / site.plant.phases if site.flows else None
    ),
}
_COUNTED = {"evE", "dYU", "tx", "rx", "gR"}
# A battery monitor counts for itself, also where nothing else is measured.
_OF_BATTERY = {"dH21", "dH22"}


class Window:
    """The readings of a site in some buckets, as far as they are known."""

    def __init__(
        self, site: Site, buckets: Sequence[Bucket], now: float, *, zeros: bool = False
    ) -> None:
        """Look at a site; `zeros`: energy of zero is listed too."""
        self._site = site
        self._buckets = buckets
        self._now = now
        self._zeros = zeros

    def rows(self, code: str) -> Rows:
        """Return the readings of a code; buckets from which nothing is known are left out."""
        if code in FLOWS or code in _SUMS:
            return self._sums(code)
        if code in _COUNTED:
            return self._counted(code)
        if code in _MEANS:
            return self._means(code)
        return []

    @cached_property
    def _energy(self) -> list[tuple[int, dict[str, float]]]:
        """Return stamp and rounded flows of each bucket.

        Sums are made of rounded flows, so that they are the sums of what else is answered.
        """
        found = []
        for stamp, start, end in self._buckets:
            if (flows := self._site.energy(start, end, self._now)) is not None:
                rounded = (round(flow, _DIGITS) for flow in flows)
                found.append((int(stamp * 1000), dict(zip(FLOWS, rounded, strict=True))))
        return found

    def _sums(self, code: str) -> Rows:
        if not self._site.flows and code not in _OF_BATTERY:
            return []
        rows: Rows = []
        for stamp, kwh in self._energy:
            value = kwh[code] if code in kwh else round(_SUMS[code](kwh), _DIGITS)
            if value > 0 or self._zeros:
                rows.append([stamp, value])
        return rows if any(row[1] for row in rows) else []

    def _means(self, code: str) -> Rows:
        rows: Rows = []
        for stamp, start, end in self._buckets:
            values: list[float] = []
            for begin, stop in self._site.known(start, end, self._now):
                pause = max(STEP, (stop - begin) / _SAMPLES)
                moment = begin
                while moment < stop:
                    value = _MEANS[code](self._site, self._site.ledger.at(moment))
                    if value is None:
                        return []
                    values.append(value)
                    moment += pause
            if values:
                trio = sum(values) / len(values), min(values), max(values)
                rows.append([int(stamp * 1000), *(round(value, 4) for value in trio)])
        return rows

    def _counted(self, code: str) -> Rows:
        """Return what was counted by something else than the system."""
        rows: Rows = []
        for stamp, start, end in self._buckets:
            parts = self._site.known(start, end, self._now)
            value = sum(self._count(code, begin, stop) for begin, stop in parts)
            if value:
                rows.append([int(stamp * 1000), round(value, _DIGITS)])
        return rows

    def _count(self, code: str, start: float, end: float) -> float:
        plant, ledger = self._site.plant, self._site.ledger
        if code == "evE":
            return sum(ledger.car_energy(car, start, end) for car in range(plant.cars))
        if code == "dYU":
            made = sum(ledger.energy(start, end)[:3]) if self._site.flows else 0.0
            return made * (1 - plant.pv_ac_share)
        if code == "gR":
            return ledger.generator_seconds(start, end)
        return (end - start) * {"tx": 31.7, "rx": 4.3}[code]


def total(code: str, rows: Rows) -> float:
    """Return the total of some rows: their sum, or their mean where sums have no meaning."""
    value = sum(row[1] for row in rows)
    return round(value / len(rows) if code in _MEANS else value, _DIGITS)
