"""The public client `victron-vrm`, which Home Assistant itself uses, takes the simulator for VRM."""

from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Any

from aiohttp import ClientSession
import pytest

from simulators.clock import ManualClock
from simulators.victron_vrm import RetryAfter, TokenApi, VrmSimulator

from .helpers import START


@pytest.fixture
async def cloud(clock: ManualClock) -> AsyncGenerator[VrmSimulator]:
    """Return a cloud with one site of each kind."""
    async with VrmSimulator(profile="all", clock=clock) as simulator:
        yield simulator


@pytest.fixture
def client(cloud: VrmSimulator, session: ClientSession, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return the client with the owner's token."""
    # By name: the package brings no types, and ours shall not depend on it.
    monkeypatch.setattr(import_module("victron_vrm.client"), "BASE_URL", f"{cloud.url}/v2/")
    maker = import_module("victron_vrm").VictronVRMClient
    return maker(token=cloud.token, client_session=session, retry_delay=0)


async def test_account(client: Any, cloud: VrmSimulator) -> None:
    """It knows who it is, and which sites there are."""
    user = await client.users.get_me()
    assert (user.id, user.email) == (cloud.owner.id, cloud.owner.email)
    sites = await client.users.list_sites(extended=True)
    assert [site.id for site in sites] == [site.id for site in cloud.sites_of(cloud.owner)]
    assert all(site.extended for site in sites)
    boat = cloud.site("boat")
    assert (await client.users.get_site(boat.id)).name == boat.name
    assert await client.users.get_site_id_from_identifier(boat.identifier) == boat.id
    assert await client.users.get_site_id_from_identifier("0") is None
    assert [found["idSite"] for found in await client.users.search("sailing")] == [str(boat.id)]


async def test_energy(client: Any, cloud: VrmSimulator) -> None:
    """It gets energy readings and the forecast that Home Assistant shows."""
    site = cloud.site("ess").id
    start = START - timedelta(days=1)
    stats = await client.installations.stats(site, start=start, end=START, type="kwh")
    assert stats["totals"]["kwh"] > 0
    assert stats["records"]["gb"] is None
    forecast = await client.installations.stats(
        site,
        start=int(start.timestamp()),
        end=int((START + timedelta(days=6)).timestamp()),
        interval="hours",
        type="forecast",
        return_aggregations=True,
        time_zone=UTC,
    )
    assert forecast["solar_yield"].start_date == start
    assert max(watts for _, watts in forecast["consumption"].records) > 500
    hut = cloud.site("no_location").id
    nothing = await client.installations.stats(hut, start=start, end=START, type="forecast")
    assert set(nothing["records"].values()) == {None}


async def test_tokens(client: Any, cloud: VrmSimulator) -> None:
    """It makes, lists and revokes tokens in the older way."""
    cloud.token_api = TokenApi.OLD
    secret = await client.users.create_access_token(
        "Made by a client", datetime(2030, 1, 1, tzinfo=UTC)
    )
    (made,) = (token for token in cloud.vault.tokens.values() if token.secret == secret)
    assert len(await client.users.list_access_tokens()) == 2
    assert await client.users.revoke_access_token(made.id) is True
    assert made.id not in cloud.vault.tokens


async def test_alarms_and_tags(client: Any, cloud: VrmSimulator) -> None:
    """It reads alarms of values (it stumbles over those of states) and tags."""
    site = cloud.site("ess").id
    cloud.enum_alarms = False
    alarms = await client.installations.get_alarms(site)
    assert {alarm.data_attribute_id for alarm in alarms.alarms} >= {51, 450}
    assert cloud.owner.email in {user.email for user in alarms.users}
    await client.installations.add_tag(site, "tagged")
    assert "tagged" in str((await client.installations.get_tags(site))["user"])
    await client.installations.delete_tag(site, "tagged")
    cloud.clear_alarm_by_delete = True
    alarm = cloud.raise_alarm(cloud.sites[site])
    await client.installations.clear_alarm(site, alarm.id)
    assert alarm.ended is not None


async def test_errors(client: Any, cloud: VrmSimulator, clock: ManualClock) -> None:
    """It tells apart what is refused, forbidden, absent and too much."""
    errors = import_module("victron_vrm.exceptions")
    with pytest.raises(errors.NotFoundError):
        await client.installations.get_tags(1)
    demo = next(site for site in cloud.sites.values() if site.owner_id == 22)
    with pytest.raises(errors.AuthorizationError):
        await client.installations.get_tags(demo.id)
    with pytest.raises(errors.ClientError):
        await client.installations.stats(cloud.site("ess").id, start=0, end=START)
    cloud.retry_after = RetryAfter.NOTHING
    cloud.fill_bucket()
    with pytest.raises(errors.RateLimitError):
        await client.users.get_me()
    assert cloud.stats.rejected == 3
    await clock.advance(10)
    cloud.expire()
    with pytest.raises(errors.AuthenticationError):
        await client.users.get_me()
