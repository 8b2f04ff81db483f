"""The client alone: what answers mean, one request at a time, each sent once."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import nullcontext
from datetime import datetime
import logging
from typing import Any
from unittest.mock import patch

import aiohttp
import pytest

from custom_components.htrest import transport
from custom_components.htrest.api import HtRestClient
from custom_components.htrest.catalog import CATALOG
from custom_components.htrest.errors import (
    HtRestAbsentPointError,
    HtRestAuthError,
    HtRestBusyError,
    HtRestConnectionError,
    HtRestError,
    HtRestLineError,
    HtRestNotConfirmedError,
    HtRestPumpSilentError,
    HtRestRefusedError,
    HtRestResponseError,
    HtRestServerStuckError,
    HtRestUncertainError,
    HtRestUnknownNamesError,
)
from custom_components.htrest.models import Slot
from custom_components.htrest.transport import RequestLine
from simulators.clock import ManualClock
from simulators.htrest import HtRestSimulator, Profile

from .common import MODE, OUTDOOR, ROOM, TANK

SLOT = Slot(6 * 60, 8 * 60, 1)

type Call = Callable[[HtRestClient], Awaitable[object]]

READS: dict[str, Call] = {
    "device": lambda client: client.device(),
    "fast": lambda client: client.fast([OUTDOOR]),
    "read": lambda client: client.read([ROOM]),
    "last_fault": lambda client: client.last_fault(),
    "fault": lambda client: client.fault(0),
    "clock": lambda client: client.clock(),
    "programs": lambda client: client.program_heads(),
    "program": lambda client: client.program(2),
}
WRITES: dict[str, Call] = {
    "write": lambda client: client.write(ROOM, 22.5),
    "slot": lambda client: client.write_slot(1, 0, 0, SLOT),
    "clock": lambda client: client.set_clock(lambda: datetime(2026, 11, 20, 12)),
    "trigger": lambda client: client.trigger("Entstoerung"),
}


@pytest.fixture
def profile() -> str:
    """Return an installation whose table has everything."""
    return Profile.OWNER


@pytest.fixture
async def session() -> AsyncGenerator[aiohttp.ClientSession]:
    """Return a session as any program has one."""
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def client(session: aiohttp.ClientSession, server: HtRestSimulator) -> HtRestClient:
    """Return a client of the server."""
    return HtRestClient(session, server.host, server.port)


def puts(server: HtRestSimulator) -> int:
    """Return how many requests that write the server has got."""
    return sum(record.method == "PUT" for record in server.stats.history)


async def until(happened: Callable[[], object]) -> None:
    """Wait for the thread that serves."""
    for _ in range(5000):
        if happened():
            return
        await asyncio.sleep(0.001)
    raise AssertionError("it never happened")


async def test_reads(client: HtRestClient, server: HtRestSimulator) -> None:
    """Everything that can be read comes as it is at the heat pump."""
    await client.check()
    device = await client.device()
    assert (device.serial, device.software) == ("123456", "3.0.20")
    assert await client.fast([OUTDOOR]) == {OUTDOOR: server.value(OUTDOOR)}
    assert await client.read([ROOM, MODE]) == {ROOM: 21.5, MODE: 1}
    last = await client.last_fault()
    assert last is not None
    assert (last.index, last.error, last.message) == (3, 19, "EQ_Spreizung")
    assert last.time == datetime(2014, 9, 14, 2, 8, 56)
    assert (await client.fault(2)).error == 65285
    shown = server.pump.time()
    assert abs((await client.clock() - shown).total_seconds()) < 1
    heads = await client.program_heads()
    assert [(head.name, head.states, head.step) for head in heads][:3] == [
        ("Warmwasser", 2, 15),
        ("Zirkulationspumpe", 2, 15),
        ("Heizung", 3, 15),
    ]
    program = await client.program(0)
    assert program.head == heads[0]
    assert program.week[6][:2] == (Slot(0, 240, 0), Slot(240, 1320, 1))
    assert client.requests_last_hour == len(server.stats.history)
    assert client.last_success is not None


async def test_names_with_odd_signs(client: HtRestClient, server: HtRestSimulator) -> None:
    """Names with slash, percent sign, colon and plus reach the server, both ways."""
    odd = ["Mo (g/s)", "MKR1 Min(%)", "EXV Fehler 100% (min)"]
    assert set(odd) <= server.table.keys()
    assert (await client.read(odd)).keys() == set(odd)
    for name in odd:
        parameter = CATALOG[name]
        await client.write(name, parameter.low)
        assert server.value(name) == parameter.low


async def test_nothing_asked_for_nothing(client: HtRestClient, server: HtRestSimulator) -> None:
    """Without names the server would read its whole table: it is not asked."""
    assert await client.read([]) == {}
    assert not server.stats.history


async def test_known_names(client: HtRestClient, server: HtRestSimulator) -> None:
    """Which names a table has is found out without a word to the heat pump."""
    del server.work.table["COP"], server.work.table["MKR1 Min(%)"]
    known = await client.known_names(CATALOG)
    assert known == server.table.keys()
    assert server.stats.serial_commands == 0
    assert max(len(record.path) for record in server.stats.history) < 8000


@pytest.mark.parametrize("bool_as_int", [False, True])
async def test_booleans(client: HtRestClient, server: HtRestSimulator, bool_as_int: bool) -> None:
    """Booleans are read and written in the way that the server has."""
    server.bool_as_int = bool_as_int
    name = "Rueckruferlaubnis"
    before = (await client.read([name]))[name]
    assert isinstance(before, bool)
    await client.write(name, not before)
    assert server.value(name) is not before


async def test_types(client: HtRestClient, server: HtRestSimulator) -> None:
    """Whole numbers go out as such where the server insists upon them."""
    await client.write(TANK, 52.0)
    await client.write(ROOM, 22)
    assert server.stats.writes == [(TANK, 52), (ROOM, 22.0)]


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("lost", HtRestLineError),
        ("truncated", HtRestLineError),
        ("checksum", HtRestLineError),
        ("garbage", HtRestLineError),
        ("header", HtRestLineError),
        ("text", HtRestLineError),
    ],
)
async def test_noise(
    client: HtRestClient, server: HtRestSimulator, kind: str, error: type[HtRestError]
) -> None:
    """Whatever noise does to an answer is told as noise."""
    server.inject_serial(kind)
    with pytest.raises(error):
        await client.read([ROOM])


async def test_states_of_the_line(client: HtRestClient, server: HtRestSimulator) -> None:
    """A silent heat pump, a lost adapter, an absent point and an unknown name are told apart."""
    server.silent = True
    with pytest.raises(HtRestPumpSilentError):
        await client.read([ROOM])
    server.silent = False
    server.absent.add(ROOM)
    with pytest.raises(HtRestAbsentPointError) as absent:
        await client.read([MODE, ROOM])
    assert absent.value.name == ROOM
    with pytest.raises(HtRestUnknownNamesError) as unknown:
        await client.read([MODE, "Nonsense", "Other"])
    assert unknown.value.names == {"Nonsense", "Other"}
    server.adapter_pulled = True
    for _ in range(3):  # the message is another one each time
        with pytest.raises(HtRestServerStuckError):
            await client.read([ROOM])
    server.adapter_pulled = False
    with pytest.raises(HtRestServerStuckError):
        await client.read([ROOM])


async def test_empty_fault_list(client: HtRestClient, server: HtRestSimulator) -> None:
    """An empty list is an error to the server, and nothing to us."""
    server.clear_fault_list()
    assert await client.last_fault() is None


async def test_authentication(session: aiohttp.ClientSession, server: HtRestSimulator) -> None:
    """Wrong credentials are told as such, at everything."""
    server.username, server.password = "home", "s3cret"
    for user, password in (("", ""), ("home", "wrong")):
        stranger = HtRestClient(session, server.host, server.port, user, password)
        for call in (*READS.values(), *WRITES.values()):
            with pytest.raises(HtRestAuthError):
                await call(stranger)
        with pytest.raises(HtRestAuthError):
            await stranger.check()
    owner = HtRestClient(session, server.host, server.port, "home", "s3cret")
    await owner.check()
    assert (await owner.device()).serial == "123456"


@pytest.mark.parametrize("name", READS)
@pytest.mark.parametrize(
    ("kind", "options", "error"),
    [
        ("garbage", {}, HtRestResponseError),
        ("garbage", {"body": "[]"}, HtRestResponseError),
        ("garbage", {"body": "5"}, HtRestResponseError),
        ("huge", {}, HtRestResponseError),
        ("truncate", {}, HtRestConnectionError),
        ("status", {"status": 502}, HtRestResponseError),
        ("status", {"status": 500, "body": "[]"}, HtRestResponseError),
        ("redirect", {}, HtRestResponseError),
        ("drop", {}, HtRestConnectionError),
        ("drop_after", {}, HtRestConnectionError),
    ],
)
async def test_bad_answers(
    client: HtRestClient,
    server: HtRestSimulator,
    name: str,
    kind: str,
    options: dict[str, Any],
    error: type[HtRestError],
) -> None:
    """An answer that makes no sense is an error of ours, and a request is not repeated."""
    if name == "programs" and options.get("body") == "[]":
        options = {"body": "{}"}
    server.inject(kind, **options)
    with pytest.raises(error):
        await READS[name](client)
    assert len(server.stats.history) == 1


async def test_other_server(client: HtRestClient, server: HtRestSimulator) -> None:
    """Something that is not HtREST is not taken for it."""
    for body in ("{}", '{"info": {"title": "Petstore"}}', "hello"):
        server.inject("garbage", body=body)
        with pytest.raises(HtRestResponseError):
            await client.check()


async def test_refused_by_server(client: HtRestClient, server: HtRestSimulator) -> None:
    """A value beyond the server's table is the user's mistake."""
    with pytest.raises(HtRestRefusedError):
        await client.write(ROOM, 30.5)
    with pytest.raises(HtRestRefusedError):
        await client.write_slot(1, 0, 0, Slot(600, 540, 1))
    assert not server.stats.writes


async def test_write_not_confirmed(client: HtRestClient, server: HtRestSimulator) -> None:
    """A heat pump that keeps its value, and a server that only pretends, are told apart."""
    server.refuse_writes = {ROOM}
    with pytest.raises(HtRestNotConfirmedError) as kept:
        await client.write(ROOM, 22.5)
    assert not kept.value.echoed
    server.refuse_writes = False
    server.read_only = True
    with pytest.raises(HtRestNotConfirmedError) as echoed:
        await client.write(ROOM, 22.5)
    assert echoed.value.echoed


@pytest.mark.parametrize("kind", ["drop_after", "truncate", "garbage"])
async def test_write_whose_answer_is_lost(
    client: HtRestClient, server: HtRestSimulator, kind: str
) -> None:
    """The value itself tells what came of it; the write is not sent again."""
    server.inject(kind, method="PUT")
    await client.write(ROOM, 22.5)
    assert server.stats.writes == [(ROOM, 22.5)]
    assert puts(server) == 1


async def test_write_that_got_lost(client: HtRestClient, server: HtRestSimulator) -> None:
    """A write that is not seen afterwards, and whose answer is lost, is uncertain."""
    server.inject("drop", method="PUT")
    with pytest.raises(HtRestUncertainError):
        await client.write(ROOM, 22.5)
    assert puts(server) == 1
    server.inject("garbage", method="GET", times=2)
    with pytest.raises(HtRestUncertainError):
        await client.write(ROOM, 22.5)
    assert puts(server) == 2


async def test_read_back_is_tried_twice(client: HtRestClient, server: HtRestSimulator) -> None:
    """Noise on the read after a write does not make it uncertain."""
    server.inject("garbage", method="GET")
    await client.write(ROOM, 22.5)
    assert puts(server) == 1


@pytest.mark.parametrize("name", WRITES)
async def test_writes_are_sent_once(
    client: HtRestClient, server: HtRestSimulator, name: str
) -> None:
    """A write that was carried out without an answer is not carried out twice."""
    server.inject("drop_after", method="PUT", times=None)
    with pytest.raises(HtRestUncertainError) if name != "write" else nullcontext():
        await WRITES[name](client)
    assert puts(server) == 1


@pytest.mark.parametrize("name", WRITES)
async def test_server_is_gone(client: HtRestClient, server: HtRestSimulator, name: str) -> None:
    """A write that was never sent is a lost connection, and not uncertain."""
    await server.refuse()
    with pytest.raises(HtRestConnectionError):
        await WRITES[name](client)


async def test_one_request_at_a_time(
    session: aiohttp.ClientSession, server: HtRestSimulator, clock: ManualClock
) -> None:
    """Whatever clients of one server do at once, it never has two requests; writes go first."""
    server.blocking = True
    clients = [HtRestClient(session, server.host, server.port) for _ in range(3)]
    reads = [asyncio.create_task(client.read([MODE])) for client in clients * 2]
    await until(lambda: server.stats.in_flight)
    write = asyncio.create_task(clients[2].write(ROOM, 22.5))
    while not all(task.done() for task in (*reads, write)):
        await clock.advance(0.1)
        await asyncio.sleep(0.001)
    assert server.stats.max_queued == 1
    assert [record.method for record in server.stats.history][:3] == ["GET", "PUT", "GET"]
    assert len(server.stats.history) == 8


async def test_patience_of_a_write(
    client: HtRestClient, server: HtRestSimulator, clock: ManualClock
) -> None:
    """A write that did not get its turn in time is given up and never sent."""
    server.blocking = True
    read = asyncio.create_task(client.read([MODE]))
    await until(lambda: server.stats.in_flight)
    with patch.object(transport, "PATIENCE", 0.01), pytest.raises(HtRestBusyError):
        await client.write(ROOM, 22.5)
    while not read.done():
        await clock.advance(0.1)
        await asyncio.sleep(0.001)
    server.blocking = False
    assert await client.fast([OUTDOOR])
    assert not puts(server)


async def test_timeout(client: HtRestClient, server: HtRestSimulator) -> None:
    """A server that does not answer does not hold us up for ever."""
    for call, error in (
        (READS["read"], HtRestConnectionError),
        (WRITES["slot"], HtRestUncertainError),
    ):
        server.inject("hang")
        with patch.object(transport, "TIMEOUT", 0.05), pytest.raises(error):
            await call(client)
    assert len(server.stats.history) == 2


async def test_giving_up_frees_the_line() -> None:
    """Whoever gives up waiting, or is given the line just then, leaves it to the next one."""
    line = RequestLine()
    order: list[str] = []

    async def use(name: str, *, urgent: bool = False) -> None:
        async with line.turn(urgent=urgent, patience=None):
            order.append(name)
            await asyncio.sleep(0)

    async with line.turn(urgent=False, patience=None):
        tasks = {name: asyncio.create_task(use(name)) for name in ("first", "second", "third")}
        tasks["urgent"] = asyncio.create_task(use("urgent", urgent=True))
        await asyncio.sleep(0)
        tasks["first"].cancel()
        await asyncio.sleep(0)
    tasks["urgent"].cancel()  # it has been given the line, and does not know yet
    await asyncio.gather(*tasks.values(), return_exceptions=True)
    assert order == ["second", "third"]
    async with line.turn(urgent=False, patience=0.01):
        pass


async def test_closed(client: HtRestClient, server: HtRestSimulator) -> None:
    """A client that was closed sends nothing more."""
    client.close()
    for call in (*READS.values(), *WRITES.values()):
        with pytest.raises(HtRestConnectionError):
            await call(client)
    assert not server.stats.history


async def test_no_secrets(
    session: aiohttp.ClientSession, server: HtRestSimulator, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither logs nor errors hold user or password."""
    caplog.set_level(logging.DEBUG)
    server.username, server.password = "hearthowner", "s3cret-w0rd"
    client = HtRestClient(session, server.host, server.port, "hearthowner", "s3cret-w0rd")
    texts: list[str] = []
    for kind in ("drop", "drop_after", "truncate", "garbage", "status"):
        for call in (READS["read"], WRITES["slot"]):
            server.inject(kind)
            try:
                await call(client)
            except HtRestError as err:
                cause: BaseException | None = err
                while cause:
                    texts.append(f"{cause!r} {cause.__dict__}")
                    cause = cause.__cause__ or cause.__context__
    assert len(texts) >= 10
    secret = aiohttp.encode_basic_auth("hearthowner", "s3cret-w0rd").removeprefix("Basic ")
    for hidden in ("hearthowner", "s3cret-w0rd", secret):
        assert hidden not in caplog.text
        assert not [text for text in texts if hidden in text]
