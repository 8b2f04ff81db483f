"""The figures on the system health page."""

from collections.abc import Awaitable, Callable, Iterator
import json
from pathlib import Path
from unittest.mock import patch

import pytest
from pytest_homeassistant_custom_component.common import get_system_health_info

import custom_components.victron_vrm as integration
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from simulators.victron_vrm import VrmSimulator

from .common import DOMAIN, House, make_entry

type Start = Callable[..., Awaitable[House]]


@pytest.fixture
def kinds() -> list[str]:
    """Return the kinds of the account's sites."""
    return ["ess", "boat"]


@pytest.fixture(autouse=True)
async def _system_health(hass: HomeAssistant) -> None:
    """Set up the page, before the web server takes no more pages."""
    assert await async_setup_component(hass, "system_health", {})


@pytest.fixture(autouse=True)
def _no_internet(cloud: VrmSimulator) -> Iterator[None]:
    """Let the page look for the simulated cloud."""
    with patch("custom_components.victron_vrm.system_health.API_URL", f"{cloud.url}/v2"):
        yield


async def figures(hass: HomeAssistant) -> dict[str, object]:
    """Return what the page shows; what has to be found out is awaited."""
    info = await get_system_health_info(hass, DOMAIN)
    return {
        key: await value if isinstance(value, Awaitable) else value for key, value in info.items()
    }


async def test_account(house: House) -> None:
    """How busy the account is, and how many of its sites are shown."""
    sent = house.cloud.stats.requests.total()
    assert sent > 5
    assert await figures(house.hass) == {
        "reach_cloud": "ok",
        "requests_per_hour": sent,
        "refusals": 0,
        "sites": 2,
    }


async def test_refusals(house: House) -> None:
    """Too many requests are counted."""
    house.cloud.inject("status", status=429)
    await house.live(600)
    assert (await figures(house.hass))["refusals"] == 1


async def test_chosen_sites(start: Start, cloud: VrmSimulator) -> None:
    """Sites that the user does not want are not counted."""
    house = await start(make_entry(cloud, {"sites": [str(cloud.site("ess").id)]}))
    assert (await figures(house.hass))["sites"] == 1


async def test_two_accounts(start: Start, cloud: VrmSimulator) -> None:
    """The figures are those of all accounts together."""
    house = await start()
    neighbour = cloud._add_account(type(cloud.owner)(77, "n@example.com", "Neighbour", "pw"))
    cloud.add_site("pv_only", account=neighbour)
    token = cloud.vault.add_token(neighbour, "x", cloud.now).secret
    entry = make_entry(cloud, token=token, user_id=77)
    other = await start(type(entry)(domain=DOMAIN, unique_id="77", data=dict(entry.data)))
    found = await figures(house.hass)
    assert found["sites"] == 3
    assert found["requests_per_hour"] == cloud.stats.accounts.total() - 1  # one is the page's
    assert other.entry.runtime_data.client.transport.budget is not (
        house.entry.runtime_data.client.transport.budget
    )


async def test_cloud_away(house: House) -> None:
    """If the cloud cannot be reached, the page says so."""
    await house.cloud.refuse()
    house.cloud.disconnect()
    assert (await figures(house.hass))["reach_cloud"] == {"type": "failed", "error": "unreachable"}


async def test_no_account(hass: HomeAssistant, house: House) -> None:
    """Without a loaded account there is nothing to count."""
    await hass.config_entries.async_unload(house.entry.entry_id)
    found = await figures(hass)
    assert (found["sites"], found["requests_per_hour"]) == (0, 0)


async def test_every_figure_has_a_name(house: House) -> None:
    """The page knows what to call each of them."""
    path = Path(integration.__file__).parent / "translations" / "en.json"
    names = json.loads(path.read_text(encoding="utf-8"))["system_health"]["info"]
    assert (await figures(house.hass)).keys() == names.keys()
