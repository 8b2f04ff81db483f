"""Tests of the control interface and the command line of HtREST."""

import asyncio
from asyncio.subprocess import PIPE
from collections.abc import AsyncGenerator
import json
from pathlib import Path
import sys
from typing import Any

from aiohttp import ClientError, ClientSession
import pytest

from simulators.__main__ import make, parse
from simulators.clock import ManualClock
from simulators.htrest import HtRestSimulator

from .htrest_owner import ROOM, Owner

ROOM_PATH = "/param/HKR%20Soll_Raum"
ROOT = Path(__file__).parents[2]


@pytest.fixture
async def house(clock: ManualClock) -> AsyncGenerator[HtRestSimulator]:
    """Return a running server."""
    async with HtRestSimulator(clock=clock) as simulator:
        yield simulator


@pytest.fixture
def owner(house: HtRestSimulator, session: ClientSession) -> Owner:
    """Return the owner of the house."""
    return Owner(house, session)


async def page(owner: Owner, name: str = "") -> Any:
    """Return a page of the control interface."""
    async with owner.session.get(f"{owner.house.control_url}/{name}") as response:
        return await response.json()


async def test_state(owner: Owner) -> None:
    """The first page shows state, statistics and commands; others values and programs."""
    await owner.put(ROOM_PATH, {"value": 22})
    state = await page(owner)
    assert state["domain"] == "htrest"
    assert state["stats"]["writes"] == [[ROOM, 22.0]]
    assert state["stats"]["costs"] == [["PUT /param/{name}", 3]]
    assert state["state"]["switches"]["latency"] == 0.035
    assert "password" not in state["state"]["switches"]
    await owner.control("reset_stats")
    assert (await page(owner))["stats"]["serial_commands"] == 0
    assert (await page(owner, "params"))[ROOM] == 22.0
    assert (await page(owner, "timeprogs"))["Heizung"][0][0]["state"] == 0


async def test_commands(owner: Owner, clock: ManualClock) -> None:
    """What the Python API can do, the control interface can do too."""
    house = owner.house
    for command, body in (
        ("value", {"values": {"Temp. Aussen": -12.5, "Betriebsart": 3}}),
        ("unfit", {"names": ["Temp. Heissgas"]}),
        ("absent", {"names": ["WW Type", "Puffer Type"]}),
        ("present", {"names": ["Puffer Type"]}),
        ("refuse_writes", {"names": [ROOM]}),
        ("limits", {"name": ROOM, "low": 15, "high": 23}),
        ("serial_fault", {"kind": "lost", "command": "CLK"}),
        ("fault_entry", {"error": 9, "message": "HD Schalter"}),
        ("slot", {"program": 0, "day": 0, "number": 0, "state": 1, "start": "1:00", "end": "2:00"}),
        ("set", {"drift": 5, "silent": False, "software_version": "3.1.0", "username": None}),
    ):
        assert (await owner.control(command, **body)).status == 200, command
    assert (house.value("Temp. Aussen"), house.value("Betriebsart")) == (-12.5, 3)
    assert await owner.get("/param/Temp.%20Heissgas") == {"value": -50.0}
    assert house.absent == {"WW Type"}
    assert (await page(owner, "params"))["WW Type"] is None
    assert house.refuse_writes == {ROOM}
    assert (await owner.message("GET", "/datetime/"))[0] == 500
    assert (await owner.get("/faultlist/last"))["error"] == 9
    assert house.slot(0, 0, 0).start == "01:00"
    assert (house.drift, house.software_version) == (5.0, "3.1.0")
    state = (await page(owner))["state"]
    assert (state["held"], state["limits"]) == (
        ["Temp. Aussen", "Temp. Heissgas"],
        {ROOM: [15, 23]},
    )
    await owner.control("live", names=["Temp. Aussen"])
    await owner.control("limits", name=ROOM)
    await owner.control("refuse_writes", all=True)
    await owner.control("clear_fault_list")
    assert house.describe()["refuse_writes"] is True
    assert not house.limits and not house.fault_list
    await owner.control("advance", seconds=60)
    assert house.value("Temp. Aussen") != -12.5


async def test_table_and_restart(owner: Owner, clock: ManualClock) -> None:
    """The owner changes the table and restarts the service."""
    response = await owner.control("table", name="owner", forget=["COP"])
    assert (await response.json())["names"] == 518
    assert (await owner.message("GET", "/fastquery/COP"))[0] == 404
    await owner.control("set", adapter_pulled=True)
    await owner.message("GET", ROOM_PATH)
    await owner.control("set", adapter_pulled=False)
    assert (await page(owner))["state"]["switches"]["server_stuck"]
    await owner.control("restart_server", down=5)
    with pytest.raises(ClientError):
        await owner.get(ROOM_PATH)
    await clock.advance(5)
    assert await owner.get(ROOM_PATH) == {"value": 21.5}


@pytest.mark.parametrize(
    ("command", "body"),
    [
        ("value", {"values": {"Nope": 1}}),
        ("value", {"values": {ROOM: "x"}}),
        ("absent", {"names": ["Nope"]}),
        ("limits", {"name": ROOM, "low": 1}),
        ("serial_fault", {"kind": "nothing"}),
        ("fault_entry", {"error": True, "message": ""}),
        ("slot", {"program": 0, "day": 0, "number": 0, "state": 1, "start": "x", "end": "2:00"}),
        ("set", {"silent": 1}),
        ("set", {"latency": True}),
        ("set", {"nothing": 1}),
        ("table", {"name": "x"}),
    ],
)
async def test_mistakes(owner: Owner, command: str, body: dict[str, Any]) -> None:
    """Mistakes are told and change nothing."""
    response = await owner.control(command, **body)
    assert response.status == 400
    assert (await response.json())["error"]


async def test_command_line(session: ClientSession) -> None:
    """It prints one line of JSON, serves, and ends without a complaint in the middle of work."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "simulators", "htrest", "--json", cwd=ROOT, stdout=PIPE, stderr=PIPE
    )
    assert process.stdout is not None
    facts = json.loads(await process.stdout.readline())
    assert (facts["domain"], facts["credentials"]) == ("htrest", {})
    async with session.get(f"{facts['url']}/api/v1/param/Betriebsart") as response:
        assert await response.json() == {"value": 1}
    async with session.get(facts["control"]) as response:
        assert (await response.json())["stats"]["serial_commands"] == 3
    sweep = asyncio.create_task(session.get(f"{facts['url']}/api/v1/param/"))
    await asyncio.sleep(0.01)
    process.terminate()
    out, err = await process.communicate()
    assert (process.returncode, out, err) == (0, b"", b"")
    with pytest.raises(ClientError):
        await sweep


@pytest.mark.parametrize("profile", ["standard", "owner", "old"])
def test_profiles_of_the_command_line(profile: str) -> None:
    """The profile reaches the simulator."""
    (simulator,) = make(parse(["htrest", "--profile", profile, "--speed", "100"]))
    assert isinstance(simulator, HtRestSimulator)
    assert simulator.profile == profile
    assert simulator.latency == (0.194 if profile == "old" else 0.035)


async def test_real_clock(session: ClientSession) -> None:
    """On a fast real clock requests take their share of time, with nobody advancing it."""
    (simulator,) = make(parse(["htrest", "--speed", "1000"]))
    assert isinstance(simulator, HtRestSimulator)
    async with simulator:
        simulator.silent = True
        started = simulator.clock.monotonic()
        assert (await Owner(simulator, session).message("GET", ROOM_PATH))[0] == 500
        assert simulator.clock.monotonic() - started > 15
