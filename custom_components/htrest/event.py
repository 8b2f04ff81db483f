"""New lines of the fault list, each told once."""

from typing import override

from homeassistant.components.event import EventEntity
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .catalog_types import Part
from .coordinator import FAULTS, HtRestConfigEntry, HtRestCoordinator
from .entity import HtRestEntity
from .events import fault_signal
from .faults import LineKind, kind_of
from .models import FaultEntry

PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant,
    entry: HtRestConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the event."""
    async_add_entities([HtRestFaultEvent(entry.runtime_data)])


class HtRestFaultEvent(HtRestEntity, EventEntity):
    """A new line of the fault list."""

    _attr_translation_key = "fault"
    _attr_event_types = list(LineKind)

    def __init__(self, coordinator: HtRestCoordinator) -> None:
        """Belong to the heat pump."""
        super().__init__(coordinator, "fault_event", Part.PUMP, frozenset({FAULTS}))

    @override
    async def async_added_to_hass(self) -> None:
        """Hear of new lines until removed."""
        await super().async_added_to_hass()
        self.async_on_remove(
            async_dispatcher_connect(
                self.hass, fault_signal(self.coordinator.config_entry), self._async_line
            )
        )

    @callback
    def _async_line(self, line: FaultEntry) -> None:
        self._trigger_event(
            kind_of(line),
            {"error": line.error, "message": line.message, "time": line.time.isoformat()},
        )
        self.async_write_ha_state()
