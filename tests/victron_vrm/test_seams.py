"""Where pieces of a statistic meet: no hour is lost there, none is counted twice."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from itertools import pairwise
from typing import Any
from unittest.mock import patch

import pytest

from custom_components.victron_vrm.api import VrmClient
from custom_components.victron_vrm.costs import CostImporter
from custom_components.victron_vrm.models import Series
from custom_components.victron_vrm.statistics import SensorStatistics, Statistic
from homeassistant.components.recorder import get_instance
from homeassistant.components.recorder.db_schema import StatisticsShortTerm
from homeassistant.components.recorder.util import session_scope
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from simulators.clock import ManualClock
from simulators.victron_vrm import VrmSimulator
from simulators.victron_vrm.site import Site

from .common import House, make_entry
from .recording import HOUR, compiled, flowed, hours, wrong_hours
from .test_history import DAY, begun, imported, only, sensor
from .test_statistics import priced

type Start = Callable[..., Awaitable[House]]


@pytest.fixture
def clock(request: pytest.FixtureRequest) -> ManualClock:
    """Return a clock that is some seconds slow, as the recorder goes by the machine's own."""
    return ManualClock(dt_util.utcnow() - timedelta(seconds=getattr(request, "param", 0)))


@pytest.fixture
def site(cloud: VrmSimulator) -> Site:
    """Return a house that is connected to VRM since forty days."""
    site = cloud.site("ess")
    site.created = int(cloud.now) // HOUR * HOUR - 40 * DAY
    return site


def is_whole(rows: list[Any]) -> bool:
    """Return whether hours follow each other."""
    return all(b["start"] - a["start"] == HOUR for a, b in pairwise(rows))


async def forget_short_term(hass: HomeAssistant) -> None:
    """Let the recorder purge what it keeps for ten days."""

    def purge() -> None:
        with session_scope(hass=hass) as session:
            session.query(StatisticsShortTerm).delete()

    await get_instance(hass).async_add_executor_job(purge)


@pytest.mark.parametrize("clock", [3 * DAY + 6000], indirect=True)
async def test_disabled_for_longer_than_the_recorder_remembers(
    recorder_mock: Any, hass: HomeAssistant, cloud: VrmSimulator, site: Site, start: Start
) -> None:
    """A counter that was disabled for weeks gets what flowed meanwhile, hour by hour."""
    house = await imported(start, cloud, "solar")
    statistic_id = sensor(house, "solar")
    registry = er.async_get(hass)
    registry.async_update_entity(statistic_id, disabled_by=er.RegistryEntryDisabler.USER)
    assert await hass.config_entries.async_reload(house.entry.entry_id)
    await house.live(3 * DAY)
    await forget_short_term(hass)
    registry.async_update_entity(statistic_id, disabled_by=None)
    assert await hass.config_entries.async_reload(house.entry.entry_id)
    await house.live(1)
    soon = dt_util.utcnow() + timedelta(minutes=5)
    await compiled(hass, soon if soon.minute < 55 else soon + timedelta(minutes=5))
    await house.live(3 * HOUR)
    found = await hours(hass, statistic_id)
    assert is_whole(found)
    assert wrong_hours(site, "solar", found[1:]) == []


async def test_the_cloud_corrects_an_old_hour(
    recorder_mock: Any, hass: HomeAssistant, cloud: VrmSimulator, site: Site, start: Start
) -> None:
    """Who imports once more gets the correction, and no jump where the import begins."""
    house = await imported(start, cloud, "solar")
    before = {it["start"]: it["change"] for it in await hours(hass, sensor(house, "solar"))}
    first_day = dt_util.utc_from_timestamp(cloud.now - 12 * DAY).date()
    late = int(cloud.now - 10 * DAY) // HOUR * HOUR + 9 * HOUR
    asked = VrmClient.flows

    async def corrected(self: VrmClient, *args: Any, **options: Any) -> dict[str, Series]:
        flows = await asked(self, *args, **options)
        points = dict(flows.get("Pc", ()))
        if points and min(points) <= late <= max(points):
            points[late] = points.get(late, 0.0) + 5
        return {**flows, "Pc": tuple(sorted(points.items()))}

    with patch.object(VrmClient, "flows", corrected):
        await house.act("import_history", site_id=str(site.id), start=first_day.isoformat())
        await house.live(200)
    after = {it["start"]: it["change"] for it in await hours(hass, sensor(house, "solar"))}
    assert after.keys() == before.keys()
    changed = {at: after[at] - before[at] for at in after if abs(after[at] - before[at]) > 0.001}
    assert changed == {late: pytest.approx(5)}


async def test_one_counter_is_not_recorded(
    recorder_mock: Any, hass: HomeAssistant, cloud: VrmSimulator, site: Site, start: Start
) -> None:
    """A counter that the recorder leaves out keeps no other from its history, and costs nothing."""
    find = SensorStatistics.async_find

    async def excluded(self: SensorStatistics, statistic_id: str) -> Statistic | None:
        return None if statistic_id.endswith("to_grid") else await find(self, statistic_id)

    with patch.object(SensorStatistics, "async_find", excluded):
        house = await start(make_entry(cloud, {"history": True}))
        only(house, "solar", "grid_export")
        await compiled(hass)
        await house.live(2 * HOUR)
        before = cloud.stats.calls.total()
        await house.live(6 * HOUR)
    assert (cloud.stats.calls.total() - before) / 6 <= 25
    found = await hours(hass, sensor(house, "solar"))
    assert found[0]["start"] == site.created - HOUR
    assert wrong_hours(site, "solar", found[1:]) == []
    assert "history_impossible" in house.issues


async def test_statistic_of_another_unit(
    recorder_mock: Any, hass: HomeAssistant, cloud: VrmSimulator, site: Site, start: Start
) -> None:
    """A statistic that somebody has spoilt is told of, and does not keep the site from being read."""
    house = await start(make_entry(cloud, {"history": True}))
    only(house, "solar")
    await compiled(hass)
    await house.live(600)
    metadata = {"statistic_id": sensor(house, "solar"), "unit_of_measurement": "apples"}
    with patch.object(SensorStatistics, "_metadata", return_value=metadata):
        before = cloud.stats.calls.total()
        await house.live(3 * HOUR)  # until the next hour is due, and for the patience then
        assert (cloud.stats.calls.total() - before) / 3 <= 25
        assert "history_impossible" in house.issues
    assert float(house.state("solar_energy").state) > 0


async def test_a_day_while_all_is_imported(
    recorder_mock: Any, hass: HomeAssistant, cloud: VrmSimulator, site: Site, start: Start
) -> None:
    """Who asks for some days while all of the past is on its way gets all of the past."""
    site.created -= 160 * DAY
    house = await start(make_entry(cloud, {"history": True}))
    only(house, "solar")
    await compiled(hass)
    cloud.latency = 10
    while not begun(house, site) or float(house.state("history").state) < 20:
        await house.live(10)
    cloud.latency = 0
    day = dt_util.utc_from_timestamp(cloud.now - 10 * DAY).date()
    await house.act("import_history", site_id=str(site.id), start=day.isoformat())
    await house.live(6000)
    found = await hours(hass, sensor(house, "solar"))
    assert found[0]["start"] == site.created - HOUR
    assert is_whole(found)


@pytest.mark.parametrize("noise", [0.0, -5.6e-17])
async def test_costs_of_what_comes_in_two_pieces(
    recorder_mock: Any,
    hass: HomeAssistant,
    cloud: VrmSimulator,
    site: Site,
    start: Start,
    noise: float,
) -> None:
    """Energy that is imported further back later is priced too, each hour of it."""
    assert await async_setup_component(hass, "energy", {})
    house = await start()
    only(house, "grid_import")
    cost_id = await priced(hass, house, number_energy_price=0.5)
    began = dt_util.utcnow().replace(minute=55, second=0, microsecond=0)
    await compiled(hass)
    await compiled(hass, began)
    await house.live(2 * HOUR)
    midnights = (site.midnight(cloud.now - days * DAY) for days in range(8, 20))
    seam = next(it for it in midnights if flowed(site, "grid_import", it - HOUR) > 0.1)
    with patch.object(CostImporter, "async_import"):
        day = site.local(seam).date().isoformat()
        await house.act("import_history", site_id=str(site.id), start=day)
        await house.live(1800)
        # As sums of floating point numbers are: the first hour does not count exactly nothing.
        get_instance(hass).async_adjust_statistics(
            sensor(house, "grid_import"), dt_util.utc_from_timestamp(seam - HOUR), noise, "kWh"
        )
    await house.live(3 * HOUR)
    for _ in range(2):
        await house.act("import_history", site_id=str(site.id))
        await house.live(3 * HOUR)
    energy = await hours(hass, sensor(house, "grid_import"))
    costs = {it["start"]: it["change"] for it in await hours(hass, cost_id)}
    before = [it for it in energy[1:] if it["start"] < began.timestamp() - HOUR]
    assert len(before) > 900
    unpriced = [
        it for it in before if abs((costs.get(it["start"]) or 0) - it["change"] * 0.5) > 0.001
    ]
    assert unpriced == []
    assert min(costs) >= energy[0]["start"] - HOUR
    assert sum(it["change"] for it in before) == pytest.approx(
        flowed(site, "grid_import", before[0]["start"], before[-1]["start"] + HOUR), abs=0.01
    )
