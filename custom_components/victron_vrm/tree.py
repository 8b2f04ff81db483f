"""Which device a reading belongs to, and which devices a site has.

Two endpoints list devices, and neither lists all: the system overview knows products and names,
readings know tanks that the overview lacks. A device is its kind and its instance; kinds are named
by their service on the gateway's D-Bus, as readings name them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from .models import Device, Reading

SITE: Final = "site"
GATEWAY: Final = "gateway"

# VRM's numbers of kinds, as far as answers of the cloud have shown them.
SERVICES: Final[Mapping[int, str]] = {
    1: "vebus",
    2: "battery",
    4: "solarcharger",
    5: "tank",
    9: "motordrive",
    16: "generator",
    17: "temperature",
    25: "evcharger",
    29: "dcsystem",
}
GATEWAY_TYPE: Final = 0
SYSTEM_TYPE: Final = 6

# Services that stand for devices; all others are parts of the gateway.
OF_DEVICES: Final = frozenset(
    {
        *SERVICES.values(),
        *("acload", "acsystem", "alternator", "charger", "dcdc", "dcload", "dcsource"),
        *("dcgenset", "digitalinput", "fuelcell", "genset", "grid", "gridmeter", "heatpump"),
        *("inverter", "meteo", "multi", "pulsemeter", "pvinverter", "switch"),
    }
)
SYSTEM: Final = "system"
GPS: Final = "gps"


@dataclass(frozen=True, slots=True)
class Tree:
    """The devices of a site by key: the site itself, its gateway, and what hangs on that."""

    devices: Mapping[str, Device] = field(default_factory=dict)
    listed: Mapping[str, Device] = field(default_factory=dict)
    """Those of the overview."""
    kinds: Mapping[int, int] = field(default_factory=dict)
    """Kinds of devices by attribute, which only the account's overview tells."""
    services: Mapping[str, int] = field(default_factory=dict)
    """Kinds of devices by service, of those kinds that are not in our table."""

    def device_of(self, reading: Reading) -> str:
        """Return the key of the device that a reading belongs to."""
        kind = self._kind_of(reading)
        if kind == SYSTEM_TYPE or reading.service == GPS:
            return SITE
        if kind == GATEWAY_TYPE:
            return GATEWAY
        if kind is not None:
            return _key(_service(kind), reading.instance)
        if not reading.device_name and not reading.service:
            return SITE  # a sum over several attributes
        if (found := self._namesake_of(reading)) is not None:
            return found
        if reading.service == SYSTEM:
            return SITE
        if reading.service in OF_DEVICES:
            return _key(reading.service, reading.instance)
        return GATEWAY

    def _kind_of(self, reading: Reading) -> int | None:
        if reading.device_type is not None:
            return reading.device_type
        learned = self.kinds.get(reading.attribute or 0)
        return self.services.get(reading.service) if learned is None else learned

    def _namesake_of(self, reading: Reading) -> str | None:
        """Return the listed device that is called as the reading says."""
        for key, device in self.listed.items():
            if device.kind_name == reading.device_name and (
                key == GATEWAY or device.instance == reading.instance
            ):
                return key
        return None

    def with_overview(self, devices: Iterable[Device]) -> Tree:
        """Return a tree with other devices in its overview."""
        return replace(self, listed={self._listed_key(it): it for it in devices})

    def _listed_key(self, device: Device) -> str:
        if device.key:
            return device.key
        if device.instance is None or device.device_type == GATEWAY_TYPE:
            return GATEWAY
        if device.device_type is None:
            return _key("device", device.instance)
        return _key(_service(device.device_type), device.instance)

    def learning(self, readings: Iterable[Reading]) -> Tree:
        """Return a tree that knows what these readings tell about kinds of devices.

        Names are in the language of the account. What was once recognised by its name is known by
        its service from then on.
        """
        kinds, services = dict(self.kinds), dict(self.services)
        # Some devices got their keys from their services, before anything listed them.
        settled = {it.key.rpartition("_")[0] for it in self.listed.values()}.union(services)
        for it in readings:
            kind = it.device_type
            if kind is not None and it.attribute is not None:
                kinds[it.attribute] = kind
            if it.service not in OF_DEVICES or it.service in settled:
                continue
            if kind is None and (namesake := self._namesake_of(it)):
                kind = self.listed[namesake].device_type
            if kind is not None and kind not in {*SERVICES, GATEWAY_TYPE, SYSTEM_TYPE}:
                services[it.service] = kind
        return replace(self, kinds=kinds, services=services)

    def with_devices_of(self, readings: Iterable[Reading]) -> Tree:
        """Return a tree with the devices of its overview, and of all these readings."""
        devices = dict(self.listed)
        for it in readings:
            key = self.device_of(it)
            if key not in devices and key not in {SITE, GATEWAY}:
                name = it.device_name or it.service.capitalize()
                devices[key] = Device(it.device_type, it.instance, name)
        return replace(self, devices=devices)


def _service(device_type: int) -> str:
    """Return the service of a kind; of one that is not known its number, which never changes."""
    return SERVICES.get(device_type, f"type{device_type}")


def _key(service: str, instance: int) -> str:
    return f"{service}_{instance}"
