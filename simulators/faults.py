"""Faults that a simulator can be told to have."""

from contextlib import suppress
from dataclasses import asdict, dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Any

from aiohttp import web

GARBAGE = '<html><body>Garb\x00age, "state": 1,,}'


class FaultKind(StrEnum):
    """The ways in which an answer can go wrong.

    Before the request is carried out: `status`, `redirect`, `hang`, `drop`. After it was carried
    out: `garbage`, `truncate`, `huge`, `drop_after`. `delay` only makes the answer slower.
    """

    DELAY = "delay"
    STATUS = "status"
    REDIRECT = "redirect"
    HANG = "hang"
    DROP = "drop"
    GARBAGE = "garbage"
    TRUNCATE = "truncate"
    HUGE = "huge"
    DROP_AFTER = "drop_after"


@dataclass(slots=True)
class Fault:
    """One fault that waits for a request."""

    kind: FaultKind
    path: str = "*"
    """A path, in which * stands for anything."""
    method: str = "*"
    times: int | None = 1
    """How many requests it spoils; None: all until it is cleared."""
    seconds: float = 0.0
    """Length of a `delay`."""
    status: int = 500
    """Status of a `status` answer."""
    body: str | None = None
    """Body of a `status` or `garbage` answer."""
    location: str = "http://127.0.0.1:9/"
    """Target of a `redirect`."""
    size: int = 5_000_000
    """Bytes of a `huge` answer."""

    def __post_init__(self) -> None:
        """Refuse what could never act."""
        self.kind = FaultKind(self.kind)
        if self.times is not None and self.times < 1:
            raise ValueError("times must be 1 or more, or null")
        if not self.path.startswith(("/", "*")):
            raise ValueError("path must begin with / or be *")

    def matches(self, path: str, method: str) -> bool:
        """Return whether the fault is meant for this request."""
        return self.method in {"*", method} and fnmatchcase(path, self.path)


class FaultBox:
    """The faults that are waiting."""

    def __init__(self) -> None:
        """Start without a fault."""
        self.waiting: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Let a fault wait for its request."""
        self.waiting.append(fault)

    def clear(self) -> None:
        """Forget all faults."""
        self.waiting.clear()

    def take(self, path: str, method: str) -> list[Fault]:
        """Return the faults for a request and count them as used."""
        taken = [fault for fault in self.waiting if fault.matches(path, method)]
        for fault in taken:
            if fault.times is not None:
                fault.times -= 1
        self.waiting = [fault for fault in self.waiting if fault.times != 0]
        return taken

    def as_list(self) -> list[dict[str, Any]]:
        """Return the waiting faults for the control interface."""
        return [asdict(fault) for fault in self.waiting]


def instead(fault: Fault) -> web.Response | None:
    """Return the answer of a fault that replaces the whole request, if it is such a fault."""
    if fault.kind is FaultKind.STATUS:
        if fault.body is None:
            return web.Response(status=fault.status, text=f"HTTP {fault.status}")
        return web.Response(status=fault.status, text=fault.body, content_type="application/json")
    if fault.kind is FaultKind.REDIRECT:
        return web.Response(status=302, headers={"Location": fault.location})
    return None


def spoil(fault: Fault, response: web.Response) -> web.Response:
    """Return what a fault makes of a finished answer."""
    if fault.kind is FaultKind.GARBAGE:
        text = GARBAGE if fault.body is None else fault.body
        return web.Response(text=text, content_type="application/json")
    if fault.kind is FaultKind.HUGE:
        filler = b'{"filler": "' + b"x" * fault.size + b'"}'
        return web.Response(body=filler, content_type="application/json")
    return response


async def send_truncated(request: web.Request, response: web.Response) -> None:
    """Send less than the Content-Length promises, then close; whoever asked may have gone."""
    body = response.body if isinstance(response.body, bytes) else b""
    head = web.StreamResponse(status=response.status, headers={"Connection": "close"})
    head.content_type = response.content_type
    head.content_length = len(body) + 64
    with suppress(ConnectionError):
        await head.prepare(request)
        await head.write(body[: len(body) // 2] or b"{")
    close(request)


def close(request: web.Request) -> None:
    """Close the connection of a request without another byte."""
    if request.transport is not None:
        request.transport.close()
