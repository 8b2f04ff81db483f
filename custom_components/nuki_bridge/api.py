"""Client of the Nuki bridge's HTTP API: its endpoints.

Sources: vendor's Bridge HTTP API 1.13.3 and 1.6.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from http import HTTPStatus
import logging
from typing import Any

import aiohttp
import orjson

from .errors import (
    NukiActionRejectedError,
    NukiActionUncertainError,
    NukiAuthError,
    NukiBusyError,
    NukiButtonNotPressedError,
    NukiDeviceOfflineError,
    NukiError,
    NukiNotSupportedError,
    NukiPairingDisabledError,
    NukiResponseError,
    NukiStatusError,
    NukiUnknownDeviceError,
)
from .models import (
    Action,
    AuthMode,
    BridgeInfo,
    Callback,
    DeviceState,
    NukiDevice,
)
from .parsing import (
    MalformedError,
    parse_callbacks,
    parse_devices,
    parse_info,
    parse_lock_state,
    parse_log,
)
from .transport import GAP, RETRY_DELAYS, TokenWriter, Transport, utcnow

_LOGGER = logging.getLogger(__name__)

READ_TIMEOUT = 10.0
ACTION_TIMEOUT = 30.0
BUTTON_TIMEOUT = 45.0  # the bridge waits 30 s for its button
TOKEN_WINDOW = timedelta(seconds=60)
LIFETIME = timedelta(days=36525)  # further off no clock is
MAX_CALLBACKS = 3
MAX_CALLBACK_URL = 254


class NukiBridgeClient:
    """One bridge; how requests travel is in Transport."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        host: str,
        port: int,
        token: str = "",
        mode: AuthMode = AuthMode.ENCRYPTED,
        *,
        gap: float = GAP,
        retry_delays: Sequence[float] = RETRY_DELAYS,
        now: Callable[[], datetime] = utcnow,
    ) -> None:
        """Take a session that is not closed here; gap and delays are seconds."""
        self._transport = Transport(
            session,
            host,
            port,
            TokenWriter(token, mode) if token else None,
            gap=gap,
            retry_delays=retry_delays,
            now=now,
        )
        self._mode = mode
        self._actions: dict[int, tuple[Action, asyncio.Task[None]]] = {}
        self.host = host

    @property
    def signs_time(self) -> bool:
        """Whether the token bears the time, so that a wrong clock makes it a wrong token."""
        return self._mode is not AuthMode.PLAIN

    @property
    def clock_offset(self) -> timedelta:
        """How far the bridge's clock is ahead of ours."""
        return self._transport.clock_offset

    @property
    def bridge_time(self) -> datetime:
        """What the bridge takes for the present time."""
        return self._transport.bridge_time

    @property
    def last_success(self) -> datetime | None:
        """When the bridge last answered as it should."""
        return self._transport.last_success

    @property
    def requests_last_hour(self) -> int:
        """How many requests were sent within the last hour."""
        return self._transport.requests_last_hour

    async def pair(self) -> str:
        """Wait for the bridge's button and return its token (Bridge API 1.13.3, "/auth").

        Raises:
            NukiPairingDisabledError: the bridge answered 403.
            NukiButtonNotPressedError: the button was not pressed within 30 s.
            NukiConnectionError, NukiBusyError, NukiResponseError: as for every request.
        """
        try:
            answer = await self._ask("/auth", timeout=BUTTON_TIMEOUT, signed=False)
        except NukiAuthError:
            raise NukiPairingDisabledError from None
        if not _succeeded(answer):
            raise NukiButtonNotPressedError
        token = answer.get("token")
        if not isinstance(token, str) or not token:
            raise NukiResponseError("no token")
        return token

    async def info(self) -> BridgeInfo:
        """Read /info, and learn from it how the bridge's clock differs from ours.

        Raises:
            NukiConnectionError, NukiBusyError, NukiAuthError, NukiResponseError.
        """
        info = await self._read("/info", parse_info)
        if info.current_time is not None:
            offset = info.current_time - self._transport.now()
            # A bridge that took a token with a time in it cannot be further off than its window:
            # what claims to be must not make us write tokens for another time.
            allowed = LIFETIME if self._mode is AuthMode.PLAIN else TOKEN_WINDOW
            if abs(offset - self.clock_offset) <= allowed:
                self._transport.clock_offset = offset
        return info

    async def devices(self) -> dict[int, NukiDevice]:
        """Read the bridge's memory of all paired devices, by Nuki id; wakes none of them (/list).

        Raises:
            NukiConnectionError, NukiBusyError, NukiAuthError, NukiResponseError.
        """
        devices, faults = await self._read("/list", parse_devices)
        if faults:
            _LOGGER.debug("Left out of /list: %s", ", ".join(faults))
        return devices

    async def lock_state(self, device: NukiDevice) -> DeviceState:
        """Ask the device itself, which costs its battery (Bridge API 1.13.3, "/lockState").

        Raises:
            NukiDeviceOfflineError, NukiUnknownDeviceError: the device was not reached.
            NukiConnectionError, NukiBusyError, NukiAuthError, NukiResponseError.
        """
        try:
            answer = await self._ask(
                "/lockState", self._target(device), timeout=ACTION_TIMEOUT, urgent=True
            )
        except NukiStatusError as err:
            raise _device_error(err) from None
        if not _succeeded(answer):
            raise NukiDeviceOfflineError
        return parsed(parse_lock_state, answer)

    async def lock_action(self, device: NukiDevice, action: Action) -> None:
        """Send an action to a device and return once the bridge has accepted it.

        The bridge answers before the bolt has moved (noWait=1); the new state arrives by callback
        or with the next /list. An action that is the same as the last one still on its way is
        joined to it; another one waits for it. Bridge API 1.13.3, "/lockAction".

        Raises:
            NukiBusyError: the bridge still answered 503 after all retries; nothing was sent.
            NukiDeviceOfflineError, NukiUnknownDeviceError: the device was not reached.
            NukiActionRejectedError: the bridge answered success=false; nothing moved.
            NukiActionUncertainError: the connection broke after sending; it may have moved.
            NukiConnectionError, NukiAuthError: the bridge was not reached, or refused the token.
        """
        before = self._actions.get(device.nuki_id)
        if before is None or before[0] is not action:
            task = asyncio.create_task(
                self._act_after(before[1] if before else None, device, action)
            )
            before = self._actions[device.nuki_id] = (action, task)
            task.add_done_callback(lambda _: self._forget_action(device.nuki_id, task))
        # One of two who wait may give up; the action is on its way all the same.
        await asyncio.shield(before[1])

    def _forget_action(self, nuki_id: int, task: asyncio.Task[None]) -> None:
        if not task.cancelled():
            task.exception()  # every waiter may have gone
        if (last := self._actions.get(nuki_id)) and last[1] is task:
            del self._actions[nuki_id]

    async def _act_after(
        self, earlier: asyncio.Task[None] | None, device: NukiDevice, action: Action
    ) -> None:
        if earlier is not None:
            await asyncio.wait([earlier])
        if action.for_opener is not device.is_opener:
            raise NukiActionRejectedError
        params = {**self._target(device), "action": str(action.code), "noWait": "1"}
        try:
            await self._act("/lockAction", params, timeout=ACTION_TIMEOUT)
        except NukiStatusError as err:
            raise _device_error(err) from None
        except NukiBusyError:
            # The same 503 stands for a lock out of reach: a bridge that answers others is not
            # busy (Bridge API 1.13.3, "/lockAction" and "Error codes").
            await self._ask("/list", urgent=True)
            raise NukiDeviceOfflineError from None

    async def callbacks(self) -> list[Callback]:
        """Read the registered callbacks (/callback/list).

        Raises:
            NukiConnectionError, NukiBusyError, NukiAuthError, NukiResponseError.
        """
        return await self._read("/callback/list", parse_callbacks)

    async def add_callback(self, url: str) -> None:
        """Register a callback: http only, 254 characters at most (/callback/add).

        Raises:
            NukiActionRejectedError: success=false: too many, or there already.
            NukiConnectionError, NukiBusyError, NukiAuthError, NukiResponseError.
        """
        await self._act("/callback/add", {"url": url})

    async def remove_callback(self, url: str) -> bool:
        """Remove the callback with exactly this URL; return whether there was one.

        Ids are places in a list that others may change: it is read anew each time
        (/callback/remove).

        Raises:
            NukiActionRejectedError, NukiConnectionError, NukiBusyError, NukiAuthError,
            NukiResponseError.
        """
        for callback in await self.callbacks():
            if callback.url == url:
                await self._act("/callback/remove", {"id": str(callback.callback_id)})
                return True
        return False

    async def log(self, offset: int = 0, count: int = 100) -> Sequence[dict[str, Any]]:
        """Read the bridge's log, newest first (/log; not on a software bridge).

        Raises:
            NukiNotSupportedError: a software bridge.
            NukiConnectionError, NukiBusyError, NukiAuthError, NukiResponseError.
        """
        params = {"offset": str(offset), "count": str(count)}
        return await _supported(self._read("/log", parse_log, params))

    async def clear_log(self) -> None:
        """Clear the bridge's log (/clearlog). Raises as log() does."""
        await _supported(self._act("/clearlog", empty=True))

    async def reboot(self) -> None:
        """Restart the bridge (/reboot). Raises as log() does."""
        await _supported(self._act("/reboot", empty=True))

    async def update_bridge_firmware(self) -> None:
        """Let the bridge look for new firmware of its own.

        Without scope=1 firmware since API 1.13.2 updates every lock too (/fwupdate).
        Raises as log() does.
        """
        await _supported(self._act("/fwupdate", {"scope": "1"}, empty=True))

    async def factory_reset(self) -> None:
        """Reset the bridge: all pairings and settings are lost (/factoryReset)."""
        await _supported(self._act("/factoryReset", empty=True))

    async def set_discoverable(self, *, enable: bool) -> None:
        """Allow or forbid pairing by button and the listing for discovery (/configAuth).

        Raises:
            NukiActionRejectedError, NukiConnectionError, NukiBusyError, NukiAuthError,
            NukiResponseError.
        """
        await self._act("/configAuth", {"enable": str(int(enable))})

    async def unpair(self, device: NukiDevice) -> None:
        """Remove a device from the bridge (/unpair; not on a software bridge).

        Raises:
            NukiUnknownDeviceError: unknown device, or a software bridge.
            NukiActionRejectedError, NukiConnectionError, NukiBusyError, NukiAuthError,
            NukiResponseError.
        """
        try:
            await self._act("/unpair", self._target(device), timeout=ACTION_TIMEOUT)
        except NukiStatusError as err:
            raise _device_error(err) from None

    @staticmethod
    def _target(device: NukiDevice) -> dict[str, str]:
        return {"nukiId": str(device.nuki_id), "deviceType": str(device.device_type)}

    async def _read[T](
        self, path: str, parse: Callable[[Any], T], params: Mapping[str, str] | None = None
    ) -> T:
        return parsed(parse, await self._ask(path, params))

    async def _ask(
        self,
        path: str,
        params: Mapping[str, str] | None = None,
        *,
        timeout: float = READ_TIMEOUT,  # noqa: ASYNC109  handed to aiohttp
        urgent: bool = False,
        signed: bool = True,
    ) -> Any:
        send = partial(
            self._transport.send, path, params, timeout=timeout, urgent=urgent, signed=signed
        )
        try:
            return decoded(await send())
        except NukiResponseError:
            # Bridges mix up the bodies of two answers now and then; twice in a row is no chance.
            return decoded(await send())

    async def _act(
        self,
        path: str,
        params: Mapping[str, str] | None = None,
        *,
        timeout: float = READ_TIMEOUT,  # noqa: ASYNC109  handed to aiohttp
        empty: bool = False,
    ) -> None:
        """Send what changes something: first in the line, and never sent twice."""
        body = await self._transport.send(path, params, timeout=timeout, urgent=True, acts=True)
        if empty:
            return
        try:
            success = _succeeded(decoded(body))
        except NukiResponseError:
            raise NukiActionUncertainError from None
        if not success:
            raise NukiActionRejectedError


def decoded(body: bytes) -> Any:
    """Decode JSON, or raise NukiResponseError."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        raise NukiResponseError("no JSON") from None


def parsed[T](parse: Callable[[Any], T], answer: Any) -> T:
    """Parse an answer, or raise NukiResponseError."""
    try:
        return parse(answer)
    except MalformedError as err:
        raise NukiResponseError(f"malformed: {err}") from None


def _succeeded(answer: Any) -> bool:
    if not isinstance(answer, dict) or not isinstance(answer.get("success"), bool):
        raise NukiResponseError("no success flag")
    return bool(answer["success"])


def _device_error(err: NukiStatusError) -> NukiError:
    """Return what a status means for a request that names a device."""
    match err.status:
        case HTTPStatus.NOT_FOUND:
            return NukiUnknownDeviceError()
        case HTTPStatus.GONE:
            return NukiDeviceOfflineError()
        case HTTPStatus.BAD_REQUEST:
            return NukiActionRejectedError()
        case _:
            return err


async def _supported[T](request: Awaitable[T]) -> T:
    try:
        return await request
    except NukiStatusError as err:
        if err.status == HTTPStatus.NOT_FOUND:
            raise NukiNotSupportedError from None
        raise
