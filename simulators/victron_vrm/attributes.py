"""What can be read of a device: numbers, codes, units, meanings.

Source: VRM API v2 documentation, sections data-attributes and installations/diagnostics, and
recorded answers of the demo account. Numbers from 9000 up and the codes that go with them are made
up; so are descriptions of attributes that were never seen.
"""

from dataclasses import dataclass
from typing import Any

from .devices import DeviceType

SERVICES: dict[DeviceType, str | None] = {
    DeviceType.GATEWAY: None,
    DeviceType.VEBUS: "vebus",
    DeviceType.BATTERY: "battery",
    DeviceType.SOLAR_CHARGER: "solarcharger",
    DeviceType.TANK: "tank",
    DeviceType.SYSTEM: "system",
    DeviceType.MOTOR: "motordrive",
    DeviceType.PV_INVERTER: "pvinverter",
    DeviceType.GRID_METER: "grid",
    DeviceType.GENERATOR: "generator",
    DeviceType.TEMPERATURE: "temperature",
    DeviceType.EV_CHARGER: "evcharger",
    DeviceType.DC_SYSTEM: "dcsystem",
}


@dataclass(frozen=True, slots=True)
class Attribute:
    """One thing that can be read."""

    id: int
    code: str
    description: str
    format: str
    data_type: str
    path: str | None = None
    service: str | None = None
    """Instead of the one of its device."""
    choices: str | None = None
    """Which meanings its numbers have."""
    at_boot: bool = False
    """Whether it is logged when the gateway starts, and not again."""
    bits: bool = False
    """Whether its number is made of bits."""


def number(
    id_: int, code: str, description: str, unit: str, path: str | None = None, **more: Any
) -> Attribute:
    """Return an attribute with a unit; in front of it stand the decimals: `2 V`."""
    digits, _, name = unit.partition(" ")
    form = "%d" if digits == "d" else f"%.{digits}F"
    text = f"{form} {name.replace('%', '%%')}" if name else form
    return Attribute(id_, code, description, text, "float", path, **more)


def choice(
    id_: int, code: str, description: str, choices: str, path: str | None = None, **more: Any
) -> Attribute:
    """Return an attribute whose numbers have meanings."""
    return Attribute(id_, code, description, "%s", "enum", path, choices=choices, **more)


def word(id_: int, code: str, description: str, path: str | None = None, **more: Any) -> Attribute:
    """Return an attribute that is a text, logged at boot."""
    return Attribute(id_, code, description, "%s", "string", path, at_boot=True, **more)


CHOICES: dict[str, tuple[tuple[str | int, int], ...]] = {
    "off_on": (("Off", 0), ("On", 1)),
    "no_yes": (("No", 0), ("Yes", 1)),
    "relay": (("Open", 0), ("Closed", 1)),
    "alarm": (("No alarm", 0), ("Warning", 1), ("Alarm", 2)),
    "ok_alarm": (("Ok", 0), ("Warning", 1), ("Alarm", 2)),
    "grid_lost": (("Grid ok", 0), ("Grid lost", 2)),
    "battery": (("Idle", 0), ("Charging", 1), ("Discharging", 2)),
    "input": (("Not available", 0), ("Grid", 1), ("Generator", 2), ("Shore power", 3)),
    "active_input": (("AC Input 1", 0), ("AC Input 2", 1), ("Disconnected", 240)),
    "active": (("Not active", 0), ("Active", 1)),
    "vebus": (
        *(("Off", 0), ("AES mode", 1), ("Fault", 2), ("Bulk", 3), ("Absorption", 4), ("Float", 5)),
        *(("Storage", 6), ("Equalize", 7), ("Passthru", 8), ("Inverting", 9), ("Power assist", 10)),
        *(("Power supply mode", 11), ("Sustain", 244), ("Ext. control", 252)),
    ),
    "switch": (("Charger Only", 1), ("Inverter Only", 2), ("On", 3), ("Off", 4)),
    "charger": (
        *(("Off", 0), ("Fault", 2), ("Bulk", 3), ("Absorption", 4), ("Float", 5), ("Storage", 6)),
        *(("Equalize", 7), ("Ext. control", 252)),
    ),
    "error": (
        ("No error", 0),
        ("Battery temperature too high", 1),
        ("Battery voltage too high", 2),
    ),
    "fluid": (
        *(("Fuel", 0), ("Fresh water", 1), ("Waste water", 2), ("Live well", 3), ("Oil", 4)),
        *(("Black water", 5), ("Gasoline", 6)),
    ),
    "sensor": (("Ok", 0), ("Disconnected", 1), ("Short circuited", 2), ("Unknown", 4)),
    "temperature": (("Battery", 0), ("Fridge", 1), ("Generic", 2), ("Room", 3), ("Outdoor", 4)),
    "capabilities": (
        *(("MQTT-RPC", 1), ("MQTT-RPC new firmware update command", 2)),
        *(("VNC-SSH authentication", 4), ("VregLink", 8), ("Has DESS support", 64)),
    ),
    "dess_capabilities": (
        *(("Charge/Discharge restrictions are supported", 1), ("Coping strategies supported", 2)),
        *(("Supports fast-charge strategy", 4), ("Able to do split-coping", 16)),
    ),
    "nodered": (("Off", 0), ("On", 1), ("On (safe mode)", 2)),
    "dess": (("Off", 0), ("Auto", 1), ("Buy", 2), ("Sell", 3), ("Node-RED", 4)),
    "available": (("Not available", 0), ("Available", 1)),
    "portal": (("Off", 0), ("Read-only", 1), ("Full", 2)),
    # Numbers as names.
    "gui": ((1, 1), (2, 2)),
    "input_loads": (("No input side loads", 0), ("Input side loads", 1)),
    "battery_life": (
        *(("External control or BL disabled", 0), ("Restarting", 1), ("Self-consumption", 2)),
        *(("Discharge disabled", 5), ("Low SOC recharge", 7)),
    ),
    "pv_inverter": (("Startup", 0), ("Running", 7), ("Standby", 8), ("Error", 10)),
    "position": (("AC input 1", 0), ("AC output", 1), ("AC input 2", 2)),
    "run_condition": (
        *(("Stopped", 0), ("Manual", 1), ("Test run", 2), ("Loss of comms", 3), ("SOC", 4)),
        *(("Load", 5), ("Battery current", 6), ("Battery voltage", 7)),
    ),
    "generator": (("Stopped", 0), ("Running", 1), ("Warm-up", 2), ("Cool-down", 3), ("Error", 10)),
    "ev_mode": (("Manual", 0), ("Auto", 1), ("Scheduled charge", 2)),
    "ev_state": (
        *(("Disconnected", 0), ("Connected", 1), ("Charging", 2), ("Charged", 3)),
        *(
            ("Waiting for sun", 4),
            ("Waiting for RFID", 5),
            ("Waiting for start", 6),
            ("Low SOC", 7),
        ),
    ),
    "relay_function": (("Alarm", 0), ("Generator start/stop", 1), ("Manual", 2)),
    "updates": (("Off", 0), ("Check only", 1), ("On", 2)),
}
