"""The log that the bridge keeps.

Sources: Bridge API 1.6, section /log, says only that entries have a timestamp and a type. The
types and their fields are those seen in a log of a hardware bridge of 2020 that was published with
a public client; ids are in hexadecimal there.
"""

from collections import deque
from collections.abc import Callable
from datetime import datetime
from typing import Any

from .devices import SimLock, stamp

_CAPACITY = 1000


class Journal:
    """Log entries, the newest first."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        """Start empty; `now` is the bridge's own clock."""
        self._now = now
        self._entries: deque[dict[str, Any]] = deque(maxlen=_CAPACITY)

    def note(self, kind: str, lock: SimLock | None = None, **more: Any) -> None:
        """Write an entry."""
        entry: dict[str, Any] = {"timestamp": stamp(self._now())}
        if lock is not None:
            entry["nukiId"] = lock.hex_id
        self._entries.appendleft(entry | {"type": kind} | more)

    def connect(self, lock: SimLock, pair_index: int) -> None:
        """Write what a Bluetooth connection leaves behind."""
        pair = {"pairIndex": pair_index}
        self.note("BLE-Connect", lock, **pair)
        self.note("BLE-Connect", macAddr=f"54D272{lock.hex_id[2:]}")
        self.note("BLE-Connected", lock, **pair, bleHandle="0001")
        self.note("BLE-TurnOnNotific", lock, **pair)

    def page(self, offset: int, count: int) -> list[dict[str, Any]]:
        """Return part of the log."""
        return list(self._entries)[offset : offset + count]

    def clear(self) -> None:
        """Forget all entries."""
        self._entries.clear()
