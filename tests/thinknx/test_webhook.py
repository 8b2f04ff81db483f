"""The webhook: it brings a read forward, and believes nothing."""

from collections.abc import Awaitable, Callable
from ipaddress import ip_address
from typing import Any
from unittest.mock import patch

from aiohttp.test_utils import TestClient
import pytest
from pytest_homeassistant_custom_component.common import async_capture_events
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.thinknx.webhook import BURST, MOST_GUIDS
from homeassistant.core import Event
from simulators.thinknx import ThinknxSimulator

from .common import Home, make_entry, subentry

PATH = "/api/webhook/poke-the-house"
LAMPS = 30

type Start = Callable[..., Awaitable[Home]]
type Client = TestClient[Any, Any]


@pytest.fixture
async def home(start: Start, server: ThinknxSimulator) -> Home:
    """Return a house with thirty lights that listens."""
    lamps = server.guids("light")[:LAMPS]
    lights = [subentry("light", it, f"Lamp {n}", ("power",)) for n, it in enumerate(lamps)]
    home = await start(make_entry(server, *lights, options={"webhook": True}))
    await home.live(10)
    return home


@pytest.fixture
async def client(home: Home, hass_client_no_auth: ClientSessionGenerator) -> Client:
    """Return a client in the same house."""
    return await hass_client_no_auth()


@pytest.fixture
def told(home: Home) -> list[Event[Any]]:
    """Return the events that are fired."""
    return async_capture_events(home.hass, "thinknx_event")


def lamp(home: Home, number: int) -> str:
    """Return the GUID of a lamp."""
    found: str = list(home.entry.subentries.values())[number].data["guid"]
    return found


async def test_brings_a_read_forward(
    home: Home, client: Client, server: ThinknxSimulator, told: list[Event[Any]]
) -> None:
    """What changed is read at once, and an event says which device it was."""
    guid = lamp(home, 29)
    wanted = not server.value(guid, "power")
    server.set_light(guid, on=wanted)
    answer = await client.get(PATH, params={"guid": guid, "value": "1"})
    assert answer.status == 200
    await home.live(0.5)
    assert home.state("light.lamp_29").state == ("on" if wanted else "off")
    assert [event.data["name"] for event in told] == ["Lamp 29"]
    assert told[0].data["device_id"]


async def test_by_post(home: Home, client: Client, told: list[Event[Any]]) -> None:
    """A form does as well as a query, and several GUIDs as well as one."""
    answer = await client.post(PATH, data={"guid": lamp(home, 1)}, params={"guid": lamp(home, 2)})
    assert answer.status == 200
    assert {event.data["guid"] for event in told} == {lamp(home, 1), lamp(home, 2)}


async def test_plus_that_became_a_blank(
    home: Home, client: Client, server: ThinknxSimulator, told: list[Event[Any]]
) -> None:
    """A GUID with a plus that nobody has encoded is understood."""
    server.add_device("light", guid="AB+CDEFGHIJKLMNOPQRSTU")
    home.add(subentry("light", "AB+CDEFGHIJKLMNOPQRSTU", "Plus", ("power",)))
    await home.fire(1.1)
    await client.get(f"{PATH}?guid=AB+CDEFGHIJKLMNOPQRSTU")
    assert [event.data["name"] for event in told] == ["Plus"]


async def test_believes_nothing(
    home: Home, client: Client, server: ThinknxSimulator, told: list[Event[Any]]
) -> None:
    """Who does not know a GUID of ours does nothing, and learns nothing."""
    for params in ({}, {"guid": "A" * 22}, {"guid": "'; DROP"}, {"other": lamp(home, 1)}):
        answer = await client.get(PATH, params=params)
        assert (answer.status, await answer.text()) == (200, "")
    answer = await client.post(PATH, data=b"x" * 10_000)
    assert answer.status == 413
    assert not told


async def test_flood(
    home: Home, client: Client, server: ThinknxSimulator, told: list[Event[Any]]
) -> None:
    """However often it is called, five reads a second come of it, and the others go on."""
    for _ in range(3):
        await client.get(PATH, params=[("guid", lamp(home, n)) for n in range(LAMPS)])
    assert len(told) <= BURST + 2
    server.stats.reset()
    await home.live(20)
    assert all(server.stats.guids[lamp(home, number)] for number in range(LAMPS))


async def test_only_so_many_in_a_call(home: Home, client: Client) -> None:
    """A call with ten thousand GUIDs is one with twenty."""
    params = [("guid", "A" * 22)] * (MOST_GUIDS * 3) + [("guid", lamp(home, 0))]
    told = async_capture_events(home.hass, "thinknx_event")
    answer = await client.get(PATH, params=params)
    assert answer.status == 200
    assert not told


async def test_switched_off_and_on(home: Home, client: Client, told: list[Event[Any]]) -> None:
    """The option holds at once; without it nobody listens."""
    for on in (False, True):
        home.hass.config_entries.async_update_entry(home.entry, options={"webhook": on})
        await home.fire(1.1)
        await client.get(PATH, params={"guid": lamp(home, 0)})
        assert bool(told) is on
    await home.hass.config_entries.async_unload(home.entry.entry_id)
    await client.get(PATH, params={"guid": lamp(home, 1)})
    assert len(told) == 1


async def test_stranger(home: Home, client: Client, told: list[Event[Any]]) -> None:
    """Who calls from outside is not listened to."""
    for sender, heard in (("203.0.113.5", 0), ("192.168.1.5", 1)):
        with patch("homeassistant.components.webhook.ip_address", return_value=ip_address(sender)):
            await client.get(PATH, params={"guid": lamp(home, 0)})
        assert len(told) == heard
