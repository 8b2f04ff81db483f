"""Hot water now, when something goes wrong: what was raised is put back, once, and rightly."""

import asyncio
from datetime import timedelta

import pytest

from custom_components.htrest.boost import LONGEST
from homeassistant.config_entries import ConfigEntryState
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError

from .common import TANK, TANK_MINIMUM, House
from .hostile import complaints
from .test_water_heater import KEY, TANK_NOW, age, heat_now, over, set_points, shown

SETTINGS = "/api/v1/param/"
LATER = LONGEST + timedelta(minutes=1)


def puts(house: House) -> int:
    """Return how many writes the server got."""
    return sum(record.method == "PUT" for record in house.server.stats.history)


async def test_set_at_the_display_while_it_settles(house: House) -> None:
    """A set point that somebody chose at the display is not overridden when the tank is warm."""
    house.server.set_value(TANK_NOW, 48.0)
    await heat_now(house, temperature=50, minutes=120)
    house.server.set_value(TANK, 40)
    house.server.set_value(TANK_NOW, 50.0)
    await house.poll()
    assert house.shown(TANK) == 40
    await over(house, LATER)
    assert set_points(house) == (40, 15)


@pytest.mark.parametrize("body", ["{}", '{"WW Normaltemp.": null, "WW Minimaltemp.": null}', "[]"])
async def test_pump_does_not_tell(house: House, body: str) -> None:
    """Where the set point is not told, what is to be put back is not forgotten."""
    before = set_points(house)
    await heat_now(house, temperature=60)
    house.server.inject("garbage", SETTINGS, body=body, times=None)
    await over(house, LATER)
    house.server.clear_faults()
    await house.poll(3)
    assert set_points(house) == before


async def test_one_set_point_is_gone(house: House) -> None:
    """A set point that cannot be read does not keep the other from being put back."""
    await heat_now(house, temperature=60)
    house.server.absent.add(TANK_MINIMUM)
    await over(house, LATER)
    assert house.shown(TANK) == 50
    house.server.absent.clear()
    await house.poll(2)
    assert set_points(house) == (50, 15)


async def test_pump_refuses_to_put_back(house: House, caplog: pytest.LogCaptureFixture) -> None:
    """A heat pump that keeps what was raised is not written to in every poll; it is said once."""
    await heat_now(house, temperature=60)
    house.server.refuse_writes = True
    house.server.stats.reset()
    caplog.clear()
    age(house, LATER)
    await house.poll(60)
    assert puts(house) == 2  # one for each set point, then a minute's pause of Home Assistant's
    assert len(complaints(caplog)) == 1
    for _ in range(3):
        await over(house, timedelta(0))
    assert puts(house) == 8
    assert len(complaints(caplog)) == 1
    house.server.refuse_writes = False
    await over(house, timedelta(0))
    assert set_points(house) == (50, 15)


async def test_bad_wish(house: House) -> None:
    """A wish that cannot be granted leaves a boost that is under way as it is."""
    await heat_now(house, temperature=60)
    writes = list(house.writes)
    with pytest.raises(ServiceValidationError):
        await house.call(
            "water_heater",
            "set_temperature",
            KEY,
            temperature=50.5,
            operation_mode="heat_pump",
        )
    assert house.writes == writes
    assert shown(house) == ("high_demand", 60)


@pytest.mark.parametrize("body", ["{}", '{"WW Normaltemp.": 50}'])
async def test_tank_is_not_told(house: House, body: str) -> None:
    """Nothing is raised where the tank's temperature is not known."""
    house.server.inject("garbage", SETTINGS, body=body)
    with pytest.raises(HomeAssistantError) as err:
        await heat_now(house, temperature=60)
    assert err.value.translation_key == "bad_response"
    assert not house.writes


async def test_set_point_chosen_meanwhile_is_shown(house: House) -> None:
    """A set point that is chosen ends the boost, and is shown at once."""
    await heat_now(house, temperature=60)
    await house.call("water_heater", "set_temperature", KEY, temperature=48)
    assert shown(house) == ("heat_pump", 48)


async def test_half_begun(house: House) -> None:
    """A boost of which only half was set says so, and is put back."""
    before = set_points(house)
    house.server.refuse_writes = {TANK_MINIMUM}
    with pytest.raises(HomeAssistantError) as err:
        await heat_now(house, temperature=60)
    assert err.value.translation_key == "partly"
    await house.poll()
    assert set_points(house) == before


async def test_reloaded_while_it_begins(house: House) -> None:
    """A reload in the middle leaves nothing raised that nobody remembers."""
    before = set_points(house)
    house.server.blocking = True
    begin = asyncio.ensure_future(heat_now(house, temperature=60))
    while (TANK, 60) not in house.writes:
        await house.plant_time(0.02)
        await asyncio.sleep(0.001)
    again = asyncio.ensure_future(house.hass.config_entries.async_reload(house.entry.entry_id))
    await house.live(asyncio.gather(begin, again, return_exceptions=True))
    house.server.blocking = False
    await over(house, timedelta(0))
    operation, _ = shown(house)
    assert set_points(house) == (before if operation == "heat_pump" else (60, 45))


async def test_removed_with_another_pump(house: House) -> None:
    """Another heat pump at the address gets none of the set points of the old one."""
    await heat_now(house, temperature=60)
    writes = list(house.writes)
    house.server.serial_number = 654321
    await house.hass.config_entries.async_reload(house.entry.entry_id)
    assert house.entry.state is ConfigEntryState.SETUP_ERROR
    await house.hass.config_entries.async_remove(house.entry.entry_id)
    assert house.writes == writes
