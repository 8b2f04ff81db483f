"""What was asked of the cloud."""

from collections import Counter
from typing import Any, override

from simulators.stats import Stats

_SHOWN = 200


class VrmStats(Stats):
    """Counters of a cloud."""

    def __init__(self) -> None:
        """Start with nothing asked."""
        super().__init__()
        self.calls: Counter[str] = Counter()
        """Requests by method and pattern of their path, also those that were refused."""
        self.sites: dict[int, Counter[str]] = {}
        """The same by site, of those that were let in."""
        self.limited: Counter[str] = Counter()
        """Requests beyond the rate limit by method and pattern."""
        self.refused: Counter[str] = Counter()
        """Requests without good credentials by method and pattern."""
        self.accounts: Counter[int] = Counter()
        """Requests with good credentials by account."""
        self.wrong_header = 0
        """Credentials in the header `Authorization`, which does not count."""
        self.plain_codes = 0
        """Requests that spelled `attributeCodes[]` without brackets."""
        self.peak_level = 0.0
        """The fullest that the bucket of the rate limit was."""
        self.spans: list[tuple[int, str, str, float]] = []
        """Site, type, interval and length in seconds of all questions for energy readings."""

    def at_site(self, site_id: int, call: str) -> None:
        """Count a request about a site."""
        self.sites.setdefault(site_id, Counter())[call] += 1

    @override
    def reset(self) -> None:
        super().reset()
        for counter in (self.calls, self.sites, self.limited, self.refused, self.accounts):
            counter.clear()
        self.spans.clear()
        self.wrong_header = self.plain_codes = 0
        self.peak_level = 0.0

    @override
    def as_dict(self) -> dict[str, Any]:
        base = super().as_dict()
        base["history"] = base["history"][-_SHOWN:]
        return base | {
            "calls": dict(self.calls),
            "sites": {str(site): dict(calls) for site, calls in self.sites.items()},
            "limited": dict(self.limited),
            "refused": dict(self.refused),
            "accounts": {str(account): count for account, count in self.accounts.items()},
            "wrong_header": self.wrong_header,
            "plain_codes": self.plain_codes,
            "peak_level": round(self.peak_level, 2),
            "spans": self.spans[-_SHOWN:],
        }
