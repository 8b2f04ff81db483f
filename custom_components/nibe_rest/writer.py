"""Writing to points: one write at a time to each, confirmed by the heat pump or an error."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
import logging

from .api import NibeClient
from .corrections import SLOW
from .errors import (
    NibeConnectionError,
    NibeError,
    NibeNoSuchPointError,
    NibeNotConfirmedError,
    NibeUncertainError,
)
from .models import Point, Raw

_LOGGER = logging.getLogger(__name__)

MIN_GAP = 5.0  # seconds between two writes to one point
APPEARS_WITHIN = (2.0, 4.0, 8.0, 16.0, 30.0)  # 60 s in all
RE_READS = (1.0, 1.0, 2.0, 3.0, 7.0)  # 14 s in all


@dataclass(slots=True)
class _Wish:
    """The value that waits to be written; a later one takes its place."""

    raw: int
    done: asyncio.Future[None]


class _Queue:
    """The writes to one point: at most one on its way and one that waits."""

    def __init__(self) -> None:
        self.wish: _Wish | None = None
        self.task: asyncio.Task[None] | None = None
        self.free_at = 0.0


class PointWriter:
    """Writes raw values and returns once the heat pump shows them."""

    def __init__(
        self,
        client: NibeClient,
        *,
        confirmed: Callable[[int, Raw], None],
        spend: Callable[[int], Awaitable[None]],
        gap: float = MIN_GAP,
        re_reads: Sequence[float] = RE_READS,
        slow: Mapping[int, float] = SLOW,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """Report each value read to confirmed(); ask spend() before each write, which may raise."""
        self._client = client
        self._confirmed = confirmed
        self._spend = spend
        self._gap = gap
        self._re_reads = re_reads
        self._slow = slow
        self._sleep = sleep
        self._queues: dict[int, _Queue] = {}
        self._closed = False

    async def write(self, point_id: int, raw: int) -> None:
        """Write a value; return once the heat pump shows it.

        A value that still waits behind another write to the same point is replaced by a later
        one, and both callers hear of that one's end. What the point shows already is not sent.

        Raises:
            NibeNotConfirmedError: taken, but another value is shown.
            NibeNoSuchPointError, NibeRefusedError: the heat pump says so.
            NibeUncertainError: the connection broke after sending.
            NibeConnectionError, NibeAuthError, NibeCertificateError, NibeResponseError.
            Whatever spend() raises.
        """
        if self._closed:
            raise NibeConnectionError("closed")
        queue = self._queues.setdefault(point_id, _Queue())
        if queue.wish is None:
            queue.wish = _Wish(raw, asyncio.get_running_loop().create_future())
        else:
            queue.wish.raw = raw
        done = queue.wish.done
        if queue.task is None:
            queue.task = asyncio.create_task(self._run(point_id, queue))
        # Whoever waits may give up; the write is on its way all the same.
        await asyncio.shield(done)

    def close(self) -> None:
        """Send nothing more: what waits has failed, what is on its way may have been done."""
        self._closed = True
        for queue in self._queues.values():
            if queue.wish is not None:
                _fail(queue.wish, NibeConnectionError("closed"))
                queue.wish = None
            if queue.task is not None:
                queue.task.cancel()

    async def _run(self, point_id: int, queue: _Queue) -> None:
        try:
            await self._write_wishes(point_id, queue)
        finally:
            queue.task = None

    async def _write_wishes(self, point_id: int, queue: _Queue) -> None:
        loop = asyncio.get_running_loop()
        while queue.wish is not None:
            if (pause := queue.free_at - loop.time()) > 0:
                await self._sleep(pause)
            wish, queue.wish = queue.wish, None
            try:
                if not await self._shows(point_id, wish.raw):
                    await self._spend(point_id)
                    queue.free_at = loop.time() + self._gap
                    await self._write_and_confirm(point_id, wish.raw)
            except asyncio.CancelledError:
                _fail(wish, NibeUncertainError())
                raise
            except Exception as err:  # noqa: BLE001  it belongs to those who wait
                _fail(wish, err)
            else:
                wish.done.set_result(None)

    async def _write_and_confirm(self, point_id: int, raw: int) -> None:
        if await self._client.write(point_id, raw) == raw:
            self._confirmed(point_id, raw)
            return
        # "modified", or the old value: some heat pumps take seconds, and some never do it.
        pauses = [*self._re_reads]
        if (longer := self._slow.get(point_id, 0.0) - sum(pauses)) > 0:
            pauses.append(longer)
        answered = False
        for pause in pauses:
            await self._sleep(pause)
            try:
                if await self._shows(point_id, raw):
                    return
                answered = True
            except NibeError as err:
                # A read that fails says nothing about the write, and points come and go.
                _LOGGER.debug("Read after a write failed: %r", err)
        raise NibeNotConfirmedError if answered else NibeUncertainError

    async def expect(self, point_id: int) -> tuple[Point, Raw] | None:
        """Wait until a point is there and return it with its value; None after a minute."""
        for pause in APPEARS_WITHIN:
            try:
                return await self._client.point(point_id)
            except NibeNoSuchPointError:
                await self._sleep(pause)
        return None

    async def _shows(self, point_id: int, raw: int) -> bool:
        _, shown = await self._client.point(point_id)
        self._confirmed(point_id, shown)
        return shown == raw


def _fail(wish: _Wish, err: Exception) -> None:
    """Tell those who wait, who may all have gone."""
    wish.done.set_exception(err)
    wish.done.exception()
