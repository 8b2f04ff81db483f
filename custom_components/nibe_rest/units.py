"""What the heat pump's units are in Home Assistant."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from homeassistant.components.sensor import SensorDeviceClass as Class
from homeassistant.const import (
    REVOLUTIONS_PER_MINUTE,
    UnitOfElectricCurrent,
    UnitOfElectricPotential,
    UnitOfEnergy,
    UnitOfFrequency,
    UnitOfPower,
    UnitOfPressure,
    UnitOfRatio,
    UnitOfTemperature,
    UnitOfTime,
    UnitOfVolumeFlowRate,
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A unit and the device class that goes with it."""

    unit: str
    device_class: Class | None = None


QUANTITIES: Final[Mapping[str, Quantity]] = {
    "°C": Quantity(UnitOfTemperature.CELSIUS, Class.TEMPERATURE),
    "K": Quantity(UnitOfTemperature.KELVIN, Class.TEMPERATURE_DELTA),
    "%": Quantity(UnitOfRatio.PERCENTAGE),
    "%RH": Quantity(UnitOfRatio.PERCENTAGE, Class.HUMIDITY),
    "A": Quantity(UnitOfElectricCurrent.AMPERE, Class.CURRENT),
    "V": Quantity(UnitOfElectricPotential.VOLT, Class.VOLTAGE),
    "W": Quantity(UnitOfPower.WATT, Class.POWER),
    "kW": Quantity(UnitOfPower.KILO_WATT, Class.POWER),
    "Wh": Quantity(UnitOfEnergy.WATT_HOUR, Class.ENERGY),
    "kWh": Quantity(UnitOfEnergy.KILO_WATT_HOUR, Class.ENERGY),
    "MWh": Quantity(UnitOfEnergy.MEGA_WATT_HOUR, Class.ENERGY),
    "Hz": Quantity(UnitOfFrequency.HERTZ, Class.FREQUENCY),
    "bar": Quantity(UnitOfPressure.BAR, Class.PRESSURE),
    "rpm": Quantity(REVOLUTIONS_PER_MINUTE),
    "l/m": Quantity(UnitOfVolumeFlowRate.LITERS_PER_MINUTE, Class.VOLUME_FLOW_RATE),
    "l/min": Quantity(UnitOfVolumeFlowRate.LITERS_PER_MINUTE, Class.VOLUME_FLOW_RATE),
    "m3/h": Quantity(UnitOfVolumeFlowRate.CUBIC_METERS_PER_HOUR, Class.VOLUME_FLOW_RATE),
    "s": Quantity(UnitOfTime.SECONDS, Class.DURATION),
    "min": Quantity(UnitOfTime.MINUTES, Class.DURATION),
    "h": Quantity(UnitOfTime.HOURS, Class.DURATION),
    "days": Quantity(UnitOfTime.DAYS, Class.DURATION),
    "d": Quantity(UnitOfTime.DAYS, Class.DURATION),
}

COLDEST: Final = -60
HOTTEST: Final = 200


def possible(unit: str, value: float) -> bool:
    """Return whether a sensor can have measured a value; a broken one shows -3276 °C."""
    return unit != "°C" or COLDEST <= value <= HOTTEST
