"""Whatever a bridge, or anybody on the network, says: an error of ours, and no false state."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import suppress
import json
from typing import Any, get_type_hints

import aiohttp
from hypothesis import given, strategies as st
import pytest

from custom_components.nuki_bridge.api import NukiBridgeClient
from custom_components.nuki_bridge.discovery import discover
from custom_components.nuki_bridge.errors import NukiError
from custom_components.nuki_bridge.models import Action, AuthMode, DeviceType, NukiDevice
from custom_components.nuki_bridge.parsing import (
    MalformedError,
    parse_callback,
    parse_callbacks,
    parse_devices,
    parse_discovery,
    parse_info,
    parse_lock_state,
    parse_log,
)
from simulators.clock import ManualClock
from simulators.nuki_bridge import CELLAR, NukiBridgeSimulator
from tests.fuzzing import (
    Answers,
    alarming,
    assert_kept,
    bodies,
    decoded,
    fuzz,
    lies,
    mutated,
    nonsense,
    overheard,
    written,
)
from tests.lying import ENCODINGS, Liar, Said, lying, said

from .common import House
from .dialog import until

type Call = Callable[[NukiBridgeClient], Awaitable[object]]

LOCK = NukiDevice(nuki_id=CELLAR, device_type=DeviceType.SMART_LOCK)
CALLBACK = {"nukiId": CELLAR, "deviceType": 0, "mode": 2, "state": 3, "batteryCritical": False}
DISCOVERED = {"bridges": [{"bridgeId": 1, "ip": "192.0.2.3", "port": 8080}], "errorCode": 0}

PARSERS: dict[str, tuple[str, Callable[[Any], object]]] = {
    "callback": ("callback", parse_callback),
    "callbacks": ("/callback/list", parse_callbacks),
    "devices": ("/list", parse_devices),
    "discovery": ("discovery", parse_discovery),
    "info": ("/info", parse_info),
    "lock_state": ("/lockState", parse_lock_state),
    "log": ("/log", parse_log),
}
CALLS: dict[str, tuple[str, Call]] = {
    "info": ("/info", lambda client: client.info()),
    "devices": ("/list", lambda client: client.devices()),
    "lock_state": ("/lockState", lambda client: client.lock_state(LOCK)),
    "lock_action": ("/lockAction", lambda client: client.lock_action(LOCK, Action.LOCK)),
    "callbacks": ("/callback/list", lambda client: client.callbacks()),
    "remove_callback": ("/callback/list", lambda client: client.remove_callback("http://a/b")),
    "log": ("/log", lambda client: client.log()),
    "reboot": ("/reboot", lambda client: client.reboot()),
    "pair": ("/auth", lambda client: client.pair()),
}


@pytest.fixture
async def session() -> AsyncGenerator[aiohttp.ClientSession]:
    """Return a session like Home Assistant's."""
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def liar() -> AsyncGenerator[Liar]:
    """Return a server that answers what it is told."""
    async with lying() as liar:
        yield liar


@pytest.fixture
async def answers(
    bridge: NukiBridgeSimulator, session: aiohttp.ClientSession, clock: ManualClock
) -> Answers:
    """Return what a bridge answers, by path, and what it sends by itself."""
    found = overheard(bridge)
    bridge.ble_seconds = bridge.move_seconds = bridge.lock_state_seconds = 0
    client = NukiBridgeClient(
        session, bridge.host, bridge.port, bridge.token or "", gap=0, now=clock.now
    )
    await client.add_callback("http://127.0.0.1:9/callback")
    await client.info()
    await client.devices()
    await client.callbacks()
    await client.log()
    await client.lock_state(LOCK)
    await client.lock_action(LOCK, Action.LOCK)
    pairing = asyncio.ensure_future(client.pair())
    await until(lambda: bridge.led)
    bridge.press_button()
    await pairing
    found |= {"callback": [CALLBACK], "discovery": [DISCOVERED], "/reboot": [{}]}
    return found


@pytest.mark.parametrize("name", PARSERS)
@fuzz(150)
@given(data=st.data())
def test_parsers(answers: Answers, name: str, data: st.DataObject) -> None:
    """Each parser makes of nonsense what its type says, or refuses it."""
    path, parse = PARSERS[name]
    raw = decoded(data.draw(mutated(answers[path]) | nonsense))
    try:
        found = parse(raw)
    except MalformedError:
        return
    assert_kept(found, get_type_hints(parse)["return"])


@fuzz(90)
@given(data=st.data())
async def test_client(
    session: aiohttp.ClientSession,
    liar: Liar,
    answers: Answers,
    clock: ManualClock,
    data: st.DataObject,
) -> None:
    """Whatever a server answers, the client says so in errors of its own, and goes on."""
    name = data.draw(st.sampled_from(sorted(CALLS)))
    mode = data.draw(st.sampled_from((AuthMode.PLAIN, AuthMode.ENCRYPTED)))
    path, call = CALLS[name]
    liar.answers = data.draw(st.lists(said(answers[path]), min_size=1, max_size=3))
    client = NukiBridgeClient(
        session, "127.0.0.1", liar.port, "a1b2c3", mode, gap=0, retry_delays=(0,), now=clock.now
    )
    try:
        found = await call(client)
    except NukiError:
        pass
    else:
        assert_kept(found, get_type_hints(getattr(NukiBridgeClient, name))["return"])
    liar.answers = [Said(written(answers["/list"][0]))]
    assert await client.devices() == parse_devices(answers["/list"][0])[0]


@fuzz(40)
@given(data=st.data())
async def test_discovery(session: aiohttp.ClientSession, liar: Liar, data: st.DataObject) -> None:
    """The vendor's server may say what it likes, too."""
    liar.answers = [data.draw(said([DISCOVERED]))]
    try:
        found = await discover(session, f"http://127.0.0.1:{liar.port}/")
    except NukiError:
        return
    assert_kept(found, get_type_hints(discover)["return"])


# Through Home Assistant


def shown(house: House) -> dict[str, str]:
    """Return all states but those that count what happens."""
    return {
        state.entity_id: state.state
        for state in house.hass.states.async_all()
        if not state.entity_id.endswith(("_last_callback", "_requests_last_hour"))
    }


def is_callback(body: bytes, house: House) -> bool:
    """Return whether a body tells a state of a lock that is there, by the vendor's description."""
    try:
        found = json.loads(body)
    except ValueError, RecursionError:
        return False
    if not isinstance(found, dict) or found.get("nukiId") not in house.bridge.locks:
        return False
    state = found.get("state")
    return isinstance(state, int) and not isinstance(state, bool) and 0 <= state <= 255


@fuzz(20)
@given(data=st.data())
async def test_callbacks(
    house: House, caplog: pytest.LogCaptureFixture, data: st.DataObject
) -> None:
    """Nonsense from the bridge's own address changes nothing, and honest callbacks go on."""
    before = shown(house)
    caplog.clear()
    body = data.draw(bodies([CALLBACK]))
    headers = data.draw(
        st.just({}) | st.sampled_from(ENCODINGS).map(lambda it: {"Content-Encoding": it})
    )
    status = await house.post(body, headers=headers)
    assert status in {200, 400}
    if status == 400:
        assert shown(house) == before
    else:
        assert is_callback(body, house)
    # What the bridge itself says then is as it was.
    await house.fire(3)
    assert shown(house) == before
    assert await house.post(CALLBACK) == 200
    assert house.lock(CELLAR) == "unlocked"
    await house.fire(3)
    assert shown(house) == before
    assert not alarming(caplog.records)


@pytest.mark.parametrize(("path", "seconds"), [("/list", 61), ("/info", 601)])
@fuzz(10)
@given(data=st.data())
async def test_polls(
    house: House,
    caplog: pytest.LogCaptureFixture,
    answers: Answers,
    path: str,
    seconds: float,
    data: st.DataObject,
) -> None:
    """A poll that answers nonsense shows nothing that the bridge did not say."""
    before = shown(house)
    caplog.clear()
    answer = data.draw(lies(answers[path]))
    house.bridge.inject("garbage", path, times=None, body=answer.decode(errors="replace"))
    await house.fire(seconds)
    for entity_id, state in shown(house).items():
        assert state in {before[entity_id], "unavailable", "unknown"}, entity_id
    house.bridge.clear_faults()
    await house.fire(seconds)
    assert shown(house) == before
    assert not alarming(caplog.records, "Error fetching")


# What was found


@pytest.mark.parametrize(
    "text", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "9999-12-31T23:59:59"]
)
async def test_time_at_the_end_of_all_times(
    session: aiohttp.ClientSession, liar: Liar, answers: Answers, clock: ManualClock, text: str
) -> None:
    """A bridge whose clock is that wrong can be asked again."""
    client = NukiBridgeClient(
        session, "127.0.0.1", liar.port, "a1b2c3", AuthMode.PLAIN, gap=0, now=clock.now
    )
    liar.answers = [Said(written({**answers["/info"][0], "currentTime": text}))]
    with suppress(NukiError):
        await client.info()
    await clock.advance(60)
    assert client.bridge_time
    liar.answers = [Said(written(answers["/list"][0]))]
    assert await client.devices()


async def test_unknown_state_is_no_change(house: House, answers: Answers) -> None:
    """Answers without a lock's state do not make callbacks seem lost when it is there again."""
    devices = [{**it, "lastKnownState": None} for it in answers["/list"][0]]
    for _ in range(3):
        house.bridge.inject("garbage", "/list", body=json.dumps(devices))
        await house.poll()
        await house.poll()
    assert house.state("binary_sensor", "1C7F52D8", "callbacks").state == "on"
