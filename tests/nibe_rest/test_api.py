"""The client alone: odd answers, and one request at a time, each sent once."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
import json
from typing import Any
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
async def test_both_forms(
    client: NibeClient, pump: NibeSimulator, key: str, wrapped: bool
) -> None:
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
    body = {"alarms": [{"alarmId": 183, "time": time}, None, 5]}
    pump.inject("garbage", body=json.dumps(body))
    (alarm,) = await client.alarms()
    assert (alarm.alarm_id, alarm.time) == (183, expected)


@pytest.mark.parametrize("body", ["[]", "{}", "5", "null", '"text"', "", "{", "[5]", "[[]]"])
@pytest.mark.parametrize("call", [*READS, "PATCH"])
async def test_nonsense(client: NibeClient, pump: NibeSimulator, call: str, body: str) -> None:
    """Whatever comes, it is an error of ours or an empty answer."""
    pump.inject("garbage", body=body, times=None)
    try:
        answer = await (READS | ACTS)[call](client)
    except NibeResponseError:
        return
    assert body == "{}"
    assert not answer or not (await client.points()).points


@pytest.mark.parametrize(
    "body",
    [
        {"devices": 5},
        {"devices": [5]},
        {"devices": [{"product": 5}]},
        {"devices": [{"product": {"serialNumber": 5}}]},
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


GOOD: dict[str, Any] = {"metadata": {"variableType": "integer"}, "value": {"integerValue": 7}}


@pytest.mark.parametrize(
    "item",
    [
        None,
        5,
        [],
        {},
        {"metadata": None},
        {"metadata": []},
        {"title": "Without metadata", "value": {"integerValue": 7}},
    ],
)
async def test_points_that_are_none(client: NibeClient, pump: NibeSimulator, item: object) -> None:
    """What does not describe itself is left out, and takes nothing with it."""
    pump.inject("garbage", body=json.dumps({"7": item, "x": GOOD, "-1": GOOD, "8": GOOD}))
    listed = await client.points()
    assert listed.points.keys() == {8}
    assert listed.values == {8: 7}


@pytest.mark.parametrize(
    "meta",
    [
        {},
        {key: [] for key in ("variableType", "variableSize", "unit", "modbusRegisterType")},
        {key: "many" for key in ("divisor", "decimal", "minValue", "maxValue", "isWritable")},
        {key: None for key in ("divisor", "decimal", "minValue", "modbusRegisterID")},
        {"divisor": 0, "decimal": True, "minValue": 1.5, "isWritable": 1},
    ],
)
async def test_odd_metadata(
    client: NibeClient, pump: NibeSimulator, meta: dict[str, object]
) -> None:
    """Wrong types mean nothing, and never that a point may be written."""
    for title in ("Odd", 5, None):
        body = {"8": {"title": title, "metadata": meta, "value": {"integerValue": 7}}}
        pump.inject("garbage", body=json.dumps(body), times=2)
        for _ in range(2):
            listed = await client.points()
            point = listed.points[8]
            assert (point.divisor, point.writable, listed.values[8]) == (1, False, 7)
            assert point.scaled(7) == 7


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"integerValue": 7}, 7),
        ({"integerValue": 7, "isOk": True}, 7),
        ({"integerValue": 7, "isOk": False}, None),
        ({"integerValue": 7, "isOkz": True}, 7),
        ({"integerValue": "7"}, None),
        ({"integerValue": 7.5}, None),
        ({"integerValue": True}, None),
        ({"integerValue": None}, None),
        ({}, None),
        ([], None),
        (7, None),
        (None, None),
    ],
)
async def test_odd_values(
    client: NibeClient, pump: NibeSimulator, value: object, expected: int | None
) -> None:
    """A value that is none leaves the point there, without one."""
    body = {"8": {"metadata": {"variableType": "integer"}, "value": value}}
    pump.inject("garbage", body=json.dumps(body))
    listed = await client.points()
    assert listed.values == {8: expected}


@pytest.mark.parametrize(("text", "expected"), [("abc", "abc"), ("", None), (5, None)])
async def test_texts(
    client: NibeClient, pump: NibeSimulator, text: object, expected: str | None
) -> None:
    """Points may hold texts."""
    body = {"8": {"metadata": {"variableType": "string"}, "value": {"stringValue": text}}}
    pump.inject("garbage", body=json.dumps(body))
    assert (await client.points()).values == {8: expected}


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
