"""The points of a Heliotherm heat pump by their names in HtREST, and what groups of them mean.

Names, numbers, types and limits are those of the parameter list of htheatpump for software 3.0.20.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from .catalog_measured import FURTHER_MEASURED, STANDARD_MEASURED
from .catalog_raw import RAW_MEASURED, RAW_SETTINGS
from .catalog_settings import FLAGS, FURTHER_FLAGS, FURTHER_SETTINGS, STANDARD_SETTINGS
from .catalog_types import Parameter, Part
from .models import Kind

# Of two points with one name the server knows the later one only.
CATALOG: Final[Mapping[str, Parameter]] = {
    parameter.name: parameter
    for parameter in (
        *STANDARD_MEASURED,
        *FURTHER_MEASURED,
        *(Parameter(Kind.MEASURED, *row) for row in RAW_MEASURED),
        *FLAGS,
        *STANDARD_SETTINGS,
        *FURTHER_FLAGS,
        *FURTHER_SETTINGS,
        *(Parameter(Kind.SETTING, *row) for row in RAW_SETTINGS),
    )
}

OPERATING_MODE: Final = "Betriebsart"
COMPRESSOR: Final = "Verdichter"
DEMAND: Final = "Verdichteranforderung"
DEFROST_VALVE: Final = "Vierwegeventil Luft"
FAULT: Final = "Stoerung"
RESET_FAULT: Final = "Entstoerung"
ROOM_TEMPERATURE: Final = "Temp. Raumfuehler1"
PREPARING_HOT_WATER: Final = "Warmwasservorrang"
TANK_TEMPERATURE: Final = "Temp. Brauchwasser"
TANK_SET_POINT: Final = "WW Normaltemp."
TANK_MINIMUM: Final = "WW Minimaltemp."
TANK_HYSTERESIS: Final = "WW Hysterese Normaltemp."
TANK_UPPER_LIMIT: Final = "WW Normaltemp_Gw_max"
HOT_WATER_TYPE: Final = "WW Type"
COP: Final = "COP"
ENERGY_METER: Final = "Energiezaehler"

# Operating modes (documentation of htheatpump, "htparams"); 8 to 10 are shown and never set.
MODES: Final[Mapping[int, str]] = {
    0: "off",
    1: "automatic",
    2: "cooling",
    3: "summer",
    4: "continuous",
    5: "setback",
    6: "holiday",
    7: "party",
    8: "screed_heating",
    9: "utility_lock",
    10: "main_switch_off",
}
SETTABLE_MODES: Final = frozenset(range(8))
MODE_OFF, MODE_AUTOMATIC, MODE_COOLING, MODE_SUMMER, MODE_CONTINUOUS = range(5)
MODE_SETBACK, MODE_HOLIDAY, MODE_PARTY, MODE_SCREED, MODE_LOCKED, MODE_SWITCHED_OFF = range(5, 11)

# Where a circuit goes back to after a preset, by the mode before it: nobody but the owner at the
# pump switches it off for good.
RETURN_TO: Final[Mapping[int, int]] = {
    MODE_OFF: MODE_SUMMER,
    MODE_AUTOMATIC: MODE_AUTOMATIC,
    MODE_COOLING: MODE_COOLING,
    MODE_SUMMER: MODE_SUMMER,
    MODE_CONTINUOUS: MODE_CONTINUOUS,
}

# What the compressor is asked for (observed by owners).
DEMANDS: Final[Mapping[int, str]] = {
    0: "none",
    1: "cooling",
    2: "heating",
    3: "hot_water",
    4: "external",
    5: "solar_surplus",
}

CODES: Final[Mapping[str, Mapping[int, str]]] = {
    OPERATING_MODE: MODES,
    "MKR1 Betriebsart": MODES,
    "MKR2 Betriebsart": MODES,
    DEMAND: DEMANDS,
}

# A pump that cools has one of these; the table that comes with HtREST has none of them.
COOLING_SETTINGS: Final = ("Kuehlgrenze", "Kuehlen RLT min.")


@dataclass(frozen=True, slots=True)
class Circuit:
    """The points of a heating circuit; the flag of one that is always there is empty."""

    part: Part
    set_point: str
    mode: str
    active: str = ""


CIRCUITS: Final = (
    Circuit(Part.CIRCUIT, "HKR Soll_Raum", OPERATING_MODE),
    Circuit(Part.MIXING_1, "MKR1 Soll_Raum", "MKR1 Betriebsart", "MKR1 Aktiviert"),
    Circuit(Part.MIXING_2, "MKR2 Soll_Raum", "MKR2 Betriebsart", "MKR2 Aktiviert"),
)
ACTIVE_FLAGS: Final[Mapping[Part, str]] = {
    circuit.part: circuit.active for circuit in CIRCUITS if circuit.active
}

# What an energy meter counts; only an owner's table has these.
ENERGY_POINTS: Final = (
    "Stromz_Gesamt (kWh):",
    "Stromz_Heizung (kWh)",
    "Stromz_Brauchwasser (kWh)",
    "WMZ_Gesamt (kWh):",
    "WMZ_Heizung (kWh)",
    "WMZ_Brauchwasser (kWh)",
)
