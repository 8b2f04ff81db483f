"""The project that runs on the server, and what the installer does to it."""

from collections.abc import Iterable

from .controllers import COMMANDS, READINGS, Function, Kind
from .devices import Device
from .hands import Hands
from .status import ServerStatus

_BEGIN: dict[Function, float] = {
    Function.TEMPERATURE: 20.0,
    Function.SETPOINT: 21.5,
    Function.VALUE: 0.0,
}


class Project(Hands):
    """Objects come and go, and are out of somebody's reach."""

    server: ServerStatus
    restricted: set[str]
    """GUIDs that the user may not reach; they are answered like unknown ones."""

    @property
    def readable(self) -> list[tuple[str, str]]:
        """Return (GUID, endpoint) of everything that can be read."""
        return [
            (device.guid, controller)
            for device in self.plant.devices.values()
            for controller in READINGS
            if controller in device.controllers
        ]

    def add_device(
        self,
        kind: Kind | str,
        functions: Iterable[Function | str] | None = None,
        *,
        guid: str | None = None,
        name: str = "",
        area: str = "",
    ) -> Device:
        """Put another object into the project, by default one that can all that its kind can."""
        self.settle()
        kind = Kind(kind)
        own = {reading.function for reading in READINGS.values() if reading.kind is kind}
        wanted = own if functions is None else {Function(function) for function in functions}
        if not wanted <= own:
            raise ValueError(f"no {kind} has {', '.join(sorted(wanted - own))}")
        values = {function: _BEGIN.get(function, 0) for function in Function if function in wanted}
        if kind is Kind.THERMOSTAT and Function.MODE in values:
            values[Function.MODE] = 1
        return self.plant.add(kind, values, name=name, area=area, guid=guid)

    def draw_again(self, guid: str, twin: str | None = None) -> str:
        """Draw an object a second time, with the same comm_obj; return its second GUID."""
        self.settle()
        return self.plant.draw_again(guid, twin)

    def remove_device(self, guid: str) -> None:
        """Take an object out of the project."""
        self.settle()
        self.plant.remove([guid])

    def restrict(self, guid: str, restricted: bool = True) -> None:
        """Take the user's access to an object away, or give it back."""
        if self.plant.find(guid) is None:
            raise KeyError(guid)
        (self.restricted.add if restricted else self.restricted.discard)(guid)

    def silence(self, guid: str, silent: bool = True) -> None:
        """Let the actuator of an object confirm nothing any more."""
        self.device(guid).silent = silent

    def redeploy(
        self, remove: int | Iterable[str] = 0, add: int = 0, *, rebuild: bool = False
    ) -> tuple[list[str], list[str]]:
        """Bring another configuration into force; return the GUIDs that are gone and new.

        `remove` is a number of objects or their GUIDs, `add` a number of new lights; a project that
        was built anew gives every object another GUID.
        """
        self.settle()
        if isinstance(remove, int):
            remove = self.plant.chance.sample(list(self.plant.devices), remove)
        gone = self.plant.remove(remove)
        pairs = self.plant.rename() if rebuild else []
        gone += [old for old, _ in pairs]
        new = [guid for _, guid in pairs]
        new += [self.add_device(Kind.LIGHT).guid for _ in range(add)]
        self.server.deployed()
        return gone, new


def example(controller: str) -> str:
    """Return the parameters with which the server's page shows an endpoint."""
    if controller in READINGS:
        return ""
    return "&val=50" if controller == "heightlevel" else "&cmd=1"


def shown(device: Device) -> list[str]:
    """Return the endpoints of an object in the order of the server's page."""
    return [name for name in (*COMMANDS, *READINGS) if name in device.controllers]
