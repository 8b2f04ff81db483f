"""Time programs: read, changed slot by slot, copied, and shown as calendars."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
import pytest

from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.util import dt as dt_util
from simulators.htrest import HtRestSimulator, Slot

from .common import House, make_entry

HOT_WATER, CIRCULATION, HEATING = 0, 1, 2
MONDAY, TUESDAY, SUNDAY = 0, 1, 6
WORKDAY = [
    {"start": "05:00", "end": "09:00", "state": 1},
    {"start": "16:00", "end": "24:00", "state": 1},
]


async def known(house: House) -> None:
    """Let enough polls happen for all programs to be read once."""
    await house.poll(5)


def used(house: House, program: int, day: int) -> list[Slot]:
    """Return the slots of a day, as the heat pump has them, that say anything."""
    slots = [house.server.slot(program, day, number) for number in range(7)]
    return [slot for slot in slots if slot.start != slot.end]


async def set_days(house: House, periods: list[dict[str, Any]], **data: Any) -> Any:
    """Set days of a time program as a user does."""
    data = {"program": HOT_WATER, "days": ["monday"], "periods": periods} | data
    return await house.act("set_time_program", **data)


async def test_read(house: House) -> None:
    """A program comes with its days, and what states mean as far as that is known."""
    answer = await house.act("get_time_program", program=HEATING)
    assert (answer["name"], answer["states"], answer["step"]) == ("Heizung", 3, 15)
    assert list(answer["days"])[0] == "monday"
    assert answer["days"]["sunday"][1] == {
        "start": "05:00",
        "end": "07:00",
        "state": 1,
        "meaning": "setback",
    }


async def test_read_in_the_background(house: House) -> None:
    """One program is read in a poll, once a day."""
    await house.poll(10)
    assert house.server.stats.calls["GET /timeprog/{id}"] == 5


async def test_one_slot(house: House) -> None:
    """A slot that changes costs six commands; slots that stay are not written."""
    await known(house)
    before = house.commands
    periods = [
        {"start": "00:00", "end": "04:00", "state": 0},
        {"start": "04:00", "end": "21:00", "state": 1},
        {"start": "22:00", "end": "24:00", "state": 0},
    ]
    answer = await set_days(house, periods)
    assert house.commands - before <= 6
    assert house.server.stats.slot_writes == [(HOT_WATER, MONDAY, 1)]
    assert house.server.slot(HOT_WATER, MONDAY, 1) == Slot(1, "04:00", "21:00")
    assert [period["end"] for period in answer["days"]["monday"]] == ["04:00", "21:00", "24:00"]
    assert answer["days"]["tuesday"][1]["end"] == "22:00"


async def test_days(house: House) -> None:
    """Several days are set at once; slots that are left over are emptied."""
    await set_days(house, WORKDAY, days=["monday", "tuesday"])
    wanted = [Slot(1, "05:00", "09:00"), Slot(1, "16:00", "24:00")]
    assert used(house, HOT_WATER, MONDAY) == used(house, HOT_WATER, TUESDAY) == wanted
    assert len(used(house, HOT_WATER, SUNDAY)) == 3
    before = house.commands
    await set_days(house, WORKDAY, days="monday")
    assert house.commands - before <= 3  # all is as wanted already


async def test_changed_at_the_pump_meanwhile(house: House) -> None:
    """What was changed at the heat pump since the last look is found, and set right."""
    await known(house)
    house.server.set_slot(HOT_WATER, MONDAY, 0, 1, "01:00", "02:00")
    await set_days(house, WORKDAY)
    assert used(house, HOT_WATER, MONDAY) == [
        Slot(1, "05:00", "09:00"),
        Slot(1, "16:00", "24:00"),
    ]


async def test_copy_day(house: House) -> None:
    """A day is copied to others; what get_time_program says may come back as it is."""
    await set_days(house, WORKDAY)
    await house.act("copy_day", program=HOT_WATER, from_day="monday", days=["sunday"])
    assert used(house, HOT_WATER, SUNDAY) == used(house, HOT_WATER, MONDAY)
    answer = await house.act("get_time_program", program=HOT_WATER)
    await set_days(house, answer["days"]["tuesday"], days=["sunday"])
    assert used(house, HOT_WATER, SUNDAY) == used(house, HOT_WATER, TUESDAY)


@pytest.mark.parametrize(
    ("periods", "key"),
    [
        ([{"start": "05:00", "end": "06:00", "state": 2}], "period_state"),
        ([{"start": "05:07", "end": "06:00", "state": 1}], "period_step"),
        ([{"start": "06:00", "end": "05:00", "state": 1}], "period_order"),
        ([{"start": "06:00", "end": "06:00", "state": 1}], "period_order"),
        ([*WORKDAY, {"start": "08:00", "end": "24:00", "state": 0}], "period_overlap"),
        ([*reversed(WORKDAY)], "period_overlap"),
        (
            [{"start": f"{h:02}:00", "end": f"{h:02}:30", "state": 1} for h in range(8)],
            "too_many_periods",
        ),
    ],
)
async def test_bad_periods(house: House, periods: list[dict[str, Any]], key: str) -> None:
    """What the heat pump cannot do is refused, though the server would let it through."""
    with pytest.raises(ServiceValidationError) as err:
        await set_days(house, periods)
    assert err.value.translation_key == key
    assert not house.server.stats.slot_writes


async def test_no_such_program(house: House) -> None:
    """A program that is not there is said."""
    with pytest.raises(ServiceValidationError) as err:
        await house.act("get_time_program", program=7)
    assert err.value.translation_key == "no_such_program"


@pytest.mark.parametrize("text", ["24:15", "noon"])
async def test_no_time(house: House, text: str) -> None:
    """What is no time of day does not get far."""
    with pytest.raises(Exception, match="HH:MM"):
        await set_days(house, [{"start": text, "end": "24:00", "state": 1}])


@pytest.mark.parametrize(
    ("attribute", "key"), [("read_only", "server_read_only"), ("refuse_writes", "not_confirmed")]
)
async def test_not_done(house: House, attribute: str, key: str) -> None:
    """A slot counts as written only when the heat pump shows it, and is sent once."""
    await known(house)
    setattr(house.server, attribute, True)
    with pytest.raises(HomeAssistantError) as err:
        await set_days(house, WORKDAY)
    assert err.value.translation_key == key
    puts = [record.path for record in house.server.stats.history if record.method == "PUT"]
    assert len(puts) == len(set(puts))


async def test_answer_is_lost(house: House) -> None:
    """A slot whose answer is lost is looked at; one that is not there is uncertain."""
    await known(house)
    house.server.inject("drop_after", method="PUT")
    await set_days(house, WORKDAY)
    assert len(used(house, HOT_WATER, MONDAY)) == 2
    house.server.inject("drop", method="PUT")
    with pytest.raises(HomeAssistantError) as err:
        await set_days(house, WORKDAY[:1])
    assert err.value.translation_key == "uncertain"


async def test_not_allowed(server: HtRestSimulator, start: Callable[..., Awaitable[House]]) -> None:
    """Without the option programs can be read only."""
    house = await start(make_entry(server))
    with pytest.raises(ServiceValidationError) as err:
        await set_days(house, WORKDAY)
    assert err.value.translation_key == "changes_not_allowed"
    assert not server.stats.slot_writes


async def test_calendar(house: House, freezer: FrozenDateTimeFactory) -> None:
    """A calendar shows what is on now, and the events of a week, on the wall clock."""
    house.server.set_slot(CIRCULATION, MONDAY, 0, 1, "22:00", "24:00")
    await house.enable(("calendar", "program1"))
    await known(house)
    zone = dt_util.get_default_time_zone()
    freezer.move_to(datetime(2026, 11, 23, 12, tzinfo=zone))  # a Monday
    calendar = house.entity_id("calendar", "program1")
    answer: Any = await house.hass.services.async_call(
        "calendar",
        "get_events",
        {
            "entity_id": calendar,
            "start_date_time": "2026-11-23 12:00:00",
            "end_date_time": "2026-11-24 12:00:00",
        },
        blocking=True,
        return_response=True,
    )
    events = answer[calendar]["events"]
    spans = [(event["start"][11:16], event["end"][11:16]) for event in events]
    assert spans == [
        ("11:30", "14:00"),
        ("18:00", "22:00"),
        ("22:00", "00:00"),
        ("05:15", "08:00"),
        ("11:30", "14:00"),
    ]
    assert events[0]["summary"] == "1 (on)"


async def test_calendar_now(house: House, freezer: FrozenDateTimeFactory) -> None:
    """The state is on while the program is."""
    await house.enable(("calendar", "program2"))
    await known(house)
    entity = house.hass.data["calendar"].get_entity(house.entity_id("calendar", "program2"))
    zone = dt_util.get_default_time_zone()
    for hour, expected in ((12, "2 (comfort)"), (23, "1 (setback)")):
        freezer.move_to(datetime(2026, 11, 23, hour, tzinfo=zone))
        assert entity.event.summary == expected


async def test_calendar_before_it_is_read(house: House) -> None:
    """A program that has not been read yet is not shown as empty."""
    house.server.inject("status", "/api/v1/timeprog/1", times=None)
    await house.enable(("calendar", "program1"))
    await house.poll(7)
    assert house.state("calendar", "program1").state == "unavailable"
    entity = house.hass.data["calendar"].get_entity(house.entity_id("calendar", "program1"))
    assert entity.event is None


async def test_program_of_another_name(
    server: HtRestSimulator, start: Callable[..., Awaitable[House]]
) -> None:
    """A program that nobody knows keeps the name that the heat pump gives it."""
    server.time_programs[4].name = "Schwimmbad"
    house = await start()
    await house.enable(("calendar", "program4"))
    await known(house)
    assert house.state("calendar", "program4").name == "Heliotherm Schwimmbad"


async def test_no_programs(server: HtRestSimulator, start: Callable[..., Awaitable[House]]) -> None:
    """A heat pump without time programs works."""
    server.inject("status", "/api/v1/timeprog/", body='{"message": "x [\'ERR,INVALID\']"}')
    house = await start()
    await house.poll(3)
    assert house.find("calendar", "program0") is None
    assert house.state("climate", "climate-heating_circuit").state == "auto"


async def test_programs_found_later(
    server: HtRestSimulator, start: Callable[..., Awaitable[House]]
) -> None:
    """An answer about the programs that is lost at the start is asked for again."""
    server.inject("garbage", "/api/v1/timeprog/")
    house = await start()
    assert house.find("calendar", "program0") is None
    await house.poll(22)
    assert house.find("calendar", "program0")
    assert (await house.act("get_time_program", program=HOT_WATER))["name"] == "Warmwasser"


@pytest.mark.parametrize("kind", ["line", "server"])
async def test_one_program_cannot_be_read(house: House, kind: str) -> None:
    """A program that cannot be read keeps the others from nothing, and is tried rarely."""
    if kind == "line":
        house.server.inject_serial("lost", "PRD1*", times=None)
    else:
        body = '{"message": "invalid response [\'ERR,INVALID IDX\']"}'
        house.server.inject("status", "/api/v1/timeprog/1", times=None, body=body)
    await house.poll(8)
    assert (await house.act("get_time_program", program=4))["days"]["monday"]
    await house.enable(("calendar", "program1"), ("calendar", "program4"))
    await house.poll(8)
    assert house.state("calendar", "program1").state == "unavailable"
    assert house.state("calendar", "program4").state in {"on", "off"}
    house.server.stats.reset()
    await house.poll(120)
    assert house.server.stats.commands.count("PRD1") <= 6


async def test_set_in_part(house: House) -> None:
    """A day of which only one slot was written is shown as it is, and said."""
    await house.enable(("calendar", "program0"))
    await known(house)
    house.server.inject(
        "status",
        "/api/v1/timeprog/0/0/1",
        method="PUT",
        times=None,
        body='{"message": "login failed after 3 try/tries"}',
    )
    with pytest.raises(HomeAssistantError) as err:
        await set_days(house, WORKDAY)
    assert err.value.translation_key == "partly"
    assert house.server.stats.slot_writes == [(HOT_WATER, MONDAY, 0)]
    house.server.clear_faults()
    await house.poll(25)
    slots = house.entry.runtime_data.data.programs[HOT_WATER].week[MONDAY]
    assert slots[0].start == 5 * 60


async def test_refused_in_part(house: House) -> None:
    """That the server refuses the second slot is not told as if nothing had been written."""
    await known(house)
    body = '{"message": "the provided state is wrong"}'
    house.server.inject("status", "/api/v1/timeprog/0/0/1", method="PUT", times=None, body=body)
    with pytest.raises(HomeAssistantError) as err:
        await set_days(house, WORKDAY)
    assert err.value.translation_key == "partly"


@pytest.mark.parametrize("night", [datetime(2026, 3, 28, 20), datetime(2026, 10, 24, 20)])
async def test_calendar_when_the_clocks_change(
    house: House, freezer: FrozenDateTimeFactory, night: datetime
) -> None:
    """In the nights of the change each moment has an event that is not over, and not empty."""
    await house.hass.config.async_set_time_zone("Europe/Vienna")
    for day in range(7):
        for number in range(7):
            times = [f"{half // 2:02}:{half % 2 * 30:02}" for half in (number, number + 1)]
            house.server.set_slot(CIRCULATION, day, number, 1, *times)
    await house.enable(("calendar", "program1"))
    await known(house)
    entity = house.hass.data["calendar"].get_entity(house.entity_id("calendar", "program1"))
    for minutes in range(0, 12 * 60, 5):
        now = night.replace(tzinfo=UTC) + timedelta(minutes=minutes)
        freezer.move_to(now)
        event = entity.event
        assert event.end.astimezone(UTC) > now
        assert event.end.astimezone(UTC) > event.start.astimezone(UTC)


@pytest.mark.parametrize("hour", [0, 1])
async def test_calendar_does_not_spin(
    house: House, freezer: FrozenDateTimeFactory, hour: int
) -> None:
    """In the hour that comes twice the state is not written over and over again."""
    await house.hass.config.async_set_time_zone("Europe/Vienna")
    house.server.set_slot(CIRCULATION, SUNDAY, 0, 1, "02:00", "02:45")
    await house.enable(("calendar", "program1"))
    await known(house)
    freezer.move_to(datetime(2026, 10, 25, hour, 10, tzinfo=UTC))
    entity = house.hass.data["calendar"].get_entity(house.entity_id("calendar", "program1"))
    with patch.object(type(entity), "_async_write_ha_state") as write:
        entity.async_write_ha_state()
        for _ in range(50):
            await asyncio.sleep(0)
    assert write.call_count == 1
