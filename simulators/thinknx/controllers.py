"""The 37 endpoints.

Source: the vendor's wiki page "integration_kit" (2022-09-06). It calls an endpoint a controller.
"""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What the project calls its objects."""

    LIGHT = "light"
    BLIND = "blind"
    THERMOSTAT = "thermostat"
    HVAC = "hvac"
    ANALOG = "analog"
    SCENE = "scene"
    BUTTON = "button"


class Function(StrEnum):
    """What an object can tell about itself."""

    POWER = "power"
    LEVEL = "level"
    HEIGHT = "height"
    ANGLE = "angle"
    VALUE = "value"
    TEMPERATURE = "temperature"
    SETPOINT = "setpoint"
    MODE = "mode"
    CHRONO = "chrono"
    FAN = "fan"


SWITCHED = frozenset({Function.POWER, Function.CHRONO})
"""Functions that are 0 or 1."""
MEASURED = frozenset({Function.VALUE, Function.TEMPERATURE, Function.SETPOINT})
"""Functions that are no whole numbers."""


@dataclass(frozen=True, slots=True)
class Command:
    """An endpoint that does something to an object."""

    kind: Kind
    function: Function | None = None
    """What an answer with feedback tells; None: the endpoint takes no `fb`."""
    low: int = 0
    high: int = 1
    decimal: bool = False
    """Takes any number with a point; the range then does not count."""
    needs: Function | None = None
    """What the object must have, where that is not `function`."""


@dataclass(frozen=True, slots=True)
class Reading:
    """An endpoint that tells a status."""

    kind: Kind
    function: Function


@dataclass(frozen=True, slots=True)
class TelegramType:
    """An endpoint that sends a KNX telegram."""

    low: float
    high: float
    decimal: bool = False


SERVER_STATUS = "system/serverStatus"

COMMANDS = {
    "power": Command(Kind.LIGHT, Function.POWER),
    "powerlevel": Command(Kind.LIGHT, Function.LEVEL, high=100),
    "updown": Command(Kind.BLIND),
    "stop": Command(Kind.BLIND, low=1),
    "heightlevel": Command(Kind.BLIND, Function.HEIGHT, high=100),
    "blindstep": Command(Kind.BLIND, needs=Function.ANGLE),
    "blindangle": Command(Kind.BLIND, Function.ANGLE, high=100),
    "setvalue": Command(Kind.ANALOG, Function.VALUE, decimal=True),
    "setpoint": Command(Kind.THERMOSTAT, Function.SETPOINT, decimal=True),
    "tempmode": Command(Kind.THERMOSTAT, Function.MODE, high=3),
    "chronoen": Command(Kind.THERMOSTAT, Function.CHRONO),
    "hvacpower": Command(Kind.HVAC, Function.POWER),
    "hvacsetpoint": Command(Kind.HVAC, Function.SETPOINT, decimal=True),
    "hvacmode": Command(Kind.HVAC, Function.MODE, high=4),
    "hvacfan": Command(Kind.HVAC, Function.FAN, high=3),
    "scenelaunch": Command(Kind.SCENE),
    "trigger": Command(Kind.BUTTON, low=1),
}
READINGS = {
    "powerstatus": Reading(Kind.LIGHT, Function.POWER),
    "powerlevelstatus": Reading(Kind.LIGHT, Function.LEVEL),
    "heightlevelstatus": Reading(Kind.BLIND, Function.HEIGHT),
    "blindanglestatus": Reading(Kind.BLIND, Function.ANGLE),
    "getvalue": Reading(Kind.ANALOG, Function.VALUE),
    "actualtemp": Reading(Kind.THERMOSTAT, Function.TEMPERATURE),
    "setpointstatus": Reading(Kind.THERMOSTAT, Function.SETPOINT),
    "tempmodestatus": Reading(Kind.THERMOSTAT, Function.MODE),
    "chronoenstatus": Reading(Kind.THERMOSTAT, Function.CHRONO),
    "hvacpowerstatus": Reading(Kind.HVAC, Function.POWER),
    "hvacsetpointstatus": Reading(Kind.HVAC, Function.SETPOINT),
    "hvacmodestatus": Reading(Kind.HVAC, Function.MODE),
    "hvacfanstatus": Reading(Kind.HVAC, Function.FAN),
}
TELEGRAMS = {
    "system/sendKNXbit": TelegramType(0, 1),
    "system/sendKNX4bits": TelegramType(0, 31),
    "system/sendKNXbyte": TelegramType(0, 255),
    "system/sendKNXbyteun": TelegramType(-128, 127),
    "system/sendKNXfloat2bytes": TelegramType(-671088.64, 670760.96, decimal=True),
    "system/sendKNXfloat4bytes": TelegramType(-3.4e38, 3.4e38, decimal=True),
}
CONTROLLERS = frozenset({*COMMANDS, *READINGS, *TELEGRAMS, SERVER_STATUS})


def controllers_of(kind: Kind, functions: frozenset[Function]) -> set[str]:
    """Return the endpoints that an object with these functions can serve."""
    commands = {
        name
        for name, command in COMMANDS.items()
        if command.kind is kind
        and (command.needs or command.function or None) in {None, *functions}
    }
    return commands | {
        name
        for name, reading in READINGS.items()
        if reading.kind is kind and reading.function in functions
    }
