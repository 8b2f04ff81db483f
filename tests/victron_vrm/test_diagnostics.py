"""What a user may hand to a stranger."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from http import HTTPStatus
import json
from typing import Any

import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator
from syrupy.assertion import SnapshotAssertion

from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from simulators.clock import ManualClock
from simulators.victron_vrm import SiteKind, VrmSimulator

from .common import House, make_entry

type Start = Callable[..., Awaitable[House]]

ALIVE = [str(kind) for kind in SiteKind if kind is not SiteKind.DEAD]
SECRET_NAMES = ("Grandma's cellar", "Villa Incognita")


@pytest.fixture
def clock() -> ManualClock:
    """Return a clock that always starts at the same time."""
    return ManualClock(datetime(2026, 2, 1, 12, tzinfo=UTC))


@pytest.fixture(autouse=True)
async def _web(hass: HomeAssistant) -> None:
    """Set up what offers the download, before the web server takes no more pages."""
    assert await async_setup_component(hass, "diagnostics", {})


async def download(house: House, connect: ClientSessionGenerator) -> str:
    """Return the file that the user gets."""
    client = await connect()
    answer = await client.get(f"/api/diagnostics/config_entry/{house.entry.entry_id}")
    assert answer.status == HTTPStatus.OK, await answer.text()
    return await answer.text()


def leaks(text: str, cloud: VrmSimulator) -> list[str]:
    """Return what a text tells that it should not."""
    hidden = {
        "token": cloud.token,
        "e-mail": cloud.owner.email,
        "password": cloud.owner.password,
        "user": f'"{cloud.owner.id}"',
        "number of the user": f" {cloud.owner.id},",
    }
    for site in cloud.sites_of(cloud.owner):
        hidden |= {
            f"name of {site.kind}": site.name,
            f"number of {site.kind}": str(site.id),
            f"identifier of {site.kind}": site.identifier,
        }
        for name, degrees in (("latitude", site.latitude), ("longitude", site.longitude)):
            if degrees:
                hidden[f"{name} of {site.kind}"] = f"{degrees:.2f}"
        for device in site.devices:
            if device.name:
                hidden[f"name of {device.type} at {site.kind}"] = f'"{device.name}"'
    return [what for what, secret in hidden.items() if secret.lower() in text.lower()]


async def test_content(
    house: House, hass_client: ClientSessionGenerator, snapshot: SnapshotAssertion
) -> None:
    """All that helps to find a fault is there."""
    data: dict[str, Any] = json.loads(await download(house, hass_client))["data"]
    assert data.pop("last_success")
    for job in data["sites"][0]["jobs"].values():
        assert job["due_in"] > 0
    assert data == snapshot


@pytest.mark.parametrize("kinds", [ALIVE])
async def test_nothing_personal(start: Start, hass_client: ClientSessionGenerator) -> None:
    """Nothing opens the account, and nothing tells whose it is and where."""
    cloud_of_all = await start()
    cloud = cloud_of_all.cloud
    cloud.move(cloud.site("boat"), 12.3456, 65.4321)
    await cloud_of_all.live(1000)
    text = await download(cloud_of_all, hass_client)
    assert '"vebus_276"' in text
    assert leaks(text, cloud) == []
    assert "12.34" not in text
    assert "65.43" not in text


async def test_own_names(
    cloud: VrmSimulator, start: Start, hass_client: ClientSessionGenerator
) -> None:
    """What the user has called his site and his devices is his."""
    site = cloud.site("ess")
    site.name = SECRET_NAMES[1]
    for device in site.devices:
        device.name = SECRET_NAMES[0]
    site.tags[0].name = "Tagtag"
    house = await start(
        make_entry(cloud, {"sites": [str(site.id)], "forecast_sites": [str(site.id)], "tags": []})
    )
    await house.live(1000)
    text = await download(house, hass_client)
    for name in (*SECRET_NAMES, "Tagtag", str(site.id)):
        assert name not in text
    assert leaks(text, cloud) == []


async def test_redacted_options(
    cloud: VrmSimulator, start: Start, hass_client: ClientSessionGenerator
) -> None:
    """Options are there, without what tells sites apart."""
    options = {"poll_interval": 120, "tags": ["ess"], "history": False}
    house = await start(make_entry(cloud, options))
    entry = json.loads(await download(house, hass_client))["data"]["entry"]
    hidden = "**REDACTED**"
    assert entry == {
        "data": {"token": hidden, "user_id": hidden},
        "options": {"poll_interval": 120, "tags": hidden, "history": False},
    }


@pytest.mark.parametrize("kinds", [["monitoring"]])
async def test_what_may_not_be_read(house: House, hass_client: ClientSessionGenerator) -> None:
    """What the account has no right to is told as such."""
    (site,) = json.loads(await download(house, hass_client))["data"]["sites"]
    job = site["jobs"]["diagnostics"]
    assert (job["hopeless"], job["due_in"]) == (True, None)


@pytest.mark.parametrize("kinds", [["dead"]])
async def test_dead_site(house: House, hass_client: ClientSessionGenerator) -> None:
    """A site that nobody has heard of for months is told of too."""
    data = json.loads(await download(house, hass_client))["data"]
    (site,) = data["sites"]
    assert site["silent"]
    assert site["seconds_since_log"] > 100 * 86400
    assert leaks(json.dumps(data), house.cloud) == []


async def test_cloud_away(house: House, hass_client: ClientSessionGenerator) -> None:
    """When the cloud does not answer, what was known last is all the more welcome."""
    await house.cloud.refuse()
    house.cloud.disconnect()
    await house.live(1000)
    text = await download(house, hass_client)
    assert len(json.loads(text)["data"]["sites"][0]["readings"]) > 40
    assert leaks(text, house.cloud) == []


async def test_site_that_knows_nothing(
    cloud: VrmSimulator, start: Start, hass_client: ClientSessionGenerator
) -> None:
    """A site of which only the number is known is no reason to fail."""
    body = {"success": True, "records": [{"idSite": 5}]}
    cloud.inject("garbage", "*/installations", body=json.dumps(body), times=None)
    cloud.inject("status", "/v2/installations/*", status=503, times=None)
    house = await start()
    (site,) = json.loads(await download(house, hass_client))["data"]["sites"]
    assert (site["seconds_since_log"], site["readings"]) == (None, [])
    assert (site["time_zone"], site["forecast_hours"]) == ("", None)
