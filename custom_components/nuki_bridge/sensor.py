"""Battery level, state in the vendor's words, signal, rings; versions and restarts of the bridge."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import override

from homeassistant.components.sensor import (
    DOMAIN as SENSOR_DOMAIN,
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import SIGNAL_STRENGTH_DECIBELS_MILLIWATT, EntityCategory, UnitOfRatio
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.util import dt as dt_util

from .coordinator import BridgeCoordinator, LockCoordinator, NukiConfigEntry
from .entity import BridgeEntity, NukiEntity, NukiEntityDescription, async_add_for_devices
from .models import LOCK_STATES, OPENER_STATES, BridgeInfo, NukiDevice, State

PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class NukiSensorDescription(NukiEntityDescription, SensorEntityDescription):
    """Describes a sensor of a device."""

    value_fn: Callable[[NukiDevice], str | int | datetime | None]


@dataclass(frozen=True, kw_only=True)
class BridgeSensorDescription(SensorEntityDescription):
    """Describes a sensor of the bridge."""

    value_fn: Callable[[BridgeInfo], str | datetime | None]
    exists_fn: Callable[[BridgeInfo], bool] = lambda _: True


SENSORS = (
    NukiSensorDescription(
        key="battery",
        device_class=SensorDeviceClass.BATTERY,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfRatio.PERCENTAGE,
        entity_category=EntityCategory.DIAGNOSTIC,
        exists_fn=lambda device: device.last.battery_level is not None,
        value_fn=lambda device: device.last.battery_level,
    ),
    NukiSensorDescription(
        key="state",
        translation_key="lock_state",
        device_class=SensorDeviceClass.ENUM,
        options=list(dict.fromkeys(LOCK_STATES.values())),
        entity_category=EntityCategory.DIAGNOSTIC,
        exists_fn=lambda device: not device.is_opener,
        value_fn=lambda device: device.state,
    ),
    NukiSensorDescription(
        key="opener_state",
        translation_key="opener_state",
        device_class=SensorDeviceClass.ENUM,
        options=[*dict.fromkeys(OPENER_STATES.values()), State.CONTINUOUS_MODE],
        entity_category=EntityCategory.DIAGNOSTIC,
        exists_fn=lambda device: device.is_opener,
        value_fn=lambda device: device.state,
    ),
    NukiSensorDescription(
        key="last_ring",
        translation_key="last_ring",
        device_class=SensorDeviceClass.TIMESTAMP,
        exists_fn=lambda device: device.is_opener,
        value_fn=lambda device: device.last.ring_at,
    ),
)

SIGNAL = NukiSensorDescription(
    key="signal",
    device_class=SensorDeviceClass.SIGNAL_STRENGTH,
    state_class=SensorStateClass.MEASUREMENT,
    native_unit_of_measurement=SIGNAL_STRENGTH_DECIBELS_MILLIWATT,
    entity_category=EntityCategory.DIAGNOSTIC,
    entity_registry_enabled_default=False,
    value_fn=lambda _: None,
)

BRIDGE_SENSORS = (
    BridgeSensorDescription(
        key="last_restart",
        translation_key="last_restart",
        device_class=SensorDeviceClass.UPTIME,
        entity_category=EntityCategory.DIAGNOSTIC,
        exists_fn=lambda info: info.uptime is not None,
        value_fn=lambda info: (
            None if info.uptime is None else dt_util.utcnow() - timedelta(seconds=info.uptime)
        ),
    ),
    BridgeSensorDescription(
        key="firmware",
        translation_key="firmware",
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        exists_fn=lambda info: info.firmware_version is not None,
        value_fn=lambda info: info.firmware_version,
    ),
    BridgeSensorDescription(
        key="wifi_firmware",
        translation_key="wifi_firmware",
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        exists_fn=lambda info: info.wifi_firmware_version is not None,
        value_fn=lambda info: info.wifi_firmware_version,
    ),
    BridgeSensorDescription(
        key="app",
        translation_key="app",
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        exists_fn=lambda info: info.app_version is not None,
        value_fn=lambda info: info.app_version,
    ),
)

LAST_CALLBACK = SensorEntityDescription(
    key="last_callback",
    translation_key="last_callback",
    device_class=SensorDeviceClass.TIMESTAMP,
    entity_category=EntityCategory.DIAGNOSTIC,
    entity_registry_enabled_default=False,
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: NukiConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the sensors of the bridge and of each device."""
    data = entry.runtime_data
    async_add_entities(
        NukiBridgeSensor(data.bridge, entry, description)
        for description in BRIDGE_SENSORS
        if description.exists_fn(data.bridge.data)
    )
    async_add_entities([NukiLastCallback(data.locks, entry, LAST_CALLBACK)])
    async_add_for_devices(entry, SENSOR_DOMAIN, async_add_entities, SENSORS, NukiSensor)
    async_add_for_devices(entry, SENSOR_DOMAIN, async_add_entities, (SIGNAL,), NukiSignal)


class NukiSensor(NukiEntity, SensorEntity):
    """A sensor of a device."""

    entity_description: NukiSensorDescription

    @property
    @override
    def native_value(self) -> str | int | datetime | None:
        """The value as the bridge last told."""
        return self.entity_description.value_fn(self.device)


class NukiSignal(NukiSensor):
    """How well the bridge hears a device; the bridge tells it with its own facts."""

    @override
    async def async_added_to_hass(self) -> None:
        """Listen to the bridge as well."""
        await super().async_added_to_hass()
        self.async_on_remove(
            self.coordinator.bridge.async_add_listener(self._handle_coordinator_update)
        )

    @property
    @override
    def native_value(self) -> int | None:
        """The signal in the bridge's last scan, if it heard the device."""
        return self.coordinator.bridge.data.signal_strengths.get(self.nuki_id)


class NukiBridgeSensor(BridgeEntity[BridgeCoordinator], SensorEntity):
    """A sensor of the bridge."""

    entity_description: BridgeSensorDescription

    @property
    @override
    def native_value(self) -> str | datetime | None:
        """The value as the bridge last told."""
        return self.entity_description.value_fn(self.coordinator.data)


class NukiLastCallback(BridgeEntity[LockCoordinator], SensorEntity):
    """When the bridge last called."""

    @property
    @override
    def native_value(self) -> datetime | None:
        """The time of the last callback that was applied."""
        return self._runtime.callbacks.last_received
