"""The figures on the system health page."""

from collections.abc import Awaitable, Callable
import json
from pathlib import Path

import pytest
from pytest_homeassistant_custom_component.common import get_system_health_info

from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from simulators.clock import ManualClock
from simulators.htrest import HtRestSimulator

from .common import DOMAIN, House, make_entry

TRANSLATIONS = Path(__file__).parents[2] / "custom_components" / DOMAIN / "translations"


@pytest.fixture(autouse=True)
async def _system_health(hass: HomeAssistant) -> None:
    """Set up the page, before the web server takes no more pages."""
    assert await async_setup_component(hass, "system_health", {})


async def test_one_pump(house: House) -> None:
    """How busy, when last heard of, how much there is to know, and how often it is asked."""
    found = await get_system_health_info(house.hass, DOMAIN)
    assert found == {
        "requests_per_hour": house.server.stats.requests.total(),
        "last_success": house.entry.runtime_data.client.last_success,
        "points": 61,
        "interval": 30,
    }
    await house.poll()
    later = await get_system_health_info(house.hass, DOMAIN)
    assert later["requests_per_hour"] > found["requests_per_hour"]
    assert later["last_success"] > found["last_success"]


async def test_several_pumps(
    start: Callable[..., Awaitable[House]], house: House, clock: ManualClock
) -> None:
    """The busiest, the one longest not heard of, and all points."""
    quiet_since = house.entry.runtime_data.client.last_success
    async with HtRestSimulator(clock=clock) as other:
        other.serial_number = 654321
        second = await start(make_entry(other, options={"poll_interval": 60}))
        found = await get_system_health_info(house.hass, DOMAIN)
        assert found["last_success"] == quiet_since
        assert (found["points"], found["interval"]) == (122, 60)
        await house.hass.config_entries.async_unload(second.entry.entry_id)


async def test_no_pump(house: House) -> None:
    """Without a loaded entry there is nothing to say."""
    await house.hass.config_entries.async_unload(house.entry.entry_id)
    assert await get_system_health_info(house.hass, DOMAIN) == {}


async def test_every_figure_has_a_name(house: House) -> None:
    """The page knows what to call each of them."""
    names = json.loads((TRANSLATIONS / "en.json").read_text())["system_health"]["info"]
    assert (await get_system_health_info(house.hass, DOMAIN)).keys() == names.keys()
