"""The demo: simulators, Home Assistant, and everything set up in it."""

import argparse
import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
import shutil
import signal
import sys

import aiohttp

from homeassistant.const import __version__ as ha_version

from .hass import HomeAssistantClient, prepare_folder
from .house import DIALOGS, PROFILES, move_in, set_up
from .language import ENGLISH, LANGUAGES
from .problems import DemoError
from .processes import ROOT, check_port, home_assistant, simulator, simulator_ports
from .sky import Facts, Sky

# Beyond it, more happens between two polls than anybody can follow.
FASTEST = 120


def say(text: str) -> None:
    """Print a line of progress."""
    print(f"demo: {text}", flush=True)


def parse() -> argparse.Namespace:
    """Parse what scripts/demo hands on."""
    parser = argparse.ArgumentParser(prog="scripts/demo")
    parser.add_argument("--port", type=int, default=8123)
    parser.add_argument("--fresh", action="store_true")
    parser.add_argument("--speed", type=float, default=1.0)
    parser.add_argument("--language", choices=LANGUAGES, default=ENGLISH)
    options = parser.parse_args()
    if not 1024 <= options.port <= 65535:
        parser.error("--port is a number from 1024 to 65535")
    if not 1 <= options.speed <= FASTEST:
        parser.error(f"--speed is a number from 1 to {FASTEST}")
    return options


@asynccontextmanager
async def home(
    folder: Path, port: int, facts: Facts, language: str
) -> AsyncGenerator[tuple[asyncio.Task[int], HomeAssistantClient]]:
    """Run Home Assistant in a language; give out its end, and its client once it runs."""
    prepare_folder(folder, ROOT, port, facts, language)
    log = folder / "output.log"
    async with (
        home_assistant(folder, facts, log) as process,
        HomeAssistantClient(port, folder) as client,
    ):
        ended = asyncio.ensure_future(process.wait())
        ready = asyncio.ensure_future(client.wait_until_ready())
        try:
            await asyncio.wait((ready, ended), return_when=asyncio.FIRST_COMPLETED)
            if not ready.done():
                raise DemoError(f"Home Assistant ended by itself; see {log.relative_to(ROOT)}")
            await ready
            yield ended, client
        finally:
            ready.cancel()
            ended.cancel()


async def run(options: argparse.Namespace) -> None:
    """Start everything, say when it is ready, and wait for the end."""
    check_port(options.port, "choose another one with --port")
    language = options.language
    folder = ROOT / ".demo" / (ha_version if language == ENGLISH else f"{ha_version}-{language}")
    complete = folder / "complete"
    # A start that was interrupted leaves half a house.
    if folder.exists() and (options.fresh or not complete.exists()):
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)

    async with AsyncExitStack() as stack:
        say("starting the simulators")
        facts = {}
        for domain in DIALOGS:
            ports = simulator_ports(folder, domain)
            facts[domain] = await stack.enter_async_context(
                simulator(domain, ports, PROFILES.get(domain), speed=options.speed)
            )

        http = await stack.enter_async_context(aiohttp.ClientSession())
        sky = Sky(http, facts)
        await sky.look_around()
        shining = asyncio.ensure_future(sky.shine(options.speed))
        stack.callback(shining.cancel)

        say(f"starting Home Assistant {ha_version} (up to half a minute the first time)")
        if language != ENGLISH and not complete.exists():
            # Entity ids are made of names: the dashboards count on the English ones.
            async with home(folder, options.port, facts, ENGLISH) as (_, client):
                await set_up(client, facts, say)
            say("starting it again in the other language")
        ended, client = await stack.enter_async_context(home(folder, options.port, facts, language))
        if not complete.exists():
            if language == ENGLISH:
                await set_up(client, facts, say)
            say("making the dashboards")
            await move_in(client, language)
            complete.touch()

        say("ready")
        print(f"\n    {client.url}\n\n    name      demo\n    password  demo\n", flush=True)
        for domain, fact in facts.items():
            print(f"    simulator of {domain:<12} {fact['control']}")
        print(f"    log                       {(folder / 'home-assistant.log').relative_to(ROOT)}")
        print("\nCtrl-C stops everything.", flush=True)
        await ended
        raise DemoError(
            f"Home Assistant ended by itself; see {folder.relative_to(ROOT)}/output.log"
        )


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
    except TimeoutError, aiohttp.ClientError:
        print(
            "demo: error: Home Assistant does not answer; see .demo/*/output.log", file=sys.stderr
        )
        return 1
    except asyncio.CancelledError:
        say("stopped")
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
