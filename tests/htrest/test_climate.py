"""The heating circuit: set point, modes, presets, and what it is doing."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from simulators.htrest import HtRestSimulator, Profile

from .common import CLIMATE, MODE, ROOM, House


async def mode_is(house: House, code: int) -> dict[str, Any]:
    """Let somebody set the mode at the heat pump; return what the entity then shows."""
    house.server.set_value(MODE, code)
    await house.poll(21)
    state = house.state("climate", CLIMATE)
    return {"mode": state.state, "preset": state.attributes["preset_mode"]}


async def set_preset(house: House, preset: str) -> None:
    """Set a preset as a user does."""
    await house.call("climate", "set_preset_mode", CLIMATE, preset_mode=preset)


@pytest.mark.parametrize(
    ("code", "mode"),
    [
        (0, "off"),
        (1, "auto"),
        (2, "cool"),
        (3, "off"),
        (4, "heat"),
        (8, "heat"),
        (9, "auto"),
        (10, "off"),
        (11, "unknown"),
    ],
)
async def test_modes_shown(house: House, code: int, mode: str) -> None:
    """Each mode of the heat pump is shown as what it means for the house."""
    assert await mode_is(house, code) == {"mode": mode, "preset": "none"}


@pytest.mark.parametrize(("code", "preset"), [(5, "eco"), (6, "away"), (7, "party")])
async def test_presets_shown(house: House, code: int, preset: str) -> None:
    """Modes that are left again are presets, with the mode to which they return."""
    await mode_is(house, 4)
    assert await mode_is(house, code) == {"mode": "heat", "preset": preset}


@pytest.mark.parametrize(("mode", "code"), [("off", 3), ("auto", 1), ("heat", 4)])
async def test_set_mode(house: House, mode: str, code: int) -> None:
    """Modes are set; off is summer operation, which still makes hot water."""
    await mode_is(house, 7)
    await house.call("climate", "set_hvac_mode", CLIMATE, hvac_mode=mode)
    assert house.writes == [(MODE, code)]
    state = house.state("climate", CLIMATE)
    assert (state.state, state.attributes["preset_mode"]) == (mode, "none")


async def test_on_and_off(house: House) -> None:
    """On is the time program, off is summer operation."""
    await house.call("climate", "turn_off", CLIMATE)
    await house.call("climate", "turn_on", CLIMATE)
    assert house.writes == [(MODE, 3), (MODE, 1)]


@pytest.mark.parametrize("before", [1, 2, 3, 4])
async def test_preset_and_back(house: House, before: int) -> None:
    """Leaving a preset brings the mode before it back, also after a restart."""
    await mode_is(house, before)
    await set_preset(house, "eco")
    await set_preset(house, "party")
    assert house.shown(MODE) == 7
    await house.hass.config_entries.async_unload(house.entry.entry_id)
    await house.hass.config_entries.async_setup(house.entry.entry_id)
    await set_preset(house, "none")
    assert house.shown(MODE) == before


async def test_off_for_good_is_never_written(house: House) -> None:
    """Who had switched everything off at the pump gets summer operation back, not that."""
    await mode_is(house, 0)
    await set_preset(house, "away")
    await set_preset(house, "none")
    assert house.writes == [(MODE, 6), (MODE, 3)]


async def test_no_preset_to_leave(house: House) -> None:
    """Leaving a preset that is not there does nothing."""
    await set_preset(house, "none")
    assert not house.writes


async def test_preset_is_refused(house: House) -> None:
    """A preset that the heat pump refuses is an error, and not shown."""
    house.server.refuse_writes = True
    with pytest.raises(HomeAssistantError):
        await set_preset(house, "eco")
    assert house.state("climate", CLIMATE).attributes["preset_mode"] == "none"


async def test_set_temperature(house: House) -> None:
    """The set point goes in steps of half a degree, from 10 to 25."""
    state = house.state("climate", CLIMATE)
    assert (state.attributes["min_temp"], state.attributes["max_temp"]) == (10, 25)
    assert state.attributes["target_temp_step"] == 0.5
    await house.call("climate", "set_temperature", CLIMATE, temperature=22.5)
    assert house.writes == [(ROOM, 22.5)]
    assert house.state("climate", CLIMATE).attributes["temperature"] == 22.5
    await house.call("climate", "set_temperature", CLIMATE, temperature=20, hvac_mode="heat")
    assert house.writes[1:] == [(MODE, 4), (ROOM, 20.0)]


@pytest.mark.parametrize(
    "data",
    [
        {"temperature": 26},
        {"temperature": 21.2},
        {"temperature": 21, "hvac_mode": "dry"},
        {"temperature": 21, "hvac_mode": "cool"},
    ],
)
async def test_bad_temperature(house: House, data: dict[str, Any]) -> None:
    """What the heat pump does not have is refused before anything is written."""
    with pytest.raises(ServiceValidationError):
        await house.call("climate", "set_temperature", CLIMATE, **data)
    assert not house.writes


async def test_cooling(server: HtRestSimulator, start: Callable[..., Awaitable[House]]) -> None:
    """Cooling is offered where the heat pump has a setting for it."""
    server.work.table["Kuehlgrenze"] = server.pump.point("Kuehlgrenze")
    house = await start()
    assert "cool" not in house.state("climate", CLIMATE).attributes["hvac_modes"]
    await house.poll(2)
    assert "cool" in house.state("climate", CLIMATE).attributes["hvac_modes"]
    await house.hass.config_entries.async_reload(house.entry.entry_id)
    await house.settle()
    assert "cool" in house.state("climate", CLIMATE).attributes["hvac_modes"]
    await house.call("climate", "set_hvac_mode", CLIMATE, hvac_mode="cool")
    assert house.writes == [(MODE, 2)]


@pytest.mark.parametrize(
    ("mode", "running", "demand", "action"),
    [
        (1, True, 2, "heating"),
        (1, True, 3, "idle"),
        (1, True, 4, "idle"),
        (2, True, 1, "cooling"),
        (1, False, 0, "idle"),
        (3, False, 0, "off"),
        (3, True, 3, "idle"),
    ],
)
async def test_action(house: House, mode: int, running: bool, demand: int, action: str) -> None:
    """What the compressor does for the house; hot water is none of the circuit's business."""
    house.server.set_value("Verdichter", running)
    house.server.set_value("Verdichteranforderung", demand)
    await mode_is(house, mode)
    assert house.state("climate", CLIMATE).attributes["hvac_action"] == action


@pytest.mark.parametrize("profile", [Profile.OWNER])
async def test_defrosting(house: House) -> None:
    """An air source heat pump that defrosts does not heat."""
    house.server.set_value("Verdichter", True)
    house.server.set_value("Vierwegeventil Luft", True)
    await house.poll()
    assert house.state("climate", CLIMATE).attributes["hvac_action"] == "defrosting"


@pytest.mark.parametrize("profile", [Profile.OWNER])
async def test_mixing_circuit(house: House) -> None:
    """A mixing circuit has a set point, a mode and presets of its own."""
    await house.poll(8)
    key = "climate-mixing_circuit_1"
    await house.call("climate", "set_temperature", key, temperature=19)
    await house.call("climate", "set_hvac_mode", key, hvac_mode="heat")
    await house.call("climate", "set_preset_mode", key, preset_mode="away")
    await house.call("climate", "set_preset_mode", key, preset_mode="none")
    assert house.writes == [
        ("MKR1 Soll_Raum", 19.0),
        ("MKR1 Betriebsart", 4),
        ("MKR1 Betriebsart", 6),
        ("MKR1 Betriebsart", 4),
    ]
    assert house.shown(MODE) == 1


async def test_action_unknown(house: House) -> None:
    """Without the compressor's state nobody knows what it does."""
    house.server.absent.add("Verdichter")
    await house.poll()
    assert house.state("climate", CLIMATE).attributes.get("hvac_action") is None
    assert house.state("climate", CLIMATE).state == "auto"


async def test_temperature_and_mode_at_once(house: House) -> None:
    """Of a call with a mode and a temperature that cannot be set, nothing is written."""
    with pytest.raises(ServiceValidationError):
        await house.call("climate", "set_temperature", CLIMATE, temperature=20.3, hvac_mode="heat")
    assert not house.writes


async def test_mode_changed_at_the_display(house: House) -> None:
    """Leaving a preset brings back the mode set at the display, though no poll had seen it."""
    await house.poll(2)
    house.server.set_value(MODE, 4)
    await set_preset(house, "eco")
    await set_preset(house, "none")
    assert house.shown(MODE) == 4


async def test_preset_is_uncertain(house: House) -> None:
    """A preset whose answer was lost can be left, though it was never seen."""
    await house.poll(2)
    house.server.inject("drop_after", method="PUT")
    house.server.inject("status", "/api/v1/param/", method="GET", status=200, body="{}")
    house.server.inject_serial("lost", "SP,NR=13,*")
    with pytest.raises(HomeAssistantError):
        await set_preset(house, "party")
    house.server.clear_faults()
    await set_preset(house, "none")
    assert house.shown(MODE) == 1
