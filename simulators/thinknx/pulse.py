"""What lets the plant move while somebody waits for it.

A plant that nobody looks at stands still and makes up for it when it is asked. Only who waits for a
confirmation, or wants to hear of changes, makes it move at its own times.
"""

import asyncio
from typing import TYPE_CHECKING, Any

from .devices import Pending

if TYPE_CHECKING:
    from .simulator import ThinknxSimulator

_LEAST = 1e-5
"""Shorter sleeps would not move every clock."""


class Pulse:
    """Settles the plant whenever something in it is due."""

    def __init__(self, simulator: ThinknxSimulator) -> None:
        """Beat for a simulator."""
        self._simulator = simulator
        self._stirred = asyncio.Event()
        self._heart: asyncio.Task[None] | None = None
        simulator.plant.stirred = self.stir

    def stir(self) -> None:
        """Take notice that something was planned or has happened."""
        stirred, self._stirred = self._stirred, asyncio.Event()
        stirred.set()

    def begin(self) -> None:
        """Beat until `end`."""
        if self._heart is None:
            self._heart = self._simulator.spawn(self._live())

    def end(self) -> None:
        """Beat no more."""
        if self._heart is not None:
            self._heart.cancel()
        self._heart = None

    async def confirmed(self, pending: Pending, gone: asyncio.Event) -> None:
        """Wait until the bus has confirmed a command, or the client has gone."""
        while not gone.is_set():
            self._simulator.settle()
            if pending.done:
                return
            await self._something(gone)

    async def _live(self) -> None:
        never = asyncio.Event()
        while True:
            self._simulator.settle()
            await self._something(never)

    async def _something(self, gone: asyncio.Event) -> None:
        """Wait until something is due or planned in the plant, or the client has gone."""
        simulator = self._simulator
        waits: list[asyncio.Task[Any]] = [
            simulator.spawn(self._stirred.wait()),
            simulator.spawn(gone.wait()),
        ]
        if (due := simulator.plant.agenda.next_due) is not None:
            seconds = max(due - simulator.plant.now, _LEAST)
            waits.append(simulator.spawn(simulator.clock.sleep(seconds)))
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
