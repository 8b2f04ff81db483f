"""Events: new rows of a site's alarm log."""

from typing import Any, override

from homeassistant.components.event import EventEntity
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import VrmConfigEntry
from .entity import VrmEntity
from .jobs import Job
from .site_coordinator import STATUS, SiteCoordinator

PARALLEL_UPDATES = 0

RAISED = "raised"


async def async_setup_entry(
    hass: HomeAssistant,
    entry: VrmConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add an alarm log for each site."""
    entry.runtime_data.async_add_platform(
        async_add_entities,
        lambda site, subjects: [VrmAlarmLog(site)] if (STATUS,) in subjects else [],
    )


class VrmAlarmLog(VrmEntity, EventEntity):
    """Tells of each alarm once."""

    _attr_translation_key = "alarm_log"
    _attr_event_types = [RAISED]

    def __init__(self, coordinator: SiteCoordinator) -> None:
        """Hear of what is new."""
        super().__init__(coordinator, "alarm_log", Job.ALARM_LOG)

    @override
    async def async_added_to_hass(self) -> None:
        """Begin to listen."""
        await super().async_added_to_hass()
        self.coordinator.on_alarm = self._async_tell

    @override
    async def async_will_remove_from_hass(self) -> None:
        """Listen no more."""
        self.coordinator.on_alarm = None
        await super().async_will_remove_from_hass()

    @property
    @override
    def available(self) -> bool:
        """Whether the log can be read; VRM does not document it, and may take it away."""
        return self.coordinator.is_there and Job.ALARM_LOG not in self.coordinator.data.failing

    @callback
    def _async_tell(self, facts: dict[str, Any]) -> None:
        self._trigger_event(RAISED, facts)
        self.async_write_ha_state()
