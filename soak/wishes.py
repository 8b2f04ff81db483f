"""What users asked for, and what became of it."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

type Arrival = tuple[Any, ...]
"""A command as a simulator's journal has it."""


class Outcome(StrEnum):
    """What Home Assistant told the user."""

    DONE = "done"
    FAILED = "failed"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True)
class Order:
    """Something that a user may ask for."""

    service: str
    """Domain and name of an action."""
    entity_id: str
    wanted: tuple[Arrival, ...]
    """What may arrive at the device, each once."""
    has_effect: Callable[[], bool]
    """Whether the device is as the user wants it."""
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Wish:
    """An order that was given."""

    what: str
    wanted: tuple[Arrival, ...]
    outcome: Outcome
    has_effect: bool = True
    arrived: list[Arrival] = field(default_factory=list)


def hand_out(wishes: Sequence[tuple[int, Wish]], journal: Sequence[Arrival]) -> list[Arrival]:
    """Give each wish what arrived from its start on, up to the next; return what came before."""
    if not wishes:
        return list(journal)
    ends = [mark for mark, _ in wishes[1:]] + [len(journal)]
    for (mark, wish), end in zip(wishes, ends, strict=True):
        wish.arrived = list(journal[mark:end])
    return list(journal[: wishes[0][0]])


def complaints(wishes: Sequence[Wish], strangers: Sequence[Arrival]) -> Iterator[str]:
    """Yield what was written twice, was not written though it was said, or was never asked for."""
    for arrival in strangers:
        yield f"{arrival} arrived, and nobody had asked for it"
    for wish in wishes:
        for arrival, times in Counter(wish.arrived).items():
            allowed = wish.wanted.count(arrival)
            if not allowed:
                yield f"{wish.what}: {arrival} arrived, and nobody had asked for it"
            elif times > allowed:
                yield f"{wish.what}: {arrival} arrived {times} times"
        if wish.outcome is Outcome.DONE:
            for arrival in wish.wanted:
                if arrival not in wish.arrived:
                    yield f"{wish.what}: was reported as done, but {arrival} never arrived"
            if not wish.has_effect:
                yield f"{wish.what}: was reported as done, but had no effect"
