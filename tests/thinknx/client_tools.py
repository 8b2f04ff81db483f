"""What the tests of the client share."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import replace
import socket
from typing import Any

import aiohttp

from custom_components.thinknx.address import Address, Auth, Connection
from custom_components.thinknx.api import ThinknxClient
from custom_components.thinknx.endpoints import Aspect, Command, Dpt
from simulators.thinknx import ThinknxSimulator


def client_of(
    session: aiohttp.ClientSession,
    server: ThinknxSimulator,
    auth: Auth | None = Auth.BASIC,
    *,
    user: str | None = None,
    password: str | None = None,
    **address: Any,
) -> ThinknxClient:
    """Return a client of a server in the house, with the right password unless told otherwise."""
    usual = Address(Connection.LOCAL, server.host, server.port)
    return ThinknxClient(
        session,
        replace(usual, **address),
        auth,
        server.username if user is None else user,
        server.password if password is None else password,
    )


def requests(server: ThinknxSimulator) -> int:
    """Return how many requests the server has got."""
    return len(server.stats.history)


async def until(happened: Callable[[], object]) -> None:
    """Wait for something that takes no time but some turns of the loop."""
    for _ in range(5000):
        if happened():
            return
        await asyncio.sleep(0.001)
    raise AssertionError("it never happened")


type Call = Callable[[ThinknxClient, str], Awaitable[object]]

COMMANDS: dict[str, Call] = {
    "command": lambda client, guid: client.command(guid, Command.POWER, 1),
    "feedback": lambda client, guid: client.command(guid, Command.POWER, 1, feedback=True),
    "telegram": lambda client, guid: client.telegram(Dpt.DPT_1, "1/0/1", 1),
}
READS: dict[str, Call] = {
    "read": lambda client, guid: client.read(guid, Aspect.POWER),
    "server_status": lambda client, guid: client.server_status(),
}


class Script:
    """A server that answers what it is told, one request after the other, byte by byte."""

    def __init__(self) -> None:
        """Know no answer."""
        self.port = 0
        self.answers: list[bytes] = []
        self.targets: list[str] = []
        self.proofs: list[str] = []
        """The header Authorization of each request."""

    def say(self, status: int, body: str = "", *headers: str) -> None:
        """Answer another request."""
        head = [f"HTTP/1.1 {status} Said", f"Content-Length: {len(body.encode())}", *headers]
        self.answers.append(
            ("\r\n".join(head) + "\r\n\r\n" + body).encode("utf-8", "surrogateescape")
        )

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of a connection until there are no more answers."""
        with closing(writer):
            while self.answers and (head := (await _head(reader))):
                lines = head.decode("utf-8", "surrogateescape").split("\r\n")
                self.targets.append(lines[0].split()[1])
                proofs = [line for line in lines if line.startswith("Authorization: ")]
                self.proofs.append(proofs[0].partition(": ")[2] if proofs else "")
                writer.write(self.answers.pop(0))
                await writer.drain()

    def client(
        self, session: aiohttp.ClientSession, auth: Auth | None = Auth.DIGEST
    ) -> ThinknxClient:
        """Return a client."""
        address = Address(Connection.LOCAL, "127.0.0.1", self.port)
        return ThinknxClient(session, address, auth, "service", "s3cretw0rd")


async def _head(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError, ConnectionError:
        return b""


@asynccontextmanager
async def scripted() -> AsyncGenerator[Script]:
    """Run a server that answers what it is told."""
    script = Script()
    server = await asyncio.start_server(script.serve, "127.0.0.1", 0)
    script.port = server.sockets[0].getsockname()[1]
    try:
        yield script
    finally:
        server.close()
        server.close_clients()
        await server.wait_closed()


@asynccontextmanager
async def unreachable() -> AsyncGenerator[int]:
    """Give the port of a server that lets nobody connect and refuses nobody, as one without power.

    Its queue of connections is full.
    """
    with socket.socket() as listener, socket.socket() as first, socket.socket() as second:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for one in (first, second):
            one.setblocking(False)
            one.connect_ex(listener.getsockname())
        yield listener.getsockname()[1]
