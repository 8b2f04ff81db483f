"""What is known of the attributes that matter most: names, meaning, whether they are shown at first.

Everything else that a site offers gets an entity too, under VRM's own description and disabled at
first. Attributes are known by VRM's numbers, sums over several by their codes.
Source: VRM API v2 documentation, "data-attributes", and recorded answers.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from .catalog_enums import (
    BATTERY,
    CONVERTER,
    DYNAMIC_ESS,
    EV_MODE,
    EV_STATE,
    FLUID,
    GENERATOR,
    INPUT,
    OFF_ON,
    PROBE,
    RELAY,
    RUN_CONDITION,
    SWITCH,
    THERMOMETER,
    Choices,
)
from .models import Reading, ValueKind


class Meaning(StrEnum):
    """What a number is, where its unit does not say it all."""

    BY_UNIT = "by_unit"
    BATTERY_LEVEL = "battery_level"
    COUNTER = "counter"  # only ever rises
    DAILY = "daily"  # rises, and begins anew each day
    LAST_DAY = "last_day"
    SECONDS = "seconds"
    CYCLES = "cycles"
    STORED = "stored"


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute that is known."""

    key: str
    """Of the translations."""
    enabled: bool = True
    unit: str | None = None
    """The unit that proves it to be this one; None: whatever."""
    meaning: Meaning = Meaning.BY_UNIT
    choices: Choices | None = None
    diagnostic: bool = False
    lasting: bool = False
    """Whether it is logged on change only, so that an old value is a good one."""


def _phases(
    first: int, key: str, unit: str, step: int = 1, *, enabled: bool = True
) -> dict[int, Attribute]:
    return {
        first + step * (phase - 1): Attribute(f"{key}_l{phase}", enabled, unit)
        for phase in (1, 2, 3)
    }


# Sums that VRM makes of several attributes, by code.
SUMS: Final[Mapping[str, Attribute]] = {
    "consumption": Attribute("consumption"),
    "solar_yield": Attribute("solar_power"),
    "from_to_grid": Attribute("grid_power"),
    "generator": Attribute("generator_power"),
    "ac_in": Attribute("ac_input_power", enabled=False),
    "ac_out": Attribute("ac_output_power", enabled=False),
}

ATTRIBUTES: Final[Mapping[int, Attribute]] = {
    # The site
    111: Attribute("pv_on_output_l1", enabled=False, unit="W"),
    127: Attribute("pv_on_output_l2", enabled=False, unit="W"),
    128: Attribute("pv_on_output_l3", enabled=False, unit="W"),
    112: Attribute("pv_on_input_l1", enabled=False, unit="W"),
    129: Attribute("pv_on_input_l2", enabled=False, unit="W"),
    130: Attribute("pv_on_input_l3", enabled=False, unit="W"),
    113: Attribute("pv_dc_power", enabled=False, unit="W"),
    **_phases(131, "consumption", "W", enabled=False),
    **_phases(134, "grid_power", "W", enabled=False),
    140: Attribute("dc_power", unit="W"),
    143: Attribute("battery_voltage", unit="V"),
    144: Attribute("battery_soc", unit="%", meaning=Meaning.BATTERY_LEVEL),
    147: Attribute("battery_current", unit="A"),
    215: Attribute("battery_state", choices=BATTERY),
    570: Attribute("system_type", enabled=False, diagnostic=True, lasting=True),
    571: Attribute("system_state", choices=CONVERTER),
    333: Attribute("ess_soc_limit", enabled=False, unit="%", diagnostic=True, lasting=True),
    334: Attribute("ess_minimum_soc", enabled=False, unit="%", diagnostic=True, lasting=True),
    917: Attribute("run_condition", enabled=False, choices=RUN_CONDITION),
    # The gateway
    2: Attribute("firmware", enabled=False, diagnostic=True, lasting=True),
    142: Attribute("speed", enabled=False, unit="m/s"),
    251: Attribute("ac_input_1", enabled=False, choices=INPUT, diagnostic=True, lasting=True),
    252: Attribute("ac_input_2", enabled=False, choices=INPUT, diagnostic=True, lasting=True),
    469: Attribute("scheduled_charging", enabled=False, choices=OFF_ON),
    577: Attribute("round_trip_time", enabled=False, unit="ms", diagnostic=True),
    584: Attribute("altitude", enabled=False, unit="m"),
    1270: Attribute("dess_mode", enabled=False, choices=DYNAMIC_ESS, lasting=True),
    # VE.Bus
    8: Attribute("ac_input_voltage", unit="V"),
    17: Attribute("ac_input_power_l1", unit="W"),
    20: Attribute("ac_output_voltage", unit="V"),
    29: Attribute("ac_output_power_l1", unit="W"),
    32: Attribute("dc_voltage", unit="V"),
    33: Attribute("dc_current", unit="A"),
    40: Attribute("state", choices=CONVERTER),
    79: Attribute("switch_position", choices=SWITCH),
    521: Attribute("temperature", enabled=False, unit="°C"),
    # Battery monitors
    47: Attribute("voltage", unit="V"),
    48: Attribute("starter_voltage", enabled=False, unit="V"),
    49: Attribute("current", unit="A"),
    50: Attribute("consumed_charge", enabled=False, unit="Ah"),
    51: Attribute("soc", unit="%", meaning=Meaning.BATTERY_LEVEL),
    52: Attribute("time_to_go", unit="h"),
    54: Attribute("relay", enabled=False, choices=RELAY),
    58: Attribute("charge_cycles", enabled=False, meaning=Meaning.CYCLES, diagnostic=True),
    115: Attribute("battery_temperature", unit="°C"),
    116: Attribute("midpoint_voltage", enabled=False, unit="V"),
    117: Attribute("midpoint_deviation", enabled=False, unit="%"),
    173: Attribute("minimum_cell_voltage", unit="V"),
    174: Attribute("maximum_cell_voltage", unit="V"),
    # Solar chargers
    81: Attribute("battery_side_voltage", unit="V"),
    83: Attribute("battery_temperature", enabled=False, unit="°C"),
    85: Attribute("state", choices=CONVERTER),
    90: Attribute("relay", enabled=False, choices=RELAY),
    94: Attribute("yield_today", unit="kWh", meaning=Meaning.DAILY),
    96: Attribute("yield_yesterday", enabled=False, unit="kWh", meaning=Meaning.LAST_DAY),
    107: Attribute("battery_side_power", enabled=False, unit="W"),
    442: Attribute("pv_power", unit="W"),
    # PV inverters
    **_phases(203, "voltage", "V", 4, enabled=False),
    **_phases(204, "current", "A", 4, enabled=False),
    **_phases(205, "power", "W", 4),
    206: Attribute("energy_l1", unit="kWh", meaning=Meaning.COUNTER),
    210: Attribute("energy_l2", unit="kWh", meaning=Meaning.COUNTER),
    214: Attribute("energy_l3", unit="kWh", meaning=Meaning.COUNTER),
    # Grid meters
    **_phases(379, "power", "W"),
    **_phases(834, "voltage", "V", enabled=False),
    **_phases(837, "current", "A", enabled=False),
    840: Attribute("energy_imported", unit="kWh", meaning=Meaning.COUNTER),
    841: Attribute("energy_exported", unit="kWh", meaning=Meaning.COUNTER),
    # Tanks
    328: Attribute("capacity", enabled=False, meaning=Meaning.STORED, lasting=True),
    329: Attribute("fluid", enabled=False, choices=FLUID, diagnostic=True, lasting=True),
    330: Attribute("level", unit="%"),
    331: Attribute("remaining", meaning=Meaning.STORED),
    443: Attribute("probe_status", enabled=False, choices=PROBE, diagnostic=True),
    # Thermometers
    449: Attribute("kind", enabled=False, choices=THERMOMETER, diagnostic=True, lasting=True),
    450: Attribute("temperature", unit="°C"),
    # Generators
    520: Attribute("run_condition", choices=RUN_CONDITION),
    1288: Attribute("generator_state", choices=GENERATOR),
    1505: Attribute("until_service", enabled=False, meaning=Meaning.SECONDS, diagnostic=True),
    # EV chargers
    815: Attribute("maximum_current", enabled=False, unit="A", lasting=True),
    816: Attribute("energy", unit="kWh", meaning=Meaning.COUNTER),
    820: Attribute("power", unit="W"),
    821: Attribute("charging_time", enabled=False, meaning=Meaning.SECONDS),
    822: Attribute("current", enabled=False, unit="A"),
    823: Attribute("ev_mode", choices=EV_MODE, lasting=True),
    824: Attribute("ev_state", choices=EV_STATE),
    1044: Attribute("charging_allowed", enabled=False, choices=OFF_ON, lasting=True),
    # Motor drives
    196: Attribute("voltage", enabled=False, unit="V"),
    198: Attribute("power", unit="W"),
}

# Alarms that are named; all others go by VRM's description.
ALARMS: Final[Mapping[int, str]] = {
    119: "low_voltage",
    120: "high_voltage",
    121: "low_starter_voltage",
    122: "high_starter_voltage",
    123: "low_soc",
    124: "low_temperature",
    125: "high_temperature",
    126: "midpoint_voltage",
    441: "no_generator",
    559: "grid_lost",
}
SHOWN_ALARMS: Final = frozenset({123, 559})

# Names that owners give to devices, and numbers that only machines read: no entities.
NAMES: Final = frozenset({637, 638, 814})
LATITUDE: Final = 4
LONGITUDE: Final = 5
PLACE: Final = frozenset({LATITUDE, LONGITUDE})
# A number of percent and a text in one; both have entities of their own.
LEFT_OUT: Final = frozenset({"soc_status"})

# Numbers of devices that are set, not measured, by the last part of their D-Bus path.
SETTINGS: Final = frozenset({"Capacity", "NumberOfPhases", "Offset", "Scale"})

_ALARM_VALUES: Final = frozenset({0, 1, 2})


def is_alarm(reading: Reading) -> bool:
    """Return whether a reading tells of trouble: 0 is none, 1 a warning, 2 an alarm."""
    if reading.kind is not ValueKind.ENUM or reading.bitmask:
        return False
    if reading.attribute in ALARMS:
        return True
    return "/Alarms/" in reading.path and reading.choices.keys() <= _ALARM_VALUES


def attribute_of(reading: Reading, unit: str | None) -> Attribute | None:
    """Return what is known of a reading; one with another unit than ours is something else."""
    if reading.attribute is None:
        return SUMS.get(reading.code)
    known = ATTRIBUTES.get(reading.attribute)
    if known is None or (known.unit and known.unit != unit):
        return None
    if known.choices and (reading.bitmask or reading.kind is not ValueKind.ENUM):
        return None
    return known


def is_lasting(reading: Reading, known: Attribute | None) -> bool:
    """Return whether a reading is logged on change or at boot only, so that age says nothing.

    Texts, settings and states are; numbers are measured all the time.
    """
    if known and known.lasting:
        return True
    if reading.kind is not ValueKind.NUMBER or reading.path.startswith("/Settings"):
        return True
    return reading.path.rpartition("/")[2] in SETTINGS
