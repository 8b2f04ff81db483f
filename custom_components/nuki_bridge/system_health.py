"""How the bridges are doing, for the system health page."""

from typing import Any

from homeassistant.components import system_health
from homeassistant.core import HomeAssistant, callback

from .const import DOMAIN
from .coordinator import NukiConfigEntry


@callback
def async_register(hass: HomeAssistant, register: system_health.SystemHealthRegistration) -> None:
    """Register the page's section."""
    register.async_register_info(system_health_info)


async def system_health_info(hass: HomeAssistant) -> dict[str, Any]:
    """Return the figures; with several bridges the busiest, the quietest, and all callbacks."""
    entries: list[NukiConfigEntry] = hass.config_entries.async_loaded_entries(DOMAIN)
    runtimes = [entry.runtime_data for entry in entries]
    if not runtimes:
        return {}
    successes = [data.client.last_success for data in runtimes if data.client.last_success]
    return {
        "requests_per_hour": max(data.client.requests_last_hour for data in runtimes),
        "last_success": min(successes) if successes else None,
        "callbacks": f"{sum(data.callbacks.work for data in runtimes)}/{len(runtimes)}",
    }
