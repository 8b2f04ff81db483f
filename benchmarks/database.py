"""How many rows each integration writes into Home Assistant's database, with its default entities.

    .venv/bin/python -m benchmarks.database

All five live for some minutes at real speed in one Home Assistant, with a database of its own. What
the start writes does not count. Counted are states, by integration, and the rows of attributes and
events of all of them; told is what that makes in an hour. Simulated houses live as houses do in the
middle of the day, except that nobody is at the doors.
"""

import asyncio
from collections import Counter
from typing import Any

from sqlalchemy import text

from homeassistant.components.recorder import get_instance
from homeassistant.components.recorder.util import session_scope
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er, recorder as recorder_helper
from homeassistant.setup import async_setup_component

from .home import home
from .report import Report, run
from .startup import NAMES, add, devices

SETTLING = 20.0  # seconds
WATCHED = 120.0
HOUR = 3600
STATES = (
    "select m.entity_id, count(*) from states s"
    " join states_meta m on m.metadata_id = s.metadata_id group by m.entity_id"
)
TOTALS = {
    "state_attributes": "select count(*) from state_attributes",
    "events": "select count(*) from events",
}


async def rows(hass: HomeAssistant) -> Counter[str]:
    """Return how many rows there are, by integration and by table."""
    recorder = get_instance(hass)
    await recorder.async_block_till_done()
    registry = er.async_get(hass)

    def count() -> tuple[list[Any], dict[str, int]]:
        with session_scope(hass=hass, read_only=True) as session:
            states = [tuple(row) for row in session.execute(text(STATES))]
            return states, {
                it: int(session.execute(text(sql)).scalar() or 0) for it, sql in TOTALS.items()
            }

    states, totals = await recorder.async_add_executor_job(count)
    counted: Counter[str] = Counter(totals)
    for entity_id, number in states:
        entity = registry.async_get(entity_id)
        counted[entity.platform if entity else "others"] += number
    return counted


async def measure(report: Report) -> None:
    """Live for some minutes, and tell what was written."""
    async with devices(NAMES, alive=True) as servers, home(web=True) as hass:
        recorder_helper.async_initialize_recorder(hass)
        url = f"sqlite:///{hass.config.path('rows.db')}"
        config = {"recorder": {"db_url": url, "commit_interval": 0}}
        if not await async_setup_component(hass, "recorder", config):
            raise SystemExit("there is no recorder")
        for name, server in servers.items():
            await add(hass, name, server)
        await asyncio.sleep(SETTLING)
        before = await rows(hass)
        await asyncio.sleep(WATCHED)
        written = await rows(hass) - before
    for name in NAMES:
        if name == "victron_vrm":
            continue  # it reads every five minutes: these two can tell nothing
        report.tell(f"states, {name}", round(written[name] * HOUR / WATCHED), "1/h")
    for name in TOTALS:
        report.tell(f"rows of {name}, all five", round(written[name] * HOUR / WATCHED), "1/h")


if __name__ == "__main__":
    run("database", measure)
