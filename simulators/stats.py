"""What was asked of a simulator."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

_HISTORY = 5000


@dataclass(slots=True)
class RequestRecord:
    """One request as it arrived, secrets masked."""

    method: str
    path: str
    params: dict[str, str]
    at: float
    peer_host: str | None
    peer_port: int | None
    status: int | None = None


class Stats:
    """Counters that every simulator keeps."""

    def __init__(self) -> None:
        """Start with nothing asked."""
        self.requests: Counter[str] = Counter()
        self.busy: Counter[str] = Counter()
        self.rejected = 0
        self.in_flight = 0
        self.max_in_flight = 0
        self.history: list[RequestRecord] = []

    def enter(self, record: RequestRecord) -> None:
        """Count a request that has arrived."""
        self.requests[record.path] += 1
        self.in_flight += 1
        self.max_in_flight = max(self.max_in_flight, self.in_flight)
        self.history.append(record)
        del self.history[:-_HISTORY]

    def leave(self) -> None:
        """Count a request as over."""
        self.in_flight -= 1

    def reset(self) -> None:
        """Forget everything but the requests that are still running."""
        self.requests.clear()
        self.busy.clear()
        self.rejected = 0
        self.max_in_flight = self.in_flight
        self.history.clear()

    def as_dict(self) -> dict[str, Any]:
        """Return the counters for the control interface."""
        return {
            "requests": dict(self.requests),
            "busy": dict(self.busy),
            "rejected": self.rejected,
            "in_flight": self.in_flight,
            "max_in_flight": self.max_in_flight,
            "history": [asdict(record) for record in self.history],
        }


def masked(params: Mapping[str, str], secret: frozenset[str]) -> dict[str, str]:
    """Return request parameters with the secret ones blanked; their names stay visible."""
    return {key: "***" if key in secret else value for key, value in params.items()}
