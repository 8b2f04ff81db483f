"""Tricks that the server plays on its clients, by endpoint and GUID.

The faults of all simulators know only paths; these know what was asked. They strike after the
password has been checked.
"""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class TrickKind(StrEnum):
    """The ways in which an answer can be wrong.

    Instead of carrying the request out: `error`, `status`, `html`. All others after it was carried
    out; `late` and what follows it leave the content alone.
    """

    ERROR = "error"
    """A JSON error of the given text."""
    STATUS = "status"
    """A bare status, with Retry-After if there is one."""
    HTML = "html"
    """A page for people; status 200 makes it a login page."""
    VALUE = "value"
    """The given JSON as the status."""
    NO_STATUS = "no_status"
    OTHER_GUID = "other_guid"
    OTHER_NAMESPACE = "other_namespace"
    DUPLICATE_KEYS = "duplicate_keys"
    """The right status, then the given one under the same key."""
    DEEP = "deep"
    """As many lists in each other as `size` says, as the status."""
    EMPTY = "empty"
    LATIN_1 = "latin_1"
    BOM = "bom"
    LATE = "late"
    """What was true `seconds` ago."""
    GZIP_BOMB = "gzip_bomb"
    """`size` bytes when unpacked."""
    ENDLESS = "endless"
    """Chunks until the client has had enough."""
    SLOW = "slow"
    """A byte every `seconds`."""
    SLOW_HEADERS = "slow_headers"
    NUL_HEADER = "nul_header"
    BAD_HEADER = "bad_header"


INSTEAD = frozenset({TrickKind.ERROR, TrickKind.STATUS, TrickKind.HTML})
_SIZES = {TrickKind.DEEP: 1000, TrickKind.GZIP_BOMB: 64 * 1024 * 1024}


@dataclass(slots=True)
class Trick:
    """A trick that waits for a request."""

    kind: TrickKind
    controller: str = "*"
    guid: str = "*"
    times: int | None = 1
    """How many requests it strikes; None: all until it is cleared."""
    text: str = ""
    """Of an error or a page; JSON of a status."""
    status: int | None = None
    """HTTP status of what comes instead; None: the usual one."""
    retry_after: str | None = None
    seconds: float = 1.0
    size: int | None = None

    def __post_init__(self) -> None:
        """Refuse what could never act."""
        self.kind = TrickKind(self.kind)
        if self.times is not None and self.times < 1:
            raise ValueError("times must be 1 or more, or null")
        if self.kind is TrickKind.STATUS and self.status is None:
            raise ValueError("which status?")
        if self.kind in {TrickKind.ERROR, TrickKind.VALUE} and not self.text:
            raise ValueError("which text?")
        if self.size is None:
            self.size = _SIZES.get(self.kind, 0)

    def matches(self, controller: str, guid: str) -> bool:
        """Return whether it is meant for this request."""
        return self.controller in {"*", controller} and self.guid in {"*", guid}


class TrickBox:
    """The tricks that wait; each request meets the first that is meant for it."""

    def __init__(self) -> None:
        """Start honest."""
        self.waiting: list[Trick] = []

    def add(self, trick: Trick) -> None:
        """Let a trick wait for its request."""
        self.waiting.append(trick)

    def clear(self) -> None:
        """Forget all tricks."""
        self.waiting.clear()

    def take(self, controller: str, guid: str) -> Trick | None:
        """Return the trick for a request and count it as used."""
        for trick in self.waiting:
            if trick.matches(controller, guid):
                if trick.times is not None:
                    trick.times -= 1
                    if not trick.times:
                        self.waiting.remove(trick)
                return trick
        return None

    def as_list(self) -> list[dict[str, Any]]:
        """Return the waiting tricks for the control interface."""
        return [asdict(trick) for trick in self.waiting]
