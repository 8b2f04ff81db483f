"""What a device is, found out by reading."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import Any
from unittest.mock import patch

import pytest

from custom_components.thinknx.connection import client_for, client_of
from custom_components.thinknx.endpoints import Aspect, Kind
from custom_components.thinknx.errors import ThinknxBusyError, ThinknxConnectionError
from custom_components.thinknx.probe import PacedReader, Verdict, probe
from homeassistant.core import HomeAssistant
from simulators.clock import ManualClock
from simulators.thinknx import ThinknxSimulator

from .common import OBJECTS, Home, entry_data, make_entry

type Start = Callable[..., Awaitable[Home]]


@pytest.fixture(autouse=True)
def _pauses(clock: ManualClock) -> Iterator[None]:
    """Let pauses between reads take no time but the clock's."""
    with patch("custom_components.thinknx.probe.sleep", clock.advance):
        yield


@pytest.mark.parametrize("kind", ["light", "cover", "thermostat", "hvac", "analog"])
@pytest.mark.parametrize("unsupported", ["impossible to execute", "device not found"])
async def test_found(
    hass: HomeAssistant, server: ThinknxSimulator, kind: str, unsupported: str
) -> None:
    """A device is known by what can be read of it, and nothing is ever commanded for that."""
    server.unsupported_error = unsupported
    thing, functions = OBJECTS[kind]
    guid = server.add_device(thing).guid
    found = await probe(client_for(hass, entry_data(server)).read, guid)
    assert (found.verdict, found.kind) == (Verdict.FOUND, kind)
    assert found.aspects == set(functions)
    assert not server.stats.commands


async def test_some_of_it(hass: HomeAssistant, server: ThinknxSimulator) -> None:
    """What cannot be read is not there."""
    guid = server.add_device("blind", ["height"]).guid
    found = await probe(client_for(hass, entry_data(server)).read, guid)
    assert found.kind is Kind.COVER
    assert found.aspects == {Aspect.HEIGHT}


@pytest.mark.parametrize(
    ("guid", "verdict"), [("", Verdict.SILENT), ("not-there-at-all", Verdict.UNKNOWN)]
)
async def test_not_found(
    hass: HomeAssistant, server: ThinknxSimulator, guid: str, verdict: Verdict
) -> None:
    """A scene exists and shows nothing; what the server does not know is told apart."""
    read = client_for(hass, entry_data(server)).read
    found = await probe(read, guid or server.guids("scene")[0])
    assert (found.verdict, found.kind, found.aspects) == (verdict, None, frozenset())


async def test_no_answer(hass: HomeAssistant, server: ThinknxSimulator) -> None:
    """What is no answer about the device is no verdict."""
    await server.refuse()
    with pytest.raises(ThinknxConnectionError):
        await probe(client_for(hass, entry_data(server)).read, "not-there-at-all")


async def test_own_client_while_not_loaded(start: Start, server: ThinknxSimulator) -> None:
    """A loaded entry's client is used, which has had its password accepted already."""
    home = await start()
    assert client_of(home.hass, home.entry) is home.entry.runtime_data.client
    await home.hass.config_entries.async_unload(home.entry.entry_id)
    client = client_of(home.hass, home.entry)
    assert (await client.server_status()).version


@pytest.mark.parametrize(
    ("rate", "data"), [(5.0, {}), (1.0, {"connection": "on_premise", "key": "k"})]
)
async def test_usual_pace(
    hass: HomeAssistant, server: ThinknxSimulator, rate: float, data: dict[str, Any]
) -> None:
    """Without an option a cloud is asked more seldom than a server in the house."""
    entry = make_entry(server, **data)
    entry.add_to_hass(hass)
    assert PacedReader(hass, entry)._pace.rate == rate


async def test_one_after_the_other(start: Start, clock: ManualClock) -> None:
    """Reads that are asked for together go out one by one, in the pace of the entry."""
    home = await start()
    reader = PacedReader(home.hass, home.entry)
    light = home.server.guids("light")[0]
    before = clock.monotonic()
    await asyncio.gather(*(reader.read(light, Aspect.POWER) for _ in range(6)))
    assert clock.monotonic() - before >= 5 / 5


async def test_busy_server(start: Start, clock: ManualClock) -> None:
    """A server that has too much to do is left alone as long as it wishes, by all reads."""
    home = await start()
    reader = PacedReader(home.hass, home.entry)
    light = home.server.guids("light")[0]
    home.server.trick("status", status=429, retry_after="30", guid=light)
    with pytest.raises(ThinknxBusyError):
        await reader.read(light, Aspect.POWER)
    before = clock.monotonic()
    assert (await reader.read(light, Aspect.POWER)).value is not None
    assert clock.monotonic() - before >= 30
    assert home.entry.runtime_data.scheduler.pace.refusals == 1
