"""The demo: simulators, Home Assistant, and everything set up in it."""

import argparse
import asyncio
from contextlib import AsyncExitStack
import shutil
import signal
import sys

from homeassistant.const import __version__ as ha_version

from .hass import HomeAssistantClient, prepare_folder
from .house import DIALOGS, PROFILES, set_up
from .problems import DemoError
from .processes import ROOT, check_port, home_assistant, simulator, simulator_ports


def say(text: str) -> None:
    """Print a line of progress."""
    print(f"demo: {text}", flush=True)


def parse() -> argparse.Namespace:
    """Parse what scripts/demo hands on."""
    parser = argparse.ArgumentParser(prog="scripts/demo")
    parser.add_argument("--port", type=int, default=8123)
    parser.add_argument("--fresh", action="store_true")
    options = parser.parse_args()
    if not 1024 <= options.port <= 65535:
        parser.error("--port is a number from 1024 to 65535")
    return options


async def run(options: argparse.Namespace) -> None:
    """Start everything, say when it is ready, and wait for the end."""
    check_port(options.port, "choose another one with --port")
    folder = ROOT / ".demo" / ha_version
    if options.fresh and folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)

    async with AsyncExitStack() as stack:
        say("starting the simulators")
        facts = {}
        for domain in DIALOGS:
            ports = simulator_ports(folder, domain)
            facts[domain] = await stack.enter_async_context(
                simulator(domain, ports, PROFILES.get(domain))
            )

        say(f"starting Home Assistant {ha_version} (up to half a minute the first time)")
        prepare_folder(folder, ROOT, options.port, facts)
        log = folder / "output.log"
        hass = await stack.enter_async_context(home_assistant(folder, facts, log))
        client = await stack.enter_async_context(HomeAssistantClient(options.port, folder))
        ended = asyncio.ensure_future(hass.wait())
        stack.callback(ended.cancel)
        ready = asyncio.ensure_future(set_up(client, facts, say))
        stack.callback(ready.cancel)
        await asyncio.wait((ready, ended), return_when=asyncio.FIRST_COMPLETED)
        if not ready.done():
            raise DemoError(f"Home Assistant ended by itself; see {log.relative_to(ROOT)}")
        await ready

        say("ready")
        print(f"\n    {client.url}\n\n    name      demo\n    password  demo\n", flush=True)
        for domain, fact in facts.items():
            print(f"    simulator of {domain:<12} {fact['control']}")
        print(f"    log                       {(folder / 'home-assistant.log').relative_to(ROOT)}")
        print("\nCtrl-C stops everything.", flush=True)
        await ended
        raise DemoError(f"Home Assistant ended by itself; see {log.relative_to(ROOT)}")


async def main() -> int:
    """Run the demo until Ctrl-C; return the exit code."""
    task = asyncio.ensure_future(run(parse()))
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, task.cancel)
    try:
        await task
    except DemoError as err:
        print(f"demo: error: {err}", file=sys.stderr)
        return 1
    except asyncio.CancelledError:
        say("stopped")
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
