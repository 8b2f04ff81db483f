"""Clocks that drive the simulators.

A simulator never asks `time` or `asyncio.sleep` itself. It asks a clock, so that a test can move
time by hand and a demo can let hours pass in minutes.
"""

from abc import ABC, abstractmethod
import asyncio
from datetime import UTC, datetime, timedelta
import heapq
import itertools
import math
import time
from typing import override

_SETTLE_ROUNDS = 40


class Clock(ABC):
    """What a simulator may know about time."""

    @abstractmethod
    def now(self) -> datetime:
        """Return the simulated time of day, aware and in UTC."""

    @abstractmethod
    def monotonic(self) -> float:
        """Return simulated seconds since an arbitrary start; never goes back."""

    @abstractmethod
    async def sleep(self, seconds: float) -> None:
        """Return after so many simulated seconds."""

    def wall(self) -> datetime:
        """Return the time that clients have on their own clocks.

        It differs from `now` only when simulated time runs faster than real time. Stamps that a
        client compares with its own clock (token times, rings) are taken from here.
        """
        return self.now()


class RealClock(Clock):
    """Real time, optionally faster."""

    def __init__(self, speed: float = 1.0) -> None:
        """Start at the present; `speed` is simulated seconds per real second."""
        if speed <= 0:
            raise ValueError("speed must be above 0")
        self.speed = speed
        self._started = datetime.now(UTC)
        self._origin = time.monotonic()

    @override
    def now(self) -> datetime:
        return self._started + timedelta(seconds=self.monotonic())

    @override
    def monotonic(self) -> float:
        return (time.monotonic() - self._origin) * self.speed

    @override
    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(max(0.0, seconds) / self.speed)

    @override
    def wall(self) -> datetime:
        return datetime.now(UTC)


class ManualClock(Clock):
    """Time that stands still until somebody moves it."""

    def __init__(self, start: datetime | None = None) -> None:
        """Start at the given aware time, by default at the present."""
        self._start = datetime.now(UTC) if start is None else start.astimezone(UTC)
        self._elapsed = 0.0
        self._order = itertools.count()
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []

    @property
    def sleepers(self) -> int:
        """Return how many sleeps are waiting."""
        return sum(not future.done() for _, _, future in self._sleepers)

    @property
    def soonest(self) -> float:
        """Return when the next sleep ends; infinity if nobody sleeps."""
        waiting = (deadline for deadline, _, future in self._sleepers if not future.done())
        return min(waiting, default=math.inf)

    @override
    def now(self) -> datetime:
        return self._start + timedelta(seconds=self._elapsed)

    @override
    def monotonic(self) -> float:
        return self._elapsed

    @override
    async def sleep(self, seconds: float) -> None:
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self._elapsed + seconds, next(self._order), future))
        await future

    async def advance(self, seconds: float) -> None:
        """Move time forward and wake the sleepers on the way, each at its own moment."""
        target = self._elapsed + seconds
        await self._settle()
        while self._sleepers and self._sleepers[0][0] <= target:
            deadline, _, future = heapq.heappop(self._sleepers)
            if future.done():
                continue
            self._elapsed = max(self._elapsed, deadline)
            future.set_result(None)
            await self._settle()
        self._elapsed = target
        await self._settle()

    async def _settle(self) -> None:
        """Let everything run that can run without time passing."""
        for _ in range(_SETTLE_ROUNDS):
            await asyncio.sleep(0)
