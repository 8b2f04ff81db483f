"""The heat pump behind the serial line."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
import threading
from zoneinfo import ZoneInfo

from simulators.clock import Clock

from .physics import Plant, Settings
from .points import ALL_POINTS, Kind, Point, Value
from .programs import Slot, all_programs
from .readings import NOT_FITTED, readings
from .stats import HtRestStats

NO_FAULT = 65534

_ZONE = ZoneInfo("Europe/Vienna")
_BOOT = datetime(2000, 1, 1)
_FAULTS = ((NO_FAULT, "Keine Stoerung", _BOOT),
           (65286, "Info: Programmupdate 1", _BOOT),
           (65285, "Info: Initialisiert", _BOOT),
           (19, "EQ_Spreizung", datetime(2014, 9, 14, 2, 8, 56)))  # fmt: skip
_SERIAL_NUMBER = 123456
_TENTHS = 1
_HOT_WATER = 0
_CIRCULATION = 1
_RESET = "Entstoerung"


@dataclass(frozen=True, slots=True)
class FaultEntry:
    """A line of the fault list."""

    index: int
    error: int
    datetime: str
    message: str

    def as_json(self) -> dict[str, int | str]:
        """Return the entry as the API shows it."""
        return asdict(self)


class HeatPump:
    """What the controller keeps; may be used by any thread."""

    def __init__(self, clock: Clock, stats: HtRestStats, seed: int, software: str) -> None:
        """Start with usual settings and readings."""
        self.lock = threading.RLock()
        self.zone = _ZONE
        """Where the pump's clock, which knows no zone, was set."""
        self.serial_number = _SERIAL_NUMBER
        self.software_version = software
        self.absent: set[str] = set()
        """Names of points that this pump does not have."""
        self.refused: set[str] | bool = False
        """Names of settings that keep their value whatever is written; True: all."""
        self.limits: dict[str, tuple[float, float]] = {}
        """Limits of the pump itself; what is beyond them changes nothing."""
        self.fault_lasts = False
        """Whether a fault comes back as soon as it is acknowledged."""
        self.drift = 0.0
        """Seconds per day by which the pump's clock is too fast."""
        self.programs = all_programs()
        self.fault_list: list[FaultEntry] = []
        self._clock = clock
        self._stats = stats
        self._born = clock.monotonic()
        self._offset = 0.0
        self._offset_at = self._born
        self._points = {point.name: point for point in ALL_POINTS}
        self._values = {point.key: point.start for point in ALL_POINTS}
        self._pinned: set[str] = set()
        for error, message, moment in _FAULTS:
            self._append(error, message, moment)
        start = {name: self._values[point.key] for name, point in self._points.items()}
        self._plant = Plant(seed, clock.now().astimezone(self.zone), start)
        self._live = frozenset(readings(self._plant))

    @property
    def live(self) -> frozenset[str]:
        """Return the names of all readings that move by themselves."""
        return self._live

    @property
    def pinned(self) -> frozenset[str]:
        """Return the names of readings that are held."""
        return frozenset(self._pinned)

    def settle(self) -> None:
        """Bring the plant up to the present."""
        with self.lock:
            seconds = self._clock.monotonic() - self._born
            if not self._plant.move(seconds, self._settings()):
                return
            for name, value in readings(self._plant).items():
                if name not in self._pinned and self._get(name) != NOT_FITTED:
                    point = self._points[name]
                    cast = point.cast(value)
                    self._values[point.key] = (
                        round(cast, _TENTHS) if isinstance(cast, float) else cast
                    )

    def has(self, point: Point) -> bool:
        """Return whether this pump has a point."""
        return point.name not in self.absent

    def read(self, point: Point) -> Value:
        """Return the value of a point."""
        with self.lock:
            self.settle()
            return self._values[point.key]

    def write(self, point: Point, value: Value) -> Value:
        """Take a value, or not, and return the one that holds."""
        with self.lock:
            self.settle()
            if self._takes(point, value):
                self._values[point.key] = value
                self._stats.writes.append((point.name, value))
                if point.name == _RESET:
                    self._reset(point)
            return self._values[point.key]

    def _reset(self, point: Point) -> None:
        """Acknowledge a fault, if its cause is gone; the point falls back by itself."""
        self._values[point.key] = False
        if self.fault_lasts or not self._get("Stoerung"):
            return
        self.put("Stoerung", False)
        self._append(NO_FAULT, "Keine Stoerung", self.time())

    def put(self, name: str, value: Value) -> None:
        """Set a value at the pump; a reading is held there."""
        with self.lock:
            self.settle()
            point = self._points[name]
            self._values[point.key] = point.cast(value)
            if name in self._live:
                self._pinned.add(name)

    def let_live(self, name: str) -> None:
        """Let a reading follow the plant again."""
        with self.lock:
            self._pinned.discard(name)
            if self._get(name) == NOT_FITTED:
                self._values[self._points[name].key] = self._points[name].start

    def get(self, name: str) -> Value:
        """Return the present value of a name."""
        return self.read(self._points[name])

    def point(self, name: str) -> Point:
        """Return a point by its name."""
        return self._points[name]

    def time(self) -> datetime:
        """Return what the pump takes for the local time."""
        with self.lock:
            return self.true_time() + timedelta(seconds=self._error())

    def true_time(self) -> datetime:
        """Return the local time, without a zone."""
        return self._clock.wall().astimezone(self.zone).replace(tzinfo=None)

    def set_time(self, moment: datetime) -> None:
        """Set the pump's clock."""
        with self.lock:
            self._offset = (moment - self.true_time()).total_seconds()
            self._offset_at = self._clock.monotonic()
            self._stats.clock_sets.append(moment.isoformat())

    def set_drift(self, seconds_per_day: float) -> None:
        """Let the clock go wrong from now on, without a jump."""
        with self.lock:
            self._offset = self._error()
            self._offset_at = self._clock.monotonic()
            self.drift = seconds_per_day

    def set_clock_error(self, seconds: float) -> None:
        """Let the clock be wrong by so many seconds now."""
        with self.lock:
            self._offset = seconds
            self._offset_at = self._clock.monotonic()

    @property
    def clock_error(self) -> float:
        """Return by how many seconds the clock is ahead."""
        return self._error()

    def _error(self) -> float:
        days = (self._clock.monotonic() - self._offset_at) / 86400.0
        return self._offset + self.drift * days

    def add_fault(self, error: int, message: str) -> FaultEntry:
        """Write a line into the fault list."""
        with self.lock:
            return self._append(error, message, self.time())

    def clear_fault_list(self) -> None:
        """Empty the fault list."""
        with self.lock:
            self.fault_list.clear()

    def put_slot(self, program: int, day: int, number: int, slot: Slot) -> Slot:
        """Take a slot of a time program, or not, and return the one that holds."""
        with self.lock:
            if self.refused is not True and self.programs[program].put(day, number, slot):
                self._stats.slot_writes.append((program, day, number))
            return self.programs[program].days[day][number]

    def _append(self, error: int, message: str, moment: datetime) -> FaultEntry:
        entry = FaultEntry(
            len(self.fault_list), error, moment.isoformat(timespec="seconds"), message
        )
        self.fault_list.append(entry)
        return entry

    def _get(self, name: str) -> Value:
        return self._values[self._points[name].key]

    def _takes(self, point: Point, value: Value) -> bool:
        if point.kind is Kind.MEASURED or point.name in self._live or self.refused is True:
            return False
        if isinstance(self.refused, set) and point.name in self.refused:
            return False
        low, high = self.limits.get(point.name, (float("-inf"), float("inf")))
        return low <= value <= high

    def _settings(self) -> Settings:
        def number(name: str) -> float:
            return float(self._get(name))

        return Settings(
            mode=int(number("Betriebsart")),
            room=number("HKR Soll_Raum"),
            boost=number("HKR Aufheiztemp. (K)"),
            setback=number("HKR Absenktemp. (K)"),
            limit=number("HKR Heizgrenze"),
            curve=(
                number("HKR RLT Soll_oHG (Heizkurve)"),
                number("HKR RLT Soll_0 (Heizkurve)"),
                number("HKR RLT Soll_uHG (Heizkurve)"),
            ),
            tank=number("WW Normaltemp."),
            tank_hysteresis=number("WW Hysterese Normaltemp."),
            tank_minimum=number("WW Minimaltemp."),
            minimum_hysteresis=number("WW Hysterese Minimaltemp."),
            cooling_limit=number("Kuehlgrenze"),
            warms=self.programs[_HOT_WATER].runs_at,
            circulates=self.programs[_CIRCULATION].runs_at,
        )
