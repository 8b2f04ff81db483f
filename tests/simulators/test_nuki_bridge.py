"""Tests of the bridge itself: shapes, the button, one request at a time, maintenance."""

import asyncio
from collections.abc import Callable

from aiohttp import ClientConnectorError
import pytest

from simulators.clock import ManualClock
from simulators.nuki_bridge import CELLAR, FRONT_DOOR, INTERCOM, NEIGHBOUR, NukiBridgeSimulator

from .helpers import BridgeUser, slept, until

type UserOf = Callable[[NukiBridgeSimulator], BridgeUser]


async def test_list_of_a_hardware_bridge(user: BridgeUser) -> None:
    """Locks and an Opener report what is theirs."""
    items = {item["name"]: item for item in await user.json("/list")}
    assert {name: item["deviceType"] for name, item in items.items()} == {
        "Front door": 4,
        "Cellar": 0,
        "Garden gate": 3,
        "Intercom": 2,
    }
    assert items["Front door"]["lastKnownState"] == {
        "mode": 2,
        "state": 1,
        "stateName": "locked",
        "batteryCritical": False,
        "batteryCharging": False,
        "batteryChargeState": 84,
        "doorsensorState": 2,
        "doorsensorStateName": "door closed",
        "timestamp": "2026-10-05T12:00:00+00:00",
    }
    assert items["Cellar"]["lastKnownState"]["keypadBatteryCritical"] is False
    assert "doorsensorState" not in items["Cellar"]["lastKnownState"]
    assert items["Intercom"]["lastKnownState"] == {
        "mode": 2,
        "state": 1,
        "stateName": "online",
        "batteryCritical": False,
        "ringactionState": False,
        "timestamp": "2026-10-05T12:00:00+00:00",
    }


async def test_info_of_a_hardware_bridge(user: BridgeUser, clock: ManualClock) -> None:
    """The bridge tells about itself and about what is in range, strangers included."""
    await clock.advance(100)
    info = await user.json("/info")
    assert info["bridgeType"] == 1
    assert set(info["ids"]) == {"hardwareId", "serverId"}
    assert info["ids"]["hardwareId"] != info["ids"]["serverId"]
    assert info["versions"]["firmwareVersion"] == "2.18.0"
    assert info["uptime"] == 100
    assert info["wlanConnected"] is True
    seen = {result["nukiId"]: result for result in info["scanResults"]}
    assert seen[NEIGHBOUR]["paired"] is False
    assert seen[INTERCOM] == {
        "deviceType": 2,
        "nukiId": INTERCOM,
        "name": "Nuki_1EF8D3B4",
        "rssi": -67,
        "paired": True,
    }


async def test_bridge_of_2017(user_of: UserOf, clock: ManualClock) -> None:
    """The old bridge knows neither kinds of devices nor modes, and spells rsi."""
    async with NukiBridgeSimulator(profile="v1.6", clock=clock, gap=0) as bridge:
        user = user_of(bridge)
        item = (await user.json("/list"))[0]
        assert set(item) == {"nukiId", "name", "lastKnownState"}
        assert set(item["lastKnownState"]) == {
            "state",
            "stateName",
            "batteryCritical",
            "timestamp",
        }
        info = await user.json("/info")
        assert set(info["scanResults"][0]) == {"nukiId", "name", "rsi", "paired"}
        assert "wlanConnected" not in info
        assert info["currentTime"] == "2026-10-05T12:00:00Z"
        assert await user.status("/unlock", nukiId=FRONT_DOOR) == 404
        assert await user.status("/log") == 200


async def test_software_bridge(user_of: UserOf, clock: ManualClock) -> None:
    """The software bridge has no hardware id and nothing to maintain."""
    async with NukiBridgeSimulator(profile="sw", clock=clock, gap=0) as bridge:
        user = user_of(bridge)
        info = await user.json("/info")
        assert info["bridgeType"] == 2
        assert set(info["ids"]) == {"serverId"}
        assert set(info["versions"]) == {"appVersion"}
        for path in ("/unpair", "/log", "/clearlog", "/fwupdate", "/reboot", "/factoryReset"):
            assert await user.status(path) == 404
        assert bridge.bridge_id == info["ids"]["serverId"]


async def test_button_in_time(user: BridgeUser, clock: ManualClock) -> None:
    """The request stays open until the button is pressed and then brings the token."""
    waiting = asyncio.create_task(user.get("/auth"))
    await until(lambda: user.bridge.led)
    await clock.advance(29)
    assert not waiting.done()
    assert (await user.get("/auth"))[0] == 503
    user.bridge.press_button()
    status, kind, text = await waiting
    assert (status, kind) == (200, "application/json")
    assert user.bridge.credentials["token"] in text
    assert '"success": true' in text
    assert user.bridge.led is False


async def test_button_too_late(user: BridgeUser, clock: ManualClock) -> None:
    """Without the button there is no token; a press from before does not count."""
    user.bridge.press_button()
    waiting = asyncio.create_task(user.get("/auth"))
    await until(lambda: user.bridge.led)
    await clock.advance(30)
    assert (await waiting)[2] == '{"success": false}'


async def test_auth_can_be_disabled(user: BridgeUser) -> None:
    """With /configAuth off, /auth is forbidden and the cloud hides the address."""
    assert await user.status("/configAuth", enable=2) == 400
    async with user.session.get(f"{user.bridge.control_url}/discover/bridges") as response:
        shown = (await response.json())["bridges"][0]
    assert shown["bridgeId"] == user.bridge.server_id
    assert (shown["ip"], shown["port"]) == ("127.0.0.1", user.bridge.port)
    assert await user.json("/configAuth", enable=0) == {"success": True}
    assert (await user.get("/auth"))[0] == 403
    async with user.session.get(f"{user.bridge.control_url}/discover/bridges") as response:
        found = await response.json()
    assert (found["bridges"][0]["ip"], found["bridges"][0]["port"]) == ("0.0.0.0", 0)  # noqa: S104
    assert found["errorCode"] == 0


async def test_one_request_at_a_time(user: BridgeUser, clock: ManualClock) -> None:
    """A second request is turned away as text while the first is served."""
    params = {"nukiId": CELLAR, "deviceType": 0}
    slow = asyncio.create_task(user.json("/lockState", **params))
    await slept(clock)
    status, kind, text = await user.get("/list", token=user.bridge.token)
    assert (status, kind, text) == (503, "text/plain", "HTTP 503 Unavailable")
    await clock.advance(2)
    assert (await slow)["success"] is True
    assert await user.status("/list") == 200
    assert user.bridge.stats.busy == {"/list": 1}
    assert user.bridge.stats.max_in_flight == 2


async def test_a_client_that_hangs_up_does_not_free_the_bridge(
    user: BridgeUser, clock: ManualClock
) -> None:
    """The bridge goes on with a request whose client has gone."""
    params = {"nukiId": CELLAR, "deviceType": 0, "action": 1}
    waiting = asyncio.create_task(user.json("/lockAction", **params))
    await slept(clock)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    assert await user.status("/list") == 503
    await clock.advance(10)
    assert user.bridge.stats.actions == [(CELLAR, 1)]
    assert await user.status("/list") == 200


async def test_pause_after_an_answer(user_of: UserOf, clock: ManualClock) -> None:
    """Half a second must pass between an answer and the next request; a refusal adds nothing."""
    async with NukiBridgeSimulator(clock=clock) as bridge:
        user = user_of(bridge)
        assert await user.status("/list") == 200
        await clock.advance(0.4)
        assert await user.status("/list") == 503
        await clock.advance(0.1)
        assert await user.status("/list") == 200
        assert bridge.stats.busy == {"/list": 1}


async def test_reboot(user: BridgeUser, clock: ManualClock) -> None:
    """A bridge that restarts has an empty answer, then refuses, then counts from zero."""
    await clock.advance(50)
    assert (await user.get("/reboot", token=user.bridge.token))[::2] == (200, "")
    await until(lambda: not user.bridge.listening)
    port = user.bridge.port
    with pytest.raises(ClientConnectorError):
        await user.status("/list")
    await clock.advance(12)
    assert user.bridge.port == port
    assert (await user.json("/info"))["uptime"] == 2


async def test_factory_reset(user: BridgeUser, clock: ManualClock) -> None:
    """A factory reset forgets devices, callbacks and the token."""
    old = user.bridge.token
    await user.json("/callback/add", url="http://127.0.0.1:9/x")
    assert await user.status("/factoryReset") == 200
    await until(lambda: not user.bridge.listening)
    await clock.advance(10)
    assert (await user.get("/list", token=old))[0] == 401
    waiting = asyncio.create_task(user.get("/auth"))
    await until(lambda: user.bridge.led)
    user.bridge.press_button()
    await waiting
    assert user.bridge.token not in {old, None}
    assert await user.json("/list") == []
    assert await user.json("/callback/list") == {"callbacks": []}


async def test_unpair(user: BridgeUser) -> None:
    """An unpaired device is gone from the list but still in range."""
    assert await user.status("/unpair", nukiId=CELLAR, deviceType=4) == 404
    assert await user.json("/unpair", nukiId=CELLAR, deviceType=0) == {"success": True}
    assert await user.status("/lockState", nukiId=CELLAR, deviceType=0) == 404
    assert CELLAR not in {item["nukiId"] for item in await user.json("/list")}
    assert CELLAR in {result["nukiId"] for result in (await user.json("/info"))["scanResults"]}


async def test_log(user: BridgeUser, clock: ManualClock) -> None:
    """The log is newest first, with ids in hexadecimal, and can be paged and cleared."""
    await user.act(CELLAR, 2)
    await clock.advance(10)
    entries = await user.json("/log")
    assert entries[0] == {"timestamp": "2026-10-05T12:00:10+00:00", "type": "HTTP-Log"}
    kinds = [entry["type"] for entry in entries]
    assert kinds.index("BLE-SendLockAction") < kinds.index("HTTP-LockActionStart")
    start = next(entry for entry in entries if entry["type"] == "HTTP-LockActionStart")
    assert start["nukiId"] == "1E5C9A07"
    assert start["action"] == "lock"
    assert await user.json("/log", offset=2, count=2) == entries[1:3]
    assert await user.status("/log", offset="x") == 400
    assert (await user.get("/clearlog", token=user.bridge.token))[2] == ""
    assert [entry["type"] for entry in await user.json("/log")] == ["HTTP-Log"]


async def test_firmware_updates_are_counted(user: BridgeUser) -> None:
    """Without a scope everything is updated."""
    assert (await user.get("/fwupdate", token=user.bridge.token))[2] == ""
    await user.status("/fwupdate", scope=1)
    await user.status("/fwupdate", scope=2, nukiId=CELLAR, deviceType=0)
    updates = user.bridge.firmware_updates
    assert updates == [{"scope": 0}, {"scope": 1}, {"scope": 2, "nukiId": CELLAR}]


async def test_other_methods_and_paths(user: BridgeUser) -> None:
    """The bridge only knows GET and its own paths."""
    assert await user.status("/nothing") == 404
    url = f"{user.bridge.url}/list?token={user.bridge.token}"
    async with user.session.post(url) as response:
        assert response.status == 405
