"""What a Nuki bridge says, as dataclasses.

Sources: vendor's Bridge HTTP API 1.13.3 (2024) and 1.6 (2017), and answers recorded from real
bridges where the two differ. Numbers mean different things on a lock and on an Opener, so nothing
outside this module sees them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from enum import Enum, IntEnum, StrEnum


class AuthMode(StrEnum):
    """How the token travels (Bridge API 1.13.3, "Token")."""

    ENCRYPTED = "encrypted"
    HASHED = "hashed"
    PLAIN = "plain"


class DeviceType(IntEnum):
    """Kind of device behind the bridge; a bridge of API 1.6 does not say, all are locks then."""

    SMART_LOCK = 0
    OPENER = 2
    SMART_DOOR = 3
    SMART_LOCK_3 = 4


class State(StrEnum):
    """State of a lock or an Opener."""

    UNCALIBRATED = "uncalibrated"
    LOCKED = "locked"
    UNLOCKING = "unlocking"
    UNLOCKED = "unlocked"
    LOCKING = "locking"
    UNLATCHED = "unlatched"
    UNLOCKED_LOCK_N_GO = "unlocked_lock_n_go"
    UNLATCHING = "unlatching"
    MOTOR_BLOCKED = "motor_blocked"
    UNTRAINED = "untrained"
    ONLINE = "online"
    RING_TO_OPEN = "ring_to_open"
    CONTINUOUS_MODE = "continuous_mode"
    OPEN = "open"
    OPENING = "opening"
    BOOT_RUN = "boot_run"
    UNDEFINED = "undefined"


# Bridge API 1.13.3, "Lock states". Whatever is not listed is UNDEFINED.
LOCK_STATES: Mapping[int, State] = {
    0: State.UNCALIBRATED,
    1: State.LOCKED,
    2: State.UNLOCKING,
    3: State.UNLOCKED,
    4: State.LOCKING,
    5: State.UNLATCHED,
    6: State.UNLOCKED_LOCK_N_GO,
    7: State.UNLATCHING,
    254: State.MOTOR_BLOCKED,
    255: State.UNDEFINED,
}
OPENER_STATES: Mapping[int, State] = {
    0: State.UNTRAINED,
    1: State.ONLINE,
    3: State.RING_TO_OPEN,
    5: State.OPEN,
    7: State.OPENING,
    253: State.BOOT_RUN,
    255: State.UNDEFINED,
}
OPENER_CONTINUOUS_MODE = 3

MOVING = frozenset({State.UNLOCKING, State.LOCKING, State.UNLATCHING, State.OPENING})


class DoorState(IntEnum):
    """State of a door sensor; only CLOSED and OPENED say where the door is."""

    UNAVAILABLE = 0
    DEACTIVATED = 1
    CLOSED = 2
    OPENED = 3
    UNKNOWN = 4
    CALIBRATING = 5
    UNCALIBRATED = 16
    REMOVED = 240
    UNDEFINED = 255


NO_DOOR_SENSOR = frozenset({DoorState.UNAVAILABLE, DoorState.DEACTIVATED, DoorState.REMOVED})


class Action(Enum):
    """An action with its number, given per kind of device (Bridge API 1.13.3, "Lock actions").

    The same number buzzes a door on an Opener and unlatches one on a lock: the pair keeps an
    action from ever reaching the wrong kind.
    """

    UNLOCK = (False, 1)
    LOCK = (False, 2)
    UNLATCH = (False, 3)
    LOCK_N_GO = (False, 4)
    LOCK_N_GO_UNLATCH = (False, 5)
    RING_TO_OPEN_ON = (True, 1)
    RING_TO_OPEN_OFF = (True, 2)
    OPEN_DOOR = (True, 3)
    CONTINUOUS_MODE_ON = (True, 4)
    CONTINUOUS_MODE_OFF = (True, 5)

    @property
    def for_opener(self) -> bool:
        """Whether this is an action of an Opener."""
        return self.value[0]

    @property
    def code(self) -> int:
        """The number that the bridge knows it by."""
        return self.value[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceState:
    """Last known state of a device; None where the bridge does not tell."""

    code: int | None = None
    mode: int | None = None
    battery_critical: bool | None = None
    battery_charging: bool | None = None
    battery_level: int | None = None  # percent
    keypad_battery_critical: bool | None = None
    door: DoorState | None = None
    ring_active: bool | None = None
    ring_at: datetime | None = None
    # When the bridge last heard of the device: no news by itself.
    updated_at: datetime | None = field(default=None, compare=False)

    def merged(self, newer: DeviceState) -> DeviceState:
        """Return this state with all that the newer one tells; what it leaves out stays."""
        told = {
            item.name: value
            for item in fields(newer)
            if (value := getattr(newer, item.name)) is not None
        }
        return replace(self, **told)


@dataclass(frozen=True, slots=True, kw_only=True)
class NukiDevice:
    """A lock or an Opener paired with the bridge."""

    nuki_id: int
    device_type: int = DeviceType.SMART_LOCK
    name: str = ""
    firmware_version: str | None = None
    last: DeviceState = field(default_factory=DeviceState)

    @property
    def hex_id(self) -> str:
        """The id as the app and the sticker on the device write it."""
        return f"{self.nuki_id:08X}"

    @property
    def label(self) -> str:
        """The name given in the app, else one like the device's own on Bluetooth."""
        return self.name or f"Nuki_{self.hex_id}"

    @property
    def is_opener(self) -> bool:
        """Whether this is an Opener; all else, later types included, is taken for a lock."""
        return self.device_type == DeviceType.OPENER

    @property
    def is_known_type(self) -> bool:
        """Whether the type is one that the vendor documents."""
        return self.device_type in DeviceType

    @property
    def continuous_mode(self) -> bool:
        """Whether an Opener lets everybody in who rings, until it is switched off."""
        return self.is_opener and self.last.mode == OPENER_CONTINUOUS_MODE

    @property
    def ring_to_open(self) -> bool:
        """Whether an Opener lets in the next who rings."""
        return self.is_opener and OPENER_STATES.get(self.last.code or 0) is State.RING_TO_OPEN

    @property
    def state(self) -> State | None:
        """The state, or None where the bridge has not heard from the device yet."""
        if self.last.code is None:
            return None
        if not self.is_opener:
            return LOCK_STATES.get(self.last.code, State.UNDEFINED)
        state = OPENER_STATES.get(self.last.code, State.UNDEFINED)
        if state in (State.ONLINE, State.RING_TO_OPEN) and self.continuous_mode:
            return State.CONTINUOUS_MODE
        return state


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackBody:
    """The body of a callback: a device and what is new of it."""

    nuki_id: int
    device_type: int | None
    news: DeviceState


@dataclass(frozen=True, slots=True, kw_only=True)
class BridgeInfo:
    """Answer of /info."""

    is_hardware: bool
    hardware_id: int | None
    server_id: int
    firmware_version: str | None
    wifi_firmware_version: str | None
    app_version: str | None
    uptime: int | None  # seconds
    current_time: datetime | None
    server_connected: bool | None
    signal_strengths: Mapping[int, int]  # dBm by Nuki id

    @property
    def unique_id(self) -> str:
        """The bridge's own id; a software bridge has only the one that the server gave it."""
        if self.hardware_id is None:
            return f"sw-{self.server_id}"
        return bridge_id(self.hardware_id)


@dataclass(frozen=True, slots=True)
class Callback:
    """A registered callback; the id is its present place in the bridge's list."""

    callback_id: int
    url: str


@dataclass(frozen=True, slots=True)
class DiscoveredBridge:
    """A bridge that the vendor's server has seen behind the same public address."""

    server_id: int
    host: str
    port: int


def bridge_id(hardware_id: int) -> str:
    """Return a hardware id as the bridge's DHCP name and the app write it."""
    return f"{hardware_id:08X}"
