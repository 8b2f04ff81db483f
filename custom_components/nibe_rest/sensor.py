"""Sensors: whatever can be read and not set."""

from datetime import date, timedelta
from typing import override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorStateClass,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .catalog import Curated, Kind
from .const import LOGGER
from .coordinator import NibeConfigEntry, NibeCoordinator
from .entity import NibePointEntity, async_add_for_points
from .models import RegisterType
from .units import QUANTITIES, possible

PARALLEL_UPDATES = 0

# Energy of the last hour, anew all the time: no counter (registers I2283 to I2303).
PAST_HOUR = range(2283, 2304)

DATES_SINCE = date(2010, 1, 1)
DATES_WITHIN = 36_500  # days; more is no date


async def async_setup_entry(
    hass: HomeAssistant,
    entry: NibeConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add a sensor for each point that is read."""
    async_add_for_points(entry, Kind.SENSOR, async_add_entities, NibeSensor)


class NibeSensor(NibePointEntity, SensorEntity):
    """A point that is read."""

    def __init__(
        self, coordinator: NibeCoordinator, point_id: int, curated: Curated | None
    ) -> None:
        """Fit class, unit and statistics to the point."""
        super().__init__(coordinator, point_id, curated)
        point = self.point
        self._unknown_logged = False
        if self.codes:
            self._attr_device_class = SensorDeviceClass.ENUM
            self._attr_options = list(dict.fromkeys(self.codes.values()))
            return
        if point.kind == "date":
            self._attr_device_class = SensorDeviceClass.DATE
        if point.kind != "integer":
            return
        self._attr_suggested_display_precision = point.decimals
        self._attr_state_class = SensorStateClass.MEASUREMENT
        if curated and curated.lifetime:
            self._attr_state_class = SensorStateClass.TOTAL_INCREASING
        if (curated and curated.unitless) or not point.unit:
            return
        if not (quantity := QUANTITIES.get(point.unit)):
            self._attr_native_unit_of_measurement = None if point.unit == "DM" else point.unit
            return
        self._attr_native_unit_of_measurement = quantity.unit
        past_hour = point.register_type is RegisterType.INPUT and point.register in PAST_HOUR
        if quantity.device_class is not SensorDeviceClass.ENERGY:
            self._attr_device_class = quantity.device_class
        elif not past_hour:
            self._attr_device_class = quantity.device_class
            if not (curated and curated.lifetime):
                # A counter or not: nobody has said so, and a wrong one spoils the statistics.
                self._attr_state_class = None

    @property
    @override
    def native_value(self) -> str | int | float | date | None:
        """The value as the heat pump last told; None where it has none."""
        raw, point = self.raw(self.point_id), self.point
        if raw is None or isinstance(raw, str):
            return raw
        if codes := self.codes:
            if raw not in codes and not self._unknown_logged:
                self._unknown_logged = True
                LOGGER.info("%s has the code %s, which is not known", self.entity_id, raw)
            return codes.get(raw)
        if point.kind == "time":
            return f"{raw // 3600:02}:{raw // 60 % 60:02}"
        if point.kind == "date":
            return DATES_SINCE + timedelta(days=raw) if 0 <= raw < DATES_WITHIN else None
        value = point.scaled(raw)
        return value if possible(point.unit, value) else None
