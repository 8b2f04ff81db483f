"""Polls: how often, what they wake, and what happens when they fail."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import async_capture_events

from homeassistant.config_entries import SOURCE_REAUTH
from homeassistant.core import Event, HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
from simulators.clock import ManualClock
from simulators.nibe_rest import NibeSimulator, ids

from .common import DOMAIN, House, make_entry

LOGGER = "custom_components.nibe_rest"


async def test_idle_hour(house: House) -> None:
    """An hour without an alarm costs 140 requests at most, never two at once."""
    house.pump.stats.reset()
    assert isinstance(house.pump.clock, ManualClock)
    for _ in range(120):
        await house.pump.clock.advance(30)
        await house.poll()
    calls = house.pump.stats.calls
    assert calls["GET /api/v1/devices/{device}/points"] == 120
    assert calls["GET /api/v1/devices/{device}/notifications"] == 6
    assert calls["GET /api/v1/devices"] == 6
    assert calls.total() <= 140
    assert house.pump.stats.overlaps == 0


async def test_poll_interval(start: Callable[..., Awaitable[House]]) -> None:
    """The interval of the options is kept."""
    house = await start(poll_interval=300)
    before = house.pump.stats.requests.total()
    await house.poll()
    assert house.pump.stats.requests.total() == before
    await house.fire(301)
    assert house.pump.stats.requests.total() > before


async def test_alarm_is_told_once(house: House, hass: HomeAssistant) -> None:
    """A new alarm is an event, once, with what the heat pump says of it."""
    events: list[Event[Any]] = async_capture_events(hass, "nibe_rest_alarm")
    await house.poll()
    house.pump.add_alarm(251, "Low flow", "Check the filter", severity=2)
    house.pump.set_value(ids.ALARM_NUMBER, 251)
    for _ in range(4):
        await house.poll()
    state = house.state("event", "alarm_event")
    assert state.attributes["event_type"] == "alarm"
    assert state.attributes["header"] == "Low flow"
    assert house.state("binary_sensor", "alarms").state == "on"
    assert [event.data["alarm_id"] for event in events] == [251]
    house.pump.clear_alarms()
    house.pump.set_value(ids.ALARM_NUMBER, 0)
    await house.poll()
    assert house.state("binary_sensor", "alarms").state == "off"


async def test_alarm_from_before_the_start(
    pump: NibeSimulator, start: Callable[..., Awaitable[House]], hass: HomeAssistant
) -> None:
    """An alarm that stood already is shown, and is no news."""
    events: list[Event[Any]] = async_capture_events(hass, "nibe_rest_alarm")
    pump.add_alarm(251, "Low flow")
    house = await start()
    await house.poll()
    assert house.state("binary_sensor", "alarms").state == "on"
    assert events == []


@pytest.mark.parametrize(
    ("severity", "kind"), [(0, "info"), (1, "warning"), (3, "critical"), (9, "critical")]
)
async def test_severity(house: House, severity: int, kind: str) -> None:
    """The gravity of an alarm is the kind of the event."""
    await house.poll()
    house.pump.add_alarm(7, "Something", severity=severity)
    house.pump.set_value(ids.ALARM_NUMBER, 7)
    await house.poll()
    assert house.state("event", "alarm_event").attributes["event_type"] == kind


async def test_standing_alarm_is_looked_at_every_minute(house: House) -> None:
    """While an alarm stands it is looked at every minute, to see its end."""
    house.pump.add_alarm(251, "Low flow")
    house.pump.set_value(ids.ALARM_NUMBER, 251)
    await house.poll()
    await house.poll()
    path = "GET /api/v1/devices/{device}/notifications"
    before = house.pump.stats.calls[path]
    for _ in range(10):
        await house.poll()
    assert house.pump.stats.calls[path] - before == 5


@pytest.mark.parametrize("new_points", ["standard", "all"])
async def test_only_what_changed_is_written(
    start: Callable[..., Awaitable[House]], hass: HomeAssistant, new_points: str
) -> None:
    """With 3 % of 1169 points changed a poll causes 40 state changes at most."""
    house = await start(new_points=new_points)
    await house.poll()
    house.pump.change_share = 0.03
    await house.pump_time(30)
    await house.poll()
    events: list[Event[Any]] = async_capture_events(hass, "state_changed")
    await house.pump_time(30)
    await house.poll()
    assert 0 < len(events) <= 40


async def test_unavailable_and_back(house: House, caplog: pytest.LogCaptureFixture) -> None:
    """A heat pump that is away makes all unavailable; it is logged once, and once when back."""
    caplog.clear()
    await house.pump.refuse()
    for _ in range(3):
        await house.fire(301)
    states = {
        state.state
        for state in house.hass.states.async_all()
        if state.entity_id.split(".")[0] in ("sensor", "climate", "binary_sensor")
    }
    assert states == {"unavailable"}
    await house.pump.listen()
    await house.fire(301)
    assert house.state("sensor", ids.OUTDOOR).state != "unavailable"
    ours = [r for r in caplog.records if r.name == LOGGER and r.levelname != "DEBUG"]
    assert [record.levelname for record in ours] == ["ERROR", "INFO"]


async def test_asks_less_often_while_down(house: House) -> None:
    """The longer the heat pump is away, the less often it is asked: 30, 60, 120, 300 s."""
    await house.pump.refuse()
    waits = []
    for _ in range(5):
        await house.fire(301)
        error = house.entry.runtime_data.last_exception
        assert isinstance(error, HomeAssistantError)
        waits.append(getattr(error, "retry_after", None))
    assert waits == [30, 60, 120, 300, 300]


@pytest.mark.parametrize(
    ("fault", "key"),
    [
        ({"kind": "garbage"}, "bad_response"),
        ({"kind": "garbage", "body": "[]"}, "bad_response"),
        ({"kind": "status", "status": 500}, "bad_response"),
        ({"kind": "redirect", "location": "https://127.0.0.1:9/"}, "bad_response"),
        ({"kind": "truncate"}, "cannot_connect"),
        ({"kind": "drop"}, "cannot_connect"),
    ],
)
async def test_failed_poll(house: House, fault: dict[str, Any], key: str) -> None:
    """Whatever a poll meets, the next good one brings everything back."""
    house.pump.inject(path=f"/api/v1/devices/{house.serial}/points", times=None, **fault)
    await house.poll()
    assert house.state("sensor", ids.OUTDOOR).state == "unavailable"
    error = house.entry.runtime_data.last_exception
    assert isinstance(error, HomeAssistantError)
    assert error.translation_key == key
    house.pump.clear_faults()
    await house.fire(301)
    assert house.state("sensor", ids.OUTDOOR).state != "unavailable"


async def test_wrong_password_in_operation(house: House) -> None:
    """Credentials that are no longer right start the dialog for new ones."""
    house.pump.credentials_rejected = True
    await house.poll()
    flows = house.hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    assert [flow["context"]["source"] for flow in flows] == [SOURCE_REAUTH]


async def test_partial_list(
    start: Callable[..., Awaitable[House]], entity_registry: er.EntityRegistry
) -> None:
    """A heat pump that restarts lists some points only: none is forgotten, all come back."""
    house = await start(new_points="all")
    entry_id = house.entry.entry_id
    before = {
        entry.entity_id for entry in er.async_entries_for_config_entry(entity_registry, entry_id)
    }
    states_before = {state.entity_id for state in house.hass.states.async_all()}
    present = set(house.entry.runtime_data.data.values)
    await house.pump.restart(down=0, partial=125)
    for _ in range(4):
        await house.pump_time(30)
        await house.poll()
        missing = present - set(house.entry.runtime_data.data.values)
        assert missing
        assert house.state("sensor", ids.OUTDOOR).state != "unavailable"
        gone = [point for point in missing if _has(house, "sensor", point)]
        assert all(house.state("sensor", point).state == "unavailable" for point in gone)
    await house.pump_time(60)
    await house.poll()
    assert {
        entry.entity_id for entry in er.async_entries_for_config_entry(entity_registry, entry_id)
    } == before
    assert {state.entity_id for state in house.hass.states.async_all()} == states_before
    assert not [s for s in house.hass.states.async_all() if s.state == "unavailable"]


def _has(house: House, platform: str, key: int) -> bool:
    registry = er.async_get(house.hass)
    return bool(registry.async_get_entity_id(platform, DOMAIN, f"{house.serial}-{key}"))


async def test_new_points_become_entities(house: House) -> None:
    """Points that appear with a setting become entities without a reload."""
    assert not _has(house, "select", ids.SG_API_STATE)
    await house.call("switch", "turn_on", ids.SG_API_SWITCH)
    await house.pump_time(90)
    await house.poll()
    assert house.state("select", ids.SG_API_STATE).state == "standard"
    await house.call("switch", "turn_off", ids.SG_API_SWITCH)
    await house.pump_time(90)
    await house.poll()
    assert house.state("select", ids.SG_API_STATE).state == "unavailable"


async def test_two_pumps_on_one_host(
    hass: HomeAssistant, pump: NibeSimulator, start: Callable[..., Awaitable[House]]
) -> None:
    """Two heat pumps behind one address are two entries that share one line."""
    second = pump.add_device("vvm-s320", seed=2)
    first = await start()
    other = make_entry(pump, serial=second.serial)
    other = type(other)(
        domain=DOMAIN, title="Second", unique_id=second.serial, data=dict(other.data)
    )
    house = await start(other)
    await first.poll()
    await house.poll()
    assert pump.stats.max_in_flight == 1
    assert pump.stats.overlaps == 0
    assert house.state("sensor", ids.OUTDOOR).state != "unknown"
