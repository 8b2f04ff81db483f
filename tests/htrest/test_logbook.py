"""Lines of the fault list in the logbook."""

from collections.abc import Callable
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import async_capture_events

from custom_components.htrest.logbook import async_describe_events
from homeassistant.core import Event, HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er

from .common import DOMAIN, House

EVENT = f"{DOMAIN}_fault"

type Describe = Callable[[Event[Any]], dict[str, Any]]


@pytest.fixture
def describe(hass: HomeAssistant) -> Describe:
    """Return how the logbook puts our events."""
    described: dict[tuple[str, str], Describe] = {}

    def take(domain: str, event: str, describe: Describe) -> None:
        described[domain, event] = describe

    async_describe_events(hass, take)
    assert described.keys() == {(DOMAIN, EVENT)}
    return described[DOMAIN, EVENT]


async def new_fault(house: House) -> Event[Any]:
    """Let a fault happen; return the event that tells of it."""
    events = async_capture_events(house.hass, EVENT)
    house.server.add_fault(9, "HD Schalter")
    await house.poll()
    (event,) = events
    return event


async def test_words(house: House, describe: Describe) -> None:
    """The heat pump's own words, and the entity to click on."""
    assert describe(await new_fault(house)) == {
        "name": "Heliotherm",
        "message": "HD Schalter",
        "entity_id": house.entity_id("event", "fault_event"),
    }


async def test_event(house: House) -> None:
    """Automations get all that is known, and the device that it is about."""
    event = await new_fault(house)
    device = dr.async_get(house.hass).async_get(event.data["device_id"])
    assert device
    assert (DOMAIN, "123456") in device.identifiers
    assert event.data == {
        "name": "Heliotherm",
        "device_id": device.id,
        "entity_id": house.entity_id("event", "fault_event"),
        "kind": "fault",
        "error": 9,
        "message": "HD Schalter",
        "time": house.server.fault_list[-1].datetime,
    }


async def test_without_the_entity(house: House, describe: Describe) -> None:
    """Without the event entity the words are still there."""
    er.async_get(house.hass).async_remove(house.entity_id("event", "fault_event"))
    await house.settle()
    described = describe(await new_fault(house))
    assert described["entity_id"] is None
    assert described["message"] == "HD Schalter"
