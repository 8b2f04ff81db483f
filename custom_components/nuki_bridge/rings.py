"""Finding the rings in an Opener's states, each once."""

from datetime import datetime, timedelta
from typing import Final

from .models import NukiDevice, State

MAX_AGE: Final = timedelta(seconds=120)
CLOCK_TOLERANCE: Final = timedelta(seconds=60)

RING: Final = "ring"
RING_TO_OPEN: Final = "ring_to_open"


class Rings:
    """Remembers when each Opener last rang.

    The time of a ring is told again with every later state, for days; a ring that opens is told
    twice, seconds apart. A time that has not come yet is no ring and must not hide the true one.
    """

    def __init__(self) -> None:
        """Start with nothing heard."""
        self._last: dict[int, datetime | None] = {}

    def heard(
        self, known: NukiDevice | None, device: NukiDevice, bridge_time: datetime
    ) -> str | None:
        """Return the kind of ring that a new state tells of, or None.

        The first state of a device is what later ones are compared with.
        """
        at = device.last.ring_at
        if known is None:
            self._last[device.nuki_id] = at
            return None
        if at is None:
            rings = bool(device.last.ring_active) and not known.last.ring_active
        else:
            last = self._last.get(device.nuki_id)
            if at > bridge_time + CLOCK_TOLERANCE or (last is not None and at <= last):
                return None
            self._last[device.nuki_id] = at
            rings = bridge_time - at <= MAX_AGE
        if not rings:
            return None
        lets_in = known.state in (State.RING_TO_OPEN, State.CONTINUOUS_MODE)
        return RING_TO_OPEN if lets_in else RING
