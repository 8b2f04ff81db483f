"""Whatever a heat pump says: an error of ours, and no value that it does not have."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any, get_type_hints

import aiohttp
from hypothesis import given, strategies as st
import pytest
from pytest_homeassistant_custom_component.common import async_capture_events
from yarl import URL

from custom_components.nibe_rest.api import NibeClient
from custom_components.nibe_rest.const import EVENT_ALARM
from custom_components.nibe_rest.errors import NibeError
from custom_components.nibe_rest.models import AidMode
from custom_components.nibe_rest.parsing import (
    MalformedError,
    PointParser,
    parse_alarms,
    parse_devices,
    parse_write,
)
from custom_components.nibe_rest.tls import pinned_session
from simulators.nibe_rest import NibeSimulator, ids
from tests.fuzzing import (
    ODD_BYTES,
    Answers,
    alarming,
    assert_kept,
    decoded,
    fuzz,
    impossible,
    lies,
    mutated,
    nonsense,
    overheard,
    written,
)
from tests.lying import Liar, Said, lying, said

from .common import House

type Call = Callable[[NibeClient], Awaitable[object]]

POINT = ids.HEATING_OFFSET
SOME = 40  # of a thousand points
SELDOM = 600  # seconds between polls, each of which reads alarms and modes, too
STANDING = (183, "Low pressure")

PARSERS: dict[str, tuple[str, Callable[[Any], object], Any]] = {
    "devices": ("devices", parse_devices, get_type_hints(parse_devices)["return"]),
    "alarms": ("notifications", parse_alarms, get_type_hints(parse_alarms)["return"]),
    "points": (
        "points",
        lambda raw: PointParser().parse(raw),
        get_type_hints(PointParser.parse)["return"],
    ),
    "point": (
        str(POINT),
        lambda raw: PointParser().parse_one(POINT, raw),
        get_type_hints(PointParser.parse_one)["return"],
    ),
    "write": (
        "write",
        lambda raw: parse_write(POINT, raw),
        get_type_hints(parse_write)["return"],
    ),
}
CALLS: dict[str, tuple[str, Call]] = {
    "devices": ("devices", lambda client: client.devices()),
    "points": ("points", lambda client: client.points()),
    "point": (str(POINT), lambda client: client.point(POINT)),
    "write": ("write", lambda client: client.write(POINT, 3)),
    "set_mode": ("devices", lambda client: client.set_mode(AidMode.ON)),
    "alarms": ("notifications", lambda client: client.alarms()),
    "reset_alarms": ("notifications", lambda client: client.reset_alarms()),
}


@pytest.fixture
async def session() -> AsyncGenerator[aiohttp.ClientSession]:
    """Return a session of a program that is not particular about certificates."""
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def liar() -> AsyncGenerator[Liar]:
    """Return a server that answers what it is told."""
    async with lying() as liar:
        yield liar


@pytest.fixture
async def answers(pump: NibeSimulator) -> Answers:
    """Return what a heat pump answers, by the last part of the path; of its points some."""
    heard = overheard(pump)
    session = pinned_session(pump.fingerprint, {})
    client = NibeClient(session, pump.host, pump.port, pump.username, pump.password, pump.serial)
    pump.add_alarm(*STANDING)
    await client.alarms()
    pump.clear_alarms()
    await client.devices()
    await client.points()
    await client.point(POINT)
    await session.close()
    found = Answers({path.rpartition("/")[2]: answers for path, answers in heard.items()})
    points: dict[str, Any] = found["points"][0]
    chosen = [str(POINT), *list(points)[:: len(points) // SOME]]
    found["all points"] = [points]
    found["points"] = [{key: points[key] for key in chosen}]
    found["write"] = [{str(POINT): "modified"}, {str(POINT): found[str(POINT)][0]}]
    return found


def client_of(session: aiohttp.ClientSession, liar: Liar) -> NibeClient:
    """Return a client of a server that answers what it is told, and spares itself the TLS."""
    client = NibeClient(session, "127.0.0.1", liar.port, "user", "password", "06615012345678")
    client._transport._base = URL(f"http://127.0.0.1:{liar.port}/api/v1")
    return client


@pytest.mark.parametrize("name", PARSERS)
@fuzz(150)
@given(data=st.data())
def test_parsers(answers: Answers, name: str, data: st.DataObject) -> None:
    """Each parser makes of nonsense what its type says, or refuses it."""
    path, parse, hint = PARSERS[name]
    raw = decoded(data.draw(mutated(answers[path]) | nonsense))
    try:
        found = parse(raw)
    except MalformedError:
        return
    assert_kept(found, hint)


@fuzz(150)
@given(data=st.data())
def test_nonsense_is_forgotten(answers: Answers, data: st.DataObject) -> None:
    """Points are as ever after an answer that described them wrongly."""
    parser = PointParser()
    raw = decoded(data.draw(mutated(answers["points"], impossible)))
    try:
        parser.parse(raw)
    except MalformedError:
        return
    genuine = answers["points"][0]
    assert parser.parse(genuine) == PointParser().parse(genuine)


@fuzz(80)
@given(data=st.data())
async def test_client(
    session: aiohttp.ClientSession, liar: Liar, answers: Answers, data: st.DataObject
) -> None:
    """Whatever a server answers, the client says so in errors of its own, and goes on."""
    name = data.draw(st.sampled_from(sorted(CALLS)))
    path, call = CALLS[name]
    liar.answers = data.draw(st.lists(said(answers[path]), min_size=1, max_size=3))
    client = client_of(session, liar)
    try:
        found = await call(client)
    except NibeError:
        pass
    else:
        assert_kept(found, get_type_hints(getattr(NibeClient, name))["return"])
    liar.answers = [Said(written(answers["points"][0]))]
    assert await client.points() == PointParser().parse(answers["points"][0])


# Through Home Assistant


def shown(house: House) -> dict[str, str]:
    """Return all states but those that count what happens."""
    return {
        state.entity_id: state.state
        for state in house.hass.states.async_all()
        if not state.entity_id.endswith("_requests_last_hour")
    }


@fuzz(10)
@given(data=st.data())
async def test_polls(
    house: House, caplog: pytest.LogCaptureFixture, answers: Answers, data: st.DataObject
) -> None:
    """A poll that answers nonsense shows nothing that the heat pump does not have."""
    before = shown(house)
    caplog.clear()
    answer = data.draw(
        mutated(answers["points"], impossible)
        .map(lambda it: {**answers["all points"][0], **it} if isinstance(it, dict) else it)
        .map(written)
        | st.sampled_from(ODD_BYTES)
    )
    path = f"/api/v1/devices/{house.serial}/points"
    house.pump.inject("garbage", path, body=answer.decode(errors="replace"))
    await house.poll()
    for entity_id, state in shown(house).items():
        assert state in {before[entity_id], "unavailable", "unknown"}, entity_id
    await house.poll()
    assert shown(house) == before
    assert not alarming(caplog.records, "Error fetching")


def says_all_is_well(answer: Any) -> bool:
    """Return whether an answer says, as a heat pump does, that no alarm stands."""
    return isinstance(answer, dict) and answer.get("alarms", "?") in (None, [])


@pytest.fixture
async def seldom(start: Callable[..., Awaitable[House]]) -> House:
    """Return a house of which each poll reads everything."""
    return await start(poll_interval=SELDOM)


@pytest.mark.parametrize("path", ["notifications", "devices"])
@fuzz(15)
@given(data=st.data())
async def test_polls_of_alarms(
    seldom: House,
    caplog: pytest.LogCaptureFixture,
    answers: Answers,
    path: str,
    data: st.DataObject,
) -> None:
    """Alarms and modes that make no sense show nothing else, tell of nothing, and hold up nothing."""
    house = seldom
    house.pump.add_alarm(*STANDING)
    await house.fire(SELDOM + 1)
    before, told = shown(house), async_capture_events(house.hass, EVENT_ALARM)
    assert before[house.entity_id("binary_sensor", "alarms")] == "on"
    caplog.clear()
    body = data.draw(lies(answers[path], lambda it: not says_all_is_well(it)))
    house.pump.inject("garbage", f"*/{path}", times=None, body=body.decode(errors="replace"))
    for _ in range(2):
        await house.fire(SELDOM + 1)
        after = shown(house)
        assert after.keys() == before.keys()
        for entity_id, state in after.items():
            assert state in {before[entity_id], "unavailable", "unknown"}, entity_id
            assert not entity_id.startswith("sensor.") or state == before[entity_id]
    house.pump.clear_faults()
    await house.fire(SELDOM + 1)
    assert shown(house) == before
    assert not told
    assert not alarming(caplog.records)
    house.pump.clear_alarms()


# What was found


def test_number_of_a_point_that_is_none(answers: Answers) -> None:
    """A number with thousands of digits, and one of a point written otherwise, are no points."""
    point = answers[str(POINT)][0]
    odd = ("9" * 5000, f"0{POINT}", "".join(chr(ord(it) + 0xFF10 - 48) for it in str(POINT)), "-1")
    assert PointParser().parse(dict.fromkeys(odd, point)).points == {}


@pytest.mark.parametrize(("key", "wrong"), [("divisor", 10.0), ("divisor", None), ("decimal", "1")])
def test_point_described_wrongly(answers: Answers, key: str, wrong: object) -> None:
    """A point keeps its scale when one answer describes it wrongly, and gets it with the next."""
    points = answers["all points"][0]
    name = next(it for it, point in points.items() if point["metadata"]["divisor"] == 10)
    described = points[name]["metadata"]
    odd = {name: {**points[name], "metadata": {**described, key: wrong}}}
    genuine = PointParser().parse({name: points[name]})
    parser = PointParser()
    parser.parse(odd)
    assert parser.parse({name: points[name]}) == genuine
    del odd[name]["metadata"][key]
    assert parser.parse(odd) == genuine
    odd[name]["metadata"][key] = wrong
    assert parser.parse(odd) == genuine


async def test_modes_that_are_none(seldom: House, answers: Answers) -> None:
    """Modes that make no sense are not known: they are not off."""
    devices = [{**it, "aidMode": [], "smartMode": 7} for it in answers["devices"][0]["devices"]]
    seldom.pump.inject("garbage", "*/devices", body=written({"devices": devices}).decode())
    await seldom.fire(SELDOM + 1)
    modes = ("switch", "aid_mode"), ("select", "smart_mode")
    assert [seldom.state(*it).state for it in modes] == ["unknown", "unknown"]


def test_point_in_place_of_another(answers: Answers) -> None:
    """A point that stands where another one belongs is left out, and forgotten."""
    points = answers["points"][0]
    odd = {str(POINT): next(it for key, it in points.items() if key != str(POINT))}
    parser = PointParser()
    genuine = parser.parse(points)
    assert parser.parse(odd).points == {}
    assert parser.parse(points) == genuine


def test_alarm_at_the_end_of_all_times(answers: Answers) -> None:
    """An alarm of a time that is none has no time."""
    alarm = {**answers["notifications"][0]["alarms"][0], "time": "0001-01-01T00:00:00+14:00"}
    assert [it.time for it in parse_alarms({"alarms": [alarm]})] == [None]
