"""One request to a server: authenticated, sent once, read up to a limit, judged.

An address holds a key or a password, and aiohttp's errors hold addresses: none of them leaves here.
"""

from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass, field
import logging
from time import monotonic
from typing import Any, Final

import aiohttp
from multidict import CIMultiDictProxy
from yarl import URL

from .address import Address, Auth
from .auth import REFUSED, Digest, is_stale
from .errors import (
    ThinknxAuthError,
    ThinknxConnectionError,
    ThinknxError,
    ThinknxRefusedError,
    ThinknxResponseError,
    ThinknxUncertainError,
)
from .models import Credentials
from .parsing import decode, failure

_LOGGER = logging.getLogger(__name__)

TIMEOUT: Final = 10.0
CONNECT_TIMEOUT: Final = 8.0
MAX_ANSWER: Final = 64 * 1024
FRESH_NONCES: Final = 2  # that a request asks for, besides the one that the middleware asks for

type Query = Iterable[tuple[str, str | None]]


class _RepeatRefusedError(aiohttp.ClientError):
    """aiohttp wanted to send a request a second time."""


class _SendOnce:
    """Middleware that lets a request out again only after an answer, as digest needs it.

    aiohttp repeats a GET whose connection broke, and every command is a GET.
    """

    def __init__(self) -> None:
        self._unanswered = False

    async def __call__(
        self, request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
    ) -> aiohttp.ClientResponse:
        if self._unanswered:
            raise _RepeatRefusedError
        self._unanswered = True
        response = await handler(request)
        self._unanswered = False
        return response


@dataclass(slots=True)
class Report:
    """How a server answers, for those who want to know what real ones are like."""

    statuses: Counter[int] = field(default_factory=Counter)
    read_seconds: deque[float] = field(default_factory=lambda: deque(maxlen=100))
    act_seconds: deque[float] = field(default_factory=lambda: deque(maxlen=20))

    def as_json(self) -> dict[str, Any]:
        """Return it for the diagnostics."""
        return {
            "statuses": {str(status): count for status, count in sorted(self.statuses.items())},
            "read_seconds": [round(it, 3) for it in self.read_seconds],
            "act_seconds": [round(it, 3) for it in self.act_seconds],
        }


@dataclass(frozen=True, slots=True)
class _Answer:
    """What came back, not judged."""

    status: int
    headers: CIMultiDictProxy[str]
    body: bytes


class Transport:
    """Sends requests to one server."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        address: Address,
        auth: Auth | None,
        credentials: Credentials,
    ) -> None:
        """Take a session that is not closed here.

        Raises:
            ValueError: neither digest nor basic allow a colon in the user's name.
        """
        user, password = credentials.user, credentials.password
        self._session = session
        self._closed = False
        self._digest = Digest(user, password) if auth is Auth.DIGEST else None
        self._headers = {"Accept-Encoding": "identity"}
        self._proof: list[tuple[str, str | None]] = []
        if auth is not None:
            self._proof.append(("auth", str(Auth.BASIC if auth is Auth.QUERY else auth)))
        if auth is Auth.QUERY:
            self._proof += [("user", user), ("pass", password)]
        elif auth is Auth.BASIC:
            self._headers["Authorization"] = aiohttp.encode_basic_auth(user, password)
        self.address = address
        self.report = Report()

    def close(self) -> None:
        """Send nothing more."""
        self._closed = True

    async def send(
        self,
        controller: str,
        query: Query = (),
        *,
        acts: bool = False,
        within: float | None = None,
    ) -> tuple[dict[str, Any] | None, bytes]:
        """Send a request; return the JSON object of its answer, if it is one, and the body.

        Args:
            controller: whom it is for.
            query: parameters; without a value they stand bare.
            acts: whether it does something, so that it must not be sent twice.
            within: seconds for which the server may be silent.

        Raises:
            ThinknxConnectionError: not reached, or a read broke off.
            ThinknxUncertainError: the answer to something that acts was lost or makes no sense.
            ThinknxError: what the answer stands for.
        """
        if self._closed:
            raise ThinknxConnectionError("closed")
        error: ThinknxError | None
        try:
            answer = await self._exchange(controller, query, acts=acts, within=within or TIMEOUT)
        except ThinknxResponseError as err:
            error = ThinknxUncertainError() if acts else err
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as err:
            error = _meaning(err, acts=acts)
        else:
            decoded = decode(answer.body)
            error = self._judge(answer, decoded, acts=acts)
            if error is None:
                _LOGGER.debug("%s answered", controller)
                return decoded, answer.body
        _LOGGER.debug("%s failed: %r", controller, error)
        # Raised out here, the error has none of aiohttp's as its context.
        raise error

    def _judge(
        self, answer: _Answer, decoded: dict[str, Any] | None, *, acts: bool
    ) -> ThinknxError | None:
        self.report.statuses[answer.status] += 1
        error = failure(answer.status, decoded, answer.headers)
        if acts and answer.status >= 500 and not isinstance(error, ThinknxRefusedError):
            return ThinknxUncertainError()
        if error is None and acts and decoded is None:
            return ThinknxUncertainError()  # whoever wrote that may have passed the command on
        if isinstance(error, ThinknxAuthError) and self._digest and self._digest.challenged:
            return ThinknxAuthError(error.offers | {"digest"}, forbidden=error.forbidden)
        return error

    async def _exchange(
        self, controller: str, query: Query, *, acts: bool, within: float
    ) -> _Answer:
        """Send a request until it does not fail for its nonce alone.

        Requests under way at once may use up each other's nonces; none of these was carried out.
        """
        url = self.address.url(controller, [*query, *self._proof])
        began = monotonic()
        answer = await self._attempt(url, acts=acts, within=within)
        for _ in range(FRESH_NONCES if self._digest else 0):
            if answer.status not in REFUSED or not is_stale(answer.headers):
                break
            answer = await self._attempt(url, acts=acts, within=within)
        (self.report.act_seconds if acts else self.report.read_seconds).append(monotonic() - began)
        return answer

    async def _attempt(self, url: URL, *, acts: bool, within: float) -> _Answer:
        middlewares: list[aiohttp.ClientMiddlewareType] = []
        if self._digest:
            middlewares.append(self._digest)
        if acts:
            middlewares.append(_SendOnce())
        async with self._session.get(
            url,
            headers=self._headers,
            allow_redirects=False,
            # Time to connect is not the server's: silence is measured from when it was asked.
            timeout=aiohttp.ClientTimeout(
                total=CONNECT_TIMEOUT + within, connect=CONNECT_TIMEOUT, sock_read=within
            ),
            middlewares=middlewares,
        ) as response:
            body = bytearray()
            async for chunk in response.content.iter_chunked(16384):
                body += chunk
                if len(body) > MAX_ANSWER:
                    raise ThinknxResponseError("too long")
            return _Answer(response.status, response.headers, bytes(body))


def _meaning(err: Exception, *, acts: bool) -> ThinknxError:
    """Return what to raise for a request that failed without an answer."""
    before_sending = (
        aiohttp.ClientConnectorError,
        aiohttp.ConnectionTimeoutError,
        ValueError,  # of an address or a header
    )
    if acts and not isinstance(err, before_sending):
        return ThinknxUncertainError(timed_out=isinstance(err, TimeoutError))
    return ThinknxConnectionError(type(err).__name__)
