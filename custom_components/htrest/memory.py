"""What outlives a restart: which points there are, the last fault, modes and a boost under way."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Self

from homeassistant.core import HomeAssistant
from homeassistant.helpers.storage import Store

from .const import DOMAIN
from .models import FaultEntry

STORE_VERSION = 1
SAVE_DELAY = 10.0


@dataclass(frozen=True, slots=True)
class Boost:
    """Hot water that is heated now; what was set before is put back afterwards."""

    target: int  # °C
    before: Mapping[str, int]  # set points as they were, by name
    raised: Mapping[str, int]  # and as they are now
    ends: datetime
    until_reached: bool

    def as_json(self) -> dict[str, Any]:
        """Return it as the store keeps it."""
        return {
            **asdict(self),
            "before": dict(self.before),
            "raised": dict(self.raised),
            "ends": self.ends.isoformat(),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Return what the store has kept."""
        return cls(**{**data, "ends": datetime.fromisoformat(data["ends"])})


@dataclass(slots=True)
class Memory:
    """What is kept of one heat pump."""

    store: Store[dict[str, Any]]
    table: frozenset[str] = frozenset()  # names that the server knew
    present: frozenset[str] = frozenset()  # names that the heat pump has
    absent: frozenset[str] = frozenset()  # names that it lacks
    faults_known: bool = False
    last_line: FaultEntry | None = None  # of the fault list
    last_fault: FaultEntry | None = None  # of those that were real ones
    modes: dict[str, int] = field(default_factory=dict)  # before a preset, by circuit
    boost: Boost | None = None

    async def async_load(self) -> None:
        """Read what was kept."""
        if not (data := await self.store.async_load()):
            return
        self.table = frozenset(data["table"])
        self.present = frozenset(data["present"])
        self.absent = frozenset(data["absent"])
        self.faults_known = data["faults_known"]
        self.last_line = _fault(data["last_line"])
        self.last_fault = _fault(data["last_fault"])
        self.modes = dict(data["modes"])
        self.boost = Boost.from_json(data["boost"]) if data["boost"] else None

    def save_soon(self) -> None:
        """Write it down in a while."""
        self.store.async_delay_save(self._data, SAVE_DELAY)

    async def async_save(self) -> None:
        """Write it down now."""
        await self.store.async_save(self._data())

    async def async_forget(self) -> None:
        """Remove it for good."""
        await self.store.async_remove()

    def _data(self) -> dict[str, Any]:
        return {
            "table": sorted(self.table),
            "present": sorted(self.present),
            "absent": sorted(self.absent),
            "faults_known": self.faults_known,
            "last_line": _fault_json(self.last_line),
            "last_fault": _fault_json(self.last_fault),
            "modes": self.modes,
            "boost": self.boost.as_json() if self.boost else None,
        }


def memory_of(hass: HomeAssistant, entry_id: str) -> Memory:
    """Return the memory of an entry, not read yet."""
    return Memory(Store(hass, STORE_VERSION, f"{DOMAIN}.{entry_id}"))


def _fault_json(entry: FaultEntry | None) -> dict[str, Any] | None:
    return {**asdict(entry), "time": entry.time.isoformat()} if entry else None


def _fault(data: Mapping[str, Any] | None) -> FaultEntry | None:
    return FaultEntry(**{**data, "time": datetime.fromisoformat(data["time"])}) if data else None
