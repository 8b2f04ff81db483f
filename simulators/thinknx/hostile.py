"""Answers that no honest server gives."""

import asyncio
from http import HTTPStatus
import json
from typing import TYPE_CHECKING
import zlib

from aiohttp import web

from simulators.faults import close

from .answers import Answers, Fields, object_text, page
from .tricks import Trick, TrickKind

if TYPE_CHECKING:
    from simulators.clock import Clock

_CHUNK = b" " * 65536
_STRANGER = "AAAAAAAAAAAAAAAAAAAAAA"
_LOGIN = '<form action="/login" method="post"><input name="pass" type="password"></form>'


def instead(trick: Trick, answers: Answers) -> web.Response:
    """Return what comes instead of an answer."""
    if trick.kind is TrickKind.ERROR:
        answer = answers.error(trick.text, trick.status)
    elif trick.kind is TrickKind.HTML:
        answer = page(trick.status or HTTPStatus.OK, trick.text or _LOGIN)
    else:
        answer = web.Response(status=trick.status or HTTPStatus.OK, text=trick.text)
    if trick.retry_after is not None:
        answer.headers["Retry-After"] = trick.retry_after
    return answer


def twisted(trick: Trick, fields: Fields) -> Fields:
    """Return fields of which one is wrong."""
    values = dict(fields)
    match trick.kind:
        case TrickKind.VALUE:
            values["status"] = trick.text
        case TrickKind.DEEP:
            depth = trick.size or 1
            values["status"] = "[" * depth + "]" * depth
        case TrickKind.NO_STATUS:
            values.pop("status", None)
        case TrickKind.OTHER_GUID:
            values["guid"] = json.dumps(_STRANGER)
        case TrickKind.OTHER_NAMESPACE:
            values["namespace"] = '"another"'
        case TrickKind.DUPLICATE_KEYS:
            return [*fields, ("status", trick.text or "0"), ("guid", json.dumps(_STRANGER))]
        case TrickKind.LATIN_1:
            values["name"] = '"Küche"'
    return list(values.items())


def encoded(trick: Trick, fields: Fields) -> bytes:
    """Return the body, in the wrong encoding if that is the trick."""
    text = object_text(twisted(trick, fields))
    match trick.kind:
        case TrickKind.LATIN_1:
            return text.encode("latin-1")
        case TrickKind.BOM:
            return text.encode("utf-8-sig")
        case TrickKind.EMPTY:
            return b""
    return text.encode()


async def send(trick: Trick, request: web.Request, answer: web.Response, clock: Clock) -> bool:
    """Send an answer in a hostile way; return whether it was sent."""
    body = answer.body if isinstance(answer.body, bytes) else b""
    try:
        match trick.kind:
            case TrickKind.GZIP_BOMB:
                answer.body = _bomb(trick.size or 1)
                answer.headers["Content-Encoding"] = "gzip"
                return False
            case TrickKind.ENDLESS:
                await _endless(request)
            case TrickKind.SLOW:
                await _drip(request, _raw("", b"", len(body)), body, trick, clock)
            case TrickKind.SLOW_HEADERS:
                await _drip(request, b"", _raw("", body), trick, clock)
            case TrickKind.NUL_HEADER:
                _write(request, _raw("X-Note: a\0b\r\n", body))
            case TrickKind.BAD_HEADER:
                _write(request, _raw("this is no header\r\n", body))
            case _:
                return False
    except ConnectionError:
        pass
    close(request)
    return True


def _raw(header: str, body: bytes, length: int | None = None) -> bytes:
    head = (
        f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n{header}"
        f"Content-Length: {len(body) if length is None else length}\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + body


def _write(request: web.Request, data: bytes) -> None:
    if request.transport is None or request.transport.is_closing():
        raise ConnectionResetError
    request.transport.write(data)


async def _endless(request: web.Request) -> None:
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    response.enable_chunked_encoding()
    await response.prepare(request)
    await response.write(b'{"namespace":"')
    while True:
        await response.write(_CHUNK)
        await asyncio.sleep(0)


async def _drip(
    request: web.Request, at_once: bytes, slowly: bytes, trick: Trick, clock: Clock
) -> None:
    """Send the beginning at once, and the rest one byte after the other."""
    _write(request, at_once)
    for place in range(len(slowly)):
        _write(request, slowly[place : place + 1])
        await clock.sleep(trick.seconds)


def _bomb(size: int) -> bytes:
    """Return so many bytes of JSON, packed."""
    packer = zlib.compressobj(wbits=31)
    parts = [packer.compress(b'{"namespace":"')]
    whole, rest = divmod(size, len(_CHUNK))
    parts += [packer.compress(_CHUNK) for _ in range(whole)]
    parts += [packer.compress(_CHUNK[:rest] + b'"}'), packer.flush()]
    return b"".join(parts)
