"""When what is read: how often, in which order, and how much at a time.

Each setting costs a command on a slow serial line, all measured points together cost three. Time is
counted in polls here, so that it stands still while nothing is asked.
"""

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
import math
from typing import Final

from .discovery import CHUNK

SETTINGS_EVERY: Final = 600.0  # seconds
DAILY: Final = 86400.0
FAULTS_EVERY: Final = 600.0
TRY_AGAIN: Final = 600.0  # what could not be read

SHORTEST_ASIDE: Final = 600.0
LONGEST_ASIDE: Final = DAILY

MOST_BUSY: Final = 3  # a fast read may take a third of the interval
OUTLIERS: Final = 3  # slow reads in a row that make a slow line


@dataclass(slots=True)
class _Aside:
    """A point that spoils answers, and when it is tried again."""

    until: float
    wait: float


class Schedule:
    """Knows when what was read."""

    def __init__(self) -> None:
        """Start with nothing read."""
        self.now = 0.0
        self._read_at: dict[str, float] = {}
        self._aside: dict[str, _Aside] = {}

    def pass_time(self, seconds: float) -> None:
        """Let the time between two polls pass."""
        self.now += seconds

    def is_due(self, what: str, every: float) -> bool:
        """Whether something that is read every so many seconds is to be read now."""
        read_at = self._read_at.get(what)
        return read_at is None or self.now - read_at >= every

    def done(self, *what: str) -> None:
        """Note that something was read."""
        self._read_at |= dict.fromkeys(what, self.now)

    def postpone(self, what: str, every: float, seconds: float) -> None:
        """Have something that is read every so often be read in so many seconds."""
        self._read_at[what] = self.now - every + seconds

    def expire(self, *what: str) -> None:
        """Have something read as soon as its turn comes."""
        for name in what:
            self._read_at.pop(name, None)

    def next_chunk(self, names: Iterable[str], every: Mapping[str, float]) -> list[str]:
        """Return those of some names that are due, as many as fit; what waits longest first."""
        due = [name for name in names if name not in self._aside and self.is_due(name, every[name])]
        return sorted(due, key=lambda name: self._read_at.get(name, -1.0))[:CHUNK]

    # Points that spoil answers

    @property
    def aside(self) -> frozenset[str]:
        """Names that are left alone."""
        return frozenset(self._aside)

    def set_aside(self, names: Iterable[str]) -> None:
        """Leave names alone, longer each time."""
        for name in names:
            known = self._aside.get(name)
            wait = min(known.wait * 2, LONGEST_ASIDE) if known else SHORTEST_ASIDE
            self._aside[name] = _Aside(self.now + wait, wait)

    def take_back(self, names: Iterable[str]) -> None:
        """Read names again that were left alone."""
        for name in names:
            self._aside.pop(name, None)

    def next_trial(self) -> str | None:
        """Return a name that has been left alone for long enough."""
        return next((name for name, it in self._aside.items() if it.until <= self.now), None)


class Pace:
    """The interval between polls: as wished, or longer where the line is slow."""

    def __init__(self, wished: float) -> None:
        """Start as wished."""
        self.wished = wished
        self.interval = wished
        self._durations: deque[float] = deque(maxlen=OUTLIERS)

    def took(self, seconds: float) -> None:
        """Take in how long a fast read took; it counts only if those around it were as slow."""
        self._durations.append(seconds)
        if len(self._durations) < OUTLIERS:
            return
        needed = MOST_BUSY * min(self._durations)
        if needed > self.interval or needed <= self.interval / 2:
            self.interval = max(self.wished, math.ceil(needed))
