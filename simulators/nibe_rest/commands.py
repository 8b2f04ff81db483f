"""What the control interface can do to a pump."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from .devices import SimDevice
from .writes import Answer, Behaviour, OutOfRange

if TYPE_CHECKING:
    from simulators.control import JsonObject

    from .simulator import NibeSimulator

# Attributes of the simulator that POST /set may change, and their types.
SWITCHES: dict[str, type] = {
    "address_refused": bool,
    "alarms_null": bool,
    "bad_credentials_status": int,
    "credentials_rejected": bool,
    "default_language": str,
    "delete_status": int,
    "delete_works": bool,
    "dump_latency": float,
    "keep_alive": bool,
    "latency": float,
    "mode_keys": str,
    "out_of_range": OutOfRange,
    "overlap_drops": bool,
    "password": str,
    "penalty_seconds": float,
    "read_only": bool,
    "single_wrapped": bool,
    "unknown_mode_key_status": int,
    "username": str,
    "value_key": str,
    "write_delay": float,
    "write_style": Answer,
}
_MODE_KEYS = frozenset({"spec", "lowercase", "both"})
_WRITE_STYLES = frozenset({Answer.MODIFIED, Answer.FULL, Answer.OLD})


def add_commands(simulator: NibeSimulator) -> None:
    """Offer the commands of a pump on its control interface."""
    commands = _Commands(simulator)
    simulator.control.commands |= {
        "value": commands.value,
        "live": commands.live,
        "hide": commands.hide,
        "show": commands.show,
        "behaviour": commands.behaviour,
        "alarm": commands.alarm,
        "clear_alarms": commands.clear_alarms,
        "outdoor": commands.outdoor,
        "change_share": commands.change_share,
        "firmware": commands.firmware,
        "add_device": commands.add_device,
        "restart": commands.restart,
        "renew_certificate": commands.renew_certificate,
        "set": commands.set,
    }
    simulator.control.pages["points"] = lambda: _points(simulator)


def describe_device(device: SimDevice) -> dict[str, Any]:
    """Return a device as JSON can hold it, without its points."""
    points = device.points.values()
    return device.as_json() | {
        "profile": device.profile,
        "firmware": f"{device.firmware[0]}.{device.firmware[1]}",
        "points": sum(point.active for point in points),
        "hidden": sorted(point.id for point in points if not point.active),
        "pinned": sorted(point.id for point in points if point.pinned),
        "alarms": [alarm.as_json() for alarm in device.alarms],
    }


def _points(simulator: NibeSimulator) -> JsonObject:
    """Return all points of the first device, hidden ones included."""
    simulator.settle()
    device = simulator.devices[0]
    return {
        str(point.id): {
            "title": point.title,
            "value": device.shown(point),
            "divisor": point.divisor,
            "unit": point.unit,
            "active": point.active,
        }
        for point in device.points.values()
    }


class _Commands:
    """The commands; each takes the JSON body of its request."""

    def __init__(self, simulator: NibeSimulator) -> None:
        self._simulator = simulator

    async def value(self, body: JsonObject) -> None:
        """Set raw values: an object of ids and values, and the device."""
        values = {int(number): _whole(raw) for number, raw in body["values"].items()}
        device = int(body.get("device", 0))
        self._known(values, device)
        for number, raw in values.items():
            self._simulator.set_value(number, raw, device)

    async def live(self, body: JsonObject) -> None:
        """Let readings follow the plant again: points."""
        for number in self._listed(body):
            self._simulator.let_live(number)

    async def hide(self, body: JsonObject) -> None:
        """Let points disappear: points."""
        for number in self._listed(body):
            self._simulator.hide(number)

    async def show(self, body: JsonObject) -> None:
        """Let points appear: points."""
        for number in self._listed(body):
            self._simulator.show(number)

    async def behaviour(self, body: JsonObject) -> None:
        """Say how a point takes a write: point and fields, or only point for the usual way."""
        number = int(body.pop("point"))
        self._known([number], 0)
        if not body:
            self._simulator.behaviour.pop(number, None)
            return
        if body.get("answer") is not None:
            body["answer"] = Answer(body["answer"])
        self._simulator.behaviour[number] = Behaviour(**body)

    async def alarm(self, body: JsonObject) -> JsonObject:
        """Raise an alarm: alarm_id, header, description, severity, equip_name, device."""
        alarm = self._simulator.add_alarm(
            _whole(body.pop("alarm_id")), str(body.pop("header")), **body
        )
        return {"alarm": alarm.as_json()}

    async def clear_alarms(self, _: JsonObject) -> None:
        """End all alarms."""
        self._simulator.clear_alarms()

    async def outdoor(self, body: JsonObject) -> None:
        """Hold the outdoor temperature: celsius, null for the weather's own."""
        celsius = body["celsius"]
        self._simulator.set_outdoor(None if celsius is None else float(celsius))

    async def change_share(self, body: JsonObject) -> None:
        """Let exactly a share of the points change per half minute: share or null."""
        share = body["share"]
        self._simulator.change_share = None if share is None else float(share)

    async def firmware(self, body: JsonObject) -> None:
        """Change the version of the main software: version."""
        self._simulator.set_firmware(str(body["version"]), int(body.get("device", 0)))

    async def add_device(self, body: JsonObject) -> JsonObject:
        """Put another device behind the host: profile, seed, serial, name."""
        return {"device": describe_device(self._simulator.add_device(**body))}

    async def restart(self, body: JsonObject) -> None:
        """Restart: down, partial, in seconds."""
        seconds = {name: float(body[name]) for name in ("down", "partial") if name in body}
        await self._simulator.restart(**seconds)

    async def renew_certificate(self, _: JsonObject) -> JsonObject:
        """Change the certificate."""
        self._simulator.renew_certificate()
        return {"fingerprint": self._simulator.fingerprint}

    async def set(self, body: JsonObject) -> None:
        """Change attributes of the simulator."""
        changes = {}
        for name, value in body.items():
            kind = SWITCHES[name]
            if isinstance(value, bool) is not (kind is bool):
                raise TypeError(f"{name} must be of type {kind.__name__}")
            changes[name] = kind(value)
        if changes.get("mode_keys", "both") not in _MODE_KEYS:
            raise ValueError(f"mode_keys must be one of {', '.join(sorted(_MODE_KEYS))}")
        if changes.get("write_style", Answer.FULL) not in _WRITE_STYLES:
            raise ValueError(f"write_style must be one of {', '.join(sorted(_WRITE_STYLES))}")
        for name, value in changes.items():
            setattr(self._simulator, name, value)

    def _listed(self, body: JsonObject) -> list[int]:
        numbers = [_whole(number) for number in body["points"]]
        self._known(numbers, 0)
        return numbers

    def _known(self, numbers: Iterable[int], device: int) -> None:
        for number in numbers:
            if number not in self._simulator.devices[device].points:
                raise KeyError(number)


def _whole(value: Any) -> int:
    if type(value) is not int:
        raise TypeError("a whole number is wanted")
    return value
