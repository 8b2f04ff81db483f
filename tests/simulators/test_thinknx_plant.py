"""Tests of the plant behind a Thinknx server."""

from collections.abc import AsyncGenerator
from datetime import UTC, datetime

from aiohttp import ClientSession
import pytest

from simulators.clock import ManualClock
from simulators.thinknx import Blind, Change, ThinknxSimulator

from .thinknx_owner import Owner, serving

WINTER = datetime(2026, 1, 5, 6, tzinfo=UTC)


@pytest.fixture
async def house(clock: ManualClock) -> AsyncGenerator[ThinknxSimulator]:
    """Return a quiet house."""
    async with serving(clock) as simulator:
        yield simulator


@pytest.fixture
def owner(house: ThinknxSimulator, session: ClientSession) -> Owner:
    """Return its owner."""
    return Owner(house, session)


def values(house: ThinknxSimulator) -> dict[tuple[str, str], float]:
    """Return everything that the server would tell."""
    house.settle()
    return {
        (device.guid, function): device.shown(function)
        for device in house.plant.devices.values()
        for function in device.values
    }


def blind_of(house: ThinknxSimulator, seconds: float, *, slats: bool = True) -> str:
    """Return a blind that is up and needs so long from end to end."""
    for guid in house.guids("blind"):
        blind = house.device(guid)
        assert isinstance(blind, Blind)
        if ("angle" in blind.values) is slats:
            blind.travel_seconds = seconds
            house.set_blind(guid, height=0, angle=30 if slats else None)
            return guid
    raise AssertionError("there is none")


async def test_same_seed_same_life() -> None:
    """Two houses of one seed live the same life, another seed another, however often one looks."""
    lives = []
    for seed, step in ((4, 3600), (4, 47), (5, 3600)):
        clock = ManualClock(WINTER)
        house = ThinknxSimulator(seed=seed, clock=clock)
        while clock.monotonic() < 4 * 3600:
            await clock.advance(min(step, 4 * 3600 - clock.monotonic()))
            house.settle()
        lives.append(values(house))
    assert lives[0] == lives[1]
    assert lives[0].keys() != lives[2].keys()


async def test_life(clock: ManualClock) -> None:
    """In a day people touch lights, blinds and thermostats; sensors and rooms never rest."""
    house = ThinknxSimulator(clock=clock)
    seen: list[Change] = []
    house.watch(seen.append)
    before = values(house)
    for _ in range(24):
        await clock.advance(3600)
        house.settle()
    assert {change.function for change in seen} == {
        *("power", "level", "height", "angle", "value"),
        *("temperature", "setpoint", "mode", "fan"),
    }
    assert [change.at for change in seen] == sorted(change.at for change in seen)
    lights = set(house.guids("light"))
    assert 2000 < sum(change.guid in lights for change in seen) < 5000
    rooms = [house.value(guid, "temperature") for guid in house.guids("thermostat")]
    assert all(14 < room < 26 for room in rooms)
    energy = house.guids("analog")[13]
    grown = house.value(energy, "value") - before[energy, "value"]
    assert 10 < grown < 60
    assert any(round(room, 1) != room for room in rooms)
    values_now = [house.value(guid, "value") for guid in house.guids("analog")]
    assert any(round(value, 1) != value for value in values_now)


async def test_frozen(house: ThinknxSimulator, clock: ManualClock) -> None:
    """Without life nothing changes but what is ordered."""
    before = values(house)
    await clock.advance(86400)
    assert values(house) == before
    house.alive = True
    await clock.advance(600)
    assert values(house) != before


async def test_nobody_at_home(clock: ManualClock) -> None:
    """With nobody there sensors still waver; with many people much more happens."""
    counts = []
    for activity in (0.0, 1.0, 20.0):
        house = ThinknxSimulator(clock=ManualClock(WINTER), activity=activity)
        seen: list[Change] = []
        house.plant.listeners.append(seen.append)
        house.plant.settle(1800)
        counts.append([sum(c.function == name for c in seen) for name in ("power", "value")])
    (none, waver), (some, _), (many, _) = counts
    assert none == 0 < some < many / 10
    assert waver > 500


async def test_chrono(clock: ManualClock) -> None:
    """A program changes modality and setpoint at its hours, if it is switched on."""
    house = ThinknxSimulator(clock=ManualClock(WINTER.replace(hour=5)), activity=0)
    off, on = house.guids("thermostat")[:2]
    for guid in (off, on):
        house.set_thermostat(guid, mode=2)
    assert (house.value(on, "setpoint"), house.value(on, "mode")) == (17.5, 2)
    house.plant.settle(3600 * 1.6)
    assert (house.value(off, "mode"), house.value(off, "setpoint")) == (2, 17.5)
    assert (house.value(on, "mode"), house.value(on, "setpoint")) == (1, 21.5)
    house.plant.settle(3600 * 18)
    assert house.value(on, "mode") == 2


async def test_thermostat(owner: Owner) -> None:
    """Each modality has its own setpoint; switching the chrono on brings its program into force."""
    guid = owner.house.guids("thermostat")[0]
    await owner.good("chronoen", guid, cmd=0)
    await owner.good("tempmode", guid, cmd=1)
    await owner.good("setpoint", guid, cmd="22.5")
    await owner.good("tempmode", guid, cmd=3)
    assert await owner.read("setpointstatus", guid) == 7
    await owner.good("tempmode", guid, cmd=1)
    assert await owner.read("setpointstatus", guid) == 22.5
    # It is noon, and the program says standby.
    await owner.good("chronoen", guid, cmd=1)
    assert await owner.read("tempmodestatus", guid) == 0
    assert await owner.read("setpointstatus", guid) == 19
    assert (await owner.good("setpoint", guid, "fb", cmd=99))["status"] == 40


async def test_dimmer(owner: Owner) -> None:
    """A dimmer comes back with its last level; when off it tells 0, or that level."""
    guid = owner.house.guids("light", "level")[0]
    await owner.good("powerlevel", guid, cmd=35)
    assert await owner.read("powerstatus", guid) == 1
    await owner.good("power", guid, cmd=0)
    assert await owner.read("powerlevelstatus", guid) == 0
    await owner.good("power", guid, cmd=1)
    assert await owner.read("powerlevelstatus", guid) == 35
    await owner.good("powerlevel", guid, cmd=0)
    assert await owner.read("powerstatus", guid) == 0
    owner.house.plant.level_off_zero = False
    await owner.good("power", guid, cmd=0)
    assert await owner.read("powerlevelstatus", guid) == 35


async def test_hvac_that_is_off(owner: Owner) -> None:
    """An HVAC unit that is off may refuse everything but being switched on."""
    house = owner.house
    guid = house.guids("hvac")[0]
    house.set_hvac(guid, power=False, mode=0)
    assert (await owner.ask("hvacmode", guid, cmd=1))[0] == 200
    house.plant.hvac_needs_power = True
    for controller in ("hvacmode", "hvacfan", "hvacsetpoint"):
        assert await owner.ask(controller, guid, cmd=2) == (400, {"error": "impossible to execute"})
    await owner.good("hvacpower", guid, cmd=1)
    assert (await owner.good("hvacmode", guid, "fb", cmd=2))["status"] == 2


async def test_bus(clock: ManualClock, session: ClientSession) -> None:
    """A status changes when the bus has confirmed, 0.05 to 0.8 s after the command, in order."""
    async with serving(clock, bus_seconds=(0.05, 0.8)) as house:
        owner, guid = Owner(house, session), house.guids("light", "level")[0]
        house.set_light(guid, on=False)
        for level in (10, 20, 30):
            await owner.good("powerlevel", guid, cmd=level)
        await clock.advance(0.049)
        assert await owner.read("powerlevelstatus", guid) == 0
        seen: list[float] = []
        for _ in range(100):
            await clock.advance(0.01)
            seen.append(await owner.read("powerlevelstatus", guid))
        assert seen == sorted(seen)
        assert seen[-1] == 30
        house.silence(guid)
        await owner.good("power", guid, cmd=0)
        await clock.advance(10)
        assert await owner.read("powerstatus", guid) == 1


async def test_moving_blind(owner: Owner, clock: ManualClock) -> None:
    """A blind takes its time and tells where it is on the way."""
    house = owner.house
    guid = blind_of(house, 40)
    await owner.good("updown", guid, cmd=1)
    heights = []
    for _ in range(5):
        heights.append(await owner.read("heightlevelstatus", guid))
        await clock.advance(10)
    assert heights == [0, 25, 50, 75, 100]
    assert await owner.read("blindanglestatus", guid) == 100
    await owner.good("updown", guid, cmd=0)
    await clock.advance(13.9)
    await owner.good("stop", guid, cmd=1)
    await clock.advance(60)
    assert await owner.read("heightlevelstatus", guid) == 65
    assert all(20 <= blind.travel_seconds <= 60 for blind in blinds(house) if blind.guid != guid)


def blinds(house: ThinknxSimulator) -> list[Blind]:
    """Return all blinds."""
    return [device for device in house.plant.devices.values() if isinstance(device, Blind)]


async def test_height(owner: Owner, clock: ManualClock) -> None:
    """A height is reached from wherever the blind is; the slats then stand as before."""
    guid = blind_of(owner.house, 40)
    await owner.good("heightlevel", guid, val=50)
    await clock.advance(10)
    assert await owner.read("blindanglestatus", guid) == 100
    await owner.good("heightlevel", guid, val=10)
    await clock.advance(5.9)
    assert await owner.read("heightlevelstatus", guid) == 12
    assert await owner.read("blindanglestatus", guid) == 0
    await clock.advance(0.2)
    assert await owner.read("heightlevelstatus", guid) == 10
    assert await owner.read("blindanglestatus", guid) == 30


async def test_rare_reports(owner: Owner, clock: ManualClock) -> None:
    """A blind may tell its height rarely, or only at the end."""
    house = owner.house
    guid = blind_of(house, 40, slats=False)
    for pause, middle in ((0, 0), (15, 38), (1, 50)):
        house.plant.report_seconds = pause
        house.set_blind(guid, height=0)
        await owner.good("updown", guid, cmd=1)
        await clock.advance(20.01)
        assert await owner.read("heightlevelstatus", guid) == middle
        await clock.advance(20)
        assert await owner.read("heightlevelstatus", guid) == 100


async def test_slats(owner: Owner, clock: ManualClock) -> None:
    """Slats turn to an angle or by steps; a step stops a blind that moves."""
    guid = blind_of(owner.house, 40)
    await owner.good("blindangle", guid, cmd=90)
    await clock.advance(0.5)
    assert await owner.read("blindanglestatus", guid) == 30
    await clock.advance(1)
    assert await owner.read("blindanglestatus", guid) == 90
    for step, angle in ((1, 100), (1, 100), (0, 90)):
        await owner.good("blindstep", guid, cmd=step)
        assert await owner.read("blindanglestatus", guid) == angle
    await owner.good("blindangle", guid, cmd=30)
    await clock.advance(0.45)
    await owner.good("stop", guid, cmd=1)
    assert await owner.read("blindanglestatus", guid) == 60
    await owner.good("updown", guid, cmd=1)
    await clock.advance(4)
    await owner.good("blindstep", guid, cmd=1)
    await clock.advance(10)
    assert await owner.read("heightlevelstatus", guid) == 10


async def test_scenes(owner: Owner, clock: ManualClock) -> None:
    """Scenes do something; one with pauses can be stopped before it has done all."""
    house = owner.house
    scene = {house.device(guid).name: guid for guid in house.guids("scene")}
    for guid in house.guids("light"):
        house.set_light(guid, on=True)
    await owner.good("scenelaunch", scene["All lights off"], cmd=1)
    assert not any(house.value(guid, "power") for guid in house.guids("light"))
    await owner.good("scenelaunch", scene["Evening"], cmd=1)
    assert sum(house.value(guid, "power") for guid in house.guids("light")) == 7
    for guid in house.guids("blind"):
        house.set_blind(guid, height=100)
    await owner.good("scenelaunch", scene["Good morning"], cmd=1)
    await clock.advance(40)
    await owner.good("scenelaunch", scene["Good morning"], cmd=0)
    await clock.advance(600)
    heights = [house.value(guid, "height") for guid in house.guids("blind")]
    assert heights == [0, 0, 0] + [100] * 22
    await owner.good("scenelaunch", scene["Good morning"], cmd=0)
    await owner.good("scenelaunch", scene["Storm"], cmd=1)
    await clock.advance(60)
    assert not any(house.value(guid, "height") for guid in house.guids("blind"))


async def test_buttons(owner: Owner, clock: ManualClock) -> None:
    """Buttons toggle, pulse, step and launch."""
    house = owner.house
    button = {house.device(guid).name: guid for guid in house.guids("button")}
    names = {device.name: guid for guid, device in house.plant.devices.items()}
    hall, garage = names["Hall ceiling"], names["Garage wall"]
    house.set_light(hall, on=False)
    house.set_light(garage, on=False)
    for wanted in (1, 0, 1):
        await owner.good("trigger", button["Hall light"], cmd=1)
        assert await owner.read("powerstatus", hall) == wanted
    await owner.good("trigger", button["Garage door"], cmd=1)
    assert await owner.read("powerstatus", garage) == 1
    await clock.advance(2)
    assert await owner.read("powerstatus", garage) == 0
    await owner.good("trigger", button["Leave the house"], cmd=1)
    assert await owner.read("powerstatus", hall) == 0
    await owner.good("trigger", button["Water the garden"], cmd=1)
    assert await owner.read("getvalue", names["Irrigation time"]) == 45


async def test_by_hand(house: ThinknxSimulator, clock: ManualClock) -> None:
    """Everything can be changed by hand, also on the way."""
    guid = blind_of(house, 20)
    house.move_blind(guid, 100)
    await clock.advance(10)
    house.stop_blind(guid)
    await clock.advance(30)
    assert house.value(guid, "height") == 50
    room = house.guids("thermostat")[0]
    house.set_thermostat(room, temperature=18.25, mode=1, setpoint=20, chrono=False)
    shown = [house.value(room, name) for name in ("temperature", "mode", "setpoint", "chrono")]
    assert shown == [18.25, 1, 20, 0]
    hvac = house.guids("hvac")[0]
    house.set_hvac(hvac, power=True, setpoint=25, mode=4, fan=2)
    assert [house.value(hvac, name) for name in ("power", "setpoint", "mode", "fan")] == [
        1,
        25,
        4,
        2,
    ]
    lamp = house.guids("light")[1]
    with pytest.raises(ValueError, match="has no level"):
        house.set_light(lamp, level=3)
    with pytest.raises(TypeError):
        house.set_light(hvac, on=True)
    with pytest.raises(KeyError):
        house.set_light("nothing", on=True)
