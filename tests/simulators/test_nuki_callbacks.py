"""Tests of the bridge's callbacks."""

from collections.abc import Callable

import pytest

from simulators.clock import ManualClock
from simulators.nuki_bridge import CELLAR, FRONT_DOOR, NukiBridgeSimulator

from .helpers import BridgeUser, Inbox


async def test_slots(user: BridgeUser) -> None:
    """There are three slots, each address only once; removal is by position."""
    urls = [f"http://127.0.0.1:9/{name}" for name in "abcd"]
    for url in urls[:3]:
        assert await user.json("/callback/add", url=url) == {"success": True}
    assert await user.json("/callback/add", url=urls[0]) == {
        "success": False,
        "message": "callback already added",
    }
    assert await user.json("/callback/add", url=urls[3]) == {
        "success": False,
        "message": "too many callbacks registered",
    }
    assert await user.json("/callback/remove", id=0) == {"success": True}
    listed = (await user.json("/callback/list"))["callbacks"]
    assert listed == [{"id": 0, "url": urls[1]}, {"id": 1, "url": urls[2]}]
    assert (await user.json("/callback/remove", id=2))["success"] is False
    assert await user.status("/callback/remove", id="x") == 400
    assert (await user.get("/callback/list"))[0] == 401


@pytest.mark.parametrize(
    ("url", "status"),
    [
        ("https://127.0.0.1/x", 400),
        ("", 400),
        ("http://", 400),
        ("ftp://127.0.0.1", 400),
        ("http://127.0.0.1/" + "x" * 237, 200),
        ("http://127.0.0.1/" + "x" * 238, 400),
    ],
)
async def test_addresses(user: BridgeUser, url: str, status: int) -> None:
    """Only http, and at most 254 characters."""
    assert await user.status("/callback/add", url=url) == status


async def test_final_states_are_posted(user: BridgeUser, clock: ManualClock, inbox: Inbox) -> None:
    """The end of an action is posted by the bridge's own address, the way there is not."""
    await user.json("/callback/add", url=inbox.url)
    await user.act(FRONT_DOOR, 1)
    await clock.advance(3)
    await user.bridge.delivered()
    assert inbox.bodies == []
    await clock.advance(1)
    await user.bridge.delivered()
    assert inbox.bodies == [
        {
            "nukiId": FRONT_DOOR,
            "deviceType": 4,
            "mode": 2,
            "state": 3,
            "stateName": "unlocked",
            "batteryCritical": False,
            "batteryCharging": False,
            "batteryChargeState": 84,
            "doorsensorState": 2,
            "doorsensorStateName": "door closed",
        }
    ]
    assert inbox.senders == ["127.0.0.1"]
    assert user.bridge.stats.callbacks_sent == 1


async def test_own_address_is_the_sender(clock: ManualClock, inbox: Inbox) -> None:
    """A bridge on another loopback address posts from there."""
    async with NukiBridgeSimulator(host="127.0.0.3", clock=clock, gap=0) as bridge:
        bridge.callbacks.add(inbox.url)
        bridge.turn_by_hand(CELLAR, 3)
        await bridge.delivered()
    assert inbox.senders == ["127.0.0.3"]


async def test_doors_are_posted(user: BridgeUser, inbox: Inbox) -> None:
    """A door that opens or closes is a callback."""
    await user.json("/callback/add", url=inbox.url)
    user.bridge.open_door(FRONT_DOOR)
    user.bridge.close_door(FRONT_DOOR)
    await user.bridge.delivered()
    assert [body["doorsensorState"] for body in inbox.bodies] == [3, 2]


async def test_lost_doubled_and_late(user: BridgeUser, clock: ManualClock, inbox: Inbox) -> None:
    """Callbacks can be lost, doubled and late; the list knows better."""
    bridge = user.bridge
    await user.json("/callback/add", url=inbox.url)
    bridge.callbacks_lost = True
    bridge.turn_by_hand(CELLAR, 3)
    await bridge.delivered()
    assert inbox.bodies == []
    assert (await user.known(CELLAR))["state"] == 3
    bridge.callbacks_lost, bridge.callbacks_duplicate = False, True
    bridge.turn_by_hand(CELLAR, 1)
    await bridge.delivered()
    assert [body["state"] for body in inbox.bodies] == [1, 1]
    bridge.callbacks_duplicate, bridge.callback_delay = False, 5.0
    bridge.turn_by_hand(CELLAR, 3)
    await clock.advance(4)
    assert len(inbox.bodies) == 2
    await clock.advance(1)
    await bridge.delivered()
    assert inbox.bodies[2:] == [inbox.bodies[2]]
    assert inbox.bodies[2]["state"] == 3


async def test_nobody_listens(user: BridgeUser) -> None:
    """A callback that nobody takes is tried once and harms nothing."""
    await user.json("/callback/add", url="http://127.0.0.1:9/x")
    user.bridge.turn_by_hand(CELLAR, 3)
    await user.bridge.delivered()
    assert [post.status for post in user.bridge.callback_posts] == [None]
    assert user.bridge.stats.callbacks_sent == 0
    assert await user.status("/list") == 200


async def test_callbacks_of_2017(
    user_of: Callable[[NukiBridgeSimulator], BridgeUser], clock: ManualClock, inbox: Inbox
) -> None:
    """The old bridge posts four fields."""
    async with NukiBridgeSimulator(profile="v1.6", clock=clock, gap=0) as bridge:
        await user_of(bridge).json("/callback/add", url=inbox.url)
        bridge.turn_by_hand(CELLAR, 3)
        await bridge.delivered()
    assert inbox.bodies == [
        {"nukiId": CELLAR, "state": 3, "stateName": "unlocked", "batteryCritical": False}
    ]
