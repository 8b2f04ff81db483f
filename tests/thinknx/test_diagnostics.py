"""What a user may hand to a stranger."""

from base64 import b64encode
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import pytest
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator
from syrupy.assertion import SnapshotAssertion

from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from simulators.thinknx import ThinknxSimulator

from .common import Home, make_entry, subentry

KEY = "k3y-of-the-cloud/and+more"

type Start = Callable[..., Awaitable[Home]]


@pytest.fixture(autouse=True)
async def _web(hass: HomeAssistant) -> None:
    """Set up the web server and what it offers."""
    for component in ("http", "diagnostics"):
        assert await async_setup_component(hass, component, {})


@pytest.fixture
async def home(start: Start, server: ThinknxSimulator) -> Home:
    """Return a house in which something is odd."""
    server.password = "p@ss w0rd/&ü"
    thermostat, lamp = server.guids("thermostat")[0], server.guids("light")[0]
    server.set_thermostat(thermostat, temperature=20.5, setpoint=21.0, mode=1, chrono=False)
    server.set_light(lamp, on=False)
    server.trick("value", controller="tempmodestatus", text='"<comfort>"', times=None)
    return await start(
        make_entry(
            server,
            subentry("thermostat", thermostat, "Bath of Ms Miller"),
            subentry("light", lamp, "Hall", ("power",)),
            options={"groups": ["1/2/3"], "allow_telegrams": True},
        )
    )


def leaks(text: str, home: Home) -> list[str]:
    """Return what a text tells that it should not."""
    server = home.server
    both = f"{server.username}:{server.password}"
    secrets = {
        "password": server.password,
        "quoted password": quote(server.password, safe=""),
        "credentials": b64encode(both.encode()).decode(),
        "key": KEY,
        "webhook": "poke-the-house",
        "host": server.host,
        "name": "Miller",
        "group": "1/2/3",
    } | {f"GUID {it.title}": str(it.unique_id) for it in home.entry.subentries.values()}
    return [name for name, secret in secrets.items() if secret in text]


async def download(home: Home, connect: ClientSessionGenerator) -> str:
    """Return the file that the user gets, without what Home Assistant adds about entries."""
    client = await connect()
    answer = await client.get(f"/api/diagnostics/config_entry/{home.entry.entry_id}")
    assert answer.status == HTTPStatus.OK, await answer.text()
    return await answer.text()


async def test_content(
    home: Home, hass_client: ClientSessionGenerator, snapshot: SnapshotAssertion
) -> None:
    """All that helps to find a fault is there."""
    found: Any = await get_diagnostics_for_config_entry(home.hass, hass_client, home.entry)
    assert found["requests_per_second"] > 0
    assert found["report"]["statuses"]["200"] > 5
    assert len(found["report"]["read_seconds"]) > 5
    for name in ("requests_per_second", "oldest", "report"):
        del found[name]
    assert found == snapshot


async def test_no_secrets(home: Home, hass_client: ClientSessionGenerator) -> None:
    """Nothing opens the server or a device of it, and nothing tells whose house it is."""
    text = await download(home, hass_client)
    assert "comfort" in text  # what made no sense
    assert leaks(text, home) == []


async def test_no_secrets_of_the_cloud(home: Home, hass_client: ClientSessionGenerator) -> None:
    """Neither does the key."""
    home.hass.config_entries.async_update_entry(
        home.entry, data={**home.entry.data, "connection": "on_premise", "key": KEY}
    )
    assert leaks(await download(home, hass_client), home) == []


async def test_server_away(home: Home, hass_client: ClientSessionGenerator) -> None:
    """When the server does not answer, what was known last is all the more welcome."""
    await home.server.refuse()
    await home.live(20)
    found = await get_diagnostics_for_config_entry(home.hass, hass_client, home.entry)
    assert isinstance(found, dict)
    assert found["reachable"] is False
    assert leaks(str(found), home) == []
