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
from homeassistant.setup import async_setup_component
from simulators.clock import ManualClock
from simulators.nibe_rest import NibeSimulator, ids

from .common import House
from .dialog import as_the_app_shows, issues

SHOWN = (ids.OUTDOOR, ids.HEATING_CURVE, ids.MORE_HOT_WATER, ids.PERIODIC_START_TIME)


@pytest.fixture
def clock() -> ManualClock:
    """Return a clock that always starts at the same time."""
    return ManualClock(datetime(2026, 2, 1, 12, tzinfo=UTC))


def leaks(text: str, pump: NibeSimulator) -> list[str]:
    """Return what a text tells that it should not."""
    secrets = {
        "password": pump.password,
        "user": pump.username,
        "credentials": b64encode(f"{pump.username}:{pump.password}".encode()).decode(),
        "host": pump.host,
        "fingerprint": pump.fingerprint,
        "readable fingerprint": as_the_app_shows(pump.fingerprint),
        **{f"serial {device.index}": device.serial for device in pump.devices},
    }
    return [name for name, secret in secrets.items() if secret.lower() in text.lower()]


@pytest.fixture(autouse=True)
async def _web(hass: HomeAssistant) -> None:
    """Set up the web server and what it offers."""
    for component in ("http", "diagnostics"):
        assert await async_setup_component(hass, component, {})


@pytest.fixture
def pump_user() -> str:
    """Return a user's name that stands nowhere else."""
    return "quiet-otter"


async def download(house: House, connect: ClientSessionGenerator) -> str:
    """Return the file that the user gets."""
    client = await connect()
    answer = await client.get(f"/api/diagnostics/config_entry/{house.entry.entry_id}")
    assert answer.status == HTTPStatus.OK, await answer.text()
    return await answer.text()


@pytest.fixture
async def house(
    start: Callable[..., Awaitable[House]], pump: NibeSimulator, pump_user: str
) -> House:
    """Return a house in which something has happened already."""
    pump.username = pump_user
    house = await start()
    house.pump.add_alarm(183, "Low pressure", f"Call {pump_user}")
    await house.call("number", "set_value", ids.HEATING_OFFSET, value=3)
    house.pump.hide(ids.HOT_WATER_TOP)
    await house.poll()
    return house


async def test_content(
    house: House, hass_client: ClientSessionGenerator, snapshot: SnapshotAssertion
) -> None:
    """All that helps to find a fault is there."""
    house.pump.set_value(ids.OUTDOOR, -125)
    await house.poll()
    found: Any = await get_diagnostics_for_config_entry(house.hass, hass_client, house.entry)
    assert set(found["points"]) == {str(point) for point in house.entry.runtime_data.data.points}
    assert found["missing"] == [ids.HOT_WATER_TOP]
    assert found["requests_last_hour"] == house.pump.stats.requests.total()
    assert found["last_success"]
    assert ids.OUTDOOR in found["curated"]
    assert found["entry"]["data"].pop("port") == house.pump.port
    assert {
        **{key: found[key] for key in ("alarms", "device", "entry")},
        "points": {str(point): found["points"][str(point)] for point in SHOWN},
    } == snapshot


@pytest.mark.parametrize("profile", ["s1255", "smo-s40", "vvm-s320"])
async def test_no_secrets(house: House, hass_client: ClientSessionGenerator) -> None:
    """Nothing opens the API, and nothing tells whose heat pump it is."""
    text = await download(house, hass_client)
    assert '"points"' in text
    assert leaks(text, house.pump) == []


async def test_no_secrets_beside_issues(house: House, hass_client: ClientSessionGenerator) -> None:
    """Home Assistant adds the repairs to the file: they tell nothing either."""
    house.pump.add_device("vvm-s320", seed=5)
    house.pump.set_firmware("4.5")
    await house.hass.config_entries.async_reload(house.entry.entry_id)
    assert issues(house.hass) == ["firmware_too_old", "more_pumps"]
    text = await download(house, hass_client)
    assert "more_pumps" in text
    assert leaks(text, house.pump) == []


async def test_pump_away(house: House, hass_client: ClientSessionGenerator) -> None:
    """When the heat pump does not answer, what was known last is all the more welcome."""
    await house.pump.refuse()
    await house.poll()
    text = await download(house, hass_client)
    assert str(ids.HEATING_CURVE) in text
    assert leaks(text, house.pump) == []
