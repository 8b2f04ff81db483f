"""One request to a heat pump: in its turn, over the pinned connection, sent once, judged.

The server of the heat pump stops answering when two requests overlap (experience of public
clients), so that everything that asks anything of one host shares one line.
"""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from http import HTTPStatus
import logging
from typing import Any
from weakref import WeakValueDictionary

import aiohttp
import orjson
from yarl import URL

from .errors import (
    NibeAuthError,
    NibeCertificateError,
    NibeConnectionError,
    NibeError,
    NibeResponseError,
    NibeStatusError,
    NibeUncertainError,
)
from .tls import RELAXED

_LOGGER = logging.getLogger(__name__)

TIMEOUT = 30.0
CONNECT_TIMEOUT = 15.0
MAX_ANSWER = 8 * 1024 * 1024  # a thousand points are half a megabyte


class _RepeatRefusedError(aiohttp.ClientError):
    """aiohttp wanted to send a request a second time."""


class _SendOnce:
    """Middleware that lets a request out once; aiohttp repeats GET and DELETE by itself."""

    def __init__(self) -> None:
        self._sent = False

    async def __call__(
        self, request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
    ) -> aiohttp.ClientResponse:
        if self._sent:
            raise _RepeatRefusedError
        self._sent = True
        return await handler(request)


class RequestLine:
    """Admits one request at a time to a host, commands before polls."""

    def __init__(self) -> None:
        """Start with a free line."""
        self._busy = False
        self._urgent: deque[asyncio.Future[None]] = deque()
        self._waiting: deque[asyncio.Future[None]] = deque()

    @asynccontextmanager
    async def turn(self, *, urgent: bool) -> AsyncGenerator[None]:
        """Wait for the line and keep it for one request."""
        if self._busy:
            turn = asyncio.get_running_loop().create_future()
            (self._urgent if urgent else self._waiting).append(turn)
            try:
                await turn
            except asyncio.CancelledError:
                if not turn.cancelled():
                    self._pass_on()  # it was our turn just as we gave up
                raise
        self._busy = True
        try:
            yield
        finally:
            self._pass_on()

    def _pass_on(self) -> None:
        for queue in (self._urgent, self._waiting):
            while queue:
                turn = queue.popleft()
                if not turn.done():  # else whoever waited has given up
                    turn.set_result(None)
                    return
        self._busy = False


_LINES: WeakValueDictionary[tuple[str, int], RequestLine] = WeakValueDictionary()


def _line_of(host: str, port: int) -> RequestLine:
    # Not setdefault(): the new line would have no owner by the time it is returned.
    if (line := _LINES.get((host, port))) is None:
        line = _LINES[host, port] = RequestLine()
    return line


class Transport:
    """Sends requests to one host."""

    def __init__(
        self, session: aiohttp.ClientSession, host: str, port: int, user: str, password: str
    ) -> None:
        """Take a session that is pinned to the heat pump's certificate and not closed here."""
        self._session = session
        self._base = URL.build(scheme="https", host=host, port=port) / "api" / "v1"
        self._authorization = aiohttp.encode_basic_auth(user, password)
        self._line = _line_of(host, port)
        self._sent_at: deque[float] = deque()
        self.last_success: datetime | None = None

    @property
    def requests_last_hour(self) -> int:
        """How many requests were sent within the last hour."""
        self._forget_old()
        return len(self._sent_at)

    def _forget_old(self) -> None:
        hour_ago = asyncio.get_running_loop().time() - 3600
        while self._sent_at and self._sent_at[0] < hour_ago:
            self._sent_at.popleft()

    async def send(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        urgent: bool = False,
        language: str | None = None,
    ) -> bytes:
        """Send a request and return the body of its answer.

        Raises:
            NibeConnectionError: not reached, or a read broke off.
            NibeUncertainError: the connection broke after something that acts was sent.
            NibeCertificateError: another certificate; nothing was sent.
            NibeAuthError: 401 or 403.
            NibeStatusError, NibeResponseError: another status, an answer beyond all measure.
        """
        headers = {"Authorization": self._authorization}
        if language:
            headers["Accept-Language"] = language
        if body is not None:
            headers["Content-Type"] = "application/json"
        async with self._line.turn(urgent=urgent):
            return await self._attempt(method, path, headers, body)

    async def _attempt(
        self, method: str, path: str, headers: Mapping[str, str], body: Any
    ) -> bytes:
        if self._session.closed:
            raise NibeConnectionError("closed")  # the entry was unloaded while this waited
        self._forget_old()
        self._sent_at.append(asyncio.get_running_loop().time())
        try:
            async with self._session.request(
                method,
                self._base.joinpath(path),
                data=None if body is None else orjson.dumps(body),
                headers=headers,
                ssl=RELAXED,
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(total=TIMEOUT, sock_connect=CONNECT_TIMEOUT),
                middlewares=(_SendOnce(),),
            ) as response:
                status = response.status
                answer = await _read_body(response)
        except (aiohttp.ClientError, TimeoutError, OSError, NibeResponseError) as err:
            failure = _meaning(err, acts=method != "GET")
        else:
            _LOGGER.debug("%s %s answered %s", method, path, status)
            if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
                raise NibeAuthError
            if status not in (HTTPStatus.OK, HTTPStatus.NO_CONTENT):
                raise NibeStatusError(status)
            self.last_success = datetime.now(UTC)
            return answer
        # Raised out here, the error has none of aiohttp's as its context, which know the headers.
        _LOGGER.debug("%s %s failed: %r", method, path, failure)
        raise failure


def _meaning(err: Exception, *, acts: bool) -> NibeError:
    """Return what to raise for a request that failed without an answer."""
    if isinstance(err, aiohttp.ServerFingerprintMismatch):
        return NibeCertificateError()
    lost = NibeConnectionError(type(err).__name__)
    if isinstance(err, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError):
        return lost
    if acts:
        return NibeUncertainError()
    return NibeResponseError(str(err)) if isinstance(err, NibeResponseError) else lost


async def _read_body(response: aiohttp.ClientResponse) -> bytes:
    body = bytearray()
    async for chunk in response.content.iter_chunked(65536):
        body += chunk
        if len(body) > MAX_ANSWER:
            raise NibeResponseError("too long")
    return bytes(body)
