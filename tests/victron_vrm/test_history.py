"""History: what was before us becomes part of the sensors' own statistics, and what comes late too."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest

from custom_components.victron_vrm.errors import VrmConnectionError
from custom_components.victron_vrm.parsing import parse_site
from custom_components.victron_vrm.statistics import SensorStatistics
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util
from simulators.victron_vrm import VrmSimulator
from simulators.victron_vrm.site import Site

from .common import House, make_entry
from .recording import HOUR, compiled, flowed, hours, wrong_hours

type Start = Callable[..., Awaitable[House]]

STATS = "GET installations/{site}/stats"
DAY = 86400
SOURCES = ("solar", "grid_import", "battery_discharge", "generator")
SINKS = ("consumption", "grid_export", "battery_charge")


@pytest.fixture
def site(cloud: VrmSimulator, kinds: list[str]) -> Site:
    """Return a house that is connected to VRM since forty days."""
    site = cloud.site(kinds[0])
    site.created = int(cloud.now) // HOUR * HOUR - 40 * DAY
    return site


def only(house: House, *counters: str) -> None:
    """Disable the sensors of all other counters: one is quicker than seven."""
    registry = er.async_get(house.hass)
    for entry in er.async_entries_for_config_entry(registry, house.entry.entry_id):
        key = entry.unique_id.partition("-")[2].removesuffix("_energy")
        if entry.unique_id.endswith("_energy") and key not in counters:
            registry.async_update_entity(entry.entity_id, disabled_by=er.RegistryEntryDisabler.USER)


async def imported(
    start: Start, cloud: VrmSimulator, *counters: str, seconds: float = 4000, **options: Any
) -> House:
    """Return a house whose history was imported."""
    house = await start(make_entry(cloud, {"history": True, **options}))
    only(house, *counters)
    await compiled(house.hass)
    await house.live(seconds)
    return house


def begun(house: House, site: Site) -> bool:
    """Return whether an import has begun."""
    return house.find("sensor", f"{site.id}-history") is not None


def sensor(house: House, counter: str, kind: str = "ess") -> str:
    """Return the entity id of a counter."""
    found = house.find("sensor", f"{house.cloud.site(kind).id}-{counter}_energy")
    assert found
    return found


async def show_consumption(house: House, kind: str) -> None:
    """Enable the one counter that is disabled at first."""
    consumption = sensor(house, "consumption", kind)
    er.async_get(house.hass).async_update_entity(consumption, disabled_by=None)
    await house.hass.config_entries.async_reload(house.entry.entry_id)
    await house.live(1)


def assert_adds_up(rows: Mapping[str, list[Any]]) -> None:
    """In each hour, what comes from somewhere goes somewhere, to 0.001 kWh."""
    changes: dict[float, dict[str, float]] = {}
    for counter, found in rows.items():
        for row in found:
            changes.setdefault(row["start"], {})[counter] = row["change"]
    for change in changes.values():
        assert change.keys() == rows.keys()
        sources, sinks = (sum(change.get(it, 0.0) for it in side) for side in (SOURCES, SINKS))
        assert sources == pytest.approx(sinks, abs=0.001)


@pytest.mark.parametrize(
    ("kinds", "lacking"),
    [(["ess"], {"generator"}), (["off_grid"], {"grid_import", "grid_export"})],
)
async def test_all_counters(
    recorder_mock: Any,
    hass: HomeAssistant,
    site: Site,
    kinds: list[str],
    lacking: set[str],
    cloud: VrmSimulator,
    start: Start,
) -> None:
    """After an import every hour is as the cloud has it, and energy adds up in each of them."""
    house = await start(make_entry(cloud, {"history": True}))
    await show_consumption(house, kinds[0])
    await compiled(hass)
    await house.live(4000)
    assert house.state("history", kind=kinds[0]).state == "100.0"
    everything = [it for it in (*SOURCES, *SINKS) if it not in lacking]
    rows = {it: await hours(hass, sensor(house, it, kinds[0])) for it in everything}
    for counter, found in rows.items():
        assert [it["start"] for it in found] == list(
            range(int(found[0]["start"]), int(found[-1]["start"]) + 1, HOUR)
        )
        assert found[0]["start"] == site.created - HOUR  # from where it counts
        assert found[0]["change"] == pytest.approx(0)
        assert wrong_hours(site, counter, found[1:]) == []
        assert sum(it["change"] for it in found) > 1
    assert_adds_up(rows)


async def test_it_begins_with_the_recorder(
    recorder_mock: Any, hass: HomeAssistant, cloud: VrmSimulator, site: Site, start: Start
) -> None:
    """The import begins within a minute or two of the first statistics, whatever is read when."""
    house = await start(make_entry(cloud, {"history": True}))
    only(house, "solar")
    await house.live(120)
    assert not begun(house, site)
    asked = len(cloud.stats.spans)
    await compiled(hass)
    await house.live(100)
    assert begun(house, site)
    # It began without energy being read once more: all that was asked for since is history.
    assert all(span[3] >= 7 * DAY for span in cloud.stats.spans[asked:] if span[1] == "kwh")


async def test_year(
    recorder_mock: Any, hass: HomeAssistant, cloud: VrmSimulator, site: Site, start: Start
) -> None:
    """A year costs twelve requests, and a few besides for what is live."""
    site.created = int(cloud.now) // HOUR * HOUR - 365 * DAY
    house = await start(make_entry(cloud, {"history": True}))
    only(house, "solar")
    await compiled(hass)
    await house.live(4000)
    spans = [seconds for _, _, interval, seconds in cloud.stats.spans if interval == "hours"]
    assert len([it for it in spans if it > 8 * DAY]) == 12
    found = await hours(hass, sensor(house, "solar"))
    assert len(found) >= 365 * 24
    assert wrong_hours(site, "solar", found[1:]) == []


async def test_live_goes_on_without_a_jump(
    recorder_mock: Any, hass: HomeAssistant, cloud: VrmSimulator, site: Site, start: Start
) -> None:
    """What the recorder compiles after an import continues it."""
    house = await imported(start, cloud, "grid_import")
    statistic_id = sensor(house, "grid_import")
    before = float(house.state("grid_import_energy").state)
    entity_id = sensor(house, "grid_import")
    hass.states.async_set(
        entity_id, str(before + 3), dict(house.state("grid_import_energy").attributes)
    )
    # The recorder summarises an hour with its last five minutes; the cloud's clock is ahead of it.
    await compiled(hass, (dt_util.utcnow() + timedelta(hours=3)).replace(minute=55))
    found = await hours(hass, statistic_id)
    assert found[-1]["state"] == pytest.approx(before + 3)
    assert found[-1]["sum"] - found[-1]["state"] == pytest.approx(
        found[-2]["sum"] - found[-2]["state"], abs=1e-6
    )
    assert found[-1]["change"] > 2.999


async def test_without_the_wish(
    recorder_mock: Any, hass: HomeAssistant, cloud: VrmSimulator, site: Site, start: Start
) -> None:
    """Who does not want history gets the two days that may still change, and no more."""
    house = await start()
    only(house, "solar")
    await compiled(hass)
    await house.live(4000)
    found = await hours(hass, sensor(house, "solar"))
    assert 46 <= len(found) <= 50
    assert house.find("sensor", f"{site.id}-history") is None
    assert house.issues == []


async def test_unit_and_name_of_the_user(
    recorder_mock: Any, hass: HomeAssistant, cloud: VrmSimulator, site: Site, start: Start
) -> None:
    """Users give sensors other names and units; hours go where the recorder has them, and fit."""
    house = await start(make_entry(cloud, {"history": True}))
    only(house, "solar")
    registry = er.async_get(hass)
    registry.async_update_entity(sensor(house, "solar"), new_entity_id="sensor.my_sun")
    registry.async_update_entity_options("sensor.my_sun", "sensor", {"unit_of_measurement": "MJ"})
    await hass.async_block_till_done()
    shown = hass.states.get("sensor.my_sun")
    assert shown
    assert shown.attributes["unit_of_measurement"] == "MJ"
    await compiled(hass)
    await house.live(4000)
    found = await hours(hass, "sensor.my_sun")
    assert len(found) > 39 * 24
    assert wrong_hours(site, "solar", found[1:]) == []


async def test_restart_in_between(
    recorder_mock: Any, hass: HomeAssistant, cloud: VrmSimulator, site: Site, start: Start
) -> None:
    """An import goes on where it was; nothing is counted twice."""
    site.created = int(cloud.now) // HOUR * HOUR - 100 * DAY
    house = await start(make_entry(cloud, {"history": True}))
    only(house, "solar")
    await compiled(hass)
    cloud.latency = 10
    while (shown := float(house.state("history").state or 0) if begun(house, site) else 0) < 20:
        await house.live(10)
    assert shown < 100
    cloud.latency = 0
    assert await hass.config_entries.async_reload(house.entry.entry_id)
    assert house.entry.state is ConfigEntryState.LOADED
    await house.live(2000)
    assert house.state("history").state == "100.0"
    found = await hours(hass, sensor(house, "solar"))
    assert found[0]["start"] == site.created - HOUR
    assert wrong_hours(site, "solar", found[1:]) == []


async def test_backlog(
    recorder_mock: Any, hass: HomeAssistant, cloud: VrmSimulator, site: Site, start: Start
) -> None:
    """Hours that a gateway sends late land where they belong, not in one spike, and add up."""
    house = await start(make_entry(cloud, {"history": True}))
    await show_consumption(house, "ess")
    await compiled(hass)
    await house.live(4000)
    cloud.go_offline(site, 6 * HOUR, delay=5 * HOUR)
    gone = cloud.now
    await house.live(6 * HOUR + 1800)
    total = float(house.state("solar_energy").state)
    assert house.state("connection", platform="binary_sensor").state == "on"
    await house.live(8 * HOUR)
    assert float(house.state("solar_energy").state) >= total
    everything = [it for it in (*SOURCES, *SINKS) if it != "generator"]
    rows = {
        it: [row for row in await hours(hass, sensor(house, it)) if row["start"] > gone - DAY]
        for it in everything
    }
    for counter, found in rows.items():
        assert [it["start"] for it in found if it["start"] > gone][:6]
        assert wrong_hours(site, counter, found) == []
    assert_adds_up(rows)


async def test_away_for_long(
    recorder_mock: Any, hass: HomeAssistant, cloud: VrmSimulator, site: Site, start: Start
) -> None:
    """Hours that passed while Home Assistant was off are read when it is back."""
    house = await imported(start, cloud, "solar")
    assert await hass.config_entries.async_unload(house.entry.entry_id)
    await house.clock.advance(5 * DAY)
    assert await hass.config_entries.async_setup(house.entry.entry_id)
    await house.live(2000)
    found = await hours(hass, sensor(house, "solar"))
    assert len(found) > 44 * 24
    assert wrong_hours(site, "solar", found[1:]) == []
    assert float(house.state("solar_energy").state) == pytest.approx(
        flowed(site, "solar", site.created, cloud.now - 1800), abs=2
    )


async def test_no_recorder(cloud: VrmSimulator, site: Site, start: Start) -> None:
    """Without a recorder there is no history, and one repair that says so."""
    house = await start(make_entry(cloud, {"history": True}))
    await house.live(2000)
    assert house.issues == ["history_impossible"]
    assert float(house.state("solar_energy").state) > 100

    with pytest.raises(ServiceValidationError) as err:
        await house.act("import_history", site_id=str(site.id))
    assert err.value.translation_key == "no_history"


async def test_sensors_disabled(
    recorder_mock: Any, hass: HomeAssistant, cloud: VrmSimulator, site: Site, start: Start
) -> None:
    """With the sensors disabled there is nothing to write into, and one repair that says so."""
    house = await start(make_entry(cloud, {"history": True}))
    only(house)
    await house.live(2000)
    assert house.issues == ["history_impossible"]
    registry = er.async_get(hass)
    registry.async_update_entity(sensor(house, "solar"), disabled_by=None)
    await hass.config_entries.async_reload(house.entry.entry_id)
    await house.live(1)
    await compiled(hass)
    await house.live(2000)
    assert house.issues == []


async def test_once_more(
    recorder_mock: Any, hass: HomeAssistant, cloud: VrmSimulator, site: Site, start: Start
) -> None:
    """An action imports once more, from a day on; the hours before it stay."""
    house = await imported(start, cloud, "solar")
    before = await hours(hass, sensor(house, "solar"))
    day = dt_util.utc_from_timestamp(cloud.now - 10 * DAY).date()
    await house.act("import_history", site_id=str(site.id), start=day.isoformat())
    assert float(house.state("history").state) < 100
    await house.live(100)
    assert house.state("history").state == "100.0"
    after = await hours(hass, sensor(house, "solar"))
    assert wrong_hours(site, "solar", after[1:]) == []
    assert len(after) == len(before)
    assert after[0]["sum"] == before[0]["sum"] == 0


async def test_moments_of_the_first_hour(
    recorder_mock: Any, hass: HomeAssistant, cloud: VrmSimulator, site: Site, start: Start
) -> None:
    """Nothing is written before the recorder has begun to record a sensor."""
    house = await start(make_entry(cloud, {"history": True}))
    only(house, "solar")
    await house.live(1000)
    assert await hours(hass, sensor(house, "solar")) == []
    await house.live(4 * HOUR)
    assert house.issues == ["history_impossible"]


async def test_cloud_fails_in_between(
    recorder_mock: Any, hass: HomeAssistant, cloud: VrmSimulator, site: Site, start: Start
) -> None:
    """An import that meets errors waits, and then goes on where it was."""
    house = await start(make_entry(cloud, {"history": True}))
    only(house, "solar")
    await compiled(hass)
    runtime = house.entry.runtime_data
    await house.live(900)
    await house.act("import_history", site_id=str(site.id))
    read = runtime.client.flows
    with patch.object(runtime.client, "flows", side_effect=VrmConnectionError("lost")) as lost:
        await house.live(100)
        assert lost.call_count == 1
        assert float(house.state("history").state) < 100
    assert runtime.client.flows == read
    with patch.object(SensorStatistics, "async_find", return_value=None):
        await house.live(2000)
        assert float(house.state("history").state) < 100
    await house.live(4000)
    assert house.state("history").state == "100.0"
    assert wrong_hours(site, "solar", (await hours(hass, sensor(house, "solar")))[1:]) == []


async def test_creation_is_not_known(
    recorder_mock: Any, hass: HomeAssistant, cloud: VrmSimulator, site: Site, start: Start
) -> None:
    """Where VRM does not say since when a site exists, a day has to be named."""
    parse = parse_site

    def without_creation(record: Mapping[str, Any]) -> Any:
        return parse({**record, "syscreated": None})

    with patch("custom_components.victron_vrm.api.parse_site", without_creation):
        house = await start(make_entry(cloud, {"history": True}))
        only(house, "consumption", "battery_discharge")
        await compiled(hass)
        await house.live(1000)
        with pytest.raises(ServiceValidationError):
            await house.act("import_history", site_id=str(site.id))
        day = dt_util.utc_from_timestamp(cloud.now - 5 * DAY).date()
        await house.act("import_history", site_id=str(site.id), start=day.isoformat())
        await house.live(100)
        assert house.state("history").state == "100.0"
