"""NIBE S-series heat pumps through their own local REST API."""

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ConfigEntryError
from homeassistant.helpers import config_validation as cv, device_registry as dr
from homeassistant.helpers.typing import ConfigType

from .budget import WriteBudget
from .connection import client_for, session_for
from .const import CONF_SERIAL, DOMAIN
from .coordinator import NibeConfigEntry, NibeCoordinator
from .entity import async_register_pump
from .repairs import IssueKind, async_forget_issues
from .services import async_setup_services
from .setup import async_check_plant, async_find_device

PLATFORMS = [
    Platform.BINARY_SENSOR,
    Platform.BUTTON,
    Platform.CLIMATE,
    Platform.EVENT,
    Platform.FAN,
    Platform.NUMBER,
    Platform.SELECT,
    Platform.SENSOR,
    Platform.SWITCH,
    Platform.WATER_HEATER,
]

CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    """Register the actions, which exist whether or not an entry is loaded."""
    async_setup_services(hass)
    return True


async def async_setup_entry(hass: HomeAssistant, entry: NibeConfigEntry) -> bool:
    """Read the heat pump once, then keep its points up to date."""
    # The certificate is not among them: with a changed one the entry cannot be set up at all.
    passing = (IssueKind.API_READ_ONLY, IssueKind.FIRMWARE_TOO_OLD, IssueKind.MORE_PUMPS)
    entry.async_on_unload(lambda: async_forget_issues(hass, entry, *passing))
    session = session_for(entry.data)
    entry.async_on_unload(session.close)
    client = client_for(hass, session, entry.data)
    devices, device = await async_find_device(hass, entry, client)
    if device is None:
        raise ConfigEntryError(
            translation_domain=DOMAIN,
            translation_key="wrong_pump",
            translation_placeholders={"name": entry.title, "serial": entry.data[CONF_SERIAL]},
        )
    coordinator = NibeCoordinator(hass, entry, client, device)
    await coordinator.async_config_entry_first_refresh()
    entry.runtime_data = coordinator
    async_register_pump(entry)
    async_check_plant(hass, entry, devices)
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    return True


async def async_unload_entry(hass: HomeAssistant, entry: NibeConfigEntry) -> bool:
    """Stop, and keep the counts of writes."""
    if unloaded := await hass.config_entries.async_unload_platforms(entry, PLATFORMS):
        await entry.runtime_data.budget.async_flush()
        async_forget_issues(hass, entry)
    return unloaded


async def async_remove_entry(hass: HomeAssistant, entry: NibeConfigEntry) -> None:
    """Forget the counts of writes, and a certificate that nobody confirmed."""
    async_forget_issues(hass, entry)
    await WriteBudget(hass, entry.entry_id).async_forget()


async def async_remove_config_entry_device(
    hass: HomeAssistant, entry: NibeConfigEntry, device: dr.DeviceEntry
) -> bool:
    """Let the user remove a part of the plant that is gone, never the heat pump itself."""
    if entry.state is not ConfigEntryState.LOADED:
        return False
    return (DOMAIN, entry.data[CONF_SERIAL]) not in device.identifiers


async def async_migrate_entry(hass: HomeAssistant, entry: NibeConfigEntry) -> bool:
    """Refuse entries of a later version: a downgrade would read them wrongly."""
    return entry.version == 1
