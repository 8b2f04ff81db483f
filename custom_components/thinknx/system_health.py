"""How the servers are doing, for the system health page."""

from typing import Any

from homeassistant.components import system_health
from homeassistant.core import HomeAssistant, callback

from .const import DOMAIN
from .coordinator import ThinknxConfigEntry


@callback
def async_register(hass: HomeAssistant, register: system_health.SystemHealthRegistration) -> None:
    """Register the page's section."""
    register.async_register_info(system_health_info)


async def system_health_info(hass: HomeAssistant) -> dict[str, Any]:
    """Return the figures; with several servers the busiest, the oldest value, all devices."""
    entries: list[ThinknxConfigEntry] = hass.config_entries.async_loaded_entries(DOMAIN)
    coordinators = [entry.runtime_data for entry in entries]
    if not coordinators:
        return {}
    ages = [age for it in coordinators if (age := it.scheduler.oldest) is not None]
    return {
        "requests_per_second": round(
            max(it.scheduler.requests_per_second for it in coordinators), 1
        ),
        "refusals": sum(it.scheduler.pace.refusals for it in coordinators),
        "oldest": round(max(ages)) if ages else None,
        "devices": sum(len(it.devices) for it in coordinators),
    }
