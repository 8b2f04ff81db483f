"""A simulated server with a heat pump, and Home Assistant beside it."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from unittest.mock import patch

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.core import HomeAssistant
from simulators.clock import ManualClock
from simulators.htrest import HtRestSimulator, Profile

from .common import CHANGES, House, make_entry


@pytest.fixture(autouse=True)
def _sockets(socket_enabled: None) -> None:
    """Allow sockets; only loopback addresses are used."""


@pytest.fixture
def clock() -> ManualClock:
    """Return the clock of the heat pump, which stands still until it is moved."""
    return ManualClock()


@pytest.fixture
def profile() -> str:
    """Return the kind of installation; tests override it."""
    return Profile.STANDARD


@pytest.fixture
async def server(
    hass: HomeAssistant, clock: ManualClock, profile: str
) -> AsyncGenerator[HtRestSimulator]:
    """Return a running server whose requests take no time, in Home Assistant's time zone."""
    async with HtRestSimulator(
        profile=profile, clock=clock, time_zone=hass.config.time_zone
    ) as simulator:
        yield simulator


@pytest.fixture(autouse=True)
def _no_pauses() -> Iterator[None]:
    """Do not wait between looks at a fault that was acknowledged."""
    with patch("custom_components.htrest.coordinator.FAULT_RE_READS", (0, 0)):
        yield


@pytest.fixture
def entry(server: HtRestSimulator) -> MockConfigEntry:
    """Return an entry for the heat pump that is not set up yet."""
    return make_entry(server)


@pytest.fixture
def start(hass: HomeAssistant, server: HtRestSimulator) -> Callable[..., Awaitable[House]]:
    """Return a function that sets an entry up; changes are allowed unless it says otherwise."""

    async def set_up(entry: MockConfigEntry | None = None, **options: object) -> House:
        entry = entry or make_entry(server, options=CHANGES | options)
        entry.add_to_hass(hass)
        house = House(hass, server, entry)
        await hass.config_entries.async_setup(entry.entry_id)
        await house.settle()
        return house

    return set_up


@pytest.fixture
async def house(start: Callable[..., Awaitable[House]]) -> House:
    """Return a house that is up and running."""
    return await start()
