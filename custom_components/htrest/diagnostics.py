"""Diagnostics: every point with its value, and nothing that names the house or opens the server."""

from typing import Any

from homeassistant.components.diagnostics import async_redact_data
from homeassistant.const import CONF_HOST, CONF_PASSWORD, CONF_USERNAME
from homeassistant.core import HomeAssistant

from .coordinator import HtRestConfigEntry

REDACTED_ENTRY = {CONF_HOST, CONF_USERNAME, CONF_PASSWORD}
# It names the house to the vendor.
REDACTED_POINTS = {"Liegenschaft"}


async def async_get_config_entry_diagnostics(
    hass: HomeAssistant, entry: HtRestConfigEntry
) -> dict[str, Any]:
    """Return the state of an entry."""
    coordinator = entry.runtime_data
    data, memory, reader = coordinator.data, coordinator.memory, coordinator.reader
    return {
        "entry": async_redact_data(
            {"data": dict(entry.data), "options": dict(entry.options)}, REDACTED_ENTRY
        ),
        "software": data.device.software,
        "requests_last_hour": coordinator.client.requests_last_hour,
        "last_success": coordinator.client.last_success,
        "interval": data.interval,
        "clock_drift": data.drift,
        "last_line": memory.last_line and memory.last_line.error,
        "boost": memory.boost and memory.boost.as_json(),
        "points": {
            "in_table": len(memory.table),
            "present": len(memory.present),
            "absent": sorted(memory.absent),
            "aside": sorted(reader.schedule.aside),
            "to_probe": reader.searching,
            "read": sorted(coordinator.wanted & data.values.keys()),
        },
        "values": async_redact_data(dict(sorted(data.values.items())), REDACTED_POINTS),
    }
