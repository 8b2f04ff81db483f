"""Requests and answers, as the server sees them."""

from dataclasses import dataclass, field
from http import HTTPStatus
import json
from typing import Any

HTML = "text/html; charset=utf-8"
JSON = "application/json"

_DOCTYPE = '<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 3.2 Final//EN">\n'
_ROOT = """<!DOCTYPE html>
<html>
<head>
    <title>HtREST</title>
</head>
<body>
    <div id="swagger-ui" data-url="/api/v1/swagger.json"></div>
</body>
</html>"""


@dataclass(frozen=True, slots=True)
class Request:
    """A request that has been read."""

    method: str
    path: str
    """Decoded, so that %2F separates parts."""
    query: str
    raw_path: str
    host: str
    authorization: str | None
    content_type: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Response:
    """An answer."""

    status: int
    body: bytes
    content_type: str = JSON
    headers: dict[str, str] = field(default_factory=dict)


def answer(data: Any, status: int = HTTPStatus.OK, **headers: str) -> Response:
    """Return JSON as flask-restx writes it."""
    return Response(status, f"{json.dumps(data)}\n".encode(), JSON, headers)


def problem(status: int, message: str, **headers: str) -> Response:
    """Return an error that the API itself reports."""
    return answer({"message": message}, status, **headers)


def not_found() -> Response:
    """Return what Flask says about a path that it does not know."""
    text = (
        f"{_DOCTYPE}<title>404 Not Found</title>\n<h1>Not Found</h1>\n"
        "<p>The requested URL was not found on the server. If you entered the URL manually "
        "please check your spelling and try again.</p>\n"
    )
    return Response(HTTPStatus.NOT_FOUND, text.encode(), HTML)


def redirect(location: str) -> Response:
    """Send a client to the path with the slash."""
    text = (
        f"{_DOCTYPE}<title>Redirecting...</title>\n<h1>Redirecting...</h1>\n"
        "<p>You should be redirected automatically to target URL: "
        f'<a href="{location}">{location}</a>. If not click the link.'
    )
    status = HTTPStatus.PERMANENT_REDIRECT
    return Response(status, text.encode(), HTML, {"Location": location})


def unauthorized() -> Response:
    """Return the empty answer to wrong credentials."""
    headers = {"WWW-Authenticate": 'Basic realm=""'}
    return Response(HTTPStatus.UNAUTHORIZED, b"", HTML, headers)


def root_page() -> Response:
    """Return the page for people, which loads the description."""
    return Response(HTTPStatus.OK, _ROOT.encode(), HTML)
