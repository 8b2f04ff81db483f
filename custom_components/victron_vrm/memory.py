"""What has to outlive a restart: the ledger of each site, and how far its history was imported."""

from dataclasses import dataclass, field
from typing import Any, Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.storage import Store

from .const import DOMAIN
from .ledger import Ledger

VERSION: Final = 1
SAVE_DELAY: Final = 60.0


@dataclass(slots=True)
class Progress:
    """How far the history of a site was imported: from now back to where it begins."""

    start: int
    """The first hour that is wanted."""
    begun: int
    """The first hour that was there already, when the import began."""
    reached: int
    """The first hour that is there now."""
    totals: dict[str, float] = field(default_factory=dict)
    """What had flowed by then, in kWh."""
    asked: bool = False
    """Whether an action has asked for it, so that the option does not matter."""

    @property
    def is_complete(self) -> bool:
        """Whether everything is there."""
        return self.reached <= self.start

    @property
    def percent(self) -> float:
        """How much is there."""
        if self.begun <= self.start:
            return 100.0
        return min(100.0, 100 * (self.begun - self.reached) / (self.begun - self.start))


@dataclass(slots=True)
class SiteMemory:
    """What is kept of a site."""

    ledger: Ledger | None = None
    anchored: set[str] = field(default_factory=set)
    """The counters of which hours were written into statistics."""
    history: Progress | None = None
    devices: list[dict[str, Any]] = field(default_factory=list)
    """The devices of the overview: what they are called decides what their entities are."""
    services: dict[str, int] = field(default_factory=dict)
    """Kinds of devices by service, for the same reason."""
    seen_alarms: list[str] | None = None
    """The alarms that were told of; None: nobody has looked yet."""
    last_log: float | None = None
    """When the site was heard last."""

    @classmethod
    def from_dict(cls, raw: dict[str, Any]) -> SiteMemory:
        """Return what was stored."""
        history = raw.get("history")
        return cls(
            Ledger.from_dict(raw["ledger"]) if raw.get("ledger") else None,
            set(raw.get("anchored", ())),
            Progress(**history) if history else None,
            raw.get("devices", []),
            raw.get("services", {}),
            raw.get("seen_alarms"),
            raw.get("last_log"),
        )

    def as_dict(self) -> dict[str, Any]:
        """Return what has to be stored."""
        history = self.history
        return {
            "ledger": self.ledger.as_dict() if self.ledger else None,
            "anchored": sorted(self.anchored),
            "history": {
                "start": history.start,
                "begun": history.begun,
                "reached": history.reached,
                "totals": history.totals,
                "asked": history.asked,
            }
            if history
            else None,
            "devices": self.devices,
            "services": self.services,
            "seen_alarms": self.seen_alarms,
            "last_log": self.last_log,
        }


class Memory:
    """The store of an entry."""

    def __init__(self, hass: HomeAssistant, entry_id: str) -> None:
        """Know nothing yet."""
        self.store: Store[dict[str, Any]] = Store(hass, VERSION, f"{DOMAIN}.{entry_id}")
        self.sites: dict[int, SiteMemory] = {}
        self._is_due = False

    async def async_load(self) -> None:
        """Read what was kept."""
        stored = await self.store.async_load() or {"sites": {}}
        self.sites = {int(key): SiteMemory.from_dict(it) for key, it in stored["sites"].items()}

    def site(self, site_id: int) -> SiteMemory:
        """Return what is kept of a site."""
        return self.sites.setdefault(site_id, SiteMemory())

    def _data(self) -> dict[str, Any]:
        self._is_due = False
        return {"sites": {str(key): it.as_dict() for key, it in self.sites.items()}}

    @callback
    def async_changed(self) -> None:
        """Keep it soon; what changes all the time must not put that off for ever."""
        if not self._is_due:
            self._is_due = True
            self.store.async_delay_save(self._data, SAVE_DELAY)

    async def async_save(self) -> None:
        """Keep it now."""
        await self.store.async_save(self._data())
