"""The fault list: what is new is told, once, at the price of what is new."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import async_capture_events

from homeassistant.core import Event, HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from simulators.htrest import NO_FAULT, HtRestSimulator

from .common import FAULT_POINT, House
from .hostile import complaints

INFO = 65286


@pytest.fixture
def told(hass: HomeAssistant) -> list[Event[Any]]:
    """Return what is told of faults."""
    return async_capture_events(hass, "htrest_fault")


def messages(told: list[Event[Any]]) -> list[str]:
    """Return the texts of what was told."""
    return [event.data["message"] for event in told]


async def test_new_fault(house: House, told: list[Event[Any]]) -> None:
    """A fault is an event at once, a problem while it stands, and the last fault afterwards."""
    house.server.add_fault(9, "HD Schalter")
    house.server.stats.reset()
    await house.poll()
    assert sum(cost for path, cost in house.server.stats.costs if "faultlist" in path) < 10
    state = house.state("event", "fault_event")
    assert state.attributes["event_type"] == "fault"
    assert (state.attributes["error"], state.attributes["message"]) == (9, "HD Schalter")
    assert house.state("binary_sensor", FAULT_POINT).state == "on"
    assert house.state("sensor", "last_fault").state == "HD Schalter"
    assert told[0].data["entity_id"] == house.entity_id("event", "fault_event")
    assert told[0].data["kind"] == "fault"
    house.server.add_fault(NO_FAULT, "Keine Stoerung")
    await house.poll(3)
    assert house.state("event", "fault_event").attributes["event_type"] == "cleared"
    assert house.state("binary_sensor", FAULT_POINT).state == "off"
    assert house.state("sensor", "last_fault").state == "HD Schalter"
    assert messages(told) == ["HD Schalter", "Keine Stoerung"]


async def test_information(house: House, told: list[Event[Any]]) -> None:
    """A line that is no fault is seen within ten minutes, and is no fault."""
    house.server.add_fault(INFO, "Info: Programmupdate 2")
    await house.poll(20)
    assert house.state("event", "fault_event").attributes["event_type"] == "info"
    assert house.state("sensor", "last_fault").state == "EQ_Spreizung"
    assert messages(told) == ["Info: Programmupdate 2"]


async def test_nothing_new_at_first(house: House, told: list[Event[Any]]) -> None:
    """What stood in the list before is no news."""
    await house.poll(21)
    assert not told
    assert house.state("event", "fault_event").state == "unknown"
    assert house.state("sensor", "last_fault").state == "EQ_Spreizung"


async def test_missed_while_down(house: House, told: list[Event[Any]]) -> None:
    """What happened while Home Assistant was down is told when it is up again, in order."""
    await house.hass.config_entries.async_unload(house.entry.entry_id)
    for number in range(3):
        house.server.add_fault(9 + number, f"Fault {number}")
    before = house.commands
    await house.hass.config_entries.async_setup(house.entry.entry_id)
    await house.settle()
    assert messages(told) == ["Fault 0", "Fault 1", "Fault 2"]
    assert house.state("event", "fault_event").attributes["message"] == "Fault 2"
    assert house.commands - before <= 60


async def test_missed_while_silent(house: House, told: list[Event[Any]]) -> None:
    """What happened while the heat pump could not be asked is told as well."""
    house.server.silent = True
    await house.poll(2)
    house.server.add_fault(9, "HD Schalter")
    house.server.add_fault(NO_FAULT, "Keine Stoerung")
    house.server.silent = False
    await house.poll(20)
    assert messages(told) == ["HD Schalter", "Keine Stoerung"]


@pytest.mark.parametrize("last_is_fault", [True, False])
async def test_long_list(
    server: HtRestSimulator, start: Callable[..., Awaitable[House]], last_is_fault: bool
) -> None:
    """A list of 600 lines costs no more than one of three."""
    for number in range(300):
        server.add_fault(9, f"Fault {number}")
        server.add_fault(NO_FAULT, "Keine Stoerung")
    if last_is_fault:
        server.add_fault(19, "EQ_Spreizung")
    house = await start()
    await house.poll(2)
    costs = [cost for pattern, cost in server.stats.costs if "faultlist" in pattern]
    assert sum(costs) < 10
    expected = "EQ_Spreizung" if last_is_fault else "Fault 299"
    assert house.state("sensor", "last_fault").state == expected


async def test_hundreds_missed(house: House, told: list[Event[Any]]) -> None:
    """Of hundreds of new lines only the newest are read."""
    for number in range(300):
        house.server.add_fault(9, f"Fault {number}")
    await house.poll(21)
    assert messages(told) == [f"Fault {number}" for number in range(280, 300)]


@pytest.mark.parametrize("count", [1, 5])
async def test_list_was_emptied(house: House, told: list[Event[Any]], count: int) -> None:
    """After somebody has emptied the list, new lines are news all the same."""
    house.server.clear_fault_list()
    await house.poll(21)
    assert not told
    for number in range(count):
        house.server.add_fault(9, f"Fault {number}")
    await house.poll(21)
    assert messages(told) == [f"Fault {number}" for number in range(count)]


async def test_list_was_emptied_and_filled(house: House, told: list[Event[Any]]) -> None:
    """A list that was emptied and filled between two looks tells all that is in it."""
    house.server.clear_fault_list()
    for number in range(6):
        house.server.add_fault(9, f"Fault {number}")
    await house.poll(2)
    assert messages(told) == [f"Fault {number}" for number in range(6)]


async def test_list_that_is_full(house: House, told: list[Event[Any]]) -> None:
    """A list that moves up instead of growing is followed too."""
    house.server.add_fault(9, "New one")
    lines = house.server.fault_list[1:]
    house.server.fault_list[:] = [replace(line, index=i) for i, line in enumerate(lines)]
    await house.poll(2)
    assert messages(told) == ["New one"]


async def test_bad_answer_about_faults(house: House, told: list[Event[Any]]) -> None:
    """An answer about faults that makes no sense is left out, and asked for again."""
    house.server.add_fault(9, "HD Schalter")
    house.server.inject("garbage", "/api/v1/faultlist/*", times=2)
    await house.poll(3)
    assert not told
    assert house.state("binary_sensor", FAULT_POINT).state == "on"
    await house.poll(2)
    assert messages(told) == ["HD Schalter"]


async def test_get_faults(house: House) -> None:
    """The newest lines are returned, the newest first, each with its kind."""
    house.server.add_fault(9, "HD Schalter")
    before = house.commands
    answer = await house.act("get_faults", count=3)
    assert [line["message"] for line in answer["faults"]] == [
        "HD Schalter",
        "EQ_Spreizung",
        "Info: Initialisiert",
    ]
    assert [line["kind"] for line in answer["faults"]] == ["fault", "fault", "info"]
    assert house.commands - before == 3 + 4 + 4
    assert len((await house.act("get_faults", count=20))["faults"]) == 5
    house.server.clear_fault_list()
    assert (await house.act("get_faults"))["faults"] == []


async def test_get_faults_fails(house: House) -> None:
    """A heat pump that does not answer is said."""
    house.server.silent = True
    with pytest.raises(HomeAssistantError) as err:
        await house.act("get_faults")
    assert err.value.translation_key == "pump_silent"


async def test_time_of_a_fault(house: House) -> None:
    """When a fault began is a moment in local time; a clock that was never set is none."""
    assert house.state("sensor", "last_fault_time").state == "2014-09-14T09:08:56+00:00"
    entry = house.server.add_fault(9, "HD Schalter")
    house.server.fault_list[-1] = replace(entry, datetime="2000-01-01T00:00:00")
    await house.poll(2)
    assert house.state("sensor", "last_fault_time").state == "unknown"


async def test_pump_is_silent_right_after(house: House, told: list[Event[Any]]) -> None:
    """A fault that was read in a poll that then fails is told all the same."""
    house.server.add_fault(9, "HD Schalter")
    body = '{"message": "login failed after 3 try/tries"}'
    house.server.inject("status", "/api/v1/timeprog/0", times=None, body=body)
    house.server.inject("status", "/api/v1/param/", times=None, body=body)
    await house.poll()
    house.server.clear_faults()
    await house.poll(25)
    assert messages(told) == ["HD Schalter"]
    assert house.state("sensor", "last_fault").state == "HD Schalter"


async def test_same_line_again(house: House, told: list[Event[Any]]) -> None:
    """What happened between two lines that look alike, of a clock that starts anew, is told."""

    def boot() -> None:
        line = house.server.add_fault(INFO, "Info: Initialisiert")
        house.server.fault_list[-1] = replace(line, datetime="2000-01-01T00:00:00")

    boot()
    await house.poll(21)
    house.server.add_fault(9, "HD Schalter")
    house.server.add_fault(NO_FAULT, "Keine Stoerung")
    boot()
    await house.poll(45)
    assert messages(told)[1:] == ["HD Schalter", "Keine Stoerung", "Info: Initialisiert"]


async def test_long_text(house: House, caplog: pytest.LogCaptureFixture) -> None:
    """A text that is longer than a state may be is cut."""
    house.server.add_fault(9, "HD " * 200)
    await house.poll(2)
    assert house.state("sensor", "last_fault").state.startswith("HD HD")
    assert not complaints(caplog)


async def test_line_without_a_time(house: House, told: list[Event[Any]]) -> None:
    """A line that makes no sense does not keep the others from being told, nor is asked for ever."""
    house.server.add_fault(9, "HD Schalter")
    line = house.server.add_fault(9, "odd clock")
    house.server.fault_list[-1] = replace(line, datetime="2000-00-00T00:00:00")
    house.server.add_fault(9, "ND Schalter")
    house.server.stats.reset()
    await house.poll(60)
    assert messages(told) == ["HD Schalter", "ND Schalter"]
    assert house.server.stats.calls["GET /faultlist/{id}"] <= 4
