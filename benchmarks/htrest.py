"""What the integration asks of a slow serial line, and how quickly a setting is set.

    .venv/bin/python -m benchmarks.htrest

The simulator counts; a serial command takes 35 ms. Promised are bounds, and beside them stands what
others would ask in the same time:
- a start with the standard table: serial commands and seconds, a restart likewise;
- an idle hour: serial commands of the default entities, and of all standard ones enabled, against
  a REST sensor for each parameter that they show, against one request with a list of them, and
  against the full sweep, each of them every 30 seconds. Ours reads measured values as often, and
  settings, which change when somebody sets them, every 10 minutes;
- the seconds until all measured values of the default entities are fresh, with each of the four;
- from a service call to the confirmed state while polling runs: median and worst of 40.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
import statistics
import time
from urllib.parse import quote

from aiohttp import ClientSession
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
)

from custom_components.htrest.catalog import CATALOG
from custom_components.htrest.const import DOMAIN
from custom_components.htrest.models import Kind
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from simulators.clock import ManualClock
from simulators.htrest import HtRestSimulator

from .home import enable_all, home, ring, set_up_entry
from .report import Report, run

POLLS_AN_HOUR = 120
CALLS = 40
ROUNDS = 5
BETWEEN_POLLS = 2.0  # seconds, instead of 30: many calls meet a poll


async def set_up(hass: HomeAssistant, server: HtRestSimulator) -> MockConfigEntry:
    """Set the integration up."""
    entry = MockConfigEntry(
        domain=DOMAIN,
        title="Heliotherm",
        unique_id=str(server.serial_number),
        data={"host": server.host, "port": server.port, "username": "", "password": ""},
        options={"allow_changes": True},
    )
    await set_up_entry(hass, entry)
    await hass.async_block_till_done(wait_background_tasks=True)
    return entry


async def spent(server: HtRestSimulator, happening: Awaitable[object]) -> tuple[int, float]:
    """Return the serial commands and the seconds of the line that something costs."""
    commands, seconds = server.stats.serial_commands, server.stats.serial_seconds
    await happening
    return server.stats.serial_commands - commands, server.stats.serial_seconds - seconds


async def idle_hour(hass: HomeAssistant, server: HtRestSimulator) -> int:
    """Return the serial commands of an hour."""

    async def polls() -> None:
        for _ in range(POLLS_AN_HOUR):
            await ring(hass, 31)

    return (await spent(server, polls()))[0]


async def get_all(server: HtRestSimulator, paths: Iterable[str]) -> None:
    """Read each path as anybody would."""
    async with ClientSession() as session:
        for path in paths:
            async with session.get(f"{server.url}/api/v1/{path}") as answer:
                answer.raise_for_status()


async def of_others(server: HtRestSimulator, paths: Iterable[str]) -> int:
    """Return the serial commands of an hour in which each path is read every 30 seconds."""
    return (await spent(server, get_all(server, paths)))[0] * POLLS_AN_HOUR


def shown_by(entry: MockConfigEntry, server: HtRestSimulator, *kinds: Kind) -> list[str]:
    """Return the parameters of the table that entities show, all or those of some kinds."""
    contexts = entry.runtime_data.async_contexts()
    names = {name for context in contexts for name in context}
    return [
        name
        for name in server.table
        if name in names and (not kinds or CATALOG[name].kind in kinds)
    ]


def each(names: Iterable[str]) -> list[str]:
    """Return a path for each parameter, as a REST sensor each would ask for it."""
    return [f"param/{name}" for name in names]


def one_list(names: Iterable[str]) -> list[str]:
    """Return one path for all of them, as the RESTful integration could."""
    return [f"param/?{'&'.join(map(quote, names))}"]


SWEEP = ["param/"]


async def fresh(happening: Callable[[], Awaitable[object]]) -> float:
    """Return the seconds until all values are there that were asked for, median of some times."""
    seconds = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        await happening()
        seconds.append(time.perf_counter() - started)
    return statistics.median(seconds)


async def setting(hass: HomeAssistant, entry: MockConfigEntry) -> list[float]:
    """Return the seconds from each call to its confirmed state, while polls run all the time."""
    limit = f"{entry.unique_id}-sp76"
    entity_id = er.async_get(hass).async_get_entity_id("number", DOMAIN, limit)
    assert entity_id
    running = True

    async def polls() -> None:
        while running:
            # Not by moving the time: that would let requests time out that are under way.
            await entry.runtime_data.async_refresh()
            await asyncio.sleep(BETWEEN_POLLS)

    polling = asyncio.create_task(polls())
    seconds = []
    for number in range(CALLS):
        await asyncio.sleep(0.1 + number % 7 * 0.05)
        started = time.perf_counter()
        await hass.services.async_call(
            "number", "set_value", {"entity_id": entity_id, "value": number % 40}, blocking=True
        )
        state = hass.states.get(entity_id)
        assert state
        assert float(state.state) == number % 40
        seconds.append(time.perf_counter() - started)
    running = False
    await polling
    return seconds


async def costs(report: Report, hass: HomeAssistant, server: HtRestSimulator) -> None:
    """Tell what starts and idle hours cost the serial line."""
    entries: list[MockConfigEntry] = []

    async def first() -> None:
        entries.append(await set_up(hass, server))

    async def again() -> None:
        await hass.config_entries.async_reload(entries[0].entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)

    for what, happening, most, longest in (("start", first, 120, 6), ("restart", again, 60, None)):
        commands, seconds = await spent(server, happening())
        report.tell(f"{what}, serial commands", commands, "", most)
        report.tell(f"{what}, time on the line", seconds, "s", longest)
    for what, most in (("default entities", 650), ("all standard entities", 800)):
        if what == "all standard entities":
            await enable_all(hass, entries[0])
            await hass.async_block_till_done(wait_background_tasks=True)
        usual = await idle_hour(hass, server)
        names = shown_by(entries[0], server)
        report.compare(
            f"serial commands in an idle hour, {what}",
            usual,
            most=most,
            a_sensor_each=await of_others(server, each(names)),
            one_list=await of_others(server, one_list(names)),
            full_sweep=await of_others(server, SWEEP),
        )


async def latency(report: Report, hass: HomeAssistant, server: HtRestSimulator) -> None:
    """Tell how soon measured values are fresh, and settings set."""
    entry = await set_up(hass, server)
    names = shown_by(entry, server, Kind.MEASURED)
    report.compare(
        "until all measured default values are fresh, median",
        await fresh(entry.runtime_data.async_refresh),
        "s",
        a_sensor_each=await fresh(lambda: get_all(server, each(names))),
        one_list=await fresh(lambda: get_all(server, one_list(names))),
        full_sweep=await fresh(lambda: get_all(server, SWEEP)),
    )
    server.stats.reset()
    seconds = await setting(hass, entry)
    polling = "while polling, call to confirmed state"
    report.tell(f"{polling}, median", statistics.median(seconds), "s", 0.35)
    report.tell(f"{polling}, worst", max(seconds), "s", 1.0)
    report.tell("while polling, requests at once, most", server.stats.max_queued, "", 1)


async def measure(report: Report) -> None:
    """Measure and tell the figures."""
    async with (
        HtRestSimulator(clock=ManualClock()) as counted,
        HtRestSimulator() as timed,
        home() as hass,
    ):
        counted.time_zone = timed.time_zone = hass.config.time_zone
        timed.serial_number = 654321
        await costs(report, hass, counted)
        for entry in hass.config_entries.async_entries(DOMAIN):
            await hass.config_entries.async_unload(entry.entry_id)
        await latency(report, hass, timed)


if __name__ == "__main__":
    run("htrest", measure)
