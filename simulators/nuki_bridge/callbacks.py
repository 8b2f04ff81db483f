"""Callback slots and the posting of new states.

Sources: Bridge API 1.6 and 1.13.3, section /callback: three slots, http only, 254 characters, a
POST for every new lock state. Messages of refusals are those that public clients report. Whether a
bridge tries again is undocumented; this one does not.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import aiohttp

from simulators.control import ANY_HOST

if TYPE_CHECKING:
    from .simulator import NukiBridgeSimulator

SLOTS = 3
MAX_URL = 254
_POST_SECONDS = 10
_HISTORY = 5000


@dataclass(frozen=True, slots=True)
class CallbackPost:
    """One attempt to deliver a state; without a status it did not get through."""

    url: str
    body: dict[str, Any]
    status: int | None


class CallbackSlots:
    """The registered addresses."""

    def __init__(self, simulator: NukiBridgeSimulator) -> None:
        """Start with empty slots."""
        self._simulator = simulator
        self._session: aiohttp.ClientSession | None = None
        self._running: set[asyncio.Task[None]] = set()
        self._turns: dict[str, asyncio.Lock] = {}
        self.urls: list[str] = []
        self.posts: list[CallbackPost] = []

    def add(self, url: str) -> str | None:
        """Take an address into a slot; return the reason of a refusal."""
        if url in self.urls:
            return "callback already added"
        if len(self.urls) >= SLOTS:
            return "too many callbacks registered"
        self.urls.append(url)
        return None

    def remove(self, position: int) -> bool:
        """Empty a slot; those behind it move up."""
        if not 0 <= position < len(self.urls):
            return False
        del self.urls[position]
        return True

    def post(self, body: Mapping[str, Any]) -> None:
        """Send a state to all addresses, without waiting for them."""
        simulator = self._simulator
        if simulator.callbacks_lost:
            return
        copies = 2 if simulator.callbacks_duplicate else 1
        for url in self.urls:
            for _ in range(copies):
                task = simulator.spawn(self._deliver(url, dict(body)))
                self._running.add(task)
                task.add_done_callback(self._running.discard)

    async def delivered(self) -> None:
        """Wait until all posts under way have come to an end."""
        while self._running:
            await asyncio.wait(self._running)

    async def close(self) -> None:
        """Close the connections."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def _deliver(self, url: str, body: dict[str, Any]) -> None:
        await self._simulator.clock.sleep(self._simulator.callback_delay)
        turn = self._turns.setdefault(url, asyncio.Lock())
        status = None
        async with turn:
            try:
                async with self._open().post(url, json=body, allow_redirects=False) as response:
                    status = response.status
                    await response.read()
            except aiohttp.ClientError, TimeoutError, OSError, ValueError:
                pass
            else:
                self._simulator.stats.callbacks_sent += 1
            self.posts.append(CallbackPost(url, body, status))
            del self.posts[:-_HISTORY]

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            # The receiver is to see the bridge's own address as the sender.
            host = self._simulator.host
            own = None if host == ANY_HOST else (host, 0)
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(local_addr=own, force_close=True),
                timeout=aiohttp.ClientTimeout(total=_POST_SECONDS),
            )
        return self._session
