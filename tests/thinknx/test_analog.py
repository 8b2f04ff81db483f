"""Analog values, to be read or to be set; scenes and buttons."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import entity_registry as er
from simulators.thinknx import ThinknxSimulator

from .common import Home, make_entry, subentry

type Start = Callable[..., Awaitable[Home]]


@pytest.fixture
def guid(server: ThinknxSimulator) -> str:
    """Return the GUID of an analog value that can be set."""
    found = (server.device(it) for it in server.guids("analog"))
    guid = next(it.guid for it in found if "setvalue" in it.controllers and it.decimals)
    server.set_analog(guid, 21.5)
    return guid


async def test_sensor(start: Start, server: ThinknxSimulator, guid: str) -> None:
    """What an analog value measures the user has said."""
    options: dict[str, Any] = {
        "show_as": "sensor",
        "device_class": "temperature",
        "unit": "°C",
        "state_class": "measurement",
        "precision": 1,
    }
    home = await start(make_entry(server, subentry("analog", guid, "Cellar", **options)))
    state = home.state("sensor.cellar")
    assert state.state == "21.5"
    assert [state.attributes[name] for name in ("device_class", "state_class")] == [
        "temperature",
        "measurement",
    ]
    assert state.attributes["unit_of_measurement"] == "°C"
    server.set_analog(guid, 18.5)
    await home.live(60)
    assert home.state("sensor.cellar").state == "18.5"


@pytest.mark.parametrize("style", ["number", "text", "comma"])
async def test_ways_to_write_a_number(
    start: Start, server: ThinknxSimulator, guid: str, style: str
) -> None:
    """Servers write numbers as numbers, as text, and with a comma."""
    server.status_format = style  # type: ignore[assignment]
    home = await start(make_entry(server, subentry("analog", guid, "Cellar")))
    assert home.state("sensor.cellar").state == "21.5"
    assert "unit_of_measurement" not in home.state("sensor.cellar").attributes


async def test_number(start: Start, server: ThinknxSimulator, guid: str) -> None:
    """A value is set in its steps, within its limits, and written with a point."""
    options: dict[str, Any] = {"show_as": "number", "min": -10, "max": 40, "step": 0.5}
    entry = make_entry(
        server,
        subentry("analog", guid, "Wish", unit="°C", device_class="temperature", **options),
    )
    home = await start(entry)
    state = home.state("number.wish")
    assert (state.state, state.attributes["min"], state.attributes["max"]) == ("21.5", -10, 40)
    assert (state.attributes["step"], state.attributes["device_class"]) == (0.5, "temperature")
    await home.call("set_value", "number.wish", value=30.26)
    assert home.commands == [("setvalue", guid, {"cmd": "30.5"})]
    assert home.state("number.wish").state == "30.5"
    with pytest.raises(ServiceValidationError):
        await home.call("set_value", "number.wish", value=41)


async def test_number_without_limits(start: Start, server: ThinknxSimulator, guid: str) -> None:
    """Without any limits a value is a share of a hundred."""
    home = await start(make_entry(server, subentry("analog", guid, "Wish", show_as="number")))
    attributes = home.state("number.wish").attributes
    assert (attributes["min"], attributes["max"], attributes["step"]) == (0, 100, 1)
    assert "device_class" not in attributes


async def test_scene(start: Start, server: ThinknxSimulator) -> None:
    """A scene is launched, and has no state; a button that is disabled at first stops it."""
    guid = server.guids("scene")[0]
    home = await start(make_entry(server, subentry("scene", guid, "Evening")))
    await home.call("turn_on", "scene.evening")
    assert home.commands == [("scenelaunch", guid, {"cmd": "1"})]
    registry = er.async_get(home.hass)
    stop = home.find("button", f"{guid}_stop")
    assert stop
    entity = registry.async_get(stop)
    assert entity
    assert entity.disabled_by is er.RegistryEntryDisabler.INTEGRATION
    registry.async_update_entity(stop, disabled_by=None)
    await home.hass.config_entries.async_reload(home.entry.entry_id)
    await home.settle()
    await home.call("press", stop)
    assert home.commands[-1] == ("scenelaunch", guid, {"cmd": "0"})


async def test_button(start: Start, server: ThinknxSimulator) -> None:
    """A button is pressed as often as somebody presses it."""
    guid = server.guids("button")[0]
    home = await start(make_entry(server, subentry("button", guid, "Gate")))
    for _ in range(2):
        await home.call("press", "button.gate")
    assert home.commands == [("trigger", guid, {"cmd": "1"})] * 2


@pytest.mark.parametrize(("kind", "entity"), [("scene", "scene.thing"), ("button", "button.thing")])
async def test_never_repeated(
    start: Start, server: ThinknxSimulator, kind: str, entity: str
) -> None:
    """What acts is never done twice by itself: not on a lost answer, not on a busy server."""
    guid = server.guids(kind)[0]
    home = await start(make_entry(server, subentry(kind, guid, "Thing")))
    service = "press" if kind == "button" else "turn_on"
    path = "*/trigger" if kind == "button" else "*/scenelaunch"
    server.inject("drop_after", path)
    with pytest.raises(HomeAssistantError) as err:
        await home.call(service, entity)
    assert err.value.translation_key == "uncertain"
    assert len(home.commands) == 1
    server.trick("status", status=429, guid=guid)
    with pytest.raises(HomeAssistantError) as err:
        await home.call(service, entity)
    assert err.value.translation_key == "busy"
    await home.live(20)
    assert len(home.commands) <= 2


async def test_unknown_scene(start: Start, server: ThinknxSimulator) -> None:
    """A scene that the server does not know is told; once it is there again it is not."""
    guid = server.guids("scene")[0]
    home = await start(make_entry(server, subentry("scene", guid, "Evening")))
    server.restrict(guid)
    with pytest.raises(HomeAssistantError) as err:
        await home.call("turn_on", "scene.evening")
    assert err.value.translation_key == "no_device"
    assert home.issues == ["unknown_devices"]
    server.restrict(guid, restricted=False)
    await home.call("turn_on", "scene.evening")
    assert home.issues == []
