"""Tests of what a Thinknx server tells of itself and of its project."""

from collections.abc import AsyncGenerator
import json

from aiohttp import ClientSession
import pytest

from simulators.clock import ManualClock
from simulators.thinknx import Kind, ThinknxSimulator, UptimeStyle

from .thinknx_owner import STATUS, Owner, serving

NOT_FOUND = (404, {"error": "device not found"})
IMPOSSIBLE = (400, {"error": "impossible to execute"})


@pytest.fixture
async def house(clock: ManualClock) -> AsyncGenerator[ThinknxSimulator]:
    """Return a quiet house."""
    async with serving(clock) as simulator:
        yield simulator


@pytest.fixture
def owner(house: ThinknxSimulator, session: ClientSession) -> Owner:
    """Return its owner."""
    return Owner(house, session)


async def test_server_status(owner: Owner, clock: ManualClock) -> None:
    """The server tells its version, how long it runs, its configuration and its users."""
    house = owner.house
    house.server.process_started, house.server.server_started = -90061.0, -200.0
    first = await owner.good("system/serverStatus")
    assert list(first) == [
        *("namespace", "version", "process_uptime", "server_uptime", "config_time"),
        *("connected_clients", "pbx_users"),
    ]
    assert first["process_uptime"] == "1 days 1 hours 1 min"
    assert first["server_uptime"] == "0 days 0 hours 3 min"
    assert first["connected_clients"] == 2
    assert first["pbx_users"] == "201,204,doorbell"
    await clock.advance(3600)
    later = await owner.good("system/serverStatus")
    assert later["process_uptime"] == "1 days 2 hours 1 min"
    assert later["config_time"] == first["config_time"]
    uptimes = {
        UptimeStyle.SINGULAR: "1 day 2 hours 1 min",
        UptimeStyle.ITALIAN: "1 giorni 2 ore 1 min",
        UptimeStyle.GERMAN: "1 Tage 2 Stunden 1 Min.",
    }
    for style, text in uptimes.items():
        house.uptime_style = style
        assert (await owner.good("system/serverStatus"))["process_uptime"] == text
    house.uptime_style = UptimeStyle.SHORT
    assert (await owner.good("system/serverStatus"))["server_uptime"] == "1 hours 3 min"


async def test_missing_comma(owner: Owner) -> None:
    """The vendor's own example lacks a comma, and so may the server's answer."""
    owner.house.missing_comma = True
    _, text = await owner.text(STATUS)
    with pytest.raises(json.JSONDecodeError):
        json.loads(text)
    assert 'min""config_time"' in text
    assert len(json.loads(text.replace('min""config', 'min","config'))) == 7
    assert await owner.read("powerstatus", owner.house.guids("light")[0]) in {0, 1}


async def test_redeployed(owner: Owner, clock: ManualClock) -> None:
    """A new configuration has another time; some GUIDs vanish, others are new."""
    house = owner.house
    before = (await owner.good("system/serverStatus"))["config_time"]
    gone, new = house.redeploy(remove=3, add=2)
    after = (await owner.good("system/serverStatus"))["config_time"]
    assert before != after == f"{clock.now():%H:%M:%S %Y-%m-%d}"
    assert (len(gone), len(new), len(house.plant.devices)) == (3, 2, 140)
    for guid in gone:
        assert await owner.ask("powerstatus", guid) == NOT_FOUND
    for guid in new:
        assert await owner.read("powerstatus", guid) == 0
    house.redeploy()
    assert (await owner.good("system/serverStatus"))["config_time"] != after
    gone, new = house.redeploy(rebuild=True)
    assert not set(gone) & house.plant.devices.keys()
    assert set(new) == house.plant.devices.keys()
    assert (await owner.good("scenelaunch", house.guids("scene")[0], cmd=1))["guid"] in new
    assert not any(house.value(guid, "power") for guid in house.guids("light"))


async def test_more_objects(owner: Owner) -> None:
    """Objects can be put in, also such as differ only in case, and drawn a second time."""
    house = owner.house
    guid = "abcdefghijklmnopqrstuv"
    house.add_device("light", ["level"], guid=guid)
    house.add_device("light", guid=guid.upper())
    assert await owner.ask("powerstatus", guid) == IMPOSSIBLE
    await owner.good("powerlevel", guid, cmd=20)
    assert await owner.read("powerlevelstatus", guid) == 20
    assert await owner.read("powerlevelstatus", guid.upper()) == 0
    twin = house.draw_again(guid)
    first = await owner.good("powerlevelstatus", guid)
    assert await owner.good("powerlevelstatus", twin) == first | {"guid": twin}
    house.remove_device(guid)
    assert await owner.ask("powerlevelstatus", twin) == NOT_FOUND
    for kind in Kind:
        assert house.add_device(kind).controllers
    blind = house.add_device("blind", [])
    assert blind.controllers == {"updown", "stop"}
    assert (await owner.ask("updown", blind.guid, cmd=1))[0] == 200
