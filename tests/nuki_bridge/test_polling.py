"""Polls: how often, what they wake, what happens when they fail."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import async_capture_events

from homeassistant.config_entries import SOURCE_REAUTH
from homeassistant.const import EVENT_STATE_REPORTED
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr
from simulators.clock import ManualClock
from simulators.nuki_bridge import (
    CELLAR,
    FRONT_DOOR,
    GARDEN_GATE,
    INTERCOM,
    NukiBridgeSimulator,
)

from .common import DOMAIN, House, make_entry

LOGGER = "custom_components.nuki_bridge"


def _captured_reports(house: House) -> list[Event[Any]]:
    """Return what entities write without a change, which is nearly as costly as one."""
    reports: list[Event[Any]] = []

    @callback
    def keep(event: Event[Any]) -> None:
        reports.append(event)

    house.hass.bus.async_listen(EVENT_STATE_REPORTED, keep, event_filter=callback(lambda _: True))
    return reports


async def test_idle_hour(
    start: Callable[..., Awaitable[House]], bridge: NukiBridgeSimulator
) -> None:
    """An idle hour with two locks and an Opener costs 75 requests at most, no battery, no 503."""
    bridge.remove_lock(GARDEN_GATE)
    house = await start()
    for _ in range(2):
        await house.poll()
    bridge.stats.reset()
    assert isinstance(bridge.clock, ManualClock)
    for minute in range(1, 61):
        await bridge.clock.advance(60)
        # The timers of the bridge's own facts are due every tenth minute.
        await house.fire(601 if minute % 10 == 0 else 61)
    asked = bridge.stats.requests
    assert asked["/list"] == 60
    assert asked["/info"] == asked["/callback/list"] == 6
    assert asked.total() <= 75
    assert asked["/lockState"] == 0
    assert not bridge.stats.busy
    assert bridge.stats.max_in_flight == 1
    assert house.lock(CELLAR) == "locked"


async def test_poll_interval(
    start: Callable[..., Awaitable[House]], bridge: NukiBridgeSimulator
) -> None:
    """The interval of the options is kept while callbacks work, and shortened while not."""
    house = await start(poll_interval=300)
    await house.fire(31)
    before = bridge.stats.requests["/list"]
    await house.poll()
    assert bridge.stats.requests["/list"] == before
    await house.fire(301)
    assert bridge.stats.requests["/list"] == before + 1
    house.entry.runtime_data.callbacks.async_missed()
    house.entry.runtime_data.callbacks.async_missed()
    await house.fire(301)
    await house.fire(31)
    assert bridge.stats.requests["/list"] == before + 3


async def test_only_what_changed_is_written(house: House) -> None:
    """A poll wakes the entities of the lock that changed and no others."""
    house.bridge.callbacks_lost = True
    house.bridge.locks[FRONT_DOOR].battery_charge = 50
    changes: list[Event] = async_capture_events(house.hass, "state_changed")
    reports = _captured_reports(house)
    await house.poll()
    written = {event.data["entity_id"] for event in changes}
    assert written == {house.entity_id("sensor", FRONT_DOOR, "battery")}
    woken = {event.data["entity_id"] for event in reports}
    for other in (CELLAR, GARDEN_GATE, INTERCOM):
        assert house.entity_id("lock", other, "lock") not in woken


async def test_unchanged_poll_wakes_no_lock(house: House) -> None:
    """A poll that brings nothing new but the time of the last contact wakes no lock at all."""
    await house.bridge_time(5)
    house.bridge.locks[CELLAR].known_at = house.bridge.clock.now()
    reports = _captured_reports(house)
    await house.poll()
    woken = {event.data["entity_id"] for event in reports}
    assert not {entity_id for entity_id in woken if entity_id.startswith(("lock.", "event."))}


async def test_unavailable_and_back(house: House, caplog: pytest.LogCaptureFixture) -> None:
    """A bridge that is away makes all unavailable; it is logged once, and once when back."""
    caplog.clear()
    await house.bridge.refuse()
    for _ in range(3):
        await house.poll()
    states = {
        state.state
        for state in house.hass.states.async_all()
        if state.entity_id.split(".")[0] in ("lock", "binary_sensor", "switch")
    }
    assert states == {"unavailable"}
    await house.bridge.listen()
    await house.poll()
    assert house.lock(CELLAR) == "locked"
    ours = [r for r in caplog.records if r.name == LOGGER and r.levelname != "DEBUG"]
    assert [record.levelname for record in ours] == ["ERROR", "INFO"]


@pytest.mark.parametrize(
    ("fault", "key"),
    [
        ({"kind": "garbage"}, "bad_response"),
        ({"kind": "garbage", "body": '{"a": 1}'}, "bad_response"),
        ({"kind": "huge", "size": 70_000}, "bad_response"),
        ({"kind": "redirect", "location": "http://127.0.0.1:9/list"}, "bad_response"),
        ({"kind": "status", "status": 500}, "bad_response"),
        ({"kind": "status", "status": 503}, "busy"),
        ({"kind": "truncate"}, "cannot_connect"),
        ({"kind": "drop"}, "cannot_connect"),
    ],
)
async def test_failed_poll(house: House, fault: dict[str, object], key: str) -> None:
    """Whatever a poll meets, the next good one brings everything back."""
    house.bridge.inject(path="/list", times=None, **fault)  # type: ignore[arg-type]
    await house.poll()
    assert house.lock(CELLAR) == "unavailable"
    error = house.entry.runtime_data.locks.last_exception
    assert isinstance(error, HomeAssistantError)
    assert error.translation_key == key
    house.bridge.clear_faults()
    await house.poll()
    assert house.lock(CELLAR) == "locked"


@pytest.mark.parametrize("fault", ["truncate", "drop", "garbage"])
async def test_one_glitch_is_bridged(house: House, fault: str) -> None:
    """An answer that breaks once is asked for again, with a token of its own."""
    house.bridge.inject(fault, "/list")
    await house.poll()
    assert house.lock(CELLAR) == "locked"
    assert house.bridge.stats.rejected == 0


async def test_redirect_is_not_followed(
    house: House, start: Callable[..., Awaitable[House]]
) -> None:
    """An impostor cannot have the token carried elsewhere."""
    async with NukiBridgeSimulator(gap=0) as elsewhere:
        house.bridge.inject("redirect", "/list", location=f"{elsewhere.url}/list", times=None)
        await house.poll()
        assert elsewhere.stats.requests.total() == 0


async def test_one_bad_device(house: House) -> None:
    """A device that talks nonsense does not take the others with it."""
    house.bridge.inject(
        "garbage",
        "/list",
        body=(
            '[{"deviceType": 0, "nukiId": "x"}, 7, {"nukiId": 795492803, "deviceType": 4,'
            ' "name": "Front door", "lastKnownState": {"state": 3, "batteryChargeState": 300}},'
            ' {"nukiId": 509385223, "lastKnownState": null}]'
        ),
    )
    await house.poll()
    assert house.lock(FRONT_DOOR) == "unlocked"
    assert house.state("sensor", FRONT_DOOR, "battery").state == "unknown"
    assert house.lock(CELLAR) == "unknown"
    assert house.lock(GARDEN_GATE) == "unavailable"


async def test_new_lock_appears(house: House) -> None:
    """A lock paired later becomes an entity without a reload, with its sensors."""
    house.bridge.add_lock(99, "Garage", device_type=4, door_state=2)
    await house.poll()
    assert house.lock(99) == "locked"
    assert house.state("binary_sensor", 99, "door").state == "off"


async def test_lock_goes_and_comes_back(house: House) -> None:
    """A lock that is unpaired is unavailable, the others are not, and it can come back."""
    house.bridge.remove_lock(CELLAR)
    await house.poll()
    assert house.lock(CELLAR) == "unavailable"
    assert house.lock(FRONT_DOOR) == "locked"
    house.bridge.add_lock(CELLAR, "Cellar")
    await house.poll()
    assert house.lock(CELLAR) == "locked"


async def test_renamed_lock(house: House, device_registry: dr.DeviceRegistry) -> None:
    """A lock renamed in the app, or with new firmware, is so here."""
    house.bridge.locks[CELLAR].name = "Wine cellar"
    house.bridge.locks[CELLAR].firmware = "2.16.0"
    await house.poll()
    device = device_registry.async_get_device_by_identifier(
        (DOMAIN, f"{CELLAR:08X}"), house.entry.entry_id
    )
    assert device
    assert (device.name, device.sw_version) == ("Wine cellar", "2.16.0")


async def test_stuck_movement_is_asked_for_once(house: House) -> None:
    """A state stuck in movement for two polls is asked of the lock itself, once."""
    house.bridge.lock_state_seconds = 0
    lock = house.bridge.locks[CELLAR]
    lock.stuck = True
    lock.known["state"] = 4  # the bridge believes in "locking" while the bolt has arrived
    await house.poll()
    assert house.lock(CELLAR) == "locking"
    assert house.bridge.stats.requests["/lockState"] == 0
    await house.poll()
    assert house.lock(CELLAR) == "locked"
    for _ in range(3):
        await house.poll()
    assert house.bridge.stats.requests["/lockState"] == 1


async def test_stuck_lock_that_does_not_answer(house: House) -> None:
    """A stuck lock out of reach is not asked again and again."""
    house.bridge.lock_state_seconds = 0
    lock = house.bridge.locks[CELLAR]
    lock.stuck = lock.offline = True
    lock.known["state"] = 4
    for _ in range(6):
        await house.poll()
    assert house.lock(CELLAR) == "locking"
    assert house.bridge.stats.requests["/lockState"] <= 5  # one, and its retries while busy


async def test_wrong_token_in_operation(house: House) -> None:
    """A token that is no longer right starts the dialog for a new one."""
    house.bridge.token_rejected = True
    await house.poll()
    assert house.lock(CELLAR) == "unavailable"
    flows = house.hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    assert [flow["context"]["source"] for flow in flows] == [SOURCE_REAUTH]


async def test_wrong_token_for_a_command(house: House) -> None:
    """A refused command starts the dialog for a new token too, and says so."""
    house.bridge.token_rejected = True
    with pytest.raises(HomeAssistantError) as raised:
        await house.call("unlock", CELLAR)
    assert raised.value.translation_key == "invalid_auth"
    await house.settle()
    assert house.hass.config_entries.flow.async_progress_by_handler(DOMAIN)


async def test_clock_without_internet(house: House) -> None:
    """A bridge without internet whose clock jumps is told apart from a wrong token."""
    house.bridge.server_connected = False
    await house.fire(601)
    house.bridge.clock_skew = 3600
    await house.poll()
    error = house.entry.runtime_data.locks.last_exception
    assert isinstance(error, HomeAssistantError)
    assert error.translation_key == "clock"
    assert not house.hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    house.bridge.clock_skew = 0
    await house.poll()
    assert house.lock(CELLAR) == "locked"


async def test_clock_that_drifts(house: House) -> None:
    """A clock that drifts away minute by minute is followed, far beyond the token's window."""
    for skew in range(30, 301, 30):
        house.bridge.clock_skew = skew
        await house.fire(601)
    await house.call("unlock", CELLAR)
    await house.bridge_time(10)
    assert house.lock(CELLAR) == "unlocked"
    assert house.bridge.stats.rejected == 0


async def test_impostor_cannot_shift_our_clock(house: House) -> None:
    """An answer that claims another day does not make us write tokens for that day."""
    house.bridge.inject(
        "garbage",
        "/info",
        body='{"bridgeType": 1, "ids": {"hardwareId": 474960600, "serverId": 1},'
        ' "currentTime": "2031-01-01T00:00:00Z", "scanResults": []}',
    )
    await house.fire(601)
    assert abs(house.entry.runtime_data.client.clock_offset.total_seconds()) < 60
    await house.poll()
    assert house.lock(CELLAR) == "locked"


@pytest.mark.parametrize("mode", ["plain", "hashed", "encrypted"])
async def test_token_modes(
    start: Callable[..., Awaitable[House]], bridge: NukiBridgeSimulator, mode: str
) -> None:
    """Each mode sends the token its way, and never another way."""
    house = await start(make_entry(bridge, mode=mode))
    await house.call("unlock", CELLAR)
    await house.bridge_time(10)
    assert house.lock(CELLAR) == "unlocked"
    sent = {"plain": "token", "hashed": "hash", "encrypted": "ctoken"}[mode]
    for record in bridge.stats.history:
        assert {"token", "hash", "ctoken"} & record.params.keys() == {sent}


@pytest.mark.parametrize("refusal", [401, 403])
async def test_never_downgraded(
    hass: HomeAssistant, house: House, bridge: NukiBridgeSimulator, refusal: int
) -> None:
    """A refused encrypted token is never followed by a weaker one."""
    bridge.token_rejected, bridge.bad_token_status = True, refusal
    bridge.stats.reset()
    await house.poll()
    await hass.config_entries.async_reload(house.entry.entry_id)
    await house.settle()
    assert bridge.stats.requests.total() >= 1
    assert all("ctoken" in record.params for record in bridge.stats.history)
    assert not any({"token", "hash"} & record.params.keys() for record in bridge.stats.history)
