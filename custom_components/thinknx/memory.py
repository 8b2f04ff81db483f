"""What outlives a restart: when the project was deployed that the devices come from."""

from dataclasses import dataclass
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers.storage import Store

from .const import DOMAIN

STORE_VERSION = 1
SAVE_DELAY = 10.0


@dataclass(slots=True)
class Memory:
    """What is kept of one server."""

    store: Store[dict[str, Any]]
    project: str | None = None  # when it was deployed, as the server writes it

    async def async_load(self) -> None:
        """Read what was kept."""
        if data := await self.store.async_load():
            self.project = data["project"]

    def is_new(self, project: str | None) -> bool:
        """Take note of the project that runs; return whether another one ran before."""
        if project is None or project == self.project:
            return False
        before, self.project = self.project, project
        self.store.async_delay_save(self._as_json, SAVE_DELAY)
        return before is not None

    async def async_save(self) -> None:
        """Write it down now."""
        await self.store.async_save(self._as_json())

    def _as_json(self) -> dict[str, Any]:
        return {"project": self.project}


def memory_of(hass: HomeAssistant, entry_id: str) -> Memory:
    """Return the memory of an entry, not read yet."""
    return Memory(Store(hass, STORE_VERSION, f"{DOMAIN}.{entry_id}"))
