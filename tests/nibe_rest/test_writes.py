"""Writes: what is taken for done, and what is never sent."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from custom_components.nibe_rest.budget import PER_DAY, PER_HOUR
from custom_components.nibe_rest.models import Alarm, Raw
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import issue_registry as ir
from homeassistant.util.unit_system import US_CUSTOMARY_SYSTEM
from simulators.nibe_rest import (
    FULL,
    IGNORED,
    MODIFIED,
    NO_SUCH_PARAM,
    OLD,
    OLD_IGNORED,
    READ_ONLY,
    Answer,
    Behaviour,
    NibeSimulator,
    ids,
)

from .common import DOMAIN, House

OFFSET = ids.HEATING_OFFSET
LIMIT = ids.MAX_ADDITIONAL_HEAT


async def _set(house: House, point: int, value: float) -> None:
    await house.call("number", "set_value", point, value=value)


@pytest.mark.parametrize("delay", [0, 2, 6, 13])
@pytest.mark.parametrize("answer", [FULL, OLD, MODIFIED])
async def test_confirmed(house: House, answer: Behaviour, delay: float) -> None:
    """Whatever the heat pump says, a write is done once the point shows it, however late."""
    house.pump.behaviour[OFFSET] = Behaviour(answer.answer, delay=delay)
    await _set(house, OFFSET, 3)
    assert house.state("number", OFFSET).state == "3"
    await house.pump_time(14)
    assert house.pump.stats.writes == [(OFFSET, 3)]


@pytest.mark.parametrize(
    ("behaviour", "key"),
    [
        (NO_SUCH_PARAM, "no_such_point"),
        (READ_ONLY, "refused"),
        (IGNORED, "not_confirmed"),
        (OLD_IGNORED, "not_confirmed"),
        (Behaviour(Answer.MODIFIED, applies=False), "not_confirmed"),
        (Behaviour(Answer.FULL, becomes=1), "not_confirmed"),
        (Behaviour(status=400), "refused"),
    ],
)
async def test_not_done(house: House, behaviour: Behaviour, key: str) -> None:
    """A write that was not carried out is an error, and the old value stays."""
    house.pump.behaviour[OFFSET] = behaviour
    before = house.state("number", OFFSET).state
    with pytest.raises(HomeAssistantError) as raised:
        await _set(house, OFFSET, 3)
    assert raised.value.translation_key == key
    shown = house.state("number", OFFSET).state
    assert shown == ("1" if behaviour.becomes else before)


async def test_published_failure(start: Callable[..., Awaitable[House]]) -> None:
    """The one failed write that was published (asked 100, answered 50 as if all were well)."""
    house = await start(new_points="all")
    house.pump.set_value(LIMIT, 50)
    await house.poll()
    house.pump.behaviour[LIMIT] = Behaviour(Answer.OLD, applies=False, misspelt=True)
    with pytest.raises(HomeAssistantError) as raised:
        await _set(house, LIMIT, 1.0)
    assert raised.value.translation_key == "not_confirmed"
    assert house.state("number", LIMIT).state == "0.5"


async def test_read_only_switch(house: House) -> None:
    """A heat pump that takes everything and does nothing has its read-only switch on."""
    house.pump.read_only = True
    issue = f"api_read_only_{house.entry.entry_id}"
    keys = []
    for value in (3, 4):
        with pytest.raises(HomeAssistantError) as raised:
            await _set(house, OFFSET, value)
        keys.append(raised.value.translation_key)
    assert keys == ["not_confirmed", "api_read_only"]
    assert ir.async_get(house.hass).async_get_issue(DOMAIN, issue)
    house.pump.read_only = False
    await _set(house, OFFSET, 3)
    assert ir.async_get(house.hass).async_get_issue(DOMAIN, issue) is None


async def test_same_value_is_not_sent(house: House) -> None:
    """What the heat pump shows already is not written again."""
    await _set(house, OFFSET, 3)
    await _set(house, OFFSET, 3)
    assert house.pump.stats.asked == [(OFFSET, 3)]


async def test_changed_at_the_display(house: House) -> None:
    """What is the same counts by the heat pump, not by what we read half a minute ago."""
    await _set(house, OFFSET, 3)
    house.pump.set_value(OFFSET, 0)
    await _set(house, OFFSET, 3)
    assert house.pump.shown(OFFSET) == 3


async def test_waiting_writes_collapse(house: House) -> None:
    """Of many wishes for one point, made at once, the first or none and the last are written."""
    await asyncio.gather(*(_set(house, OFFSET, value) for value in range(-5, 6)))
    assert house.pump.stats.asked[-1] == (OFFSET, 5)
    assert len(house.pump.stats.asked) <= 2
    assert house.state("number", OFFSET).state == "5"


async def test_twenty_at_once(house: House) -> None:
    """Twenty calls at once: never two requests in flight, and all end right."""
    wishes = [(ids.HEATING_CURVE, 7), (OFFSET, 2), (ids.MIN_SUPPLY, 25), (ids.MAX_SUPPLY, 55)] * 5
    await asyncio.gather(*(_set(house, point, value) for point, value in wishes))
    assert house.pump.stats.max_in_flight == 1
    assert house.pump.stats.overlaps == 0
    for point, value in wishes:
        assert float(house.state("number", point).state) == value


async def test_writes_during_polls(house: House) -> None:
    """A write overtakes waiting polls and never overlaps with one."""
    polls = [asyncio.ensure_future(house.entry.runtime_data.async_refresh()) for _ in range(3)]
    await _set(house, OFFSET, 4)
    await asyncio.gather(*polls)
    assert house.pump.stats.overlaps == 0
    assert house.state("number", OFFSET).state == "4"


async def test_not_exact(start: Callable[..., Awaitable[House]]) -> None:
    """Nothing is rounded in silence."""
    house = await start(new_points="all")
    with pytest.raises(ServiceValidationError) as raised:
        await house.hass.services.async_call(
            DOMAIN,
            "set_point",
            {"config_entry_id": house.entry.entry_id, "point": LIMIT, "value": 1.005},
            blocking=True,
        )
    assert raised.value.translation_key == "not_exact"
    assert house.pump.stats.asked == []


@pytest.mark.parametrize(
    ("access", "point", "allowed"),
    [
        ("full", OFFSET, True),
        ("curated", OFFSET, True),
        ("none", OFFSET, False),
    ],
)
async def test_write_access(
    start: Callable[..., Awaitable[House]], access: str, point: int, allowed: bool
) -> None:
    """The option decides what may be written; the entities stay as they are."""
    house = await start(write_access=access)
    if allowed:
        await _set(house, point, 2)
        return
    with pytest.raises(ServiceValidationError) as raised:
        await _set(house, point, 2)
    assert raised.value.translation_key == "write_access"
    assert house.pump.stats.asked == []


async def _set_point(house: House, point: int, value: float) -> None:
    await house.hass.services.async_call(
        DOMAIN,
        "set_point",
        {"config_entry_id": house.entry.entry_id, "point": point, "value": value},
        blocking=True,
    )


FORBIDDEN = [
    ids.DEGREE_MINUTES,
    ids.RESET_ALARM,
    ids.FORCED_CONTROL,
    ids.BLOCK_COMPRESSOR,
    ids.POWER_SET_POINT,
    ids.PRICE_FIRST_HOUR,
]


@pytest.mark.parametrize("point", FORBIDDEN)
async def test_forbidden(start: Callable[..., Awaitable[House]], point: int) -> None:
    """Forced control, injected values and the like are written by nothing, whatever the options."""
    house = await start(write_access="full", new_points="all")
    if point not in house.entry.runtime_data.data.points:
        house.pump.show(point)
        await house.poll()
    with pytest.raises(ServiceValidationError):
        await _set_point(house, point, 1)
    assert house.pump.stats.asked == []
    for platform in ("number", "select", "switch"):
        with pytest.raises(AssertionError, match=f"no {platform}"):
            house.entity_id(platform, point)


async def test_time_points(start: Callable[..., Awaitable[House]]) -> None:
    """Times of day are shown and never written."""
    house = await start(write_access="full", new_points="all")
    with pytest.raises(ServiceValidationError) as raised:
        await _set_point(house, ids.PERIODIC_START_TIME, 3600)
    assert raised.value.translation_key == "not_writable"


async def test_out_of_range(house: House) -> None:
    """A value beyond the corrected limits is refused before anything is sent."""
    with pytest.raises(ServiceValidationError) as raised:
        await _set_point(house, ids.PERIODIC_STOP, 54.0)
    assert raised.value.translation_key == "out_of_range"
    assert house.pump.stats.asked == []


async def test_broken_connection(house: House) -> None:
    """A write whose answer got lost is not repeated, and the user hears of it."""
    house.pump.inject("drop_after", f"/api/v1/devices/{house.serial}/points")
    with pytest.raises(HomeAssistantError) as raised:
        await _set(house, OFFSET, 3)
    assert raised.value.translation_key == "uncertain"
    assert house.pump.stats.asked == [(OFFSET, 3)]


async def test_read_that_fails_after_a_write(house: House) -> None:
    """A read that fails while a write is being confirmed says nothing about the write."""
    house.pump.behaviour[OFFSET] = Behaviour(Answer.OLD, delay=2)
    single = f"/api/v1/devices/{house.serial}/points/{OFFSET}"

    async def fail_once() -> None:
        house.pump.inject("status", single, status=500)

    house.pump.stats.reset()
    original = house.entry.runtime_data.client.write

    async def write(point: int, raw: int) -> object:
        answer = await original(point, raw)
        await fail_once()
        return answer

    house.entry.runtime_data.client.write = write
    await _set(house, OFFSET, 3)
    assert house.state("number", OFFSET).state == "3"


async def test_uncertain_when_nothing_answers(house: House) -> None:
    """If no read after a write is answered, nobody knows whether it was carried out."""
    client = house.entry.runtime_data.client
    send = client.write

    async def write(point_id: int, raw: int) -> Raw:
        await send(point_id, raw)
        house.pump.inject(path="*/points/*", kind="drop", times=None)
        return 0

    client.write = write
    with pytest.raises(HomeAssistantError) as raised:
        await _set(house, OFFSET, 3)
    assert raised.value.translation_key == "uncertain"


async def test_poll_does_not_undo_a_write(house: House) -> None:
    """What was confirmed while a poll was on its way is newer than the poll."""
    client = house.entry.runtime_data.client
    alarms = client.alarms

    async def slow_alarms() -> list[Alarm]:
        await house.entry.runtime_data.async_write(OFFSET, 3)
        standing: list[Alarm] = await alarms()
        return standing

    client.alarms = slow_alarms
    house.entry.runtime_data._alarms_due = True
    await house.entry.runtime_data.async_refresh()
    assert house.state("number", OFFSET).state == "3"


async def test_fahrenheit(hass: HomeAssistant, house: House) -> None:
    """A temperature that Home Assistant converted is rounded to what the heat pump takes."""
    hass.config.units = US_CUSTOMARY_SYSTEM
    await house.call("climate", "set_temperature", "climate-climate_system_1", temperature=70)
    assert house.pump.stats.writes == [(ids.ROOM_SET_POINT, 211)]


async def test_budget(
    hass: HomeAssistant,
    house: House,
    pump: NibeSimulator,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Too many writes wear out the memory: one warning, then an error that lasts a restart."""
    budget = house.entry.runtime_data.budget
    for _ in range(PER_HOUR + 5):
        await budget.async_spend(OFFSET)
    warnings = [record for record in caplog.records if "wears out" in record.message]
    assert len(warnings) == 1
    for _ in range(PER_DAY - PER_HOUR - 5):
        await budget.async_spend(OFFSET)
    with pytest.raises(HomeAssistantError) as raised:
        await _set(house, OFFSET, 3)
    assert raised.value.translation_key == "budget"
    await hass.config_entries.async_reload(house.entry.entry_id)
    await house.settle()
    with pytest.raises(HomeAssistantError):
        await _set(house, OFFSET, 3)
    assert pump.stats.asked == []
    await _set(house, ids.HEATING_CURVE, 8)


async def test_pause_between_writes(house: House) -> None:
    """Two writes to one point are five seconds apart, whoever wants them."""
    assert timedelta(seconds=5) == timedelta(seconds=house.entry.runtime_data.writer._gap)
    begun = house.pump.seconds
    await _set(house, OFFSET, 3)
    await _set(house, OFFSET, 4)
    assert house.pump.seconds - begun > 4


async def test_nothing_is_written_late(hass: HomeAssistant, house: House) -> None:
    """What still waits when the entry is unloaded is never written, and whoever waits hears it."""
    house.pump.behaviour[OFFSET] = IGNORED
    waiting = asyncio.Event()

    async def for_ever(_seconds: float) -> None:
        waiting.set()
        await asyncio.Event().wait()

    house.entry.runtime_data.writer._sleep = for_ever
    first = asyncio.ensure_future(house.entry.runtime_data.async_write(OFFSET, 3))
    await waiting.wait()
    second = asyncio.ensure_future(house.entry.runtime_data.async_write(OFFSET, 4))
    await asyncio.sleep(0)
    await hass.config_entries.async_unload(house.entry.entry_id)
    answers = await asyncio.gather(first, second, return_exceptions=True)
    keys = [err.translation_key for err in answers if isinstance(err, HomeAssistantError)]
    assert keys == ["uncertain", "cannot_connect"]
    assert house.pump.stats.asked == [(OFFSET, 3)]


async def test_pause_after_a_failed_write(house: House) -> None:
    """A write that was taken and not carried out counts for the pause too."""
    house.pump.behaviour[OFFSET] = NO_SUCH_PARAM
    begun = house.pump.seconds
    for value in (3, 4):
        with pytest.raises(HomeAssistantError):
            await _set(house, OFFSET, value)
    assert house.pump.seconds - begun > 4
