"""From start to removal."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from unittest.mock import patch

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from homeassistant.config_entries import SOURCE_REAUTH, ConfigEntryDisabler, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from simulators.htrest import HtRestSimulator, Profile

from .common import CLIMATE, DOMAIN, OUTDOOR_POINT, House, make_entry
from .dialog import issues


async def test_life(house: House) -> None:
    """An entry starts, stops without leaving a listener, and starts again."""
    assert house.state("sensor", OUTDOOR_POINT).state == "4.9"
    coordinator = house.entry.runtime_data
    assert await house.hass.config_entries.async_unload(house.entry.entry_id)
    assert not coordinator._listeners
    asked = house.commands
    await house.poll()
    assert house.commands == asked
    await house.hass.config_entries.async_setup(house.entry.entry_id)
    assert house.state("sensor", OUTDOOR_POINT).state == "4.9"


async def test_cost_of_a_start(house: House) -> None:
    """The first start finds out what there is, and a later one believes it."""
    assert house.commands <= 120
    before = house.commands
    await house.hass.config_entries.async_reload(house.entry.entry_id)
    await house.settle()
    assert house.commands - before <= 60
    assert house.state("climate", CLIMATE).state == "auto"


@pytest.mark.parametrize("profile", [Profile.OWNER])
async def test_cost_of_a_start_with_an_owners_table(house: House) -> None:
    """A table of 519 names costs hardly more: the further ones are found while it runs."""
    assert house.commands <= 120
    await house.poll(12)
    assert house.state("climate", "climate-mixing_circuit_1").state == "auto"
    before = house.commands
    await house.hass.config_entries.async_reload(house.entry.entry_id)
    await house.settle()
    assert house.commands - before <= 60


async def test_not_ready(
    hass: HomeAssistant, server: HtRestSimulator, start: Callable[..., Awaitable[House]]
) -> None:
    """Without an answer Home Assistant tries again, and says why in words."""
    await server.refuse()
    house = await start()
    assert house.entry.state is ConfigEntryState.SETUP_RETRY
    assert house.entry.error_reason_translation_key == "cannot_connect"
    await server.listen()
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=60))
    await house.settle()
    assert house.state("sensor", OUTDOOR_POINT).state == "4.9"


@pytest.mark.parametrize(
    ("attribute", "issue"), [("silent", "pump_silent"), ("server_stuck", "server_stuck")]
)
async def test_nothing_behind_the_server(
    hass: HomeAssistant,
    server: HtRestSimulator,
    start: Callable[..., Awaitable[House]],
    attribute: str,
    issue: str,
) -> None:
    """A repair says what is wrong behind the server, until it is mended."""
    setattr(server, attribute, True)
    house = await start()
    assert house.entry.state is ConfigEntryState.SETUP_RETRY
    assert issues(hass) == [issue]
    setattr(server, attribute, False)
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=60))
    await house.settle()
    assert house.state("sensor", OUTDOOR_POINT).state == "4.9"
    assert not issues(hass)


@pytest.mark.parametrize("attribute", ["silent", "server_stuck"])
async def test_given_up(
    hass: HomeAssistant,
    server: HtRestSimulator,
    start: Callable[..., Awaitable[House]],
    attribute: str,
) -> None:
    """Whoever disables an entry that does not start wants to hear no more of it."""
    setattr(server, attribute, True)
    house = await start()
    assert issues(hass)
    await hass.config_entries.async_set_disabled_by(house.entry.entry_id, ConfigEntryDisabler.USER)
    assert not issues(hass)


async def test_lost_while_starting(
    server: HtRestSimulator, start: Callable[..., Awaitable[House]]
) -> None:
    """A heat pump that falls silent in the middle of the start is tried again."""
    server.inject("status", "/api/v1/fastquery/", body='{"message": "login failed after 3"}')
    house = await start()
    assert house.entry.state is ConfigEntryState.SETUP_RETRY
    assert house.entry.error_reason_translation_key == "pump_silent"


async def test_wrong_password(
    hass: HomeAssistant, server: HtRestSimulator, start: Callable[..., Awaitable[House]]
) -> None:
    """A refused password asks for another one."""
    server.username, server.password = "home", "new"
    house = await start(make_entry(server, username="home", password="old"))
    assert house.entry.state is ConfigEntryState.SETUP_ERROR
    flows = hass.config_entries.flow.async_progress()
    assert [flow["context"]["source"] for flow in flows] == [SOURCE_REAUTH]


async def test_another_pump(
    server: HtRestSimulator, start: Callable[..., Awaitable[House]], entry: MockConfigEntry
) -> None:
    """Another heat pump at the address is not taken for the one that was set up."""
    server.serial_number = 654321
    house = await start(entry)
    assert house.entry.state is ConfigEntryState.SETUP_ERROR
    assert house.entry.error_reason_translation_key == "wrong_pump"


@pytest.mark.parametrize(
    ("version", "state"), [(1, ConfigEntryState.LOADED), (2, ConfigEntryState.MIGRATION_ERROR)]
)
async def test_versions(
    hass: HomeAssistant, server: HtRestSimulator, version: int, state: ConfigEntryState
) -> None:
    """An entry of a later major version is left alone, one of a later minor version works."""
    like = make_entry(server)
    entry = MockConfigEntry(
        domain=DOMAIN,
        unique_id=like.unique_id,
        version=version,
        minor_version=2,
        data=dict(like.data),
    )
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state is state
    assert bool(server.stats.history) is (state is ConfigEntryState.LOADED)


async def test_unload_refused(house: House) -> None:
    """An entry whose entities do not end keeps what it has."""
    unload = "homeassistant.config_entries.ConfigEntries.async_unload_platforms"
    with patch(unload, return_value=False):
        assert not await house.hass.config_entries.async_unload(house.entry.entry_id)
    assert house.entry.state is ConfigEntryState.FAILED_UNLOAD
    house.entry.runtime_data.client.close()


async def test_remove(house: House, hass_storage: dict[str, object]) -> None:
    """What was kept goes with the entry."""
    key = f"{DOMAIN}.{house.entry.entry_id}"
    await house.hass.config_entries.async_unload(house.entry.entry_id)
    assert key in hass_storage
    await house.hass.config_entries.async_remove(house.entry.entry_id)
    assert key not in hass_storage


async def test_parts_are_child_devices(house: House, device_registry: dr.DeviceRegistry) -> None:
    """Heating circuit and hot water can have areas of their own."""
    entry_id = house.entry.entry_id
    pump = device_registry.async_get_device_by_identifier((DOMAIN, "123456"), entry_id)
    assert pump
    assert (pump.name, pump.serial_number, pump.sw_version) == ("Heliotherm", "123456", "3.0.20")
    for part, name in (("heating_circuit", "Heating circuit"), ("hot_water", "Hot water")):
        child = device_registry.async_get_child_device_by_identifier(
            (DOMAIN, f"123456-{part}"), entry_id
        )
        assert child
        assert (child.name, child.parent_device_id) == (name, pump.id)


@pytest.mark.parametrize(
    ("part", "loaded", "removable"),
    [("", True, False), ("-hot_water", True, True), ("-hot_water", False, False)],
)
async def test_remove_device(
    house: House,
    hass_ws_client: WebSocketGenerator,
    part: str,
    loaded: bool,
    removable: bool,
) -> None:
    """A part of the plant can be removed, the heat pump itself only with its entry."""
    hass, entry_id = house.hass, house.entry.entry_id
    assert await async_setup_component(hass, "config", {})
    registry = dr.async_get(hass)
    if not loaded:
        await hass.config_entries.async_unload(entry_id)
    identifier = (DOMAIN, f"123456{part}")
    device = registry.async_get_device_by_identifier(
        identifier, entry_id
    ) or registry.async_get_child_device_by_identifier(identifier, entry_id)
    assert device
    client = await hass_ws_client(hass)
    answer = await client.remove_device(device.id)
    assert answer["success"] is removable


async def test_ids_hold_no_address(house: House, entity_registry: er.EntityRegistry) -> None:
    """Ids come from the serial number, so that nothing changes with the address."""
    entities = er.async_entries_for_config_entry(entity_registry, house.entry.entry_id)
    assert len(entities) > 60
    assert all(entity.unique_id.startswith("123456-") for entity in entities)
    assert all(entity.has_entity_name for entity in entities)
