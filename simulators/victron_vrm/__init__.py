"""Victron's VRM cloud, version 2 of its API, and the sites that log to it."""

from simulators.options import Options

from .devices import Device, DeviceType
from .simulator import VrmSimulator
from .site import Alarm, Gap, Site
from .stats import VrmStats
from .styles import (
    DaySteps,
    Empty,
    ErrorStyle,
    LimitBody,
    Profile,
    RetryAfter,
    SiteKind,
    TokenApi,
    TwoFactor,
)

PROFILES = tuple(Profile)

__all__ = [
    "PROFILES",
    "Alarm",
    "DaySteps",
    "Device",
    "DeviceType",
    "Empty",
    "ErrorStyle",
    "Gap",
    "LimitBody",
    "Profile",
    "RetryAfter",
    "Site",
    "SiteKind",
    "TokenApi",
    "TwoFactor",
    "VrmSimulator",
    "VrmStats",
    "create",
]


def create(options: Options) -> VrmSimulator:
    """Return the simulator that the command line asks for."""
    return VrmSimulator(
        profile=options.profile or Profile.HOME,
        seed=options.seed,
        host=options.host,
        port=options.port,
        control_port=options.control_port,
        clock=options.clock,
    )
