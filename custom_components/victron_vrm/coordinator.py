"""The coordinator of an account: one request shows the live values of all its sites."""

import asyncio
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Final, override

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import ConfigEntryAuthFailed
from homeassistant.helpers.entity import Entity
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator

from .api import VrmClient
from .budget import Priority
from .clock import CLOCK, Clock
from .const import (
    CONF_POLL_INTERVAL,
    CONF_SITES,
    CONF_TAGS,
    DEFAULT_POLL_INTERVAL,
    DOMAIN,
    LOGGER,
)
from .errors import VrmAuthError, VrmError, VrmForbiddenError
from .history import History
from .jobs import DAY, Plan
from .memory import Memory
from .models import Site, User
from .repairs import IssueKind, async_report
from .sharing import async_claim, async_release
from .site_coordinator import READING, SiteCoordinator
from .translate import update_failed
from .tree import SITE

type VrmConfigEntry = ConfigEntry[AccountCoordinator]
type Subject = tuple[str, ...]
type Maker = Callable[[SiteCoordinator, list[Subject]], Iterable[Entity]]

AFTER_LOG: Final = 20.0  # seconds until what a site has logged is there
SHORTEST_WAIT: Final = 0.1
LONGEST_WAIT: Final = 30.0
AFTER_A_BUG: Final = 60.0
OFTENEST: Final = 60.0  # seconds; no gateway logs more often
TOKEN_WARNING: Final = 14 * DAY
NO_DATA: Final = 3 * DAY


class AccountCoordinator(DataUpdateCoordinator[dict[int, Site]]):
    """An account, and all its sites; it decides what is asked next."""

    config_entry: VrmConfigEntry

    def __init__(
        self,
        hass: HomeAssistant,
        entry: VrmConfigEntry,
        client: VrmClient,
        user: User,
        memory: Memory,
        clock: Clock = CLOCK,
    ) -> None:
        """Belong to an entry."""
        super().__init__(
            hass,
            LOGGER,
            config_entry=entry,
            name=entry.title,
            update_interval=None,
            always_update=False,
        )
        self.client = client
        self.user = user
        self.memory = memory
        self.clock = clock
        self.interval = float(entry.options.get(CONF_POLL_INTERVAL, DEFAULT_POLL_INTERVAL))
        self.all_sites: list[Site] = []
        """Those that are not wanted too."""
        self.sites: dict[int, SiteCoordinator] = {}
        self._gone: dict[int, SiteCoordinator] = {}
        """Sites that may come back: their entities still wait for them."""
        self.history = History(self)
        self.data = {}
        self._due = float("-inf")
        self._polled_at = float("-inf")
        self._token_due = float("-inf")
        self._makers: list[tuple[AddConfigEntryEntitiesCallback, Maker]] = []
        self._offered: dict[int, set[Subject]] = {}
        self._elsewhere: set[int] = set()
        """Sites that another entry shows."""
        self.is_refused = False
        """Whether the token is: then nothing is asked any more."""

    # All sites

    @override
    async def _async_update_data(self) -> dict[int, Site]:
        try:
            sites = await self.client.sites(self.user.user_id)
        except VrmError as err:
            if await self._async_token_works(err):
                async_report(
                    self.hass, self.config_entry, IssueKind.TOKEN_WITHOUT_RIGHTS, present=True
                )
            raise update_failed(err, self.name) from err
        self.all_sites = sites
        wanted = {site.site_id: site for site in sites if self._is_wanted(site)}
        ours = async_claim(self.hass, self.config_entry, wanted)
        if elsewhere := wanted.keys() - ours - self._elsewhere:
            names = ", ".join(wanted[it].name for it in elsewhere)
            LOGGER.info("%s: another account that is set up here shows %s", self.name, names)
        self._elsewhere = wanted.keys() - ours
        wanted = {site_id: site for site_id, site in wanted.items() if site_id in ours}
        for site_id in self.sites.keys() - wanted.keys():
            self._gone[site_id] = gone = self.sites.pop(site_id)
            gone.is_gone = True
            gone.async_update_listeners()
        for site in wanted.values():
            if site.site_id not in self.sites:
                coordinator = self._gone.pop(site.site_id, None) or SiteCoordinator(self, site)
                coordinator.async_come_back()
                self.sites[site.site_id] = coordinator
        return wanted

    def _is_wanted(self, site: Site) -> bool:
        options = self.config_entry.options
        if (chosen := options.get(CONF_SITES)) and str(site.site_id) not in chosen:
            return False
        tags = {tag.casefold() for tag in options.get(CONF_TAGS, ())}
        return not tags or bool(tags & {tag.casefold() for tag in site.tags})

    async def _async_token_works(self, err: VrmError) -> bool:
        """Return whether something is refused though the token is a good one.

        Raises:
            ConfigEntryAuthFailed: it is not.
        """
        if not isinstance(err, VrmAuthError | VrmForbiddenError):
            return False
        try:
            await self.client.me()
        except VrmAuthError as refused:
            self.is_refused = True
            raise ConfigEntryAuthFailed(
                translation_domain=DOMAIN,
                translation_key="invalid_auth",
                translation_placeholders={"name": self.name},
            ) from refused
        except VrmError:
            return False
        return True

    async def async_poll(self) -> None:
        """Read all sites at once, and let each take in what is said of it."""
        await self.async_refresh()
        await self.async_hand_out()

    async def async_hand_out(self) -> None:
        """Let each site take in what is said of it, and decide when to read again."""
        now = self.clock.time()
        if self.last_update_success:
            async_report(
                self.hass, self.config_entry, IssueKind.TOKEN_WITHOUT_RIGHTS, present=False
            )
            for site_id, coordinator in list(self.sites.items()):
                await coordinator.async_take(self.data[site_id])
                await asyncio.sleep(0)  # others want their turn too
            self._report_silence(now)
        else:
            for coordinator in self.sites.values():
                coordinator.async_update_listeners()
        self._polled_at = self.clock.monotonic()
        self._due = self._polled_at + self._until_next_poll(now)

    @callback
    def async_poll_soon(self) -> None:
        """Read all sites as soon as there can be anything new, unless the cloud wants a pause."""
        if self.last_update_success:
            self._due = min(self._due, self._polled_at + OFTENEST)

    def _until_next_poll(self, now: float) -> float:
        """Return the seconds until the next read: a moment after sites have logged, if known."""
        if not self.last_update_success:
            busy = getattr(self.last_exception, "retry_after", None) or 0.0
            return max(self.interval, busy)
        live = [it for it in self.sites.values() if it.data.site.last_log and not it.data.silent]
        if not live:
            return self.interval
        slowest = max(live, key=lambda it: it.logging_interval or 0)
        every = slowest.logging_interval or 60
        logged = now - (slowest.data.site.last_log or now) - AFTER_LOG  # seconds ago
        wished = round((logged + self.interval) / every) * every - logged
        near = 0.5 * self.interval <= wished <= 1.5 * self.interval
        return wished if near else self.interval

    def _report_silence(self, now: float) -> None:
        quiet = [
            it.name
            for it in self.sites.values()
            if now - (it.data.site.last_log or it.data.site.created or now) > NO_DATA
        ]
        async_report(
            self.hass,
            self.config_entry,
            IssueKind.NO_DATA,
            present=bool(quiet),
            sites=", ".join(sorted(quiet)),
            days=str(round(NO_DATA / DAY)),
        )

    # What to ask next

    async def async_run(self) -> None:
        """Ask until cancelled, or until the token is refused."""
        while not self.is_refused:
            try:
                await self._async_step()
            except VrmError, ConfigEntryAuthFailed:
                continue
            except Exception:  # noqa: BLE001  a bug must not end it for all sites
                LOGGER.exception("Unexpected error while reading")
                await self.clock.sleep(AFTER_A_BUG)

    async def _async_step(self) -> None:
        """Ask for what is due, or wait; what is asked for a site waits for the account."""
        # By a clock that nobody sets: the machine's may jump.
        now, budget = self.clock.monotonic(), self.client.transport.budget
        if self._due <= now:
            # Where that would take too long, what is known has to be given up.
            if 0 < (wait := budget.wait(Priority.ACCOUNT)) <= self.interval:
                await self._pause(wait)
            else:
                await self.async_poll()
            return
        until = self._due - now
        if self._token_due <= now and not budget.wait(Priority.SITE):
            await self._async_look_at_token(now)
            return
        if not self.last_update_success:
            await self._pause(until)
            return
        found = self._next_site()
        if found and found[1].due <= now:
            if (wait := budget.wait(Priority.SITE)) > 0:
                await self._pause(min(wait, until))
                return
            await self._async_do(*found)
            return
        if not budget.wait(Priority.HISTORY) and await self.history.async_step():
            return
        next_due = found[1].due - now if found else until
        await self._pause(min(until, next_due))

    async def _pause(self, seconds: float) -> None:
        await self.clock.sleep(max(SHORTEST_WAIT, min(seconds, LONGEST_WAIT)))

    def _next_site(self) -> tuple[SiteCoordinator, Plan] | None:
        plans = [(site, site.next_plan()) for site in self.sites.values()]
        return min(plans, key=lambda it: it[1].due, default=None)

    async def _async_do(self, site: SiteCoordinator, plan: Plan) -> None:
        try:
            requests = await site.async_run(plan.job)
        except VrmError as err:
            plan.failed(self.clock.monotonic(), err)
            LOGGER.debug("%s of %s: %r", plan.job, site.name, err)
            if isinstance(err, VrmAuthError):
                await self._async_start_reauth_if_refused(err)
        except Exception as err:  # noqa: BLE001  a bug with one site must not stop all others
            plan.failed(self.clock.monotonic(), err)
            LOGGER.exception("Unexpected error while reading %s of %s", plan.job, site.name)
        else:
            plan.succeeded(self.clock.monotonic(), requests)
        await site.async_noted()

    async def _async_start_reauth_if_refused(self, err: VrmAuthError) -> None:
        try:
            await self._async_token_works(err)
        except ConfigEntryAuthFailed as refused:
            self.config_entry.async_start_reauth(self.hass)
            self.async_set_update_error(refused)
            for coordinator in self.sites.values():
                coordinator.async_update_listeners()
            raise

    async def _async_look_at_token(self, now: float) -> None:
        """Warn before a token expires; not all accounts can tell."""
        self._token_due = now + DAY
        try:
            tokens = await self.client.tokens(self.user.user_id)
        except VrmError:
            return
        expires = next(
            (it.expires for it in tokens if it.token_id and it.token_id == self.user.token_id), None
        )
        left = None if expires is None else expires - self.clock.time()
        async_report(
            self.hass,
            self.config_entry,
            IssueKind.TOKEN_EXPIRES,
            present=left is not None and left < TOKEN_WARNING,
            days=datetime.fromtimestamp(expires or 0.0, UTC).date().isoformat(),
        )

    # Entities

    @callback
    def async_add_platform(self, add: AddConfigEntryEntitiesCallback, make: Maker) -> None:
        """Have a platform's entities made for all that comes; what there is comes first."""
        self._makers.append((add, make))

    @callback
    def async_offer(self, site: SiteCoordinator) -> None:
        """Have entities made for what is new at a site."""
        offered = self._offered.setdefault(site.site_id, set())
        if new := sorted(site.subjects() - offered):
            offered.update(new)
            for add, make in self._makers:
                add(make(site, new))

    @callback
    def async_offer_again(self, site: SiteCoordinator, device: str) -> None:
        """Have entities of a device made anew, should it come back."""
        offered = self._offered.get(site.site_id, set())
        # All but readings are shown at the site itself.
        offered -= {
            it for it in offered if device in it[1:] or (device == SITE and it[0] != READING)
        }

    @callback
    def async_forget_device(self, device_id: str) -> None:
        """Take note that the user has removed a device, of whatever site."""
        for site in self.all_coordinators:
            site.async_forget_device(device_id)

    @property
    def all_coordinators(self) -> list[SiteCoordinator]:
        """All sites that there have been since the start."""
        return [*self.sites.values(), *self._gone.values()]

    @override
    async def async_shutdown(self) -> None:
        """Ask for nothing more."""
        self.client.close()
        async_release(self.hass, self.config_entry)
        for coordinator in self.all_coordinators:
            await coordinator.async_shutdown()
        await super().async_shutdown()
