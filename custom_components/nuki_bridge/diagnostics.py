"""Diagnostics: all that helps to find a fault, and nothing that opens a door."""

from dataclasses import asdict, fields
from typing import Any

from homeassistant.components.diagnostics import REDACTED, async_redact_data
from homeassistant.const import CONF_HOST, CONF_TOKEN, CONF_WEBHOOK_ID
from homeassistant.core import HomeAssistant

from .const import CONF_CALLBACK_URL
from .coordinator import NukiConfigEntry
from .errors import NukiError
from .models import NukiDevice

LOG_LINES = 50
REDACTED_ENTRY = {CONF_TOKEN, CONF_WEBHOOK_ID, CONF_HOST, CONF_CALLBACK_URL}
# What a log line may show. Firmware writes other fields too, and some bear ids or addresses.
SHOWN_LOG = {"timestamp", "type", "action", "count", "pairIndex", "bleHandle", "serverNum"}


def _device(device: NukiDevice) -> dict[str, Any]:
    return {
        "device_type": device.device_type,
        "firmware_version": device.firmware_version,
        "state": device.state,
        **{item.name: getattr(device.last, item.name) for item in fields(device.last)},
    }


async def async_get_config_entry_diagnostics(
    hass: HomeAssistant, entry: NukiConfigEntry
) -> dict[str, Any]:
    """Return the state of an entry; devices are numbered, not named."""
    data = entry.runtime_data
    try:
        log: Any = [
            {key: value if key in SHOWN_LOG else REDACTED for key, value in line.items()}
            for line in await data.client.log(0, LOG_LINES)
        ]
    except NukiError as err:
        log = type(err).__name__
    info = asdict(data.bridge.data)
    signal_strengths = info.pop("signal_strengths")
    devices = data.locks.data.values()
    return {
        "entry": async_redact_data(
            {"data": dict(entry.data), "options": dict(entry.options)}, REDACTED_ENTRY
        ),
        "bridge": async_redact_data(info, {"hardware_id", "server_id"}),
        "clock_offset_seconds": data.client.clock_offset.total_seconds(),
        "requests_last_hour": data.client.requests_last_hour,
        "last_success": data.client.last_success,
        "callbacks": {
            "work": data.callbacks.work,
            "last_received": data.callbacks.last_received,
        },
        "devices": [
            {**_device(device), "signal_strength": signal_strengths.get(device.nuki_id)}
            for device in devices
        ],
        "log": log,
    }
