"""What is asked of a server, and when: commands at once, reads in turn, a canary while it is down."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Mapping
import logging
from random import uniform
from typing import Any, Final, Protocol

from .ages import MOVING_EVERY, Ages, Endpoint, Key
from .api import ThinknxClient
from .endpoints import ORDERS, Aspect, Command, Dpt
from .errors import (
    ThinknxAuthError,
    ThinknxBusyError,
    ThinknxError,
    ThinknxRefusedError,
    ThinknxResponseError,
    ThinknxUncertainError,
)
from .lane import Lane, Wish
from .models import ServerStatus
from .pace import Pace
from .values import Reading

_LOGGER = logging.getLogger(__name__)

STATUS_EVERY: Final = 60.0
STATUS_AGAIN: Final = 5.0  # after an answer about a device that makes no sense
FAILURES_ALLOWED: Final = 4  # in a row, then the server is taken for down
SHORTEST_BACK_OFF: Final = 2.0
LONGEST_BACK_OFF: Final = 120.0
SILENCES_ALLOWED: Final = 2  # replies in a row that did not come, then none is asked for
MOVE_SECONDS: Final = 120.0
MOMENT: Final = 0.001  # seconds; shorter is no wait
PATIENCE: Final = 10.0  # seconds after which a command that could not be sent is given up

type Sleep = Callable[[float], Awaitable[None]]


class Listener(Protocol):
    """Who hears of what was read."""

    def told(self, key: Key, reading: Reading) -> None:
        """Take in a value."""

    def refused(self, key: Key, err: ThinknxError) -> None:
        """Take note of a value that cannot be read, time and again."""

    def server(self, status: ServerStatus) -> None:
        """Take in how the server is doing."""

    def reachable(self, err: ThinknxError | None) -> None:
        """Take note that the server answers, or why it does not."""


class Scheduler:
    """Asks one server; whoever starts run() has to end it."""

    def __init__(
        self,
        client: ThinknxClient,
        listener: Listener,
        rate: float,
        *,
        reads_at_once: int = 2,
        commands_at_once: int = 4,
        now: Callable[[], float] | None = None,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        """Ask so many times a second; time is the event loop's unless another is given."""
        self._client = client
        self._listener = listener
        self.now = now or asyncio.get_running_loop().time
        self._sleep = sleep
        self._reads_at_once = reads_at_once
        self.ages = Ages()
        self.pace = Pace(rate, self.now())
        self._lane = Lane(self._carry, commands_at_once)
        self._sequence: dict[str, int] = {}
        self._silences: dict[tuple[str, Command], int] = {}
        self._reads: set[asyncio.Task[None]] = set()
        self._failures = 0
        self._suspects: dict[Key, tuple[Endpoint, ThinknxError]] = {}  # reads that broke off
        self._is_down = False
        self._status_at: float | None = None
        self._sent_at: deque[float] = deque(maxlen=5000)

    @property
    def requests_per_second(self) -> float:
        """How many requests were sent lately, on the average of a minute."""
        since = self.now() - 60
        return sum(at > since for at in self._sent_at) / 60

    @property
    def oldest(self) -> float | None:
        """The age of the oldest value in seconds."""
        return self.ages.oldest(self.now())

    @property
    def is_busy(self) -> bool:
        """Whether anything is being read or commanded at this moment."""
        return bool(self._reads) or self._lane.is_busy

    # Reading

    def want(self, keys: Iterable[Key]) -> None:
        """Read these values and no others from now on."""
        self.ages.want(keys)

    def read_soon(self, keys: Iterable[Key]) -> None:
        """Read some values before the others."""
        for guid, aspect in keys:
            self.ages.read_soon(guid, aspect, self.now(), (0.0,))

    def read_status_soon(self) -> None:
        """Read how the server is doing before anything else."""
        self._status_at = None

    async def run(self) -> None:
        """Read until cancelled, or until the server refuses user and password."""
        try:
            while True:
                try:
                    await self._step()
                except ThinknxAuthError:
                    raise
                except Exception:
                    # Whoever could not take something in must not end it for all others.
                    _LOGGER.exception("Unexpected error while reading")
                    await self._sleep(SHORTEST_BACK_OFF)
        except ThinknxAuthError as err:
            self._listener.reachable(err)
        finally:
            for task in self._reads:
                task.cancel()
            await asyncio.gather(*self._reads, return_exceptions=True)

    def close(self) -> None:
        """Send nothing more."""
        self._lane.close()
        self._client.close()

    async def _step(self) -> None:
        """Send what may be sent now, or wait."""
        now = self.now()
        if self._failures >= FAILURES_ALLOWED:
            await self._try_canary()
        elif (wait := self.pace.wait(now)) >= MOMENT:
            await self._sleep(wait)
        elif len(self._reads) >= self._reads_at_once:
            await asyncio.wait(self._reads, return_when=asyncio.FIRST_COMPLETED)
        elif self._status_at is None or now - self._status_at >= STATUS_EVERY:
            await self._read_status()
        elif (endpoint := self.ages.next(now, self.pace.rate)) is not None:
            endpoint.reading = True
            task = asyncio.create_task(self._read(endpoint))
            self._reads.add(task)
            task.add_done_callback(self._reads.discard)
            self._spend()
        else:
            await self._sleep(self.ages.wait(now))

    def _spend(self) -> None:
        now = self.now()
        self._sent_at.append(now)
        self.pace.sent(now, jitter=uniform(0.9, 1.1))  # noqa: S311  no secret hangs on it

    async def _read_status(self) -> None:
        self._status_at = self.now()
        self._spend()
        try:
            status = await self._client.server_status()
        except ThinknxError as err:
            self._failed(err)
            self._status_at -= STATUS_EVERY - STATUS_AGAIN
        else:
            self._succeeded()
            self._listener.server(status)

    async def _read(self, endpoint: Endpoint) -> None:
        """Read a value; one that was asked for before a command cannot undo it."""
        before = self._sequence.get(endpoint.guid, 0)
        try:
            reading = await self._client.read(endpoint.guid, endpoint.aspect)
        except (ThinknxAuthError, ThinknxRefusedError, ThinknxResponseError) as err:
            self._refused(endpoint, err)
        except ThinknxBusyError as err:
            self._failed(err)
            endpoint.not_before = self.now() + SHORTEST_BACK_OFF
        except ThinknxError as err:
            self._failed(err)
            self._suspects[endpoint.key] = endpoint, err
            self.ages.broke_off(endpoint, self.now())
        else:
            self._suspects.pop(endpoint.key, None)
            self._succeeded()
            if self._sequence.get(endpoint.guid, 0) == before:
                self.ages.was_read(endpoint, reading.value, self.now())
                self._listener.told(endpoint.key, reading)
            else:
                self.ages.read_soon(endpoint.guid, endpoint.aspect, self.now(), (0.0,))
        finally:
            endpoint.reading = False

    def _refused(self, endpoint: Endpoint, err: ThinknxError) -> None:
        """Leave one value alone; whether it is only that one, the server's status shows."""
        now = self.now()
        endpoint.breaks = 0
        self._suspects.pop(endpoint.key, None)
        if isinstance(err, ThinknxRefusedError):
            self._succeeded()
        elif isinstance(err, ThinknxAuthError):
            self._failed(err)
        elif self._status_at is not None:
            self._status_at = min(self._status_at, now - STATUS_EVERY + STATUS_AGAIN)
        if self.ages.was_refused(endpoint, now):
            self._listener.refused(endpoint.key, err)

    def _succeeded(self) -> None:
        self.pace.answered()
        self._failures = 0
        self._give_up_lost()
        if self._is_down:
            self._is_down = False
            self._listener.reachable(None)

    def _failed(self, err: ThinknxError) -> None:
        if isinstance(err, ThinknxAuthError):
            # It may be about this device only: the canary finds out, by one request more.
            self._failures = max(self._failures, FAILURES_ALLOWED)
        elif isinstance(err, ThinknxBusyError):
            self.pace.refused(self.now(), err.retry_after)
        else:
            # Only these values may be concerned: the canary finds that out too.
            self._failures += 1

    def _tell_down(self, err: ThinknxError) -> None:
        self._suspects.clear()
        if not self._is_down:
            self._is_down = True
            self._listener.reachable(err)

    def _blame_suspects(self) -> None:
        """Count reads that broke off as refused, now that the server itself answers."""
        for key, (endpoint, err) in list(self._suspects.items()):
            if self.ages.was_refused(endpoint, self.now()):
                del self._suspects[key]
                self._listener.refused(key, err)

    def _give_up_lost(self) -> None:
        """Take leave of values whose reads break off while others do not."""
        for endpoint, err in self._suspects.values():
            if not endpoint.reading and self.ages.is_lost(endpoint, self.now()):
                self.ages.give_up(endpoint, self.now())
                self._listener.refused(endpoint.key, err)
        self._suspects.clear()

    async def _try_canary(self) -> None:
        """While the server is down, or seems to be, ask it one thing only, and less and less often.

        Raises:
            ThinknxAuthError: it refuses user and password.
        """
        exponent = min(self._failures - FAILURES_ALLOWED, 10)
        back_off = min(LONGEST_BACK_OFF, SHORTEST_BACK_OFF * 2**exponent)
        await self._sleep(back_off * uniform(0.9, 1.1))  # noqa: S311  no secret hangs on it
        self._spend()
        try:
            status = await self._client.server_status()
        except ThinknxAuthError:
            raise
        except ThinknxBusyError as err:
            self._succeeded()  # it is there, after all
            self.pace.refused(self.now(), err.retry_after)
        except ThinknxError as err:
            self._failures += 1
            self._tell_down(err)
        else:
            self._status_at = self.now()
            self._blame_suspects()
            self._succeeded()
            self._listener.server(status)

    # Commands

    async def command(self, guid: str, command: Command, value: float) -> bool | None:
        """Tell a device something; return once the server has taken it.

        Returns:
            Whether the device has confirmed it. None: stop overtook it, if it was sent at all.

        Raises:
            ThinknxError: what became of it.
        """
        return await self._lane.put(guid, command, value, self.now())

    async def telegram(self, dpt: Dpt, group: str, value: float) -> Mapping[str, Any]:
        """Put a value on the bus in its turn; return what the server says that it has sent.

        Raises:
            ThinknxError: what became of it.
        """
        await self._turn(self.now())
        self._count_command()
        try:
            return await self._client.telegram(dpt, group, value)
        except ThinknxError as err:
            self._command_failed(err)
            raise

    async def _turn(self, since: float) -> None:
        """Wait until a command may be sent.

        Raises:
            ThinknxBusyError: that would be too late; nothing was sent.
        """
        while (wait := self.pace.command_wait(self.now())) >= MOMENT:
            if self.now() + wait > since + PATIENCE:
                raise ThinknxBusyError(wait)
            await self._sleep(wait)

    def _count_command(self) -> None:
        now = self.now()
        self._sent_at.append(now)
        self.pace.command_sent(now)

    def _command_failed(self, err: ThinknxError) -> None:
        if isinstance(err, ThinknxBusyError):
            self.pace.refused(self.now(), err.retry_after)
        elif isinstance(err, ThinknxAuthError):
            self._failed(err)

    async def _carry(self, wish: Wish) -> bool:
        if wish.command is not Command.STOP:
            await self._turn(wish.since)
        if wish.stopped:
            return False
        self._count_command()
        order = ORDERS[wish.command]
        silences = self._silences.get((wish.guid, wish.command), 0)
        feedback = order.feedback and silences < SILENCES_ALLOWED
        self._sequence[wish.guid] = self._sequence.get(wish.guid, 0) + 1
        reading: Reading | None = None
        try:
            reading = await self._client.command(
                wish.guid, wish.command, wish.value, feedback=feedback
            )
        except ThinknxError as err:
            self._command_failed(err)
            timed_out = isinstance(err, ThinknxUncertainError) and err.timed_out
            if not (feedback and timed_out):
                raise
            # It was sent; the device has not told. What it shows will.
        finally:
            self._sequence[wish.guid] += 1
            confirmed = reading is not None and reading.value is not None
            self._look_again(wish, order.aspect, confirmed=confirmed)
        if feedback:
            self._silences[wish.guid, wish.command] = 0 if confirmed else silences + 1
        if reading is not None and confirmed and order.aspect is not None:
            self._take_reply((wish.guid, order.aspect), reading)
        return confirmed

    def _take_reply(self, key: Key, reading: Reading) -> None:
        if endpoint := self.ages.endpoints.get(key):
            self.ages.was_read(endpoint, reading.value, self.now())
        self._listener.told(key, reading)

    def _look_again(self, wish: Wish, aspect: Aspect | None, *, confirmed: bool) -> None:
        now = self.now()
        if wish.command in {Command.UPDOWN, Command.HEIGHT}:
            self.ages.moves(wish.guid, now, MOVE_SECONDS)
            self.ages.read_soon(wish.guid, Aspect.HEIGHT, now, (MOVING_EVERY,))
        elif wish.command in {Command.STOP, Command.STEP}:
            for one in (Aspect.HEIGHT, Aspect.ANGLE):
                self.ages.was_commanded(wish.guid, one, now, confirmed=False)
        elif aspect is not None:
            self.ages.was_commanded(wish.guid, aspect, now, confirmed=confirmed)
