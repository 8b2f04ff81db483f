"""An account to try things with: answers of a simulated cloud, frozen into a file. No network.

The file holds a week that ends as it begins, so it repeats for ever: what changes is kept by the
hour, and what lies between two hours is drawn as a line. scripts/freeze_vrm_demo.py makes it.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from typing import Any, Final, override

import aiohttp
import orjson

from .api import VrmClient
from .budget import Budget, Priority
from .clock import CLOCK
from .errors import VrmNotFoundError
from .models import Interval
from .transport import Query, Transport

FILE: Final = Path(__file__).with_name("demo_account.json")
ADDRESS: Final = "http://demo.invalid"
STATS: Final = ("installations", "stats")
HOUR: Final = 3600
HOURS: Final = 7 * 24
WEEK: Final = HOURS * HOUR
NOW: Final = "now"
"""Stands for the moment of the last log."""
# Keys under which moments stand, in seconds.
MOMENTS: Final = frozenset(
    {
        *("timestamp", "last_timestamp", "last_location_timestamp", "lastConnection"),
        *("lastPowerUpOrRestart", "started", "cleared", "syscreated"),
    }
)
WIDTHS: Final[Mapping[str, int]] = {
    Interval.QUARTERS: HOUR // 4,
    Interval.HOURS: HOUR,
    Interval.TWO_HOURS: 2 * HOUR,
    Interval.DAYS: 24 * HOUR,
    Interval.WEEKS: WEEK,
}
# Days that lead from the first of a month or a year into the next one.
LONGEST: Final[Mapping[str, int]] = {Interval.MONTHS: 31, Interval.YEARS: 366}
DIGITS: Final = 7

type Values = list[Any]


def demo_client(session: aiohttp.ClientSession) -> VrmClient:
    """Return a client of the demo account; reads a file."""
    client = VrmClient(session, ADDRESS, "", Budget())
    client.transport = DemoTransport(session, orjson.loads(FILE.read_bytes()))
    return client


class DemoTransport(Transport):
    """Answers from what was frozen."""

    def __init__(self, session: aiohttp.ClientSession, frozen: dict[str, Any]) -> None:
        """Take what the file holds."""
        super().__init__(session, ADDRESS, "", Budget())
        self._begun: int = frozen["begun"]
        self._interval: int = frozen["interval"]
        self._answers: dict[str, Any] = frozen["answers"]
        self._live: dict[str, dict[str, dict[str, Values]]] = frozen["live"]
        self._hours: dict[str, dict[str, dict[str, list[float]]]] = frozen["hours"]

    @override
    async def send(
        self,
        method: str,
        path: str,
        *,
        query: Query = (),
        body: Any = None,
        priority: Priority = Priority.USER,
    ) -> dict[str, Any]:
        """Return what the cloud would say; nothing can be changed."""
        self.last_success = datetime.now(UTC)
        log = CLOCK.time() // self._interval * self._interval
        kind, _, rest = path.partition("/")
        site, _, name = rest.partition("/")
        if method == "GET" and (kind, name) == STATS and site in self._hours:
            return self._stats(site, list(query), log)
        if method != "GET" or path not in self._answers:
            raise VrmNotFoundError("404")
        answer: dict[str, Any] = self._thawed(self._answers[path], log, {})
        return answer

    def _thawed(self, node: Any, log: float, live: Mapping[str, dict[str, Values]]) -> Any:
        """Return an answer with its moments, and the values that change."""
        if isinstance(node, list):
            return [self._thawed(it, log, live) for it in node]
        if not isinstance(node, dict):
            return node
        live = self._live[str(node["idSite"])] if "idSite" in node else live
        new = {
            key: self._moment(it, log) if key in MOMENTS else self._thawed(it, log, live)
            for key, it in node.items()
        }
        if series := live.get(node.get("code", "")):
            value_at = _line if _is_measured(node) else _step
            cells = new.get("instances") or {str(new.get("instance") or 0): new}
            for instance, cell in cells.items():
                if instance in series:
                    cell["rawValue"] = value_at(series[instance], (log - self._begun) / HOUR)
        return new

    def _moment(self, value: Any, log: float) -> Any:
        """Return a moment: of the last log, or so many weeks later that it is the last such one."""
        if value == NOW:
            return log
        if isinstance(value, bool) or not isinstance(value, int):
            return value
        moved = value + (log - self._begun) // WEEK * WEEK
        return moved if moved <= log else moved - WEEK

    def _stats(self, site: str, query: list[tuple[str, str]], log: float) -> dict[str, Any]:
        """Return time series; of all kinds that there are, energy and the forecast are frozen."""
        told = dict(query)
        codes = {value for key, value in query if key == "attributeCodes[]"}
        kind, start, end = told["type"], float(told["start"]), float(told["end"])
        if kind != "forecast":
            end = min(end, log)
        records, totals = {}, {}
        for code, values in self._hours[site].get(kind, {}).items():
            if not codes or code in codes:
                sum_at = _sums(values, self._begun)
                totals[code] = round(sum_at(end) - sum_at(start), DIGITS) if end > start else 0.0
                records[code] = [
                    [begin * 1000, round(sum_at(stop) - sum_at(begin), DIGITS)]
                    for begin, stop in _buckets(start, end, told["interval"])
                ]
        return {"success": True, "records": records, "totals": totals}


def _is_measured(row: Mapping[str, Any]) -> bool:
    """Return whether values between two others can be drawn as a line."""
    form = row.get("formatWithUnit", "")
    return "dataAttributeEnumValues" not in row and form.startswith("%.") and "kWh" not in form


def _step(values: Values, hours: float) -> Any:
    """Return a value of a week that repeats; a counter also holds where the week leads to."""
    weeks, hour = divmod(int(hours), HOURS)
    if len(values) == HOURS:
        return values[hour]
    return round(values[hour] + weeks * (values[-1] - values[0]), DIGITS)


def _line(values: Values, hours: float) -> Any:
    """Return a value between two others, with as many decimals as they have."""
    before, after = _step(values, hours), _step(values, hours + 1)
    if isinstance(before, str):
        return before
    decimals = max(len(str(it).partition(".")[2]) for it in (before, after))
    return round(before + (after - before) * (hours % 1), decimals)


def _sums(values: list[float], begun: int) -> Callable[[float], float]:
    """Return a function of a moment: what has flowed since the week was frozen."""
    sums = [0.0, *accumulate(values)]

    def sum_at(moment: float) -> float:
        weeks, seconds = divmod(moment - begun, WEEK)
        hour, rest = divmod(seconds, HOUR)
        return weeks * sums[-1] + sums[int(hour)] + values[int(hour)] * rest / HOUR

    return sum_at


def _buckets(start: float, end: float, interval: str) -> Iterator[tuple[float, float]]:
    """Yield where buckets begin and end."""
    while start < end:
        stop = min(end, _next(start, interval))
        yield start, stop
        start = stop


def _next(start: float, interval: str) -> float:
    """Return where a bucket ends: months and years do as the calendar says."""
    if interval in WIDTHS:
        return start + WIDTHS[interval]
    first = datetime.fromtimestamp(start, UTC).replace(day=1, hour=0, minute=0, second=0)
    if interval == Interval.YEARS:
        first = first.replace(month=1)
    return (first + timedelta(days=LONGEST[interval])).replace(day=1).timestamp()
