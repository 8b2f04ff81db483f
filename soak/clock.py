"""One time for everything: an event loop whose time jumps to its next timer.

Home Assistant, the integrations, aiohttp's timeouts and the simulators all wait in this loop. While
there is anything to do, time stands still. When nothing is ready, no socket has news and no thread
is at work, time jumps to the next timer. So nothing is patched away, no pause is shortened, and all
happens in the order in which it would happen in a real week.
"""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo
from importlib import import_module
import selectors
import time
from typing import Any, override

from simulators.clock import Clock

# Thursday; the clocks go back in the night to Sunday.
START = datetime(2026, 10, 22, 6, tzinfo=UTC)
REAL_WAIT = 0.001

# Until the loop runs, these seconds are at 0.
_BEGUN = 1000.0


class Time:
    """The simulated time, in seconds since an arbitrary start."""

    def __init__(self) -> None:
        """Stand at the start."""
        self.seconds = _BEGUN

    @property
    def elapsed(self) -> float:
        """Return the seconds since the start."""
        return self.seconds - _BEGUN

    def now(self) -> datetime:
        """Return the simulated time of day."""
        return START + timedelta(seconds=self.elapsed)


TIME = Time()


class SimulatedDatetime(datetime):
    """A datetime class that knows no other present than the simulated one."""

    @override
    @classmethod
    def now(cls, tz: tzinfo | None = None) -> SimulatedDatetime:
        """Return the simulated present."""
        return cls.fromtimestamp(TIME.now().timestamp(), tz)


class SoakClock(Clock):
    """The loop's time, for simulators."""

    @override
    def now(self) -> datetime:
        return TIME.now()

    @override
    def monotonic(self) -> float:
        return TIME.elapsed

    @override
    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(max(0.0, seconds))


class JumpingSelector(selectors.DefaultSelector):
    """Lets time pass where others wait."""

    def __init__(self) -> None:
        """Wait for nobody but sockets."""
        super().__init__()
        self.busy: list[Callable[[], bool]] = []
        """Tell whether a thread is at work, for which time has to stand still."""

    @override
    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Return the sockets that have news; jump if there are none and nobody works."""
        if timeout == 0 or timeout is None:
            return super().select(timeout)
        if news := super().select(0):
            return news
        if any(busy() for busy in self.busy):
            return super().select(REAL_WAIT)
        # What was sent a moment ago is there by now, unless this thread was interrupted.
        if news := super().select(0):
            return news
        TIME.seconds += timeout
        return []


class SoakLoop(asyncio.SelectorEventLoop):
    """An event loop whose time jumps."""

    def __init__(self) -> None:
        """Begin at the start."""
        self.jumps = JumpingSelector()
        super().__init__(self.jumps)
        self._at_work = 0
        self.jumps.busy.append(lambda: self._at_work > 0)

    @override
    def time(self) -> float:
        return TIME.seconds

    @override
    def run_in_executor(  # type: ignore[override]
        self, executor: Any, func: Callable[..., Any], *args: Any
    ) -> asyncio.Future[Any]:
        """Run something in a thread; until it is over, time stands still."""
        future = super().run_in_executor(executor, func, *args)
        self._at_work += 1
        future.add_done_callback(self._is_back)
        return future

    def _is_back(self, _: asyncio.Future[Any]) -> None:
        self._at_work -= 1

    @override
    async def shutdown_default_executor(self, timeout: float | None = None) -> None:
        """Wait for all threads to end; meanwhile, time stands still."""
        self._at_work += 1
        try:
            await super().shutdown_default_executor(timeout)
        finally:
            self._at_work -= 1

    @property
    def timers(self) -> list[asyncio.TimerHandle]:
        """Return the timers that wait."""
        return [it for it in self._scheduled if not it.cancelled()]  # type: ignore[attr-defined]

    def connected_to(self, port: int) -> bool:
        """Return whether a client in this loop has a connection to a port."""
        transports = self._transports  # type: ignore[attr-defined]
        return any(
            not it.is_closing() and (peer := it.get_extra_info("peername")) and peer[1] == port
            for it in list(transports.values())
        )


def install() -> None:
    """Let modules that are loaded from now on see the simulated time."""
    time.time = lambda: TIME.now().timestamp()
    time.monotonic = lambda: TIME.seconds
    time.monotonic_ns = lambda: int(TIME.seconds * 1e9)
    util: Any = import_module("homeassistant.util")
    dt_util: Any = import_module("homeassistant.util.dt")
    util.utcnow = dt_util.utcnow = TIME.now
    dt_util.now = lambda zone=None: TIME.now().astimezone(zone or dt_util.DEFAULT_TIME_ZONE)
