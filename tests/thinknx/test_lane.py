"""The lane of commands: order, merging, stop, and what becomes of those who wait."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from custom_components.thinknx.endpoints import Command
from custom_components.thinknx.errors import (
    ThinknxBusyError,
    ThinknxConnectionError,
    ThinknxNotPossibleError,
    ThinknxUncertainError,
)
from custom_components.thinknx.lane import Lane, Wish

type Put = Callable[..., asyncio.Future[bool | None]]


class Server:
    """Carries commands out when it is told to."""

    def __init__(self) -> None:
        """Hold everything up until `go`."""
        self.began: list[tuple[str, Command, float]] = []
        self.answers: list[Exception | bool] = []
        self.go = asyncio.Event()

    async def carry(self, wish: Wish) -> bool:
        """Carry a command out."""
        self.began.append((wish.guid, wish.command, wish.value))
        await self.go.wait()
        answer = self.answers.pop(0) if self.answers else True
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture
async def server() -> Server:
    """Return a server."""
    return Server()


@pytest.fixture
async def lane(server: Server) -> Lane:
    """Return a lane of two commands at once."""
    return Lane(server.carry, 2)


@pytest.fixture
def put(lane: Lane) -> Put:
    """Return a function that puts a command on the lane."""

    def put(guid: str, command: Command, value: float = 1) -> asyncio.Future[bool | None]:
        return asyncio.ensure_future(lane.put(guid, command, value, 0.0))

    return put


async def turns() -> None:
    """Let everything happen that can."""
    for _ in range(10):
        await asyncio.sleep(0)


async def test_in_order(server: Server, put: Put) -> None:
    """What one device is told is told one after the other; several devices side by side."""
    waiting = [put("a", Command.STEP, 0), put("a", Command.STEP, 1), put("b", Command.POWER)]
    await turns()
    assert server.began == [("a", Command.STEP, 0), ("b", Command.POWER, 1)]
    server.go.set()
    assert await asyncio.gather(*waiting) == [True] * 3
    assert server.began[2] == ("a", Command.STEP, 1)


async def test_so_many_at_once(server: Server, put: Put, lane: Lane) -> None:
    """No more commands are under way than allowed."""
    waiting = [put(guid, Command.POWER) for guid in "abcd"]
    await turns()
    assert len(server.began) == 2
    assert lane.is_busy
    server.go.set()
    await asyncio.gather(*waiting)
    await turns()
    assert len(server.began) == 4
    assert not lane.is_busy


async def test_last_value_counts(server: Server, put: Put) -> None:
    """Of a slider's many values the last that waits is sent; all who wait hear of it."""
    waiting = [put("a", Command.LEVEL, value) for value in (10, 20, 30, 40)]
    await turns()
    server.go.set()
    assert await asyncio.gather(*waiting) == [True] * 4
    assert [value for _, _, value in server.began] == [10, 40]


@pytest.mark.parametrize(
    "command", [Command.TRIGGER, Command.STEP, Command.SCENE, Command.STOP, Command.UPDOWN]
)
async def test_acts_are_never_merged(server: Server, put: Put, command: Command) -> None:
    """What acts by itself is done as often as it was asked for."""
    server.go.set()
    await asyncio.gather(*[put("a", command) for _ in range(3)])
    assert len(server.began) == 3


async def test_stop_overtakes(server: Server, put: Put) -> None:
    """Stop is sent at once, and what was to move the same blind is forgotten."""
    waiting = [put("a", Command.HEIGHT, 30), put("a", Command.HEIGHT, 60), put("a", Command.ANGLE)]
    others = [put(guid, Command.POWER) for guid in "bcd"]
    await turns()
    stop = put("a", Command.STOP)
    await turns()
    assert server.began[-1] == ("a", Command.STOP, 1)
    server.go.set()
    assert await stop
    assert await asyncio.gather(*waiting) == [None, None, None]
    await asyncio.gather(*others)
    assert [command for guid, command, _ in server.began if guid == "a"] == [
        Command.HEIGHT,
        Command.STOP,
    ]


async def test_stop_leaves_other_blinds_alone(server: Server, put: Put) -> None:
    """Stopping one blind forgets nothing of another."""
    waiting = [put(guid, Command.HEIGHT) for guid in "abc"]
    await turns()
    stop = put("a", Command.STOP)
    server.go.set()
    assert await asyncio.gather(*waiting, stop) == [None, True, True, True]
    assert ("c", Command.HEIGHT, 1) in server.began


async def test_stopped_while_the_server_is_busy(server: Server, put: Put) -> None:
    """A move that the server was too busy for is not sent again after a stop."""
    server.answers = [True, ThinknxBusyError(1)]
    move = put("a", Command.HEIGHT, 30)
    await turns()
    stop = put("a", Command.STOP)
    await turns()
    server.answers.reverse()  # the move is answered first
    server.go.set()
    assert await move is None
    assert await stop
    assert [command for _, command, _ in server.began] == [Command.HEIGHT, Command.STOP]


async def test_busy_server(server: Server, put: Put) -> None:
    """A state that the server was too busy for is set once more; an act is not."""
    server.go.set()
    server.answers = [ThinknxBusyError(1), True]
    assert await put("a", Command.POWER)
    server.answers = [ThinknxBusyError(1), ThinknxBusyError(1)]
    with pytest.raises(ThinknxBusyError):
        await put("a", Command.POWER)
    server.began.clear()
    server.answers = [ThinknxBusyError(1)]
    with pytest.raises(ThinknxBusyError):
        await put("a", Command.TRIGGER)
    assert len(server.began) == 1


async def test_errors_reach_who_waits(server: Server, put: Put) -> None:
    """One error is one device's; the lane goes on."""
    server.go.set()
    server.answers = [ThinknxNotPossibleError(), True]
    waiting = [put("a", Command.POWER), put("b", Command.POWER)]
    found = await asyncio.gather(*waiting, return_exceptions=True)
    assert isinstance(found[0], ThinknxNotPossibleError)
    assert found[1] is True


async def test_who_waits_may_go(server: Server, put: Put) -> None:
    """Somebody who gives up waiting does not take the command back."""
    waiting = put("a", Command.TRIGGER)
    await turns()
    waiting.cancel()
    server.go.set()
    await turns()
    assert server.began == [("a", Command.TRIGGER, 1)]


async def test_closed(server: Server, put: Put, lane: Lane) -> None:
    """At the end what is under way may have been done, and what waits has not."""
    waiting = [put("a", Command.POWER, 0), put("a", Command.CHRONO), put("b", Command.POWER)]
    await turns()
    late = put("c", Command.POWER)
    await asyncio.sleep(0)
    lane.close()
    found = await asyncio.gather(*waiting, late, put("d", Command.POWER), return_exceptions=True)
    kinds: list[type[object]] = [
        ThinknxUncertainError,
        ThinknxConnectionError,
        ThinknxUncertainError,
        ThinknxConnectionError,
        ThinknxConnectionError,
    ]
    assert [type(it) for it in found] == kinds


async def test_closed_before_it_began(server: Server, put: Put, lane: Lane) -> None:
    """A command that was not even begun has failed; nobody waits for ever."""
    waiting: Awaitable[bool | None] = put("a", Command.POWER)
    await asyncio.sleep(0)
    lane.close()
    with pytest.raises(ThinknxConnectionError):
        await waiting
    assert not server.began
