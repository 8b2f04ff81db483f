"""Sensors: whatever can be read and not set, the last fault, the clock, and the interval."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import MAX_LENGTH_STATE_STATE, EntityCategory, UnitOfTime
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.util import dt as dt_util

from .catalog import CODES, COMPRESSOR, COP
from .catalog_types import Parameter, Part, Shown
from .const import LOGGER
from .coordinator import CLOCK, FAULTS, INTERVAL, HtRestConfigEntry, HtRestCoordinator, Plant
from .entity import HtRestEntity, HtRestPointEntity, async_add_for_points
from .faults import is_sensible
from .units import QUANTITIES

PARALLEL_UPDATES = 0


def _fault_text(plant: Plant) -> str | None:
    """Return the words of the last fault, as long as a state may be."""
    return plant.last_fault.message[:MAX_LENGTH_STATE_STATE] if plant.last_fault else None


def _fault_time(plant: Plant) -> datetime | None:
    """Return when the last fault began; the pump's clock shows the time of the house."""
    fault = plant.last_fault
    if fault is None or not is_sensible(fault.time):
        return None
    return fault.time.replace(tzinfo=dt_util.get_default_time_zone())


@dataclass(frozen=True, kw_only=True)
class HtRestSensorDescription(SensorEntityDescription):
    """A sensor of something that is no point."""

    subject: str
    value_fn: Callable[[Plant], str | float | datetime | None]


SENSORS = (
    HtRestSensorDescription(
        key="last_fault",
        translation_key="last_fault",
        entity_category=EntityCategory.DIAGNOSTIC,
        subject=FAULTS,
        value_fn=_fault_text,
    ),
    HtRestSensorDescription(
        key="last_fault_time",
        translation_key="last_fault_time",
        device_class=SensorDeviceClass.TIMESTAMP,
        entity_category=EntityCategory.DIAGNOSTIC,
        subject=FAULTS,
        value_fn=_fault_time,
    ),
    HtRestSensorDescription(
        key="clock_drift",
        translation_key="clock_drift",
        device_class=SensorDeviceClass.DURATION,
        native_unit_of_measurement=UnitOfTime.SECONDS,
        entity_category=EntityCategory.DIAGNOSTIC,
        subject=CLOCK,
        value_fn=lambda plant: plant.drift,
    ),
    HtRestSensorDescription(
        key="poll_interval",
        translation_key="poll_interval",
        device_class=SensorDeviceClass.DURATION,
        native_unit_of_measurement=UnitOfTime.SECONDS,
        suggested_display_precision=0,
        entity_category=EntityCategory.DIAGNOSTIC,
        subject=INTERVAL,
        value_fn=lambda plant: plant.interval,
    ),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: HtRestConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add a sensor for each point that is read, and the others."""
    async_add_entities(HtRestSensor(entry.runtime_data, it) for it in SENSORS)
    async_add_for_points(entry, Shown.SENSOR, async_add_entities, HtRestPointSensor)


class HtRestSensor(HtRestEntity, SensorEntity):
    """A sensor of something that is no point."""

    entity_description: HtRestSensorDescription

    def __init__(
        self, coordinator: HtRestCoordinator, description: HtRestSensorDescription
    ) -> None:
        """Listen to the subject."""
        super().__init__(coordinator, description.key, Part.PUMP, frozenset({description.subject}))
        self.entity_description = description

    @property
    @override
    def native_value(self) -> str | float | datetime | None:
        """The value as it is known now."""
        return self.entity_description.value_fn(self.coordinator.data)


class HtRestPointSensor(HtRestPointEntity, SensorEntity):
    """A point that is read."""

    def __init__(self, coordinator: HtRestCoordinator, parameter: Parameter) -> None:
        """Fit class, unit and statistics to the point."""
        super().__init__(coordinator, parameter)
        if parameter.name == COP:
            self.coordinator_context = frozenset({COP, COMPRESSOR})
        self._codes = CODES.get(parameter.name)
        self._unknown_logged = False
        if self._codes:
            self._attr_device_class = SensorDeviceClass.ENUM
            self._attr_options = list(self._codes.values())
            return
        quantity = QUANTITIES[parameter.unit]
        self._attr_native_unit_of_measurement = quantity.unit
        self._attr_device_class = quantity.device_class
        if parameter.code:
            return
        self._attr_suggested_display_precision = 1 if parameter.name == COP else quantity.decimals
        self._attr_state_class = (
            SensorStateClass.TOTAL_INCREASING if parameter.counter else SensorStateClass.MEASUREMENT
        )

    @property
    @override
    def available(self) -> bool:
        """Whether there is a value; there is no COP of a compressor that stands still."""
        stands_still = (
            self.parameter.name == COP and self.coordinator.data.values.get(COMPRESSOR) is False
        )
        return super().available and not stands_still

    @property
    @override
    def native_value(self) -> str | float | None:
        """The value as the heat pump last told."""
        value = self.point_value(self.parameter.name)
        if self._codes is None or value is None:
            return value
        if value not in self._codes and not self._unknown_logged:
            self._unknown_logged = True
            LOGGER.info("%s has the code %s, which is not known", self.entity_id, value)
        return self._codes.get(int(value))
