"""Waiting in the thread that serves, on a clock that belongs to the event loop."""

import asyncio
from concurrent.futures import CancelledError, Future
import threading

from simulators.clock import Clock, RealClock


class ClosedError(Exception):
    """The simulator stops while a request is under way."""


class ThreadClock:
    """Lets a thread wait for simulated time.

    Real time passes as it does. With a clock that is moved by hand a wait is over at once, unless
    `blocking` is set: then it takes until somebody has moved the clock far enough. The waits of a
    request follow upon each other without a gap, however far the clock is moved at a time.
    """

    blocking = False

    def __init__(self, clock: Clock) -> None:
        """Wait on a clock."""
        self._clock = clock
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closing = threading.Event()
        self._pending: Future[None] | None = None
        self._cursor = 0.0

    def open(self) -> None:
        """Work with the running loop."""
        self._loop = asyncio.get_running_loop()
        self._closing.clear()

    def close(self) -> None:
        """End all waiting."""
        self._closing.set()
        if self._pending is not None:
            self._pending.cancel()

    @property
    def closing(self) -> bool:
        """Return whether all waiting has been ended."""
        return self._closing.is_set()

    @property
    def waiting(self) -> bool:
        """Return whether the thread that serves waits for somebody to move the clock."""
        return self._pending is not None

    def begin(self, arrived: float) -> None:
        """Begin with a request, at once or when the one before it is over."""
        self._cursor = max(self._cursor, arrived)

    def wait(self, seconds: float, *, always: bool = False) -> None:
        """Return after so many simulated seconds; called by the thread that serves."""
        if seconds > 0 and isinstance(self._clock, RealClock):
            self._closing.wait(seconds / self._clock.speed)
        elif seconds > 0 and (self.blocking or always) and self._loop is not None:
            self._wait_for_hand(seconds, self._loop)
        if self._closing.is_set():
            raise ClosedError

    def pause(self, seconds: float) -> None:
        """Return after so many real seconds."""
        if self._closing.wait(seconds):
            raise ClosedError

    def _wait_for_hand(self, seconds: float, loop: asyncio.AbstractEventLoop) -> None:
        self._cursor += seconds
        if self._cursor <= self._clock.monotonic():
            return
        self._pending = asyncio.run_coroutine_threadsafe(self._until(self._cursor), loop)
        if self._closing.is_set():
            self._pending.cancel()
        try:
            self._pending.result()
        except CancelledError, asyncio.CancelledError:
            raise ClosedError from None
        finally:
            self._pending = None

    async def _until(self, moment: float) -> None:
        """Sleep in the loop, where nobody moves the clock between asking it and sleeping."""
        await self._clock.sleep(moment - self._clock.monotonic())
