"""Victron VRM: all installations of an account, live values, history and forecast."""

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import (
    ConfigEntryAuthFailed,
    ConfigEntryError,
    ConfigEntryNotReady,
)
from homeassistant.helpers import config_validation as cv, device_registry as dr
from homeassistant.helpers.typing import ConfigType

from .connection import client_for
from .const import DOMAIN
from .coordinator import AccountCoordinator, VrmConfigEntry
from .errors import VrmAuthError, VrmError
from .memory import Memory
from .registry import identifiers_of
from .repairs import async_forget_issues
from .services import async_setup_services
from .translate import key_of

PLATFORMS = [
    Platform.BINARY_SENSOR,
    Platform.DEVICE_TRACKER,
    Platform.EVENT,
    Platform.SENSOR,
]

CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    """Register the actions, which exist whether or not an entry is loaded."""
    async_setup_services(hass)
    return True


async def async_setup_entry(hass: HomeAssistant, entry: VrmConfigEntry) -> bool:
    """Read all sites once, then keep reading what is due."""
    client = await client_for(hass, entry.data)
    entry.async_on_unload(client.close)
    try:
        user = await client.me()
    except VrmError as err:
        failed = ConfigEntryAuthFailed if isinstance(err, VrmAuthError) else ConfigEntryNotReady
        raise failed(
            translation_domain=DOMAIN,
            translation_key=key_of(err),
            translation_placeholders={"name": entry.title, "reason": "-"},
        ) from err
    if str(user.user_id) != entry.unique_id:
        raise ConfigEntryError(
            translation_domain=DOMAIN,
            translation_key="other_account",
            translation_placeholders={"name": entry.title},
        )
    memory = Memory(hass, entry.entry_id)
    await memory.async_load()
    coordinator = AccountCoordinator(hass, entry, client, user, memory)
    await coordinator.async_config_entry_first_refresh()
    entry.runtime_data = coordinator
    entry.async_on_unload(lambda: async_forget_issues(hass, entry))
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    await coordinator.async_hand_out()
    entry.async_create_background_task(hass, coordinator.async_run(), f"{DOMAIN} reads")
    return True


async def async_unload_entry(hass: HomeAssistant, entry: VrmConfigEntry) -> bool:
    """Stop reading, and keep what has to outlive a restart."""
    if unloaded := await hass.config_entries.async_unload_platforms(entry, PLATFORMS):
        await entry.runtime_data.async_shutdown()
        await entry.runtime_data.memory.async_save()
    return unloaded


async def async_remove_entry(hass: HomeAssistant, entry: VrmConfigEntry) -> None:
    """Forget what was kept; the token stays valid until its owner revokes it."""
    async_forget_issues(hass, entry)
    await Memory(hass, entry.entry_id).store.async_remove()


async def async_remove_config_entry_device(
    hass: HomeAssistant, entry: VrmConfigEntry, device: dr.DeviceEntry
) -> bool:
    """Let the user remove what VRM does not list any more."""
    if entry.state is not ConfigEntryState.LOADED:
        return False
    there = {found for site in entry.runtime_data.sites.values() for found in identifiers_of(site)}
    if not device.identifiers.isdisjoint(there):
        return False
    entry.runtime_data.async_forget_device(device.id)
    return True


async def async_migrate_entry(hass: HomeAssistant, entry: VrmConfigEntry) -> bool:
    """Refuse entries of a later version: a downgrade would read them wrongly."""
    return entry.version == 1
