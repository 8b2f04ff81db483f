"""What a poll of a heat pump with 1169 points costs Home Assistant.

    .venv/bin/python -m benchmarks.nibe_rest

Two figures, each a ratio within one run:
- waking the entities after a poll in which 3 % of the points changed, every point being an enabled
  entity: the same entities woken as an ordinary coordinator does, all of them each time, and as
  ours does;
- the longest time for which a whole poll (request, decoding, waking) holds up the event loop.
"""

import asyncio
from collections.abc import Callable
from dataclasses import replace
import json
import logging
import statistics
import sys
import time
from typing import Any

from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_test_home_assistant,
)
from yarl import URL

from custom_components.nibe_rest.connection import client_for, session_for
from custom_components.nibe_rest.const import DOMAIN
from custom_components.nibe_rest.coordinator import NibeCoordinator
from custom_components.nibe_rest.models import Raw
from homeassistant.core import HomeAssistant
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator
from homeassistant.loader import DATA_CUSTOM_COMPONENTS

ROUNDS = 30
SHARE = 0.03


def changed(values: dict[int, Raw], round_number: int) -> dict[int, Raw]:
    """Return values of which 3 % are others than before."""
    numbers = [point for point, raw in values.items() if isinstance(raw, int)]
    step = round(1 / SHARE)
    return values | {
        point: (raw if isinstance(raw := values[point], int) else 0) + 1
        for point in numbers[round_number % step :: step]
    }


def milliseconds(started: float) -> float:
    """Return the time since a moment of time.perf_counter()."""
    return (time.perf_counter() - started) * 1000


async def waking(
    hass: HomeAssistant, coordinator: NibeCoordinator, wake: Callable[[NibeCoordinator], None]
) -> float:
    """Return the median cost of waking entities after 3 % of the points changed."""
    costs = []
    for number in range(ROUNDS):
        data = coordinator.data
        coordinator.data = replace(data, values=changed(dict(data.values), number))
        started = time.perf_counter()
        wake(coordinator)
        costs.append(milliseconds(started))
        await hass.async_block_till_done()
    return statistics.median(costs)


async def longest_gap(coordinator: NibeCoordinator) -> float:
    """Return the median, over some polls, of the longest time that nothing else could run."""
    gaps = []
    for _ in range(10):
        poll = asyncio.ensure_future(coordinator.async_refresh())
        longest = 0.0
        while not poll.done():
            started = time.perf_counter()
            await asyncio.sleep(0)
            longest = max(longest, milliseconds(started))
        gaps.append(longest)
    return statistics.median(gaps)


async def set_up(hass: HomeAssistant, facts: dict[str, Any]) -> NibeCoordinator:
    """Set the integration up with every point enabled."""
    url, credentials = URL(facts["url"]), facts["credentials"]
    data = {
        "host": url.host,
        "port": url.port,
        "username": credentials["username"],
        "password": credentials["password"],
        "fingerprint": credentials["fingerprint"],
    }
    async with session_for(data) as session:
        device = (await client_for(hass, session, data).devices())[0]
    entry = MockConfigEntry(
        domain=DOMAIN,
        title="NIBE",
        unique_id=device.serial,
        data=data | {"serial": device.serial},
        options={"new_points": "all"},
    )
    entry.add_to_hass(hass)
    if not await hass.config_entries.async_setup(entry.entry_id):
        raise SystemExit(f"the integration was not set up: {entry.reason}")
    await hass.async_block_till_done()
    coordinator: NibeCoordinator = entry.runtime_data
    return coordinator


async def main() -> int:
    """Measure, print the figures, and fail where a promise is not kept."""
    simulator = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "simulators", "nibe_rest", "--json", stdout=asyncio.subprocess.PIPE
    )
    assert simulator.stdout is not None
    try:
        facts = json.loads(await simulator.stdout.readline())
        async with async_test_home_assistant() as hass:
            # As long as this is there, only Home Assistant's own integrations are found.
            hass.data.pop(DATA_CUSTOM_COMPONENTS)
            coordinator = await set_up(hass, facts)
            plain = await waking(hass, coordinator, DataUpdateCoordinator.async_update_listeners)
            selective = await waking(hass, coordinator, NibeCoordinator.async_update_listeners)
            gap = await longest_gap(coordinator)
            await hass.async_stop(force=True)
    finally:
        simulator.terminate()
        await simulator.wait()
    ratio = plain / selective
    points = len(coordinator.data.values)
    print(f"points                                   {points}")
    print(f"waking all, as an ordinary coordinator    {plain:8.2f} ms")
    print(f"waking, only what changed                {selective:8.2f} ms")
    print(f"ratio                                    {ratio:8.1f}   (promised: 20)")
    print(f"longest hold of the event loop by a poll {gap:8.2f} ms (promised: 10)")
    return int(ratio < 20 or gap > 10)


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    sys.exit(asyncio.run(main()))
