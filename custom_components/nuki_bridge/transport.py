"""One request to a Nuki bridge: in its turn, signed, sent once, judged.

Sources: vendor's Bridge HTTP API 1.13.3 and 1.6, and the experience of public clients: a bridge
answers one request at a time (503 otherwise), wants half a second between two of them, and
sometimes gives up a connection half-way.
"""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
import hashlib
from http import HTTPStatus
import logging
import secrets
from weakref import WeakValueDictionary

import aiohttp
from nacl.secret import SecretBox
from yarl import URL

from .errors import (
    NukiActionUncertainError,
    NukiAuthError,
    NukiBusyError,
    NukiConnectionError,
    NukiError,
    NukiResponseError,
    NukiStatusError,
)
from .models import AuthMode

_LOGGER = logging.getLogger(__name__)

GAP = 0.5
RETRY_DELAYS = (1.0, 2.0, 3.0, 5.0)
MAX_ANSWER = 64 * 1024
CONNECT_TIMEOUT = 5.0


class _NothingDoneError(Exception):
    """The bridge certainly did nothing, so asking again is safe; holds what to raise at last."""

    def __init__(self, final: NukiError) -> None:
        super().__init__(repr(final))
        self.final = final


class _RepeatRefusedError(aiohttp.ClientError):
    """aiohttp wanted to send a request a second time."""


class _SendOnce:
    """Middleware that lets a request out once.

    aiohttp repeats a GET by itself when the connection breaks before the answer. Every action of
    the bridge is a GET, so the repetition would turn a key twice; and a token is good only once,
    so repeating a read would look like a wrong token.
    """

    def __init__(self) -> None:
        self._sent = False

    async def __call__(
        self, request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
    ) -> aiohttp.ClientResponse:
        if self._sent:
            raise _RepeatRefusedError
        self._sent = True
        return await handler(request)


class BridgeLine:
    """Admits one request at a time to a bridge, commands before polls.

    All clients of one host and port share one line: several config entries, flows, diagnostics.
    """

    def __init__(self) -> None:
        """Start with a free line."""
        self._busy = False
        self._ready_at = 0.0
        self._urgent: deque[asyncio.Future[None]] = deque()
        self._waiting: deque[asyncio.Future[None]] = deque()

    @asynccontextmanager
    async def turn(self, *, urgent: bool, gap: float) -> AsyncGenerator[None]:
        """Wait for the line, keep it for one request and leave it quiet for gap seconds."""
        loop = asyncio.get_running_loop()
        if self._busy:
            queue = self._urgent if urgent else self._waiting
            turn = loop.create_future()
            queue.append(turn)
            try:
                await turn
            except asyncio.CancelledError:
                if not turn.cancelled():
                    self._pass_on()  # it was our turn just as we gave up
                raise
        self._busy = True
        try:
            if (pause := self._ready_at - loop.time()) > 0:
                await asyncio.sleep(pause)
            try:
                yield
            finally:
                self._ready_at = loop.time() + gap
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


_LINES: WeakValueDictionary[tuple[str, int], BridgeLine] = WeakValueDictionary()


def _line_of(host: str, port: int) -> BridgeLine:
    # Not setdefault(): the new line would have no owner by the time it is returned.
    if (line := _LINES.get((host, port))) is None:
        line = _LINES[host, port] = BridgeLine()
    return line


class TokenWriter:
    """Writes the token into a request (Bridge API 1.13.3, "Token")."""

    def __init__(self, token: str, mode: AuthMode) -> None:
        """Take the token as the app shows it."""
        self._token = token
        self._mode = mode
        self._box = SecretBox(hashlib.sha256(token.encode()).digest())
        # A number drawn anew each time would now and then repeat within a second, and the
        # bridge would take the request for a replay.
        self._number = secrets.randbelow(0x10000)

    def params(self, now: datetime) -> dict[str, str]:
        """Return the query parameters of one request; they are good once and for 60 s."""
        if self._mode is AuthMode.PLAIN:
            return {"token": self._token}
        self._number = (self._number + 1) % 0x10000
        stamp, number = f"{now.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}", str(self._number)
        if self._mode is AuthMode.HASHED:
            digest = hashlib.sha256(f"{stamp},{number},{self._token}".encode())
            return {"ts": stamp, "rnr": number, "hash": digest.hexdigest()}
        nonce = secrets.token_bytes(SecretBox.NONCE_SIZE)
        sealed = self._box.encrypt(f"{stamp},{number}".encode(), nonce).ciphertext
        return {"ctoken": sealed.hex(), "nonce": nonce.hex()}


def utcnow() -> datetime:
    """Return the present time."""
    return datetime.now(UTC)


class Transport:
    """Sends requests to one bridge.

    A request waits for the bridge's line. A bridge that is busy (503) or refuses the connection
    has done nothing and is asked again after 1, 2, 3 and 5 s, each time with a new token. Reads
    are repeated after a broken connection too; what acts never is.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        host: str,
        port: int,
        writer: TokenWriter | None,
        *,
        gap: float = GAP,
        retry_delays: Sequence[float] = RETRY_DELAYS,
        now: Callable[[], datetime] = utcnow,
    ) -> None:
        """Take a session that is not closed here; gap and delays are seconds."""
        self._session = session
        self._base = URL.build(scheme="http", host=host, port=port)
        self._writer = writer
        self._gap = gap
        self._retry_delays = retry_delays
        self._line = _line_of(host, port)
        self._sent_at: deque[float] = deque()
        self.now = now
        self.clock_offset = timedelta()
        self.last_success: datetime | None = None

    @property
    def bridge_time(self) -> datetime:
        """What the bridge takes for the present time."""
        return self.now() + self.clock_offset

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
        path: str,
        params: Mapping[str, str] | None,
        *,
        timeout: float,  # noqa: ASYNC109  handed to aiohttp
        urgent: bool,
        signed: bool = True,
        acts: bool = False,
    ) -> bytes:
        """Send a request and return the body of its answer.

        Args:
            path: of the endpoint.
            params: of the query, without the token.
            timeout: seconds from the connection to the end of the answer.
            urgent: before the polls that wait.
            signed: with the token.
            acts: never sent again once it may have arrived.

        Raises:
            NukiBusyError: still 503 after all retries; nothing was done.
            NukiConnectionError: not reached, or (acts=False) the connection broke.
            NukiActionUncertainError: (acts=True) the connection broke after sending.
            NukiAuthError: the token was refused.
            NukiStatusError, NukiResponseError: another status; an answer beyond 64 KiB.
        """
        for delay in (*self._retry_delays, None):
            try:
                async with self._line.turn(urgent=urgent, gap=self._gap):
                    return await self._attempt(path, params, timeout, signed=signed, acts=acts)
            except _NothingDoneError as err:
                if delay is None:
                    raise err.final from None
            await asyncio.sleep(delay)
        raise AssertionError("unreachable")

    async def _attempt(
        self,
        path: str,
        params: Mapping[str, str] | None,
        timeout: float,  # noqa: ASYNC109  handed to aiohttp
        *,
        signed: bool,
        acts: bool,
    ) -> bytes:
        query = dict(params or {})
        if signed and self._writer is not None:
            query |= self._writer.params(self.bridge_time)
        self._forget_old()
        self._sent_at.append(asyncio.get_running_loop().time())
        try:
            async with self._session.get(
                self._base.with_path(path).with_query(query),
                headers={"Connection": "close"},
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(total=timeout, sock_connect=CONNECT_TIMEOUT),
                middlewares=(_SendOnce(),),
            ) as response:
                status = response.status
                body = await read_body(response)
        except (aiohttp.ClientError, TimeoutError, OSError, NukiResponseError) as err:
            failure = _meaning(err, acts=acts)
        else:
            _LOGGER.debug("%s answered %s", path, status)
            _check_status(status, acts=acts)
            self.last_success = self.now()
            return body
        # Errors of aiohttp hold the URL, and with it the token: raised out here, ours does not
        # even have one as its context.
        _LOGGER.debug("%s failed: %s", path, failure)
        raise failure


def _meaning(err: Exception, *, acts: bool) -> Exception:
    """Return what to raise for a request that failed without an answer."""
    lost = NukiConnectionError(type(err).__name__)
    if isinstance(err, aiohttp.ClientConnectorError):
        refused = isinstance(err.os_error, ConnectionRefusedError)
        return _NothingDoneError(lost) if refused else lost
    if isinstance(err, aiohttp.ConnectionTimeoutError):
        return lost
    if acts:
        return NukiActionUncertainError()
    if isinstance(err, NukiResponseError):
        return NukiResponseError(str(err))
    return lost if isinstance(err, TimeoutError) else _NothingDoneError(lost)


def _check_status(status: int, *, acts: bool) -> None:
    """Raise what the status of an answer means, if it is not 200."""
    if status == HTTPStatus.OK:
        return
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        # One server in the field answers a wrong token with 403.
        raise NukiAuthError
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        raise _NothingDoneError(NukiBusyError())
    if acts and status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise NukiActionUncertainError
    raise NukiStatusError(status)


async def read_body(response: aiohttp.ClientResponse) -> bytes:
    """Return the body, 64 KiB at most.

    Raises:
        NukiResponseError: it is longer.
    """
    body = bytearray()
    async for chunk in response.content.iter_chunked(8192):
        body += chunk
        if len(body) > MAX_ANSWER:
            raise NukiResponseError("too long")
    return bytes(body)
