"""Switches of an Opener: ring to open, and continuous mode."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, override

from homeassistant.components.switch import (
    DOMAIN as SWITCH_DOMAIN,
    SwitchEntity,
    SwitchEntityDescription,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import NukiConfigEntry
from .entity import NukiEntity, NukiEntityDescription, async_add_for_devices
from .models import Action, NukiDevice

# The coordinator queues commands itself, and two Openers may be told at once.
PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class NukiSwitchDescription(NukiEntityDescription, SwitchEntityDescription):
    """Describes a switch of an Opener."""

    is_on_fn: Callable[[NukiDevice], bool]
    turn_on: Action
    turn_off: Action


SWITCHES = (
    NukiSwitchDescription(
        key="ring_to_open",
        translation_key="ring_to_open",
        exists_fn=lambda device: device.is_opener,
        is_on_fn=lambda device: device.ring_to_open,
        turn_on=Action.RING_TO_OPEN_ON,
        turn_off=Action.RING_TO_OPEN_OFF,
    ),
    NukiSwitchDescription(
        key="continuous_mode",
        translation_key="continuous_mode",
        exists_fn=lambda device: device.is_opener,
        is_on_fn=lambda device: device.continuous_mode,
        turn_on=Action.CONTINUOUS_MODE_ON,
        turn_off=Action.CONTINUOUS_MODE_OFF,
    ),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: NukiConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the switches of each Opener."""
    async_add_for_devices(entry, SWITCH_DOMAIN, async_add_entities, SWITCHES, NukiSwitch)


class NukiSwitch(NukiEntity, SwitchEntity):
    """A switch of an Opener."""

    entity_description: NukiSwitchDescription

    @property
    @override
    def is_on(self) -> bool | None:
        """The state as the bridge last told; None where it has not heard from the Opener."""
        if self.device.state is None:
            return None
        return self.entity_description.is_on_fn(self.device)

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        """Switch on; shown as on once the Opener says so."""
        await self.coordinator.async_act(self.nuki_id, self.entity_description.turn_on)

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Switch off; shown as off once the Opener says so."""
        await self.coordinator.async_act(self.nuki_id, self.entity_description.turn_off)
