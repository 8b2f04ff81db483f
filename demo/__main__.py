"""The demo: simulators, Home Assistant, and everything set up in it."""

import argparse
import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
import json
from pathlib import Path
import shutil
import signal
import socket
import sys
from typing import Any

from homeassistant.const import __version__ as ha_version

from .hass import HomeAssistantClient, prepare_folder
from .house import DIALOGS, PROFILES, set_up
from .problems import DemoError

ROOT = Path(__file__).parents[1]
STOP_SECONDS = 20


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


def check_port(port: int, hint: str) -> None:
    """Raise DemoError if somebody listens on a port already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise DemoError(f"port {port} is in use: {hint}") from None


def free_port() -> int:
    """Return a port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def simulator_ports(folder: Path, domain: str) -> tuple[int, int]:
    """Return the ports of a simulator: the same at every start, for an entry remembers them."""
    file = folder / "ports.json"
    ports: dict[str, list[int]] = json.loads(file.read_text()) if file.exists() else {}
    if domain not in ports:
        ports[domain] = [free_port(), free_port()]
        file.write_text(json.dumps(ports))
    for port in ports[domain]:
        check_port(port, f"the simulator of {domain} needs it again; --fresh takes another")
    return ports[domain][0], ports[domain][1]


@asynccontextmanager
async def running(
    *command: str, log: Path | None = None
) -> AsyncGenerator[asyncio.subprocess.Process]:
    """Run a program of ours beside, out of reach of the terminal's Ctrl-C, and stop it in the end."""
    with (log or Path("/dev/null")).open("ab") as sink:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *command,
            cwd=ROOT,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=sink if log else asyncio.subprocess.PIPE,
            stderr=sink if log else None,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGINT)
            try:
                await asyncio.wait_for(process.wait(), STOP_SECONDS)
            except TimeoutError:
                process.kill()
                await process.wait()


@asynccontextmanager
async def simulator(folder: Path, domain: str) -> AsyncGenerator[dict[str, Any]]:
    """Run a simulator; give out what it says of itself."""
    port, control_port = simulator_ports(folder, domain)
    options = ["--port", str(port), "--control-port", str(control_port)]
    if domain in PROFILES:
        options += ["--profile", PROFILES[domain]]
    async with running("-m", "simulators", domain, "--json", *options) as process:
        assert process.stdout is not None
        if not (line := await process.stdout.readline()):
            raise DemoError(f"the simulator of {domain} did not start")
        yield json.loads(line)


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
            facts[domain] = await stack.enter_async_context(simulator(folder, domain))

        say(f"starting Home Assistant {ha_version} (up to half a minute the first time)")
        prepare_folder(folder, ROOT, options.port, facts)
        log = folder / "output.log"
        cloud = f"{facts['victron_vrm']['url']}/v2"
        hass = await stack.enter_async_context(
            running("-m", "demo.lean", cloud, "-c", str(folder), log=log)
        )
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
