"""The API: which path does what, in the order in which the real server checks things."""

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from . import messages, schema
from .line import SerialError
from .messages import Request, Response
from .programs import SlotError

if TYPE_CHECKING:
    from .work import Work

type Handler = Callable[..., Any]

BASE = "/api/v1"

_BAD_JSON = "The browser (or proxy) sent a request that this server could not understand."
_BAD_METHOD = "The method is not allowed for the requested URL."
_INTEGERS = frozenset({"id", "day", "num"})


class ApiError(Exception):
    """A request is refused before anything is sent to the pump."""

    def __init__(self, status: int, message: str) -> None:
        """Refuse with a status and a message."""
        super().__init__(message)
        self.status = status
        self.message = message


class RefusedError(Exception):
    """A value is refused in the middle of the work; the server calls that its own error."""


@dataclass(frozen=True, slots=True)
class Route:
    """A path and what can be done with it."""

    pattern: str
    expression: re.Pattern[str]
    get: Handler
    put: Handler | None = None
    model: str | None = None
    """What the payload of a PUT must look like."""

    @property
    def allowed(self) -> str:
        """Return the methods as the header Allow names them."""
        return "OPTIONS, HEAD, GET" if self.put is None else "PUT, OPTIONS, HEAD, GET"


class Endpoints:
    """Finds the work for a request and turns what comes of it into an answer."""

    def __init__(self, work: Work) -> None:
        """Offer the work of a server."""
        self.username: str | None = None
        self.password: str | None = None
        self._routes = [_route(*facts) for facts in _table(work)]

    def respond(self, request: Request) -> tuple[str, Response]:
        """Return the pattern of the path and the answer."""
        route, values = self._find(request.path)
        pattern = f"{request.method} {request.path if route is None else route.pattern}"
        return pattern, self._respond(request, route, values)

    def _find(self, path: str) -> tuple[Route | None, dict[str, Any]]:
        if not path.startswith(BASE):
            return None, {}
        for route in self._routes:
            if (found := route.expression.fullmatch(path, len(BASE))) is not None:
                values = found.groupdict()
                return route, {k: int(v) if k in _INTEGERS else v for k, v in values.items()}
        return None, {}

    def _respond(self, request: Request, route: Route | None, values: dict[str, Any]) -> Response:
        if not self._admitted(request.authorization):
            return messages.unauthorized()
        if route is None:
            slashed, _ = self._find(f"{request.path}/")
            if slashed is None or not slashed.pattern.endswith("/"):
                return messages.not_found()
            path, _, query = request.raw_path.partition("?")
            query = f"?{query}" if query else ""
            return messages.redirect(f"http://{request.host}{path}/{query}")
        if request.method == "OPTIONS":
            return Response(HTTPStatus.OK, b"", messages.HTML, {"Allow": route.allowed})
        if request.method not in route.allowed.split(", "):
            status = HTTPStatus.METHOD_NOT_ALLOWED
            return messages.problem(status, _BAD_METHOD, Allow=route.allowed)
        return self._carry_out(request, route, values)

    def _carry_out(self, request: Request, route: Route, values: dict[str, Any]) -> Response:
        try:
            if request.method != "PUT" or route.put is None or route.model is None:
                names = _names(request.query) if route.pattern in _BY_QUERY else None
                result = route.get(**values) if names is None else route.get(names)
            else:
                payload = _payload(request)
                if errors := schema.errors_of(route.model, payload):
                    body = {"errors": errors, "message": "Input payload validation failed"}
                    return messages.answer(body, HTTPStatus.BAD_REQUEST)
                result = route.put(payload=payload, **values)
        except ApiError as err:
            return messages.problem(err.status, err.message)
        except (ArithmeticError, RefusedError, SerialError, SlotError) as err:
            return messages.problem(HTTPStatus.INTERNAL_SERVER_ERROR, str(err))
        return result if isinstance(result, Response) else messages.answer(result)

    def _admitted(self, authorization: str | None) -> bool:
        if self.username is None:
            return True
        scheme, _, token = (authorization or "").partition(" ")
        try:
            given = base64.b64decode(token, validate=True).decode()
        except binascii.Error, UnicodeDecodeError:
            return False
        return scheme.lower() == "basic" and given == f"{self.username}:{self.password or ''}"


_BY_QUERY = frozenset({"/param/", "/fastquery/"})


def _table(work: Work) -> list[tuple[Any, ...]]:
    return [
        ("/", messages.root_page),
        ("/swagger.json", schema.swagger),
        ("/device/", work.device),
        ("/datetime/", work.datetime, work.set_datetime, "date_time_model"),
        ("/faultlist/", work.fault_list),
        ("/faultlist/size", work.fault_size),
        ("/faultlist/last", work.last_fault),
        ("/faultlist/{id}", work.fault),
        ("/timeprog/", work.programs),
        ("/timeprog/{id}", work.program, work.set_program, "time_prog_with_entries_model"),
        ("/timeprog/{id}/{day}/{num}", work.slot, work.set_slot, "time_prog_entry_model"),
        ("/param/", work.params, work.set_params, "param_list_model"),
        ("/param/{name}", work.param, work.set_param, "param_model"),
        ("/fastquery/", work.fast_query),
        ("/fastquery/{name}", work.fast_query_one),
    ]


def _route(pattern: str, *handlers: Any) -> Route:
    def group(found: re.Match[str]) -> str:
        return rf"(?P<{found[1]}>{r'\d+' if found[1] in _INTEGERS else '[^/]+'})"

    expression = re.sub(r"\{(\w+)\}", group, pattern.replace(".", r"\."))
    return Route(pattern, re.compile(expression), *handlers)


def _names(query: str) -> list[str]:
    """Return the names of a query, whether or not each is followed by `=`."""
    pairs = parse_qsl(query, keep_blank_values=True)
    return list(dict.fromkeys(name for name, _ in pairs if name))


def _payload(request: Request) -> Any:
    """Return the JSON of a request; without its content type there is none."""
    kind = request.content_type.partition(";")[0].strip().lower()
    if kind != messages.JSON and not kind.endswith("+json"):
        return None
    try:
        return json.loads(request.body)
    except ValueError:
        raise ApiError(HTTPStatus.BAD_REQUEST, _BAD_JSON) from None
