"""Adding one device, and changing it."""

from collections.abc import Awaitable, Callable
import logging
from typing import Any
from unittest.mock import patch

import pytest

from custom_components.thinknx.api import ThinknxClient
from homeassistant.core import HomeAssistant
from homeassistant.helpers import area_registry as ar, device_registry as dr
from simulators.thinknx import ThinknxSimulator

from .common import DOMAIN, OBJECTS, Home, make_entry, subentry
from .dialog import add_devices, change_device, device_of

type Start = Callable[..., Awaitable[Home]]

STEPS: dict[str, dict[str, Any]] = {
    "light": {"show_as": "light"},
    "cover": {
        "tilt_steps": False,
        "invert_position": True,
        "invert_tilt": False,
        "invert_step": False,
        "device_class": "awning",
    },
    "thermostat": {"hvac_mode": "cool", "min": 10, "max": 30, "step": 1},
    "hvac": {"min": 18, "max": 28, "step": 1},
    "analog": {"show_as": "sensor", "device_class": "temperature", "unit": "°C", "precision": 1},
    "scene": {},
    "button": {},
}


@pytest.fixture
async def home(start: Start) -> Home:
    """Return a home without devices."""
    return await start()


async def appear(home: Home) -> None:
    """Let the entry's listener do what it does a moment later."""
    await home.fire(2)
    await home.settle()


@pytest.mark.parametrize("kind", STEPS)
async def test_add(home: Home, kind: str) -> None:
    """A GUID is enough: what the device shows is found out, and it appears at once."""
    thing, functions = OBJECTS[kind]
    guid = home.server.add_device(thing).guid
    dialog = await add_devices(home.hass, home.entry, kind)
    assert dialog.step == "user"
    await dialog.fill(guid=guid)
    assert dialog.step == "details"
    if kind in {"scene", "button", "analog"}:
        assert "aspects" not in dialog.fields
    else:
        assert dialog.prefilled["aspects"] == list(functions)
    shown = {"aspects": list(functions)} if "aspects" in dialog.fields else {}
    await dialog.fill(name=" My  device ", **shown, **STEPS[kind])
    dialog.saved()
    device = device_of(home.entry, guid)
    assert device.title == "My device"
    expected = {"guid": guid, "aspects": list(functions)} | STEPS[kind]
    assert dict(device.data) == expected
    await appear(home)
    registry = dr.async_get(home.hass)
    assert registry.async_get_device_by_identifier((DOMAIN, guid), home.entry.entry_id)
    assert not home.server.stats.commands


async def test_area(home: Home) -> None:
    """The area that was chosen is the device's."""
    area = ar.async_get(home.hass).async_create("Attic")
    guid = home.server.guids("scene")[0]
    dialog = await add_devices(home.hass, home.entry, "scene")
    await dialog.fill(guid=guid)
    await dialog.fill(name="All off", area=area.id)
    await appear(home)
    device = dr.async_get(home.hass).async_get_device_by_identifier(
        (DOMAIN, guid), home.entry.entry_id
    )
    assert device is not None
    assert device.area_id == area.id
    dialog = await change_device(home.hass, home.entry, guid)
    assert "area" not in dialog.fields
    await dialog.fill(name="All dark")
    assert device_of(home.entry, guid).data["area"] == "Attic"


async def test_whole_address(home: Home, caplog: pytest.LogCaptureFixture) -> None:
    """A copied address is taken for its GUID; what else it holds is dropped."""
    caplog.set_level(logging.DEBUG)
    url = home.server.kit_urls(secrets="userinfo")[0]
    dialog = await add_devices(home.hass, home.entry, "light")
    await dialog.fill(guid=url)
    await dialog.fill(name="Lamp", aspects=["power"], show_as="light")
    dialog.saved()
    device = device_of(home.entry, home.server.guids("light")[0])
    kept = f"{device} {dialog.history} {caplog.text}"
    assert home.server.password not in kept


async def test_refused(home: Home) -> None:
    """Whatever is wrong with a GUID is said at its field, and never shown again."""
    server = home.server
    light = server.guids("light")[0]
    dialog = await add_devices(home.hass, home.entry, "light")
    for text, error in (
        ("no", "no_guid"),
        ("http://u:s3cret@127.0.0.1/nothing", "no_guid"),
        (f"http://u:s3cret@{server.host}:5051/api/V1/power", "no_guid"),
        ("aaaaaaaaaaaaaaaaaaaaaa", "unknown_guid"),
        (server.guids("blind")[0], "other_kind"),
        (f"http://u:s3cret@{server.host}:5051/api/V1/updown?guid={light}", "other_kind"),
        (f"http://u:s3cret@10.0.0.1:5051/api/V1/power?guid={light}", "other_server"),
    ):
        await dialog.fill(guid=text)
        assert dialog.errors == {"guid": error}, text
        assert dialog.prefilled == {}
    assert "s3cret" not in str(dialog.history)
    # A server may be known by its name and by its number.
    await dialog.fill(guid=f"http://u:s3cret@thinknx.local:5051/api/V1/power?guid={light}")
    assert dialog.step == "details"


@pytest.mark.parametrize("kind", ["thermostat", "hvac", "analog"])
async def test_nothing_to_show(home: Home, kind: str) -> None:
    """What shows nothing is worth nothing, where it is there to be looked at."""
    dialog = await add_devices(home.hass, home.entry, kind)
    await dialog.fill(guid=home.server.guids("scene")[0])
    assert dialog.errors == {"guid": "nothing_to_show"}


@pytest.mark.parametrize("kind", ["light", "cover"])
async def test_without_feedback(home: Home, kind: str) -> None:
    """A light or a cover that tells nothing can still be commanded."""
    guid = home.server.add_device(OBJECTS[kind][0], []).guid
    dialog = await add_devices(home.hass, home.entry, kind)
    await dialog.fill(guid=guid)
    assert dialog.prefilled["aspects"] == []
    await dialog.fill(name="Blind thing", aspects=[], **STEPS[kind])
    dialog.saved()
    await appear(home)
    assert home.hass.states.get(f"{kind}.blind_thing")


async def test_server_in_trouble(home: Home) -> None:
    """If the device cannot be looked at, that is said, and the user may try again."""
    server, guid = home.server, home.server.guids("light")[0]
    dialog = await add_devices(home.hass, home.entry, "light")
    await server.refuse()
    await dialog.fill(guid=guid)
    assert dialog.errors == {"base": "cannot_connect"}
    await server.listen()
    for trick, status, error in (
        ("status", 429, "busy"),
        ("status", 302, "redirect"),
        ("empty", None, "bad_response"),
    ):
        server.trick(trick, status=status)
        await dialog.fill(guid=guid)
        assert dialog.errors == {"base": error}
    server.password_accepted = False
    await dialog.fill(guid=guid)
    assert dialog.errors == {"base": "invalid_auth"}
    server.password_accepted = True
    with patch.object(ThinknxClient, "read", side_effect=RuntimeError):
        await dialog.fill(guid=guid)
    assert dialog.errors == {"base": "unknown"}
    await dialog.fill(guid=guid)
    assert dialog.step == "details"


async def test_duplicates(home: Home) -> None:
    """A device is set up once, with whichever server; also when two dialogs race."""
    guid = home.server.guids("scene")[0]
    other = make_entry(home.server, host="10.0.0.1")
    other.add_to_hass(home.hass)
    entries = (home.entry, home.entry, other)
    first, *others = [await add_devices(home.hass, entry, "scene") for entry in entries]
    for dialog in (first, *others):
        await dialog.fill(guid=guid)
        assert dialog.step == "details"
    await first.fill(name="First")
    first.saved()
    for dialog in others:
        await dialog.fill(name="Second")
        assert dialog.aborted == "already_configured"
    dialog = await add_devices(home.hass, other, "scene")
    await dialog.fill(guid=guid)
    assert dialog.errors == {"guid": "already_configured"}
    assert len(home.entry.subentries) == 1


async def test_while_not_loaded(hass: HomeAssistant, server: ThinknxSimulator) -> None:
    """A device can be added while the entry is not loaded."""
    entry = make_entry(server)
    entry.add_to_hass(hass)
    dialog = await add_devices(hass, entry, "light")
    await dialog.fill(guid=server.guids("light")[0])
    await dialog.fill(name="Lamp", aspects=["power"], show_as="switch")
    dialog.saved()
    assert len(entry.subentries) == 1


async def test_limits_are_proposed(home: Home) -> None:
    """What would be taken without limits stands in the form; a sensor has none."""
    for kind, limits in (("thermostat", (5, 35, 0.5)), ("hvac", (16, 32, 0.5)), ("analog", ())):
        dialog = await add_devices(home.hass, home.entry, kind)
        await dialog.fill(guid=home.server.guids(kind)[0])
        told = tuple(
            dialog.prefilled[it] for it in ("min", "max", "step") if it in dialog.prefilled
        )
        assert told == limits


async def test_details_are_checked(home: Home) -> None:
    """What does not go together is said at its field; what was filled in stays."""
    dialog = await add_devices(home.hass, home.entry, "thermostat")
    await dialog.fill(guid=home.server.guids("thermostat")[0])
    wrong = {"name": "\u202e ", "aspects": ["chronoen"], "hvac_mode": "heat", "min": 40}
    await dialog.fill(**wrong)
    assert dialog.errors == {"name": "no_name", "aspects": "nothing_to_show", "min": "limits"}
    assert dialog.prefilled == wrong
    await dialog.fill(**wrong | {"name": "Hall", "aspects": ["actualtemp"], "min": 4})
    dialog.saved()


async def test_reconfigure(start: Start, server: ThinknxSimulator) -> None:
    """What a device is like can be changed, and takes effect; the device stays the same one."""
    guid = server.guids("light")[1]
    home = await start(make_entry(server, subentry("light", guid, "Lamp", ("power",), area="Hall")))
    dialog = await change_device(home.hass, home.entry, guid)
    assert dialog.step == "reconfigure"
    assert dialog.prefilled == {"name": "Lamp", "aspects": ["power"]}
    await dialog.fill(name=" ", aspects=["power"], show_as="switch")
    assert dialog.errors == {"name": "no_name"}
    await dialog.fill(name="Socket", aspects=["power"], show_as="switch")
    assert dialog.aborted == "reconfigure_successful"
    device = device_of(home.entry, guid)
    assert (device.title, device.unique_id) == ("Socket", guid)
    assert dict(device.data) == {
        "guid": guid,
        "aspects": ["power"],
        "show_as": "switch",
        "area": "Hall",
    }
    await appear(home)
    await home.read_all()
    assert home.hass.states.get("light.lamp") is None
    switch = home.find("switch", f"{guid}_power")
    assert switch is not None
    assert home.state(switch).state in {"on", "off"}


async def test_temperature_of_hvac(start: Start, server: ThinknxSimulator) -> None:
    """The room's temperature is taken from a device that has one, or from none."""
    hvac, room, probe = (
        server.guids("hvac")[0],
        server.guids("thermostat")[0],
        server.guids("analog"),
    )
    entry = make_entry(
        server,
        subentry("hvac", hvac, "Unit", temperature_guid="deleted-meanwhile"),
        subentry("thermostat", room, "Room"),
        subentry("analog", probe[0], "Outside", device_class="temperature", unit="°C"),
        subentry("analog", probe[1], "Wind", device_class="wind_speed", unit="m/s"),
        subentry("light", server.guids("light")[0], "Lamp"),
    )
    home = await start(entry)
    dialog = await change_device(home.hass, entry, hvac)
    assert "temperature_guid" not in dialog.prefilled
    schema = dialog.shown["data_schema"].schema
    choice = next(it for key, it in schema.items() if key == "temperature_guid")
    assert [it["label"] for it in choice.config["options"]] == ["Room", "Outside"]
    shown = {"name": "Unit", "aspects": ["hvacpower", "hvacmode"]}
    with pytest.raises(Exception, match="Schema validation failed"):
        await dialog.fill(**shown, temperature_guid=probe[1])
    await dialog.fill(**shown, temperature_guid=room)
    assert dialog.aborted == "reconfigure_successful"
    assert device_of(entry, hvac).data["temperature_guid"] == room
    dialog = await change_device(home.hass, entry, hvac)
    assert dialog.prefilled["temperature_guid"] == room
    await dialog.fill(**shown)
    assert "temperature_guid" not in device_of(entry, hvac).data
