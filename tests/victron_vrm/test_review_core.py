"""What reads, plans and ledger must bear."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch

from pytest_homeassistant_custom_component.common import async_capture_events

from custom_components.victron_vrm.budget import RATE
from custom_components.victron_vrm.clock import CLOCK
from custom_components.victron_vrm.forecast import midnight
from custom_components.victron_vrm.jobs import EVERY, Job
from custom_components.victron_vrm.ledger import HOUR, Ledger
from custom_components.victron_vrm.memory import Memory
from custom_components.victron_vrm.models import AlarmLogEntry, Device, Reading, ValueKind
from custom_components.victron_vrm.tree import Tree
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from simulators.victron_vrm import VrmSimulator

from .common import House

type Start = Callable[..., Awaitable[House]]

DAY = 86400


async def test_one_failure_of_the_overview(start: Start, cloud: VrmSimulator) -> None:
    """One answer of 503 to the overview at start keeps devices away for minutes, not for hours."""
    cloud.inject(path="*/system-overview", kind="status", status=503, times=1)
    house = await start()
    await house.live(2 * HOUR)
    registry = er.async_get(house.hass)
    found = er.async_entries_for_config_entry(registry, house.entry.entry_id)
    assert any(it.unique_id.endswith("-ASoc") for it in found)


def test_silent_every_night() -> None:
    """Hours of a site whose gateway is off for two hours each night are closed after some days."""
    ledger = Ledger(-2 * DAY)
    heard = 0.0
    now = 0.0
    while now < 60 * DAY:
        now += 900
        if now % DAY < 22 * HOUR:
            ledger.heard(now, heard)
            heard = now
        hour = int(now // HOUR) * HOUR
        ledger.take({hour: {"Pc": 1.0}})
        ledger.settle(now, heard)
    assert now - ledger.settled_until < 7 * DAY
    assert len(ledger.hours) < 7 * 24


async def test_clock_that_is_set_back(house: House, cloud: VrmSimulator) -> None:
    """When the machine's clock is set back by a day, reading goes on."""
    await house.live(600)
    clock = house.clock
    with patch.object(CLOCK, "time", lambda: clock.now().timestamp() - DAY):
        before = cloud.stats.requests.total()
        await house.live(2 * HOUR)
        assert cloud.stats.requests.total() > before


async def test_long_alarm_log(house: House, hass: HomeAssistant) -> None:
    """An alarm log of more rows than are kept in mind is no news each time it is read."""
    rows = [AlarmLogEntry(number, float(number), active=False, instance=0) for number in range(250)]
    site = next(iter(house.entry.runtime_data.sites.values()))
    events = async_capture_events(hass, "victron_vrm_alarm")

    async def log(_: int) -> list[AlarmLogEntry]:
        return rows

    with patch.object(site.account.client, "alarm_log", log):
        await site.async_run(Job.ALARM_LOG)
        events.clear()
        await site.async_run(Job.ALARM_LOG)
        await site.async_run(Job.ALARM_LOG)
    assert events == []


async def test_silent_when_the_cloud_is_back(house: House, cloud: VrmSimulator) -> None:
    """A site that fell silent while the cloud could not be reached shows as disconnected then."""
    await house.live(600)
    cloud.inject(path="*/installations", kind="status", status=503, times=None)
    cloud.go_offline(cloud.site("ess"), None)
    await house.live(2 * HOUR)
    assert house.state("connection", platform="binary_sensor").state == "unavailable"
    cloud.clear_faults()
    await house.live(HOUR)
    assert house.entry.runtime_data.last_update_success
    assert house.state("connection", platform="binary_sensor").state == "off"


async def test_cloud_fails_while_a_site_is_silent(house: House, cloud: VrmSimulator) -> None:
    """What needs the account only is unavailable without it, though the site was silent before."""
    cloud.go_offline(cloud.site("ess"), None)
    await house.live(2 * HOUR)
    assert house.state("connection", platform="binary_sensor").state == "off"
    cloud.inject(path="*/installations", kind="status", status=503, times=None)
    await house.live(HOUR)
    assert not house.entry.runtime_data.last_update_success
    assert house.state("connection", platform="binary_sensor").state == "unavailable"


async def test_silent_site_leaves(house: House, cloud: VrmSimulator) -> None:
    """The counters of a silent site that leaves the account are unavailable."""
    key = house.find("sensor", f"{cloud.site('ess').id}-solar_energy")
    assert key
    site = cloud.site("ess")
    cloud.go_offline(site, None)
    await house.live(2 * HOUR)
    cloud.remove_site(site)
    await house.live(HOUR)
    state = house.hass.states.get(key)
    assert state
    assert state.state == "unavailable"


def test_hundred_sites_fit() -> None:
    """What is planned for a hundred sites leaves room for history in the budget."""
    an_hour = sum(3600 / every for every in EVERY.values()) * 100 + 12
    assert an_hour < 0.95 * RATE * 3600


async def test_kept_while_much_happens(hass: HomeAssistant, hass_storage: dict[str, Any]) -> None:
    """What changes all the time is kept all the same, so that a crash costs minutes."""
    with patch("custom_components.victron_vrm.memory.SAVE_DELAY", 0.2):
        memory = Memory(hass, "entry")
        memory.site(1).last_log = 1.0
        for _ in range(30):
            memory.async_changed()
            await asyncio.sleep(0.05)
        assert "victron_vrm.entry" in hass_storage
        await asyncio.sleep(0.5)


def test_key_of_an_unknown_kind() -> None:
    """A device of a kind that is learnt later keeps the key under which it was listed."""
    device = Device(33, 30, "Grid meter")
    tree = Tree().with_overview([device]).with_devices_of([])
    (key,) = tree.devices
    reading = Reading(
        "g1", ValueKind.NUMBER, 1.0, 9999, 30, "grid", device_type=33, format="%.0F W"
    )
    later = tree.learning([reading])
    assert later.device_of(reading) == key
    assert set(later.with_devices_of([reading]).devices) == {key}


async def test_midnight(start: Start, cloud: VrmSimulator) -> None:
    """With the first poll after midnight at the site, energy of today is of the new day."""
    house = await start()
    site = next(iter(house.entry.runtime_data.sites.values()))
    await house.live(600)
    day = datetime.fromtimestamp(cloud.now, site.zone).date() + timedelta(days=1)
    night = midnight(day, site.zone)
    await house.live(night - cloud.now - 60)
    site.plans[Job.ENERGY].due = night + 840
    await house.live(600)
    reset = house.state("grid_import_today").attributes["last_reset"]
    assert datetime.fromisoformat(reset).timestamp() == night


async def test_long_silence(house: House, cloud: VrmSimulator) -> None:
    """A site that was silent for half a year costs no more than 25 requests an hour when it is back."""
    await house.live(600)
    runtime = next(iter(house.entry.runtime_data.sites.values()))
    ledger = runtime.memory.ledger
    assert ledger
    ledger.hours.clear()
    ledger.settled_until -= 182 * DAY
    ledger.gaps = [(ledger.settled_until, cloud.now)]
    await house.live(HOUR)
    before = cloud.stats.requests.total()
    await house.live(4 * HOUR)
    assert (cloud.stats.requests.total() - before) / 4 <= 25


async def test_enum_that_comes_as_text(house: House) -> None:
    """A state that comes without its list of values once does not break its sensor."""
    site = next(iter(house.entry.runtime_data.sites.values()))
    key = ("site", "bst")
    reading = site.data.readings[key]
    readings = {**site.data.readings}
    readings[key] = replace(reading, kind=ValueKind.TEXT, value="Charging", choices={})
    with patch("custom_components.victron_vrm.site_coordinator.LOGGER.exception") as logged:
        await site._async_publish(replace(site.data, readings=readings))
        assert not logged.called
