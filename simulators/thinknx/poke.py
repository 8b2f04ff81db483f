"""The poke: a rule of the installer that calls an address when something has changed.

The project can call any address through its logic; nothing comes with the call but the GUIDs that
the installer has written into it. Whether they are percent-encoded is up to the installer.
"""

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

import aiohttp
from yarl import URL

from .controllers import Function

if TYPE_CHECKING:
    from .plant import Change
    from .simulator import ThinknxSimulator

_SECONDS = 10
_HISTORY = 5000
_DRIFTING = frozenset({Function.VALUE, Function.TEMPERATURE})


@dataclass(frozen=True, slots=True)
class Poke:
    """A call; without a status it did not get through."""

    at: float
    guids: tuple[str, ...]
    status: int | None


class Poker:
    """Calls the address."""

    def __init__(self, simulator: ThinknxSimulator) -> None:
        """Call for a simulator; there is no address yet."""
        self.url: str | None = None
        self.posts = False
        """Whether it calls by POST."""
        self.raw = False
        """Whether GUIDs are written as they are, so that + arrives as a space."""
        self.everything = False
        """Whether temperatures and analog values count too."""
        self.delay = 0.1
        """Seconds for which changes are gathered."""
        self.calls: list[Poke] = []
        self._simulator = simulator
        self._session: aiohttp.ClientSession | None = None
        self._gathered: dict[str, None] = {}
        self._running: set[asyncio.Task[None]] = set()
        simulator.plant.listeners.append(self._changed)

    async def delivered(self) -> None:
        """Wait until all calls under way have come to an end."""
        while self._running:
            await asyncio.wait(self._running)

    async def close(self) -> None:
        """Close the connections."""
        self._gathered.clear()
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    def _changed(self, change: Change) -> None:
        simulator = self._simulator
        if self.url is None or not simulator.listening or change.moving:
            return
        if change.function in _DRIFTING and not self.everything:
            return
        first = not self._gathered
        self._gathered[change.guid] = None
        if first:
            task = simulator.spawn(self._call(self.url))
            self._running.add(task)
            task.add_done_callback(self._running.discard)

    async def _call(self, url: str) -> None:
        await self._simulator.clock.sleep(self.delay)
        guids, self._gathered = tuple(self._gathered), {}
        query = "&".join(f"guid={guid if self.raw else quote(guid, safe='')}" for guid in guids)
        target = URL(f"{url}{'&' if '?' in url else '?'}{query}", encoded=True)
        status = None
        try:
            method = "POST" if self.posts else "GET"
            async with self._open().request(method, target, allow_redirects=False) as response:
                status = response.status
                await response.read()
        except aiohttp.ClientError, TimeoutError, OSError, ValueError:
            pass
        self.calls.append(Poke(self._simulator.clock.monotonic(), guids, status))
        del self.calls[:-_HISTORY]

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(force_close=True),
                timeout=aiohttp.ClientTimeout(total=_SECONDS),
            )
        return self._session
