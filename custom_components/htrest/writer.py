"""Writing to points: one write at a time to each, confirmed by the heat pump or an error."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from .api import HtRestClient
from .errors import HtRestConnectionError, HtRestUncertainError
from .models import Value


@dataclass(slots=True)
class _Wish:
    """The value that waits to be written; a later one takes its place."""

    value: Value
    done: asyncio.Future[None]


class _Queue:
    """The writes to one point: at most one on its way and one that waits."""

    def __init__(self) -> None:
        self.wish: _Wish | None = None
        self.task: asyncio.Task[None] | None = None


class Writer:
    """Writes values and returns once the heat pump shows them."""

    def __init__(self, client: HtRestClient, confirmed: Callable[[str, Value], None]) -> None:
        """Report each value that the heat pump has taken to confirmed()."""
        self._client = client
        self._confirmed = confirmed
        self._queues: dict[str, _Queue] = {}
        self._closed = False

    async def write(self, name: str, value: Value) -> None:
        """Write a value; return once the heat pump shows it.

        A value that still waits behind another write to the same point is replaced by a later one,
        and both callers hear of that one's end.

        Raises as HtRestClient.write() does.
        """
        if self._closed:
            raise HtRestConnectionError("closed")
        queue = self._queues.setdefault(name, _Queue())
        if queue.wish is None:
            queue.wish = _Wish(value, asyncio.get_running_loop().create_future())
        else:
            queue.wish.value = value
        done = queue.wish.done
        if queue.task is None:
            queue.task = asyncio.create_task(self._run(name, queue))
        # Whoever waits may give up; the write is on its way all the same.
        await asyncio.shield(done)

    def close(self) -> None:
        """Send nothing more: what waits has failed, what is on its way may have been done."""
        self._closed = True
        for queue in self._queues.values():
            if queue.wish is not None:
                _fail(queue.wish, HtRestConnectionError("closed"))
                queue.wish = None
            if queue.task is not None:
                queue.task.cancel()

    async def _run(self, name: str, queue: _Queue) -> None:
        try:
            while queue.wish is not None:
                wish, queue.wish = queue.wish, None
                await self._carry_out(name, wish)
        finally:
            queue.task = None

    async def _carry_out(self, name: str, wish: _Wish) -> None:
        try:
            await self._client.write(name, wish.value)
        except asyncio.CancelledError:
            _fail(wish, HtRestUncertainError())
            raise
        except Exception as err:  # noqa: BLE001  it belongs to those who wait
            _fail(wish, err)
        else:
            wish.done.set_result(None)  # whoever waits goes on after this
            self._confirmed(name, wish.value)


def _fail(wish: _Wish, err: Exception) -> None:
    """Tell those who wait, who may all have gone."""
    wish.done.set_exception(err)
    wish.done.exception()
