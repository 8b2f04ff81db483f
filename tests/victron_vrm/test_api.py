"""The client of an account against a simulated cloud."""

import json
from typing import Any
from unittest.mock import patch

from aiohttp import ClientSession
import pytest

from custom_components.victron_vrm import api
from custom_components.victron_vrm.api import VrmClient
from custom_components.victron_vrm.budget import Budget, Priority
from custom_components.victron_vrm.errors import (
    VrmAuthError,
    VrmBusyError,
    VrmConnectionError,
    VrmForbiddenError,
    VrmNotFoundError,
    VrmRefusedError,
    VrmResponseError,
)
from custom_components.victron_vrm.models import LONGEST_SPAN, Interval, ValueKind
from simulators.clock import ManualClock
from simulators.victron_vrm import Empty, ErrorStyle, SiteKind, TokenApi, VrmSimulator

from .test_transport import stubbed

DAY = 86400
ALL = [str(kind) for kind in SiteKind]
CODES = ("Pc", "Pb", "Gc", "gc")


@pytest.fixture
def client(session: ClientSession, cloud: VrmSimulator) -> VrmClient:
    """Return a client of the owner."""
    return VrmClient(session, f"{cloud.url}/v2", cloud.token, Budget())


async def test_header(session: ClientSession) -> None:
    """A token travels in the header X-Authorization, after the word Token, and nowhere else."""
    async with stubbed() as stub:
        stub.say(200, {"user": {"id": 5}})
        await VrmClient(session, stub.url, "abc", Budget()).me()
    (asked,) = stub.asked
    assert asked.headers["X-Authorization"] == "Token abc"
    assert "abc" not in asked.path + asked.headers.get("Authorization", "")


async def test_me(client: VrmClient, cloud: VrmSimulator) -> None:
    """Whose token it is, and which of his tokens."""
    user = await client.me()
    assert (user.user_id, user.name) == (cloud.owner.id, "Owner")
    assert [it.token_id for it in await client.tokens(user.user_id)] == [user.token_id]
    assert cloud.stats.wrong_header == 0


@pytest.mark.parametrize("style", TokenApi)
@pytest.mark.parametrize("missing", [404, 405])
async def test_tokens(
    client: VrmClient, cloud: VrmSimulator, style: TokenApi, missing: int
) -> None:
    """Tokens are listed at the newer and at the older path, with their ends and without secrets."""
    cloud.token_api, cloud.token_api_missing_status = style, missing
    secret = cloud.new_token("Other", expires=int(cloud.now) + 1000)
    tokens = await client.tokens(cloud.owner.id)
    assert {it.name: it.expires for it in tokens} == {
        "Simulator": None,
        "Other": int(cloud.now) + 1000,
    }
    assert secret not in repr(tokens)


@pytest.mark.parametrize("kinds", [ALL])
async def test_sites(client: VrmClient, cloud: VrmSimulator) -> None:
    """All kinds of sites come with one request, and with all that the overview shows."""
    found = {site.site_id: site for site in await client.sites(cloud.owner.id)}
    assert cloud.stats.requests.total() == 1
    assert found.keys() == {site.id for site in cloud.sites_of(cloud.owner)}
    for kind in SiteKind:
        wanted = cloud.site(kind)
        site = found[wanted.id]
        assert (site.name, site.time_zone) == (wanted.name, wanted.zone.key)
        assert site.created == wanted.created
        assert site.last_log == wanted.logged(cloud.now)
        assert site.may_read_diagnostics is (kind is not SiteKind.MONITORING)
        assert site.tags == ("No alarm", str(kind))
        assert (site.located is None) is (kind is not SiteKind.BOAT)
        assert len(site.readings) > 5


async def test_readings_of_the_overview(client: VrmClient, cloud: VrmSimulator) -> None:
    """A reading has its number, its place, its unit and its moment."""
    cloud.hold(cloud.site("ess"), "bs", 42.5)
    assert isinstance(cloud.clock, ManualClock)
    await cloud.clock.advance(120)
    (site,) = await client.sites(cloud.owner.id)
    readings = {it.code: it for it in site.readings}
    assert (readings["bs"].value, readings["bs"].kind) == (42.5, ValueKind.NUMBER)
    assert readings["bs"].at == site.last_log
    assert readings["bst"].kind is ValueKind.ENUM
    assert set(readings["bst"].choices) >= {0, 1, 2}
    assert readings["solar_yield"].attribute is None
    temperatures = [it.instance for it in site.readings if it.code == "tsT"]
    assert len(temperatures) == len(set(temperatures)) > 1


@pytest.mark.parametrize("kinds", [["off_grid"]])
async def test_instances_as_list(client: VrmClient, cloud: VrmSimulator) -> None:
    """Instances that PHP writes as a list, as they begin with 0, are these instances."""
    (site,) = await client.sites(cloud.owner.id)
    instances: dict[str, list[int]] = {}
    for it in site.readings:
        instances.setdefault(it.code, []).append(it.instance)
    assert (instances["ASoc"], instances["tl"]) == ([0], [20])
    (charge,) = [it for it in site.readings if it.code == "ASoc"]
    assert charge.at == site.last_log


async def test_alarms_of_a_site(client: VrmClient, cloud: VrmSimulator) -> None:
    """A site tells whether something is wrong, and what."""
    (site,) = await client.sites(cloud.owner.id)
    assert (site.has_alarm, site.alarms) == (False, ())
    alarm = cloud.raise_alarm(cloud.site("ess"))
    (site,) = await client.sites(cloud.owner.id)
    assert (site.has_alarm, site.alarms) == (True, (alarm.description,))


async def test_sites_of_somebody_else(client: VrmClient) -> None:
    """Other users' sites are theirs."""
    with pytest.raises(VrmForbiddenError):
        await client.sites(22)


@pytest.mark.parametrize("kinds", [ALL])
async def test_devices(client: VrmClient, cloud: VrmSimulator) -> None:
    """All devices of all kinds of sites are listed; the gateway knows how often it logs."""
    for kind in SiteKind:
        site = cloud.site(kind)
        devices = await client.devices(site.id)
        assert len(devices) == sum(it.listed for it in site.devices)
        (gateway,) = [it for it in devices if it.instance is None]
        assert (gateway.device_type, gateway.logging_interval) == (0, site.interval)
        assert all(it.product or it.kind_name for it in devices)


async def test_facts_of_devices(client: VrmClient, cloud: VrmSimulator) -> None:
    """Products, names and firmware are told as the portal shows them."""
    devices = {
        (it.device_type, it.instance): it for it in await client.devices(cloud.site("ess").id)
    }
    inverter, battery = devices[1, 276], devices[2, 512]
    assert inverter.product == "MultiPlus-II 48/5000/70-50"
    assert inverter.firmware == "2600 552"
    assert (battery.custom_name, battery.firmware) == ("Batteria", "v2.7")
    assert battery.logging_interval is None


@pytest.mark.parametrize("rows_per_page", [1, 7, 40, 1000])
async def test_pages(client: VrmClient, cloud: VrmSimulator, rows_per_page: int) -> None:
    """Diagnostics are read page by page until all are there, and not one page more."""
    site = cloud.site("ess")
    whole = await client.diagnostics(site.id)
    assert len(whole) > 40
    cloud.stats.reset()
    with (
        patch.object(api, "ROWS_PER_PAGE", rows_per_page),
        patch.object(api, "MOST_PAGES", 1000),
        patch.object(client.transport, "budget", Budget(lambda: 0.0)) as budget,
        patch.object(budget, "wait", lambda _: 0.0),
    ):
        cloud.rate_size = 0
        found = await client.diagnostics(site.id)
    assert found == whole
    asked = cloud.stats.sites[site.id]["GET installations/{site}/diagnostics"]
    assert asked == -(-len(whole) // rows_per_page)


async def test_most_pages(client: VrmClient, cloud: VrmSimulator) -> None:
    """A cloud that never comes to an end is not followed to it."""
    site = cloud.site("ess")
    with patch.object(api, "ROWS_PER_PAGE", 2):
        assert len(await client.diagnostics(site.id)) == 2 * api.MOST_PAGES


async def test_page_without_rows(session: ClientSession) -> None:
    """An empty page is the last one, whatever number of rows was promised."""
    async with stubbed() as stub:
        rows = [{"code": "a", "instance": 0}, {"code": "b", "instance": ""}, {"no": "code"}, 7]
        stub.say(200, {"records": rows, "num_records": 10**9})
        stub.say(200, {"records": [], "num_records": 10**9})
        readings = await VrmClient(session, stub.url, "abc", Budget()).diagnostics(1)
        assert [it.code for it in readings] == ["a"]
        assert len(stub.asked) == 2


@pytest.mark.parametrize("kinds", [["monitoring"]])
async def test_monitoring(client: VrmClient, cloud: VrmSimulator) -> None:
    """Who may only look at a site gets no diagnostics, but devices and energy."""
    site = cloud.site("monitoring")
    with pytest.raises(VrmForbiddenError):
        await client.diagnostics(site.id)
    assert await client.devices(site.id)
    now = cloud.now
    assert (await client.stats(site.id, "kwh", Interval.HOURS, now - DAY, now, CODES)).series


async def test_stats(client: VrmClient, cloud: VrmSimulator) -> None:
    """Energy comes by the hour as the site knows it, in seconds and kWh."""
    site = cloud.site("ess")
    end = int(cloud.now) // 3600 * 3600 - 3600
    stats = await client.stats(site.id, "kwh", Interval.HOURS, end - DAY, end, CODES)
    assert cloud.stats.plain_codes == 0
    assert cloud.stats.spans == [(site.id, "kwh", "hours", DAY)]
    assert stats.series.keys() <= set(CODES)
    for number, code in ((0, "Pc"), (1, "Pb")):
        for start, value in stats.series[code]:
            assert value == pytest.approx(site.ledger.energy(start, start + 3600)[number], abs=1e-6)
        assert stats.totals[code] == pytest.approx(sum(it for _, it in stats.series[code]))
    assert "gc" not in stats.series  # there is no generator


async def test_query_of_stats(session: ClientSession) -> None:
    """Codes are a list with brackets, moments are whole seconds."""
    async with stubbed() as stub:
        stub.say(200, {"records": []})
        client = VrmClient(session, stub.url, "abc", Budget())
        await client.stats(
            3, "custom", Interval.DAYS, 10.9, 20.2, ("bs", "bv"), instance=0, priority=Priority.USER
        )
        await client.stats(3, "kwh", Interval.DAYS, 1, 2)
    path = stub.asked[0].path.replace("%5B%5D", "[]")
    assert path == (
        "/installations/3/stats?type=custom&interval=days&start=10&end=20"
        "&attributeCodes[]=bs&attributeCodes[]=bv&show_instance=1"
    )
    assert stub.asked[1].path == "/installations/3/stats?type=kwh&interval=days&start=1&end=2"


@pytest.mark.parametrize("interval", Interval)
async def test_spans(client: VrmClient, cloud: VrmSimulator, interval: Interval) -> None:
    """The longest span of each interval is taken, twice as much is refused with the reason."""
    site, end = cloud.site("ess"), int(cloud.now)
    longest = LONGEST_SPAN[interval]
    await client.stats(site.id, "kwh", interval, end - longest, end, CODES)
    with pytest.raises(VrmRefusedError) as refused:
        await client.stats(site.id, "kwh", interval, end - 2 * longest - 40 * DAY, end, CODES)
    assert refused.value.reason


@pytest.mark.parametrize("empty", Empty)
async def test_empty_series(client: VrmClient, cloud: VrmSimulator, empty: Empty) -> None:
    """What has no data is not there, in whatever way the cloud writes that."""
    cloud.empty = empty
    site = cloud.site("ess")
    long_ago = site.created - 20 * DAY
    stats = await client.stats(site.id, "kwh", Interval.HOURS, long_ago, long_ago + DAY, CODES)
    assert (dict(stats.series), dict(stats.totals)) == ({}, {})
    now = cloud.now
    stats = await client.stats(site.id, "kwh", Interval.HOURS, now - DAY, now, ("gc",))
    assert dict(stats.series) == {}
    assert "gc" not in stats.totals


async def test_alarm_log(client: VrmClient, cloud: VrmSimulator) -> None:
    """The log tells alarms in the order in which they happened, each with a name of its own."""
    assert isinstance(cloud.clock, ManualClock)
    site = cloud.site("ess")
    assert await client.alarm_log(site.id) == []
    first = cloud.raise_alarm(site, "ASoc")
    await cloud.clock.advance(60)
    second = cloud.raise_alarm(site, "tsT", 25)
    cloud.end_alarms(site, "ASoc")
    rows = await client.alarm_log(site.id)
    assert [(it.alarm_id, it.active) for it in rows] == [(first.id, False), (second.id, True)]
    assert [it.started for it in rows] == [int(first.started), int(second.started)]
    assert rows[1].instance == 25
    assert len({it.row_id for it in rows}) == 2


async def test_clear_alarm(client: VrmClient, cloud: VrmSimulator) -> None:
    """An alarm is cleared by POST; one that is not there is not."""
    site = cloud.site("ess")
    alarm = cloud.raise_alarm(site)
    await client.clear_alarm(site.id, alarm.id)
    assert alarm.ended is not None
    assert cloud.stats.history[-1].method == "POST"
    with pytest.raises(VrmNotFoundError):
        await client.clear_alarm(site.id, 12345)


async def test_clear_alarm_body(session: ClientSession) -> None:
    """Which alarm it is stands in the body."""
    async with stubbed() as stub:
        stub.say(200, {"success": True})
        await VrmClient(session, stub.url, "abc", Budget()).clear_alarm(1, 7)
    assert json.loads(stub.asked[0].body) == {"alarmId": 7}


async def test_no_alarm_log(client: VrmClient, cloud: VrmSimulator) -> None:
    """The log of alarms is documented nowhere, and may be gone one day."""
    cloud.alarm_log = False
    with pytest.raises(VrmNotFoundError):
        await client.alarm_log(cloud.site("ess").id)


async def test_unknown_site(client: VrmClient) -> None:
    """A site that does not exist is not found."""
    with pytest.raises(VrmNotFoundError):
        await client.devices(1)


async def test_bad_token(session: ClientSession, cloud: VrmSimulator) -> None:
    """A token that nobody knows is refused, and so is one that has expired."""
    stranger = VrmClient(session, f"{cloud.url}/v2", "0" * 64, Budget())
    with pytest.raises(VrmAuthError):
        await stranger.me()
    client = VrmClient(session, f"{cloud.url}/v2", cloud.token, Budget())
    await client.me()
    cloud.expire()
    with pytest.raises(VrmAuthError):
        await client.me()


@pytest.mark.parametrize("style", ErrorStyle)
@pytest.mark.parametrize("as_200", [False, True])
@pytest.mark.parametrize("language", ["en", "de"])
async def test_error_styles(
    client: VrmClient, cloud: VrmSimulator, style: ErrorStyle, as_200: bool, language: str
) -> None:
    """What is refused is refused, in whatever form and language the cloud says so."""
    cloud.error_style, cloud.errors_as_200 = style, as_200
    cloud.set_language(language)
    site, now = cloud.site("ess"), cloud.now
    with pytest.raises(VrmRefusedError) as refused:
        await client.stats(site.id, "kwh", Interval.HOURS, now - 99 * DAY, now, CODES)
    assert refused.value.reason
    assert not refused.value.reason.startswith(("[", "{"))
    cloud.token = "gone"
    cloud.expire()
    with pytest.raises(VrmAuthError):
        await client.me()


@pytest.mark.parametrize(
    ("fault", "wanted"),
    [
        ({"kind": "garbage"}, VrmResponseError),
        ({"kind": "garbage", "body": "[]"}, VrmResponseError),
        ({"kind": "garbage", "body": '{"success": true}'}, VrmResponseError),
        ({"kind": "redirect"}, VrmResponseError),
        ({"kind": "truncate"}, VrmConnectionError),
        ({"kind": "status", "status": 500}, VrmConnectionError),
        ({"kind": "status", "status": 429}, VrmBusyError),
        ({"kind": "status", "status": 405}, VrmNotFoundError),
    ],
)
@pytest.mark.parametrize("call", ["me", "sites", "devices", "diagnostics", "stats", "alarm_log"])
async def test_every_question(
    client: VrmClient,
    cloud: VrmSimulator,
    fault: dict[str, Any],
    wanted: type[Exception],
    call: str,
) -> None:
    """Whatever is asked, a failure is one of ours, and the next time it works."""
    site, now = cloud.site("ess").id, cloud.now
    arguments: dict[str, tuple[Any, ...]] = {
        "me": (),
        "sites": (cloud.owner.id,),
        "stats": (site, "kwh", Interval.HOURS, now - DAY, now, CODES),
    }
    cloud.inject(**fault)
    with pytest.raises(wanted):
        await getattr(client, call)(*arguments.get(call, (site,)))
    assert isinstance(cloud.clock, ManualClock)
    await cloud.clock.advance(61)
    await getattr(client, call)(*arguments.get(call, (site,)))


async def test_closed(client: VrmClient, cloud: VrmSimulator) -> None:
    """A client that is closed sends nothing."""
    client.close()
    with pytest.raises(VrmConnectionError):
        await client.me()
    assert cloud.stats.requests.total() == 0
