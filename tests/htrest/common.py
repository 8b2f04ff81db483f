"""What the tests of the Heliotherm integration share."""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util
from simulators.clock import ManualClock
from simulators.htrest import HtRestSimulator, Value

DOMAIN = "htrest"
CHANGES = {"allow_changes": True}

MODE = "Betriebsart"
ROOM = "HKR Soll_Raum"
TANK = "WW Normaltemp."
TANK_MINIMUM = "WW Minimaltemp."
OUTDOOR = "Temp. Aussen"

# Points by which tests find entities.
OUTDOOR_POINT = "mp0"
FAULT_POINT = "mp31"
MODE_POINT = "sp13"
LIMIT_POINT = "sp76"
CLIMATE = "climate-heating_circuit"


def make_entry(
    server: HtRestSimulator, *, options: dict[str, Any] | None = None, **data: Any
) -> MockConfigEntry:
    """Return an entry as the config flow would have made it."""
    return MockConfigEntry(
        domain=DOMAIN,
        title="Heliotherm",
        unique_id=str(server.serial_number),
        data={
            "host": server.host,
            "port": server.port,
            "username": server.username or "",
            "password": server.password or "",
            **data,
        },
        options=options or {},
    )


@dataclass
class House:
    """A Home Assistant with a heat pump behind a server."""

    hass: HomeAssistant
    server: HtRestSimulator
    entry: MockConfigEntry

    async def settle(self) -> None:
        """Let everything happen that can happen without time passing."""
        await self.hass.async_block_till_done(wait_background_tasks=True)

    async def fire(self, seconds: float) -> None:
        """Let all timers of Home Assistant ring that are due within so many seconds."""
        async_fire_time_changed(self.hass, dt_util.utcnow() + timedelta(seconds=seconds))
        await self.settle()

    async def poll(self, times: int = 1) -> None:
        """Let regular polls happen."""
        for _ in range(times):
            await self.fire(31)

    async def plant_time(self, seconds: float) -> None:
        """Let time pass for the heat pump only."""
        assert isinstance(self.server.clock, ManualClock)
        await self.server.clock.advance(seconds)

    async def live(self, happening: Awaitable[Any], step: float = 0.1) -> Any:
        """Let something happen while time passes for server and heat pump."""
        task = asyncio.ensure_future(happening)
        while not task.done():
            await self.plant_time(step)
            await asyncio.sleep(0.001)
        return await task

    def shown(self, name: str) -> Value:
        """Return what the heat pump itself shows."""
        return self.server.value(name)

    @property
    def commands(self) -> int:
        """Serial commands so far."""
        return self.server.stats.serial_commands

    @property
    def writes(self) -> list[tuple[str, Value]]:
        """What the heat pump has taken."""
        return self.server.stats.writes

    def find(self, platform: str, key: str) -> str | None:
        """Return the id of an entity, None if there is none."""
        return er.async_get(self.hass).async_get_entity_id(
            platform, DOMAIN, f"{self.entry.unique_id}-{key}"
        )

    def entity_id(self, platform: str, key: str) -> str:
        """Return the id of an entity, found by its point or key."""
        entity_id = self.find(platform, key)
        assert entity_id, f"no {platform} {key}"
        return entity_id

    def state(self, platform: str, key: str) -> State:
        """Return the state of an entity."""
        state = self.hass.states.get(self.entity_id(platform, key))
        assert state, f"{platform} {key} has no state"
        return state

    async def enable(self, *entities: tuple[str, str]) -> None:
        """Enable entities that are disabled, as a user does."""
        registry = er.async_get(self.hass)
        for platform, key in entities:
            registry.async_update_entity(self.entity_id(platform, key), disabled_by=None)
        await self.hass.config_entries.async_reload(self.entry.entry_id)
        await self.settle()

    async def enable_all(self) -> None:
        """Enable whatever is disabled."""
        registry = er.async_get(self.hass)
        for entity in er.async_entries_for_config_entry(registry, self.entry.entry_id):
            if entity.disabled:
                registry.async_update_entity(entity.entity_id, disabled_by=None)
        await self.hass.config_entries.async_reload(self.entry.entry_id)
        await self.settle()

    async def call(self, platform: str, service: str, key: str, **data: Any) -> None:
        """Call an action on an entity and wait for it."""
        target = {"entity_id": self.entity_id(platform, key)}
        await self.hass.services.async_call(platform, service, target | data, blocking=True)

    async def act(self, service: str, **data: Any) -> Any:
        """Call an action of the integration and return its answer."""
        return await self.hass.services.async_call(
            DOMAIN,
            service,
            {"config_entry_id": self.entry.entry_id} | data,
            blocking=True,
            return_response=True,
        )
