"""The blueprints, each set up as an automation and tried on a simulated house."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from pathlib import Path
import shutil
from typing import Any
from unittest.mock import patch

import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.thinknx.errors import ThinknxConnectionError
from homeassistant.components.blueprint.const import BLUEPRINT_FOLDER
from homeassistant.const import EVENT_HOMEASSISTANT_STARTED
from homeassistant.core import CoreState, HomeAssistant
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from simulators.thinknx import ThinknxSimulator

from .common import DOMAIN, Home, make_entry, subentry

BLUEPRINTS = Path(__file__).parents[2] / BLUEPRINT_FOLDER
AUTOMATION = "automation.under_test"
WIND, HELD, LAMP = "sensor.wind", "input_boolean.storm", "light.lamp"
OFFICE, KITCHEN, AWNING = "cover.office", "cover.kitchen", "cover.awning"
BATH, HALL, GUESTS = "climate.bath", "climate.hall", "climate.guests"
ANNA, BEN = "person.anna", "person.ben"
STANDBY, COMFORT, ECONOMY, PROTECTION = range(4)
MINUTE, HOUR = 60, 3600

type Start = Callable[..., Awaitable[Home]]
type Automate = Callable[..., Awaitable[None]]


async def settle(_home: Home | None = None) -> None:
    """Let everything happen that waits for nothing from outside.

    An automation that waits is a task that Home Assistant would wait for, so that
    async_block_till_done() does not return.
    """
    for _number in range(80):
        await asyncio.sleep(0)


@pytest.fixture
async def automate(hass: HomeAssistant, tmp_path: Path) -> AsyncGenerator[Automate]:
    """Return a function that makes an automation of a blueprint, as the user does."""

    async def set_up(blueprint: str, *, restart: bool = False, **inputs: Any) -> None:
        # Home Assistant would also write its own blueprints into the test helpers' folder.
        hass.config.config_dir = str(tmp_path)
        shutil.copytree(BLUEPRINTS, hass.config.path(BLUEPRINT_FOLDER))
        use = {"path": f"{DOMAIN}/{blueprint}.yaml", "input": inputs}
        config = {"use_blueprint": use, "alias": "Under test"}
        hass.set_state(CoreState.starting if restart else CoreState.running)
        assert await async_setup_component(hass, "automation", {"automation": config})
        await hass.async_block_till_done()
        hass.set_state(CoreState.running)
        hass.bus.async_fire(EVENT_HOMEASSISTANT_STARTED)
        await settle()
        state = hass.states.get(AUTOMATION)
        assert state and state.state == "on", "the blueprint was refused"

    with patch.object(Home, "settle", settle):
        yield set_up
    target = {"entity_id": AUTOMATION}
    await hass.services.async_call("automation", "turn_off", target, blocking=True)


async def show(home: Home, **states: str | float) -> None:
    """Set states that are others' (two underscores stand for a point), and let it be seen."""
    for name, state in states.items():
        home.hass.states.async_set(name.replace("__", "."), str(state))
    await home.live(1)


def told(home: Home) -> list[tuple[str, str]]:
    """Return controllers and values of the commands since this was asked last."""
    commands = [(name, next(iter(params.values()))) for name, _, params in home.commands]
    home.server.stats.reset()
    return sorted(commands)


# Up in the wind

UP, DOWN = ("updown", "0"), ("updown", "1")
SAFE = ["open", "open", "closed"]


@pytest.fixture
async def seaside(start: Start, server: ThinknxSimulator) -> Home:
    """Return a house with two blinds that are down and an awning that is out."""
    office, kitchen, awning = server.guids("blind", "height")[:3]
    for guid in (office, kitchen, awning):
        server.set_blind(guid, height=100)
    height = ("heightlevel",)
    blinds = [subentry("cover", office, "Office", height)]
    blinds += [subentry("cover", kitchen, "Kitchen", height)]
    blinds += [subentry("cover", awning, "Awning", height, invert_position=True)]
    home = await start(make_entry(server, *blinds))
    home.hass.states.async_set(WIND, "10")
    await async_setup_component(home.hass, "input_boolean", {"input_boolean": {"storm": None}})
    await home.hass.async_block_till_done()
    server.stats.reset()
    return home


STORM: dict[str, Any] = {
    "wind": WIND, "limit": 45, "strong_seconds": 20, "calm": 30, "calm_minutes": 20,
    "blinds": [OFFICE, KITCHEN], "awnings": [AWNING],
}  # fmt: skip


def shown(home: Home) -> list[str]:
    """Return the states of both blinds, of the awning and of the switch."""
    return [home.state(it).state for it in (OFFICE, KITCHEN, AWNING, HELD)]


async def blow(home: Home, wind: float | str, minutes: float = 0) -> None:
    """Let the wind blow for so long; timers ring, and covers arrive."""
    await show(home, sensor__wind=wind)
    if minutes:
        await home.fire(minutes * MINUTE + 1)
        await home.live(80)


async def test_wind(seaside: Home, automate: Automate) -> None:
    """Everything is made safe, stays so until it has been calm for long, and stays up then."""
    await automate("wind_up", **STORM, held=HELD)
    await blow(seaside, 50, 0.1)
    await blow(seaside, 40, 60)
    assert told(seaside) == [], "a gust"
    await blow(seaside, 60, 1)
    assert told(seaside) == [UP, UP, UP]
    assert shown(seaside) == [*SAFE, "on"]
    await blow(seaside, 20, 19)
    await blow(seaside, 35)
    await blow(seaside, 20, 19)
    assert shown(seaside) == [*SAFE, "on"]
    await blow(seaside, 20, 20)
    assert shown(seaside) == [*SAFE, "off"]
    await seaside.call("close_cover", OFFICE)
    await seaside.live(60)
    assert told(seaside) == [DOWN]


async def test_wind_reminds(seaside: Home, automate: Automate, server: ThinknxSimulator) -> None:
    """Who lowers a blind at the wall, or an awning here, is reminded once, and then means it."""
    await automate("wind_up", **STORM)
    await blow(seaside, 60, 1)
    told(seaside)
    for expected, after in (([UP, UP, DOWN], SAFE), ([DOWN], ["closed", "open", "open"])):
        server.move_blind(server.guids("blind", "height")[0], 100)
        await seaside.call("open_cover", AWNING)
        await seaside.live(120)
        assert told(seaside) == expected
        assert shown(seaside)[:3] == after


async def test_wind_nothing_known(seaside: Home, automate: Automate) -> None:
    """Without a sensor nothing begins, and nothing ends."""
    await automate("wind_up", **{**STORM, "awnings": []}, held=HELD)
    await blow(seaside, "unknown", 60)
    assert told(seaside) == []
    await blow(seaside, 60, 1)
    assert told(seaside) == [UP, UP]
    await blow(seaside, "unavailable", 300)
    assert shown(seaside)[3] == "on"


async def test_wind_switched_off(seaside: Home, automate: Automate) -> None:
    """Who switches the switch off ends it, and the next storm is one again."""
    await automate("wind_up", **STORM, held=HELD)
    await blow(seaside, 60, 1)
    await seaside.call("turn_off", HELD)
    await seaside.call("close_cover", OFFICE)
    await seaside.live(60)
    assert shown(seaside) == ["closed", *SAFE[1:], "off"]
    await blow(seaside, 10)
    await blow(seaside, 60, 1)
    assert shown(seaside) == [*SAFE, "on"]


async def test_wind_not_taken(seaside: Home, automate: Automate, server: ThinknxSimulator) -> None:
    """What the server does not take is tried again until it does."""
    await automate("wind_up", **STORM)
    server.fail("impossible to execute", controller="updown", times=6)
    await blow(seaside, 60, 0.5)
    assert shown(seaside)[:3] == ["closed", "closed", "open"]
    await blow(seaside, 60, 1)
    assert shown(seaside)[:3] == SAFE


@pytest.mark.parametrize(("wind", "held", "raised"), [(60, "off", 3), (60, "on", 0), (20, "on", 0)])
async def test_wind_restart(
    seaside: Home, automate: Automate, server: ThinknxSimulator, wind: int, held: str, raised: int
) -> None:
    """A storm that goes on over a restart is one; what was raised before is not raised again."""
    if held == "on":
        await seaside.call("turn_on", HELD)
        for guid in server.guids("blind", "height")[:3]:
            server.set_blind(guid, height=0)
        await seaside.live(30)
    seaside.hass.states.async_set(WIND, str(wind))
    await automate("wind_up", restart=True, **STORM, held=HELD)
    await blow(seaside, wind, 0.5)
    assert len(told(seaside)) == raised
    assert shown(seaside) == [*SAFE, "on"]
    await blow(seaside, 20, 20)
    assert shown(seaside) == [*SAFE, "off"]


# A scene on an event


@pytest.fixture
async def lounge(start: Start, server: ThinknxSimulator) -> Home:
    """Return a house with a scene and a lamp that is off, which listens."""
    lamp, scene = server.guids("light")[0], server.guids("scene")[0]
    server.set_light(lamp, on=False)
    devices = subentry("light", lamp, "Lamp", ("power",)), subentry("scene", scene, "Evening")
    home = await start(make_entry(server, *devices, options={"webhook": True}))
    server.stats.reset()
    return home


LAUNCHED = ("scenelaunch", "1")


@pytest.mark.parametrize("chosen", [True, False])
async def test_scene_on_a_poke(
    lounge: Home, automate: Automate, hass_client_no_auth: ClientSessionGenerator, chosen: bool
) -> None:
    """A device that the project speaks of launches the scene once, and no other does."""
    client = await hass_client_no_auth()
    lamp = lounge.registry.async_get(LAMP)
    assert lamp
    devices = [lamp.device_id] if chosen else ["another"]
    await automate("scene_on_event", scene="scene.evening", devices=devices)
    guid = next(iter(lounge.entry.subentries.values())).data["guid"]
    for launched in (1, 0, 1):
        await client.get("/api/webhook/poke-the-house", params={"guid": guid})
        await lounge.live(1)
        assert told(lounge) == [LAUNCHED] * launched * chosen
        await lounge.fire(2 if launched else 4)


async def test_scene_on_a_state(lounge: Home, automate: Automate, server: ThinknxSimulator) -> None:
    """The lamp is switched on at the wall; off, an outage and a restart launch nothing."""
    lamp = server.guids("light")[0]
    await automate("scene_on_event", scene="scene.evening", entities=[LAMP], states=["on"])
    server.set_light(lamp, on=True)
    await lounge.live(8)
    assert told(lounge) == [LAUNCHED]
    await lounge.fire(4)
    server.set_light(lamp, on=False)
    await lounge.live(8)
    states = lounge.hass.states
    for state in ("unavailable", "on", "off as_of", "on", "on brightness"):
        state, *attributes = state.split()
        states.async_set(LAMP, state, dict.fromkeys(attributes, "7"))
        await lounge.live(0.5)
    assert told(lounge) == []
    states.async_set(LAMP, "off")
    states.async_set(LAMP, "on")
    await lounge.live(1)
    assert told(lounge) == [LAUNCHED]


@pytest.mark.parametrize(("hours", "launched"), [((-1, 1), 1), ((1, 2), 0), ((1, -1), 0)])
async def test_scene_in_a_window(
    lounge: Home, automate: Automate, hours: tuple[int, int], launched: int
) -> None:
    """It counts only within the window, which may be over midnight."""
    now = dt_util.now()
    after, before = (f"{(now.hour + it) % 24:02}:{now.minute:02}:00" for it in hours)
    await automate(
        "scene_on_event", scene="scene.evening", entities=[LAMP], after=after, before=before
    )
    lounge.hass.states.async_set(LAMP, "on")
    await lounge.live(1)
    assert len(told(lounge)) == launched


# Comfort when home


@pytest.fixture
async def family(start: Start, server: ThinknxSimulator) -> Home:
    """Return a house with three thermostats, that of the guests' room in economy, and two people."""
    guids = server.guids("thermostat")[:3]
    for guid, mode in zip(guids, (COMFORT, COMFORT, ECONOMY), strict=True):
        server.set_thermostat(guid, mode=mode, chrono=False)
    named = zip(guids, ("Bath", "Hall", "Guests"), strict=True)
    rooms = [subentry("thermostat", guid, name) for guid, name in named]
    home = await start(make_entry(server, *rooms))
    for person in (ANNA, BEN):
        home.hass.states.async_set(person, "home")
    server.stats.reset()
    return home


AWAY: dict[str, Any] = {
    "people": [ANNA, BEN], "thermostats": [BATH, HALL, GUESTS], "hours": 2
}  # fmt: skip
LOWERED, RAISED = ("tempmode", "2"), ("tempmode", "1")


def presets(home: Home) -> list[Any]:
    """Return what the thermostats show."""
    return [home.state(it).attributes["preset_mode"] for it in (BATH, HALL, GUESTS)]


async def go(home: Home, *where: str, hours: float = 0) -> None:
    """Let Anna and Ben be somewhere, for so long."""
    await show(home, **dict(zip(("person__anna", "person__ben"), where, strict=True)))
    if hours:
        await home.fire(hours * HOUR + 1)
    await home.live(60)


async def test_comfort(family: Home, automate: Automate) -> None:
    """Lower when everybody has been out for long, comfortable as soon as somebody is there."""
    await automate("comfort_when_home", **AWAY)
    await go(family, "not_home", "home", hours=5)
    await go(family, "not_home", "unknown", hours=5)
    await go(family, "not_home", "Work", hours=1)
    assert told(family) == []
    await go(family, "not_home", "Work", hours=2)
    assert told(family) == [LOWERED, LOWERED]
    assert presets(family) == ["economy"] * 3
    await go(family, "not_home", "home")
    assert told(family) == [RAISED, RAISED]
    assert presets(family) == ["comfort", "comfort", "economy"], "nobody sleeps there"


async def test_comfort_leaves_alone(
    family: Home, automate: Automate, server: ThinknxSimulator
) -> None:
    """Building protection stays, and so does what somebody sets while all are out."""
    bath, hall, _ = server.guids("thermostat")[:3]
    server.set_thermostat(bath, mode=PROTECTION)
    await family.live(60)
    await automate("comfort_when_home", **AWAY)
    await go(family, "not_home", "not_home", hours=2)
    assert told(family) == [LOWERED]
    server.set_thermostat(hall, mode=STANDBY)
    await family.live(60)
    await go(family, "home", "not_home")
    assert told(family) == []
    assert presets(family) == ["building_protection", "standby", "economy"]


async def test_comfort_not_taken(
    family: Home, automate: Automate, server: ThinknxSimulator
) -> None:
    """What the server does not take is tried again."""
    await automate("comfort_when_home", **AWAY)
    server.fail("impossible to execute", controller="tempmode", times=2)
    await go(family, "not_home", "not_home", hours=2)
    assert presets(family) == ["comfort", "comfort", "economy"]
    await go(family, "not_home", "not_home", hours=0.1)
    assert presets(family) == ["economy"] * 3


async def test_comfort_restart(family: Home, automate: Automate) -> None:
    """A restart while all are out: those in economy are made comfortable all the same."""
    for person in (ANNA, BEN):
        family.hass.states.async_set(person, "not_home")
    await automate("comfort_when_home", restart=True, **AWAY)
    await go(family, "not_home", "not_home", hours=1)
    assert told(family) == []
    await go(family, "not_home", "not_home", hours=2)
    assert told(family) == [LOWERED, LOWERED]
    await go(family, "home", "not_home")
    assert presets(family) == ["comfort"] * 3


async def test_comfort_server_away(family: Home, automate: Automate) -> None:
    """Somebody comes home while the server is away: it is told when it is back."""
    await automate("comfort_when_home", **AWAY)
    await go(family, "not_home", "not_home", hours=2)
    told(family)
    family.entry.runtime_data.reachable(ThinknxConnectionError())
    assert family.state(BATH).state == "unavailable"
    family.hass.states.async_set(ANNA, "home")
    await settle()
    assert told(family) == []
    family.entry.runtime_data.reachable(None)
    await family.live(60)
    assert presets(family) == ["comfort", "comfort", "economy"]
