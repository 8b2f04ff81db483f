"""Whatever a server answers to reads: nothing that the devices show changes."""

from collections.abc import Awaitable, Callable
from typing import Any

from hypothesis import given, strategies as st
import pytest

from custom_components.thinknx.endpoints import STATUSES
from simulators.thinknx import ThinknxSimulator
from tests.fuzzing import (
    ODD_BYTES,
    Answers,
    alarming,
    fuzz,
    impossible,
    mutated,
    overheard,
    written,
)

from .common import Home, make_entry, subentry

KINDS = ("light", "cover", "thermostat", "hvac", "analog")
BLINDS = {"cover": "blind"}
STATUS = "serverStatus"
READS = sorted(it.controller for it in STATUSES.values())
SHOWN = ("brightness", "current_position", "current_tilt_position", "current_temperature")
SHOWN += ("temperature", "fan_mode", "preset_mode")
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


@pytest.mark.parametrize("status", [False, True], ids=["devices", "server"])
@fuzz(6)
@given(data=st.data())
async def test_reads(
    home: Home,
    caplog: pytest.LogCaptureFixture,
    answers: Answers,
    status: bool,
    data: st.DataObject,
) -> None:
    """Answers that make no sense, to some reads or to all, show nothing that is not so."""
    before = shown(home)
    caplog.clear()
    names = [STATUS] if status else data.draw(st.sets(st.sampled_from(READS), min_size=1))
    for name in sorted(names):
        wrong = mutated(answers[name], impossible).map(written) | st.sampled_from(ODD_BYTES)
        body = data.draw(wrong).decode(errors="replace")
        home.server.inject("garbage", f"*/{name}", times=None, body=body)
    await home.live(65 if status else 30)
    for name, value in shown(home).items():
        assert value in {before[name], "unavailable", "unknown", None}, name
    home.server.clear_faults()
    await home.live(65 if status else LOOKED_AT_AGAIN)
    assert shown(home) == before
    assert not alarming(caplog.records, "Error requesting")
