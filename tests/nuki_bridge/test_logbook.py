"""Rings and jammed locks in the logbook."""

from collections.abc import Awaitable, Callable
import json
from pathlib import Path
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import async_capture_events

from custom_components.nuki_bridge.logbook import async_describe_events
from homeassistant.core import Event, HomeAssistant
from homeassistant.helpers import device_registry as dr
from simulators.nuki_bridge import CELLAR, FRONT_DOOR, INTERCOM

from .common import DOMAIN, House

TRANSLATIONS = Path(__file__).parents[2] / "custom_components" / DOMAIN / "translations"
EVENT = f"{DOMAIN}_event"

type Describe = Callable[[Event[Any]], dict[str, Any]]


@pytest.fixture
def language() -> str:
    """Return the language of this Home Assistant; tests override it."""
    return "en"


@pytest.fixture
async def house(
    hass: HomeAssistant, language: str, start: Callable[..., Awaitable[House]]
) -> House:
    """Return a house where a language is spoken."""
    hass.config.language = language
    return await start()


@pytest.fixture
def describe(hass: HomeAssistant) -> Describe:
    """Return how the logbook puts our events."""
    described: dict[tuple[str, str], Describe] = {}

    def take(domain: str, event: str, describe: Describe) -> None:
        described[domain, event] = describe

    async_describe_events(hass, take)
    assert described.keys() == {(DOMAIN, EVENT)}
    return described[DOMAIN, EVENT]


async def happen(house: House, kind: str) -> Event[Any]:
    """Let something happen at a door; return the event that tells of it."""
    events = async_capture_events(house.hass, EVENT)
    if kind == "jammed":
        house.bridge.turn_by_hand(FRONT_DOOR, 3)
        house.bridge.locks[FRONT_DOOR].jam_next = True
        await house.call("lock", FRONT_DOOR)
        await house.bridge_time(10)
    else:
        if kind == "ring_to_open":
            await house.call("unlock", INTERCOM)
            await house.bridge_time(10)
        house.bridge.ring(INTERCOM)
        await house.bridge_time(20)
    (event,) = events
    return event


@pytest.mark.parametrize(
    ("kind", "nuki_id", "name", "message"),
    [
        ("jammed", FRONT_DOOR, "Front door", "is jammed"),
        ("ring", INTERCOM, "Intercom", "rang"),
        ("ring_to_open", INTERCOM, "Intercom", "rang and the door was opened"),
    ],
)
async def test_words(
    house: House, describe: Describe, kind: str, nuki_id: int, name: str, message: str
) -> None:
    """What happened, where, and the entity to click on."""
    assert describe(await happen(house, kind)) == {
        "name": name,
        "message": message,
        "entity_id": house.entity_id("lock", nuki_id, "lock"),
    }


@pytest.mark.parametrize("language", ["de", "it", "nl", "sv"])
async def test_language(house: House, describe: Describe, language: str) -> None:
    """The words are in the language of this Home Assistant."""
    translations = json.loads((TRANSLATIONS / f"{language}.json").read_text())
    words = translations["selector"]["logbook"]["options"]
    described = describe(await happen(house, "ring"))
    assert described["message"] == words["ring"]
    assert described["message"] != "rang"


async def test_name_given_by_the_user(house: House, describe: Describe) -> None:
    """A device that the user renamed is called so."""
    registry = dr.async_get(house.hass)
    device = registry.async_get_device_by_identifier(
        (DOMAIN, f"{INTERCOM:08X}"), house.entry.entry_id
    )
    assert device
    registry.async_update_device(device.id, name_by_user="Doorbell")
    assert describe(await happen(house, "ring"))["name"] == "Doorbell"


async def test_later_kind(house: House, describe: Describe) -> None:
    """An event from a later version, still in the database, is shown as it is."""
    event: Event = Event(EVENT, {"type": "sang", "name": "Cellar", "entity_id": None})
    assert describe(event) == {"name": "Cellar", "message": "sang", "entity_id": None}
    assert house.lock(CELLAR) == "locked"
