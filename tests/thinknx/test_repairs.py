"""Repairs: devices that the server does not know, and a project that was deployed anew."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus

import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
from simulators.thinknx import ThinknxSimulator

from .common import DOMAIN, Home, make_entry, subentry

type Start = Callable[..., Awaitable[Home]]


@pytest.fixture
async def home(start: Start, server: ThinknxSimulator) -> Home:
    """Return a house with some devices."""
    lamps = server.guids("light", "level")[:3]
    return await start(
        make_entry(
            server,
            *[subentry("light", guid, f"Lamp {n}") for n, guid in enumerate(lamps)],
            subentry("thermostat", server.guids("thermostat")[0], "Bath"),
        )
    )


def guid(home: Home, number: int) -> str:
    """Return the GUID of a device."""
    found: str = list(home.entry.subentries.values())[number].data["guid"]
    return found


def issue(home: Home, kind: str) -> ir.IssueEntry:
    """Return an issue."""
    found = ir.async_get(home.hass).async_get_issue(DOMAIN, f"{kind}_{home.entry.entry_id}")
    assert found
    return found


async def test_devices_that_are_gone(home: Home, server: ThinknxSimulator) -> None:
    """Devices that the server no longer knows are unavailable, and told in one issue by name."""
    for number in (0, 3):
        server.remove_device(guid(home, number))
    await home.live(120)
    assert home.issues == ["unknown_devices"]
    words = issue(home, "unknown_devices").translation_placeholders or {}
    assert (words["count"], words["devices"]) == ("2", "- Bath\n- Lamp 0")
    assert home.state("light.lamp_0").state == "unavailable"
    assert home.state("climate.bath").state == "unavailable"
    assert home.state("light.lamp_1").state in {"on", "off"}
    assert len(home.entry.subentries) == 4  # nothing is deleted by itself


async def test_device_is_back(home: Home, server: ThinknxSimulator) -> None:
    """A device to which the user is let again is back, and the issue gone."""
    server.restrict(guid(home, 0))
    await home.live(120)
    assert home.issues == ["unknown_devices"]
    server.restrict(guid(home, 0), restricted=False)
    await home.live(320)
    assert home.issues == []
    assert home.state("light.lamp_0").state in {"on", "off"}


async def test_device_is_deleted(home: Home, server: ThinknxSimulator) -> None:
    """Who deletes the devices that are gone is rid of the issue."""
    server.remove_device(guid(home, 0))
    await home.live(120)
    gone = next(iter(home.entry.subentries))
    home.hass.config_entries.async_remove_subentry(home.entry, gone)
    await home.fire(1.1)
    assert home.issues == []


async def test_one_accident(home: Home, server: ThinknxSimulator) -> None:
    """A single wrong answer about a device is no issue."""
    server.fail("device not found", guid=guid(home, 0), times=2)
    await home.live(30)
    assert home.issues == []
    assert home.state("light.lamp_0").state in {"on", "off"}


async def test_one_value_is_gone(home: Home, server: ThinknxSimulator) -> None:
    """A device of which only one value cannot be read any more is still there."""
    server.fail("device not found", guid=guid(home, 3), controller="actualtemp", times=None)
    await home.live(200)
    assert home.issues == []
    assert home.state("climate.bath").attributes["current_temperature"] is None
    assert home.state("climate.bath").attributes["temperature"] is not None


async def test_project_deployed_anew(
    home: Home, server: ThinknxSimulator, hass_client: ClientSessionGenerator
) -> None:
    """A new project is told, and everything looked at; the user takes note by a click."""
    assert await async_setup_component(home.hass, "repairs", {})
    server.redeploy(remove=[guid(home, 1)])
    await home.live(90)
    assert home.issues == ["redeployed", "unknown_devices"]
    client = await hass_client()
    answer = await client.post(
        "/api/repairs/issues/fix",
        json={"handler": DOMAIN, "issue_id": f"redeployed_{home.entry.entry_id}"},
    )
    assert answer.status == HTTPStatus.OK
    flow = (await answer.json())["flow_id"]
    await client.post(f"/api/repairs/issues/fix/{flow}", json={})
    assert home.issues == ["unknown_devices"]


async def test_project_deployed_while_we_were_away(home: Home, server: ThinknxSimulator) -> None:
    """A project that was deployed while Home Assistant was down is noticed too."""
    await home.hass.config_entries.async_unload(home.entry.entry_id)
    server.redeploy()
    await home.hass.config_entries.async_setup(home.entry.entry_id)
    assert home.issues == ["redeployed"]
    await home.hass.config_entries.async_reload(home.entry.entry_id)
    assert home.issues == []  # it is told once


async def test_long_list(start: Start, server: ThinknxSimulator) -> None:
    """Of very many devices only some are named."""
    lamps = server.guids("light")[:25]
    lights = [subentry("light", it, f"Lamp {n:02}", ("power",)) for n, it in enumerate(lamps)]
    home = await start(make_entry(server, *lights))
    server.redeploy(rebuild=True)
    await home.live(120)
    words = issue(home, "unknown_devices").translation_placeholders or {}
    assert words["count"] == "25"
    assert words["devices"].splitlines()[-2:] == ["- Lamp 19", "- …"]


async def test_issues_end_with_the_entry(home: Home, server: ThinknxSimulator) -> None:
    """Nothing is left of an entry that was removed."""
    server.redeploy(rebuild=True)
    await home.live(120)
    assert home.issues
    await home.hass.config_entries.async_remove(home.entry.entry_id)
    assert not home.issues
