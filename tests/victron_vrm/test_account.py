"""The account: all its sites by themselves, and within its limits."""

from collections.abc import Awaitable, Callable, Mapping
import gc
from typing import Any
from unittest.mock import patch

import pytest

from custom_components.victron_vrm.jobs import Job
from custom_components.victron_vrm.parsing import parse_site
from homeassistant.config_entries import SOURCE_REAUTH, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from simulators.clock import ManualClock
from simulators.victron_vrm import VrmSimulator

from .common import DOMAIN, House, make_entry

type Start = Callable[..., Awaitable[House]]

HOUR = 3600
DAY = 24 * HOUR
SITES = "GET users/{user}/installations"


@pytest.mark.parametrize(("interval", "most"), [(300, 25), (120, 45), (900, 19)])
async def test_requests_of_one_site(
    start: Start, cloud: VrmSimulator, interval: int, most: int
) -> None:
    """One site costs few requests, however often it is looked at."""
    house = await start(make_entry(cloud, {"poll_interval": interval}))
    await house.live(2 * HOUR)
    before = cloud.stats.calls.total()
    polled = cloud.stats.calls[SITES]
    await house.live(6 * HOUR)
    assert (cloud.stats.calls.total() - before) / 6 <= most
    assert cloud.stats.calls[SITES] - polled == pytest.approx(6 * HOUR / interval, rel=0.2)


@pytest.mark.parametrize("kinds", [["ess", "boat", "ev", "off_grid"] * 3])
async def test_cold_start_of_many(start: Start, cloud: VrmSimulator) -> None:
    """A dozen sites from a cold start: never too many requests, and all are there within half an hour."""
    house = await start()
    await house.live(HOUR / 2)
    assert cloud.stats.rejected == 0
    assert cloud.stats.peak_level < 100
    sites = house.entry.runtime_data.sites.values()
    assert all(site.is_explored and site.data.totals for site in sites)


async def test_too_many_requests(house: House, hass: HomeAssistant, cloud: VrmSimulator) -> None:
    """When others have used the account up, nothing is asked for as long as the cloud says."""
    cloud.fill_bucket(10_000)
    await house.live(400)
    assert cloud.stats.rejected == 1
    assert house.state("bs").state == "unavailable"
    asked = cloud.stats.calls.total()
    await house.live(1500)
    assert cloud.stats.calls.total() == asked
    cloud.fill_bucket(0)
    await house.live(2 * HOUR)
    assert house.state("bs").state != "unavailable"
    assert not hass.config_entries.flow.async_progress()


async def test_short_pause(house: House, cloud: VrmSimulator) -> None:
    """A pause that is soon over makes the next poll late, and nothing unavailable."""
    await house.live(600)
    polls = cloud.stats.calls[SITES]
    while cloud.stats.calls[SITES] == polls:
        await house.live(5)
    await house.live(120)
    cloud.retry_after_seconds, cloud.rate_drain = 280, 0
    cloud.fill_bucket()
    (site,) = house.entry.runtime_data.sites.values()
    site.plans[Job.FORECAST].due = 0.0
    await house.live(40)
    assert cloud.stats.rejected == 1
    cloud.fill_bucket(0)
    polls = cloud.stats.calls[SITES]
    for _ in range(23):
        await house.live(10)
        assert house.state("bs").state != "unavailable"
    assert cloud.stats.calls[SITES] == polls
    await house.live(60)
    assert cloud.stats.calls[SITES] == polls + 1
    assert house.state("bs").state != "unavailable"


@pytest.mark.parametrize("way", ["date", "nothing"])
async def test_other_words_for_too_many(house: House, cloud: VrmSimulator, way: str) -> None:
    """Whether the cloud says when to come back as a date, or not at all, it is left alone."""
    cloud.retry_after = type(cloud.retry_after)(way)
    cloud.fill_bucket()
    await house.live(600)
    assert cloud.stats.rejected <= 2
    await house.live(HOUR)
    assert house.state("bs").state != "unavailable"


async def test_new_site(house: House, cloud: VrmSimulator) -> None:
    """A new site appears by itself; one that is gone can be removed."""
    entry = house.entry
    barn = cloud.add_site("pv_only")
    await house.live(1200)
    assert entry.runtime_data.sites.keys() == {cloud.site("ess").id, barn.id}
    assert house.state("solar_yield", kind="pv_only").state != "unavailable"
    cloud.remove_site(barn)
    await house.live(1200)
    assert entry.runtime_data.sites.keys() == {cloud.site("ess").id}


@pytest.mark.parametrize("kinds", [["ess", "boat"]])
@pytest.mark.parametrize("zone", ["/UTC", "../UTC", "Europe", "No/Where", "Z" * 300, " "])
async def test_odd_time_zone(start: Start, cloud: VrmSimulator, zone: str) -> None:
    """A time zone that there is not costs neither its site nor the others anything but the zone."""
    parse, odd = parse_site, cloud.site("ess").id

    def parsed(record: Mapping[str, Any]) -> Any:
        return parse({**record, "timezone": zone} if record["idSite"] == odd else record)

    with patch("custom_components.victron_vrm.api.parse_site", parsed):
        house = await start()
        await house.live(700)
    for kind in ("ess", "boat"):
        assert float(house.state("bs", kind=kind).state) > 0
        assert float(house.state("consumption_today", kind=kind).state) >= 0


async def test_time_zone_that_becomes_odd(house: House) -> None:
    """The zone that a site had is kept when another one makes no sense."""
    before = house.state("consumption_today").attributes["last_reset"]

    def parsed(record: Mapping[str, Any]) -> Any:
        return parse_site({**record, "timezone": "/nowhere"})

    with patch("custom_components.victron_vrm.api.parse_site", parsed):
        await house.live(2000)
    assert house.state("consumption_today").attributes["last_reset"] == before


@pytest.mark.parametrize("kinds", [["ess", "boat", "ev"]])
async def test_chosen_sites(start: Start, cloud: VrmSimulator) -> None:
    """Only what is chosen is shown, by name or by tag."""
    house = await start(make_entry(cloud, {"sites": [str(cloud.site("boat").id)]}))
    assert house.entry.runtime_data.sites.keys() == {cloud.site("boat").id}
    tag = house.entry.runtime_data.data[cloud.site("boat").id].tags[0]
    house.hass.config_entries.async_update_entry(house.entry, options={"tags": ["nobody has it"]})
    await house.hass.config_entries.async_reload(house.entry.entry_id)
    assert not house.entry.runtime_data.sites
    house.hass.config_entries.async_update_entry(house.entry, options={"tags": [tag.upper()]})
    await house.hass.config_entries.async_reload(house.entry.entry_id)
    assert cloud.site("boat").id in house.entry.runtime_data.sites


async def test_poll_after_the_log(house: House, cloud: VrmSimulator) -> None:
    """The account is read just after the site has logged, so that values are fresh."""
    site = cloud.site("ess")
    cloud.site("ess").interval = 300
    house.entry.runtime_data.sites[site.id].logging_interval = 300
    await house.live(2 * HOUR)
    ages = []
    for _ in range(4):
        polls = cloud.stats.calls[SITES]
        while cloud.stats.calls[SITES] == polls:
            await house.live(5)
        ages.append(cloud.now - site.logged(cloud.now))
    assert max(ages) < 60


async def test_endpoint_refuses_a_good_token(
    house: House, hass: HomeAssistant, cloud: VrmSimulator
) -> None:
    """A 401 about one thing is not about the token: nobody is asked for another one."""
    cloud.unauthorised["/v2/installations/*/diagnostics"] = 401
    await house.live(3 * HOUR)
    assert house.entry.state is ConfigEntryState.LOADED
    assert not hass.config_entries.flow.async_progress()
    assert house.issues == []
    assert house.state("bs").state != "unavailable"


async def test_token_revoked(house: House, hass: HomeAssistant, cloud: VrmSimulator) -> None:
    """A token that is refused everywhere is asked for once, and nothing is read until then."""
    cloud.expire(tokens=True)
    await house.live(700)
    (flow,) = hass.config_entries.flow.async_progress()
    assert flow["context"]["source"] == SOURCE_REAUTH
    asked = cloud.stats.calls.total()
    await house.live(HOUR)
    assert cloud.stats.calls.total() == asked
    assert house.state("bs").state == "unavailable"


async def test_token_revoked_between_polls(
    house: House, hass: HomeAssistant, cloud: VrmSimulator
) -> None:
    """It does not matter which request finds it out."""
    await house.live(650)
    cloud.expire(tokens=True)
    site = next(iter(house.entry.runtime_data.sites.values()))
    for plan in site.plans.values():
        plan.due = 0.0
    await house.live(40)
    assert [it["handler"] for it in hass.config_entries.flow.async_progress()] == [DOMAIN]


async def test_token_without_rights(start: Start, cloud: VrmSimulator) -> None:
    """A token that may not see sites is told, and the repair ends when it may."""
    house = await start()
    cloud.unauthorised["/v2/users/*/installations"] = 403
    await house.live(700)
    assert house.issues == ["token_without_rights"]
    cloud.unauthorised.clear()
    await house.live(700)
    assert house.issues == []


async def test_token_expires(start: Start, cloud: VrmSimulator) -> None:
    """Two weeks before a token expires there is a warning."""
    token = next(iter(cloud.vault.tokens.values()))
    token.expires = cloud.now + 14 * DAY + HOUR
    house = await start()
    assert house.issues == []
    token.expires -= 2 * HOUR
    await house.hass.config_entries.async_reload(house.entry.entry_id)
    await house.live(1)
    assert house.issues == ["token_expires"]


async def test_tokens_cannot_be_listed(start: Start, cloud: VrmSimulator) -> None:
    """Where tokens cannot be listed there is no warning, and nothing else is missing."""
    cloud.inject("status", f"/v2/users/{cloud.owner.id}/accesstokens*", times=None, status=500)
    house = await start()
    assert house.issues == []
    assert house.state("bs").state != "unavailable"


async def test_bug_of_ours(
    house: House, cloud: VrmSimulator, caplog: pytest.LogCaptureFixture
) -> None:
    """An error that nobody has thought of does not end it for all sites."""
    site = next(iter(house.entry.runtime_data.sites.values()))
    run = site.async_run

    async def fail(job: object) -> int:
        raise RuntimeError("bug")

    site.async_run = fail
    await house.live(2000)
    assert "Unexpected error while reading" in caplog.text
    site.async_run = run
    caplog.clear()
    await house.live(HOUR)
    assert "Unexpected error" not in caplog.text
    assert house.state("bs").state != "unavailable"


async def test_look_now(house: House, hass: HomeAssistant, cloud: VrmSimulator) -> None:
    """Who cannot wait has all sites read at once, but not more often than there is something new."""
    assert await async_setup_component(hass, "homeassistant", {})
    await house.live(100)
    polled = cloud.stats.calls[SITES]
    for _ in range(5):
        await hass.services.async_call(
            "homeassistant",
            "update_entity",
            {"entity_id": house.state("bs").entity_id},
            blocking=True,
        )
    await house.live(35)
    assert cloud.stats.calls[SITES] == polled + 1
    await hass.services.async_call(
        "homeassistant",
        "update_entity",
        {"entity_id": house.state("bs").entity_id},
        blocking=True,
    )
    await house.live(15)
    assert cloud.stats.calls[SITES] == polled + 1
    await house.live(60)
    assert cloud.stats.calls[SITES] == polled + 2


@pytest.mark.parametrize("kinds", [["ess", "boat"]])
async def test_bug_with_one_site(
    start: Start, cloud: VrmSimulator, caplog: pytest.LogCaptureFixture
) -> None:
    """What goes wrong unexpectedly with one site keeps no other from being read."""
    house = await start()
    await house.live(600)
    ess, boat = (cloud.site(kind).id for kind in ("ess", "boat"))
    with patch.object(house.entry.runtime_data.sites[ess], "async_run", side_effect=RuntimeError):
        before = cloud.stats.sites[boat].total()
        await house.live(6 * 3600)
    assert cloud.stats.sites[boat].total() - before > 40
    assert "Unexpected error while reading" in caplog.text


async def test_pause_outlives_a_failed_start(
    hass: HomeAssistant, cloud: VrmSimulator, clock: ManualClock
) -> None:
    """While the cloud wants half an hour of quiet, tries to start do not ask again."""
    cloud.retry_after_seconds, cloud.rate_drain = 1800, 0
    cloud.fill_bucket()
    entry = make_entry(cloud)
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    for _ in range(4):
        assert entry.state is ConfigEntryState.SETUP_RETRY
        gc.collect()
        await clock.advance(10)
        await hass.config_entries.async_reload(entry.entry_id)
    assert cloud.stats.rejected == 1
