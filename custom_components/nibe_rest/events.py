"""How automations, the event entity and the logbook learn of a new alarm."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from homeassistant.components.event import DOMAIN as EVENT_DOMAIN
from homeassistant.const import ATTR_DEVICE_ID, ATTR_ENTITY_ID, ATTR_NAME
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.dispatcher import async_dispatcher_send

from .const import DOMAIN, EVENT_ALARM
from .models import Alarm

if TYPE_CHECKING:
    from .coordinator import NibeConfigEntry, NibeCoordinator


def alarm_signal(entry: NibeConfigEntry) -> str:
    """Return the dispatcher signal that tells of a new alarm."""
    return f"{DOMAIN}_alarm_{entry.entry_id}"


def tell_new_alarms(coordinator: NibeCoordinator, alarms: Iterable[Alarm]) -> None:
    """Tell of the alarms that did not stand before; the same number at another time is new.

    Where one of the times is none, it is the same alarm.
    """
    known: dict[int, set[datetime | None]] = {}
    for alarm in coordinator.data.alarms:
        known.setdefault(alarm.alarm_id, set()).add(alarm.time)
    for alarm in alarms:
        times = known.get(alarm.alarm_id, set())
        if not times or not (alarm.time is None or times & {alarm.time, None}):
            _tell_alarm(coordinator, alarm)


def _tell_alarm(coordinator: NibeCoordinator, alarm: Alarm) -> None:
    hass, entry = coordinator.hass, coordinator.config_entry
    async_dispatcher_send(hass, alarm_signal(entry), alarm)
    hass.bus.async_fire(
        EVENT_ALARM,
        {
            ATTR_NAME: entry.title,
            ATTR_DEVICE_ID: coordinator.device_id,
            ATTR_ENTITY_ID: er.async_get(hass).async_get_entity_id(
                EVENT_DOMAIN, DOMAIN, f"{coordinator.data.device.serial}-alarm_event"
            ),
            "alarm_id": alarm.alarm_id,
            "header": alarm.header,
            "description": alarm.description,
            "severity": alarm.severity,
            "equipment": alarm.equipment,
        },
    )
