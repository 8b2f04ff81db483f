"""Devices that come, change and go while the house runs: without a reload."""

from collections.abc import Awaitable, Callable
from unittest.mock import patch

import pytest

from homeassistant.config_entries import ConfigEntryState
from homeassistant.helpers import area_registry as ar, device_registry as dr
from simulators.thinknx import ThinknxSimulator

from .common import DOMAIN, Home, make_entry, subentry

type Start = Callable[..., Awaitable[Home]]


@pytest.fixture
async def home(start: Start, server: ThinknxSimulator) -> Home:
    """Return a house with one light."""
    return await start(make_entry(server, subentry("light", server.guids("light")[0], "Hall")))


async def heard(home: Home) -> None:
    """Let the listener hear of a change, and everything be read."""
    await home.fire(1.1)
    await home.read_all()


async def test_added(home: Home, server: ThinknxSimulator) -> None:
    """A device that is added is there at once, and read."""
    runs = home.entry.runtime_data
    blind = server.guids("blind", "angle")[0]
    home.add(subentry("cover", blind, "Office", area="Upstairs"))
    await heard(home)
    entity_id = home.find("cover", f"{blind}_cover")
    assert entity_id
    assert home.state(entity_id).state in {"open", "closed"}
    assert home.entry.runtime_data is runs
    device = dr.async_get(home.hass).async_get_device_by_identifier(
        (DOMAIN, blind), home.entry.entry_id
    )
    area = ar.async_get(home.hass).async_get_area_by_name("Upstairs")
    assert device
    assert area
    assert (device.area_id, device.name) == (area.id, "Office")
    assert device.via_device_id == runs.device_id


async def test_removed(home: Home, server: ThinknxSimulator) -> None:
    """A device that is removed leaves nothing behind, and is not read any more."""
    guid = server.guids("light")[0]
    home.hass.config_entries.async_remove_subentry(home.entry, next(iter(home.entry.subentries)))
    await heard(home)
    server.stats.reset()
    await home.live(20)
    assert home.hass.states.get("light.hall") is None
    assert home.find("light", f"{guid}_power") is None
    assert guid not in server.stats.guids
    assert home.entry.state is ConfigEntryState.LOADED


async def test_changed(home: Home, server: ThinknxSimulator) -> None:
    """A light that is to be a switch is one, and no light any more; its name follows."""
    guid = server.guids("light")[0]
    it = next(iter(home.entry.subentries.values()))
    home.hass.config_entries.async_update_subentry(
        home.entry, it, title="Pump", data={**it.data, "show_as": "switch"}
    )
    await heard(home)
    switch = home.find("switch", f"{guid}_power")
    assert switch
    assert home.state(switch).state in {"on", "off"}
    assert home.state(switch).name == "Pump"
    assert home.find("light", f"{guid}_power") is None
    assert home.hass.states.get("light.hall") is None
    await home.call("turn_on", switch)
    assert home.state(switch).state == "on"


async def test_changed_while_it_was_not_loaded(home: Home, server: ThinknxSimulator) -> None:
    """What was changed while the entry was disabled is right after the start."""
    guid = server.guids("light")[0]
    it = next(iter(home.entry.subentries.values()))
    await home.hass.config_entries.async_unload(home.entry.entry_id)
    home.hass.config_entries.async_update_subentry(
        home.entry, it, data={**it.data, "show_as": "switch"}
    )
    await home.hass.config_entries.async_setup(home.entry.entry_id)
    await home.read_all()
    assert home.find("switch", f"{guid}_power")
    assert home.find("light", f"{guid}_power") is None


async def test_two_hundred_at_once(start: Start, server: ThinknxSimulator) -> None:
    """200 devices that are imported appear together, and the entry is not reloaded for them."""
    home = await start()
    for number in range(200 - len(server.guids("light"))):
        server.add_device("light", name=f"More {number}")
    guids = server.guids("light")
    assert len(guids) == 200
    with patch("custom_components.thinknx.async_setup_entry") as set_up:
        for number, guid in enumerate(guids):
            home.add(subentry("light", guid, f"Lamp {number}", ("power",)))
        await home.settle()
        assert home.hass.states.async_entity_ids_count("light") == 0
        await home.fire(1.1)
    assert not set_up.called
    assert home.hass.states.async_entity_ids_count("light") == 200
    await home.fire(0.2)
    assert len(home.entry.runtime_data.scheduler.ages.endpoints) == 200


async def test_options(home: Home, server: ThinknxSimulator) -> None:
    """Another rate holds at once, without a reload."""
    runs = home.entry.runtime_data
    home.hass.config_entries.async_update_entry(home.entry, options={"rate": 0.5})
    await home.fire(1.1)
    assert home.entry.runtime_data is runs
    server.stats.reset()
    await home.live(60)
    assert server.stats.requests.total() <= 32


async def test_another_connection(home: Home, server: ThinknxSimulator) -> None:
    """Another address is used from then on; the devices stay what they are."""
    entity_id = home.find("light", f"{server.guids('light')[0]}_power")
    server.auth = "basic"  # type: ignore[assignment]
    home.hass.config_entries.async_update_entry(
        home.entry, data={**home.entry.data, "auth": "basic"}
    )
    runs = home.entry.runtime_data
    await home.fire(1.1)
    assert home.entry.runtime_data is not runs
    await home.read_all()
    assert home.find("light", f"{server.guids('light')[0]}_power") == entity_id
    assert home.state("light.hall").state in {"on", "off"}


async def test_deleted_while_it_is_told(home: Home, server: ThinknxSimulator) -> None:
    """A device that is deleted while a command is on its way breaks nothing."""
    server.service_seconds = 5
    calling = home.hass.async_create_task(
        home.hass.services.async_call(
            "light", "turn_on", {"entity_id": "light.hall"}, blocking=True
        )
    )
    await home.clock.advance(1)
    home.hass.config_entries.async_remove_subentry(home.entry, next(iter(home.entry.subentries)))
    await home.fire(1.1)
    server.service_seconds = 0
    await home.wait_for(calling)
    assert home.hass.states.get("light.hall") is None
    assert home.entry.state is ConfigEntryState.LOADED


@pytest.mark.parametrize("refused", [False, True])
async def test_deleted_while_it_is_read(
    home: Home, server: ThinknxSimulator, refused: bool
) -> None:
    """A device that is deleted while it is being read breaks nothing."""
    runs = home.entry.runtime_data
    if refused:
        server.restrict(server.guids("light")[0])
    for _ in range(2):
        await home.live(4)  # a third refusal would count
    server.service_seconds = 5
    while not runs.scheduler.is_busy:
        await home.clock.advance(0.1)
    home.hass.config_entries.async_remove_subentry(home.entry, next(iter(home.entry.subentries)))
    await home.fire(1.1)
    server.service_seconds = 0
    await home.live(20)
    assert home.entry.runtime_data.is_reachable
    assert home.issues == []
