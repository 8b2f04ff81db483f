"""A Thinknx server with its Integration Kit, and a KNX plant behind it."""

from zoneinfo import ZoneInfo

from simulators.options import Options

from .controllers import COMMANDS, READINGS, TELEGRAMS, Function, Kind
from .devices import Analog, Blind, Device, Light, Macro, TempMode, Thermostat
from .knx import SentTelegram
from .plant import Change, Plant
from .poke import Poke
from .simulator import ThinknxSimulator
from .stats import CommandRecord, ThinknxStats
from .styles import (
    Algorithm,
    Auth,
    HeightParameter,
    NonceCount,
    Offer,
    Profile,
    RetryAfter,
    Spelling,
    StatusFormat,
    TriggerCommand,
    UptimeStyle,
)
from .tricks import Trick, TrickKind

PROFILES = tuple(Profile)
HOME = ZoneInfo("Europe/Vienna")
"""Where the demo's house stands: the server tells local time without naming its zone."""

__all__ = [
    "COMMANDS",
    "PROFILES",
    "READINGS",
    "TELEGRAMS",
    "Algorithm",
    "Analog",
    "Auth",
    "Blind",
    "Change",
    "CommandRecord",
    "Device",
    "Function",
    "HeightParameter",
    "Kind",
    "Light",
    "Macro",
    "NonceCount",
    "Offer",
    "Plant",
    "Poke",
    "Profile",
    "RetryAfter",
    "SentTelegram",
    "Spelling",
    "StatusFormat",
    "TempMode",
    "Thermostat",
    "ThinknxSimulator",
    "ThinknxStats",
    "Trick",
    "TrickKind",
    "TriggerCommand",
    "UptimeStyle",
    "create",
]


def create(options: Options) -> ThinknxSimulator:
    """Return the simulator that the command line asks for."""
    return ThinknxSimulator(
        profile=options.profile or Profile.LOCAL,
        seed=options.seed,
        host=options.host,
        port=options.port,
        control_port=options.control_port,
        clock=options.clock,
        zone=HOME,
    )
