"""Polls: what they cost, what they wake, and what happens when they fail."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from unittest.mock import patch

import pytest
from pytest_homeassistant_custom_component.common import async_capture_events

from homeassistant.config_entries import SOURCE_REAUTH
from homeassistant.core import Event, HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from simulators.htrest import HtRestSimulator

from .common import (
    CLIMATE,
    FAULT_POINT,
    LIMIT_POINT,
    MODE_POINT,
    OUTDOOR,
    OUTDOOR_POINT,
    ROOM,
    House,
)
from .dialog import issues

LOGGER = "custom_components.htrest"
FAST = "GET /fastquery/"
TANK_POINT = "mp2"


async def hour(house: House) -> int:
    """Let an hour pass and return its serial commands."""
    before = house.commands
    for _ in range(120):
        await house.plant_time(30)
        await house.poll()
    return house.commands - before


async def test_idle_hour(house: House) -> None:
    """An hour costs 650 serial commands at most, and the server never has two requests."""
    assert await hour(house) <= 650
    calls = house.server.stats.calls
    assert calls[FAST] == 121
    assert calls["GET /faultlist/last"] == 7
    assert "GET /faultlist/" not in calls
    assert house.server.stats.max_queued == 1


async def test_idle_hour_of_all_standard_entities(house: House) -> None:
    """With all entities of the standard table enabled an hour costs 800 at most."""
    await house.enable_all()
    assert await hour(house) <= 800
    assert house.server.stats.max_queued == 1


async def test_disabled_entities_cost_nothing(house: House) -> None:
    """Only points are read that an enabled entity shows."""
    house.server.stats.reset()
    await hour(house)
    asked = " ".join(house.server.stats.commands)
    assert "SP,NR=76" in asked  # the heating limit
    assert "SP,NR=71" not in asked  # the heat-up offset, disabled
    fast = next(command for command in house.server.stats.commands if command.startswith("MR"))
    assert "9" not in fast.split(",")  # the suction gas, disabled


async def test_poll_interval(start: Callable[..., Awaitable[House]]) -> None:
    """The interval of the options is kept, and shown."""
    house = await start(poll_interval=300)
    before = house.commands
    await house.poll()
    assert house.commands == before
    await house.fire(301)
    assert house.commands > before
    assert house.state("sensor", "poll_interval").state == "300"


async def test_settings_changed_at_the_pump(house: House) -> None:
    """A setting that somebody changes at the heat pump is seen within ten minutes."""
    await house.poll(5)
    house.server.set_value(ROOM, 19.5)
    house.server.set_value("HKR Heizgrenze", 15)
    await house.poll(20)
    assert house.state("climate", CLIMATE).attributes["temperature"] == 19.5
    assert house.state("number", LIMIT_POINT).state == "15"


async def test_settings_are_read_after_a_write(house: House) -> None:
    """One setting may change others, so all are read again after a write, ten in a poll."""
    await house.enable_all()
    await house.poll(5)
    house.server.set_value("HKR Heizgrenze", 15)
    await house.call("select", "select_option", MODE_POINT, option="continuous")
    house.server.stats.reset()
    await house.poll(3)
    assert house.state("number", LIMIT_POINT).state == "15"
    reads = [cost for pattern, cost in house.server.stats.costs if pattern == "GET /param/"]
    assert reads == [7, 7, 7, 7, 7, 4]  # five in a request, so that a command waits for no more
    house.server.stats.reset()
    await house.poll(5)
    assert "GET /param/" not in house.server.stats.calls


async def test_only_what_changed_is_written(house: House) -> None:
    """One temperature that changes wakes one entity."""
    await house.poll(2)
    events: list[Event[Any]] = async_capture_events(house.hass, "state_changed")
    house.server.set_value(OUTDOOR, 1.5)
    await house.poll()
    assert [event.data["entity_id"] for event in events] == [
        house.entity_id("sensor", OUTDOOR_POINT)
    ]


async def test_unavailable_and_back(house: House, caplog: pytest.LogCaptureFixture) -> None:
    """A server that is away makes all unavailable; it is logged once, and once when back."""
    caplog.clear()
    await house.server.refuse()
    await house.poll(3)
    states = {
        state.state
        for state in house.hass.states.async_all()
        if state.entity_id.split(".")[0] in ("sensor", "climate", "binary_sensor", "button")
    }
    assert states == {"unavailable"}
    await house.server.listen()
    await house.poll()
    assert house.state("sensor", OUTDOOR_POINT).state == "4.9"
    ours = [r for r in caplog.records if r.name == LOGGER and r.levelname != "DEBUG"]
    assert [record.levelname for record in ours] == ["ERROR", "INFO"]


async def test_wrong_password_in_operation(house: House, hass: HomeAssistant) -> None:
    """A password that is changed while we run asks for the new one, once."""
    house.server.username, house.server.password = "home", "new"
    await house.poll(3)
    flows = hass.config_entries.flow.async_progress()
    assert [flow["context"]["source"] for flow in flows] == [SOURCE_REAUTH]


async def test_silent_pump(start: Callable[..., Awaitable[House]], hass: HomeAssistant) -> None:
    """A heat pump that is silent for ten minutes: no request piles up, no write comes late."""
    house = await start(allow_raw=True)
    house.server.blocking = True
    house.server.silent = True

    async def try_to_set() -> None:
        # An action of an entity that is unavailable would not even get to us.
        with pytest.raises(HomeAssistantError) as err:
            await house.act("set_parameter", name=ROOM, value=23)
        assert err.value.translation_key in {"pump_silent", "busy"}

    for _ in range(20):
        await house.live(asyncio.gather(house.poll(), try_to_set(), try_to_set()), step=1.0)
    assert house.state("climate", CLIMATE).state == "unavailable"
    assert issues(hass) == ["pump_silent"]
    house.server.silent = False
    await house.live(house.poll())
    assert house.server.stats.max_queued == 1
    assert house.server.stats.abandoned == 0
    assert not house.writes
    assert house.state("climate", CLIMATE).attributes["temperature"] == 21.5
    assert house.state("sensor", OUTDOOR_POINT).state == str(house.shown(OUTDOOR))
    assert not issues(hass)


async def test_short_silence_is_no_repair(house: House, hass: HomeAssistant) -> None:
    """A heat pump that is silent for a minute is only unavailable."""
    house.server.silent = True
    await house.poll(2)
    assert not issues(hass)
    house.server.silent = False
    await house.poll()
    house.server.silent = True
    await house.poll(2)
    assert not issues(hass)
    await house.poll()
    assert issues(hass) == ["pump_silent"]


async def test_adapter_pulled(house: House, hass: HomeAssistant) -> None:
    """A server that lost its adapter is told at once, also when a command finds it out."""
    house.server.adapter_pulled = True
    with pytest.raises(HomeAssistantError) as err:
        await house.call("climate", "set_temperature", CLIMATE, temperature=23)
    assert err.value.translation_key == "server_stuck"
    assert issues(hass) == ["server_stuck"]
    await house.poll()
    house.server.adapter_pulled = False
    await house.poll(2)
    assert house.state("sensor", OUTDOOR_POINT).state == "unavailable"
    await house.server.restart_server()
    await house.poll()
    assert house.state("sensor", OUTDOOR_POINT).state == "4.9"
    assert not issues(hass)


@pytest.mark.parametrize("kind", ["lost", "garbage", "checksum"])
async def test_one_answer_is_lost(house: House, kind: str) -> None:
    """Noise now and then makes nothing unavailable."""
    house.server.inject_serial(kind, "MR*")
    house.server.set_value(OUTDOOR, 1.5)
    await house.poll()
    assert house.state("sensor", OUTDOOR_POINT).state == "1.5"
    house.server.inject_serial(kind, "SP*")
    await house.poll(21)
    assert house.state("number", LIMIT_POINT).state == "18"


async def test_nothing_but_noise(house: House) -> None:
    """A line that spoils every answer is down: no single point is to blame, and it comes back."""
    await house.poll()
    house.server.inject_serial("lost", "MR*", times=None)
    house.server.inject_serial("lost", "?P*", times=None)
    before = house.commands
    await house.poll()
    assert house.commands - before <= 30
    assert house.state("sensor", OUTDOOR_POINT).state == "unavailable"
    house.server.clear_serial_faults()
    await house.poll()
    assert house.state("sensor", OUTDOOR_POINT).state == "4.9"


@pytest.mark.parametrize("kind", ["absent", "spoilt"])
async def test_poisoned_point(house: House, kind: str) -> None:
    """A point that spoils the answers of all is set aside; the others keep up to date."""
    await house.poll()
    if kind == "absent":
        house.server.absent.add("Temp. Brauchwasser")
    else:
        house.server.inject_serial("lost", "MR*,2,*", times=None)
        house.server.inject_serial("lost", "MP,NR=2", times=None)
    house.server.set_value(OUTDOOR, 1.5)
    await house.poll()
    assert house.state("sensor", OUTDOOR_POINT).state == "1.5"
    assert house.state("sensor", TANK_POINT).state == "unavailable"
    assert house.state("binary_sensor", FAULT_POINT).state == "off"
    before = house.commands
    await house.poll(10)
    assert house.commands - before <= 10 * 3 + 12 + 3 + 15  # nothing more than usual
    assert house.state("sensor", TANK_POINT).state == "unavailable"
    house.server.absent.clear()
    house.server.clear_serial_faults()
    await house.poll(12)
    assert house.state("sensor", TANK_POINT).state == "50.1"


async def test_poisoned_point_is_tried_less_and_less(house: House) -> None:
    """A point that stays bad is tried after 10, 20, 40 minutes."""
    await house.poll()
    house.server.absent.add("Temp. Brauchwasser")
    tried = []
    for number in range(160):
        house.server.stats.reset()
        await house.poll()
        if "MP,NR=2" in house.server.stats.commands:
            tried.append(number)
    assert tried == [0, 20, 60, 140]


async def test_poisoned_setting(house: House) -> None:
    """A setting that is bad does not hold up the others."""
    house.server.inject_serial("lost", "SP,NR=76", times=None)
    house.server.set_value(ROOM, 19.5)
    await house.poll(21)
    assert house.state("climate", CLIMATE).attributes["temperature"] == 19.5
    assert house.state("number", LIMIT_POINT).state == "unavailable"
    house.server.clear_serial_faults()
    await house.poll(22)
    assert house.state("number", LIMIT_POINT).state == "18"


async def test_settings_that_fail_leave_the_rest(house: House) -> None:
    """An error of the server about settings leaves the temperatures as they are."""
    await house.poll()
    house.server.inject("status", "/api/v1/param/", times=None)
    house.server.set_value(OUTDOOR, 1.5)
    await house.poll(21)
    assert house.state("sensor", OUTDOOR_POINT).state == "1.5"


async def test_slow_line(
    start: Callable[..., Awaitable[House]],
    server: HtRestSimulator,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """On a slow line the interval grows, is shown, and is said once; it shrinks again."""
    with patch("custom_components.htrest.transport.monotonic", server.clock.monotonic):
        house = await start(poll_interval=10)
        server.blocking, server.latency = True, 2.0
        for _ in range(3):
            await house.live(house.fire(11))
        assert 18 <= float(house.state("sensor", "poll_interval").state) <= 21
        before = house.commands
        await house.live(house.fire(11))
        assert house.commands == before
        for _ in range(3):
            await house.live(house.fire(22))
        assert len([r for r in caplog.records if "serial line" in r.message]) == 1
        server.latency = 0.035
        for _ in range(3):
            await house.live(house.fire(22))
    assert house.state("sensor", "poll_interval").state == "10"
    assert {r.levelname for r in caplog.records if "serial line" in r.message} == {"INFO"}


async def test_one_slow_answer_changes_nothing(
    start: Callable[..., Awaitable[House]], server: HtRestSimulator
) -> None:
    """That something else held the server up for once is no slow line."""
    with patch("custom_components.htrest.transport.monotonic", server.clock.monotonic):
        house = await start(poll_interval=10)
        for latency in (0.035, 5.0, 0.035, 0.035):
            server.blocking, server.latency = True, latency
            await house.live(house.fire(11))
    assert house.state("sensor", "poll_interval").state == "10"


async def test_broken_entity(house: House, caplog: pytest.LogCaptureFixture) -> None:
    """An entity that fails does not keep the others from their news."""
    broken = house.hass.data["sensor"].get_entity(house.entity_id("sensor", TANK_POINT))
    house.server.set_value("Temp. Brauchwasser", 48.0)
    house.server.set_value("Temp. Ruecklauf", 30.0)
    with patch.object(type(broken), "native_value", property(_fail)):
        await house.poll()
    assert "could not be updated" in caplog.text
    house.server.set_value(OUTDOOR, 1.5)
    await house.poll()
    assert house.state("sensor", OUTDOOR_POINT).state == "1.5"


def _fail(_: object) -> None:
    raise ZeroDivisionError


async def test_commands_while_settings_are_read(house: House) -> None:
    """What was read before a command was sent does not undo what the command set."""
    await house.poll(19)
    house.server.blocking = True
    house.server.stats.reset()
    polling = asyncio.ensure_future(house.poll())
    while "SP,NR=76" not in house.server.stats.commands:
        await house.plant_time(0.02)
        await asyncio.sleep(0.001)
    await house.live(
        asyncio.gather(
            house.call("climate", "set_preset_mode", CLIMATE, preset_mode="party"),
            house.call("number", "set_value", LIMIT_POINT, value=20),
        )
    )
    await house.live(polling)
    house.server.blocking = False
    assert house.state("climate", CLIMATE).attributes["preset_mode"] == "party"
    assert house.state("number", LIMIT_POINT).state == "20"


async def test_read_back_comes_before_the_poll(house: House) -> None:
    """A poll that waits does not come between a write and the look at what came of it."""
    await house.poll(19)
    house.server.blocking = True
    house.server.stats.reset()
    polling = asyncio.ensure_future(house.poll())
    while "SP,NR=76" not in house.server.stats.commands:
        await house.plant_time(0.02)
        await asyncio.sleep(0.001)
    setting = house.call("number", "set_value", LIMIT_POINT, value=20)
    await house.live(asyncio.gather(polling, setting))
    commands = list(house.server.stats.commands)
    written = commands.index("SP,NR=76,VAL=20")
    assert commands[written + 1 : written + 4] == ["LOUT", "LIN", "SP,NR=76"]


async def test_uncertain_setting_is_read_at_once(house: House) -> None:
    """A setting that may have been set is read with the next poll, not after ten minutes."""
    await house.poll(2)
    house.server.inject_serial("lost", "SP,NR=76", times=2)
    with pytest.raises(HomeAssistantError) as err:
        await house.call("number", "set_value", LIMIT_POINT, value=20)
    assert err.value.translation_key == "uncertain"
    await house.poll()
    assert house.state("number", LIMIT_POINT).state == "20"


async def test_all_back_after_a_silence(house: House) -> None:
    """Everything is back with the first poll after a silence of ten minutes, settings too."""
    await house.poll(2)
    up = {state.entity_id: state.state for state in house.hass.states.async_all()}
    house.server.silent = True
    await house.poll(20)
    house.server.silent = False
    await house.poll()
    states = {state.entity_id: state.state for state in house.hass.states.async_all()}
    assert {key for key, value in states.items() if value == "unavailable"} == {
        key for key, value in up.items() if value == "unavailable"
    }


async def test_no_memory_of_every_request(house: House) -> None:
    """What is counted for the last hour does not grow for ever."""
    transport = house.entry.runtime_data.client._transport
    passed = 0.0
    with patch(
        "custom_components.htrest.transport.monotonic", lambda: house.hass.loop.time() + passed
    ):
        for _ in range(300):
            passed += 30
            await house.poll()
    assert len(transport._sent_at) <= 200
