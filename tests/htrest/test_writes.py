"""Writes: what may be written, what counts as done, and what is said when it is not."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockUser

from custom_components.htrest.errors import HtRestConnectionError
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError, Unauthorized
from homeassistant.util.unit_system import US_CUSTOMARY_SYSTEM
from simulators.htrest import HtRestSimulator, Profile

from .common import CLIMATE, LIMIT_POINT, MODE, MODE_POINT, ROOM, TANK, House, make_entry
from .dialog import issues

LIMIT = "HKR Heizgrenze"


async def set_limit(house: House, value: float) -> None:
    """Set the heating limit as a user does."""
    await house.call("number", "set_value", LIMIT_POINT, value=value)


async def test_confirmed(house: House) -> None:
    """A value that was set is shown as soon as the heat pump shows it, at the price of 6."""
    before = house.commands
    await set_limit(house, 20)
    assert house.commands - before == 6
    assert house.shown(LIMIT) == 20
    assert house.state("number", LIMIT_POINT).state == "20"


async def test_mode(house: House) -> None:
    """The mode is set by its name; a mode that is only shown cannot be chosen."""
    await house.call("select", "select_option", MODE_POINT, option="setback")
    assert house.shown(MODE) == 5
    house.server.set_value(MODE, 9)
    await house.poll(21)
    state = house.state("select", MODE_POINT)
    assert state.state == "utility_lock"
    assert "utility_lock" in state.attributes["options"]
    with pytest.raises(ServiceValidationError):
        await house.call("select", "select_option", MODE_POINT, option="utility_lock")
    assert len(house.writes) == 1


async def test_not_allowed(server: HtRestSimulator, start: Callable[..., Awaitable[House]]) -> None:
    """Without the option nothing is sent; entities stay, and the error names the option."""
    house = await start(make_entry(server))
    state = house.state("climate", CLIMATE)
    assert state.attributes["supported_features"] == 0
    assert state.attributes["hvac_modes"] == ["auto"]
    assert house.state("water_heater", "water_heater").attributes["supported_features"] == 0
    before = house.commands
    calls: list[tuple[str, str, str, dict[str, Any]]] = [
        ("number", "set_value", LIMIT_POINT, {"value": 20}),
        ("select", "select_option", MODE_POINT, {"option": "party"}),
        ("button", "press", "set_clock", {}),
    ]
    for platform, service, key, data in calls:
        with pytest.raises(ServiceValidationError) as err:
            await house.call(platform, service, key, **data)
        assert err.value.translation_key == "changes_not_allowed"
    with pytest.raises(ServiceValidationError) as raw:
        await house.act("set_parameter", name=ROOM, value=22)
    assert raw.value.translation_key == "changes_not_allowed"
    with pytest.raises(ServiceValidationError) as boost:
        await house.hass.services.async_call(
            "htrest",
            "heat_water_now",
            {"entity_id": house.entity_id("water_heater", "water_heater")},
            blocking=True,
        )
    assert boost.value.translation_key == "changes_not_allowed"
    assert house.commands == before


@pytest.mark.parametrize("value", [-1, 46])
async def test_out_of_range(house: House, value: float) -> None:
    """Limits of the table are ours too, whatever the server would take."""
    with pytest.raises(ServiceValidationError):
        await set_limit(house, value)
    assert not house.writes


@pytest.mark.parametrize(
    ("name", "value", "key"),
    [(LIMIT, 18.5, "not_exact"), (ROOM, 21.3, "not_exact"), (TANK, 80, "out_of_range")],
)
async def test_refused_by_ourselves(house: House, name: str, value: float, key: str) -> None:
    """What lies between the steps, or beyond the limits, is not sent."""
    with pytest.raises(ServiceValidationError) as err:
        await house.entry.runtime_data.async_write(name, value)
    assert err.value.translation_key == key
    assert not house.writes


@pytest.mark.parametrize(
    ("attribute", "value", "key"),
    [
        ("refuse_writes", True, "not_confirmed"),
        ("read_only", True, "server_read_only"),
        ("silent", True, "pump_silent"),
        ("server_stuck", True, "server_stuck"),
        ("password", "new", "invalid_auth"),
    ],
)
async def test_not_done(house: House, attribute: str, value: object, key: str) -> None:
    """A write that did not work is an error that says why, and the old value stays."""
    if attribute == "password":
        house.server.username = "home"
    setattr(house.server, attribute, value)
    with pytest.raises(HomeAssistantError) as err:
        await set_limit(house, 20)
    assert err.value.translation_key == key
    assert house.state("number", LIMIT_POINT).state == "18"


async def test_narrower_limits_of_the_pump(house: House, hass: HomeAssistant) -> None:
    """A heat pump with narrower limits keeps its value; that is no read-only server."""
    house.server.limits[LIMIT] = (0, 19)
    with pytest.raises(HomeAssistantError) as err:
        await set_limit(house, 20)
    assert err.value.translation_key == "not_confirmed"
    assert not issues(hass)
    await set_limit(house, 19)


async def test_read_only_server(house: House, hass: HomeAssistant) -> None:
    """A read-only server is a repair, until a write works again."""
    house.server.read_only = True
    with pytest.raises(HomeAssistantError):
        await set_limit(house, 20)
    assert issues(hass) == ["server_read_only"]
    house.server.read_only = False
    await set_limit(house, 20)
    assert not issues(hass)


async def test_refused_by_the_server(house: House) -> None:
    """A value that the server refuses is the user's mistake, though ours to foresee."""
    house.server.inject(
        "status",
        "/api/v1/param/",
        method="PUT",
        body='{"message": "value 20 is beyond the limits"}',
    )
    with pytest.raises(ServiceValidationError) as err:
        await set_limit(house, 20)
    assert err.value.translation_key == "refused"


@pytest.mark.parametrize("kind", ["drop_after", "truncate", "garbage"])
async def test_answer_is_lost(house: House, kind: str) -> None:
    """A lost answer is made up for by reading; nothing is written twice."""
    house.server.inject(kind, method="PUT")
    await set_limit(house, 20)
    assert house.writes == [(LIMIT, 20)]
    assert house.state("number", LIMIT_POINT).state == "20"


async def test_uncertain(house: House) -> None:
    """If nothing tells what became of a write, that is said, and it is not repeated."""
    house.server.inject("drop", method="PUT")
    with pytest.raises(HomeAssistantError) as err:
        await set_limit(house, 20)
    assert err.value.translation_key == "uncertain"
    await house.poll(2)
    assert not house.writes


async def test_many_clicks(house: House) -> None:
    """Of many clicks at once the first and the last are written, and all callers hear of it."""
    house.server.blocking = True
    clicks = [asyncio.ensure_future(set_limit(house, 10))]
    await asyncio.sleep(0.02)
    clicks += [asyncio.ensure_future(set_limit(house, value)) for value in range(11, 20)]
    await house.live(asyncio.gather(*clicks))
    assert house.writes == [(LIMIT, 10), (LIMIT, 19)]
    assert house.state("number", LIMIT_POINT).state == "19"
    assert house.server.stats.max_queued == 1


async def test_poll_under_way_does_not_undo(house: House) -> None:
    """A poll that began before a write does not bring the old value back."""
    await house.poll(19)
    house.server.blocking = True
    await house.live(asyncio.gather(house.poll(), set_limit(house, 20)))
    assert house.state("number", LIMIT_POINT).state == "20"


async def test_unloaded_while_writing(house: House) -> None:
    """What waits when the entry is unloaded is not written later."""
    house.server.blocking = True
    writer = house.entry.runtime_data.writer
    first = asyncio.ensure_future(set_limit(house, 20))
    await asyncio.sleep(0.05)
    second = asyncio.ensure_future(set_limit(house, 21))
    await asyncio.sleep(0)
    unload = asyncio.ensure_future(house.hass.config_entries.async_unload(house.entry.entry_id))
    results = await house.live(asyncio.gather(first, second, unload, return_exceptions=True))
    assert [type(result) for result in results[:2]] == [HomeAssistantError] * 2
    await house.plant_time(60)
    assert (LIMIT, 21) not in house.writes
    with pytest.raises(HtRestConnectionError):
        await writer.write(LIMIT, 22)


async def test_fahrenheit(hass: HomeAssistant, start: Callable[..., Awaitable[House]]) -> None:
    """Where the house counts in °F the next step that the heat pump has is taken."""
    hass.config.units = US_CUSTOMARY_SYSTEM
    house = await start()
    await house.call("climate", "set_temperature", CLIMATE, temperature=70)
    assert house.shown(ROOM) == 21.0
    await set_limit(house, 66)
    assert house.shown(LIMIT) == 19


@pytest.mark.parametrize("bool_as_int", [False, True])
async def test_raw_parameters(
    server: HtRestSimulator, start: Callable[..., Awaitable[House]], bool_as_int: bool
) -> None:
    """Any setting of the catalogue can be read, and set where the options allow it."""
    server.bool_as_int = bool_as_int
    server.work.table |= {n: server.pump.point(n) for n in ("EXV KondTemp_max", "TBF_BIT")}
    house = await start(allow_raw=True)
    answer = await house.act("get_parameter", name="EXV KondTemp_max")
    assert answer == {
        "name": "EXV KondTemp_max",
        "value": server.value("EXV KondTemp_max"),
        "meaning": "",
        "unit": "",
        "type": "INT",
        "minimum": 30,
        "maximum": 60,
    }
    assert (await house.act("set_parameter", name="EXV KondTemp_max", value=55))["value"] == 55
    assert (await house.act("set_parameter", name="TBF_BIT", value=1))["value"] is True
    assert (await house.act("get_parameter", name=MODE))["meaning"] == "automatic"
    assert house.writes == [("EXV KondTemp_max", 55), ("TBF_BIT", True)]


@pytest.mark.parametrize(
    ("service", "data", "key"),
    [
        ("get_parameter", {"name": "Nonsense"}, "no_such_parameter"),
        ("get_parameter", {"name": "COP"}, "unknown_name"),
        ("set_parameter", {"name": "Nonsense", "value": 1}, "no_such_parameter"),
        ("set_parameter", {"name": "Temp. Aussen", "value": 1}, "not_writable"),
        ("set_parameter", {"name": LIMIT, "value": 99}, "out_of_range"),
        ("set_parameter", {"name": LIMIT, "value": 18.5}, "not_exact"),
        ("set_parameter", {"name": MODE, "value": 9}, "out_of_range"),
    ],
)
async def test_bad_parameters(
    start: Callable[..., Awaitable[House]], service: str, data: dict[str, Any], key: str
) -> None:
    """What cannot be read or set is said, and nothing is sent."""
    house = await start(allow_raw=True)
    with pytest.raises(HomeAssistantError) as err:
        await house.act(service, **data)
    assert err.value.translation_key == key
    assert not house.writes


async def test_raw_parameters_need_an_option(house: House) -> None:
    """Changes being allowed is not enough for the action."""
    with pytest.raises(ServiceValidationError) as err:
        await house.act("set_parameter", name=ROOM, value=22)
    assert err.value.translation_key == "raw_not_allowed"


async def test_raw_parameters_are_for_admins(
    start: Callable[..., Awaitable[House]], hass_read_only_user: MockUser
) -> None:
    """An ordinary user may not set any parameter, whatever the options say."""
    house = await start(allow_raw=True)
    with pytest.raises(Unauthorized):
        await house.hass.services.async_call(
            "htrest",
            "set_parameter",
            {"config_entry_id": house.entry.entry_id, "name": ROOM, "value": 22},
            blocking=True,
            context=Context(user_id=hass_read_only_user.id),
        )
    assert not house.writes


async def test_parameter_without_a_value(house: House) -> None:
    """An answer without the value is no value."""
    house.server.inject("garbage", "/api/v1/param/", body="{}")
    with pytest.raises(HomeAssistantError) as err:
        await house.act("get_parameter", name=ROOM)
    assert err.value.translation_key == "bad_response"


@pytest.mark.parametrize("profile", [Profile.OWNER])
async def test_fault_is_reset(house: House) -> None:
    """Acknowledging a fault is done when no fault stands any more."""
    house.server.add_fault(9, "HD Schalter")
    await house.poll(6)
    await house.enable(("button", "sp14"))
    assert house.state("binary_sensor", "mp31").state == "on"
    house.server.fault_lasts = True
    with pytest.raises(HomeAssistantError) as err:
        await house.call("button", "press", "sp14")
    assert err.value.translation_key == "fault_stands"
    house.server.fault_lasts = False
    house.server.inject("drop_after", method="PUT")
    await house.call("button", "press", "sp14")
    assert house.state("binary_sensor", "mp31").state == "off"
    assert house.shown("Stoerung") is False


@pytest.mark.parametrize("profile", [Profile.OWNER])
async def test_numbers_that_are_no_temperatures(house: House) -> None:
    """Offsets, days and hours are set as they are."""
    await house.poll(8)
    await house.enable(("number", "sp362"), ("number", "sp71"))
    await house.call("number", "set_value", "sp362", value=5)
    await house.call("number", "set_value", "sp71", value=3)
    assert house.writes == [("Legionellenschutz Tag", 5), ("HKR Aufheiztemp. (K)", 3)]
