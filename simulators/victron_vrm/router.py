"""Which path means what."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
import re
from typing import Any

from .accounts import Proof
from .errors import ApiError, not_found

PREFIX = "/v2/"

type Body = dict[str, Any]
type Answer = Callable[["Call"], Body | str]


@dataclass(frozen=True, slots=True)
class Call:
    """A request that has been understood."""

    path: Mapping[str, str]
    """What stood in the variable parts of the path."""
    query: Mapping[str, str]
    lists: Mapping[str, Sequence[str]]
    """Parameters that may come several times: `name[]`, `name[0]`."""
    body: Body
    proof: Proof | None

    @property
    def who(self) -> Proof:
        """Return whose request it is."""
        assert self.proof is not None
        return self.proof


@dataclass(frozen=True, slots=True)
class Route:
    """A method and a pattern of paths."""

    method: str
    pattern: str
    answer: Answer
    open: bool = False
    """Whether it needs no credentials."""
    regex: re.Pattern[str] = field(init=False)

    def __post_init__(self) -> None:
        """Make the pattern usable."""
        regex = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", self.pattern)
        object.__setattr__(self, "regex", re.compile(regex))

    @property
    def name(self) -> str:
        """Return what the statistics call it."""
        return f"{self.method} {self.pattern}"


class Router:
    """All paths."""

    def __init__(self) -> None:
        """Begin with none."""
        self.routes: list[Route] = []

    def add(self, method: str, pattern: str, answer: Answer, *, is_open: bool = False) -> None:
        """Serve a path."""
        self.routes.append(Route(method, pattern, answer, is_open))

    def find(self, method: str, path: str) -> tuple[Route, dict[str, str]]:
        """Return what a request means."""
        known = False
        tail = path.removeprefix(PREFIX).rstrip("/")
        for route in self.routes if path.startswith(PREFIX) else ():
            if (matched := route.regex.fullmatch(tail)) is not None:
                if route.method == method:
                    return route, matched.groupdict()
                known = True
        if known:
            raise ApiError(
                HTTPStatus.METHOD_NOT_ALLOWED, "Method not allowed", "method_not_allowed"
            )
        raise not_found()

    def name(self, method: str, path: str) -> str:
        """Return what the statistics call a request."""
        try:
            return self.find(method, path)[0].name
        except ApiError:
            return f"{method} *"
