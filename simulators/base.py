"""What all aiohttp simulators share: two servers, statistics, faults and tasks."""

from abc import ABC, abstractmethod
import asyncio
from collections.abc import Coroutine
import logging
import ssl
from types import TracebackType
from typing import Any, ClassVar, Self

from aiohttp import web

from .clock import Clock, RealClock
from .control import ControlServer, reachable
from .faults import Fault, FaultBox, FaultKind, close, instead, send_truncated, spoil
from .stats import RequestRecord, Stats, masked

_LOGGER = logging.getLogger(__name__)

# Zero would mean "wait for ever" to aiohttp.
_SHUTDOWN_SECONDS = 0.05


class Simulator(ABC):
    """A device or cloud that listens on an address of its own."""

    domain: ClassVar[str]
    secret_params: ClassVar[frozenset[str]] = frozenset()

    ssl_context: ssl.SSLContext | None = None
    """Set before `start` to speak HTTPS."""
    keep_alive = False
    """Whether a connection serves more than one request."""

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        control_port: int = 0,
        clock: Clock | None = None,
        stats: Stats | None = None,
    ) -> None:
        """Prepare a simulator; nothing listens before `start`."""
        self.host = host
        self.port = port
        self.clock: Clock = RealClock() if clock is None else clock
        self.stats = Stats() if stats is None else stats
        self.faults = FaultBox()
        self.control = ControlServer(self, host, control_port)
        self._runner: web.AppRunner | None = None
        self._site: web.TCPSite | None = None
        self._tasks: set[asyncio.Task[Any]] = set()
        self._return: asyncio.Task[None] | None = None

    @property
    def url(self) -> str:
        """Return the address that a client talks to."""
        scheme = "http" if self.ssl_context is None else "https"
        return f"{scheme}://{reachable(self.host)}:{self.port}"

    @property
    def control_url(self) -> str:
        """Return the address of the control interface."""
        return self.control.url

    @property
    def listening(self) -> bool:
        """Return whether new connections are accepted."""
        return self._site is not None

    @property
    @abstractmethod
    def credentials(self) -> dict[str, str]:
        """Return what a client needs to be let in."""

    @abstractmethod
    async def respond(self, request: web.Request) -> web.Response:
        """Carry a request out and return its answer."""

    @abstractmethod
    def describe(self) -> dict[str, Any]:
        """Return the state for the control interface."""

    def admit(self, request: web.Request) -> web.Response | None:
        """Return an answer that turns a request away before anything else, or None."""
        return None

    def release(self, path: str) -> None:  # noqa: B027 - a hook, empty by default
        """Take notice that an admitted request is over."""

    async def start(self) -> None:
        """Listen on both ports."""
        app = web.Application()
        app.router.add_route("*", "/{tail:.*}", self._entry)
        self._runner = web.AppRunner(
            app,
            access_log=None,
            handler_cancellation=True,
            shutdown_timeout=_SHUTDOWN_SECONDS,
        )
        await self._runner.setup()
        try:
            await self.listen()
            await self.control.start()
        except OSError:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Close everything; the ports are kept for the next start."""
        self._site = None
        await self.control.stop()
        tasks = [task for task in self._tasks if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._runner is not None:
            await self._runner.cleanup()
        self._runner = None

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
        if self._runner is None or self._site is not None:
            return
        site = web.TCPSite(self._runner, self.host, self.port, ssl_context=self.ssl_context)
        await site.start()
        self._site = site
        # An address of IPv4 has two parts, one of IPv6 four; the port is the second of both.
        self.port = int(self._runner.addresses[0][1])

    async def refuse(self, seconds: float | None = None) -> None:
        """Refuse connections for some simulated seconds, or until `listen`."""
        site, self._site = self._site, None
        if site is not None:
            await site.stop()
        if self._return is not None:
            self._return.cancel()
        self._return = None if seconds is None else self.spawn(self._listen_later(seconds))

    def disconnect(self) -> None:
        """Close all open connections; new ones are accepted."""
        server = None if self._runner is None else self._runner.server
        for connection in [] if server is None else server.connections:
            if connection.transport is not None:
                connection.transport.close()

    async def _listen_later(self, seconds: float) -> None:
        await self.clock.sleep(seconds)
        await self.listen()

    def inject(self, kind: FaultKind | str, path: str = "*", **options: Any) -> Fault:
        """Let a fault wait for requests; the options are the fields of `Fault`."""
        fault = Fault(FaultKind(kind), path, **options)
        self.faults.add(fault)
        return fault

    def clear_faults(self) -> None:
        """Forget all injected faults."""
        self.faults.clear()

    def spawn[T](self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Run something beside the requests; `stop` ends it."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _entry(self, request: web.Request) -> web.StreamResponse:
        """Serve a request in a task that survives a client that hangs up."""
        gone = asyncio.Event()
        task = self.spawn(self._serve(request, gone))
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            gone.set()
            raise

    async def _serve(self, request: web.Request, gone: asyncio.Event) -> web.StreamResponse:
        record = self._record(request)
        self.stats.enter(record)
        try:
            if not self.listening:
                close(request)
                return web.Response()
            if (refusal := self.admit(request)) is not None:
                record.status = refusal.status
                return await self._send(request, refusal)
            try:
                return await self._answer(request, record, gone)
            finally:
                self.release(request.path)
        finally:
            self.stats.leave()

    async def _answer(
        self, request: web.Request, record: RequestRecord, gone: asyncio.Event
    ) -> web.StreamResponse:
        """Answer an admitted request, spoiled by whatever faults wait for it."""
        faults = self.faults.take(request.path, request.method)
        for fault in faults:
            if fault.kind is FaultKind.DELAY:
                await self.clock.sleep(fault.seconds)
            elif fault.kind is FaultKind.HANG:
                await gone.wait()
                return web.Response()
            elif fault.kind is FaultKind.DROP:
                close(request)
                return web.Response()
            elif (replaced := instead(fault)) is not None:
                record.status = replaced.status
                return await self._send(request, replaced)
        response = await self.respond(request)
        kinds = {fault.kind for fault in faults}
        for fault in faults:
            response = spoil(fault, response)
        if FaultKind.DROP_AFTER in kinds:
            close(request)
        elif FaultKind.TRUNCATE in kinds:
            record.status = response.status
            await send_truncated(request, response)
        else:
            record.status = response.status
            await self._send(request, response)
        return response

    def _record(self, request: web.Request) -> RequestRecord:
        peer = None if request.transport is None else request.transport.get_extra_info("peername")
        return RequestRecord(
            request.method,
            request.path,
            masked(request.query, self.secret_params),
            self.clock.monotonic(),
            peer[0] if peer else None,
            peer[1] if peer else None,
        )

    async def _send(self, request: web.Request, response: web.Response) -> web.Response:
        """Write a whole answer; a client that has gone is nobody's error."""
        if not self.keep_alive:
            response.force_close()
        try:
            await response.prepare(request)
            await response.write_eof()
        except ConnectionError:
            _LOGGER.debug("The client of %s has gone", request.path)
        return response
