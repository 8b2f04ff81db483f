"""What happens when: drawn from the seed alone, before anything has happened."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

HOUR = 3600.0


@dataclass(frozen=True, slots=True)
class Event:
    """Something that begins at a time."""

    at: float
    """Seconds since the beginning of the soak."""
    name: str
    seed: str
    """For all that is left to chance when it happens."""

    @property
    def chance(self) -> Random:
        """Return the chance of this event; the same in each run."""
        return Random(self.seed)  # noqa: S311  no secret hangs on it


def draw(seed: str, names: Sequence[str], mean: float, end: float) -> list[Event]:
    """Draw events up to a time, `mean` seconds apart; each name comes up once in a round."""
    random = Random(seed)  # noqa: S311  no secret hangs on it
    rounds = _rounds(random, names)
    events: list[Event] = []
    at = random.expovariate(1 / mean)
    while at < end:
        events.append(Event(at, next(rounds), f"{seed}:{len(events)}"))
        at += random.expovariate(1 / mean)
    return events


def _rounds(random: Random, names: Sequence[str]) -> Iterator[str]:
    """Yield the names in an order that changes from round to round."""
    while True:
        yield from random.sample(names, len(names))
