"""Callbacks: registration, trust, and what strangers can do with them."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
import json
from unittest.mock import patch

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.core import HomeAssistant
from homeassistant.core_config import async_process_ha_core_config
from homeassistant.helpers import issue_registry as ir
from homeassistant.util import dt as dt_util
from simulators.nuki_bridge import CELLAR, FRONT_DOOR, NukiBridgeSimulator

from .common import DOMAIN, House, make_entry

FOREIGN = ["http://192.0.2.7:8080/nuki", "http://192.0.2.8/callback/secret"]
STRANGER = "127.0.0.2"
LOCKED = {"nukiId": CELLAR, "deviceType": 0, "mode": 2, "state": 1, "batteryCritical": False}
UNLOCKED = LOCKED | {"state": 3}


def _works(house: House) -> str:
    return house.state("binary_sensor", "1C7F52D8", "callbacks").state


def _lists(house: House) -> int:
    return house.bridge.stats.requests["/list"]


async def test_change_arrives_at_once(house: House) -> None:
    """A door unlocked by hand shows without a poll."""
    assert house.bridge.callbacks.urls == [house.callback_url]
    assert _works(house) == "on"
    before = _lists(house)
    house.bridge.turn_by_hand(CELLAR, 3)
    await house.settle()
    assert house.lock(CELLAR) == "unlocked"
    assert _lists(house) == before


async def test_each_callback_is_confirmed(house: House) -> None:
    """Callbacks within two seconds are confirmed by one read."""
    before = _lists(house)
    for state in (3, 1, 3):
        house.bridge.turn_by_hand(CELLAR, state)
        await house.settle()
    await house.fire(3)
    assert _lists(house) == before + 1
    assert house.lock(CELLAR) == "unlocked"


async def test_missing_fields_stay(house: House) -> None:
    """What a callback does not tell stays as it was."""
    house.bridge.locks[CELLAR].battery_critical = True
    await house.poll()
    level = house.state("sensor", CELLAR, "battery").state
    await house.post({"nukiId": CELLAR, "state": 3})
    assert house.lock(CELLAR) == "unlocked"
    assert house.state("sensor", CELLAR, "battery").state == level
    assert house.state("binary_sensor", CELLAR, "battery_critical").state == "on"


async def test_forged_callback_changes_nothing(house: House) -> None:
    """A stranger's "locked" is not believed, only looked into."""
    house.bridge.turn_by_hand(CELLAR, 3)
    await house.settle()
    before = _lists(house)
    assert await house.post(LOCKED, sender=STRANGER) == 200
    assert house.lock(CELLAR) == "unlocked"
    await house.fire(3)
    assert house.lock(CELLAR) == "unlocked"
    assert _lists(house) == before + 1


async def test_lie_from_the_bridge_address_is_short(house: House) -> None:
    """Even a lie under the bridge's own address is mended by the read that confirms it."""
    house.bridge.turn_by_hand(CELLAR, 3)
    await house.settle()
    await house.post(LOCKED)
    await house.fire(3)
    assert house.lock(CELLAR) == "unlocked"


async def test_stranger_cannot_wear_out_the_bridge(house: House) -> None:
    """A flood of forged callbacks causes one read in ten seconds."""
    before = _lists(house)
    for _ in range(20):
        await house.post(LOCKED, sender=STRANGER)
        await house.fire(3)
    assert _lists(house) == before + 1
    await house.fire(11)
    await house.fire(3)
    assert _lists(house) == before + 2


async def test_callbacks_through_a_proxy(
    start: Callable[..., Awaitable[House]], bridge: NukiBridgeSimulator
) -> None:
    """Where the sender is not the bridge's address, a change is found by the read it causes."""
    house = await start()
    bridge.callbacks_lost = True
    bridge.turn_by_hand(CELLAR, 3)
    await house.post(UNLOCKED, sender=STRANGER)
    await house.fire(3)
    assert house.lock(CELLAR) == "unlocked"


MALFORMED = {
    "no json": b"{",
    "no utf-8": b'{"nukiId": "\xff\xfe"}',
    "empty": b"",
    "null": b"null",
    "list": b"[]",
    "number": b"7",
    "deep": b"[" * 4000 + b"]" * 4000,
    "long": b'{"a": "' + b"x" * 9000 + b'"}',
    "nan": b'{"nukiId": 509385223, "state": NaN}',
    "no state": json.dumps({"nukiId": CELLAR}).encode(),
    "text state": json.dumps(LOCKED | {"state": "3"}).encode(),
    "bool state": json.dumps(LOCKED | {"state": True}).encode(),
    "negative state": json.dumps(LOCKED | {"state": -3}).encode(),
    "huge state": json.dumps(LOCKED | {"state": 10**30}).encode(),
    "text flag": json.dumps(UNLOCKED | {"batteryCritical": "no"}).encode(),
    "bool id": json.dumps(UNLOCKED | {"nukiId": True}).encode(),
    "huge id": json.dumps(UNLOCKED | {"nukiId": 2**70}).encode(),
    "unknown id": json.dumps(UNLOCKED | {"nukiId": 4711}).encode(),
    "other type": json.dumps(UNLOCKED | {"deviceType": 2}).encode(),
    "bad time": json.dumps(UNLOCKED | {"ringactionTimestamp": "yesterday"}).encode(),
    "nested state": json.dumps(UNLOCKED | {"doorsensorState": {"a": 1}}).encode(),
}


@pytest.mark.parametrize("length", [1, 100, 9000])
async def test_compressed_nonsense(
    house: House, caplog: pytest.LogCaptureFixture, length: int
) -> None:
    """A body that claims to be compressed and is not is dropped like any other."""
    caplog.clear()
    assert await house.post(b"x" * length, headers={"Content-Encoding": "deflate"}) == 400
    # The web server speaks for itself if it finds out before it hands the request on.
    ours = [record for record in caplog.records if record.name != "aiohttp.server"]
    assert not any(record.exc_info for record in ours)


@pytest.mark.parametrize("body", MALFORMED.values(), ids=MALFORMED)
async def test_malformed(house: House, caplog: pytest.LogCaptureFixture, body: bytes) -> None:
    """Nonsense is dropped: no state changes, no stack trace, no read, nothing of it in the log."""
    before = [(state.entity_id, state.state) for state in house.hass.states.async_all()]
    reads = _lists(house)
    caplog.clear()
    assert await house.post(body) == 400
    await house.fire(3)
    after = [(state.entity_id, state.state) for state in house.hass.states.async_all()]
    assert after == before
    assert _lists(house) == reads
    ours = [record for record in caplog.records if "nuki_bridge" in record.name]
    assert [record.levelname for record in ours] == ["DEBUG"]
    assert not any(record.exc_info for record in caplog.records)


async def test_extra_fields_are_ignored(house: House) -> None:
    """Fields that a later firmware may add do no harm."""
    assert await house.post(UNLOCKED | {"moonPhase": 3, "__class__": "x"}) == 200
    assert house.lock(CELLAR) == "unlocked"


@pytest.mark.parametrize("method", ["PUT", "GET", "HEAD"])
async def test_only_post(house: House, method: str) -> None:
    """No other method has an effect."""
    await house.post(UNLOCKED, method=method)
    await house.fire(3)
    assert house.lock(CELLAR) == "locked"


async def test_body_without_json_type(house: House) -> None:
    """Some bridges send text/plain."""
    assert await house.post(UNLOCKED, headers={"Content-Type": "text/plain"}) == 200
    assert house.lock(CELLAR) == "unlocked"


async def test_poll_from_before_a_callback(house: House) -> None:
    """A poll that was under way when a callback came does not bring the old state back."""
    house.bridge.inject("delay", "/list", seconds=5)
    poll = asyncio.ensure_future(house.entry.runtime_data.locks.async_refresh())
    await house.arrived()
    house.bridge.stale_cache = True  # the answer was written before the door moved
    await house.post(UNLOCKED)
    assert house.lock(CELLAR) == "unlocked"
    await house.bridge_time(6)
    await poll
    assert house.lock(CELLAR) == "unlocked"


async def test_foreign_callbacks_stay(
    start: Callable[..., Awaitable[House]], bridge: NukiBridgeSimulator, hass: HomeAssistant
) -> None:
    """Whatever we do, the callbacks of others are still there, and ours goes with the entry."""
    for url in FOREIGN:
        bridge.callbacks.add(url)
    house = await start()
    assert bridge.callbacks.urls == [*FOREIGN, house.callback_url]
    await hass.config_entries.async_reload(house.entry.entry_id)
    await house.settle()
    assert bridge.callbacks.urls == [*FOREIGN, house.callback_url]
    await hass.config_entries.async_remove(house.entry.entry_id)
    assert bridge.callbacks.urls == FOREIGN


async def test_changed_address_is_followed(house: House) -> None:
    """When Home Assistant's address changes, the bridge learns it; the old one goes."""
    house.bridge.callbacks.add(FOREIGN[0])
    await house.hass.config.async_update(internal_url="http://127.0.0.1:8124")
    await house.settle()
    moved = house.callback_url.replace(house.url, "http://127.0.0.1:8124")
    assert house.bridge.callbacks.urls == [FOREIGN[0], moved]


async def test_lost_registration_comes_back(house: House) -> None:
    """A callback that got lost on the bridge is registered again within ten minutes."""
    house.bridge.callbacks.urls.clear()
    await house.fire(601)
    assert house.bridge.callbacks.urls == [house.callback_url]


async def test_registered_again_after_restart(house: House) -> None:
    """A bridge that comes back is given our callback at once, not ten minutes later."""
    await house.bridge.refuse()
    await house.poll()
    house.bridge.callbacks.urls.clear()
    await house.bridge.listen()
    await house.poll()
    assert house.bridge.callbacks.urls == [house.callback_url]


async def test_callbacks_off(
    start: Callable[..., Awaitable[House]], bridge: NukiBridgeSimulator
) -> None:
    """With callbacks off ours is taken off the bridge, and the bridge is read twice a minute."""
    house = await start()
    house.hass.config_entries.async_update_entry(house.entry, options={"use_callbacks": False})
    await house.hass.config_entries.async_reload(house.entry.entry_id)
    await house.settle()
    assert bridge.callbacks.urls == []
    assert _works(house) == "off"
    before = _lists(house)
    await house.fire(31)
    assert _lists(house) == before + 1


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "0.0.0.0"])  # noqa: S104
async def test_loopback_refused(hass: HomeAssistant, host: str) -> None:
    """A bridge is never told to call itself."""
    from custom_components.nuki_bridge.callback_url import (  # noqa: PLC0415
        CallbackImpossibleError,
        callback_url,
    )

    await async_process_ha_core_config(hass, {"internal_url": f"http://{host}:8123"})
    entry = MockConfigEntry(data={"host": "192.0.2.9", "webhook_id": "ab" * 32})
    with pytest.raises(CallbackImpossibleError):
        callback_url(hass, entry)


async def test_https_only(
    start: Callable[..., Awaitable[House]], bridge: NukiBridgeSimulator, hass: HomeAssistant
) -> None:
    """A Home Assistant that speaks https only works without callbacks, and says why."""
    await async_process_ha_core_config(hass, {"internal_url": "https://127.0.0.1:8123"})
    house = await start()
    assert house.lock(CELLAR) == "locked"
    assert bridge.callbacks.urls == []
    assert _works(house) == "off"
    issue = f"callback_impossible_{house.entry.entry_id}"
    assert ir.async_get(hass).async_get_issue(DOMAIN, issue)


async def test_registration_fails(
    start: Callable[..., Awaitable[House]], bridge: NukiBridgeSimulator
) -> None:
    """A bridge that does not take our callback works without, and is asked again."""
    bridge.inject("status", "/callback/add", status=500)
    house = await start()
    assert house.lock(CELLAR) == "locked"
    assert _works(house) == "off"
    await house.fire(601)
    assert _works(house) == "on"


async def test_not_arriving(house: House) -> None:
    """Changes that no callback told of twice are noticed, and so is the first that comes again."""
    house.bridge.callbacks_lost = True
    issue = f"callbacks_not_arriving_{house.entry.entry_id}"
    registry = ir.async_get(house.hass)
    for state in (3, 1):
        assert _works(house) == "on"
        house.bridge.turn_by_hand(FRONT_DOOR, state)
        await house.poll()
    assert _works(house) == "off"
    assert registry.async_get_issue(DOMAIN, issue)
    house.bridge.callbacks_lost = False
    house.bridge.turn_by_hand(FRONT_DOOR, 3)
    await house.settle()
    assert _works(house) == "on"
    assert registry.async_get_issue(DOMAIN, issue) is None


async def test_callbacks_through_a_proxy_do_arrive(house: House) -> None:
    """Callbacks that come under another address are not taken for lost ones."""
    house.bridge.callbacks_lost = True
    for state in (3, 1, 3, 1):
        house.bridge.turn_by_hand(FRONT_DOOR, state)
        body = {"nukiId": FRONT_DOOR, "deviceType": 4, "state": state}
        await house.post(body, sender=STRANGER)
        await house.fire(11)
        await house.fire(3)
        await house.poll()
    assert _works(house) == "on"


async def test_late_callback_is_no_lost_one(house: House) -> None:
    """A poll that is quicker than the callback does not count against it."""
    house.bridge.callback_delay = 1
    for state in (3, 1, 3, 1):
        house.bridge.turn_by_hand(FRONT_DOOR, state)
        await house.entry.runtime_data.locks._async_read_again()
        await house.bridge_time(2)
        await house.poll()
    assert _works(house) == "on"


async def test_last_callback(house: House) -> None:
    """When the bridge last called can be seen."""
    assert house.state("sensor", "1C7F52D8", "last_callback").state == "unknown"
    house.bridge.turn_by_hand(CELLAR, 3)
    await house.settle()
    shown = house.state("sensor", "1C7F52D8", "last_callback").state
    told = dt_util.parse_datetime(shown)
    assert told
    assert dt_util.utcnow() - told < timedelta(minutes=1)


async def test_named_host(
    hass: HomeAssistant, start: Callable[..., Awaitable[House]], bridge: NukiBridgeSimulator
) -> None:
    """A bridge entered by name is trusted under the address that the name stands for."""

    async def resolve(_self: object, host: str) -> list[dict[str, object]]:
        assert host == "bridge.test"
        return [{"host": "127.0.0.1", "port": 0}]

    connector = "homeassistant.helpers.aiohttp_client.HomeAssistantTCPConnector"
    with (
        patch(f"{connector}.async_resolve_host", resolve),
        patch(f"{connector}._resolve_host") as dns,
    ):
        dns.return_value = [
            {
                "hostname": "bridge.test",
                "host": "127.0.0.1",
                "port": bridge.port,
                "family": 2,
                "proto": 6,
                "flags": 0,
            }
        ]
        # The bridge's own name is no loopback address, so ours must not be one either.
        house = await start(make_entry(bridge, host="bridge.test"))
        await house.post(UNLOCKED)
        assert house.lock(CELLAR) == "unlocked"
