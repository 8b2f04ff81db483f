"""All five live through a simulated day in one Home Assistant, with a database of its own.

What the start writes does not count. Counted are the rows of states and statistics, by integration,
and those of attributes and events of all of them; told are means of an hour. Simulated houses live
as houses do, except that nobody is at the doors and nobody operates anything.
"""

import asyncio
from collections import Counter, defaultdict
from functools import partial
from typing import cast

from sqlalchemy import text

from homeassistant.components.recorder import get_instance
from homeassistant.components.recorder.util import session_scope
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er, recorder as recorder_helper
from homeassistant.helpers.recorder import DATA_INSTANCE
from homeassistant.setup import async_setup_component
from soak.clock import SoakLoop
from soak.house import house
from soak.run import ROOMS

from .report import Report, beside

SETTLING = 1800.0  # seconds
WATCHED_HOURS = 24
HOUR = 3600.0
BY_ENTITY = {
    "states": "select m.entity_id, count(*) from states t"
    " join states_meta m on m.metadata_id = t.metadata_id group by m.entity_id",
    "short-term statistics": "select m.statistic_id, count(*) from statistics_short_term t"
    " join statistics_meta m on m.id = t.metadata_id group by m.statistic_id",
    "long-term statistics": "select m.statistic_id, count(*) from statistics t"
    " join statistics_meta m on m.id = t.metadata_id group by m.statistic_id",
}
TOTALS = {
    "attributes": "select count(*) from state_attributes",
    "events": "select count(*) from events",
}

type Rows = Counter[tuple[str, str]]


async def rows(hass: HomeAssistant) -> Rows:
    """Return how many rows there are, by kind and integration."""
    recorder = get_instance(hass)
    await recorder.async_block_till_done()
    registry = er.async_get(hass)

    def count() -> list[tuple[str, str, int]]:
        with session_scope(hass=hass, read_only=True) as session:
            found = [
                (kind, str(entity_id), int(number))
                for kind, sql in BY_ENTITY.items()
                for entity_id, number in session.execute(text(sql))
            ]
            for kind, sql in TOTALS.items():
                found.append((kind, "", int(session.execute(text(sql)).scalar() or 0)))
            return found

    counted: Rows = Counter()
    for kind, entity_id, number in await recorder.async_add_executor_job(count):
        if entity := registry.async_get(entity_id):
            counted[kind, entity.platform] += number
        if entity or not entity_id:  # the sun, and what else is of Home Assistant's own, is not
            counted[kind, "all five"] += number
    return counted


def is_writing(hass: HomeAssistant) -> bool:
    """Return whether the recorder's thread is at work, for which time has to stand still."""
    instance = hass.data.get(DATA_INSTANCE)
    if instance is None:
        return False
    return not instance.async_recorder_ready.is_set() or instance.backlog > 0


async def live() -> dict[str, dict[str, float]]:
    """Return the enabled entities and the rows of an hour by kind, by integration."""
    loop = cast("SoakLoop", asyncio.get_running_loop())
    async with house() as hass:
        loop.jumps.busy.append(partial(is_writing, hass))
        recorder_helper.async_initialize_recorder(hass)
        url = f"sqlite:///{hass.config.path('rows.db')}"
        if not await async_setup_component(hass, "recorder", {"recorder": {"db_url": url}}):
            raise SystemExit("there is no recorder")
        rooms = [room(hass, loop, 1) for room in ROOMS.values()]
        for room in rooms:
            await room.start()
            # The soak's rooms ask less often than an entry without options.
            hass.config_entries.async_update_entry(room.entry, options={})
            await hass.config_entries.async_reload(room.entry.entry_id)
        await asyncio.sleep(SETTLING)
        before = await rows(hass)
        await asyncio.sleep(WATCHED_HOURS * HOUR)
        written = await rows(hass)
        written.subtract(before)
        told: dict[str, dict[str, float]] = defaultdict(dict)
        for room in rooms:
            entities = er.async_entries_for_config_entry(er.async_get(hass), room.entry.entry_id)
            told[room.domain]["enabled entities"] = sum(not it.disabled for it in entities)
        for (kind, domain), number in written.items():
            told[domain][kind] = number / WATCHED_HOURS
        for room in rooms:
            await room.stop()
        return told


async def measure(report: Report) -> None:
    """Tell what was written in a day."""
    told = await beside("database", "day")
    for domain, figures in told.items():
        for kind, number in figures.items():
            unit = "" if kind == "enabled entities" else "rows/h"
            report.tell(f"{domain}: {kind}", number, unit)
