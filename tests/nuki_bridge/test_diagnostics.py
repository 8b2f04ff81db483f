"""What a user may hand to a stranger."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
import hashlib
from http import HTTPStatus
import re
from typing import Any

import pytest
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator
from syrupy.assertion import SnapshotAssertion
from syrupy.filters import paths

from simulators.clock import ManualClock
from simulators.nuki_bridge import CELLAR, INTERCOM, NukiBridgeSimulator

from .common import WEBHOOK_ID, House

MAC = re.compile(r"54:?D2:?72", re.IGNORECASE)


@pytest.fixture
def clock() -> ManualClock:
    """Return a clock that always starts at the same time."""
    return ManualClock(datetime(2026, 2, 1, 12, tzinfo=UTC))


@pytest.fixture
async def house(start: Callable[..., Awaitable[House]], web: str) -> House:
    """Return a house in which something has happened already."""
    house = await start(callback_url=web)
    if INTERCOM in house.bridge.locks:
        house.bridge.ring(INTERCOM)
    await house.call("unlock", CELLAR)
    await house.bridge_time(10)
    return house


def secrets(bridge: NukiBridgeSimulator) -> dict[str, str]:
    """Return what must stand in no diagnostics, by what it is."""
    assert bridge.token
    found = {
        "token": bridge.token,
        "hashed token": hashlib.sha256(bridge.token.encode()).hexdigest(),
        "webhook": WEBHOOK_ID,
        "host": bridge.host,
    }
    ids = {"hardware": bridge.hardware_id, "server": bridge.server_id}
    for lock in bridge.locks.values():
        found[f"name of {lock.nuki_id}"] = lock.name
        ids[lock.name] = lock.nuki_id
    for name, number in ids.items():
        found[f"{name}, decimal"] = str(number)
        found[f"{name}, hexadecimal"] = f"{number:08x}"
    return found


def leaks(text: str, bridge: NukiBridgeSimulator) -> list[str]:
    """Return what a text tells that it should not."""
    told = [name for name, secret in secrets(bridge).items() if secret.lower() in text.lower()]
    return told + (["MAC address"] if MAC.search(text) else [])


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
    found = await get_diagnostics_for_config_entry(house.hass, hass_client, house.entry)
    assert found == snapshot(exclude=paths("callbacks.last_received", "entry.data.port"))


@pytest.mark.parametrize("profile", ["hw", "sw", "v1.6"])
async def test_no_secrets(house: House, hass_client: ClientSessionGenerator) -> None:
    """Nothing opens a door, and nothing tells whose door it is."""
    text = await download(house, hass_client)
    assert '"devices"' in text
    assert leaks(text, house.bridge) == []


async def test_no_secrets_beside_an_issue(
    house: House, hass_client: ClientSessionGenerator
) -> None:
    """Home Assistant adds the repairs to the file: they tell nothing either."""
    house.bridge.clock_skew = 50
    await house.fire(601)
    text = await download(house, hass_client)
    assert "clock_off" in text
    assert leaks(text, house.bridge) == []


async def test_no_secrets_in_unknown_log_fields(
    house: House, hass_client: ClientSessionGenerator
) -> None:
    """What else a bridge may write into its log, under whatever name, does not get out."""
    house.bridge.journal.note(
        "HTTP-Callback",
        target=f"{house.bridge.host}:8123/api/webhook/{WEBHOOK_ID}",
        bridgeId=house.bridge.server_id,
        peer={"address": house.bridge.host},
    )
    text = await download(house, hass_client)
    assert "HTTP-Callback" in text
    assert leaks(text, house.bridge) == []


@pytest.mark.parametrize("profile", ["sw"])
async def test_software_bridge(house: House, hass_client: ClientSessionGenerator) -> None:
    """A software bridge has no log."""
    found: Any = await get_diagnostics_for_config_entry(house.hass, hass_client, house.entry)
    assert found["log"] == "NukiNotSupportedError"
    assert found["bridge"]["is_hardware"] is False


async def test_bridge_away(house: House, hass_client: ClientSessionGenerator) -> None:
    """When the bridge does not answer, what was known last is all the more welcome."""
    await house.bridge.refuse()
    await house.poll()
    found: Any = await get_diagnostics_for_config_entry(house.hass, hass_client, house.entry)
    assert found["log"] == "NukiConnectionError"
    assert len(found["devices"]) == 4
    assert leaks(str(found), house.bridge) == []
