"""What a user may hand to a stranger."""

from base64 import b64encode
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

import pytest
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator
from syrupy.assertion import SnapshotAssertion

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.setup import async_setup_component
from simulators.clock import ManualClock
from simulators.htrest import HtRestSimulator

from .common import CLIMATE, TANK, House
from .dialog import issues

PROPERTY = 7654321


@pytest.fixture
def clock() -> ManualClock:
    """Return a clock that always starts at the same time."""
    return ManualClock(datetime(2026, 2, 1, 12, tzinfo=UTC))


@pytest.fixture(autouse=True)
async def _web(hass: HomeAssistant) -> None:
    """Set up the web server and what it offers."""
    for component in ("http", "diagnostics"):
        assert await async_setup_component(hass, component, {})


@pytest.fixture
async def house(start: Callable[..., Awaitable[House]], server: HtRestSimulator) -> House:
    """Return a house in which something has happened already."""
    server.username, server.password = "quiet-otter", "s3cret-w0rd"
    server.set_value("Liegenschaft", PROPERTY)
    house = await start()
    server.add_fault(9, "HD Schalter")
    server.absent.add("Temp. Frischwasser_Istwert")
    await house.poll(2)
    return house


def leaks(text: str, server: HtRestSimulator) -> list[str]:
    """Return what a text tells that it should not."""
    both = f"{server.username}:{server.password}"
    secrets = {
        "password": str(server.password),
        "user": str(server.username),
        "credentials": b64encode(both.encode()).decode(),
        "host": server.host,
        "serial": str(server.serial_number),
        "property": str(PROPERTY),
    }
    return [name for name, secret in secrets.items() if secret.lower() in text.lower()]


async def download(house: House, connect: ClientSessionGenerator) -> str:
    """Return the file that the user gets."""
    client = await connect()
    answer = await client.get(f"/api/diagnostics/config_entry/{house.entry.entry_id}")
    assert answer.status == HTTPStatus.OK, await answer.text()
    return await answer.text()


async def test_content(
    house: House, hass_client: ClientSessionGenerator, snapshot: SnapshotAssertion
) -> None:
    """All that helps to find a fault is there."""
    found: Any = await get_diagnostics_for_config_entry(house.hass, hass_client, house.entry)
    assert found["requests_last_hour"] == house.server.stats.requests.total()
    assert found["last_success"]
    assert found["entry"]["data"].pop("port") == house.server.port
    del found["requests_last_hour"], found["last_success"], found["clock_drift"]
    assert found == snapshot


async def test_no_secrets(house: House, hass_client: ClientSessionGenerator) -> None:
    """Nothing opens the server, and nothing tells whose heat pump it is."""
    await house.hass.services.async_call(
        "htrest",
        "heat_water_now",
        {"entity_id": house.entity_id("water_heater", "water_heater"), "temperature": 60},
        blocking=True,
    )
    text = await download(house, hass_client)
    assert TANK in text
    assert leaks(text, house.server) == []


async def test_no_secrets_beside_issues(house: House, hass_client: ClientSessionGenerator) -> None:
    """Home Assistant adds the repairs to the file: they tell nothing either."""
    house.server.read_only = True
    with pytest.raises(HomeAssistantError):
        await house.call("climate", "set_temperature", CLIMATE, temperature=22)
    assert issues(house.hass) == ["server_read_only"]
    text = await download(house, hass_client)
    assert "server_read_only" in text
    assert leaks(text, house.server) == []


async def test_server_away(house: House, hass_client: ClientSessionGenerator) -> None:
    """When the server does not answer, what was known last is all the more welcome."""
    await house.server.refuse()
    await house.poll()
    text = await download(house, hass_client)
    assert TANK in text
    assert leaks(text, house.server) == []
