"""The dialogs: adding a heat pump, other credentials, another address."""

from collections.abc import AsyncGenerator
from unittest.mock import patch

import pytest

from custom_components.htrest.api import HtRestClient
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from simulators.clock import ManualClock
from simulators.htrest import HtRestSimulator

from .common import House, make_entry
from .dialog import Dialog, address, open_dialog


@pytest.fixture
async def other(clock: ManualClock) -> AsyncGenerator[HtRestSimulator]:
    """Return a server with another heat pump."""
    async with HtRestSimulator(clock=clock) as server:
        server.serial_number = 654321
        yield server


async def test_set_up(hass: HomeAssistant, server: HtRestSimulator) -> None:
    """An address is enough for a server that lets everybody in."""
    dialog = await open_dialog(hass)
    assert dialog.step == "user"
    await dialog.fill(host=server.host, port=server.port)
    entry = dialog.created()
    assert (entry.title, entry.unique_id) == ("Heliotherm", "123456")
    assert dict(entry.data) == address(server)


async def test_set_up_with_password(hass: HomeAssistant, server: HtRestSimulator) -> None:
    """A server that wants user and password gets them; a wrong one is said at its field."""
    server.username, server.password = "home", "s3cret"
    dialog = await open_dialog(hass)
    for wrong in ({}, {"username": "home", "password": "wrong"}):
        await dialog.fill(host=server.host, port=server.port, **wrong)
        assert dialog.errors == {"password": "invalid_auth"}
    assert dialog.prefilled == {"host": server.host, "port": server.port, "username": "home"}
    await dialog.fill(**address(server))
    assert dict(dialog.created().data) == address(server)


async def test_errors(hass: HomeAssistant, server: HtRestSimulator) -> None:
    """Whatever is wrong is said where it can be mended, and the dialog goes on."""
    dialog = await open_dialog(hass)
    await dialog.fill(host="http://pump/api", port=8777)
    assert dialog.errors == {"host": "invalid_host"}
    await dialog.fill(host="127.0.0.1", port=1)
    assert dialog.errors == {"host": "cannot_connect"}
    for body in ("hello", '{"info": {"title": "Petstore"}}'):
        server.inject("garbage", body=body)
        await dialog.fill(**address(server))
        assert dialog.errors == {"base": "not_htrest"}
    server.silent = True
    await dialog.fill(**address(server))
    assert dialog.errors == {"base": "pump_silent"}
    server.silent = False
    server.inject_serial("checksum")
    await dialog.fill(**address(server))
    assert dialog.errors == {"base": "line"}
    server.server_stuck = True
    await dialog.fill(**address(server))
    assert dialog.errors == {"base": "server_stuck"}
    server.server_stuck = False
    with patch.object(HtRestClient, "device", side_effect=RuntimeError):
        await dialog.fill(**address(server))
    assert dialog.errors == {"base": "unknown"}
    await dialog.fill(**address(server))
    assert dialog.created().unique_id == "123456"


async def test_already_configured(house: House) -> None:
    """A heat pump is set up once."""
    dialog = await open_dialog(house.hass)
    await dialog.fill(**address(house.server))
    assert dialog.aborted == "already_configured"


async def test_second_pump(house: House, other: HtRestSimulator) -> None:
    """A second heat pump is told apart by its serial number."""
    dialog = await open_dialog(house.hass)
    await dialog.fill(**address(other))
    assert dialog.created().title == "Heliotherm 654321"


async def test_reauth(house: House) -> None:
    """New credentials are asked for until they work; the address stays."""
    house.server.username, house.server.password = "home", "new"
    await house.poll()
    flow = house.hass.config_entries.flow.async_progress()[0]
    dialog = Dialog(
        house.hass, await house.hass.config_entries.flow.async_configure(flow["flow_id"])
    )
    assert dialog.step == "reauth_confirm"
    assert dialog.texts["name"] == "Heliotherm"
    await dialog.fill(username="home", password="wrong")
    assert dialog.errors == {"password": "invalid_auth"}
    await house.server.refuse()
    await dialog.fill(username="home", password="new")
    assert dialog.errors == {"base": "cannot_connect"}
    await house.server.listen()
    await dialog.fill(username="home", password="new")
    assert dialog.aborted == "reauth_successful"
    await house.settle()
    assert house.entry.state is ConfigEntryState.LOADED
    assert dict(house.entry.data) == address(house.server)


async def test_reauth_of_another_pump(house: House, other: HtRestSimulator) -> None:
    """Credentials of another heat pump are not taken."""
    house.server.username, house.server.password = "home", "new"
    house.server.serial_number = 654321
    dialog = Dialog(house.hass, await house.entry.start_reauth_flow(house.hass))
    await dialog.fill(username="home", password="new")
    assert dialog.aborted == "unique_id_mismatch"


async def reconfigure(house: House) -> Dialog:
    """Let the user change the connection."""
    return Dialog(house.hass, await house.entry.start_reconfigure_flow(house.hass))


async def test_reconfigure(hass: HomeAssistant, house: House, other: HtRestSimulator) -> None:
    """The same heat pump is followed to another address, another one is refused."""
    dialog = await reconfigure(house)
    assert dialog.step == "reconfigure"
    assert dialog.prefilled["port"] == house.server.port
    await dialog.fill(**address(other))
    assert dialog.aborted == "unique_id_mismatch"
    assert house.entry.data["port"] == house.server.port
    other.serial_number = 123456
    dialog = await reconfigure(house)
    await dialog.fill(**address(other))
    assert dialog.aborted == "reconfigure_successful"
    await house.settle()
    assert dict(house.entry.data) == address(other)


async def test_reconfigure_keeps_the_password(
    hass: HomeAssistant, server: HtRestSimulator, other: HtRestSimulator
) -> None:
    """A password that is not entered again stays; with another user it is asked for."""
    for one in (server, other):
        one.username, one.password = "home", "s3cret"
    other.serial_number = 123456
    entry = make_entry(server)
    entry.add_to_hass(hass)
    house = House(hass, server, entry)
    await hass.config_entries.async_setup(entry.entry_id)
    dialog = await reconfigure(house)
    assert dialog.prefilled["username"] == "home"
    assert "password" not in dialog.prefilled
    await dialog.fill(host=other.host, port=other.port, username="somebody")
    assert dialog.errors == {"password": "invalid_auth"}
    dialog = await reconfigure(house)
    await dialog.fill(host=other.host, port=other.port, username="home")
    assert dialog.aborted == "reconfigure_successful"
    await house.settle()
    assert dict(entry.data) == address(other)


async def test_reconfigure_after_a_mistake(house: House) -> None:
    """A mistake can be mended in the same dialog, and the password is still kept."""
    house.server.username, house.server.password = "home", "s3cret"
    house.hass.config_entries.async_update_entry(house.entry, data=address(house.server))
    dialog = await reconfigure(house)
    await dialog.fill(host="127.0.0.1", port=1, username="home")
    assert dialog.errors == {"host": "cannot_connect"}
    await dialog.fill(host=house.server.host, port=house.server.port, username="home")
    assert dialog.aborted == "reconfigure_successful"
    await house.settle()
    assert dict(house.entry.data) == address(house.server)


async def test_reconfigure_with_another_user(hass: HomeAssistant, server: HtRestSimulator) -> None:
    """The kept password is not tried for another user, also after a first mistake."""
    server.username, server.password = "home", "s3cret"
    entry = make_entry(server)
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    server.username = "somebody"  # whose password is the same by chance
    dialog = await reconfigure(House(hass, server, entry))
    await dialog.fill(host="127.0.0.1", port=1, username="somebody")
    assert dialog.errors == {"host": "cannot_connect"}
    await dialog.fill(host=server.host, port=server.port, username="somebody")
    assert dialog.errors == {"password": "invalid_auth"}
