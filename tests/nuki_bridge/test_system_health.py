"""The figures on the system health page."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
import json

import pytest
from pytest_homeassistant_custom_component.common import get_system_health_info

from custom_components.nuki_bridge.const import DOMAIN
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from simulators.clock import ManualClock
from simulators.nuki_bridge import NukiBridgeSimulator

from .common import House, make_entry
from .test_logbook import TRANSLATIONS


@pytest.fixture(autouse=True)
async def _system_health(hass: HomeAssistant) -> None:
    """Set up the page, before the web server takes no more pages."""
    assert await async_setup_component(hass, "system_health", {})


async def test_one_bridge(start: Callable[..., Awaitable[House]], clock: ManualClock) -> None:
    """How busy, when last heard of, and whether callbacks work."""
    house = await start()
    found = await get_system_health_info(house.hass, DOMAIN)
    assert found == {
        "requests_per_hour": house.bridge.stats.requests.total(),
        "last_success": clock.now(),
        "callbacks": "1/1",
    }
    await house.poll()
    later = await get_system_health_info(house.hass, DOMAIN)
    assert later["requests_per_hour"] == found["requests_per_hour"] + 1


async def test_several_bridges(
    hass: HomeAssistant, start: Callable[..., Awaitable[House]], clock: ManualClock
) -> None:
    """The busiest, the one longest not heard of, and how many callbacks work."""
    house = await start()
    quiet_since = clock.now()
    await clock.advance(600)
    async with NukiBridgeSimulator(clock=clock, gap=0) as other:
        other.hardware_id += 1
        entry = make_entry(other, webhook_id="b0b0" * 16, options={"use_callbacks": False})
        entry.add_to_hass(hass)
        await hass.config_entries.async_setup(entry.entry_id)
        await house.settle()
        assert clock.now() == quiet_since + timedelta(seconds=600)
        assert await get_system_health_info(hass, DOMAIN) == {
            "requests_per_hour": max(
                bridge.stats.requests.total() for bridge in (house.bridge, other)
            ),
            "last_success": quiet_since,
            "callbacks": "1/2",
        }
        await hass.config_entries.async_unload(entry.entry_id)
    assert (await get_system_health_info(hass, DOMAIN))["callbacks"] == "1/1"


async def test_no_bridge(hass: HomeAssistant, start: Callable[..., Awaitable[House]]) -> None:
    """Without a loaded entry there is nothing to say."""
    house = await start()
    await hass.config_entries.async_unload(house.entry.entry_id)
    assert await get_system_health_info(hass, DOMAIN) == {}


async def test_every_figure_has_a_name(house: House) -> None:
    """The page knows what to call each of them."""
    names = json.loads((TRANSLATIONS / "en.json").read_text())["system_health"]["info"]
    assert (await get_system_health_info(house.hass, DOMAIN)).keys() == names.keys()
