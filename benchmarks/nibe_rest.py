"""What a poll of a heat pump with 1169 points costs Home Assistant, beside the ordinary way.

    .venv/bin/python -m benchmarks.nibe_rest

The ordinary way is an integration with one coordinator, a device, and one CoordinatorEntity for each
point, which all are woken by every poll. It reads with the same client, so that only the way to the entities differs. Every point is
an enabled entity on both sides, 3 % change from poll to poll, and each side runs five times, in
processes of its own, in turn with the other. Told are medians of the five:
- how often entities write their state in a poll;
- the process time of a whole poll: request, decoding, waking;
- the longest time in 20 polls for which nothing else could run;
- the memory of 1000 entities.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
import gc
from importlib import import_module
import logging
from pathlib import Path
import statistics
import time
from typing import Any, override
from unittest.mock import patch

import aiohttp
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    MockModule,
    MockPlatform,
    mock_config_flow,
    mock_integration,
    mock_platform,
)
from yarl import URL

from custom_components.nibe_rest.api import NibeClient
from custom_components.nibe_rest.connection import client_for, session_for
from custom_components.nibe_rest.const import DOMAIN
from custom_components.nibe_rest.models import PointList, Raw
from homeassistant.components.sensor import SensorEntity
from homeassistant.config_entries import ConfigEntry, ConfigFlow
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.entity import Entity
from homeassistant.helpers.entity_platform import AddEntitiesCallback
from homeassistant.helpers.update_coordinator import CoordinatorEntity, DataUpdateCoordinator
from homeassistant.util import slugify

from .home import home, leave_garbage_alone, longest_gap, set_up_entry, simulator
from .report import Measurement, Report, beside, run

RUNS = 5
ORDINARY = "ordinary"
POLLS = 20
STEP = 33  # every so manieth value changes: 3 %
STATM = Path("/proc/self/statm")
PAGES_A_MEGABYTE = 256
PLATFORMS = ("sensor", "number", "select", "switch", "climate", "water_heater", "fan", "event")

type Figures = dict[str, float]


class Changing:
    """Changes 3 % of the values from poll to poll, so that both sides see the same."""

    def __init__(self) -> None:
        """Start with what the pump says."""
        self._ask = NibeClient.points
        self._added: dict[int, int] = {}
        self._polls = 0

    async def points(self, client: NibeClient) -> PointList:
        """Read all points, and count some of them up."""
        listed = await self._ask(client)
        whole = [point for point, raw in listed.values.items() if isinstance(raw, int)]
        for point in whole[self._polls % STEP :: STEP]:
            self._added[point] = self._added.get(point, 0) + 1
        self._polls += 1
        values: dict[int, Raw] = dict(listed.values)
        for point, more in self._added.items():
            if isinstance(raw := values[point], int):
                values[point] = raw + more
        return replace(listed, values=values)


class Ordinary(CoordinatorEntity[DataUpdateCoordinator[PointList]], SensorEntity):
    """A point as most integrations have it."""

    def __init__(self, coordinator: DataUpdateCoordinator[PointList], point_id: int) -> None:
        """Show a point."""
        super().__init__(coordinator)
        self.point_id = point_id
        self.point = coordinator.data.points[point_id]
        self._attr_unique_id = f"ordinary-{point_id}"
        self._attr_name = self.point.title
        self._attr_native_unit_of_measurement = self.point.unit or None
        self._attr_device_info = DeviceInfo(identifiers={(ORDINARY, "pump")}, name="Pump")

    @property
    @override
    def native_value(self) -> str | float | None:
        """The value as the heat pump last told."""
        raw = self.coordinator.data.values[self.point_id]
        return self.point.scaled(raw) if isinstance(raw, int) else raw


def megabytes() -> float:
    """Return the memory of this process."""
    gc.collect()
    return int(STATM.read_text(encoding="ascii").split()[1]) / PAGES_A_MEGABYTE


async def entry_data(facts: dict[str, Any]) -> dict[str, Any]:
    """Return what an entry has to know, and stop the plant: its changes are made here."""
    url = URL(facts["url"])
    # The pump's pauses would only make this longer: they are nobody's process time.
    quick = {"latency": 0, "dump_latency": 0}
    async with aiohttp.ClientSession() as session:
        for command, body in (("change_share", {"share": 0}), ("set", quick)):
            async with session.post(f"{facts['control']}/{command}", json=body) as answer:
                answer.raise_for_status()
    return {"host": url.host, "port": url.port, **facts["credentials"]}


async def set_up_ours(hass: HomeAssistant, data: dict[str, Any]) -> DataUpdateCoordinator[Any]:
    """Set the integration up with every point enabled."""
    entry = MockConfigEntry(
        domain=DOMAIN,
        title="NIBE",
        unique_id=data["serial"],
        data=data,
        options={"new_points": "all"},
    )
    coordinator: DataUpdateCoordinator[Any] = (await set_up_entry(hass, entry)).runtime_data
    return coordinator


async def set_up_ordinary(hass: HomeAssistant, client: NibeClient) -> DataUpdateCoordinator[Any]:
    """Make one coordinator and an entity for each point, as most integrations do."""
    coordinator = DataUpdateCoordinator(
        hass,
        logging.getLogger(__name__),
        config_entry=None,
        name=ORDINARY,
        update_method=client.points,
    )
    await coordinator.async_refresh()

    async def set_up(hass: HomeAssistant, entry: ConfigEntry) -> bool:
        await hass.config_entries.async_forward_entry_setups(entry, [Platform.SENSOR])
        return True

    async def add(_: HomeAssistant, entry: ConfigEntry, add_entities: AddEntitiesCallback) -> None:
        add_entities(Ordinary(coordinator, it) for it in coordinator.data.values)

    mock_integration(hass, MockModule(ORDINARY, async_setup_entry=set_up))
    mock_platform(hass, f"{ORDINARY}.config_flow", None)
    mock_platform(hass, f"{ORDINARY}.sensor", MockPlatform(async_setup_entry=add))
    with mock_config_flow(ORDINARY, ConfigFlow):
        await set_up_entry(hass, MockConfigEntry(domain=ORDINARY))
    return coordinator


async def writes_of(poll: Callable[[], Any]) -> int:
    """Return how many states are written in a poll, changed or not."""
    count, write = 0, Entity._async_write_ha_state  # noqa: SLF001

    def counted(entity: Entity) -> None:
        nonlocal count
        count += 1
        write(entity)

    with patch.object(Entity, "_async_write_ha_state", counted):
        await poll()
    return count


async def cost(poll: Callable[[], Any]) -> float:
    """Return the milliseconds of process time that something takes."""
    started = time.process_time()
    await poll()
    return (time.process_time() - started) * 1000


@asynccontextmanager
async def watching(side: int) -> AsyncGenerator[tuple[DataUpdateCoordinator[Any], float, int]]:
    """Give out a coordinator with its entities, the memory they took, and how many they are."""
    for platform in PLATFORMS:
        import_module(f"homeassistant.components.{platform}")
        import_module(f"custom_components.nibe_rest.{platform}")
    async with simulator(DOMAIN) as facts, home() as hass:
        data = await entry_data(facts)
        changing = Changing()
        with patch.object(NibeClient, "points", lambda client: changing.points(client)):  # noqa: PLW0108
            async with session_for(data) as session:
                data["serial"] = (await client_for(hass, session, data).devices())[0].serial
                client = client_for(hass, session, data)
                # What the first request and the first name cost is nobody's entity.
                await client.points()
                slugify("ö")
                before = megabytes()
                setting_up = set_up_ordinary(hass, client) if side else set_up_ours(hass, data)
                coordinator = await setting_up
                yield coordinator, megabytes() - before, len(hass.states.async_entity_ids())


async def side_of(side: int) -> Figures:
    """Return the figures of one side."""
    async with watching(side) as (coordinator, memory, entities):

        async def poll() -> None:
            await coordinator.async_refresh()
            for _ in range(10):  # ours wakes entities in slices
                await asyncio.sleep(0)

        await poll()
        leave_garbage_alone()
        return {
            "writes": statistics.median([await writes_of(poll) for _ in range(POLLS)]),
            "process": statistics.median([await cost(poll) for _ in range(POLLS)]),
            "gap": max([await longest_gap(poll()) for _ in range(POLLS)]),
            "memory": memory * 1000 / entities,
            "entities": entities,
        }


FIGURES: tuple[tuple[str, str, str, float | None], ...] = (
    # figure, its name, unit, ratio at least
    ("writes", "states written in a poll", "", 20),
    ("process", "process time of a poll", "ms", 1),
    ("gap", "longest hold of the event loop in 20 polls", "ms", 1),
    ("memory", "memory of 1000 entities", "MB", None),
)


async def measure(report: Report) -> None:
    """Measure both sides in turn and tell the medians."""
    runs: tuple[list[Figures], list[Figures]] = [], []
    for _ in range(RUNS):
        for side, told in enumerate(runs):
            told.append(await beside(DOMAIN, "side", side))
    report.compare("entities", runs[0][0]["entities"], ordinary=runs[1][0]["entities"])
    for figure, name, unit, least in FIGURES:
        ours, ordinary = (statistics.median(it[figure] for it in told) for told in runs)
        report.compare(name, float(ours), unit, ordinary=float(ordinary), ratio=least)


PARTS: dict[str, Measurement] = {"side": side_of}

if __name__ == "__main__":
    run(DOMAIN, measure, PARTS)
