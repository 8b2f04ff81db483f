"""Setting up, unloading, restarting."""

from collections.abc import Awaitable, Callable
from typing import Any
from unittest.mock import patch

import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    mock_restore_cache_with_extra_data,
)
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from homeassistant.config_entries import SOURCE_REAUTH, ConfigEntryState
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.restore_state import async_get
from homeassistant.setup import async_setup_component
from simulators.clock import ManualClock
from simulators.thinknx import ThinknxSimulator

from .common import DOMAIN, OBJECTS, Home, make_entry, subentry

type Start = Callable[..., Awaitable[Home]]


def one_of_each(server: ThinknxSimulator) -> MockConfigEntry:
    """Return an entry with a device of each kind."""
    return make_entry(
        server,
        *[subentry(kind, server.guids(it)[0], kind.title()) for kind, (it, _) in OBJECTS.items()],
    )


async def test_life(start: Start, server: ThinknxSimulator) -> None:
    """An entry comes, goes and comes back; while it is gone the server hears nothing."""
    home = await start(one_of_each(server))
    assert home.hass.config_entries.async_loaded_entries(DOMAIN) == [home.entry]
    await home.hass.config_entries.async_unload(home.entry.entry_id)
    assert home.hass.config_entries.async_loaded_entries(DOMAIN) == []
    server.stats.reset()
    await home.clock.advance(100)
    assert not server.stats.requests
    assert home.state("light.light").state == "unavailable"
    await home.hass.config_entries.async_setup(home.entry.entry_id)
    await home.read_all()
    assert home.state("light.light").state in {"on", "off"}


async def test_unload_refused(start: Start, server: ThinknxSimulator) -> None:
    """An entry whose entities do not end goes on."""
    home = await start(one_of_each(server))
    unload = "homeassistant.config_entries.ConfigEntries.async_unload_platforms"
    with patch(unload, return_value=False):
        assert not await home.hass.config_entries.async_unload(home.entry.entry_id)
    assert home.entry.state is ConfigEntryState.FAILED_UNLOAD
    await home.call("turn_on", "light.light")
    assert home.commands
    await home.entry.runtime_data.async_shutdown()


@pytest.mark.parametrize("trouble", ["refused", "busy", "garbage", "down"])
async def test_not_ready(start: Start, server: ThinknxSimulator, trouble: str) -> None:
    """A server that cannot be used yet is tried again."""
    if trouble == "refused":
        await server.refuse()
    elif trouble == "busy":
        server.trick("status", status=429, times=None)
    elif trouble == "garbage":
        server.trick("html", status=200, times=None)
    else:
        server.inject("status", status=503, times=None)
    home = await start()
    assert home.entry.state is ConfigEntryState.SETUP_RETRY


@pytest.mark.parametrize("auth", ["digest", "basic", "query"])
async def test_wrong_password(start: Start, server: ThinknxSimulator, auth: str) -> None:
    """A password that is wrong at the start is asked for."""
    home = await start(make_entry(server, auth=auth, password="wrong"))
    assert home.entry.state is ConfigEntryState.SETUP_ERROR
    flows = home.hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    assert [flow["context"]["source"] for flow in flows] == [SOURCE_REAUTH]


async def test_password_in_the_address(start: Start, server: ThinknxSimulator) -> None:
    """A password that has to stand in each address is a thing to know."""
    home = await start(make_entry(server, auth="query"))
    assert home.issues == ["password_in_address"]
    await home.hass.config_entries.async_unload(home.entry.entry_id)
    assert home.issues == []


@pytest.mark.parametrize(
    ("version", "state"), [(1, ConfigEntryState.LOADED), (2, ConfigEntryState.MIGRATION_ERROR)]
)
async def test_versions(
    hass: HomeAssistant, server: ThinknxSimulator, version: int, state: ConfigEntryState
) -> None:
    """An entry of a later major version is left alone, one of a later minor version works."""
    data = dict(make_entry(server).data)
    entry = MockConfigEntry(domain=DOMAIN, version=version, minor_version=2, data=data)
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state is state
    assert bool(server.stats.history) is (state is ConfigEntryState.LOADED)


async def test_removed(
    start: Start, server: ThinknxSimulator, hass_storage: dict[str, Any]
) -> None:
    """What was kept goes with the entry."""
    home = await start(one_of_each(server))
    await home.fire(11)
    key = f"{DOMAIN}.{home.entry.entry_id}"
    assert hass_storage[key]["data"] == {"project": server.server.facts()["config_time"]}
    await home.hass.config_entries.async_remove(home.entry.entry_id)
    assert key not in hass_storage


async def test_devices(start: Start, server: ThinknxSimulator) -> None:
    """Each GUID is a device of its own, behind the server; ids hold no address."""
    home = await start(one_of_each(server))
    devices = dr.async_entries_for_config_entry(dr.async_get(home.hass), home.entry.entry_id)
    hub = next(it for it in devices if it.via_device_id is None)
    assert (hub.manufacturer, hub.sw_version) == ("Thinknx", server.server.facts()["version"])
    assert hub.identifiers == {(DOMAIN, home.entry.entry_id)}
    others = [it for it in devices if it is not hub]
    assert {it.via_device_id for it in others} == {hub.id}
    guids = {server.guids(kind)[0] for kind, _ in OBJECTS.values()}
    assert {(DOMAIN, guid) for guid in guids} == {
        identifier for it in others for identifier in it.identifiers
    }
    for entity in er.async_entries_for_config_entry(home.registry, home.entry.entry_id):
        assert entity.unique_id.startswith((home.entry.entry_id, *guids))
        assert entity.has_entity_name


@pytest.mark.parametrize(("loaded", "removable"), [(True, True), (False, False)])
async def test_remove_device(
    start: Start,
    server: ThinknxSimulator,
    hass_ws_client: WebSocketGenerator,
    loaded: bool,
    removable: bool,
) -> None:
    """A device that belongs to nothing any more can be removed, the others go with their entry."""
    home = await start(one_of_each(server))
    assert await async_setup_component(home.hass, "config", {})
    registry = dr.async_get(home.hass)
    old = registry.async_get_or_create(
        config_entry_id=home.entry.entry_id, identifiers={(DOMAIN, "OLDGUID")}
    )
    hub = registry.async_get_device_by_identifier(
        (DOMAIN, home.entry.entry_id), home.entry.entry_id
    )
    assert hub
    if not loaded:
        await home.hass.config_entries.async_unload(home.entry.entry_id)
    client = await hass_ws_client(home.hass)
    assert (await client.remove_device(old.id))["success"] is removable
    assert not (await client.remove_device(hub.id))["success"]


async def test_shown_before_it_is_read(
    hass: HomeAssistant, server: ThinknxSimulator, clock: ManualClock
) -> None:
    """After a restart the last state is shown, and of when it is, until it is read."""
    guid = server.guids("blind", "angle")[0]
    server.set_blind(guid, height=25, angle=50)
    kept = {"at": "2026-11-20T08:00:00+00:00", "values": {"heightlevel": 80.0, "powerlevel": 3}}
    mock_restore_cache_with_extra_data(hass, [(State("cover.office", "open"), kept)])
    entry = make_entry(server, subentry("cover", guid, "Office"))
    entry.add_to_hass(hass)
    home = Home(hass, server, entry, clock)
    await hass.config_entries.async_setup(entry.entry_id)
    attributes = home.state("cover.office").attributes
    assert (attributes["current_position"], attributes["as_of"]) == (20, kept["at"])
    assert "current_tilt_position" not in attributes
    await home.read_all()
    attributes = home.state("cover.office").attributes
    assert (attributes["current_position"], attributes["current_tilt_position"]) == (75, 50)
    assert "as_of" not in attributes


async def test_kept_for_the_next_start(
    start: Start, server: ThinknxSimulator, hass_storage: dict[str, Any]
) -> None:
    """What is shown is written down when Home Assistant ends."""
    guid = server.guids("blind", "angle")[0]
    server.set_blind(guid, height=25)
    home = await start(make_entry(server, subentry("cover", guid, "Office", ("heightlevel",))))
    await async_get(home.hass).async_dump_states()
    stored = hass_storage["core.restore_state"]["data"]
    kept = next(it for it in stored if it["state"]["entity_id"] == "cover.office")
    assert kept["extra_data"]["values"] == {"heightlevel": 25}
