"""The plant: objects, the bus between server and actuators, and time.

What the server tells about an object is what it last heard from the bus. A command therefore
changes nothing before its confirmation has come, 0.05 to 0.8 s later; how long that takes in
reality nobody has published.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from random import Random

from .actuators import Actuators
from .agenda import Agenda, Appointment
from .building import Building
from .controllers import Function, Kind
from .devices import Analog, Blind, Device, Light, Macro, Pending, Thermostat, make_guid
from .life import Life

BUS_SECONDS = (0.05, 0.8)

_CLASSES: dict[Kind, type[Device]] = {
    Kind.LIGHT: Light,
    Kind.BLIND: Blind,
    Kind.THERMOSTAT: Thermostat,
    Kind.ANALOG: Analog,
    Kind.SCENE: Macro,
    Kind.BUTTON: Macro,
}


@dataclass(frozen=True, slots=True)
class Change:
    """A value that the server now tells otherwise than before, or a blind that has arrived."""

    at: float
    guid: str
    function: Function
    value: float
    moving: bool
    """Whether it is a height on the way."""


class Plant:
    """All objects of a project; `settle` brings them up to the present."""

    def __init__(
        self,
        seed: int,
        start: datetime,
        *,
        bus_seconds: tuple[float, float] = BUS_SECONDS,
        activity: float = 1.0,
    ) -> None:
        """Build the plant of a seed; `start` is the local time of second 0."""
        self.start = start
        self.now = 0.0
        self.bus_seconds = bus_seconds
        self.activity = activity
        """How much more often than usual people touch something; 0: never."""
        self.alive = True
        """Whether anything happens that nobody has ordered."""
        self.level_off_zero = True
        """Whether a dimmer that is off tells 0 rather than the level to which it comes back."""
        self.report_seconds = 1.0
        """How often a moving blind tells its height; 0: only at the end."""
        self.hvac_needs_power = False
        """Whether an HVAC unit that is off refuses everything else."""
        self.listeners: list[Callable[[Change], None]] = []
        self.stirred: Callable[[], None] = lambda: None
        """Is called when something was planned or has happened."""
        self._bus = Random(f"thinknx:bus:{seed}")  # noqa: S311
        building = Building(seed)
        self.devices: dict[str, Device] = {device.guid: device for device in building.devices}
        self.groups = building.groups
        self.twins: dict[str, str] = {}
        """GUIDs of objects that are drawn a second time, and the first GUID of each."""
        self.agenda = Agenda()
        self.actuators = Actuators(self)
        self.life = Life(self, seed)
        self.chance = Random(f"thinknx:more:{seed}")  # noqa: S311
        """Of what the installer does."""

    @property
    def local(self) -> datetime:
        """Return what the clock on the wall shows."""
        return self.start + timedelta(seconds=self.now)

    def settle(self, now: float) -> None:
        """Let everything happen that was due by now."""
        happened = False
        while (taken := self.agenda.pop(now)) is not None:
            self.now = max(self.now, taken[0])
            taken[1].happen()
            happened = True
        self.now = max(self.now, now)
        if happened:
            self.stirred()

    def after(self, seconds: float, happen: Callable[[], None]) -> Appointment:
        """Plan something."""
        appointment = self.agenda.add(self.now + seconds, happen)
        self.stirred()
        return appointment

    def find(self, guid: str) -> Device | None:
        """Return the object of a GUID."""
        return self.devices.get(self.twins.get(guid, guid))

    def of_kind(self, kind: Kind) -> list[Device]:
        """Return all objects of a kind."""
        return [device for device in self.devices.values() if device.kind is kind]

    def put(
        self, device: Device, function: Function, value: float, *, moving: bool = False
    ) -> None:
        """Let the server hear a value; one that the object does not have is lost."""
        if function not in device.values:
            return
        before = device.shown(function)
        device.values[function] = value
        shown = device.shown(function)
        arrived = function is Function.HEIGHT and not moving
        if shown == before and not arrived:
            return
        change = Change(self.now, device.guid, function, shown, moving)
        for listener in list(self.listeners):
            listener(change)

    def command(self, device: Device, controller: str, value: float) -> Pending:
        """Send a command over the bus."""
        pending = Pending()
        due = max(self.now + self._bus.uniform(*self.bus_seconds), device.busy_until)
        device.busy_until = due
        if device.silent:
            return pending
        act = partial(self.actuators.act, device, controller, value, pending)
        if due > self.now:
            self.after(due - self.now, act)
        else:
            act()
            self.stirred()
        return pending

    def refuses(self, device: Device, controller: str) -> bool:
        """Return whether an object cannot carry out a command at present."""
        if not self.hvac_needs_power or device.kind is not Kind.HVAC:
            return False
        return controller != "hvacpower" and not device.values.get(Function.POWER, 1)

    def add(
        self,
        kind: Kind,
        values: dict[Function, float],
        *,
        name: str = "",
        area: str = "",
        guid: str | None = None,
    ) -> Device:
        """Put another object into the project."""
        made = make_guid(self.chance) if guid is None else guid
        if self.find(made) is not None:
            raise ValueError("there is an object with this GUID")
        number = max((device.comm_obj for device in self.devices.values()), default=0) + 1
        maker = _CLASSES.get(kind, Device)
        device = maker(made, kind, name or f"{kind} {number}", area, number, dict(values))
        self.devices[made] = device
        self.life.begin(device)
        return device

    def draw_again(self, guid: str, twin: str | None = None) -> str:
        """Draw an object a second time and return its second GUID."""
        if (device := self.find(guid)) is None:
            raise KeyError(guid)
        made = make_guid(self.chance) if twin is None else twin
        if self.find(made) is not None:
            raise ValueError("there is an object with this GUID")
        self.twins[made] = device.guid
        return made

    def remove(self, guids: Iterable[str]) -> list[str]:
        """Take objects out of the project; return their GUIDs."""
        gone = list(guids)
        if unknown := [guid for guid in gone if self.find(guid) is None]:
            raise KeyError(unknown[0])
        for guid in gone:
            self.twins.pop(guid, None)
            if (device := self.devices.pop(guid, None)) is not None:
                self.actuators.abandon(device)
                for twin in [twin for twin, first in self.twins.items() if first == guid]:
                    del self.twins[twin]
        self.stirred()
        return gone

    def rename(self) -> list[tuple[str, str]]:
        """Give every object another GUID, as a rebuilt project has; return old and new ones."""
        pairs = [(guid, make_guid(self.chance)) for guid in self.devices]
        names = dict(pairs)
        for device in self.devices.values():
            device.guid = names[device.guid]
            if isinstance(device, Macro):
                device.steps = tuple(
                    replace(step, guid=names.get(step.guid, step.guid)) for step in device.steps
                )
        self.devices = {device.guid: device for device in self.devices.values()}
        self.groups = {
            address: replace(group, guid=names.get(group.guid, group.guid))
            for address, group in self.groups.items()
        }
        self.twins.clear()
        return pairs
