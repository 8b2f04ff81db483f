"""The API's controllers: what can be read and commanded, in which range, and how often it changes.

Source: the vendor's description "Thinknx Integration Kit", chapter "API URLs" (2022-09-06).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from .values import ValueKind


class Kind(StrEnum):
    """What a GUID stands for."""

    LIGHT = "light"
    COVER = "cover"
    THERMOSTAT = "thermostat"
    HVAC = "hvac"
    ANALOG = "analog"
    SCENE = "scene"
    BUTTON = "button"


class Aspect(StrEnum):
    """Something of a device that can be read."""

    POWER = "power"
    LEVEL = "powerlevel"
    HEIGHT = "heightlevel"
    ANGLE = "blindangle"
    VALUE = "value"
    ACTUAL = "actualtemp"
    SETPOINT = "setpoint"
    MODE = "tempmode"
    CHRONO = "chronoen"
    HVAC_POWER = "hvacpower"
    HVAC_SETPOINT = "hvacsetpoint"
    HVAC_MODE = "hvacmode"
    HVAC_FAN = "hvacfan"


@dataclass(frozen=True, slots=True)
class Status:
    """How an aspect is read, and how old its value may usually get, in seconds."""

    controller: str
    kind: ValueKind
    age: float
    codes: int = 0


# Slats turn when the blind moves, and are looked at then; hardly ever do they turn alone.
STATUSES: Final[Mapping[Aspect, Status]] = {
    Aspect.POWER: Status("powerstatus", ValueKind.SWITCH, 5),
    Aspect.LEVEL: Status("powerlevelstatus", ValueKind.SHARE, 15),
    Aspect.HEIGHT: Status("heightlevelstatus", ValueKind.SHARE, 10),
    Aspect.ANGLE: Status("blindanglestatus", ValueKind.SHARE, 60),
    Aspect.VALUE: Status("getvalue", ValueKind.NUMBER, 45),
    Aspect.ACTUAL: Status("actualtemp", ValueKind.NUMBER, 45),
    Aspect.SETPOINT: Status("setpointstatus", ValueKind.NUMBER, 30),
    Aspect.MODE: Status("tempmodestatus", ValueKind.CODE, 30, 4),
    Aspect.CHRONO: Status("chronoenstatus", ValueKind.SWITCH, 90),
    Aspect.HVAC_POWER: Status("hvacpowerstatus", ValueKind.SWITCH, 15),
    Aspect.HVAC_SETPOINT: Status("hvacsetpointstatus", ValueKind.NUMBER, 30),
    Aspect.HVAC_MODE: Status("hvacmodestatus", ValueKind.CODE, 30, 5),
    Aspect.HVAC_FAN: Status("hvacfanstatus", ValueKind.CODE, 30, 4),
}


class Command(StrEnum):
    """Something that a device can be told; the name of the controller."""

    POWER = "power"
    LEVEL = "powerlevel"
    UPDOWN = "updown"
    STOP = "stop"
    HEIGHT = "heightlevel"
    STEP = "blindstep"
    ANGLE = "blindangle"
    VALUE = "setvalue"
    SETPOINT = "setpoint"
    MODE = "tempmode"
    CHRONO = "chronoen"
    HVAC_POWER = "hvacpower"
    HVAC_SETPOINT = "hvacsetpoint"
    HVAC_MODE = "hvacmode"
    HVAC_FAN = "hvacfan"
    SCENE = "scenelaunch"
    TRIGGER = "trigger"


@dataclass(frozen=True, slots=True)
class Order:
    """How something is commanded.

    What merges is a state: of several that wait the last one counts, and one that the server was
    too busy for may be sent again. What does not is an act of its own.
    """

    kind: Kind
    low: float = 0
    high: float = 1
    whole: bool = True
    parameter: str = "cmd"
    aspect: Aspect | None = None
    feedback: bool = False
    merges: bool = False


def _state(
    kind: Kind,
    aspect: Aspect,
    high: float = 1,
    *,
    low: float = 0,
    whole: bool = True,
    parameter: str = "cmd",
    feedback: bool = True,
) -> Order:
    return Order(kind, low, high, whole, parameter, aspect, feedback, merges=True)


ANY: Final = 1e9

# A blind that moves would hold its reply until it has arrived, so it is not asked for feedback.
ORDERS: Final[Mapping[Command, Order]] = {
    Command.POWER: _state(Kind.LIGHT, Aspect.POWER),
    Command.LEVEL: _state(Kind.LIGHT, Aspect.LEVEL, 100),
    Command.UPDOWN: Order(Kind.COVER),
    Command.STOP: Order(Kind.COVER, low=1),
    Command.HEIGHT: _state(Kind.COVER, Aspect.HEIGHT, 100, parameter="val", feedback=False),
    Command.STEP: Order(Kind.COVER),
    Command.ANGLE: _state(Kind.COVER, Aspect.ANGLE, 100, feedback=False),
    Command.VALUE: _state(Kind.ANALOG, Aspect.VALUE, ANY, low=-ANY, whole=False),
    Command.SETPOINT: _state(Kind.THERMOSTAT, Aspect.SETPOINT, ANY, low=-ANY, whole=False),
    Command.MODE: _state(Kind.THERMOSTAT, Aspect.MODE, 3),
    Command.CHRONO: _state(Kind.THERMOSTAT, Aspect.CHRONO),
    Command.HVAC_POWER: _state(Kind.HVAC, Aspect.HVAC_POWER),
    Command.HVAC_SETPOINT: _state(Kind.HVAC, Aspect.HVAC_SETPOINT, ANY, low=-ANY, whole=False),
    Command.HVAC_MODE: _state(Kind.HVAC, Aspect.HVAC_MODE, 4),
    Command.HVAC_FAN: _state(Kind.HVAC, Aspect.HVAC_FAN, 3),
    Command.SCENE: Order(Kind.SCENE),
    Command.TRIGGER: Order(Kind.BUTTON, low=1),
}

# Which kind of device each controller of a copied address belongs to.
KINDS: Final[Mapping[str, Kind]] = {
    **{command: order.kind for command, order in ORDERS.items()},
    "powerstatus": Kind.LIGHT,
    "powerlevelstatus": Kind.LIGHT,
    "heightlevelstatus": Kind.COVER,
    "blindanglestatus": Kind.COVER,
    "getvalue": Kind.ANALOG,
    "actualtemp": Kind.THERMOSTAT,
    "setpointstatus": Kind.THERMOSTAT,
    "tempmodestatus": Kind.THERMOSTAT,
    "chronoenstatus": Kind.THERMOSTAT,
    "hvacpowerstatus": Kind.HVAC,
    "hvacsetpointstatus": Kind.HVAC,
    "hvacmodestatus": Kind.HVAC,
    "hvacfanstatus": Kind.HVAC,
}

# What may be readable of each kind, the telling one first.
ASPECTS: Final[Mapping[Kind, tuple[Aspect, ...]]] = {
    Kind.LIGHT: (Aspect.POWER, Aspect.LEVEL),
    Kind.COVER: (Aspect.HEIGHT, Aspect.ANGLE),
    Kind.THERMOSTAT: (Aspect.ACTUAL, Aspect.SETPOINT, Aspect.MODE, Aspect.CHRONO),
    Kind.HVAC: (Aspect.HVAC_POWER, Aspect.HVAC_SETPOINT, Aspect.HVAC_MODE, Aspect.HVAC_FAN),
    Kind.ANALOG: (Aspect.VALUE,),
    Kind.SCENE: (),
    Kind.BUTTON: (),
}


class Dpt(StrEnum):
    """Data point types of telegrams."""

    DPT_1 = "1"
    DPT_2 = "2"
    DPT_3 = "3"
    DPT_5 = "5"
    DPT_6 = "6"
    DPT_9 = "9"
    DPT_14 = "14"


@dataclass(frozen=True, slots=True)
class Telegram:
    """How a value is put on the bus."""

    controller: str
    low: float
    high: float
    whole: bool = True


# DPT 3 has a control bit and three of steps: 16 to 31, which the description allows, is none.
TELEGRAMS: Final[Mapping[Dpt, Telegram]] = {
    Dpt.DPT_1: Telegram("system/sendKNXbit", 0, 1),
    Dpt.DPT_2: Telegram("system/sendKNX4bits", 0, 3),
    Dpt.DPT_3: Telegram("system/sendKNX4bits", 0, 15),
    Dpt.DPT_5: Telegram("system/sendKNXbyte", 0, 255),
    Dpt.DPT_6: Telegram("system/sendKNXbyteun", -128, 127),
    Dpt.DPT_9: Telegram("system/sendKNXfloat2bytes", -671088.64, 670760.96, whole=False),
    Dpt.DPT_14: Telegram("system/sendKNXfloat4bytes", -3.4028235e38, 3.4028235e38, whole=False),
}
SERVER_STATUS: Final = "system/serverStatus"

_SUBJECTS: Final[Mapping[str, str]] = {
    "server": SERVER_STATUS,
    **{command.lower(): order.aspect or command for command, order in ORDERS.items()},
    **{
        status.controller.lower().removesuffix("status"): aspect
        for aspect, status in STATUSES.items()
    },
    **{
        controller.rpartition("/")[2].lower(): controller
        for controller in {telegram.controller for telegram in TELEGRAMS.values()}
    },
}


def subject_of(controller: str) -> str | None:
    """Return what a controller is about, in whatever spelling; None if it is not known."""
    name = controller.strip().strip("/").rpartition("/")[2]
    return _SUBJECTS.get(name.lower().removesuffix("status"))
