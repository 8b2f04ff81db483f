"""The coordinator of one site: answers about it become its state, and wake who shows what changed."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import asdict, replace
from datetime import UTC, timedelta, tzinfo
from functools import partial
from typing import TYPE_CHECKING, Any, Final, override

from homeassistant.core import CALLBACK_TYPE, callback
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator
from homeassistant.util import dt as dt_util

from .alarms import async_read_alarms
from .const import LOGGER
from .forecast import CONSUMPTION, DAYS_AHEAD, SOLAR, midnight
from .jobs import EVERY, OF_LIVE_SITES, READ_ANEW, Job, Plan
from .ledger import OPEN, Ledger, hour_of, hours_of, spans
from .models import LONGEST_SPAN, Device, Interval, Reading, Series, Site
from .registry import async_register_devices
from .state import (
    GHOST,
    ReadingId,
    SiteState,
    assumed,
    changed_keys,
    freshness,
    living,
    merged,
    old_ones,
    recognised,
)
from .tree import SITE, Tree

if TYPE_CHECKING:
    from .coordinator import AccountCoordinator, VrmConfigEntry

WOKEN_AT_ONCE: Final = 25
FOUR_YEARS: Final = 4 * 365 * 86400.0  # of the five that one request may ask for
ENERGY: Final = "energy"
FORECAST: Final = "forecast"
PLACE: Final = "place"
STATUS: Final = "status"
HISTORY: Final = "history"
READING: Final = "reading"


class SiteCoordinator(DataUpdateCoordinator[SiteState]):
    """One site; it is told what was read, and never asks by itself.

    Entities listen with what they show as context: ids of readings, or one of the subjects above.
    """

    config_entry: VrmConfigEntry

    def __init__(self, account: AccountCoordinator, site: Site) -> None:
        """Know nothing but what the account tells of the site."""
        super().__init__(
            account.hass,
            LOGGER,
            config_entry=account.config_entry,
            name=site.name,
            update_interval=None,
            always_update=False,
        )
        self.account = account
        self.site_id = site.site_id
        self.memory = account.memory.site(site.site_id)
        self.plans = {job: Plan(job) for job in Job}
        self.device_ids: dict[str, str] = {}
        """Ids in the device registry by key."""
        self.registered: dict[str, DeviceInfo] = {}
        """What was told there."""
        # Those of before, until they are listed again: entities must not get other ids.
        known = [Device(**it) for it in self.memory.devices]
        tree = Tree(services=self.memory.services).with_overview(known).with_devices_of(())
        self.logging_interval = _logging_interval(known)
        self.data = SiteState(replace(site, readings=()), tree)
        self.plans[Job.OVERVIEW].done = bool(self.memory.devices)
        self.on_alarm: Callable[[dict[str, Any]], None] | None = None
        self.zone: tzinfo = UTC
        self._overview_keys: set[ReadingId] = set()
        self._old_when_read: set[ReadingId] = set()
        self._read_all_at = 0.0
        self._polled = False
        self.is_gone = False
        """Whether the account has it no more; it may come back."""
        self._shown = self.data
        self._shown_up = (True, True)

    @property
    def is_there(self) -> bool:
        """Whether the account can be read, and has the site."""
        return self.account.last_update_success and not self.is_gone

    @property
    def is_up(self) -> bool:
        """Whether what is known of the site is to be believed."""
        return self.is_there and not self.data.silent

    @property
    def is_explored(self) -> bool:
        """Whether its devices are known.

        The overview decides what they are called for ever, unless it cannot be read for long.
        """
        overview = self.plans[Job.OVERVIEW]
        return (overview.done or overview.is_failing) and self.plans[Job.DIAGNOSTICS].tried

    # What the account tells

    @callback
    def async_come_back(self) -> None:
        """Take note that the account has it again; what it was refused before may be read now."""
        self.is_gone = False
        for plan in self.plans.values():
            plan.begin_again()

    async def async_take(self, site: Site) -> None:
        """Take in what the account's overview shows of the site."""
        self.name = site.name
        now = self.account.clock.time()
        if site.last_log is not None:
            if self.memory.ledger:
                self.memory.ledger.heard(site.last_log, self.memory.last_log)
            self.memory.last_log = site.last_log
        else:  # it was heard all the same
            site = replace(site, last_log=self.memory.last_log)
        await self._async_take_zone(site.time_zone)
        found = living(site.readings, now)
        tree = self._learned(found)
        readings = merged(self.data.readings, found, tree)
        self._overview_keys = self._note_age(found, tree, now)
        fresh = freshness(self.logging_interval)
        silent = site.last_log is None or now - site.last_log > fresh + self.account.interval
        if self.data.silent and not silent:
            for job in READ_ANEW:
                self.plans[job].due = float("-inf")
            self._read_all_at = 0.0
        self.plans[Job.DIAGNOSTICS].allow(site.may_read_diagnostics)
        # What VRM has no sum of any more is not there: an old sum would never get stale.
        readings = {
            key: it
            for key, it in readings.items()
            if it.attribute is not None or key in self._overview_keys
        }
        data = replace(
            self.data,
            site=replace(site, readings=()),
            tree=tree.with_devices_of(readings.values()),
            readings=readings,
            silent=silent,
            failing=self._failing,
        )
        self._polled = True
        await self._async_publish(self._with_energy(data))

    def _learned(self, readings: Iterable[Reading]) -> Tree:
        """Return the tree with what these tell of kinds, which is kept."""
        tree = self.data.tree.learning(readings)
        self.memory.services = dict(tree.services)
        return tree

    async def _async_take_zone(self, name: str) -> None:
        """Go by another time zone; by the same as before if there is none of that name."""
        try:
            found = await dt_util.async_get_time_zone(name)
        except ValueError, OSError:  # a name is looked up as a path: it may be too long, or none
            return
        self.zone = found or self.zone

    def _note_age(self, found: Iterable[Reading], tree: Tree, now: float) -> set[ReadingId]:
        """Note which readings were too old when they were read; return the keys of all of them."""
        keyed = [((tree.device_of(it), it.code), it) for it in found]
        old = old_ones(keyed, now, freshness(self.logging_interval))
        keys = {key for key, _ in keyed}
        self._old_when_read = (self._old_when_read - keys) | old
        return keys

    # What is read of the site itself

    def next_plan(self) -> Plan:
        """Return what is to be read next; of a silent site little is."""
        open_ones = [
            plan
            for plan in self.plans.values()
            if not (self.data.silent and plan.job in OF_LIVE_SITES and plan.tried)
        ]
        return min(open_ones, key=lambda plan: plan.due)

    async def async_run(self, job: Job) -> int:
        """Do a job; return how many requests it took. Raises VrmError."""
        run: Mapping[Job, Callable[[], Awaitable[None]]] = {
            Job.OVERVIEW: self._async_read_devices,
            Job.DIAGNOSTICS: self._async_read_diagnostics,
            Job.ENERGY: self._async_read_energy,
            Job.FORECAST: self._async_read_forecast,
            Job.ALARM_LOG: partial(async_read_alarms, self),
        }
        before = self.account.client.transport.budget.sent
        await run[job]()
        return self.account.client.transport.budget.sent - before

    async def _async_read_devices(self) -> None:
        now = self.account.clock.time()
        devices = [
            it
            for it in await self.account.client.devices(self.site_id)
            if it.last_connection is None or now - it.last_connection <= GHOST
        ]
        self.logging_interval = _logging_interval(devices) or self.logging_interval
        shown = self.data.readings if self.is_explored else {}
        devices = recognised(devices, self.data.tree, shown)
        self.memory.devices = [asdict(it) for it in devices]
        tree = self.data.tree.with_overview(devices).with_devices_of(self.data.readings.values())
        await self._async_publish(replace(self.data, tree=tree))

    async def _async_read_diagnostics(self) -> None:
        rows = await self.account.client.diagnostics(self.site_id)
        found = living(rows, now := self.account.clock.time())
        tree = self._learned(found)
        if not self.plans[Job.OVERVIEW].done:
            tree = tree.with_overview(assumed(found, tree))
        # What neither lists any more is gone.
        listed = self._note_age(found, tree, now) | self._overview_keys
        merge = merged(self.data.readings, found, tree)
        readings = {key: it for key, it in merge.items() if key in listed}
        tree = tree.with_devices_of(readings.values())
        await self._async_publish(replace(self.data, tree=tree, readings=readings))

    async def _async_read_energy(self) -> None:
        """Read the hours that may still change, and at first all that was before them."""
        now = self.account.clock.time()
        if self.memory.ledger is None:
            self.memory.ledger = await self._async_first_ledger(now)
        ledger = self.memory.ledger
        start = ledger.settled_until
        if now - start > LONGEST_SPAN[Interval.HOURS]:
            # After months of silence: all of it is several requests, so not each time.
            if now - self._read_all_at < EVERY[Job.OVERVIEW]:
                start = hour_of(now) - OPEN
        ledger.take(hours_of(await self.async_read_flows(start, now)))
        if start == ledger.settled_until:
            self._read_all_at = now
        await self.async_publish_energy()
        # Before they are closed: after a long silence they are more than those of two days.
        await self.account.history.async_repair(self)
        ledger.settle(now, self.data.site.last_log)
        self.account.memory.async_changed()

    async def async_read_flows(self, start: float, end: float) -> dict[str, Series]:
        """Return all flows by the hour, over any span. Raises VrmError."""
        found: dict[str, Series] = {}
        for begin, stop in spans(start, end, LONGEST_SPAN[Interval.HOURS]):
            flows = await self.account.client.flows(self.site_id, Interval.HOURS, begin, stop)
            for code, series in flows.items():
                found[code] = found.get(code, ()) + series
        return found

    async def _async_first_ledger(self, now: float) -> Ledger:
        """Begin to count: what has flowed since the site exists is asked for in a few requests."""
        ledger = Ledger(hour_of(now) - OPEN)
        created = self.data.site.created
        if created is None:
            return ledger
        for begin, stop in spans(hour_of(created), ledger.settled_until, FOUR_YEARS):
            flows = await self.account.client.flows(self.site_id, Interval.YEARS, begin, stop)
            for code, series in flows.items():
                if value := sum(it for _, it in series):
                    ledger.base[code] = ledger.base.get(code, 0.0) + value
        return ledger

    async def async_publish_energy(self) -> None:
        """Show what the ledger holds."""
        await self._async_publish(self._with_energy(self.data))

    def _with_energy(self, data: SiteState) -> SiteState:
        """Return a state with what the ledger holds; a new day begins with what is known of it."""
        if (ledger := self.memory.ledger) is None:
            return data
        now = self.account.clock.time()
        today = midnight(dt_util.utc_from_timestamp(now).astimezone(self.zone).date(), self.zone)
        history = self.memory.history
        return replace(
            data,
            totals={it: ledger.total(it) for it in ledger.counters},
            today={it: ledger.since(it, today) for it in ledger.counters},
            midnight=today,
            history=history.percent if history else None,
        )

    async def _async_read_forecast(self) -> None:
        now = self.account.clock.time()
        today = dt_util.utc_from_timestamp(now).astimezone(self.zone).date()
        start = midnight(today, self.zone)
        end = midnight(today + timedelta(days=DAYS_AHEAD + 1), self.zone)
        stats = await self.account.client.stats(
            self.site_id, "forecast", Interval.HOURS, start, end, (SOLAR, CONSUMPTION)
        )
        await self._async_publish(
            replace(self.data, forecast=self.data.forecast.updated(stats, start))
        )

    # What is shown

    async def async_noted(self) -> None:
        """Note what fails; called whenever a job has ended."""
        await self._async_publish(replace(self.data, failing=self._failing))

    @property
    def _failing(self) -> frozenset[str]:
        return frozenset(str(it.job) for it in self.plans.values() if it.is_failing)

    async def _async_publish(self, data: SiteState) -> None:
        """Show a state: to who shows what has changed, some at a time so that nobody waits."""
        # What was good when it was read stays so until the next reads have had their chance.
        now, fresh = self.account.clock.time(), freshness(self.logging_interval)
        overview = [it for it in data.readings.items() if it[0] in self._overview_keys]
        others = [it for it in data.readings.items() if it[0] not in self._overview_keys]
        stale = self._old_when_read & data.readings.keys()
        stale |= old_ones(overview, now, fresh + 2 * self.account.interval)
        stale |= old_ones(others, now, fresh + self.plans[Job.DIAGNOSTICS].every)
        if Job.DIAGNOSTICS in data.failing:
            stale |= {key for key, _ in others}
        self.data = replace(data, stale=frozenset(stale))
        async_register_devices(self)
        self.account.async_offer(self)
        await self._async_wake()

    async def _async_wake(self) -> None:
        for number, update in enumerate(self._affected()):
            try:
                update()
            except Exception:  # noqa: BLE001  one broken entity must not keep the others from theirs
                LOGGER.exception("Unexpected error while showing a change")
            if number % WOKEN_AT_ONCE == WOKEN_AT_ONCE - 1:
                await asyncio.sleep(0)

    def _affected(self) -> list[CALLBACK_TYPE]:
        """Return who shows something that is not as it was when it was shown last."""
        old, new, up = self._shown, self.data, (self.is_there, self.is_up)
        everything = up != self._shown_up
        self._shown, self._shown_up = new, up
        keys: set[Any] = set(changed_keys(old, new))
        if (old.totals, old.today, old.midnight) != (new.totals, new.today, new.midnight):
            keys.add(ENERGY)
        if self._polled or old.forecast != new.forecast:
            self._polled = False  # time has passed: less is left of the day
            keys.add(FORECAST)
        if old.history != new.history:
            keys.add(HISTORY)
        if old.site != new.site:
            keys |= {STATUS, PLACE}
        for job in old.failing ^ new.failing:
            keys |= {job}
        return [
            update
            for update, context in list(self._listeners.values())
            if everything or not keys.isdisjoint(_subjects(context))
        ]

    @callback
    @override
    def async_update_listeners(self) -> None:
        """Show what has changed, at once; called where there is no time to wait."""
        for update in self._affected():
            update()

    def subjects(self) -> set[tuple[str, ...]]:
        """Return all that entities can be made of."""
        data = self.data
        found: set[tuple[str, ...]] = {(STATUS,), *((ENERGY, it) for it in data.totals)}
        if data.forecast.solar:
            found.add((FORECAST, "solar"))
        if data.forecast.consumption:
            found.add((FORECAST, "consumption"))
        if data.history is not None:
            found.add((HISTORY,))
        return found | {
            (READING, *key) for key in data.readings if self.is_explored or key[0] == SITE
        }

    @callback
    def async_forget_device(self, device_id: str) -> None:
        """Take note that the user has removed a device; if it comes back it is a new one."""
        for key in [key for key, it in self.device_ids.items() if it == device_id]:
            del self.device_ids[key]
            self.registered.clear()  # what hung on it has lost it, too
            self.account.async_offer_again(self, key)


def _logging_interval(devices: Iterable[Device]) -> int | None:
    """Return how often a site logs, which its gateway tells."""
    return next((it.logging_interval for it in devices if it.logging_interval), None)


def _subjects(context: object) -> frozenset[Any]:
    """Return what a listener shows; one without a context, such as a test's, shows nothing."""
    return context if isinstance(context, frozenset) else frozenset()
