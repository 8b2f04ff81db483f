"""Tests of service time, rate limit, tricks and faults of a Thinknx server."""

import asyncio
from collections.abc import AsyncGenerator
from email.utils import parsedate_to_datetime
import json
import math
from typing import Any
import zlib

from aiohttp import ClientError, ClientResponseError, ClientSession, ServerDisconnectedError
import pytest

from simulators.clock import ManualClock
from simulators.thinknx import RetryAfter, ThinknxSimulator, TrickKind

from .helpers import slept, until
from .thinknx_owner import STATUS, Owner, serving


@pytest.fixture
async def house(clock: ManualClock) -> AsyncGenerator[ThinknxSimulator]:
    """Return a quiet house."""
    async with serving(clock) as simulator:
        yield simulator


@pytest.fixture
def owner(house: ThinknxSimulator, session: ClientSession) -> Owner:
    """Return its owner."""
    return Owner(house, session)


@pytest.fixture
def lamp(house: ThinknxSimulator) -> str:
    """Return a light that is on."""
    guid = house.guids("light")[0]
    house.set_light(guid, on=True)
    return guid


async def test_service_time(clock: ManualClock, session: ClientSession) -> None:
    """Every request takes 30 ms, side by side; what is read then counts."""
    async with ThinknxSimulator(clock=clock, alive=False) as house:
        owner, lamp = Owner(house, session), house.guids("light")[0]
        house.set_light(lamp, on=False)
        reads = [owner.later("powerstatus", lamp) for _ in range(5)]
        await slept(clock, 5)
        await clock.advance(0.029)
        assert not any(read.done() for read in reads)
        house.set_light(lamp, on=True)
        await clock.advance(0.001)
        assert [(await read)[1]["status"] for read in reads] == [1] * 5
        assert house.stats.max_in_flight == 5


async def test_keep_alive(owner: Owner) -> None:
    """Connections are kept, or closed after each answer."""
    for kept in (True, False):
        owner.house.keep_alive = kept
        owner.house.stats.reset()
        for _ in range(3):
            await owner.send(STATUS)
        ports = {record.peer_port for record in owner.house.stats.history[1:]}
        assert len(ports) == (1 if kept else 2)


async def test_rate_limit(owner: Owner, lamp: str, clock: ManualClock) -> None:
    """A token bucket: a burst, then so many a second; who is refused changes nothing."""
    house = owner.house
    house.rate_limit, house.rate_burst = 2.0, 5
    statuses = [(await owner.text(STATUS))[0] for _ in range(7)]
    assert statuses == [200] * 5 + [429] * 2
    assert (await owner.text(f"/api/V1/power?guid={lamp}&cmd=0"))[0] == 429
    await clock.advance(0.5)
    assert [(await owner.text(STATUS))[0] for _ in range(2)] == [200, 429]
    await clock.advance(100)
    assert [(await owner.text(STATUS))[0] for _ in range(6)] == [200] * 5 + [429]
    assert house.value(lamp, "power") == 1
    assert house.stats.rejected == 5
    assert house.stats.refused == {STATUS: 4, "/api/V1/power": 1}
    assert house.stats.commands == []
    house.rate_limit = 0
    assert (await owner.text(STATUS))[0] == 200


async def test_retry_after(owner: Owner, clock: ManualClock) -> None:
    """A refusal says nothing of when to come back, or seconds, or a date."""
    house = owner.house
    house.rate_limit, house.rate_burst = 0.1, 1
    await owner.send(STATUS)
    assert "Retry-After" not in (await owner.send(STATUS)).headers
    house.retry_after = RetryAfter.SECONDS
    assert (await owner.send(STATUS)).headers["Retry-After"] == "10"
    house.retry_after_seconds = 120
    assert (await owner.send(STATUS)).headers["Retry-After"] == "120"
    house.retry_after = RetryAfter.DATE
    moment = parsedate_to_datetime((await owner.send(STATUS)).headers["Retry-After"])
    assert (moment - clock.wall()).total_seconds() == pytest.approx(120, abs=1)


async def test_errors_of_choice(owner: Owner, lamp: str) -> None:
    """Any error can be answered to whoever is meant, so many times."""
    house = owner.house
    other = house.guids("light")[1]
    house.fail("impossible to execute", controller="powerstatus", guid=lamp, times=2)
    house.fail("Device Not Found ", status=400, controller="powerstatus", guid=other)
    assert [(await owner.ask("powerstatus", lamp))[0] for _ in range(3)] == [400, 400, 200]
    assert await owner.ask("powerstatus", other) == (400, {"error": "Device Not Found "})
    house.trick("status", status=429, retry_after="7")
    answer = await owner.send(STATUS)
    assert (answer.status, answer.headers["Retry-After"]) == (429, "7")
    for status in (403, 500):
        house.trick("status", status=status)
        assert (await owner.send(STATUS)).status == status
    house.trick("html", controller="powerstatus", times=None)
    answer = await owner.send(f"/api/V1/powerstatus?guid={other}")
    assert (answer.status, answer.content_type) == (200, "text/html")
    assert "password" in await answer.text()
    house.tricks.clear()
    assert await owner.read("powerstatus", lamp) == 1


async def test_refused_commands_do_nothing(owner: Owner, lamp: str) -> None:
    """What is answered by an error was not carried out; what is spoiled afterwards was."""
    house = owner.house
    house.fail("impossible to execute")
    await owner.ask("power", lamp, cmd=0)
    assert house.value(lamp, "power") == 1
    house.trick("empty")
    assert await owner.text(f"/api/V1/power?guid={lamp.replace('+', '%2B')}&cmd=0") == (200, "")
    assert house.value(lamp, "power") == 0


@pytest.mark.parametrize(
    "text",
    [
        *("1e400", "-1e400", '"NaN"', "[]", '{"a":1}', "null", "true", '"٣"', '"1_0"', "-5"),
        *("1" + "0" * 400, '"' + "9" * 400 + '"'),
    ],
)
async def test_strange_values(owner: Owner, lamp: str, text: str) -> None:
    """A status can be anything that fits into JSON."""
    owner.house.trick("value", text=text)
    _, answer = await owner.text(f"/api/V1/powerstatus?guid={lamp.replace('+', '%2B')}")
    assert f'"status":{text},' in answer
    status = json.loads(answer)["status"]
    assert status == json.loads(text)
    assert not isinstance(status, float) or math.isinf(status)


async def test_twisted_answers(owner: Owner, lamp: str) -> None:
    """Answers that are wrong in one place."""
    house = owner.house
    target = f"/api/V1/powerstatus?guid={lamp.replace('+', '%2B')}"
    house.trick("other_guid", guid=lamp)
    assert (await owner.good("powerstatus", lamp))["guid"] == "AAAAAAAAAAAAAAAAAAAAAA"
    house.trick("other_namespace")
    assert (await owner.good("powerstatus", lamp))["namespace"] == "another"
    house.trick("no_status")
    assert "status" not in await owner.good("powerstatus", lamp)
    house.trick("duplicate_keys", text="0")
    _, text = await owner.text(target)
    assert text.count('"status"') == text.count('"guid"') == 2
    house.trick("deep", size=1200)
    _, text = await owner.text(target)
    assert "[" * 1200 + "]" * 1200 in text
    house.trick("bom")
    assert (await (await owner.send(target)).read())[:3] == b"\xef\xbb\xbf"
    house.trick("latin_1")
    with pytest.raises(UnicodeDecodeError):
        (await (await owner.send(target)).read()).decode()
    assert await owner.read("powerstatus", lamp) == 1


async def test_late_answers(owner: Owner, lamp: str, clock: ManualClock) -> None:
    """An answer can be older than a command that came after its question."""
    owner.house.trick("late", seconds=5, controller="powerstatus")
    read = owner.later("powerstatus", lamp)
    await slept(clock)
    await owner.good("power", lamp, cmd=0)
    assert await owner.read("powerstatus", lamp) == 0
    await clock.advance(5)
    assert (await read)[1]["status"] == 1


async def test_bombs(owner: Owner, session: ClientSession) -> None:
    """Little that unpacks into much, and much that never ends."""
    house = owner.house
    house.trick("gzip_bomb", size=2_000_000)
    async with (
        ClientSession(auto_decompress=False) as raw,
        raw.get(house.url + STATUS, headers=owner.headers) as answer,
    ):
        assert answer.headers["Content-Encoding"] == "gzip"
        packed = await answer.read()
    assert len(packed) < 10_000
    assert len(json.loads(zlib.decompress(packed, wbits=31))["namespace"]) == 2_000_000
    house.trick("endless")
    async with session.get(house.url + STATUS, headers=owner.headers) as answer:
        taken = 0
        async for part in answer.content.iter_chunked(65536):
            taken += len(part)
            if taken > 3_000_000:
                break
    await until(lambda: house.stats.in_flight == 0)
    assert (await owner.text(STATUS))[0] == 200


@pytest.mark.parametrize("kind", [TrickKind.SLOW, TrickKind.SLOW_HEADERS])
async def test_slow(owner: Owner, clock: ManualClock, kind: TrickKind) -> None:
    """A byte a second; who hangs up is forgotten."""
    house = owner.house
    house.trick(kind, times=2)
    whole = asyncio.ensure_future(owner.text(STATUS))
    await slept(clock)
    await clock.advance(100)
    assert not whole.done()
    await clock.advance(400)
    assert (await whole)[0] == 200
    half = asyncio.ensure_future(owner.text(STATUS))
    await slept(clock)
    await clock.advance(50)
    half.cancel()
    await asyncio.gather(half, return_exceptions=True)
    await until(lambda: house.stats.in_flight == 0 or bool(clock.sleepers))
    await clock.advance(5)
    assert house.stats.in_flight == 0


@pytest.mark.parametrize("kind", [TrickKind.NUL_HEADER, TrickKind.BAD_HEADER])
async def test_bad_headers(owner: Owner, kind: TrickKind) -> None:
    """Headers that are none, and such with a NUL in them."""
    owner.house.trick(kind)
    with pytest.raises(ClientResponseError):
        await owner.send(STATUS)
    reader, writer = await asyncio.open_connection("127.0.0.1", owner.house.port)
    owner.house.trick(kind)
    proof = owner.headers["Authorization"]
    writer.write(f"GET {STATUS} HTTP/1.1\r\nHost: x\r\nAuthorization: {proof}\r\n\r\n".encode())
    head, _, body = (await reader.read()).partition(b"\r\n\r\n")
    assert (b"\0" in head) is (kind is TrickKind.NUL_HEADER)
    assert len(json.loads(body)) == 7
    writer.close()
    await writer.wait_closed()


async def test_faults(owner: Owner, lamp: str) -> None:
    """The faults of all simulators work here too, by path."""
    house = owner.house
    house.inject("redirect", location="https://127.0.0.1/elsewhere")
    answer = await owner.send(STATUS)
    assert (answer.status, answer.headers["Location"]) == (302, "https://127.0.0.1/elsewhere")
    house.inject("huge", "*/powerstatus", size=1_000_000)
    _, text = await owner.text(f"/api/V1/powerstatus?guid={lamp.replace('+', '%2B')}")
    assert len(text) > 1_000_000
    house.inject("drop")
    with pytest.raises(ServerDisconnectedError):
        await owner.send(STATUS)
    house.inject("truncate")
    with pytest.raises(ClientError):
        await owner.send(STATUS)
    house.inject("garbage")
    assert (await owner.text(STATUS))[1].startswith("<html>")
    assert (await owner.text(STATUS))[0] == 200


async def test_restart(owner: Owner, clock: ManualClock) -> None:
    """A restart takes the server off the network; its uptimes begin anew."""
    house = owner.house
    house.keep_alive = False
    before = await owner.good("system/serverStatus")
    await house.restart(20)
    with pytest.raises(ClientError):
        await owner.send(STATUS)
    await clock.advance(20)
    after = await owner.good("system/serverStatus")
    assert after["process_uptime"] == "0 days 0 hours 0 min"
    assert (after["server_uptime"], after["config_time"]) == (
        before["server_uptime"],
        before["config_time"],
    )
    await house.restart(reboot=True)
    assert (await owner.good("system/serverStatus"))["server_uptime"] == "0 days 0 hours 0 min"


async def test_gaps(owner: Owner, lamp: str, clock: ManualClock) -> None:
    """The server knows how long nobody asked for something."""
    stats = owner.house.stats
    for pause in (3, 40, 5):
        await owner.read("powerstatus", lamp)
        await clock.advance(pause)
    owner.house.fail("impossible to execute")
    await owner.ask("powerstatus", lamp)
    endpoint = (lamp, "powerstatus")
    assert (stats.read_at[endpoint], stats.longest_gap[endpoint]) == (43, 40)


async def test_nothing_keeps_a_secret_in_the_stats(owner: Owner, session: ClientSession) -> None:
    """Neither history nor commands show what was given as a password."""
    house = owner.house
    params: dict[str, Any] = {"user": house.username, "pass": house.password, "cmd": "1"}
    guid = house.guids("light")[0]
    async with session.get(f"{house.url}/api/V1/power", params=params | {"guid": guid}) as answer:
        assert answer.status == 200
    assert house.stats.history[0].params["pass"] == "***"
    assert house.password not in str(house.stats.as_dict())
