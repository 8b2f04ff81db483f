"""One request to the VRM cloud: authenticated, within the budget, judged.

Source: VRM API v2 documentation, chapters "Authentication", "Rate limiting" and "Errors".
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
import logging
from typing import Any, Final

import aiohttp
import orjson
from yarl import URL

from .budget import LONGEST_PAUSE, Budget, Priority
from .errors import (
    VrmAuthError,
    VrmBusyError,
    VrmConnectionError,
    VrmError,
    VrmForbiddenError,
    VrmNotFoundError,
    VrmRefusedError,
    VrmResponseError,
)

_LOGGER = logging.getLogger(__name__)

TIMEOUT: Final = aiohttp.ClientTimeout(total=60, connect=15)
MAX_ANSWER: Final = 32 * 1024 * 1024  # a hundred sites are 4 MB
LONGEST_REASON: Final = 200

type Query = Iterable[tuple[str, str]]


class _RepeatRefusedError(aiohttp.ClientError):
    """aiohttp wanted to send a request a second time."""


class _SendOnce:
    """Middleware that lets a request out once; aiohttp repeats DELETE by itself."""

    def __init__(self) -> None:
        self._sent = False

    async def __call__(
        self, request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
    ) -> aiohttp.ClientResponse:
        if self._sent:
            raise _RepeatRefusedError
        self._sent = True
        return await handler(request)


class Transport:
    """Sends requests for one account, or for nobody."""

    def __init__(
        self, session: aiohttp.ClientSession, base: str, authorization: str, budget: Budget
    ) -> None:
        """Take a session that is not closed here.

        Args:
            session: of aiohttp.
            base: address of the API.
            authorization: what stands in the header X-Authorization, "" before there is any.
            budget: of the account.
        """
        self._session = session
        self._base = URL(base)
        self._headers = {"X-Authorization": authorization} if authorization else {}
        self._closed = False
        self.budget = budget
        self.last_success: datetime | None = None

    def close(self) -> None:
        """Send nothing more."""
        self._closed = True

    async def send(
        self,
        method: str,
        path: str,
        *,
        query: Query = (),
        body: Mapping[str, Any] | None = None,
        priority: Priority = Priority.USER,
    ) -> dict[str, Any]:
        """Send a request; return the JSON object of its answer.

        Raises:
            VrmBusyError: too many requests; perhaps it was not even sent.
            VrmError: what the answer stands for.
        """
        if self._closed:
            raise VrmConnectionError("closed")
        if (wait := self.budget.wait(priority)) > 0:
            raise VrmBusyError(wait)
        self.budget.spend()
        error: VrmError
        try:
            status, headers, raw = await self._exchange(method, path, query, body)
        except VrmError as err:
            error = err
        except (aiohttp.ClientError, TimeoutError, OSError) as err:
            error = VrmConnectionError(type(err).__name__)
        else:
            answer, found = _judged(status, headers, raw)
            if found is None:
                self.last_success = datetime.now(UTC)
                return answer
            error = found
        if isinstance(error, VrmBusyError):
            self.budget.pause(error.retry_after)
        _LOGGER.debug("%s failed: %r", path.rpartition("/")[2], error)
        # Raised out here, the error has none of aiohttp's as its context.
        raise error

    async def _exchange(
        self, method: str, path: str, query: Query, body: Mapping[str, Any] | None
    ) -> tuple[int, Mapping[str, str], bytes]:
        async with self._session.request(
            method,
            (self._base / path).with_query(list(query)),
            headers=self._headers,
            json=body,
            allow_redirects=False,
            timeout=TIMEOUT,
            middlewares=[] if method == "GET" else [_SendOnce()],
        ) as response:
            raw = bytearray()
            async for chunk in response.content.iter_chunked(65536):
                raw += chunk
                if len(raw) > MAX_ANSWER:
                    raise VrmResponseError("too long")
            return response.status, response.headers, bytes(raw)


def _judged(
    status: int, headers: Mapping[str, str], raw: bytes
) -> tuple[dict[str, Any], VrmError | None]:
    """Return an answer, and what it means if it is none."""
    try:
        answer = orjson.loads(raw)
    except orjson.JSONDecodeError:
        answer = None
    answer = answer if isinstance(answer, dict) else {}
    if status == HTTPStatus.UNAUTHORIZED:
        return answer, VrmAuthError("401")
    if status == HTTPStatus.FORBIDDEN:
        return answer, VrmForbiddenError("403")
    if status in {HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED}:
        return answer, VrmNotFoundError(str(status))
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return answer, VrmBusyError(_retry_after(headers))
    if status >= 500:
        return answer, VrmConnectionError(str(status))
    if status >= 400:
        return answer, VrmRefusedError(_reason(answer))
    if not HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES or not answer:
        return answer, VrmResponseError(str(status))
    if answer.get("success") is False:
        return answer, VrmRefusedError(_reason(answer))
    return answer, None


def _reason(answer: Mapping[str, Any]) -> str:
    """Return the cloud's words: a text, a list of them, or an object of fields and texts."""
    found = answer.get("errors", answer.get("error"))
    if isinstance(found, dict):
        found = list(found.values())
    if isinstance(found, list):
        found = "; ".join(str(it) for it in found)
    text = found if isinstance(found, str) else ""
    return "".join(it for it in text if it.isprintable())[:LONGEST_REASON]


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds of a Retry-After, which may be a date; None if there are none."""
    text = headers.get("Retry-After", "").strip()
    if text.isdecimal():
        return min(float(text), LONGEST_PAUSE)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return min(max(0.0, (moment - datetime.now(UTC)).total_seconds()), LONGEST_PAUSE)
