"""The control interface: looks into a running simulator and plays tricks on it."""

from collections.abc import Callable, Coroutine
from http import HTTPStatus
import json
from typing import TYPE_CHECKING, Any

from aiohttp import web

from .clock import ManualClock
from .faults import FaultKind

if TYPE_CHECKING:
    from .base import Simulator

ANY_HOST = "0.0.0.0"  # noqa: S104

type JsonObject = dict[str, Any]
type Command = Callable[[JsonObject], Coroutine[Any, Any, JsonObject | None]]
type Page = Callable[[], JsonObject]


class ControlServer:
    """A second server, on a port of its own, that the device does not have."""

    def __init__(self, simulator: Simulator, host: str, port: int) -> None:
        """Prepare the control interface of a simulator."""
        self.host = host
        self.port = port
        self.pages: dict[str, Page] = {}
        self.commands: dict[str, Command] = {
            "fault": self._fault,
            "clear_faults": self._clear_faults,
            "refuse": self._refuse,
            "listen": self._listen,
            "reset_stats": self._reset_stats,
            "advance": self._advance,
        }
        self._simulator = simulator
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        """Return the address of the control interface."""
        return f"http://{reachable(self.host)}:{self.port}"

    async def start(self) -> None:
        """Listen."""
        app = web.Application()
        app.router.add_get("/{page:.*}", self._get)
        app.router.add_post("/{command}", self._post)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.05)
        await self._runner.setup()
        await web.TCPSite(self._runner, self.host, self.port).start()
        self.port = int(self._runner.addresses[0][1])

    async def stop(self) -> None:
        """Close."""
        if self._runner is not None:
            await self._runner.cleanup()
        self._runner = None

    def state(self) -> JsonObject:
        """Return all that is known about the simulator."""
        simulator = self._simulator
        return {
            "domain": simulator.domain,
            "url": simulator.url,
            "credentials": simulator.credentials,
            "listening": simulator.listening,
            "state": simulator.describe(),
            "faults": simulator.faults.as_list(),
            "stats": simulator.stats.as_dict(),
            "commands": sorted(self.commands),
        }

    async def _get(self, request: web.Request) -> web.Response:
        page = request.path.strip("/")
        if not page:
            return _json(self.state())
        if (produce := self.pages.get(page)) is not None:
            return _json(produce())
        return _json({"error": f"no page {page}"}, HTTPStatus.NOT_FOUND)

    async def _post(self, request: web.Request) -> web.Response:
        name = request.match_info["command"]
        if (command := self.commands.get(name)) is None:
            return _json({"error": f"no command {name}"}, HTTPStatus.NOT_FOUND)
        try:
            result = await command(_object(await request.text()))
        except KeyError as err:
            return _json({"error": f"missing or unknown: {err.args[0]}"}, HTTPStatus.BAD_REQUEST)
        except (TypeError, ValueError) as err:
            return _json({"error": str(err)}, HTTPStatus.BAD_REQUEST)
        return _json({"ok": True} | (result or {}))

    async def _fault(self, body: JsonObject) -> None:
        kind = body.pop("kind")
        if kind not in set(FaultKind):
            raise ValueError(f"kind must be one of {', '.join(FaultKind)}")
        self._simulator.inject(kind, **body)

    async def _clear_faults(self, _: JsonObject) -> None:
        self._simulator.clear_faults()

    async def _refuse(self, body: JsonObject) -> None:
        await self._simulator.refuse(body.get("seconds"))

    async def _listen(self, _: JsonObject) -> None:
        await self._simulator.listen()

    async def _reset_stats(self, _: JsonObject) -> None:
        self._simulator.stats.reset()

    async def _advance(self, body: JsonObject) -> None:
        clock = self._simulator.clock
        if not isinstance(clock, ManualClock):
            raise TypeError("the simulator runs on a real clock")
        await clock.advance(float(body["seconds"]))


def _object(text: str) -> JsonObject:
    body = json.loads(text) if text.strip() else {}
    if not isinstance(body, dict):
        raise TypeError("the body must be a JSON object")
    return body


def reachable(host: str) -> str:
    """Return an address at which a server bound to `host` can be reached from this machine."""
    return "127.0.0.1" if host == ANY_HOST else host


def _json(body: JsonObject, status: int = HTTPStatus.OK) -> web.Response:
    return web.json_response(body, status=status)
