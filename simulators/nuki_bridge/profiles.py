"""The three bridges that can be simulated.

Sources: Bridge API 1.6 (June 2017) for `v1.6`; Bridge API 1.13.3 (2024) for `hw` and, with its
notes "not available on software bridge" and "hardware bridge only", for `sw`.
"""

from dataclasses import dataclass
from enum import StrEnum
from random import Random
import string

from .devices import DeviceType, Door, Mode, Opener, SimLock


class Profile(StrEnum):
    """Names of the profiles."""

    V1_6 = "v1.6"
    HW = "hw"
    SW = "sw"


@dataclass(frozen=True, slots=True)
class Traits:
    """What tells the bridges apart."""

    bridge_type: int
    versions: dict[str, str]
    since_2019: bool
    """Knows deviceType, mode and firmwareVersion (Bridge API 1.9)."""
    hashed_tokens: bool
    encrypted_tokens: bool
    simple_actions: bool
    """Knows /lock and /unlock (Bridge API 1.10)."""
    maintenance: bool
    """Has /unpair, /log, /clearlog, /fwupdate, /reboot, /factoryReset and a hardwareId."""
    reports_wlan: bool
    rssi_key: str
    time_suffix: str


TRAITS = {
    Profile.V1_6: Traits(
        bridge_type=1,
        versions={"firmwareVersion": "1.5.3", "wifiFirmwareVersion": "1.1.0"},
        since_2019=False,
        hashed_tokens=False,
        encrypted_tokens=False,
        simple_actions=False,
        maintenance=True,
        reports_wlan=False,
        rssi_key="rsi",
        time_suffix="Z",
    ),
    Profile.HW: Traits(
        bridge_type=1,
        versions={"firmwareVersion": "2.18.0", "wifiFirmwareVersion": "2.4.0"},
        since_2019=True,
        hashed_tokens=True,
        encrypted_tokens=True,
        simple_actions=True,
        maintenance=True,
        reports_wlan=True,
        rssi_key="rssi",
        time_suffix="+00:00",
    ),
    Profile.SW: Traits(
        bridge_type=2,
        versions={"appVersion": "1.4.2"},
        since_2019=True,
        hashed_tokens=False,
        encrypted_tokens=False,
        simple_actions=True,
        maintenance=False,
        reports_wlan=False,
        rssi_key="rssi",
        time_suffix="Z",
    ),
}

FRONT_DOOR = 0x2F6A41C3
CELLAR = 0x1E5C9A07
GARDEN_GATE = 0x3A7D0E52
INTERCOM = 0x1EF8D3B4
NEIGHBOUR = 0x22B1660F


def make_locks(profile: Profile) -> list[SimLock]:
    """Return the devices of a profile; one of a neighbour is in range but not paired."""
    neighbour = SimLock(NEIGHBOUR, "Nuki_22B1660F", rssi=-91, paired=False)
    if profile is Profile.V1_6:
        return [
            SimLock(FRONT_DOOR, "Front door", rssi=-61),
            SimLock(CELLAR, "Cellar", rssi=-78),
            neighbour,
        ]
    front = SimLock(
        FRONT_DOOR,
        "Front door",
        DeviceType.SMART_LOCK_3,
        firmware="3.9.5",
        door_state=Door.CLOSED,
        rssi=-58,
    )
    cellar = SimLock(CELLAR, "Cellar", keypad_battery_critical=False, battery_charge=62, rssi=-76)
    if profile is Profile.SW:
        return [front, cellar, neighbour]
    gate = SimLock(
        GARDEN_GATE,
        "Garden gate",
        DeviceType.SMART_DOOR,
        firmware="1.4.11",
        battery_charge=96,
        rssi=-84,
        knob=True,
    )
    intercom = SimLock(
        INTERCOM,
        "Intercom",
        DeviceType.OPENER,
        firmware="1.9.0",
        state=Opener.ONLINE,
        mode=Mode.DOOR,
        battery_charging=None,
        battery_charge=None,
        rssi=-67,
    )
    return [front, cellar, gate, intercom, neighbour]


def make_token(random: Random, length: int = 20) -> str:
    """Return a random token as the vendor's app proposes it."""
    return "".join(random.choices(string.ascii_letters + string.digits, k=length))
