"""Heliotherm heat pumps through an HtREST server."""

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ConfigEntryError
from homeassistant.helpers import config_validation as cv, device_registry as dr
from homeassistant.helpers.typing import ConfigType

from .connection import client_for
from .const import DOMAIN
from .coordinator import HtRestConfigEntry, HtRestCoordinator
from .entity import async_register_pump, async_wanted_points
from .memory import memory_of
from .repairs import IssueKind, async_forget_issues
from .services import async_setup_services
from .setup import async_end_boost_of, async_find_device

PLATFORMS = [
    Platform.BINARY_SENSOR,
    Platform.BUTTON,
    Platform.CALENDAR,
    Platform.CLIMATE,
    Platform.EVENT,
    Platform.NUMBER,
    Platform.SELECT,
    Platform.SENSOR,
    Platform.WATER_HEATER,
]

CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    """Register the actions, which exist whether or not an entry is loaded."""
    async_setup_services(hass)
    return True


async def async_setup_entry(hass: HomeAssistant, entry: HtRestConfigEntry) -> bool:
    """Find out what the heat pump has, then keep it up to date."""
    # Server and heat pump are not among them: what fails at the start is told at once.
    passing = (IssueKind.ENERGY_TABLE, IssueKind.SERVER_READ_ONLY)
    entry.async_on_unload(lambda: async_forget_issues(hass, entry, *passing))
    client = client_for(hass, entry.data)
    entry.async_on_unload(client.close)
    device = await async_find_device(hass, entry, client)
    if device.serial != entry.unique_id:
        raise ConfigEntryError(
            translation_domain=DOMAIN,
            translation_key="wrong_pump",
            translation_placeholders={"name": entry.title, "serial": device.serial},
        )
    memory = memory_of(hass, entry.entry_id)
    await memory.async_load()
    wanted = async_wanted_points(hass, entry)
    coordinator = HtRestCoordinator(hass, entry, client, device, memory, wanted)
    await coordinator.async_config_entry_first_refresh()
    entry.runtime_data = coordinator
    async_register_pump(entry)
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    coordinator.async_tell_missed()
    return True


async def async_unload_entry(hass: HomeAssistant, entry: HtRestConfigEntry) -> bool:
    """Stop, and keep what has to outlive a restart."""
    if unloaded := await hass.config_entries.async_unload_platforms(entry, PLATFORMS):
        await entry.runtime_data.async_settle()
        await entry.runtime_data.memory.async_save()
        async_forget_issues(hass, entry)
    return unloaded


async def async_remove_entry(hass: HomeAssistant, entry: HtRestConfigEntry) -> None:
    """Forget the heat pump, and leave its hot water as it was set before."""
    async_forget_issues(hass, entry)
    memory = memory_of(hass, entry.entry_id)
    await memory.async_load()
    await async_end_boost_of(hass, entry, memory)
    await memory.async_forget()


async def async_remove_config_entry_device(
    hass: HomeAssistant, entry: HtRestConfigEntry, device: dr.DeviceEntry
) -> bool:
    """Let the user remove a part of the plant that is gone, never the heat pump itself."""
    if entry.state is not ConfigEntryState.LOADED:
        return False
    return (DOMAIN, str(entry.unique_id)) not in device.identifiers


async def async_migrate_entry(hass: HomeAssistant, entry: HtRestConfigEntry) -> bool:
    """Refuse entries of a later version: a downgrade would read them wrongly."""
    return entry.version == 1
