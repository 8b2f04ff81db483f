"""Door sensors, batteries, and whether the bridge is connected."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import override

from homeassistant.components.binary_sensor import (
    DOMAIN as BINARY_SENSOR_DOMAIN,
    BinarySensorDeviceClass,
    BinarySensorEntity,
    BinarySensorEntityDescription,
)
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import BridgeCoordinator, LockCoordinator, NukiConfigEntry
from .entity import BridgeEntity, NukiEntity, NukiEntityDescription, async_add_for_devices
from .models import NO_DOOR_SENSOR, DoorState, NukiDevice

PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class NukiBinarySensorDescription(NukiEntityDescription, BinarySensorEntityDescription):
    """Describes a binary sensor of a device."""

    is_on_fn: Callable[[NukiDevice], bool | None]


# Only closed and opened say where the door is. All else is unknown: a sensor that is being
# calibrated must not raise a burglar alarm.
DOOR_OPEN = {DoorState.CLOSED: False, DoorState.OPENED: True}

BINARY_SENSORS = (
    NukiBinarySensorDescription(
        key="door",
        device_class=BinarySensorDeviceClass.DOOR,
        exists_fn=lambda device: device.last.door not in {None, *NO_DOOR_SENSOR},
        is_on_fn=lambda device: DOOR_OPEN.get(device.last.door) if device.last.door else None,
    ),
    NukiBinarySensorDescription(
        key="battery_critical",
        device_class=BinarySensorDeviceClass.BATTERY,
        entity_category=EntityCategory.DIAGNOSTIC,
        is_on_fn=lambda device: device.last.battery_critical,
    ),
    NukiBinarySensorDescription(
        key="battery_charging",
        device_class=BinarySensorDeviceClass.BATTERY_CHARGING,
        entity_category=EntityCategory.DIAGNOSTIC,
        exists_fn=lambda device: device.last.battery_charging is not None,
        is_on_fn=lambda device: device.last.battery_charging,
    ),
    NukiBinarySensorDescription(
        key="keypad_battery_critical",
        translation_key="keypad_battery_critical",
        device_class=BinarySensorDeviceClass.BATTERY,
        entity_category=EntityCategory.DIAGNOSTIC,
        exists_fn=lambda device: device.last.keypad_battery_critical is not None,
        is_on_fn=lambda device: device.last.keypad_battery_critical,
    ),
)

SERVER_CONNECTION = BinarySensorEntityDescription(
    key="server_connection",
    translation_key="server_connection",
    device_class=BinarySensorDeviceClass.CONNECTIVITY,
    entity_category=EntityCategory.DIAGNOSTIC,
)
CALLBACKS = BinarySensorEntityDescription(
    key="callbacks",
    translation_key="callbacks",
    device_class=BinarySensorDeviceClass.CONNECTIVITY,
    entity_category=EntityCategory.DIAGNOSTIC,
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: NukiConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the sensors of the bridge and of each device."""
    data = entry.runtime_data
    async_add_entities(
        [
            NukiServerConnection(data.bridge, entry, SERVER_CONNECTION),
            NukiCallbacksWork(data.locks, entry, CALLBACKS),
        ]
    )
    async_add_for_devices(
        entry, BINARY_SENSOR_DOMAIN, async_add_entities, BINARY_SENSORS, NukiBinarySensor
    )


class NukiBinarySensor(NukiEntity, BinarySensorEntity):
    """A binary sensor of a device."""

    entity_description: NukiBinarySensorDescription

    @property
    @override
    def is_on(self) -> bool | None:
        """The state as the bridge last told."""
        return self.entity_description.is_on_fn(self.device)


class NukiServerConnection(BridgeEntity[BridgeCoordinator], BinarySensorEntity):
    """Whether the bridge is connected to the vendor's server."""

    @property
    @override
    def is_on(self) -> bool | None:
        """The connection as the bridge last told."""
        return self.coordinator.data.server_connected


class NukiCallbacksWork(BridgeEntity[LockCoordinator], BinarySensorEntity):
    """Whether changes are pushed, so that they show at once."""

    @property
    @override
    def is_on(self) -> bool:
        """Whether our callback is registered and calls arrive."""
        return self._runtime.callbacks.work
