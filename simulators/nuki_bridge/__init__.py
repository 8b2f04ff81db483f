"""A Nuki Bridge with its Smart Locks and its Opener."""

from simulators.options import Options

from .callbacks import CallbackPost
from .devices import DeviceType, Door, Lock, Mode, Opener, SimLock
from .profiles import CELLAR, FRONT_DOOR, GARDEN_GATE, INTERCOM, NEIGHBOUR, Profile
from .simulator import BridgeStats, NukiBridgeSimulator

PROFILES = tuple(Profile)

__all__ = [
    "CELLAR",
    "FRONT_DOOR",
    "GARDEN_GATE",
    "INTERCOM",
    "NEIGHBOUR",
    "PROFILES",
    "BridgeStats",
    "CallbackPost",
    "DeviceType",
    "Door",
    "Lock",
    "Mode",
    "NukiBridgeSimulator",
    "Opener",
    "Profile",
    "SimLock",
    "create",
]


def create(options: Options) -> NukiBridgeSimulator:
    """Return the simulator that the command line asks for."""
    return NukiBridgeSimulator(
        profile=options.profile or Profile.HW,
        seed=options.seed,
        host=options.host,
        port=options.port,
        control_port=options.control_port,
        clock=options.clock,
    )
