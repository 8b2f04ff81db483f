"""How soon changes of a KNX house are seen, and at what price, against two usual ways to poll.

    .venv/bin/python -m benchmarks.thinknx

The simulated server has 198 values and takes 10 requests a second. Three clients watch the same
house for the same time, one after the other:
- ours, at 5 requests a second;
- in turn: one GET for each value, one after the other, every 30 seconds;
- at once: all GETs together, every 30 seconds.

Told are the requests, how many were refused, values that were not read for three minutes, and the
seconds from a change to the moment at which a client knows of it. Then, at real speed: the seconds
from a command to its arrival at the server while ours reads as fast as it may, and what an import
of 200 devices costs in Home Assistant's event loop.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
import json
import statistics
import time
from types import MappingProxyType
from typing import override

import aiohttp
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
)

from custom_components.thinknx.address import Address, Auth, Connection
from custom_components.thinknx.ages import Key
from custom_components.thinknx.api import ThinknxClient
from custom_components.thinknx.const import DOMAIN
from custom_components.thinknx.endpoints import STATUSES, Command
from custom_components.thinknx.errors import ThinknxError
from custom_components.thinknx.models import ServerStatus
from custom_components.thinknx.scheduler import Scheduler
from custom_components.thinknx.setup import COALESCED
from custom_components.thinknx.values import Reading
from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant
from simulators.clock import RealClock
from simulators.thinknx import ThinknxSimulator
from simulators.thinknx.controllers import READINGS
from simulators.thinknx.plant import Change

from .home import home, set_up_entry
from .report import Report, run

SPEED = 15.0
WATCHED = 20 * 60.0  # seconds of the house
BUSY_HOUSE = 4.0  # times as many changes as usual, so that there is something to see
EVERY = 30.0
TOO_OLD = 180.0
LIMIT, LIMIT_BURST = 10.0, 20
RATE = 5.0
COMMANDS = 60
DEVICES = 200

type Told = Callable[[str, str, object], None]
type Watch = Callable[[ThinknxSimulator, Told], Awaitable[None]]


@dataclass
class Seen:
    """What a client got to know, and when."""

    server: ThinknxSimulator
    since: dict[tuple[str, str], float] = field(default_factory=dict)
    seconds: dict[str, list[float]] = field(default_factory=dict)

    def changed(self, change: Change) -> None:
        """Note a change that nobody has seen yet."""
        kind = self.server.plant.devices[change.guid].kind
        for controller, reading in READINGS.items():
            if (reading.kind, reading.function) == (kind, change.function):
                self.since.setdefault((change.guid, controller), change.at)

    def told(self, guid: str, controller: str, value: object) -> None:
        """Note that a client read a value; what it now knows is seen."""
        at = self.since.get((guid, controller))
        if at is not None and value == self.server.value(guid, READINGS[controller].function):
            del self.since[guid, controller]
            self.seconds.setdefault(controller, []).append(self.server.plant.now - at)


async def ours(server: ThinknxSimulator, told: Told) -> None:
    """Watch as the integration does."""
    clock = server.clock
    async with aiohttp.ClientSession() as session:
        client = client_of(session, server)
        scheduler = Scheduler(client, Listener(told), RATE, now=clock.monotonic, sleep=clock.sleep)
        scheduler.want(keys_of(server))
        running = asyncio.create_task(scheduler.run())
        await clock.sleep(WATCHED)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        scheduler.close()


def client_of(session: aiohttp.ClientSession, server: ThinknxSimulator) -> ThinknxClient:
    """Return a client of the integration."""
    address = Address(Connection.LOCAL, server.host, server.port)
    return ThinknxClient(session, address, Auth.BASIC, server.username, server.password)


async def get(
    session: aiohttp.ClientSession, server: ThinknxSimulator, told: Told, guid: str, name: str
) -> None:
    """Read one value as anybody would."""
    url = f"{server.url}/api/V1/{name}"
    async with session.get(url, params={"guid": guid, "auth": "basic"}) as answer:
        if answer.status == 200:
            told(guid, name, json.loads(await answer.read())["status"])


async def in_turn(server: ThinknxSimulator, told: Told) -> None:
    """Read one value after the other, every 30 seconds."""
    end = server.clock.monotonic() + WATCHED
    async with aiohttp.ClientSession(headers=login(server)) as session:
        while (begin := server.clock.monotonic()) < end:
            for guid, name in server.readable:
                await get(session, server, told, guid, name)
            await server.clock.sleep(max(0.0, begin + EVERY - server.clock.monotonic()))


async def at_once(server: ThinknxSimulator, told: Told) -> None:
    """Read all values together, every 30 seconds."""
    end = server.clock.monotonic() + WATCHED
    async with aiohttp.ClientSession(headers=login(server)) as session:
        while (begin := server.clock.monotonic()) < end:
            await asyncio.gather(
                *(get(session, server, told, guid, name) for guid, name in server.readable)
            )
            await server.clock.sleep(max(0.0, begin + EVERY - server.clock.monotonic()))


def login(server: ThinknxSimulator) -> dict[str, str]:
    """Return user and password as others send them."""
    return {"Authorization": aiohttp.encode_basic_auth(server.username, server.password)}


async def watched(watch: Watch) -> tuple[ThinknxSimulator, Seen]:
    """Let a client watch a house that is the same for all of them."""
    clock = RealClock(SPEED)
    async with ThinknxSimulator(clock=clock, activity=BUSY_HOUSE, auth="basic") as server:
        server.rate_limit, server.rate_burst = LIMIT, LIMIT_BURST
        seen = Seen(server)
        server.watch(seen.changed)
        server.stats.reset()
        await watch(server, seen.told)
        return server, seen


def starved(server: ThinknxSimulator, seen: Seen) -> int:
    """Return how many values were not read for three minutes, or never."""
    now = server.clock.monotonic()
    read_at, gaps = server.stats.read_at, server.stats.longest_gap
    return sum(
        max(gaps.get(it, 0.0), now - read_at.get(it, now - WATCHED)) > TOO_OLD
        for it in server.readable
    )


class Nobody:
    """Hears of what was read, and does nothing."""

    def told(self, key: Key, reading: Reading) -> None:
        """Take in a value."""

    def refused(self, key: Key, err: ThinknxError) -> None:
        """Take note of a value that cannot be read."""

    def server(self, status: ServerStatus) -> None:
        """Take in how the server is doing."""

    def reachable(self, err: ThinknxError | None) -> None:
        """Take note that the server answers, or why it does not."""


@dataclass
class Listener(Nobody):
    """Passes values on under the names that the server has for them."""

    pass_on: Told

    @override
    def told(self, key: Key, reading: Reading) -> None:
        self.pass_on(key[0], STATUSES[key[1]].controller, reading.value)


def keys_of(server: ThinknxSimulator) -> Iterator[Key]:
    """Yield all values of a server as the integration knows them."""
    aspects = {status.controller: aspect for aspect, status in STATUSES.items()}
    return ((guid, aspects[controller]) for guid, controller in server.readable)


async def commands() -> list[float]:
    """Return the seconds from commands to their arrival, while ours reads as fast as it may."""
    async with ThinknxSimulator(auth="basic") as server, aiohttp.ClientSession() as session:
        scheduler = Scheduler(client_of(session, server), Nobody(), RATE)
        scheduler.want(keys_of(server))
        running = asyncio.create_task(scheduler.run())
        seconds = []
        for number, guid in enumerate(server.guids("light")[:COMMANDS]):
            await asyncio.sleep(0.3 + number % 7 * 0.05)
            asked = server.clock.monotonic()
            await scheduler.command(guid, Command.POWER, number % 2)
            seconds.append(server.stats.commands[-1].at - asked)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        scheduler.close()
        return seconds


async def imported(hass: HomeAssistant) -> tuple[float, float]:
    """Return the seconds of work of the listener, and until all imported devices are there."""
    async with ThinknxSimulator(auth="basic") as server:
        entry = MockConfigEntry(
            domain=DOMAIN,
            title="Thinknx",
            data={
                "connection": "local",
                "host": server.host,
                "port": server.port,
                "username": server.username,
                "password": server.password,
                "auth": "basic",
                "api_version": "V1",
                "webhook_id": "none",
            },
        )
        await set_up_entry(hass, entry)
        runs = entry.runtime_data
        for number in range(DEVICES):
            guid = f"{number:022}"
            hass.config_entries.async_add_subentry(
                entry,
                ConfigSubentry(
                    data=MappingProxyType({"guid": guid, "aspects": ["power"]}),
                    subentry_type="light",
                    title=f"Light {number}",
                    unique_id=guid,
                ),
            )
        await asyncio.sleep(COALESCED - 0.1)
        begin, busy = time.perf_counter(), time.process_time()
        await hass.async_block_till_done()
        while hass.states.async_entity_ids_count("light") < DEVICES:
            await hass.async_block_till_done()
        there, work = time.perf_counter() - begin, time.process_time() - busy
        assert entry.runtime_data is runs, "the entry was reloaded"
        await hass.config_entries.async_unload(entry.entry_id)
        return work, there


async def measure(report: Report) -> None:
    """Measure and tell the figures."""
    tell = report.tell

    async def compare(name: str, watch: Watch, *, ours: bool = False) -> None:
        server, seen = await watched(watch)
        requests = server.stats.requests.total()
        lights = seen.seconds.get("powerstatus", [])
        if len(lights) < 2:
            raise SystemExit(f"{name}: nothing was seen of the lights")
        unseen = sum(name == "powerstatus" for _, name in seen.since)
        tell(f"{name}: requests a second", requests / WATCHED, "1/s")
        refused = 100 * server.stats.rejected / requests
        tell(f"{name}: refused", refused, "%", 0 if ours else None)
        tell(
            f"{name}: values not read for 3 minutes", starved(server, seen), "", 0 if ours else None
        )
        tell(f"{name}: light seen, median", statistics.median(lights), "s", 10 if ours else None)
        tell(
            f"{name}: light seen, 95 %",
            statistics.quantiles(lights, n=20)[-1],
            "s",
            20 if ours else None,
        )
        tell(f"{name}: changes of lights, seen and not", len(lights), f"+ {unseen}")

    await compare("ours", ours, ours=True)
    await compare("in turn", in_turn)
    await compare("at once", at_once)
    seconds = await commands()
    tell("command to its arrival, median", statistics.median(seconds) * 1000, "ms")
    tell("command to its arrival, worst", max(seconds) * 1000, "ms", 50)
    async with home(web=True) as hass:
        work, there = await imported(hass)
        tell("import of 200 devices, work of the listener", work, "s", 1.0)
        tell("import of 200 devices, until all are there", there, "s")


if __name__ == "__main__":
    run("thinknx", measure)
