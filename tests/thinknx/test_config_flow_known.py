"""Servers that are set up already: other credentials, another way, the same devices."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from unittest.mock import patch

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

import custom_components.thinknx as integration
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from simulators.clock import ManualClock
from simulators.thinknx import Profile, ThinknxSimulator

from .common import Home, make_entry, subentry
from .dialog import add_server, asked_again, change_server
from .test_config_flow import cloud, where

type Start = Callable[..., Awaitable[Home]]


@pytest.fixture
async def twin(clock: ManualClock) -> AsyncGenerator[ThinknxSimulator]:
    """Return the same house at another address."""
    async with ThinknxSimulator(
        clock=clock, service_seconds=0, bus_seconds=(0, 0), alive=False
    ) as simulator:
        yield simulator


@pytest.fixture
async def stranger(clock: ManualClock) -> AsyncGenerator[ThinknxSimulator]:
    """Return another house."""
    async with ThinknxSimulator(
        seed=2, clock=clock, service_seconds=0, bus_seconds=(0, 0), alive=False
    ) as simulator:
        yield simulator


@pytest.fixture
async def home(start: Start, server: ThinknxSimulator) -> Home:
    """Return a home with a lamp and a scene."""
    lamp = subentry("light", server.guids("light")[1], "Lamp", ("power",))
    scene = subentry("scene", server.guids("scene")[0], "Off")
    return await start(make_entry(server, lamp, scene, secure=False))


def state_of(entry: MockConfigEntry) -> ConfigEntryState:
    """Return the state that an entry is in now."""
    return entry.state


async def settle(home: Home) -> None:
    """Let the entry's listener do what it does a moment later."""
    await home.settle()
    await home.fire(2)
    await home.settle()


async def test_reauth(home: Home) -> None:
    """A new password is asked for until it works; the rest stays, and the lamp comes back."""
    old = home.server.password
    home.server.password = "n3w p:ssword"
    await home.live(20)
    assert home.state("light.lamp").state == "unavailable"
    dialog = await asked_again(home.hass)
    assert (dialog.step, dialog.said) == ("reauth_confirm", {"name": "Thinknx"})
    assert dialog.prefilled == {"username": "service"}
    await dialog.fill(username="service", password=old)
    assert dialog.errors == {"password": "invalid_auth"}
    await home.server.refuse()
    await dialog.fill(username="service", password="n3w p:ssword")
    assert dialog.errors == {"base": "cannot_connect"}
    await home.server.listen()
    await dialog.fill(username="service", password="n3w p:ssword")
    assert dialog.aborted == "reauth_successful"
    await settle(home)
    await home.read_all()
    assert home.entry.data["password"] == "n3w p:ssword"
    assert home.entry.data["webhook_id"] == "poke-the-house"
    assert home.state("light.lamp").state in {"on", "off"}
    assert "n3w" not in str(dialog.history)


async def test_reauth_with_the_same_password(home: Home) -> None:
    """If the server lets the old password in again, entering it is enough."""
    home.server.password_accepted = False
    await home.live(20)
    assert home.state("light.lamp").state == "unavailable"
    home.server.password_accepted = True
    dialog = await asked_again(home.hass)
    await dialog.fill(username=home.server.username, password=home.server.password)
    assert dialog.aborted == "reauth_successful"
    await settle(home)
    await home.read_all()
    assert home.state("light.lamp").state in {"on", "off"}


@pytest.mark.parametrize("right", [True, False])
async def test_reauth_before_set_up(start: Start, server: ThinknxSimulator, right: bool) -> None:
    """An entry that could not be set up is, once the password is right."""
    home = await start(make_entry(server, password="wrong"))
    assert state_of(home.entry) is ConfigEntryState.SETUP_ERROR
    dialog = await asked_again(home.hass)
    if not right:
        await dialog.fill(username="service", password="wrong")
        assert dialog.errors == {"password": "invalid_auth"}
    await dialog.fill(username="service", password=server.password)
    assert dialog.aborted == "reauth_successful"
    await home.settle()
    assert state_of(home.entry) is ConfigEntryState.LOADED


async def test_reauth_of_the_cloud(hass: HomeAssistant, server: ThinknxSimulator) -> None:
    """In the cloud it is the key that is asked for."""
    entry = MockConfigEntry(
        domain="thinknx",
        title="Thinknx Cloud",
        unique_id="old",
        data={"connection": "cloud", "key": "old", "auth": None, "webhook_id": "poke"},
    )
    entry.add_to_hass(hass)
    with cloud(server):
        await hass.config_entries.async_setup(entry.entry_id)
        assert state_of(entry) is ConfigEntryState.SETUP_ERROR
        dialog = await asked_again(hass)
        assert dialog.fields == {"key"}
        await dialog.fill(key="wrong")
        assert dialog.errors == {"key": "invalid_auth"}
        await dialog.fill(key=server.key)
        assert dialog.aborted == "reauth_successful"
        await hass.async_block_till_done()
        assert state_of(entry) is ConfigEntryState.LOADED


async def test_other_address(home: Home, twin: ThinknxSimulator) -> None:
    """A server is followed to another address; old values stand there, but no password."""
    dialog = await change_server(home.hass, home.entry, "local")
    assert dialog.prefilled == {
        "host": home.server.host,
        "port": home.server.port,
        "username": "service",
    }
    await dialog.fill(**where(twin))
    assert dialog.aborted == "reconfigure_successful"
    await settle(home)
    assert home.entry.unique_id == f"{twin.host}:{twin.port}"
    assert twin.stats.requests.total() > 2
    assert state_of(home.entry) is ConfigEntryState.LOADED


async def test_to_the_cloud(home: Home, twin: ThinknxSimulator) -> None:
    """From the local network to a cloud: devices, entity ids and what is known of them stay."""
    before = {state.entity_id for state in home.hass.states.async_all()}
    devices = {it.unique_id: it.subentry_id for it in home.entry.subentries.values()}
    with cloud(twin):
        dialog = await change_server(home.hass, home.entry, "cloud")
        await dialog.fill(key=twin.key)
        assert dialog.aborted == "reconfigure_successful"
        await settle(home)
        assert state_of(home.entry) is ConfigEntryState.LOADED
        assert {state.entity_id for state in home.hass.states.async_all()} == before
        await home.call("turn_on", "light.lamp")
    assert {it.unique_id: it.subentry_id for it in home.entry.subentries.values()} == devices
    assert home.entry.data.keys() == {"connection", "key", "auth", "api_version", "webhook_id"}
    assert twin.stats.commands[0].controller == "power"


async def test_pace_belongs_to_the_connection(home: Home, twin: ThinknxSimulator) -> None:
    """A cloud is not asked as often as the server in the house was; the other options stay."""
    home.hass.config_entries.async_update_entry(
        home.entry, options={"rate": 5, "webhook": False, "allow_telegrams": True, "groups": []}
    )
    with cloud(twin):
        dialog = await change_server(home.hass, home.entry, "cloud")
        await dialog.fill(key=twin.key)
        await settle(home)
        assert home.entry.runtime_data.scheduler.pace.wished == 1
        assert home.entry.options == {"webhook": False, "allow_telegrams": True, "groups": []}
        home.hass.config_entries.async_update_entry(home.entry, options={"rate": 0.5})
        dialog = await change_server(home.hass, home.entry, "cloud")
        await dialog.fill(key=twin.key)
        await settle(home)
        assert home.entry.options == {"rate": 0.5}


async def test_on_premise_from_elsewhere(home: Home, twin: ThinknxSimulator) -> None:
    """Host and port of the old connection are not proposed for another machine."""
    dialog = await change_server(home.hass, home.entry, "on_premise")
    assert dialog.prefilled == {}
    twin.profile = Profile.CLOUD
    await dialog.fill(host=twin.host, port=twin.port, secure=False, key=twin.key)
    assert dialog.aborted == "reconfigure_successful"
    await settle(home)
    dialog = await change_server(home.hass, home.entry, "on_premise")
    assert dialog.prefilled == {"host": twin.host, "port": twin.port, "secure": False}


async def test_same_key_elsewhere(
    hass: HomeAssistant, server: ThinknxSimulator, twin: ThinknxSimulator
) -> None:
    """A key belongs to one server, whichever machine it is asked through."""
    server.profile = twin.profile = Profile.CLOUD
    assert server.key == twin.key
    dialog = await add_server(hass, "on_premise")
    await dialog.fill(host=server.host, port=server.port, secure=False, key=server.key)
    dialog.created()
    dialog = await add_server(hass, "on_premise")
    await dialog.fill(host=twin.host, port=twin.port, secure=False, key=twin.key)
    assert dialog.aborted == "already_configured"


async def test_paste_to_change(home: Home, twin: ThinknxSimulator) -> None:
    """A copied address may say where the server is now; no device is added by that."""
    dialog = await change_server(home.hass, home.entry, "paste")
    await dialog.fill(url=twin.kit_urls(secrets="userinfo")[0])
    assert dialog.aborted == "reconfigure_successful"
    await settle(home)
    assert home.entry.data["port"] == twin.port
    assert len(home.entry.subentries) == 2


async def test_other_server(home: Home, stranger: ThinknxSimulator) -> None:
    """A server that knows none of the devices is another one."""
    dialog = await change_server(home.hass, home.entry, "local")
    await dialog.fill(**where(stranger))
    assert dialog.errors == {"base": "other_server"}
    assert home.entry.data["port"] == home.server.port
    stranger.add_device("light", ["power"], guid=home.server.guids("light")[1])
    await dialog.fill(**where(stranger))
    assert dialog.aborted == "reconfigure_successful"


async def test_known_but_not_readable_now(home: Home, twin: ThinknxSimulator) -> None:
    """A server that knows a device, and cannot read it just then, is the same one."""
    twin.fail("impossible to execute", controller="powerstatus")
    dialog = await change_server(home.hass, home.entry, "local")
    await dialog.fill(**where(twin))
    assert dialog.aborted == "reconfigure_successful"


async def test_nothing_to_compare(
    start: Start, server: ThinknxSimulator, stranger: ThinknxSimulator
) -> None:
    """Without a device that can be read any server may be the one."""
    home = await start(make_entry(server, subentry("scene", server.guids("scene")[0], "Off")))
    dialog = await change_server(home.hass, home.entry, "local")
    await dialog.fill(**where(stranger))
    assert dialog.aborted == "reconfigure_successful"


async def test_taken_by_another_entry(home: Home, twin: ThinknxSimulator) -> None:
    """A server that another entry has is not taken from it."""
    make_entry(twin).add_to_hass(home.hass)
    dialog = await change_server(home.hass, home.entry, "local")
    await dialog.fill(**where(twin))
    assert dialog.aborted == "already_configured"
    assert home.entry.data["port"] == home.server.port


async def test_change_while_down(
    start: Start, server: ThinknxSimulator, twin: ThinknxSimulator
) -> None:
    """An entry whose server is not where it was can be told the new address."""
    await server.refuse()
    home = await start(make_entry(server))
    assert state_of(home.entry) is ConfigEntryState.SETUP_RETRY
    dialog = await change_server(home.hass, home.entry, "local")
    await dialog.fill(**where(twin))
    assert dialog.aborted == "reconfigure_successful"
    await home.settle()
    assert state_of(home.entry) is ConfigEntryState.LOADED


async def test_one_reload(home: Home, twin: ThinknxSimulator) -> None:
    """Another connection is taken up by exactly one set-up."""
    set_up = integration.async_setup_entry
    with patch.object(integration, "async_setup_entry", side_effect=set_up) as calls:
        dialog = await change_server(home.hass, home.entry, "local")
        await dialog.fill(**where(twin))
        await settle(home)
        await settle(home)
    assert calls.call_count == 1
