"""What the tests of the NIBE integration share."""

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
from simulators.nibe_rest import NibeSimulator

DOMAIN = "nibe_rest"


def make_entry(
    pump: NibeSimulator, *, options: dict[str, Any] | None = None, **data: Any
) -> MockConfigEntry:
    """Return an entry as the config flow would have made it."""
    device = pump.devices[0]
    return MockConfigEntry(
        domain=DOMAIN,
        title=f"NIBE {device.name}",
        unique_id=device.serial,
        data={
            "host": pump.host,
            "port": pump.port,
            "username": pump.username,
            "password": pump.password,
            "fingerprint": pump.fingerprint,
            "serial": device.serial,
            **data,
        },
        options=options or {},
    )


@dataclass
class House:
    """A Home Assistant with a heat pump."""

    hass: HomeAssistant
    pump: NibeSimulator
    entry: MockConfigEntry

    @property
    def serial(self) -> str:
        """The serial number of the heat pump."""
        return str(self.entry.unique_id)

    async def settle(self) -> None:
        """Let everything happen that can happen without time passing."""
        await self.hass.async_block_till_done(wait_background_tasks=True)

    async def pump_time(self, seconds: float) -> None:
        """Let time pass for the heat pump only."""
        assert isinstance(self.pump.clock, ManualClock)
        await self.pump.clock.advance(seconds)

    async def fire(self, seconds: float) -> None:
        """Let all timers of Home Assistant ring that are due within so many seconds."""
        async_fire_time_changed(self.hass, dt_util.utcnow() + timedelta(seconds=seconds))
        await self.settle()

    async def poll(self) -> None:
        """Let one regular poll happen."""
        await self.fire(31)

    def entity_id(self, platform: str, key: int | str) -> str:
        """Return the id of an entity, found by its point or key."""
        entity_id = er.async_get(self.hass).async_get_entity_id(
            platform, DOMAIN, f"{self.serial}-{key}"
        )
        assert entity_id, f"no {platform} {key}"
        return entity_id

    def state(self, platform: str, key: int | str) -> State:
        """Return the state of an entity."""
        state = self.hass.states.get(self.entity_id(platform, key))
        assert state, f"{platform} {key} has no state"
        return state

    async def call(self, platform: str, service: str, key: int | str, **data: Any) -> None:
        """Call an action on an entity and wait for it."""
        target = {"entity_id": self.entity_id(platform, key)}
        await self.hass.services.async_call(platform, service, target | data, blocking=True)
