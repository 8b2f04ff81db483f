"""What is connected at a site."""

from dataclasses import dataclass, field
from enum import IntEnum


class DeviceType(IntEnum):
    """The numbers that VRM has for kinds of devices."""

    GATEWAY = 0
    VEBUS = 1
    BATTERY = 2
    SOLAR_CHARGER = 4
    TANK = 5
    SYSTEM = 6
    MOTOR = 9
    PV_INVERTER = 10
    GRID_METER = 11
    GENERATOR = 16
    TEMPERATURE = 17
    GPS = 18
    EV_CHARGER = 25
    DC_SYSTEM = 29


NAMES: dict[DeviceType, str] = {
    DeviceType.GATEWAY: "Gateway",
    DeviceType.VEBUS: "VE.Bus System",
    DeviceType.BATTERY: "Battery Monitor",
    DeviceType.SOLAR_CHARGER: "Solar Charger",
    DeviceType.TANK: "Tank",
    DeviceType.SYSTEM: "System overview",
    DeviceType.MOTOR: "Motor Drive",
    DeviceType.PV_INVERTER: "PV Inverter",
    DeviceType.GRID_METER: "Grid meter",
    DeviceType.GENERATOR: "Generator",
    DeviceType.TEMPERATURE: "Temperature sensor",
    DeviceType.GPS: "GPS",
    DeviceType.EV_CHARGER: "EV Charging Station",
    DeviceType.DC_SYSTEM: "DC System",
}
CLASSES: dict[DeviceType, str] = {
    DeviceType.VEBUS: "device-ve-bus",
    DeviceType.TANK: "device-fluid-monitor",
}


@dataclass(slots=True, eq=False)
class Device:
    """One device."""

    type: DeviceType
    instance: int
    product: str
    product_code: str = ""
    firmware: str | None = None
    """None: it has none, as sensors do."""
    name: str = ""
    """The name that its owner gave it."""
    listed: bool = True
    """Whether the system overview lists it."""
    part: float = 1.0
    """Its share of what all devices of its kind do."""
    number: int = 0
    """Which one of its kind it is."""
    removed: float = float("inf")
    """When it was last heard of; it stays in all lists."""
    only: frozenset[str] = field(default_factory=frozenset)
    """The codes that it has; empty: all of its kind."""
    number_texts: bool = False
    """Whether a name that is a number comes as a number."""
    facts: dict[str, float] = field(default_factory=dict)
    """What is special about it: a fluid, a temperature."""

    @property
    def css(self) -> str:
        """Return what the overview calls its class."""
        words = "".join(char if char.isalnum() else "-" for char in self.product.lower())
        kind = CLASSES.get(self.type, f"device-{NAMES[self.type].lower().replace(' ', '-')}")
        return f"{kind} device-icon-{words}"
