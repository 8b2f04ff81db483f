"""What the tests of the Thinknx integration share."""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from homeassistant.config_entries import ConfigSubentry, ConfigSubentryData
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import entity_registry as er, issue_registry as ir
from homeassistant.util import dt as dt_util
from simulators.clock import ManualClock
from simulators.thinknx import ThinknxSimulator

DOMAIN = "thinknx"

# Which aspects of each kind can be read, and the kind of object it is for the server.
OBJECTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "light": ("light", ("power", "powerlevel")),
    "cover": ("blind", ("heightlevel", "blindangle")),
    "thermostat": ("thermostat", ("actualtemp", "setpoint", "tempmode", "chronoen")),
    "hvac": ("hvac", ("hvacpower", "hvacsetpoint", "hvacmode", "hvacfan")),
    "analog": ("analog", ("value",)),
    "scene": ("scene", ()),
    "button": ("button", ()),
}


def entry_data(server: ThinknxSimulator, **data: Any) -> dict[str, Any]:
    """Return the data of an entry as the config flow would have made it."""
    return {
        "connection": "local",
        "host": server.host,
        "port": server.port,
        "username": server.username,
        "password": server.password,
        "auth": "digest",
        "api_version": "V1",
        "webhook_id": "poke-the-house",
        **data,
    }


def subentry(
    kind: str, guid: str, name: str, aspects: tuple[str, ...] | None = None, **options: Any
) -> ConfigSubentryData:
    """Return a device as a dialog would have made it; by default it shows all that its kind can."""
    shown = OBJECTS[kind][1] if aspects is None else aspects
    return ConfigSubentryData(
        data={"guid": guid, "aspects": list(shown), **options},
        subentry_type=kind,
        title=name,
        unique_id=guid,
    )


def make_entry(
    server: ThinknxSimulator,
    *subentries: ConfigSubentryData,
    options: dict[str, Any] | None = None,
    **data: Any,
) -> MockConfigEntry:
    """Return an entry with devices."""
    return MockConfigEntry(
        domain=DOMAIN,
        title="Thinknx",
        unique_id=f"{server.host}:{server.port}",
        data=entry_data(server, **data),
        options=options or {},
        subentries_data=subentries,
    )


@dataclass
class Home:
    """A Home Assistant with a KNX house behind a server."""

    hass: HomeAssistant
    server: ThinknxSimulator
    entry: MockConfigEntry
    clock: ManualClock

    async def settle(self) -> None:
        """Let everything happen that can happen without time passing."""
        await self.hass.async_block_till_done()

    async def fire(self, seconds: float) -> None:
        """Let all timers of Home Assistant ring that are due within so many seconds."""
        async_fire_time_changed(self.hass, dt_util.utcnow() + timedelta(seconds=seconds))
        await self.settle()

    async def live(self, seconds: float) -> None:
        """Let time pass for the server and for what asks it, not for Home Assistant's timers."""
        end = self.clock.monotonic() + seconds
        while (now := self.clock.monotonic()) < end:
            await self._quiet()
            await self.clock.advance(min(end - now, max(0.01, self.clock.soonest - now)))
        await self._quiet()
        await self.settle()

    async def _quiet(self) -> None:
        """Wait until no request is under way but those that wait for time to pass."""
        scheduler = self.entry.runtime_data.scheduler
        for number in range(2000):
            busy = scheduler.is_busy and self.clock.sleepers < 2
            # Who does not sleep is about to, or has ended.
            if not busy and (self.clock.sleepers or number > 20):
                return
            await asyncio.sleep(0.0002)

    async def read_all(self) -> None:
        """Let everything be read once that enabled entities show."""
        await self.fire(0.2)
        await self.live(5)

    async def call(self, service: str, entity_id: str, **data: Any) -> None:
        """Call an action on an entity and wait for it; time passes only if it has to."""
        domain, _, name = service.rpartition(".")
        domain = domain or entity_id.partition(".")[0]
        await self.wait_for(
            self.hass.services.async_call(
                domain, name, {"entity_id": entity_id} | data, blocking=True
            )
        )

    async def wait_for(self, happening: Awaitable[Any]) -> Any:
        """Let something happen; let time pass for it if it waits for that."""
        task = asyncio.ensure_future(happening)
        while not task.done():
            await asyncio.sleep(0.0005)
            if self.clock.sleepers > 1:
                await self.clock.advance(0.02)
        return await task

    async def act(self, service: str, **data: Any) -> Any:
        """Call an action of the integration and return its answer."""
        return await self.hass.services.async_call(
            DOMAIN,
            service,
            {"config_entry_id": self.entry.entry_id} | data,
            blocking=True,
            return_response=True,
        )

    def add(self, subentry: ConfigSubentryData) -> None:
        """Add a device, as a dialog does; the listener has yet to hear of it."""
        self.hass.config_entries.async_add_subentry(
            self.entry,
            ConfigSubentry(
                data=MappingProxyType(dict(subentry["data"])),
                subentry_type=subentry["subentry_type"],
                title=subentry["title"],
                unique_id=subentry["unique_id"],
            ),
        )

    def find(self, platform: str, unique_id: str) -> str | None:
        """Return the id of an entity, None if there is none."""
        return er.async_get(self.hass).async_get_entity_id(platform, DOMAIN, unique_id)

    def state(self, entity_id: str) -> State:
        """Return the state of an entity."""
        state = self.hass.states.get(entity_id)
        assert state, f"{entity_id} has no state"
        return state

    @property
    def registry(self) -> er.EntityRegistry:
        """The registry of entities."""
        return er.async_get(self.hass)

    @property
    def issues(self) -> list[str]:
        """The kinds of the repair issues that the user sees."""
        found = ir.async_get(self.hass).issues.values()
        return sorted(str(it.translation_key) for it in found if it.domain == DOMAIN and it.active)

    @property
    def commands(self) -> list[tuple[str, str, dict[str, str]]]:
        """What the server was told: controller, GUID, parameters."""
        return [
            (
                record.controller,
                record.guid,
                {name: value for name, value in record.params.items() if name != "auth"},
            )
            for record in self.server.stats.commands
        ]
