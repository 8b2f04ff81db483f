"""Values that change in exactly the share that a measurement wants."""

from collections.abc import Sequence

from .points import SimPoint
from .readings import SLOT_SECONDS


class ForcedChanges:
    """Lets a fixed share of the points change in every half minute, in turn.

    The plant stands still meanwhile. Every change moves a value by one and the next one back.
    Measured points come first, settings only where the share cannot do without them.
    """

    def __init__(self, points: Sequence[SimPoint], share: float, now: float) -> None:
        """Begin at `now` with the values as they are."""
        if not 0.0 <= share <= 1.0:
            raise ValueError("the share must be from 0 to 1")
        ranked = sorted(points, key=_rank)
        self._per_slot = round(share * len(ranked))
        # Only as many take part as a whole number of turns needs, settings last.
        measured = sum(not point.writable and bool(point.unit) for point in ranked)
        self._ring = ranked[: max(self._per_slot, measured)]
        self._places = {point.id: place for place, point in enumerate(self._ring)}
        self._bases = {point.id: point.value for point in self._ring}
        self._begun = now

    def value(self, point: SimPoint, now: float) -> int:
        """Return what a point shows at a time."""
        base = self._bases.get(point.id)
        if base is None or not self._moved(point, now):
            return point.value if base is None else base
        return base - 1 if base >= point.size.high else base + 1

    def rebase(self, point: SimPoint, now: float) -> None:
        """Take over a value that was written."""
        if point.id in self._bases:
            step = 1 if self._moved(point, now) else 0
            self._bases[point.id] = point.value - step

    def _moved(self, point: SimPoint, now: float) -> bool:
        """Return whether a point has changed an odd number of times."""
        turns = int((now - self._begun) / SLOT_SECONDS) * self._per_slot
        place = self._places[point.id]
        if turns <= place:
            return False
        return ((turns - place - 1) // len(self._ring) + 1) % 2 == 1


def _rank(point: SimPoint) -> tuple[bool, bool, int]:
    return point.writable, not point.unit, point.id
