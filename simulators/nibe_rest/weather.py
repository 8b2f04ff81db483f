"""The weather, the sun, and when people draw hot water."""

from datetime import datetime
import math
from random import Random
import zlib

_DAY = 86400.0
_YEAR_DAYS = 365.25
_YEARLY_MEAN = 7.5
_YEARLY_SWING = 10.0
_COLDEST_DAY = 25
_WARMEST_HOUR = 15.0
_DRAW_WATT = 9000.0
_SUN_WATT = 5200.0

# Share of the time in which hot water is drawn, by hour of the day.
_DRAWS = (0, 0, 0, 0, 0, 2, 12, 16, 7, 2, 2, 3, 4, 2, 1, 1, 2, 4, 8, 10, 12, 8, 3, 1)


class Weather:
    """Deterministic weather of a seed."""

    def __init__(self, seed: str) -> None:
        """Make up the phases of the longer waves."""
        self._seed = seed
        random = Random(f"weather:{seed}")  # noqa: S311
        self._phases = [random.uniform(0.0, 2 * math.pi) for _ in range(3)]
        self.forced: float | None = None
        """An outdoor temperature that holds instead of the weather's own."""

    def outdoor(self, moment: datetime) -> float:
        """Return the outdoor temperature: season, day, and waves of some days."""
        if self.forced is not None:
            return self.forced
        days = moment.timestamp() / _DAY
        year = moment.timetuple().tm_yday - _COLDEST_DAY
        season = _YEARLY_MEAN - _YEARLY_SWING * math.cos(2 * math.pi * year / _YEAR_DAYS)
        hour = moment.hour + moment.minute / 60.0
        daily = 3.2 * math.cos(2 * math.pi * (hour - _WARMEST_HOUR) / 24.0)
        first, second, third = self._phases
        fronts = 2.0 * math.sin(days / 0.9 + first) + 1.5 * math.sin(days / 0.37 + second)
        gusts = 0.25 * math.sin(days * 130.0 + third)
        return season + daily + fronts + gusts

    def hot_water_draw(self, moment: datetime) -> float:
        """Return how much heat leaves the tank through the taps, in W."""
        share = _DRAWS[moment.hour] / 60.0
        if not share:
            return 0.0
        minute = int(moment.timestamp()) // 60
        chance = zlib.crc32(f"{self._seed}:{minute}".encode()) / 0xFFFFFFFF
        return _DRAW_WATT if chance < share else 0.0

    def solar(self, moment: datetime) -> float:
        """Return what the panels on the roof give, in W."""
        hour = moment.hour + moment.minute / 60.0
        height = math.sin(math.pi * (hour - 6.0) / 13.0) if 6.0 < hour < 19.0 else 0.0
        if height <= 0:
            return 0.0
        clouds = 0.65 + 0.35 * math.sin(moment.timestamp() / 1700.0 + self._phases[0])
        return _SUN_WATT * height * clouds
