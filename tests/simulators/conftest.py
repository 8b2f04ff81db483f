"""Fixtures of the simulators' tests."""

from collections.abc import AsyncGenerator, Callable
from typing import Any

from aiohttp import ClientSession, web
import pytest

from simulators.clock import ManualClock
from simulators.nibe_rest import NibeSimulator
from simulators.nuki_bridge import NukiBridgeSimulator

from .helpers import START, BridgeUser, Inbox
from .nibe_owner import Owner


@pytest.fixture(autouse=True)
def _sockets(socket_enabled: None) -> None:
    """Allow sockets; only loopback addresses are used."""


@pytest.fixture
def clock() -> ManualClock:
    """Return a clock that stands still."""
    return ManualClock(START)


@pytest.fixture
async def session() -> AsyncGenerator[ClientSession]:
    """Return a client session that sends every request once."""
    async with ClientSession() as client:
        # By itself aiohttp repeats a GET whose connection was closed without an answer.
        client._retry_connection = False
        yield client


@pytest.fixture
def user_of(session: ClientSession) -> Callable[[NukiBridgeSimulator], BridgeUser]:
    """Return a maker of clients."""
    return lambda bridge: BridgeUser(bridge, session)


@pytest.fixture
async def bridge(clock: ManualClock) -> AsyncGenerator[NukiBridgeSimulator]:
    """Return a running hardware bridge that needs no pause between requests."""
    async with NukiBridgeSimulator(clock=clock, gap=0) as simulator:
        yield simulator


@pytest.fixture
def user(bridge: NukiBridgeSimulator, session: ClientSession) -> BridgeUser:
    """Return a client of the hardware bridge."""
    return BridgeUser(bridge, session)


@pytest.fixture
async def inbox() -> AsyncGenerator[Inbox]:
    """Return a small server that takes callbacks."""
    received = Inbox()

    async def take(request: web.Request) -> web.Response:
        received.senders.append(request.remote)
        body: dict[str, Any] = await request.json()
        received.bodies.append(body)
        return web.Response()

    app = web.Application()
    app.router.add_post("/{name}", take)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.05)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    received.url = f"http://127.0.0.1:{runner.addresses[0][1]}/nuki"
    yield received
    await runner.cleanup()


@pytest.fixture
async def pump(clock: ManualClock) -> AsyncGenerator[NibeSimulator]:
    """Return a running ground source pump."""
    async with NibeSimulator(clock=clock) as simulator:
        yield simulator


@pytest.fixture
def owner(pump: NibeSimulator, session: ClientSession) -> Owner:
    """Return the owner of the pump."""
    return Owner(pump, session)
