"""Tests of the control interface of a Thinknx server, of its poke and of its command line."""

import asyncio
from asyncio.subprocess import PIPE
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
import json
from pathlib import Path
import sys
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from aiohttp import ClientSession, web
import pytest
from yarl import URL

from simulators.__main__ import make, parse
from simulators.clock import ManualClock
from simulators.thinknx import PROFILES, Spelling, ThinknxSimulator

from .helpers import until
from .thinknx_owner import STATUS, Owner, serving

ROOT = Path(__file__).parents[2]


@dataclass
class Hook:
    """The calls of a poke that have arrived."""

    url: str = ""
    calls: list[tuple[str, list[str]]] = field(default_factory=list)


@pytest.fixture
async def house(clock: ManualClock) -> AsyncGenerator[ThinknxSimulator]:
    """Return a quiet house."""
    async with serving(clock) as simulator:
        yield simulator


@pytest.fixture
def owner(house: ThinknxSimulator, session: ClientSession) -> Owner:
    """Return its owner."""
    return Owner(house, session)


@pytest.fixture
async def hook() -> AsyncGenerator[Hook]:
    """Return a small server that takes pokes."""
    received = Hook()

    async def take(request: web.Request) -> web.Response:
        received.calls.append((request.method, request.query.getall("guid")))
        return web.Response()

    app = web.Application()
    app.router.add_route("*", "/{name}", take)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.05)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    received.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield received
    await runner.cleanup()


async def page(owner: Owner, name: str = "") -> Any:
    """Return a page of the control interface."""
    async with owner.session.get(f"{owner.house.control_url}/{name}") as answer:
        return await answer.json()


async def test_state(owner: Owner) -> None:
    """The control interface shows what is going on."""
    house = owner.house
    await owner.send(STATUS)
    state = await page(owner)
    assert state["credentials"] == house.credentials
    assert state["state"]["devices"]["light"] == 60
    assert state["state"]["readable"] == 198
    assert state["state"]["switches"]["spelling"] == "both"
    assert state["stats"]["controllers"] == {"system/serverStatus": 1}
    devices = (await page(owner, "devices"))["devices"]
    assert len(devices) == 141
    assert devices[0]["values"].keys() == {"power", "level"}
    groups = await page(owner, "groups")
    assert groups["1/0/1"] == {
        "telegram": "system/sendKNXbit",
        "guid": devices[0]["guid"],
        "controller": "power",
    }


async def test_values(owner: Owner, clock: ManualClock) -> None:
    """Everything can be changed by hand."""
    house = owner.house
    lamp, blind, room, hvac, value = (
        house.guids(kind)[0] for kind in ("light", "blind", "thermostat", "hvac", "analog")
    )
    for command, body in (
        ("light", {"guid": lamp, "level": 44}),
        ("blind", {"guid": blind, "height": 20, "angle": 70}),
        ("thermostat", {"guid": room, "temperature": 19.5, "chrono": False, "mode": 1}),
        ("hvac", {"guid": hvac, "power": True, "fan": 3}),
        ("analog", {"guid": value, "value": 3.25}),
        ("value", {"guid": room, "function": "setpoint", "value": 18}),
    ):
        assert (await owner.control(command, **body))[0] == 200
    assert await owner.read("powerlevelstatus", lamp) == 44
    assert await owner.read("blindanglestatus", blind) == 70
    assert await owner.read("actualtemp", room) == 19.5
    assert await owner.read("setpointstatus", room) == 18
    assert await owner.read("hvacfanstatus", hvac) == 3
    assert await owner.read("getvalue", value) == 3.25
    await owner.control("blind", guid=blind, to=100)
    await clock.advance(8)
    await owner.control("blind", guid=blind, stop=True)
    assert 20 < await owner.read("heightlevelstatus", blind) < 100


async def test_switches(owner: Owner) -> None:
    """Switches of all kinds, of the simulator and of its plant."""
    house = owner.house
    lamp = house.guids("light")[1]
    body = {
        "alive": True,
        "activity": 2,
        "auth": "basic",
        "rate_limit": 3,
        "spelling": "V1",
        "digest_algorithm": "SHA-256",
        "offer": "basic_first",
        "status_format": "string",
        "level_off_zero": False,
    }
    assert (await owner.control("set", **body))[0] == 200
    assert house.describe()["switches"].items() >= body.items()
    assert await owner.read("powerstatus", lamp) in {"0", "1"}
    await owner.control("format", controller="powerstatus", format="boolean")
    assert await owner.read("powerstatus", lamp) in {True, False}
    await owner.control("format", controller="powerstatus", format=None)
    assert house.formats == {}
    await owner.control("error_status", error="impossible to execute", status=404)
    assert (await owner.ask("heightlevelstatus", lamp))[0] == 404
    await owner.control("bus", shortest=0, longest=2)
    assert house.plant.bus_seconds == (0, 2)
    await owner.control("server", version="02.00.00.01", connected_clients=7, pbx_users=["9"])
    facts = await owner.good("system/serverStatus")
    assert (facts["version"], facts["connected_clients"], facts["pbx_users"]) == (
        *("02.00.00.01", 7),
        "9",
    )


async def test_events(owner: Owner) -> None:
    """Objects come and go, are out of reach, and play tricks."""
    house = owner.house
    lamp = house.guids("light")[0]
    await owner.control("restrict", guid=lamp)
    assert (await owner.ask("powerstatus", lamp))[0] == 404
    await owner.control("restrict", guid=lamp, restricted=False)
    await owner.control("silence", guid=lamp)
    assert house.device(lamp).silent
    await owner.control("endpoints", guid=lamp, controllers=["powerlevel", "powerlevelstatus"])
    assert (await owner.ask("powerstatus", lamp))[0] == 400
    _, answer = await owner.control("add_device", kind="blind", functions=["height"], name="New")
    assert answer["device"]["controllers"] == ["heightlevel", "heightlevelstatus", "stop", "updown"]
    _, answer = await owner.control("draw_again", guid=lamp)
    assert (await owner.ask("powerlevelstatus", answer["guid"]))[0] == 200
    await owner.control("remove_device", guid=lamp)
    assert (await owner.ask("powerlevelstatus", lamp))[0] == 404
    _, answer = await owner.control("redeploy", remove=2, add=1)
    assert (len(answer["gone"]), len(answer["new"])) == (2, 1)
    await owner.control("trick", kind="status", status=500, times=None)
    assert (await owner.text(STATUS))[0] == 500
    await owner.control("clear_tricks")
    assert (await owner.text(STATUS))[0] == 200
    house.lockout_after = 1
    await owner.send(f"{STATUS}?user=x&pass=y", headers={})
    assert (await owner.text(STATUS))[0] == 403
    await owner.control("unlock")
    await owner.control("forget_nonces")
    house.keep_alive = False
    assert (await owner.text(STATUS))[0] == 200
    await owner.control("restart", reboot=True)
    assert "0 min" in (await owner.text(STATUS))[1]


@pytest.mark.parametrize(
    ("command", "body"),
    [
        ("set", {"alive": 1}),
        ("set", {"auth": "perhaps"}),
        ("set", {"rate_limit": -1}),
        ("set", {"rate_limit": "much"}),
        ("set", {"alive": False, "nothing": 1}),
        ("set", {"challenge_status": 7}),
        ("set", {"digest_qop": "auth-int"}),
        ("set", {"unsupported_error": "no"}),
        ("set", {"realm": 5}),
        ("bus", {"shortest": 2, "longest": 1}),
        ("format", {"controller": "nothing", "format": "string"}),
        ("format", {"controller": "power", "format": "nothing"}),
        ("error_status", {"error": "nothing", "status": 400}),
        ("error_status", {"error": "params errors", "status": 1000}),
        ("server", {"serial": 1}),
        ("light", {"guid": "nothing", "on": True}),
        ("light", {"on": True}),
        ("blind", {"guid": "BLIND", "height": 101}),
        ("blind", {"guid": "BLIND", "to": "up"}),
        ("thermostat", {"guid": "BLIND", "mode": 1}),
        ("thermostat", {"guid": "ROOM", "mode": 7}),
        ("value", {"guid": "ROOM", "function": "height", "value": 1}),
        ("value", {"guid": "ROOM", "function": "nothing", "value": 1}),
        ("trick", {"kind": "nothing"}),
        ("trick", {"kind": "error"}),
        ("trick", {"kind": "status"}),
        ("trick", {"kind": "bom", "times": 0}),
        ("trick", {"kind": "bom", "colour": "red"}),
        ("restrict", {"guid": "nothing"}),
        ("endpoints", {"guid": "ROOM", "controllers": ["nothing"]}),
        ("add_device", {"kind": "car"}),
        ("add_device", {"kind": "light", "functions": ["height"]}),
        ("add_device", {"kind": "light", "guid": "ROOM"}),
        ("draw_again", {"guid": "nothing"}),
        ("remove_device", {"guid": "nothing"}),
        ("redeploy", {"remove": ["nothing"]}),
        ("redeploy", {"remove": 1000}),
        ("poke", {"url": None, "raw": 1}),
        ("poke", {"url": None, "nothing": 1}),
    ],
)
async def test_mistakes(owner: Owner, command: str, body: dict[str, Any]) -> None:
    """A mistake is answered with an explanation and changes nothing."""
    house = owner.house
    names = {"BLIND": house.guids("blind")[0], "ROOM": house.guids("thermostat")[0]}
    given = {key: names.get(str(value), value) for key, value in body.items()}
    before = (house.describe(), await page(owner, "devices"))
    status, answer = await owner.control(command, **given)
    assert (status, list(answer)) == (400, ["error"])
    assert (house.describe(), await page(owner, "devices")) == before


async def test_poke(owner: Owner, hook: Hook, clock: ManualClock) -> None:
    """A rule calls an address with the GUIDs of what has changed; nothing else comes with it."""
    house = owner.house
    first, second = [guid for guid in house.guids("light") if "+" in guid][:2]
    for guid in (first, second):
        house.set_light(guid, on=False)
    await owner.control("poke", url=f"{hook.url}?x=1")
    house.set_light(first, on=True)
    house.set_light(second, on=True)
    house.set_light(second, on=True)
    await until(lambda: clock.sleepers >= 1)
    await clock.advance(0.1)
    await house.delivered()
    assert hook.calls == [("GET", [first, second])]
    assert [(poke.guids, poke.status) for poke in house.pokes] == [((first, second), 200)]
    house.set_analog(house.guids("analog")[0], 5)
    house.poker.raw = house.poker.posts = True
    house.set_light(first, on=False)
    await clock.advance(0.1)
    await house.delivered()
    assert hook.calls[1:] == [("POST", [first.replace("+", " ")])]
    house.set_poke(None)
    house.set_light(first, on=True)
    await clock.advance(1)
    assert len(hook.calls) == 2
    assert len((await page(owner, "pokes"))["pokes"]) == 2


async def test_poke_by_itself(hook: Hook, clock: ManualClock, session: ClientSession) -> None:
    """The rule also calls for what happens without an order: at the end of a movement, by life."""
    async with serving(clock) as house:
        owner = Owner(house, session)
        house.set_poke(hook.url)
        blind = house.guids("blind")[3]
        house.set_blind(blind, height=100)
        await clock.advance(1)
        await house.delivered()
        await owner.good("updown", blind, cmd=0)
        await clock.advance(15)
        await house.delivered()
        assert [guids for _, guids in hook.calls] == [[blind]]
        await clock.advance(60)
        await house.delivered()
        assert [guids for _, guids in hook.calls] == [[blind], [blind]]
        house.alive = True
        await clock.advance(300)
        await house.delivered()
        assert len(hook.calls) > 4
        house.set_poke("http://127.0.0.1:9/")
        house.set_light(house.guids("light")[0], level=7)
        await clock.advance(1)
        await house.delivered()
        assert house.pokes[-1].status is None


async def test_watch(clock: ManualClock) -> None:
    """Who watches hears of each change at its time, without asking."""
    async with serving(clock, alive=True) as house:
        seen: list[tuple[float, float]] = []
        house.watch(lambda change: seen.append((change.at, clock.monotonic())))
        for _ in range(30):
            await clock.advance(10)
        assert len(seen) > 100
        assert all(at == pytest.approx(told, abs=1e-3) for at, told in seen)


@pytest.mark.parametrize("secrets", ["", "userinfo", "query"])
async def test_urls(owner: Owner, session: ClientSession, secrets: str) -> None:
    """The server's page has a URL for each endpoint of each object, to be copied."""
    house = owner.house
    house.spelling = Spelling.LOWER
    urls = house.kit_urls(secrets=secrets)
    assert len(urls) == 198 + 60 + 20 + 25 * 3 + 15 * 2 + 10 + 10 * 3 + 2 * 4 + 8 + 6
    assert all("/api/v1/" in url for url in urls)
    assert (house.password in urls[0]) is bool(secrets)
    assert (await page(owner, "urls"))["urls"] == house.kit_urls()
    parts = urlsplit(next(url for url in urls if "/power?" in url))
    query = dict(parse_qsl(parts.query))
    assert (query["guid"], query["cmd"]) == (house.guids("light")[0], "1")
    if secrets == "query":
        good = next(url for url in urls if "powerstatus" in url and "+" not in url)
        async with session.get(URL(good, encoded=True)) as answer:
            assert answer.status == 200
    if secrets == "userinfo":
        assert (parts.username, parts.password) == (house.username, house.password)


async def test_urls_of_the_cloud(clock: ManualClock, session: ClientSession) -> None:
    """In the cloud each URL holds the key."""
    async with serving(clock, profile="cloud") as house:
        good = next(url for url in house.kit_urls() if "powerstatus" in url and "+" not in url)
        assert f"/{house.key}/api/V1/" in good
        async with session.get(URL(good, encoded=True)) as answer:
            assert answer.status == 200


async def test_command_line(session: ClientSession) -> None:
    """It serves what it prints, and ends without a complaint."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "simulators", "thinknx", "--json", "--profile", "cloud"),
        cwd=ROOT,
        stdout=PIPE,
        stderr=PIPE,
    )
    assert process.stdout is not None
    facts: dict[str, Any] = json.loads(await process.stdout.readline())
    assert facts["domain"] == "thinknx"
    assert list(facts["credentials"]) == ["username", "password", "key", "auth"]
    async with session.get(f"{facts['url']}/{facts['credentials']['key']}{STATUS}") as answer:
        assert len(await answer.json()) == 7
    process.terminate()
    out, err = await process.communicate()
    assert (process.returncode, out, err) == (0, b"", b"")


@pytest.mark.parametrize("profile", PROFILES)
def test_profiles(profile: str) -> None:
    """The profile of the command line reaches the simulator; it then takes its time."""
    (house,) = make(parse(["thinknx", "--profile", profile, "--seed", "4"]))
    assert isinstance(house, ThinknxSimulator)
    assert (house.profile, house.seed, house.service_seconds) == (profile, 4, 0.03)
    assert list(house.credentials) == ["username", "password", "key", "auth"]
