"""Attributes of the gateway and of the system as a whole."""

from .attributes import Attribute, choice, number, word

_SETTINGS = "/Settings"

GATEWAY: tuple[Attribute, ...] = (
    word(2, "v", "Fw Version"),
    word(3, "build", "Build date"),
    number(4, "lt", "Latitude", "5 LAT", "/Position/Latitude", service="gps"),
    number(5, "lg", "Longitude", "5 LNG", "/Position/Longitude", service="gps"),
    number(142, "ls", "Speed", "1 m/s", "/Speed", service="gps"),
    number(584, "la", "Altitude", "0 m", "/Altitude", service="gps"),
    choice(
        251,
        "si1",
        "AC Input 1 ",
        "input",
        f"{_SETTINGS}/SystemSetup/AcInput1",
        service="settings",
        at_boot=True,
    ),
    choice(
        252,
        "si2",
        "AC Input 2",
        "input",
        f"{_SETTINGS}/SystemSetup/AcInput2",
        service="settings",
        at_boot=True,
    ),
    choice(453, "cp", "Capabilities", "capabilities", at_boot=True, bits=True),
    choice(469, "sca", "ESS Scheduled Charging", "active"),
    number(577, "rtt", "D-Bus Round-trip time", "0 ms"),
    choice(
        692,
        "nr",
        "NodeRed",
        "nodered",
        f"{_SETTINGS}/Services/NodeRed",
        service="settings",
        at_boot=True,
    ),
    choice(
        693,
        "sk",
        "SignalK",
        "off_on",
        f"{_SETTINGS}/Services/SignalK",
        service="settings",
        at_boot=True,
    ),
    choice(
        1270,
        "dem",
        "DESS Mode – Controlled by user",
        "dess",
        f"{_SETTINGS}/DynamicEss/Mode",
        service="settings",
        at_boot=True,
    ),
    word(1283, "guiHash", "GUI Hash for Remote Console"),
    choice(
        1336,
        "decp",
        "DESS Capabilities",
        "dess_capabilities",
        "/DynamicEss/Capabilities",
        service="system",
        at_boot=True,
        bits=True,
    ),
    choice(
        1504,
        "dea",
        "DESS Available",
        "available",
        "/DynamicEss/Available",
        service="system",
        at_boot=True,
    ),
    choice(
        1612,
        "vrm",
        "VRM Portal Mode",
        "portal",
        f"{_SETTINGS}/Network/VrmPortal",
        service="settings",
        at_boot=True,
    ),
    choice(
        1722, "GUIv", "GUI version", "gui", "/Gui/RunningVersion", service="platform", at_boot=True
    ),
    choice(
        1865,
        "shai",
        "System has normal AC loads",
        "input_loads",
        f"{_SETTINGS}/SystemSetup/HasAcInLoads",
        service="settings",
        at_boot=True,
    ),
    number(9001, "tx", "Network traffic tx", "0 B"),
    number(9002, "rx", "Network traffic rx", "0 B"),
    number(9003, "TO", "Log time offset", "0 s"),
    number(9004, "fd", "Free space data partition", "0 B"),
    choice(9005, "w", "Boot type", "no_yes", at_boot=True),
    choice(9006, "au", "Auto update", "updates", at_boot=True),
    number(9007, "sl", "Log interval", "0 s", at_boot=True),
    choice(
        9008,
        "rf",
        "Relay function",
        "relay_function",
        f"{_SETTINGS}/Relay/Function",
        service="settings",
        at_boot=True,
    ),
    word(9009, "ip", "Local ip address"),
)

SYSTEM: tuple[Attribute, ...] = (
    *(
        number(110 + n, c, f"PV - AC-coupled on output L{p}", "0 W", f"/Ac/PvOnOutput/L{p}/Power")
        for n, c, p in ((1, "P", 1), (17, "P2", 2), (18, "P3", 3))
    ),
    *(
        number(110 + n, c, f"PV - AC-coupled on input L{p}", "0 W", f"/Ac/PvOnGrid/L{p}/Power")
        for n, c, p in ((2, "Pi", 1), (19, "Pi2", 2), (20, "Pi3", 3))
    ),
    number(113, "Pdc", "PV - DC-coupled", "0 W", "/Dc/Pv/Power"),
    *(
        number(130 + p, f"a{p}", f"AC Consumption L{p}", "0 W", f"/Ac/Consumption/L{p}/Power")
        for p in (1, 2, 3)
    ),
    *(number(133 + p, f"g{p}", f"Grid L{p}", "0 W", f"/Ac/Grid/L{p}/Power") for p in (1, 2, 3)),
    *(
        number(136 + p, f"gs{p}", f"Genset L{p}", "0 W", f"/Ac/Genset/L{p}/Power")
        for p in (1, 2, 3)
    ),
    number(140, "dc", "DC System", "0 W", "/Dc/System/Power"),
    number(143, "bv", "Voltage", "2 V", "/Dc/Battery/Voltage"),
    number(144, "bs", "Battery SOC", "1 %", "/Dc/Battery/Soc"),
    number(147, "bc", "Current", "2 A", "/Dc/Battery/Current"),
    choice(215, "bst", "Battery state", "battery", "/Dc/Battery/State"),
    number(243, "bp", "Battery Power", "0 W", "/Dc/Battery/Power"),
    choice(
        332,
        "bl",
        "BatteryLife state",
        "battery_life",
        f"{_SETTINGS}/CGwacs/BatteryLife/State",
        service="settings",
    ),
    number(
        333,
        "bls",
        "BatteryLife SOC limit",
        "1 %",
        f"{_SETTINGS}/CGwacs/BatteryLife/SocLimit",
        service="settings",
    ),
    number(
        334,
        "blm",
        "Minimum SOC",
        "1 %",
        f"{_SETTINGS}/CGwacs/BatteryLife/MinimumSocLimit",
        service="settings",
        at_boot=True,
    ),
    word(570, "st", "System type", "/SystemType"),
    choice(571, "ss", "System state", "vebus", "/SystemState/State"),
    choice(
        917, "gRC", "Generator run condition", "run_condition", "/Generator0/RunningByCondition"
    ),
    number(9101, "vc", "VE.Bus charge current", "1 A", "/Dc/Vebus/Current"),
    number(9102, "vp", "VE.Bus charge power", "0 W", "/Dc/Vebus/Power"),
    word(9103, "abs", "Active battery service", "/ActiveBatteryService"),
    number(9104, "Pc", "PV to consumers", "2 kWh"),
    number(9105, "Pb", "PV to battery", "2 kWh"),
    number(9106, "Pg", "PV to grid", "2 kWh"),
    number(9107, "Gc", "Grid to consumers", "2 kWh"),
    number(9108, "Gb", "Grid to battery", "2 kWh"),
    number(9109, "Bc", "Battery to consumers", "2 kWh"),
    number(9110, "Bg", "Battery to grid", "2 kWh"),
    number(9111, "gc", "Genset to consumers", "2 kWh"),
    number(9112, "gb", "Genset to battery", "2 kWh"),
)
