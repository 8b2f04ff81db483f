"""A simulated cloud, and Home Assistant beside it."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from unittest.mock import patch

from aiohttp import ClientSession
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.victron_vrm.clock import CLOCK
from homeassistant.core import HomeAssistant
from simulators.clock import ManualClock
from simulators.victron_vrm import VrmSimulator

from .common import House, make_entry


@pytest.fixture(autouse=True)
def _sockets(socket_enabled: None) -> None:
    """Allow sockets; only loopback addresses are used."""


@pytest.fixture
def clock() -> ManualClock:
    """Return the clock of the cloud and of what asks it, which stands still until it is moved."""
    return ManualClock()


@pytest.fixture(autouse=True)
def _one_clock(clock: ManualClock) -> Iterator[None]:
    """Let the integration go by the same clock as the cloud."""
    with (
        patch.object(CLOCK, "monotonic", clock.monotonic),
        patch.object(CLOCK, "time", lambda: clock.now().timestamp()),
        patch.object(CLOCK, "sleep", clock.sleep),
        patch("simulators.clock._SETTLE_ROUNDS", 4),
    ):
        yield


@pytest.fixture
def kinds() -> list[str]:
    """Return the kinds of the account's sites; tests override it."""
    return ["ess"]


@pytest.fixture
async def cloud(clock: ManualClock, kinds: list[str]) -> AsyncGenerator[VrmSimulator]:
    """Return a running cloud."""
    async with VrmSimulator(kinds=kinds, clock=clock) as simulator:
        url = f"{simulator.url}/v2"
        with (
            patch("custom_components.victron_vrm.connection.API_URL", url),
            patch("custom_components.victron_vrm.config_flow.API_URL", url),
        ):
            yield simulator


@pytest.fixture
def start(
    hass: HomeAssistant, cloud: VrmSimulator, clock: ManualClock
) -> Callable[..., Awaitable[House]]:
    """Return a function that sets an entry up, and has everything read once."""

    async def set_up(entry: MockConfigEntry | None = None) -> House:
        entry = entry or make_entry(cloud)
        entry.add_to_hass(hass)
        house = House(hass, cloud, entry, clock)
        await hass.config_entries.async_setup(entry.entry_id)
        await hass.async_block_till_done()
        if hasattr(entry, "runtime_data"):
            await house.live(1)
        return house

    return set_up


@pytest.fixture
async def house(start: Callable[..., Awaitable[House]]) -> House:
    """Return a house that is up and running."""
    return await start()


@pytest.fixture
async def session() -> AsyncGenerator[ClientSession]:
    """Return a session for a client without a Home Assistant around it."""
    async with ClientSession() as session:
        yield session
