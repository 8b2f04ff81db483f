"""Tests of `fb`: answers that are held until the bus has confirmed."""

import asyncio
from collections.abc import AsyncGenerator
import json

from aiohttp import ClientSession
import pytest

from simulators.clock import ManualClock
from simulators.thinknx import ThinknxSimulator

from .helpers import slept, until
from .thinknx_owner import Owner, serving


@pytest.fixture
async def house(clock: ManualClock) -> AsyncGenerator[ThinknxSimulator]:
    """Return a quiet house with a slow bus."""
    async with serving(clock, bus_seconds=(0.3, 0.3)) as simulator:
        yield simulator


@pytest.fixture
def owner(house: ThinknxSimulator, session: ClientSession) -> Owner:
    """Return its owner."""
    return Owner(house, session)


async def test_held(owner: Owner, clock: ManualClock) -> None:
    """With `fb` the answer comes with the confirmation, without it at once."""
    guid = owner.house.guids("light", "level")[0]
    held = owner.later("powerlevel", guid, "fb", cmd=77)
    await slept(clock)
    assert (await owner.good("powerlevelstatus", guid))["status"] != 77
    await clock.advance(0.29)
    assert not held.done()
    await clock.advance(0.02)
    assert (await held)[1]["status"] == 77
    assert (await owner.good("powerlevel", guid, cmd=5)).keys() == {"namespace", "guid", "comm_obj"}


async def test_held_until_the_end_of_a_movement(owner: Owner, clock: ManualClock) -> None:
    """A blind confirms a height when it has arrived there."""
    house = owner.house
    guid = house.guids("blind")[0]
    house.set_blind(guid, height=0)
    held = owner.later("heightlevel", guid, "fb", val=30)
    await slept(clock)
    await clock.advance(5)
    assert not held.done()
    await clock.advance(60)
    assert (await held)[1]["status"] == 30


@pytest.mark.parametrize("how", ["stop", "updown", "heightlevel", "hand", "redeploy"])
async def test_a_movement_that_is_broken_off(owner: Owner, clock: ManualClock, how: str) -> None:
    """Whatever ends a movement also ends the waiting for it."""
    house = owner.house
    guid = house.guids("blind")[0]
    house.set_blind(guid, height=0)
    held = owner.later("heightlevel", guid, "fb", val=100)
    await slept(clock)
    await clock.advance(5)
    if how == "hand":
        house.stop_blind(guid)
    elif how == "redeploy":
        house.redeploy(remove=[guid])
    else:
        name = "val" if how == "heightlevel" else "cmd"
        await owner.good(how, guid, **{name: 1})
        await clock.advance(0.31)
    status, answer = await asyncio.wait_for(held, 5)
    assert status == 200
    assert 5 < answer["status"] < 30


async def test_slats(owner: Owner, clock: ManualClock) -> None:
    """An angle is confirmed when the slats have turned; another one takes its place."""
    house = owner.house
    guid = house.guids("blind", "angle")[0]
    house.set_blind(guid, height=0, angle=0)
    first = owner.later("blindangle", guid, "fb", cmd=100)
    await slept(clock)
    await clock.advance(0.3 + 0.75)
    assert not first.done()
    second = owner.later("blindangle", guid, "fb", cmd=20)
    await until(lambda: len(house.stats.commands) == 2)
    await clock.advance(0.31)
    assert (await first)[1]["status"] in range(60, 80)
    await clock.advance(2)
    assert (await second)[1]["status"] == 20


async def test_never_answered(owner: Owner, clock: ManualClock) -> None:
    """With the switch, or from a silent actuator, no answer ever comes; others are served."""
    house = owner.house
    first, second = house.guids("light")[:2]
    house.set_light(first, on=False)
    house.silence(second)
    house.fb_answered = False
    held = [owner.later("power", first, "fb", cmd=1)]
    await until(lambda: len(house.stats.commands) == 1)
    await clock.advance(1)
    assert await owner.read("powerstatus", first) == 1
    house.fb_answered = True
    held.append(owner.later("power", second, "fb", cmd=1))
    await until(lambda: len(house.stats.commands) == 2)
    await clock.advance(600)
    assert not any(task.done() for task in held)
    assert house.stats.in_flight == 2
    for task in held:
        task.cancel()
    await asyncio.gather(*held, return_exceptions=True)
    await until(lambda: house.stats.in_flight == 0)


async def test_without_status(owner: Owner, clock: ManualClock) -> None:
    """A held answer may lack the status all the same."""
    owner.house.fb_status = False
    held = owner.later("power", owner.house.guids("light")[0], "fb", cmd=1)
    await slept(clock)
    await clock.advance(0.31)
    assert "status" not in (await held)[1]


async def test_bare_token(owner: Owner, session: ClientSession, clock: ManualClock) -> None:
    """Only the bare token counts; yarl's own `fb=` does, if the server is not strict."""
    house = owner.house
    guid = house.guids("light")[0]
    async with session.get(
        f"{house.url}/api/V1/power",
        params={"guid": guid, "cmd": "1", "fb": ""},
        headers=owner.headers,
    ) as answer:
        assert "status" not in json.loads(await answer.text())
    house.strict_fb = False
    for token in ("fb=", "fb=1", "fb"):
        held = owner.later("power", guid, token, cmd=1)
        await slept(clock)
        await clock.advance(0.31)
        assert (await held)[1]["status"] == 1
    assert [command.fb for command in house.stats.commands] == [False, True, True, True]


async def test_commands_are_kept(owner: Owner, clock: ManualClock) -> None:
    """All commands are kept in order, with the time of arrival, also refused ones."""
    house = owner.house
    lamp, blind = house.guids("light")[0], house.guids("blind")[0]
    await owner.good("power", lamp, cmd=1)
    await clock.advance(2)
    await owner.ask("power", lamp, cmd=7, user="x", **{"pass": "y"})
    await owner.good("heightlevel", blind, val=3)
    await owner.good("system/sendKNXbit", group="9/0/9", value=1)
    await owner.read("powerstatus", lamp)
    kept = [
        (command.at, command.controller, command.guid, command.params, command.status)
        for command in house.stats.commands
    ]
    assert kept == [
        (0, "power", lamp, {"cmd": "1"}, 200),
        (2, "power", lamp, {"cmd": "7"}, 400),
        (2, "heightlevel", blind, {"val": "3"}, 200),
        (2, "system/sendKNXbit", "", {"group": "9/0/9", "value": "1"}, 200),
    ]
    assert house.stats.controllers["power"] == 2
    assert house.stats.guids[lamp] == 3
    house.stats.reset()
    assert house.stats.commands == []
