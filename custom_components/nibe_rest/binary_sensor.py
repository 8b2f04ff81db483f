"""Binary sensors: whether an alarm stands."""

from typing import override

from homeassistant.components.binary_sensor import BinarySensorDeviceClass, BinarySensorEntity
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .catalog import Kind, Part
from .coordinator import ALARMS, NibeConfigEntry, NibeCoordinator
from .entity import NibeEntity, NibePointEntity, async_add_for_points

PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant,
    entry: NibeConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the sensors of alarms."""
    async_add_entities([NibeProblem(entry.runtime_data)])
    async_add_for_points(entry, Kind.BINARY_SENSOR, async_add_entities, NibeBinarySensor)


class NibeBinarySensor(NibePointEntity, BinarySensorEntity):
    """A point that is on or off."""

    _attr_device_class = BinarySensorDeviceClass.PROBLEM

    @property
    @override
    def is_on(self) -> bool | None:
        """The state as the heat pump last told."""
        raw = self.raw(self.point_id)
        return None if raw is None else raw != 0


class NibeProblem(NibeEntity, BinarySensorEntity):
    """Whether alarms stand."""

    _attr_translation_key = "alarms"
    _attr_device_class = BinarySensorDeviceClass.PROBLEM
    _attr_entity_category = EntityCategory.DIAGNOSTIC

    def __init__(self, coordinator: NibeCoordinator) -> None:
        """Listen to alarms."""
        super().__init__(coordinator, "alarms", Part.PUMP, frozenset({ALARMS}))

    @property
    @override
    def available(self) -> bool:
        """Whether the heat pump tells of its alarms: that none is known does not mean all is well."""
        return super().available and self.coordinator.data.alarms_readable

    @property
    @override
    def is_on(self) -> bool:
        """Whether any alarm stands."""
        return bool(self.coordinator.data.alarms)
