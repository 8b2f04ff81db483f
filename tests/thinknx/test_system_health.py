"""The figures on the system health page."""

from collections.abc import Awaitable, Callable
import json
from pathlib import Path

import pytest
from pytest_homeassistant_custom_component.common import get_system_health_info

from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from simulators.clock import ManualClock
from simulators.thinknx import ThinknxSimulator

from .common import DOMAIN, Home, make_entry, subentry

TRANSLATIONS = Path(__file__).parents[2] / "custom_components" / DOMAIN / "translations"

type Start = Callable[..., Awaitable[Home]]


@pytest.fixture(autouse=True)
async def _system_health(hass: HomeAssistant) -> None:
    """Set up the page, before the web server takes no more pages."""
    assert await async_setup_component(hass, "system_health", {})


@pytest.fixture
async def home(start: Start, server: ThinknxSimulator) -> Home:
    """Return a house with two lights."""
    lamps = server.guids("light")[:2]
    return await start(
        make_entry(server, *[subentry("light", it, f"{n}") for n, it in enumerate(lamps)])
    )


async def test_one_server(home: Home) -> None:
    """How busy, how often refused, how old, how many."""
    await home.live(60)
    found = await get_system_health_info(home.hass, DOMAIN)
    assert found["requests_per_second"] > 0.1
    assert 0 < found["oldest"] < 180
    assert (found["refusals"], found["devices"]) == (0, 2)


async def test_several_servers(start: Start, home: Home, clock: ManualClock) -> None:
    """The busiest, the oldest value, all refusals and devices."""
    async with ThinknxSimulator(
        clock=clock, service_seconds=0, bus_seconds=(0, 0), alive=False, seed=2
    ) as other:
        lamp = subentry("light", other.guids("light")[0], "Other")
        second = await start(make_entry(other, lamp))
        found = await get_system_health_info(home.hass, DOMAIN)
        assert found["devices"] == 3
        await home.hass.config_entries.async_unload(second.entry.entry_id)


async def test_no_server(home: Home) -> None:
    """Without a loaded entry there is nothing to say."""
    await home.hass.config_entries.async_unload(home.entry.entry_id)
    assert await get_system_health_info(home.hass, DOMAIN) == {}


async def test_nothing_read(start: Start, server: ThinknxSimulator) -> None:
    """Without devices there is no oldest value."""
    home = await start()
    assert (await get_system_health_info(home.hass, DOMAIN))["oldest"] is None


async def test_every_figure_has_a_name(home: Home) -> None:
    """The page knows what to call each of them."""
    names = json.loads((TRANSLATIONS / "en.json").read_text())["system_health"]["info"]
    assert (await get_system_health_info(home.hass, DOMAIN)).keys() == names.keys()
