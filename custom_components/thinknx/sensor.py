"""Sensors: analog values, and how the server is doing."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import EntityCategory, Platform, UnitOfTime
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity import Entity
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.util import dt as dt_util

from .coordinator import ServerState, ThinknxConfigEntry, ThinknxCoordinator
from .device_coordinator import DeviceCoordinator
from .devices import (
    CONF_DEVICE_CLASS,
    CONF_PRECISION,
    CONF_SHOW_AS,
    CONF_STATE_CLASS,
    CONF_UNIT,
)
from .endpoints import Aspect, Kind
from .entity import ThinknxEntity, ThinknxServerEntity

PARALLEL_UPDATES = 0

AS_SENSOR = "sensor"


def _deployed(state: ServerState) -> datetime | None:
    moment = state.status.config_time
    return moment and moment.replace(tzinfo=dt_util.get_default_time_zone())


def _since_process(state: ServerState) -> datetime | None:
    uptime = state.status.process_uptime
    return None if uptime is None else dt_util.utcnow() - uptime


def _since_server(state: ServerState) -> datetime | None:
    uptime = state.status.server_uptime
    return None if uptime is None else dt_util.utcnow() - uptime


@dataclass(frozen=True, kw_only=True)
class ThinknxSensorDescription(SensorEntityDescription):
    """A sensor of the server."""

    value_fn: Callable[[ServerState], str | float | datetime | None]
    drift: int | None = None


SENSORS = (
    ThinknxSensorDescription(
        key="version",
        translation_key="version",
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda state: state.status.version,
    ),
    ThinknxSensorDescription(
        key="process_start",
        translation_key="process_start",
        device_class=SensorDeviceClass.UPTIME,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=_since_process,
        drift=120,
    ),
    ThinknxSensorDescription(
        key="server_start",
        translation_key="server_start",
        device_class=SensorDeviceClass.UPTIME,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=_since_server,
        drift=120,
    ),
    ThinknxSensorDescription(
        key="project_time",
        translation_key="project_time",
        device_class=SensorDeviceClass.TIMESTAMP,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=_deployed,
    ),
    ThinknxSensorDescription(
        key="clients",
        translation_key="clients",
        state_class=SensorStateClass.MEASUREMENT,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda state: state.status.clients,
    ),
    ThinknxSensorDescription(
        key="pbx_users",
        translation_key="pbx_users",
        state_class=SensorStateClass.MEASUREMENT,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value_fn=lambda state: state.status.pbx_users,
    ),
    ThinknxSensorDescription(
        key="rate",
        translation_key="rate",
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement="1/s",
        suggested_display_precision=1,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value_fn=lambda state: state.rate,
    ),
    ThinknxSensorDescription(
        key="refusals",
        translation_key="refusals",
        state_class=SensorStateClass.TOTAL_INCREASING,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda state: state.refusals,
    ),
    ThinknxSensorDescription(
        key="oldest",
        translation_key="oldest",
        device_class=SensorDeviceClass.DURATION,
        native_unit_of_measurement=UnitOfTime.SECONDS,
        state_class=SensorStateClass.MEASUREMENT,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value_fn=lambda state: state.oldest,
    ),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: ThinknxConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the server's sensors, and one for each analog value."""
    async_add_entities(ThinknxServerSensor(entry.runtime_data, it) for it in SENSORS)
    entry.runtime_data.async_add_platform(Platform.SENSOR, async_add_entities, _sensors)


def _sensors(coordinator: DeviceCoordinator) -> Iterable[Entity]:
    device = coordinator.device
    if device.kind is Kind.ANALOG and device.option(CONF_SHOW_AS, AS_SENSOR) == AS_SENSOR:
        yield ThinknxAnalogSensor(coordinator)


class ThinknxServerSensor(ThinknxServerEntity, SensorEntity):
    """A sensor of the server."""

    entity_description: ThinknxSensorDescription

    def __init__(
        self, coordinator: ThinknxCoordinator, description: ThinknxSensorDescription
    ) -> None:
        """Know what to show."""
        super().__init__(coordinator, description.key)
        self.entity_description = description
        if description.drift:
            # The server tells it in minutes, which would make it jump.
            self._attr_uptime_drift_tolerance = description.drift

    @property
    @override
    def native_value(self) -> str | float | datetime | None:
        """The value as the server last told."""
        return self.entity_description.value_fn(self.coordinator.data)


class ThinknxAnalogSensor(ThinknxEntity, SensorEntity):
    """A value; what it measures the user knows."""

    _attr_name = None

    def __init__(self, coordinator: DeviceCoordinator) -> None:
        """Take class and unit from the user."""
        super().__init__(coordinator, "value", frozenset({Aspect.VALUE}))
        options = coordinator.device.options
        if device_class := options.get(CONF_DEVICE_CLASS):
            self._attr_device_class = SensorDeviceClass(device_class)
        if state_class := options.get(CONF_STATE_CLASS):
            self._attr_state_class = SensorStateClass(state_class)
        self._attr_native_unit_of_measurement = options.get(CONF_UNIT) or None
        if (precision := options.get(CONF_PRECISION)) is not None:
            self._attr_suggested_display_precision = int(precision)

    @property
    @override
    def native_value(self) -> float | None:
        """The value as the server last told."""
        return self.number(Aspect.VALUE)
