"""Diagnostics: what is needed to help, by a list of what may be told.

With the key a GUID opens a device, so GUIDs are shortened to what tells them apart.
"""

import hashlib
from typing import Any

from homeassistant.core import HomeAssistant

from .const import CONF_AUTH, CONF_CONNECTION, CONF_SECURE, CONF_VERSION
from .coordinator import ThinknxConfigEntry

TOLD = (CONF_AUTH, CONF_CONNECTION, CONF_SECURE, CONF_VERSION)
TOLD_OPTIONS = ("allow_telegrams", "rate", "webhook")


def _short(guid: str) -> str:
    return hashlib.sha256(guid.encode()).hexdigest()[:8]


async def async_get_config_entry_diagnostics(
    hass: HomeAssistant, entry: ThinknxConfigEntry
) -> dict[str, Any]:
    """Return the state of an entry."""
    coordinator = entry.runtime_data
    scheduler, status = coordinator.scheduler, coordinator.data.status
    return {
        "entry": {key: entry.data.get(key) for key in TOLD},
        "options": {key: entry.options.get(key) for key in TOLD_OPTIONS},
        "reachable": coordinator.is_reachable,
        "version": status.version,
        "rate": scheduler.pace.rate,
        "requests_per_second": round(scheduler.requests_per_second, 2),
        "refusals": scheduler.pace.refusals,
        "mixed_up": coordinator.client.mixed_up,
        "oldest": scheduler.oldest,
        "report": coordinator.client.report,
        "devices": [
            {
                "guid": _short(it.device.guid),
                "kind": str(it.device.kind),
                "unknown": it.data.unknown,
                "aspects": sorted(it.device.aspects),
                "read": sorted(it.aspects),
                "odd": {str(aspect): raw for aspect, raw in it.odd.items()},
                "values": {str(aspect): value for aspect, value in it.data.values.items()},
            }
            for it in coordinator.devices.values()
        ],
    }
