"""Set-up, unloading and removal of an entry, and of single devices."""

import asyncio
from base64 import b64encode
from collections.abc import Awaitable, Callable
import logging
from typing import Any
from unittest.mock import patch

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from homeassistant.config_entries import SOURCE_REAUTH, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.setup import async_setup_component
from simulators.nibe_rest import NibeSimulator, ids

from .common import DOMAIN, House, make_entry
from .dialog import Dialog, address, asked, found, issues, login

NEW_PASSWORD = "Zq7vT2mXr9KcLw4N"
OFFSET = ids.HEATING_OFFSET


def flows(hass: HomeAssistant) -> list[Any]:
    """Return where the dialogs that wait for the user come from."""
    return [flow["context"]["source"] for flow in hass.config_entries.flow.async_progress()]


@pytest.mark.parametrize("profile", ["s1255", "smo-s40", "vvm-s320"])
async def test_life(house: House) -> None:
    """An entry is set up, reloaded and unloaded; a session is closed with its entry."""
    for _ in range(2):
        assert house.entry.state is ConfigEntryState.LOADED
        assert house.state("sensor", ids.OUTDOOR).state != "unavailable"
        session = house.entry.runtime_data.client._transport._session
        assert not session.closed
        assert await house.hass.config_entries.async_reload(house.entry.entry_id)
        await house.settle()
        assert session.closed
    session = house.entry.runtime_data.client._transport._session
    assert await house.hass.config_entries.async_unload(house.entry.entry_id)
    assert house.entry.state.value == "not_loaded"
    assert house.state("sensor", ids.OUTDOOR).state == "unavailable"
    assert session.closed
    requests = asked(house.pump)
    await house.fire(3600)
    assert asked(house.pump) == requests


@pytest.mark.parametrize("path", ["/api/v1/devices", "*/points"])
@pytest.mark.parametrize(
    ("fault", "key"),
    [
        ({"kind": "drop"}, "cannot_connect"),
        ({"kind": "truncate"}, "cannot_connect"),
        ({"kind": "status", "status": 503}, "bad_response"),
        ({"kind": "garbage"}, "bad_response"),
        ({"kind": "garbage", "body": "[]"}, "bad_response"),
        ({"kind": "redirect"}, "bad_response"),
    ],
)
async def test_not_ready(
    start: Callable[..., Awaitable[House]],
    pump: NibeSimulator,
    path: str,
    fault: dict[str, Any],
    key: str,
) -> None:
    """A heat pump that does not answer as it should is tried again, and the user sees why."""
    pump.inject(path=path, times=None, **fault)
    house = await start()
    assert house.entry.state.value == "setup_retry"
    assert house.entry.error_reason_translation_key == key
    assert house.entry.error_reason_translation_placeholders == {"name": house.entry.title}
    assert flows(house.hass) == []
    pump.clear_faults()
    await house.fire(120)
    assert house.entry.state.value == "loaded"


async def test_modes_without_alarms(house: House, pump: NibeSimulator) -> None:
    """Alarms that cannot be read do not keep the modes from being read."""
    pump.inject(path="*/notifications", times=None, kind="garbage")
    pump.devices[0].smart_mode = "away"
    for _ in range(21):
        await house.poll()
    assert house.state("select", "smart_mode").state == "away"


async def test_alarms_cannot_be_read(
    start: Callable[..., Awaitable[House]], pump: NibeSimulator
) -> None:
    """Where only the alarms cannot be read, all else works; they come when they can be read."""
    pump.inject(path="*/notifications", times=None, kind="garbage")
    house = await start()
    assert house.entry.state.value == "loaded"
    assert house.state("climate", "climate-climate_system_1").state == "auto"
    assert house.state("binary_sensor", "alarms").state == "unavailable"
    pump.add_alarm(183, "Low pressure")
    pump.clear_faults()
    await house.poll()
    assert house.state("binary_sensor", "alarms").state == "on"


@pytest.mark.parametrize("path", ["/api/v1/devices", "*/points", "*/notifications"])
@pytest.mark.parametrize("status", [401, 403])
async def test_wrong_password(
    start: Callable[..., Awaitable[House]], pump: NibeSimulator, status: int, path: str
) -> None:
    """A password that is refused is asked for, and the heat pump is left alone until then."""
    pump.inject("status", path, status=status, times=None)
    house = await start()
    assert house.entry.state is ConfigEntryState.SETUP_ERROR
    assert house.entry.error_reason_translation_key == "invalid_auth"
    assert flows(house.hass) == [SOURCE_REAUTH]
    requests = asked(pump)
    await house.fire(3600)
    assert asked(pump) == requests


async def test_another_pump(start: Callable[..., Awaitable[House]], pump: NibeSimulator) -> None:
    """Another heat pump at the same address is not taken for ours."""
    entry = make_entry(pump)
    pump.devices[0].serial = "00000000000001"
    house = await start(entry)
    assert entry.state is ConfigEntryState.SETUP_ERROR
    assert entry.error_reason_translation_key == "wrong_pump"
    assert entry.error_reason_translation_placeholders == {
        "name": entry.title,
        "serial": entry.unique_id,
    }
    assert not er.async_entries_for_config_entry(er.async_get(house.hass), entry.entry_id)
    assert pump.stats.calls == {"GET /api/v1/devices": 1}


@pytest.mark.parametrize(
    ("firmware", "expected"),
    [("4.5", ["firmware_too_old"]), ("3.12", ["firmware_too_old"]), ("4.6", []), ("5.0", [])],
)
async def test_firmware(
    start: Callable[..., Awaitable[House]],
    pump: NibeSimulator,
    firmware: str,
    expected: list[str],
) -> None:
    """Old firmware is reported, and served all the same; an update ends it."""
    pump.set_firmware(firmware)
    house = await start()
    assert house.entry.state.value == "loaded"
    assert issues(house.hass) == expected
    pump.set_firmware("4.13")
    await house.hass.config_entries.async_reload(house.entry.entry_id)
    assert issues(house.hass) == []


async def test_more_pumps(start: Callable[..., Awaitable[House]], pump: NibeSimulator) -> None:
    """Heat pumps behind the same address that are not set up are told of."""
    other = pump.add_device("vvm-s320", seed=5)
    house = await start()
    (issue,) = found(house.hass)
    assert issue.translation_key == "more_pumps"
    assert issue.translation_placeholders
    assert other.serial in issue.translation_placeholders["detail"]
    assert pump.serial not in issue.translation_placeholders["detail"]


@pytest.mark.parametrize("first", [0, 1])
async def test_all_pumps_set_up(
    hass: HomeAssistant, start: Callable[..., Awaitable[House]], pump: NibeSimulator, first: int
) -> None:
    """Nobody is told of a heat pump any more that was set up meanwhile."""
    other = pump.add_device("vvm-s320", seed=5)
    entries = [
        make_entry(pump),
        MockConfigEntry(
            domain=DOMAIN,
            unique_id=other.serial,
            data={**make_entry(pump).data, "serial": other.serial},
        ),
    ]
    await start(entries[first])
    assert issues(hass) == ["more_pumps"]
    house = await start(entries[1 - first])
    await house.settle()
    assert {entry.state.value for entry in entries} == {"loaded"}
    assert issues(hass) == []
    assert pump.stats.max_in_flight == 1
    assert house.pump.stats.overlaps == 0


@pytest.mark.parametrize("end", ["async_unload", "async_remove"])
async def test_issues_end_with_the_entry(
    start: Callable[..., Awaitable[House]], pump: NibeSimulator, end: str
) -> None:
    """Nobody is asked to mend what is gone."""
    pump.set_firmware("4.5")
    pump.add_device("vvm-s320", seed=5)
    house = await start()
    assert issues(house.hass) == ["firmware_too_old", "more_pumps"]
    await getattr(house.hass.config_entries, end)(house.entry.entry_id)
    assert issues(house.hass) == []


async def test_removal(house: House, hass_storage: dict[str, Any]) -> None:
    """The counts of writes survive a reload, and end with the entry."""
    key = f"{DOMAIN}.{house.entry.entry_id}"
    await house.call("number", "set_value", OFFSET, value=3)
    await house.hass.config_entries.async_reload(house.entry.entry_id)
    assert hass_storage[key]["data"].keys() == {str(OFFSET)}
    await house.hass.config_entries.async_remove(house.entry.entry_id)
    await house.settle()
    assert key not in hass_storage
    assert not house.hass.states.async_all()
    assert not dr.async_entries_for_config_entry(dr.async_get(house.hass), house.entry.entry_id)


@pytest.mark.parametrize("loaded", [True, False])
async def test_removal_with_the_pump_away(house: House, loaded: bool) -> None:
    """An entry can be removed without its heat pump, whether it is loaded or not."""
    if not loaded:
        await house.hass.config_entries.async_unload(house.entry.entry_id)
    await house.pump.refuse()
    await house.hass.config_entries.async_remove(house.entry.entry_id)
    assert not house.hass.config_entries.async_entries(DOMAIN)


async def test_unload_while_something_waits(house: House) -> None:
    """Whoever waits for a heat pump that is unloaded hears of it in words."""
    house.pump.inject("hang", "*/points")
    poll = asyncio.ensure_future(house.entry.runtime_data.async_refresh())
    house.pump.stats.reset()
    while not asked(house.pump):  # noqa: ASYNC110  sockets have no event to wait for
        await asyncio.sleep(0)
    setting = asyncio.ensure_future(house.call("number", "set_value", OFFSET, value=3))
    await asyncio.sleep(0)
    assert await house.hass.config_entries.async_unload(house.entry.entry_id)
    with pytest.raises(HomeAssistantError):
        await setting
    await poll
    assert house.pump.stats.asked == []


async def test_unload_refused(house: House) -> None:
    """An entry whose entities do not end keeps what it has."""
    unload = "homeassistant.config_entries.ConfigEntries.async_unload_platforms"
    with patch(unload, return_value=False):
        assert not await house.hass.config_entries.async_unload(house.entry.entry_id)
    assert house.entry.state is ConfigEntryState.FAILED_UNLOAD
    session = house.entry.runtime_data.client._transport._session
    assert not session.closed
    await session.close()


async def test_pump_leaves_the_list(house: House) -> None:
    """A heat pump that the list forgets for a while is kept as it was."""
    device = house.entry.runtime_data.data.device
    house.pump.inject("garbage", "/api/v1/devices", body='{"devices": []}', times=None)
    for _ in range(25):
        await house.poll()
    assert house.pump.stats.calls["GET /api/v1/devices"] > 1
    assert house.entry.runtime_data.data.device == device
    assert house.entry.runtime_data.last_update_success


async def remove_device(house: House, connect: WebSocketGenerator, part: str) -> bool:
    """Click on "delete" at a device; return whether it is gone."""
    registry = dr.async_get(house.hass)
    key, entry_id = (DOMAIN, house.serial + part), house.entry.entry_id
    device = (
        registry.async_get_child_device_by_identifier(key, entry_id)
        if part
        else registry.async_get_device_by_identifier(key, entry_id)
    )
    assert device
    client = await connect(house.hass)
    await client.send_json_auto_id(
        {"type": "config/device_registry/remove", "device_id": device.id}
    )
    answer = await client.receive_json()
    assert answer["success"] or answer["error"]["code"] == "home_assistant_error", answer
    await house.settle()
    return device.id not in {found.id for found in (*registry.devices, *registry.child_devices)}


@pytest.mark.parametrize(
    ("part", "loaded", "removable"),
    [
        ("", True, False),
        ("-hot_water", True, True),
        ("", False, False),
        ("-hot_water", False, False),
    ],
)
async def test_remove_device(
    hass: HomeAssistant,
    start: Callable[..., Awaitable[House]],
    hass_ws_client: WebSocketGenerator,
    part: str,
    loaded: bool,
    removable: bool,
) -> None:
    """A part of the plant can be removed, the heat pump itself only with its entry."""
    for component in ("websocket_api", "config"):
        assert await async_setup_component(hass, component, {})
    house = await start()
    if not loaded:
        await hass.config_entries.async_unload(house.entry.entry_id)
    assert await remove_device(house, hass_ws_client, part) is removable


@pytest.mark.parametrize(
    ("version", "state"), [(1, ConfigEntryState.LOADED), (2, ConfigEntryState.MIGRATION_ERROR)]
)
@pytest.mark.parametrize("minor", [1, 2])
async def test_versions(
    hass: HomeAssistant, pump: NibeSimulator, version: int, minor: int, state: ConfigEntryState
) -> None:
    """An entry of a later major version is left alone, one of a later minor version works."""
    like = make_entry(pump)
    entry = MockConfigEntry(
        domain=DOMAIN,
        unique_id=like.unique_id,
        data=like.data,
        version=version,
        minor_version=minor,
    )
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state is state
    assert bool(pump.stats.requests) is (state is ConfigEntryState.LOADED)


async def test_pump_restarts(house: House) -> None:
    """A restart of the heat pump loses no entity, and all points come back."""
    before = {state.entity_id for state in house.hass.states.async_all()}
    await house.pump.restart(down=20, partial=60)
    await house.poll()
    assert house.state("sensor", ids.OUTDOOR).state == "unavailable"
    await house.pump_time(21)
    await house.pump.listen()
    await house.fire(61)
    assert house.entry.runtime_data.last_update_success
    await house.pump_time(120)
    await house.fire(61)
    assert {state.entity_id for state in house.hass.states.async_all()} == before
    assert house.state("sensor", ids.OUTDOOR).state != "unavailable"
    assert house.entry.state is ConfigEntryState.LOADED


async def test_starts_while_the_pump_starts(
    start: Callable[..., Awaitable[House]], pump: NibeSimulator
) -> None:
    """Points that are missing at the start become entities once they are there."""
    await pump.restart(partial=60)
    house = await start()
    missing = pump.missing(pump.devices[0])
    assert missing
    known = house.entry.runtime_data.data.points
    assert not missing & known.keys()
    await house.pump_time(61)
    await house.poll()
    assert missing <= house.entry.runtime_data.data.points.keys()
    registry = er.async_get(house.hass)
    unique_ids = {
        entity.unique_id
        for entity in er.async_entries_for_config_entry(registry, house.entry.entry_id)
    }
    assert {f"{house.serial}-{point}" for point in missing} <= unique_ids


async def test_no_secret_in_the_log(
    start: Callable[..., Awaitable[House]], pump: NibeSimulator, caplog: pytest.LogCaptureFixture
) -> None:
    """A whole life at the level DEBUG: nobody who reads the log can open the API."""
    caplog.set_level(logging.DEBUG)
    passwords = [pump.password, NEW_PASSWORD, "a wrong one"]
    pairs = [b64encode(f"{pump.username}:{word}".encode()).decode() for word in passwords]
    house = await start()
    await house.call("number", "set_value", OFFSET, value=3)
    value = 3
    for kind in ("drop", "drop_after", "garbage", "redirect", "truncate", "huge", "status"):
        pump.inject(kind, times=None)
        value += 1
        with pytest.raises(HomeAssistantError):
            await house.call("number", "set_value", OFFSET, value=value)
        await house.fire(601)
        pump.clear_faults()
        await house.fire(601)
    await pump.refuse()
    await house.fire(601)
    await pump.listen()
    await house.fire(601)
    pump.password = NEW_PASSWORD
    with pytest.raises(HomeAssistantError):
        await house.call("number", "set_value", OFFSET, value=0)
    await house.poll()
    await house.hass.config_entries.async_reload(house.entry.entry_id)
    dialog = Dialog(house.hass, await house.entry.start_reauth_flow(house.hass))
    await dialog.fill(username=pump.username, password="a wrong one")
    await dialog.fill(**login(pump))
    await house.settle()
    assert house.entry.state is ConfigEntryState.LOADED
    pump.renew_certificate()
    await house.poll()
    dialog = Dialog(house.hass, await house.entry.start_reconfigure_flow(house.hass))
    await dialog.fill(**address(pump))
    await dialog.fill()
    await house.settle()
    assert house.entry.state is ConfigEntryState.LOADED
    await house.hass.config_entries.async_remove(house.entry.entry_id)
    assert any(record.name.startswith("custom_components") for record in caplog.records)
    write = logging.Formatter().format
    told = {
        (record.name, secret)
        for record in caplog.records
        for secret in (*passwords, *pairs)
        if secret in write(record)
    }
    assert told == set()
