"""HtREST 0.1.11, the REST server for Heliotherm heat pumps, with a pump behind it."""

from simulators.options import Options

from .line import LineFault, LineFaultKind
from .points import DataType, Kind, Point, Value
from .programs import Slot, TimeProgram
from .pump import NO_FAULT, FaultEntry
from .readings import NOT_FITTED
from .simulator import HtRestSimulator, Profile
from .stats import HtRestStats

PROFILES = tuple(Profile)

__all__ = [
    "NOT_FITTED",
    "NO_FAULT",
    "PROFILES",
    "DataType",
    "FaultEntry",
    "HtRestSimulator",
    "HtRestStats",
    "Kind",
    "LineFault",
    "LineFaultKind",
    "Point",
    "Profile",
    "Slot",
    "TimeProgram",
    "Value",
    "create",
]


def create(options: Options) -> HtRestSimulator:
    """Return the simulator that the command line asks for."""
    return HtRestSimulator(
        profile=options.profile or Profile.STANDARD,
        seed=options.seed,
        host=options.host,
        port=options.port,
        control_port=options.control_port,
        clock=options.clock,
    )
