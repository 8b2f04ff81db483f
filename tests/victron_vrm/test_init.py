"""Set-up, unloading and removal of an entry, tokens that are refused, and devices that are gone."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
import json
import logging
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from homeassistant.config_entries import SOURCE_REAUTH, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from simulators.victron_vrm import VrmSimulator

from .common import DOMAIN, House, make_entry
from .test_transport import OURS

type Start = Callable[..., Awaitable[House]]

SITES = "*/users/*/installations"
BATTERY = "bs"


def reauths(hass: HomeAssistant) -> int:
    """Return how many dialogs ask for another token."""
    flows = hass.config_entries.flow.async_progress()
    assert all(flow["context"]["source"] == SOURCE_REAUTH for flow in flows)
    return len(flows)


def asked(cloud: VrmSimulator) -> int:
    """Return how many requests there were."""
    return cloud.stats.requests.total()


async def retry(hass: HomeAssistant) -> None:
    """Let so much time pass that Home Assistant tries again."""
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=900))
    for _ in range(5000):
        await asyncio.sleep(0.001)  # what is tried again is a task that nobody can wait for
        states = {entry.state for entry in hass.config_entries.async_entries(DOMAIN)}
        if ConfigEntryState.SETUP_IN_PROGRESS not in states:
            break


async def test_life(hass: HomeAssistant, house: House) -> None:
    """An entry is set up, reloaded and unloaded; then nothing more is asked."""
    assert float(house.state(BATTERY).state) > 0
    assert await hass.config_entries.async_reload(house.entry.entry_id)
    await house.live(1)
    assert float(house.state(BATTERY).state) > 0
    assert await hass.config_entries.async_unload(house.entry.entry_id)
    assert house.entry.state is ConfigEntryState.NOT_LOADED
    assert house.state(BATTERY).state == "unavailable"
    before = asked(house.cloud)
    await house.clock.advance(5000)
    await house.settle()
    assert asked(house.cloud) == before


@pytest.mark.parametrize("kinds", [[]])
async def test_no_sites(start: Start, cloud: VrmSimulator) -> None:
    """An account without a site works, and shows the first one that it gets."""
    house = await start()
    assert house.entry.state is ConfigEntryState.LOADED
    assert not house.hass.states.async_all("sensor")
    cloud.add_site("ess")
    await house.live(600)
    assert float(house.state(BATTERY).state) > 0


@pytest.mark.parametrize("path", ["*/users/me", SITES])
@pytest.mark.parametrize(
    ("fault", "key"),
    [
        ({"kind": "drop"}, "cannot_connect"),
        ({"kind": "truncate"}, "cannot_connect"),
        ({"kind": "status", "status": 503}, "cannot_connect"),
        ({"kind": "status", "status": 429}, "busy"),
        ({"kind": "status", "status": 400}, "refused"),
        ({"kind": "status", "status": 404}, "not_there"),
        ({"kind": "garbage"}, "bad_response"),
        ({"kind": "redirect"}, "bad_response"),
    ],
)
async def test_not_ready(
    start: Start, cloud: VrmSimulator, path: str, fault: dict[str, Any], key: str
) -> None:
    """A cloud that does not answer as it should is tried again, and the user sees why."""
    cloud.inject(path=path, times=None, **fault)
    house = await start()
    entry = house.entry
    assert entry.state.value == "setup_retry"
    assert entry.error_reason_translation_key == key
    assert (entry.error_reason_translation_placeholders or {})["name"] == entry.title
    assert reauths(house.hass) == 0
    cloud.clear_faults()
    await house.clock.advance(100)
    await retry(house.hass)
    assert entry.state is ConfigEntryState.LOADED
    await house.live(1)
    assert float(house.state(BATTERY).state) > 0


async def test_cloud_down(start: Start, cloud: VrmSimulator) -> None:
    """Without internet at the start it is tried again."""
    await cloud.refuse()
    house = await start()
    assert house.entry.state.value == "setup_retry"
    await cloud.listen()
    await retry(house.hass)
    assert house.entry.state is ConfigEntryState.LOADED


async def test_wrong_token(start: Start, cloud: VrmSimulator) -> None:
    """A token that is refused at the start is asked for, and the cloud is left alone until then."""
    house = await start(make_entry(cloud, token="0a" * 32))
    assert house.entry.state is ConfigEntryState.SETUP_ERROR
    assert house.entry.error_reason_translation_key == "invalid_auth"
    assert reauths(house.hass) == 1
    assert asked(cloud) == 1
    await retry(house.hass)
    await house.clock.advance(5000)
    assert asked(cloud) == 1


async def test_other_account(start: Start, cloud: VrmSimulator) -> None:
    """The token of another account is not taken for ours, and its sites do not appear."""
    entry = make_entry(cloud)
    entry = MockConfigEntry(domain=DOMAIN, unique_id="5", title="Mine", data=dict(entry.data))
    house = await start(entry)
    assert entry.state is ConfigEntryState.SETUP_ERROR
    assert entry.error_reason_translation_key == "other_account"
    assert entry.error_reason_translation_placeholders == {"name": "Mine"}
    assert not er.async_entries_for_config_entry(er.async_get(house.hass), entry.entry_id)
    assert reauths(house.hass) == 0


@pytest.mark.parametrize(
    ("version", "state"), [(1, ConfigEntryState.LOADED), (2, ConfigEntryState.MIGRATION_ERROR)]
)
@pytest.mark.parametrize("minor", [1, 2])
async def test_versions(
    hass: HomeAssistant, cloud: VrmSimulator, version: int, minor: int, state: ConfigEntryState
) -> None:
    """An entry of a later major version is left alone, one of a later minor version works."""
    like = make_entry(cloud)
    entry = MockConfigEntry(
        domain=DOMAIN,
        unique_id=like.unique_id,
        data=dict(like.data),
        version=version,
        minor_version=minor,
    )
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state is state
    assert bool(asked(cloud)) is (state is ConfigEntryState.LOADED)


# Tokens


async def refused(house: House) -> None:
    """Revoke the token, and let time pass until somebody has found out and tells the user."""
    house.cloud.expire()
    for _ in range(2000):
        await house.clock.advance(1)
        await asyncio.sleep(0.0002)
        if reauths(house.hass):
            break
    await house.settle()


@pytest.mark.parametrize("status", [401, 403])
@pytest.mark.parametrize(
    "path",
    [
        "/v2/installations/*/diagnostics",
        "/v2/installations/*/stats",
        "/v2/installations/*/system-overview",
        "/v2/installations/*/alarm-log",
        "/v2/users/*/accesstokens*",
    ],
)
async def test_one_endpoint(start: Start, cloud: VrmSimulator, path: str, status: int) -> None:
    """A refusal at one endpoint is no wrong token: nobody is asked, and the rest works."""
    cloud.unauthorised[path] = status
    house = await start()
    await house.live(2000)
    assert reauths(house.hass) == 0
    assert house.issues == []
    assert float(house.state(BATTERY).state) > 0


@pytest.mark.parametrize("status", [401, 403])
async def test_token_without_rights(start: Start, cloud: VrmSimulator, status: int) -> None:
    """A good token that may not see the sites is told in a repair, until it may."""
    house = await start()
    cloud.unauthorised[SITES] = status
    await house.live(600)
    assert reauths(house.hass) == 0
    assert house.issues == ["token_without_rights"]
    assert house.state(BATTERY).state == "unavailable"
    cloud.unauthorised.clear()
    await house.live(600)
    assert house.issues == []
    assert float(house.state(BATTERY).state) > 0


@pytest.mark.parametrize("status", [401, 403])
async def test_token_without_rights_at_the_start(
    start: Start, cloud: VrmSimulator, status: int
) -> None:
    """It is told at the start too, and forgotten with the entry."""
    cloud.unauthorised[SITES] = status
    house = await start()
    assert house.entry.state.value == "setup_retry"
    assert reauths(house.hass) == 0
    assert house.issues == ["token_without_rights"]
    await house.hass.config_entries.async_remove(house.entry.entry_id)
    assert house.issues == []


async def test_token_with_rights_again(start: Start, cloud: VrmSimulator) -> None:
    """When the token has its rights, the repair goes by itself."""
    cloud.unauthorised[SITES] = 403
    house = await start()
    cloud.unauthorised.clear()
    await retry(house.hass)
    assert house.entry.state is ConfigEntryState.LOADED
    assert house.issues == []


async def test_revoked_token(house: House) -> None:
    """A token that is revoked while all goes well is asked for once, and nothing more is asked."""
    await refused(house)
    assert reauths(house.hass) == 1
    assert house.state(BATTERY).state == "unavailable"
    before = asked(house.cloud)
    await house.clock.advance(20000)
    await house.settle()
    assert asked(house.cloud) == before
    assert reauths(house.hass) == 1
    assert house.issues == []


async def test_new_token_after_a_revoked_one(house: House) -> None:
    """With another token everything goes on."""
    await refused(house)
    (flow,) = house.hass.config_entries.flow.async_progress()
    configure = house.hass.config_entries.flow.async_configure
    await configure(flow["flow_id"], {"next_step_id": "token"})
    await configure(flow["flow_id"], {"token": house.cloud.new_token()})
    await house.settle()
    await house.live(600)
    assert house.entry.state is ConfigEntryState.LOADED
    assert reauths(house.hass) == 0
    assert float(house.state(BATTERY).state) > 0


async def test_revoked_token_that_a_site_finds(start: Start, cloud: VrmSimulator) -> None:
    """If what is read of a site finds the revoked token first, it is the same for the user."""
    house = await start(make_entry(cloud, {"poll_interval": 900}))
    path = f"/v2/users/{cloud.owner.id}/installations"
    cloud.stats.reset()
    while not cloud.stats.requests[path]:
        await house.live(10)
    cloud.stats.reset()
    (site,) = house.entry.runtime_data.sites.values()
    for plan in site.plans.values():
        plan.due = 0.0
    await refused(house)
    assert not cloud.stats.requests[path]
    assert reauths(house.hass) == 1
    assert house.state(BATTERY).state == "unavailable"


async def test_never_ending_pause(house: House) -> None:
    """A cloud that wants us to wait for years is asked again after an hour."""
    cloud = house.cloud
    cloud.retry_after_seconds, cloud.rate_drain = 10**8, 0
    cloud.fill_bucket()
    await house.live(600)
    assert house.state(BATTERY).state == "unavailable"
    cloud.fill_bucket(0)
    await house.live(4000)
    assert float(house.state(BATTERY).state) > 0


# Removal


async def test_removal(house: House, hass_storage: dict[str, Any]) -> None:
    """Nothing of an entry stays behind."""
    hass = house.hass
    key = f"{DOMAIN}.{house.entry.entry_id}"
    await hass.config_entries.async_unload(house.entry.entry_id)
    assert key in hass_storage
    assert house.cloud.token not in json.dumps(hass_storage[key])
    await hass.config_entries.async_remove(house.entry.entry_id)
    assert key not in hass_storage
    assert not hass.states.async_all("sensor")
    assert not dr.async_entries_for_config_entry(dr.async_get(hass), house.entry.entry_id)
    assert [it.name for it in house.cloud.vault.of(house.cloud.owner)] == ["Simulator"]


@pytest.mark.parametrize("loaded", [True, False])
async def test_removal_with_the_cloud_away(house: House, loaded: bool) -> None:
    """An entry can be removed without the cloud, whether it is loaded or not."""
    if not loaded:
        await house.hass.config_entries.async_unload(house.entry.entry_id)
    await house.cloud.refuse()
    house.cloud.disconnect()
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


def entities_of(house: House) -> set[str]:
    """Return the unique ids of all entities."""
    found = er.async_entries_for_config_entry(er.async_get(house.hass), house.entry.entry_id)
    return {it.unique_id for it in found}


def devices_of(house: House) -> dict[str, str | None]:
    """Return all devices, and on which other one each of them hangs."""
    found = dr.async_entries_for_config_entry(dr.async_get(house.hass), house.entry.entry_id)
    keys = {it.id: next(iter(it.identifiers))[1] for it in found}
    return {keys[it.id]: keys.get(it.via_device_id or "") for it in found}


@pytest.mark.usefixtures("settings")
@pytest.mark.parametrize("key", ["", "_gateway", "_battery_512", "_vebus_276"])
async def test_present_devices_stay(
    house: House, hass_ws_client: WebSocketGenerator, key: str
) -> None:
    """What VRM lists cannot be removed, nor can its site."""
    site = house.cloud.site("ess").id
    assert not await remove_device(house, hass_ws_client, f"{site}{key}")
    assert float(house.state(BATTERY).state) > 0


@pytest.mark.usefixtures("settings")
@pytest.mark.parametrize("key", ["", "_gateway", "_battery_512"])
@pytest.mark.parametrize("kinds", [["ess", "boat"]])
async def test_gone_site(house: House, hass_ws_client: WebSocketGenerator, key: str) -> None:
    """A site that is gone can be removed with its devices."""
    site = house.cloud.site("ess")
    house.cloud.remove_site(site)
    await house.live(600)
    assert await remove_device(house, hass_ws_client, f"{site.id}{key}")


@pytest.mark.parametrize("kinds", [["ess", "boat"]])
async def test_gone_site_shows_nothing(house: House) -> None:
    """A site that is gone shows no old values, and what it shows is back when it is back."""
    site = house.cloud.site("ess")
    house.cloud.remove_site(site)
    await house.live(600)
    battery = house.find("sensor", f"{site.id}-{BATTERY}")
    state = house.hass.states.get(battery) if battery else None
    assert state is None or state.state == "unavailable"
    house.cloud.sites[site.id] = site
    await house.live(600)
    assert float(house.state(BATTERY).state) > 0


@pytest.mark.parametrize("kinds", [["ess", "boat"]])
async def test_site_that_was_asked_while_it_was_gone(house: House) -> None:
    """All of a site is read again when it is back, though it was refused before we knew."""
    site = house.cloud.site("ess")
    plans = house.entry.runtime_data.sites[site.id].plans
    house.cloud.remove_site(site)
    for plan in plans.values():
        plan.due = 0.0
    await house.live(600)
    assert plans["diagnostics"].hopeless
    house.cloud.sites[site.id] = site
    await house.live(600)
    assert float(house.state("battery_512-V").state) > 0
    assert not any(plan.is_failing for plan in plans.values())


@pytest.mark.usefixtures("settings")
@pytest.mark.parametrize("kinds", [["ess", "boat"]])
@pytest.mark.parametrize("keys", [("",), ("_gateway",), ("_battery_512", "_gateway", "")])
async def test_removed_site_that_comes_back(
    house: House, hass_ws_client: WebSocketGenerator, keys: tuple[str, ...]
) -> None:
    """What the user has removed of a site that was gone is there again when the site is."""
    site = house.cloud.site("ess")
    await house.live(600)
    entities, devices = entities_of(house), devices_of(house)
    house.cloud.remove_site(site)
    await house.live(600)
    for key in keys:
        assert await remove_device(house, hass_ws_client, f"{site.id}{key}")
    house.cloud.sites[site.id] = site
    await house.live(1200)
    assert entities_of(house) == entities
    assert devices_of(house) == devices
    assert float(house.state(BATTERY).state) > 0
    assert float(house.state("solar_energy").state) > 0
    assert float(house.state("battery_512-V").state) > 0
    assert house.state("connection", platform="binary_sensor").state == "on"


@pytest.mark.usefixtures("settings")
async def test_gone_device(start: Start, hass_ws_client: WebSocketGenerator) -> None:
    """A device that VRM does not list any more can be removed."""
    house = await start()
    site = house.cloud.site("ess")
    site.devices.remove(house.cloud.device(site, "temperature", 24))
    await house.hass.config_entries.async_reload(house.entry.entry_id)
    await house.live(1)
    assert await remove_device(house, hass_ws_client, f"{site.id}_temperature_24")
    assert not await remove_device(house, hass_ws_client, f"{site.id}_temperature_25")


@pytest.mark.usefixtures("settings")
async def test_gone_device_without_a_restart(
    start: Start, hass_ws_client: WebSocketGenerator
) -> None:
    """The same without a restart, when its site was looked at the next time."""
    house = await start()
    site = house.cloud.site("ess")
    site.devices.remove(house.cloud.device(site, "temperature", 24))
    await house.live(7 * 3600)
    assert await remove_device(house, hass_ws_client, f"{site.id}_temperature_24")


@pytest.mark.usefixtures("settings")
async def test_device_of_an_entry_that_is_not_loaded(
    house: House, hass_ws_client: WebSocketGenerator
) -> None:
    """As long as nobody knows what VRM lists, nothing is removed."""
    await house.hass.config_entries.async_unload(house.entry.entry_id)
    site = house.cloud.site("ess").id
    assert not await remove_device(house, hass_ws_client, f"{site}_battery_512")


async def test_no_secret_in_the_log(start: Start, caplog: pytest.LogCaptureFixture) -> None:
    """A whole life at the level DEBUG: nobody who reads the log gets into the account."""
    caplog.set_level(logging.DEBUG)
    house = await start()
    cloud = house.cloud
    for fault in ("drop", "garbage", "redirect", "truncate", "status"):
        cloud.inject(fault, times=None)
        await house.live(1000)
        cloud.clear_faults()
        await house.live(600)
    await cloud.refuse()
    cloud.disconnect()
    await house.live(600)
    await cloud.listen()
    secrets = {cloud.token, cloud.owner.email, cloud.owner.password}
    await refused(house)
    assert reauths(house.hass) == 1
    token = cloud.new_token()
    (flow,) = house.hass.config_entries.flow.async_progress()
    configure = house.hass.config_entries.flow.async_configure
    await configure(flow["flow_id"], {"next_step_id": "token"})
    await configure(flow["flow_id"], {"token": token})
    await house.settle()
    await house.live(600)
    assert house.entry.state is ConfigEntryState.LOADED
    await house.hass.config_entries.async_remove(house.entry.entry_id)
    ours = [it for it in caplog.records if it.name.startswith(OURS)]
    log = "\n".join(caplog.handler.format(it) for it in ours)
    assert "custom_components.victron_vrm" in {it.name for it in ours}
    assert not [secret for secret in secrets | {token} if secret in log]
