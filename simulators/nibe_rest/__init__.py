"""A NIBE S-series heat pump with its local REST API."""

from simulators.options import Options

from . import ids
from .devices import SimAlarm, SimDevice
from .plants import Profile
from .points import Kind, Register, SimPoint, Size, When
from .simulator import NibeSimulator, NibeStats
from .writes import (
    FULL,
    IGNORED,
    MODIFIED,
    NO_SUCH_PARAM,
    OLD,
    OLD_IGNORED,
    READ_ONLY,
    Answer,
    Behaviour,
    OutOfRange,
)

PROFILES = tuple(Profile)

# What the command line's pump takes to answer; nobody has published measurements.
_LATENCY = 0.15
_DUMP_LATENCY = 1.2

__all__ = [
    "FULL",
    "IGNORED",
    "MODIFIED",
    "NO_SUCH_PARAM",
    "OLD",
    "OLD_IGNORED",
    "PROFILES",
    "READ_ONLY",
    "Answer",
    "Behaviour",
    "Kind",
    "NibeSimulator",
    "NibeStats",
    "OutOfRange",
    "Profile",
    "Register",
    "SimAlarm",
    "SimDevice",
    "SimPoint",
    "Size",
    "When",
    "create",
    "ids",
]


def create(options: Options) -> NibeSimulator:
    """Return the simulator that the command line asks for."""
    return NibeSimulator(
        profile=options.profile or Profile.S1255,
        seed=options.seed,
        host=options.host,
        port=options.port,
        control_port=options.control_port,
        clock=options.clock,
        latency=_LATENCY,
        dump_latency=_DUMP_LATENCY,
    )
