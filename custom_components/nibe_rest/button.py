"""The button that resets alarms."""

from typing import override

from homeassistant.components.button import ButtonEntity
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .catalog import Part
from .coordinator import ALARMS, NibeConfigEntry, NibeCoordinator
from .entity import NibeEntity

# The coordinator queues commands itself.
PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant,
    entry: NibeConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the button."""
    async_add_entities([NibeResetAlarms(entry.runtime_data)])


class NibeResetAlarms(NibeEntity, ButtonEntity):
    """Resets the alarms, as the button on the display does."""

    _attr_translation_key = "reset_alarms"
    _attr_entity_category = EntityCategory.CONFIG

    def __init__(self, coordinator: NibeCoordinator) -> None:
        """Belong to the heat pump."""
        super().__init__(coordinator, "reset_alarms", Part.PUMP, frozenset({ALARMS}))

    @override
    async def async_press(self) -> None:
        """Reset the alarms."""
        await self.coordinator.async_reset_alarms()
