"""Actions: reading and setting any point, alarms, and a list of everything."""

import csv
from io import StringIO
from typing import Any

import voluptuous as vol

from homeassistant.const import ATTR_CONFIG_ENTRY_ID
from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv, service

from .const import DOMAIN
from .coordinator import NibeConfigEntry, NibeCoordinator
from .models import Point, Raw

ATTR_POINT = "point"
ATTR_VALUE = "value"

SERVICE_EXPORT_POINTS = "export_points"
SERVICE_GET_ALARMS = "get_alarms"
SERVICE_GET_POINT = "get_point"
SERVICE_SET_POINT = "set_point"

ENTRY_SCHEMA = vol.Schema({vol.Required(ATTR_CONFIG_ENTRY_ID): cv.string})
POINT_SCHEMA = ENTRY_SCHEMA.extend({vol.Required(ATTR_POINT): cv.positive_int})
SET_SCHEMA = POINT_SCHEMA.extend({vol.Required(ATTR_VALUE): vol.Coerce(float)})

COLUMNS = (
    "point", "register", "title", "description", "value", "unit", "raw", "kind", "size",
    "divisor", "minimum", "maximum", "default", "writable", "present",
)  # fmt: skip


def _coordinator(call: ServiceCall) -> NibeCoordinator:
    entry: NibeConfigEntry = service.async_get_config_entry(
        call.hass, DOMAIN, call.data[ATTR_CONFIG_ENTRY_ID]
    )
    return entry.runtime_data


def _known_point(coordinator: NibeCoordinator, call: ServiceCall) -> int:
    point_id: int = call.data[ATTR_POINT]
    if point_id not in coordinator.data.points:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="no_such_point",
            translation_placeholders={"name": str(point_id)},
        )
    return point_id


def _described(coordinator: NibeCoordinator, point: Point, raw: Raw) -> dict[str, Any]:
    """Return a point and its value as an answer of an action."""
    return {
        "point": point.point_id,
        "register": point.register_key,
        "title": coordinator.data.titles.get(point.point_id, point.title),
        "description": point.description,
        "value": point.scaled(raw) if isinstance(raw, int) else raw,
        "unit": point.unit,
        "raw": raw,
        "kind": point.kind,
        "size": point.size,
        "divisor": point.divisor,
        "minimum": point.minimum,
        "maximum": point.maximum,
        "default": point.default,
        "writable": point.writable,
        "present": point.point_id in coordinator.data.values,
    }


async def _async_get_point(call: ServiceCall) -> ServiceResponse:
    """Read one point from the heat pump, now."""
    coordinator = _coordinator(call)
    point_id = _known_point(coordinator, call)
    with coordinator.errors.command(coordinator.data.titles[point_id]):
        point, raw = await coordinator.client.point(point_id)
    return _described(coordinator, point, raw)


async def _async_set_point(call: ServiceCall) -> ServiceResponse:
    """Write one point, and return it once the heat pump shows the value."""
    coordinator = _coordinator(call)
    point_id = _known_point(coordinator, call)
    await coordinator.async_write_value(point_id, call.data[ATTR_VALUE])
    data = coordinator.data
    return _described(coordinator, data.points[point_id], data.values.get(point_id))


async def _async_get_alarms(call: ServiceCall) -> ServiceResponse:
    """Read the alarms that stand, now."""
    coordinator = _coordinator(call)
    with coordinator.errors.command(coordinator.config_entry.title):
        alarms = await coordinator.client.alarms()
    return {
        "alarms": [
            {
                "alarm_id": alarm.alarm_id,
                "header": alarm.header,
                "description": alarm.description,
                "severity": alarm.severity,
                "time": alarm.time.isoformat() if alarm.time else None,
                "equipment": alarm.equipment,
            }
            for alarm in alarms
        ]
    }


async def _async_export_points(call: ServiceCall) -> ServiceResponse:
    """Return all points with what is known of them, as text for a spreadsheet."""
    coordinator = _coordinator(call)
    text = StringIO()
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    for point_id, point in sorted(coordinator.data.points.items()):
        raw = coordinator.data.values.get(point_id)
        writer.writerow(_described(coordinator, point, raw))
    return {"csv": text.getvalue()}


@callback
def async_setup_services(hass: HomeAssistant) -> None:
    """Register the actions."""
    for name, handler, schema in (
        (SERVICE_GET_POINT, _async_get_point, POINT_SCHEMA),
        (SERVICE_GET_ALARMS, _async_get_alarms, ENTRY_SCHEMA),
        (SERVICE_EXPORT_POINTS, _async_export_points, ENTRY_SCHEMA),
    ):
        hass.services.async_register(DOMAIN, name, handler, schema, SupportsResponse.ONLY)
    service.async_register_admin_service(
        hass, DOMAIN, SERVICE_SET_POINT, _async_set_point, SET_SCHEMA, SupportsResponse.OPTIONAL
    )
