"""Nuki Smart Locks and Openers through the HTTP API of a Nuki bridge."""

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ConfigEntryError
from homeassistant.helpers import config_validation as cv, device_registry as dr
from homeassistant.helpers.typing import ConfigType

from .connection import client_for
from .const import DOMAIN
from .coordinator import BridgeCoordinator, LockCoordinator, NukiConfigEntry, NukiData
from .entity import bridge_device_info
from .repairs import async_forget_issues
from .services import async_setup_services
from .webhook import CallbackKeeper, async_remove_callback

PLATFORMS = [
    Platform.BINARY_SENSOR,
    Platform.BUTTON,
    Platform.EVENT,
    Platform.LOCK,
    Platform.SENSOR,
    Platform.SWITCH,
]

CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    """Register the actions, which exist whether or not an entry is loaded."""
    async_setup_services(hass)
    return True


async def async_setup_entry(hass: HomeAssistant, entry: NukiConfigEntry) -> bool:
    """Read the bridge and its locks once, then keep them up to date."""
    entry.async_on_unload(lambda: async_forget_issues(hass, entry))
    client = client_for(hass, entry.data)
    bridge = BridgeCoordinator(hass, entry, client)
    await bridge.async_config_entry_first_refresh()
    if bridge.data.unique_id != entry.unique_id:
        raise ConfigEntryError(
            translation_domain=DOMAIN,
            translation_key="wrong_bridge",
            translation_placeholders={"name": entry.title},
        )
    locks = LockCoordinator(hass, entry, client, bridge)
    await locks.async_config_entry_first_refresh()

    # Locks hang on the bridge: it has to stand in the registry before they do.
    bridge.device_id = (
        dr.async_get(hass)
        .async_get_or_create(config_entry_id=entry.entry_id, **bridge_device_info(bridge))
        .id
    )
    callbacks = CallbackKeeper(hass, entry, client, locks)
    entry.runtime_data = NukiData(client, bridge, locks, callbacks)
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    callbacks.async_start()
    return True


async def async_unload_entry(hass: HomeAssistant, entry: NukiConfigEntry) -> bool:
    """Stop; our callback stays on the bridge, for a reload or a restart needs it again."""
    return await hass.config_entries.async_unload_platforms(entry, PLATFORMS)


async def async_remove_entry(hass: HomeAssistant, entry: NukiConfigEntry) -> None:
    """Take our callback off the bridge."""
    await async_remove_callback(hass, entry)


async def async_remove_config_entry_device(
    hass: HomeAssistant, entry: NukiConfigEntry, device: dr.DeviceEntry
) -> bool:
    """Let the user remove a device that the bridge no longer knows."""
    if entry.state is not ConfigEntryState.LOADED:
        return False
    locks = entry.runtime_data.locks
    present = {known.hex_id for known in locks.data.values()} | {entry.unique_id}
    gone = {key for domain, key in device.identifiers if domain == DOMAIN} - present
    locks.added -= {unique_id for unique_id in locks.added if unique_id.split("-")[0] in gone}
    return bool(gone)


async def async_migrate_entry(hass: HomeAssistant, entry: NukiConfigEntry) -> bool:
    """Refuse entries of a later version: a downgrade would read them wrongly."""
    return entry.version == 1
