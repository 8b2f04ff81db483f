"""Process time of Home Assistant alone, though simulated devices live in the same event loop."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from time import thread_time
from typing import Any
from unittest.mock import patch

_DEVICE: ContextVar[bool] = ContextVar("device", default=False)


@contextmanager
def as_device() -> Iterator[None]:
    """Let everything that is started meanwhile, and what comes of it, count as a device's work."""
    token = _DEVICE.set(True)
    try:
        yield
    finally:
        _DEVICE.reset(token)


class Work:
    """The process time of everything in the event loop that is not a device's work."""

    def __init__(self) -> None:
        """Start with nothing done."""
        self.seconds = 0.0
        self.longest = 0.0
        """The longest step, in which nothing else could run."""

    @contextmanager
    def counted(self) -> Iterator[None]:
        """Count as long as this is open."""
        run = asyncio.Handle._run  # noqa: SLF001  each step of the loop goes through it

        def timed(handle: Any) -> None:
            began = thread_time()
            run(handle)
            if not handle._context.get(_DEVICE, False):  # noqa: SLF001
                step = thread_time() - began
                self.seconds += step
                self.longest = max(self.longest, step)

        with patch.object(asyncio.Handle, "_run", timed):
            yield
