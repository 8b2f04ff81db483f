"""Buttons for what has no state: opening, lock 'n' go, reading a lock, restarting the bridge."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import override

from homeassistant.components.button import (
    DOMAIN as BUTTON_DOMAIN,
    ButtonDeviceClass,
    ButtonEntity,
    ButtonEntityDescription,
)
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .api import NukiBridgeClient
from .coordinator import BridgeCoordinator, LockCoordinator, NukiConfigEntry
from .entity import BridgeEntity, NukiEntity, NukiEntityDescription, async_add_for_devices
from .models import Action

# The coordinator queues commands itself, and two locks may be told at once.
PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class NukiButtonDescription(NukiEntityDescription, ButtonEntityDescription):
    """Describes a button of a device."""

    press_fn: Callable[[LockCoordinator, int], Awaitable[None]]


@dataclass(frozen=True, kw_only=True)
class BridgeButtonDescription(ButtonEntityDescription):
    """Describes a button of the bridge."""

    press_fn: Callable[[NukiBridgeClient], Awaitable[None]]


# Whatever opens a door is disabled until the user wants it.
BUTTONS = (
    NukiButtonDescription(
        key="unlatch",
        translation_key="unlatch",
        entity_registry_enabled_default=False,
        exists_fn=lambda device: not device.is_opener,
        press_fn=lambda locks, nuki_id: locks.async_act(nuki_id, Action.UNLATCH),
    ),
    NukiButtonDescription(
        key="lock_n_go",
        translation_key="lock_n_go",
        exists_fn=lambda device: not device.is_opener,
        press_fn=lambda locks, nuki_id: locks.async_act(nuki_id, Action.LOCK_N_GO),
    ),
    NukiButtonDescription(
        key="lock_n_go_unlatch",
        translation_key="lock_n_go_unlatch",
        entity_registry_enabled_default=False,
        exists_fn=lambda device: not device.is_opener,
        press_fn=lambda locks, nuki_id: locks.async_act(nuki_id, Action.LOCK_N_GO_UNLATCH),
    ),
    NukiButtonDescription(
        key="open",
        translation_key="open",
        entity_registry_enabled_default=False,
        exists_fn=lambda device: device.is_opener,
        press_fn=lambda locks, nuki_id: locks.async_act(nuki_id, Action.OPEN_DOOR),
    ),
    NukiButtonDescription(
        key="refresh",
        translation_key="refresh",
        entity_category=EntityCategory.DIAGNOSTIC,
        press_fn=lambda locks, nuki_id: locks.async_read_lock(nuki_id),
    ),
)

BRIDGE_BUTTONS = (
    BridgeButtonDescription(
        key="restart",
        device_class=ButtonDeviceClass.RESTART,
        entity_category=EntityCategory.CONFIG,
        press_fn=lambda client: client.reboot(),
    ),
    BridgeButtonDescription(
        key="update_firmware",
        translation_key="update_firmware",
        device_class=ButtonDeviceClass.UPDATE,
        entity_category=EntityCategory.CONFIG,
        entity_registry_enabled_default=False,
        press_fn=lambda client: client.update_bridge_firmware(),
    ),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: NukiConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the buttons of the bridge and of each device; a software bridge has none of its own."""
    bridge = entry.runtime_data.bridge
    if bridge.data.is_hardware:
        async_add_entities(
            NukiBridgeButton(bridge, entry, description) for description in BRIDGE_BUTTONS
        )
    async_add_for_devices(entry, BUTTON_DOMAIN, async_add_entities, BUTTONS, NukiButton)


class NukiButton(NukiEntity, ButtonEntity):
    """A button of a device."""

    entity_description: NukiButtonDescription

    @override
    async def async_press(self) -> None:
        """Do it."""
        await self.entity_description.press_fn(self.coordinator, self.nuki_id)


class NukiBridgeButton(BridgeEntity[BridgeCoordinator], ButtonEntity):
    """A button of the bridge."""

    entity_description: BridgeButtonDescription

    @override
    async def async_press(self) -> None:
        """Do it."""
        with self.coordinator.errors.command():
            await self.entity_description.press_fn(self.coordinator.client)
