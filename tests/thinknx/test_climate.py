"""Thermostats and HVAC units."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from homeassistant.components.climate import ClimateEntityFeature
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from simulators.thinknx import ThinknxSimulator

from .common import Home, make_entry, subentry

ROOM = "climate.bath"
UNIT = "climate.attic"

type Start = Callable[..., Awaitable[Home]]


@pytest.fixture
def thermostat(server: ThinknxSimulator) -> str:
    """Return the GUID of a thermostat in comfort."""
    guid = server.guids("thermostat")[0]
    server.set_thermostat(guid, temperature=20.4, setpoint=21.5, mode=1, chrono=True)
    return guid


@pytest.fixture
def unit(server: ThinknxSimulator) -> str:
    """Return the GUID of an HVAC unit that is off and would cool."""
    guid = server.guids("hvac")[0]
    server.set_hvac(guid, power=False, mode=0, fan=0, setpoint=24.0)
    return guid


def attributes(home: Home, entity_id: str, *names: str) -> list[Any]:
    """Return some attributes of an entity."""
    return [home.state(entity_id).attributes.get(name) for name in names]


async def test_thermostat(start: Start, server: ThinknxSimulator, thermostat: str) -> None:
    """A thermostat heats, whatever its mode; its modes are presets named as knx names them."""
    home = await start(make_entry(server, subentry("thermostat", thermostat, "Bath")))
    assert home.state(ROOM).state == "heat"
    assert attributes(home, ROOM, "current_temperature", "temperature", "preset_mode") == [
        20.4,
        21.5,
        "comfort",
    ]
    assert attributes(home, ROOM, "hvac_modes", "preset_modes", "hvac_action") == [
        ["heat"],
        ["standby", "comfort", "economy", "building_protection"],
        None,
    ]
    await home.call("set_temperature", ROOM, temperature=22.5)
    assert home.commands == [("setpoint", thermostat, {"cmd": "22.5"})]
    assert attributes(home, ROOM, "temperature") == [22.5]


async def test_preset_changes_the_set_point(
    start: Start, server: ThinknxSimulator, thermostat: str
) -> None:
    """Each mode has a set point of its own, which is looked at after a change."""
    home = await start(make_entry(server, subentry("thermostat", thermostat, "Bath")))
    await home.call("set_preset_mode", ROOM, preset_mode="building_protection")
    assert home.commands == [("tempmode", thermostat, {"cmd": "3"})]
    assert attributes(home, ROOM, "preset_mode") == ["building_protection"]
    await home.live(2)
    assert attributes(home, ROOM, "temperature") == [7.0]


async def test_changed_at_the_wall(start: Start, server: ThinknxSimulator, thermostat: str) -> None:
    """What is changed at the thermostat itself is seen."""
    home = await start(make_entry(server, subentry("thermostat", thermostat, "Bath")))
    server.set_thermostat(thermostat, temperature=19.0, mode=2)
    await home.live(50)
    assert attributes(home, ROOM, "current_temperature", "preset_mode") == [19.0, "economy"]


@pytest.mark.parametrize("mode", ["cool", "heat_cool"])
async def test_thermostat_that_cools(
    start: Start, server: ThinknxSimulator, thermostat: str, mode: str
) -> None:
    """What it does the user says; it is set together with a temperature, and never off."""
    entry = make_entry(
        server, subentry("thermostat", thermostat, "Bath", hvac_mode=mode, min=10, max=30, step=1)
    )
    home = await start(entry)
    assert home.state(ROOM).state == mode
    assert attributes(home, ROOM, "min_temp", "max_temp", "target_temp_step") == [10, 30, 1]
    await home.call("set_temperature", ROOM, temperature=20, hvac_mode=mode)
    assert home.commands == [("setpoint", thermostat, {"cmd": "20"})]
    with pytest.raises(ServiceValidationError):
        await home.call("set_hvac_mode", ROOM, hvac_mode="off")


async def test_thermostat_with_less(
    start: Start, server: ThinknxSimulator, thermostat: str
) -> None:
    """A thermostat offers what it has."""
    entry = make_entry(server, subentry("thermostat", thermostat, "Bath", ("actualtemp",)))
    home = await start(entry)
    assert attributes(home, ROOM, "current_temperature", "supported_features") == [20.4, 0]
    assert home.find("switch", f"{thermostat}_chronoen") is None


async def test_schedule(start: Start, server: ThinknxSimulator, thermostat: str) -> None:
    """The schedule is a switch; mode and set point are looked at when it is switched."""
    home = await start(make_entry(server, subentry("thermostat", thermostat, "Bath")))
    schedule = home.find("switch", f"{thermostat}_chronoen")
    assert schedule == "switch.bath_schedule"
    assert home.state(schedule).state == "on"
    server.stats.reset()
    await home.call("turn_off", schedule)
    assert home.commands == [("chronoen", thermostat, {"cmd": "0"})]
    assert home.state(schedule).state == "off"
    await home.live(5)
    assert server.stats.controllers["setpointstatus"] >= 2
    assert server.stats.controllers["tempmodestatus"] >= 2


async def test_unit(start: Start, server: ThinknxSimulator, unit: str) -> None:
    """An HVAC unit is off without power, else in its mode; it has no thermometer of its own."""
    home = await start(make_entry(server, subentry("hvac", unit, "Attic")))
    assert home.state(UNIT).state == "off"
    assert attributes(home, UNIT, "hvac_modes", "fan_modes", "current_temperature") == [
        ["off", "cool", "heat", "dry", "fan_only", "auto"],
        ["auto", "low", "medium", "high"],
        None,
    ]
    await home.call("set_hvac_mode", UNIT, hvac_mode="heat")
    assert home.commands == [
        ("hvacmode", unit, {"cmd": "1"}),
        ("hvacpower", unit, {"cmd": "1"}),
    ]
    assert home.state(UNIT).state == "heat"
    await home.call("set_fan_mode", UNIT, fan_mode="high")
    await home.call("set_temperature", UNIT, temperature=22, hvac_mode="cool")
    await home.call("turn_off", UNIT)
    assert [(name, params["cmd"]) for name, _, params in home.commands[2:]] == [
        ("hvacfan", "3"),
        ("hvacmode", "0"),
        ("hvacsetpoint", "22"),
        ("hvacpower", "0"),
    ]
    assert home.state(UNIT).state == "off"
    await home.call("turn_on", UNIT)
    assert home.state(UNIT).state == "cool"
    assert attributes(home, UNIT, "fan_mode", "temperature") == ["high", 22]


async def test_unit_that_takes_no_mode_while_off(
    start: Start, server: ThinknxSimulator, unit: str
) -> None:
    """A unit that takes no mode while it is off comes on first, once."""
    server.plant.hvac_needs_power = True
    home = await start(make_entry(server, subentry("hvac", unit, "Attic")))
    await home.call("set_hvac_mode", UNIT, hvac_mode="dry")
    assert [(name, params["cmd"]) for name, _, params in home.commands] == [
        ("hvacmode", "2"),
        ("hvacpower", "1"),
        ("hvacmode", "2"),
    ]
    assert home.state(UNIT).state == "dry"
    server.fail("impossible to execute", controller="hvacmode")
    with pytest.raises(HomeAssistantError) as err:
        await home.call("set_hvac_mode", UNIT, hvac_mode="heat")
    assert err.value.translation_key == "not_possible"
    assert home.state(UNIT).state == "dry"


async def test_unit_with_less(start: Start, server: ThinknxSimulator, unit: str) -> None:
    """A unit of which only the power is known is on or off."""
    home = await start(make_entry(server, subentry("hvac", unit, "Attic", ("hvacpower",))))
    assert attributes(home, UNIT, "hvac_modes", "fan_modes") == [["off", "auto"], None]
    assert home.state(UNIT).attributes["supported_features"] == (
        ClimateEntityFeature.TURN_ON | ClimateEntityFeature.TURN_OFF
    )
    await home.call("set_hvac_mode", UNIT, hvac_mode="auto")
    assert home.state(UNIT).state == "auto"
    await home.call("set_hvac_mode", UNIT, hvac_mode="off")
    assert home.state(UNIT).state == "off"


@pytest.mark.parametrize("kind", ["thermostat", "analog"])
async def test_temperature_of_another_device(
    start: Start, server: ThinknxSimulator, unit: str, thermostat: str, kind: str
) -> None:
    """The room's temperature can come from another device, also after that was changed."""
    other = thermostat if kind == "thermostat" else server.guids("analog")[0]
    if kind == "analog":
        server.set_analog(other, 20.4)
    entry = make_entry(
        server,
        subentry("hvac", unit, "Attic", temperature_guid=other),
        subentry(kind, other, "Bath"),
    )
    home = await start(entry)
    assert attributes(home, UNIT, "current_temperature") == [20.4]
    changed = next(it for it in entry.subentries.values() if it.unique_id == other)
    home.hass.config_entries.async_update_subentry(entry, changed, title="Bath room")
    await home.fire(2)
    await home.read_all()
    server.set_value(other, "temperature" if kind == "thermostat" else "value", 23.0)
    await home.live(50)
    assert attributes(home, UNIT, "current_temperature") == [23.0]


async def test_temperature_of_nobody(start: Start, server: ThinknxSimulator, unit: str) -> None:
    """A device that is not set up measures nothing."""
    entry = make_entry(server, subentry("hvac", unit, "Attic", temperature_guid="A" * 22))
    home = await start(entry)
    assert attributes(home, UNIT, "current_temperature") == [None]


@pytest.mark.parametrize(
    ("controller", "text", "name"),
    [("tempmodestatus", "9", "preset_mode"), ("setpointstatus", '"NaN"', "temperature")],
)
async def test_odd_values(
    start: Start,
    server: ThinknxSimulator,
    thermostat: str,
    caplog: pytest.LogCaptureFixture,
    controller: str,
    text: str,
    name: str,
) -> None:
    """A value that makes no sense is unknown, and said once."""
    server.trick("value", controller=controller, text=text, times=None)
    home = await start(make_entry(server, subentry("thermostat", thermostat, "Bath")))
    await home.live(100)
    assert attributes(home, ROOM, name) == [None]
    assert len([it for it in caplog.records if "makes no sense" in it.message]) == 1
    server.tricks.clear()
    await home.live(60)
    assert attributes(home, ROOM, name) != [None]
