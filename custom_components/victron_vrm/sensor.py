"""Sensors: whatever a site logs, energy since it exists and of today, and what the sun will yield."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final, override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.components.sensor.const import UNIT_CONVERTERS
from homeassistant.const import EntityCategory, UnitOfEnergy, UnitOfPower, UnitOfRatio, UnitOfTime
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity import Entity
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.util import dt as dt_util

from .catalog import LEFT_OUT, NAMES, PLACE, Attribute, Meaning, attribute_of, is_alarm
from .coordinator import Subject, VrmConfigEntry
from .entity import VrmEntity, VrmReadingEntity, counter_key
from .flows import Counter
from .forecast import DAYS_AHEAD, Outlook
from .jobs import Job
from .models import Reading, ValueKind
from .site_coordinator import ENERGY, FORECAST, HISTORY, READING, SiteCoordinator
from .state import ReadingId, battery_power
from .tree import SITE
from .units import Quantity, quantity

PARALLEL_UPDATES = 0

ENERGY_DECIMALS: Final = 6  # of kWh; what is beyond is noise of the addition
HIDDEN: Final = PLACE | NAMES
SHOWN_COUNTERS: Final = frozenset(Counter) - {Counter.CONSUMPTION}


async def async_setup_entry(
    hass: HomeAssistant,
    entry: VrmConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add sensors of what there is, and later of what comes."""
    entry.runtime_data.async_add_platform(
        async_add_entities,
        lambda site, subjects: [it for subject in subjects for it in _sensors(site, subject)],
    )


def is_sensor(reading: Reading) -> bool:
    """Return whether a reading is shown as a sensor."""
    if reading.attribute in HIDDEN or reading.code in LEFT_OUT or is_alarm(reading):
        return False
    return reading.attribute is not None or attribute_of(reading, None) is not None


def _sensors(site: SiteCoordinator, subject: Subject) -> Iterator[Entity]:
    """Yield what becomes of something that a site has."""
    match subject:
        case (kind, device, code) if kind == READING:
            key = (device, code)
            reading = site.data.readings[key]
            if is_sensor(reading):
                yield VrmReadingSensor(site, key, reading)
            if key == (SITE, "bc"):
                yield VrmBatteryPower(site)
        case (kind, counter) if kind == ENERGY:
            yield VrmCounter(site, Counter(counter))
            yield VrmToday(site, Counter(counter))
        case (kind, source) if kind == FORECAST:
            yield from (VrmForecastSensor(site, it) for it in FORECASTS if it.source == source)
        case (kind,) if kind == HISTORY:
            yield VrmHistory(site)


class VrmReadingSensor(VrmReadingEntity, SensorEntity):
    """A value that a site logs; what is not in the catalog goes by VRM's own words for it."""

    def __init__(self, coordinator: SiteCoordinator, key: ReadingId, reading: Reading) -> None:
        """Fit class, unit and statistics to the value."""
        super().__init__(coordinator, key)
        found = quantity(reading.format)
        known = attribute_of(reading, found.unit)
        if known is None:
            self._attr_name = reading.description or reading.code
            self._attr_entity_registry_enabled_default = False
        else:
            self._attr_translation_key = known.key
            self._attr_entity_registry_enabled_default = known.enabled
            if known.diagnostic:
                self._attr_entity_category = EntityCategory.DIAGNOSTIC
        self._choices = known.choices if known else None
        self._is_number = reading.kind is ValueKind.NUMBER
        if self._choices:
            self._attr_device_class = SensorDeviceClass.ENUM
            self._attr_options = list(dict.fromkeys(self._choices.values()))
        elif self._is_number:
            self._fit(_meant(found, known))
            self._unit = found.unit

    def _fit(self, found: Quantity) -> None:
        self._attr_native_unit_of_measurement = found.unit
        self._attr_device_class = found.device_class
        self._attr_state_class = found.state_class
        self._attr_suggested_display_precision = found.decimals

    @property
    @override
    def native_value(self) -> str | float | None:
        """The value as it was logged last."""
        reading = self.reading
        if reading is None or reading.value is None:
            return None
        if self._choices:
            is_number = reading.kind is ValueKind.ENUM
            return self._choices.get(int(reading.value)) if is_number else None
        if reading.kind is ValueKind.ENUM:
            return reading.choices.get(int(reading.value)) or reading.text or str(reading.value)
        if self._is_number is isinstance(reading.value, str):
            return None  # another kind of value than it was at first
        if isinstance(reading.value, str):
            return reading.value
        return self._in_unit(reading.value, reading.format)

    def _in_unit(self, value: float, form: str) -> float | None:
        """Return a number in the unit that the sensor had at first.

        Statistics do not bear two units that have nothing in common, so what cannot be converted is
        unknown until the entry is reloaded.
        """
        unit = quantity(form).unit if form else self._unit
        if unit == self._unit:
            return value
        converter = UNIT_CONVERTERS.get(self._attr_device_class)
        if converter is None or not {unit, self._unit} <= converter.VALID_UNITS:
            return None
        return converter.convert(value, unit, self._unit)


def _meant(found: Quantity, known: Attribute | None) -> Quantity:
    """Return what a number is, where its unit does not say it all."""
    match known.meaning if known else Meaning.BY_UNIT:
        case Meaning.BATTERY_LEVEL:
            return Quantity(
                UnitOfRatio.PERCENTAGE,
                SensorDeviceClass.BATTERY,
                SensorStateClass.MEASUREMENT,
                found.decimals,
            )
        case Meaning.COUNTER | Meaning.DAILY:
            return Quantity(
                found.unit,
                found.device_class,
                SensorStateClass.TOTAL_INCREASING,
                found.decimals,
            )
        case Meaning.CYCLES:
            return Quantity(None, None, SensorStateClass.TOTAL_INCREASING, 0)
        case Meaning.SECONDS:
            return Quantity(
                UnitOfTime.SECONDS, SensorDeviceClass.DURATION, SensorStateClass.MEASUREMENT, 0
            )
    return found


class VrmBatteryPower(VrmEntity, SensorEntity):
    """The power of the battery with the sign that the energy dashboard wants."""

    _attr_translation_key = "battery_power"
    _attr_device_class = SensorDeviceClass.POWER
    _attr_state_class = SensorStateClass.MEASUREMENT
    _attr_native_unit_of_measurement = UnitOfPower.WATT
    _attr_suggested_display_precision = 0

    def __init__(self, coordinator: SiteCoordinator) -> None:
        """Listen to voltage and current."""
        super().__init__(coordinator, "battery_power", (SITE, "bv"), (SITE, "bc"))

    @property
    @override
    def native_value(self) -> float | None:
        """Positive while the battery is discharged."""
        power = battery_power(self.coordinator.data)
        return None if power is None else round(power, 1)


class VrmCounter(VrmEntity, SensorEntity):
    """Energy since the site exists; VRM corrects it, so that it may fall a little."""

    _attr_device_class = SensorDeviceClass.ENERGY
    _attr_state_class = SensorStateClass.TOTAL
    _attr_native_unit_of_measurement = UnitOfEnergy.KILO_WATT_HOUR
    _attr_suggested_display_precision = 1

    def __init__(self, coordinator: SiteCoordinator, counter: Counter) -> None:
        """Show a counter."""
        super().__init__(coordinator, counter_key(counter), ENERGY)
        self._attr_translation_key = counter_key(counter)
        self._attr_entity_registry_enabled_default = counter in SHOWN_COUNTERS
        self._counter = counter

    @property
    @override
    def available(self) -> bool:
        """Whether it was read; it stays as it is while the site is silent."""
        return not self.coordinator.is_gone and self._counter in self.coordinator.data.totals

    @property
    @override
    def native_value(self) -> float | None:
        """What has flowed, in kWh."""
        total = self.coordinator.data.totals.get(self._counter)
        return None if total is None else round(total, ENERGY_DECIMALS)


class VrmToday(VrmEntity, SensorEntity):
    """Energy since midnight at the site."""

    _attr_device_class = SensorDeviceClass.ENERGY
    _attr_state_class = SensorStateClass.TOTAL
    _attr_native_unit_of_measurement = UnitOfEnergy.KILO_WATT_HOUR
    _attr_suggested_display_precision = 2

    def __init__(self, coordinator: SiteCoordinator, counter: Counter) -> None:
        """Show a counter of today."""
        super().__init__(coordinator, f"{counter}_today", ENERGY)
        self._attr_translation_key = f"{counter}_today"
        self._counter = counter

    @property
    @override
    def available(self) -> bool:
        """Whether today's hours are known."""
        failing = Job.ENERGY in self.coordinator.data.failing
        return super().available and not failing and self._counter in self.coordinator.data.today

    @property
    @override
    def native_value(self) -> float | None:
        """What has flowed, in kWh."""
        today = self.coordinator.data.today.get(self._counter)
        return None if today is None else round(today, ENERGY_DECIMALS)

    @property
    @override
    def last_reset(self) -> datetime | None:
        """Midnight at the site."""
        midnight = self.coordinator.data.midnight
        return None if midnight is None else dt_util.utc_from_timestamp(midnight)


@dataclass(frozen=True, kw_only=True)
class VrmForecastDescription(SensorEntityDescription):
    """Something that is expected."""

    source: str
    value_fn: Callable[[Outlook, SiteCoordinator, float], float | datetime | None]


def _day(ahead: int) -> Callable[[Outlook, SiteCoordinator, float], float | None]:
    return lambda outlook, site, now: outlook.day(now, site.zone, ahead)


def _energy(
    key: str,
    value_fn: Callable[[Outlook, SiteCoordinator, float], float | None],
    *,
    source: str = "solar",
    enabled: bool = True,
) -> VrmForecastDescription:
    return VrmForecastDescription(
        key=key,
        translation_key=key,
        source=source,
        device_class=SensorDeviceClass.ENERGY,
        native_unit_of_measurement=UnitOfEnergy.WATT_HOUR,
        suggested_unit_of_measurement=UnitOfEnergy.KILO_WATT_HOUR,
        suggested_display_precision=1,
        entity_registry_enabled_default=enabled,
        value_fn=value_fn,
    )


def _peak(key: str, ahead: int) -> VrmForecastDescription:
    return VrmForecastDescription(
        key=key,
        translation_key=key,
        source="solar",
        device_class=SensorDeviceClass.TIMESTAMP,
        value_fn=lambda outlook, site, now: outlook.peak(now, site.zone, ahead),
    )


FORECASTS: Final = (
    _energy("solar_forecast_today", _day(0)),
    _energy(
        "solar_forecast_remaining", lambda outlook, site, now: outlook.rest_of_day(now, site.zone)
    ),
    _energy("solar_forecast_next_hour", lambda outlook, site, now: outlook.next_hour(now)),
    _energy("solar_forecast_tomorrow", _day(1)),
    *(
        _energy(f"solar_forecast_day_{ahead}", _day(ahead), enabled=False)
        for ahead in range(2, DAYS_AHEAD + 1)
    ),
    _peak("solar_peak_today", 0),
    _peak("solar_peak_tomorrow", 1),
    _energy("consumption_forecast_today", _day(0), source="consumption", enabled=False),
    _energy("consumption_forecast_tomorrow", _day(1), source="consumption", enabled=False),
)


class VrmForecastSensor(VrmEntity, SensorEntity):
    """Something that is expected; it changes with the hour too."""

    entity_description: VrmForecastDescription

    def __init__(self, coordinator: SiteCoordinator, description: VrmForecastDescription) -> None:
        """Listen to the forecast, and to the account's polls, which let time pass."""
        super().__init__(coordinator, description.key, FORECAST, "status")
        self.entity_description = description

    @property
    def _outlook(self) -> Outlook | None:
        forecast = self.coordinator.data.forecast
        return forecast.solar if self.entity_description.source == "solar" else forecast.consumption

    @property
    @override
    def available(self) -> bool:
        """Whether there is a forecast; it needs no site that is heard."""
        failing = Job.FORECAST in self.coordinator.data.failing
        return self.coordinator.is_there and not failing and self._outlook is not None

    @property
    @override
    def native_value(self) -> float | datetime | None:
        """What is expected now."""
        if (outlook := self._outlook) is None:
            return None
        now = self.coordinator.account.clock.time()
        value = self.entity_description.value_fn(outlook, self.coordinator, now)
        return round(value, 1) if isinstance(value, float) else value


class VrmHistory(VrmEntity, SensorEntity):
    """How much of the history is imported."""

    _attr_translation_key = "history"
    _attr_entity_category = EntityCategory.DIAGNOSTIC
    _attr_native_unit_of_measurement = UnitOfRatio.PERCENTAGE
    _attr_suggested_display_precision = 0

    def __init__(self, coordinator: SiteCoordinator) -> None:
        """Listen to the import."""
        super().__init__(coordinator, "history", HISTORY)

    @property
    @override
    def available(self) -> bool:
        """Whether one was begun."""
        return self.coordinator.data.history is not None

    @property
    @override
    def native_value(self) -> float | None:
        """In percent."""
        history = self.coordinator.data.history
        return None if history is None else round(history, 1)
