"""Actions: a telegram to the bus, and the list of devices."""

import math
from typing import Any, Final

import voluptuous as vol

from homeassistant.const import ATTR_CONFIG_ENTRY_ID
from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv, service

from .const import CONF_ALLOW_TELEGRAMS, CONF_GROUPS, DOMAIN
from .coordinator import ThinknxConfigEntry
from .devices import devices_of
from .endpoints import TELEGRAMS, Dpt
from .importer import write_list
from .telegrams import clean_group, is_allowed, is_in_range, is_whole_enough
from .translate import command
from .values import SHOWN, printable

ATTR_GROUP: Final = "group"
ATTR_TYPE: Final = "type"
ATTR_VALUE: Final = "value"

LARGEST: Final = 2**53  # beyond it JSON has no whole numbers

SERVICE_EXPORT_DEVICES = "export_devices"
SERVICE_SEND_TELEGRAM = "send_telegram"

ENTRY_SCHEMA = vol.Schema({vol.Required(ATTR_CONFIG_ENTRY_ID): cv.string})
TELEGRAM_SCHEMA = ENTRY_SCHEMA.extend(
    {
        vol.Required(ATTR_TYPE): vol.All(cv.string, vol.In([str(dpt) for dpt in Dpt])),
        vol.Required(ATTR_GROUP): cv.string,
        vol.Required(ATTR_VALUE): vol.Coerce(float),
    }
)


def _entry(call: ServiceCall) -> ThinknxConfigEntry:
    entry: ThinknxConfigEntry = service.async_get_config_entry(
        call.hass, DOMAIN, call.data[ATTR_CONFIG_ENTRY_ID]
    )
    return entry


def _refuse(key: str, **placeholders: str) -> ServiceValidationError:
    return ServiceValidationError(
        translation_domain=DOMAIN, translation_key=key, translation_placeholders=placeholders
    )


async def _async_send_telegram(call: ServiceCall) -> ServiceResponse:
    """Put a value on the bus; return what the server says that it has sent."""
    entry = _entry(call)
    if not entry.options.get(CONF_ALLOW_TELEGRAMS, False):
        raise _refuse("telegrams_not_allowed", name=entry.title)
    if (group := clean_group(call.data[ATTR_GROUP])) is None:
        raise _refuse("no_group")
    if not is_allowed(group, entry.options.get(CONF_GROUPS, ())):
        raise _refuse("group_not_allowed", group=group, name=entry.title)
    dpt, value = Dpt(call.data[ATTR_TYPE]), call.data[ATTR_VALUE]
    if not is_in_range(dpt, value):
        limits = TELEGRAMS[dpt]
        raise _refuse(
            "telegram_range", type=dpt, minimum=f"{limits.low:.8g}", maximum=f"{limits.high:.8g}"
        )
    if not is_whole_enough(dpt, value):
        raise _refuse("telegram_whole", type=dpt)
    with command(group):
        answer = await entry.runtime_data.scheduler.telegram(dpt, group, value)
    told = {key: _plain(answer.get(key)) for key in ("group", "value")}
    plain = {key: it for key, it in told.items() if it is not None}
    return {"type": str(dpt), "group": group, "value": value, "answer": plain}


def _plain(raw: Any) -> str | float | None:
    """Return what a server says if it can be handed on, None if it cannot."""
    if isinstance(raw, str):
        return printable(raw, SHOWN)
    if not isinstance(raw, int | float):
        return None
    try:
        number = float(raw)
    except OverflowError:
        return None
    if not math.isfinite(number):
        return None
    return raw if abs(raw) <= LARGEST else number


async def _async_export_devices(call: ServiceCall) -> ServiceResponse:
    """Return all devices as text for a spreadsheet, or for an import."""
    return {"csv": write_list(devices_of(_entry(call)).values())}


@callback
def async_setup_services(hass: HomeAssistant) -> None:
    """Register the actions."""
    service.async_register_admin_service(
        hass,
        DOMAIN,
        SERVICE_SEND_TELEGRAM,
        _async_send_telegram,
        TELEGRAM_SCHEMA,
        SupportsResponse.OPTIONAL,
    )
    service.async_register_admin_service(
        hass,
        DOMAIN,
        SERVICE_EXPORT_DEVICES,
        _async_export_devices,
        ENTRY_SCHEMA,
        SupportsResponse.ONLY,
    )
