"""What a unit measures: device class, state class and decimals of sensors."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
import re
from typing import Final

from homeassistant.components.sensor import SensorDeviceClass, SensorStateClass
from homeassistant.const import (
    UnitOfApparentPower,
    UnitOfElectricCurrent,
    UnitOfElectricPotential,
    UnitOfEnergy,
    UnitOfFrequency,
    UnitOfInformation,
    UnitOfIrradiance,
    UnitOfLength,
    UnitOfPower,
    UnitOfPressure,
    UnitOfRatio,
    UnitOfSpeed,
    UnitOfTemperature,
    UnitOfTime,
    UnitOfVolume,
)

MEASURED: Final = SensorStateClass.MEASUREMENT
_FORMAT = re.compile(r"%(?:\.(\d+))?[a-zA-Z]\s*(.*)")


@dataclass(frozen=True, slots=True)
class Quantity:
    """What a number with a unit is."""

    unit: str | None = None
    device_class: SensorDeviceClass | None = None
    state_class: SensorStateClass | None = None
    decimals: int | None = None


# A plain percentage may be of anything. Energy has no state class: some count, some are of today.
QUANTITIES: Final[Mapping[str, Quantity]] = {
    "W": Quantity(UnitOfPower.WATT, SensorDeviceClass.POWER, MEASURED),
    "kW": Quantity(UnitOfPower.KILO_WATT, SensorDeviceClass.POWER, MEASURED),
    "VA": Quantity(UnitOfApparentPower.VOLT_AMPERE, SensorDeviceClass.APPARENT_POWER, MEASURED),
    "V": Quantity(UnitOfElectricPotential.VOLT, SensorDeviceClass.VOLTAGE, MEASURED),
    "VAC": Quantity(UnitOfElectricPotential.VOLT, SensorDeviceClass.VOLTAGE, MEASURED),
    "VDC": Quantity(UnitOfElectricPotential.VOLT, SensorDeviceClass.VOLTAGE, MEASURED),
    "mV": Quantity(UnitOfElectricPotential.MILLIVOLT, SensorDeviceClass.VOLTAGE, MEASURED),
    "A": Quantity(UnitOfElectricCurrent.AMPERE, SensorDeviceClass.CURRENT, MEASURED),
    "AAC": Quantity(UnitOfElectricCurrent.AMPERE, SensorDeviceClass.CURRENT, MEASURED),
    "Hz": Quantity(UnitOfFrequency.HERTZ, SensorDeviceClass.FREQUENCY, MEASURED),
    "kWh": Quantity(UnitOfEnergy.KILO_WATT_HOUR, SensorDeviceClass.ENERGY),
    "Wh": Quantity(UnitOfEnergy.WATT_HOUR, SensorDeviceClass.ENERGY),
    "Ah": Quantity("Ah", None, MEASURED),
    "%": Quantity(UnitOfRatio.PERCENTAGE, None, MEASURED),
    "°C": Quantity(UnitOfTemperature.CELSIUS, SensorDeviceClass.TEMPERATURE, MEASURED),
    "C": Quantity(UnitOfTemperature.CELSIUS, SensorDeviceClass.TEMPERATURE, MEASURED),
    "°F": Quantity(UnitOfTemperature.FAHRENHEIT, SensorDeviceClass.TEMPERATURE, MEASURED),
    "L": Quantity(UnitOfVolume.LITERS, SensorDeviceClass.VOLUME_STORAGE, MEASURED),
    "m3": Quantity(UnitOfVolume.CUBIC_METERS, SensorDeviceClass.VOLUME_STORAGE, MEASURED),
    "m³": Quantity(UnitOfVolume.CUBIC_METERS, SensorDeviceClass.VOLUME_STORAGE, MEASURED),
    "m": Quantity(UnitOfLength.METERS, SensorDeviceClass.DISTANCE, MEASURED),
    "m/s": Quantity(UnitOfSpeed.METERS_PER_SECOND, SensorDeviceClass.SPEED, MEASURED),
    "ms": Quantity(UnitOfTime.MILLISECONDS, SensorDeviceClass.DURATION, MEASURED),
    "s": Quantity(UnitOfTime.SECONDS, SensorDeviceClass.DURATION, MEASURED),
    "min": Quantity(UnitOfTime.MINUTES, SensorDeviceClass.DURATION, MEASURED),
    "h": Quantity(UnitOfTime.HOURS, SensorDeviceClass.DURATION, MEASURED),
    "hours": Quantity(UnitOfTime.HOURS, SensorDeviceClass.DURATION, MEASURED),
    "days": Quantity(UnitOfTime.DAYS, SensorDeviceClass.DURATION, MEASURED),
    "B": Quantity(UnitOfInformation.BYTES, SensorDeviceClass.DATA_SIZE, MEASURED),
    "kPa": Quantity(UnitOfPressure.KPA, SensorDeviceClass.PRESSURE, MEASURED),
    "hPa": Quantity(UnitOfPressure.HPA, SensorDeviceClass.PRESSURE, MEASURED),
    "bar": Quantity(UnitOfPressure.BAR, SensorDeviceClass.PRESSURE, MEASURED),
    "RPM": Quantity("rpm", None, MEASURED),
    "rpm": Quantity("rpm", None, MEASURED),
    "W/m2": Quantity(
        UnitOfIrradiance.WATTS_PER_SQUARE_METER, SensorDeviceClass.IRRADIANCE, MEASURED
    ),
    "W/m²": Quantity(
        UnitOfIrradiance.WATTS_PER_SQUARE_METER, SensorDeviceClass.IRRADIANCE, MEASURED
    ),
}


@lru_cache(maxsize=512)
def quantity(form: str) -> Quantity:
    """Return what a format of VRM's, such as "%.1F °C" or "%.0F %%", says of a number."""
    if not (found := _FORMAT.fullmatch(form.strip())):
        return Quantity()
    unit = found[2].replace("%%", "%").strip()
    known = QUANTITIES.get(unit)
    decimals = int(found[1]) if found[1] else None
    if known is None:
        return Quantity(unit or None, None, MEASURED if unit else None, decimals)
    return Quantity(known.unit, known.device_class, known.state_class, decimals)
