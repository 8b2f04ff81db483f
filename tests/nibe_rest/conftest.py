"""A simulated heat pump, and Home Assistant beside it."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from functools import partial
from unittest.mock import patch

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.nibe_rest.writer import PointWriter
from homeassistant.core import HomeAssistant
from simulators.clock import ManualClock
from simulators.nibe_rest import NibeSimulator, Profile

from .common import House, make_entry


@pytest.fixture(autouse=True)
def _sockets(socket_enabled: None) -> None:
    """Allow sockets; only loopback addresses are used."""


@pytest.fixture
def clock() -> ManualClock:
    """Return the clock of the simulated heat pump, which stands still until it is moved."""
    return ManualClock()


@pytest.fixture
def profile() -> str:
    """Return the kind of heat pump; tests override it."""
    return Profile.S1255


@pytest.fixture
async def pump(clock: ManualClock, profile: str) -> AsyncGenerator[NibeSimulator]:
    """Return a running heat pump that carries writes out at once."""
    async with NibeSimulator(profile=profile, clock=clock, write_delay=0) as simulator:
        yield simulator


@pytest.fixture(autouse=True)
def _no_pauses(clock: ManualClock) -> Iterator[None]:
    """Let the writer's pauses pass on the heat pump's clock alone."""
    quick = partial(PointWriter, sleep=clock.advance)
    with (
        patch("custom_components.nibe_rest.coordinator.PointWriter", quick),
        patch("custom_components.nibe_rest.api.MODE_RE_READS", (0, 0)),
    ):
        yield


@pytest.fixture
def entry(pump: NibeSimulator) -> MockConfigEntry:
    """Return an entry for the heat pump that is not set up yet."""
    return make_entry(pump)


@pytest.fixture
def start(hass: HomeAssistant, pump: NibeSimulator) -> Callable[..., Awaitable[House]]:
    """Return a function that sets an entry up."""

    async def set_up(entry: MockConfigEntry | None = None, **options: object) -> House:
        entry = entry or make_entry(pump, options=options)
        entry.add_to_hass(hass)
        house = House(hass, pump, entry)
        await hass.config_entries.async_setup(entry.entry_id)
        await house.settle()
        return house

    return set_up


@pytest.fixture
async def house(start: Callable[..., Awaitable[House]]) -> House:
    """Return a house that is up and running."""
    return await start()
