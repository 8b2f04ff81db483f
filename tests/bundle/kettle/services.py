"""Actions of the kettle."""

import voluptuous as vol

from homeassistant.const import ATTR_CONFIG_ENTRY_ID
from homeassistant.core import HomeAssistant, ServiceCall, callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv, service

from .const import DOMAIN, SERVICE_WHISTLE
from .coordinator import KettleConfigEntry, refusal

SCHEMA = vol.Schema(
    {vol.Required(ATTR_CONFIG_ENTRY_ID): cv.string, vol.Optional("tone"): cv.string}
)


async def _whistle(call: ServiceCall) -> None:
    """Let the kettle whistle."""
    entry: KettleConfigEntry = service.async_get_config_entry(
        call.hass, DOMAIN, call.data[ATTR_CONFIG_ENTRY_ID]
    )
    if not entry.runtime_data.data.temperature:
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="no_water")
    raise refusal("hot")


@callback
def async_setup_services(hass: HomeAssistant) -> None:
    """Register the actions."""
    hass.services.async_register(DOMAIN, SERVICE_WHISTLE, _whistle, schema=SCHEMA)
