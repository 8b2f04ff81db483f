"""What is due in the plant, and when."""

from collections.abc import Callable
import heapq
import itertools

_EARLY = 1e-6
"""Seconds by which something may happen too soon, so that rounding cannot keep it waiting."""


class Appointment:
    """Something that will happen unless it is cancelled."""

    __slots__ = ("_happen", "cancelled")

    def __init__(self, happen: Callable[[], None]) -> None:
        """Plan something."""
        self._happen = happen
        self.cancelled = False

    def cancel(self) -> None:
        """Let it not happen."""
        self.cancelled = True

    def happen(self) -> None:
        """Let it happen."""
        self._happen()


class Agenda:
    """Appointments in the order of their time."""

    def __init__(self) -> None:
        """Start with nothing planned."""
        self._due: list[tuple[float, int, Appointment]] = []
        self._order = itertools.count()

    @property
    def next_due(self) -> float | None:
        """Return when the next appointment is."""
        while self._due and self._due[0][2].cancelled:
            heapq.heappop(self._due)
        return self._due[0][0] if self._due else None

    def add(self, due: float, happen: Callable[[], None]) -> Appointment:
        """Plan something for a time."""
        appointment = Appointment(happen)
        heapq.heappush(self._due, (due, next(self._order), appointment))
        return appointment

    def pop(self, now: float) -> tuple[float, Appointment] | None:
        """Take the next appointment that is due by now."""
        due = self.next_due
        if due is None or due > now + _EARLY:
            return None
        return due, heapq.heappop(self._due)[2]
