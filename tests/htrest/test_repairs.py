"""The repair that can be mended by a click."""

import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.htrest.repairs import async_create_fix_flow
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.setup import async_setup_component

from .common import CLIMATE, House
from .dialog import Fix, issues


@pytest.fixture(autouse=True)
async def _repairs(hass: HomeAssistant) -> None:
    """Offer repairs."""
    await async_setup_component(hass, "repairs", {})


async def test_read_only_server(
    house: House, hass: HomeAssistant, hass_client: ClientSessionGenerator
) -> None:
    """Whoever keeps the server read-only may switch changes off by a click."""
    house.server.read_only = True
    with pytest.raises(HomeAssistantError):
        await house.call("climate", "set_temperature", CLIMATE, temperature=22)
    fix = await Fix.start(house, "server_read_only", hass_client)
    assert fix.shown["step_id"] == "confirm"
    assert fix.shown["description_placeholders"] == {"name": "Heliotherm"}
    await fix.fill()
    assert fix.shown["type"] == "create_entry"
    await house.settle()
    assert house.entry.options["allow_changes"] is False
    assert house.state("climate", CLIMATE).attributes["supported_features"] == 0
    assert not issues(hass)


async def test_entry_is_gone(hass: HomeAssistant) -> None:
    """An issue of an entry that is gone cannot be mended."""
    for data in (None, {"entry_id": "gone"}):
        with pytest.raises(ValueError, match="no entry"):
            await async_create_fix_flow(hass, "server_read_only_gone", data)


async def test_issues_end_with_the_entry(house: House, hass: HomeAssistant) -> None:
    """Nothing is left of an entry that was removed."""
    house.server.silent = True
    await house.poll(3)
    assert issues(hass) == ["pump_silent"]
    await hass.config_entries.async_remove(house.entry.entry_id)
    assert not issues(hass)
