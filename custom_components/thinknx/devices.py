"""Devices as subentries keep them."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from homeassistant.components.sensor import SensorDeviceClass
from homeassistant.config_entries import ConfigEntry, ConfigSubentry
from homeassistant.core import HomeAssistant

from .const import CONF_ASPECTS, CONF_GUID, DOMAIN
from .endpoints import ASPECTS, Aspect, Kind

CONF_AREA: Final = "area"
CONF_DEVICE_CLASS: Final = "device_class"
CONF_HVAC_MODE: Final = "hvac_mode"
CONF_INVERT_POSITION: Final = "invert_position"
CONF_INVERT_STEP: Final = "invert_step"
CONF_INVERT_TILT: Final = "invert_tilt"
CONF_MAX: Final = "max"
CONF_MIN: Final = "min"
CONF_PRECISION: Final = "precision"
CONF_SHOW_AS: Final = "show_as"
CONF_STATE_CLASS: Final = "state_class"
CONF_STEP: Final = "step"
CONF_TEMPERATURE_GUID: Final = "temperature_guid"
CONF_TILT_STEPS: Final = "tilt_steps"
CONF_UNIT: Final = "unit"

KINDS: Final = tuple(Kind)
LONGEST_NAME: Final = 100

# Of what a device shows, one of these makes it worth to be set up; a light or a cover is all the
# same, for it can be commanded.
TELLING: Final[Mapping[Kind, frozenset[Aspect]]] = {
    Kind.THERMOSTAT: frozenset({Aspect.ACTUAL, Aspect.SETPOINT, Aspect.MODE}),
    Kind.HVAC: frozenset(ASPECTS[Kind.HVAC]),
    Kind.ANALOG: frozenset({Aspect.VALUE}),
}

# The lowest value, the highest one and the step of what can be set, where the user says nothing.
LIMITS: Final[Mapping[Kind, tuple[float, float, float]]] = {
    Kind.THERMOSTAT: (5.0, 35.0, 0.5),
    Kind.HVAC: (16.0, 32.0, 0.5),
    Kind.ANALOG: (0.0, 100.0, 1.0),
}


@dataclass(frozen=True, slots=True)
class Device:
    """A device of the server, and how it is to be shown."""

    subentry_id: str
    guid: str
    name: str
    kind: Kind
    aspects: frozenset[Aspect]  # what can be read of it
    options: Mapping[str, Any] = field(default_factory=dict)

    def option[T](self, key: str, default: T) -> T:
        """Return an option, or what stands for it."""
        value = self.options.get(key)
        return default if value is None else value

    @property
    def area(self) -> str | None:
        """Where it is, as the user said when it was added."""
        return self.options.get(CONF_AREA) or None


def device_of(subentry: ConfigSubentry) -> Device:
    """Return the device of a subentry."""
    kind = Kind(subentry.subentry_type)
    known = set(ASPECTS[kind])
    return Device(
        subentry.subentry_id,
        subentry.data[CONF_GUID],
        subentry.title,
        kind,
        frozenset(Aspect(name) for name in subentry.data[CONF_ASPECTS] if name in known),
        subentry.data,
    )


def devices_of(entry: ConfigEntry[Any]) -> dict[str, Device]:
    """Return all devices of an entry by their subentry."""
    return {
        subentry_id: device_of(subentry)
        for subentry_id, subentry in entry.subentries.items()
        if subentry.subentry_type in set(KINDS)
    }


def shows_something(kind: Kind, aspects: Collection[Aspect]) -> bool:
    """Return whether a device of a kind is worth to be set up with no more than this."""
    return kind not in TELLING or not TELLING[kind].isdisjoint(aspects)


def links(devices: Iterable[Device]) -> dict[str, str]:
    """Return GUID and name of devices that tell the temperature of a room."""
    return {
        device.guid: device.name
        for device in devices
        if Aspect.ACTUAL in device.aspects
        or (
            Aspect.VALUE in device.aspects
            and device.option(CONF_DEVICE_CLASS, SensorDeviceClass.TEMPERATURE)
            == SensorDeviceClass.TEMPERATURE
        )
    }


def is_known(hass: HomeAssistant, guid: str) -> bool:
    """Whether a device is set up already, with whichever server."""
    return any(
        subentry.unique_id == guid
        for entry in hass.config_entries.async_entries(DOMAIN)
        for subentry in entry.subentries.values()
    )


def clean_text(raw: Any, most: int = LONGEST_NAME) -> str:
    """Return a text of one line that shows what it is: no control or direction characters."""
    text = str(raw) if isinstance(raw, str | int) and not isinstance(raw, bool) else ""
    return "".join(it for it in " ".join(text.split()) if it.isprintable())[:most].strip()


def subentry_data(guid: str, kind: Kind, aspects: frozenset[Aspect], **options: Any) -> Any:
    """Return what a subentry keeps of a device."""
    ordered = [str(aspect) for aspect in ASPECTS[kind] if aspect in aspects]
    return MappingProxyType({CONF_GUID: guid, CONF_ASPECTS: ordered, **options})
