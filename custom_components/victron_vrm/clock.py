"""Time, as everything here sees it: tests let a year pass in a second."""

import asyncio
import time


class Clock:
    """The time of this machine."""

    def monotonic(self) -> float:
        """Return seconds that never jump."""
        return time.monotonic()

    def time(self) -> float:
        """Return seconds since 1970."""
        return time.time()

    async def sleep(self, seconds: float) -> None:
        """Let time pass."""
        await asyncio.sleep(seconds)


CLOCK = Clock()
