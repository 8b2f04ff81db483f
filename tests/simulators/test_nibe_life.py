"""Tests of what moves in a pump by itself."""

from datetime import UTC, datetime

import pytest

from simulators.clock import ManualClock
from simulators.nibe_rest import NibeSimulator, Profile, ids
from simulators.nibe_rest.plants import make_points

from .nibe_owner import DEVICE, POINTS, Owner

HEATING, HOT_WATER, COOLING = 30, 20, 60


def plant(profile: str, clock: ManualClock, outdoor: float | None) -> NibeSimulator:
    """Return a pump that need not listen."""
    pump = NibeSimulator(profile=profile, clock=clock, write_delay=0)
    pump.set_outdoor(outdoor)
    return pump


def values(pump: NibeSimulator) -> dict[int, int]:
    """Return all raw values that the API would show."""
    pump.settle()
    device = pump.devices[0]
    return {p.id: device.shown(p) for p in device.points.values() if p.active}


async def test_same_seed_same_life() -> None:
    """Two pumps of one seed live the same life, another seed another."""
    lives = []
    for seed in (4, 4, 5):
        clock = ManualClock(datetime(2026, 1, 5, 6, tzinfo=UTC))
        pump = NibeSimulator(seed=seed, clock=clock)
        life = []
        for _ in range(5):
            await clock.advance(777)
            seen = values(pump)
            life.append([seen[number] for number in seen if number < 57000])
        lives.append(life)
    assert lives[0] == lives[1] != lives[2]


async def test_life_does_not_depend_on_being_watched() -> None:
    """Asking often changes nothing but the trembling of the sensors."""
    counters = []
    for step in (30, 3600):
        clock = ManualClock(datetime(2026, 1, 5, 6, tzinfo=UTC))
        pump = NibeSimulator(clock=clock)
        for _ in range(7200 // step):
            await clock.advance(step)
            pump.settle()
        counters.append([pump.point(n).value for n in (ids.ENERGY_USED, ids.DEGREE_MINUTES)])
    assert counters[0] == counters[1]


@pytest.mark.parametrize("profile", list(Profile))
async def test_share_of_changes(clock: ManualClock, profile: str) -> None:
    """About three of a hundred points change between two polls."""
    pump = plant(profile, clock, -3)
    before, changed, rounds = values(pump), 0, 60
    for _ in range(rounds):
        await clock.advance(30)
        now = values(pump)
        changed += sum(now[number] != before[number] for number in now)
        before = now
    assert 0.015 < changed / rounds / len(before) < 0.05


@pytest.mark.parametrize("share", [0.0, 0.03, 0.5, 1.0])
async def test_forced_share_of_changes(clock: ManualClock, share: float) -> None:
    """For measurements the share can be exact; settings keep out of it if they can."""
    pump = plant("s1255", clock, None)
    pump.change_share = share
    before = values(pump)
    for _ in range(25):
        await clock.advance(30)
        now = values(pump)
        changed = {number for number in now if now[number] != before[number]}
        assert len(changed) == round(share * len(now))
        if share < 0.1:
            points = pump.devices[0].points
            assert all(points[number].unit and not points[number].writable for number in changed)
        before = now
    pump.change_share = None
    await clock.advance(3600)
    assert values(pump)[ids.OUTDOOR] != before[ids.OUTDOOR]


async def test_write_while_changes_are_forced(clock: ManualClock) -> None:
    """A value that is set is shown, whatever turn its point has."""
    pump = plant("s1255", clock, None)
    pump.change_share = 1.0
    for raw in (1, 2, 3):
        await clock.advance(30)
        pump.set_value(ids.HEATING_CURVE, raw)
        assert pump.shown(ids.HEATING_CURVE) == raw


@pytest.mark.parametrize("profile", list(Profile))
async def test_a_winter_day(clock: ManualClock, profile: str) -> None:
    """It heats, makes hot water and counts; degree minutes and supply belong together."""
    pump = plant(profile, clock, -4)
    first = values(pump)
    seen: dict[int, set[int]] = {ids.PRIORITY: set(), ids.DEGREE_MINUTES: set()}
    for _ in range(96):
        await clock.advance(900)
        for number, known in seen.items():
            known.add(pump.point(number).value)
    assert {HEATING, HOT_WATER} <= seen[ids.PRIORITY] <= {10, HEATING, HOT_WATER}
    assert len(seen[ids.DEGREE_MINUTES]) > 50
    last = values(pump)
    for number in (ids.ENERGY_PRODUCED, ids.ENERGY_USED):
        assert last[number] > first[number] + 100
    produced = last[ids.ENERGY_PRODUCED] - first[ids.ENERGY_PRODUCED]
    used = last[ids.ENERGY_USED] - first[ids.ENERGY_USED]
    assert 1.5 < produced / used < 6
    assert 190 < last[ids.ROOM] < 250
    assert 370 < last[ids.HOT_WATER_CHARGING] < 560
    assert last[ids.OUTDOOR] == pytest.approx(-40, abs=3)


async def test_counters_never_fall(clock: ManualClock) -> None:
    """What is counted only grows."""
    pump = plant("smo-s40", clock, None)
    counters = (ids.ENERGY_PRODUCED, ids.ENERGY_USED, ids.STARTS, ids.SOLAR_ENERGY, 2506, 2507)
    before = [pump.point(number).value for number in counters]
    for _ in range(100):
        await clock.advance(600)
        now = [pump.point(number).value for number in counters]
        assert all(old <= new for old, new in zip(before, now, strict=True))
        before = now


async def test_defrosting(clock: ManualClock) -> None:
    """An air unit frosts in the cold and has to be defrosted; a mild one shows that none is due."""
    pump = plant("smo-s40", clock, -6)
    states, due = set(), set()
    points = pump.devices[0].points
    for _ in range(160):
        await clock.advance(90)
        pump.settle()
        states.add(points[ids.DEFROSTING].value)
        due.add(points[ids.TIME_TO_DEFROST].value)
    assert states == {0, 1}
    assert len(due) > 10
    pump.set_outdoor(12)
    await clock.advance(60)
    assert pump.point(ids.TIME_TO_DEFROST).value == 65535


async def test_a_hot_day(clock: ManualClock) -> None:
    """An air unit cools, nobody heats."""
    pump = plant("vvm-s320", clock, 33)
    seen = set()
    for _ in range(96):
        await clock.advance(900)
        seen.add(pump.point(ids.PRIORITY).value)
    assert COOLING in seen
    assert HEATING not in seen


async def test_settings_act(clock: ManualClock) -> None:
    """A steeper curve, the additional heat, and being away are felt."""
    pump = plant("s1255", clock, -5)
    calculated = pump.point(ids.CALCULATED_SUPPLY).value
    pump.set_value(ids.HEATING_OFFSET, 4)
    await clock.advance(60)
    assert pump.point(ids.CALCULATED_SUPPLY).value > calculated
    pump.set_value(ids.HEATING_OFFSET, 0)
    pump.devices[0].set_smart_mode("away")
    await clock.advance(60)
    assert pump.point(ids.CALCULATED_SUPPLY).value < calculated
    pump.set_value(ids.OPERATING_MODE, 2)
    await clock.advance(4 * 3600)
    assert pump.point(ids.PRIORITY).value == 10
    assert pump.point(1756).value > 0
    assert pump.point(ids.OPERATING_MODE_MIRROR).value == 2


async def test_hour_logs_roll(clock: ManualClock) -> None:
    """The energy of the past hour changes at the full hour only, and moves back by one."""
    pump = plant("s1255", clock, -5)
    points = pump.devices[0].points.values()
    logs = {p.live: p for p in points if p.live.startswith("used_")}
    newest, second = logs["used_1"], logs["used_2"]
    pump.settle()
    before = newest.value
    await clock.advance(1800)
    pump.settle()
    assert newest.value == before
    await clock.advance(1800)
    pump.settle()
    assert second.value == before
    assert newest.value != before
    heating = pump.by_register("I2283")
    assert heating.unit == "kWh"
    assert heating.value < 2000


async def test_a_long_absence(clock: ManualClock) -> None:
    """Weeks that nobody watched pass quickly, and the pump is as alive as before."""
    pump = plant("smo-s40", clock, None)
    before = pump.point(ids.ENERGY_USED).value
    await clock.advance(21 * 86400)
    assert pump.point(ids.ENERGY_USED).value > before + 500
    assert 180 < pump.point(ids.ROOM).value < 260


async def test_held_values(owner: Owner, clock: ManualClock) -> None:
    """A reading that a test sets stays until it is let go; a setting is simply set."""
    pump = owner.pump
    pump.set_value(ids.OUTDOOR, -327)
    pump.set_value(ids.HEATING_CURVE, 3)
    await clock.advance(3600)
    assert await owner.value(ids.OUTDOOR) == -327
    assert await owner.value(ids.HEATING_CURVE) == 3
    pump.let_live(ids.OUTDOOR)
    assert await owner.value(ids.OUTDOOR) != -327
    pump.set_firmware("4.14")
    assert await owner.value(ids.FIRMWARE) == (4 << 8) + 14


async def test_hidden_points(owner: Owner) -> None:
    """A test can let points disappear and appear."""
    owner.pump.hide(ids.OUTDOOR)
    assert (await owner.ask("GET", f"{POINTS}/4"))[0] == 404
    assert "4" not in await owner.points()
    owner.pump.show(ids.OUTDOOR)
    assert "4" in await owner.points()


async def test_dynamic_points(owner: Owner, clock: ManualClock) -> None:
    """Some settings make points appear after a while, and disappear sooner."""
    for switch, on, shown in (
        (ids.OPERATING_MODE, 1, ids.PERMIT_HEATING),
        (ids.SG_API_SWITCH, 1, ids.SG_API_STATE),
    ):
        path = f"{POINTS}/{shown}"
        await owner.write(switch, on)
        await clock.advance(31)
        assert (await owner.ask("GET", path))[0] == 404
        await clock.advance(1)
        assert (await owner.ask("GET", path))[0] == 200
        await owner.write(switch, 0)
        await clock.advance(17)
        assert (await owner.ask("GET", path))[0] == 200
        await clock.advance(1)
        assert (await owner.ask("GET", path))[0] == 404
    assert len(await owner.points()) == 1169


async def test_dynamic_points_of_a_short_whim(owner: Owner, clock: ManualClock) -> None:
    """What is taken back before the points came does not leave them behind."""
    owner.pump.write_delay = 0
    await owner.write(ids.OPERATING_MODE, 1)
    await clock.advance(5)
    await owner.write(ids.OPERATING_MODE, 0)
    await clock.advance(120)
    assert len(await owner.points()) == 1169


async def test_points_of_away(owner: Owner, clock: ManualClock) -> None:
    """Being away has a point of its own."""
    before = set(await owner.points())
    await owner.ask("POST", f"{DEVICE}/smartmode", {"smartMode": "away"})
    await clock.advance(30)
    assert len(set(await owner.points()) - before) == 1
    owner.pump.write_delay = 0
    await owner.write(ids.AWAY, 0)
    assert (await owner.get(DEVICE))["smartMode"] == "normal"
    await clock.advance(16)
    assert set(await owner.points()) == before


async def test_restart(owner: Owner, clock: ManualClock) -> None:
    """After a restart the same 24 points are missing for a minute."""
    complete = set(await owner.points())
    await owner.pump.restart()
    partial = set(await owner.points())
    assert (len(complete), len(partial)) == (1169, 1145)
    missing = (complete - partial).pop()
    assert (await owner.ask("GET", f"{POINTS}/{missing}"))[0] == 404
    await clock.advance(59)
    assert set(await owner.points()) == partial
    await clock.advance(1)
    assert set(await owner.points()) == complete


def test_prices_are_published_ids() -> None:
    """The prices of a day have an id per hour."""
    points = make_points(Profile.S1255, 1)
    assert all(points[ids.PRICE_FIRST_HOUR + hour].writable for hour in range(24))
