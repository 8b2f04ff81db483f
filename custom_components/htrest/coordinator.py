"""The coordinator: what is read becomes data, and commands become writes."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final, override

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator

from .api import HtRestClient
from .boost import HotWaterBoost
from .catalog import CATALOG, FAULT, RESET_FAULT, TANK_SET_POINT
from .const import (
    CONF_ALLOW_CHANGES,
    CONF_ALLOW_RAW,
    CONF_KEEP_CLOCK,
    CONF_POLL_INTERVAL,
    DEFAULT_POLL_INTERVAL,
    DOMAIN,
    LOGGER,
)
from .energy import report_energy
from .errors import (
    HtRestError,
    HtRestFaultStandsError,
    HtRestNotConfirmedError,
    HtRestOtherPumpError,
    HtRestUncertainError,
)
from .events import tell_news
from .memory import Boost, Memory
from .models import Device, FaultEntry, ProgramHead, Slot, TimeProgram, Value
from .programs import ProgramWriter
from .reader import Reader, local_now
from .rules import in_type, refusal
from .translate import ErrorTranslator
from .writer import Writer

# What entities listen to that is no point; no point's name begins so.
FAULTS: Final = "*faults"
CLOCK: Final = "*clock"
PROGRAMS: Final = "*programs"
NEW_POINTS: Final = "*new"
INTERVAL: Final = "*interval"
BOOST: Final = "*boost"

CLOCK_TOLERANCE: Final = 30  # seconds before a clock is put right by itself
CLOCK_EXACT: Final = 5  # seconds by which a clock that was just set may be wrong
FAULT_RE_READS: Final = (0.0, 2.0, 3.0, 5.0)  # seconds between them

type HtRestConfigEntry = ConfigEntry[HtRestCoordinator]


@dataclass(frozen=True, slots=True)
class Plant:
    """A heat pump as it last showed itself."""

    device: Device
    values: Mapping[str, Value] = field(default_factory=dict)  # of points that can be read
    last_fault: FaultEntry | None = None
    drift: int | None = None
    interval: float = 0.0
    heads: tuple[ProgramHead, ...] = ()
    programs: Mapping[int, TimeProgram] = field(default_factory=dict)
    boost: Boost | None = None


class HtRestCoordinator(DataUpdateCoordinator[Plant]):
    """One heat pump.

    Data is replaced as a whole and never changed in place. Entities listen with the names of the
    points that they show as context: only those are woken whose points changed, and besides the few
    that the reader itself needs only points are read that somebody listens to.
    """

    config_entry: HtRestConfigEntry

    def __init__(
        self,
        hass: HomeAssistant,
        entry: HtRestConfigEntry,
        client: HtRestClient,
        device: Device,
        memory: Memory,
        wanted_at_first: frozenset[str],
    ) -> None:
        """Take the heat pump as /device told of it, and the points that will have entities."""
        wished = entry.options.get(CONF_POLL_INTERVAL, DEFAULT_POLL_INTERVAL)
        super().__init__(
            hass,
            LOGGER,
            config_entry=entry,
            name=entry.title,
            update_interval=timedelta(seconds=wished),
        )
        self.client = client
        self.memory = memory
        self.errors = ErrorTranslator(hass, entry)
        self.reader = Reader(client, memory, device.serial, wished)
        self.writer = Writer(client, confirmed=self._async_confirmed)
        self.boost = HotWaterBoost(self.reader, self.writer.write)
        self.programs = ProgramWriter(self.reader)
        self.device_id = ""  # in the device registry; set once it stands there
        self.data = Plant(device)
        self._wanted_at_first = wanted_at_first
        self._started = False
        self._shown = self.data
        self._shown_success = True

    # Reading

    @override
    async def _async_setup(self) -> None:
        with self.errors.poll():
            await self.reader.start(self._wanted_at_first)

    @override
    async def _async_update_data(self) -> Plant:
        if self._started:
            try:
                await self._read()
            finally:
                tell_news(self, self.reader.take_news())
        self._started = True
        await self.boost.tend()
        await self._keep_clock()
        self._adopt_pace()
        report_energy(self.hass, self.config_entry, self.memory.table, self.reader.values)
        return self._plant()

    async def _read(self) -> None:
        with self.errors.poll():
            try:
                await self.reader.cycle(self.wanted, self.reader.pace.interval)
            except HtRestOtherPumpError:
                # A new start says so, and writes nothing to a stranger.
                self.hass.config_entries.async_schedule_reload(self.config_entry.entry_id)
                raise

    @property
    def wanted(self) -> frozenset[str]:
        """The points that enabled entities show."""
        return frozenset().union(*self.async_contexts())

    @callback
    def async_tell_missed(self) -> None:
        """Tell of the faults that came while nobody was there to hear of them."""
        tell_news(self, self.reader.take_news())

    def _plant(self) -> Plant:
        reader = self.reader
        aside = reader.schedule.aside
        return Plant(
            device=self.data.device,
            values={name: value for name, value in reader.values.items() if name not in aside},
            last_fault=self.memory.last_fault,
            drift=reader.drift,
            interval=reader.pace.interval,
            heads=reader.heads or (),
            programs=dict(reader.programs),
            boost=self.memory.boost,
        )

    def _adopt_pace(self) -> None:
        """Ask as often as the line bears."""
        interval = timedelta(seconds=self.reader.pace.interval)
        if interval == self.update_interval:
            return
        if self.data.interval <= self.reader.pace.wished < self.reader.pace.interval:
            LOGGER.info(
                "The serial line of %s is slow; it is now asked every %s seconds instead of %s",
                self.name,
                round(self.reader.pace.interval),
                round(self.reader.pace.wished),
            )
        self.update_interval = interval

    @callback
    def _async_publish(self) -> None:
        """Show what is known now."""
        self.data = self._plant()
        self.async_update_listeners()

    @callback
    def _async_confirmed(self, name: str, value: Value) -> None:
        self.reader.confirmed(name, value)
        self._async_publish()

    # Commands

    @property
    def may_change(self) -> bool:
        """Whether the options allow changes."""
        return bool(self.config_entry.options.get(CONF_ALLOW_CHANGES, False))

    def _check_access(self, *, raw: bool = False) -> None:
        allowed = self.may_change
        key = "changes_not_allowed"
        if allowed and raw:
            allowed = self.config_entry.options.get(CONF_ALLOW_RAW, False)
            key = "raw_not_allowed"
        if not allowed:
            raise ServiceValidationError(
                translation_domain=DOMAIN,
                translation_key=key,
                translation_placeholders={"name": self.config_entry.title},
            )

    def check(self, name: str, value: float, *, raw: bool = False) -> None:
        """Find out whether a value may be written.

        Raises:
            ServiceValidationError: the options or the point do not allow it.
        """
        self._check_access(raw=raw)
        parameter = CATALOG[name]
        if reason := refusal(parameter, value, raw=raw):
            raise ServiceValidationError(
                translation_domain=DOMAIN,
                translation_key=reason,
                translation_placeholders={
                    "name": name,
                    "minimum": f"{parameter.low:g}",
                    "maximum": f"{parameter.high:g}",
                },
            )

    async def async_write(self, name: str, value: float, *, raw: bool = False) -> None:
        """Write a value; return once the heat pump shows it.

        Raises:
            ServiceValidationError: the options or the point do not allow it; nothing was sent.
            HomeAssistantError: translated; says what happened.
        """
        self.check(name, value, raw=raw)
        with self.errors.command(name, writes=True):
            try:
                await self.boost.write(name, in_type(CATALOG[name], value))
            except HtRestError:
                self.reader.doubtful()
                raise
        self._async_publish()

    async def async_read_now(self, *names: str) -> None:
        """Read some points before something is decided by them.

        Raises:
            HomeAssistantError: translated; says what happened.
        """
        with self.errors.command(self.config_entry.title):
            await self.reader.read_now(names)
        self._async_publish()

    async def async_heat_water(self, target: float | None, minutes: int | None) -> None:
        """Heat the hot water now. Raises as async_write() does."""
        self._check_access()
        if target is not None:
            self.check(TANK_SET_POINT, target)
        with self.errors.command(self.config_entry.title, writes=True):
            try:
                await self.boost.start(None if target is None else int(target), minutes)
            finally:
                self._async_publish()

    async def async_end_boost(self) -> None:
        """Put back what was set before the hot water was heated. Raises as async_write() does."""
        self._check_access()
        with self.errors.command(self.config_entry.title):
            try:
                await self.boost.stop()
            finally:
                self._async_publish()

    async def async_write_days(self, index: int, days: Mapping[int, Sequence[Slot]]) -> None:
        """Write days of a time program. Raises as async_write() does."""
        self._check_access()
        with self.errors.command(self.config_entry.title, writes=True):
            await self.programs.write(index, days)
        self._async_publish()

    async def async_set_clock(self) -> None:
        """Set the heat pump's clock to the local time. Raises as async_write() does."""
        self._check_access()
        with self.errors.command(self.config_entry.title, writes=True):
            await self._set_clock()
        self._async_publish()

    async def _set_clock(self) -> None:
        lost = False
        await self.reader.read_drift()
        before = self.reader.drift or 0
        try:
            await self.client.set_clock(lambda: local_now() + timedelta(seconds=0.5))
        except HtRestUncertainError:
            lost = True  # the clock itself will tell
        await self.reader.read_drift()
        after = self.reader.drift or 0
        if abs(after) > CLOCK_EXACT:
            if lost:
                raise HtRestUncertainError
            # A read-only server leaves it just where it was.
            raise HtRestNotConfirmedError(echoed=abs(after - before) < CLOCK_EXACT)

    async def _keep_clock(self) -> None:
        """Put the clock right if that is wished, once for each time that it is read."""
        wished = self.may_change and self.config_entry.options.get(CONF_KEEP_CLOCK, False)
        fresh, self.reader.clock_is_news = self.reader.clock_is_news, False
        if wished and fresh and abs(self.reader.drift or 0) > CLOCK_TOLERANCE:
            try:
                await self._set_clock()
            except HtRestError as err:
                LOGGER.debug("The clock could not be set: %r", err)

    async def async_reset_fault(self) -> None:
        """Acknowledge a fault; return once none stands. Raises as async_write() does."""
        self._check_access()
        with self.errors.command(self.config_entry.title, writes=True):
            try:
                await self.client.trigger(RESET_FAULT)
            except HtRestUncertainError as err:
                LOGGER.debug("The answer to a reset was lost: %r", err)
            for pause in FAULT_RE_READS:
                await asyncio.sleep(pause)
                shown = await self.client.read([FAULT], urgent=True)
                self.reader.values |= shown
                if shown.get(FAULT) is False:
                    break
            else:
                raise HtRestFaultStandsError
        self._async_publish()

    async def async_search(self) -> None:
        """Search for points once more, in the polls to come. Raises as async_write() does."""
        with self.errors.command(self.config_entry.title):
            await self.reader.search_again()

    async def async_settle(self) -> None:
        """Send nothing more, and wait until everybody has heard of it."""
        self.writer.close()
        self.client.close()
        await self.boost.settle()

    @override
    async def async_shutdown(self) -> None:
        """Send nothing more once the entry is unloaded."""
        self.writer.close()
        self.client.close()
        await super().async_shutdown()

    # Waking

    @callback
    @override
    def async_update_listeners(self) -> None:
        """Wake those whose points changed."""
        changed = self._changed()
        everybody = self.last_update_success is not self._shown_success
        self._shown, self._shown_success = self.data, self.last_update_success
        for update, subjects in list(self._listeners.values()):
            if everybody or (isinstance(subjects, frozenset) and not changed.isdisjoint(subjects)):
                try:
                    update()
                except Exception:  # noqa: BLE001  one broken entity must not stop the others
                    LOGGER.exception("An entity could not be updated")

    def _changed(self) -> set[str]:
        before, now = self._shown, self.data
        known = before.values.get
        changed = {name for name, value in now.values.items() if known(name) != value}
        lost = before.values.keys() - now.values.keys()
        if now.values.keys() - before.values.keys():
            changed.add(NEW_POINTS)
        for subject, differs in (
            (FAULTS, before.last_fault != now.last_fault),
            (CLOCK, before.drift != now.drift),
            (PROGRAMS, before.programs != now.programs or before.heads != now.heads),
            (INTERVAL, before.interval != now.interval),
            (BOOST, before.boost != now.boost),
        ):
            if differs:
                changed.add(subject)
        return changed | lost


@callback
def async_when_points_appear(entry: HtRestConfigEntry, add: Callable[[], None]) -> None:
    """Call a function now, and whenever points can be read that could not be before."""
    entry.async_on_unload(entry.runtime_data.async_add_listener(add, frozenset({NEW_POINTS})))
    add()
