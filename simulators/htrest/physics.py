"""A house with a brine heat pump; it moves in steps of half a minute."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
import math
from random import Random
import zlib

from .points import Value

STEP = 30.0

_DAY = 86400.0
_YEAR_DAYS = 365.25
_COLDEST_DAY = 25
_WARMEST_HOUR = 15.0
_DELAY_SECONDS = 3 * 3600.0
_MIN_PAUSE = 600.0
_MIN_RUN = 300.0
_TANK_K_PER_H = 20.0
_TANK_LOSS_K_PER_H = 0.25
_DRAW_K_PER_STEP = 0.16
_HEAT_WATT = 7600.0
_HYSTERESIS = 2.0
_ROOM_NEUTRAL = 21.5

OFF, AUTOMATIC, COOLING, SUMMER, CONTINUOUS, SETBACK, HOLIDAY, PARTY = range(8)
DEMAND_NONE, DEMAND_COOLING, DEMAND_HEATING, DEMAND_HOT_WATER = 0, 1, 2, 3

# Share of the time in which hot water is drawn, by hour of the day, in sixtieths.
_DRAWS = (0, 0, 0, 0, 0, 1, 8, 10, 4, 1, 1, 2, 3, 1, 1, 1, 1, 2, 5, 7, 6, 4, 2, 1)


@dataclass(slots=True)
class Settings:
    """What the owner has set, as far as the plant obeys it."""

    mode: int
    room: float
    boost: float
    setback: float
    limit: float
    curve: tuple[float, float, float]
    """Return temperature wanted at the heating limit, at 0 and at -15 degrees outside."""
    tank: float
    tank_hysteresis: float
    tank_minimum: float
    """What the tank is held at outside its time program."""
    minimum_hysteresis: float
    cooling_limit: float
    warms: Callable[[datetime], bool]
    """Whether the time program wants hot water at a moment."""
    circulates: Callable[[datetime], bool]
    """Whether the circulation pump is to run at a moment."""


class Weather:
    """Deterministic weather of a seed, which starts at a given temperature."""

    def __init__(self, seed: int, moment: datetime, celsius: float) -> None:
        """Make up the phases of the longer waves."""
        self._seed = seed
        random = Random(f"heliotherm:{seed}")  # noqa: S311
        self._phases = [random.uniform(0.0, 2 * math.pi) for _ in range(2)]
        self._shift = celsius - self._raw(moment)

    def outdoor(self, moment: datetime) -> float:
        """Return the outdoor temperature: season, day, and waves of some days."""
        return self._raw(moment) + self._shift

    def _raw(self, moment: datetime) -> float:
        days = moment.timestamp() / _DAY
        season = -9.0 * math.cos(
            2 * math.pi * (moment.timetuple().tm_yday - _COLDEST_DAY) / _YEAR_DAYS
        )
        hour = moment.hour + moment.minute / 60.0
        daily = 3.5 * math.cos(2 * math.pi * (hour - _WARMEST_HOUR) / 24.0)
        first, second = self._phases
        return season + daily + 1.8 * math.sin(days / 0.9 + first) + math.sin(days / 0.31 + second)

    def draws(self, moment: datetime) -> bool:
        """Return whether somebody draws hot water."""
        half_minute = int(moment.timestamp() // STEP)
        chance = zlib.crc32(f"{self._seed}:{half_minute}".encode()) / 0xFFFFFFFF
        return chance < _DRAWS[moment.hour] / 60.0


class Plant:
    """The plant; its temperatures and meters go on from where the readings stand."""

    def __init__(self, seed: int, start: datetime, readings: dict[str, Value]) -> None:
        """Start with the given readings."""
        self._start = start
        self._steps = 0
        self.weather = Weather(seed, start, float(readings["Temp. Aussen"]))
        self.outdoor = float(readings["Temp. Aussen"])
        self.damped = float(readings["Temp. Aussen verzoegert"])
        self.tank = float(readings["Temp. Brauchwasser"])
        self.flow = float(readings["Temp. Vorlauf"])
        self.back = float(readings["Temp. Ruecklauf"])
        self.target = float(readings["HKR_Sollwert"])
        self.demand = int(readings["Verdichteranforderung"])
        self.runs = bool(readings["Verdichter"])
        self.since = float(readings["Verdichter laeuft seit"])
        self.pumping = bool(readings["Heizkreispumpe"])
        self._for_tank = self.runs and self.demand == DEMAND_HOT_WATER
        self.drawing = False
        self.circulating = False
        self.counters = {name: float(value) for name, value in readings.items() if _counts(name)}

    @property
    def now(self) -> datetime:
        """Return the moment up to which the plant has moved."""
        return self._start + timedelta(seconds=self._steps * STEP)

    @property
    def hot_gas(self) -> float:
        """Return the temperature behind the compressor."""
        return self.flow + (30.5 if self.runs else 4.0)

    @property
    def source(self) -> float:
        """Return the temperature of the brine that comes in."""
        return 6.1 + 0.08 * (self.damped - 4.8)

    @property
    def power(self) -> float:
        """Return the electric power in W."""
        return _HEAT_WATT / self.efficiency if self.runs else 12.0

    @property
    def efficiency(self) -> float:
        """Return heat by electric power while the compressor runs."""
        lift = max(15.0, self.flow + 3.0 - self.source)
        return min(6.0, 0.38 * (self.flow + 276.0) / lift)

    def move(self, seconds: float, settings: Settings) -> bool:
        """Move to so many seconds after the start; return whether anything has moved."""
        target = int(seconds // STEP)
        moved = target > self._steps
        while self._steps < target:
            self._steps += 1
            self._step(settings)
        return moved

    def _step(self, settings: Settings) -> None:
        moment = self.now
        self.outdoor = self.weather.outdoor(moment)
        self.damped += (self.outdoor - self.damped) * STEP / _DELAY_SECONDS
        self.drawing = self.weather.draws(moment)
        self.circulating = settings.circulates(moment)
        self._decide(settings)
        self._temperatures()
        self._count()

    def _decide(self, settings: Settings) -> None:
        """Decide what is wanted, and whether the compressor runs for it."""
        heats = settings.mode in {AUTOMATIC, CONTINUOUS, SETBACK, HOLIDAY, PARTY}
        cold = heats and self.damped < settings.limit
        self.target = _curve(self.damped, settings) if cold else 0.0
        self.pumping = cold or settings.mode == COOLING
        demand = DEMAND_NONE
        busy = self.runs and self.demand == DEMAND_HOT_WATER
        if settings.warms(self.now):
            wanted_tank, hysteresis = settings.tank, settings.tank_hysteresis
        else:
            wanted_tank, hysteresis = settings.tank_minimum, settings.minimum_hysteresis
        low = wanted_tank - (0.0 if busy else hysteresis)
        if settings.mode != OFF and self.tank < low:
            demand = DEMAND_HOT_WATER
        elif cold:
            edge = _HYSTERESIS if self.runs and self.demand == DEMAND_HEATING else -_HYSTERESIS
            if self.back < self.target + edge:
                demand = DEMAND_HEATING
        elif settings.mode == COOLING and self.outdoor > settings.cooling_limit:
            demand = DEMAND_COOLING
        wanted = demand != DEMAND_NONE
        self.since += STEP
        if wanted != self.runs and self.since >= (_MIN_PAUSE if wanted else _MIN_RUN):
            self.runs = wanted
            self.since = 0.0
            if wanted:
                self.counters["BSZ Verdichter Schaltungen"] += 1
                self.counters["BSZ EQ Schaltungen"] += 1
        tank = self.runs and demand == DEMAND_HOT_WATER
        if tank and not self._for_tank:
            self.counters["BSZ Verdichter Schaltung WW"] += 1
            self.counters["BSZ WWV Schaltungen"] += 1
        self._for_tank = tank
        self.demand = demand

    def _temperatures(self) -> None:
        tank = self.runs and self.demand == DEMAND_HOT_WATER
        share = STEP / 3600.0
        self.tank -= _TANK_LOSS_K_PER_H * share + (_DRAW_K_PER_STEP if self.drawing else 0.0)
        self.tank += _TANK_K_PER_H * share if tank else 0.0
        self.tank = max(self.tank, 12.0)
        heating = self.runs and self.demand == DEMAND_HEATING
        cooling = self.runs and self.demand == DEMAND_COOLING
        house = 21.0 + max(0.0, 17.0 - self.outdoor) * 0.1
        if heating:
            self.back += 4.0 * share * 2
        elif cooling:
            self.back = max(17.0, self.back - 4.0 * share)
        else:
            self.back += (house - self.back) * share * 0.6
        spread = 5.0 if heating else -3.0 if cooling else 0.2
        wanted = max(self.tank + 4.0, self.back) if tank else self.back + spread
        self.flow += (wanted - self.flow) * 0.35

    def _count(self) -> None:
        hours = STEP / 3600.0
        tank = self.runs and self.demand == DEMAND_HOT_WATER
        ticking = {"BSZ HKP Betriebsstunden": self.pumping,
                   "BSZ EQ Betriebsstunden": self.runs,
                   "BSZ WWV Betriebsstunden": tank,
                   "BSZ ZIPWW Betriebsstunden": self.circulating,
                   "BSZ Verdichter Betriebsst. WW": tank,
                   "BSZ Verdichter Betriebsst. HKR": self.runs and not tank,
                   "BSZ Verdichter Betriebsst. ges": self.runs}  # fmt: skip
        for name, runs in ticking.items():
            self.counters[name] += hours if runs else 0.0
        kind = "Brauchwasser" if tank else "Heizung"
        self.counters[f"Stromz_{kind} (kWh)"] += self.power * hours / 1000.0
        self.counters["Stromz_Gesamt (kWh):"] += self.power * hours / 1000.0
        if self.runs:
            self.counters[f"WMZ_{kind} (kWh)"] += _HEAT_WATT * hours / 1000.0
            self.counters["WMZ_Gesamt (kWh):"] += _HEAT_WATT * hours / 1000.0


def _counts(name: str) -> bool:
    return name.startswith(("BSZ ", "WMZ_", "Stromz_"))


def _curve(outdoor: float, settings: Settings) -> float:
    """Return the wanted return temperature."""
    warm, middle, cold = settings.curve
    if outdoor >= 0:
        share = min(1.0, outdoor / max(1.0, settings.limit))
        wanted = middle + (warm - middle) * share
    else:
        wanted = middle + (cold - middle) * min(1.3, -outdoor / 15.0)
    change = {SETBACK: settings.setback, HOLIDAY: settings.setback, PARTY: settings.boost}
    return wanted + (settings.room - _ROOM_NEUTRAL) + change.get(settings.mode, 0.0)
