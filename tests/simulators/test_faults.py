"""Tests of the faults that a simulator can have, and of the control interface."""

import asyncio
import json
from typing import Any

from aiohttp import (
    ClientConnectorError,
    ClientError,
    ClientPayloadError,
    ClientSession,
    ServerDisconnectedError,
)
import pytest

from simulators.clock import ManualClock, RealClock
from simulators.nuki_bridge import CELLAR, FRONT_DOOR, INTERCOM, NukiBridgeSimulator

from .helpers import BridgeUser, until

ACTION: dict[str, Any] = {"nukiId": CELLAR, "deviceType": 0, "action": 1, "noWait": 1}


async def test_status_for_some_answers(user: BridgeUser) -> None:
    """So many answers of a path fail, others do not."""
    user.bridge.inject("status", "/list", times=2, status=500)
    assert await user.status("/info") == 200
    assert [await user.status("/list") for _ in range(3)] == [500, 500, 200]
    user.bridge.inject("status", times=None, status=503)
    assert [await user.status("/info") for _ in range(3)] == [503] * 3
    user.bridge.clear_faults()
    assert await user.status("/info") == 200
    assert user.bridge.stats.busy == {}


async def test_execute_and_close(user: BridgeUser, clock: ManualClock) -> None:
    """The action is done, though its answer never comes."""
    user.bridge.inject("drop_after", "/lockAction")
    with pytest.raises(ServerDisconnectedError):
        await user.json("/lockAction", **ACTION)
    await clock.advance(0.5)
    assert (user.bridge.stats.asked, user.bridge.stats.actions) == ([(CELLAR, 1)], [])
    await clock.advance(10)
    assert user.bridge.stats.actions == [(CELLAR, 1)]
    assert (await user.known(CELLAR))["state"] == 3


async def test_cut_off_for_nobody(user: BridgeUser, clock: ManualClock) -> None:
    """A client that did not wait for a late answer which is cut off is nobody's error."""
    errors: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: errors.append(context))
    user.bridge.inject("delay", "/list", seconds=30)
    user.bridge.inject("truncate", "/list")
    request = asyncio.create_task(user.status("/list"))
    await until(lambda: user.bridge.stats.in_flight)
    request.cancel()
    await asyncio.gather(request, return_exceptions=True)
    await asyncio.sleep(0.01)  # until the bridge has noticed
    await clock.advance(31)
    await until(lambda: not user.bridge.stats.in_flight)
    assert errors == []


@pytest.mark.parametrize("kind", ["drop", "status", "redirect", "hang"])
async def test_nothing_is_done(user: BridgeUser, clock: ManualClock, kind: str) -> None:
    """These faults strike before the request is carried out."""
    user.bridge.inject(kind, "/lockAction")
    request = asyncio.create_task(user.status("/lockAction", **ACTION))
    if kind == "hang":
        await until(lambda: user.bridge.stats.in_flight)
        await clock.advance(1000)
        assert not request.done()
        request.cancel()
    await asyncio.gather(request, return_exceptions=True)
    await until(lambda: not user.bridge.stats.in_flight)
    await clock.advance(10)
    assert user.bridge.stats.actions == []
    assert await user.status("/list") == 200


async def test_redirect(user: BridgeUser) -> None:
    """A redirect names the wanted target."""
    user.bridge.inject("redirect", "/list", location="http://127.0.0.1:9/elsewhere")
    async with user.session.get(f"{user.bridge.url}/list", allow_redirects=False) as response:
        assert response.status == 302
        assert response.headers["Location"] == "http://127.0.0.1:9/elsewhere"


async def test_bad_bodies(user: BridgeUser) -> None:
    """Garbage, a wanted body, too much, and too little."""
    bridge = user.bridge
    bridge.inject("garbage", "/list")
    bridge.inject("garbage", "/info", body="[]")
    token = bridge.token
    with pytest.raises(json.JSONDecodeError):
        json.loads((await user.get("/list", token=token))[2])
    assert (await user.get("/info", token=token))[2] == "[]"
    bridge.inject("huge", "/list", size=300_000)
    assert len((await user.get("/list", token=token))[2]) > 300_000
    bridge.inject("truncate", "/list")
    with pytest.raises(ClientPayloadError):
        await user.get("/list", token=token)
    assert await user.status("/list") == 200


async def test_fail_next(user: BridgeUser, clock: ManualClock) -> None:
    """An action can be refused with a good status."""
    user.bridge.fail_next("/lockAction")
    assert await user.json("/lockAction", **ACTION) == {"success": False}
    await clock.advance(10)
    assert user.bridge.stats.actions == []


async def test_delay_keeps_the_bridge_busy(user: BridgeUser, clock: ManualClock) -> None:
    """A slow answer blocks the others."""
    user.bridge.inject("delay", "/list", seconds=7)
    slow = asyncio.create_task(user.status("/list"))
    await until(lambda: clock.sleepers)
    assert await user.status("/info") == 503
    await clock.advance(7)
    assert await slow == 200


async def test_refused_connections(user: BridgeUser, clock: ManualClock) -> None:
    """The bridge is gone for a while and comes back on the same port."""
    await user.bridge.refuse(20)
    with pytest.raises(ClientConnectorError):
        await user.status("/list")
    await clock.advance(20)
    assert await user.status("/list") == 200
    await user.bridge.refuse()
    await clock.advance(1000)
    with pytest.raises(ClientConnectorError):
        await user.status("/list")
    await user.bridge.listen()
    assert await user.status("/list") == 200


async def test_stop_in_the_middle(session: ClientSession) -> None:
    """A stop ends everything that hangs, moves or waits, and the port is free again."""
    bridge = NukiBridgeSimulator(clock=ManualClock(), gap=0)
    await bridge.start()
    user = BridgeUser(bridge, session)
    await user.json("/lockAction", **ACTION)
    bridge.inject("hang", "/list")
    hanging = asyncio.create_task(user.status("/list"))
    await until(lambda: bridge.stats.in_flight)
    await bridge.stop()
    with pytest.raises(ClientError):
        await hanging
    port = bridge.port
    await bridge.start()
    assert bridge.port == port
    assert await user.status("/info") == 200
    await bridge.stop()


async def test_statistics_hold_no_secrets(user: BridgeUser) -> None:
    """The history shows who asked for what, without tokens; a reset empties it."""
    await user.status("/lockState", nukiId=1)
    record = user.bridge.stats.history[0]
    assert (record.path, record.status, record.peer_host) == ("/lockState", 404, "127.0.0.1")
    assert record.params == {"token": "***", "nukiId": "1"}
    assert record.peer_port
    user.bridge.stats.reset()
    assert user.bridge.stats.requests == {}
    assert user.bridge.stats.history == []


async def test_control_shows_everything(user: BridgeUser) -> None:
    """The control interface reports state, statistics and its commands."""
    await user.status("/list")
    async with user.session.get(user.bridge.control_url) as response:
        shown = await response.json()
    assert shown["domain"] == "nuki_bridge"
    assert shown["credentials"] == user.bridge.credentials
    assert shown["stats"]["requests"] == {"/list": 1}
    assert [lock["name"] for lock in shown["state"]["locks"]][:2] == ["Front door", "Cellar"]
    assert {"fault", "ring", "button", "door", "turn", "lock"} < set(shown["commands"])


async def test_control_changes_devices(user: BridgeUser, clock: ManualClock) -> None:
    """Rings, doors, locks and switches can be worked over HTTP."""
    bridge = user.bridge
    assert (await user.control("ring", nuki_id=INTERCOM)).status == 200
    assert (await user.known(INTERCOM))["ringactionState"] is True
    await user.control("door", nuki_id=FRONT_DOOR, open=True)
    assert (await user.known(FRONT_DOOR))["doorsensorState"] == 3
    await user.control("door", nuki_id=FRONT_DOOR, open=False)
    assert (await user.known(FRONT_DOOR))["doorsensorState"] == 2
    await user.control("turn", nuki_id=CELLAR, state=3)
    assert (await user.known(CELLAR))["state"] == 3
    await user.control("lock", nuki_id=CELLAR, battery_critical=True, door_state=2)
    assert (await user.known(CELLAR))["batteryCritical"] is True
    await user.control("add_lock", nuki_id=5, name="Shed", device_type=3)
    assert (await user.item(5))["name"] == "Shed"
    await user.control("remove_lock", nuki_id=5)
    assert 5 not in bridge.locks
    await user.control("set", clock_skew=60, callbacks_lost=True, rssi_key="rsi")
    assert (bridge.clock_skew, bridge.callbacks_lost) == (60.0, True)
    assert "rsi" in (await user.json("/info"))["scanResults"][0]
    await user.control("advance", seconds=5)
    assert clock.monotonic() == 5
    response = await user.control("callbacks")
    assert await response.json() == {"ok": True, "slots": [], "posts": []}


async def test_control_plays_tricks(user: BridgeUser, clock: ManualClock) -> None:
    """Faults, outages and the button are at hand over HTTP."""
    bridge = user.bridge
    await user.control("fault", kind="status", path="/list", status=500)
    assert await user.status("/list") == 500
    await user.control("fault", kind="status", path="/list", times=None)
    await user.control("clear_faults")
    assert await user.status("/list") == 200
    await user.control("fail", path="/lockAction")
    assert await user.json("/lockAction", **ACTION) == {"success": False}
    await user.control("refuse")
    assert not bridge.listening
    await user.control("listen")
    assert bridge.listening
    await user.control("reboot")
    await clock.advance(10)
    waiting = asyncio.create_task(user.get("/auth"))
    await until(lambda: bridge.led)
    await user.control("button")
    assert (await waiting)[0] == 200
    await user.control("reset_stats")
    assert bridge.stats.requests == {}


@pytest.mark.parametrize(
    ("command", "body", "status"),
    [
        ("nothing", {}, 404),
        ("ring", {}, 400),
        ("ring", {"nuki_id": 1}, 400),
        ("ring", {"nuki_id": CELLAR}, 400),
        ("fault", {"kind": "magic"}, 400),
        ("fault", {"kind": "status", "nonsense": 1}, 400),
        ("fault", {"kind": "status", "path": "list"}, 400),
        ("fault", {"kind": "status", "times": 0}, 400),
        ("lock", {"nuki_id": CELLAR, "known": {}}, 400),
        ("lock", {"nuki_id": CELLAR, "state": "x"}, 400),
        ("lock", {"nuki_id": CELLAR, "state": True}, 400),
        ("set", {"nonsense": 1}, 400),
        ("set", {"stale_cache": 1}, 400),
        ("set", {"clock_skew": True}, 400),
    ],
)
async def test_control_refuses_nonsense(
    user: BridgeUser, command: str, body: dict[str, Any], status: int
) -> None:
    """Mistakes get an explanation and change nothing."""
    response = await user.control(command, **body)
    assert response.status == status
    assert (await response.json())["error"]
    async with user.session.post(f"{user.bridge.control_url}/set", data="[1]") as response:
        assert response.status == 400
    async with user.session.get(f"{user.bridge.control_url}/nothing") as response:
        assert response.status == 404


async def test_real_clock_cannot_be_advanced(session: ClientSession) -> None:
    """Only a manual clock can be moved."""
    async with NukiBridgeSimulator(clock=RealClock()) as bridge:
        response = await BridgeUser(bridge, session).control("advance", seconds=1)
        assert response.status == 400
