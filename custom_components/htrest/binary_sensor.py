"""Binary sensors: what runs, and whether a fault stands."""

from typing import override

from homeassistant.components.binary_sensor import BinarySensorDeviceClass, BinarySensorEntity
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .catalog_types import Parameter, Shown
from .coordinator import HtRestConfigEntry, HtRestCoordinator
from .entity import HtRestPointEntity, async_add_for_points

PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant,
    entry: HtRestConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add a binary sensor for each point that is on or off."""
    async_add_for_points(entry, Shown.BINARY_SENSOR, async_add_entities, HtRestBinarySensor)


class HtRestBinarySensor(HtRestPointEntity, BinarySensorEntity):
    """A point that is on or off."""

    def __init__(self, coordinator: HtRestCoordinator, parameter: Parameter) -> None:
        """Know what on means."""
        super().__init__(coordinator, parameter)
        if parameter.sense:
            self._attr_device_class = BinarySensorDeviceClass(parameter.sense)

    @property
    @override
    def is_on(self) -> bool | None:
        """The state as the heat pump last told."""
        value = self.point_value(self.parameter.name)
        return None if value is None else bool(value)
