"""Tests of what becomes of writes to a pump."""

from typing import Any

import pytest

from simulators.clock import ManualClock
from simulators.nibe_rest import (
    FULL,
    IGNORED,
    MODIFIED,
    NO_SUCH_PARAM,
    OLD,
    OLD_IGNORED,
    READ_ONLY,
    Behaviour,
    NibeSimulator,
    OutOfRange,
    ids,
)

from .nibe_owner import DEVICE, Owner

OFFSET, CURVE = ids.HEATING_OFFSET, ids.HEATING_CURVE
GOOD: dict[str, Any] = {"type": "datavalue", "variableId": OFFSET, "integerValue": 3}


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"stringValue": None},
        {"stringValue": ""},
        {"isOk": True, "stringValue": ""},
    ],
)
async def test_forms(owner: Owner, clock: ManualClock, more: dict[str, Any]) -> None:
    """All forms that public clients send are taken."""
    assert await owner.write(OFFSET, -3, **more) == "modified"
    assert await owner.value(OFFSET) == 0
    await clock.advance(2)
    assert await owner.value(OFFSET) == -3
    assert owner.pump.stats.asked == owner.pump.stats.writes == [(OFFSET, -3)]


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        [1],
        GOOD,
        [{**GOOD, "type": "metadata"}],
        [{**GOOD, "integerValue": 3.0}],
        [{**GOOD, "integerValue": True}],
        [{**GOOD, "integerValue": "3"}],
        [{**GOOD, "stringValue": 3}],
        [{"type": "datavalue", "integerValue": 3}],
        [GOOD, {"type": "datavalue", "variableId": CURVE}],
    ],
)
async def test_bad_bodies(owner: Owner, clock: ManualClock, body: Any) -> None:
    """A bad body is refused as a whole."""
    status, answer = await owner.patch(body)
    assert (status, list(answer)) == (400, ["error"])
    await clock.advance(60)
    assert owner.pump.stats.writes == []


async def test_no_json(owner: Owner) -> None:
    """A body that is no JSON is refused."""
    status, _ = await owner.ask("PATCH", f"{DEVICE}/points", data=b"[{")
    assert status == 400


async def test_several_at_once(owner: Owner, clock: ManualClock) -> None:
    """Every point of a list gets an answer of its own."""
    owner.pump.write_delay = 0
    body = [
        {"type": "datavalue", "variableId": number, "integerValue": 5}
        for number in (CURVE, 4, 56999, ids.PERMIT_HEATING)
    ]
    status, answer = await owner.patch(body)
    assert status == 200
    assert answer == {
        str(CURVE): "modified",
        "4": "error: read only value",
        "56999": "error: no such param",
        str(ids.PERMIT_HEATING): "error: no such param",
    }
    assert owner.pump.stats.writes == [(CURVE, 5)]
    assert len(owner.pump.stats.asked) == 4


@pytest.mark.parametrize("number", [ids.RESET_ALARM, ids.BLOCK_COMPRESSOR, 4064, 26703])
async def test_locked_settings(owner: Owner, number: int) -> None:
    """Some holding registers cannot be written."""
    assert await owner.write(number, 1) == "error: read only value"


@pytest.mark.parametrize("number", [ids.PERIODIC_START_TIME, ids.COMMISSIONING_DATE, 12402])
async def test_times(owner: Owner, clock: ManualClock, number: int) -> None:
    """A time refuses even its own value, and takes the whole request with it."""
    body = [GOOD, {**GOOD, "variableId": number, "integerValue": await owner.value(number)}]
    assert (await owner.patch(body))[0] == 400
    await clock.advance(60)
    assert owner.pump.stats.writes == []


@pytest.mark.parametrize(("style", "shown"), [("modified", None), ("full", -3), ("old", 0)])
async def test_styles(owner: Owner, clock: ManualClock, style: str, shown: int | None) -> None:
    """Firmware answers with a word, with the whole new point, or with the whole old one."""
    owner.pump.write_style = style
    answer = await owner.write(OFFSET, -3)
    if shown is None:
        assert answer == "modified"
    else:
        assert answer["value"]["integerValue"] == shown
        assert answer["value"]["isOk"] is True
        assert answer["metadata"]["variableId"] == OFFSET
    await clock.advance(2)
    assert await owner.value(OFFSET) == -3


@pytest.mark.parametrize(
    ("behaviour", "said", "value"),
    [
        (MODIFIED, "modified", -3),
        (FULL, -3, -3),
        (OLD, 0, -3),
        (OLD_IGNORED, 0, 0),
        (IGNORED, "modified", 0),
        (NO_SUCH_PARAM, "error: no such param", 0),
        (READ_ONLY, "error: read only value", 0),
        (Behaviour(becomes=-1), "modified", -1),
        (Behaviour(FULL.answer, becomes=-1), -1, -1),
        (Behaviour(FULL.answer, applies=False), 0, 0),
    ],
)
async def test_behaviours(
    owner: Owner, clock: ManualClock, behaviour: Behaviour, said: str | int, value: int
) -> None:
    """A single point can answer and act in its own way."""
    owner.pump.behaviour[OFFSET] = behaviour
    answer = await owner.write(OFFSET, -3)
    if isinstance(said, str):
        assert answer == said
    else:
        assert answer["value"]["integerValue"] == said
    await clock.advance(5)
    assert await owner.value(OFFSET) == value
    assert owner.pump.stats.writes == ([] if value == 0 else [(OFFSET, value)])


@pytest.mark.parametrize("delay", [0.0, 2.0, 6.0, 13.0])
async def test_delays(owner: Owner, clock: ManualClock, delay: float) -> None:
    """The effect may take its time."""
    owner.pump.behaviour[OFFSET] = Behaviour(delay=delay)
    await owner.write(OFFSET, 4)
    if delay:
        await clock.advance(delay - 0.1)
        assert await owner.value(OFFSET) == 0
        assert owner.pump.stats.writes == []
        await clock.advance(0.1)
    assert await owner.value(OFFSET) == 4


async def test_refused_and_misspelt(owner: Owner) -> None:
    """A point can refuse the request, or answer with a key that does not exist."""
    owner.pump.behaviour[OFFSET] = Behaviour(status=400)
    assert (await owner.patch([GOOD]))[0] == 400
    owner.pump.behaviour[OFFSET] = Behaviour(OLD.answer, misspelt=True)
    answer = await owner.write(OFFSET, 1)
    assert "isOk" not in answer["value"]
    assert answer["value"]["isOkz"] is True


async def test_unknown_key(owner: Owner, clock: ManualClock) -> None:
    """The published case: a wrong key, status 200, the old point, no effect."""
    number = ids.MAX_ADDITIONAL_HEAT
    answer = await owner.write(number, 100, isOkz=True, stringValue="")
    assert answer["value"] == {
        "type": "datavalue",
        "isOk": True,
        "variableId": number,
        "integerValue": 700,
        "stringValue": "",
    }
    await clock.advance(60)
    assert await owner.value(number) == 700


async def test_read_only_mode(owner: Owner, clock: ManualClock) -> None:
    """The switch in the menu lets everything be answered and nothing be done."""
    owner.pump.read_only = True
    assert await owner.write(OFFSET, 4) == "modified"
    owner.pump.write_style = "full"
    assert (await owner.write(OFFSET, 4))["value"]["integerValue"] == 0
    assert (await owner.ask("POST", f"{DEVICE}/aidmode", {"aidMode": "on"}))[0] == 200
    await clock.advance(60)
    assert await owner.value(OFFSET) == 0
    assert (await owner.get(DEVICE))["aidMode"] == "off"
    assert owner.pump.stats.writes == []
    assert len(owner.pump.stats.asked) == 2


@pytest.mark.parametrize(
    ("policy", "asked", "value"),
    [
        (OutOfRange.CLAMP, 99, 15),
        (OutOfRange.IGNORE, 99, 9),
        (OutOfRange.ACCEPT, 99, 99),
        (OutOfRange.ACCEPT, 900, 127),
        (OutOfRange.IGNORE, 15, 15),
        (OutOfRange.CLAMP, -5, 0),
    ],
)
async def test_out_of_range(owner: Owner, policy: OutOfRange, asked: int, value: int) -> None:
    """What lies beyond the limits is cut, ignored, or taken as far as it fits."""
    owner.pump.out_of_range = policy
    owner.pump.write_delay = 0
    assert await owner.write(CURVE, asked) == "modified"
    assert await owner.value(CURVE) == value


async def test_no_limits_are_not_limits_of_nothing(owner: Owner) -> None:
    """0 and 0 declare no limits."""
    owner.pump.write_delay = 0
    await owner.write(ids.PRICE_FIRST_HOUR, -310)
    assert await owner.value(ids.PRICE_FIRST_HOUR) == -310


async def test_more_hot_water(owner: Owner, clock: ManualClock) -> None:
    """It starts soon, counts down, ends by itself, and takes long to be ended."""
    for _ in range(2):
        await owner.write(ids.MORE_HOT_WATER, 2)
        await clock.advance(2)
        assert await owner.value(ids.MORE_HOT_WATER) == 2
        await clock.advance(600)
        assert 160 < await owner.value(ids.MORE_HOT_WATER_MINUTES) < 180
        await owner.write(ids.MORE_HOT_WATER, 0)
        await clock.advance(6)
        assert await owner.value(ids.MORE_HOT_WATER) == 2
        await clock.advance(7)
        assert await owner.value(ids.MORE_HOT_WATER) == 0
    await owner.write(ids.MORE_HOT_WATER, 2)
    await clock.advance(3 * 3600 + 30)
    assert await owner.value(ids.MORE_HOT_WATER) == 0
    assert await owner.value(ids.MORE_HOT_WATER_MINUTES) == 0


async def test_degree_minutes_run_away(owner: Owner, clock: ManualClock) -> None:
    """The firmware writes over what is written to a counter."""
    owner.pump.write_delay = 0
    owner.pump.set_outdoor(-5)
    await owner.write(ids.DEGREE_MINUTES, -3000)
    await clock.advance(1200)
    assert await owner.value(ids.DEGREE_MINUTES) != -3000


@pytest.mark.parametrize(
    ("profile", "style"), [("s1255", "modified"), ("smo-s40", "old"), ("vvm-s320", "full")]
)
def test_styles_of_models(clock: ManualClock, profile: str, style: str) -> None:
    """Every model answers in its own way by default."""
    assert NibeSimulator(profile=profile, clock=clock).write_style == style
