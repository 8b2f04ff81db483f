"""Locks as a user sees them."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from homeassistant.components.lock import LockEntityFeature
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import entity_registry as er
from simulators.nuki_bridge import CELLAR, FRONT_DOOR, GARDEN_GATE, NukiBridgeSimulator

from .common import DOMAIN, House

UNLOCK, LOCK, UNLATCH, LOCK_N_GO, LOCK_N_GO_UNLATCH = range(1, 6)


async def test_unlock(house: House) -> None:
    """An unlock shows at once, and is done when the lock says so."""
    assert house.lock(CELLAR) == "locked"
    await house.call("unlock", CELLAR)
    assert house.lock(CELLAR) == "unlocking"
    await house.bridge_time(10)
    assert house.lock(CELLAR) == "unlocked"
    assert house.bridge.stats.actions == [(CELLAR, UNLOCK)]


async def test_lock(house: House) -> None:
    """The same for a lock."""
    house.bridge.turn_by_hand(CELLAR, 3)
    await house.settle()
    assert house.lock(CELLAR) == "unlocked"
    await house.call("lock", CELLAR)
    assert house.lock(CELLAR) == "locking"
    await house.bridge_time(10)
    assert house.lock(CELLAR) == "locked"
    assert house.bridge.stats.actions == [(CELLAR, LOCK)]


async def test_open(house: House) -> None:
    """Opening passes through opening and open to unlocked."""
    await house.call("open", FRONT_DOOR)
    assert house.lock(FRONT_DOOR) == "opening"
    await house.bridge_time(5)
    assert house.lock(FRONT_DOOR) == "open"
    await house.bridge_time(5)
    assert house.lock(FRONT_DOOR) == "unlocked"
    assert house.bridge.stats.actions == [(FRONT_DOOR, UNLATCH)]


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        (0, "unknown"),
        (1, "locked"),
        (2, "unlocking"),
        (3, "unlocked"),
        (4, "locking"),
        (5, "open"),
        (6, "unlocked"),
        (7, "opening"),
        (254, "jammed"),
        (255, "unknown"),
        (77, "unknown"),
    ],
)
async def test_all_states(house: House, code: int, shown: str) -> None:
    """Each state of the bridge has its state in Home Assistant, and none makes it crash."""
    house.bridge.turn_by_hand(CELLAR, code)
    await house.settle()
    await house.poll()
    assert house.lock(CELLAR) == shown


async def test_jam(house: House) -> None:
    """A lock that jams while locking shows it."""
    house.bridge.turn_by_hand(FRONT_DOOR, 3)
    await house.settle()
    house.bridge.locks[FRONT_DOOR].jam_next = True
    await house.call("lock", FRONT_DOOR)
    await house.bridge_time(10)
    assert house.lock(FRONT_DOOR) == "jammed"


async def test_poll_during_movement(house: House) -> None:
    """A poll that still brings the old state does not end a movement."""
    house.bridge.ble_seconds = 20
    await house.call("unlock", CELLAR)
    await house.poll()
    assert house.lock(CELLAR) == "unlocking"
    await house.bridge_time(30)
    assert house.lock(CELLAR) == "unlocked"


async def test_read_while_moving(house: House) -> None:
    """A read that finds the bolt on its way goes on waiting for its end."""
    house.bridge.callbacks_lost = True
    await house.call("unlock", CELLAR)
    await house.bridge_time(2)
    await house.fire(2)
    assert house.state("sensor", CELLAR, "state").state == "unlocking"
    assert house.lock(CELLAR) == "unlocking"
    await house.bridge_time(10)
    await house.fire(3)
    assert house.lock(CELLAR) == "unlocked"


async def test_movement_found_by_reading(house: House) -> None:
    """Without callbacks the end of a movement is found by reading."""
    house.bridge.callbacks_lost = True
    await house.call("unlock", CELLAR)
    await house.bridge_time(10)
    assert house.lock(CELLAR) == "unlocking"
    await house.fire(2)
    assert house.lock(CELLAR) == "unlocked"


async def test_lock_that_does_not_move(house: House, caplog: pytest.LogCaptureFixture) -> None:
    """After thirty seconds the real state is back, with one warning."""
    house.bridge.locks[CELLAR].deaf = True
    await house.call("unlock", CELLAR)
    for seconds in (2, 3, 5, 8):
        await house.fire(seconds)
        assert house.lock(CELLAR) == "unlocking"
    await house.fire(12)
    assert house.lock(CELLAR) == "locked"
    warnings = [record for record in caplog.records if "within 30 seconds" in record.message]
    assert len(warnings) == 1
    assert warnings[0].levelname == "WARNING"


async def test_two_locks_at_once(house: House) -> None:
    """Two locks told in the same moment both move."""
    await asyncio.gather(house.call("unlock", CELLAR), house.call("unlock", GARDEN_GATE))
    await house.bridge_time(10)
    assert house.lock(CELLAR) == house.lock(GARDEN_GATE) == "unlocked"
    assert sorted(house.bridge.stats.actions) == [(CELLAR, UNLOCK), (GARDEN_GATE, UNLOCK)]
    assert not house.bridge.stats.busy


async def test_unlocks_during_polls(house: House) -> None:
    """Thirty unlocks, each sent while a poll is under way, all succeed."""
    for _ in range(30):
        house.bridge.turn_by_hand(CELLAR, 1)
        await house.settle()
        poll = asyncio.ensure_future(house.entry.runtime_data.locks.async_refresh())
        await house.call("unlock", CELLAR)
        await poll
        await house.bridge_time(10)
        assert house.lock(CELLAR) == "unlocked"
    assert house.bridge.stats.actions == [(CELLAR, UNLOCK)] * 30
    assert house.bridge.stats.max_in_flight == 1
    assert not house.bridge.stats.busy


async def test_two_taps(house: House) -> None:
    """Two quick taps, at once or one after the other, open once."""
    await asyncio.gather(house.call("open", FRONT_DOOR), house.call("open", FRONT_DOOR))
    await house.call("open", FRONT_DOOR)
    await house.bridge_time(10)
    assert house.bridge.stats.actions == [(FRONT_DOOR, UNLATCH)]


async def test_opposite_while_on_its_way(house: House) -> None:
    """A lock on its way that refuses the opposite says so, and goes on."""
    unlock, lock = await asyncio.gather(
        house.call("unlock", CELLAR), house.call("lock", CELLAR), return_exceptions=True
    )
    assert unlock is None
    assert isinstance(lock, HomeAssistantError)
    assert lock.translation_key == "rejected"
    assert house.lock(CELLAR) == "unlocking"
    await house.bridge_time(20)
    assert house.bridge.stats.actions == [(CELLAR, UNLOCK)]
    assert house.lock(CELLAR) == "unlocked"


async def test_opposite_after_arrival(house: House) -> None:
    """A lock that has arrived takes the opposite at once."""
    for service, state in (("unlock", "unlocked"), ("lock", "locked")) * 2:
        await house.call(service, CELLAR)
        await house.bridge_time(10)
        assert house.lock(CELLAR) == state
    assert house.bridge.stats.actions == [(CELLAR, UNLOCK), (CELLAR, LOCK)] * 2


async def test_broken_connection_acts_once(house: House) -> None:
    """A door is not opened twice because the answer got lost, and the user hears of it."""
    house.bridge.inject("drop_after", "/lockAction")
    with pytest.raises(HomeAssistantError) as raised:
        await house.call("open", FRONT_DOOR)
    assert raised.value.translation_key == "uncertain"
    await house.bridge_time(20)
    await house.fire(3)
    assert house.bridge.stats.actions == [(FRONT_DOOR, UNLATCH)]
    assert house.lock(FRONT_DOOR) == "unlocked"


@pytest.mark.parametrize("fault", ["garbage", "truncate", "huge"])
async def test_garbled_answer_is_uncertain(house: House, fault: str) -> None:
    """An action whose answer cannot be read may have been carried out, and is not repeated."""
    house.bridge.inject(fault, "/lockAction")
    with pytest.raises(HomeAssistantError) as raised:
        await house.call("unlock", CELLAR)
    assert raised.value.translation_key == "uncertain"
    await house.bridge_time(10)
    assert house.bridge.stats.actions == [(CELLAR, UNLOCK)]


async def test_busy_bridge_is_asked_again(house: House) -> None:
    """A bridge that is busy has done nothing; asked again it does."""
    house.bridge.inject("status", "/lockAction", status=503, times=2)
    await house.call("unlock", CELLAR)
    await house.bridge_time(10)
    assert house.bridge.stats.actions == [(CELLAR, UNLOCK)]


def _offline(status: int) -> Callable[[NukiBridgeSimulator], None]:
    def prepare(bridge: NukiBridgeSimulator) -> None:
        bridge.locks[CELLAR].offline = True
        bridge.locks[CELLAR].offline_status = status

    return prepare


def _uncalibrated(bridge: NukiBridgeSimulator) -> None:
    bridge.turn_by_hand(CELLAR, 0)
    bridge.fail_next("/lockAction")


def _fault(
    kind: str, path: str = "/lockAction", **options: object
) -> Callable[[NukiBridgeSimulator], None]:
    def prepare(bridge: NukiBridgeSimulator) -> None:
        bridge.inject(kind, path, times=None, **options)

    return prepare


@pytest.mark.parametrize(
    ("prepare", "key"),
    [
        (_offline(503), "offline"),
        (_offline(410), "offline"),
        (_fault(kind="status", path="*", status=503), "busy"),
        (_fault(kind="status", status=404), "unknown_device"),
        (_fault(kind="status", status=500), "uncertain"),
        (_fault(kind="status", status=418), "bad_response"),
        (_fault(kind="status", status=400), "rejected"),
        (lambda bridge: bridge.fail_next("/lockAction"), "rejected"),
        (_uncalibrated, "not_calibrated"),
        (_fault(kind="redirect", location="http://127.0.0.1:9/"), "bad_response"),
    ],
)
async def test_errors(
    house: House, prepare: Callable[[NukiBridgeSimulator], None], key: str
) -> None:
    """Whatever fails says what happened, and the lock shows what it is."""
    prepare(house.bridge)
    await house.settle()
    before = house.lock(CELLAR)
    with pytest.raises(HomeAssistantError) as raised:
        await house.call("unlock", CELLAR)
    assert (raised.value.translation_domain, raised.value.translation_key) == (DOMAIN, key)
    assert house.lock(CELLAR) == before
    assert house.bridge.stats.actions == []


async def test_unreachable(house: House) -> None:
    """A bridge without power says so."""
    await house.bridge.refuse()
    with pytest.raises(HomeAssistantError) as raised:
        await house.call("unlock", CELLAR)
    assert raised.value.translation_key == "cannot_connect"


async def test_open_only_when_unlocked(start: Callable[..., Awaitable[House]]) -> None:
    """With the option nothing opens a locked door; unlocking it first does."""
    house = await start(open_only_unlocked=True)
    for call in (
        house.call("open", FRONT_DOOR),
        house.hass.services.async_call(
            DOMAIN,
            "lock_n_go",
            {"entity_id": house.entity_id("lock", FRONT_DOOR, "lock"), "unlatch": True},
            blocking=True,
        ),
    ):
        with pytest.raises(ServiceValidationError) as raised:
            await call
        assert raised.value.translation_key == "open_only_unlocked"
    assert house.bridge.stats.requests["/lockAction"] == 0
    house.bridge.turn_by_hand(FRONT_DOOR, 3)
    await house.settle()
    await house.call("open", FRONT_DOOR)
    await house.bridge_time(10)
    assert house.bridge.stats.actions == [(FRONT_DOOR, UNLATCH)]


async def test_no_opening_while_it_locks(start: Callable[..., Awaitable[House]]) -> None:
    """A door that was just told to lock is not opened because the bridge says unlocked still."""
    house = await start(open_only_unlocked=True)
    house.bridge.turn_by_hand(FRONT_DOOR, 3)
    await house.settle()
    await house.call("lock", FRONT_DOOR)
    with pytest.raises(ServiceValidationError) as raised:
        await house.call("open", FRONT_DOOR)
    assert raised.value.translation_key == "open_only_unlocked"
    await house.bridge_time(10)
    assert len(house.bridge.stats.actions) == 1


async def test_open_buttons_obey_the_option(
    start: Callable[..., Awaitable[House]], entity_registry: er.EntityRegistry
) -> None:
    """The buttons that open obey it too, once the user has enabled them."""
    house = await start(open_only_unlocked=True)
    for key in ("unlatch", "lock_n_go_unlatch"):
        entity_registry.async_update_entity(
            house.entity_id("button", CELLAR, key), disabled_by=None
        )
    await house.hass.config_entries.async_reload(house.entry.entry_id)
    await house.settle()
    for key in ("unlatch", "lock_n_go_unlatch"):
        with pytest.raises(ServiceValidationError):
            await house.call("press", CELLAR, "button", key)
    assert house.bridge.stats.requests["/lockAction"] == 0


@pytest.mark.parametrize(
    ("key", "action"),
    [("unlatch", UNLATCH), ("lock_n_go", LOCK_N_GO), ("lock_n_go_unlatch", LOCK_N_GO_UNLATCH)],
)
async def test_buttons(house: House, key: str, action: int) -> None:
    """Each button does what it says."""
    await house.call("press", CELLAR, "button", key)
    await house.bridge_time(60)
    assert house.bridge.stats.actions == [(CELLAR, action)]


@pytest.mark.parametrize(("unlatch", "action"), [(False, LOCK_N_GO), (True, LOCK_N_GO_UNLATCH)])
async def test_lock_n_go(house: House, unlatch: bool, action: int) -> None:
    """Lock 'n' go unlocks, and locks again by itself."""
    await house.hass.services.async_call(
        DOMAIN,
        "lock_n_go",
        {"entity_id": house.entity_id("lock", CELLAR, "lock"), "unlatch": unlatch},
        blocking=True,
    )
    await house.bridge_time(8)
    assert house.state("sensor", CELLAR, "state").state in ("unlocked_lock_n_go", "unlatched")
    await house.bridge_time(40)
    assert house.lock(CELLAR) == "locked"
    assert house.bridge.stats.actions == [(CELLAR, action)]


async def test_refresh_from_lock(house: House) -> None:
    """The button asks the lock itself, and shows what the bridge did not know."""
    house.bridge.stale_cache = True
    house.bridge.turn_by_hand(CELLAR, 3)
    await house.poll()
    assert house.lock(CELLAR) == "locked"
    house.bridge.lock_state_seconds = 0
    await house.call("press", CELLAR, "button", "refresh")
    assert house.lock(CELLAR) == "unlocked"
    assert house.bridge.stats.requests["/lockState"] == 1


async def test_refresh_from_lock_out_of_reach(house: House) -> None:
    """A lock out of reach says so."""
    house.bridge.lock_state_seconds = 0
    for status in (410, 200):
        house.bridge.locks[CELLAR].offline = True
        house.bridge.locks[CELLAR].offline_status = status
        with pytest.raises(HomeAssistantError) as raised:
            await house.call("press", CELLAR, "button", "refresh")
        assert raised.value.translation_key == "offline"


async def test_unknown_type_does_not_offer_open(
    hass: HomeAssistant, start: Callable[..., Awaitable[House]], bridge: NukiBridgeSimulator
) -> None:
    """A kind of lock that nobody has described can lock and unlock."""
    bridge.add_lock(77, "Shed", device_type=5)
    house = await start()
    assert house.state("lock", 77, "lock").attributes["supported_features"] == 0
    offered = house.state("lock", CELLAR, "lock").attributes["supported_features"]
    assert offered == LockEntityFeature.OPEN
    with pytest.raises(ServiceValidationError) as raised:
        await house.hass.services.async_call(
            DOMAIN,
            "lock_n_go",
            {"entity_id": house.entity_id("lock", 77, "lock"), "unlatch": True},
            blocking=True,
        )
    assert raised.value.translation_key == "no_open"
    await house.call("unlock", 77)
    await house.bridge_time(10)
    assert house.lock(77) == "unlocked"
