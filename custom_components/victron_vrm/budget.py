"""How many requests an account may send: a bucket that is shared by all that use the account.

The cloud's own bucket takes 200 requests and drains 3 a second (VRM API v2 documentation, "Rate
limiting"). Others use the account too, the portal and other programs: we plan for a tenth of it.
"""

from collections import deque
from collections.abc import Callable
from enum import IntEnum
from typing import Final

from .clock import CLOCK

RATE: Final = 0.303  # requests a second
USUAL_PAUSE: Final = 60.0  # seconds, where the cloud does not say how long
LONGEST_PAUSE: Final = 3600.0


class Priority(IntEnum):
    """Who asks; the number is how full the bucket may be for that."""

    HISTORY = 10
    SITE = 40
    ACCOUNT = 60
    USER = 80


class Budget:
    """The bucket of one account. Nobody waits in here: who is told to comes again."""

    def __init__(self, now: Callable[[], float] | None = None) -> None:
        """Start empty; `now` is a clock in seconds."""
        self._now = now or CLOCK.monotonic
        self._level = 0.0
        self._level_at = self._now()
        self._paused_until = self._level_at
        self._sent_at: deque[float] = deque()
        self.refusals = 0
        self.sent = 0
        """Requests since the beginning."""

    def wait(self, priority: Priority) -> float:
        """Return the seconds until a request may be sent."""
        self._drain()
        too_full = max(0.0, self._level + 1 - priority) / RATE
        return max(too_full, self._paused_until - self._now())

    def spend(self) -> None:
        """Note a request."""
        self._drain()
        self._level += 1
        self.sent += 1
        self._forget_old()
        self._sent_at.append(self._now())

    def pause(self, retry_after: float | None) -> None:
        """Send nothing for a while: the cloud had too many requests."""
        self.refusals += 1
        pause = USUAL_PAUSE if retry_after is None else min(retry_after, LONGEST_PAUSE)
        self._paused_until = max(self._paused_until, self._now() + pause)

    @property
    def requests_last_hour(self) -> int:
        """How many requests were sent within the last hour."""
        self._forget_old()
        return len(self._sent_at)

    def _drain(self) -> None:
        now = self._now()
        self._level = max(0.0, self._level - (now - self._level_at) * RATE)
        self._level_at = now

    def _forget_old(self) -> None:
        hour_ago = self._now() - 3600
        while self._sent_at and self._sent_at[0] < hour_ago:
            self._sent_at.popleft()
