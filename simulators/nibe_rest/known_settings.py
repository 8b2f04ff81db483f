"""Settings whose ids or registers owners of pumps and makers of clients have published.

Limits and defaults are raw. Where pumps declare wrong or no limits, so does this table: 3702 from
55 where 550 is meant, 3745 up to 25 where 24 is the end, 8982 and 3754 switches with 0 and 0, 4562
in percent though it is a switch. Limits and defaults that nobody has published are guesses.
"""

from .known import AIR, GROUND, Known, choice, clock_time, locked, reading, setting, temperature
from .points import Kind, Size, When

_S8, _S16, _U8, _U16 = Size.S8, Size.S16, Size.U8, Size.U16

CONTROL = (
    choice(3751, "H", "Operating mode", 2, 0, "Auto = 0, Manual = 1, Add. heat only = 2"),
    locked(choice(4064, "H237", "Operating mode, in use", 2)),
    setting(781, "H11", "Degree minutes", "DM", 10, _S16, -30000, 30000, 0, live="dm"),
    setting(2691, "H20", "Degree minutes, cooling", "DM", 10, _S16, -30000, 30000, 0),
    setting(3667, "H26", "Heating curve, climate system 1", "", 1, _S8, 0, 15, 9),
    setting(3671, "H30", "Heating offset, climate system 1", "", 1, _S8, -10, 10, 0),
    setting(3675, "H34", "Min. supply, heating, system 1", "°C", 10, _S16, 50, 700, 200),
    setting(3679, "H38", "Max. supply, heating, system 1", "°C", 10, _S16, 50, 800, 600),
    setting(3818, "H", "Degree minutes, compressor start", "DM", 1, _S16, -1000, -30, -60),
    setting(0, "H", "Degree minutes, additional heat step", "DM", 1, _S16, -2000, 0, -400),
    choice(3919, "H180", "Permit additional heat", 1, 1, "0 = Off, 1 = On", when=When.MANUAL),
    choice(3920, "H181", "Permit heating", 1, 1, "0 = Off, 1 = On", when=When.MANUAL),
    choice(3921, "H182", "Permit cooling", 1, 0, "0 = Off, 1 = On", when=When.MANUAL),
    setting(3923, "H184", "Stop heating at (auto)", "°C", 10, _S16, -200, 400, 170),
    setting(3924, "H185", "Stop additional heat at (auto)", "°C", 10, _S16, -250, 400, 50),
    setting(3925, "H186", "Start cooling at (auto)", "°C", 10, _S16, 150, 400, 250),
    setting(3934, "H195", "Filtering time, outdoor temperature", "h", 1, _U8, 0, 48, 24),
    choice(3933, "H", "Time format", 1, 0, "12 h = 1, 24 h = 0"),
    choice(3976, "H", "Emitter", 3, 1, "0: Own, 1: Radiator, 2: Floor, 3: Both"),
    choice(4692, "H", "Circulation pump, control", 1, 1, "Target = 0; Delta = 1"),
    choice(5269, "H", "Smart energy source, method", 1, 0, "0: Price, 1: CO2"),
    choice(5268, "H", "Smart energy source", 1, 0, "0 = Off, 1 = On"),
)

HOT_WATER = (
    choice(3697, "H56", "Hot water demand", 4, 1),
    choice(4564, "H697", "More hot water", 2, 0, "Off = 0, One-time increase = 2"),
    locked(reading(4030, "H225", "More hot water, time left", "", 1, _U16, "more_minutes")),
    setting(3699, "H58", "Hot water start, large", "°C", 10, _S16, 50, 700, 480),
    setting(3700, "H59", "Hot water start, medium", "°C", 10, _S16, 50, 600, 440),
    setting(3701, "H60", "Hot water start, small", "°C", 10, _S16, 50, 550, 400),
    setting(3702, "H61", "Hot water stop, periodic increase", "°C", 10, _S16, 55, 700, 600),
    setting(3703, "H62", "Hot water stop, large", "°C", 10, _S16, 50, 700, 530),
    setting(3704, "H63", "Hot water stop, medium", "°C", 10, _S16, 50, 650, 500),
    setting(3705, "H64", "Hot water stop, small", "°C", 10, _S16, 50, 600, 450),
    choice(3706, "H65", "Periodic increase", 1, 1, "0 = Off, 1 = On"),
    setting(3707, "H66", "Periodic increase, interval", "days", 1, _U8, 1, 90, 14),
    choice(4562, "H", "Hot water circulation", 1, 0),
    setting(3745, "H", "Hot water circulation, hours a day", "h", 1, _U8, 0, 25, 16),
)

COMFORT = (
    setting(3945, "H206", "Room set point, climate system 1", "°C", 10, _S16, 50, 350, 205),
    setting(0, "H205", "Room set point, climate system 2", "°C", 10, _S16, 50, 350, 200),
    setting(0, "H204", "Room set point, climate system 3", "°C", 10, _S16, 50, 350, 200),
    setting(0, "H203", "Room set point, climate system 4", "°C", 10, _S16, 50, 350, 200),
    choice(3941, "H202", "Use room sensor, climate system 1", 1, 1),
    choice(0, "H201", "Use room sensor, climate system 2", 1),
    choice(0, "H200", "Use room sensor, climate system 3", 1),
    choice(0, "H199", "Use room sensor, climate system 4", 1),
    setting(3949, "H", "Room sensor factor, climate system 1", "", 10, _U8, 0, 60, 20),
    choice(5025, "H967", "Cooling, use room sensor", 1),
    setting(5033, "H975", "Cooling, room sensor factor", "", 10, _U8, 0, 60, 10),
    setting(
        5079, "H988", "Room set point, cooling, climate system 1", "°C", 10, _S16, 50, 350, 250
    ),
    *(
        setting(
            0,
            f"H{988 - n}",
            f"Room set point, cooling, system {n + 1}",
            "°C",
            10,
            _S16,
            50,
            350,
            250,
        )
        for n in (1, 2, 3)
    ),
    choice(8982, "H", "Away mode", 0),
    setting(0, "H", "Away, room set point", "°C", 10, _S16, 50, 300, 160, when=When.AWAY),
    locked(choice(5222, "H", "Away, state", 1)),
    choice(
        4790, "H", "SPA, effect on heating", 3, 1, "0: Off, 1: Comfort, 2: Saving, 3: Saving plus"
    ),
    choice(4789, "H", "Smart price adaption, permit", 1, 1),
    choice(4791, "H", "SPA, effect on hot water", 3, 1),
    setting(4795, "H", "SPA, degree of heating effect", "", 1, _U8, 1, 10, 5),
    setting(4796, "H", "SPA, degree of hot water effect", "", 1, _U8, 1, 4, 2),
)

VENTILATION = (
    choice(3830, "H104", "Ventilation, mode", 4),
    *(
        setting(3840 + n, f"H{114 + n}", f"Return time fan {n}", "h", 1, _U8, 1, 99, 4)
        for n in range(1, 5)
    ),
    *(
        setting(5143 + n, f"H{1020 + n}", f"Fan speed, level {n}", "%", 1, _U8, 0, 100, 15 * n)
        for n in range(1, 6)
    ),
    choice(4040, "H227", "Night cooling", 1, 0, "1 = On, 0 = Off"),
)

GRID = (
    choice(10613, "H3032", "SG Ready through API", 1, 0, "0 = Off, 1 = On"),
    choice(10614, "H6008", "SG Ready through API, state", 3, 1, when=When.SG_API),
    setting(
        5204, "H1052", "Max. additional heat, SG Ready", "kW", 100, _S16, 0, 900, 700, change=50
    ),
    choice(14312, "H", "Solar surplus, use", 1, 0),
    setting(14314, "H", "Solar surplus, start at", "", 1, _U16, 0, 20000, 1500),
    Known(29258, "H5984", "Solar power, external", "kW", 1, Size.U16, "solar_tens"),
    setting(0, "H6007", "Power limit, value", "W", 1, _U16, 0, 20000, 20000),
    setting(32824, "", "Power limit", "W", 1, _U16, 0, 20000, 20000),
    setting(55884, "H", "Power set point", "kW", 100, _S16, 0, 1200, 0),
    locked(choice(55749, "H5551", "Block compressor", 1)),
    *(
        setting(26817 + hour, "H", f"Electricity price, hour {hour}", "", 1, _S16, 0, 0, 0)
        for hour in range(24)
    ),
)

# Forced control moves relays and valves past all protection.
_FORCED = (
    *(3754, 3763, 3764, 3765, 3766, 3767, 3768, 3817, 4083, 5044, 5202, 5925),
    *(7957, 7958, 7959, 7960, 7961, 7962, 22155, 28181, 55038),
)
SERVICE = (
    *(
        choice(number, "H", f"Forced control, output {n}", int(number != 3754))
        for n, number in enumerate(_FORCED, 1)
    ),
    locked(choice(3478, "H22", "Reset alarm", 1)),
    locked(choice(3937, "H", "Commissioning, step", 0)),
    locked(choice(1948, "H", "Start-up guide", 1)),
    setting(6984, "H4200", "Service, test value", "", 1, _U16, 0, 65535, 0),
    choice(8052, "H", "Factory setting", 1),
    choice(8060, "H", "Start defrosting by hand (EB101)", 1, models=AIR, low=0, size=_S8),
    *(locked(temperature(26703 + n, "H", f"External reading {n + 1}, value")) for n in range(7)),
    locked(choice(29971, "H", "External reading, outdoor, active", 1)),
    locked(choice(33194, "H", "External reading, room, active", 1)),
    locked(choice(33196, "H", "External reading, humidity, active", 1)),
)

_UNITLESS = (
    *(
        setting(1205 + n, "H", f"Step {n + 1}, start difference", "", 10, _S16, 0, 20000, 300)
        for n in range(15)
    ),
    *(
        setting(5294 + n, "H", f"Cooling, start difference {n + 1}", "", 1, _S16, 10, 300, 30)
        for n in range(5)
    ),
)

TIMES = (
    clock_time(3708, "H67", "Periodic increase, start", 7200),
    clock_time(7849, "H", "Silent mode, start", 79200),
    clock_time(12401, "H", "Schedule 1, start", 21600),
    clock_time(12402, "H", "Schedule 2, start", 36000),
    clock_time(12403, "H", "Schedule 3, start", 64800),
    clock_time(2685, "H", "Date of commissioning", 5479, Kind.DATE),
)

_BY_MODEL = (
    setting(0, "H", "Brine pump speed", "%", 1, _U8, 0, 100, 75, GROUND),
    setting(0, "H", "Brine out, lowest", "°C", 10, _S16, -140, 200, -80, GROUND),
    setting(0, "H", "Stop compressor at outdoor", "°C", 10, _S16, -250, 100, -200, AIR),
)

SETTINGS: tuple[Known, ...] = (
    *CONTROL,
    *HOT_WATER,
    *COMFORT,
    *VENTILATION,
    *GRID,
    *SERVICE,
    *_UNITLESS,
    *TIMES,
    *_BY_MODEL,
)
