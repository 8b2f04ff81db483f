"""What was asked of a server."""

from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any, override

from simulators.stats import Stats

from .knx import SentTelegram

_SHOWN = 200


@dataclass(slots=True)
class CommandRecord:
    """A command that came in, whatever became of it; secrets are left out."""

    at: float
    """When it arrived, on the simulator's clock."""
    method: str
    controller: str
    guid: str
    params: dict[str, str]
    """All other parameters in their order; `fb` among them only if it had a value."""
    fb: bool
    status: int | None = None


class ThinknxStats(Stats):
    """Counters of a server."""

    def __init__(self) -> None:
        """Start with nothing done."""
        super().__init__()
        self.controllers: Counter[str] = Counter()
        """Requests with right credentials by endpoint."""
        self.guids: Counter[str] = Counter()
        """The same by GUID."""
        self.read_at: dict[tuple[str, str], float] = {}
        """When each (GUID, status endpoint) was last answered with 200."""
        self.longest_gap: dict[tuple[str, str], float] = {}
        """The longest time between two such answers."""
        self.commands: list[CommandRecord] = []
        self.telegrams: list[SentTelegram] = []
        self.refused: Counter[str] = Counter()
        """Answers 429 of the rate limit by path."""
        self.challenges = 0
        """Challenges with Digest in them, stale ones included."""
        self.stale_challenges = 0
        self.auth_failures = 0
        """Wrong credentials and wrong keys."""
        self.locked_out = 0
        """Requests turned away while nobody was let in."""
        self.wrong_uris = 0
        """Digests made for another target than that of the request line."""
        self.wrong_counts = 0
        """Digests with a nonce count that did not rise."""

    def asked(self, controller: str, guid: str) -> None:
        """Count a request with right credentials."""
        self.controllers[controller] += 1
        if guid:
            self.guids[guid] += 1

    def read(self, controller: str, guid: str, now: float) -> None:
        """Take note of a status that was told."""
        endpoint = (guid, controller)
        if (before := self.read_at.get(endpoint)) is not None:
            self.longest_gap[endpoint] = max(self.longest_gap.get(endpoint, 0.0), now - before)
        self.read_at[endpoint] = now

    @override
    def reset(self) -> None:
        super().reset()
        for counter in (self.controllers, self.guids, self.refused, self.read_at):
            counter.clear()
        self.longest_gap.clear()
        self.commands.clear()
        self.telegrams.clear()
        self.challenges = self.stale_challenges = self.auth_failures = 0
        self.locked_out = self.wrong_uris = self.wrong_counts = 0

    @override
    def as_dict(self) -> dict[str, Any]:
        base = super().as_dict()
        base["history"] = base["history"][-_SHOWN:]
        return base | {
            "controllers": dict(self.controllers),
            "guids": dict(self.guids),
            "refused": dict(self.refused),
            "commands": [asdict(command) for command in self.commands[-_SHOWN:]],
            "telegrams": [asdict(telegram) for telegram in self.telegrams[-_SHOWN:]],
            "longest_gap": max(self.longest_gap.values(), default=0.0),
            "challenges": self.challenges,
            "stale_challenges": self.stale_challenges,
            "auth_failures": self.auth_failures,
            "locked_out": self.locked_out,
            "wrong_uris": self.wrong_uris,
            "wrong_counts": self.wrong_counts,
        }
