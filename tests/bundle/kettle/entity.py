"""Base entity of the kettle."""

from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.entity import EntityDescription
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from .const import DOMAIN
from .coordinator import KettleCoordinator


class KettleEntity(CoordinatorEntity[KettleCoordinator]):
    """An entity of the kettle."""

    _attr_has_entity_name = True

    def __init__(self, coordinator: KettleCoordinator, description: EntityDescription) -> None:
        """Name the device."""
        super().__init__(coordinator)
        self.entity_description = description
        self._attr_unique_id = f"{coordinator.config_entry.unique_id}_{description.key}"
        self._attr_device_info = DeviceInfo(
            identifiers={(DOMAIN, str(coordinator.config_entry.unique_id))},
            translation_key="kettle",
        )
