"""Looking at what the recorder keeps of energy."""

from datetime import UTC, datetime
from typing import Any

from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
    do_adhoc_statistics,
)

from homeassistant.components.recorder import get_instance
from homeassistant.components.recorder.statistics import statistics_during_period
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from simulators.victron_vrm.site import Site

HOUR = 3600
LONG_AGO = datetime(1990, 1, 1, tzinfo=UTC)
CODES = ("Pc", "Pb", "Pg", "Gc", "Gb", "Bc", "Bg", "gc", "gb")
PARTS = {
    "grid_import": ("Gc", "Gb"),
    "grid_export": ("Pg", "Bg"),
    "solar": ("Pc", "Pb", "Pg"),
    "battery_charge": ("Pb", "Gb", "gb"),
    "battery_discharge": ("Bc", "Bg"),
    "generator": ("gc", "gb"),
    "consumption": ("Pc", "Gc", "Bc", "gc"),
}


async def compiled(hass: HomeAssistant, moment: datetime | None = None) -> None:
    """Let the recorder compile five minutes: those of now, unless others are named."""
    now = moment or dt_util.utcnow()
    await async_wait_recording_done(hass)
    start = now.replace(minute=now.minute // 5 * 5, second=0, microsecond=0)
    do_adhoc_statistics(hass, start=start)
    await async_wait_recording_done(hass)


async def hours(hass: HomeAssistant, statistic_id: str | None) -> list[Any]:
    """Return all hours of a statistic, in kWh."""
    assert statistic_id
    await async_wait_recording_done(hass)
    found = await get_instance(hass).async_add_executor_job(
        statistics_during_period,
        hass,
        LONG_AGO,
        None,
        {statistic_id},
        "hour",
        {"energy": "kWh"},
        {"change", "state", "sum"},
    )
    rows: list[Any] = found.get(statistic_id, [])
    return rows


def flowed(site: Site, counter: str, start: float, end: float | None = None) -> float:
    """Return what has flowed in an hour, in kWh, as the simulated site knows it."""
    flows = site.ledger.energy(start, start + HOUR if end is None else end)
    return sum(flows[CODES.index(code)] for code in PARTS[counter])


def wrong_hours(site: Site, counter: str, rows: list[Any]) -> list[Any]:
    """Return the hours that are not as the simulated site knows them, to 0.001 kWh."""
    return [
        (row, flowed(site, counter, row["start"]))
        for row in rows
        if abs(row["change"] - flowed(site, counter, row["start"])) > 0.001
    ]
