"""The coordinator of a server, which hands out to its devices what was read."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import override

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.debounce import Debouncer
from homeassistant.helpers.entity import Entity
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator, UpdateFailed

from .ages import Key
from .api import ThinknxClient
from .const import CONF_RATE, DOMAIN, LOGGER, RATE_FAR, RATE_NEAR
from .device_coordinator import DeviceCoordinator
from .devices import Device
from .errors import ThinknxAuthError, ThinknxError, ThinknxNoDeviceError
from .memory import Memory
from .models import ServerStatus
from .repairs import IssueKind, async_report
from .scheduler import Scheduler
from .translate import key_of
from .values import Reading

type ThinknxConfigEntry = ConfigEntry[ThinknxCoordinator]
type Maker = Callable[[DeviceCoordinator], Iterable[Entity]]


@dataclass(frozen=True, slots=True)
class ServerState:
    """How the server is doing, and how we are doing with it."""

    status: ServerStatus = field(default_factory=ServerStatus)
    rate: float = 0.0  # requests a second
    refusals: int = 0
    oldest: float | None = None  # seconds


class ThinknxCoordinator(DataUpdateCoordinator[ServerState]):
    """The server, and all its devices."""

    config_entry: ThinknxConfigEntry

    def __init__(
        self, hass: HomeAssistant, entry: ThinknxConfigEntry, client: ThinknxClient, memory: Memory
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
        self._far = bool(client.address.key)
        self.scheduler = Scheduler(
            client,
            self,
            self._wished_rate(),
            reads_at_once=1 if self._far else 2,
            commands_at_once=2 if self._far else 4,
        )
        self.memory = memory
        self.device_id = ""  # of the server, in the device registry
        self.devices: dict[str, DeviceCoordinator] = {}
        self.data = ServerState()
        self.listens = False  # at the webhook
        self._makers: list[tuple[Platform, AddConfigEntryEntitiesCallback, Maker]] = []
        self._made: dict[str, set[tuple[str, str | None]]] = {}
        self._by_guid: dict[str, DeviceCoordinator] = {}
        self._missing: set[Key] = set()
        self._refused: set[str] = set()  # GUIDs that a command found unknown
        self._first_round_since: float | None = None
        self._wants = Debouncer(
            hass, LOGGER, cooldown=0.1, immediate=False, function=self._async_want
        )

    def _wished_rate(self) -> float:
        usual = RATE_FAR if self._far else RATE_NEAR
        return float(self.config_entry.options.get(CONF_RATE, usual))

    @callback
    def async_adopt_options(self) -> None:
        """Ask as often as the options now say."""
        if (rate := self._wished_rate()) != self.scheduler.pace.wished:
            self.scheduler.pace.wish(rate)

    @property
    def is_reachable(self) -> bool:
        """Whether the server answers."""
        return self.last_update_success

    async def async_first_status(self) -> None:
        """Read how the server is doing. Raises as ThinknxClient.server_status() does."""
        self.server(await self.client.server_status())

    @callback
    def async_start(self) -> None:
        """Begin to read."""
        self._first_round_since = self.scheduler.now()
        self.config_entry.async_create_background_task(
            self.hass, self.scheduler.run(), f"{DOMAIN} reads"
        )

    @override
    async def async_shutdown(self) -> None:
        """Send nothing more."""
        self.scheduler.close()
        self._wants.async_shutdown()
        for device in self.devices.values():
            await device.async_shutdown()
        await super().async_shutdown()

    # Devices

    @callback
    def async_add_platform(
        self, platform: Platform, add: AddConfigEntryEntitiesCallback, make: Maker
    ) -> None:
        """Have a platform's entities made for all devices, and for those that come."""
        self._makers.append((platform, add, make))
        for device in self.devices.values():
            self._make(device, platform, add, make)

    def _make(
        self,
        device: DeviceCoordinator,
        platform: Platform,
        add: AddConfigEntryEntitiesCallback,
        make: Maker,
    ) -> None:
        if entities := list(make(device)):
            made = self._made.setdefault(device.device.subentry_id, set())
            made |= {(platform, entity.unique_id) for entity in entities}
            add(entities, config_subentry_id=device.device.subentry_id)

    @callback
    def async_forget_orphans(self) -> None:
        """Take what devices no longer have out of the registry, as a light that is a switch now."""
        registry = er.async_get(self.hass)
        for entity in er.async_entries_for_config_entry(registry, self.config_entry.entry_id):
            made = self._made.get(entity.config_subentry_id or "", None)
            if made is not None and (entity.domain, entity.unique_id) not in made:
                registry.async_remove(entity.entity_id)

    @callback
    def async_add_devices(self, devices: Iterable[Device]) -> None:
        """Take devices in; their entities appear, where there are platforms already."""
        coordinators = [DeviceCoordinator(self, device) for device in devices]
        # All of them are there before any entity is, for some look at another device.
        self.devices |= {it.device.subentry_id: it for it in coordinators}
        self._sort_devices()
        for coordinator in coordinators:
            for platform, add, make in self._makers:
                self._make(coordinator, platform, add, make)

    async def async_drop_device(self, subentry_id: str) -> None:
        """Let a device go; its entities are removed by whoever asks for this."""
        coordinator = self.devices.pop(subentry_id)
        self._made.pop(subentry_id, None)
        self._sort_devices()
        await coordinator.async_shutdown()
        self._missing = {key for key in self._missing if key[0] in self._by_guid}
        self._report_unknown()
        self.async_wants_changed()

    def _sort_devices(self) -> None:
        self._by_guid = {it.device.guid: it for it in self.devices.values()}

    def by_guid(self, guid: str) -> DeviceCoordinator | None:
        """Return the device of a GUID."""
        return self._by_guid.get(guid)

    @callback
    def async_wants_changed(self) -> None:
        """Find out soon what is to be read."""
        self._wants.async_schedule_call()

    @callback
    def _async_want(self) -> None:
        self.scheduler.want(
            (coordinator.device.guid, aspect)
            for coordinator in self.devices.values()
            for aspect in coordinator.aspects
        )

    # What the scheduler tells

    @callback
    def told(self, key: Key, reading: Reading) -> None:
        """Take in a value."""
        guid, aspect = key
        if coordinator := self._by_guid.get(guid):
            coordinator.async_told(aspect, reading)
        if any(it[0] == guid for it in self._missing):
            self._missing = {it for it in self._missing if it[0] != guid}
            self._report_unknown()
        if self._first_round_since is not None and self.scheduler.ages.is_complete:
            count = len(self.scheduler.ages.endpoints)
            seconds = self.scheduler.now() - self._first_round_since
            LOGGER.info("All %d values of %s were read within %d s", count, self.name, seconds)
            self._first_round_since = None

    @callback
    def refused(self, key: Key, err: ThinknxError) -> None:
        """Take note of a value that cannot be read; a GUID that is not known is told."""
        guid, aspect = key
        if (coordinator := self._by_guid.get(guid)) is None:
            return
        coordinator.async_lost(aspect)
        if isinstance(err, ThinknxNoDeviceError):
            self._missing.add(key)
            others = [(guid, it) for it in coordinator.aspects if (guid, it) not in self._missing]
            self.scheduler.read_soon(others)  # to know whether it is gone altogether
            self._report_unknown()

    @callback
    def async_note_known(self, device: Device, *, known: bool) -> None:
        """Take note whether the server knows a device that was told something.

        One that shows nothing is not unavailable for that: nobody could find out that it is back.
        """
        if (device.guid in self._refused) is known:
            (self._refused.discard if known else self._refused.add)(device.guid)
            self._report_unknown()

    def _report_unknown(self) -> None:
        """Find out which devices the server does not know: of those, nothing can be read."""
        unread = {
            guid
            for guid, coordinator in self._by_guid.items()
            if coordinator.aspects
            and all((guid, it) in self._missing for it in coordinator.aspects)
        }
        for guid, coordinator in self._by_guid.items():
            coordinator.async_set_unknown(unknown=guid in unread)
        unknown = unread | (self._refused & self._by_guid.keys())
        names = sorted(self._by_guid[guid].device.name for guid in unknown)
        async_report(
            self.hass,
            self.config_entry,
            IssueKind.UNKNOWN_DEVICES,
            present=bool(names),
            names=names,
        )

    @callback
    def server(self, status: ServerStatus) -> None:
        """Take in how the server is doing."""
        if self.memory.is_new(status.config_text):
            # GUIDs may be others now: all is read once, and those that are gone are told.
            LOGGER.info("The project of %s was deployed anew; all devices are looked at", self.name)
            self.scheduler.ages.look_at_all()
            self._refused.clear()
            async_report(self.hass, self.config_entry, IssueKind.REDEPLOYED, present=True)
        oldest = self.scheduler.oldest
        self.async_set_updated_data(
            ServerState(
                status=status,
                rate=round(self.scheduler.requests_per_second, 2),
                refusals=self.scheduler.pace.refusals,
                oldest=None if oldest is None else round(oldest),
            )
        )

    @callback
    def reachable(self, err: ThinknxError | None) -> None:
        """Take note that the server answers, or why it does not."""
        if isinstance(err, ThinknxAuthError):
            self.config_entry.async_start_reauth(self.hass)
        if err is not None:
            self.async_set_update_error(
                UpdateFailed(
                    translation_domain=DOMAIN,
                    translation_key=key_of(err),
                    translation_placeholders={"name": self.name},
                )
            )
        elif not self.last_update_success:
            LOGGER.info("%s answers again", self.name)
            self.async_set_updated_data(self.data)
        for coordinator in self.devices.values():
            coordinator.async_update_listeners()
