"""The demo's programs: simulators and Home Assistant, each a process of its own."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager, suppress
import json
from pathlib import Path
import random
import signal
import socket
import sys
from typing import Any

from .problems import DemoError

ROOT = Path(__file__).parents[1]
STOP_SECONDS = 20
# Below those that systems give to outgoing connections by themselves.
LISTENING = (20_000, 32_000)


def check_port(port: int, hint: str) -> None:
    """Raise DemoError if somebody listens on a port already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise DemoError(f"port {port} is in use: {hint}") from None


def free_port() -> int:
    """Return a port that is free now, and that no outgoing connection can take meanwhile."""
    for _ in range(100):
        port = random.randrange(*LISTENING)  # noqa: S311  any port will do
        with suppress(DemoError):
            check_port(port, "another one is tried")
            return port
    raise DemoError("no port is free")


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
    *command: str, log: Path | None = None, python: str = sys.executable
) -> AsyncGenerator[asyncio.subprocess.Process]:
    """Run a program of ours beside, out of reach of the terminal's Ctrl-C, and stop it in the end."""
    with (log or Path("/dev/null")).open("ab") as sink:
        process = await asyncio.create_subprocess_exec(
            python,
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
async def simulator(
    domain: str,
    ports: tuple[int, int] = (0, 0),
    profile: str | None = None,
    *,
    speed: float = 1.0,
) -> AsyncGenerator[dict[str, Any]]:
    """Run a simulator at two ports, or any free ones; give out what it says of itself."""
    options = ["--port", str(ports[0]), "--control-port", str(ports[1]), "--speed", str(speed)]
    if profile:
        options += ["--profile", profile]
    async with running("-m", "simulators", domain, "--json", *options) as process:
        assert process.stdout is not None
        if not (line := await process.stdout.readline()):
            raise DemoError(f"the simulator of {domain} did not start")
        yield json.loads(line)


@asynccontextmanager
async def home_assistant(
    folder: Path, facts: Mapping[str, Mapping[str, Any]], log: Path, python: str = sys.executable
) -> AsyncGenerator[asyncio.subprocess.Process]:
    """Run Home Assistant in a prepared folder, which asks the simulated VRM cloud for the real one."""
    cloud = f"{facts['victron_vrm']['url']}/v2"
    command = ("-m", "demo.lean", cloud, "-c", str(folder))
    async with running(*command, log=log, python=python) as process:
        yield process
