"""Tests of the clocks."""

import asyncio
from datetime import timedelta

from simulators.clock import ManualClock, RealClock

from .helpers import START


async def test_manual_clock_wakes_in_order() -> None:
    """Sleepers wake at their own moments, in the order of their deadlines."""
    clock = ManualClock(START)
    woken: list[tuple[str, float]] = []

    async def sleeper(name: str, seconds: float, again: float = 0) -> None:
        await clock.sleep(seconds)
        woken.append((name, clock.monotonic()))
        if again:
            await sleeper(f"{name} again", again)

    tasks = [
        asyncio.create_task(sleeper("late", 5)),
        asyncio.create_task(sleeper("early", 2, again=1)),
        asyncio.create_task(sleeper("never", 11)),
    ]
    await clock.advance(10)
    assert woken == [("early", 2), ("early again", 3), ("late", 5)]
    assert clock.now() == START + timedelta(seconds=10)
    assert clock.wall() == clock.now()
    assert clock.sleepers == 1
    tasks[2].cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await clock.advance(10)
    assert len(woken) == 3


async def test_manual_clock_does_not_block_on_nothing() -> None:
    """A sleep of no length returns at once."""
    clock = ManualClock()
    await asyncio.wait_for(clock.sleep(0), 1)
    assert clock.monotonic() == 0


async def test_real_clock_runs_faster() -> None:
    """An accelerated clock lets a long sleep end soon and leaves the wall clock alone."""
    clock = RealClock(speed=10_000)
    before = clock.now()
    await asyncio.wait_for(clock.sleep(50), 1)
    assert clock.now() - before >= timedelta(seconds=49)
    assert abs(clock.wall() - RealClock().wall()) < timedelta(seconds=1)
