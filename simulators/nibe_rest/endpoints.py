"""The paths of the API and their answers.

Sources: the OpenAPI text of the pump's own page; where owners report something else, the reports:
single points come bare, `alarms` may be null, 404 for a point that is not there at present, and
some firmware knows only the lower-case keys of the two modes. Guesses: the texts of errors, 404 for
unknown paths, the answer of a successful POST.
"""

import base64
import binascii
import hmac
from http import HTTPStatus
import json
from typing import TYPE_CHECKING, Any

from aiohttp import web

from .devices import SimDevice
from .titles import preferred
from .writes import BadRequestError, Writes

if TYPE_CHECKING:
    from .simulator import NibeSimulator

_API = "/api/v1/devices"
_PAGE = """<!doctype html><html><head><title>Local REST API</title></head>
<body><h1>Local REST API</h1><p>See /api/v1/devices.</p></body></html>"""
_MODES = {"aidmode": ("aidMode", ("off", "on")), "smartmode": ("smartMode", ("normal", "away"))}


class _RefusedError(Exception):
    """An answer other than 200."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status
        self.text = text


class Endpoints:
    """Answers the requests to a pump."""

    def __init__(self, simulator: NibeSimulator) -> None:
        """Answer for a simulator."""
        self._simulator = simulator
        self._writes = Writes(simulator)

    def turned_away(self, request: web.Request) -> web.Response | None:
        """Return the answer to somebody who may not come in, or None."""
        simulator = self._simulator
        if simulator.address_refused:
            return _error(HTTPStatus.FORBIDDEN, "Forbidden")
        if self._authorized(request):
            return None
        simulator.stats.rejected += 1
        answer = _error(simulator.bad_credentials_status, "Unauthorized")
        if answer.status == HTTPStatus.UNAUTHORIZED:
            answer.headers["WWW-Authenticate"] = 'Basic realm="Local REST API"'
        return answer

    async def respond(self, request: web.Request) -> web.Response:
        """Carry a request out."""
        if request.path == "/":
            return web.Response(text=_PAGE, content_type="text/html")
        try:
            return await self._answer(request)
        except _RefusedError as refused:
            return _error(refused.status, refused.text)
        except BadRequestError as bad:
            return _error(HTTPStatus.BAD_REQUEST, str(bad))

    def _authorized(self, request: web.Request) -> bool:
        simulator = self._simulator
        scheme, _, encoded = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "basic" or simulator.credentials_rejected:
            return False
        try:
            given = base64.b64decode(encoded, validate=True)
        except binascii.Error:
            return False
        wanted = f"{simulator.username}:{simulator.password}".encode()
        return hmac.compare_digest(given, wanted)

    async def _answer(self, request: web.Request) -> web.Response:
        parts = request.path.removeprefix(_API).strip("/").split("/")
        if not request.path.startswith(_API) or len(parts) > 3:
            raise _RefusedError(404, "Not found")
        if parts == [""]:
            _only(request, "GET")
            return _json({"devices": [device.as_json() for device in self._simulator.devices]})
        device = self._device(parts[0])
        rest = parts[1:]
        if not rest:
            _only(request, "GET")
            return _json(device.as_json())
        if rest[0] == "points":
            return await self._points(request, device, rest[1:])
        if len(rest) > 1:
            raise _RefusedError(404, "Not found")
        if rest[0] == "notifications":
            return self._notifications(request, device)
        if rest[0] in _MODES:
            return await self._mode(request, device, rest[0])
        raise _RefusedError(404, "Not found")

    def _device(self, name: str) -> SimDevice:
        """Return the device of an index or a serial number."""
        for device in self._simulator.devices:
            if name in {str(device.index), device.serial}:
                return device
        raise _RefusedError(403, "Wrong device id")

    async def _points(
        self, request: web.Request, device: SimDevice, rest: list[str]
    ) -> web.Response:
        simulator = self._simulator
        language = preferred(request.headers.get("Accept-Language"), simulator.default_language)
        if rest:
            _only(request, "GET")
            return self._point(device, rest[0], language)
        if request.method == "PATCH":
            return _json(self._writes.patch(device, await _body(request), language))
        _only(request, "GET")
        missing = simulator.missing(device)
        return _json(
            {
                str(point.id): point.as_json(language, device.shown(point), simulator.value_key)
                for point in device.points.values()
                if point.active and point.id not in missing
            }
        )

    def _point(self, device: SimDevice, name: str, language: str) -> web.Response:
        simulator = self._simulator
        point = device.find(int(name)) if name.isascii() and name.isdecimal() else None
        if point is None or point.id in simulator.missing(device):
            raise _RefusedError(404, "Not found")
        bare = point.as_json(language, device.shown(point), simulator.value_key)
        return _json({name: bare} if simulator.single_wrapped else bare)

    def _notifications(self, request: web.Request, device: SimDevice) -> web.Response:
        simulator = self._simulator
        if request.method == "GET":
            alarms = [alarm.as_json() for alarm in device.alarms]
            return _json({"alarms": None if simulator.alarms_null and not alarms else alarms})
        _only(request, "DELETE")
        if simulator.delete_status != HTTPStatus.NO_CONTENT:
            raise _RefusedError(simulator.delete_status, "Alarms cannot be reset")
        if simulator.delete_works:
            device.alarms.clear()
            device.settle(simulator.seconds)
        return web.Response(status=HTTPStatus.NO_CONTENT)

    async def _mode(self, request: web.Request, device: SimDevice, path: str) -> web.Response:
        """Set a mode; a key that the firmware does not know is no key."""
        simulator = self._simulator
        _only(request, "POST")
        body = await _body(request)
        if not isinstance(body, dict):
            raise _RefusedError(400, "An object is wanted")
        key, allowed = _MODES[path]
        keys = {"spec": {key}, "lowercase": {path}, "both": {key, path}}[simulator.mode_keys]
        wanted = next((body[name] for name in keys if name in body), None)
        if wanted is None:
            if simulator.unknown_mode_key_status == HTTPStatus.OK:
                return _json({"message": "success"})
            raise _RefusedError(simulator.unknown_mode_key_status, f"Missing {key}")
        if wanted not in allowed:
            raise _RefusedError(400, f"Bad {key}")
        if not simulator.read_only:
            simulator.stats.modes.append((key, wanted))
            if path == "smartmode":
                device.set_smart_mode(wanted)
            else:
                device.set_aid_mode(wanted)
        return _json({"message": "success"})


def pattern(method: str, path: str) -> str:
    """Return method and path with the ids of device and point left out."""
    parts = path.strip("/").split("/")
    if parts[:3] == _API.strip("/").split("/"):
        if len(parts) > 3:
            parts[3] = "{device}"
        if len(parts) > 5 and parts[4] == "points":
            parts[5] = "{point}"
    return f"{method} /{'/'.join(parts)}"


def _only(request: web.Request, method: str) -> None:
    if request.method != method:
        raise _RefusedError(405, "Method not allowed")


async def _body(request: web.Request) -> Any:
    try:
        return json.loads(await request.text())
    except ValueError as err:
        raise _RefusedError(400, "The body is no JSON") from err


def _json(body: Any) -> web.Response:
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return web.Response(text=text, content_type="application/json")


def _error(status: int, text: str) -> web.Response:
    return web.json_response({"error": text}, status=status)
