"""Which points a server and the heat pump behind it really have, and which spoil an answer.

A server may know hundreds of points that its heat pump lacks. One of them in a request makes the
whole answer an error: the message names it when points are read one after the other, and says
nothing when measured points are read at once.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import batched

from .api import HtRestClient
from .errors import (
    HtRestAbsentPointError,
    HtRestLineError,
    HtRestResponseError,
    HtRestUnknownNamesError,
)
from .models import Value

CHUNK = 10  # settings in a poll
AT_ONCE = 5  # settings in a request: a command that comes meanwhile waits for no more
FAST_TRIES = 2  # an answer may be lost once
MOST_FAILURES = 12  # in one search; each costs 5 s
FUTILE_FAILURES = 6  # before anything could be read: the line is down, no point is to blame


type Take = Callable[[dict[str, Value]], None]


def _take_nothing(_values: dict[str, Value]) -> None:
    """Leave values to whoever looks at the findings."""


@dataclass(slots=True)
class Findings:
    """What came of reading some points."""

    values: dict[str, Value] = field(default_factory=dict)
    absent: set[str] = field(default_factory=set)  # the heat pump does not have them
    spoilt: set[str] = field(default_factory=set)  # their answers are lost every time
    unknown: set[str] = field(default_factory=set)  # no longer in the server's table
    failures: int = 0
    duration: float | None = None  # seconds that a fast read took, if all went well

    def answered(self, names: Iterable[str], values: dict[str, Value], take: Take) -> None:
        """Take in an answer; a point that it lacks, or shows as nothing, is spoilt."""
        self.values |= values
        self.spoilt |= set(names) - values.keys()
        take(values)

    @property
    def bad(self) -> set[str]:
        """Names that are better left alone for a while."""
        return self.absent | self.spoilt | self.unknown


async def read_measured(
    client: HtRestClient, names: Collection[str], take: Take = _take_nothing
) -> Findings:
    """Read measured points at once; whatever spoils that is found, and the others are read.

    Values are handed over as soon as each request is answered.

    Raises:
        HtRestLineError, HtRestResponseError: too much goes wrong for a single point to be the
            cause.
        And what HtRestClient.device() raises.
    """
    for _ in range(FAST_TRIES if names else 0):
        try:
            values = await client.fast(names)
        except HtRestUnknownNamesError:
            break
        except HtRestLineError, HtRestResponseError:
            continue
        found = Findings(duration=client.last_duration)
        found.answered(names, values, take)
        return found
    return await read_each(client, names, take)


async def read_each(
    client: HtRestClient, names: Collection[str], take: Take = _take_nothing
) -> Findings:
    """Read points one after the other; those that spoil an answer are found by halving.

    Values are handed over as soon as each request is answered. Raises as read_measured() does.
    """
    found = Findings()
    for some in batched(names, AT_ONCE, strict=False):
        await _sift(client, some, found, take)
    return found


async def _sift(client: HtRestClient, names: Sequence[str], found: Findings, take: Take) -> None:
    """Read some points, into what was found before."""
    left = list(names)
    while left:
        try:
            found.answered(left, await client.read(left), take)
        except HtRestAbsentPointError as err:
            if err.name in left:
                found.absent.add(err.name)
                left.remove(err.name)
                continue
            if len(left) == 1:
                found.absent.add(left[0])
                return
        except HtRestUnknownNamesError as err:
            if err.names.isdisjoint(left):
                raise
            found.unknown |= err.names & set(left)
            left = [name for name in left if name not in err.names]
            continue
        except HtRestLineError, HtRestResponseError:
            found.failures += 1
            most = MOST_FAILURES if found.values else FUTILE_FAILURES
            if found.failures >= most:
                raise
            if len(left) == 1:
                await _try_again(client, left[0], found, take)
                return
        else:
            return
        middle = len(left) // 2
        await _sift(client, left[:middle], found, take)
        left = left[middle:]


async def _try_again(client: HtRestClient, name: str, found: Findings, take: Take) -> None:
    """Read a point once more that failed by itself."""
    try:
        found.answered([name], await client.read([name]), take)
    except HtRestLineError, HtRestResponseError:
        found.spoilt.add(name)
    except HtRestAbsentPointError:
        found.absent.add(name)
