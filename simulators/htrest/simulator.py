"""The server with the pump behind it, as tests, demo and benchmarks use it."""

import asyncio
from dataclasses import replace
from enum import StrEnum
from http import HTTPStatus
from random import Random
import string
from types import TracebackType
from typing import TYPE_CHECKING, Any, ClassVar, Self, cast
from urllib.parse import parse_qsl

from simulators.clock import Clock, RealClock
from simulators.control import ControlServer, reachable
from simulators.faults import GARBAGE, Fault, FaultBox, FaultKind
from simulators.stats import RequestRecord

from .clockwork import ClosedError, ThreadClock
from .commands import add_commands, describe
from .endpoints import Endpoints
from .knobs import Knobs
from .line import SerialLine
from .messages import HTML, JSON, Request, Response
from .points import owner_table, standard_table
from .pump import HeatPump
from .server import Connection, WebServer
from .stats import HtRestStats
from .work import Work

if TYPE_CHECKING:
    from simulators.base import Simulator

_OVERHEAD = 0.012
_TRUNCATED = 64
_POLL = 0.01


class Profile(StrEnum):
    """Kinds of installations."""

    STANDARD = "standard"
    OWNER = "owner"
    OLD = "old"


class HtRestSimulator(Knobs):
    """HtREST 0.1.11 in front of a Heliotherm heat pump."""

    domain: ClassVar[str] = "htrest"

    def __init__(
        self,
        *,
        profile: str = Profile.STANDARD,
        seed: int = 1,
        username: str | None = None,
        password: str | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        control_port: int = 0,
        clock: Clock | None = None,
        latency: float | None = None,
        read_only: bool = False,
        bool_as_int: bool = False,
        time_zone: str = "Europe/Vienna",
    ) -> None:
        """Prepare a server; nothing listens before `start`.

        `latency` is the cost of a serial command in seconds, by default that of the profile. With
        a user name but no password the password is drawn from the seed.
        """
        self.profile = Profile(profile)
        old = self.profile is Profile.OLD
        self.host = host
        self.port = port
        self.clock: Clock = RealClock() if clock is None else clock
        self.stats = HtRestStats()
        self.faults = FaultBox()
        self.overhead = _OVERHEAD
        """Seconds that every request costs the server itself."""
        self.thread_clock = ThreadClock(self.clock)
        self.pump = HeatPump(self.clock, self.stats, seed, "2.03N" if old else "3.0.20")
        self.time_zone = time_zone
        self.line = SerialLine(self.pump, self.stats, self.thread_clock)
        table = owner_table() if self.profile is Profile.OWNER else standard_table()
        self.work = Work(self.line, self.pump, table)
        self.read_only = read_only
        self.bool_as_int = bool_as_int
        self.endpoints = Endpoints(self.work)
        self.endpoints.username = username
        self.endpoints.password = _password(seed) if username and password is None else password
        if old:
            self._grow_old()
        if latency is not None:
            self.line.latency = latency
        self.control = ControlServer(cast("Simulator", self), host, control_port)
        self._server: WebServer | None = None
        self._return: asyncio.Task[None] | None = None
        add_commands(self)

    def _grow_old(self) -> None:
        """Become a pump of long ago, at 19200 baud."""
        # What a parameter costs the server is part of the latency that was measured.
        self.line.latency, self.line.point_seconds = 0.194, 0.0
        self.line.frame_seconds, self.line.entry_seconds = 0.008, 0.026
        self.absent.add("Verdichter Einschaltverz.(sec)")
        self.unfit("Temp. Heissgas", "Temp. Frischwasser_Istwert")

    @property
    def url(self) -> str:
        """Return the address that a client talks to."""
        return f"http://{reachable(self.host)}:{self.port}"

    @property
    def control_url(self) -> str:
        """Return the address of the control interface."""
        return self.control.url

    @property
    def listening(self) -> bool:
        """Return whether new connections are accepted."""
        return self._server is not None

    @property
    def credentials(self) -> dict[str, str]:
        """Return what a client needs to be let in; nothing if everybody is."""
        if self.username is None:
            return {}
        return {"username": self.username, "password": self.password or ""}

    async def start(self) -> None:
        """Listen on both ports."""
        try:
            await self.listen()
            await self.control.start()
        except OSError:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Close everything; the ports are kept for the next start."""
        await self.refuse()
        await self.control.stop()

    async def __aenter__(self) -> Self:
        """Start."""
        await self.start()
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop."""
        await self.stop()

    async def listen(self) -> None:
        """Accept connections, on the same port as before."""
        if self._server is not None:
            return
        self.thread_clock.open()
        self._server = WebServer((self.host, self.port), self._answer, self.stats, self.clock)
        self.port = self._server.port
        self._server.start()

    async def refuse(self, seconds: float | None = None) -> None:
        """Refuse connections for some simulated seconds, or until `listen`.

        Requests that are under way end without an answer.
        """
        if self._return is not None:
            self._return.cancel()
            await asyncio.gather(self._return, return_exceptions=True)
        server, self._server = self._server, None
        if server is not None:
            self.thread_clock.close()
            await server.stop()
        self._return = None
        if seconds is not None:
            self._return = asyncio.get_running_loop().create_task(self._listen_later(seconds))

    async def _listen_later(self, seconds: float) -> None:
        await self.clock.sleep(seconds)
        await self.listen()

    async def restart_server(self, down: float = 0.0) -> None:
        """Restart the service, as its owner does; without an adapter it does not come back."""
        await self.refuse()
        self.line.restart()
        if self.adapter_pulled:
            return
        if down > 0:
            await self.refuse(down)
        else:
            await self.listen()

    def disconnect(self) -> None:
        """Close all open connections; new ones are accepted."""
        if self._server is not None:
            self._server.disconnect()

    def inject(self, kind: FaultKind | str, path: str = "*", **options: Any) -> Fault:
        """Let a fault of the web server wait for requests; the options are those of `Fault`."""
        fault = Fault(FaultKind(kind), path, **options)
        with self.stats.lock:
            self.faults.add(fault)
        return fault

    def clear_faults(self) -> None:
        """Forget all injected faults, those of the line too."""
        with self.stats.lock:
            self.faults.clear()
        self.clear_serial_faults()

    def describe(self) -> dict[str, Any]:
        """Return the state for the control interface."""
        return describe(self)

    def _answer(self, request: Request, connection: Connection) -> Response | None:
        """Carry a request out; called by the thread that serves."""
        params = dict(parse_qsl(request.query, keep_blank_values=True))
        now = self.clock.monotonic()
        record = RequestRecord(request.method, request.path, params, now, *connection.peer)
        self.stats.enter(record)
        self.thread_clock.begin(connection.arrived)
        try:
            self.line.spend(self.overhead)
            with self.stats.lock:
                faults = self.faults.take(request.path, request.method)
            response = self._before(faults, connection) or self._work(request)
            if connection.gone:
                self.stats.abandoned += 1
            spoilt = self._after(faults, response, connection)
            record.status = None if spoilt is None else spoilt.status
        finally:
            self.stats.leave()
        return spoilt

    def _work(self, request: Request) -> Response:
        self.line.request_commands = 0
        pattern, response = self.endpoints.respond(request)
        self.stats.cost(pattern, self.line.request_commands)
        if response.status == HTTPStatus.UNAUTHORIZED:
            self.stats.rejected += 1
        return response

    def _before(self, faults: list[Fault], connection: Connection) -> Response | None:
        """Act as faults that come before the work; return the answer of one that replaces it."""
        for fault in faults:
            if fault.kind is FaultKind.DELAY:
                self.thread_clock.wait(fault.seconds, always=True)
            elif fault.kind is FaultKind.HANG:
                while not connection.gone:
                    self.thread_clock.pause(_POLL)
                raise ClosedError
            elif fault.kind is FaultKind.DROP:
                connection.close()
                raise ClosedError
            elif fault.kind is FaultKind.STATUS:
                text = f"HTTP {fault.status}" if fault.body is None else fault.body
                return Response(fault.status, text.encode(), HTML if fault.body is None else JSON)
            elif fault.kind is FaultKind.REDIRECT:
                return Response(HTTPStatus.FOUND, b"", HTML, {"Location": fault.location})
        return None

    def _after(
        self, faults: list[Fault], response: Response, connection: Connection
    ) -> Response | None:
        """Return what faults make of a finished answer."""
        for fault in faults:
            if fault.kind is FaultKind.GARBAGE:
                text = GARBAGE if fault.body is None else fault.body
                response = Response(HTTPStatus.OK, text.encode())
            elif fault.kind is FaultKind.HUGE:
                filler = b'{"filler": "' + b"x" * fault.size + b'"}'
                response = Response(HTTPStatus.OK, filler)
            elif fault.kind is FaultKind.TRUNCATE:
                connection.promised = len(response.body) - len(response.body) // 2 + _TRUNCATED
                response = replace(response, body=response.body[: len(response.body) // 2])
            elif fault.kind is FaultKind.DROP_AFTER:
                connection.close()
                return None
        return response


def _password(seed: int) -> str:
    random = Random(f"htrest:{seed}")  # noqa: S311
    return "".join(random.choices(string.ascii_letters + string.digits, k=16))
