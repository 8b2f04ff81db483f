"""Openers: locks of a house door, switches, rings."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from pytest_homeassistant_custom_component.common import async_capture_events

from homeassistant.core import Event, HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from simulators.nuki_bridge import CELLAR, INTERCOM, Opener

from .common import DOMAIN, House

RTO_ON, RTO_OFF, STRIKE, CONTINUOUS_ON, CONTINUOUS_OFF = range(1, 6)


@pytest.fixture
def rings(hass: HomeAssistant) -> list[Event]:
    """Return the events that tell of rings."""
    return async_capture_events(hass, "nuki_bridge_event")


def _rung(house: House) -> str:
    return house.state("event", INTERCOM, "ring").state


async def test_as_lock(house: House) -> None:
    """Unlocking lets the next one in who rings; locking ends it."""
    assert house.lock(INTERCOM) == "locked"
    await house.call("unlock", INTERCOM)
    await house.bridge_time(3)
    assert house.lock(INTERCOM) == "unlocked"
    assert house.state("switch", INTERCOM, "ring_to_open").state == "on"
    await house.call("lock", INTERCOM)
    await house.bridge_time(3)
    assert house.lock(INTERCOM) == "locked"
    assert house.bridge.stats.actions == [(INTERCOM, RTO_ON), (INTERCOM, RTO_OFF)]


async def test_open(house: House) -> None:
    """Opening buzzes the door once."""
    await house.call("open", INTERCOM)
    assert house.lock(INTERCOM) == "opening"
    await house.bridge_time(5)
    assert house.lock(INTERCOM) == "open"
    await house.bridge_time(10)
    assert house.lock(INTERCOM) == "locked"
    await house.call("press", INTERCOM, "button", "open")
    await house.bridge_time(5)
    assert house.bridge.stats.actions == [(INTERCOM, STRIKE)] * 2


async def test_continuous_mode(house: House) -> None:
    """Continuous mode unlocks the house door; locking it ends the mode."""
    await house.call("turn_on", INTERCOM, "switch", "continuous_mode")
    await house.bridge_time(3)
    assert house.lock(INTERCOM) == "unlocked"
    assert house.state("switch", INTERCOM, "continuous_mode").state == "on"
    assert house.state("sensor", INTERCOM, "opener_state").state == "continuous_mode"
    await house.call("lock", INTERCOM)
    await house.bridge_time(3)
    assert house.lock(INTERCOM) == "locked"
    assert house.bridge.stats.actions == [(INTERCOM, CONTINUOUS_ON), (INTERCOM, CONTINUOUS_OFF)]


async def test_lock_ends_both_modes(house: House) -> None:
    """Locking leaves no way in, whatever let people in before."""
    await house.call("turn_on", INTERCOM, "switch", "ring_to_open")
    await house.bridge_time(3)
    await house.call("turn_on", INTERCOM, "switch", "continuous_mode")
    await house.bridge_time(3)
    house.bridge.ble_seconds = 0
    await house.call("lock", INTERCOM)
    await house.bridge_time(3)
    assert house.lock(INTERCOM) == "locked"
    assert house.bridge.locks[INTERCOM].state == Opener.ONLINE
    assert house.bridge.stats.actions[2:] == [(INTERCOM, CONTINUOUS_OFF), (INTERCOM, RTO_OFF)]


@pytest.mark.parametrize("key", ["ring_to_open", "continuous_mode"])
async def test_switch_shows_what_is(house: House, key: str) -> None:
    """A switch is on only once the Opener says so, and off again likewise."""
    await house.call("turn_on", INTERCOM, "switch", key)
    assert house.state("switch", INTERCOM, key).state == "off"
    await house.bridge_time(3)
    assert house.state("switch", INTERCOM, key).state == "on"
    await house.call("turn_off", INTERCOM, "switch", key)
    assert house.state("switch", INTERCOM, key).state == "on"
    await house.bridge_time(3)
    assert house.state("switch", INTERCOM, key).state == "off"


async def test_never_heard_of(house: House) -> None:
    """An Opener that the bridge has not heard from yet is unknown, not off."""
    house.bridge.locks[INTERCOM].has_last_known_state = False
    await house.poll()
    assert house.lock(INTERCOM) == "unknown"
    for key in ("ring_to_open", "continuous_mode"):
        assert house.state("switch", INTERCOM, key).state == "unknown"


async def test_no_lock_n_go(house: House) -> None:
    """An Opener has no lock 'n' go, and nothing is sent to it."""
    with pytest.raises(ServiceValidationError) as raised:
        await house.hass.services.async_call(
            DOMAIN,
            "lock_n_go",
            {"entity_id": house.entity_id("lock", INTERCOM, "lock")},
            blocking=True,
        )
    assert raised.value.translation_key == "no_lock_n_go"
    assert house.bridge.stats.requests["/lockAction"] == 0


async def test_option_for_locks_does_not_concern_openers(
    start: Callable[..., Awaitable[House]],
) -> None:
    """A house door can be buzzed open with the option for locks set."""
    house = await start(open_only_unlocked=True)
    await house.call("open", INTERCOM)
    await house.bridge_time(5)
    assert house.bridge.stats.actions == [(INTERCOM, STRIKE)]


async def test_ring(house: House, rings: list[Event]) -> None:
    """A ring is told once, though its time comes again with every later state."""
    assert _rung(house) == "unknown"
    house.bridge.ring(INTERCOM)
    await house.settle()
    first = _rung(house)
    assert first != "unknown"
    assert house.state("event", INTERCOM, "ring").attributes["event_type"] == "ring"
    for _ in range(3):
        await house.poll()
    await house.call("unlock", INTERCOM)
    await house.bridge_time(40)
    await house.poll()
    assert _rung(house) == first
    assert [event.data["type"] for event in rings] == ["ring"]


async def test_second_ring(house: House, rings: list[Event]) -> None:
    """A second ring is a second event."""
    house.bridge.ring(INTERCOM)
    await house.bridge_time(20)
    house.bridge.ring(INTERCOM)
    await house.settle()
    assert len(rings) == 2


async def test_ring_to_open(house: House, rings: list[Event]) -> None:
    """A ring that opens is told as such, once, though the bridge calls twice."""
    await house.call("turn_on", INTERCOM, "switch", "ring_to_open")
    await house.bridge_time(3)
    house.bridge.ring(INTERCOM)
    await house.bridge_time(30)
    assert [event.data["type"] for event in rings] == ["ring_to_open"]
    assert house.state("event", INTERCOM, "ring").attributes["event_type"] == "ring_to_open"
    assert house.lock(INTERCOM) == "locked"


async def test_ring_without_callback(house: House, rings: list[Event]) -> None:
    """A ring that no callback told is found by the next poll."""
    house.bridge.callbacks_lost = True
    house.bridge.ring(INTERCOM)
    await house.bridge_time(30)
    await house.poll()
    assert len(rings) == 1


async def test_old_ring_is_no_ring(house: House, rings: list[Event]) -> None:
    """A ring that is found minutes later opens no door by automation."""
    house.bridge.callbacks_lost = True
    house.bridge.ring(INTERCOM)
    await house.bridge_time(200)
    await house.poll()
    assert rings == []
    assert house.state("sensor", INTERCOM, "last_ring").state != "unknown"


async def test_ring_before_start_is_no_ring(
    start: Callable[..., Awaitable[House]], rings: list[Event], hass: HomeAssistant
) -> None:
    """A ring from before the start is not told, the next one is."""
    house = await start()
    house.bridge.ring(INTERCOM)
    await house.settle()
    assert len(rings) == 1
    await hass.config_entries.async_reload(house.entry.entry_id)
    await house.settle()
    await house.poll()
    assert len(rings) == 1
    await house.bridge_time(5)
    house.bridge.ring(INTERCOM)
    await house.settle()
    assert len(rings) == 2


async def test_ring_from_the_future(house: House, rings: list[Event]) -> None:
    """A time that has not come yet is no ring, and does not swallow the true one."""
    clock = house.bridge.clock
    await _post(house, ringactionTimestamp=(clock.now() + timedelta(hours=1)).isoformat())
    assert rings == []
    house.bridge.ring(INTERCOM)
    await house.settle()
    assert len(rings) == 1


async def test_ring_replayed(house: House, rings: list[Event]) -> None:
    """A callback sent again rings no second time."""
    house.bridge.callbacks_duplicate = True
    house.bridge.ring(INTERCOM)
    await house.settle()
    await _post(house, ringactionTimestamp=house.bridge.clock.now().isoformat()[:19])
    assert len(rings) == 1


async def test_ring_without_time(house: House, rings: list[Event]) -> None:
    """Where no time is told, the flag is what rings."""
    await _post(house, ringactionState=False)
    await _post(house, ringactionState=True)
    await _post(house, ringactionState=True)
    assert [event.data["type"] for event in rings] == ["ring"]


async def test_lock_does_not_ring(house: House) -> None:
    """A lock has no doorbell."""
    with pytest.raises(AssertionError, match="no event ring"):
        house.entity_id("event", CELLAR, "ring")


async def _post(house: House, **more: object) -> None:
    """Send a callback as the bridge does."""
    body = {"nukiId": INTERCOM, "deviceType": 2, "mode": 2, "state": 1, **more}
    await house.post(body)
