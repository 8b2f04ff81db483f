"""What the tests of the Victron VRM integration share."""

import asyncio
from dataclasses import dataclass
from typing import Any

from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import entity_registry as er, issue_registry as ir
from simulators.clock import ManualClock
from simulators.victron_vrm import VrmSimulator

DOMAIN = "victron_vrm"


def make_entry(
    cloud: VrmSimulator, options: dict[str, Any] | None = None, **data: Any
) -> MockConfigEntry:
    """Return an entry as the config flow would have made it."""
    return MockConfigEntry(
        domain=DOMAIN,
        title="Victron VRM (Owner)",
        unique_id=str(cloud.owner.id),
        data={"token": cloud.token, "user_id": cloud.owner.id, **data},
        options=options or {},
    )


@dataclass
class House:
    """A Home Assistant with an account."""

    hass: HomeAssistant
    cloud: VrmSimulator
    entry: MockConfigEntry
    clock: ManualClock

    async def settle(self) -> None:
        """Let everything happen that can happen without time passing."""
        await self.hass.async_block_till_done()

    async def live(self, seconds: float) -> None:
        """Let time pass for the cloud and for what asks it."""
        end = self.clock.monotonic() + seconds
        while (now := self.clock.monotonic()) < end:
            await self.quiet()
            await self.clock.advance(min(end - now, max(0.01, self.clock.soonest - now)))
        await self.quiet()
        await self.settle()

    async def quiet(self) -> None:
        """Wait until nothing is asked but what waits for time to pass."""
        for _ in range(5000):
            if self.clock.sleepers or self.entry.runtime_data.is_refused:
                return
            await asyncio.sleep(0.0002)

    async def act(self, service: str, **data: Any) -> Any:
        """Call an action of the integration and return its answer."""
        return await self.hass.services.async_call(
            DOMAIN,
            service,
            {"config_entry_id": self.entry.entry_id} | data,
            blocking=True,
            return_response=service.startswith("get_"),
        )

    def find(self, platform: str, unique_id: str) -> str | None:
        """Return the id of an entity, None if there is none."""
        return er.async_get(self.hass).async_get_entity_id(platform, DOMAIN, unique_id)

    def state(self, key: str, *, kind: str = "ess", platform: str = "sensor") -> State:
        """Return the state of something of a site, by the last part of its unique id."""
        unique_id = f"{self.cloud.site(kind).id}-{key}"
        entity_id = self.find(platform, unique_id)
        assert entity_id, f"there is no {platform} {unique_id}"
        state = self.hass.states.get(entity_id)
        assert state, f"{entity_id} has no state"
        return state

    @property
    def issues(self) -> list[str]:
        """The kinds of the repair issues that the user sees."""
        found = ir.async_get(self.hass).issues.values()
        return sorted(str(it.translation_key) for it in found if it.domain == DOMAIN and it.active)
