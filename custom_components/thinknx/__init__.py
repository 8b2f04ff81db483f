"""Thinknx servers, and the KNX houses behind them, through the Integration Kit."""

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import config_validation as cv, device_registry as dr
from homeassistant.helpers.typing import ConfigType

from .address import Auth
from .connection import client_for
from .const import CONF_AUTH, DOMAIN
from .coordinator import ThinknxConfigEntry, ThinknxCoordinator
from .devices import devices_of
from .entity import async_register_server
from .memory import memory_of
from .repairs import IssueKind, async_forget_issues, async_report
from .services import async_setup_services
from .setup import Keeper
from .translate import setting_up
from .webhook import async_adopt_webhook

PLATFORMS = [
    Platform.BINARY_SENSOR,
    Platform.BUTTON,
    Platform.CLIMATE,
    Platform.COVER,
    Platform.LIGHT,
    Platform.NUMBER,
    Platform.SCENE,
    Platform.SENSOR,
    Platform.SWITCH,
]

CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    """Register the actions, which exist whether or not an entry is loaded."""
    async_setup_services(hass)
    return True


async def async_setup_entry(hass: HomeAssistant, entry: ThinknxConfigEntry) -> bool:
    """Find the server, then read its devices in turn."""
    client = client_for(hass, entry.data)
    entry.async_on_unload(client.close)
    memory = memory_of(hass, entry.entry_id)
    await memory.async_load()
    coordinator = ThinknxCoordinator(hass, entry, client, memory)
    with setting_up(entry.title):
        await coordinator.async_first_status()
    entry.runtime_data = coordinator
    entry.async_on_unload(lambda: async_forget_issues(hass, entry))
    async_report(
        hass,
        entry,
        IssueKind.PASSWORD_IN_ADDRESS,
        present=entry.data.get(CONF_AUTH) == Auth.QUERY,
    )
    async_register_server(entry)
    coordinator.async_add_devices(devices_of(entry).values())
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    coordinator.async_forget_orphans()
    coordinator.async_start()
    async_adopt_webhook(hass, entry)
    Keeper(hass, entry).async_start()
    return True


async def async_unload_entry(hass: HomeAssistant, entry: ThinknxConfigEntry) -> bool:
    """Stop listening and reading."""
    if unloaded := await hass.config_entries.async_unload_platforms(entry, PLATFORMS):
        async_adopt_webhook(hass, entry, loaded=False)
        await entry.runtime_data.async_shutdown()
        await entry.runtime_data.memory.async_save()
    return unloaded


async def async_remove_entry(hass: HomeAssistant, entry: ThinknxConfigEntry) -> None:
    """Forget what was kept."""
    await memory_of(hass, entry.entry_id).store.async_remove()


async def async_remove_config_entry_device(
    hass: HomeAssistant, entry: ThinknxConfigEntry, device: dr.DeviceEntry
) -> bool:
    """Devices are removed with their subentries, the server only with its entry."""
    if entry.state is not ConfigEntryState.LOADED:
        return False
    kept = {entry.entry_id} | {
        coordinator.device.guid for coordinator in entry.runtime_data.devices.values()
    }
    return not any(known in kept for domain, known in device.identifiers if domain == DOMAIN)


async def async_migrate_entry(hass: HomeAssistant, entry: ThinknxConfigEntry) -> bool:
    """Refuse entries of a later version: a downgrade would read them wrongly."""
    return entry.version == 1
