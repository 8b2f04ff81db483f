"""How answers are written.

Source: the vendor's wiki page "integration_kit" (2022-09-06). It gives no types for `status` and
`comm_obj`, and leaves open which of 400 and 404 goes with which error.
"""

from http import HTTPStatus
import json
from typing import TYPE_CHECKING

from aiohttp import web

from .controllers import MEASURED, SWITCHED, Function
from .devices import Device
from .styles import StatusFormat

if TYPE_CHECKING:
    from .simulator import ThinknxSimulator

type Fields = list[tuple[str, str]]
"""Keys of an answer and their values as JSON."""

NOT_FOUND = "device not found"
PARAMS = "params errors"
IMPOSSIBLE = "impossible to execute"
ERRORS = {
    NOT_FOUND: HTTPStatus.NOT_FOUND,
    PARAMS: HTTPStatus.BAD_REQUEST,
    IMPOSSIBLE: HTTPStatus.BAD_REQUEST,
}

_PERCENT = frozenset({Function.LEVEL, Function.HEIGHT, Function.ANGLE})
_BEYOND_PERCENT, _BEYOND_TABLE, _BEYOND_FLOAT = "255", "9", "670760.96"


class RefusedError(Exception):
    """A request that is answered with an error; the text is the vendor's."""


def number_text(value: float) -> str:
    """Return a number as JSON, a whole one without a point."""
    return str(int(value)) if value == int(value) else repr(float(value))


def status_text(value: float, function: Function, style: StatusFormat) -> str | None:
    """Return a status as JSON; None: there is none."""
    text = number_text(value)
    match style:
        case StatusFormat.STRING:
            return json.dumps(text)
        case StatusFormat.COMMA:
            return json.dumps(text.replace(".", ","))
        case StatusFormat.BOOLEAN if function in SWITCHED:
            return "true" if value else "false"
        case StatusFormat.NULL:
            return "null"
        case StatusFormat.EMPTY:
            return '""'
        case StatusFormat.NAN:
            return "NaN"
        case StatusFormat.MISSING:
            return None
        case StatusFormat.OUT_OF_RANGE:
            return _beyond(function)
    return text


def object_text(fields: Fields, *, forgotten_comma: str | None = None) -> str:
    """Return fields as an object; after one of them a comma may be missing."""
    text = "{"
    for place, (key, value) in enumerate(fields):
        comma = "," if place + 1 < len(fields) and key != forgotten_comma else ""
        text += f'"{key}":{value}{comma}'
    return text + "}"


class Answers:
    """Writes answers in the way that the simulator is told."""

    def __init__(self, simulator: ThinknxSimulator) -> None:
        """Write for a simulator."""
        self._simulator = simulator

    def device(
        self, controller: str, guid: str, device: Device, function: Function | None
    ) -> Fields:
        """Return the answer about an object, with its status if a function is given."""
        simulator = self._simulator
        namespace = "none" if simulator.wrong_namespace else controller
        fields = [("namespace", json.dumps(namespace)), ("guid", json.dumps(self._echo(guid)))]
        if function is not None:
            style = simulator.formats.get(controller, simulator.status_format)
            status = status_text(device.shown(function), function, style)
            if status is not None:
                fields.append(("status", status))
        number = str(device.comm_obj)
        fields.append(("comm_obj", json.dumps(number) if simulator.comm_obj_text else number))
        return fields

    def telegram(self, controller: str, group: str, value: float) -> Fields:
        """Return the answer to a telegram."""
        return [
            ("namespace", json.dumps(controller)),
            ("group", json.dumps(group)),
            ("value", number_text(value)),
        ]

    def good(self, text: str | bytes) -> web.Response:
        """Return an answer 200."""
        body = text if isinstance(text, bytes) else text.encode()
        return web.Response(body=body, content_type=self._simulator.content_type)

    def error(self, text: str, status: int | None = None) -> web.Response:
        """Return an error, in JSON unless the simulator is told otherwise."""
        simulator = self._simulator
        if status is None:
            status = simulator.error_statuses.get(text, HTTPStatus.BAD_REQUEST)
        if simulator.errors_as_200:
            status = HTTPStatus.OK
        if simulator.errors_as_html:
            return page(status, text)
        body = json.dumps({"error": text}).encode()
        return web.Response(status=status, body=body, content_type=simulator.content_type)

    def _echo(self, guid: str) -> str:
        if not self._simulator.wrong_guid:
            return guid
        return next(other for other in self._simulator.plant.devices if other != guid)


def page(status: int, text: str = "") -> web.Response:
    """Return a page for people."""
    title = f"{status} {HTTPStatus(status).phrase}"
    body = f"<!doctype html><html><head><title>{title}</title></head><body>{text}</body></html>"
    return web.Response(status=status, text=body, content_type="text/html")


def _beyond(function: Function) -> str:
    if function in _PERCENT:
        return _BEYOND_PERCENT
    return _BEYOND_FLOAT if function in MEASURED else _BEYOND_TABLE
