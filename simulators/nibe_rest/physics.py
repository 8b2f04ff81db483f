"""What happens in the plant: weather, house, hot water, compressor.

A rough model in steps of ten seconds. It is there to make values live and depend on each other and
on the settings, not to be right: degree minutes integrate the gap between real and calculated
supply, hot water goes before heating, an air unit frosts and defrosts, counters only grow.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum
import math
from random import Random

from .weather import Weather

STEP = 10.0
_COARSE_STEP = 120.0
_COARSE_AFTER = 2 * 86400.0
_WARM_UP = timedelta(hours=25)

_HOUSE_LOSS = 180.0
_HOUSE_CAPACITY = 43e6
_EMITTERS = 350.0
_LOOP_CAPACITY = 0.8e6
_TANK_CAPACITY = 754e3
_FLOW_CAPACITY = 1050.0
_GAINS = 400.0
_RAMP = 1.5
_DEFROST_SECONDS = 240.0
_FROST_SECONDS = 2700.0
_REST_SECONDS = 180.0
_PUMPS_WATT = 65.0
_ADD_HEAT_MAX = 6000.0
_COLD = 2.2


class Doing(IntEnum):
    """What the compressor works for, with the numbers of the priority point."""

    OFF = 10
    HOT_WATER = 20
    HEATING = 30
    COOLING = 60


HEATING, HOT_WATER, COOLING = range(3)
"""Uses in the energy logs; 4 and 5 are heating and hot water of the additional heat."""
USES = 7

# Hot water demand (small, medium, large, smart control): ids of start and stop temperature.
_HOT_WATER_POINTS = {0: (3701, 3705), 1: (3700, 3704), 2: (3699, 3703), 4: (3700, 3704)}
_PERIODIC_STOP = 3702
_SETTINGS = (
    *{number for pair in _HOT_WATER_POINTS.values() for number in pair},
    *(_PERIODIC_STOP, 3667, 3671, 3675, 3679, 3697, 3751, 3818),
    *(3920, 3921, 3923, 3925, 5079),
)
"""The ids of all settings that the plant heeds."""
_AUTO, _MANUAL, _ADD_HEAT_ONLY = range(3)


@dataclass(slots=True)
class Hour:
    """Energy of one hour in kWh, by use."""

    produced: list[float] = field(default_factory=lambda: [0.0] * USES)
    used: list[float] = field(default_factory=lambda: [0.0] * USES)


class Physics:
    """The state of a plant; `advance` moves it on."""

    def __init__(
        self,
        seed: str,
        start: datetime,
        setting: Callable[[int], float],
        *,
        ground: bool,
    ) -> None:
        """Begin a day before `start`, so that all has a history."""
        self._setting = setting
        self._settings: dict[int, float] = {}
        self.ground = ground
        self.weather = Weather(seed)
        random = Random(seed)  # noqa: S311
        self.moment = start - _WARM_UP
        self.aid = False
        self.away = False
        self.more_seconds = 0.0
        self.doing = Doing.OFF
        self.outdoor = self.weather.outdoor(self.moment)
        self.outdoor_mean = self.outdoor
        self.room = 21.0
        self.loop = 28.0
        self.hot_water = random.uniform(45.0, 49.0)
        self.degree_minutes = random.uniform(-50.0, -10.0)
        self.frequency = 0.0
        self.requested = 0.0
        self.power = 0.0
        self.heat = 0.0
        self.add_power = 0.0
        self.frost = random.random()
        self.defrost_left = 0.0
        self.rest_left = 0.0
        self.starts = random.randrange(900, 6000)
        self.hours = self.starts * random.uniform(1.5, 2.5)
        self.hot_water_hours = self.hours * 0.22
        self.add_hours = random.uniform(5.0, 80.0)
        self.used_total = self.hours * 1.35
        self.produced_total = self.used_total * (4.1 if ground else 3.4)
        self.solar_total = random.uniform(2000.0, 9000.0)
        self.hour = Hour()
        self.log: deque[Hour] = deque((Hour() for _ in range(24)), maxlen=24)
        self._run(start, _COARSE_STEP)

    def advance(self, until: datetime) -> None:
        """Let time pass; a very long time passes in longer steps."""
        gap = (until - self.moment).total_seconds()
        if gap > _COARSE_AFTER:
            self._run(until - timedelta(seconds=_COARSE_AFTER), _COARSE_STEP)
        self._run(until, STEP)

    def _run(self, until: datetime, step: float) -> None:
        # Settings do not change on the way: whoever changes one brings the plant up to it first.
        self._settings = {number: self._setting(number) for number in _SETTINGS}
        length = timedelta(seconds=step)
        while self.moment + length <= until:
            before = self.moment.hour
            self.moment += length
            self._step(step)
            if self.moment.hour != before:
                self.log.appendleft(self.hour)
                self.hour = Hour()

    def set_outdoor(self, celsius: float | None) -> None:
        """Hold the outdoor temperature and its mean, or give them back to the weather."""
        self.weather.forced = celsius
        self.outdoor = self.weather.outdoor(self.moment)
        if celsius is not None:
            self.outdoor_mean = celsius

    @property
    def defrosting(self) -> bool:
        """Return whether the air unit is being defrosted."""
        return self.defrost_left > 0

    @property
    def running(self) -> bool:
        """Return whether the compressor turns."""
        return self.frequency > 0

    @property
    def calculated(self) -> float:
        """Return the supply temperature that the heating curve asks for."""
        curve, offset = self._settings[3667], self._settings[3671]
        wanted = 20.0 + 0.092 * curve * (20.0 - self.outdoor) + 2.5 * offset
        if self.away:
            wanted -= 6.0
        return min(max(wanted, self._settings[3675]), self._settings[3679])

    @property
    def supply(self) -> float:
        """Return the temperature of the water to the emitters."""
        return self.loop + self._lift

    @property
    def back(self) -> float:
        """Return the temperature of the water from the emitters."""
        return self.loop - self._lift

    @property
    def _lift(self) -> float:
        heat = self.add_power
        if self.doing in {Doing.HEATING, Doing.COOLING}:
            heat += self.heat
        return heat / (2 * _FLOW_CAPACITY)

    def _step(self, seconds: float) -> None:
        self.outdoor = self.weather.outdoor(self.moment)
        self.outdoor_mean += (self.outdoor - self.outdoor_mean) * seconds / 86400.0
        self._more_hot_water(seconds)
        self._decide(seconds)
        self._compress(seconds)
        self._add_heat()
        self._flow(seconds)
        self._count(seconds)

    def _more_hot_water(self, seconds: float) -> None:
        if self.more_seconds > 0:
            self.more_seconds = max(0.0, self.more_seconds - seconds)

    def _decide(self, seconds: float) -> None:
        """Choose what to work for: hot water first, then heating, then cooling."""
        self.rest_left = max(0.0, self.rest_left - seconds)
        if self.defrosting:
            self.defrost_left = max(0.0, self.defrost_left - seconds)
            return
        before, wanted = self.doing, self._wanted()
        if before is Doing.OFF and wanted is not Doing.OFF:
            if self.rest_left > 0:
                return
            self.starts += 1
        if before is not Doing.OFF and wanted is Doing.OFF:
            self.rest_left = _REST_SECONDS
        self.doing = wanted

    def _wanted(self) -> Doing:
        mode = int(self._settings[3751])
        if mode == _ADD_HEAT_ONLY or self.aid:
            return Doing.OFF
        start, stop = self.hot_water_limits()
        limit = stop if self.doing is Doing.HOT_WATER else start
        if self.hot_water < limit:
            return Doing.HOT_WATER
        limit = 0.0 if self.doing is Doing.HEATING else self._settings[3818]
        if self._heating_season(mode) and self.degree_minutes < limit:
            return Doing.HEATING
        allowed = mode == _AUTO or self._settings[3921] > 0
        warm = self.outdoor_mean > self._settings[3925] and self.room > self._settings[5079] - 2
        return Doing.COOLING if allowed and warm and not self.ground else Doing.OFF

    def _heating_season(self, mode: int) -> bool:
        if mode == _MANUAL:
            return self._settings[3920] > 0
        return self.outdoor_mean < self._settings[3923]

    def hot_water_limits(self) -> tuple[float, float]:
        """Return the temperatures at which charging starts and stops."""
        if self.more_seconds > 0:
            stop = max(self._settings[_PERIODIC_STOP], 55.0)
            return stop - 1.0, stop
        start, stop = _HOT_WATER_POINTS.get(int(self._settings[3697]), (3700, 3704))
        lower = 8.0 if self.away else 0.0
        return self._settings[start] - lower, self._settings[stop] - lower

    def _compress(self, seconds: float) -> None:
        gap = self.calculated - self.supply
        self.requested = {
            Doing.OFF: 0.0,
            Doing.HOT_WATER: 78.0,
            Doing.HEATING: min(max(34.0 + 4.0 * gap - self.degree_minutes / 12.0, 25.0), 105.0),
            Doing.COOLING: 40.0,
        }[self.doing]
        if self.defrosting:
            self.requested = 70.0
        reach = _RAMP * seconds
        self.frequency += min(max(self.requested - self.frequency, -reach), reach)
        warm = self.hot_water + 5 if self.doing is Doing.HOT_WATER else self.supply
        self.power = self.frequency * 28.0 * (1 + 0.012 * (warm - 30.0))
        source = 6.0 if self.ground else self.outdoor
        efficiency = max(1.8, 4.9 + 0.07 * (source - 7.0) - 0.075 * (warm - 35.0))
        self.heat = self.power * efficiency
        if self.defrosting or self.doing is Doing.COOLING:
            self.heat = -_COLD * self.power
        elif not self.ground and self.running and self.outdoor < 6.5:
            self.frost += seconds / _FROST_SECONDS
            if self.frost >= 1.0:
                self.frost, self.defrost_left = 0.0, _DEFROST_SECONDS

    def _add_heat(self) -> None:
        """Help when the degree minutes run away; heat alone when nothing else may."""
        alone = self.aid or int(self._settings[3751]) == _ADD_HEAT_ONLY
        behind = self.degree_minutes < self._settings[3818] - 400.0
        season = self.outdoor_mean < self._settings[3923]
        if not ((alone and season) or behind):
            self.add_power = 0.0
            return
        wanted = 1500.0 + 900.0 * (self.calculated - self.supply)
        self.add_power = min(max(wanted, 0.0), _ADD_HEAT_MAX)

    def _flow(self, seconds: float) -> None:
        """Move heat between compressor, water, house and outdoors."""
        into_loop, into_tank = self.add_power, 0.0
        if self.doing is Doing.HOT_WATER:
            into_tank = self.heat
        else:
            into_loop += self.heat
        emitted = _EMITTERS * (self.loop - self.room)
        self.loop += (into_loop - emitted) * seconds / _LOOP_CAPACITY
        loss = _HOUSE_LOSS * (self.room - self.outdoor)
        self.room += (emitted + _GAINS - loss) * seconds / _HOUSE_CAPACITY
        drawn = self.weather.hot_water_draw(self.moment) + 2.0 * (self.hot_water - 20.0)
        self.hot_water += (into_tank - drawn) * seconds / _TANK_CAPACITY
        self.hot_water = max(self.hot_water, 12.0)
        if self._heating_season(int(self._settings[3751])):
            self.degree_minutes += (self.supply - self.calculated) * seconds / 60.0
            self.degree_minutes = min(max(self.degree_minutes, -2000.0), 100.0)

    def _count(self, seconds: float) -> None:
        """Let the counters grow."""
        hours = seconds / 3600.0
        if self.running:
            self.hours += hours
            if self.doing is Doing.HOT_WATER:
                self.hot_water_hours += hours
        if self.add_power:
            self.add_hours += hours
        use = {Doing.HOT_WATER: HOT_WATER, Doing.COOLING: COOLING}.get(self.doing, HEATING)
        produced = abs(self.heat) * hours / 1000.0 if not self.defrosting else 0.0
        used = (self.power + _PUMPS_WATT) * hours / 1000.0
        added = self.add_power * hours / 1000.0
        self.hour.produced[use] += produced
        self.hour.used[use] += used
        self.hour.produced[HEATING + 4] += added
        self.produced_total += produced + added
        self.used_total += used + added
        self.solar_total += self.weather.solar(self.moment) * hours / 1000.0

    @property
    def used_power(self) -> float:
        """Return what the whole plant draws, in W."""
        return self.power + self.add_power + _PUMPS_WATT

    def wave(self, period: float) -> float:
        """Return a slow swing between -1 and 1 for what has no model of its own."""
        return math.sin(self.moment.timestamp() / period)
