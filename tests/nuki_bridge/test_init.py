"""Set-up, unloading and removal of an entry, and of single devices."""

from collections.abc import Awaitable, Callable
import hashlib
import logging
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from homeassistant.config_entries import SOURCE_REAUTH, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.setup import async_setup_component
from simulators.nuki_bridge import CELLAR, INTERCOM, NukiBridgeSimulator

from .common import DOMAIN, WEBHOOK_ID, House, make_entry

FOREIGN = "http://127.0.0.1:5/foreign"
# Loggers of Home Assistant's own web server.
WEB_SERVER = ("homeassistant.components.webhook", "homeassistant.helpers.http", "aiohttp.access")
NEW_TOKEN = "Zq7vT2mXr9KcLw4NbY8e"


def flows(hass: HomeAssistant) -> list[Any]:
    """Return where the dialogs that wait for the user come from."""
    return [flow["context"]["source"] for flow in hass.config_entries.flow.async_progress()]


@pytest.mark.parametrize("profile", ["hw", "sw", "v1.6"])
async def test_life(start: Callable[..., Awaitable[House]], hass: HomeAssistant) -> None:
    """An entry is set up, reloaded and unloaded; our callback survives, for it is needed again."""
    house = await start()
    assert house.lock(CELLAR) == "locked"
    assert house.bridge.callbacks.urls == [house.callback_url]
    assert await hass.config_entries.async_reload(house.entry.entry_id)
    await house.settle()
    assert house.lock(CELLAR) == "locked"
    assert house.bridge.callbacks.urls == [house.callback_url]
    assert await hass.config_entries.async_unload(house.entry.entry_id)
    assert house.entry.state is ConfigEntryState.NOT_LOADED
    assert house.lock(CELLAR) == "unavailable"
    assert house.bridge.callbacks.urls == [house.callback_url]


@pytest.mark.parametrize("path", ["/info", "/list"])
@pytest.mark.parametrize(
    ("fault", "key"),
    [
        ({"kind": "drop"}, "cannot_connect"),
        ({"kind": "status", "status": 503}, "busy"),
        ({"kind": "status", "status": 500}, "bad_response"),
        ({"kind": "garbage"}, "bad_response"),
        ({"kind": "redirect"}, "bad_response"),
    ],
)
async def test_not_ready(
    start: Callable[..., Awaitable[House]],
    bridge: NukiBridgeSimulator,
    path: str,
    fault: dict[str, Any],
    key: str,
) -> None:
    """A bridge that does not answer as it should is tried again, and the user sees why."""
    bridge.inject(path=path, times=None, **fault)
    house = await start()
    assert house.entry.state.value == "setup_retry"
    assert house.entry.error_reason_translation_key == key
    assert house.entry.error_reason_translation_placeholders == {"name": house.entry.title}
    assert flows(house.hass) == []
    bridge.clear_faults()
    await house.fire(120)
    assert house.entry.state is ConfigEntryState.LOADED
    assert house.lock(CELLAR) == "locked"


@pytest.mark.parametrize("status", [401, 403])
async def test_wrong_token(
    start: Callable[..., Awaitable[House]], bridge: NukiBridgeSimulator, status: int
) -> None:
    """A token that the bridge refuses is asked for, and the bridge is left alone until then."""
    bridge.bad_token_status = status
    entry = make_entry(bridge, token=NEW_TOKEN)
    house = await start(entry)
    assert entry.state is ConfigEntryState.SETUP_ERROR
    assert entry.error_reason_translation_key == "invalid_auth"
    assert flows(house.hass) == [SOURCE_REAUTH]
    asked = bridge.stats.requests.total()
    await house.fire(3600)
    assert bridge.stats.requests.total() == asked


async def test_another_bridge(
    start: Callable[..., Awaitable[House]], bridge: NukiBridgeSimulator
) -> None:
    """Another bridge at the same address is not taken for ours, and its locks do not appear."""
    entry = make_entry(bridge)
    bridge.hardware_id += 1
    house = await start(entry)
    assert entry.state is ConfigEntryState.SETUP_ERROR
    assert entry.error_reason_translation_key == "wrong_bridge"
    assert entry.error_reason_translation_placeholders == {"name": entry.title}
    assert not er.async_entries_for_config_entry(er.async_get(house.hass), entry.entry_id)
    assert bridge.callbacks.urls == []


async def test_no_devices(
    start: Callable[..., Awaitable[House]], bridge: NukiBridgeSimulator
) -> None:
    """A bridge without a single lock works, and shows the first one that is paired."""
    bridge.locks.clear()
    house = await start()
    assert house.entry.state is ConfigEntryState.LOADED
    bridge.add_lock(CELLAR, "Cellar")
    await house.poll()
    assert house.lock(CELLAR) == "locked"


async def test_unload_with_the_bridge_away(house: House) -> None:
    """An entry is unloaded without its bridge."""
    await house.bridge.refuse()
    assert await house.hass.config_entries.async_unload(house.entry.entry_id)
    assert house.entry.state is ConfigEntryState.NOT_LOADED


async def test_unload_while_a_lock_moves(house: House) -> None:
    """A movement under way keeps nothing alive."""
    await house.call("unlock", CELLAR)
    assert await house.hass.config_entries.async_unload(house.entry.entry_id)
    asked = house.bridge.stats.requests.total()
    await house.bridge_time(10)
    await house.fire(60)
    assert house.bridge.stats.requests.total() == asked


async def test_removal(house: House) -> None:
    """Our callback leaves the bridge with the entry, wherever it points to; others stay."""
    urls = house.bridge.callbacks.urls
    urls.insert(0, FOREIGN)
    urls.append(f"http://127.0.0.1:6/api/webhook/{WEBHOOK_ID}")
    await house.hass.config_entries.async_remove(house.entry.entry_id)
    assert urls == [FOREIGN]
    assert not house.hass.states.async_all()
    assert not dr.async_entries_for_config_entry(dr.async_get(house.hass), house.entry.entry_id)


@pytest.mark.parametrize("loaded", [True, False])
async def test_removal_with_the_bridge_away(house: House, loaded: bool) -> None:
    """An entry can be removed without its bridge, whether it is loaded or not."""
    if not loaded:
        await house.hass.config_entries.async_unload(house.entry.entry_id)
    await house.bridge.refuse()
    await house.hass.config_entries.async_remove(house.entry.entry_id)
    assert not house.hass.config_entries.async_entries(DOMAIN)


@pytest.fixture
async def settings(hass: HomeAssistant) -> None:
    """Set up the settings, before the web server takes no more pages."""
    for component in ("websocket_api", "config"):
        assert await async_setup_component(hass, component, {})


async def remove_device(house: House, connect: WebSocketGenerator, key: str) -> bool:
    """Click on "delete" at a device; return whether it is gone."""
    registry = dr.async_get(house.hass)
    device = registry.async_get_device_by_identifier((DOMAIN, key), house.entry.entry_id)
    assert device
    client = await connect(house.hass)
    await client.send_json_auto_id(
        {"type": "config/device_registry/remove", "device_id": device.id}
    )
    answer = await client.receive_json()
    assert answer["success"] or answer["error"]["code"] == "home_assistant_error", answer
    await house.settle()
    return registry.async_get(device.id) is None


@pytest.mark.usefixtures("settings")
@pytest.mark.parametrize("key", ["1E5C9A07", "1EF8D3B4", "1C7F52D8"])
async def test_present_devices_stay(
    house: House, hass_ws_client: WebSocketGenerator, key: str
) -> None:
    """What the bridge knows, and the bridge itself, cannot be removed."""
    assert not await remove_device(house, hass_ws_client, key)
    assert house.lock(CELLAR) == "locked"


@pytest.mark.usefixtures("settings")
@pytest.mark.parametrize(("nuki_id", "key"), [(CELLAR, "1E5C9A07"), (INTERCOM, "1EF8D3B4")])
async def test_gone_device(
    house: House, hass_ws_client: WebSocketGenerator, nuki_id: int, key: str
) -> None:
    """What the bridge has lost can be removed, and is there again when it is paired again."""
    before = len(house.hass.states.async_all())
    house.bridge.locks[nuki_id].paired = False
    await house.poll()
    assert house.lock(nuki_id) == "unavailable"
    assert await remove_device(house, hass_ws_client, key)
    assert len(house.hass.states.async_all()) < before
    await house.poll()
    house.bridge.locks[nuki_id].paired = True
    await house.poll()
    assert house.lock(nuki_id) == "locked"
    assert len(house.hass.states.async_all()) == before
    await house.call("unlock", nuki_id)
    assert house.lock(nuki_id) == "unlocking"


async def test_gone_for_a_while(house: House) -> None:
    """What comes back without having been removed goes on where it was."""
    house.bridge.locks[CELLAR].paired = False
    await house.poll()
    assert house.lock(CELLAR) == "unavailable"
    house.bridge.locks[CELLAR].paired = True
    await house.poll()
    assert house.lock(CELLAR) == "locked"


@pytest.mark.usefixtures("settings")
async def test_device_of_an_entry_that_is_not_loaded(
    house: House, hass_ws_client: WebSocketGenerator
) -> None:
    """As long as nobody knows what the bridge has, nothing is removed."""
    await house.hass.config_entries.async_unload(house.entry.entry_id)
    assert not await remove_device(house, hass_ws_client, "1E5C9A07")


@pytest.mark.parametrize(
    ("version", "state"), [(1, ConfigEntryState.LOADED), (2, ConfigEntryState.MIGRATION_ERROR)]
)
@pytest.mark.parametrize("minor", [1, 2])
async def test_versions(
    hass: HomeAssistant,
    bridge: NukiBridgeSimulator,
    version: int,
    minor: int,
    state: ConfigEntryState,
) -> None:
    """An entry of a later major version is left alone, one of a later minor version works."""
    like = make_entry(bridge)
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
    assert bool(bridge.stats.requests) is (state is ConfigEntryState.LOADED)


def leaks(records: list[logging.LogRecord], secrets: dict[str, str]) -> set[tuple[str, str]]:
    """Return which logger told which secret, also within tracebacks."""
    write = logging.Formatter().format
    texts = [(record.name, write(record)) for record in records]
    return {
        (logger, name)
        for logger, text in texts
        for name, secret in secrets.items()
        if secret in text
    }


@pytest.mark.parametrize("profile", ["hw", "sw"])
async def test_no_secret_in_the_log(
    start: Callable[..., Awaitable[House]],
    bridge: NukiBridgeSimulator,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A whole life at the level DEBUG: nobody who reads the log can open the door."""
    caplog.set_level(logging.DEBUG)
    token = str(bridge.token)
    secrets = {
        "token": token,
        "hash": hashlib.sha256(token.encode()).hexdigest(),
        "webhook": WEBHOOK_ID,
        "new token": NEW_TOKEN,
    }
    house = await start()
    await house.call("unlock", CELLAR)
    await house.bridge_time(10)
    await house.post({"nukiId": CELLAR, "state": 1}, sender="127.0.0.2")
    await house.post(b"nonsense")
    for kind in ("drop", "garbage", "redirect", "truncate", "status"):
        bridge.inject(kind, times=None)
        with pytest.raises(HomeAssistantError):
            await house.call("lock", CELLAR)
        await house.poll()
        bridge.clear_faults()
        await house.fire(601)
    await bridge.refuse()
    await house.poll()
    await bridge.listen()
    await house.fire(601)
    bridge.token = NEW_TOKEN
    with pytest.raises(HomeAssistantError):
        await house.call("lock", CELLAR)
    await house.poll()
    await house.hass.config_entries.async_reload(house.entry.entry_id)
    flow = await house.entry.start_reauth_flow(house.hass)
    await house.hass.config_entries.flow.async_configure(
        flow["flow_id"],
        {"token": NEW_TOKEN, "auth_mode": house.entry.data["auth_mode"]},
    )
    await house.settle()
    assert house.entry.state is ConfigEntryState.LOADED
    await house.hass.config_entries.async_remove(house.entry.entry_id)
    assert any(record.name.startswith("custom_components") for record in caplog.records)
    # Whoever serves a webhook writes its address down; nobody else does.
    told = leaks(caplog.records, secrets) - {(name, "webhook") for name in WEB_SERVER}
    assert told == set()
