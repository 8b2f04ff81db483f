"""What was logged, and what nobody caught."""

import asyncio
from collections import Counter
import logging
from typing import Any, override

_NEVER = ("never retrieved", "never awaited", "was destroyed but it is pending")


class LogKeeper(logging.Handler):
    """Counts warnings and errors by logger, and keeps what must not be."""

    def __init__(self) -> None:
        """Start with nothing logged."""
        super().__init__(logging.WARNING)
        self.counts: Counter[tuple[str, str]] = Counter()
        self.examples: dict[tuple[str, str], str] = {}
        self.unhandled: list[str] = []

    @override
    def emit(self, record: logging.LogRecord) -> None:
        """Count a record; keep it if it tells of an exception that nobody expected."""
        text = record.getMessage()
        key = (record.name, record.levelname)
        self.counts[key] += 1
        self.examples.setdefault(key, text[:200])
        serious = record.levelno >= logging.ERROR and bool(record.exc_info)
        if serious or any(never in text for never in _NEVER):
            trace = ""
            if record.exc_info and record.exc_info[1] is not None:
                trace = " | " + logging.Formatter().formatException(record.exc_info)[-1500:]
            self.unhandled.append(f"{record.name}: {text[:500]}{trace}")

    def loop_exception(self, _: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """Keep what the event loop caught in the end."""
        self.unhandled.append(f"event loop: {context.get('message')} {context.get('exception')!r}")


def listen() -> LogKeeper:
    """Listen to all loggers from now on, and to Python's own warnings."""
    keeper = LogKeeper()
    logging.captureWarnings(capture=True)
    root = logging.getLogger()
    root.setLevel(logging.WARNING)
    root.handlers = [keeper]
    return keeper
