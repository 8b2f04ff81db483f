"""Smart Locks and Openers: their states, what they report and what they can do.

Sources: Bridge API 1.6 (2017), sections "Lock states", "Lock actions", /list, /lockState and
/callback; Bridge API 1.13.3 (2024), the same sections, for deviceType, mode, battery charge,
door sensor, keypad, ring and the tables of the Opener.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from typing import Any


class DeviceType(IntEnum):
    """Kinds of devices (Bridge API 1.13.3, "Device types")."""

    SMART_LOCK = 0
    OPENER = 2
    SMART_DOOR = 3
    SMART_LOCK_3 = 4


class Lock(IntEnum):
    """States of a Smart Lock (Bridge API 1.13.3, "Lock states")."""

    UNCALIBRATED = 0
    LOCKED = 1
    UNLOCKING = 2
    UNLOCKED = 3
    LOCKING = 4
    UNLATCHED = 5
    LOCK_N_GO = 6
    UNLATCHING = 7
    MOTOR_BLOCKED = 254


class Opener(IntEnum):
    """States of an Opener (Bridge API 1.13.3, "Lock states")."""

    UNTRAINED = 0
    ONLINE = 1
    RTO_ACTIVE = 3
    OPEN = 5
    OPENING = 7


class Mode(IntEnum):
    """Modes (Bridge API 1.13.3, "Modes")."""

    DOOR = 2
    CONTINUOUS = 3


class Door(IntEnum):
    """States of a door sensor (Bridge API 1.13.3, "Doorsensor states")."""

    DEACTIVATED = 1
    CLOSED = 2
    OPENED = 3
    UNKNOWN = 4


_LOCK_NAMES = {
    0: "uncalibrated",
    1: "locked",
    2: "unlocking",
    3: "unlocked",
    4: "locking",
    5: "unlatched",
    6: "unlocked (lock 'n' go)",
    7: "unlatching",
    254: "motor blocked",
    255: "undefined",
}
_OPENER_NAMES = {
    0: "untrained",
    1: "online",
    3: "rto active",
    5: "open",
    7: "opening",
    253: "boot run",
    255: "undefined",
}
_DOOR_NAMES = {
    1: "deactivated",
    2: "door closed",
    3: "door opened",
    4: "door state unknown",
    5: "calibrating",
    16: "uncalibrated",
    240: "removed",
    255: "unknown",
}

# What the bridge's log calls the actions.
LOCK_ACTIONS = {
    1: "unlock",
    2: "lock",
    3: "unlatch",
    4: "lock 'n' go",
    5: "lock 'n' go with unlatch",
}
OPENER_ACTIONS = {
    1: "activate rto",
    2: "deactivate rto",
    3: "electric strike actuation",
    4: "activate continuous mode",
    5: "deactivate continuous mode",
}

MOVING = frozenset({Lock.UNLOCKING, Lock.LOCKING, Lock.UNLATCHING})

# A charge of 20 % and less counts as critical; every tenth movement costs a step of 2 %.
_CRITICAL_PERCENT = 20
_MOVES_PER_STEP = 10
_STEP_PERCENT = 2


@dataclass(slots=True)
class SimLock:
    """One device as it really is, and what the bridge last heard of it.

    Fields that are None are absent from the answers.
    """

    nuki_id: int
    name: str
    device_type: int = DeviceType.SMART_LOCK
    firmware: str | None = "2.15.1"
    state: int = Lock.LOCKED
    mode: int = Mode.DOOR
    battery_critical: bool = False
    battery_charging: bool | None = False
    battery_charge: int | None = 84
    keypad_battery_critical: bool | None = None
    door_state: int | None = None
    ring_at: datetime | None = None
    ringing: bool = False
    rssi: int = -62
    paired: bool = True
    knob: bool = False
    """The outer side has a knob: the simple action /unlock pulls the latch."""
    offline: bool = False
    offline_status: int = 503
    """Answer while offline: 503, 410, or 200 for `success: false`."""
    deaf: bool = False
    """Takes no command, though the bridge accepts them with noWait."""
    uncalibrated: bool = False
    jam_next: bool = False
    """The next movement ends with a blocked motor."""
    stuck: bool = False
    """The bridge never hears of the end of a movement, until it asks by /lockState."""
    has_last_known_state: bool = True
    moves: int = 0
    known: dict[str, Any] = field(default_factory=dict)
    """What the bridge last heard."""
    known_at: datetime | None = None

    @property
    def is_opener(self) -> bool:
        """Return whether the device is an Opener."""
        return self.device_type == DeviceType.OPENER

    @property
    def hex_id(self) -> str:
        """Return the id as on the sticker and in the bridge's log."""
        return f"{self.nuki_id & 0xFFFFFFFF:08X}"

    @property
    def reported_state(self) -> int:
        """Return the state that the device itself reports."""
        return Lock.UNCALIBRATED if self.uncalibrated else self.state

    @property
    def is_moving(self) -> bool:
        """Return whether the motor runs."""
        return self.state in MOVING

    @property
    def actions(self) -> dict[int, str]:
        """Return the actions that the device knows."""
        return OPENER_ACTIONS if self.is_opener else LOCK_ACTIONS

    @property
    def state_name(self) -> str:
        """Return the name of the state."""
        names = _OPENER_NAMES if self.is_opener else _LOCK_NAMES
        return names.get(self.reported_state, "undefined")

    def wear(self) -> None:
        """Take a movement from the battery."""
        self.moves += 1
        if self.battery_charge is None or self.moves % _MOVES_PER_STEP:
            return
        self.battery_charge = max(0, self.battery_charge - _STEP_PERCENT)
        if self.battery_charge <= _CRITICAL_PERCENT:
            self.battery_critical = True

    def report(self, *, since_2019: bool) -> dict[str, Any]:
        """Return the flat state of /lockState and of callbacks.

        Before 2019 (Bridge API 1.6) there are only state, stateName and batteryCritical.
        """
        base = {
            "state": int(self.reported_state),
            "stateName": self.state_name,
            "batteryCritical": self.battery_critical,
        }
        if not since_2019:
            return base
        report: dict[str, Any] = {"mode": int(self.mode)} | base
        optional: dict[str, Any] = {"keypadBatteryCritical": self.keypad_battery_critical}
        if self.is_opener:
            optional["ringactionTimestamp"] = None if self.ring_at is None else stamp(self.ring_at)
            optional["ringactionState"] = self.ringing
        else:
            optional["batteryCharging"] = self.battery_charging
            optional["batteryChargeState"] = self.battery_charge
            optional["doorsensorState"] = self.door_state
            if self.door_state is not None:
                optional["doorsensorStateName"] = _DOOR_NAMES.get(self.door_state, "unknown")
        return report | {key: value for key, value in optional.items() if value is not None}


def stamp(moment: datetime) -> str:
    """Return a time as /list and /log write it."""
    return f"{moment:%Y-%m-%dT%H:%M:%S}+00:00"
