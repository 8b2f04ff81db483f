"""Whatever a server does: an error of ours, and no secret in anything that anybody may read.

Secrets are looked for by a part of them that every way of writing them leaves as it is.
"""

import asyncio
from base64 import b64encode
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
import logging
import traceback
from typing import Any, override
from unittest.mock import patch

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
import pytest

from custom_components.thinknx import api, transport
from custom_components.thinknx.address import Address, Auth, Connection
from custom_components.thinknx.api import ThinknxClient
from custom_components.thinknx.endpoints import Aspect, Command
from custom_components.thinknx.errors import (
    ThinknxAuthError,
    ThinknxBusyError,
    ThinknxConnectionError,
    ThinknxError,
    ThinknxMixedUpError,
    ThinknxPathError,
    ThinknxRedirectError,
    ThinknxResponseError,
    ThinknxUncertainError,
)
from custom_components.thinknx.models import Credentials
from custom_components.thinknx.transport import MAX_ANSWER, Transport
from simulators.clock import ManualClock
from simulators.thinknx import Profile, ThinknxSimulator

from .client_tools import requests, scripted, until

MARK = "s3cretw0rd"
PASSWORD = f"{MARK} p@ss/w&rd ü%"
KEY = f"{MARK} p@ss&w=rd ü%+"  # without a slash, which the simulator's paths do not know
WAYS = (*Auth, None)
LOST, BAD, UNCERTAIN = ThinknxConnectionError, ThinknxResponseError, ThinknxUncertainError

type Arrange = Callable[[ThinknxSimulator], Awaitable[object] | object]


@dataclass(frozen=True)
class Failure:
    """Something that goes wrong, and what a read, a command and the server's status make of it."""

    arrange: Arrange
    read: type[ThinknxError]
    command: type[ThinknxError]
    status: type[ThinknxError] | None
    """None: nothing that matters to it."""
    host: str = ""
    secure: bool = False
    silent: bool = False


def both(
    arrange: Arrange, read: type[ThinknxError], command: type[ThinknxError] | None = None
) -> Failure:
    """Return a failure that the server's status has as reads have it."""
    return Failure(arrange, read, command or read, read)


def silence(arrange: Arrange) -> Failure:
    """Return a failure that only shows by the time that it takes."""
    return replace(both(arrange, LOST, UNCERTAIN), silent=True)


def trick(kind: str, **options: Any) -> Arrange:
    """Return what plays a trick on every request."""
    return lambda server: server.trick(kind, times=None, **options)


def fault(kind: str, **options: Any) -> Arrange:
    """Return what lets every request have a fault."""
    return lambda server: server.inject(kind, times=None, **options)


async def gone(server: ThinknxSimulator) -> None:
    """Switch the server off."""
    await server.refuse()
    server.disconnect()
    for _ in range(10):
        await asyncio.sleep(0)  # until its end of the connections is closed


def refusing(server: ThinknxSimulator) -> None:
    """Let nobody in."""
    server.password_accepted = server.key_accepted = False


def nothing(server: ThinknxSimulator) -> None:
    """Leave the server as it is."""


REDIRECTS = (
    "http://example.com/{}",
    "https://127.0.0.1/",
    "file:///etc/passwd",
    "/api/",
    "http://[",
)

FAILURES: dict[str, Failure] = {
    "refused": both(gone, LOST),
    "dns": Failure(nothing, LOST, LOST, LOST, host="nowhere.invalid"),
    "no_host": Failure(nothing, LOST, LOST, LOST, host="no host"),
    "tls": Failure(nothing, LOST, LOST, LOST, secure=True),
    "timeout": silence(fault("hang")),
    "dropped_before": both(fault("drop"), LOST, UNCERTAIN),
    "dropped_after": both(fault("drop_after"), LOST, UNCERTAIN),
    "truncated": both(fault("truncate"), LOST, UNCERTAIN),
    "garbage": both(fault("garbage"), BAD, UNCERTAIN),
    "huge": both(fault("huge"), BAD, UNCERTAIN),
    "bad_header": both(trick("bad_header"), LOST, UNCERTAIN),
    "nul_header": both(trick("nul_header"), LOST, UNCERTAIN),
    "slow_headers": silence(trick("slow_headers")),
    "slow": silence(trick("slow")),
    "empty": both(trick("empty"), BAD, UNCERTAIN),
    "login_page": both(trick("html"), BAD, UNCERTAIN),
    "page_404": both(trick("html", status=404), ThinknxPathError),
    "page_500": both(trick("html", status=500), BAD, UNCERTAIN),
    "status_401": both(trick("status", status=401), ThinknxAuthError),
    "status_403": both(trick("status", status=403), ThinknxAuthError),
    "status_429": both(trick("status", status=429, retry_after="x" * 4000), ThinknxBusyError),
    "status_503": both(trick("status", status=503), LOST, UNCERTAIN),
    "wrong": both(refusing, ThinknxAuthError),
    "gzip_bomb": both(trick("gzip_bomb", size=8_000_000), BAD, UNCERTAIN),
    "endless": both(trick("endless"), BAD, UNCERTAIN),
    "other_guid": Failure(trick("other_guid"), ThinknxMixedUpError, ThinknxMixedUpError, None),
    "duplicate_keys": Failure(
        trick("duplicate_keys"), ThinknxMixedUpError, ThinknxMixedUpError, None
    ),
    "other_controller": both(
        fault("garbage", body='{"namespace": "hvacfan"}'), ThinknxMixedUpError
    ),
    **{
        f"redirect_{number}": both(fault("redirect", location=location), ThinknxRedirectError)
        for number, location in enumerate(REDIRECTS)
    },
}


class NoNames(AbstractResolver):
    """A name server that knows no name."""

    @override
    async def resolve(self, host: str, port: int = 0, family: int = 0) -> list[ResolveResult]:
        """Find nothing."""
        raise OSError("no such name")

    @override
    async def close(self) -> None:
        """Have nothing to close."""


@pytest.fixture
async def session() -> AsyncGenerator[aiohttp.ClientSession]:
    """Return a session of a program that knows no name and shows all its warnings."""
    asyncio.get_running_loop().set_debug(True)
    connector = aiohttp.TCPConnector(resolver=NoNames())
    async with aiohttp.ClientSession(connector=connector) as session:
        yield session


@pytest.fixture(params=WAYS, ids=lambda way: str(way or "key"))
def way(request: pytest.FixtureRequest, server: ThinknxSimulator) -> Auth | None:
    """Return each way of authentication; None: a key."""
    way: Auth | None = request.param
    server.password, server.key = PASSWORD, KEY
    if way is None:
        server.profile = Profile.CLOUD
    return way


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> Callable[[], str]:
    """Return a function that returns all that was logged on our side."""
    for name in ("", "aiohttp", "aiohttp.client", "aiohttp.internal", "asyncio"):
        caplog.set_level(logging.DEBUG, name)
    server_side = ("simulators", "aiohttp.server", "aiohttp.access", "aiohttp.web")

    def text() -> str:
        ours = [record for record in caplog.records if not record.name.startswith(server_side)]
        return "\n".join(caplog.handler.format(record) for record in ours)

    return text


@contextmanager
def patience(seconds: float) -> Iterator[None]:
    """Wait so long for a server that is silent."""
    with (
        patch.object(transport, "TIMEOUT", seconds),
        patch.object(api, "FEEDBACK_TIMEOUT", seconds),
        patch.object(api, "FEEDBACK_TIMEOUT_FAR", seconds),
    ):
        yield


def client_of(
    session: aiohttp.ClientSession,
    server: ThinknxSimulator,
    way: Auth | None,
    host: str = "",
    secure: bool = False,
    port: int = 0,
) -> ThinknxClient:
    """Return a client that has secrets."""
    host, port = host or server.host, port or server.port
    address = Address(Connection.LOCAL, host, port, secure)
    if way is None:
        address = Address(Connection.ON_PREMISE, host, port, secure, KEY)
        return ThinknxClient(session, address)
    return ThinknxClient(session, address, way, server.username, PASSWORD)


async def error_of(call: Awaitable[object]) -> ThinknxError | None:
    """Return the error with which something ends, None if it does not."""
    try:
        await call
    except ThinknxError as err:
        return err
    return None


def all_of(err: BaseException | None) -> Iterator[str]:
    """Return all texts that anybody may make of an error."""
    while err is not None:
        yield f"{err} {err!r} {err.args} {vars(err)}"
        yield "".join(traceback.format_exception(err))
        err = err.__cause__ or err.__context__


def assert_no_secret(*texts: str) -> None:
    """Make sure that nothing gives a secret away."""
    hidden = [MARK, "p%40ss", "p@ss"]
    hidden += [b64encode(f"service:{PASSWORD}".encode()).decode()]
    for text in texts:
        assert not [secret for secret in hidden if secret.lower() in text.lower()]


@pytest.mark.parametrize("name", FAILURES)
async def test_failures(
    session: aiohttp.ClientSession,
    server: ThinknxSimulator,
    way: Auth | None,
    logged: Callable[[], str],
    name: str,
) -> None:
    """Each failure is told for what it is, sends a command once, and keeps the secrets."""
    failure = FAILURES[name]
    lamp = server.guids("light")[0]
    client = client_of(session, server, way, failure.host, failure.secure)
    if way is Auth.DIGEST and failure.arrange is not nothing:
        await client.server_status()  # so that the failures below are not those of a challenge
    if isinstance(arranged := failure.arrange(server), Awaitable):
        await arranged
    before = requests(server)
    errors = []
    with patience(0.05 if failure.silent else 60):
        errors.append(await error_of(client.command(lamp, Command.POWER, 1, feedback=True)))
        assert requests(server) - before <= 1
        errors.append(await error_of(client.read(lamp, Aspect.POWER)))
        errors.append(await error_of(client.server_status()))
    kinds = [err and type(err) for err in errors]
    assert kinds == [failure.command, failure.read, failure.status]
    assert not [err for err in errors if err and err.__context__]
    assert_no_secret(*(text for err in errors for text in all_of(err)), logged())


@pytest.mark.parametrize(
    ("name", "value", "odd"),
    [
        ("deep", None, True),
        ("latin_1", False, False),
        ("bom", False, False),
        ("no_status", None, False),
    ],
)
async def test_odd_answers(
    session: aiohttp.ClientSession,
    server: ThinknxSimulator,
    way: Auth | None,
    logged: Callable[[], str],
    name: str,
    value: bool | None,
    odd: bool,
) -> None:
    """An answer that is only odd is read as far as it goes."""
    lamp = server.guids("light")[0]
    server.set_light(lamp, on=False)
    server.trick(name, times=2)
    client = client_of(session, server, way)
    assert (await client.server_status()).version == server.server.version
    reading = await client.read(lamp, Aspect.POWER)
    assert (reading.value, reading.odd) == (value, odd)
    assert_no_secret(logged())


def test_nothing_shows_a_secret(way: Auth | None, server: ThinknxSimulator) -> None:
    """Whoever prints an object of ours sees no secret."""
    session = aiohttp.ClientSession.__new__(aiohttp.ClientSession)  # never asks anybody
    client = client_of(session, server, way)
    transport = client._transport
    shown = [client, transport, transport._digest, client.address, Credentials("me", PASSWORD)]
    assert isinstance(transport, Transport)
    assert_no_secret(*(f"{it} {it!r}" for it in shown))


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_redirects_are_not_followed(
    session: aiohttp.ClientSession, server: ThinknxSimulator, way: Auth | None, status: int
) -> None:
    """Nobody else is asked, least of all with our secrets."""
    async with scripted() as script:
        client = client_of(session, server, way, port=script.port)
        script.say(status, "", f"Location: {server.url}/api/V1/system/serverStatus")
        with pytest.raises(ThinknxRedirectError):
            await client.server_status()
    assert not requests(server)


async def test_answers_have_a_limit(
    session: aiohttp.ClientSession, server: ThinknxSimulator, way: Auth | None
) -> None:
    """A long answer is read up to the limit, and not a byte further than it takes to know."""
    client = client_of(session, server, way)
    space = MAX_ANSWER - len('{"status": 1}')
    server.inject("garbage", body='{"status": 1}' + " " * space)
    reading = await client.read("any-guid-at-all", Aspect.POWER)
    assert reading.value is True
    server.inject("garbage", body='{"status": 1}' + " " * (space + 1))
    with pytest.raises(ThinknxResponseError):
        await client.read("any-guid-at-all", Aspect.POWER)


async def test_slow_answer_has_an_end(
    session: aiohttp.ClientSession, server: ThinknxSimulator, clock: ManualClock
) -> None:
    """A byte now and then is no reason to wait for ever."""
    server.password = PASSWORD
    client = client_of(session, server, Auth.BASIC)
    await client.server_status()
    server.trick("slow", seconds=1)
    with patch.object(transport, "CONNECT_TIMEOUT", 0.01), patch.object(transport, "TIMEOUT", 0.4):
        read = asyncio.create_task(client.read(server.guids("light")[0], Aspect.POWER))
        await until(lambda: clock.sleepers)
        while not read.done():
            await clock.advance(1)
            await asyncio.sleep(0.01)  # the answer takes twice the time that there is
    with pytest.raises(ThinknxConnectionError):
        await read
