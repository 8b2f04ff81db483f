"""Printing what was found."""

from collections import Counter
from collections.abc import Sequence

from .checks import Findings
from .measures import growth, slope
from .schedule import HOUR
from .wishes import Outcome

_MEBIBYTE = 2**20


def tell(findings: Findings, broken: Sequence[str]) -> None:
    """Print the table and the broken promises."""
    print(
        f"seed {findings.seed}: {findings.simulated / HOUR:.0f} simulated hours"
        f" in {findings.real:.0f} seconds"
    )
    row = "{:14}" + "{:>10}" * 9
    print(
        row.format(
            *("", "requests", "troubles", "happened", "commands", "done"),
            *("failed", "grey", "compared", "entities"),
        )
    )
    for domain, counts in sorted(findings.counts.items()):
        outcomes = Counter(wish.outcome for wish in findings.wishes[domain])
        print(
            row.format(
                domain,
                findings.requests[domain],
                _all(counts, "trouble"),
                _all(counts, "happened"),
                outcomes.total(),
                outcomes[Outcome.DONE],
                outcomes[Outcome.FAILED],
                outcomes[Outcome.UNAVAILABLE],
                findings.compared[domain],
                findings.entities[domain],
            )
        )
    _tell_held(findings)
    _tell_memory(findings)
    _tell_log(findings)
    for line in broken:
        print(f"broken promise: {line}")
    if not broken:
        print("all promises kept")


def _all(counts: Counter[str], kind: str) -> int:
    return sum(count for name, count in counts.items() if name.startswith(kind))


def _tell_held(findings: Findings) -> None:
    print(f"{'':14}{'start':>10}{'end':>10}")
    for name in ("tasks", "listeners", "timers", "sockets"):
        before, after = getattr(findings.at_start, name), getattr(findings.at_end, name)
        print(f"{name:14}{before.total():>10}{after.total():>10}")


def _tell_memory(findings: Findings) -> None:
    sizes = [size / _MEBIBYTE for _, size in findings.memory]
    if len(sizes) < 2:
        return
    half = findings.memory[len(findings.memory) // 2 :]
    print(
        f"memory: {sizes[0]:.1f} MiB at first, {sizes[len(sizes) // 2]:.1f} at half-time,"
        f" {sizes[-1]:.1f} at the end; last half {slope(half) / 1024:+.1f} KiB/h,"
        f" {growth(findings.memory):+.4f} %/h"
    )


def _tell_log(findings: Findings) -> None:
    print("log, with an example of each:")
    for (logger, level), count in sorted(findings.log.counts.items()):
        print(f"  {count:6} {level:8} {logger}: {findings.log.examples[logger, level][:80]}")
    print(f"  {len(findings.log.unhandled):6} unhandled exceptions")
