"""A Home Assistant to measure in, and what is measured with it."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable
from contextlib import asynccontextmanager
from datetime import timedelta
import gc
import json
import sys
from tempfile import TemporaryDirectory
import time
from typing import Any

from aiohttp.test_utils import unused_port
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
    async_test_home_assistant,
)

from homeassistant.const import EVENT_HOMEASSISTANT_START
from homeassistant.core import HomeAssistant
from homeassistant.core_config import async_process_ha_core_config
from homeassistant.helpers import entity_registry as er
from homeassistant.loader import DATA_CUSTOM_COMPONENTS
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util

WEBHOOK = "5eaf" * 16


@asynccontextmanager
async def home(*, web: bool = False) -> AsyncGenerator[HomeAssistant]:
    """Give out a Home Assistant, with a web server for callbacks if wanted."""
    # In a folder of its own: what others have stored is none of its business.
    with TemporaryDirectory() as folder:
        async with async_test_home_assistant(config_dir=folder) as hass:
            # As long as this is there, only Home Assistant's own integrations are found.
            hass.data.pop(DATA_CUSTOM_COMPONENTS)
            await async_setup_component(hass, "network", {})
            if web:
                await start_web(hass)
            yield hass
            await hass.async_stop(force=True)


async def start_web(hass: HomeAssistant) -> None:
    """Start the web server, and let devices know its address."""
    port = unused_port()
    server = {"server_host": ["127.0.0.1"], "server_port": port}
    await async_setup_component(hass, "http", {"http": server})
    await async_setup_component(hass, "webhook", {})
    hass.bus.async_fire(EVENT_HOMEASSISTANT_START)  # the server waits for it
    await hass.async_block_till_done()
    await async_process_ha_core_config(hass, {"internal_url": f"http://127.0.0.1:{port}"})


async def set_up_entry(hass: HomeAssistant, entry: MockConfigEntry) -> MockConfigEntry:
    """Set an integration up, to the end."""
    entry.add_to_hass(hass)
    if not await hass.config_entries.async_setup(entry.entry_id):
        raise SystemExit(f"{entry.domain} was not set up: {entry.reason}")
    await hass.async_block_till_done()
    return entry


async def enable_all(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Enable every entity."""
    registry = er.async_get(hass)
    for entity in er.async_entries_for_config_entry(registry, entry.entry_id):
        registry.async_update_entity(entity.entity_id, disabled_by=None)
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()


async def ring(hass: HomeAssistant, seconds: float) -> None:
    """Let all timers ring that are due within so many seconds."""
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=seconds))
    await hass.async_block_till_done(wait_background_tasks=True)


def shown(hass: HomeAssistant) -> int:
    """Return how many entities show something."""
    return sum(it.state not in {"unavailable", "unknown"} for it in hass.states.async_all())


def leave_garbage_alone() -> None:
    """Keep the collector from looking through what is there: that would be Home Assistant's time."""
    gc.collect()
    gc.freeze()


async def longest_gap(happening: Awaitable[object]) -> float:
    """Return the longest time in milliseconds that nothing else could run."""
    task, longest = asyncio.ensure_future(happening), 0.0
    while not task.done():
        started = time.perf_counter()
        await asyncio.sleep(0)
        longest = max(longest, (time.perf_counter() - started) * 1000)
    await task
    return longest


@asynccontextmanager
async def simulator(domain: str, *options: str) -> AsyncGenerator[dict[str, Any]]:
    """Run a simulator in a process of its own; give out what it says of itself."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "simulators", domain, "--json", *options),
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        yield json.loads(await process.stdout.readline())
    finally:
        process.terminate()
        await process.wait()
