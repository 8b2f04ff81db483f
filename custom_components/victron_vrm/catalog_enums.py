"""What the numbers of enums mean, in words that stay the same in all languages.

Source: the enums of recorded answers, and Victron's documentation of the D-Bus on its gateways.
"""

from collections.abc import Mapping
from typing import Final

type Choices = Mapping[int, str]

CONVERTER: Final[Choices] = {
    0: "off",
    1: "aes_mode",
    2: "fault",
    3: "bulk",
    4: "absorption",
    5: "float",
    6: "storage",
    7: "equalize",
    8: "passthrough",
    9: "inverting",
    10: "power_assist",
    11: "power_supply",
    244: "sustain",
    245: "wake_up",
    246: "repeated_absorption",
    247: "auto_equalize",
    248: "battery_safe",
    252: "external_control",
    256: "discharging",
    257: "sustain",
    258: "recharging",
    259: "scheduled_recharging",
}
BATTERY: Final[Choices] = {0: "idle", 1: "charging", 2: "discharging"}
SWITCH: Final[Choices] = {1: "charger_only", 2: "inverter_only", 3: "on", 4: "off"}
RELAY: Final[Choices] = {0: "open", 1: "closed"}
OFF_ON: Final[Choices] = {0: "off", 1: "on"}
INPUT: Final[Choices] = {0: "not_available", 1: "grid", 2: "generator", 3: "shore_power"}
FLUID: Final[Choices] = {
    0: "fuel",
    1: "fresh_water",
    2: "waste_water",
    3: "live_well",
    4: "oil",
    5: "black_water",
    6: "gasoline",
    7: "diesel",
    8: "lpg",
    9: "lng",
    10: "hydraulic_oil",
    11: "raw_water",
}
THERMOMETER: Final[Choices] = {
    0: "battery",
    1: "fridge",
    2: "generic",
    3: "room",
    4: "outdoor",
    5: "water_heater",
    6: "freezer",
}
PROBE: Final[Choices] = {
    0: "ok",
    1: "disconnected",
    2: "short_circuited",
    3: "reverse_polarity",
    4: "unknown",
}
RUN_CONDITION: Final[Choices] = {
    0: "stopped",
    1: "manual",
    2: "test_run",
    3: "loss_of_communication",
    4: "state_of_charge",
    5: "ac_load",
    6: "battery_current",
    7: "battery_voltage",
    8: "inverter_temperature",
    9: "inverter_overload",
    10: "stop_on_ac1",
}
GENERATOR: Final[Choices] = {
    0: "stopped",
    1: "running",
    2: "warm_up",
    3: "cool_down",
    4: "stopping",
    10: "error",
}
EV_MODE: Final[Choices] = {0: "manual", 1: "auto", 2: "scheduled"}
EV_STATE: Final[Choices] = {
    0: "disconnected",
    1: "connected",
    2: "charging",
    3: "charged",
    4: "waiting_for_sun",
    5: "waiting_for_rfid",
    6: "waiting_for_start",
    7: "low_soc",
    8: "ground_test_error",
    9: "welded_contacts",
    10: "cp_input_error",
    11: "residual_current",
    12: "undervoltage",
    13: "overvoltage",
    14: "overheating",
    20: "charging_limit",
    21: "start_charging",
    22: "switching_to_three_phases",
    23: "switching_to_one_phase",
}
DYNAMIC_ESS: Final[Choices] = {0: "off", 1: "auto", 2: "buy", 3: "sell", 4: "node_red"}
