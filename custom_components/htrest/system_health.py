"""How the heat pumps are doing, for the system health page."""

from typing import Any

from homeassistant.components import system_health
from homeassistant.core import HomeAssistant, callback

from .const import DOMAIN
from .coordinator import HtRestConfigEntry


@callback
def async_register(hass: HomeAssistant, register: system_health.SystemHealthRegistration) -> None:
    """Register the page's section."""
    register.async_register_info(system_health_info)


async def system_health_info(hass: HomeAssistant) -> dict[str, Any]:
    """Return the figures; with several heat pumps the busiest, the quietest, and all points."""
    entries: list[HtRestConfigEntry] = hass.config_entries.async_loaded_entries(DOMAIN)
    coordinators = [entry.runtime_data for entry in entries]
    if not coordinators:
        return {}
    successes = [item.client.last_success for item in coordinators if item.client.last_success]
    return {
        "requests_per_hour": max(item.client.requests_last_hour for item in coordinators),
        "last_success": min(successes) if successes else None,
        "points": sum(len(item.data.values) for item in coordinators),
        "interval": max(item.data.interval for item in coordinators),
    }
