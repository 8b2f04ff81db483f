"""What was asked of the server, and what that cost on the serial line."""

from collections import Counter, deque
import threading
from typing import Any, override

from simulators.stats import RequestRecord, Stats

from .points import Value

_LOG = 5000


class HtRestStats(Stats):
    """Counters of a server and of the line behind it."""

    def __init__(self) -> None:
        """Start with nothing done."""
        super().__init__()
        self.lock = threading.RLock()
        self.calls: Counter[str] = Counter()
        """Requests by method and pattern of the path, for example `GET /param/{name}`."""
        self.serial_commands = 0
        """Commands sent to the pump, logins included."""
        self.serial_seconds = 0.0
        """Simulated seconds for which requests have kept the server busy."""
        self.costs: deque[tuple[str, int]] = deque(maxlen=_LOG)
        """Pattern and serial commands of the last requests."""
        self.commands: deque[str] = deque(maxlen=_LOG)
        """The last serial commands."""
        self.writes: list[tuple[str, Value]] = []
        """Names and values of all writes that the pump has really taken."""
        self.asked: list[tuple[str, Value]] = []
        """Names and values of all writes that were sent to the pump, whether or not it took them."""
        self.slot_writes: list[tuple[int, int, int]] = []
        """Program, day and number of all time program slots really written."""
        self.clock_sets: list[str] = []
        """All times to which the pump's clock was really set."""
        self.max_queued = 0
        """Most requests that the server still had to answer, abandoned ones included."""
        self.abandoned = 0
        """Requests carried out though nobody waited for the answer any more."""

    @property
    def last_cost(self) -> int:
        """Return the serial commands of the last request."""
        return self.costs[-1][1] if self.costs else 0

    def arrived(self, waiting: int, queued: int) -> None:
        """Take note of a new connection: clients waiting, and requests not yet answered."""
        with self.lock:
            self.max_in_flight = max(self.max_in_flight, waiting)
            self.max_queued = max(self.max_queued, queued)

    def sent(self, command: str) -> None:
        """Count a serial command."""
        with self.lock:
            self.serial_commands += 1
            self.commands.append(command)

    def cost(self, pattern: str, commands: int) -> None:
        """Take note of what a request has cost."""
        with self.lock:
            self.calls[pattern] += 1
            self.costs.append((pattern, commands))

    @override
    def enter(self, record: RequestRecord) -> None:
        # Connections are counted where they arrive: they queue before they are served.
        with self.lock:
            most = self.max_in_flight
            super().enter(record)
            self.max_in_flight = most

    @override
    def leave(self) -> None:
        with self.lock:
            super().leave()

    @override
    def reset(self) -> None:
        with self.lock:
            super().reset()
            self.max_in_flight = self.max_queued = self.abandoned = self.serial_commands = 0
            self.serial_seconds = 0.0
            for kept in (self.calls, self.costs, self.commands, self.writes, self.asked):
                kept.clear()
            self.slot_writes.clear()
            self.clock_sets.clear()

    @override
    def as_dict(self) -> dict[str, Any]:
        with self.lock:
            return super().as_dict() | {
                "calls": dict(self.calls),
                "serial_commands": self.serial_commands,
                "serial_seconds": round(self.serial_seconds, 3),
                "costs": list(self.costs)[-100:],
                "commands": list(self.commands)[-100:],
                "writes": list(self.writes),
                "asked": list(self.asked),
                "slot_writes": list(self.slot_writes),
                "clock_sets": list(self.clock_sets),
                "max_queued": self.max_queued,
                "abandoned": self.abandoned,
            }
