"""How locks behind a bridge are watched, beside Home Assistant's own integration.

    .venv/bin/python -m benchmarks.nuki_bridge

Both get a bridge of the same kind, with three locks and an Opener, and a Home Assistant of their own:
- an hour in which nobody is at the doors: requests, and how many of them the bridge turned away;
- a key turned by hand: from the callback's departure to the state in Home Assistant, median of 30;
- an unlock from Home Assistant in the middle of a poll, while the bridge takes its usual pauses and
  talks to one client at a time: how many of 10 reach the lock, and how long they take;
- what is shown of the devices: entities with a value, and differing states of a lock on its way;
- 12 malformed callbacks: how many are answered as if they were good, and spoil what is shown;
- unloading while the bridge is away: seconds, and whether it works.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
import statistics
import time
from typing import Any
from unittest.mock import patch

import aiohttp
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.nuki_bridge.api import NukiBridgeClient
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
from simulators.clock import Clock, ManualClock, RealClock
from simulators.nuki_bridge import CELLAR, FRONT_DOOR, Lock, NukiBridgeSimulator

from .home import WEBHOOK, home, ring, set_up_entry, shown
from .report import Measurement, Report, beside, run

OURS, THEIRS = "nuki_bridge", "nuki"
SIDES = (OURS, THEIRS)
TURNS = 30
UNLOCKS = 10
QUIET_UNLOCKS = 3
PATIENCE = 20.0

MALFORMED: tuple[bytes, ...] = (
    b"",
    b"nonsense",
    b"[]",
    b"null",
    b"5",
    b"{}",
    b'{"nukiId": null}',
    b'{"nukiId": 5}',
    b'{"nukiId": %d}' % CELLAR,
    b'{"nukiId": %d, "state": "locked"}' % CELLAR,
    b'{"nukiId": %d, "state": {"state": 1}, "stateName": []}' % CELLAR,
    b'{"nukiId": %d, "state": null, "batteryCritical": "no"}' % CELLAR,
)


@dataclass
class House:
    """One side: a bridge, and a Home Assistant that watches it."""

    hass: HomeAssistant
    bridge: NukiBridgeSimulator
    entry: MockConfigEntry

    @property
    def url(self) -> str:
        """The address that callbacks go to."""
        return self.bridge.callbacks.urls[0]

    def lock(self, nuki_id: int) -> str:
        """Return the id of a lock's entity."""
        unique_id: Any = f"{nuki_id:08X}-lock" if self.entry.domain == OURS else nuki_id
        domain = self.entry.domain
        entity_id = er.async_get(self.hass).async_get_entity_id("lock", domain, unique_id)
        assert entity_id
        return entity_id

    def state(self, nuki_id: int) -> str:
        """Return the state of a lock."""
        state = self.hass.states.get(self.lock(nuki_id))
        return state.state if state else "none"

    async def settle(self) -> None:
        """Let everything happen that can happen without time passing."""
        for _ in range(3):
            if isinstance(self.bridge.clock, ManualClock):
                await self.bridge.clock.advance(0)
            await self.bridge.delivered()
            await self.hass.async_block_till_done(wait_background_tasks=True)

    async def pass_time(self, seconds: int) -> None:
        """Let time pass for the bridge and its locks."""
        assert isinstance(self.bridge.clock, ManualClock)
        for _ in range(seconds):
            await self.bridge.clock.advance(1)
            await self.bridge.delivered()


def entry_for(side: int, bridge: NukiBridgeSimulator) -> MockConfigEntry:
    """Return an entry as the dialog of either side would have made it."""
    data: dict[str, Any] = {"host": bridge.host, "port": bridge.port, "token": bridge.token}
    mode: dict[str, Any] = {"auth_mode": "encrypted", "webhook_id": WEBHOOK}
    mode = {"encrypt_token": True} if side else mode
    return MockConfigEntry(
        domain=SIDES[side], title="Nuki", unique_id=f"{bridge.hardware_id:08X}", data=data | mode
    )


@asynccontextmanager
async def house(side: int, clock: Clock) -> AsyncGenerator[House]:
    """Give out a house; on a clock that is moved by hand the bridge needs no pauses."""
    async with AsyncExitStack() as stack:
        by_hand = isinstance(clock, ManualClock)
        bridge = await stack.enter_async_context(NukiBridgeSimulator(clock=clock, gap=0))
        hass = await stack.enter_async_context(home(web=True))
        if by_hand:
            quick = partial(NukiBridgeClient, gap=0, retry_delays=(0, 0, 0, 0), now=clock.now)
            stack.enter_context(
                patch("custom_components.nuki_bridge.connection.NukiBridgeClient", quick)
            )
        place = House(hass, bridge, await set_up_entry(hass, entry_for(side, bridge)))
        await place.settle()
        if not by_hand:
            bridge.gap = 0.5
        yield place


async def hour(side: int) -> dict[str, float]:
    """Return what an hour without visitors costs, and what is shown."""
    async with house(side, ManualClock()) as place:
        place.bridge.stats.reset()
        for half in range(1, 121):
            await place.pass_time(30)
            # Timers run from their last ring: each rings that is due by now, and no other.
            await ring(place.hass, 601 if half % 20 == 0 else 61 if half % 2 == 0 else 31)
            await place.settle()
        return {"requests": place.bridge.stats.requests.total(), "shown": shown(place.hass)}


async def turned(side: int) -> list[float]:
    """Return the milliseconds from callbacks that leave the bridge to states."""
    async with house(side, ManualClock()) as place:
        seconds = []
        for number in range(TURNS):
            wanted = ("unlocked", "locked")[number % 2]
            done = asyncio.Event()
            entity_id = place.lock(CELLAR)

            def look(
                event: Any,
                entity_id: str = entity_id,
                wanted: str = wanted,
                done: asyncio.Event = done,
            ) -> None:
                state = event.data["new_state"]
                if event.data["entity_id"] == entity_id and state and state.state == wanted:
                    done.set()

            stop = place.hass.bus.async_listen("state_changed", look)
            started = time.perf_counter()
            place.bridge.turn_by_hand(CELLAR, Lock.LOCKED if number % 2 else Lock.UNLOCKED)
            await asyncio.wait_for(done.wait(), PATIENCE)
            seconds.append((time.perf_counter() - started) * 1000)
            stop()
            await place.settle()
        return seconds


async def ways(side: int) -> list[str]:
    """Return the states that a lock shows on its way, and when it is jammed."""
    async with house(side, ManualClock()) as place:
        seen = set()
        for state in Lock:
            place.bridge.turn_by_hand(CELLAR, state)
            await place.settle()
            seen.add(place.state(CELLAR))
        return sorted(seen)


async def malformed(side: int) -> dict[str, int]:
    """Return how many malformed callbacks are answered with 200, and spoil what is shown."""
    async with house(side, ManualClock()) as place, aiohttp.ClientSession() as session:
        answered = spoilt = 0
        for body in MALFORMED:
            before = place.state(CELLAR)
            async with session.post(place.url, data=body) as answer:
                # Home Assistant hides the error of a webhook behind an answer of 200.
                taken = answer.status == 200
            await place.hass.async_block_till_done(wait_background_tasks=True)
            answered += taken
            spoilt += place.state(CELLAR) != before
            await ring(place.hass, 61)
            await place.settle()
        return {"taken": answered, "spoilt": spoilt}


async def unlocks(side: int, polls: int) -> dict[str, Any]:
    """Return how many unlocks, in the middle of a poll or not, reach the lock, and how fast."""
    arrived, failed, seconds = 0, 0, []
    async with house(side, RealClock()) as place:
        for _ in range(UNLOCKS if polls else QUIET_UNLOCKS):
            await asyncio.sleep(1)
            reached = len(place.bridge.stats.actions)
            place.bridge.inject("delay", "/list", seconds=0.4)
            polling = asyncio.create_task(poll_of(place) if polls else asyncio.sleep(0))
            await asyncio.sleep(0.15)
            started = time.perf_counter()
            try:
                await place.hass.services.async_call(
                    "lock", "unlock", {"entity_id": place.lock(FRONT_DOOR)}, blocking=True
                )
            except HomeAssistantError:
                failed += 1
            else:
                seconds.append(time.perf_counter() - started)
            await polling
            await asyncio.sleep(5.5)  # so that the motor is done
            arrived += len(place.bridge.stats.actions) > reached
            place.bridge.clear_faults()
        busy, requests = place.bridge.stats.busy.total(), place.bridge.stats.requests.total()
    return {
        "arrived": arrived,
        "failed": failed,
        "seconds": seconds,
        "refused": 100 * busy / requests,
    }


async def poll_of(place: House) -> None:
    """Poll now, whatever the clock says."""
    data = place.entry.runtime_data
    coordinator = data.locks if place.entry.domain == OURS else data.coordinator
    await coordinator.async_refresh()


async def dead(side: int) -> dict[str, Any]:
    """Return how long unloading takes while the bridge does not answer, and whether it works."""
    async with house(side, RealClock()) as place:
        place.bridge.inject("hang", "*", times=None)
        started = time.perf_counter()
        await place.hass.config_entries.async_unload(place.entry.entry_id)
        seconds = time.perf_counter() - started
        works = place.entry.state is ConfigEntryState.NOT_LOADED
        return {"seconds": seconds, "works": int(works)}


async def measure(report: Report) -> None:
    """Measure both sides and tell the figures."""

    async def both(part: str, *more: int) -> tuple[Any, Any]:
        return await beside(OURS, part, 0, *more), await beside(OURS, part, 1, *more)

    def compare(what: str, figures: tuple[float, float], unit: str = "", **promised: float) -> None:
        report.compare(what, figures[0], unit, theirs=figures[1], **promised)

    ours, theirs = await both("hour")
    compare("requests in an hour", (ours["requests"], theirs["requests"]), most=90, ratio=4)
    compare("entities with a value", (ours["shown"], theirs["shown"]), least=theirs["shown"])
    ours, theirs = (statistics.median(it) for it in await both("turned"))
    compare("callback to state, median", (ours, theirs), "ms")
    ours, theirs = (len(it) for it in await both("ways"))
    compare("states that a lock may show", (ours, theirs), least=theirs)
    ours, theirs = await both("malformed")
    of = f"of {len(MALFORMED)}"
    compare("malformed callbacks answered as good", (ours["taken"], theirs["taken"]), of, most=0)
    compare("malformed callbacks spoiling a state", (ours["spoilt"], theirs["spoilt"]), of, most=0)
    ours, theirs = await both("unlocks", 0)
    arrived = ours["arrived"], theirs["arrived"]
    compare("unlocks between polls", arrived, f"of {QUIET_UNLOCKS}", least=QUIET_UNLOCKS)
    ours, theirs = await both("unlocks", 1)
    arrived = ours["arrived"], theirs["arrived"]
    compare("unlocks during a poll", arrived, f"of {UNLOCKS}", least=UNLOCKS)
    for name, side in (("ours", ours), ("theirs", theirs)):
        if side["seconds"]:
            median = statistics.median(side["seconds"])
            report.tell(f"{name}: unlock during a poll, time of the call", median, "s")
    refused = ours["refused"], theirs["refused"]
    compare("requests turned away meanwhile", refused, "%", most=0)
    ours, theirs = await both("dead")
    compare("unload while the bridge is away", (ours["seconds"], theirs["seconds"]), "s", most=1)
    compare("unloads without an error", (ours["works"], theirs["works"]), "of 1", least=1)


PARTS: dict[str, Measurement] = {
    "hour": hour,
    "turned": turned,
    "ways": ways,
    "malformed": malformed,
    "unlocks": unlocks,
    "dead": dead,
}

if __name__ == "__main__":
    run(OURS, measure, PARTS)
