"""The points that people use, and what they mean.

Keyed by the API's variableId; the Modbus register (I input, H holding) stands in where the id of a
model is not known, and a negative key says that no model's id is. Meanings of codes and pairs of id and register come from the vendor's register
descriptions and from owners' observations; where only a title joined the two, the id decides.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Part(StrEnum):
    """Parts of a plant that may have an area of their own."""

    PUMP = "pump"
    HOT_WATER = "hot_water"
    VENTILATION = "ventilation"
    POOL = "pool"
    CIRCUIT_1 = "climate_system_1"
    CIRCUIT_2 = "climate_system_2"
    CIRCUIT_3 = "climate_system_3"
    CIRCUIT_4 = "climate_system_4"


class Kind(StrEnum):
    """What a point becomes in Home Assistant."""

    BINARY_SENSOR = "binary_sensor"
    NUMBER = "number"
    SELECT = "select"
    SENSOR = "sensor"
    SWITCH = "switch"


@dataclass(frozen=True, slots=True, kw_only=True)
class Curated:
    """A point of the table."""

    key: str
    kind: Kind = Kind.SENSOR
    register: str = ""
    part: Part = Part.PUMP
    diagnostic: bool = False
    enabled: bool = True
    codes: Mapping[int, str] | None = None  # what raw values mean
    lifetime: bool = False  # a counter that only grows
    unitless: bool = False  # steps of a curve, degree minutes: no quantity of Home Assistant's


PRIORITY: Final = {10: "off", 20: "hot_water", 30: "heating", 40: "pool", 60: "cooling"}
OPERATING_MODE: Final = {0: "auto", 1: "manual", 2: "additional_heat"}
HOT_WATER_DEMAND: Final = {0: "small", 1: "medium", 2: "large", 4: "smart_control"}
VENTILATION: Final = {1: "off", 2: "reduced", 0: "normal", 3: "increased", 4: "maximum"}
DEFROST: Final = {0: "off", 1: "active", 2: "passive"}
SG_READY_STATUS: Final = {10: "normal", 20: "high_price", 30: "low_price", 40: "free"}
SG_READY_REQUEST: Final = {0: "cut_off", 1: "standard", 2: "encouraged", 3: "ordered"}
SHUNT: Final = {10: "off", 20: "opening", 30: "closing"}
VALVE: Final = {0: "heating", 1: "hot_water"}
SPA_MODE: Final = {0: "off", 1: "comfort", 2: "saving", 3: "saving_plus"}
SMART_PRICE: Final = {10: "off", 30: "on"}
ON_OFF: Final = {0: "off", 1: "on"}

S, N, B, SEL, SW = Kind.SENSOR, Kind.NUMBER, Kind.BINARY_SENSOR, Kind.SELECT, Kind.SWITCH
HW, VENT, POOL = Part.HOT_WATER, Part.VENTILATION, Part.POOL
C1, C2, C3, C4 = Part.CIRCUIT_1, Part.CIRCUIT_2, Part.CIRCUIT_3, Part.CIRCUIT_4

CURATED: Final[Mapping[int, Curated]] = {
    # Temperatures
    4: Curated(key="outdoor_temperature", register="I1"),
    54: Curated(key="outdoor_temperature_mean", register="I37"),
    8: Curated(key="supply_temperature", register="I5"),
    10: Curated(key="return_temperature", register="I7"),
    57: Curated(key="external_supply_temperature", register="I39"),
    121: Curated(key="external_return_temperature"),
    11: Curated(key="hot_water_top", register="I8", part=HW),
    12: Curated(key="hot_water_charging", register="I9", part=HW),
    116: Curated(key="hot_water_outlet", part=HW),
    158: Curated(key="room_temperature_mean", register="I116", part=C1),
    -26: Curated(key="room_temperature", register="I26", part=C1),
    2491: Curated(key="condenser_return", diagnostic=True),
    2494: Curated(key="condenser_out", diagnostic=True),
    2495: Curated(key="hot_gas", diagnostic=True),
    2496: Curated(key="liquid_line", diagnostic=True),
    2497: Curated(key="suction_gas", diagnostic=True),
    2766: Curated(key="ambient_temperature", diagnostic=True),
    2767: Curated(key="evaporator", diagnostic=True),
    3353: Curated(key="inverter_temperature", diagnostic=True),
    7934: Curated(key="outdoor_air", part=VENT),
    7935: Curated(key="supply_air", part=VENT),
    7936: Curated(key="extract_air", part=VENT),
    7937: Curated(key="exhaust_air", part=VENT),
    7939: Curated(key="air_humidity", part=VENT),
    78: Curated(key="pool_temperature", part=POOL),
    -10: Curated(key="brine_in", register="I10"),
    -11: Curated(key="brine_out", register="I11"),
    # What the heat pump is doing
    1758: Curated(key="priority", register="I1028", codes=PRIORITY),
    781: Curated(key="degree_minutes", register="H11", unitless=True),
    2691: Curated(key="cooling_degree_minutes", register="H20", unitless=True),
    1708: Curated(key="calculated_supply", register="I1017"),
    2695: Curated(key="calculated_cooling_supply", register="I1567"),
    1756: Curated(key="additional_heat_power"),
    3096: Curated(key="compressor_frequency", register="I1046"),
    3170: Curated(key="requested_frequency", register="I1854", diagnostic=True),
    1801: Curated(key="compressor_power", register="I1048"),
    22130: Curated(key="used_power", register="I2166"),
    25165: Curated(key="current_power", register="I2305"),
    3101: Curated(key="outdoor_unit_power", register="I1806"),
    3095: Curated(key="high_pressure", diagnostic=True),
    6588: Curated(key="low_pressure", diagnostic=True),
    834: Curated(key="fan_speed", register="I401", part=VENT),
    58: Curated(key="flow", register="I40"),
    1975: Curated(key="heating_pump_speed", register="I1102", diagnostic=True),
    2792: Curated(key="charge_pump_speed", diagnostic=True),
    3098: Curated(key="defrosting", register="I1805", codes=DEFROST),
    840: Curated(key="time_to_defrost", register="I407", diagnostic=True),
    2002: Curated(key="diverting_valve", codes=VALVE, diagnostic=True),
    1762: Curated(key="shunt", codes=SHUNT, part=C1, diagnostic=True, enabled=False),
    3260: Curated(key="sg_ready_status", register="I1911", codes=SG_READY_STATUS),
    3292: Curated(key="smart_price", register="I1918", codes=SMART_PRICE, diagnostic=True),
    # Counters
    28392: Curated(key="heat_produced", register="I3821", lifetime=True),
    28393: Curated(key="energy_consumed", register="I3823", lifetime=True),
    6139: Curated(key="solar_energy", register="I2180", lifetime=True),
    829: Curated(key="metered_energy", lifetime=True),
    2505: Curated(key="compressor_starts", register="I1489", lifetime=True, diagnostic=True),
    2506: Curated(key="compressor_hours", register="I1491", lifetime=True, diagnostic=True),
    2507: Curated(
        key="compressor_hours_hot_water", register="I1493", lifetime=True, diagnostic=True
    ),
    599: Curated(key="compressor_hours_cooling", lifetime=True, diagnostic=True),
    1755: Curated(key="additional_heat_hours", register="I1025", lifetime=True, diagnostic=True),
    # Currents
    -50: Curated(key="current_phase_1", register="I50", diagnostic=True),
    -48: Curated(key="current_phase_2", register="I48", diagnostic=True),
    -46: Curated(key="current_phase_3", register="I46", diagnostic=True),
    # Health
    3375: Curated(key="alarm_number", register="I1975", diagnostic=True, unitless=True),
    1709: Curated(
        key="alarm", kind=B, register="I2195", codes={0: "off", 1: "on"}, diagnostic=True
    ),
    # Heating
    3751: Curated(key="operating_mode", kind=SEL, codes=OPERATING_MODE),
    5025: Curated(key="cooling_curve", kind=N, register="H967", part=C1, unitless=True),
    5033: Curated(key="cooling_offset", kind=N, register="H975", part=C1, unitless=True),
    3667: Curated(key="heating_curve", kind=N, register="H26", part=C1, unitless=True),
    3671: Curated(key="curve_offset", kind=N, register="H30", part=C1, unitless=True),
    3675: Curated(key="lowest_supply", kind=N, register="H34", part=C1),
    3679: Curated(key="highest_supply", kind=N, register="H38", part=C1),
    3945: Curated(key="room_set_point", kind=N, register="H206", part=C1),
    5079: Curated(key="cooling_set_point", kind=N, register="H988", part=C1),
    3941: Curated(key="use_room_sensor", kind=SW, register="H202", part=C1, codes=ON_OFF),
    3949: Curated(key="room_sensor_factor", kind=N, part=C1, unitless=True),
    3919: Curated(key="permit_additional_heat", kind=SW, register="H180", codes=ON_OFF),
    3920: Curated(key="permit_heating", kind=SW, register="H181", codes=ON_OFF),
    3921: Curated(key="permit_cooling", kind=SW, register="H182", codes=ON_OFF),
    3923: Curated(key="stop_heating", kind=N, register="H184"),
    3924: Curated(key="stop_additional_heat", kind=N, register="H185"),
    3925: Curated(key="auto_mode_filter_time", kind=N, register="H186"),
    3934: Curated(key="permit_hot_water", kind=SW, register="H195", part=HW, codes=ON_OFF),
    3818: Curated(key="start_compressor", kind=N, unitless=True),
    # The other climate systems
    -25: Curated(key="room_temperature", register="I25", part=C2),
    -24: Curated(key="room_temperature", register="I24", part=C3),
    -23: Curated(key="room_temperature", register="I23", part=C4),
    -205: Curated(key="room_set_point", kind=N, register="H205", part=C2),
    -204: Curated(key="room_set_point", kind=N, register="H204", part=C3),
    -203: Curated(key="room_set_point", kind=N, register="H203", part=C4),
    -987: Curated(key="cooling_set_point", kind=N, register="H987", part=C2, enabled=False),
    -986: Curated(key="cooling_set_point", kind=N, register="H986", part=C3, enabled=False),
    -985: Curated(key="cooling_set_point", kind=N, register="H985", part=C4, enabled=False),
    # Hot water
    3697: Curated(
        key="hot_water_demand", kind=SEL, register="H56", part=HW, codes=HOT_WATER_DEMAND
    ),
    3699: Curated(key="start_large", kind=N, register="H58", part=HW, enabled=False),
    3700: Curated(key="start_medium", kind=N, register="H59", part=HW, enabled=False),
    3701: Curated(key="start_small", kind=N, register="H60", part=HW, enabled=False),
    3702: Curated(key="stop_periodic", kind=N, register="H61", part=HW, enabled=False),
    3703: Curated(key="stop_large", kind=N, register="H62", part=HW, enabled=False),
    3704: Curated(key="stop_medium", kind=N, register="H63", part=HW, enabled=False),
    3705: Curated(key="stop_small", kind=N, register="H64", part=HW, enabled=False),
    3706: Curated(key="periodic_hot_water", kind=SW, register="H65", part=HW, codes=ON_OFF),
    3707: Curated(key="periodic_interval", kind=N, register="H66", part=HW, enabled=False),
    4564: Curated(
        key="more_hot_water", kind=SW, register="H697", part=HW, codes={0: "off", 2: "on"}
    ),
    4030: Curated(key="more_hot_water_left", register="H225", part=HW),
    # Ventilation
    3830: Curated(
        key="ventilation", kind=SEL, register="H104", part=VENT, codes=VENTILATION, enabled=False
    ),
    4040: Curated(key="night_cooling", kind=SW, register="H227", part=VENT, codes=ON_OFF),
    # Tariffs, holiday, pool
    8982: Curated(key="holiday", kind=SW, codes=ON_OFF),
    10613: Curated(key="sg_ready_by_api", kind=SW, register="H3032", codes=ON_OFF),
    10614: Curated(key="sg_ready_request", kind=SEL, register="H6008", codes=SG_READY_REQUEST),
    4790: Curated(key="spa_mode", kind=SEL, part=POOL, codes=SPA_MODE),
    5204: Curated(key="power_limit", kind=N, register="H1052", enabled=False),
}


# Every heat pump has the settings of pool and ventilation, fitted or not: one of these sensors
# tells that they are.
FITTED_BY: Final[Mapping[Part, tuple[int | str, ...]]] = {
    POOL: (78,),
    VENT: (834, 7935, 7936, 7937),
    C2: ("I25",),
    C3: ("I24",),
    C4: ("I23",),
}


@dataclass(frozen=True, slots=True)
class ClimateSystem:
    """The registers of a climate system with a room sensor."""

    part: Part
    current: str
    heating: str
    cooling: str


CLIMATE_SYSTEMS: Final = (
    ClimateSystem(C1, "I26", "H206", "H988"),
    ClimateSystem(C2, "I25", "H205", "H987"),
    ClimateSystem(C3, "I24", "H204", "H986"),
    ClimateSystem(C4, "I23", "H203", "H985"),
)

# Points that entities made of several points are made of.
OPERATING_MODE_POINT: Final = 3751
PERMIT_HEATING_POINT: Final = 3920
PERMIT_COOLING_POINT: Final = 3921
PRIORITY_POINT: Final = 1758
DEFROST_POINT: Final = 3098
HOT_WATER_TOP_POINT: Final = 11
HOT_WATER_DEMAND_POINT: Final = 3697
MORE_HOT_WATER_POINT: Final = 4564
VENTILATION_POINT: Final = 3830
# The temperature at which charging stops, for each demand.
STOP_POINTS: Final[Mapping[str, int]] = {"small": 3705, "medium": 3704, "large": 3703}
