"""The lane of commands: ahead of all reads, each device's in order, none twice.

Of several that wait and set a state the last one counts. Stop overtakes everything; what was to move
the same device is forgotten, and not sent any more even if its turn has come. What acts by itself (a
step, a trigger, a scene) is never merged.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from .endpoints import ORDERS, Command
from .errors import ThinknxBusyError, ThinknxConnectionError, ThinknxUncertainError

MOVES: Final = frozenset({Command.UPDOWN, Command.HEIGHT, Command.STEP, Command.ANGLE})


@dataclass(slots=True)
class Wish:
    """A command that waits, and those who wait for it."""

    guid: str
    command: Command
    value: float
    since: float
    done: asyncio.Future[bool | None]
    stopped: bool = False  # somebody wanted the device to stop since
    task: asyncio.Task[None] | None = None


type Carry = Callable[[Wish], Awaitable[bool]]


class Lane:
    """Carries wishes out, some at a time and one for each device."""

    def __init__(self, carry: Carry, at_once: int) -> None:
        """Carry a wish out by a function that returns whether the device has confirmed it."""
        self._carry = carry
        self._at_once = at_once
        self._waiting: list[Wish] = []
        self._running: dict[str, Wish] = {}
        self._closed = False

    async def put(self, guid: str, command: Command, value: float, now: float) -> bool | None:
        """Let a command be carried out; return once the server has taken it.

        Returns:
            Whether the device has confirmed it. None: stop overtook it, if it was sent at all.

        Raises:
            ThinknxError: what became of it.
        """
        if self._closed:
            raise ThinknxConnectionError("closed")
        wish = self._join(guid, command, value, now)
        self._start()
        # Whoever waits may give up; the command is on its way all the same.
        return await asyncio.shield(wish.done)

    @property
    def is_busy(self) -> bool:
        """Whether anything is on its way."""
        return bool(self._running)

    def close(self) -> None:
        """Send nothing more: what waits has failed, what is on its way may have been done."""
        self._closed = True
        for wish in self._waiting:
            _fail(wish, ThinknxConnectionError("closed"))
        self._waiting.clear()
        for wish in self._running.values():
            if wish.task:
                wish.task.cancel()

    def _join(self, guid: str, command: Command, value: float, now: float) -> Wish:
        if command is Command.STOP:
            self._stop(guid)
        if ORDERS[command].merges:
            for wish in self._waiting:
                if (wish.guid, wish.command) == (guid, command):
                    wish.value, wish.since = value, now
                    return wish
        wish = Wish(guid, command, value, now, asyncio.get_running_loop().create_future())
        at = 0 if command is Command.STOP else len(self._waiting)
        self._waiting.insert(at, wish)
        return wish

    def _stop(self, guid: str) -> None:
        """Let nothing move a device that has not been told to yet."""
        for wish in [*self._waiting, *self._running.values()]:
            if wish.guid == guid and wish.command in MOVES:
                wish.stopped = True
        for wish in [wish for wish in self._waiting if wish.stopped]:
            self._waiting.remove(wish)
            wish.done.set_result(None)

    def _start(self) -> None:
        for wish in list(self._waiting):
            # Stop does not wait for the reply to the move that it is to end.
            slot = f"{wish.guid} stop" if wish.command is Command.STOP else wish.guid
            if len(self._running) >= self._at_once and wish.command is not Command.STOP:
                return
            if slot not in self._running:
                self._waiting.remove(wish)
                self._running[slot] = wish
                wish.task = asyncio.create_task(self._run(wish))
                wish.task.add_done_callback(partial(self._ended, slot, wish))

    async def _run(self, wish: Wish) -> None:
        try:
            wish.done.set_result(await self._carry_out(wish))
        except asyncio.CancelledError:
            _fail(wish, ThinknxUncertainError())
            raise
        except Exception as err:  # noqa: BLE001  it belongs to those who wait
            _fail(wish, err)

    def _ended(self, slot: str, wish: Wish, _task: asyncio.Task[None]) -> None:
        del self._running[slot]
        if not wish.done.done():  # cancelled before it began
            _fail(wish, ThinknxConnectionError("closed"))
        if not self._closed:
            self._start()

    async def _carry_out(self, wish: Wish) -> bool | None:
        try:
            confirmed = await self._carry(wish)
        except ThinknxBusyError:
            if wish.stopped:
                return None
            if not ORDERS[wish.command].merges:
                raise
            # Nothing was carried out, and a state may be set again.
            confirmed = await self._carry(wish)
        return None if wish.stopped else confirmed


def _fail(wish: Wish, err: Exception) -> None:
    """Tell those who wait, who may all have gone."""
    wish.done.set_exception(err)
    wish.done.exception()
