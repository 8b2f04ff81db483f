"""Diagnostics: all that helps to find a fault; no token, no names, no places, no ids."""

from collections import Counter
from math import isfinite
from typing import Any

from homeassistant.components.diagnostics import async_redact_data
from homeassistant.const import CONF_TOKEN
from homeassistant.core import HomeAssistant

from .catalog import NAMES, PLACE
from .const import CONF_FORECAST_SITES, CONF_SITES, CONF_TAGS, CONF_USER_ID
from .coordinator import VrmConfigEntry
from .models import ValueKind
from .site_coordinator import SiteCoordinator

REDACTED = {CONF_TOKEN, CONF_USER_ID, CONF_SITES, CONF_FORECAST_SITES, CONF_TAGS}


async def async_get_config_entry_diagnostics(
    hass: HomeAssistant, entry: VrmConfigEntry
) -> dict[str, Any]:
    """Return the state of an entry; sites and devices are numbered, not named."""
    account = entry.runtime_data
    budget = account.client.transport.budget
    return {
        "entry": async_redact_data(
            {"data": dict(entry.data), "options": dict(entry.options)}, REDACTED
        ),
        "requests_last_hour": budget.requests_last_hour,
        "refusals": budget.refusals,
        "last_success": account.client.transport.last_success,
        "sites_of_the_account": len(account.all_sites),
        "sites": [_site(site) for site in account.sites.values()],
    }


def _site(site: SiteCoordinator) -> dict[str, Any]:
    data, ledger, clock = site.data, site.memory.ledger, site.account.clock
    now = clock.time()
    hidden = PLACE | NAMES
    return {
        "time_zone": data.site.time_zone,
        "logging_interval": site.logging_interval,
        "seconds_since_log": None
        if data.site.last_log is None
        else round(now - data.site.last_log),
        "silent": data.silent,
        "jobs": {
            str(plan.job): {
                "due_in": round(plan.due - clock.monotonic()) if isfinite(plan.due) else None,
                "failures": plan.failures,
                "hopeless": plan.hopeless,
            }
            for plan in site.plans.values()
        },
        "devices": [
            {
                "key": key,
                "type": it.device_type,
                "product": it.product,
                "firmware": it.firmware,
            }
            for key, it in data.tree.devices.items()
        ],
        "readings": [
            {
                "device": key[0],
                "code": it.code,
                "attribute": it.attribute,
                "format": it.format,
                # A text may be anything that somebody has typed in.
                "value": it.value if it.kind is not ValueKind.TEXT else None,
                "age": None if it.at is None else round(now - it.at),
                "stale": key in data.stale,
            }
            for key, it in data.readings.items()
            if it.attribute not in hidden
        ],
        "kinds": dict(Counter(str(it.kind) for it in data.readings.values())),
        "totals": {str(key): round(value, 3) for key, value in data.totals.items()},
        "open_hours": len(ledger.hours) if ledger else None,
        "history": data.history,
        "forecast_hours": len(data.forecast.solar.hours) if data.forecast.solar else None,
    }
