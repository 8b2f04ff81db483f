"""The client alone: odd answers, and one request at a time, each sent once."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
import json
from unittest.mock import patch

import aiohttp
import pytest

from custom_components.nibe_rest import transport
from custom_components.nibe_rest.api import NibeClient
from custom_components.nibe_rest.errors import (
    NibeAuthError,
    NibeConnectionError,
    NibeError,
    NibeNoSuchPointError,
    NibeNotConfirmedError,
    NibeNotSupportedError,
    NibeRefusedError,
    NibeResponseError,
    NibeStatusError,
    NibeUncertainError,
)
from custom_components.nibe_rest.models import AidMode, SmartMode, WriteAnswer
from custom_components.nibe_rest.tls import pinned_session
from custom_components.nibe_rest.transport import RequestLine
from simulators.nibe_rest import MODIFIED, Behaviour, NibeSimulator, ids

OFFSET = ids.HEATING_OFFSET

type Call = Callable[[NibeClient], Awaitable[object]]

READS: dict[str, Call] = {
    "devices": lambda client: client.devices(),
    "points": lambda client: client.points(),
    "point": lambda client: client.point(OFFSET),
    "alarms": lambda client: client.alarms(),
}
ACTS: dict[str, Call] = {
    "PATCH": lambda client: client.write(OFFSET, 3),
    "DELETE": lambda client: client.reset_alarms(),
    "POST": lambda client: client.set_mode(AidMode.ON),
}


@pytest.fixture
async def session(pump: NibeSimulator) -> AsyncGenerator[aiohttp.ClientSession]:
    """Return a session that is pinned to the heat pump."""
    session = pinned_session(pump.fingerprint, {})
    yield session
    await session.close()


@pytest.fixture
def make(session: aiohttp.ClientSession, pump: NibeSimulator) -> Callable[..., NibeClient]:
    """Return a maker of clients."""

    def client(language: str = "en") -> NibeClient:
        return NibeClient(
            session,
            pump.host,
            pump.port,
            pump.username,
            pump.password,
            pump.serial,
            language,
        )

    return client


@pytest.fixture
def client(make: Callable[..., NibeClient]) -> NibeClient:
    """Return a client."""
    return make()


@pytest.mark.parametrize("wrapped", [True, False])
@pytest.mark.parametrize("key", ["value", "datavalue"])
async def test_both_forms(client: NibeClient, pump: NibeSimulator, key: str, wrapped: bool) -> None:
    """Values stand under either key, and a single point comes bare or wrapped."""
    pump.value_key, pump.single_wrapped = key, wrapped
    pump.set_value(ids.OUTDOOR, -125)
    listed = await client.points()
    assert listed.values[ids.OUTDOOR] == -125
    point, raw = await client.point(ids.OUTDOOR)
    assert (point, raw) == (listed.points[ids.OUTDOOR], -125)
    pump.behaviour[OFFSET] = Behaviour(answer=None)
    pump.write_style = "full"
    assert await client.write(OFFSET, 3) == 3


@pytest.mark.parametrize("null", [True, False])
async def test_no_alarms(client: NibeClient, pump: NibeSimulator, null: bool) -> None:
    """No alarms are none, however that is said."""
    pump.alarms_null = null
    assert await client.alarms() == []


@pytest.mark.parametrize(
    ("time", "expected"),
    [
        ("2026-02-01 12:00:00", datetime(2026, 2, 1, 12, tzinfo=UTC)),
        ("2026-02-01T12:00:00+01:00", datetime(2026, 2, 1, 11, tzinfo=UTC)),
        ("yesterday", None),
        ("", None),
        (5, None),
        (None, None),
    ],
)
async def test_time_of_an_alarm(
    client: NibeClient, pump: NibeSimulator, time: object, expected: datetime | None
) -> None:
    """Times are in UTC; one that is none does not hide the alarm."""
    body = {"alarms": [{"alarmId": 183, "time": time}]}
    pump.inject("garbage", body=json.dumps(body))
    (alarm,) = await client.alarms()
    assert (alarm.alarm_id, alarm.time) == (183, expected)


@pytest.mark.parametrize("odd", [None, 5, "text", {}, {"alarmId": "183"}, {"alarmId": -1}])
async def test_odd_alarm(client: NibeClient, pump: NibeSimulator, odd: object) -> None:
    """A list with something odd in it is not believed: an alarm that stands would seem to be over."""
    pump.inject("garbage", body=json.dumps({"alarms": [{"alarmId": 183}, odd]}))
    with pytest.raises(NibeResponseError):
        await client.alarms()


@pytest.mark.parametrize(
    "body", ["[]", "{}", "5", "null", '"text"', "", "{", "[5]", '{"alarms": 5}']
)
@pytest.mark.parametrize("call", [*READS, "PATCH"])
async def test_nonsense(client: NibeClient, pump: NibeSimulator, call: str, body: str) -> None:
    """Whatever comes, it is an error of ours or an empty answer."""
    pump.inject("garbage", body=body, times=None)
    try:
        answer = await (READS | ACTS)[call](client)
    except NibeResponseError:
        return
    assert body.startswith("{")
    assert not answer or not (await client.points()).points


@pytest.mark.parametrize(
    "body",
    [
        {"devices": 5},
        {"devices": [5]},
        {"devices": [{"product": 5}]},
        {"devices": [{"product": {"serialNumber": 5}}]},
        {"devices": [{"product": {"serialNumber": "1"}}, {"product": {"serialNumber": " "}}]},
        {"devices": [{"aidMode": [], "product": {"serialNumber": "1"}}]},
        {"devices": [{"smartMode": {}, "product": {"serialNumber": "1"}}]},
        {"devices": [{"deviceIndex": "x", "aidMode": "odd", "product": {"serialNumber": "1"}}]},
    ],
)
async def test_odd_devices(client: NibeClient, pump: NibeSimulator, body: object) -> None:
    """Wrong types are an error of ours, or stand for nothing."""
    pump.inject("garbage", body=json.dumps(body))
    try:
        devices = await client.devices()
    except NibeResponseError:
        return
    assert all(device.aid_mode is None and device.smart_mode is None for device in devices)


@pytest.mark.parametrize(
    "body",
    [
        {"8": {"metadata": {}}},
        {str(OFFSET): 5},
        {str(OFFSET): {}},
        {str(OFFSET): {"metadata": 5}},
        {"metadata": 5},
        {str(OFFSET): "error: something else"},
    ],
)
@pytest.mark.parametrize("call", ["point", "PATCH"])
async def test_another_point(
    client: NibeClient, pump: NibeSimulator, call: str, body: object
) -> None:
    """An answer that is not about the point that was asked for is none."""
    pump.inject("garbage", body=json.dumps(body))
    with pytest.raises(NibeResponseError):
        await (READS | ACTS)[call](client)


async def test_points_are_built_once(client: NibeClient, pump: NibeSimulator) -> None:
    """What has not changed is the same object; what is described anew is built anew."""
    first = (await client.points()).points
    second = (await client.points()).points
    assert all(second[key] is point for key, point in first.items())
    pump.point(OFFSET).high += 1
    third = (await client.points()).points
    assert [key for key, point in third.items() if first.get(key) is not point] == [OFFSET]


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (401, NibeAuthError),
        (403, NibeAuthError),
        (400, NibeRefusedError),
        (404, NibeNoSuchPointError),
        (500, NibeStatusError),
    ],
)
async def test_status_of_a_write(
    client: NibeClient, pump: NibeSimulator, status: int, error: type[NibeError]
) -> None:
    """Each status of a write says something else."""
    pump.inject("status", method="PATCH", status=status)
    with pytest.raises(error):
        await client.write(OFFSET, 3)


async def test_modified_proves_nothing(client: NibeClient, pump: NibeSimulator) -> None:
    """The word is handed on."""
    pump.behaviour[OFFSET] = MODIFIED
    assert await client.write(OFFSET, 3) is WriteAnswer.MODIFIED


@pytest.mark.parametrize("status", [400, 200])
@pytest.mark.parametrize("keys", ["spec", "lowercase", "both"])
@pytest.mark.parametrize("mode", [AidMode.ON, SmartMode.AWAY])
async def test_modes(
    client: NibeClient, pump: NibeSimulator, mode: AidMode | SmartMode, keys: str, status: int
) -> None:
    """A mode is set whichever spelling the firmware knows, and proven by reading it."""
    pump.mode_keys, pump.unknown_mode_key_status = keys, status
    device = await client.set_mode(mode)
    assert mode in {device.aid_mode, device.smart_mode}
    assert len(pump.stats.modes) == 1
    pump.read_only = True
    with pytest.raises(NibeNotConfirmedError):
        await client.set_mode(AidMode.OFF if mode is AidMode.ON else SmartMode.NORMAL)


async def test_status_of_a_mode(client: NibeClient, pump: NibeSimulator) -> None:
    """Another failure is not taken for a wrong spelling."""
    pump.inject("status", method="POST", status=500, times=None)
    with pytest.raises(NibeStatusError):
        await client.set_mode(AidMode.ON)
    assert pump.stats.requests.total() == 1


@pytest.mark.parametrize(
    ("status", "error"),
    [(405, NibeNotSupportedError), (500, NibeNotSupportedError), (404, NibeStatusError)],
)
async def test_alarms_that_cannot_be_reset(
    client: NibeClient, pump: NibeSimulator, status: int, error: type[NibeError]
) -> None:
    """Some firmware does not reset alarms."""
    pump.delete_status = status
    with pytest.raises(error):
        await client.reset_alarms()


async def test_language(make: Callable[..., NibeClient], pump: NibeSimulator) -> None:
    """Titles come in the language of this Home Assistant."""
    english, german = [(await make(language).points()).points for language in ("en", "de")]
    assert english.keys() == german.keys()
    assert english[ids.OUTDOOR].title != german[ids.OUTDOOR].title


@pytest.mark.parametrize("call", READS)
@pytest.mark.parametrize("kind", ["drop", "drop_after", "truncate"])
async def test_reads_are_sent_once(
    client: NibeClient, pump: NibeSimulator, kind: str, call: str
) -> None:
    """A read whose connection breaks is not repeated by anybody."""
    pump.keep_alive = True
    await client.devices()
    pump.stats.reset()
    pump.inject(kind)
    with pytest.raises(NibeConnectionError):
        await READS[call](client)
    assert pump.stats.requests.total() == 1


@pytest.mark.parametrize("call", ACTS)
@pytest.mark.parametrize("kind", ["drop", "drop_after", "truncate"])
async def test_acts_are_sent_once(
    client: NibeClient, pump: NibeSimulator, kind: str, call: str
) -> None:
    """What acts is not repeated either, and nobody claims to know what came of it."""
    pump.keep_alive = True
    await client.devices()
    pump.stats.reset()
    pump.inject(kind, method=call)
    if (call, kind) == ("DELETE", "truncate"):
        pump.delete_status = 200
    with pytest.raises(NibeUncertainError):
        await ACTS[call](client)
    assert pump.stats.requests.total() == 1


@pytest.mark.parametrize("call", [*READS, *ACTS])
async def test_unreachable(client: NibeClient, pump: NibeSimulator, call: str) -> None:
    """What could not be sent is not uncertain."""
    await pump.refuse()
    with pytest.raises(NibeConnectionError):
        await (READS | ACTS)[call](client)


async def test_too_long(client: NibeClient, pump: NibeSimulator) -> None:
    """An answer beyond all measure is not kept."""
    pump.inject("huge", size=transport.MAX_ANSWER + 1)
    with pytest.raises(NibeResponseError, match="too long"):
        await client.points()


async def test_figures(client: NibeClient, pump: NibeSimulator) -> None:
    """Requests are counted for an hour, and only good answers are successes."""
    assert (client.requests_last_hour, client.last_success) == (0, None)
    pump.inject("status", status=500)
    with pytest.raises(NibeStatusError):
        await client.devices()
    assert (client.requests_last_hour, client.last_success) == (1, None)
    await client.devices()
    assert client.last_success
    assert datetime.now(UTC) - client.last_success < timedelta(minutes=1)
    assert client.requests_last_hour == 2
    loop = asyncio.get_running_loop()
    with patch.object(loop, "time", return_value=loop.time() + 3601):
        assert client.requests_last_hour == 0


async def test_one_at_a_time(make: Callable[..., NibeClient], pump: NibeSimulator) -> None:
    """However many clients ask one host, it never sees two requests at once."""
    clients = [make() for _ in range(4)]
    calls = [*READS.values(), *ACTS.values()]
    await asyncio.gather(*(call(client) for client in clients for call in calls))
    assert (pump.stats.max_in_flight, pump.stats.overlaps) == (1, 0)


async def test_giving_up_on_an_answer(client: NibeClient, pump: NibeSimulator) -> None:
    """Whoever gives up while the heat pump is silent does not block the others."""
    pump.inject("hang")
    silent = asyncio.ensure_future(client.devices())
    while not pump.stats.requests:  # noqa: ASYNC110  sockets have no event to wait for
        await asyncio.sleep(0)
    waiting = [asyncio.ensure_future(client.points()) for _ in range(3)]
    await asyncio.sleep(0)
    waiting[1].cancel()
    silent.cancel()
    results = await asyncio.gather(silent, *waiting, return_exceptions=True)
    given_up = [isinstance(result, asyncio.CancelledError) for result in results]
    assert given_up == [True, False, True, False]
    assert await client.devices()


async def _stand_in(line: RequestLine, name: str, order: list[str], go: asyncio.Event) -> None:
    async with line.turn(urgent=name.startswith("urgent")):
        order.append(name)
        await go.wait()


@pytest.mark.parametrize("gives_up", [None, "poll 1", "poll 2", "urgent 1", "urgent 2"])
@pytest.mark.parametrize("late", [True, False])
async def test_order(gives_up: str | None, late: bool) -> None:
    """Commands go before polls, and whoever gives up, even in its turn, leaves the line free."""
    line, go, order = RequestLine(), asyncio.Event(), list[str]()
    names = ["first", "poll 1", "urgent 1", "poll 2", "urgent 2"]
    tasks = {name: asyncio.ensure_future(_stand_in(line, name, order, go)) for name in names}
    await asyncio.sleep(0)
    assert order == ["first"]
    if late:
        go.set()
        await asyncio.wait([tasks["first"]])  # the next one has its turn, and does not know yet
    if gives_up:
        tasks[gives_up].cancel()
    go.set()
    await asyncio.gather(*tasks.values(), return_exceptions=True)
    expected = ["first", "urgent 1", "urgent 2", "poll 1", "poll 2"]
    assert order in (expected, [name for name in expected if name != gives_up])
    async with asyncio.timeout(5), line.turn(urgent=False):
        assert not line._waiting and not line._urgent


async def test_no_memory_of_every_request(make: Callable[..., NibeClient]) -> None:
    """What is counted for the last hour does not grow for ever."""
    client = make()
    loop = asyncio.get_running_loop()
    now = loop.time()
    for number in range(20):
        with patch.object(loop, "time", return_value=now + 1800 * number):
            await client.devices()
    assert len(client._transport._sent_at) <= 3
