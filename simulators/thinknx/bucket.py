"""The rate limit."""


class Bucket:
    """A token bucket; full at the beginning."""

    def __init__(self) -> None:
        """Start full."""
        self._tokens: float | None = None
        self._at = 0.0

    def fill(self) -> None:
        """Begin anew with a full bucket."""
        self._tokens = None

    def take(self, rate: float, burst: int, now: float) -> float:
        """Take a token; return 0, or the seconds until there is one again."""
        tokens = burst if self._tokens is None else self._tokens + (now - self._at) * rate
        tokens = min(float(burst), tokens)
        self._at = now
        if tokens < 1:
            self._tokens = tokens
            return (1 - tokens) / rate
        self._tokens = tokens - 1
        return 0.0
