"""Attributes of everything that is connected to a gateway."""

from .attributes import Attribute, choice, number, word
from .devices import DeviceType as Type
from .table_system import GATEWAY, SYSTEM

_PHASES = (1, 2, 3)

_VEBUS: tuple[Attribute, ...] = (
    *(
        number(7 + p, f"IV{p}", f"Input voltage phase {p}", "1 VAC", f"/Ac/ActiveIn/L{p}/V")
        for p in _PHASES
    ),
    *(
        number(10 + p, f"II{p}", f"Input current phase {p}", "1 A", f"/Ac/ActiveIn/L{p}/I")
        for p in _PHASES
    ),
    number(14, "IF1", "Input frequency 1", "1 Hz", "/Ac/ActiveIn/L1/F"),
    *(number(16 + p, f"IP{p}", f"Input power {p}", "0 W", f"/Ac/ActiveIn/L{p}/P") for p in _PHASES),
    *(
        number(19 + p, f"OV{p}", f"Output voltage phase {p}", "1 VAC", f"/Ac/Out/L{p}/V")
        for p in _PHASES
    ),
    *(
        number(22 + p, f"OI{p}", f"Output current phase {p}", "1 A", f"/Ac/Out/L{p}/I")
        for p in _PHASES
    ),
    number(26, "OF", "Output frequency", "1 Hz", "/Ac/Out/L1/F"),
    *(number(28 + p, f"OP{p}", f"Output power {p}", "0 W", f"/Ac/Out/L{p}/P") for p in _PHASES),
    number(32, "CV", "Voltage", "2 V", "/Dc/0/Voltage"),
    number(33, "CI", "Current", "1 A", "/Dc/0/Current"),
    number(35, "PC", "Phase count", "0", "/Ac/NumberOfPhases", at_boot=True),
    choice(36, "AI", "Active input", "active_input", "/Ac/ActiveIn/ActiveInput"),
    number(37, "AILIM", "Active input current limit", "1 A", "/Ac/ActiveIn/CurrentLimit"),
    choice(40, "S", "VE.Bus state", "vebus", "/State"),
    choice(41, "ERR", "VE.Bus Error", "error", "/VebusError"),
    choice(42, "eT", "Temperature alarm", "ok_alarm", "/Alarms/HighTemperature"),
    choice(43, "eL", "Low battery alarm", "ok_alarm", "/Alarms/LowBattery"),
    choice(44, "eO", "Overload alarm", "ok_alarm", "/Alarms/Overload"),
    number(76, "vbSOC", "VE.Bus SOC", "1 %", "/Soc"),
    choice(79, "s", "Switch Position", "switch", "/Mode"),
    number(521, "vbT", "Temperature", "1 °C", "/Dc/0/Temperature"),
    choice(559, "Agl", "Grid alarm", "grid_lost", "/Ac/Alarms/GridLost", service="system"),
    choice(9201, "eP1", "Phase rotation", "ok_alarm", "/Alarms/PhaseRotation"),
    word(9202, "vvv", "VE.Bus firmware version"),
)
_BATTERY: tuple[Attribute, ...] = (
    number(47, "V", "Voltage", "2 V", "/Dc/0/Voltage"),
    number(48, "VS", "Starter battery voltage", "2 V", "/Dc/1/Voltage"),
    number(49, "I", "Current", "2 A", "/Dc/0/Current"),
    number(50, "CE", "Consumed Amphours", "1 Ah", "/ConsumedAmphours"),
    number(51, "SOC", "State of charge", "1 %", "/Soc"),
    number(52, "TTG", "Time to go", "2 h", "/TimeToGo"),
    choice(54, "Relay", "Relay status", "relay", "/Relay/0/State"),
    number(58, "ChC", "Charge cycles", "0", "/History/ChargeCycles"),
    number(115, "BT", "Battery temperature", "1 °C", "/Dc/0/Temperature"),
    number(116, "VM", "Mid-point voltage of the battery bank", "2 V", "/Dc/0/MidVoltage"),
    number(117, "VMD", "Mid-point deviation", "1 %", "/Dc/0/MidVoltageDeviation"),
    choice(119, "AL", "Low voltage alarm", "alarm", "/Alarms/LowVoltage"),
    choice(120, "AH", "High voltage alarm", "alarm", "/Alarms/HighVoltage"),
    choice(121, "ASL", "Low starter voltage alarm", "alarm", "/Alarms/LowStarterVoltage"),
    choice(122, "ASH", "High starter voltage alarm", "alarm", "/Alarms/HighStarterVoltage"),
    choice(123, "ASoc", "Low state-of-charge alarm", "alarm", "/Alarms/LowSoc"),
    choice(124, "ALT", "Low temperature alarm", "alarm", "/Alarms/LowTemperature"),
    choice(125, "AHT", "High temperature alarm", "alarm", "/Alarms/HighTemperature"),
    choice(126, "AM", "Mid-voltage alarm", "alarm", "/Alarms/MidVoltage"),
    choice(155, "AFB", "Fuse blown alarm", "alarm", "/Alarms/FuseBlown"),
    choice(
        156, "AHI", "High internal temperature alarm", "alarm", "/Alarms/HighInternalTemperature"
    ),
    number(173, "mcV", "Minimum cell voltage", "3 V", "/System/MinCellVoltage"),
    number(174, "McV", "Maximum cell voltage", "3 V", "/System/MaxCellVoltage"),
    choice(286, "AHCC", "High charge current alarm", "alarm", "/Alarms/HighChargeCurrent"),
    choice(287, "AHDC", "High discharge current alarm", "alarm", "/Alarms/HighDischargeCurrent"),
    choice(288, "ACI", "Cell imbalance alarm", "alarm", "/Alarms/CellImbalance"),
    choice(289, "AIF", "Internal failure alarm", "alarm", "/Alarms/InternalFailure"),
    number(9301, "mcT", "Minimum cell temperature", "1 °C", "/System/MinCellTemperature"),
    number(9302, "McT", "Maximum cell temperature", "1 °C", "/System/MaxCellTemperature"),
    number(9303, "H17", "Discharged Energy", "1 kWh", "/History/DischargedEnergy"),
    number(9304, "H18", "Charged Energy", "1 kWh", "/History/ChargedEnergy"),
    number(9305, "bcap", "Capacity", "0 Ah", "/Capacity", at_boot=True),
    number(9306, "CCL", "Charge Current Limit", "1 A", "/Info/MaxChargeCurrent"),
    number(9307, "DCL", "Discharge Current Limit", "1 A", "/Info/MaxDischargeCurrent"),
)
_SOLAR_CHARGER: tuple[Attribute, ...] = (
    number(81, "ScV", "Voltage", "2 V", "/Dc/0/Voltage"),
    number(82, "ScI", "Current", "1 A", "/Dc/0/Current"),
    number(83, "ScT", "Battery temperature", "1 °C", "/Dc/0/Temperature"),
    choice(84, "Scs", "Charger on/off", "off_on", "/Mode"),
    choice(85, "ScS", "Charge state", "charger", "/State"),
    number(86, "PVV", "PV voltage", "2 V", "/Pv/V"),
    number(87, "PVI", "PV current", "1 A", "/Pv/I"),
    choice(90, "SRelay", "Relay on the charger", "relay", "/Relay/0/State"),
    choice(91, "SceL", "Low batt. voltage alarm", "alarm", "/Alarms/LowVoltage"),
    choice(92, "SceH", "High batt. voltage alarm", "alarm", "/Alarms/HighVoltage"),
    number(94, "YT", "Yield today", "2 kWh", "/History/Daily/0/Yield"),
    number(95, "MCPT", "Maximum charge power today", "0 W", "/History/Daily/0/MaxPower"),
    number(96, "YY", "Yield yesterday", "2 kWh", "/History/Daily/1/Yield"),
    choice(98, "ScERR", "Error code", "error", "/ErrorCode"),
    number(107, "ScW", "Battery watts", "0 W", "/Yield/Power"),
    number(442, "PVP", "PV power", "0 W", "/Yield/Power"),
    number(9401, "YU", "User yield", "2 kWh", "/Yield/User"),
    word(9402, "ScSN", "Solar charger serial number", "/Serial"),
    word(9403, "ScVt", "Solar charger firmware version", "/FirmwareVersion"),
)
_PV_INVERTER: tuple[Attribute, ...] = (
    *(number(199 + 4 * p, f"pV{p}", f"L{p} Voltage", "1 V", f"/Ac/L{p}/Voltage") for p in _PHASES),
    *(number(200 + 4 * p, f"pI{p}", f"L{p} Current", "1 A", f"/Ac/L{p}/Current") for p in _PHASES),
    *(number(201 + 4 * p, f"pP{p}", f"L{p} Power", "0 W", f"/Ac/L{p}/Power") for p in _PHASES),
    *(
        number(202 + 4 * p, f"pE{p}", f"L{p} Energy", "2 kWh", f"/Ac/L{p}/Energy/Forward")
        for p in _PHASES
    ),
    choice(246, "pS", "Status", "pv_inverter", "/StatusCode"),
    choice(9501, "pPos", "Position", "position", "/Position", at_boot=True),
    number(9502, "pEr", "Error code", "0", "/ErrorCode"),
    word(9503, "pSN", "Serial", "/Serial"),
)
_GRID_METER: tuple[Attribute, ...] = (
    *(number(378 + p, f"gP{p}", f"L{p} Power", "0 W", f"/Ac/L{p}/Power") for p in _PHASES),
    *(number(833 + p, f"gV{p}", f"L{p} Voltage", "1 V", f"/Ac/L{p}/Voltage") for p in _PHASES),
    *(number(836 + p, f"gI{p}", f"L{p} Current", "1 A", f"/Ac/L{p}/Current") for p in _PHASES),
    number(840, "gEf", "Energy from net", "2 kWh", "/Ac/Energy/Forward"),
    number(841, "gEr", "Energy to net", "2 kWh", "/Ac/Energy/Reverse"),
    word(9601, "gSN", "Serial", "/Serial"),
)
_TANK: tuple[Attribute, ...] = (
    number(328, "tc", "Tank capacity", "3 m³", "/Capacity", at_boot=True),
    choice(329, "tf", "Tank fluid type", "fluid", "/FluidType", at_boot=True),
    number(330, "tl", "Tank level", "0 %", "/Level"),
    number(331, "tr", "Tank remaining fluid", "0 L", "/Remaining"),
    choice(443, "ts", "Tank status", "sensor", "/Status"),
    word(638, "tcn", "Tank custom name", "/CustomName"),
)
_TEMPERATURE: tuple[Attribute, ...] = (
    choice(449, "tst", "Temperature type", "temperature", at_boot=True),
    number(450, "tsT", "Temperature", "1 °C", "/Temperature"),
    word(637, "tscn", "Temperature custom name"),
    choice(9701, "tss", "Temperature status", "sensor", "/Status"),
    number(9702, "tsO", "Offset", "1", "/Offset", at_boot=True),
)
_GENERATOR: tuple[Attribute, ...] = (
    choice(
        441,
        "gaNG",
        "Generator not detected at AC input alarm",
        "alarm",
        "/Alarms/NoGeneratorAtAcIn",
    ),
    choice(520, "gaRC", "Run condition", "run_condition", "/RunningByConditionCode"),
    choice(1288, "gaS", "State", "generator", "/State"),
    number(1505, "gaT", "Time until service", "d", "/ServiceCounter"),
    number(9801, "gaR", "Runtime today", "d", "/TodayRuntime"),
    number(9802, "Tga", "Accumulated runtime", "d", "/AccumulatedRuntime"),
)
_EV_CHARGER: tuple[Attribute, ...] = (
    word(812, "evS", "Serial", "/Serial"),
    word(814, "evcn", "Custom name", "/CustomName"),
    number(815, "evmi", "Max current", "0 A", "/MaxCurrent"),
    number(816, "evf", "Energy consumed", "2 kWh", "/Ac/Energy/Forward"),
    number(820, "evp", "Power", "0 W", "/Ac/Power"),
    number(821, "evt", "Charging time", "d", "/ChargingTime"),
    number(822, "evi", "Current", "1 A", "/Current"),
    choice(823, "evm", "Mode", "ev_mode", "/Mode"),
    choice(824, "evs", "Status", "ev_state", "/Status"),
    choice(1044, "eve", "Start/stop charging", "off_on", "/StartStop"),
)
_MOTOR: tuple[Attribute, ...] = (
    number(196, "coV", "Voltage", "1 V", "/Dc/0/Voltage"),
    number(198, "coP", "Power", "0 W", "/Dc/0/Power"),
    number(9901, "coR", "Motor RPM", "0 RPM", "/Motor/RPM"),
    number(9902, "coT", "Motor temperature", "0 °C", "/Motor/Temperature"),
)
_DC_SYSTEM: tuple[Attribute, ...] = (
    number(9951, "dcV", "Voltage", "2 V", "/Dc/0/Voltage"),
    number(9952, "dcI", "Current", "2 A", "/Dc/0/Current"),
    number(9953, "dcP", "Power", "0 W", "/Dc/0/Power"),
    number(9954, "dcEI", "Energy to", "2 kWh", "/History/EnergyIn"),
)

TABLE: dict[Type, tuple[Attribute, ...]] = {
    Type.GATEWAY: GATEWAY,
    Type.SYSTEM: SYSTEM,
    Type.VEBUS: _VEBUS,
    Type.BATTERY: _BATTERY,
    Type.SOLAR_CHARGER: _SOLAR_CHARGER,
    Type.PV_INVERTER: _PV_INVERTER,
    Type.GRID_METER: _GRID_METER,
    Type.TANK: _TANK,
    Type.TEMPERATURE: _TEMPERATURE,
    Type.GENERATOR: _GENERATOR,
    Type.EV_CHARGER: _EV_CHARGER,
    Type.MOTOR: _MOTOR,
    Type.DC_SYSTEM: _DC_SYSTEM,
    Type.GPS: (),
}
BY_CODE: dict[str, tuple[Type, Attribute]] = {
    attribute.code: (kind, attribute) for kind, table in TABLE.items() for attribute in table
}
