"""Tests of the control interface of the VRM cloud, of backlogs, profiles and command line."""

from collections.abc import AsyncGenerator
import json
from typing import Any

from aiohttp import ClientSession
import pytest

from simulators.__main__ import make, parse
from simulators.clock import ManualClock
from simulators.victron_vrm import PROFILES, SiteKind, VrmSimulator

from .helpers import START
from .vrm_owner import Owner

NOW = int(START.timestamp())
DAY = 86_400


@pytest.fixture
async def cloud(clock: ManualClock) -> AsyncGenerator[VrmSimulator]:
    """Return a cloud."""
    async with VrmSimulator(clock=clock) as simulator:
        yield simulator


@pytest.fixture
def owner(cloud: VrmSimulator, session: ClientSession) -> Owner:
    """Return its owner."""
    return Owner(cloud, session)


async def hours(owner: Owner, since: int) -> list[int]:
    """Return the hours since the start of which something is known, as numbers."""
    end = int(owner.cloud.now)
    body = await owner.stats(owner.cloud.site("ess").id, type="kwh", start=since, end=end)
    rows = body["records"]["kwh"] if body["records"] else []
    return [(stamp // 1000 - since) // 3600 for stamp, _ in rows or []]


async def last(owner: Owner) -> int:
    """Return when the house was last heard of."""
    (record,) = await owner.sites(extended=1, idSite=owner.cloud.site("ess").id)
    stamp: int = record["last_timestamp"]
    return stamp


async def test_backlog(owner: Owner, clock: ManualClock) -> None:
    """A site that was away is current at once; the hours of its absence arrive later."""
    site = owner.cloud.site("ess")
    assert (await owner.control("offline", site="ess", hours=5, delay=7200))[0] == 200
    stood, values = await last(owner), await owner.sites(extended=1, idSite=site.id)
    await clock.advance(4 * 3600)
    assert await last(owner) == stood <= NOW
    later = await owner.sites(extended=1, idSite=site.id)
    assert later[0]["extended"] == values[0]["extended"]
    assert await hours(owner, NOW) == []
    await clock.advance(2 * 3600)
    assert await last(owner) > NOW + 5 * 3600
    assert await hours(owner, NOW) == [5]
    await clock.advance(3600)
    assert await hours(owner, NOW) == [0, 1, 2, 3, 4, 5, 6]


async def test_lost_backlog(owner: Owner, clock: ManualClock) -> None:
    """A backlog may be lost, or be delivered by hand."""
    await owner.control("offline", site="ess")
    await clock.advance(3 * 3600)
    await owner.control("online", site="ess", delay=None)
    await clock.advance(DAY)
    assert await hours(owner, NOW) == list(range(3, 27))
    await owner.control("deliver", site="ess")
    assert await hours(owner, NOW) == list(range(27))


async def test_state(owner: Owner) -> None:
    """The control interface shows switches, sites and statistics."""
    await owner.sites()
    async with owner.session.get(owner.cloud.control_url) as answer:
        state = await answer.json()
    assert state["credentials"] == owner.cloud.credentials
    assert state["state"]["switches"]["two_factor"] == "none"
    assert state["state"]["sites"] == 4
    assert state["stats"]["calls"] == {"GET users/{user}/installations": 1}
    async with owner.session.get(f"{owner.cloud.control_url}/sites") as answer:
        sites = (await answer.json())["sites"]
    assert [site["kind"] for site in sites[:4]] == ["ess", "off_grid", "boat", "ev"]


async def test_set(owner: Owner) -> None:
    """Switches are set in their own types only."""
    good = {"two_factor": "totp", "rate_size": 50, "demo": False, "token_api": "old"}
    assert (await owner.control("set", **good))[0] == 200
    assert (owner.cloud.two_factor, owner.cloud.rate_size) == ("totp", 50)
    for bad in ({"two_factor": "x"}, {"nothing": 1}, {"demo": 1}, {"rate_size": -1}):
        assert (await owner.control("set", **bad))[0] == 400


async def test_credentials_end(owner: Owner) -> None:
    """Tokens expire or are revoked from outside; a new one works."""
    await owner.control("expire")
    assert (await owner.ask("users/me"))[1]["error_code"] == "token_expired"
    _, made = await owner.control("new_token", name="Second")
    owner.header = {"X-Authorization": f"Token {made['token']}"}
    await owner.good("users/me")
    await owner.control("revoke")
    assert (await owner.ask("users/me"))[1]["error_code"] == "invalid_token"
    assert (await owner.control("revoke"))[0] == 400


async def test_paths_refuse(owner: Owner) -> None:
    """Single paths refuse good credentials until they take them again."""
    path = "/v2/installations/*/system-overview"
    await owner.control("unauthorise", path=path, status=403)
    site = owner.cloud.site("ess").id
    assert (await owner.ask(f"installations/{site}/system-overview"))[0] == 403
    await owner.control("authorise")
    await owner.good(f"installations/{site}/system-overview")
    assert (await owner.control("unauthorise", path=path, status=200))[0] == 400


async def test_sites_come_and_go(owner: Owner) -> None:
    """Sites are added and removed, access is taken away."""
    status, made = await owner.control("add_site", kind="pv_only", name="New roof")
    number = made["site"]["id"]
    assert (status, [site["name"] for site in await owner.sites()][-1]) == (200, "New roof")
    await owner.control("access", site=number, level=0)
    assert (await owner.ask(f"installations/{number}/diagnostics"))[0] == 403
    await owner.control("remove_site", site=number)
    assert len(await owner.sites()) == 4
    for body in ({"kind": "x"}, {}):
        assert (await owner.control("add_site", **body))[0] == 400
    assert (await owner.control("access", site="ess", level=7))[0] == 400


async def test_devices_come_and_go(owner: Owner, clock: ManualClock) -> None:
    """Devices are added, removed and get other instances; the old ones stay as ghosts."""
    site = owner.cloud.site("boat")
    tank = {"site": "boat", "type": "tank"}
    await owner.control("add_device", **tank, instance=23, product="Sensor", name="Oil")
    await owner.control("reassign", **tank, instance=20, to=50)
    await owner.control("remove_device", **tank, instance=21)
    await clock.advance(DAY)
    (record,) = await owner.sites(extended=1, idSite=site.id)
    (levels,) = (row["instances"] for row in record["extended"] if row["code"] == "tl")
    fresh = {key for key, row in levels.items() if row["timestamp"] > owner.cloud.now - 120}
    assert fresh == {"22", "23", "50"}
    assert set(levels) == fresh | {"20", "21"}
    devices = (await owner.good(f"installations/{site.id}/system-overview"))["records"]["devices"]
    assert {20, 21, 23, 50} <= {device.get("instance") for device in devices}
    for body in ({"instance": 99}, {"instance": 20}):
        assert (await owner.control("remove_device", **tank, **body))[0] == 400


async def test_hands(owner: Owner, clock: ManualClock) -> None:
    """Values are held, alarms raised, intervals changed, the gateway restarted."""
    for command, body in (
        ("hold", {"code": "bs", "value": 12.5}),
        ("alarm", {"code": "eO"}),
        ("interval", {"seconds": 300}),
        ("move", {"latitude": 1, "longitude": 2}),
        ("restart_gateway", {}),
        ("forecast", {"on": False}),
        ("language", {"language": "de"}),
        ("fill", {"level": 10}),
    ):
        assert (await owner.control(command, site="ess", **body))[0] == 200, command
    await clock.advance(600)
    site = owner.cloud.site("ess")
    (record,) = await owner.sites(extended=1, idSite=site.id)
    rows = {row["code"]: row for row in record["extended"]}
    assert (rows["bs"]["rawValue"], record["num_alarms"]) == (12.5, 1)
    assert rows["bs"]["description"] == "Batterie-Ladezustand"
    body = await owner.stats(site.id, type="forecast", start=NOW, end=NOW + DAY)
    assert body["records"]["solar_yield_forecast"] is False
    assert (await owner.control("live", site="ess", code="bs"))[0] == 200
    assert (await owner.control("end_alarms", site="ess"))[1]["ended"] == 1
    for command, body in (
        ("hold", {"code": "?", "value": 1}),
        ("alarm", {"code": "gaNG"}),
        ("interval", {"seconds": 5}),
        ("language", {"language": "x"}),
        ("live", {"code": "bv"}),
    ):
        assert (await owner.control(command, site="ess", **body))[0] == 400, command
    assert (await owner.control("offline", site=1))[0] == 400
    await owner.control("fill")
    assert (await owner.ask("users/me"))[0] == 429


async def test_faults(owner: Owner) -> None:
    """The faults of all simulators work here too."""
    path = "/v2/users/me"
    owner.cloud.inject("status", path, status=503, body="<html>")
    assert (await owner.send("users/me")).status == 503
    owner.cloud.inject("garbage", path)
    with pytest.raises(json.JSONDecodeError):
        await owner.ask("users/me")
    await owner.good("users/me")


async def test_statistics(owner: Owner) -> None:
    """Requests are counted by path and by site, questions for energy kept."""
    site = owner.cloud.site("ess").id
    await owner.stats(site, type="kwh", interval="days", start=NOW - DAY, end=NOW)
    await owner.ask(f"installations/{site}/overallstats", headers={})
    stats = owner.cloud.stats
    assert stats.sites[site] == {"GET installations/{site}/stats": 1}
    assert stats.spans == [(site, "kwh", "days", DAY)]
    assert stats.refused.total() == 1
    assert stats.accounts == {owner.user: 1}
    assert json.dumps(stats.as_dict())
    stats.reset()
    assert stats.calls.total() == 0
    assert not stats.sites


async def test_latency(owner: Owner, clock: ManualClock) -> None:
    """Answers take their time, side by side."""
    owner.cloud.latency = 0.3
    task = owner.cloud.spawn(owner.good("users/me"))
    while not clock.sleepers:
        await clock.advance(0)
    assert not task.done()
    await clock.advance(0.3)
    assert (await task)["success"] is True


@pytest.mark.parametrize(("profile", "count"), [("home", 4), ("all", 9), ("one", 1)])
def test_profiles(profile: str, count: int) -> None:
    """The profile of the command line reaches the cloud."""
    (simulator,) = make(parse(["victron_vrm", "--profile", profile]))
    assert isinstance(simulator, VrmSimulator)
    assert len(simulator.sites_of(simulator.owner)) == count
    assert profile in PROFILES


def test_kinds() -> None:
    """Sites may be chosen one by one."""
    cloud = VrmSimulator(kinds=["boat", "boat", SiteKind.DEAD])
    sites = cloud.sites_of(cloud.owner)
    assert [site.kind for site in sites] == ["boat", "boat", "dead"]
    assert len({(site.id, site.identifier, site.phase) for site in sites}) == 3


async def test_hundred_sites(clock: ManualClock, session: ClientSession) -> None:
    """A hundred sites are told apart, and begin without their past being computed."""
    async with VrmSimulator(profile="hundred", clock=clock) as cloud:
        records: Any = await Owner(cloud, session).sites(extended=1)
        assert len({record["idSite"] for record in records}) == 100
        assert len({record["identifier"] for record in records}) == 100
        assert max(len(site.ledger) for site in cloud.sites.values()) <= 4
