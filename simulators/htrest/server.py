"""The web server: HTTP/1.0, and one request at a time whatever the clients do.

A thread takes connections and lets them queue; another one serves them in turn. A client cannot
tell that from a server that leaves them in the backlog of its socket, as the real one does, but
here the queue can be counted. A request whose client has given up is carried out all the same.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, HTTPServer
import queue
import select
import socket
from socketserver import TCPServer
import threading
from typing import Any, override
from urllib.parse import unquote

from simulators.clock import Clock
from simulators.control import reachable

from .clockwork import ClosedError
from .messages import Request, Response
from .stats import HtRestStats

type Answerer = Callable[[Request, Connection], Response | None]

_BACKLOG = 128
_SOFTWARE = "Werkzeug/2.0.3 Python/3.10.13"


@dataclass(slots=True)
class Connection:
    """A client that waits for its answer."""

    socket: socket.socket
    peer: tuple[str, int]
    arrived: float
    """Simulated second."""
    finished: bool = False
    """Whether the last bytes of its answer are on their way."""
    promised: int = 0
    """Bytes by which the length of the answer is too large."""

    @property
    def gone(self) -> bool:
        """Return whether the client has closed its end."""
        poll = select.poll()
        try:
            poll.register(self.socket, select.POLLRDHUP | select.POLLHUP | select.POLLERR)
            return bool(poll.poll(0))
        except OSError, ValueError:
            return True

    def close(self) -> None:
        """Close without another byte."""
        self.finished = True
        with suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)


class _Handler(BaseHTTPRequestHandler):
    """Reads a request and writes its answer."""

    server: WebServer

    @override
    def version_string(self) -> str:
        return _SOFTWARE

    @override
    def log_message(self, format: str, *args: Any) -> None:
        """Keep quiet."""

    @override
    def handle(self) -> None:
        with suppress(ConnectionError, ClosedError):
            super().handle()

    def _serve(self) -> None:
        length = self.headers.get("Content-Length", "0")
        body = self.rfile.read(int(length)) if length.isdecimal() else b""
        path, _, query = self.path.partition("?")
        request = Request(
            method=self.command,
            path=unquote(path),
            query=query,
            raw_path=self.path,
            host=self.headers.get("Host", ""),
            authorization=self.headers.get("Authorization"),
            content_type=self.headers.get("Content-Type", ""),
            body=body,
        )
        connection = self.server.current
        if connection is not None:
            response = self.server.answerer(request, connection)
            if response is not None:
                self._write(response, connection)

    def _write(self, response: Response, connection: Connection) -> None:
        phrase = HTTPStatus(response.status).phrase.upper()
        self.send_response(response.status, phrase)
        self.send_header("Content-Type", response.content_type)
        self.send_header("Content-Length", str(len(response.body) + connection.promised))
        for name, value in response.headers.items():
            self.send_header(name, value)
        connection.finished = True
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(response.body)

    # These are the names that http.server looks for.
    do_DELETE = do_GET = do_HEAD = do_OPTIONS = _serve  # noqa: N815
    do_PATCH = do_POST = do_PUT = _serve  # noqa: N815


class WebServer(HTTPServer):
    """Listens from `start` to `stop`."""

    allow_reuse_address = True
    allow_reuse_port = False
    request_queue_size = _BACKLOG

    def __init__(
        self, address: tuple[str, int], answerer: Answerer, stats: HtRestStats, clock: Clock
    ) -> None:
        """Listen; nothing is served before `start`."""
        self.answerer = answerer
        self.current: Connection | None = None
        """The connection that is being served."""
        self._stats = stats
        self._clock = clock
        self._closing = False
        self._queue: queue.SimpleQueue[Connection | None] = queue.SimpleQueue()
        self._open: list[Connection] = []
        self._lock = threading.Lock()
        self._done = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._threads = [
            threading.Thread(target=work, name=f"htrest-{name}", daemon=True)
            for name, work in (("accept", self._accept), ("serve", self._work))
        ]
        super().__init__(address, _Handler)

    @property
    def port(self) -> int:
        """Return the port."""
        return int(self.server_address[1])

    @override
    def server_bind(self) -> None:
        """Bind without asking anybody for the name of this machine."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = "htrest", self.port

    def start(self) -> None:
        """Serve."""
        for thread in self._threads:
            thread.start()

    async def stop(self) -> None:
        """Close everything; whoever holds up a request must have been told before."""
        self._closing = True
        self.disconnect()
        with suppress(OSError):
            address = (reachable(str(self.server_address[0])), self.port)
            socket.create_connection(address, timeout=0.2).close()
        await self._done.wait()
        for thread in self._threads:
            thread.join()
        self.server_close()

    def disconnect(self) -> None:
        """Close all connections."""
        with self._lock:
            for connection in self._open:
                connection.close()

    @override
    def process_request(self, request: Any, client_address: Any) -> None:
        """Let a connection queue."""
        connection = Connection(request, client_address[:2], self._clock.monotonic())
        with self._lock:
            self._open.append(connection)
            unanswered = [other for other in self._open if not other.finished]
        if self._closing:
            connection.close()
        waiting = [other for other in unanswered if not other.gone]
        self._stats.arrived(len(waiting), len(unanswered))
        self._queue.put(connection)

    def _accept(self) -> None:
        while not self._closing:
            self.handle_request()
        self._queue.put(None)

    def _work(self) -> None:
        while (connection := self._queue.get()) is not None:
            self.current = connection
            with suppress(OSError):
                self.finish_request(connection.socket, connection.peer)
            with self._lock:
                self._open.remove(connection)
            self.current = None
            self.shutdown_request(connection.socket)
        self._loop.call_soon_threadsafe(self._done.set)
