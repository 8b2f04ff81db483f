"""Base entities, and how entities appear as their devices do."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, override

from homeassistant.core import callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.entity import Entity, EntityDescription
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.update_coordinator import (
    CoordinatorEntity,
    DataUpdateCoordinator,
)

from .const import DOMAIN, MANUFACTURER
from .coordinator import AVAILABILITY, BridgeCoordinator, LockCoordinator, NukiConfigEntry
from .models import DeviceType, NukiDevice

MODELS = {
    DeviceType.SMART_LOCK: "Smart Lock",
    DeviceType.OPENER: "Opener",
    DeviceType.SMART_DOOR: "Smart Door",
    DeviceType.SMART_LOCK_3: "Smart Lock 3.0",
}


@dataclass(frozen=True, kw_only=True)
class NukiEntityDescription(EntityDescription):
    """Describes an entity of a lock or an Opener."""

    exists_fn: Callable[[NukiDevice], bool] = lambda _: True


def bridge_device_info(bridge: BridgeCoordinator) -> DeviceInfo:
    """Return how the bridge stands in the device registry."""
    info = bridge.data
    return DeviceInfo(
        identifiers={(DOMAIN, info.unique_id)},
        manufacturer=MANUFACTURER,
        model="Bridge" if info.is_hardware else "Software Bridge",
        name=bridge.config_entry.title,
        serial_number=info.unique_id,
        sw_version=info.firmware_version or info.app_version,
    )


class NukiEntity(CoordinatorEntity[LockCoordinator]):
    """An entity of a lock or an Opener."""

    _attr_has_entity_name = True

    def __init__(
        self, coordinator: LockCoordinator, nuki_id: int, description: EntityDescription
    ) -> None:
        """Listen to this device alone."""
        super().__init__(coordinator, context=nuki_id)
        self.entity_description = description
        self.nuki_id = nuki_id
        device = self.device
        self._attr_unique_id = f"{device.hex_id}-{description.key}"
        self._attr_device_info = DeviceInfo(
            identifiers={(DOMAIN, device.hex_id)},
            manufacturer=MANUFACTURER,
            model=MODELS.get(DeviceType(device.device_type))
            if device.is_known_type
            else f"Type {device.device_type}",
            name=device.label,
            serial_number=device.hex_id,
            sw_version=device.firmware_version,
            via_device_id=coordinator.bridge.device_id,
        )

    @property
    def device(self) -> NukiDevice:
        """The device as the bridge last told."""
        return self.coordinator.data[self.nuki_id]

    @property
    @override
    def available(self) -> bool:
        """Whether the bridge answers and still has the device."""
        return super().available and self.nuki_id in self.coordinator.data


class BridgeEntity[CoordinatorT: DataUpdateCoordinator[Any]](CoordinatorEntity[CoordinatorT]):
    """An entity of the bridge itself; it listens to whichever coordinator knows its value."""

    _attr_has_entity_name = True

    def __init__(
        self, coordinator: CoordinatorT, entry: NukiConfigEntry, description: EntityDescription
    ) -> None:
        """Stand beside the bridge's other entities."""
        super().__init__(coordinator)
        bridge = entry.runtime_data.bridge
        self.entity_description = description
        self._runtime = entry.runtime_data
        self._attr_unique_id = f"{bridge.data.unique_id}-{description.key}"
        self._attr_device_info = DeviceInfo(identifiers={(DOMAIN, bridge.data.unique_id)})

    @override
    async def async_added_to_hass(self) -> None:
        """Hear of it too when the bridge goes away or comes back."""
        await super().async_added_to_hass()
        self.async_on_remove(
            self._runtime.locks.async_add_listener(self._handle_coordinator_update, AVAILABILITY)
        )

    @property
    @override
    def available(self) -> bool:
        """Whether the bridge answers; the locks are read far more often than the bridge."""
        return super().available and self._runtime.locks.last_update_success


@callback
def async_add_for_devices[DescriptionT: NukiEntityDescription](
    entry: NukiConfigEntry,
    platform: str,
    async_add_entities: AddConfigEntryEntitiesCallback,
    descriptions: Sequence[DescriptionT],
    make: Callable[[LockCoordinator, int, DescriptionT], Entity],
) -> None:
    """Add entities of all devices, and later those of devices and sensors that appear.

    What the registry knows is added even while its device does not tell of it, so that a door
    sensor switched off for a while does not vanish with the next restart.
    """
    locks = entry.runtime_data.locks
    registry = er.async_get(locks.hass)

    @callback
    def add_new() -> None:
        new: list[Entity] = []
        for device in locks.data.values():
            for description in descriptions:
                unique_id = f"{device.hex_id}-{description.key}"
                if unique_id in locks.added:
                    continue
                if description.exists_fn(device) or registry.async_get_entity_id(
                    platform, DOMAIN, unique_id
                ):
                    locks.added.add(unique_id)
                    new.append(make(locks, device.nuki_id, description))
        if new:
            async_add_entities(new)

    entry.async_on_unload(locks.async_add_listener(add_new))
    add_new()
