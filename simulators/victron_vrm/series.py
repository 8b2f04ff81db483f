"""Energy readings: `stats` and `overallstats`.

Source: VRM API v2 documentation, sections installations/stats and installations/overallstats. What
each type lists is partly a guess, so are: 400 for a span that is too long, `generator-runtime` in
seconds, that hours in which a flow is zero are left out (public importers fill them), the windows of
`overallstats` (the site's own calendar), and two shapes of `show_instance`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .buckets import Bucket, check, cut
from .devices import DeviceType
from .energy import FLOWS
from .errors import invalid, not_found
from .forecast import FORECASTS, forecast
from .site import Site
from .styles import Empty, SiteKind
from .weather import DAY
from .window import KWH, Rows, Window, total

if TYPE_CHECKING:
    from .simulator import VrmSimulator

TYPES: dict[str, tuple[str, ...]] = {
    "venus": ("bv", "bs", "bc", "a1", "g1", "Pdc", "iOI1"),
    "live_feed": (
        *("bs", "bv", "Pdc", "iOI1", "total_solar_yield", "total_consumption", "total_genset"),
        *("grid_history_from", "grid_history_to"),
    ),
    "consumption": ("Pc", "Bc", "Gc", "gc"),
    "solar_yield": ("Pc", "Pb", "Pg"),
    KWH: (*FLOWS, KWH),
    "live_feed_kwh": (*FLOWS, KWH),
    "generator": ("gc", "gb"),
    "generator-runtime": ("gR",),
    "custom": (),
    "forecast": FORECASTS[:2],
    "evcs": ("evE",),
    "dynamic_ess": (),
}


@dataclass(frozen=True, slots=True)
class Query:
    """What somebody wants to know."""

    type: str
    interval: str
    start: float
    end: float
    codes: tuple[str, ...]
    """Empty: the usual ones of the type."""
    by_instance: bool = False


class Series:
    """Answers questions about energy."""

    def __init__(self, simulator: VrmSimulator) -> None:
        """Answer for a simulator."""
        self._simulator = simulator

    def stats(self, site: Site, query: Query) -> dict[str, Any]:
        """Return the answer to `stats`."""
        if query.type not in TYPES:
            raise invalid(type=f"The type must be one of: {', '.join(TYPES)}")
        check(query.start, query.end, query.interval)
        codes = query.codes or TYPES[query.type]
        now = self._simulator.now
        window = Window(site, self._buckets(site, query), now, zeros=self._simulator.zeros_listed)
        listed = dict.fromkeys((*codes, *(TYPES[KWH] if query.type == KWH else ())))
        found = {code: window.rows(code) for code in listed}
        expected = [code for code in codes if code in FORECASTS]
        found |= forecast(site, query.start, query.end, now, expected)
        totals: dict[str, float | bool] = {
            code: total(code, rows) for code, rows in found.items() if rows
        }
        if query.type != KWH:
            totals = {code: totals.get(code, False) for code in codes}
        records = {code: found.get(code) or False for code in codes}
        return {"success": True} | self._shaped(site, query, records, totals)

    def overall(self, site: Site, kind: str, codes: Sequence[str]) -> dict[str, Any]:
        """Return the answer to `overallstats`."""
        if site.kind is SiteKind.BATTERY_ONLY:
            raise not_found("No overall statistics for this installation")
        if kind not in TYPES:
            raise invalid(type=f"The type must be one of: {', '.join(TYPES)}")
        now = self._simulator.now
        today = site.local(site.midnight(now))
        starts = {
            "today": today.timestamp(),
            "week": site.midnight(today.timestamp() - today.weekday() * DAY + DAY / 2),
            "month": today.replace(day=1).timestamp(),
            "year": today.replace(month=1, day=1).timestamp(),
        }
        wanted = tuple(codes) or TYPES[kind]
        records: dict[str, Any] = {}
        for window, start in starts.items():
            whole = Window(site, [Bucket(start, start, now)], now)
            rows = {code: whole.rows(code) for code in wanted}
            totals = {code: total(code, row) if row else False for code, row in rows.items()}
            parts = {code: value for code, value in totals.items() if code != KWH and value}
            everything = sum(parts.values())
            records[window] = {
                "totals": totals or [],
                "percentages": {c: round(100 * part / everything) for c, part in parts.items()}
                or [],
            }
        return {"success": True, "records": records}

    def _buckets(self, site: Site, query: Query) -> list[Bucket]:
        simulator = self._simulator
        cuts = cut(
            site.local(query.start),
            site.local(min(query.end, simulator.now)),
            query.interval,
            simulator.day_steps,
            snapped=simulator.snapped_hours,
        )
        return list(cuts)

    def _shaped(
        self,
        site: Site,
        query: Query,
        records: dict[str, Rows | bool],
        totals: dict[str, float | bool],
    ) -> dict[str, Any]:
        """Write the records as the API does, empty ones above all."""
        simulator = self._simulator
        nothing = not any(records.values())
        style = simulator.empty
        if nothing and style is Empty.FALSE and query.end <= site.created:
            style = Empty.LIST
        if not records or (nothing and style is not Empty.FALSE):
            empty: Any = {} if style is Empty.OBJECT else []
            return {"records": empty, "totals": empty}
        if not query.by_instance:
            return {"records": records, "totals": totals or []}
        parts: dict[str, Any] = {}
        for code, rows in records.items():
            part = {"instance": _instance(site, code), "stats": rows}
            parts[code] = rows and ({"0": part} if simulator.instances_as_object else [part])
        return {"records": parts, "totals": totals or []}


def _instance(site: Site, code: str) -> int:
    types = {"evE": DeviceType.EV_CHARGER, "dYU": DeviceType.SOLAR_CHARGER}
    types |= {"dH21": DeviceType.BATTERY, "dH22": DeviceType.BATTERY}
    wanted = types.get(code)
    return next((device.instance for device in site.devices if device.type is wanted), 0)
