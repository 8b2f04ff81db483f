"""Where energy goes: nine flows in steps of a quarter of an hour.

A week (of UTC, from Monday) can be computed without the weeks before it, because on Sunday evening
every battery is charged until it is full, as systems do to balance their cells. So any hour of any
year can be asked for, and the answer does not depend on what was asked before.

Source of the names of the flows: VRM API v2 documentation, section installations/stats: source and
sink, P for PV, G for grid, B for battery, g for generator, c for consumers. `gc` and `gb` are
guesses; public importers ask for them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from .plants import EFFICIENCY, Plant
from .weather import DAY, HOURS, PER_DAY, STEP, Day, Place, charging, make_day

FLOWS = ("Pc", "Pb", "Pg", "Gc", "Gb", "Bc", "Bg", "gc", "gb")
_PER_WEEK = 7 * PER_DAY
_WEEK = _PER_WEEK * STEP
# 1970-01-01 was a Thursday.
_MONDAY = 4 * DAY
_BALANCING = 24
_NOTHING = (0.0,) * len(FLOWS)

type Flows = tuple[float, ...]


def plus(first: Flows, second: Flows) -> Flows:
    """Return the sum of flows."""
    return tuple(map(float.__add__, first, second, strict=True))


@dataclass(frozen=True, slots=True)
class Instant:
    """What happens at a moment: powers in W, the battery's content in kWh."""

    flows: Flows
    """In W."""
    stored: float
    cars: tuple[float, ...]
    plugged: bool

    @property
    def pv(self) -> float:
        """Return the power of the sun."""
        return self.flows[0] + self.flows[1] + self.flows[2]

    @property
    def consumption(self) -> float:
        """Return the power of all consumers."""
        return self.flows[0] + self.flows[3] + self.flows[5] + self.flows[7]

    @property
    def grid(self) -> float:
        """Return the power from the grid; negative into it."""
        return self.flows[3] + self.flows[4] - self.flows[2] - self.flows[6]

    @property
    def battery(self) -> float:
        """Return the power into the battery; negative out of it."""
        return self.flows[1] + self.flows[4] + self.flows[8] - self.flows[5] - self.flows[6]

    @property
    def generator(self) -> float:
        """Return the power of the generator."""
        return self.flows[7] + self.flows[8]


class Week:
    """A week, computed as far as somebody has asked."""

    def __init__(self, plant: Plant, place: Place, seed: str, number: int) -> None:
        """Begin a week with a full battery."""
        self.sums: list[Flows] = [_NOTHING]
        """Energy since Monday at the start of each step."""
        self.stored: list[float] = [plant.battery_kwh]
        self.days: list[Day] = []
        self._plant = plant
        self._place = place
        self._seed = seed
        self._first_day = (number * _WEEK + _MONDAY) // DAY
        self._running = False

    def reach(self, steps: int) -> None:
        """Compute the first steps."""
        while len(self.sums) <= steps:
            number = len(self.sums) - 1
            if number // PER_DAY == len(self.days):
                day = self._first_day + len(self.days)
                self.days.append(make_day(self._plant, self._place, self._seed, day))
            flows = self._flows(number, self.days[-1], self.stored[-1])
            gained = (flows[1] + flows[4] + flows[8]) * EFFICIENCY - flows[5] - flows[6]
            stored = min(self._plant.battery_kwh, max(0.0, self.stored[-1] + gained))
            self.stored.append(stored if number < _PER_WEEK - 1 else self._plant.battery_kwh)
            self.sums.append(plus(self.sums[-1], flows))

    def _flows(self, number: int, day: Day, stored: float) -> Flows:
        """Return the energy of a step in kWh."""
        plant, step = self._plant, number % PER_DAY
        pv, need, grid = day.sun[step], day.load[step], day.plugged[step]
        balancing = number >= _PER_WEEK - _BALANCING
        room = (plant.battery_kwh - stored) / EFFICIENCY
        charge = room if number == _PER_WEEK - 1 else min(plant.charge_kw * HOURS, room)
        left = min(plant.discharge_kw * HOURS, max(0.0, stored - plant.min_soc * plant.battery_kwh))
        pc = min(pv, need)
        need -= pc
        pb = min(pv - pc, charge)
        charge -= pb
        pg = pv - pc - pb if grid and plant.feed_in else 0.0
        if plant.generator_kw:
            self._decide(stored, balancing=balancing)
            if self._running:
                gc = min(need, plant.generator_kw * HOURS)
                gb = charge if balancing else min(charge, plant.generator_kw * HOURS - gc)
                return (pc, pb, pg, 0.0, 0.0, min(need - gc, left), 0.0, gc, gb)
        if grid and (balancing or (day.buys and 8 <= step < 16)):
            return (pc, pb, pg, need, charge, 0.0, 0.0, 0.0, 0.0)
        bc = min(need, left)
        bg = 0.0
        if day.sells and grid and 72 <= step < 80 and stored > 0.6 * plant.battery_kwh:
            bg = left - bc
        return (pc, pb, pg, need - bc if grid else 0.0, 0.0, bc, bg, 0.0, 0.0)

    def _decide(self, stored: float, *, balancing: bool) -> None:
        """Start or stop the generator."""
        share = stored / self._plant.battery_kwh
        if balancing:
            self._running = True
        elif self._running:
            self._running = share < 0.85
        else:
            self._running = share < 0.28


class Ledger:
    """All energy of a plant, at any time."""

    def __init__(self, plant: Plant, place: Place, seed: str, since: float = 0.0) -> None:
        """Open the books; nothing is computed yet. There are no cars before `since`."""
        self.plant = plant
        self.place = place
        self._seed = seed
        self._weeks: dict[int, Week] = {}
        self._first_day = int(since // DAY)
        self._car_days: list[tuple[list[list[float]], list[float]]] = []
        """Of each day what the cars took in each step, and since the first day."""

    def __len__(self) -> int:
        """Return how many weeks somebody has asked for."""
        return len(self._weeks)

    def energy(self, start: float, end: float) -> Flows:
        """Return the flows of a span in kWh."""
        totals = _NOTHING
        edges = [start, *self._mondays(start, end), end]
        for begin, stop in pairwise(edges):
            if stop > begin:
                low, high = self._sums(begin), self._sums(stop, ends=True)
                parts = tuple(high[flow] - low[flow] for flow in range(len(FLOWS)))
                totals = plus(totals, parts)
        return totals

    def at(self, moment: float) -> Instant:
        """Return what happens at a moment."""
        week, step, part = self._find(moment)
        week.reach(step + 1)
        low, high = week.sums[step], week.sums[step + 1]
        watts = tuple((high[flow] - low[flow]) / HOURS * 1000 for flow in range(len(FLOWS)))
        day = week.days[step // PER_DAY]
        cars = tuple(car[step % PER_DAY] / HOURS * 1000 for car in day.cars)
        stored = week.stored[step] * (1 - part) + week.stored[step + 1] * part
        return Instant(watts, stored, cars, day.plugged[step % PER_DAY])

    def car_energy(self, car: int, start: float, end: float) -> float:
        """Return what a car took in a span, in kWh; one that is not there took nothing.

        Cars know their days without the rest of the plant, so this is quick for years.
        """
        if car >= self.plant.cars or end <= start:
            return 0.0
        return self._car_sum(car, end) - self._car_sum(car, start)

    def _car_sum(self, car: int, moment: float) -> float:
        """Return what a car took since the start of the books."""
        day, second = divmod(moment, DAY)
        if day < self._first_day:
            return 0.0
        first = self._first_day + len(self._car_days)
        for number in range(first, int(day) + 1):
            cars = charging(self.plant, self.place, self._seed, number)
            before = self._car_days[-1][1] if self._car_days else [0.0] * len(cars)
            after = [total + sum(steps) for total, steps in zip(before, cars, strict=True)]
            self._car_days.append((cars, after))
        steps, totals = self._car_days[int(day) - self._first_day]
        step, rest = divmod(second, STEP)
        today = steps[car]
        done = sum(today[: int(step)]) + today[int(step)] * rest / STEP
        return totals[car] - sum(today) + done

    def generator_seconds(self, start: float, end: float) -> float:
        """Return how long the generator ran in a span."""
        total, moment = 0.0, start
        while moment < end:
            stop = min(end, (moment // STEP + 1) * STEP)
            total += stop - moment if self.at(moment).generator > 0 else 0.0
            moment = stop
        return total

    def warm(self, start: float, end: float) -> None:
        """Compute a span beforehand."""
        self.energy(start, end)

    def _mondays(self, start: float, end: float) -> Iterator[float]:
        monday = ((start - _MONDAY) // _WEEK + 1) * _WEEK + _MONDAY
        while monday < end:
            yield monday
            monday += _WEEK

    def _find(self, moment: float, *, ends: bool = False) -> tuple[Week, int, float]:
        """Return week, step and part of the step of a moment."""
        number, second = divmod(moment - _MONDAY, _WEEK)
        if ends and not second:
            number, second = number - 1, float(_WEEK)
        step, rest = divmod(second, STEP)
        week = self._weeks.get(int(number))
        if week is None:
            week = self._weeks[int(number)] = Week(self.plant, self.place, self._seed, int(number))
        return week, int(step), rest / STEP

    def _sums(self, moment: float, *, ends: bool = False) -> Flows:
        """Return the energy since the Monday before a moment; `ends`: Monday belongs to before."""
        week, step, part = self._find(moment, ends=ends)
        if not part:
            week.reach(step)
            return week.sums[step]
        week.reach(step + 1)
        low, high = week.sums[step], week.sums[step + 1]
        return tuple(low[flow] + (high[flow] - low[flow]) * part for flow in range(len(FLOWS)))
