"""Diagnostics of the kettle."""

from typing import Any

from homeassistant.components.diagnostics import async_redact_data
from homeassistant.const import CONF_HOST
from homeassistant.core import HomeAssistant

from .coordinator import KettleConfigEntry


async def async_get_config_entry_diagnostics(
    hass: HomeAssistant, entry: KettleConfigEntry
) -> dict[str, Any]:
    """Return what helps in finding a fault."""
    return async_redact_data(dict(entry.data), {CONF_HOST})
