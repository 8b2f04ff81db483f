"""Whatever a server answers to reads: nothing that the devices show changes."""

from collections.abc import Awaitable, Callable
from typing import Any

from hypothesis import given, strategies as st
import pytest

from custom_components.thinknx.endpoints import STATUSES
from simulators.thinknx import ThinknxSimulator
from tests.fuzzing import Answers, alarming, fuzz, lies, overheard, written

from .common import Home, make_entry, subentry

KINDS = ("light", "cover", "thermostat", "hvac", "analog")
BLINDS = {"cover": "blind"}
STATUS = "serverStatus"
READS = sorted(it.controller for it in STATUSES.values())
SHOWN = (
    *("brightness", "current_position", "current_tilt_position", "current_temperature"),
    *("temperature", "fan_mode", "preset_mode"),
)
LOOKED_AT_AGAIN = 320  # seconds: what makes no sense is left alone for five minutes
COUNTING = ("_requests", "_start", "_refusals", "_oldest", "_rate")


def shown(home: Home) -> dict[str, Any]:
    """Return all states with what they say beside, but those that go with time and requests."""
    states = [
        it
        for it in home.hass.states.async_all()
        if not any(word in it.entity_id for word in COUNTING)
    ]
    return {it.entity_id: it.state for it in states} | {
        f"{it.entity_id} {name}": it.attributes.get(name) for it in states for name in SHOWN
    }


@pytest.fixture
async def home(start: Callable[..., Awaitable[Home]], server: ThinknxSimulator) -> Home:
    """Return a house with one device of each kind that can be read, all of them read."""
    devices = [
        subentry(kind, server.guids(BLINDS.get(kind, kind))[0], kind.capitalize()) for kind in KINDS
    ]
    home = await start(make_entry(server, *devices))
    await home.live(65)
    await home.call("turn_on", "light.light")
    await home.call("turn_on", "climate.hvac")
    await home.live(65)
    return home


@pytest.fixture
async def answers(home: Home) -> Answers:
    """Return what the server answers to all that is asked, by the last part of the path."""
    heard = overheard(home.server)
    await home.live(125)
    return Answers({path.rpartition("/")[2]: it for path, it in heard.items()})


async def lie(home: Home, bodies: dict[str, bytes]) -> None:
    """Have reads answered so for a while, then truly, and make sure that nothing changes."""
    before = shown(home)
    for name, body in bodies.items():
        text = body.decode(errors="replace")
        home.server.inject("garbage", f"*/{name}", times=None, body=text)
    of_server = STATUS in bodies
    await home.live(65 if of_server else 30)
    for name, value in shown(home).items():
        assert value in {before[name], "unavailable", "unknown", None}, name
    home.server.clear_faults()
    await home.live(65 if of_server else LOOKED_AT_AGAIN)
    assert shown(home) == before


@pytest.mark.parametrize("of_server", [False, True], ids=["devices", "server"])
@fuzz(5)
@given(data=st.data())
async def test_reads(
    home: Home,
    caplog: pytest.LogCaptureFixture,
    answers: Answers,
    of_server: bool,
    data: st.DataObject,
) -> None:
    """Answers that make no sense, to some reads or to all, show nothing that is not so."""
    caplog.clear()
    some = st.sets(st.sampled_from(READS), min_size=1)
    names = [STATUS] if of_server else sorted(data.draw(some))
    wrong = st.fixed_dictionaries({name: lies(answers[name]) for name in names})
    await lie(home, data.draw(wrong))
    assert not alarming(caplog.records, "Error requesting")


@pytest.mark.parametrize("value", [-1e30, "?", [], 10**400])
async def test_odd_values(home: Home, answers: Answers, value: object) -> None:
    """A value that is none is none, whatever is read."""
    bodies = {name: {**answers[name][0], "status": value} for name in READS}
    assert all("status" in answers[name][0] for name in READS)
    await lie(home, {name: written(body) for name, body in bodies.items()})
