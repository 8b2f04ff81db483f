"""Calendars: the time programs, week after week."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import override

from homeassistant.components.calendar import CalendarEntity, CalendarEvent
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.util import dt as dt_util

from .catalog_types import Part
from .coordinator import PROGRAMS, HtRestConfigEntry, HtRestCoordinator
from .entity import HtRestEntity
from .models import ProgramHead, Slot
from .programs import state_name

PARALLEL_UPDATES = 0

# What the heat pump calls its programs, and which part of the plant each is about.
KNOWN = {
    "Warmwasser": ("hot_water", Part.HOT_WATER),
    "Zirkulationspumpe": ("circulation", Part.HOT_WATER),
    "Heizung": ("heating", Part.CIRCUIT),
    "Mischer 1": ("mixing_circuit_1", Part.PUMP),
    "Mischer 2": ("mixing_circuit_2", Part.PUMP),
}
WEEK = timedelta(days=7)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: HtRestConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add a calendar for each time program."""
    coordinator = entry.runtime_data
    added: set[int] = set()

    @callback
    def add_new() -> None:
        new = [head for head in coordinator.data.heads if head.index not in added]
        added.update(head.index for head in new)
        async_add_entities(HtRestCalendar(coordinator, head) for head in new)

    entry.async_on_unload(coordinator.async_add_listener(add_new, frozenset({PROGRAMS})))
    add_new()


class HtRestCalendar(HtRestEntity, CalendarEntity):
    """A time program; what is not its lowest state is an event."""

    _attr_entity_registry_enabled_default = False

    def __init__(self, coordinator: HtRestCoordinator, head: ProgramHead) -> None:
        """Take the program's name, one that is not known as it is."""
        key, part = KNOWN.get(head.name, (None, Part.PUMP))
        super().__init__(coordinator, f"program{head.index}", part, frozenset({PROGRAMS}))
        self._head = head
        if key:
            self._attr_translation_key = f"program_{key}"
        else:
            self._attr_name = head.name

    @property
    @override
    def available(self) -> bool:
        """Whether the heat pump answers, and the program has been read."""
        return super().available and self._head.index in self.coordinator.data.programs

    @property
    @override
    def event(self) -> CalendarEvent | None:
        """The event of now, or the next one."""
        now = dt_util.utcnow()
        return next(self._events(now, now + WEEK + timedelta(days=1)), None)

    @override
    async def async_get_events(
        self, hass: HomeAssistant, start_date: datetime, end_date: datetime
    ) -> list[CalendarEvent]:
        """Return the events of a time."""
        return list(self._events(start_date, end_date))

    def _events(self, start: datetime, end: datetime) -> Iterator[CalendarEvent]:
        program = self.coordinator.data.programs.get(self._head.index)
        if program is None:
            return
        start, end = dt_util.as_utc(start), dt_util.as_utc(end)
        day = dt_util.as_local(start).date()
        while day <= dt_util.as_local(end).date():
            for slot in sorted(program.week[day.weekday()] if program.week else ()):
                begins, ends = _at(day, slot.start), _at(day, slot.end)
                # What summer time leaves nothing of is no event.
                if slot.state and begins < ends and ends > start and begins < end:
                    yield self._event(slot, begins, ends)
            day += timedelta(days=1)

    def _event(self, slot: Slot, begins: datetime, ends: datetime) -> CalendarEvent:
        name = state_name(self._head, slot.state)
        return CalendarEvent(
            start=dt_util.as_local(begins),
            end=dt_util.as_local(ends),
            summary=f"{slot.state} ({name})" if name else str(slot.state),
        )


def _at(day: date, minutes: int) -> datetime:
    """Return when the clock on the wall shows a time of day; 24:00 is the next midnight.

    In UTC, for times of one zone are compared by that clock, which goes back once a year.
    """
    days, minutes = divmod(minutes, 24 * 60)
    midnight = datetime.combine(day + timedelta(days=days), datetime.min.time())
    wall = (midnight + timedelta(minutes=minutes)).replace(tzinfo=dt_util.get_default_time_zone())
    return dt_util.as_utc(wall)
