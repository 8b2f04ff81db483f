"""A simulated server with a KNX plant, and Home Assistant beside it."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from functools import partial
from unittest.mock import patch

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.thinknx.scheduler import Scheduler
from homeassistant.core import HomeAssistant
from simulators.clock import ManualClock
from simulators.thinknx import ThinknxSimulator

from .common import Home, make_entry


@pytest.fixture(autouse=True)
def _sockets(socket_enabled: None) -> None:
    """Allow sockets; only loopback addresses are used."""


@pytest.fixture
def clock() -> ManualClock:
    """Return the clock of the server and of what asks it, which stands still until it is moved."""
    return ManualClock()


@pytest.fixture(autouse=True)
def _one_clock(clock: ManualClock) -> Iterator[None]:
    """Let the scheduler go by the same clock as the server."""
    scheduler = partial(Scheduler, now=clock.monotonic, sleep=clock.sleep)
    with patch("custom_components.thinknx.coordinator.Scheduler", scheduler):
        yield


@pytest.fixture(autouse=True)
def _quick() -> Iterator[None]:
    """Do not wait for others when time is moved: `Home.live` does."""
    with patch("simulators.clock._SETTLE_ROUNDS", 4):
        yield


@pytest.fixture(autouse=True)
def _impatient() -> Iterator[None]:
    """Do not wait for seconds for a reply that does not come."""
    with patch("custom_components.thinknx.api.FEEDBACK_TIMEOUT", 0.1):
        yield


@pytest.fixture
async def server(hass: HomeAssistant, clock: ManualClock) -> AsyncGenerator[ThinknxSimulator]:
    """Return a running server in whose house nothing happens by itself, and nothing takes time."""
    async with ThinknxSimulator(
        clock=clock, service_seconds=0, bus_seconds=(0, 0), alive=False
    ) as simulator:
        yield simulator


@pytest.fixture
def start(
    hass: HomeAssistant, server: ThinknxSimulator, clock: ManualClock
) -> Callable[..., Awaitable[Home]]:
    """Return a function that sets an entry up, and has everything read once."""

    async def set_up(entry: MockConfigEntry | None = None) -> Home:
        entry = entry or make_entry(server)
        entry.add_to_hass(hass)
        home = Home(hass, server, entry, clock)
        await hass.config_entries.async_setup(entry.entry_id)
        await hass.async_block_till_done()
        if entry.state.recoverable and hasattr(entry, "runtime_data"):
            await home.read_all()
        return home

    return set_up
