"""History: hours that come late are put where they belong, and all that was before us, if wished."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from sqlalchemy.exc import SQLAlchemyError

from homeassistant.core import callback

from .budget import Priority
from .const import CONF_HISTORY, LOGGER
from .costs import CostImporter
from .errors import VrmBusyError, VrmConnectionError, VrmError
from .flows import Counter, counted
from .ledger import HOUR, Hours, Ledger, Row, hour_of, hours_of
from .memory import Progress, SiteMemory
from .models import LONGEST_SPAN, Interval
from .repairs import IssueKind, async_report
from .statistics import SensorStatistics, StatisticsWriter

if TYPE_CHECKING:
    from .coordinator import AccountCoordinator
    from .site_coordinator import SiteCoordinator

RECORDER: Final = "recorder"
SETTLING: Final = 600.0
"""Seconds after the end of an hour until the recorder has compiled it."""
PATIENCE: Final = 3600.0
"""Seconds after which a sensor should have been recorded, if it is at all."""
LOOK_AGAIN: Final = 60.0
"""Seconds between looks whether the recorder has begun to record a sensor."""
TRY_AGAIN: Final = 900.0
COSTS_EVERY: Final = 3600.0


class History:
    """Writes the hours of all sites of an account into the recorder's statistics."""

    def __init__(self, account: AccountCoordinator, writer: StatisticsWriter | None = None) -> None:
        """Write into the sensors' own statistics, unless told where else."""
        self._account = account
        self._writer = writer or SensorStatistics(account.hass)
        self._written: dict[tuple[int, Counter], dict[int, tuple[float, float]]] = {}
        self._since: dict[tuple[int, Counter], float] = {}
        self._look_again: dict[int, float] = {}
        self._not_before: dict[int, float] = {}
        self._impossible: set[int] = set()
        self._costs_due = float("-inf")
        self._costs = CostImporter(account, self._writer)

    @property
    def is_possible(self) -> bool:
        """Whether there is a recorder."""
        return RECORDER in self._account.hass.config.components

    @property
    def is_wanted(self) -> bool:
        """Whether the user wants all that was before us."""
        return bool(self._account.config_entry.options.get(CONF_HISTORY, False))

    def _counters(self, site: SiteCoordinator) -> list[Counter]:
        """Return what is to be written: what sensors count that the user has not disabled."""
        return [
            it for it in site.data.totals if self._writer.statistic_id(site.site_id, it) is not None
        ]

    # What comes late

    async def async_repair(self, site: SiteCoordinator) -> None:
        """Write the hours that may still change, where they are others than was written."""
        try:
            await self._async_repair(site)
        except SQLAlchemyError as err:  # the recorder's trouble is not the site's
            LOGGER.warning(
                "The recorder cannot take the hours of %s: %s", site.name, type(err).__name__
            )

    async def _async_repair(self, site: SiteCoordinator) -> None:
        ledger = site.memory.ledger
        if ledger is None or not site.data.totals or self._writer.is_busy:
            return
        counters = self._counters(site) if self.is_possible else []
        if not counters:
            self._report(site, present=self.is_wanted)
            return
        until = min(self._account.clock.time() - SETTLING, site.data.site.last_log or 0.0)
        waiting = [it for it in counters if not await self._async_write(site, ledger, it, until)]
        now = self._account.clock.monotonic()
        self._look_again.pop(site.site_id, None)
        if waiting:
            self._look_again[site.site_id] = now + LOOK_AGAIN
        late = [
            it for it in waiting if now - self._since.setdefault((site.site_id, it), now) > PATIENCE
        ]
        self._report(site, present=self.is_wanted and bool(late))
        self._account.memory.async_changed()

    async def _async_write(
        self, site: SiteCoordinator, ledger: Ledger, counter: Counter, until: float
    ) -> bool:
        """Write what has changed of a counter; return whether the recorder has it at all."""
        known = self._written.setdefault((site.site_id, counter), {})
        rows = ledger.rows(counter, until)
        changed = [row for row in rows if known.get(row.start) != _rounded(row)]
        if not changed:
            return True
        is_first = counter not in site.memory.anchored
        late = rows if is_first else [row for row in rows if row.start >= changed[0].start]
        name = f"{site.name} {counter}"
        if not await self._writer.async_write(site.site_id, counter, name, late):
            return False
        self._written[site.site_id, counter] = {row.start: _rounded(row) for row in rows}
        if self._writer.hole is not None:
            self._fill(site, self._writer.hole)
        self._since.pop((site.site_id, counter), None)
        if is_first:
            site.memory.anchored.add(counter)
            if progress := site.memory.history:  # this one has none yet
                site.memory.history = new_progress(
                    site.memory, progress.start, asked=progress.asked
                )
        return True

    @callback
    def _fill(self, site: SiteCoordinator, start: int) -> None:
        """Have hours imported that nobody has recorded: a sensor was disabled for days."""
        self._begin(site, start)

    @callback
    def _report(self, site: SiteCoordinator, *, present: bool) -> None:
        """Note whether a site's history is impossible; there is one repair for all."""
        (self._impossible.add if present else self._impossible.discard)(site.site_id)
        async_report(
            self._account.hass,
            self._account.config_entry,
            IssueKind.HISTORY_IMPOSSIBLE,
            present=bool(self._impossible & self._account.sites.keys()),
        )

    # What was before us

    async def async_step(self) -> bool:
        """Import a piece of history of one site; return whether there was anything to do."""
        if not self.is_possible or self._writer.is_busy:
            return False
        now = self._account.clock.monotonic()
        for site in self._account.sites.values():
            if self._look_again.get(site.site_id, now) < now:
                await self.async_repair(site)
            if self._not_before.get(site.site_id, now) > now:
                continue
            progress = self._progress(site)
            if progress is None or progress.is_complete:
                continue
            try:
                await self._async_import(site, progress)
            except (VrmError, SQLAlchemyError) as err:
                busy = isinstance(err, VrmBusyError | VrmConnectionError)
                self._not_before[site.site_id] = now + (TRY_AGAIN if busy else 24 * TRY_AGAIN)
                LOGGER.debug("History of %s: %r", site.name, err)
            await site.async_publish_energy()
            return True
        if self._costs_due <= now:
            self._costs_due = now + COSTS_EVERY
            try:
                await self._costs.async_import()
            except SQLAlchemyError as err:
                LOGGER.warning("The recorder cannot take costs: %s", type(err).__name__)
        return False

    def _progress(self, site: SiteCoordinator) -> Progress | None:
        """Return how far a site is; it begins once its first hours were written."""
        memory = site.memory
        if not memory.anchored:
            return None
        if memory.history is None and self.is_wanted:
            memory.history = new_progress(memory, site.data.site.created)
        progress = memory.history
        return progress if progress and (self.is_wanted or progress.asked) else None

    async def _async_import(self, site: SiteCoordinator, progress: Progress) -> None:
        """Read and write the piece that lies before what is there. Raises VrmError."""
        end = progress.reached
        start = max(progress.start, end - LONGEST_SPAN[Interval.HOURS])
        flows = await self._account.client.flows(
            site.site_id, Interval.HOURS, start, end, priority=Priority.HISTORY
        )
        hours = {at: it for at, it in hours_of(flows).items() if start <= at < end}
        # The others, which the recorder may never want, follow from the start when it has them.
        counters = [it for it in self._counters(site) if it in site.memory.anchored]
        written = [
            await self._writer.async_write(
                site.site_id,
                counter,
                f"{site.name} {counter}",
                backwards(counter, hours, start, end, progress.totals),
            )
            for counter in counters
        ]
        if not any(written) or self._writer.is_busy:
            self._not_before[site.site_id] = self._account.clock.monotonic() + TRY_AGAIN
            return
        for hour in hours.values():
            for code, value in hour.items():
                progress.totals[code] = progress.totals.get(code, 0.0) - value
        progress.reached = start
        await self._account.memory.async_save()
        if progress.is_complete:
            LOGGER.info("The history of %s is imported", site.name)
            self._costs.look_again()
            self._costs_due = float("-inf")

    def begin_again(self, site: SiteCoordinator, start: float | None) -> bool:
        """Import once more, back to a moment; return whether that is possible."""
        if not self.is_possible or not site.memory.anchored:
            return False
        created = site.data.site.created
        if start is None or (created is not None and start < created):
            start = created
        self._begin(site, start)
        self._not_before.pop(site.site_id, None)
        self._account.memory.async_changed()
        return site.memory.history is not None

    @callback
    def _begin(self, site: SiteCoordinator, start: float | None) -> None:
        """Import all from now back to a moment, or further if that was not done yet."""
        progress = site.memory.history
        if start is not None and progress and not progress.is_complete:
            start = min(start, progress.start)
        site.memory.history = new_progress(site.memory, start, asked=True)


def _rounded(row: Row) -> tuple[float, float]:
    """Return what an hour says, without the noise of additions."""
    return round(row.change, 6), round(row.total, 5)


def new_progress(
    memory: SiteMemory, start: float | None, *, asked: bool = False
) -> Progress | None:
    """Return where to begin, if that is known: with what the ledger has closed."""
    if memory.ledger is None or start is None:
        return None
    begun = memory.ledger.settled_until
    return Progress(min(hour_of(start), begun), begun, begun, dict(memory.ledger.base), asked)


def backwards(
    counter: Counter, hours: Hours, start: int, end: int, totals: Mapping[str, float]
) -> list[Row]:
    """Return the hours of a counter without holes, when only what had flowed at their end is known."""
    total = counted(counter, totals)
    rows: list[Row] = []
    for at in range(end - HOUR, start - HOUR, -HOUR):
        change = counted(counter, hours.get(at, {}))
        rows.append(Row(at, change, total))
        total -= change
    return rows[::-1]
