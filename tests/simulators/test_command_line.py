"""Tests of `python -m simulators`."""

import asyncio
from asyncio.subprocess import PIPE, Process
import json
from pathlib import Path
import signal
import socket
import sys
from typing import Any

from aiohttp import ClientSession
import pytest

from simulators.__main__ import REGISTRY, make, parse
from simulators.clock import RealClock
from simulators.nuki_bridge import NukiBridgeSimulator

ROOT = Path(__file__).parents[2]


async def run(*arguments: str) -> Process:
    """Start the command line."""
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "simulators", *arguments, cwd=ROOT, stdout=PIPE, stderr=PIPE
    )


async def line(process: Process) -> str:
    """Return the next line of its output."""
    assert process.stdout is not None
    return (await process.stdout.readline()).decode()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_serves_until_a_signal(session: ClientSession, number: signal.Signals) -> None:
    """It prints one line of JSON, serves, and ends without a complaint."""
    process = await run("nuki_bridge", "--port", "0", "--json", "--seed", "3")
    facts: dict[str, Any] = json.loads(await line(process))
    assert set(facts) == {"domain", "url", "control", "credentials"}
    assert facts["domain"] == "nuki_bridge"
    async with session.get(f"{facts['url']}/list", params=facts["credentials"]) as response:
        assert len(await response.json()) == 4
    async with session.get(facts["control"]) as response:
        assert (await response.json())["url"] == facts["url"]
    process.send_signal(number)
    out, err = await process.communicate()
    assert (process.returncode, out, err) == (0, b"", b"")


async def test_serves_all_for_people() -> None:
    """Without a domain all are served, without --json in words."""
    process = await run()
    lines = [await line(process) for _ in REGISTRY]
    assert [text.partition(": ")[0] for text in lines] == sorted(REGISTRY)
    (text,) = (text for text in lines if text.startswith("nuki_bridge: http://127.0.0.1:"))
    assert "token" in text
    process.terminate()
    assert await process.wait() == 0


async def test_port_in_use() -> None:
    """A port that is taken is one clear line."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        process = await run("nuki_bridge", "--port", str(taken.getsockname()[1]))
        out, err = await process.communicate()
    assert (process.returncode, out) == (1, b"")
    assert err.startswith(b"cannot listen: ")
    assert b"in use" in err
    assert err.count(b"\n") == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("nothing",),
        ("nuki_bridge", "--profile", "x"),
        ("--port", "1"),
        ("nuki_bridge", "--speed", "0"),
    ],
)
def test_wrong_arguments(arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    """What makes no sense is refused with an explanation."""
    with pytest.raises(SystemExit) as ended:
        parse(arguments)
    assert ended.value.code == 2
    assert "error: " in capsys.readouterr().err


@pytest.mark.parametrize("profile", ["v1.6", "hw", "sw"])
def test_profiles(profile: str) -> None:
    """The profile of the command line reaches the simulator."""
    (simulator,) = make(parse(["nuki_bridge", "--profile", profile, "--speed", "10"]))
    assert isinstance(simulator, NukiBridgeSimulator)
    assert simulator.profile == profile
    assert isinstance(simulator.clock, RealClock)
    assert simulator.clock.speed == 10
