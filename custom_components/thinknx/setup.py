"""Keeping what runs like what the entry says, without a reload."""

from typing import Any

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.debounce import Debouncer
from homeassistant.helpers.entity_platform import async_get_platforms

from .const import DOMAIN, LOGGER
from .coordinator import ThinknxConfigEntry
from .devices import CONF_TEMPERATURE_GUID, devices_of
from .webhook import async_adopt_webhook

COALESCED = 1.0  # seconds; an import of 200 devices is one change


class Keeper:
    """Listens to changes of an entry: its devices, its options, its connection."""

    def __init__(self, hass: HomeAssistant, entry: ThinknxConfigEntry) -> None:
        """Remember with which connection the entry was set up."""
        self._hass = hass
        self._entry = entry
        self._data: dict[str, Any] = dict(entry.data)
        self._debouncer = Debouncer(
            hass, LOGGER, cooldown=COALESCED, immediate=False, function=self._async_adopt
        )

    @callback
    def async_start(self) -> None:
        """Listen until the entry is unloaded."""
        self._entry.async_on_unload(self._entry.add_update_listener(self._async_updated))
        self._entry.async_on_unload(self._debouncer.async_shutdown)

    async def _async_updated(self, _hass: HomeAssistant, _entry: ThinknxConfigEntry) -> None:
        self._debouncer.async_schedule_call()

    async def _async_adopt(self) -> None:
        """Make what runs like what the entry says."""
        entry, hass = self._entry, self._hass
        if dict(entry.data) != self._data:
            hass.config_entries.async_schedule_reload(entry.entry_id)
            return
        coordinator = entry.runtime_data
        coordinator.async_adopt_options()
        async_adopt_webhook(hass, entry)
        wanted = devices_of(entry)
        running = {key: it.device for key, it in coordinator.devices.items()}
        gone = {key for key, device in running.items() if wanted.get(key) != device}
        # Units that show another device's temperature listen to that one anew.
        guids = {running[key].guid for key in gone} | {
            device.guid for key, device in wanted.items() if key not in running
        }
        gone |= {key for key in running if running[key].options.get(CONF_TEMPERATURE_GUID) in guids}
        for subentry_id in gone:
            if subentry_id in wanted:
                await self._async_remove_entities(subentry_id)
            await coordinator.async_drop_device(subentry_id)
        coordinator.async_add_devices(
            device for key, device in wanted.items() if key not in running or key in gone
        )
        if gone:
            coordinator.async_forget_orphans()

    async def _async_remove_entities(self, subentry_id: str) -> None:
        """Take a device's entities down, so that they can be made anew."""
        for platform in async_get_platforms(self._hass, DOMAIN):
            for entity in list(platform.entities.values()):
                registered = entity.registry_entry
                if registered and registered.config_subentry_id == subentry_id:
                    await entity.async_remove(force_remove=True)
