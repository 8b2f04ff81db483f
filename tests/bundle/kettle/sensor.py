"""Sensors of the kettle."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import UnitOfTemperature
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import KettleConfigEntry
from .entity import KettleEntity
from .models import Kettle

PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class KettleSensorDescription(SensorEntityDescription):
    """Describes a sensor of the kettle."""

    value_fn: Callable[[Kettle], float | str]


SENSORS = (
    KettleSensorDescription(
        key="water",
        translation_key="water",
        device_class=SensorDeviceClass.TEMPERATURE,
        native_unit_of_measurement=UnitOfTemperature.CELSIUS,
        state_class=SensorStateClass.MEASUREMENT,
        value_fn=lambda kettle: kettle.temperature,
    ),
    KettleSensorDescription(
        key="mood",
        translation_key="mood",
        device_class=SensorDeviceClass.ENUM,
        options=["calm", "scaled"],
        value_fn=lambda kettle: kettle.mood,
    ),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: KettleConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the sensors."""
    async_add_entities(KettleSensor(entry.runtime_data, description) for description in SENSORS)


class KettleSensor(KettleEntity, SensorEntity):
    """A sensor of the kettle."""

    entity_description: KettleSensorDescription

    @property
    @override
    def native_value(self) -> float | str:
        """Return the value."""
        return self.entity_description.value_fn(self.coordinator.data)
