"""Readings whose ids or registers owners of pumps and makers of clients have published.

`live` names the reading of the plant that a point shows; sensors without one are not connected
and show the sentinel of their size. Units and divisors are the ones that pumps declare, with their
mistakes: the power of 22130 in `Ws`, of 25165 and 25166 in `kWh` on old firmware. Where no divisor
has been published it is our guess.
"""

from .known import AIR, GROUND, Known, reading, state, temperature
from .points import Size

_ENERGY_USES = (
    "heating",
    "hot water",
    "cooling",
    "pool",
    "heating, additional heat",
    "hot water, additional heat",
    "pool, additional heat",
)
_ENERGY_LOGS = tuple(
    (f"Energy log, produced energy for {use} over the past hour", f"hour_produced_{number}")
    for number, use in enumerate(_ENERGY_USES)
) + tuple(
    (f"Energy log, used energy for {use} over the past hour", f"hour_used_{number}")
    for number, use in enumerate(_ENERGY_USES[:4])
)

TEMPERATURES = (
    temperature(4, "I1", "Outdoor temperature (BT1)", "outdoor"),
    temperature(5, "I2", "Supply line, climate system 4 (EP23-BT2)"),
    temperature(6, "I3", "Supply line, climate system 3 (EP22-BT2)"),
    temperature(8, "I5", "Supply line (BT2)", "supply"),
    temperature(10, "I7", "Return line (BT3)", "return"),
    temperature(11, "I8", "Hot water top (BT7)", "hw_top"),
    temperature(12, "I9", "Hot water charging (BT6)", "hw_charge"),
    temperature(0, "I10", "Brine in (BT10)", "brine_in", GROUND),
    temperature(0, "I11", "Brine out (BT11)", "brine_out", GROUND),
    temperature(25, "I22", "Outgoing temperature, exhaust air module"),
    temperature(0, "I26", "Room sensor 1-1 (BT50)", "room"),
    temperature(0, "I25", "Room sensor 2-1 (BT50)"),
    temperature(0, "I24", "Room sensor 3-1 (BT50)"),
    temperature(0, "I23", "Room sensor 4-1 (BT50)"),
    temperature(54, "I37", "Average outdoor temperature (BT1)", "outdoor_mean"),
    temperature(57, "I39", "External supply line (BT25)", "supply_external"),
    temperature(121, "I", "External return line (BT71)", "return_external"),
    temperature(78, "I", "Pool temperature (BT51)"),
    temperature(116, "I", "Hot water outgoing (BT70)", "hw_out"),
    temperature(158, "I116", "Room temperature, average (BT50)", "room"),
    temperature(734, "I", "Supply line, cooling (BT64)"),
    temperature(997, "I", "Evaporator out (EB101-BT84)", "evaporator_out", AIR),
    temperature(2491, "I", "Return line (EB101-BT3)", "return", AIR),
    temperature(2494, "I", "Condenser out (EB101-BT12)", "condenser", AIR),
    temperature(2495, "I", "Hot gas (EB101-BT14)", "hot_gas", AIR),
    temperature(2496, "I", "Liquid line (EB101-BT15)", "liquid", AIR),
    temperature(2497, "I", "Suction gas (EB101-BT17)", "suction", AIR),
    temperature(2766, "I", "Outdoor temperature (EB101-BT28)", "outdoor_unit", AIR),
    temperature(2767, "I", "Evaporator (EB101-BT16)", "evaporator", AIR),
    temperature(3353, "I", "Inverter temperature (EB101)", "inverter"),
    temperature(7934, "I", "Exhaust air (AZ10-BT20)"),
    temperature(7935, "I", "Extract air (AZ10-BT21)"),
    temperature(7936, "I", "Supply air (AZ10-BT22)"),
    temperature(7937, "I", "Outdoor air (AZ10-BT23)"),
    reading(7939, "I", "Relative humidity, extract air", "%RH", 1, Size.U8),
    temperature(50662, "I", "Wireless sensor THS-10, temperature", "zone_0", GROUND),
    reading(50827, "I", "Wireless sensor THS-10, humidity", "%RH", 1, Size.U8, "humidity", GROUND),
)

CONTROL = (
    state(1758, "I1028", "Priority", "priority", "10 = Off, 20 = Hot water, 30 = Heating"),
    state(56150, "I", "Priority, all units", "priority_all"),
    reading(1708, "I1017", "Calculated supply, heating", "°C", 10, Size.S16, "calculated"),
    reading(2695, "I1567", "Calculated supply, cooling", "°C", 10, Size.S16, value=180),
    reading(1755, "I1025", "Additional heat, operating time", "h", 10, Size.U32, "add_hours"),
    reading(1756, "I", "Additional heat, power", "kW", 100, Size.S16, "add_power"),
    state(1760, "I1029", "Internal additional heat, step", "add_step"),
    state(
        1762, "I1030", "Shunt, climate system 4", "", "10: Off, 20: Opening, 30: Closing", value=10
    ),
    state(
        1763, "I1031", "Shunt, climate system 3", "", "10: Off, 20: Opening, 30: Closing", value=10
    ),
    state(
        1764, "I1032", "Shunt, climate system 2", "", "10: Off, 20: Opening, 30: Closing", value=10
    ),
    state(
        1765, "I1033", "Shunt, climate system 1", "", "10: Off, 20: Opening, 30: Closing", value=10
    ),
    state(1766, "I", "Shunt, cooling", "", "10 = Off, 20 = Active, 30 = Passive", value=10),
    state(1709, "I", "Class 1 alarm", "alarm", "0: No alarm, 1: Alarm"),
    state(0, "I2195", "Common alarm, class 1", "alarm"),
    state(0, "I2196", "Hot water valve open", "valve"),
    state(2002, "I", "Reversing valve (QN10)", "valve", "Heating = 0, Hot water = 1"),
    reading(2022, "I1120", "Status bits", "", 1, Size.U32, "status_bits"),
    state(2500, "I1484", "Compressor status (EB101)", "compressor", models=AIR),
    reading(2501, "I1485", "Compressor, time to start (EB101)", "min", 1, Size.S16, "wait", AIR),
    state(0, "I1100", "Compressor status", "compressor_on", models=GROUND),
    reading(3096, "I1803", "Compressor frequency (EB101)", "Hz", 10, Size.S16, "frequency", AIR),
    reading(0, "I1046", "Compressor frequency", "Hz", 10, Size.S16, "frequency", GROUND),
    reading(3170, "I1854", "Compressor frequency, requested", "Hz", 10, Size.U16, "requested"),
    reading(1801, "I1048", "Compressor power", "W", 1, Size.U16, "power"),
    reading(22130, "I2166", "Instantaneous used power", "Ws", 1, Size.U32, "used_power"),
    reading(25165, "I2305", "Power, current", "kWh", 100, Size.S32, "used_kw"),
    reading(25166, "I", "Power, current, heat pump", "kWh", 100, Size.S32, "power_kw"),
    reading(3101, "I1806", "Low pressure (EB101-BP8), dew point", "°C", 10, Size.S16, "dew", AIR),
    reading(3095, "I", "Low pressure (EB101-BP8)", "bar", 10, Size.S16, "low_pressure"),
    reading(6588, "I", "High pressure (EB101-BP9)", "bar", 10, Size.S16, "high_pressure"),
    reading(834, "I401", "Fan speed (EB101)", "rpm", 1, Size.U16, "fan", AIR),
    reading(58, "I40", "Flow (BF1)", "l/min", 10, Size.S16, "flow"),
    reading(1975, "I1102", "Circulation pump speed (GP1)", "%", 1, Size.U8, "pump", "ga"),
    state(1975, "I1102", "Circulation pump (GP6)", "pump_on", "0 = Off, 1 = On", "v"),
    reading(2792, "I", "Charge pump speed (EB101-GP12)", "%", 1, Size.U8, "charge_pump"),
    state(3098, "I1805", "Defrosting (EB101)", "defrost", "0 = Off, 1 = Active, 2 = Passive", AIR),
    reading(840, "I407", "Time to defrosting (EB101)", "min", 1, Size.U16, "to_defrost", AIR),
    reading(849, "I", "Defrosting index (EB101)", "", 1, Size.U8, "defrost_index", AIR),
    state(2657, "I1556", "Blocked (EB101)", models=AIR),
    state(3260, "I1911", "SG Ready status", "sg_status", "10 = Normal"),
    state(3292, "I1918", "Smart price adaption", value=30),
    state(1021, "I579", "Solar power mode", value=10),
    state(2701, "I", "Active cooling", value=3),
    reading(995, "I", "System pressure", "", 10, Size.S16, "system_pressure"),
    reading(3861, "I", "Time since last periodic increase", "", 1, Size.U16, "since_increase"),
)

_ODD_STATES = tuple(
    state(number, "I", title)
    for number, title in (
        (242, "Relay card, position 1"),
        (243, "Relay card, position 2"),
        (244, "Relay card, position 3"),
        (245, "Relay card, position 4"),
        (998, "Injection valve, state"),
        (24961, "Smart energy source, rank"),
        (632, "Cooling, mode of system 1"),
        (633, "Cooling, mode of system 2"),
        (634, "Cooling, mode of system 3"),
        (635, "Cooling, mode of system 4"),
        (636, "Cooling, mode of system 5"),
        (637, "Cooling, mode of system 6"),
        (638, "Cooling, mode of system 7"),
        (2804, "Cooling, mode of the unit"),
    )
)

_BLANK_TIMES = tuple(
    reading(
        822 + number, "I", f"Charge pump {number + 1}, blank time left", "", 1, Size.U16, value=0
    )
    for number in range(4)
)

COUNTERS = (
    reading(28392, "I3821", "Energy produced, total", "kWh", 10, Size.U32, "produced"),
    reading(28393, "I3823", "Energy used, total", "kWh", 10, Size.U32, "consumed"),
    reading(
        6139, "I2180", "Solar energy produced, total (EME)", "kWh", 10, Size.U32, "solar", "ga"
    ),
    reading(829, "I", "Energy meter (BE6)", "kWh", 10, Size.U32, "meter", "av"),
    reading(599, "I", "Compressor, operating time, cooling", "h", 1, Size.U32, value=0),
    reading(
        1865, "I", "Hot water, operating time, additional heat", "h", 10, Size.U32, "add_hours"
    ),
    reading(2505, "I1489", "Number of starts, compressor (EB101)", "", 1, Size.U32, "starts", AIR),
    reading(2506, "I1491", "Compressor, operating time (EB101)", "h", 1, Size.U32, "hours", AIR),
    reading(2507, "I1493", "Compressor, hot water time (EB101)", "h", 1, Size.U32, "hw_hours", AIR),
    reading(0, "I", "Number of starts, compressor", "", 1, Size.S32, "starts", GROUND),
    reading(0, "I1087", "Compressor, operating time", "h", 1, Size.S32, "hours", GROUND),
    reading(
        0, "I1091", "Compressor, operating time, hot water", "h", 1, Size.S32, "hw_hours", GROUND
    ),
    reading(0, "I50", "Current, phase 1 (BE1)", "A", 10, Size.U32, "phase_1"),
    reading(0, "I48", "Current, phase 2 (BE2)", "A", 10, Size.U32, "phase_2"),
    reading(0, "I46", "Current, phase 3 (BE3)", "A", 10, Size.U32, "phase_3"),
    *(
        reading(0, f"I{2283 + 2 * number}", title, "kWh", 100, Size.U32, live)
        for number, (title, live) in enumerate(_ENERGY_LOGS)
    ),
)

HEALTH = (
    reading(832, "I400", "Communication errors (EB101)", "", 1, Size.U16, value=0, models=AIR),
    reading(2508, "I1495", "Alarm code (EB101)", "", 1, Size.U16, "alarm_number", AIR),
    reading(3375, "I1975", "Alarm number", "", 1, Size.U16, "alarm_number"),
    reading(2509, "I", "Software version, main", "", 1, Size.U16, "firmware"),
    reading(2453, "I", "Software version (EB101)", "", 1, Size.U16, value=0x30C1, models=AIR),
    reading(14987, "I", "Software version, inverter", "", 1, Size.U16, value=243),
)

READINGS: tuple[Known, ...] = (
    *TEMPERATURES,
    *CONTROL,
    *_ODD_STATES,
    *_BLANK_TIMES,
    *COUNTERS,
    *HEALTH,
)
