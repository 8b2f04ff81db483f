"""Hot water: the set point, and hot water now."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from custom_components.htrest.boost import LONGEST
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.util import dt as dt_util
from simulators.htrest import Profile

from .common import TANK, TANK_MINIMUM, House

TANK_NOW = "Temp. Brauchwasser"
PREPARING = "Warmwasservorrang"
KEY = "water_heater"


async def heat_now(house: House, **data: Any) -> None:
    """Want hot water now."""
    target = {"entity_id": house.entity_id("water_heater", KEY)}
    await house.hass.services.async_call("htrest", "heat_water_now", target | data, blocking=True)


def shown(house: House) -> tuple[str, float]:
    """Return operation and set point as the user sees them."""
    state = house.state("water_heater", KEY)
    return state.state, state.attributes["temperature"]


def set_points(house: House) -> tuple[object, object]:
    """Return both set points as the heat pump has them."""
    return house.shown(TANK), house.shown(TANK_MINIMUM)


def age(house: House, passed: timedelta) -> None:
    """Let a boost have begun so much earlier."""
    memory = house.entry.runtime_data.memory
    if memory.boost:
        memory.boost = replace(memory.boost, ends=memory.boost.ends - passed)


async def over(house: House, passed: timedelta) -> None:
    """Let the end of a boost come nearer, and a poll happen."""
    age(house, passed)
    house.entry.runtime_data.boost._not_before = dt_util.utcnow()
    await house.poll()


async def test_set_point(house: House) -> None:
    """The set point is one of whole degrees, within the table's limits."""
    state = house.state("water_heater", KEY)
    assert state.attributes["current_temperature"] == 50.1
    assert (state.attributes["min_temp"], state.attributes["max_temp"]) == (10, 75)
    await house.call("water_heater", "set_temperature", KEY, temperature=52)
    assert house.writes == [(TANK, 52)]
    assert shown(house) == ("heat_pump", 52)
    with pytest.raises(ServiceValidationError):
        await house.call("water_heater", "set_temperature", KEY, temperature=52.5)


async def test_until_reached(house: House) -> None:
    """Both set points are raised until the tank is warm, and then put back."""
    before = set_points(house)
    house.server.set_value(TANK_NOW, 44.0)
    await heat_now(house, temperature=55)
    assert set_points(house) == (55, 45)
    assert shown(house) == ("high_demand", 55)
    house.server.set_value(PREPARING, True)
    house.server.set_value(TANK_NOW, 54.0)
    await house.poll(2)
    assert set_points(house) == (55, 45)
    house.server.set_value(TANK_NOW, 55.0)
    await house.poll()
    assert set_points(house) == before
    assert shown(house) == ("heat_pump", 50)


async def test_pump_calls_it_done(house: House) -> None:
    """When the heat pump has heated and stops by itself, it is done."""
    before = set_points(house)
    await heat_now(house, temperature=60)
    house.server.set_value(PREPARING, True)
    await house.poll()
    house.server.set_value(PREPARING, False)
    house.server.set_value(TANK_NOW, 59.0)
    await house.poll()
    assert set_points(house) == before


async def test_usual_set_point(house: House) -> None:
    """Without a temperature the usual one is wanted, now: the set point goes beyond the hysteresis."""
    house.server.set_value(TANK_NOW, 47.5)
    hysteresis = int(house.shown("WW Hysterese Normaltemp."))
    await house.call("water_heater", "set_operation_mode", KEY, operation_mode="high_demand")
    assert house.shown(TANK) == 47 + hysteresis + 1
    assert shown(house) == ("high_demand", 50)
    house.server.set_value(TANK_NOW, 50.0)
    await house.poll()
    assert house.shown(TANK) == 50


async def test_warm_already(house: House) -> None:
    """What is warm already is not heated until it is warm; some minutes are."""
    with pytest.raises(ServiceValidationError) as err:
        await heat_now(house, temperature=45)
    assert err.value.translation_key == "warm_already"
    assert not house.writes
    await heat_now(house, temperature=45, minutes=30)
    assert shown(house)[0] == "high_demand"
    await house.poll()
    assert shown(house)[0] == "high_demand"
    await over(house, timedelta(minutes=31))
    assert shown(house)[0] == "heat_pump"


async def test_minutes(house: House) -> None:
    """For so many minutes means that, however warm the tank is."""
    before = set_points(house)
    await heat_now(house, temperature=60, minutes=60)
    house.server.set_value(TANK_NOW, 61.0)
    await house.poll()
    assert set_points(house) == (60, 45)
    await over(house, timedelta(minutes=61))
    assert set_points(house) == before


async def test_not_for_ever(house: House) -> None:
    """A tank that never gets warm is given up after some hours."""
    before = set_points(house)
    await heat_now(house, temperature=60)
    await over(house, LONGEST + timedelta(minutes=1))
    assert set_points(house) == before


async def test_ended_by_hand(house: House) -> None:
    """The user may end it; then nothing is left of it."""
    before = set_points(house)
    await heat_now(house, temperature=60)
    await house.call("water_heater", "set_operation_mode", KEY, operation_mode="heat_pump")
    assert set_points(house) == before
    writes = len(house.writes)
    await house.call("water_heater", "set_operation_mode", KEY, operation_mode="heat_pump")
    await house.poll(2)
    assert len(house.writes) == writes


async def test_another_wish(house: House) -> None:
    """A second wish replaces the first; what was set before both comes back."""
    before = set_points(house)
    await heat_now(house, temperature=55)
    await house.call(
        "water_heater", "set_temperature", KEY, temperature=65, operation_mode="high_demand"
    )
    assert set_points(house) == (65, 45)
    await over(house, LONGEST + timedelta(minutes=1))
    assert set_points(house) == before


async def test_user_sets_a_temperature_meanwhile(house: House) -> None:
    """A set point that the user chooses meanwhile stays; the rest is put back."""
    minimum = house.shown(TANK_MINIMUM)
    await heat_now(house, temperature=60)
    await house.call("water_heater", "set_temperature", KEY, temperature=48)
    await house.poll()
    assert set_points(house) == (48, minimum)
    assert shown(house) == ("heat_pump", 48)
    await heat_now(house, temperature=60)
    await house.call(
        "water_heater", "set_temperature", KEY, temperature=47, operation_mode="heat_pump"
    )
    assert set_points(house) == (47, minimum)


async def test_somebody_else_sets_it_meanwhile(house: House) -> None:
    """What was changed at the heat pump meanwhile is left alone."""
    minimum = house.shown(TANK_MINIMUM)
    await heat_now(house, temperature=60)
    house.server.set_value(TANK, 46)
    await over(house, LONGEST + timedelta(minutes=1))
    assert set_points(house) == (46, minimum)


async def test_after_a_restart(house: House) -> None:
    """What was set before is put back after a restart, be it in time or late."""
    before = set_points(house)
    for gone in (timedelta(0), LONGEST + timedelta(minutes=1)):
        await heat_now(house, temperature=60)
        age(house, gone)
        await house.hass.config_entries.async_unload(house.entry.entry_id)
        await house.hass.config_entries.async_setup(house.entry.entry_id)
        await house.settle()
        assert shown(house)[0] == ("heat_pump" if gone else "high_demand")
        await over(house, LONGEST + timedelta(minutes=1))
        assert set_points(house) == before


async def test_old_backup(house: House) -> None:
    """A boost out of an old backup is forgotten, and nothing is written."""
    await heat_now(house, temperature=60)
    writes = len(house.writes)
    await over(house, timedelta(days=8))
    assert shown(house)[0] == "heat_pump"
    assert len(house.writes) == writes


@pytest.mark.parametrize("fault", ["silent", "refuse_writes"])
async def test_put_back_later(house: House, fault: str) -> None:
    """What cannot be put back now is put back when it can."""
    before = set_points(house)
    await heat_now(house, temperature=60)
    setattr(house.server, fault, True)
    await over(house, LONGEST + timedelta(minutes=1))
    assert set_points(house) == (60, 45)
    setattr(house.server, fault, False)
    await over(house, timedelta(0))
    assert set_points(house) == before


async def test_second_set_point_fails(house: House) -> None:
    """If only one set point could be raised, that is an error, and it is put back."""
    before = set_points(house)
    house.server.refuse_writes = {TANK_MINIMUM}
    with pytest.raises(HomeAssistantError):
        await heat_now(house, temperature=60)
    assert house.shown(TANK) == 60
    await house.poll()
    assert set_points(house) == before
    assert shown(house)[0] == "heat_pump"


@pytest.mark.parametrize("data", [{"temperature": 80}, {"temperature": 5}])
async def test_out_of_range(house: House, data: dict[str, Any]) -> None:
    """A temperature beyond the limits is refused."""
    with pytest.raises(ServiceValidationError):
        await heat_now(house, **data)
    assert not house.writes


@pytest.mark.parametrize("profile", [Profile.OWNER])
async def test_upper_limit_of_the_pump(house: House) -> None:
    """The heat pump's own upper limit is kept."""
    house.server.set_value("WW Normaltemp_Gw_max", 58)
    await house.poll(8)
    await heat_now(house, temperature=70)
    assert house.shown(TANK) == 58


async def test_changes_forbidden_meanwhile(house: House) -> None:
    """What was raised is put back even if changes are no longer allowed."""
    before = set_points(house)
    await heat_now(house, temperature=60)
    house.hass.config_entries.async_update_entry(house.entry, options={})
    await house.hass.config_entries.async_reload(house.entry.entry_id)
    await over(house, LONGEST + timedelta(minutes=1))
    assert set_points(house) == before


async def test_ended_while_it_begins(house: House) -> None:
    """Two clicks at once, on and off, leave nothing behind."""
    before = set_points(house)
    house.server.blocking = True
    begin = asyncio.ensure_future(heat_now(house, temperature=60))
    await asyncio.sleep(0.05)
    end = asyncio.ensure_future(
        house.call("water_heater", "set_operation_mode", KEY, operation_mode="heat_pump")
    )
    await house.live(asyncio.gather(begin, end))
    assert set_points(house) == before
    assert shown(house)[0] == "heat_pump"


async def test_set_while_it_begins(house: House) -> None:
    """A set point that is chosen while a boost begins stays, and the rest is put back."""
    minimum = house.shown(TANK_MINIMUM)
    house.server.blocking = True
    begin = asyncio.ensure_future(heat_now(house, temperature=60))
    await asyncio.sleep(0.05)
    choose = asyncio.ensure_future(
        house.call("water_heater", "set_temperature", KEY, temperature=48)
    )
    await house.live(asyncio.gather(begin, choose))
    house.server.blocking = False
    await house.poll()
    assert set_points(house) == (48, minimum)


@pytest.mark.parametrize(("tank", "highest"), [(58.0, 50), (44.0, 50), (48.0, 54)])
async def test_minutes_do_not_overshoot(house: House, tank: float, highest: int) -> None:
    """For some minutes means up to the temperature, not beyond: at it the set point settles."""
    house.server.set_value(TANK_NOW, tank)
    house.server.set_value("WW Hysterese Normaltemp.", 5)
    await heat_now(house, temperature=50, minutes=30)
    assert house.shown(TANK) == highest
    house.server.set_value(TANK_NOW, 50.0)
    await house.poll()
    assert house.shown(TANK) == 50
    assert shown(house) == ("high_demand", 50)
    await over(house, timedelta(minutes=31))
    assert shown(house)[0] == "heat_pump"


@pytest.mark.parametrize("temperature", [55.9, 54.5])
async def test_between_the_steps(house: House, temperature: float) -> None:
    """A temperature between the steps is not cut to one that nobody asked for."""
    for service, data in (
        ("htrest.heat_water_now", {}),
        ("water_heater.set_temperature", {"operation_mode": "high_demand"}),
    ):
        domain, _, name = service.partition(".")
        target = {"entity_id": house.entity_id("water_heater", KEY), "temperature": temperature}
        with pytest.raises(ServiceValidationError) as err:
            await house.hass.services.async_call(domain, name, target | data, blocking=True)
        assert err.value.translation_key == "not_exact"
    assert not house.writes


async def test_removed_meanwhile(house: House) -> None:
    """Whoever removes the entry gets the set points back first."""
    before = set_points(house)
    await heat_now(house, temperature=60)
    await house.hass.config_entries.async_remove(house.entry.entry_id)
    assert set_points(house) == before


async def test_removed_meanwhile_without_a_pump(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    """If they cannot be put back then, the log says what to set by hand."""
    await heat_now(house, temperature=60)
    house.server.silent = True
    await house.hass.config_entries.async_remove(house.entry.entry_id)
    assert "WW Normaltemp. 50" in caplog.text
    assert house.hass.config_entries.async_get_entry(house.entry.entry_id) is None
