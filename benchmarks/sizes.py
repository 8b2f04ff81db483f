"""Each integration lives through some simulated hours in four sizes, in processes of their own.

Told are, for each size, the entities, the requests that the device or the cloud gets in an hour, the
process time that Home Assistant spends in an hour (devices live in the same event loop: their steps
are told apart and do not count), and the figure that limits the size.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
import statistics
from typing import Any, cast
from unittest.mock import patch

from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from simulators.base import Simulator
from simulators.htrest import HtRestSimulator
from simulators.nibe_rest import NibeSimulator
from simulators.nuki_bridge import NukiBridgeSimulator
from simulators.thinknx import ThinknxSimulator
from simulators.victron_vrm import Profile, VrmSimulator
from simulators.victron_vrm.parks import kinds_of
from soak.clock import SoakClock, SoakLoop
from soak.house import ZONE, house

from . import startup
from .home import leave_garbage_alone, set_up_entry, shown
from .report import Report, beside
from .work import Work, as_device

HOUR = 3600.0
SETTLING = HOUR
WATCHED = 2 * HOUR
TIMES = (1, 2, 5, 10)
MOST = 200

type Server = Simulator | HtRestSimulator


@dataclass(frozen=True)
class Limit:
    """What ends the growth, as the simulator counts it."""

    name: str
    unit: str
    read: Callable[[Any], float]


@dataclass(frozen=True)
class Growing:
    """What grows of an integration."""

    domain: str
    what: str
    least: int
    """How many there are in the smallest size."""
    make: Callable[[int], Server]
    entry: Callable[[Any], startup.Entry]
    limit: Limit | None = None


def heat_pump(points: int) -> NibeSimulator:
    """Return a heat pump that has so many points."""
    pump = NibeSimulator(clock=SoakClock(), latency=0.2, dump_latency=1.5)
    numbers = [point.id for point in pump.devices[0].points.values() if point.active]
    for number in numbers[points:]:
        pump.hide(number)
    return pump


def bridge(locks: int) -> NukiBridgeSimulator:
    """Return a bridge with so many locks."""
    made = NukiBridgeSimulator(clock=SoakClock())
    for number in list(made.locks):
        made.remove_lock(number)
    for number in range(locks):
        made.add_lock(0x10000000 + number, f"Door {number + 1}")
    return made


def server(lights: int) -> ThinknxSimulator:
    """Return a server with so many lights."""
    made = ThinknxSimulator(clock=SoakClock(), auth="basic")
    for guid in made.guids("light"):
        made.remove_device(guid)
    for _ in range(lights):
        made.add_device("light", ["power"])
    return made


def cloud(sites: int) -> VrmSimulator:
    """Return a cloud with an account of so many sites."""
    return VrmSimulator(clock=SoakClock(), kinds=kinds_of(Profile.HUNDRED)[:sites])


def serial(_: int) -> HtRestSimulator:
    """Return a heat pump behind a serial line."""
    return HtRestSimulator(clock=SoakClock(), time_zone=ZONE)


def nibe_all(pump: Any) -> startup.Entry:
    """Return an entry that has every point enabled."""
    unique_id, data, rest = startup.nibe_rest(pump)
    return unique_id, data, {**rest, "options": {"new_points": "all"}}


def longest_gap(simulator: ThinknxSimulator) -> float:
    """Return the longest time between two looks at a value in seconds, in the mean of all."""
    return statistics.mean(simulator.stats.longest_gap.values())


GROWING = (
    Growing(
        *("htrest", "enabled entities", 7, serial, startup.htrest),
        Limit("serial line in use", "%", lambda it: it.stats.serial_seconds / WATCHED * 100),
    ),
    Growing("nibe_rest", "points", 117, heat_pump, nibe_all),
    Growing(
        *("nuki_bridge", "locks", 1, bridge, startup.nuki_bridge),
        Limit("refused as busy", "", lambda it: it.stats.busy.total()),
    ),
    Growing(
        *("thinknx", "lights", 20, server, partial(startup.thinknx, count=MOST)),
        Limit("between two looks at a light, mean of the longest", "s", longest_gap),
    ),
    Growing(
        *("victron_vrm", "sites", 10, cloud, startup.victron_vrm),
        Limit("fullest bucket of the cloud", "of 200", lambda it: it.stats.peak_level),
    ),
)


async def enable_some(hass: HomeAssistant, entry: MockConfigEntry, count: int) -> None:
    """Have so many entities enabled, measured values first, and nothing else."""
    registry = er.async_get(hass)
    entities = er.async_entries_for_config_entry(registry, entry.entry_id)
    entities.sort(key=lambda entity: (entity.domain != "sensor", entity.unique_id))
    if len(entities) < count:
        raise SystemExit(f"there are {len(entities)} entities, not {count}")
    for number, entity in enumerate(entities):
        disabled = None if number < count else er.RegistryEntryDisabler.USER
        registry.async_update_entity(entity.entity_id, disabled_by=disabled)
    await hass.config_entries.async_reload(entry.entry_id)


@asynccontextmanager
async def living(growing: Growing, count: int) -> AsyncGenerator[tuple[HomeAssistant, Server]]:
    """Give out a Home Assistant with the integration in this size."""
    loop = cast("SoakLoop", asyncio.get_running_loop())
    simulator = growing.make(count)
    with as_device():
        await simulator.start()
    if isinstance(simulator, HtRestSimulator):
        loop.jumps.busy.append(
            lambda: not simulator.thread_clock.waiting and loop.connected_to(simulator.port)
        )
    async with house() as hass:
        unique_id, data, rest = growing.entry(simulator)
        entry = MockConfigEntry(domain=growing.domain, unique_id=unique_id, data=data, **rest)
        cloud = f"{getattr(simulator, 'url', '')}/v2"
        with patch("custom_components.victron_vrm.connection.API_URL", cloud):
            await set_up_entry(hass, entry)
            if growing.domain == "htrest":
                await enable_some(hass, entry, count)
            yield hass, simulator
            await hass.config_entries.async_unload(entry.entry_id)
    await simulator.stop()


async def live(number: int, count: int) -> dict[str, float]:
    """Return the figures of one size."""
    growing, work = GROWING[number], Work()
    async with living(growing, count) as (hass, simulator):
        await asyncio.sleep(SETTLING)
        simulator.stats.reset()
        leave_garbage_alone()
        with work.counted():
            await asyncio.sleep(WATCHED)
        return {
            "entities": shown(hass),
            "requests": simulator.stats.requests.total() / WATCHED * HOUR,
            "process": work.seconds / WATCHED * HOUR,
            "hold": work.longest * 1000,
            "limit": growing.limit.read(simulator) if growing.limit else 0,
        }


async def measure(report: Report) -> None:
    """Measure all sizes and tell the figures."""
    for number, growing in enumerate(GROWING):
        for times in TIMES:
            count = growing.least * times
            told = await beside("growth", "live", number, count)
            name = f"{growing.domain}, {count} {growing.what}"
            report.tell(f"{name}: entities with values", told["entities"])
            report.tell(f"{name}: requests", float(told["requests"]), "1/h")
            report.tell(f"{name}: process time", float(told["process"]), "s/h")
            report.tell(f"{name}: longest hold of the event loop", float(told["hold"]), "ms")
            if growing.limit:
                limit = float(told["limit"])
                report.tell(f"{name}: {growing.limit.name}", limit, growing.limit.unit)
