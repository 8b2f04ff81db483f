"""A small bridge client of the tests; it shares nothing with the simulator."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
import hashlib
from typing import Any

from aiohttp import ClientResponse, ClientSession
from nacl.bindings import crypto_secretbox

from simulators.clock import ManualClock
from simulators.nuki_bridge import NukiBridgeSimulator

START = datetime(2026, 10, 5, 12, 0, 0, tzinfo=UTC)


@dataclass
class Inbox:
    """The callbacks that have arrived."""

    url: str = ""
    bodies: list[dict[str, Any]] = field(default_factory=list)
    senders: list[str | None] = field(default_factory=list)


class BridgeUser:
    """Asks a bridge with a plain token."""

    def __init__(self, bridge: NukiBridgeSimulator, session: ClientSession) -> None:
        """Talk to a bridge."""
        self.bridge = bridge
        self.session = session

    async def get(self, path: str, **params: Any) -> tuple[int, str, str]:
        """Return status, content type and text of an answer, without adding a token."""
        async with self.session.get(
            self.bridge.url + path, params=params, allow_redirects=False
        ) as response:
            return response.status, response.content_type, await response.text()

    async def status(self, path: str, **params: Any) -> int:
        """Return the status of an answer to a plain token."""
        return (await self.get(path, token=self.bridge.token or "", **params))[0]

    async def json(self, path: str, **params: Any) -> Any:
        """Return the JSON of a good answer to a plain token."""
        async with self.session.get(
            self.bridge.url + path, params={"token": self.bridge.token or "", **params}
        ) as response:
            assert response.status == 200, await response.text()
            return await response.json()

    async def item(self, nuki_id: int) -> dict[str, Any]:
        """Return the entry of a device in /list."""
        items: list[dict[str, Any]] = await self.json("/list")
        return next(item for item in items if item["nukiId"] == nuki_id)

    async def known(self, nuki_id: int) -> dict[str, Any]:
        """Return the last known state of a device."""
        known: dict[str, Any] = (await self.item(nuki_id))["lastKnownState"]
        return known

    async def act(self, nuki_id: int, action: int, **params: Any) -> Any:
        """Run an action and answer at once."""
        kind = self.bridge.locks[nuki_id].device_type
        return await self.json(
            "/lockAction", nukiId=nuki_id, deviceType=int(kind), action=action, noWait=1, **params
        )

    async def control(self, command: str, **body: Any) -> ClientResponse:
        """Send a command to the control interface."""
        response = await self.session.post(f"{self.bridge.control_url}/{command}", json=body)
        await response.read()
        return response


async def until(happened: Callable[[], object]) -> None:
    """Let the loop run until something has happened."""
    for _ in range(20_000):
        if happened():
            return
        await asyncio.sleep(0)
    raise AssertionError("it never happened")


async def slept(clock: ManualClock, sleepers: int = 1) -> None:
    """Wait until so many sleeps wait on the clock."""
    await until(lambda: clock.sleepers >= sleepers)


def hashed(token: str, moment: datetime, number: int) -> dict[str, str]:
    """Return the parameters of a hashed token."""
    ts = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    digest = hashlib.sha256(f"{ts},{number},{token}".encode()).hexdigest()
    return {"ts": ts, "rnr": str(number), "hash": digest}


def encrypted(token: str, moment: datetime, number: int, nonce: bytes) -> dict[str, str]:
    """Return the parameters of an encrypted token."""
    text = moment.strftime("%Y-%m-%dT%H:%M:%SZ") + f",{number}"
    key = hashlib.sha256(token.encode()).digest()
    return {"ctoken": crypto_secretbox(text.encode(), nonce, key).hex(), "nonce": nonce.hex()}
