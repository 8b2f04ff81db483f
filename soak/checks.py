"""What is promised, and what of it was not kept."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from .log import LogKeeper
from .measures import Held, growth
from .wishes import Arrival, Wish, complaints

MOST_GROWTH = 1.0
"""Percent of memory an hour, in the last half."""


@dataclass
class Findings:
    """All that was seen."""

    seed: int
    days: float
    log: LogKeeper
    at_start: Held = field(default_factory=Held)
    at_end: Held = field(default_factory=Held)
    memory: list[tuple[float, float]] = field(default_factory=list)
    """Hours, and bytes."""
    entities: Counter[str] = field(default_factory=Counter)
    compared: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    wishes: dict[str, list[Wish]] = field(default_factory=dict)
    strangers: dict[str, list[Arrival]] = field(default_factory=dict)
    counts: dict[str, Counter[str]] = field(default_factory=dict)
    requests: Counter[str] = field(default_factory=Counter)
    complaints: list[str] = field(default_factory=list)
    simulated: float = 0.0
    real: float = 0.0


def broken_promises(findings: Findings) -> Iterator[str]:
    """Yield a line for each promise that was not kept."""
    yield from findings.complaints
    yield from (f"wrong at the end: {it}" for it in findings.wrong)
    yield from (f"lost at the end: {it}" for it in findings.lost)
    for domain, count in findings.entities.items():
        if not findings.compared[domain]:
            yield f"{domain}: none of {count} entities was compared"
    if (percent := growth(findings.memory)) >= MOST_GROWTH:
        yield f"memory grows by {percent:.2f} % an hour in the last half"
    yield from _left_over(findings.at_start, findings.at_end)
    yield from (f"unhandled: {it}" for it in findings.log.unhandled)
    for domain, wishes in findings.wishes.items():
        yield from complaints(wishes, findings.strangers.get(domain, []))


def _left_over(start: Held, end: Held) -> Iterator[str]:
    for name in ("tasks", "listeners", "timers", "sockets"):
        before, after = getattr(start, name), getattr(end, name)
        for what, more in sorted((after - before).items()):
            yield f"{more} {name} more than at the start: {what}"
    # Connections come and go; who asks on his own accord, or waits to be told, has to be there still.
    for name in ("tasks", "listeners", "timers"):
        before, after = getattr(start, name), getattr(end, name)
        for what, fewer in sorted((before - after).items()):
            yield f"{fewer} {name} fewer than at the start: {what}"
