"""From a server's answers to what they mean."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
import json
import re
from typing import Any, Final

from aiohttp import hdrs
from multidict import MultiMapping

from .auth import REFUSED, offers
from .endpoints import subject_of
from .errors import (
    ThinknxAuthError,
    ThinknxBusyError,
    ThinknxConnectionError,
    ThinknxError,
    ThinknxNoDeviceError,
    ThinknxNotPossibleError,
    ThinknxParameterError,
    ThinknxPathError,
    ThinknxRedirectError,
    ThinknxRefusedError,
    ThinknxResponseError,
)
from .models import ServerStatus
from .values import printable

# The texts of the description, compared by their letters alone.
REFUSALS: Final[Mapping[str, type[ThinknxRefusedError]]] = {
    "devicenotfound": ThinknxNoDeviceError,
    "paramserrors": ThinknxParameterError,
    "impossibletoexecute": ThinknxNotPossibleError,
}
STATUS_KEYS: Final = (
    "version",
    "process_uptime",
    "server_uptime",
    "config_time",
    "connected_clients",
    "pbx_users",
)
# What stands between, or a server that is starting, says so.
DOWN: Final = frozenset(
    {HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT}
)
SHORTEST_WAIT: Final = 1.0
LONGEST_WAIT: Final = 300.0
LONGEST_NUMBER: Final = 400  # digits
LONGEST_TEXT: Final = 100
UNKNOWN: Final = -1

# An example of the description lacks a comma, so this answer may be no JSON.
_PAIR = re.compile(r'"(\w+)"\s*:\s*(?:"([^"]{0,200})"|(-?\d{1,9}))')
_WHOLE = re.compile(r"\d{1,6}", re.ASCII)
_SECONDS = re.compile(r"\d{1,20}", re.ASCII)
_PART = re.compile(r"(\d+)\s*([^\W\d]*)", re.ASCII)

# How the words for days, hours and minutes begin in the languages of the server's owners.
_UNITS: Final = (("d", "g", "t", "j"), ("h", "o", "st"), ("m",))


def decode(body: bytes) -> dict[str, Any] | None:
    """Return the JSON object of an answer, None if there is none.

    Numbers that are none, or that are too long to be any, stay text.
    """
    try:
        answer = json.loads(
            body.decode("utf-8-sig", errors="replace"), parse_constant=str, parse_int=_integer
        )
    except ValueError, RecursionError:
        return None
    return answer if isinstance(answer, dict) else None


def _integer(text: str) -> int | str:
    return int(text) if len(text) <= LONGEST_NUMBER else text


def failure(
    status: int, answer: Mapping[str, Any] | None, headers: MultiMapping[str]
) -> ThinknxError | None:
    """Return the error that an answer stands for, None if it is a good one.

    An error that the description knows counts more than the status that comes with it.
    """
    error = answer.get("error") if answer else None
    if isinstance(error, str):
        if refusal := REFUSALS.get(re.sub(r"[^a-z]", "", error.lower())):
            return refusal()
        error = error.strip()
    if status in REFUSED:
        return ThinknxAuthError(offers(headers), forbidden=status == HTTPStatus.FORBIDDEN)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return ThinknxBusyError(_wait(headers.get(hdrs.RETRY_AFTER)))
    if 300 <= status < 400:
        return ThinknxRedirectError(f"HTTP {status}")
    if status == HTTPStatus.NOT_FOUND and not error:
        return ThinknxPathError("HTTP 404")
    if status == HTTPStatus.OK:
        return ThinknxResponseError("an error that is not known") if error else None
    if status in DOWN:
        return ThinknxConnectionError(f"HTTP {status}")
    return ThinknxResponseError(f"HTTP {status}")


def is_about_another(answer: Mapping[str, Any], controller: str, guid: str | None) -> bool:
    """Return whether an answer is one to another question.

    What it lacks proves nothing, and servers may spell a controller as they like: only the name of
    another one counts.
    """
    echo = answer.get("guid")
    # A server may have read a plus of a query as a blank.
    if guid and echo not in (None, "", guid, guid.replace("+", " ")):
        return True
    namespace = answer.get("namespace")
    subject = subject_of(namespace) if isinstance(namespace, str) else None
    return subject is not None and subject != subject_of(controller)


def _wait(retry_after: str | None) -> float | None:
    """Return seconds from a header that may hold seconds or a date."""
    if not retry_after:
        return None
    text = retry_after.strip()
    if _SECONDS.fullmatch(text):
        seconds = float(text)
    else:
        try:
            moment = parsedate_to_datetime(text)
        except ValueError, OverflowError:
            return None
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        seconds = (moment - datetime.now(UTC)).total_seconds()
    return min(LONGEST_WAIT, max(SHORTEST_WAIT, seconds))


def parse_server_status(answer: Mapping[str, Any] | None, body: bytes) -> ServerStatus:
    """Return what a server says of itself, from JSON or from what looks like it.

    Raises:
        ThinknxResponseError: there is nothing in it that a server says.
    """
    if answer is None:
        text = body.decode("utf-8-sig", errors="replace").lstrip()
        # A page for people may hold such pairs in a script.
        pairs = _PAIR.findall(text) if text.startswith("{") else []
        answer = {key: value or number for key, value, number in pairs}
    if isinstance(inner := answer.get("status"), dict):
        answer = inner
    known = {key: answer[key] for key in STATUS_KEYS if key in answer}
    if not known:
        raise ThinknxResponseError("no server status")
    config = _text(known.get("config_time"))
    return ServerStatus(
        version=_text(known.get("version")),
        process_uptime=_uptime(known.get("process_uptime")),
        server_uptime=_uptime(known.get("server_uptime")),
        config_text=config,
        config_time=_config_time(config),
        clients=_count(known.get("connected_clients")),
        pbx_users=_users(known.get("pbx_users")),
    )


def _text(raw: Any) -> str | None:
    return printable(raw.strip(), LONGEST_TEXT) or None if isinstance(raw, str) else None


def _uptime(raw: Any) -> timedelta | None:
    """Return how long something runs.

    Units are words of some language. What is zero may be left out, so they tell which is which; if
    they do not, the last number is minutes.
    """
    parts = _PART.findall(raw) if isinstance(raw, str) else []
    if not 1 <= len(parts) <= len(_UNITS) or any(len(number) > 6 for number, _ in parts):
        return None
    places = [_unit(word) for _, word in parts]
    if UNKNOWN in places or sorted(set(places)) != places:
        places = list(range(len(_UNITS)))[-len(parts) :]
    amounts = dict(zip(places, (int(number) for number, _ in parts), strict=True))
    return timedelta(days=amounts.get(0, 0), hours=amounts.get(1, 0), minutes=amounts.get(2, 0))


def _unit(word: str) -> int:
    """Return the place of a unit among days, hours and minutes."""
    places = (place for place, some in enumerate(_UNITS) if word.lower().startswith(some))
    return next(places, UNKNOWN)


def _config_time(text: str | None) -> datetime | None:
    try:
        return datetime.strptime(text or "", "%H:%M:%S %Y-%m-%d")
    except ValueError:
        return None


def _count(raw: Any) -> int | None:
    text = str(raw).strip() if isinstance(raw, int | str) and not isinstance(raw, bool) else ""
    return int(text) if _WHOLE.fullmatch(text) else None


def _users(raw: Any) -> int | None:
    """Return how many users a list with commas has; their names stay with the server."""
    if isinstance(raw, list):
        return len(raw)
    return sum(bool(name.strip()) for name in raw.split(",")) if isinstance(raw, str) else None
