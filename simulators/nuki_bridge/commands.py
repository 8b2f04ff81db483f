"""What the control interface can do to a bridge."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from .devices import SimLock, stamp

if TYPE_CHECKING:
    from simulators.control import JsonObject

    from .simulator import NukiBridgeSimulator

# Attributes of the simulator that POST /set may change, and their types.
SWITCHES: dict[str, type] = {
    "auth_enabled": bool,
    "bad_token_status": int,
    "callback_delay": float,
    "callbacks_duplicate": bool,
    "callbacks_lost": bool,
    "clock_skew": float,
    "gap": float,
    "move_seconds": float,
    "rssi_key": str,
    "server_connected": bool,
    "stale_cache": bool,
    "time_suffix": str,
    "token": str,
    "token_rejected": bool,
    "wlan_connected": bool,
}

# Fields of a device that POST /lock may change, and their types; the last may also be null.
_FIELDS: dict[str, tuple[type, ...]] = {
    "name": (str,),
    "device_type": (int,),
    "state": (int,),
    "mode": (int,),
    "rssi": (int,),
    "offline_status": (int,),
    "battery_critical": (bool,),
    "paired": (bool,),
    "knob": (bool,),
    "offline": (bool,),
    "deaf": (bool,),
    "uncalibrated": (bool,),
    "jam_next": (bool,),
    "stuck": (bool,),
    "has_last_known_state": (bool,),
    "firmware": (str, type(None)),
    "battery_charging": (bool, type(None)),
    "battery_charge": (int, type(None)),
    "keypad_battery_critical": (bool, type(None)),
    "door_state": (int, type(None)),
}


def add_commands(simulator: NukiBridgeSimulator) -> None:
    """Offer the commands of a bridge on its control interface."""
    commands = _Commands(simulator)
    simulator.control.commands |= {
        "button": commands.button,
        "ring": commands.ring,
        "door": commands.door,
        "turn": commands.turn,
        "lock": commands.lock,
        "add_lock": commands.add_lock,
        "remove_lock": commands.remove_lock,
        "set": commands.set,
        "fail": commands.fail,
        "reboot": commands.reboot,
        "callbacks": commands.callbacks,
    }


def describe_lock(lock: SimLock) -> dict[str, Any]:
    """Return a device as JSON can hold it."""
    times = {
        name: None if (moment := getattr(lock, name)) is None else stamp(moment)
        for name in ("ring_at", "known_at")
    }
    return asdict(lock) | times | {"state_name": lock.state_name}


class _Commands:
    """The commands; each takes the JSON body of its request."""

    def __init__(self, simulator: NukiBridgeSimulator) -> None:
        self._simulator = simulator

    async def button(self, _: JsonObject) -> None:
        """Press the button."""
        self._simulator.press_button()

    async def ring(self, body: JsonObject) -> None:
        """Ring the bell: nuki_id."""
        self._simulator.ring(body["nuki_id"])

    async def door(self, body: JsonObject) -> None:
        """Open or close a door: nuki_id, open."""
        if body["open"]:
            self._simulator.open_door(body["nuki_id"])
        else:
            self._simulator.close_door(body["nuki_id"])

    async def turn(self, body: JsonObject) -> None:
        """Turn a lock by hand: nuki_id, state."""
        self._simulator.turn_by_hand(body["nuki_id"], int(body["state"]))

    async def lock(self, body: JsonObject) -> JsonObject:
        """Change fields of a device: nuki_id and the fields."""
        lock = self._simulator.locks[body.pop("nuki_id")]
        _check(body)
        for name, value in body.items():
            setattr(lock, name, value)
        return {"lock": describe_lock(lock)}

    async def add_lock(self, body: JsonObject) -> JsonObject:
        """Add a device: nuki_id, name and fields."""
        nuki_id, name = int(body.pop("nuki_id")), str(body.pop("name"))
        _check(body)
        return {"lock": describe_lock(self._simulator.add_lock(nuki_id, name, **body))}

    async def remove_lock(self, body: JsonObject) -> None:
        """Remove a device: nuki_id."""
        self._simulator.remove_lock(body["nuki_id"])

    async def set(self, body: JsonObject) -> None:
        """Change attributes of the bridge."""
        changes = {}
        for name, value in body.items():
            kind = SWITCHES[name]
            if isinstance(value, bool) is not (kind is bool):
                raise TypeError(f"{name} must be of type {kind.__name__}")
            changes[name] = kind(value)
        for name, value in changes.items():
            setattr(self._simulator, name, value)

    async def fail(self, body: JsonObject) -> None:
        """Answer `success: false`: path, times."""
        self._simulator.fail_next(body["path"], body.get("times", 1))

    async def reboot(self, _: JsonObject) -> None:
        """Restart the bridge."""
        await self._simulator.reboot()

    async def callbacks(self, _: JsonObject) -> JsonObject:
        """Return the slots and all attempts to deliver."""
        simulator = self._simulator
        posts = [asdict(post) for post in simulator.callback_posts]
        return {"slots": simulator.callbacks.urls, "posts": posts}


def _check(fields: JsonObject) -> None:
    for name, value in fields.items():
        kinds = _FIELDS[name]
        if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
            raise TypeError(f"{name} has a wrong type")
