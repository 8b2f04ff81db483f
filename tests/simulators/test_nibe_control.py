"""Tests of the control interface of a pump and of its command line."""

import asyncio
from asyncio.subprocess import PIPE
from base64 import b64encode
import json
from pathlib import Path
import sys
from typing import Any

from aiohttp import ClientSession, Fingerprint
import pytest

from simulators.__main__ import make, parse
from simulators.clock import ManualClock
from simulators.nibe_rest import NibeSimulator, Profile, ids

from .nibe_owner import DEVICE, POINTS, Owner

ROOT = Path(__file__).parents[2]


async def test_state(owner: Owner) -> None:
    """The control interface shows what is going on."""
    await owner.points()
    async with owner.session.get(owner.pump.control_url) as answer:
        state: dict[str, Any] = await answer.json()
    assert state["credentials"] == owner.pump.credentials
    assert state["state"]["devices"][0]["points"] == 1169
    assert state["stats"]["calls"] == {"GET /api/v1/devices/{device}/points": 1}
    async with owner.session.get(f"{owner.pump.control_url}/points") as answer:
        points: dict[str, Any] = await answer.json()
    assert points["3920"]["active"] is False
    assert points["4"]["divisor"] == 10


async def test_values(owner: Owner, clock: ManualClock) -> None:
    """Values are set, held and let go; points are hidden and shown."""
    assert (await owner.control("value", {"values": {"4": -123, "3667": 2}}))[0] == 200
    await clock.advance(600)
    assert (await owner.value(4), await owner.value(3667)) == (-123, 2)
    await owner.control("live", {"points": [4]})
    assert await owner.value(4) != -123
    await owner.control("hide", {"points": [4, 8]})
    assert not {"4", "8"} & set(await owner.points())
    await owner.control("show", {"points": [4]})
    assert {"4", "8"} & set(await owner.points()) == {"4"}
    await owner.control("outdoor", {"celsius": -18.5})
    assert await owner.value(ids.OUTDOOR) == pytest.approx(-185, abs=3)
    await owner.control("outdoor", {"celsius": None})
    await clock.advance(60)
    assert await owner.value(ids.OUTDOOR) > -100
    await owner.control("firmware", {"version": "5.0"})
    assert await owner.value(ids.FIRMWARE) == 5 << 8


async def test_writes(owner: Owner, clock: ManualClock) -> None:
    """How writes are taken can be said per point and for all."""
    await owner.control("behaviour", {"point": 3671, "answer": "old", "applies": False})
    assert (await owner.write(3671, 4))["value"]["integerValue"] == 0
    await owner.control("behaviour", {"point": 3671})
    assert await owner.write(3671, 4) == "modified"
    body = {"write_style": "full", "write_delay": 0, "out_of_range": "ignore", "read_only": False}
    assert (await owner.control("set", body))[0] == 200
    assert (await owner.write(3671, 5))["value"]["integerValue"] == 5
    await owner.control("set", {"read_only": True})
    assert (await owner.write(3671, 6))["value"]["integerValue"] == 5
    await clock.advance(2)
    assert owner.pump.stats.writes == [(3671, 5), (3671, 4)]


async def test_events(owner: Owner, clock: ManualClock) -> None:
    """Alarms, restarts, certificates, devices and forced changes."""
    _, answer = await owner.control("alarm", {"alarm_id": 7, "header": "H", "severity": 1})
    assert answer["alarm"]["equipName"] == "S1255-12"
    assert len((await owner.get(f"{DEVICE}/notifications"))["alarms"]) == 1
    await owner.control("clear_alarms")
    assert (await owner.get(f"{DEVICE}/notifications"))["alarms"] == []
    await owner.control("restart", {"partial": 30})
    assert len(await owner.points()) == 1145
    await clock.advance(30)
    old = owner.pump.fingerprint
    _, answer = await owner.control("renew_certificate")
    assert old != answer["fingerprint"] == owner.pump.fingerprint
    _, answer = await owner.control("add_device", {"profile": "smo-s40", "serial": "1"})
    assert answer["device"]["points"] == 1247
    assert len(await owner.get("/api/v1/devices/1/points")) == 1247
    await owner.control("change_share", {"share": 0.1})
    before = await owner.values()
    await clock.advance(30)
    after = await owner.values()
    assert sum(before[key] != after[key] for key in after) == 117
    await owner.control("change_share", {"share": None})
    assert owner.pump.change_share is None
    await owner.control("reset_stats")
    assert owner.pump.stats.calls == {}


@pytest.mark.parametrize(
    ("command", "body"),
    [
        ("value", {"values": {"4": 1.5}}),
        ("value", {"values": {"56999": 1}}),
        ("value", {}),
        ("hide", {"points": [56999]}),
        ("hide", {"points": ["4"]}),
        ("behaviour", {"point": 3671, "answer": "perhaps"}),
        ("behaviour", {"point": 3671, "nothing": 1}),
        ("behaviour", {"point": 56999}),
        ("alarm", {"header": "H"}),
        ("outdoor", {}),
        ("change_share", {"share": 2}),
        ("firmware", {"version": "new"}),
        ("add_device", {"profile": "f1255"}),
        ("set", {"read_only": 1}),
        ("set", {"latency": "long"}),
        ("set", {"write_style": "error: no such param"}),
        ("set", {"mode_keys": "none"}),
        ("set", {"out_of_range": "explode"}),
        ("set", {"nothing": 1}),
    ],
)
async def test_mistakes(owner: Owner, command: str, body: dict[str, Any]) -> None:
    """A mistake is answered with an explanation and changes nothing."""
    before = owner.pump.describe()
    status, answer = await owner.control(command, body)
    assert (status, list(answer)) == (400, ["error"])
    assert owner.pump.describe() == before


async def test_command_line(session: ClientSession) -> None:
    """It serves what it prints, and ends without a complaint."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "simulators", "nibe_rest", "--port", "0", "--json"),
        *("--profile", "vvm-s320", "--speed", "50"),
        cwd=ROOT,
        stdout=PIPE,
        stderr=PIPE,
    )
    assert process.stdout is not None
    facts: dict[str, Any] = json.loads(await process.stdout.readline())
    assert set(facts["credentials"]) == {"username", "password", "fingerprint"}
    secret = f"{facts['credentials']['username']}:{facts['credentials']['password']}"
    async with session.get(
        facts["url"] + POINTS,
        ssl=Fingerprint(bytes.fromhex(facts["credentials"]["fingerprint"])),
        headers={"Authorization": f"Basic {b64encode(secret.encode()).decode()}"},
    ) as answer:
        assert len(await answer.json()) == 870
    process.terminate()
    out, err = await process.communicate()
    assert (process.returncode, out, err) == (0, b"", b"")


@pytest.mark.parametrize("profile", list(Profile))
def test_profiles(profile: str) -> None:
    """The profile of the command line reaches the simulator."""
    (pump,) = make(parse(["nibe_rest", "--profile", profile]))
    assert isinstance(pump, NibeSimulator)
    assert pump.profile == profile
