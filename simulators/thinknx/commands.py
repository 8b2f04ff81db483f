"""What the control interface can do to a server."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from .answers import ERRORS, IMPOSSIBLE, NOT_FOUND
from .controllers import CONTROLLERS, Function
from .devices import Device
from .styles import (
    Algorithm,
    Auth,
    HeightParameter,
    NonceCount,
    Offer,
    RetryAfter,
    Spelling,
    StatusFormat,
    TriggerCommand,
    UptimeStyle,
)

if TYPE_CHECKING:
    from simulators.control import JsonObject

    from .simulator import ThinknxSimulator

# Attributes of the simulator that POST /set may change, and their types.
SWITCHES: dict[str, type] = {
    "alive": bool,
    "auth": Auth,
    "bad_credentials_status": int,
    "challenge_status": int,
    "comm_obj_text": bool,
    "content_type": str,
    "digest_algorithm": Algorithm,
    "digest_qop": str,
    "errors_as_200": bool,
    "errors_as_html": bool,
    "fb_answered": bool,
    "fb_status": bool,
    "group_suffix": bool,
    "height_parameter": HeightParameter,
    "keep_alive": bool,
    "key": str,
    "key_accepted": bool,
    "lockout_after": int,
    "lockout_seconds": float,
    "missing_comma": bool,
    "nonce_count": NonceCount,
    "nonce_requests": int,
    "nonce_seconds": float,
    "offer": Offer,
    "password": str,
    "password_accepted": bool,
    "rate_burst": int,
    "rate_limit": float,
    "realm": str,
    "realm_changes": bool,
    "retry_after": RetryAfter,
    "retry_after_seconds": float,
    "service_seconds": float,
    "spelling": Spelling,
    "status_format": StatusFormat,
    "strict_fb": bool,
    "trigger_command": TriggerCommand,
    "unsupported_error": str,
    "uptime_style": UptimeStyle,
    "username": str,
    "wrong_guid": bool,
    "wrong_namespace": bool,
}
# The same of its plant.
PLANT_SWITCHES: dict[str, type] = {
    "activity": float,
    "hvac_needs_power": bool,
    "level_off_zero": bool,
    "report_seconds": float,
}
_FEW = {"digest_qop": {"", "auth"}, "unsupported_error": {IMPOSSIBLE, NOT_FOUND}}


def add_commands(simulator: ThinknxSimulator) -> None:
    """Offer the commands of a server on its control interface."""
    commands = _Commands(simulator)
    names = (
        *("set", "bus", "format", "error_status", "server"),
        *("light", "blind", "analog", "thermostat", "hvac", "value"),
        *("trick", "clear_tricks", "restrict", "silence", "endpoints"),
        *("add_device", "remove_device", "draw_again", "redeploy", "restart"),
        *("poke", "unlock", "forget_nonces"),
    )
    simulator.control.commands |= {name: getattr(commands, name) for name in names}
    simulator.control.pages |= {
        "devices": lambda: _devices(simulator),
        "groups": lambda: {key: asdict(group) for key, group in simulator.plant.groups.items()},
        "urls": lambda: {"urls": simulator.kit_urls()},
        "pokes": lambda: {"pokes": [asdict(poke) for poke in simulator.pokes]},
    }


def describe_switches(simulator: ThinknxSimulator) -> dict[str, Any]:
    """Return all switches as JSON can hold them; secrets are among the credentials."""
    hidden = {"password", "key"}
    return {
        **{name: getattr(simulator, name) for name in SWITCHES if name not in hidden},
        **{name: getattr(simulator.plant, name) for name in PLANT_SWITCHES},
        "bus_seconds": simulator.plant.bus_seconds,
        "formats": simulator.formats,
        "error_statuses": simulator.error_statuses,
    }


def describe_device(device: Device) -> dict[str, Any]:
    """Return an object as JSON can hold it."""
    return {
        "guid": device.guid,
        "kind": device.kind,
        "name": device.name,
        "area": device.area,
        "comm_obj": device.comm_obj,
        "values": {function: device.shown(function) for function in device.values},
        "controllers": sorted(device.controllers),
        "silent": device.silent,
    }


def _devices(simulator: ThinknxSimulator) -> JsonObject:
    simulator.settle()
    return {"devices": [describe_device(device) for device in simulator.plant.devices.values()]}


class _Commands:
    """The commands; each takes the JSON body of its request."""

    def __init__(self, simulator: ThinknxSimulator) -> None:
        self._simulator = simulator

    async def set(self, body: JsonObject) -> None:
        """Change attributes of the simulator and of its plant."""
        changes = []
        for name, value in body.items():
            owner: Any = self._simulator.plant if name in PLANT_SWITCHES else self._simulator
            kind = (PLANT_SWITCHES | SWITCHES)[name]
            changes.append((owner, name, _typed(name, value, kind)))
        self._simulator.settle()
        for owner, name, value in changes:
            setattr(owner, name, value)

    async def bus(self, body: JsonObject) -> None:
        """Say how long the bus takes: shortest, longest."""
        shortest, longest = float(body["shortest"]), float(body["longest"])
        if not 0 <= shortest <= longest:
            raise ValueError("shortest must not be above longest")
        self._simulator.plant.bus_seconds = (shortest, longest)

    async def format(self, body: JsonObject) -> None:
        """Let one endpoint write its status in a way of its own: controller, format or null."""
        controller = _one_of(body["controller"], CONTROLLERS)
        if (wanted := body["format"]) is None:
            self._simulator.formats.pop(controller, None)
        else:
            self._simulator.formats[controller] = StatusFormat(wanted)

    async def error_status(self, body: JsonObject) -> None:
        """Say which HTTP status goes with an error: error, status."""
        self._simulator.error_statuses[_one_of(body["error"], ERRORS)] = _status(body["status"])

    async def server(self, body: JsonObject) -> None:
        """Change what the server tells of itself: version, connected_clients, pbx_users."""
        server = self._simulator.server
        if unknown := body.keys() - {"version", "connected_clients", "pbx_users"}:
            raise KeyError(unknown.pop())
        clients = body.get("connected_clients", server.connected_clients)
        server.connected_clients = None if clients is None else int(clients)
        server.version = str(body.get("version", server.version))
        server.pbx_users = [str(user) for user in body.get("pbx_users", server.pbx_users)]

    async def light(self, body: JsonObject) -> None:
        """Press a wall switch: guid, on, level."""
        self._simulator.set_light(**body)

    async def blind(self, body: JsonObject) -> None:
        """Move a blind: guid, to; stop it: guid, stop; or put it: guid, height, angle."""
        guid = body.pop("guid")
        if body.pop("stop", False):
            self._simulator.stop_blind(guid)
        elif "to" in body:
            self._simulator.move_blind(guid, _percent(body["to"]))
        else:
            self._simulator.set_blind(guid, **{key: _percent(body[key]) for key in body})

    async def analog(self, body: JsonObject) -> None:
        """Set an analog value: guid, value."""
        self._simulator.set_analog(body["guid"], float(body["value"]))

    async def thermostat(self, body: JsonObject) -> None:
        """Change a thermostat: guid, temperature, setpoint, mode, chrono."""
        self._simulator.set_thermostat(**body)

    async def hvac(self, body: JsonObject) -> None:
        """Change an HVAC unit: guid, power, setpoint, mode, fan."""
        self._simulator.set_hvac(**body)

    async def value(self, body: JsonObject) -> None:
        """Set any value: guid, function, value."""
        self._simulator.set_value(body["guid"], Function(body["function"]), float(body["value"]))

    async def trick(self, body: JsonObject) -> None:
        """Let a trick wait: kind and the fields of `Trick`."""
        self._simulator.trick(body.pop("kind"), **body)

    async def clear_tricks(self, _: JsonObject) -> None:
        """Forget all tricks."""
        self._simulator.tricks.clear()

    async def restrict(self, body: JsonObject) -> None:
        """Take access to an object away, or give it back: guid, restricted."""
        self._simulator.restrict(body["guid"], bool(body.get("restricted", True)))

    async def silence(self, body: JsonObject) -> None:
        """Let an actuator confirm nothing, or speak again: guid, silent."""
        self._simulator.silence(body["guid"], bool(body.get("silent", True)))

    async def endpoints(self, body: JsonObject) -> None:
        """Say which endpoints an object serves: guid, controllers."""
        device = self._simulator.device(body["guid"])
        wanted = {_one_of(name, CONTROLLERS) for name in body["controllers"]}
        device.controllers = wanted

    async def add_device(self, body: JsonObject) -> JsonObject:
        """Put an object into the project: kind, functions, guid, name, area."""
        return {"device": describe_device(self._simulator.add_device(**body))}

    async def remove_device(self, body: JsonObject) -> None:
        """Take an object out of the project: guid."""
        self._simulator.remove_device(body["guid"])

    async def draw_again(self, body: JsonObject) -> JsonObject:
        """Draw an object a second time: guid, twin."""
        return {"guid": self._simulator.draw_again(**body)}

    async def redeploy(self, body: JsonObject) -> JsonObject:
        """Bring another configuration into force: remove, add, rebuild."""
        gone, new = self._simulator.redeploy(**body)
        return {"gone": gone, "new": new}

    async def restart(self, body: JsonObject) -> None:
        """Restart the software, or all: down, reboot."""
        down = float(body.get("down", 0))
        await self._simulator.restart(down, reboot=bool(body.get("reboot")))

    async def poke(self, body: JsonObject) -> None:
        """Call an address on changes: url or null, posts, raw, everything, delay."""
        url = body.pop("url")
        kinds: dict[str, type] = {"posts": bool, "raw": bool, "everything": bool, "delay": float}
        for name, value in {name: _typed(name, body[name], kinds[name]) for name in body}.items():
            setattr(self._simulator.poker, name, value)
        self._simulator.set_poke(None if url is None else str(url))

    async def unlock(self, _: JsonObject) -> None:
        """Forget wrong credentials."""
        self._simulator.gate.unlock()

    async def forget_nonces(self, _: JsonObject) -> None:
        """Forget all nonces."""
        self._simulator.gate.digest.forget()


def _typed(name: str, value: Any, kind: type) -> Any:
    """Return a value in the type of its switch."""
    if isinstance(value, bool) is not (kind is bool):
        raise TypeError(f"{name} must be of type {kind.__name__}")
    if kind is str and not isinstance(value, str):
        raise TypeError(f"{name} must be a text")
    made = kind(value)
    if name.endswith("_status"):
        _status(made)
    if isinstance(made, int | float) and made < 0:
        raise ValueError(f"{name} must not be below 0")
    if name in _FEW and made not in _FEW[name]:
        raise ValueError(f"{name} must be one of {', '.join(sorted(_FEW[name]))}")
    return made


def _one_of(value: Any, allowed: Any) -> str:
    if value not in allowed:
        raise KeyError(value)
    return str(value)


def _status(value: Any) -> int:
    if type(value) is not int or not 200 <= value <= 599:
        raise ValueError("a status is from 200 to 599")
    return value


def _percent(value: Any) -> int:
    if type(value) is not int or not 0 <= value <= 100:
        raise ValueError("a whole number from 0 to 100 is wanted")
    return value
