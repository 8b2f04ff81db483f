"""Serve simulators: `python -m simulators [domain]`."""

import argparse
import asyncio
from collections.abc import Sequence
from importlib import import_module
import json
import signal
import sys
from typing import Any, Protocol

from .clock import RealClock
from .options import Options

# Domain of an integration and the module whose `create` makes its simulator.
REGISTRY = {
    "htrest": "simulators.htrest",
    "nibe_rest": "simulators.nibe_rest",
    "nuki_bridge": "simulators.nuki_bridge",
    "thinknx": "simulators.thinknx",
    "victron_vrm": "simulators.victron_vrm",
}


class Served(Protocol):
    """What the command line needs of a simulator."""

    domain: str

    @property
    def url(self) -> str:
        """Return the address for clients."""

    @property
    def control_url(self) -> str:
        """Return the address of the control interface."""

    @property
    def credentials(self) -> dict[str, str]:
        """Return what a client needs to be let in."""

    async def start(self) -> None:
        """Listen."""

    async def stop(self) -> None:
        """Close."""


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Return the parsed command line; ends the program if it makes no sense."""
    parser = argparse.ArgumentParser(
        prog="python -m simulators",
        description="Serve the simulator of one device or cloud, or all of them.",
    )
    parser.add_argument("domain", nargs="?", choices=sorted(REGISTRY), help="default: all")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=0, help="port for clients; 0: any free one")
    parser.add_argument("--control-port", type=int, default=0, help="port of the control interface")
    parser.add_argument("--seed", type=int, default=1, help="seed of credentials and chance")
    parser.add_argument("--profile", help="which kind of device")
    parser.add_argument("--speed", type=float, default=1.0, help="simulated seconds per second")
    parser.add_argument("--json", action="store_true", help="print one line of JSON per simulator")
    options = parser.parse_args(arguments)
    if options.domain is None and (options.port or options.control_port or options.profile):
        parser.error("--port, --control-port and --profile need a domain")
    if options.domain is not None and options.profile is not None:
        profiles = import_module(REGISTRY[options.domain]).PROFILES
        if options.profile not in profiles:
            parser.error(f"--profile of {options.domain} is one of: {', '.join(profiles)}")
    if options.speed <= 0:
        parser.error("--speed must be above 0")
    return options


def make(arguments: argparse.Namespace) -> list[Served]:
    """Return the simulators that the command line asks for."""
    options = Options(
        host=arguments.host,
        port=arguments.port,
        control_port=arguments.control_port,
        seed=arguments.seed,
        clock=RealClock(arguments.speed),
        profile=arguments.profile,
    )
    domains = sorted(REGISTRY) if arguments.domain is None else [arguments.domain]
    return [import_module(REGISTRY[domain]).create(options) for domain in domains]


def announce(simulator: Served, *, as_json: bool) -> None:
    """Print where a simulator can be found."""
    facts: dict[str, Any] = {
        "domain": simulator.domain,
        "url": simulator.url,
        "control": simulator.control_url,
        "credentials": simulator.credentials,
    }
    if as_json:
        print(json.dumps(facts), flush=True)
        return
    credentials = ", ".join(f"{key} {value}" for key, value in simulator.credentials.items())
    print(
        f"{simulator.domain}: {simulator.url} ({credentials or 'open'}), "
        f"control {simulator.control_url}",
        flush=True,
    )


async def serve(arguments: argparse.Namespace) -> int:
    """Serve until SIGINT or SIGTERM; return the exit code."""
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, ended.set)
    started: list[Served] = []
    try:
        for simulator in make(arguments):
            await simulator.start()
            started.append(simulator)
            announce(simulator, as_json=arguments.json)
        await ended.wait()
    except OSError as err:
        print(f"cannot listen: {err.strerror or err}", file=sys.stderr)
        return 1
    finally:
        for simulator in reversed(started):
            await simulator.stop()
    return 0


def main() -> int:
    """Run the command line."""
    return asyncio.run(serve(parse(sys.argv[1:])))


if __name__ == "__main__":
    sys.exit(main())
