"""What languages, many sites and long absences must not change."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
import threading
from typing import Any, override
from unittest.mock import patch

import pytest

from homeassistant.components.recorder import Recorder, get_instance
from homeassistant.components.recorder.tasks import RecorderTask
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util
from simulators.victron_vrm import VrmSimulator

from .common import House, make_entry
from .recording import HOUR, compiled, flowed, hours, wrong_hours
from .test_history import imported, only, sensor

type Start = Callable[..., Awaitable[House]]

DAY = 86400


def unique_ids(house: House) -> set[str]:
    """Return the unique ids of all entities."""
    registry = er.async_get(house.hass)
    found = er.async_entries_for_config_entry(registry, house.entry.entry_id)
    return {it.unique_id for it in found}


@pytest.mark.parametrize("kinds", [["ess", "boat", "off_grid", "ev"]])
async def test_language(start: Start, hass: HomeAssistant, cloud: VrmSimulator) -> None:
    """An account in another language has entities of the same unique ids."""
    house = await start()
    await house.live(2000)
    before = unique_ids(house)
    cloud.set_language("pt")
    assert await hass.config_entries.async_reload(house.entry.entry_id)
    await house.live(2000)
    assert sorted(unique_ids(house) - before) == []


@pytest.mark.parametrize("kinds", [["ess", "boat", "off_grid", "ev"]])
async def test_overview_not_allowed_later(
    start: Start, hass: HomeAssistant, cloud: VrmSimulator
) -> None:
    """Without the overview of devices, entities keep their unique ids."""
    house = await start()
    await house.live(2000)
    before = unique_ids(house)
    cloud.unauthorised["*/system-overview"] = 403
    assert await hass.config_entries.async_reload(house.entry.entry_id)
    await house.live(2000)
    assert sorted(unique_ids(house) - before) == []


async def test_sensor_that_was_disabled_for_days(
    recorder_mock: Any, hass: HomeAssistant, cloud: VrmSimulator, start: Start
) -> None:
    """A counter that was disabled for five days has neither a spike nor a hole when it is back."""
    site = cloud.site("ess")
    site.created = int(cloud.now) // HOUR * HOUR - 40 * DAY
    house = await imported(start, cloud, "solar")
    statistic_id = sensor(house, "solar")
    registry = er.async_get(hass)
    registry.async_update_entity(statistic_id, disabled_by=er.RegistryEntryDisabler.USER)
    assert await hass.config_entries.async_reload(house.entry.entry_id)
    # Five days, of which only the first and the last hours are lived through.
    await house.live(2 * HOUR)
    assert await hass.config_entries.async_unload(house.entry.entry_id)
    await house.clock.advance(5 * DAY)
    assert await hass.config_entries.async_setup(house.entry.entry_id)
    await house.live(2 * HOUR)
    registry.async_update_entity(statistic_id, disabled_by=None)
    assert await hass.config_entries.async_reload(house.entry.entry_id)
    await house.live(1)
    await compiled(hass)
    await house.live(2 * HOUR)
    found = await hours(hass, statistic_id)
    total = sum(it["change"] for it in found[1:])
    assert total == pytest.approx(
        flowed(site, "solar", site.created, found[-1]["start"] + HOUR), abs=0.01
    )


@dataclass(slots=True)
class Busy(RecorderTask):
    """Something that keeps the recorder from all else, as a backup does."""

    over: threading.Event

    @override
    def run(self, instance: Recorder) -> None:
        """Wait until it is over."""
        self.over.wait(60)


async def test_recorder_that_was_busy(
    recorder_mock: Any, hass: HomeAssistant, cloud: VrmSimulator, start: Start
) -> None:
    """What was handed to a busy recorder again and again counts once when it has time."""
    site = cloud.site("ess")
    site.created = int(cloud.now) // HOUR * HOUR - 40 * DAY
    house = await start(make_entry(cloud, {"history": True}))
    only(house, "solar")
    await compiled(hass)
    over = threading.Event()
    get_instance(hass).queue_task(Busy(over))
    with patch("custom_components.victron_vrm.statistics.PATIENCE", 1.5, create=True):
        await house.live(2 * HOUR)
    over.set()
    await house.live(3 * HOUR)
    statistic_id = sensor(house, "solar")
    await compiled(hass, dt_util.utcnow() + timedelta(hours=4, minutes=5))
    await compiled(hass, (dt_util.utcnow() + timedelta(hours=4)).replace(minute=55))
    found = await hours(hass, statistic_id)
    offsets = {round(it["sum"] - it["state"], 3) for it in found}
    assert len(offsets) == 1
    found = [it for it in found if it["start"] < cloud.now - 2 * HOUR]
    assert wrong_hours(site, "solar", found[1:]) == []
