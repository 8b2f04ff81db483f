"""Covers: which way is up, what moves, and steps."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from homeassistant.components.cover import CoverEntityFeature
from simulators.thinknx import ThinknxSimulator

from .common import Home, make_entry, subentry

BLIND = "cover.office"
MOVING = CoverEntityFeature.OPEN | CoverEntityFeature.CLOSE | CoverEntityFeature.STOP

type Start = Callable[..., Awaitable[Home]]


@pytest.fixture
def guid(server: ThinknxSimulator) -> str:
    """Return the GUID of a blind with slats, half closed."""
    guid = server.guids("blind", "angle")[0]
    server.set_blind(guid, height=40, angle=0)
    return guid


async def begin(
    start: Start, server: ThinknxSimulator, guid: str, *aspects: str, **options: Any
) -> Home:
    """Set a house with one blind up."""
    return await start(make_entry(server, subentry("cover", guid, "Office", aspects, **options)))


def shown(home: Home) -> tuple[str, Any, Any]:
    """Return what the user sees: state, position, tilt."""
    state = home.state(BLIND)
    attributes = state.attributes
    return state.state, attributes.get("current_position"), attributes.get("current_tilt_position")


async def test_which_way_is_up(start: Start, server: ThinknxSimulator, guid: str) -> None:
    """For KNX 0 is open, for Home Assistant 100."""
    home = await begin(start, server, guid, "heightlevel", "blindangle")
    assert shown(home) == ("open", 60, 100)
    server.set_blind(guid, height=100, angle=75)
    await home.live(15)
    assert shown(home) == ("closed", 0, 25)
    await home.call("set_cover_position", BLIND, position=30)
    await home.call("set_cover_tilt_position", BLIND, tilt_position=10)
    assert home.commands == [
        ("heightlevel", guid, {"val": "70"}),
        ("blindangle", guid, {"cmd": "90"}),
    ]
    assert not any(record.fb for record in server.stats.commands)


async def test_inverted(start: Start, server: ThinknxSimulator, guid: str) -> None:
    """An awning is out at 100; each way round can be turned by itself."""
    home = await begin(
        start, server, guid, "heightlevel", "blindangle",
        device_class="awning", invert_position=True, invert_tilt=True,
    )  # fmt: skip
    assert shown(home) == ("open", 40, 0)
    assert home.state(BLIND).attributes["device_class"] == "awning"
    await home.call("open_cover", BLIND)
    await home.call("set_cover_position", BLIND, position=30)
    await home.call("close_cover", BLIND)
    await home.call("open_cover_tilt", BLIND)
    assert [(name, params) for name, _, params in home.commands] == [
        ("updown", {"cmd": "1"}),
        ("heightlevel", {"val": "30"}),
        ("updown", {"cmd": "0"}),
        ("blindangle", {"cmd": "100"}),
    ]


@pytest.mark.parametrize(
    ("aspects", "options", "features"),
    [
        ((), {}, MOVING),
        (("heightlevel",), {}, MOVING | CoverEntityFeature.SET_POSITION),
        (
            ("heightlevel",),
            {"tilt_steps": True},
            MOVING
            | CoverEntityFeature.SET_POSITION
            | CoverEntityFeature.OPEN_TILT
            | CoverEntityFeature.CLOSE_TILT,
        ),
        (
            ("blindangle",),
            {"tilt_steps": True},
            MOVING
            | CoverEntityFeature.OPEN_TILT
            | CoverEntityFeature.CLOSE_TILT
            | CoverEntityFeature.STOP_TILT
            | CoverEntityFeature.SET_TILT_POSITION,
        ),
    ],
)
async def test_features(
    start: Start,
    server: ThinknxSimulator,
    guid: str,
    aspects: tuple[str, ...],
    options: dict[str, Any],
    features: CoverEntityFeature,
) -> None:
    """A blind offers what it can do."""
    home = await begin(start, server, guid, *aspects, **options)
    assert home.state(BLIND).attributes["supported_features"] == features


async def test_without_a_position(start: Start, server: ThinknxSimulator, guid: str) -> None:
    """Of a blind without a position nobody knows where it is: both buttons stay."""
    home = await begin(start, server, guid)
    assert shown(home)[:2] == ("unknown", None)
    assert home.state(BLIND).attributes["assumed_state"]
    await home.call("open_cover", BLIND)
    assert home.commands == [("updown", guid, {"cmd": "0"})]


@pytest.mark.parametrize(("inverted", "steps"), [(False, ["0", "1"]), (True, ["1", "0"])])
async def test_steps(
    start: Start, server: ThinknxSimulator, guid: str, inverted: bool, steps: list[str]
) -> None:
    """Slats that tell no angle are turned step by step, the way round that the user says."""
    home = await begin(start, server, guid, "heightlevel", tilt_steps=True, invert_step=inverted)
    await home.call("open_cover_tilt", BLIND)
    await home.call("close_cover_tilt", BLIND)
    assert [(name, params["cmd"]) for name, _, params in home.commands] == [
        ("blindstep", steps[0]),
        ("blindstep", steps[1]),
    ]


async def test_opens_until_it_is_open(start: Start, server: ThinknxSimulator, guid: str) -> None:
    """A blind that was told to open is opening until it is open, and is watched meanwhile."""
    home = await begin(start, server, guid, "heightlevel", "blindangle")
    await home.call("open_cover", BLIND)
    assert shown(home)[0] == "opening"
    await home.live(5)
    state, position, _ = shown(home)
    assert state == "opening"
    assert 60 < position < 100
    await home.live(60)
    assert shown(home)[:2] == ("open", 100)


async def test_closes_to_a_position(start: Start, server: ThinknxSimulator, guid: str) -> None:
    """A blind on its way to a position is closing until it is there."""
    home = await begin(start, server, guid, "heightlevel")
    await home.call("set_cover_position", BLIND, position=20)
    assert shown(home)[0] == "closing"
    await home.live(60)
    assert shown(home)[:2] == ("open", 20)
    await home.call("set_cover_position", BLIND, position=20)
    assert shown(home)[0] == "open"


async def test_stopped(start: Start, server: ThinknxSimulator, guid: str) -> None:
    """Stop ends it, and where it stands is looked at."""
    home = await begin(start, server, guid, "heightlevel")
    await home.call("close_cover", BLIND)
    await home.live(4)
    await home.call("stop_cover", BLIND)
    assert shown(home)[0] == "open"
    await home.live(5)
    assert shown(home)[1] == 100 - round(server.value(guid, "height"))


@pytest.mark.parametrize(
    ("service", "data"), [("close_cover", {}), ("set_cover_position", {"position": 20})]
)
async def test_stopped_before_it_was_sent(
    start: Start, server: ThinknxSimulator, guid: str, service: str, data: dict[str, Any]
) -> None:
    """A move that waits for a busy server is forgotten when the blind is stopped."""
    home = await begin(start, server, guid, "heightlevel")
    home.entry.runtime_data.scheduler.pace.refused(home.clock.monotonic(), 3.0)
    moving = asyncio.ensure_future(home.call(service, BLIND, **data))
    await asyncio.sleep(0.01)
    await home.call("stop_cover", BLIND)
    await moving
    await home.live(20)
    assert [name for name, _, _ in home.commands] == ["stop"]
    assert shown(home)[0] == "open"


async def test_held_up(start: Start, server: ThinknxSimulator, guid: str) -> None:
    """A blind that stands still before it has arrived is not closing for ever."""
    home = await begin(start, server, guid, "heightlevel")
    await home.call("close_cover", BLIND)
    await home.live(4)
    server.stop_blind(guid)
    await home.live(10)
    assert shown(home)[0] == "open"


async def test_no_news(start: Start, server: ThinknxSimulator, guid: str) -> None:
    """A blind of which nothing is heard is taken for still after two minutes."""
    home = await begin(start, server, guid)
    await home.call("close_cover", BLIND)
    assert shown(home)[0] == "closing"
    await home.fire(121)
    assert shown(home)[0] == "unknown"


async def test_slats_stop_with_the_blind(start: Start, server: ThinknxSimulator, guid: str) -> None:
    """There is one stop for both."""
    home = await begin(start, server, guid, "heightlevel", "blindangle")
    await home.call("close_cover_tilt", BLIND)
    await home.call("stop_cover_tilt", BLIND)
    assert [name for name, _, _ in home.commands] == ["blindangle", "stop"]


async def test_moved_by_somebody_else(start: Start, server: ThinknxSimulator, guid: str) -> None:
    """A blind that somebody moves at the wall is seen where it is; the server tells no movement."""
    home = await begin(start, server, guid, "heightlevel")
    server.move_blind(guid, 100)
    await home.live(70)
    assert shown(home)[:2] == ("closed", 0)
    assert not home.commands


async def test_removed_while_it_moves(start: Start, server: ThinknxSimulator, guid: str) -> None:
    """A blind that is deleted while it moves leaves nothing behind."""
    home = await begin(start, server, guid, "heightlevel")
    await home.call("close_cover", BLIND)
    subentry_id = next(iter(home.entry.subentries))
    home.hass.config_entries.async_remove_subentry(home.entry, subentry_id)
    await home.fire(2)
    await home.fire(121)
    assert home.hass.states.get(BLIND) is None
