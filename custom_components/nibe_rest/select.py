"""Selects: modes of operation."""

from typing import override

from homeassistant.components.select import SelectEntity
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .catalog import Curated, Kind, Part
from .coordinator import DEVICE, NibeConfigEntry, NibeCoordinator
from .entity import NibeEntity, NibePointEntity, async_add_for_points
from .models import SmartMode

# The coordinator queues writes itself.
PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant,
    entry: NibeConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the smart mode, and a select for each point with codes."""
    if entry.runtime_data.data.device.smart_mode is not None:
        async_add_entities([NibeSmartMode(entry.runtime_data)])
    async_add_for_points(entry, Kind.SELECT, async_add_entities, NibeSelect)


class NibeSelect(NibePointEntity, SelectEntity):
    """A point that takes one of some codes."""

    def __init__(
        self, coordinator: NibeCoordinator, point_id: int, curated: Curated | None
    ) -> None:
        """Offer what the codes mean."""
        super().__init__(coordinator, point_id, curated)
        self._attr_options = list(self.codes.values())
        self._attr_entity_category = EntityCategory.CONFIG

    @property
    @override
    def current_option(self) -> str | None:
        """The option as the heat pump last told; None for a code that nobody knows."""
        raw = self.raw(self.point_id)
        return self.codes.get(raw) if isinstance(raw, int) else None

    @override
    async def async_select_option(self, option: str) -> None:
        """Select an option."""
        await self.async_write({name: raw for raw, name in self.codes.items()}[option])


class NibeSmartMode(NibeEntity, SelectEntity):
    """What the heat pump assumes about the people in the house."""

    _attr_translation_key = "smart_mode"
    _attr_options = list(SmartMode)

    def __init__(self, coordinator: NibeCoordinator) -> None:
        """Listen to the heat pump itself."""
        super().__init__(coordinator, "smart_mode", Part.PUMP, frozenset({DEVICE}))

    @property
    @override
    def current_option(self) -> str | None:
        """The mode as the heat pump last told."""
        return self.coordinator.data.device.smart_mode

    @override
    async def async_select_option(self, option: str) -> None:
        """Set the mode."""
        await self.coordinator.async_set_mode(SmartMode(option))
