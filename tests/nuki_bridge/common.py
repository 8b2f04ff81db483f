"""What the tests of the Nuki bridge share."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
import json
from typing import Any

import aiohttp
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util
from simulators.clock import ManualClock
from simulators.nuki_bridge import NukiBridgeSimulator

DOMAIN = "nuki_bridge"
WEBHOOK_ID = "5eaf" * 16


def make_entry(
    bridge: NukiBridgeSimulator,
    *,
    mode: str | None = None,
    options: dict[str, Any] | None = None,
    **data: Any,
) -> MockConfigEntry:
    """Return an entry as the config flow would have made it."""
    hardware = bridge.traits.maintenance
    return MockConfigEntry(
        domain=DOMAIN,
        title="Nuki Bridge 1C7F52D8",
        unique_id=f"{bridge.hardware_id:08X}" if hardware else f"sw-{bridge.server_id}",
        data={
            "host": bridge.host,
            "port": bridge.port,
            "token": bridge.token,
            "auth_mode": mode or ("encrypted" if bridge.profile == "hw" else "plain"),
            "webhook_id": WEBHOOK_ID,
            **data,
        },
        options=options or {},
    )


@dataclass
class House:
    """A Home Assistant with a bridge."""

    hass: HomeAssistant
    bridge: NukiBridgeSimulator
    entry: MockConfigEntry
    url: str

    @property
    def callback_url(self) -> str:
        """The URL that the bridge is to call."""
        return f"{self.url}/api/webhook/{WEBHOOK_ID}"

    async def settle(self) -> None:
        """Let everything happen that can happen without time passing."""
        assert isinstance(self.bridge.clock, ManualClock)
        for _ in range(3):
            await self.bridge.clock.advance(0)
            await self.bridge.callbacks.delivered()
            await self.hass.async_block_till_done(wait_background_tasks=True)

    async def post(self, body: object, *, sender: str = "127.0.0.1", **request: Any) -> int:
        """Send something to the webhook from an address; return the status."""
        connector = aiohttp.TCPConnector(local_addr=(sender, 0))
        async with aiohttp.ClientSession(connector=connector) as session:
            data = body if isinstance(body, bytes) else json.dumps(body).encode()
            method = request.pop("method", "POST")
            async with session.request(method, self.callback_url, data=data, **request) as answer:
                status = answer.status
        await self.hass.async_block_till_done(wait_background_tasks=True)
        return status

    async def arrived(self) -> None:
        """Wait until a request is with the bridge."""
        for _ in range(1000):
            if self.bridge.stats.in_flight:
                return
            await asyncio.sleep(0)
        raise AssertionError("no request arrived")

    async def bridge_time(self, seconds: float) -> None:
        """Let time pass for the bridge and its locks only, in steps of a second."""
        assert isinstance(self.bridge.clock, ManualClock)
        while seconds > 0:
            await self.bridge.clock.advance(min(1, seconds))
            await self.bridge.callbacks.delivered()
            seconds -= 1
        await self.settle()

    async def fire(self, seconds: float) -> None:
        """Let all timers of Home Assistant ring that are due within so many seconds."""
        async_fire_time_changed(self.hass, dt_util.utcnow() + timedelta(seconds=seconds))
        await self.settle()

    async def poll(self) -> None:
        """Let one regular poll happen."""
        await self.fire(61)

    def entity_id(self, platform: str, nuki_id: int | str, key: str) -> str:
        """Return the id of an entity, found by its unique id."""
        device = f"{nuki_id:08X}" if isinstance(nuki_id, int) else nuki_id
        entity_id = er.async_get(self.hass).async_get_entity_id(platform, DOMAIN, f"{device}-{key}")
        assert entity_id, f"no {platform} {key}"
        return entity_id

    def state(self, platform: str, nuki_id: int | str, key: str) -> State:
        """Return the state of an entity."""
        state = self.hass.states.get(self.entity_id(platform, nuki_id, key))
        assert state, f"{platform} {key} has no state"
        return state

    def lock(self, nuki_id: int) -> str:
        """Return the state of a lock."""
        return self.state("lock", nuki_id, "lock").state

    async def call(
        self, service: str, nuki_id: int | str, platform: str = "lock", key: str = "lock"
    ) -> None:
        """Call an action on an entity and wait for it."""
        await self.hass.services.async_call(
            platform, service, {"entity_id": self.entity_id(platform, nuki_id, key)}, blocking=True
        )
