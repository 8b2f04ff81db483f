"""Answers that make no sense: what is broken is unavailable, the rest goes on."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from homeassistant.config_entries import ConfigEntryState
from homeassistant.exceptions import HomeAssistantError
from simulators.htrest import HtRestSimulator, Profile

from .common import (
    CLIMATE,
    LIMIT_POINT,
    MODE_POINT,
    OUTDOOR,
    OUTDOOR_POINT,
    ROOM,
    TANK,
    House,
)
from .hostile import change_answers, complaints, spoil_point
from .test_programs import HOT_WATER, WORKDAY

VALUES = {"GET /param/", "GET /fastquery/"}
WEEK = {"GET /timeprog/{id}"}
LIMIT = "HKR Heizgrenze"


def each(value: Any) -> Callable[[dict[str, Any]], Any]:
    """Return a change that gives all names the same value."""
    return lambda answer: dict.fromkeys(answer, value)


@pytest.mark.parametrize(
    ("change", "outdoor", "mode"),
    [
        (lambda answer: {**answer, "Foo": 1, "Language": True}, "4.9", "auto"),
        (each(None), "unavailable", "unavailable"),
        (each("x"), "unavailable", "unavailable"),
        (each([1]), "unavailable", "unavailable"),
        (each(True), "unavailable", "unavailable"),
        (each(1.5), "1.5", "unavailable"),
        (each(-1), "-1", "unknown"),
        (each(1e308), "1e+308", "unavailable"),
        (lambda answer: {}, "unavailable", "unavailable"),
        (lambda answer: [], "unavailable", "unavailable"),
        (lambda answer: "x", "unavailable", "unavailable"),
        (lambda answer: None, "unavailable", "unavailable"),
    ],
)
async def test_values(
    house: House,
    caplog: pytest.LogCaptureFixture,
    change: Callable[[Any], Any],
    outdoor: str,
    mode: str,
) -> None:
    """Values of another type or size than the table says are none, and nothing breaks."""
    await house.poll(2)
    change_answers(house.server, VALUES, change)
    caplog.clear()
    await house.poll(25)
    assert house.state("sensor", OUTDOOR_POINT).state == outdoor
    assert house.state("climate", CLIMATE).state == mode
    # A server that is unusable as a whole is said once; single values are not.
    assert len(complaints(caplog)) <= 1
    assert not [line for line in complaints(caplog) if "custom_components.htrest" not in line]


@pytest.mark.parametrize(
    ("change", "state"),
    [
        (each(None), ConfigEntryState.LOADED),
        (each("x"), ConfigEntryState.LOADED),
        (each(1e308), ConfigEntryState.LOADED),
        (lambda answer: {}, ConfigEntryState.LOADED),
        (lambda answer: [], ConfigEntryState.SETUP_RETRY),
        (lambda answer: None, ConfigEntryState.SETUP_RETRY),
    ],
)
async def test_values_at_the_start(
    server: HtRestSimulator,
    start: Callable[..., Awaitable[House]],
    caplog: pytest.LogCaptureFixture,
    change: Callable[[Any], Any],
    state: ConfigEntryState,
) -> None:
    """A start with such a server is tried again, or goes on with what makes sense."""
    change_answers(server, VALUES, change)
    house = await start()
    assert house.entry.state is state
    assert not [line for line in complaints(caplog) if "custom_components.htrest" not in line]


@pytest.mark.parametrize("number", ["1e999", "-1e999", "NaN", "Infinity"])
async def test_numbers_that_are_none(house: House, number: str) -> None:
    """What JSON does not know as a number changes nothing."""
    body = f'{{"{OUTDOOR}": {number}, "Stoerung": false}}'
    house.server.inject("garbage", "/api/v1/fastquery/", body=body)
    await house.poll(18)
    house.server.inject("garbage", "/api/v1/param/", body=f'{{"Betriebsart": {number}}}')
    await house.poll(2)
    assert house.state("sensor", OUTDOOR_POINT).state == "4.9"
    assert house.state("climate", CLIMATE).state == "auto"
    assert house.state("select", MODE_POINT).state == "automatic"


async def test_value_that_stays_away(house: House) -> None:
    """A value that is missing in all answers from now on is not shown for ever."""
    await house.poll(2)
    change_answers(house.server, VALUES, lambda answer: {**answer, OUTDOOR: None})
    await house.poll(2)
    assert house.state("sensor", OUTDOOR_POINT).state == "unavailable"
    assert house.state("sensor", "mp2").state == "50.1"


async def test_unknown_error_of_a_setting(house: House) -> None:
    """A setting that fails in a way nobody knows leaves the others as they are."""
    await house.poll(2)
    spoil_point(house.server, LIMIT)
    house.server.set_value(ROOM, 19.5)
    house.server.set_value(TANK, 44)
    house.server.stats.reset()
    await house.poll(60)
    assert house.state("climate", CLIMATE).attributes["temperature"] == 19.5
    assert house.state("water_heater", "water_heater").attributes["temperature"] == 44
    assert house.state("number", LIMIT_POINT).state == "unavailable"
    assert house.server.stats.calls["GET /param/"] <= 15  # half an hour: six without it


async def test_unknown_error_at_the_start(
    server: HtRestSimulator, start: Callable[..., Awaitable[House]]
) -> None:
    """One setting that fails in a way nobody knows does not keep the house from starting."""
    spoil_point(server, LIMIT)
    house = await start()
    assert house.entry.state is ConfigEntryState.LOADED
    assert house.state("climate", CLIMATE).state == "auto"


@pytest.mark.parametrize("profile", [Profile.OWNER])
async def test_unknown_error_while_searching(house: House) -> None:
    """One point that fails in a way nobody knows does not end the search for the others."""
    spoil_point(house.server, "BSZ 2.Stufe Schaltungen")
    await house.poll(30)
    assert house.find("climate", "climate-mixing_circuit_1")


async def test_unknown_error_of_the_fast_query(house: House) -> None:
    """Where the fast query fails for an unknown reason, points are read singly."""
    await house.poll(2)
    body = '{"message": "invalid response for MR command [b\'x\']"}'
    house.server.inject("status", "/api/v1/fastquery/", times=None, body=body)
    house.server.set_value(OUTDOOR, 1.5)
    await house.poll(2)
    assert house.state("sensor", OUTDOOR_POINT).state == "1.5"


@pytest.mark.parametrize(
    "change",
    [
        lambda days: days[:3],
        lambda days: [],
        lambda days: days * 3,
        lambda days: [day[:2] for day in days],
    ],
)
async def test_weeks_of_another_shape(
    house: House, caplog: pytest.LogCaptureFixture, change: Callable[[Any], Any]
) -> None:
    """A time program that is not seven days of seven slots is not shown, and not written."""
    change_answers(
        house.server, WEEK, lambda answer: {**answer, "entries": change(answer["entries"])}
    )
    await house.enable(("calendar", "program0"))
    caplog.clear()
    await house.poll(8)
    assert house.state("calendar", "program0").state == "unavailable"
    for action, data in (
        ("get_time_program", {}),
        ("set_time_program", {"days": ["sunday"], "periods": WORKDAY}),
        ("copy_day", {"from_day": "sunday", "days": ["monday"]}),
    ):
        with pytest.raises(HomeAssistantError) as err:
            await house.act(action, program=HOT_WATER, **data)
        assert err.value.translation_key == "bad_response"
    assert not house.server.stats.slot_writes
    assert not complaints(caplog)
