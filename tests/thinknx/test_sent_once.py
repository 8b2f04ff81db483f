"""How often a request goes out: a command once, whatever becomes of it."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from unittest.mock import patch

import aiohttp
from aiohttp import web
import pytest

from custom_components.thinknx import api, transport
from custom_components.thinknx.address import Auth
from custom_components.thinknx.api import ThinknxClient
from custom_components.thinknx.endpoints import Aspect, Command
from custom_components.thinknx.errors import ThinknxConnectionError, ThinknxUncertainError
from simulators.thinknx import ThinknxSimulator

from .client_tools import COMMANDS, READS, client_of, requests, unreachable, until


@pytest.fixture
async def session() -> AsyncGenerator[aiohttp.ClientSession]:
    """Return a session as any program has one."""
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def client(session: aiohttp.ClientSession, server: ThinknxSimulator) -> ThinknxClient:
    """Return a client of the server."""
    return client_of(session, server)


@pytest.fixture
def lamp(server: ThinknxSimulator) -> str:
    """Return the GUID of a dimmable lamp."""
    return server.guids("light", "level")[0]


@pytest.mark.parametrize("auth", [Auth.BASIC, Auth.DIGEST])
@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("kind", ["drop", "drop_after", "truncate", "garbage", "huge"])
async def test_commands_are_sent_once(
    session: aiohttp.ClientSession,
    server: ThinknxSimulator,
    lamp: str,
    auth: Auth,
    name: str,
    kind: str,
) -> None:
    """A command whose answer is lost or spoilt is uncertain, and never goes out again."""
    client = client_of(session, server, auth)
    await client.server_status()
    before = requests(server)
    server.inject(kind, times=None)
    with pytest.raises(ThinknxUncertainError) as err:
        await COMMANDS[name](client, lamp)
    assert not err.value.timed_out
    assert requests(server) == before + 1


async def test_command_with_a_fresh_challenge_is_sent_once(
    session: aiohttp.ClientSession, server: ThinknxSimulator, lamp: str
) -> None:
    """A challenge allows one more request, and not two."""
    client = client_of(session, server, Auth.DIGEST)
    with (
        patch.object(server, "respond", _dropped_after_a_challenge(server)),
        pytest.raises(ThinknxUncertainError),
    ):
        await client.command(lamp, Command.POWER, 1)
    assert requests(server) == 2
    assert len(server.stats.commands) == 1


def _dropped_after_a_challenge(server: ThinknxSimulator) -> Callable[..., Awaitable[object]]:
    respond = server.respond

    async def answer(request: web.Request) -> web.Response:
        response = await respond(request)
        if response.status == 200 and request.transport:
            request.transport.close()
        return response

    return answer


@pytest.mark.parametrize("name", READS)
async def test_reads_survive_a_connection_that_was_closed(
    client: ThinknxClient, server: ThinknxSimulator, lamp: str, name: str
) -> None:
    """A read on a connection that the server has just closed is repeated, once."""
    server.inject("drop")
    assert await READS[name](client, lamp)
    assert requests(server) == 2
    server.inject("drop", times=None)
    with pytest.raises(ThinknxConnectionError):
        await READS[name](client, lamp)
    assert requests(server) == 4


@pytest.mark.parametrize("name", [*READS, *COMMANDS])
async def test_closed(
    client: ThinknxClient, server: ThinknxSimulator, lamp: str, name: str
) -> None:
    """A client that was closed sends nothing more."""
    client.close()
    with pytest.raises(ThinknxConnectionError):
        await (READS | COMMANDS)[name](client, lamp)
    assert not requests(server)


@pytest.mark.parametrize("name", COMMANDS)
async def test_command_that_was_not_sent(
    session: aiohttp.ClientSession, server: ThinknxSimulator, lamp: str, name: str
) -> None:
    """A server without power took no command, however short the time for its reply is."""
    async with unreachable() as port:
        client = client_of(session, server, port=port)
        with (
            patch.object(transport, "CONNECT_TIMEOUT", 0.3),
            patch.object(api, "FEEDBACK_TIMEOUT", 0.25),
            patch.object(transport, "TIMEOUT", 0.25),
            pytest.raises(ThinknxConnectionError),
        ):
            await COMMANDS[name](client, lamp)
    await server.refuse()
    with pytest.raises(ThinknxConnectionError):
        await COMMANDS[name](client_of(session, server), lamp)
    with pytest.raises(ThinknxConnectionError):
        await COMMANDS[name](client_of(session, server, host="no host"), lamp)


async def test_slow_server(client: ThinknxClient, server: ThinknxSimulator, lamp: str) -> None:
    """A server that is silent for too long does not hold anybody up."""
    server.inject("hang", times=None)
    with patch.object(transport, "TIMEOUT", 0.05):
        with pytest.raises(ThinknxConnectionError):
            await client.read(lamp, Aspect.POWER)
        with pytest.raises(ThinknxUncertainError) as err:
            await client.command(lamp, Command.POWER, 1)
    assert err.value.timed_out
    await until(lambda: requests(server) == 2 and not server.stats.in_flight)
