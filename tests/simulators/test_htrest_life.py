"""Tests of what moves in a heat pump by itself."""

from datetime import UTC, datetime, timedelta

import pytest

from simulators.clock import ManualClock
from simulators.htrest import NO_FAULT, NOT_FITTED, HtRestSimulator, Value
from simulators.htrest.physics import Weather

WINTER = datetime(2026, 1, 12, 5, tzinfo=UTC)
OFF, AUTOMATIC, COOLING, SUMMER, SETBACK = 0, 1, 2, 3, 5
HOUR = 3600.0
DAY = 24 * HOUR

TANK, BACK, OUTDOOR = "Temp. Brauchwasser", "Temp. Ruecklauf", "Temp. Aussen"
RUNS, DEMAND, TARGET = "Verdichter", "Verdichteranforderung", "HKR_Sollwert"
STARTS, HOURS = "BSZ Verdichter Schaltungen", "BSZ Verdichter Betriebsst. ges"
HEAT, POWER = "WMZ_Gesamt (kWh):", "Stromz_Gesamt (kWh):"


def plant(seed: int = 1) -> tuple[HtRestSimulator, ManualClock]:
    """Return an installation that need not listen, and its clock."""
    clock = ManualClock(WINTER)
    return HtRestSimulator(profile="owner", clock=clock, seed=seed), clock


def shown(house: HtRestSimulator) -> dict[str, Value]:
    """Return all values."""
    return {name: house.value(name) for name in house.table}


async def life(seed: int, step: float, steps: int) -> list[dict[str, Value]]:
    """Return what an installation shows while time passes."""
    house, clock = plant(seed)
    seen = [shown(house)]
    for _ in range(steps):
        await clock.advance(step)
        seen.append(shown(house))
    return seen


async def test_same_seed_same_life() -> None:
    """Two pumps of one seed live the same life, another seed another; all begin alike."""
    first, second, other = [await life(seed, 777, 20) for seed in (4, 4, 5)]
    assert first == second != other
    assert first[0] == other[0]


async def test_life_does_not_depend_on_being_watched() -> None:
    """Asking often changes nothing."""
    assert (await life(1, 60, 120))[-1] == (await life(1, 7200, 1))[-1]


async def test_a_day_in_winter() -> None:
    """The compressor comes and goes, for the house and for hot water; meters only grow."""
    days = await life(1, 600, 144)
    for name in (STARTS, HOURS, HEAT, POWER, "BSZ Verdichter Schaltung WW"):
        values = [seen[name] for seen in days]
        assert values == sorted(values)
        assert values[-1] > values[0]
    assert {seen[DEMAND] for seen in days} == {0, 2, 3}
    assert {seen[RUNS] for seen in days} == {False, True}
    efficiency = (days[-1][HEAT] - days[0][HEAT]) / (days[-1][POWER] - days[0][POWER])
    assert 2.5 < efficiency < 5
    # From 22 to 4 o'clock the time program lets the tank cool down; the day began at 6.
    assert all(44 < seen[TANK] < 51 for seen in days[:96])
    assert not any(seen[RUNS] and seen[DEMAND] == 3 for seen in days[98:132])
    assert all(seen[TANK] > 38 for seen in days)
    assert all(seen["WMZ_Leistung (kW):"] > 0 for seen in days if seen[RUNS] and seen["COP"])
    assert len({seen[OUTDOOR] for seen in days}) > 20
    assert {seen["Zirkulationspumpe WW"] for seen in days} == {False, True}


async def test_summer() -> None:
    """It is warmer in July, and above the heating limit nothing is heated."""
    weather = Weather(1, WINTER, 4.9)
    assert weather.outdoor(WINTER) == pytest.approx(4.9)
    assert weather.outdoor(WINTER + timedelta(days=185)) > 14
    house, clock = plant()
    house.set_value("HKR Heizgrenze", 3)
    await clock.advance(DAY)
    assert house.value(TARGET) == 0
    assert house.value("Heizkreispumpe") is False


@pytest.mark.parametrize(
    ("mode", "demands"), [(OFF, {0}), (SUMMER, {0, 3}), (AUTOMATIC, {0, 2, 3}), (COOLING, {0, 3})]
)
async def test_modes(mode: int, demands: set[int]) -> None:
    """The mode says what the pump does; in summer hot water stays."""
    house, clock = plant()
    house.set_value("Betriebsart", mode)
    await clock.advance(1200)
    seen = set()
    for _ in range(144):
        await clock.advance(600)
        seen.add(house.value(DEMAND))
    assert seen == demands


async def test_cooling() -> None:
    """In the heat the pump cools if it is told to."""
    house, clock = plant()
    house.set_value("Betriebsart", COOLING)
    house.set_value("Kuehlgrenze", -10)
    demands = []
    for _ in range(12):
        await clock.advance(600)
        demands.append(house.value(DEMAND))
    assert 1 in demands
    assert float(house.value(BACK)) < 25


async def test_settings_matter() -> None:
    """Room set point, setback and hot water are obeyed."""
    house, clock = plant()
    await clock.advance(60)
    before = float(house.value(TARGET))
    house.set_value("HKR Soll_Raum", 23.5)
    await clock.advance(60)
    assert float(house.value(TARGET)) == pytest.approx(before + 2, abs=0.2)
    house.set_value("Betriebsart", SETBACK)
    await clock.advance(60)
    assert float(house.value(TARGET)) == pytest.approx(before - 1, abs=0.2)
    house.set_value("WW Normaltemp.", 58)
    await clock.advance(2 * HOUR)
    assert float(house.value(TANK)) > 52


async def test_held_readings() -> None:
    """A reading that was set stays, until it is let go."""
    house, clock = plant()
    house.set_value(OUTDOOR, -23.4)
    house.unfit("Temp. Frischwasser_Istwert")
    await clock.advance(HOUR)
    assert house.value(OUTDOOR) == -23.4
    assert house.value("Temp. Frischwasser_Istwert") == NOT_FITTED
    house.let_live(OUTDOOR, "Temp. Frischwasser_Istwert")
    await clock.advance(60)
    assert float(house.value(OUTDOOR)) > -20
    assert float(house.value("Temp. Frischwasser_Istwert")) > 30


def test_fault_is_acknowledged() -> None:
    """The point that acknowledges a fault falls back; the fault goes unless its cause is there."""
    house, _ = plant()
    reset = house.pump.point("Entstoerung")
    house.add_fault(9, "HD Schalter")
    house.fault_lasts = True
    assert house.pump.write(reset, True) is False
    assert house.value("Stoerung") is True
    house.fault_lasts = False
    house.pump.write(reset, True)
    assert house.value("Stoerung") is False
    assert [entry.error for entry in house.fault_list[-2:]] == [9, NO_FAULT]
    house.pump.write(reset, True)
    assert len(house.fault_list) == 6
