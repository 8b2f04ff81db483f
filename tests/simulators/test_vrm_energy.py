"""Tests of the energy of simulated sites, and of `stats`."""

from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import ClientSession
import pytest

from simulators.clock import ManualClock
from simulators.victron_vrm import DaySteps, Empty, SiteKind, VrmSimulator
from simulators.victron_vrm.energy import FLOWS, Ledger
from simulators.victron_vrm.plants import EFFICIENCY

from .helpers import START
from .vrm_owner import Owner

DAY = 86_400
NOW = int(START.timestamp())
YEAR_START = int(datetime(2025, 10, 1, tzinfo=UTC).timestamp())


@pytest.fixture
async def cloud(clock: ManualClock) -> AsyncGenerator[VrmSimulator]:
    """Return a cloud with one site of each kind."""
    async with VrmSimulator(profile="all", clock=clock) as simulator:
        yield simulator


@pytest.fixture
def owner(cloud: VrmSimulator, session: ClientSession) -> Owner:
    """Return its owner."""
    return Owner(cloud, session)


async def kwh(owner: Owner, site: int, start: int, end: int, interval: str = "hours") -> Any:
    """Return the records of all flows."""
    body = await owner.stats(site, type="kwh", start=start, end=end, interval=interval)
    return {code: dict(rows) for code, rows in body["records"].items() if rows}


@pytest.mark.parametrize("kind", [SiteKind.ESS, SiteKind.OFF_GRID, SiteKind.EV, SiteKind.BOAT])
def test_balance_of_a_year(kind: SiteKind) -> None:
    """Nothing is lost: the battery holds what went in less what came out, in every step."""
    site = VrmSimulator(kinds=[kind]).site(kind)
    ledger, capacity = site.ledger, site.plant.battery_kwh
    for step in range(0, 365 * 96, 3):
        start = YEAR_START + step * 900
        flows = dict(zip(FLOWS, ledger.energy(start, start + 900), strict=True))
        assert min(flows.values()) >= 0
        charge = flows["Pb"] + flows["Gb"] + flows["gb"]
        gained = charge * EFFICIENCY - flows["Bc"] - flows["Bg"]
        before, after = ledger.at(start).stored, ledger.at(start + 900).stored
        assert after - before == pytest.approx(gained, abs=1e-9)
        assert 0 <= after <= capacity


def test_any_hour_alone() -> None:
    """What an hour brings does not depend on what was asked before."""
    site = VrmSimulator(kinds=["ess"]).site("ess")
    ledger = Ledger(site.plant, site.ledger.place, site.seed)
    late = YEAR_START + 200 * DAY + 3600
    alone = ledger.energy(late, late + 3600)
    ledger.warm(YEAR_START, late)
    fresh = Ledger(site.plant, site.ledger.place, site.seed)
    fresh.warm(YEAR_START, late + DAY)
    assert alone == fresh.energy(late, late + 3600) == ledger.energy(late, late + 3600)


async def test_identity_of_answers(owner: Owner) -> None:
    """`kwh` is the sum of all flows, and what comes in goes out, over a year of hours."""
    site = owner.cloud.site("ess").id
    totals: dict[str, float] = {}
    for month in range(12):
        start = NOW - 372 * DAY + month * 31 * DAY
        records = await kwh(owner, site, start, start + 31 * DAY)
        for stamp, total in records["kwh"].items():
            parts = {code: rows.get(stamp, 0.0) for code, rows in records.items() if code != "kwh"}
            assert total == pytest.approx(sum(parts.values()), abs=1e-9)
            for code, part in parts.items():
                totals[code] = totals.get(code, 0.0) + part
    assert set(totals) == {"Pc", "Pb", "Pg", "Gc", "Gb", "Bc", "Bg"}
    body = await owner.stats(
        site, type="live_feed", interval="months", start=NOW - 372 * DAY, end=NOW
    )
    sums = body["totals"]
    pv = totals["Pc"] + totals["Pb"] + totals["Pg"]
    assert sums["total_solar_yield"] == pytest.approx(pv, abs=1e-2)
    came = pv + sums["grid_history_from"] + totals["Bc"] + totals["Bg"]
    charged = totals["Pb"] + totals["Gb"]
    assert came == pytest.approx(
        sums["total_consumption"] + sums["grid_history_to"] + charged, abs=1e-2
    )


async def test_live_values_fit(owner: Owner) -> None:
    """What flows now is what the present quarter of an hour brings."""
    for site in owner.cloud.sites_of(owner.cloud.owner):
        log = site.logged(NOW)
        instant = site.ledger.at(log)
        start = log // 900 * 900
        flows = site.ledger.energy(start, start + 900)
        assert instant.flows == pytest.approx([flow * 4000 for flow in flows], abs=1e-6)
        came = instant.pv + instant.grid + instant.generator
        assert came == pytest.approx(instant.consumption + instant.battery, abs=1e-6)


async def test_buckets_begin_at_start(owner: Owner) -> None:
    """Buckets step from `start`, stamps are in ms, the last one is cut at `end`."""
    site = owner.cloud.site("ess").id
    start = NOW - 10 * DAY + 616
    days = (await kwh(owner, site, start, start + 3 * DAY + 7200, "days"))["kwh"]
    assert list(days) == [(start + number * DAY) * 1000 for number in range(4)]
    hours = await kwh(owner, site, start, start + DAY)
    assert sum(hours["kwh"].values()) == pytest.approx(days[start * 1000], abs=1e-6)
    owner.cloud.snapped_hours = True
    assert all(stamp % 3_600_000 == 0 for stamp in (await kwh(owner, site, start, NOW))["kwh"])


async def test_days_over_a_clock_change(owner: Owner) -> None:
    """Days are 86400 s also where the clocks change, unless they go by the site's own time."""
    site = owner.cloud.site("ess")
    zone = ZoneInfo("Europe/Amsterdam")
    start = int(datetime(2026, 3, 28, tzinfo=zone).timestamp())
    end = int(datetime(2026, 3, 31, tzinfo=zone).timestamp())
    steps = [b - a for a, b in pairwise(await _stamps(owner, site.id, start, end))]
    assert steps == [DAY, DAY]
    owner.cloud.day_steps = DaySteps.LOCAL
    steps = [b - a for a, b in pairwise(await _stamps(owner, site.id, start, end))]
    assert steps == [DAY, DAY - 3600]


async def _stamps(owner: Owner, site: int, start: int, end: int) -> list[int]:
    return [stamp // 1000 for stamp in (await kwh(owner, site, start, end, "days"))["kwh"]]


async def test_months_and_years(owner: Owner) -> None:
    """Months and years are stamped with their first midnight at the site."""
    site = owner.cloud.site("off_grid")
    start = int(datetime(2026, 1, 17, tzinfo=UTC).timestamp())
    months = (await kwh(owner, site.id, start, NOW, "months"))["kwh"]
    local = [datetime.fromtimestamp(stamp / 1000, site.zone) for stamp in months]
    assert [(day.month, day.day, day.hour) for day in local] == [(n, 1, 0) for n in range(1, 11)]
    years = (await kwh(owner, site.id, NOW - 600 * DAY, NOW, "years"))["kwh"]
    assert [datetime.fromtimestamp(stamp / 1000, site.zone).year for stamp in years] == [2025, 2026]


@pytest.mark.parametrize(
    ("interval", "days"),
    [
        ("15mins", 31),
        ("hours", 31),
        ("days", 180),
        ("weeks", 140),
        ("months", 732),
        ("years", 1827),
    ],
)
async def test_longest_span(owner: Owner, interval: str, days: int) -> None:
    """Each interval has a longest span; beyond it there is an object of errors."""
    site = owner.cloud.site("pv_only").id
    path = f"installations/{site}/stats"
    params: dict[str, Any] = {"type": "kwh", "interval": interval, "start": NOW - days * DAY}
    await owner.good(path, params=params | {"end": NOW})
    status, body = await owner.ask(path, params=params | {"end": NOW + 1})
    assert (status, body["success"]) == (400, False)
    assert "end" in body["errors"]


async def test_partial_bucket_grows(owner: Owner, clock: ManualClock) -> None:
    """The last bucket holds what was logged so far."""
    site = owner.cloud.site("ess").id
    grown = []
    for _ in range(4):
        grown.append((await kwh(owner, site, NOW, NOW + 3600)).get("kwh", {}).get(NOW * 1000, 0))
        await clock.advance(900)
    assert grown == sorted(set(grown))
    assert len(set(grown)) == 4


async def test_codes(owner: Owner) -> None:
    """Only `attributeCodes[]` chooses; totals of energy come whether chosen or not."""
    site = owner.cloud.site("ess").id
    span = {"start": NOW - DAY, "end": NOW}
    body = await owner.stats(site, "Pc", type="kwh", **span)
    assert set(body["records"]) == {"Pc"}
    assert set(body["totals"]) > {"Pc", "Gc", "kwh"}
    body = await owner.stats(site, "Pc", "bs", type="custom", **span)
    assert set(body["records"]) == set(body["totals"]) == {"Pc", "bs"}
    assert {len(row) for row in body["records"]["bs"]} == {4}
    body = await owner.stats(site, type="kwh", attributeCodes="Pc", **span)
    assert len(body["records"]) > 5
    assert owner.cloud.stats.plain_codes == 1
    body = await owner.stats(site, "bs", type="custom", show_instance=1, **span)
    assert body["records"]["bs"][0].keys() == {"instance", "stats"}


async def test_nothing_known(owner: Owner) -> None:
    """Series without data are false; before a site began there is an empty list."""
    site = owner.cloud.site("battery_only")
    span = {"start": NOW - DAY, "end": NOW}
    body = await owner.stats(site.id, type="kwh", **span)
    assert body["records"]["Pc"] is False
    assert body["totals"] == []
    owner.cloud.empty = Empty.LIST
    assert (await owner.stats(site.id, type="kwh", **span))["records"] == []
    owner.cloud.empty = Empty.FALSE
    old = {"start": site.created - DAY, "end": site.created}
    body = await owner.stats(owner.cloud.site("ess").id, type="kwh", **span)
    assert body["records"]["gb"] is False
    assert (await owner.stats(site.id, type="kwh", **old))["records"] == []
    body = await owner.stats(site.id, "dH21", "dH22", type="custom", **span)
    assert body["totals"]["dH22"] >= 0


async def test_other_counts(owner: Owner) -> None:
    """Solar chargers, batteries, cars, generators and the gateway count for themselves."""
    span = {"start": NOW - 7 * DAY, "end": NOW, "interval": "weeks"}
    house, cars = owner.cloud.site("ess").id, owner.cloud.site("ev").id
    body = await owner.stats(house, "dYU", "dH22", "tx", "none", type="custom", **span)
    flows = (await owner.stats(house, type="kwh", **span))["totals"]
    pv = flows["Pc"] + flows["Pb"] + flows["Pg"]
    assert body["totals"]["dYU"] == pytest.approx(pv * 0.6, rel=1e-3)
    assert body["totals"]["dH22"] == pytest.approx(flows["Pb"] + flows["Gb"], abs=1e-5)
    assert body["totals"]["tx"] > 0
    assert body["records"]["none"] is False
    charged = (await owner.stats(cars, type="evcs", **span))["totals"]["evE"]
    used = (await owner.stats(cars, type="live_feed", **span))["totals"]["total_consumption"]
    assert 10 < charged < used
    station = owner.cloud.site("off_grid").id
    body = await owner.stats(station, type="generator-runtime", **span)
    assert body["totals"]["gR"] % 900 == 0
    owner.cloud.instances_as_object = True
    body = await owner.stats(cars, type="evcs", show_instance=1, **span)
    assert body["records"]["evE"]["0"]["instance"] == 40


async def test_all_types(owner: Owner) -> None:
    """All types and intervals are answered for all sites."""
    for site in owner.cloud.sites_of(owner.cloud.owner):
        for kind in ("venus", "live_feed", "consumption", "solar_yield", "kwh", "generator"):
            await owner.stats(site.id, type=kind, interval="2hours", start=NOW - DAY, end=NOW)
        for kind in ("generator-runtime", "custom", "evcs", "live_feed_kwh", "dynamic_ess"):
            await owner.stats(site.id, type=kind, interval="weeks", start=NOW - 9 * DAY, end=NOW)
    assert (await owner.ask(f"installations/{site.id}/stats?type=x"))[0] == 400
    assert (await owner.ask(f"installations/{site.id}/stats?interval=x"))[0] == 400
    assert (await owner.ask(f"installations/{site.id}/stats?start=x"))[0] == 400
    assert (await owner.ask(f"installations/{site.id}/stats?start=9&end=8"))[0] == 400


async def test_forecast(owner: Owner) -> None:
    """Forecasts are in Wh by the hour, also for quarters, and only where a site can have one."""
    span = {"start": NOW - DAY, "end": NOW + 6 * DAY}
    body = await owner.stats(owner.cloud.site("ess").id, type="forecast", **span)
    rows = body["records"]["solar_yield_forecast"]
    assert {b[0] - a[0] for a, b in pairwise(rows)} == {3_600_000}
    assert 2000 < max(row[1] for row in rows) < 8200
    assert body["totals"]["vrm_consumption_fc"] == pytest.approx(7 * 12_000, rel=0.01)
    codes = ("Pc", "vrm_consumption_fc")
    body = await owner.stats(owner.cloud.site("ess").id, *codes, type="custom", **span)
    assert all(body["records"][code] for code in codes)
    body = await owner.stats(owner.cloud.site("no_location").id, type="forecast", **span)
    assert set(body["records"].values()) == {False}


async def test_overall(owner: Owner) -> None:
    """Sums of four windows of the site's calendar; none for a lone battery."""
    site = owner.cloud.site("off_grid")
    body = await owner.good(f"installations/{site.id}/overallstats?type=kwh")
    windows = body["records"]
    assert list(windows) == ["today", "week", "month", "year"]
    start = int(site.midnight(NOW))
    today = await owner.stats(site.id, type="kwh", start=start, end=NOW)
    assert windows["today"]["totals"]["kwh"] == pytest.approx(today["totals"]["kwh"], abs=1e-5)
    assert (await owner.ask(f"installations/{site.id}/overallstats?type=x"))[0] == 400
    assert 98 <= sum(windows["year"]["percentages"].values()) <= 102
    status, _ = await owner.ask(
        f"installations/{owner.cloud.site('battery_only').id}/overallstats?type=kwh"
    )
    assert status == 404
