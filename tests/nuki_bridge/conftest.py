"""A simulated bridge, and Home Assistant beside it."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from functools import partial
from unittest.mock import patch

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.nuki_bridge.api import NukiBridgeClient
from homeassistant.core import HomeAssistant
from homeassistant.core_config import async_process_ha_core_config
from homeassistant.setup import async_setup_component
from simulators.clock import ManualClock
from simulators.nuki_bridge import NukiBridgeSimulator

from .common import House, make_entry


@pytest.fixture(autouse=True)
def _sockets(socket_enabled: None) -> None:
    """Allow sockets; only loopback addresses are used."""


@pytest.fixture
def clock() -> ManualClock:
    """Return the clock of the simulated bridge, which stands still until it is moved."""
    return ManualClock()


@pytest.fixture
def profile() -> str:
    """Return the kind of bridge; tests override it."""
    return "hw"


# What only an administrator's own action may ever ask for, and the tests of these actions.
DANGEROUS = {"/factoryReset", "/unpair", "/clearlog", "/configAuth"}
MAY_ASK = ("test_services", "test_api", "test_init")


@pytest.fixture
async def bridge(
    request: pytest.FixtureRequest, clock: ManualClock, profile: str
) -> AsyncGenerator[NukiBridgeSimulator]:
    """Return a running bridge that needs no pause between requests."""
    async with NukiBridgeSimulator(profile=profile, clock=clock, gap=0) as simulator:
        yield simulator
        if not request.module.__name__.endswith(MAY_ASK):
            assert not DANGEROUS & simulator.stats.requests.keys()


@pytest.fixture(autouse=True)
def _no_pauses(clock: ManualClock) -> Iterator[None]:
    """Let clients neither pause nor live in another time than their bridge."""
    quick = partial(NukiBridgeClient, gap=0, retry_delays=(0, 0, 0, 0), now=clock.now)
    with patch("custom_components.nuki_bridge.connection.NukiBridgeClient", quick):
        yield


@pytest.fixture
def entry(bridge: NukiBridgeSimulator) -> MockConfigEntry:
    """Return an entry for the bridge that is not set up yet."""
    return make_entry(bridge)


@pytest.fixture
async def web(hass: HomeAssistant, hass_client_no_auth: ClientSessionGenerator) -> str:
    """Start Home Assistant's web server and return its address, which callbacks go to."""
    # The web server takes no more pages once it runs.
    for component in ("webhook", "diagnostics", "repairs", "websocket_api", "config"):
        assert await async_setup_component(hass, component, {})
    client = await hass_client_no_auth()
    url = str(client.make_url("")).rstrip("/")
    await async_process_ha_core_config(hass, {"internal_url": url})
    return url


@pytest.fixture
def start(
    hass: HomeAssistant, bridge: NukiBridgeSimulator, web: str
) -> Callable[..., Awaitable[House]]:
    """Return a function that sets an entry up, as a whole house with callbacks."""

    async def set_up(entry: MockConfigEntry | None = None, **options: object) -> House:
        entry = entry or make_entry(bridge, options=options)
        entry.add_to_hass(hass)
        house = House(hass, bridge, entry, web)
        await hass.config_entries.async_setup(entry.entry_id)
        await house.settle()
        return house

    return set_up


@pytest.fixture
async def house(start: Callable[..., Awaitable[House]]) -> House:
    """Return a house that is up and running, with all entities enabled."""
    with patch(
        "homeassistant.helpers.entity.Entity.entity_registry_enabled_default", return_value=True
    ):
        return await start()
