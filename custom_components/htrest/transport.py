"""One request to an HtREST server: in its turn, sent once, judged.

The server handles one request after the other and lets the rest queue, abandoned ones too: whoever
asks twice at a time makes it fall behind the present. So everything that asks anything of one
server shares one line, and waits longer for an answer than the server waits for the heat pump.
"""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from http import HTTPStatus
import logging
from time import monotonic
from typing import Any, Final
from weakref import WeakValueDictionary

import aiohttp
import orjson
from yarl import URL

from .errors import (
    HtRestBusyError,
    HtRestConnectionError,
    HtRestError,
    HtRestResponseError,
    HtRestUncertainError,
)
from .parsing import failure

_LOGGER = logging.getLogger(__name__)

TIMEOUT: Final = 30.0  # the server gives up on a silent heat pump after 15.3 s
CONNECT_TIMEOUT: Final = 15.0
PATIENCE: Final = 30.0  # what a write may wait for its turn; later nobody expects it any more
MAX_ANSWER: Final = 1024 * 1024


class _RepeatRefusedError(aiohttp.ClientError):
    """aiohttp wanted to send a request a second time."""


class _SendOnce:
    """Middleware that lets a request out once; aiohttp repeats GET and PUT by itself."""

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
    """Admits one request at a time to a server, commands before polls."""

    def __init__(self) -> None:
        """Start with a free line."""
        self._busy = False
        self._urgent: deque[asyncio.Future[None]] = deque()
        self._waiting: deque[asyncio.Future[None]] = deque()

    @asynccontextmanager
    async def turn(self, *, urgent: bool, patience: float | None) -> AsyncGenerator[None]:
        """Wait for the line and keep it for one request.

        Raises:
            HtRestBusyError: it was not free in time.
        """
        if self._busy:
            turn = asyncio.get_running_loop().create_future()
            (self._urgent if urgent else self._waiting).append(turn)
            try:
                async with asyncio.timeout(patience):
                    await turn
            except BaseException as err:
                if turn.done() and not turn.cancelled():
                    self._pass_on()  # it was our turn just as we gave up
                if isinstance(err, TimeoutError):
                    raise HtRestBusyError from None
                raise
        self._busy = True
        try:
            yield
        finally:
            # Not at once: whoever read back what was written comes before what waited.
            asyncio.get_running_loop().call_soon(self._pass_on)

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
    """Sends requests to one server."""

    def __init__(
        self, session: aiohttp.ClientSession, host: str, port: int, user: str, password: str
    ) -> None:
        """Take a session that is not closed here; without a user nobody is named."""
        self._session = session
        self._base = URL.build(scheme="http", host=host, port=port, path="/api/v1/")
        self._headers = {"Authorization": aiohttp.encode_basic_auth(user, password)} if user else {}
        self._line = _line_of(host, port)
        self._sent_at: deque[float] = deque()
        self._closed = False
        self.last_success: datetime | None = None
        self.last_duration = 0.0
        """Seconds for which the last request that was answered was under way."""

    @property
    def requests_last_hour(self) -> int:
        """How many requests were sent within the last hour."""
        self._forget_old()
        return len(self._sent_at)

    def _forget_old(self) -> None:
        hour_ago = monotonic() - 3600
        while self._sent_at and self._sent_at[0] < hour_ago:
            self._sent_at.popleft()

    def close(self) -> None:
        """Send nothing more; what waits for its turn fails."""
        self._closed = True

    async def send(
        self,
        method: str,
        path: str,
        *,
        names: Iterable[str] = (),
        body: Any | Callable[[], Any] = None,
        urgent: bool = False,
    ) -> bytes:
        """Send a request below /api/v1/ and return the body of its answer.

        Args:
            method: GET or PUT.
            path: with the slash at the end where the API has one; without it the server redirects.
            names: of parameters, for the query.
            body: what to send as JSON, or what makes it when its turn has come.
            urgent: before all that is not.

        Raises:
            HtRestConnectionError: not reached, or a read broke off.
            HtRestBusyError: a write did not get its turn in time.
            HtRestUncertainError: the connection broke after a write was sent.
            HtRestError: what the answer stands for.
        """
        headers = dict(self._headers)
        if body is not None:
            headers["Content-Type"] = "application/json"
        url = self._base.joinpath(path).with_query([(name, "") for name in names])
        patience = None if method == "GET" else PATIENCE
        async with self._line.turn(urgent=urgent, patience=patience):
            return await self._attempt(method, path, url, headers, body)

    async def _attempt(
        self, method: str, path: str, url: URL, headers: Mapping[str, str], body: Any
    ) -> bytes:
        if self._closed:
            raise HtRestConnectionError("closed")  # the entry was unloaded while this waited
        started = monotonic()
        self._forget_old()
        self._sent_at.append(started)
        if callable(body):
            body = body()
        try:
            async with self._session.request(
                method,
                url,
                data=None if body is None else orjson.dumps(body),
                headers=headers,
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(total=TIMEOUT, sock_connect=CONNECT_TIMEOUT),
                middlewares=(_SendOnce(),),
            ) as response:
                status = response.status
                answer = await _read_body(response)
        except (aiohttp.ClientError, TimeoutError, OSError, HtRestResponseError) as err:
            error = _meaning(err, acts=method != "GET")
        else:
            _LOGGER.debug("%s %s answered %s", method, path, status)
            self.last_duration = monotonic() - started
            if status == HTTPStatus.OK:
                self.last_success = datetime.now(UTC)
                return answer
            error = failure(status, answer)
        # Raised out here, the error has none of aiohttp's as its context, which know the headers.
        _LOGGER.debug("%s %s failed: %r", method, path, error)
        raise error


def _meaning(err: Exception, *, acts: bool) -> HtRestError:
    """Return what to raise for a request that failed without an answer."""
    lost = HtRestConnectionError(type(err).__name__)
    if isinstance(err, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError):
        return lost
    if acts:
        return HtRestUncertainError()
    return HtRestResponseError(str(err)) if isinstance(err, HtRestResponseError) else lost


async def _read_body(response: aiohttp.ClientResponse) -> bytes:
    body = bytearray()
    async for chunk in response.content.iter_chunked(65536):
        body += chunk
        if len(body) > MAX_ANSWER:
            raise HtRestResponseError("too long")
    return bytes(body)
