"""Binary sensors: whether the server answers."""

from typing import override

from homeassistant.components.binary_sensor import BinarySensorDeviceClass, BinarySensorEntity
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import ThinknxConfigEntry, ThinknxCoordinator
from .entity import ThinknxServerEntity

PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant,
    entry: ThinknxConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the sensor."""
    async_add_entities([ThinknxReachable(entry.runtime_data)])


class ThinknxReachable(ThinknxServerEntity, BinarySensorEntity):
    """Whether the server answers; available above all when it does not."""

    _attr_translation_key = "reachable"
    _attr_device_class = BinarySensorDeviceClass.CONNECTIVITY
    _attr_entity_category = EntityCategory.DIAGNOSTIC

    def __init__(self, coordinator: ThinknxCoordinator) -> None:
        """Belong to the server."""
        super().__init__(coordinator, "reachable")

    @property
    @override
    def available(self) -> bool:
        """Always: that is what it is for."""
        return True

    @property
    @override
    def is_on(self) -> bool:
        """Whether the server answers."""
        return self.coordinator.is_reachable
