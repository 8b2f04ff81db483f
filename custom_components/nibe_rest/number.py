"""Numbers: set points, limits and curves."""

from typing import override

from homeassistant.components.number import NumberDeviceClass, NumberEntity, NumberMode
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .catalog import Curated, Kind
from .coordinator import NibeConfigEntry, NibeCoordinator
from .entity import NibePointEntity, async_add_for_points
from .rules import step
from .units import QUANTITIES

# The coordinator queues writes itself.
PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant,
    entry: NibeConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add a number for each point with limits."""
    async_add_for_points(entry, Kind.NUMBER, async_add_entities, NibeNumber)


class NibeNumber(NibePointEntity, NumberEntity):
    """A point that can be set within limits."""

    _attr_mode = NumberMode.BOX

    def __init__(
        self, coordinator: NibeCoordinator, point_id: int, curated: Curated | None
    ) -> None:
        """Fit unit, limits and step to the point."""
        super().__init__(coordinator, point_id, curated)
        point = self.point
        self._attr_entity_category = EntityCategory.CONFIG
        self._attr_native_min_value = point.scaled(point.minimum)
        self._attr_native_max_value = point.scaled(point.maximum)
        self._attr_native_step = step(point)
        if curated and curated.unitless:
            return
        if quantity := QUANTITIES.get(point.unit):
            self._attr_native_unit_of_measurement = quantity.unit
            if quantity.device_class:
                self._attr_device_class = NumberDeviceClass(quantity.device_class)
        elif point.unit and point.unit != "DM":
            self._attr_native_unit_of_measurement = point.unit

    @property
    @override
    def native_value(self) -> float | None:
        """The value as the heat pump last told."""
        raw = self.raw(self.point_id)
        return self.point.scaled(raw) if isinstance(raw, int) else None

    @override
    async def async_set_native_value(self, value: float) -> None:
        """Set the value; nothing is rounded that the user has chosen."""
        if self.device_class is NumberDeviceClass.TEMPERATURE:
            await self.async_write_temperature(self.point_id, value)
            return
        await self.coordinator.async_write_value(self.point_id, value)
