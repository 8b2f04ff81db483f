"""How the accounts are doing, for the system health page."""

from typing import Any

from homeassistant.components import system_health
from homeassistant.core import HomeAssistant, callback

from .const import API_URL, DOMAIN
from .coordinator import VrmConfigEntry


@callback
def async_register(hass: HomeAssistant, register: system_health.SystemHealthRegistration) -> None:
    """Register the page's section."""
    register.async_register_info(system_health_info)


async def system_health_info(hass: HomeAssistant) -> dict[str, Any]:
    """Return the figures of all accounts together."""
    entries: list[VrmConfigEntry] = hass.config_entries.async_loaded_entries(DOMAIN)
    transports = [entry.runtime_data.client.transport for entry in entries]
    return {
        "reach_cloud": system_health.async_check_can_reach_url(hass, API_URL),
        "requests_per_hour": sum(it.budget.requests_last_hour for it in transports),
        "refusals": sum(it.budget.refusals for it in transports),
        "sites": sum(len(entry.runtime_data.sites) for entry in entries),
    }
