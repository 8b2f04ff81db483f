"""Actions: lock 'n' go, the bridge's log, and maintenance that wants to be confirmed."""

from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import voluptuous as vol

from homeassistant.components.lock import DOMAIN as LOCK_DOMAIN
from homeassistant.const import ATTR_CONFIG_ENTRY_ID, ATTR_DEVICE_ID
from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv, device_registry as dr, service

from .const import CONF_ALLOW_MAINTENANCE, DOMAIN
from .coordinator import NukiConfigEntry
from .errors import NukiNotSupportedError
from .models import NukiDevice

ATTR_CONFIRM_ID = "confirm_id"
ATTR_COUNT = "count"
ATTR_ENABLE = "enable"
ATTR_OFFSET = "offset"
ATTR_UNLATCH = "unlatch"

SERVICE_CLEAR_LOG = "clear_log"
SERVICE_FACTORY_RESET = "factory_reset"
SERVICE_GET_LOG = "get_log"
SERVICE_LOCK_N_GO = "lock_n_go"
SERVICE_SET_DISCOVERABLE = "set_discoverable"
SERVICE_UNPAIR = "unpair"

BRIDGE_SCHEMA = vol.Schema(
    {vol.Required(ATTR_CONFIG_ENTRY_ID): cv.string, vol.Required(ATTR_CONFIRM_ID): cv.string}
)
LOG_SCHEMA = vol.Schema(
    {
        vol.Required(ATTR_CONFIG_ENTRY_ID): cv.string,
        vol.Optional(ATTR_OFFSET, default=0): vol.All(vol.Coerce(int), vol.Range(0, 10_000)),
        vol.Optional(ATTR_COUNT, default=100): vol.All(vol.Coerce(int), vol.Range(1, 100)),
    }
)
UNPAIR_SCHEMA = vol.Schema(
    {vol.Required(ATTR_DEVICE_ID): cv.string, vol.Required(ATTR_CONFIRM_ID): cv.string}
)


def _same_id(typed: str, expected: str) -> bool:
    return typed.strip().upper().lstrip("0") == expected.upper().lstrip("0")


def _check_maintenance(entry: NukiConfigEntry, typed: str, expected: str) -> None:
    """Raise unless the user allowed maintenance and typed in what it is about."""
    if not entry.options.get(CONF_ALLOW_MAINTENANCE):
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="maintenance_not_allowed",
            translation_placeholders={"name": entry.title},
        )
    if not _same_id(typed, expected):
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="wrong_confirm_id")


def _bridge_to_maintain(call: ServiceCall) -> NukiConfigEntry:
    entry: NukiConfigEntry = service.async_get_config_entry(
        call.hass, DOMAIN, call.data[ATTR_CONFIG_ENTRY_ID]
    )
    _check_maintenance(entry, call.data[ATTR_CONFIRM_ID], entry.unique_id or "")
    return entry


async def _on_bridge(entry: NukiConfigEntry, request: Awaitable[None]) -> None:
    with entry.runtime_data.bridge.errors.command():
        await request


async def _async_get_log(call: ServiceCall) -> ServiceResponse:
    """Return entries of the bridge's log, newest first."""
    entry: NukiConfigEntry = service.async_get_config_entry(
        call.hass, DOMAIN, call.data[ATTR_CONFIG_ENTRY_ID]
    )
    with entry.runtime_data.bridge.errors.command():
        log = await entry.runtime_data.client.log(call.data[ATTR_OFFSET], call.data[ATTR_COUNT])
    return {"entries": list(log)}


async def _async_clear_log(call: ServiceCall) -> None:
    entry = _bridge_to_maintain(call)
    await _on_bridge(entry, entry.runtime_data.client.clear_log())


async def _async_factory_reset(call: ServiceCall) -> None:
    entry = _bridge_to_maintain(call)
    await _on_bridge(entry, entry.runtime_data.client.factory_reset())


async def _async_set_discoverable(call: ServiceCall) -> None:
    entry = _bridge_to_maintain(call)
    request = entry.runtime_data.client.set_discoverable(enable=call.data[ATTR_ENABLE])
    await _on_bridge(entry, request)


def _device_of(call: ServiceCall) -> tuple[NukiConfigEntry, NukiDevice]:
    """Return the lock that a device of the registry stands for, and its entry.

    Raises:
        ServiceValidationError: no lock, or its entry is not loaded.
    """
    registered = dr.async_get(call.hass).async_get(call.data[ATTR_DEVICE_ID])
    if registered is not None:
        entry: NukiConfigEntry = service.async_get_config_entry(
            call.hass, DOMAIN, registered.config_entry_id
        )
        for device in entry.runtime_data.locks.data.values():
            if (DOMAIN, device.hex_id) in registered.identifiers:
                return entry, device
    raise ServiceValidationError(translation_domain=DOMAIN, translation_key="no_lock")


async def _async_unpair(call: ServiceCall) -> None:
    entry, device = _device_of(call)
    _check_maintenance(entry, call.data[ATTR_CONFIRM_ID], device.hex_id)
    runtime = entry.runtime_data
    if not runtime.bridge.data.is_hardware:
        # It answers 404, which would be taken for an unknown lock.
        with runtime.bridge.errors.command():
            raise NukiNotSupportedError
    with runtime.bridge.errors.command(device):
        await runtime.client.unpair(device)
    runtime.locks.async_confirm_soon()


MAINTENANCE: dict[str, tuple[Callable[[ServiceCall], Coroutine[Any, Any, None]], vol.Schema]] = {
    SERVICE_CLEAR_LOG: (_async_clear_log, BRIDGE_SCHEMA),
    SERVICE_FACTORY_RESET: (_async_factory_reset, BRIDGE_SCHEMA),
    SERVICE_SET_DISCOVERABLE: (
        _async_set_discoverable,
        BRIDGE_SCHEMA.extend({vol.Required(ATTR_ENABLE): cv.boolean}),
    ),
    SERVICE_UNPAIR: (_async_unpair, UNPAIR_SCHEMA),
}


@callback
def async_setup_services(hass: HomeAssistant) -> None:
    """Register the actions."""
    service.async_register_platform_entity_service(
        hass,
        DOMAIN,
        SERVICE_LOCK_N_GO,
        entity_domain=LOCK_DOMAIN,
        schema={vol.Optional(ATTR_UNLATCH, default=False): cv.boolean},
        func="async_lock_n_go",
    )
    # The log names everybody's locks, so it is for administrators too.
    service.async_register_admin_service(
        hass,
        DOMAIN,
        SERVICE_GET_LOG,
        _async_get_log,
        LOG_SCHEMA,
        SupportsResponse.ONLY,
    )
    for name, (handler, schema) in MAINTENANCE.items():
        service.async_register_admin_service(hass, DOMAIN, name, handler, schema)
