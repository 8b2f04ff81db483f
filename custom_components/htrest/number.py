"""Numbers: set points, limits and curves."""

from typing import override

from homeassistant.components.number import NumberDeviceClass, NumberEntity, NumberMode
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .catalog_types import Parameter, Shown
from .coordinator import HtRestConfigEntry, HtRestCoordinator
from .entity import HtRestPointEntity, async_add_for_points
from .rules import STEPS
from .units import QUANTITIES

# The coordinator queues writes itself.
PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant,
    entry: HtRestConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add a number for each point with limits."""
    async_add_for_points(entry, Shown.NUMBER, async_add_entities, HtRestNumber)


class HtRestNumber(HtRestPointEntity, NumberEntity):
    """A point that can be set within limits."""

    _attr_mode = NumberMode.BOX
    _attr_entity_category = EntityCategory.CONFIG

    def __init__(self, coordinator: HtRestCoordinator, parameter: Parameter) -> None:
        """Fit unit, limits and step to the point."""
        super().__init__(coordinator, parameter)
        quantity = QUANTITIES[parameter.unit]
        self._attr_native_unit_of_measurement = quantity.unit
        if quantity.device_class:
            self._attr_device_class = NumberDeviceClass(quantity.device_class)
        self._attr_native_min_value = parameter.low
        self._attr_native_max_value = parameter.high
        self._attr_native_step = STEPS[parameter.data_type]

    @property
    @override
    def native_value(self) -> float | None:
        """The value as the heat pump last told."""
        return self.point_value(self.parameter.name)

    @override
    async def async_set_native_value(self, value: float) -> None:
        """Set the value; nothing is rounded that the user has chosen."""
        if self.device_class is NumberDeviceClass.TEMPERATURE:
            await self.async_write_temperature(self.parameter.name, value)
            return
        await self.coordinator.async_write(self.parameter.name, value)
