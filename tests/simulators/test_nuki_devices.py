"""Tests of Smart Locks and Openers."""

import asyncio
from typing import Any

import pytest

from simulators.clock import ManualClock
from simulators.nuki_bridge import CELLAR, FRONT_DOOR, GARDEN_GATE, INTERCOM, NukiBridgeSimulator

from .helpers import BridgeUser, Inbox, slept


async def states(
    user: BridgeUser, clock: ManualClock, nuki_id: int, seconds: int
) -> list[tuple[int, int]]:
    """Return when /list shows which new state, in seconds from now."""
    seen: list[tuple[int, int]] = []
    for second in range(seconds + 1):
        state = (await user.known(nuki_id))["state"]
        if not seen or seen[-1][1] != state:
            seen.append((second, state))
        await clock.advance(1)
    return seen


@pytest.mark.parametrize(
    ("action", "course"),
    [
        (1, [(0, 1), (1, 2), (4, 3)]),
        (2, [(0, 1), (1, 4), (4, 1)]),
        (3, [(0, 1), (1, 7), (4, 5), (7, 3)]),
        (4, [(0, 1), (1, 2), (4, 6), (24, 4), (27, 1)]),
        (5, [(0, 1), (1, 7), (4, 5), (7, 6), (27, 4), (30, 1)]),
    ],
)
async def test_courses_of_a_lock(
    user: BridgeUser, clock: ManualClock, action: int, course: list[tuple[int, int]]
) -> None:
    """An action moves the lock through the right states, seconds each."""
    assert await user.act(FRONT_DOOR, action) == {"success": True, "batteryCritical": False}
    assert await states(user, clock, FRONT_DOOR, 32) == course
    assert user.bridge.stats.actions == [(FRONT_DOOR, action)]


async def test_blocking_action(user: BridgeUser, clock: ManualClock) -> None:
    """Without noWait the answer comes with the end of the movement."""
    params = {"nukiId": CELLAR, "deviceType": 0, "action": 1}
    waiting = asyncio.create_task(user.json("/lockAction", **params))
    await slept(clock)
    await clock.advance(3.9)
    assert not waiting.done()
    await clock.advance(0.1)
    assert (await waiting)["success"] is True
    assert (await user.known(CELLAR))["state"] == 3


@pytest.mark.parametrize("spelling", ["noWait", "nowait"])
async def test_both_spellings_of_no_wait(user: BridgeUser, spelling: str) -> None:
    """Both spellings are answered at once."""
    params = {"nukiId": CELLAR, "deviceType": 0, "action": 1, spelling: 1}
    assert (await user.json("/lockAction", **params))["success"] is True


@pytest.mark.parametrize(
    ("params", "status"),
    [
        ({"nukiId": CELLAR, "deviceType": 0, "action": 0}, 400),
        ({"nukiId": CELLAR, "deviceType": 0, "action": 6}, 400),
        ({"nukiId": CELLAR, "deviceType": 0, "action": "x"}, 400),
        ({"nukiId": CELLAR, "deviceType": 0}, 400),
        ({"nukiId": CELLAR, "deviceType": 0, "action": 1, "noWait": 2}, 400),
        ({"nukiId": INTERCOM, "deviceType": 2, "action": 6}, 400),
        ({"nukiId": 5, "deviceType": 0, "action": 1}, 404),
        ({"nukiId": "x", "deviceType": 0, "action": 1}, 404),
        ({"nukiId": INTERCOM, "deviceType": 0, "action": 3}, 404),
        ({"nukiId": INTERCOM, "action": 3}, 404),
        ({"nukiId": FRONT_DOOR, "deviceType": 2, "action": 3}, 404),
    ],
)
async def test_wrong_actions(
    user: BridgeUser, clock: ManualClock, params: dict[str, Any], status: int
) -> None:
    """What the device does not know, or another kind of device, is refused and not done."""
    assert await user.status("/lockAction", **params) == status
    await clock.advance(10)
    assert user.bridge.stats.actions == []


async def test_lock_takes_one_action_at_a_time(user: BridgeUser, clock: ManualClock) -> None:
    """A lock on its way refuses; one that rests in lock'n'go obeys."""
    await user.act(CELLAR, 4)
    await clock.advance(2)
    assert (await user.act(CELLAR, 2))["success"] is False
    await clock.advance(4)
    assert (await user.known(CELLAR))["state"] == 6
    assert (await user.act(CELLAR, 1))["success"] is True
    await clock.advance(60)
    assert (await user.known(CELLAR))["state"] == 3
    assert user.bridge.stats.actions == [(CELLAR, 4), (CELLAR, 1)]


async def test_simple_actions(user: BridgeUser, clock: ManualClock) -> None:
    """/unlock pulls the latch of a door with a knob, unlocks others and opens at an Opener."""
    user.bridge.ble_seconds = user.bridge.move_seconds = user.bridge.unlatch_seconds = 0
    for path in ("/unlock", "/lock"):
        for nuki_id, kind in ((FRONT_DOOR, 4), (GARDEN_GATE, 3), (INTERCOM, 2)):
            answer = await user.json(path, nukiId=nuki_id, deviceType=kind)
            assert answer["success"] is True
    assert user.bridge.stats.actions == [
        (FRONT_DOOR, 1),
        (GARDEN_GATE, 3),
        (INTERCOM, 3),
        (FRONT_DOOR, 2),
        (GARDEN_GATE, 2),
        (INTERCOM, 2),
        (INTERCOM, 5),
    ]


async def test_motor_blocked(user: BridgeUser, clock: ManualClock, inbox: Inbox) -> None:
    """A blocked motor ends the movement and is reported; the next one works."""
    await user.json("/callback/add", url=inbox.url)
    user.bridge.locks[CELLAR].jam_next = True
    params = {"nukiId": CELLAR, "deviceType": 0, "action": 1}
    waiting = asyncio.create_task(user.json("/lockAction", **params))
    await slept(clock)
    await clock.advance(5)
    assert (await waiting)["success"] is False
    await user.bridge.delivered()
    assert [body["state"] for body in inbox.bodies] == [254]
    assert (await user.known(CELLAR))["stateName"] == "motor blocked"
    await user.act(CELLAR, 1)
    await clock.advance(5)
    assert (await user.known(CELLAR))["state"] == 3


@pytest.mark.parametrize("status", [503, 410])
async def test_offline(user: BridgeUser, clock: ManualClock, status: int) -> None:
    """An unreachable lock is an error, and /list shows what was last known."""
    lock = user.bridge.locks[CELLAR]
    lock.offline, lock.offline_status, lock.state = True, status, 3
    params = {"nukiId": CELLAR, "deviceType": 0}
    assert await user.status("/lockAction", **params, action=2) == status
    user.bridge.lock_state_seconds = 0
    assert await user.status("/lockState", **params) == status
    assert (await user.known(CELLAR))["state"] == 1
    assert user.bridge.stats.actions == []


async def test_unplugged_lock_answers_without_success(user: BridgeUser) -> None:
    """Real bridges often answer 200 for an unreachable lock."""
    lock = user.bridge.locks[CELLAR]
    lock.offline, lock.offline_status = True, 200
    assert await user.act(CELLAR, 1) == {"success": False}


async def test_deaf_and_uncalibrated_locks_do_not_move(
    user: BridgeUser, clock: ManualClock
) -> None:
    """The bridge accepts the action; nothing happens."""
    user.bridge.locks[CELLAR].deaf = True
    user.bridge.locks[FRONT_DOOR].uncalibrated = True
    for nuki_id in (CELLAR, FRONT_DOOR):
        assert (await user.act(nuki_id, 1))["success"] is True
    await clock.advance(10)
    assert (await user.known(CELLAR))["state"] == 1
    assert (await user.known(FRONT_DOOR))["state"] == 0
    assert user.bridge.stats.actions == []


async def test_stale_list(user: BridgeUser, inbox: Inbox) -> None:
    """What is done by hand is only found out by the slow /lockState."""
    user.bridge.lock_state_seconds = 0
    await user.json("/callback/add", url=inbox.url)
    user.bridge.stale_cache = True
    user.bridge.turn_by_hand(CELLAR, 3)
    assert (await user.known(CELLAR))["state"] == 1
    answer = await user.json("/lockState", nukiId=CELLAR, deviceType=0)
    assert (answer["state"], answer["success"]) == (3, True)
    assert (await user.known(CELLAR))["state"] == 3
    await user.bridge.delivered()
    assert inbox.bodies == []


async def test_list_stuck_in_a_movement(user: BridgeUser, clock: ManualClock) -> None:
    """The list can stay in a transitional state until somebody asks the lock."""
    user.bridge.locks[CELLAR].stuck = True
    await user.act(CELLAR, 1)
    await clock.advance(60)
    assert (await user.known(CELLAR))["state"] == 2
    user.bridge.lock_state_seconds = 0
    await user.json("/lockState", nukiId=CELLAR, deviceType=0)
    assert (await user.known(CELLAR))["state"] == 3


async def test_missing_facts(user: BridgeUser) -> None:
    """A device may have no known state, no firmware and no name."""
    lock = user.bridge.locks[CELLAR]
    lock.has_last_known_state, lock.firmware, lock.name = False, None, ""
    assert await user.item(CELLAR) == {"deviceType": 0, "nukiId": CELLAR, "name": ""}


async def test_battery_wears_down(user: BridgeUser, clock: ManualClock) -> None:
    """Movements cost charge; a low charge is critical."""
    user.bridge.ble_seconds = user.bridge.move_seconds = 0
    user.bridge.locks[CELLAR].battery_charge = 22
    for _ in range(10):
        await user.act(CELLAR, 2)
        await clock.advance(0)
    known = await user.known(CELLAR)
    assert (known["batteryChargeState"], known["batteryCritical"]) == (20, True)


async def test_ring_to_open_ends_by_itself(user: BridgeUser, clock: ManualClock) -> None:
    """Ring-to-open is on for a while, or until it is switched off."""
    await user.act(INTERCOM, 1)
    await clock.advance(1)
    assert (await user.known(INTERCOM))["stateName"] == "rto active"
    await user.act(INTERCOM, 2)
    await clock.advance(1)
    assert (await user.known(INTERCOM))["state"] == 1
    await user.act(INTERCOM, 1)
    await clock.advance(1200)
    assert (await user.known(INTERCOM))["state"] == 3
    await clock.advance(1)
    assert (await user.known(INTERCOM))["state"] == 1


@pytest.mark.parametrize("rto", [False, True])
async def test_electric_strike(user: BridgeUser, clock: ManualClock, rto: bool) -> None:
    """The strike opens the door; ring-to-open stays on."""
    if rto:
        await user.act(INTERCOM, 1)
        await clock.advance(2)
    rest = 3 if rto else 1
    await user.act(INTERCOM, 3)
    course = await states(user, clock, INTERCOM, 10)
    assert course == [(0, rest), (1, 7), (4, 5), (7, rest)]


async def test_ring(user: BridgeUser, clock: ManualClock, inbox: Inbox) -> None:
    """A ring is one callback with its time; the flag stays for half a minute."""
    await user.json("/callback/add", url=inbox.url)
    user.bridge.ring(INTERCOM)
    await user.bridge.delivered()
    assert inbox.bodies == [
        {
            "nukiId": INTERCOM,
            "deviceType": 2,
            "mode": 2,
            "state": 1,
            "stateName": "online",
            "batteryCritical": False,
            "ringactionTimestamp": "2026-10-05T12:00:00+00:00",
            "ringactionState": True,
        }
    ]
    await clock.advance(29)
    assert (await user.known(INTERCOM))["ringactionState"] is True
    await clock.advance(1)
    known = await user.known(INTERCOM)
    assert known["ringactionState"] is False
    assert known["ringactionTimestamp"] == "2026-10-05T12:00:00+00:00"
    assert len(inbox.bodies) == 1


async def test_ring_with_ring_to_open(user: BridgeUser, clock: ManualClock, inbox: Inbox) -> None:
    """Ring-to-open opens once; the ring arrives twice with the same time."""
    await user.act(INTERCOM, 1)
    await clock.advance(1)
    await user.json("/callback/add", url=inbox.url)
    user.bridge.ring(INTERCOM)
    await user.bridge.delivered()
    await clock.advance(10)
    await user.bridge.delivered()
    assert [body["state"] for body in inbox.bodies] == [7, 1]
    assert len({body["ringactionTimestamp"] for body in inbox.bodies}) == 1
    user.bridge.ring(INTERCOM)
    await clock.advance(20)
    await user.bridge.delivered()
    assert [body["state"] for body in inbox.bodies] == [7, 1, 1]


async def test_continuous_mode(user: BridgeUser, clock: ManualClock) -> None:
    """Continuous mode opens to every ring and stays on until it is switched off."""
    await user.act(INTERCOM, 4)
    await clock.advance(1)
    assert (await user.known(INTERCOM))["mode"] == 3
    for _ in range(2):
        user.bridge.ring(INTERCOM)
        assert await states(user, clock, INTERCOM, 12) == [(0, 7), (5, 5), (10, 1)]
    await user.act(INTERCOM, 5)
    await clock.advance(1)
    assert (await user.known(INTERCOM))["mode"] == 2


async def test_devices_come_and_go(bridge: NukiBridgeSimulator, user: BridgeUser) -> None:
    """Devices can be added, removed and changed while the bridge runs."""
    bridge.add_lock(77, "Shed", 3, door_state=3)
    assert (await user.known(77))["doorsensorState"] == 3
    bridge.locks[CELLAR].door_state = 240
    assert (await user.known(CELLAR))["doorsensorStateName"] == "removed"
    bridge.remove_lock(77)
    assert 77 not in {item["nukiId"] for item in await user.json("/list")}
    with pytest.raises(ValueError, match="Opener"):
        bridge.ring(CELLAR)
    with pytest.raises(ValueError, match="door sensor"):
        bridge.open_door(GARDEN_GATE)
