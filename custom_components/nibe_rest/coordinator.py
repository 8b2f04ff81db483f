"""The coordinator: one request for all points every half minute, and all commands."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, override

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator

from .api import NibeClient
from .budget import WriteBudget
from .catalog import CURATED, FITTED_BY, Curated, Part
from .const import (
    ALARM_INTERVAL,
    ALARM_INTERVAL_WHILE_STANDING,
    CONF_POLL_INTERVAL,
    CONF_WRITE_ACCESS,
    DEFAULT_POLL_INTERVAL,
    DEVICE_INTERVAL,
    DOMAIN,
    LOGGER,
    WriteAccess,
)
from .errors import NibeConnectionError, NibeResponseError
from .events import tell_new_alarms
from .models import AidMode, Alarm, Device, Point, Raw, SmartMode
from .rules import refusal
from .titles import distinct_titles
from .translate import ErrorTranslator
from .writer import PointWriter

# Points that tell of alarms: the number of the latest one, and whether one of class 1 stands.
ALARM_POINTS: Final = (3375, 1709)
FIRMWARE_POINT: Final = 2509

# What entities listen to that is no point; the ids of points are positive.
DEVICE: Final = -1
ALARMS: Final = -2
NEW_POINTS: Final = -3

SLICE: Final = 40  # entities woken at a time, between which others have their turn

type NibeConfigEntry = ConfigEntry[NibeCoordinator]


@dataclass(frozen=True, slots=True)
class Plant:
    """A heat pump as it last showed itself."""

    device: Device
    points: Mapping[int, Point] = field(default_factory=dict)  # all that were ever seen
    values: Mapping[int, Raw] = field(default_factory=dict)  # of those that are there now
    alarms: tuple[Alarm, ...] = ()  # as last read
    alarms_readable: bool = False
    by_register: Mapping[str, int] = field(default_factory=dict)
    titles: Mapping[int, str] = field(default_factory=dict)


async def _unless_it_fails[T](request: Awaitable[T]) -> T | None:
    """Return an answer, or None: without alarms and modes the points are good all the same."""
    try:
        return await request
    except (NibeConnectionError, NibeResponseError) as err:
        LOGGER.debug("Alarms or modes could not be read: %r", err)
        return None


class NibeCoordinator(DataUpdateCoordinator[Plant]):
    """One heat pump.

    Data is replaced as a whole and never changed in place. Entities listen with the ids of the
    points that they show as context, and only those are woken whose points changed.
    """

    config_entry: NibeConfigEntry

    def __init__(
        self, hass: HomeAssistant, entry: NibeConfigEntry, client: NibeClient, device: Device
    ) -> None:
        """Take the heat pump as /devices told of it."""
        interval = entry.options.get(CONF_POLL_INTERVAL, DEFAULT_POLL_INTERVAL)
        super().__init__(
            hass,
            LOGGER,
            config_entry=entry,
            name=entry.title,
            update_interval=timedelta(seconds=interval),
        )
        self.client = client
        self.errors = ErrorTranslator(hass, entry)
        self.budget = WriteBudget(hass, entry.entry_id)
        self.writer = PointWriter(
            client, confirmed=self._async_confirmed, spend=self.budget.async_spend
        )
        self.device_id = ""  # in the device registry; set once it stands there
        self.data = Plant(device)
        self.curated: Mapping[int, Curated] = {}
        self._by_subject: dict[int, list[CALLBACK_TYPE]] | None = None
        self._shown = self.data
        self._shown_success = True
        self._confirmed: dict[int, Raw] = {}
        self._polls = 0
        self._alarms_due = True
        self._alarms_known = False

    # Reading

    @override
    async def _async_setup(self) -> None:
        await self.budget.async_load()

    @override
    async def _async_update_data(self) -> Plant:
        before = self.data
        with self.errors.poll():
            listed = await self.client.points()
            self._confirmed = {}
            # Half a megabyte was decoded just now: let others have their turn.
            await asyncio.sleep(0)
            alarms = await self._read_alarms(listed.values)
            device = await self._read_modes()
        # What was confirmed meanwhile is newer than the list.
        plant = self._with_points(listed.points, {**listed.values, **self._confirmed})
        if self.data.alarms is before.alarms:
            if alarms is None:
                plant = replace(plant, alarms_readable=False)
            else:
                if self._alarms_known:  # what stood before the start is not new
                    tell_new_alarms(self, alarms)
                self._alarms_known = True
                plant = replace(plant, alarms=alarms, alarms_readable=True)
        if device is not None and self.data.device is before.device:
            plant = replace(plant, device=device)
        self._polls += 1
        return plant

    async def _read_alarms(self, values: Mapping[int, Raw]) -> tuple[Alarm, ...] | None:
        """Return the alarms, read anew if they are due; None if they cannot be read."""
        standing = ALARM_INTERVAL_WHILE_STANDING if self.data.alarms else ALARM_INTERVAL
        changed = any(values.get(point) != self.data.values.get(point) for point in ALARM_POINTS)
        if not (self._alarms_due or changed or self._is_due(standing)):
            return self.data.alarms
        alarms = await _unless_it_fails(self.client.alarms())
        self._alarms_due = alarms is None
        return None if alarms is None else tuple(alarms)

    async def _read_modes(self) -> Device | None:
        """Return the heat pump with its modes, if they are due and can be read."""
        if not self._polls or not self._is_due(DEVICE_INTERVAL):
            return None
        devices = await _unless_it_fails(self.client.devices()) or []
        serial = self.data.device.serial
        return next((device for device in devices if device.serial == serial), None)

    def _is_due(self, interval: timedelta) -> bool:
        """Whether something that goes with every so many polls goes with this one."""
        if TYPE_CHECKING:
            assert self.update_interval is not None
        return self._polls % max(1, interval // self.update_interval) == 0

    def _with_points(self, points: Mapping[int, Point], values: Mapping[int, Raw]) -> Plant:
        """Return the plant with what was read; a point that is missing is not forgotten."""
        known = self.data.points
        if all(known.get(point_id) is point for point_id, point in points.items()):
            return replace(self.data, values=values)
        merged = {**known, **points}
        plant = replace(
            self.data,
            points=merged,
            values=values,
            by_register={
                point.register_key: point_id
                for point_id, point in merged.items()
                if point.register_key
            },
            titles=distinct_titles(merged.values()),
        )
        self.curated = self._resolve(plant)
        return plant

    def _resolve(self, plant: Plant) -> dict[int, Curated]:
        """Find the points of our table, by register where this model's id is another."""
        found = {key: curated for key, curated in CURATED.items() if key in plant.points}
        for key, curated in CURATED.items():
            if key not in found and curated.register:
                point_id = plant.by_register.get(curated.register)
                if point_id is not None and point_id not in found:
                    found[point_id] = curated
        return found

    def is_fitted(self, part: Part) -> bool:
        """Whether the plant has a part, which its settings alone do not tell."""
        return part not in FITTED_BY or any(
            self.data.values.get(point_id) is not None for point_id in self.signs_of(part)
        )

    def signs_of(self, part: Part) -> set[int]:
        """Return the points that tell by having a value that a part is fitted."""
        registers = self.data.by_register
        return {
            registers.get(sign, 0) if isinstance(sign, str) else sign
            for sign in FITTED_BY.get(part, ())
        }

    # Commands

    async def async_write(
        self, point_id: int, raw: int, allowed: frozenset[int] | None = None
    ) -> None:
        """Write a raw value; return once the heat pump shows it.

        Raises:
            ServiceValidationError: the options or the point do not allow it; nothing was sent.
            HomeAssistantError: translated; says what happened.
        """
        point, curated = self.data.points[point_id], self.curated.get(point_id)
        self._check_access(curated=curated is not None)
        if curated and curated.codes:
            allowed = frozenset(curated.codes)
        if reason := refusal(point, raw, allowed, known=curated is not None):
            raise ServiceValidationError(
                translation_domain=DOMAIN,
                translation_key=reason,
                translation_placeholders={
                    "name": self.data.titles[point_id],
                    "minimum": str(point.scaled(point.minimum)),
                    "maximum": str(point.scaled(point.maximum)),
                },
            )
        with self.errors.command(self.data.titles[point_id], writes=True):
            await self.writer.write(point_id, raw)

    def _check_access(self, *, curated: bool) -> None:
        access = self.config_entry.options.get(CONF_WRITE_ACCESS, WriteAccess.CURATED)
        if access == WriteAccess.NONE or (access == WriteAccess.CURATED and not curated):
            raise ServiceValidationError(
                translation_domain=DOMAIN,
                translation_key="write_access",
                translation_placeholders={"name": self.config_entry.title},
            )

    async def async_write_value(self, point_id: int, value: float) -> None:
        """Write a value in the point's unit; nothing is rounded. Raises as async_write() does."""
        point = self.data.points[point_id]
        try:
            raw = point.to_raw(value)
        except ValueError:
            raise ServiceValidationError(
                translation_domain=DOMAIN,
                translation_key="not_exact",
                translation_placeholders={
                    "name": self.data.titles[point_id],
                    "step": f"{1 / point.divisor:g}",
                },
            ) from None
        await self.async_write(point_id, raw)

    async def async_set_mode(self, mode: AidMode | SmartMode) -> None:
        """Set the aid mode or the smart mode, and show what the heat pump says of it.

        Raises:
            HomeAssistantError: translated; says what happened.
        """
        self._check_access(curated=True)
        with self.errors.command(self.config_entry.title, writes=True):
            device = await self.client.set_mode(mode)
        self.data = replace(self.data, device=device)
        self.async_update_listeners()

    async def async_reset_alarms(self) -> None:
        """Reset the alarms, and read which still stand.

        Raises:
            HomeAssistantError: translated; says what happened.
        """
        self._check_access(curated=True)
        with self.errors.command(self.config_entry.title):
            await self.client.reset_alarms()
            alarms = await self.client.alarms()
        self.data = replace(self.data, alarms=tuple(alarms), alarms_readable=True)
        self.async_update_listeners()

    async def async_expect(self, point_id: int) -> bool:
        """Wait for a point that appears with a setting; return whether it does.

        Raises:
            HomeAssistantError: translated; the heat pump cannot be asked.
        """
        with self.errors.command(self.config_entry.title):
            found = await self.writer.expect(point_id)
        if found is None:
            return False
        point, raw = found
        self._confirmed[point_id] = raw
        self.data = self._with_points({point_id: point}, {**self.data.values, point_id: raw})
        self.async_update_listeners()
        return True

    @override
    async def async_shutdown(self) -> None:
        """Send nothing more once the entry is unloaded."""
        self.writer.close()
        await super().async_shutdown()

    @callback
    def _async_confirmed(self, point_id: int, raw: Raw) -> None:
        """Take in a value that was read by itself."""
        self._confirmed[point_id] = raw
        if self.data.values.get(point_id) != raw:
            self.data = replace(self.data, values={**self.data.values, point_id: raw})
            self.async_update_listeners()

    # Waking

    @callback
    @override
    def async_add_listener(
        self, update_callback: CALLBACK_TYPE, context: Any = None
    ) -> Callable[[], None]:
        """Listen to the points, or the other subjects, that the context names."""
        remove = super().async_add_listener(update_callback, context)
        self._by_subject = None

        @callback
        def remove_listener() -> None:
            self._by_subject = None
            remove()

        return remove_listener

    @callback
    @override
    def async_update_listeners(self) -> None:
        """Wake those whose points changed, a slice at a time."""
        if self._by_subject is None:
            self._by_subject = self._sorted_listeners()
        changed = self._changed()
        everybody = self.last_update_success is not self._shown_success
        self._shown, self._shown_success = self.data, self.last_update_success
        if everybody:
            concerned = dict.fromkeys(update for update, _ in self._listeners.values())
        else:
            concerned = dict.fromkeys(
                update for subject in changed for update in self._by_subject.get(subject, ())
            )
        self._wake(list(concerned))

    def _sorted_listeners(self) -> dict[int, list[CALLBACK_TYPE]]:
        """Return the listeners by subject, so that a change finds them without asking them all."""
        by_subject: dict[int, list[CALLBACK_TYPE]] = {}
        for update, subjects in self._listeners.values():
            for subject in subjects if isinstance(subjects, frozenset) else ():
                by_subject.setdefault(subject, []).append(update)
        return by_subject

    def _changed(self) -> set[int]:
        before, now = self._shown, self.data
        changed: set[int] = set()
        if before.values is not now.values:
            known = before.values.get
            changed = {point_id for point_id, raw in now.values.items() if known(point_id) != raw}
            # None may be a value that is missing as well as a point that is.
            changed |= before.values.keys() ^ now.values.keys()
        if before.points is not now.points:
            changed.add(NEW_POINTS)
        if before.device != now.device:
            changed.add(DEVICE)
        if (before.alarms, before.alarms_readable) != (now.alarms, now.alarms_readable):
            changed.add(ALARMS)
        return changed

    @callback
    def _wake(self, updates: list[CALLBACK_TYPE]) -> None:
        for update in updates[:SLICE]:
            try:
                update()
            except Exception:  # noqa: BLE001  one broken entity must not stop the others
                LOGGER.exception("An entity could not be updated")
        if rest := updates[SLICE:]:
            self.hass.loop.call_soon(self._wake, rest)


@callback
def async_when_points_appear(entry: NibeConfigEntry, add: Callable[[], None], *others: int) -> None:
    """Call a function now, and whenever the heat pump has points that it had not.

    Other points may be named whose values matter too.
    """
    entry.async_on_unload(
        entry.runtime_data.async_add_listener(add, frozenset({NEW_POINTS, *others}))
    )
    add()
