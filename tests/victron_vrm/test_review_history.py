"""What the recorder's statistics must bear."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest

from custom_components.victron_vrm.flows import Counter
from custom_components.victron_vrm.statistics import SensorStatistics
from homeassistant.components.recorder import get_instance
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from simulators.victron_vrm import VrmSimulator
from simulators.victron_vrm.site import Site

from .common import House, make_entry
from .recording import HOUR, compiled, hours, wrong_hours
from .test_history import begun, imported, only, sensor
from .test_statistics import priced

type Start = Callable[..., Awaitable[House]]

DAY = 86400


@pytest.fixture
def site(cloud: VrmSimulator) -> Site:
    """Return a house that is connected to VRM since forty days."""
    site = cloud.site("ess")
    site.created = int(cloud.now) // HOUR * HOUR - 40 * DAY
    return site


async def test_energy_fails_after_a_restart(
    recorder_mock: Any, hass: HomeAssistant, cloud: VrmSimulator, site: Site, start: Start
) -> None:
    """An import that goes on after a restart leaves no piece out when energy cannot be read at first."""
    site.created = int(cloud.now) // HOUR * HOUR - 100 * DAY
    house = await start(make_entry(cloud, {"history": True}))
    only(house, "solar")
    await compiled(hass)
    cloud.latency = 10
    while (shown := float(house.state("history").state or 0) if begun(house, site) else 0) < 20:
        await house.live(10)
    assert shown < 100
    cloud.latency = 0
    cloud.inject(path="*/stats", kind="status", status=503, times=1)
    assert await hass.config_entries.async_reload(house.entry.entry_id)
    await house.live(3000)
    assert house.state("history").state == "100.0"
    found = await hours(hass, sensor(house, "solar"))
    assert found[0]["start"] == site.created - HOUR
    assert wrong_hours(site, "solar", found[1:]) == []


async def test_import_from_a_day_on(
    recorder_mock: Any, hass: HomeAssistant, cloud: VrmSimulator, site: Site, start: Start
) -> None:
    """An import from a day on leaves the hour before that day as it was."""
    house = await imported(start, cloud, "battery_discharge")
    day = dt_util.utc_from_timestamp(cloud.now - 10 * DAY).date()
    before = await hours(hass, sensor(house, "battery_discharge"))
    await house.act("import_history", site_id=str(site.id), start=day.isoformat())
    await house.live(100)
    assert house.state("history").state == "100.0"
    after = await hours(hass, sensor(house, "battery_discharge"))
    changes = {it["start"]: it["change"] for it in before}
    assert [
        (it["start"], it["change"], changes[it["start"]])
        for it in after
        if it["start"] in changes and abs(it["change"] - changes[it["start"]]) > 0.001
    ] == []


async def test_import_from_long_before(
    recorder_mock: Any, hass: HomeAssistant, cloud: VrmSimulator, site: Site, start: Start
) -> None:
    """An import from a day before the site existed begins where the site does."""
    house = await imported(start, cloud, "solar")
    runtime = house.entry.runtime_data.sites[site.id]
    with patch.object(runtime.account.history, "async_step", _never):
        await house.act("import_history", site_id=str(site.id), start="2015-01-01")
    assert runtime.memory.history.start == site.created


@pytest.mark.parametrize("again", [False, True])
async def test_statistics_deleted(
    recorder_mock: Any,
    hass: HomeAssistant,
    cloud: VrmSimulator,
    site: Site,
    start: Start,
    again: bool,
) -> None:
    """When a user deletes the statistics of a counter, no hour of the new ones is negative."""
    house = await imported(start, cloud, "grid_import")
    statistic_id = sensor(house, "grid_import")
    get_instance(hass).async_clear_statistics([statistic_id])
    await get_instance(hass).async_block_till_done()
    assert await hours(hass, statistic_id) == []
    if again:
        assert await hass.config_entries.async_reload(house.entry.entry_id)
        await house.live(1)
    soon = dt_util.utcnow() + timedelta(minutes=5)
    await compiled(hass, soon if soon.minute < 55 else soon + timedelta(minutes=5))
    await house.live(3 * HOUR)
    found = await hours(hass, statistic_id)
    assert found
    assert [it["change"] for it in found if it["change"] < -0.001] == []


async def test_recorder_hangs(
    recorder_mock: Any, hass: HomeAssistant, cloud: VrmSimulator, site: Site, start: Start
) -> None:
    """While the recorder is busy for long, as in a migration or a backup, live values go on."""
    house = await start()
    await compiled(hass)
    never = asyncio.Event()
    waits = 0

    async def wait() -> None:
        nonlocal waits
        waits += 1
        await never.wait()

    with (
        patch.object(get_instance(hass), "async_block_till_done", wait),
        patch("custom_components.victron_vrm.statistics.PATIENCE", 0.05, create=True),
    ):
        for _ in range(60):
            await house.clock.advance(60)
            await asyncio.sleep(0.1)
            await house.quiet()
        polls = cloud.stats.requests[f"/v2/users/{cloud.owner.id}/installations"]
        never.set()
        await asyncio.sleep(0.3)
    assert polls > 10
    assert waits <= 5, (
        waits
    )  # each of them holds up everything else; once in a quarter of an hour will do


async def test_nothing_new_is_not_written_again(
    recorder_mock: Any, hass: HomeAssistant, cloud: VrmSimulator, site: Site, start: Start
) -> None:
    """Each hour only that hour is written: the others are as they were."""
    house = await imported(start, cloud, "grid_import", "solar")
    await house.live(3 * HOUR)
    written: list[int] = []
    original = SensorStatistics.async_write

    async def spied(
        self: Any, site_id: int, counter: Counter, name: str, rows: Any, **more: Any
    ) -> bool:
        written.append(len(rows))
        return await original(self, site_id, counter, name, rows, **more)

    with patch.object(SensorStatistics, "async_write", spied):
        await house.live(10 * HOUR)
    assert written
    assert sum(written) / len(written) < 10, written


async def test_new_flow_is_no_trouble(
    recorder_mock: Any, hass: HomeAssistant, cloud: VrmSimulator, site: Site, start: Start
) -> None:
    """A flow that appears later raises no repair before the recorder could have seen its sensor."""
    house = await imported(start, cloud, "solar")
    await house.live(2 * HOUR)
    assert house.issues == []
    runtime = house.entry.runtime_data.sites[site.id]
    ledger = runtime.memory.ledger
    ledger.base["gc"] = 1.0
    runtime.plans["energy"].due = 0.0
    await house.live(60)
    assert house.find("sensor", f"{site.id}-generator_energy")
    runtime.plans["energy"].due = 0.0
    await house.live(60)
    assert house.issues == []


async def test_no_repair_at_first(
    recorder_mock: Any, hass: HomeAssistant, cloud: VrmSimulator, site: Site, start: Start
) -> None:
    """When the history is wanted, nothing is said to be impossible in the first minutes."""
    house = await start(make_entry(cloud, {"history": True}))
    await house.live(60)
    assert house.issues == []


async def test_wish_taken_back(
    recorder_mock: Any, hass: HomeAssistant, cloud: VrmSimulator, site: Site, start: Start
) -> None:
    """An import ends when the user takes the wish for it back."""
    site.created = int(cloud.now) // HOUR * HOUR - 400 * DAY
    house = await start(make_entry(cloud, {"history": True}))
    only(house, "solar")
    await compiled(hass)
    cloud.latency = 10
    while (shown := float(house.state("history").state or 0) if begun(house, site) else 0) < 10:
        await house.live(10)
    assert shown < 50
    cloud.latency = 0
    hass.config_entries.async_update_entry(house.entry, options={"history": False})
    assert await hass.config_entries.async_reload(house.entry.entry_id)
    await house.live(2000)
    assert float(house.entry.runtime_data.sites[site.id].memory.history.percent) < 100


async def test_action_survives_a_new_flow(
    recorder_mock: Any, hass: HomeAssistant, cloud: VrmSimulator, site: Site, start: Start
) -> None:
    """An import that an action began is not forgotten when another flow is recorded first."""
    house = await start()
    only(house, "solar", "grid_import")
    await compiled(hass)
    await house.live(2000)
    runtime = house.entry.runtime_data.sites[site.id]
    assert "grid_import" in runtime.memory.anchored
    runtime.memory.anchored.discard("grid_import")
    runtime.account.history._written.clear()
    with patch.object(runtime.account.history, "async_step", side_effect=_never):
        await house.act("import_history", site_id=str(site.id))
        runtime.plans["energy"].due = 0.0
        await house.live(60)
    assert runtime.memory.history is not None


async def _never() -> bool:
    return False


async def test_costs_of_what_an_action_imports(
    recorder_mock: Any, hass: HomeAssistant, cloud: VrmSimulator, site: Site, start: Start
) -> None:
    """Energy that an action imports later has a cost too."""
    assert await async_setup_component(hass, "energy", {})
    house = await start()
    only(house, "grid_import")
    cost_id = await priced(hass, house, number_energy_price=0.5)
    hour = dt_util.utcnow().replace(minute=55, second=0, microsecond=0)
    await compiled(hass)
    await compiled(hass, hour)
    await house.live(2 * HOUR)
    costs = {it["start"] for it in await hours(hass, cost_id)}
    energy = await hours(hass, sensor(house, "grid_import"))
    before = [it for it in energy if it["start"] < hour.timestamp() - HOUR]
    assert 40 < len(before) < 60
    assert len(costs) < 60
    assert {it["start"] for it in before if it["change"] > 0.001} <= costs
    await house.act("import_history", site_id=str(site.id))
    await house.live(3 * HOUR)
    assert len(await hours(hass, sensor(house, "grid_import"))) > 39 * 24
    assert len(await hours(hass, cost_id)) > 39 * 24


async def test_entry_made_anew(
    recorder_mock: Any, hass: HomeAssistant, cloud: VrmSimulator, site: Site, start: Start
) -> None:
    """An account that is removed and added again loses no hour that was there before."""
    house = await imported(start, cloud, "grid_import")
    statistic_id = sensor(house, "grid_import")
    before = {it["start"]: it["change"] for it in await hours(hass, statistic_id)}
    assert await hass.config_entries.async_remove(house.entry.entry_id)
    await hass.async_block_till_done()
    house = await start(make_entry(cloud, {}))
    assert sensor(house, "grid_import") == statistic_id
    only(house, "grid_import")
    await compiled(hass)
    await house.live(HOUR)
    wrong = [
        (it["start"], it["change"], before[it["start"]])
        for it in await hours(hass, statistic_id)
        if it["start"] in before and abs(it["change"] - before[it["start"]]) > 0.001
    ]
    assert wrong == []
