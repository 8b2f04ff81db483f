"""What is read of each site beside the account's overview, how often, and what if it fails."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from .errors import VrmAuthError, VrmBusyError, VrmForbiddenError, VrmNotFoundError

HOUR: Final = 3600.0
DAY: Final = 24 * HOUR


class Job(StrEnum):
    """Something that is read of a site."""

    OVERVIEW = "overview"
    DIAGNOSTICS = "diagnostics"
    ENERGY = "energy"
    FORECAST = "forecast"
    ALARM_LOG = "alarm_log"


# At 300 s, with the account's overview, 22.2 requests an hour; at 120 s 40.2.
EVERY: Final[Mapping[Job, float]] = {
    Job.OVERVIEW: 6 * HOUR,
    Job.DIAGNOSTICS: 900.0,
    Job.ENERGY: 900.0,
    Job.FORECAST: HOUR,
    Job.ALARM_LOG: HOUR,
}
# Nothing new comes from a site that is silent; but that it is may be an alarm of the cloud's own.
OF_LIVE_SITES: Final = frozenset({Job.DIAGNOSTICS, Job.ENERGY})
READ_ANEW: Final = OF_LIVE_SITES | {Job.ALARM_LOG}
"""What is read at once when a site is heard again."""
FAILURES_ALLOWED: Final = 2
RETRY: Final = 600.0
NOT_ALLOWED_AGAIN: Final = DAY


@dataclass(slots=True)
class Plan:
    """When a job is to be done next, and how it went."""

    job: Job
    due: float = float("-inf")
    failures: int = 0
    every: float = field(init=False)
    """The seconds between two times, as it really is."""
    hopeless: bool = False
    """Whether the cloud does not let us, or has no such thing."""
    tried: bool = False
    done: bool = False
    """Whether it has ever succeeded."""

    def __post_init__(self) -> None:
        """Begin with what is planned for all."""
        self.every = EVERY[self.job]

    @property
    def is_failing(self) -> bool:
        """Whether what it feeds is not to be believed any more."""
        return self.hopeless or self.failures > FAILURES_ALLOWED

    def allow(self, allowed: bool) -> None:
        """Note what the cloud says of our rights, which are given and taken while we run."""
        if not allowed:
            self.tried, self.hopeless, self.due = True, True, float("inf")
        elif self.due == float("inf"):
            self.begin_again()

    def begin_again(self) -> None:
        """Do it at once, whatever the cloud said before."""
        self.failures, self.hopeless, self.due = 0, False, float("-inf")

    def succeeded(self, now: float, requests: int = 1) -> None:
        """Note that it is done; what has several pages is read as much less often."""
        self.tried = self.done = True
        self.failures, self.hopeless = 0, False
        pages = max(1, requests) if self.job is Job.DIAGNOSTICS else 1
        self.every = EVERY[self.job] * pages
        self.due = now + self.every

    def failed(self, now: float, err: Exception) -> None:
        """Note that it failed, and try again later and later."""
        if isinstance(err, VrmBusyError):
            self.due = now + max(err.retry_after or 0.0, 30.0)
            return
        self.tried = True
        self.failures += 1
        self.hopeless = isinstance(err, VrmAuthError | VrmForbiddenError | VrmNotFoundError)
        pause = min(RETRY * 2 ** min(self.failures - 1, 5), max(HOUR, EVERY[self.job]))
        self.due = now + (NOT_ALLOWED_AGAIN if self.hopeless else pause)
