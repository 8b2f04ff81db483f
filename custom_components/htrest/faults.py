"""What is new in the fault list, at the price of the lines that are new."""

from datetime import datetime
from enum import StrEnum

from .api import HtRestClient
from .errors import HtRestResponseError
from .memory import Memory
from .models import FaultEntry

MOST_MISSED = 20

# Codes of the list (documentation of htheatpump, "htscripts").
OVER = 65534
FIRST_INFO = 65285


class LineKind(StrEnum):
    """What a line of the list tells of."""

    FAULT = "fault"
    CLEARED = "cleared"
    INFO = "info"


def kind_of(entry: FaultEntry) -> LineKind:
    """Return what a line tells of."""
    if entry.error == OVER:
        return LineKind.CLEARED
    return LineKind.INFO if entry.error >= FIRST_INFO else LineKind.FAULT


async def read_news(client: HtRestClient, memory: Memory) -> list[FaultEntry]:
    """Return the lines that came since the last time, the oldest first; note the last one.

    What stands in the list when it is first read is not new. Lines are compared, not their numbers:
    a list may have been emptied, or be full and move up.

    Raises as HtRestClient.device() does; nothing is noted then.
    """
    last, before = await client.last_fault(), memory.last_line
    if not memory.faults_known:
        fault = last
        if last and kind_of(last) is not LineKind.FAULT and last.index:
            fault = await client.fault(last.index - 1)
        memory.faults_known = True
        _note(memory, last, fault)
        return []
    if last is None or (before and _is_same(last, before)):
        if last != before:
            _note(memory, last)
        return []
    news = [last]
    for index in range(last.index - 1, -1, -1):
        if len(news) == MOST_MISSED:
            break
        try:
            line = await client.fault(index)
        except HtRestResponseError:
            continue  # a line that makes no sense hides none of the others
        if before and _is_same(line, before):
            break
        news.append(line)
    news.reverse()
    faults = [line for line in news if kind_of(line) is LineKind.FAULT]
    _note(memory, last, faults[-1] if faults else None)
    return news


def _is_same(line: FaultEntry, other: FaultEntry) -> bool:
    """Whether two lines are one event; before the clock is set all carry the same time."""
    return line.is_same_as(other) and (line.index == other.index or is_sensible(line.time))


def _note(memory: Memory, last: FaultEntry | None, fault: FaultEntry | None = None) -> None:
    memory.last_line = last
    if fault and kind_of(fault) is LineKind.FAULT:
        memory.last_fault = fault
    memory.save_soon()


def is_sensible(moment: datetime) -> bool:
    """Whether the clock ran when a line was written; before it is set it shows the year 2000."""
    return moment.year > 2000
