"""One site: where it stands, what is connected, and what has arrived from it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from math import inf
from random import Random
from zoneinfo import ZoneInfo

from .devices import Device
from .energy import FLOWS, Flows, Instant, Ledger, plus
from .plants import PLANTS, Plant
from .styles import SiteKind
from .weather import Place


@dataclass(slots=True)
class Gap:
    """A time in which nothing came from a site."""

    start: float
    end: float = inf
    arrives: float = inf
    """When the readings of this time are known after all."""


@dataclass(slots=True)
class Hold:
    """A value that somebody has set; it shows from the next log on."""

    value: float | str | None
    since: float
    until: float = inf


@dataclass(slots=True)
class Alarm:
    """Something that is wrong, or was."""

    id: int
    code: str
    device: Device
    description: str
    started: float
    ended: float | None = None


@dataclass(slots=True)
class Tag:
    """A word that sticks to a site."""

    id: int
    name: str
    source: str
    automatic: bool


@dataclass(slots=True, eq=False)
class Site:
    """A site."""

    id: int
    kind: SiteKind
    name: str
    owner_id: int
    seed: str
    zone: ZoneInfo
    latitude: float | None
    longitude: float | None
    interval: int
    """Seconds between two logs."""
    created: int
    booted: float
    access_level: int = 1
    location_shown: bool = True
    devices: list[Device] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    alarms: list[Alarm] = field(default_factory=list)
    tags: list[Tag] = field(default_factory=list)
    held: dict[tuple[str, int | None], Hold] = field(default_factory=dict)
    """Values that somebody has set, by code and instance; instance None: all."""
    places: list[tuple[float, float, float]] = field(default_factory=list)
    """Where somebody has put it, and when: moment, latitude, longitude."""
    favorite: bool = False
    forecast: bool = True
    plant: Plant = field(init=False)
    phase: int = field(init=False)
    ledger: Ledger = field(init=False)
    identifier: str = field(init=False)

    def __post_init__(self) -> None:
        """Build the plant."""
        random = Random(f"vrm:site:{self.seed}")  # noqa: S311
        self.plant = PLANTS[self.kind]
        self.phase = random.randrange(self.interval)
        self.identifier = f"{random.getrandbits(48):012x}"
        place = Place(self.latitude or 0.0, self.longitude or 0.0, self.zone)
        self.ledger = Ledger(self.plant, place, self.seed, self.created)

    @property
    def diagnostics_allowed(self) -> bool:
        """Return whether the user sees more than the overview."""
        return self.access_level > 0

    @property
    def flows(self) -> tuple[str, ...]:
        """Return the codes of the flows that there can be."""
        if self.kind is SiteKind.BATTERY_ONLY:
            return ()
        plant = self.plant
        sources = {
            "P": plant.pv_kwp > 0,
            "G": plant.grid,
            "B": plant.battery_kwh > 0,
            "g": plant.generator_kw > 0,
        }
        sinks = {"c": True, "b": plant.battery_kwh > 0, "g": plant.grid and plant.feed_in}
        return tuple(code for code in FLOWS if sources[code[0]] and sinks[code[1]])

    def percent(self, instant: Instant) -> float | None:
        """Return how full the battery is; None: there is none."""
        capacity = self.plant.battery_kwh
        return round(instant.stored / capacity * 100, 1) if capacity else None

    def volts(self, instant: Instant) -> float:
        """Return the voltage of the battery: higher when full, and while it is charged."""
        plant = self.plant
        full = instant.stored / (plant.battery_kwh or 1)
        load = instant.battery / 1000 / (plant.battery_kwh or 1)
        return round(plant.battery_volts * (0.985 + 0.045 * full + 0.02 * load), 2)

    def local(self, moment: float) -> datetime:
        """Return a moment in the site's own time."""
        return datetime.fromtimestamp(moment, UTC).astimezone(self.zone)

    def midnight(self, moment: float) -> float:
        """Return when the local day of a moment began."""
        day = self.local(moment)
        return day.replace(hour=0, minute=0, second=0, microsecond=0).timestamp()

    def logged(self, now: float) -> int:
        """Return when the site was last heard of."""
        log = self._log_before(now)
        for gap in reversed(self.gaps):
            if gap.start < log < gap.end:
                log = self._log_before(gap.start)
        return log

    def online(self, now: float) -> bool:
        """Return whether the site is heard of at present."""
        return not any(gap.start <= now < gap.end for gap in self.gaps)

    def known(self, start: float, end: float, now: float) -> Iterator[tuple[float, float]]:
        """Return the parts of a span from which readings have arrived."""
        start, end = max(start, self.created), min(end, self.logged(now))
        for gap in self.gaps:
            if gap.arrives <= now or gap.end <= start or gap.start >= end:
                continue
            if gap.start > start:
                yield start, gap.start
            start = max(start, gap.end)
        if start < end:
            yield start, end

    def energy(self, start: float, end: float, now: float) -> Flows | None:
        """Return the flows of a span in kWh as far as they are known; None: nothing is."""
        totals: Flows | None = None
        for begin, stop in self.known(start, end, now):
            part = self.ledger.energy(begin, stop)
            totals = part if totals is None else plus(totals, part)
        return totals

    def cut_off(self, start: float, seconds: float | None, delay: float | None) -> Gap:
        """Let nothing come from the site for a while; what it logged comes `delay` later."""
        end = inf if seconds is None else start + seconds
        gap = Gap(start, end, inf if delay is None else end + delay)
        self.gaps.append(gap)
        self.gaps.sort(key=lambda known: known.start)
        return gap

    def reconnect(self, now: float, delay: float | None) -> None:
        """Let it be heard of again; what it logged meanwhile comes `delay` later, or never."""
        for gap in self.gaps:
            if gap.start <= now < gap.end:
                gap.end = now
                gap.arrives = inf if delay is None else now + delay

    def deliver(self, now: float) -> None:
        """Let everything arrive that was logged while the site was not heard of."""
        for gap in self.gaps:
            if gap.end <= now:
                gap.arrives = min(gap.arrives, now)

    def _log_before(self, moment: float) -> int:
        return int((moment - self.phase) // self.interval) * self.interval + self.phase
