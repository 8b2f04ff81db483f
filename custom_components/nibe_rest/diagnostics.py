"""Diagnostics: every point with its value, and nothing that names the house or opens the API."""

from typing import Any

from homeassistant.components.diagnostics import async_redact_data
from homeassistant.const import CONF_HOST, CONF_PASSWORD, CONF_USERNAME
from homeassistant.core import HomeAssistant

from .const import CONF_FINGERPRINT, CONF_SERIAL
from .coordinator import FIRMWARE_POINT, NibeConfigEntry
from .models import firmware_version

REDACTED_ENTRY = {CONF_HOST, CONF_USERNAME, CONF_PASSWORD, CONF_SERIAL, CONF_FINGERPRINT}


async def async_get_config_entry_diagnostics(
    hass: HomeAssistant, entry: NibeConfigEntry
) -> dict[str, Any]:
    """Return the state of an entry; texts of points are left out, they may hold anything."""
    coordinator = entry.runtime_data
    data = coordinator.data
    version = data.values.get(FIRMWARE_POINT)
    return {
        "entry": async_redact_data(
            {"data": dict(entry.data), "options": dict(entry.options)}, REDACTED_ENTRY
        ),
        "device": {
            "name": data.device.name,
            "firmware": firmware_version(version) if isinstance(version, int) else None,
            "aid_mode": data.device.aid_mode,
            "smart_mode": data.device.smart_mode,
        },
        "requests_last_hour": coordinator.client.requests_last_hour,
        "last_success": coordinator.client.last_success,
        "alarms": [
            {"alarm_id": alarm.alarm_id, "severity": alarm.severity, "time": alarm.time}
            for alarm in data.alarms
        ],
        "curated": sorted(data.points.keys() & coordinator.curated.keys()),
        "missing": sorted(data.points.keys() - data.values.keys()),
        "points": {
            str(point_id): {
                "title": point.title,
                "register": point.register_key,
                "raw": raw if isinstance(raw := data.values.get(point_id), int) else None,
                "size": point.size,
                "unit": point.unit,
                "divisor": point.divisor,
                "limits": [point.minimum, point.maximum],
                "writable": point.writable,
            }
            for point_id, point in sorted(data.points.items())
        },
    }
