"""The objects of a project."""

from base64 import b64encode, urlsafe_b64encode
from dataclasses import dataclass, field
from enum import IntEnum
from random import Random
from typing import override

from .agenda import Appointment
from .controllers import MEASURED, SWITCHED, Function, Kind, controllers_of


class TempMode(IntEnum):
    """Modalities of a thermostat."""

    STANDBY = 0
    COMFORT = 1
    ECONOMY = 2
    PROTECTION = 3


SETPOINTS: dict[int, float] = {
    TempMode.STANDBY: 19.0,
    TempMode.COMFORT: 21.5,
    TempMode.ECONOMY: 17.5,
    TempMode.PROTECTION: 7.0,
}
"""Where the setpoint of each modality begins."""
LIMITS = {Kind.THERMOSTAT: (5.0, 40.0), Kind.HVAC: (16.0, 30.0)}
"""Between what a setpoint is held by the device itself."""


class Pending:
    """A command whose confirmation from the bus is awaited."""

    __slots__ = ("done",)

    def __init__(self) -> None:
        """Wait."""
        self.done = False


@dataclass(slots=True, eq=False)
class Device:
    """An object with the values that the server last heard from the bus."""

    guid: str
    kind: Kind
    name: str
    area: str
    comm_obj: int
    values: dict[Function, float]
    decimals: int = 1
    """Of measured values."""
    silent: bool = False
    """Whether the actuator never confirms anything, and so no status ever changes."""
    controllers: set[str] = field(init=False)
    """The endpoints that it serves."""
    busy_until: float = field(init=False, default=0.0)
    """When the last command that was sent reaches the actuator."""

    def __post_init__(self) -> None:
        """Serve what there are values for."""
        self.controllers = controllers_of(self.kind, frozenset(self.values))

    def shown(self, function: Function) -> float:
        """Return a value as the API shows it."""
        value = self.values[function]
        return round(value, self.decimals) if function in MEASURED else value

    def check(self, function: Function, value: float) -> float:
        """Return a value in the way it is kept; refuse what cannot be."""
        if function not in self.values:
            raise ValueError(f"{self.name} has no {function}")
        if function in SWITCHED and value not in {0, 1}:
            raise ValueError(f"{function} is 0 or 1")
        return float(value) if function in MEASURED else int(value)


@dataclass(slots=True, eq=False)
class Light(Device):
    """A light; one with a level can be dimmed."""

    last_level: float = 100
    """To which level it comes on."""


@dataclass(slots=True)
class Travel:
    """A movement of a blind or of its slats."""

    begun: float
    origin: float
    target: float
    seconds: float
    appointment: Appointment | None = None

    def where(self, now: float) -> float:
        """Return how far it has come."""
        share = min(1.0, (now - self.begun) / self.seconds) if self.seconds > 0 else 1.0
        return self.origin + share * (self.target - self.origin)

    def cancel(self) -> None:
        """Let it not arrive."""
        if self.appointment is not None:
            self.appointment.cancel()


@dataclass(slots=True, eq=False)
class Blind(Device):
    """A blind; one with an angle has slats. Height 0 is up, angle 0 is open."""

    travel_seconds: float = 40.0
    """From one end to the other."""
    turn_seconds: float = 1.5
    position: float = 0.0
    """Where it really is."""
    travel: Travel | None = None
    turn: Travel | None = None
    turn_later: float | None = None
    """Angle that the slats take when the movement is over."""
    waiting: list[Pending] = field(default_factory=list)
    """Commands that are confirmed when the movement is over."""

    @override
    def __post_init__(self) -> None:
        Device.__post_init__(self)
        self.position = self.values.get(Function.HEIGHT, self.position)


@dataclass(slots=True, eq=False)
class Thermostat(Device):
    """A thermostat; each modality has its own setpoint."""

    setpoints: dict[int, float] = field(default_factory=lambda: dict(SETPOINTS))
    program: tuple[tuple[int, int], ...] = ()
    """Minutes of the day from which a modality holds, for the chrono."""

    def planned(self, minute: int) -> int | None:
        """Return the modality that the program has for a minute of the day."""
        before = [mode for begin, mode in self.program if begin <= minute]
        if before:
            return before[-1]
        return self.program[-1][1] if self.program else None


@dataclass(slots=True, eq=False)
class Analog(Device):
    """A value from the bus; the step says how much it wavers, and 0 that it holds."""

    unit: str = ""
    middle: float = 0.0
    step: float = 0.0
    counts: bool = False
    """Only grows."""
    period: float = 30.0
    """Seconds between two telegrams."""


@dataclass(frozen=True, slots=True)
class Step:
    """One operation of a macro; `after` counts from the operation before."""

    guid: str
    controller: str
    value: float
    after: float = 0.0


@dataclass(slots=True, eq=False)
class Macro(Device):
    """A scene or a button: a list of operations."""

    steps: tuple[Step, ...] = ()
    toggles: bool = False
    """Switches lights to what they are not."""
    running: Appointment | None = None
    runs: int = 0
    """How often it was launched."""


def make_guid(random: Random, *, safe: bool = False) -> str:
    """Return 16 bytes as unpadded base64: with + and /, or with - and _."""
    encode = urlsafe_b64encode if safe else b64encode
    return encode(random.randbytes(16)).decode().rstrip("=")
