"""The paths of the bridge and their answers.

Sources: Bridge API 1.6 (2017), section "Endpoints", and Bridge API 1.13.3 (2024), the same
section. Where they are silent, what working clients and published captures show.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any

from aiohttp import web

from .callbacks import MAX_URL
from .devices import SimLock, stamp

if TYPE_CHECKING:
    from .simulator import NukiBridgeSimulator

type Params = Mapping[str, str]

_DEVICES_SCOPE = 2
_MAX_LOG = 1000

# What the simple actions do, per kind of device, as numbers of /lockAction.
_LOCK_UNLOCK, _LOCK_LOCK, _LOCK_UNLATCH = 1, 2, 3
_OPENER_RTO_OFF, _OPENER_STRIKE, _OPENER_CM_OFF = 2, 3, 5


class _RefusedError(Exception):
    """An answer other than 200."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status
        self.text = text


class Endpoints:
    """Answers the requests of a bridge."""

    def __init__(self, simulator: NukiBridgeSimulator) -> None:
        """Offer what the profile has."""
        self._simulator = simulator
        self.reboot_due = False
        self._paths: dict[str, Callable[[Params], Awaitable[Any]]] = {
            "/configAuth": self._config_auth,
            "/list": self._list,
            "/lockState": self._lock_state,
            "/lockAction": self._lock_action,
            "/info": self._info,
            "/callback/add": self._callback_add,
            "/callback/list": self._callback_list,
            "/callback/remove": self._callback_remove,
        }
        if simulator.traits.simple_actions:
            self._paths |= {"/lock": self._simple_lock, "/unlock": self._simple_unlock}
        if simulator.traits.maintenance:
            self._paths |= {
                "/unpair": self._unpair,
                "/log": self._log,
                "/clearlog": self._clearlog,
                "/fwupdate": self._fwupdate,
                "/reboot": self._reboot,
                "/factoryReset": self._factory_reset,
            }

    async def respond(self, request: web.Request) -> web.Response:
        """Carry a request out."""
        if request.method != "GET":
            return web.Response(status=405, text="HTTP 405 Method Not Allowed")
        try:
            body = await self._answer(request.path, request.query)
        except _RefusedError as refused:
            return web.Response(status=refused.status, text=refused.text)
        # The maintenance calls answer with an empty body.
        return web.Response() if body is None else web.json_response(body)

    async def _answer(self, path: str, params: Params) -> Any:
        if path == "/auth":
            return await self._auth()
        if (answer := self._paths.get(path)) is None:
            raise _RefusedError(404, "HTTP 404 Not Found")
        self._authorize(params)
        return await answer(params)

    def _authorize(self, params: Params) -> None:
        simulator = self._simulator
        now = simulator.bridge_time()
        if simulator.token_rejected or not simulator.checker.accepts(params, simulator.token, now):
            simulator.stats.rejected += 1
            raise _RefusedError(simulator.bad_token_status, f"HTTP {simulator.bad_token_status}")

    async def _auth(self) -> dict[str, Any]:
        simulator = self._simulator
        if not simulator.auth_enabled:
            raise _RefusedError(403, "HTTP 403 Forbidden")
        if not await simulator.button_pressed():
            return {"success": False}
        return {"token": simulator.new_token(), "success": True}

    async def _config_auth(self, params: Params) -> dict[str, Any]:
        enable = params.get("enable")
        if enable not in {"0", "1"}:
            raise _RefusedError(400, "HTTP 400 Bad Request")
        self._simulator.auth_enabled = enable == "1"
        return {"success": True}

    async def _list(self, _: Params) -> list[dict[str, Any]]:
        """Answer from memory, without Bluetooth."""
        simulator = self._simulator
        simulator.journal.note("HTTP-List")
        items = []
        for lock in simulator.paired():
            if not (simulator.stale_cache or lock.offline or lock.stuck):
                simulator.remember(lock)
            item: dict[str, Any] = {"nukiId": lock.nuki_id, "name": lock.name}
            if simulator.traits.since_2019:
                item = {"deviceType": int(lock.device_type)} | item
                if lock.firmware is not None:
                    item["firmwareVersion"] = lock.firmware
            if lock.has_last_known_state:
                when = lock.known_at or simulator.bridge_time()
                item["lastKnownState"] = lock.known | {"timestamp": stamp(when)}
            items.append(item)
        return items

    async def _lock_state(self, params: Params) -> dict[str, Any]:
        """Ask the device by Bluetooth."""
        simulator = self._simulator
        lock = self._device(params)
        simulator.journal.note("HTTP-LockState", lock)
        await simulator.clock.sleep(simulator.lock_state_seconds)
        if lock.offline:
            return self._offline(lock)
        simulator.connected(lock)
        simulator.journal.note("BLE-ReadStates", lock, pairIndex=simulator.pair_index(lock))
        lock.has_last_known_state = True
        simulator.remember(lock)
        return lock.known | {"success": True}

    async def _lock_action(self, params: Params) -> dict[str, Any]:
        lock = self._device(params)
        action = _number(params.get("action"))
        if action not in lock.actions:
            raise _RefusedError(400, "HTTP 400 Bad Request")
        no_wait = params.get("noWait", params.get("nowait", "0"))
        if no_wait not in {"0", "1"}:
            raise _RefusedError(400, "HTTP 400 Bad Request")
        return await self._act(lock, (action,), wait=no_wait == "0")

    async def _simple_lock(self, params: Params) -> dict[str, Any]:
        """Lock; an Opener ends ring-to-open and continuous mode."""
        lock = self._device(params)
        actions = (_OPENER_RTO_OFF, _OPENER_CM_OFF) if lock.is_opener else (_LOCK_LOCK,)
        return await self._act(lock, actions, wait=True)

    async def _simple_unlock(self, params: Params) -> dict[str, Any]:
        """Unlock; a door with a knob is unlatched, an Opener opens."""
        lock = self._device(params)
        action = _LOCK_UNLATCH if lock.knob else _LOCK_UNLOCK
        return await self._act(lock, (_OPENER_STRIKE if lock.is_opener else action,), wait=True)

    async def _act(self, lock: SimLock, actions: tuple[int, ...], *, wait: bool) -> dict[str, Any]:
        simulator = self._simulator
        for action in actions:
            simulator.journal.note("HTTP-LockActionStart", lock, action=lock.actions[action])
            if lock.offline:
                return self._offline(lock)
            simulator.stats.asked.append((lock.nuki_id, action))
            if simulator.motion.is_busy(lock):
                return {"success": False, "batteryCritical": lock.battery_critical}
            task = simulator.motion.begin(lock, action)
            if wait and not await simulator.motion.ended(task):
                return {"success": False, "batteryCritical": lock.battery_critical}
        simulator.journal.note("HTTP-LockActionSuccess", lock)
        return {"success": True, "batteryCritical": lock.battery_critical}

    async def _unpair(self, params: Params) -> dict[str, Any]:
        lock = self._device(params)
        self._simulator.motion.interrupt(lock)
        lock.paired = False
        return {"success": True}

    async def _info(self, _: Params) -> dict[str, Any]:
        simulator = self._simulator
        traits = simulator.traits
        simulator.journal.note("HTTP-Info")
        ids = {"serverId": simulator.server_id}
        if traits.maintenance:
            ids = {"hardwareId": simulator.hardware_id} | ids
        wlan = {"wlanConnected": simulator.wlan_connected} if traits.reports_wlan else {}
        scan = []
        for lock in simulator.locks.values():
            if lock.offline:
                continue
            kind = {"deviceType": int(lock.device_type)} if traits.since_2019 else {}
            seen = {
                "nukiId": lock.nuki_id,
                "name": f"Nuki_{lock.hex_id}",
                simulator.rssi_key: lock.rssi,
                "paired": lock.paired,
            }
            scan.append(kind | seen)
        return {
            "bridgeType": traits.bridge_type,
            "ids": ids,
            "versions": traits.versions,
            "uptime": simulator.uptime,
            "currentTime": f"{simulator.bridge_time():%Y-%m-%dT%H:%M:%S}{simulator.time_suffix}",
            **wlan,
            "serverConnected": simulator.server_connected,
            "scanResults": scan,
        }

    async def _callback_add(self, params: Params) -> dict[str, Any]:
        url = params.get("url", "")
        if not url.startswith("http://") or url == "http://" or len(url) > MAX_URL:
            raise _RefusedError(400, "HTTP 400 Bad Request")
        return _result(self._simulator.callbacks.add(url))

    async def _callback_list(self, _: Params) -> dict[str, Any]:
        urls = self._simulator.callbacks.urls
        return {"callbacks": [{"id": number, "url": url} for number, url in enumerate(urls)]}

    async def _callback_remove(self, params: Params) -> dict[str, Any]:
        if (position := _number(params.get("id"))) is None:
            raise _RefusedError(400, "HTTP 400 Bad Request")
        removed = self._simulator.callbacks.remove(position)
        return _result(None if removed else "callback not found")

    async def _log(self, params: Params) -> list[dict[str, Any]]:
        offset = _number(params.get("offset", "0"))
        count = _number(params.get("count", "100"))
        if offset is None or count is None:
            raise _RefusedError(400, "HTTP 400 Bad Request")
        self._simulator.journal.note("HTTP-Log")
        return self._simulator.journal.page(offset, min(count, _MAX_LOG))

    async def _clearlog(self, _: Params) -> None:
        self._simulator.journal.clear()

    async def _fwupdate(self, params: Params) -> None:
        """Take note; without a scope everything is updated."""
        update = {"scope": _number(params.get("scope", "0")) or 0}
        if update["scope"] == _DEVICES_SCOPE and "nukiId" in params:
            update["nukiId"] = self._device(params).nuki_id
        self._simulator.firmware_updates.append(update)

    async def _reboot(self, _: Params) -> None:
        self.reboot_due = True

    async def _factory_reset(self, _: Params) -> None:
        self._simulator.factory_reset()
        self.reboot_due = True

    def _device(self, params: Params) -> SimLock:
        """Return the device that is meant; another deviceType means another device."""
        simulator = self._simulator
        lock = simulator.locks.get(_number(params.get("nukiId")) or -1)
        kind = _number(params.get("deviceType", "0"))
        if lock is None or not lock.paired:
            raise _RefusedError(404, "HTTP 404 Not Found")
        if simulator.traits.since_2019 and kind != lock.device_type:
            raise _RefusedError(404, "HTTP 404 Not Found")
        return lock

    def _offline(self, lock: SimLock) -> dict[str, Any]:
        if lock.offline_status != 200:
            raise _RefusedError(lock.offline_status, f"HTTP {lock.offline_status} Unavailable")
        return {"success": False}


def _number(text: str | None) -> int | None:
    """Return a whole number without a sign, or None for anything else."""
    return int(text) if text is not None and text.isascii() and text.isdecimal() else None


def _result(problem: str | None) -> dict[str, Any]:
    return {"success": True} if problem is None else {"success": False, "message": problem}
