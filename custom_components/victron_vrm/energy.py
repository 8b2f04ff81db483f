"""The solar forecast of the energy dashboard."""

from typing import TYPE_CHECKING

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from .const import CONF_FORECAST_SITES

if TYPE_CHECKING:
    from homeassistant.components.energy.types import SolarForecastType


async def async_get_solar_forecast(
    hass: HomeAssistant, config_entry_id: str
) -> SolarForecastType | None:
    """Return what the sun will yield by the hour, in Wh: the sum over the sites that count."""
    entry = hass.config_entries.async_get_entry(config_entry_id)
    if entry is None or entry.state is not ConfigEntryState.LOADED:
        return None
    chosen = entry.options.get(CONF_FORECAST_SITES)
    hours: dict[int, float] = {}
    for site in entry.runtime_data.sites.values():
        outlook = site.data.forecast.solar
        if outlook and (not chosen or str(site.site_id) in chosen):
            for start, value in outlook.hours.items():
                hours[start] = hours.get(start, 0.0) + value
    if not hours:
        return None
    return {
        "wh_hours": {
            dt_util.utc_from_timestamp(start).isoformat(): round(value, 1)
            for start, value in sorted(hours.items())
        }
    }
