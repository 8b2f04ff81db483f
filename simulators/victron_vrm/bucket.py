"""The rate limit.

Source: VRM API v2 documentation, section on rate limiting: 200 requests, of which one runs out
every 0.33 s.
"""

_FOR_LONG = 3600.0


class Bucket:
    """A bucket that requests fill and time empties."""

    def __init__(self) -> None:
        """Start empty."""
        self.level = 0.0
        self._at = 0.0

    def fill(self, level: float, now: float) -> None:
        """Let it be so full."""
        self.level, self._at = level, now

    def take(self, now: float, size: float, rate: float) -> float:
        """Put a request in; return 0, or the seconds until there is room for it."""
        self.level = max(0.0, self.level - (now - self._at) * rate)
        self._at = now
        if self.level + 1 > size:
            return (self.level + 1 - size) / rate if rate > 0 else _FOR_LONG
        self.level += 1
        return 0.0
