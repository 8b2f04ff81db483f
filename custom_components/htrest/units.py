"""What the units of the catalogue are in Home Assistant."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from homeassistant.components.sensor import SensorDeviceClass as Class
from homeassistant.const import (
    UnitOfElectricCurrent,
    UnitOfElectricPotential,
    UnitOfEnergy,
    UnitOfFrequency,
    UnitOfPower,
    UnitOfPressure,
    UnitOfRatio,
    UnitOfTemperature,
    UnitOfTime,
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A unit, the device class that goes with it, and the decimals that make sense."""

    unit: str | None
    device_class: Class | None
    decimals: int


QUANTITIES: Final[Mapping[str, Quantity]] = {
    "": Quantity(None, None, 0),
    "°C": Quantity(UnitOfTemperature.CELSIUS, Class.TEMPERATURE, 1),
    "K": Quantity(UnitOfTemperature.KELVIN, Class.TEMPERATURE_DELTA, 1),
    "%": Quantity(UnitOfRatio.PERCENTAGE, None, 0),
    "A": Quantity(UnitOfElectricCurrent.AMPERE, Class.CURRENT, 1),
    "V": Quantity(UnitOfElectricPotential.VOLT, Class.VOLTAGE, 0),
    "W": Quantity(UnitOfPower.WATT, Class.POWER, 0),
    "kW": Quantity(UnitOfPower.KILO_WATT, Class.POWER, 2),
    "kWh": Quantity(UnitOfEnergy.KILO_WATT_HOUR, Class.ENERGY, 1),
    "Hz": Quantity(UnitOfFrequency.HERTZ, Class.FREQUENCY, 1),
    "bar": Quantity(UnitOfPressure.BAR, Class.PRESSURE, 1),
    "s": Quantity(UnitOfTime.SECONDS, Class.DURATION, 0),
    "min": Quantity(UnitOfTime.MINUTES, Class.DURATION, 0),
    "h": Quantity(UnitOfTime.HOURS, Class.DURATION, 0),
}
