"""Alarms: of a site, of its devices, and each new one as an event; and where a boat is."""

from collections.abc import Awaitable, Callable

import pytest
from pytest_homeassistant_custom_component.common import async_capture_events

from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from simulators.victron_vrm import VrmSimulator

from .common import House

type Start = Callable[..., Awaitable[House]]

HOUR = 3600


def battery(house: House) -> str:
    """Return the key of the alarm for a low state of charge."""
    registry = er.async_get(house.hass)
    found = er.async_entries_for_config_entry(registry, house.entry.entry_id)
    return next(it.unique_id for it in found if it.unique_id.endswith("-ASoc")).partition("-")[2]


async def test_alarm(house: House, hass: HomeAssistant, cloud: VrmSimulator) -> None:
    """An alarm shows at the site and at the device, and is told once."""
    events = async_capture_events(hass, "victron_vrm_alarm")
    assert house.state("alarm", platform="binary_sensor").state == "off"
    assert house.state(battery(house), platform="binary_sensor").state == "off"
    cloud.raise_alarm(cloud.site("ess"), "ASoc")
    await house.live(HOUR)
    assert house.state("alarm", platform="binary_sensor").state == "on"
    assert house.state("alarm", platform="binary_sensor").attributes["alarms"]
    assert house.state(battery(house), platform="binary_sensor").state == "on"
    state = house.state("alarm_log", platform="event")
    assert state.attributes["event_type"] == "raised"
    assert state.attributes["active"]
    assert len(events) == 1
    assert events[0].data["site_id"] == cloud.site("ess").id
    assert events[0].data["description"]
    await house.live(2 * HOUR)
    assert len(events) == 1
    cloud.end_alarms(cloud.site("ess"))
    await house.live(HOUR)
    assert house.state("alarm", platform="binary_sensor").state == "off"
    assert house.state(battery(house), platform="binary_sensor").state == "off"
    assert len(events) == 1


async def test_alarms_before_us(start: Start, hass: HomeAssistant, cloud: VrmSimulator) -> None:
    """What was wrong before Home Assistant was set up is no news; after a restart nothing is told twice."""
    cloud.raise_alarm(cloud.site("ess"), "ASoc")
    events = async_capture_events(hass, "victron_vrm_alarm")
    house = await start()
    await house.live(HOUR)
    assert events == []
    cloud.raise_alarm(cloud.site("ess"), "AL")
    assert await hass.config_entries.async_reload(house.entry.entry_id)
    await house.live(HOUR)
    assert len(events) == 1
    assert await hass.config_entries.async_reload(house.entry.entry_id)
    await house.live(HOUR)
    assert len(events) == 1


async def test_two_alarms_at_once(house: House, hass: HomeAssistant, cloud: VrmSimulator) -> None:
    """Alarms of the same second are told, each of them, though nobody shows the log."""
    registry = er.async_get(hass)
    log = house.find("event", f"{cloud.site('ess').id}-alarm_log")
    assert log
    registry.async_update_entity(log, disabled_by=er.RegistryEntryDisabler.USER)
    await hass.config_entries.async_reload(house.entry.entry_id)
    await house.live(1)
    events = async_capture_events(hass, "victron_vrm_alarm")
    for code in ("ASoc", "AL"):
        cloud.raise_alarm(cloud.site("ess"), code)
    await house.live(HOUR)
    assert len(events) == 2


async def test_alarm_of_a_silent_site(
    house: House, hass: HomeAssistant, cloud: VrmSimulator
) -> None:
    """That a site is not heard may itself be an alarm: it is told while that still helps."""
    site = cloud.site("ess")
    cloud.go_offline(site)
    await house.live(2 * HOUR)
    assert house.state("connection", platform="binary_sensor").state == "off"
    events = async_capture_events(hass, "victron_vrm_alarm")
    cloud.raise_alarm(site)
    await house.live(HOUR + 120)
    assert house.state("alarm_log", platform="event").attributes["event_type"] == "raised"
    assert len(events) == 1
    before = cloud.stats.calls.total()
    await house.live(6 * HOUR)
    assert (cloud.stats.calls.total() - before) / 6 <= 25
    assert len(events) == 1


async def test_no_alarm_log(start: Start, cloud: VrmSimulator) -> None:
    """The log is not documented: without it there is no event, and everything else."""
    cloud.alarm_log = False
    house = await start()
    assert house.state("alarm_log", platform="event").state == "unavailable"
    assert house.state("bs").state != "unavailable"


async def test_clear_alarm(house: House, cloud: VrmSimulator) -> None:
    """The number of an alarm is in its event; an administrator can clear it."""
    cloud.raise_alarm(cloud.site("ess"), "ASoc")
    await house.live(HOUR)
    alarm_id = house.state("alarm_log", platform="event").attributes["alarm_id"]
    await house.act("clear_alarm", site_id=str(cloud.site("ess").id), alarm_id=alarm_id)
    await house.live(HOUR)
    assert house.state("alarm", platform="binary_sensor").state == "off"


@pytest.mark.parametrize("kinds", [["boat", "ess"]])
async def test_boat(house: House, cloud: VrmSimulator) -> None:
    """A boat is followed; a house that stands still is not shown on the map by itself."""
    cloud.move(cloud.site("boat"), 43.5, 7.25)
    await house.live(700)
    place = house.state("location", kind="boat", platform="device_tracker")
    assert place.attributes["latitude"] == pytest.approx(43.5, abs=0.05)
    assert place.attributes["longitude"] == pytest.approx(7.25, abs=0.05)
    home = house.find("device_tracker", f"{cloud.site('ess').id}-location")
    entry = er.async_get(house.hass).async_get(home or "")
    assert entry
    assert entry.disabled


@pytest.mark.parametrize("kinds", [["no_location"]])
async def test_on_no_map(house: House, cloud: VrmSimulator) -> None:
    """A site that is on no map has no place."""
    assert house.find("device_tracker", f"{cloud.site('no_location').id}-location") is None
