"""Alarms, each told once."""

from typing import override

from homeassistant.components.event import EventEntity
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .catalog import Part
from .coordinator import ALARMS, NibeConfigEntry, NibeCoordinator
from .entity import NibeEntity
from .events import alarm_signal
from .models import Alarm

PARALLEL_UPDATES = 0

# What the API calls 0 to 3; other numbers are taken for the gravest.
SEVERITIES = ("info", "warning", "alarm", "critical")


async def async_setup_entry(
    hass: HomeAssistant,
    entry: NibeConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the event."""
    async_add_entities([NibeAlarmEvent(entry.runtime_data)])


class NibeAlarmEvent(NibeEntity, EventEntity):
    """A new alarm."""

    _attr_translation_key = "alarm"
    _attr_event_types = list(SEVERITIES)

    def __init__(self, coordinator: NibeCoordinator) -> None:
        """Belong to the heat pump."""
        super().__init__(coordinator, "alarm_event", Part.PUMP, frozenset({ALARMS}))

    @override
    async def async_added_to_hass(self) -> None:
        """Hear of alarms until removed."""
        await super().async_added_to_hass()
        self.async_on_remove(
            async_dispatcher_connect(
                self.hass, alarm_signal(self.coordinator.config_entry), self._async_alarm
            )
        )

    @callback
    def _async_alarm(self, alarm: Alarm) -> None:
        known = 0 <= alarm.severity < len(SEVERITIES)
        self._trigger_event(
            SEVERITIES[alarm.severity] if known else SEVERITIES[-1],
            {
                "alarm_id": alarm.alarm_id,
                "header": alarm.header,
                "description": alarm.description,
                "equipment": alarm.equipment,
            },
        )
        self.async_write_ha_state()
