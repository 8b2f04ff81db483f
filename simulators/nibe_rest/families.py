"""Families of points: what fills a pump up to its hundreds.

A real pump lists the points of every accessory that could be connected. The families here are
made up after that pattern; their titles, ids and registers are ours and mean nothing elsewhere.
`Return time fan 4` and `Active days` stand several times under one title because owners report
exactly that.
"""

from dataclasses import dataclass

from .points import Size

S8, S16, S32 = Size.S8, Size.S16, Size.S32
U8, U16, U32 = Size.U8, Size.U16, Size.U32

DRIFT = "drift"
"""A reading that wavers about its first value."""


@dataclass(frozen=True, slots=True)
class Family:
    """Points that differ by a number, which stands for `{n}` in the title."""

    title: str
    numbers: range
    unit: str = ""
    divisor: int = 1
    size: Size = U8
    low: int = 0
    high: int = 0
    value: int = 0
    installed: int = 0
    """How many of a family of sensors are there; the others show the sentinel."""
    live: str = ""
    description: str = ""
    always: bool = False
    """Every plant has it; the others are drawn until the plant is full."""


_SYSTEMS = range(2, 9)
_PUMPS = range(2, 9)
_ZONES = range(1, 17)
_HOURS = range(1, 25)
_TEMPERATURE = ("°C", 10, S16)

# Per additional heat pump: name, unit, divisor, size.
_MEASURES: tuple[tuple[str, str, int, Size], ...] = (
    ("Supply line", *_TEMPERATURE),
    ("Return line", *_TEMPERATURE),
    ("Hot gas", *_TEMPERATURE),
    ("Suction gas", *_TEMPERATURE),
    ("Evaporator", *_TEMPERATURE),
    ("Condenser", *_TEMPERATURE),
    ("Liquid", *_TEMPERATURE),
    ("Outdoor temperature", *_TEMPERATURE),
    ("Low pressure", "bar", 10, S16),
    ("High pressure", "bar", 10, S16),
    ("Compressor frequency", "Hz", 10, S16),
    ("Superheat", "°C", 10, S16),
    ("Expansion valve, opening", "%", 10, U16),
    ("Fan speed", "rpm", 1, U16),
    ("Compressor, operating time", "h", 1, U32),
    ("Compressor, hot water time", "h", 1, U32),
    ("Compressor, cooling time", "h", 1, S32),
    ("Number of starts", "", 1, S32),
    ("Power", "kW", 100, S16),
    ("Inverter load", "%", 1, S8),
    ("Phase current", "A", 10, S16),
    ("Software version", "", 1, U16),
)

INPUTS: tuple[Family, ...] = (
    Family("Active days", range(5), "", 1, U8, value=3, always=True),
    Family("Held back", range(3), installed=3, always=True),
    Family("Filter, days left", range(4), "days", 1, U16, value=87, always=True),
    *(
        Family(f"{name}, heat pump {{n}}", _PUMPS, unit, divisor, size)
        for name, unit, divisor, size in _MEASURES
    ),
    Family("Zone {n}, temperature", _ZONES, *_TEMPERATURE, value=211, installed=6, live=DRIFT),
    Family("Zone {n}, humidity", _ZONES, "%RH", 1, U8, value=44, installed=6, live=DRIFT),
    Family("Zone {n}, battery", _ZONES, "%", 1, U8, value=90, installed=6),
    Family("Zone {n}, valve", _ZONES, "%", 1, U8, value=35, installed=6, live=DRIFT),
    *(
        Family(f"Room sensor {{n}}-{second}", range(1, 9), *_TEMPERATURE, installed=1, value=208)
        for second in (2, 3, 4)
    ),
    Family("Supply line, climate system {n}", _SYSTEMS, *_TEMPERATURE),
    Family("Return line, climate system {n}", _SYSTEMS, *_TEMPERATURE),
    Family(
        "Calculated supply, climate system {n}", _SYSTEMS, *_TEMPERATURE, value=200, installed=7
    ),
    Family("Average room, climate system {n}", _SYSTEMS, *_TEMPERATURE),
    Family("Mixing valve, climate system {n}", _SYSTEMS, "%", 1, S8),
    *(
        Family(f"{name}, exhaust air module {{n}}", range(2, 6), *_TEMPERATURE)
        for name in ("Exhaust air", "Extract air", "Supply air", "Outdoor air")
    ),
    Family("Extract air humidity, module {n}", range(2, 6), "%RH", 1, U8),
    Family("Energy log, produced, hour {n} back", _HOURS, "kWh", 100, U32, live="produced_{n}"),
    Family("Energy log, used, hour {n} back", _HOURS, "kWh", 100, U32, live="used_{n}"),
    Family("AUX input {n}", range(1, 10)),
    Family("Relay K{n}", range(1, 25), description="0 = Off, 1 = On"),
    Family("Accessory {n}, communication", range(1, 25), description="0: No, 1: Yes"),
    Family("Accessory {n}, software version", range(1, 25), "", 1, U16, installed=2, value=271),
    Family("Alarm log {n}, number", range(1, 11), "", 1, U16, value=0, installed=10),
    Family("Alarm log {n}, age", range(1, 11), "h", 1, U32),
    Family("Pool {n}, temperature", range(1, 3), *_TEMPERATURE),
    Family("Pool {n}, shunt", range(1, 3), description="10 = Off, 20 = Opening, 30 = Closing"),
    Family("Collector {n}, temperature", range(1, 5), *_TEMPERATURE),
    Family("Meter {n}, energy", range(1, 6), "kWh", 100, U32),
    Family("Meter {n}, power", range(1, 6), "W", 1, S32),
    Family("Meter {n}, current", range(1, 6), "A", 10, U16),
    Family("Electricity price level, hour {n}", _HOURS, "", 1, S8, value=1, installed=24),
    Family("Fan group {n}, speed", range(1, 5), "rpm", 1, U16),
    Family("Fan group {n}, output", range(1, 5), "%", 1, U8),
    Family("Pressure difference {n}", range(1, 5), "Pa", 1, S16),
    Family("Voltage, phase {n}", range(1, 4), "V", 1, U16, value=231, installed=3, live=DRIFT),
    Family("Board temperature {n}", range(1, 7), *_TEMPERATURE, value=384, installed=4, live=DRIFT),
    Family(
        "Sensor {n}, unprocessed", range(1, 25), "", 1, S16, value=612, installed=10, live=DRIFT
    ),
    Family("Mean value {n}\u00c2", range(1, 7), "\u00b0", 10, S16),
    Family("id:{id}", range(60), "", 1, U16, installed=25, value=4),
    Family("id:{id}", range(40), "", 1, S32, installed=10, value=-7),
    Family("", range(4), "", 1, U8, installed=4),
)

# Per climate system: name, unit, divisor, size, low, high, default.
_SYSTEM_SETTINGS: tuple[tuple[str, str, int, Size, int, int, int], ...] = (
    ("Heating curve", "", 1, S8, 0, 15, 9),
    ("Heating offset", "", 1, S8, -10, 10, 0),
    ("Min. supply, heating", "°C", 10, S16, 50, 700, 200),
    ("Max. supply, heating", "°C", 10, S16, 50, 800, 600),
    ("Room sensor factor", "", 10, U8, 0, 60, 20),
    ("Cooling curve", "", 1, S8, 0, 9, 3),
    ("Cooling offset", "", 1, S8, -10, 10, 0),
    ("Min. supply, cooling", "°C", 10, S16, 70, 300, 180),
    ("Max. supply, cooling", "°C", 10, S16, 70, 300, 250),
    ("External adjustment", "", 1, S8, -10, 10, 0),
    ("Shunt amplification", "", 10, U8, 1, 100, 10),
    ("Shunt waiting time", "s", 1, U16, 10, 300, 30),
    ("Heating", "", 1, U8, 0, 1, 0),
    ("Cooling", "", 1, U8, 0, 1, 0),
)

HOLDINGS: tuple[Family, ...] = (
    Family("Return time fan 4", range(15), "h", 1, U8, 1, 99, 4, always=True),
    Family("Filter interval", range(7), "", 1, U8, 1, 24, 3, always=True),
    *(
        Family(f"{name}, climate system {{n}}", _SYSTEMS, unit, divisor, size, low, high, value)
        for name, unit, divisor, size, low, high, value in _SYSTEM_SETTINGS
    ),
    Family("Zone {n}, set point heating", _ZONES, "°C", 10, S16, 50, 300, 210),
    Family("Zone {n}, set point cooling", _ZONES, "°C", 10, S16, 180, 350, 250),
    Family("Zone {n}, active", _ZONES, "", 1, U8, 0, 1, 0, description="Off: 0, On: 1"),
    Family("Zone {n}, affects climate system", _ZONES, "", 1, U8, 0, 8, 1),
    Family("Zone {n}, offset", _ZONES, "°C", 10, S8, -30, 30, 0),
    *(
        Family(f"Own curve {{n}}, supply at {at} °C", range(1, 5), "°C", 1, S8, 5, 80, 30 - at // 2)
        for at in (-30, -20, -10, 0, 10, 20, 30)
    ),
    Family("Schedule {n}, days", range(1, 13), "", 1, U8, 0, 255, 127),
    Family("Schedule {n}, mode", range(1, 13), "", 1, U8, 0, 3, 0),
    Family("Schedule {n}, set point", range(1, 13), "°C", 10, S16, 0, 0, 200),
    Family("Schedule {n}, length", range(1, 13), "min", 1, U16, 0, 65535, 60),
    Family("Permit heat pump {n}", _PUMPS, "", 1, U8, 0, 1, 1, description="Off = 0, On = 1"),
    Family("Heat pump {n}, priority", _PUMPS, "", 1, U8, 1, 8, 1),
    Family("Heat pump {n}, charge pump mode", _PUMPS, "", 1, U8, 0, 0, 10),
    Family("Heat pump {n}, stop temperature", _PUMPS, "°C", 10, S16, -250, 200, -200),
    Family("Heat pump {n}, silent mode", _PUMPS, "", 1, U8, 0, 1, 0),
    Family("Heat pump {n}, fuse", _PUMPS, "A", 1, U8, 1, 200, 16),
    Family("AUX input {n}, function", range(1, 10), "", 1, U8, 0, 0, 0),
    Family("Output {n}, function", range(1, 11), "", 1, U8, 0, 255, 0),
    Family("Frequency gap {n}, from", range(1, 9), "Hz", 1, U8, 17, 115, 17),
    Family("Frequency gap {n}, to", range(1, 9), "Hz", 1, U8, 20, 120, 20),
    Family("Pool {n}, start", range(1, 3), "°C", 10, S16, 50, 800, 220),
    Family("Pool {n}, stop", range(1, 3), "°C", 10, S16, 50, 800, 240),
    Family("Pool {n}, active", range(1, 3), "", 1, U8, 0, 1, 0),
    Family("Floor drying, period {n}, length", range(1, 8), "days", 1, U8, 0, 30, 2),
    Family("Floor drying, period {n}, temperature", range(1, 8), "°C", 1, U8, 15, 70, 25),
    *(
        Family(f"Fan group {{n}}, level {level}", range(1, 5), "%", 1, U8, 0, 100, 20 * level)
        for level in range(1, 5)
    ),
    Family("Extension {n}, acts on system", range(1, 17), "", 1, U16, 0, 65535, 0),
    Family("Counter {n}, pulses", range(1, 5), "", 1, U32, 0, 4294967295, 1000),
    Family("Reserve {n}", range(1, 9), "", 1, S32, -2147483648, 2147483647, 0),
    Family("id:{id}", range(60), "", 1, U16, 0, 4095, 0),
)
