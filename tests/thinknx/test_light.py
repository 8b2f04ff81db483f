"""Lights and switches."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from homeassistant.components.light import ColorMode
from homeassistant.exceptions import HomeAssistantError
from simulators.thinknx import ThinknxSimulator

from .common import Home, make_entry, subentry

LAMP = "light.kitchen"

type Start = Callable[..., Awaitable[Home]]


@pytest.fixture
def dimmer(server: ThinknxSimulator) -> str:
    """Return the GUID of a light that can be dimmed, and is off."""
    guid = server.guids("light", "level")[0]
    server.set_light(guid, level=0)
    return guid


def shown(home: Home) -> tuple[str, Any]:
    """Return what the user sees of the light."""
    state = home.state(LAMP)
    return state.state, state.attributes.get("brightness")


async def test_dimmer(start: Start, server: ThinknxSimulator, dimmer: str) -> None:
    """A light is switched by its power and dimmed by its level, in percent."""
    home = await start(make_entry(server, subentry("light", dimmer, "Kitchen")))
    assert shown(home) == ("off", None)
    assert home.state(LAMP).attributes["supported_color_modes"] == [ColorMode.BRIGHTNESS]
    await home.call("turn_on", LAMP, brightness=128)
    assert home.commands == [("powerlevel", dimmer, {"cmd": "50"})]
    assert shown(home) == ("on", 128)
    await home.call("turn_on", LAMP, brightness=1)
    assert server.value(dimmer, "level") == 1  # never 0, which would be off
    await home.call("turn_off", LAMP)
    assert home.commands[-1] == ("power", dimmer, {"cmd": "0"})
    assert shown(home)[0] == "off"
    await home.call("turn_on", LAMP)
    assert home.commands[-1] == ("power", dimmer, {"cmd": "1"})
    await home.live(5)
    assert shown(home) == ("on", 3)


async def test_reply_tells_the_state(start: Start, server: ThinknxSimulator, dimmer: str) -> None:
    """The reply to a command tells what the light shows: it is not read for that."""
    home = await start(make_entry(server, subentry("light", dimmer, "Kitchen", ("power",))))
    server.stats.reset()
    await home.call("turn_on", LAMP)
    assert home.state(LAMP).state == "on"
    assert server.stats.commands[0].fb
    await home.live(4)
    assert server.stats.controllers["powerstatus"] == 0
    assert home.state(LAMP).attributes["supported_color_modes"] == [ColorMode.ONOFF]


async def test_wall_switch(start: Start, server: ThinknxSimulator, dimmer: str) -> None:
    """What somebody does at the wall is seen, the new level too."""
    home = await start(make_entry(server, subentry("light", dimmer, "Kitchen")))
    server.set_light(dimmer, level=40)
    await home.live(14)
    assert shown(home) == ("on", 102)


async def test_level_only(start: Start, server: ThinknxSimulator, dimmer: str) -> None:
    """A light of which only the level is known is on above 0, and comes back where it was."""
    home = await start(make_entry(server, subentry("light", dimmer, "Kitchen", ("powerlevel",))))
    assert shown(home) == ("off", None)
    await home.call("turn_on", LAMP)
    assert home.commands[-1][2] == {"cmd": "100"}
    await home.call("turn_on", LAMP, brightness=77)
    await home.call("turn_off", LAMP)
    assert home.commands[-1] == ("powerlevel", dimmer, {"cmd": "0"})
    assert home.state(LAMP).state == "off"
    await home.call("turn_on", LAMP)
    assert home.commands[-1] == ("powerlevel", dimmer, {"cmd": "30"})


async def test_without_feedback(start: Start, server: ThinknxSimulator, dimmer: str) -> None:
    """Of a light that tells nothing, no state is claimed; both buttons stay."""
    home = await start(make_entry(server, subentry("light", dimmer, "Kitchen", ())))
    state = home.state(LAMP)
    assert state.state == "unknown"
    assert state.attributes["assumed_state"]
    await home.call("turn_on", LAMP)
    assert home.commands[-1] == ("power", dimmer, {"cmd": "1"})


async def test_shown_as_switch(start: Start, server: ThinknxSimulator, dimmer: str) -> None:
    """A socket can be a switch."""
    entry = make_entry(server, subentry("light", dimmer, "Pump", ("power",), show_as="switch"))
    home = await start(entry)
    assert home.hass.states.get("light.pump") is None
    for service, state in (("turn_on", "on"), ("turn_off", "off")):
        await home.call(service, "switch.pump")
        assert home.state("switch.pump").state == state


async def test_held_until_confirmed(start: Start, server: ThinknxSimulator, dimmer: str) -> None:
    """Without a reply the commanded value is shown until the light shows it, and stays."""
    server.fb_answered = False
    server.plant.bus_seconds = (1, 1)
    home = await start(make_entry(server, subentry("light", dimmer, "Kitchen")))
    await home.call("turn_on", LAMP)
    assert home.state(LAMP).state == "on"
    await home.live(0.6)  # the first look comes too early
    assert server.value(dimmer, "power") == 0
    assert home.state(LAMP).state == "on"
    await home.live(1.2)
    assert server.value(dimmer, "power") == 1
    await home.fire(7)
    assert home.state(LAMP).state == "on"


async def test_not_confirmed(start: Start, server: ThinknxSimulator, dimmer: str) -> None:
    """A light that never confirms falls back to what it shows after six seconds."""
    server.fb_status = False
    home = await start(make_entry(server, subentry("light", dimmer, "Kitchen")))
    server.silence(dimmer)
    await home.call("turn_on", LAMP, brightness=200)
    await home.live(5)
    assert shown(home) == ("on", 199)
    await home.fire(7)
    assert home.state(LAMP).state == "off"


async def test_reply_says_otherwise(start: Start, server: ThinknxSimulator, dimmer: str) -> None:
    """A reply that tells another state than the wanted one is believed at once."""
    home = await start(make_entry(server, subentry("light", dimmer, "Kitchen", ("power",))))
    server.trick("value", controller="power", text="0")
    await home.call("turn_on", LAMP)
    assert home.state(LAMP).state == "off"


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("device not found", "no_device"),
        ("params errors", "parameter"),
        ("impossible to execute", "not_possible"),
        ("out of order", "bad_response"),
    ],
)
async def test_refused(
    start: Start, server: ThinknxSimulator, dimmer: str, text: str, key: str
) -> None:
    """What the server refuses is said, and changes nothing."""
    home = await start(make_entry(server, subentry("light", dimmer, "Kitchen")))
    server.fail(text, controller="power")
    with pytest.raises(HomeAssistantError) as err:
        await home.call("turn_on", LAMP)
    assert err.value.translation_key in {key, "uncertain"}
    assert home.state(LAMP).state == "off"
