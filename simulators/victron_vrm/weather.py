"""Sun, clouds, and what people do: a day is a function of the seed and of its number."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
import math
from random import Random
from zoneinfo import ZoneInfo

from .plants import Plant

STEP = 900
PER_DAY = 96
DAY = STEP * PER_DAY
HOURS = STEP / 3600

# How the consumption of a house is spread over the hours of a day.
_LOAD = (
    *(0.45, 0.4, 0.38, 0.38, 0.4, 0.55, 1.0, 1.35, 1.2, 0.9, 0.85, 0.95),
    *(1.25, 1.1, 0.85, 0.8, 0.95, 1.4, 1.9, 2.0, 1.75, 1.45, 1.0, 0.65),
)
_MEAN_LOAD = sum(_LOAD) / len(_LOAD)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a plant stands."""

    latitude: float
    longitude: float
    zone: ZoneInfo

    def hour_offset(self, day: int) -> float:
        """Return by how many hours local time is ahead of UTC at noon of a day."""
        return local_offset(self.zone, day * DAY + DAY // 2) / 3600


@dataclass(frozen=True, slots=True)
class Day:
    """What a day of UTC brings, by steps, in kWh."""

    sun: list[float]
    load: list[float]
    """Cars included."""
    cars: list[list[float]]
    plugged: list[bool]
    """Whether there is a grid."""
    buys: bool
    """Whether the battery is charged from the grid early in the morning."""
    sells: bool


def local_offset(zone: ZoneInfo, moment: float) -> int:
    """Return by how many seconds a zone is ahead of UTC."""
    offset = datetime.fromtimestamp(moment, UTC).astimezone(zone).utcoffset()
    return 0 if offset is None else int(offset.total_seconds())


@cache
def _hour_angles(longitude: float) -> tuple[float, ...]:
    """Return the cosines of the sun's hour angle in the middle of each step."""
    turns = ((step + 0.5) / PER_DAY - 0.5 + longitude / 360 for step in range(PER_DAY))
    return tuple(math.cos(2 * math.pi * turn) for turn in turns)


def clear_sky(place: Place, day: int, kwp: float) -> list[float]:
    """Return what PV would make without clouds, by steps, in kWh."""
    if kwp <= 0:
        return [0.0] * PER_DAY
    declination = -0.4093 * math.cos(2 * math.pi * ((day - 0.75) % 365.2425 + 10) / 365.2425)
    latitude = math.radians(place.latitude)
    base = math.sin(latitude) * math.sin(declination)
    swing = math.cos(latitude) * math.cos(declination)
    scale = kwp * HOURS
    return [
        scale * height**1.15 if (height := base + swing * angle) > 0 else 0.0
        for angle in _hour_angles(place.longitude)
    ]


def clearness(seed: str, day: int) -> float:
    """Return which share of the sun gets through on average."""
    return 0.2 + 0.75 * math.sqrt(Random(f"sky:{seed}:{day}").random())  # noqa: S311


def usual_load(plant: Plant, hour: float) -> float:
    """Return the usual consumption at a local hour, in kWh per step, without cars."""
    return plant.load_kwh / PER_DAY * _LOAD[int(hour) % 24] / _MEAN_LOAD


def make_day(plant: Plant, place: Place, seed: str, day: int) -> Day:
    """Return a day."""
    random = Random(f"day:{seed}:{day}")  # noqa: S311
    offset = place.hour_offset(day)
    share = clearness(seed, day)
    patches = [min(1.0, share * (0.6 + 0.8 * random.random())) for _ in range(25)]
    sun = [
        potential * (patches[step // 4] * (4 - step % 4) + patches[step // 4 + 1] * (step % 4)) / 4
        if potential
        else 0.0
        for step, potential in enumerate(clear_sky(place, day, plant.pv_kwp))
    ]
    busy = 0.75 + 0.5 * random.random()
    load = [
        usual_load(plant, step / 4 + offset) * busy * (0.7 + 0.6 * random.random())
        for step in range(PER_DAY)
    ]
    cars = charging(plant, place, seed, day)
    if cars:
        load = [sum(parts) for parts in zip(load, *cars, strict=True)]
    # On Sundays a boat lies in the harbour. Day 0 was a Thursday.
    plugged = plant.grid and (not plant.shore or day % 7 == 3 or random.random() < 0.3)
    return Day(
        sun,
        load,
        cars,
        [plugged] * PER_DAY,
        buys=share < 0.4 and plugged and not plant.shore,
        sells=plant.sells and share > 0.75 and random.random() < 0.5,
    )


def charging(plant: Plant, place: Place, seed: str, day: int) -> list[list[float]]:
    """Return what each car takes on a day, by steps, in kWh."""
    random = Random(f"cars:{seed}:{day}")  # noqa: S311
    cars = []
    for _ in range(plant.cars):
        energy = [0.0] * PER_DAY
        comes, stays, wanted = random.random(), random.random(), random.random()
        start = max(0, int((16 + 5 * comes - place.hour_offset(day)) * 4))
        if wanted > 0.35:
            for step in range(start, min(start + 4 + int(stays * 12), PER_DAY)):
                energy[step] = plant.car_kw * HOURS
        cars.append(energy)
    return cars
