"""What is read of a heat pump, tier by tier; each request's answer counts at once."""

from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from datetime import datetime, timedelta
import logging
from typing import Final

from homeassistant.util import dt as dt_util

from .api import HtRestClient
from .catalog import (
    CATALOG,
    CIRCUITS,
    FAULT,
    PREPARING_HOT_WATER,
    RETURN_TO,
    TANK_TEMPERATURE,
)
from .discovery import CHUNK, Findings, read_each, read_measured
from .errors import (
    HtRestAbsentPointError,
    HtRestLineError,
    HtRestOtherPumpError,
    HtRestResponseError,
)
from .faults import read_news
from .memory import Memory
from .models import FaultEntry, Kind, ProgramHead, TimeProgram, Value
from .polling import DAILY, FAULTS_EVERY, SETTINGS_EVERY, TRY_AGAIN, Pace, Schedule

_LOGGER = logging.getLogger(__name__)

FAULTS: Final = "*faults"
CLOCK: Final = "*clock"
PROGRAMS: Final = "*programs"
DEVICE: Final = "*device"
FAULTS_TRIED: Final = "*faults tried"
SOON: Final = 60.0  # seconds until a look at the faults that failed is tried again

# Measured points that are read whether or not anybody shows them: faults and hot water need them.
ESSENTIAL: Final = frozenset({FAULT, TANK_TEMPERATURE, PREPARING_HOT_WATER})

# Names that become entities; the others are read on request.
SHOWN: Final = frozenset(name for name, parameter in CATALOG.items() if parameter.key)
STATIC: Final = frozenset(name for name in SHOWN if CATALOG[name].static)
EVERY: Final[Mapping[str, float]] = {
    name: DAILY if name in STATIC else SETTINGS_EVERY for name in CATALOG if name in SHOWN
}


class Reader:
    """Reads one heat pump, and keeps what was read."""

    def __init__(
        self, client: HtRestClient, memory: Memory, serial: str, wished_interval: float
    ) -> None:
        """Know nothing yet but which heat pump it is."""
        self._serial = serial
        self._news: list[FaultEntry] = []
        self.client = client
        self.memory = memory
        self.schedule = Schedule()
        self.pace = Pace(wished_interval)
        self.values: dict[str, Value] = {}
        self.heads: tuple[ProgramHead, ...] | None = None
        self.programs: dict[int, TimeProgram] = {}
        self.drift: int | None = None
        self.clock_is_news = False
        """Whether the clock was read in this poll."""
        self._offset: timedelta | None = None
        self._to_probe: list[str] = []
        self._fault_flag: Value | None = None

    @property
    def searching(self) -> int:
        """How many names are still to be tried."""
        return len(self._to_probe)

    # The start

    async def start(self, wanted: Iterable[str]) -> None:
        """Find out which points there are, and read those that are wanted.

        What an earlier start has found out is believed; the server's table is compared each time,
        which costs no serial command. Raises as HtRestClient.device() does.
        """
        self.schedule.done(DEVICE)
        await self._compare_table()
        memory = self.memory
        measured = _of_kind(memory.table & SHOWN - memory.absent, Kind.MEASURED)
        self._take(await read_measured(self.client, _in_order(measured), self._take_values))
        new = memory.table & SHOWN - memory.present - memory.absent - measured
        standard = {name for name in new if CATALOG[name].standard}
        self._to_probe = sorted(new - standard)
        settings = _of_kind(memory.present & (STATIC | set(wanted)), Kind.SETTING)
        wanted = _in_order(settings | standard)
        self._take(await read_each(self.client, wanted, self._take_values))
        await self._unless_it_fails(self._read_heads)
        await self._unless_it_fails(self._read_clock)
        await self._unless_it_fails(self._look_at_faults)

    async def _compare_table(self) -> None:
        """Take note of what the server's table has gained or lost."""
        table = await self.client.known_names(CATALOG)
        memory = self.memory
        if table != memory.table:
            memory.table = table
            memory.present &= table
            memory.absent &= table
            memory.save_soon()

    async def search_again(self) -> None:
        """Forget what the heat pump lacks, and try it all once more, a few names at a time.

        Raises as HtRestClient.device() does.
        """
        await self._compare_table()
        memory = self.memory
        memory.absent = frozenset()
        memory.save_soon()
        self.schedule.take_back(self.schedule.aside)
        self._to_probe = sorted(memory.table & SHOWN - self.values.keys())

    # A poll

    async def cycle(self, wanted: Collection[str], passed: float) -> None:
        """Read what is due.

        Raises as HtRestClient.device() does. Without the fast tier nothing else is read.
        """
        self.schedule.pass_time(passed)
        await self._read_fast(wanted)
        await self._unless_it_fails(lambda: self._read_settings(wanted))
        await self._unless_it_fails(self._look_at_faults)
        await self._unless_it_fails(self._read_clock)
        await self._unless_it_fails(self._read_program)
        await self._unless_it_fails(self._try_aside)
        await self._unless_it_fails(self._probe)
        await self._unless_it_fails(self._read_device)

    async def _read_fast(self, wanted: Collection[str]) -> None:
        names = (ESSENTIAL | set(wanted)) & self.memory.present - self.schedule.aside
        measured = _in_order(_of_kind(names, Kind.MEASURED))
        found = await read_measured(self.client, measured, self._take_values)
        self._take(found)
        if found.duration is not None:
            self.pace.took(found.duration)

    async def _read_settings(self, wanted: Collection[str]) -> None:
        """Read at most one chunk."""
        names = _of_kind((STATIC | set(wanted)) & self.memory.present, Kind.SETTING)
        chunk = self.schedule.next_chunk(_in_order(names), EVERY)
        self._take(await read_each(self.client, chunk, self._take_values))

    async def _look_at_faults(self) -> None:
        flag = self.values.get(FAULT)
        due = self.schedule.is_due(FAULTS, FAULTS_EVERY)
        if not due and (flag == self._fault_flag or not self.schedule.is_due(FAULTS_TRIED, SOON)):
            return
        self.schedule.postpone(FAULTS, FAULTS_EVERY, SOON)
        self.schedule.done(FAULTS_TRIED)
        self._news += await read_news(self.client, self.memory)
        self._fault_flag = flag
        self.schedule.done(FAULTS)
        self.schedule.expire(FAULTS_TRIED)

    def take_news(self) -> list[FaultEntry]:
        """Return lines of the fault list that nobody was told of yet, the oldest first."""
        news, self._news = self._news, []
        return news

    async def _read_device(self) -> None:
        """Look daily whether it is still the same heat pump.

        Raises:
            HtRestOtherPumpError: another one was put in its place.
        """
        if self.schedule.is_due(DEVICE, DAILY):
            self.schedule.postpone(DEVICE, DAILY, TRY_AGAIN)
            if (await self.client.device()).serial != self._serial:
                raise HtRestOtherPumpError
            self.schedule.done(DEVICE)

    async def _read_clock(self) -> None:
        """Read the clock daily, and when summer time begins or ends."""
        offset = dt_util.now().utcoffset()
        if offset == self._offset and not self.schedule.is_due(CLOCK, DAILY):
            return
        self.schedule.postpone(CLOCK, DAILY, TRY_AGAIN)
        self._offset = offset
        await self.read_drift()
        self.clock_is_news = True

    async def read_drift(self) -> None:
        """Read by how many seconds the heat pump's clock is ahead of ours.

        Raises as HtRestClient.device() does.
        """
        # It shows whole seconds, so that half of one has passed on average.
        shown = await self.client.clock() + timedelta(seconds=0.5)
        self.drift = round((shown - local_now()).total_seconds())
        self.schedule.done(CLOCK)

    async def _read_heads(self) -> None:
        self.schedule.done(PROGRAMS)
        try:
            self.heads = tuple(await self.client.program_heads())
        except HtRestAbsentPointError:
            self.heads = ()  # a heat pump without time programs

    async def _read_program(self) -> None:
        """Read one time program, each of them daily."""
        if self.heads is None:
            if self.schedule.is_due(PROGRAMS, SETTINGS_EVERY):
                await self._read_heads()
            return
        for head in self.heads:
            if self.schedule.is_due(_program(head.index), DAILY):
                self.schedule.postpone(_program(head.index), DAILY, TRY_AGAIN)
                await self.read_program(head.index)
                return

    async def read_program(self, index: int, *, urgent: bool = False) -> TimeProgram:
        """Read a time program now. Raises as HtRestClient.device() does."""
        program = await self.client.program(index, urgent=urgent)
        self.programs[index] = program
        self.schedule.done(_program(index))
        return program

    def forget_program(self, index: int) -> None:
        """Have a time program read again: it may be another than we think."""
        self.programs.pop(index, None)
        self.schedule.expire(_program(index))

    async def _try_aside(self) -> None:
        """Try one of the points that spoilt answers, by itself."""
        if (name := self.schedule.next_trial()) is None:
            return
        found = await read_each(self.client, [name], self._take_values)
        if name in found.values:
            self.schedule.take_back([name])
        self._take(found)

    async def _probe(self) -> None:
        """Try some of the names that the server knows, and the heat pump may not have."""
        chunk, rest = self._to_probe[:CHUNK], self._to_probe[CHUNK:]
        if not chunk:
            return
        self._to_probe = [*rest, *chunk]  # should it fail, the others have their turn first
        self._take(await read_each(self.client, chunk, self._take_values))
        self._to_probe = rest

    def _take_values(self, values: dict[str, Value]) -> None:
        """Take in an answer; a later one may be older than what was written in between."""
        self.values |= values
        self.schedule.done(*values)
        self._note_modes()

    def _take(self, found: Findings) -> None:
        """Take in which points there are, and which could not be read."""
        memory = self.memory
        present = memory.present | found.values.keys()
        # A point that was there once is only set aside: a pump may be slow to tell.
        absent = (memory.absent | found.absent) - present
        if (present, absent) != (memory.present, memory.absent):
            memory.present, memory.absent = present, absent
            memory.save_soon()
        if bad := found.bad - absent:
            _LOGGER.debug("Set aside: %s", sorted(bad))
            self.schedule.set_aside(bad)

    def _note_modes(self) -> None:
        """Note the mode of each circuit, for when it leaves a preset again."""
        for circuit in CIRCUITS:
            mode = RETURN_TO.get(int(self.values.get(circuit.mode, -1)))
            if mode is not None and self.memory.modes.get(circuit.part) != mode:
                self.memory.modes[circuit.part] = mode
                self.memory.save_soon()

    async def _unless_it_fails[T](self, read: Callable[[], Awaitable[T]]) -> T | None:
        """Return what was read, or None: without it the rest is good all the same."""
        try:
            return await read()
        except (HtRestLineError, HtRestResponseError, HtRestAbsentPointError) as err:
            _LOGGER.debug("Left out of this poll: %r", err)
            return None

    # Commands

    async def read_now(self, names: Collection[str]) -> None:
        """Read some points before all else. Raises as HtRestClient.read() does."""
        self._take_values(await self.client.read(names, urgent=True))

    def doubtful(self) -> None:
        """Have all settings read again: one may be another than we think."""
        self.schedule.expire(*(SHOWN - STATIC))

    def confirmed(self, name: str, value: Value) -> None:
        """Take in a value that was written; other settings may have changed with it."""
        self.values[name] = value
        self._note_modes()
        self.schedule.expire(*(SHOWN - STATIC - {name}))
        self.schedule.done(name)


def local_now() -> datetime:
    """Return the time that the heat pump's clock should show."""
    return dt_util.now().replace(tzinfo=None)


def _program(index: int) -> str:
    return f"*program{index}"


def _of_kind(names: Iterable[str], kind: Kind) -> set[str]:
    return {name for name in names if CATALOG[name].kind is kind}


def _in_order(names: Collection[str]) -> list[str]:
    """Return names in the order of the catalogue."""
    return [name for name in EVERY if name in names]
