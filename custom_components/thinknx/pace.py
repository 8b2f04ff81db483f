"""How many requests a second a server gets: as many as wished, fewer after it complained.

No limit of the real server is published. Half the rate after a refusal and a slow recovery find
one that is there (additive increase, multiplicative decrease).
"""

from typing import Final

SLOWEST: Final = 0.2  # requests a second
RECOVERY: Final = 0.02  # requests a second, for each answer that was none
USUAL_PAUSE: Final = 5.0  # seconds, where the server does not say how long
MOST_BORROWED: Final = 2.0  # seconds for which commands may hold up reads
COMMANDS_AT_ONCE: Final = 5.0
COMMANDS_PER_READ: Final = 2.0  # commands come twice as fast, while reads make up for them


class Pace:
    """Says when the next request may be sent; time is given in seconds of any clock."""

    def __init__(self, wished: float, now: float) -> None:
        """Start as wished, in requests a second."""
        self.wished = wished
        self.rate = wished
        self.refusals = 0
        self._next_at = now
        self._paused_until = now
        self._commands_left = COMMANDS_AT_ONCE
        self._commands_at = now

    def wish(self, rate: float) -> None:
        """Go by another rate from now on."""
        self.wished = self.rate = rate

    # Reads

    def wait(self, now: float) -> float:
        """Return the seconds until the next read may be sent."""
        return max(0.0, self._next_at - now, self._paused_until - now)

    def sent(self, now: float, *, jitter: float = 1.0) -> None:
        """Note a request; commands are sent at once, and reads make up for them."""
        # One that came a moment late does not make all the others late.
        due = max(now - 1 / self.rate, self._next_at) + jitter / self.rate
        self._next_at = min(due, now + max(MOST_BORROWED, jitter / self.rate))

    def take(self, now: float) -> float:
        """Take the next turn before it has come; return the seconds until then.

        For whoever reads beside the scheduler, which would be quicker each time.
        """
        wait = self.wait(now)
        self._next_at = now + wait + 1 / self.rate
        return wait

    # Commands

    def command_wait(self, now: float) -> float:
        """Return the seconds until the next command may be sent: some at once, then in turn."""
        self._fill(now)
        missing = max(0.0, 1 - self._commands_left) / (COMMANDS_PER_READ * self.rate)
        return max(missing, self._paused_until - now)

    def command_sent(self, now: float) -> None:
        """Note a command; one that could not wait is made up for by the next ones."""
        self._fill(now)
        self._commands_left = max(-COMMANDS_AT_ONCE, self._commands_left - 1)
        self.sent(now)

    def _fill(self, now: float) -> None:
        more = (now - self._commands_at) * COMMANDS_PER_READ * self.rate
        self._commands_left = min(COMMANDS_AT_ONCE, self._commands_left + more)
        self._commands_at = now

    # What the server says of it

    def refused(self, now: float, retry_after: float | None) -> None:
        """Note that the server had too many requests; those on their way then count as one."""
        self.refusals += 1
        if now >= self._paused_until:
            self.rate = max(SLOWEST, self.rate / 2)
        pause = USUAL_PAUSE if retry_after is None else retry_after
        self._paused_until = max(self._paused_until, now + pause)

    def answered(self) -> None:
        """Note a good answer."""
        self.rate = min(self.wished, self.rate + RECOVERY)
