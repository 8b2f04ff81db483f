"""Alarms in the logbook."""

from collections.abc import Callable
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import async_capture_events

from custom_components.nibe_rest.logbook import async_describe_events
from homeassistant.core import Event, HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er

from .common import DOMAIN, House

EVENT = f"{DOMAIN}_alarm"

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


async def alarms(house: House, *headers: str) -> list[Event[Any]]:
    """Let alarms be raised; return the events that tell of them."""
    events = async_capture_events(house.hass, EVENT)
    await house.poll()
    for number, header in enumerate(headers):
        house.pump.add_alarm(183 + number, header, "Look at the display", severity=2)
        await house.poll()
    return list(events)


async def test_words(house: House, describe: Describe) -> None:
    """The alarm's own words, and the entity to click on."""
    (event,) = await alarms(house, "Low pressure")
    assert describe(event) == {
        "name": house.entry.title,
        "message": "Low pressure",
        "entity_id": house.entity_id("event", "alarm_event"),
    }


async def test_event(house: House) -> None:
    """Automations get all that is known, and the device that it is about."""
    first, second = await alarms(house, "Low pressure", "High pressure")
    assert [event.data["alarm_id"] for event in (first, second)] == [183, 184]
    device = dr.async_get(house.hass).async_get(first.data["device_id"])
    assert device
    assert (DOMAIN, house.serial) in device.identifiers
    assert first.data == {
        "name": house.entry.title,
        "device_id": device.id,
        "entity_id": house.entity_id("event", "alarm_event"),
        "alarm_id": 183,
        "header": "Low pressure",
        "description": "Look at the display",
        "severity": 2,
        "equipment": house.pump.devices[0].name,
    }


async def test_without_the_entity(house: House, describe: Describe) -> None:
    """Without the event entity the words are still there."""
    er.async_get(house.hass).async_remove(house.entity_id("event", "alarm_event"))
    await house.settle()
    (event,) = await alarms(house, "Low pressure")
    assert describe(event)["entity_id"] is None
    assert describe(event)["message"] == "Low pressure"


async def test_what_stands_at_the_start_is_not_new(house: House, hass: HomeAssistant) -> None:
    """A restart does not tell of an old alarm again."""
    await alarms(house, "Low pressure")
    events = async_capture_events(hass, EVENT)
    await hass.config_entries.async_reload(house.entry.entry_id)
    await house.poll()
    await house.poll()
    assert not events
