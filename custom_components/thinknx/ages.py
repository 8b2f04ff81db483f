"""Which value is to be read next: the one that is older than it should be by the largest factor."""

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final

from .endpoints import STATUSES, Aspect
from .values import Value

OLDEST: Final = 180.0  # seconds; nothing gets older while the server answers
IN_TIME: Final = 0.9 * OLDEST
SIBLINGS_AFTER: Final = 5.0  # seconds after a change was seen
READS_AFTER_COMMAND: Final = (0.5, 1.5, 4.0)  # seconds
MOVING_EVERY: Final = 2.0  # seconds

REFUSALS_ALLOWED: Final = 3  # in a row
REFUSED_AGAIN: Final = 3.0  # seconds
REFUSED_PAUSE: Final = 300.0  # seconds
LONGEST_BROKEN_PAUSE: Final = 32.0  # seconds

# What changes with something else, and is looked at when that was set.
FOLLOWERS: Final[Mapping[Aspect, tuple[Aspect, ...]]] = {
    Aspect.POWER: (Aspect.LEVEL,),
    Aspect.LEVEL: (Aspect.POWER,),
    Aspect.HEIGHT: (Aspect.ANGLE,),
    Aspect.MODE: (Aspect.SETPOINT,),
    Aspect.CHRONO: (Aspect.MODE, Aspect.SETPOINT),
    Aspect.HVAC_POWER: (Aspect.HVAC_MODE, Aspect.HVAC_FAN),
}

type Key = tuple[str, Aspect]


class Reason(IntEnum):
    """Why a value is read; the higher one comes first."""

    AGE = 0
    MOVES = 1
    NEVER_READ = 2
    WANTED = 3
    NEARLY_TOO_OLD = 4


# Of ten reads, how many may be for something special while others are due.
SHARES: Final[Mapping[Reason, int]] = {
    Reason.MOVES: 3,
    Reason.WANTED: 7,
    Reason.NEARLY_TOO_OLD: 8,
}


@dataclass(slots=True)
class Endpoint:
    """A value that is read now and then."""

    guid: str
    aspect: Aspect
    read_at: float | None = None  # or was tried to be
    answered_at: float | None = None
    value: Value | None = None
    due: list[float] = field(default_factory=list)  # moments at which it is wanted at once
    moving_since: float = 0.0
    moving_until: float = 0.0
    refusals: int = 0
    breaks: int = 0  # reads in a row that broke off
    not_before: float = 0.0
    reading: bool = False

    @property
    def key(self) -> Key:
        """Which value it is."""
        return self.guid, self.aspect


class Ages:
    """Knows how old all values are."""

    def __init__(self) -> None:
        """Start with none."""
        self.endpoints: dict[Key, Endpoint] = {}
        self._lately: deque[Reason] = deque(maxlen=10)

    def want(self, keys: Iterable[Key]) -> None:
        """Read these and no others from now on."""
        wanted = set(keys)
        for key in self.endpoints.keys() - wanted:
            del self.endpoints[key]
        for key in wanted - self.endpoints.keys():
            self.endpoints[key] = Endpoint(*key)

    def next(self, now: float, rate: float) -> Endpoint | None:
        """Return what is to be read now, at so many reads a second; None if nothing is due."""
        open_ones = [
            it for it in self.endpoints.values() if not it.reading and it.not_before <= now
        ]
        last = self._nearly_too_old(open_ones, now, rate)
        allowed = {it for it in Reason if self._lately.count(it) < SHARES.get(it, 99)}
        best = self._best(open_ones, last, now, allowed)
        best = best or self._best(open_ones, last, now, set(Reason))
        if best is None:
            return None
        self._lately.append(best[0])
        return best[1]

    def _nearly_too_old(
        self, open_ones: Iterable[Endpoint], now: float, rate: float
    ) -> Endpoint | None:
        """Return the oldest value if, with those that come after it, it is high time for it."""
        read = sorted(
            (it for it in open_ones if it.read_at is not None), key=lambda it: it.read_at or 0
        )
        each = 1 / (rate * SHARES[Reason.NEARLY_TOO_OLD] / 10)
        for place, endpoint in enumerate(read, 1):
            if now - (endpoint.read_at or 0) + place * each >= IN_TIME:
                return read[0]
        return None

    def _best(
        self,
        open_ones: Iterable[Endpoint],
        last: Endpoint | None,
        now: float,
        allowed: set[Reason],
    ) -> tuple[Reason, Endpoint] | None:
        if last and Reason.NEARLY_TOO_OLD in allowed:
            return Reason.NEARLY_TOO_OLD, last
        best: tuple[Reason, Endpoint] | None = None
        most = (Reason.AGE, 1.0)
        for endpoint in open_ones:
            urgency = self._urgency(endpoint, now, allowed)
            if urgency >= most:
                best, most = (urgency[0], endpoint), urgency
        return best

    def wait(self, now: float) -> float:
        """Return the seconds until something may be due; half a second at most."""
        soonest = 0.5
        for endpoint in self.endpoints.values():
            if endpoint.due and not endpoint.reading:
                soonest = min(soonest, max(endpoint.due[0], endpoint.not_before) - now)
        return max(0.01, soonest)

    def _urgency(
        self, endpoint: Endpoint, now: float, allowed: set[Reason]
    ) -> tuple[Reason, float]:
        """Return why, and how much, a value should be read; by age alone above 1 only."""
        if endpoint.due and endpoint.due[0] <= now and Reason.WANTED in allowed:
            return Reason.WANTED, now - endpoint.due[0]
        if endpoint.read_at is None:
            return Reason.NEVER_READ, 1 / self._target(endpoint)
        age = now - endpoint.read_at
        if endpoint.moving_until > now and Reason.MOVES in allowed:
            since = now - max(endpoint.read_at, endpoint.moving_since)
            if since >= MOVING_EVERY:
                return Reason.MOVES, since
        return Reason.AGE, age / self._target(endpoint)

    def _target(self, endpoint: Endpoint) -> float:
        if endpoint.aspect is Aspect.LEVEL:
            power = self.endpoints.get((endpoint.guid, Aspect.POWER))
            if power and power.value == 0:
                return OLDEST  # the level of a lamp that is off tells nothing
        return STATUSES[endpoint.aspect].age

    # What happens

    def was_read(self, endpoint: Endpoint, value: Value | None, now: float) -> None:
        """Note a value; what belongs to one that changed is looked at soon."""
        before = endpoint.read_at
        changed = before is not None and endpoint.value != value
        endpoint.read_at, endpoint.answered_at, endpoint.value = now, now, value
        endpoint.refusals = endpoint.breaks = 0
        endpoint.not_before = 0.0
        endpoint.due = [due for due in endpoint.due if due > now]
        if changed:
            for follower in FOLLOWERS.get(endpoint.aspect, ()):
                self.read_soon(endpoint.guid, follower, now, (SIBLINGS_AFTER,))
        elif before is not None and before > endpoint.moving_since and value is not None:
            endpoint.moving_until = 0.0  # twice the same since it began: it has arrived

    def was_refused(self, endpoint: Endpoint, now: float) -> bool:
        """Note that a value cannot be read; after some tries it is left alone for a while.

        Returns:
            Whether it has been refused so often that this is no accident.
        """
        endpoint.refusals += 1
        endpoint.read_at = now
        endpoint.due = [now + REFUSED_AGAIN]
        if lasting := endpoint.refusals >= REFUSALS_ALLOWED:
            endpoint.not_before = now + REFUSED_PAUSE
        return lasting

    def broke_off(self, endpoint: Endpoint, now: float) -> None:
        """Note a read that broke off; it is tried again, less and less often."""
        endpoint.breaks += 1
        endpoint.not_before = now + min(LONGEST_BROKEN_PAUSE, 2.0 ** min(endpoint.breaks, 9))

    def is_lost(self, endpoint: Endpoint, now: float) -> bool:
        """Return whether reads broke off for so long that what is known is too old to be shown."""
        if endpoint.breaks < REFUSALS_ALLOWED:
            return False
        return endpoint.answered_at is None or now - endpoint.answered_at >= OLDEST

    def give_up(self, endpoint: Endpoint, now: float) -> None:
        """Leave a value alone for a while."""
        endpoint.read_at = now
        endpoint.due = []
        endpoint.not_before = now + REFUSED_PAUSE

    def read_soon(self, guid: str, aspect: Aspect, now: float, after: Iterable[float]) -> None:
        """Read a value at some moments from now."""
        if endpoint := self.endpoints.get((guid, aspect)):
            endpoint.due = sorted({*endpoint.due, *(now + seconds for seconds in after)})

    def was_commanded(self, guid: str, aspect: Aspect, now: float, *, confirmed: bool) -> None:
        """Look at what was set until it has had time to change, and at what goes with it."""
        if not confirmed:
            self.read_soon(guid, aspect, now, READS_AFTER_COMMAND)
        for follower in FOLLOWERS.get(aspect, ()):
            self.read_soon(guid, follower, now, READS_AFTER_COMMAND[1:])

    def moves(self, guid: str, now: float, seconds: float) -> None:
        """Look at a blind often while it moves."""
        if endpoint := self.endpoints.get((guid, Aspect.HEIGHT)):
            endpoint.moving_since, endpoint.moving_until = now, now + seconds

    def look_at_all(self) -> None:
        """Read everything as if it had never been read."""
        for endpoint in self.endpoints.values():
            endpoint.read_at, endpoint.not_before = None, 0.0
            endpoint.refusals = endpoint.breaks = 0

    @property
    def is_complete(self) -> bool:
        """Whether everything was read, or tried, at least once."""
        return all(endpoint.read_at is not None for endpoint in self.endpoints.values())

    def oldest(self, now: float) -> float | None:
        """Return the age of the oldest value, None if there is none yet."""
        ages = [now - it.read_at for it in self.endpoints.values() if it.read_at is not None]
        return max(ages, default=None)
