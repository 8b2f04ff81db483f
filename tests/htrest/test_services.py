"""Actions, with and without an entry to act on."""

from typing import Any

import pytest

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.setup import async_setup_component

from .common import DOMAIN, ROOM, House

ACTIONS: dict[str, dict[str, Any]] = {
    "copy_day": {"program": 0, "from_day": "monday", "days": ["sunday"]},
    "get_faults": {},
    "get_parameter": {"name": ROOM},
    "get_time_program": {"program": 0},
    "set_parameter": {"name": ROOM, "value": 20},
    "set_time_program": {"program": 0, "days": ["monday"], "periods": []},
}


async def test_there_without_an_entry(hass: HomeAssistant) -> None:
    """The actions are there for automations even before a heat pump is set up."""
    assert await async_setup_component(hass, DOMAIN, {})
    assert hass.services.async_services_for_domain(DOMAIN).keys() == {
        *ACTIONS,
        "heat_water_now",
    }


@pytest.mark.parametrize("action", ACTIONS)
async def test_entry_not_loaded(house: House, action: str) -> None:
    """An action on a heat pump that is not loaded says so."""
    await house.hass.config_entries.async_unload(house.entry.entry_id)
    with pytest.raises(ServiceValidationError) as err:
        await house.act(action, **ACTIONS[action])
    assert err.value.translation_key == "service_config_entry_not_loaded"
    with pytest.raises(ServiceValidationError) as unknown:
        await house.act(action, **(ACTIONS[action] | {"config_entry_id": "nonsense"}))
    assert unknown.value.translation_key == "service_config_entry_not_found"
