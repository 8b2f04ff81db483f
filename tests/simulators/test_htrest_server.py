"""Tests of the web server: one request at a time, and everything that can befall one."""

import asyncio
from collections.abc import AsyncGenerator
import json
import socket
import urllib.error
import urllib.request

from aiohttp import ClientError, ClientSession, encode_basic_auth
import pytest

from simulators.clock import ManualClock
from simulators.htrest import HtRestSimulator

from .helpers import slept
from .htrest_owner import API, ROOM, TANK, Owner, eventually

ROOM_PATH = "/param/HKR%20Soll_Raum"


@pytest.fixture
async def house(clock: ManualClock) -> AsyncGenerator[HtRestSimulator]:
    """Return a running server with its table as it comes."""
    async with HtRestSimulator(clock=clock) as simulator:
        yield simulator


@pytest.fixture
def owner(house: HtRestSimulator, session: ClientSession) -> Owner:
    """Return the owner of the house."""
    return Owner(house, session)


def wait_until_served(house: HtRestSimulator) -> None:
    """Send a request that is served after all others, without the event loop."""
    with urllib.request.urlopen(f"{house.url}{API}/swagger.json", timeout=5) as response:  # noqa: S310
        response.read()


async def test_plain_client(house: HtRestSimulator) -> None:
    """A client without any cleverness gets the same; the connection ends with the answer."""

    def fetch() -> bytes:
        address = house.url.removeprefix("http://").split(":")
        with socket.create_connection((address[0], int(address[1])), timeout=5) as client:
            client.sendall(
                b"GET /api/v1/device/ HTTP/1.1\r\nHost: pump\r\nConnection: keep-alive\r\n\r\n"
            )
            parts = []
            while part := client.recv(4096):
                parts.append(part)
        return b"".join(parts)

    head, _, body = (await asyncio.to_thread(fetch)).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.0 200 OK\r\nServer: Werkzeug/2.0.3 Python/3.10.13\r\n")
    assert json.loads(body)["serial_number"] == 123456


async def test_urllib_put_and_error(house: HtRestSimulator) -> None:
    """A standard library client writes, and sees errors as such."""

    def put(value: float) -> bytes:
        request = urllib.request.Request(  # noqa: S310
            f"{house.url}{API}{ROOM_PATH}",
            data=json.dumps({"value": value}).encode(),
            headers={"Content-Type": "application/json"},
            method="PUT",
        )
        with urllib.request.urlopen(request, timeout=5) as response:  # noqa: S310
            content: bytes = response.read()
            return content

    assert await asyncio.to_thread(put, 22.5) == b'{"value": 22.5}\n'
    with pytest.raises(urllib.error.HTTPError) as refused:
        await asyncio.to_thread(put, 99)
    assert refused.value.code == 500
    refused.value.close()


async def test_redirect_keeps_method_and_body(owner: Owner, session: ClientSession) -> None:
    """Without the slash a client is sent on, the query goes with it, and a PUT still writes."""
    url = owner.house.url + API
    async with session.put(f"{url}/param", json={ROOM: 20.0}) as response:
        assert await response.json() == {ROOM: 20.0}
    async with session.get(f"{url}/param?Betriebsart") as response:
        assert await response.json() == {"Betriebsart": 1}
    status, _, text = await owner.send("GET", f"{API}/fastquery?Verdichter")
    assert (status, text.count("/api/v1/fastquery/?Verdichter")) == (308, 2)


async def test_other_methods(owner: Owner) -> None:
    """HEAD does the work without showing it, OPTIONS tells the methods, others are refused."""
    status, _, text = await owner.send("HEAD", f"{API}/device/")
    assert (status, text, owner.house.stats.last_cost) == (200, "", 5)
    async with owner.session.options(f"{owner.house.url}{API}/device/") as response:
        assert (response.status, response.headers["Allow"]) == (200, "OPTIONS, HEAD, GET")
    for method in ("POST", "PATCH", "DELETE", "PUT"):
        assert (await owner.message(method, "/device/", {}))[0] == 405


async def test_swagger(owner: Owner) -> None:
    """The description names itself and costs nothing on the line."""
    swagger = await owner.get("/swagger.json")
    assert (swagger["info"]["title"], swagger["swagger"]) == ("HtREST", "2.0")
    assert "/overwrite/{name}" not in swagger["paths"]
    assert {"get", "put", "parameters"} == set(swagger["paths"]["/param/{name}"])
    assert owner.house.stats.serial_commands == 0


@pytest.mark.parametrize(
    "path", ["/", "/api/v2/device/", "/api/v1/faultlist/x", "/api/v1/device/1"]
)
async def test_unknown_paths(owner: Owner, path: str) -> None:
    """What Flask does not know it answers with a page."""
    status, kind, text = await owner.send("GET", path)
    assert (status, kind) == (404, "text/html; charset=utf-8")
    assert "<h1>Not Found</h1>" in text


async def test_auth(clock: ManualClock, session: ClientSession) -> None:
    """Credentials guard everything; the password comes from the seed."""
    async with HtRestSimulator(clock=clock, username="me", seed=4) as house:
        password = house.credentials["password"]
        assert HtRestSimulator(username="me", seed=4).credentials["password"] == password
        assert HtRestSimulator(username="me", seed=5).credentials["password"] != password
        url = f"{house.url}{API}/param"
        for header, status in (
            (None, 401),
            ("Bearer x", 401),
            ("Basic ===", 401),
            (encode_basic_auth("me", "wrong"), 401),
            (encode_basic_auth("me", password), 404),
        ):
            headers = {} if header is None else {"Authorization": header}
            async with session.get(f"{url}/Nope", headers=headers) as response:
                assert response.status == status
        async with session.get(f"{house.url}/nothing") as response:
            assert (response.status, await response.text()) == (401, "")
        assert house.stats.rejected == 5
        house.username = None
        assert house.credentials == {}
        async with session.get(f"{url}/Betriebsart") as response:
            assert response.status == 200


async def test_requests_queue(owner: Owner, clock: ManualClock) -> None:
    """Five clients wait while one is served; all are served, in turn."""
    house = owner.house
    house.blocking = True
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(owner.get(ROOM_PATH)) for _ in range(5)]
        await slept(clock)
        await eventually(lambda: house.stats.max_in_flight == 5)
        assert house.stats.in_flight == 1
        await clock.advance(0.35)
        await eventually(lambda: len(house.stats.costs) == 2 and house.stats.in_flight == 1)
        assert sum(task.done() for task in tasks) <= 2
        await clock.advance(1)
    assert (house.stats.max_in_flight, house.stats.max_queued, house.stats.abandoned) == (5, 5, 0)
    assert house.stats.serial_seconds == pytest.approx(5 * (0.012 + 3 * 0.035 + 0.010))


async def test_abandoned_put_is_carried_out(owner: Owner, clock: ManualClock) -> None:
    """A client that gives up does not keep its write from happening, eight seconds later."""
    house = owner.house
    house.silent = house.blocking = True
    first = asyncio.create_task(owner.get(ROOM_PATH))
    await slept(clock)
    second = asyncio.create_task(owner.put(ROOM_PATH, {"value": 19.0}))
    await eventually(lambda: house.stats.max_in_flight == 2)
    for task in (first, second):
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    house.silent = False
    assert house.stats.writes == []
    await clock.advance(8)
    await asyncio.to_thread(setattr, house, "blocking", False)
    await asyncio.to_thread(wait_until_served, house)
    assert house.stats.writes == [(ROOM, 19.0)]
    assert house.stats.abandoned == 2
    assert house.stats.max_in_flight == 2


async def test_abandoned_request_is_not_open(owner: Owner, clock: ManualClock) -> None:
    """A client that comes back after it has given up is one client, with two in the queue."""
    house = owner.house
    house.silent = house.blocking = True
    first = asyncio.create_task(owner.get(ROOM_PATH))
    await slept(clock)
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    second = asyncio.create_task(owner.message("GET", ROOM_PATH))
    await eventually(lambda: house.stats.max_queued == 2)
    assert house.stats.max_in_flight == 1
    await clock.advance(31)
    assert await second == (500, "login failed after 3 try/tries")


async def test_silence_takes_its_time(owner: Owner) -> None:
    """On a clock that is moved by hand silence is over at once, but counted."""
    house = owner.house
    house.silent = True
    assert await owner.message("GET", "/device/") == (500, "login failed after 3 try/tries")
    assert house.stats.serial_seconds == pytest.approx(15.3, abs=0.1)
    assert house.stats.last_cost == 3
    house.silent = False
    assert (await owner.get("/device/"))["serial_number"] == 123456


async def test_stop_ends_what_hangs(clock: ManualClock, session: ClientSession) -> None:
    """Stopping ends requests that are under way and those that wait; nothing is written."""
    async with HtRestSimulator(clock=clock) as house:
        owner = Owner(house, session)
        house.blocking = True
        tasks = [asyncio.create_task(owner.put(ROOM_PATH, {"value": 19.0})) for _ in range(3)]
        await slept(clock)
    for result in await asyncio.gather(*tasks, return_exceptions=True):
        assert isinstance(result, ClientError | OSError)
    assert house.stats.writes == []
    house.blocking = False
    async with house:
        assert await owner.get(ROOM_PATH) == {"value": 21.5}


async def test_refuse_and_return(owner: Owner, clock: ManualClock) -> None:
    """A server that is gone comes back on its port."""
    url = owner.house.url
    await owner.house.refuse(20)
    with pytest.raises(ClientError):
        await owner.get(ROOM_PATH)
    await clock.advance(20)
    assert owner.house.listening
    assert owner.house.url == url
    assert await owner.get(ROOM_PATH) == {"value": 21.5}
    await owner.house.listen()


@pytest.mark.parametrize(
    ("kind", "written"), [("drop", False), ("drop_after", True), ("truncate", True)]
)
async def test_broken_connections(owner: Owner, kind: str, written: bool) -> None:
    """A connection breaks before or after the work."""
    owner.house.inject(kind, f"{API}/param/*", method="PUT")
    with pytest.raises(ClientError):
        await owner.put("/param/WW%20Normaltemp.", {"value": 48})
    assert owner.house.stats.writes == ([(TANK, 48)] if written else [])
    assert await owner.put("/param/WW%20Normaltemp.", {"value": 49}) == {"value": 49}


async def test_other_faults_of_the_web_server(owner: Owner, clock: ManualClock) -> None:
    """Answers are replaced, spoilt, late, or never come."""
    house = owner.house
    house.inject("status", status=503)
    assert (await owner.send("GET", f"{API}/device/"))[0] == 503
    house.inject("status", status=502, body='{"message": "x"}')
    assert await owner.message("GET", "/device/") == (502, "x")
    house.inject("redirect")
    assert (await owner.send("GET", f"{API}/device/"))[0] == 302
    assert house.stats.serial_commands == 0
    house.inject("garbage")
    with pytest.raises(json.JSONDecodeError):
        await owner.get("/device/")
    house.inject("huge", size=100_000)
    assert len((await owner.send("GET", f"{API}/device/"))[2]) > 100_000
    house.inject("delay", seconds=40)
    late = asyncio.create_task(owner.get(ROOM_PATH))
    await slept(clock)
    await clock.advance(40)
    assert await late == {"value": 21.5}
    house.inject("hang")
    never = asyncio.create_task(owner.get(ROOM_PATH))
    await eventually(lambda: not house.faults.waiting)
    never.cancel()
    with pytest.raises(asyncio.CancelledError):
        await never
    house.inject("status", times=None)
    house.clear_faults()
    assert await owner.get(ROOM_PATH) == {"value": 21.5}


async def test_disconnect(owner: Owner, clock: ManualClock) -> None:
    """Open connections can be cut; the work goes on all the same."""
    owner.house.blocking = True
    cut = asyncio.create_task(owner.put(ROOM_PATH, {"value": 20.0}))
    await slept(clock)
    owner.house.disconnect()
    with pytest.raises(ClientError):
        await cut
    await clock.advance(1)
    owner.house.blocking = False
    await asyncio.to_thread(wait_until_served, owner.house)
    assert owner.house.stats.writes == [(ROOM, 20.0)]
