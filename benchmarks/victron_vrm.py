"""What the integration asks of the VRM cloud, how old what it shows is, and what an update costs.

    .venv/bin/python -m benchmarks.victron_vrm

Accounts of 1, 10, 50 and 100 sites live through a day on a clock that is moved by hand, and beside
them Home Assistant's own integration, with an entry for each site. Told are the requests after the
first hour, those that were one too many, how full the cloud's bucket was, and how old the values are
that entities show: live ones, which come with the overview, and all. A site's own logging interval
(60 to 900 s) is part of every age. Besides, at real speed, the longest time for which an update of 1000
rows holds up the event loop when every one of them is an entity, and what a year of history costs.
"""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module
from pathlib import Path
import statistics
from tempfile import TemporaryDirectory
import time
from typing import Any
from unittest.mock import patch

import aiohttp
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)
from pytest_homeassistant_custom_component.components.recorder.common import do_adhoc_statistics

from custom_components.victron_vrm.budget import Budget
from custom_components.victron_vrm.catalog import attribute_of, is_lasting
from custom_components.victron_vrm.clock import CLOCK
from custom_components.victron_vrm.const import DOMAIN
from custom_components.victron_vrm.coordinator import AccountCoordinator
from custom_components.victron_vrm.jobs import Job
from custom_components.victron_vrm.site_coordinator import SiteCoordinator
from custom_components.victron_vrm.tree import SITE
from custom_components.victron_vrm.units import quantity
from homeassistant.components.recorder import get_instance
from homeassistant.core import HomeAssistant
from homeassistant.helpers import recorder as recorder_helper
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from simulators.clock import ManualClock
from simulators.victron_vrm import Profile, VrmSimulator
from simulators.victron_vrm.parks import kinds_of

from .home import enable_all, home, leave_garbage_alone, longest_gap, set_up_entry, shown, simulator
from .report import Measurement, Report, beside, run

THEIRS = "victron_remote_monitoring"
SIZES = (1, 10, 50, 100)
HOUR = 3600.0
HOURS = 24
LOOK_EVERY = 311.0  # in step with nothing
BATTERIES = 35
ROUNDS = 15


@dataclass
class Day:
    """What a day has shown."""

    begun: float = 0.0
    """Seconds from which on requests count."""
    first_hour: int = 0
    requests: float = 0.0
    """In an hour, after the first one."""
    rejected: int = 0
    peak: float = 0.0
    shown: int = 0
    """Entities with values."""
    live: tuple[float, float] = (0.0, 0.0)
    """Age of live values in seconds, median and worst."""
    other: tuple[float, float] = (0.0, 0.0)
    """The same of all others."""

    def close(self, hass: HomeAssistant, cloud: VrmSimulator) -> None:
        """Note what there is in the end; all but the first hour counts."""
        hours = (cloud.clock.monotonic() - self.begun) / HOUR
        self.requests = (cloud.stats.requests.total() - self.first_hour) / hours
        self.rejected, self.peak = cloud.stats.rejected, cloud.stats.peak_level
        self.shown = shown(hass)


def one_clock(clock: ManualClock, cloud: VrmSimulator) -> ExitStack:
    """Let the integration go by the cloud's clock, and ask it, as long as the stack is open."""
    stack = ExitStack()
    for change in (
        patch.multiple(CLOCK, monotonic=clock.monotonic, sleep=clock.sleep),
        patch.object(CLOCK, "time", lambda: clock.now().timestamp()),
        patch("simulators.clock._SETTLE_ROUNDS", 4),
        at(f"{cloud.url}/v2"),
    ):
        stack.enter_context(change)
    return stack


def at(url: str) -> Any:
    """Let the integration ask another cloud."""
    return patch("custom_components.victron_vrm.connection.API_URL", url)


async def quiet(clock: ManualClock) -> None:
    """Wait until everybody waits for time to pass."""
    for number in range(60_000):
        if clock.sleepers:
            return
        await asyncio.sleep(0 if number < 200 else 0.001)
    raise SystemExit("nobody waits any more")


async def live(clock: ManualClock, seconds: float) -> None:
    """Let time pass for the cloud and for what asks it."""
    end = clock.monotonic() + seconds
    while (now := clock.monotonic()) < end:
        await quiet(clock)
        await clock.advance(min(end - now, max(0.01, clock.soonest - now)))
    await quiet(clock)


async def set_up(
    hass: HomeAssistant, token: str, user_id: int, options: dict[str, Any] | None = None
) -> MockConfigEntry:
    """Set the integration up."""
    entry = MockConfigEntry(
        domain=DOMAIN,
        title="VRM",
        unique_id=str(user_id),
        data={"token": token, "user_id": user_id},
        options=options or {},
    )
    return await set_up_entry(hass, entry)


def shown_ages(site: SiteCoordinator, now: float) -> Iterator[tuple[bool, float]]:
    """Yield how old the measurements are that entities show, and whether they are live ones."""
    keys = {key for context in site.async_contexts() for key in context if isinstance(key, tuple)}
    for key in keys - site.data.stale:
        reading = site.data.reading(key)
        if reading is None or reading.at is None:
            continue
        if not is_lasting(reading, attribute_of(reading, quantity(reading.format).unit)):
            yield key[0] == SITE, now - reading.at


async def day_of_ours(sites: int, interval: int) -> Day:
    """Return what a day of an account costs, and shows."""
    clock, day = ManualClock(), Day()
    kinds = kinds_of(Profile.HUNDRED)[:sites]
    ages: tuple[list[float], list[float]] = [], []
    async with VrmSimulator(kinds=kinds, clock=clock) as cloud, home() as hass:
        with one_clock(clock, cloud):
            entry = await set_up(hass, cloud.token, cloud.owner.id, {"poll_interval": interval})
            account: AccountCoordinator = entry.runtime_data
            await live(clock, HOUR)
            day.begun, day.first_hour = clock.monotonic(), cloud.stats.requests.total()
            for _ in range(int((HOURS - 1) * HOUR / LOOK_EVERY)):
                await live(clock, LOOK_EVERY)
                for site in account.sites.values():
                    for is_live, age in shown_ages(site, cloud.now):
                        ages[is_live].append(age)
            day.close(hass, cloud)
            await hass.config_entries.async_unload(entry.entry_id)
    day.other, day.live = ((statistics.median(it), max(it)) for it in ages)
    return day


async def day_of_theirs(sites: int) -> Day:
    """Return the same of Home Assistant's own integration, with an entry for each site."""
    day, clock = Day(), ManualClock()
    kinds = kinds_of(Profile.HUNDRED)[:sites]
    client = import_module("victron_vrm.client")
    async with VrmSimulator(kinds=kinds, clock=clock) as cloud, home() as hass:
        with patch.object(client, "BASE_URL", f"{cloud.url}/v2/"):
            for site in cloud.sites_of(cloud.owner):
                entry = MockConfigEntry(
                    domain=THEIRS,
                    title=site.name,
                    unique_id=str(site.id),
                    data={"api_token": cloud.token, "site_id": site.id},
                )
                entry.add_to_hass(hass)
                await hass.config_entries.async_setup(entry.entry_id)
            await hass.async_block_till_done()
            day.first_hour = cloud.stats.requests.total()
            begun = dt_util.utcnow()
            for hour in range(1, HOURS + 1):
                await clock.advance(HOUR)
                async_fire_time_changed(hass, begun + timedelta(seconds=hour * 3630))
                await hass.async_block_till_done(wait_background_tasks=True)
            day.close(hass, cloud)
    return day


async def connect_batteries(facts: dict[str, Any]) -> int:
    """Give the simulated site so many batteries that it has 1000 values; return the user."""
    header = {"X-Authorization": f"Token {facts['credentials']['token']}"}
    async with aiohttp.ClientSession() as session:
        for instance in range(300, 300 + BATTERIES):
            body = {"site": "ess", "type": "battery", "instance": instance, "product": "BMV"}
            async with session.post(f"{facts['control']}/add_device", json=body) as answer:
                answer.raise_for_status()
        async with session.get(f"{facts['url']}/v2/users/me", headers=header) as answer:
            return int((await answer.json())["user"]["id"])


async def explored(entry: MockConfigEntry) -> SiteCoordinator:
    """Return the only site once everything was read for the first time."""
    account: AccountCoordinator = entry.runtime_data
    (site,) = account.sites.values()
    # There is no event to wait for: nobody else is interested in it.
    while not all(plan.tried for plan in site.plans.values()):  # noqa: ASYNC110
        await asyncio.sleep(0.1)
    return site


async def gaps_of(
    hass: HomeAssistant, facts: dict[str, Any], user: int
) -> tuple[int, int, list[float]]:
    """Return rows, entities, and for how long each update holds up the loop."""
    with at(f"{facts['url']}/v2"):
        entry = await set_up(hass, facts["credentials"]["token"], user)
        await explored(entry)
        await enable_all(hass, entry)
        site = await explored(entry)
        gaps = []
        leave_garbage_alone()
        for _ in range(ROUNDS):
            await asyncio.sleep(1.2)  # so that the site has logged
            site.account.client.transport.budget = Budget()  # so many updates are not usual
            gaps.append(await longest_gap(site.async_run(Job.DIAGNOSTICS)))
        rows = len(await site.account.client.diagnostics(site.site_id))
        entities = hass.states.async_entity_ids_count()
        await hass.config_entries.async_unload(entry.entry_id)
    return rows, entities, gaps


async def update() -> tuple[int, int, list[float]]:
    """Return rows, entities, and for how long each update holds up the loop."""
    options = ("--profile", "one", "--speed", "60")  # it logs each second
    async with simulator(DOMAIN, *options) as facts:
        user = await connect_batteries(facts)
        async with home() as hass:
            return await gaps_of(hass, facts, user)


async def year_of_history() -> tuple[int, float]:
    """Return the requests for a year of history, and the seconds of real time."""
    clock = ManualClock()
    async with VrmSimulator(kinds=["ess"], clock=clock) as cloud, home() as hass:
        cloud.site("ess").created = int(cloud.now // HOUR * HOUR - 365 * 24 * HOUR)
        with TemporaryDirectory() as folder, one_clock(clock, cloud):
            recorder_helper.async_initialize_recorder(hass)
            url = f"sqlite:///{Path(folder, 'history.db')}"
            config = {"recorder": {"db_url": url, "commit_interval": 0}}
            if not await async_setup_component(hass, "recorder", config):
                raise SystemExit("there is no recorder")
            entry = await set_up(hass, cloud.token, cloud.owner.id, {"history": True})
            account: AccountCoordinator = entry.runtime_data
            (site,) = account.sites.values()
            await live(clock, 1)
            await get_instance(hass).async_block_till_done()
            now = dt_util.utcnow()
            do_adhoc_statistics(
                hass, start=now.replace(minute=now.minute // 5 * 5, second=0, microsecond=0)
            )
            await get_instance(hass).async_block_till_done()
            started = time.perf_counter()
            while site.data.history != 100:
                await live(clock, 60)
                if clock.monotonic() > 6 * HOUR:
                    raise SystemExit("the history is not imported")
            seconds = time.perf_counter() - started
            spans = [it for *_, interval, it in cloud.stats.spans if interval == "hours"]
            await hass.config_entries.async_unload(entry.entry_id)
            await hass.async_stop(force=True)
    return len([it for it in spans if it > 8 * 24 * HOUR]), seconds


async def measure(report: Report) -> None:
    """Measure and tell the figures."""
    tell = report.tell

    def tell_day(name: str, ours: Day, theirs: Day | None, most: float | None) -> None:
        tell(f"{name}: requests, first hour", ours.first_hour, "")
        tell(f"{name}: requests", ours.requests, "1/h", most)
        tell(f"{name}: refused with 429", ours.rejected, "", 0)
        tell(f"{name}: fullest bucket of the cloud", ours.peak, "of 200")
        for kind, ages in (("live values", ours.live), ("all others", ours.other)):
            tell(f"{name}: age of {kind}, median", ages[0], "s")
            tell(f"{name}: age of {kind}, worst", ages[1], "s")
        tell(f"{name}: entities with values", ours.shown, "")
        if theirs:
            tell(f"{name}: theirs, requests", theirs.requests, "1/h")
            tell(f"{name}: theirs, entities with values", theirs.shown, "")
            tell(f"{name}: requests, ours / theirs", ours.requests / theirs.requests, "times")
            tell(f"{name}: entities, ours / theirs", ours.shown / theirs.shown, "times")

    rows, entities, gaps = await beside(DOMAIN, "update")
    tell("update, rows", rows, "")
    tell("update, entities", entities, "")
    tell("update, longest hold of the event loop, median", statistics.median(gaps), "ms", 20)
    tell("update, longest hold of the event loop, worst", max(gaps), "ms")
    requests, seconds = await beside(DOMAIN, "year")
    tell("year of history, requests", requests, "", 15)
    tell("year of history, time", seconds, "s")
    # The largest account takes as long as all others together.
    largest = asyncio.create_task(beside(DOMAIN, "ours", SIZES[-1], 300))
    tell_day("1 site every 120 s", Day(**await beside(DOMAIN, "ours", 1, 120)), None, 45)
    for sites in SIZES:
        theirs = Day(**await beside(DOMAIN, "theirs", sites))
        ours = Day(**await (largest if sites == SIZES[-1] else beside(DOMAIN, "ours", sites, 300)))
        tell_day(
            "1 site" if sites == 1 else f"{sites} sites", ours, theirs, 25 if sites == 1 else None
        )


PARTS: dict[str, Measurement] = {
    "ours": day_of_ours,
    "theirs": day_of_theirs,
    "update": update,
    "year": year_of_history,
}

if __name__ == "__main__":
    run(DOMAIN, measure, PARTS)
