"""Buttons: generic buttons, and stopping a scene that takes a while."""

from collections.abc import Iterable
from typing import override

from homeassistant.components.button import ButtonEntity
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity import Entity
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import ThinknxConfigEntry
from .device_coordinator import DeviceCoordinator
from .endpoints import Command, Kind
from .entity import ThinknxEntity

# The scheduler queues commands itself.
PARALLEL_UPDATES = 0

PRESS, STOP = 1, 0


async def async_setup_entry(
    hass: HomeAssistant,
    entry: ThinknxConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add a button for each device that is one, and for stopping each scene."""
    entry.runtime_data.async_add_platform(Platform.BUTTON, async_add_entities, _buttons)


def _buttons(coordinator: DeviceCoordinator) -> Iterable[Entity]:
    kind = coordinator.device.kind
    if kind is Kind.BUTTON:
        yield ThinknxButton(coordinator, "trigger")
    elif kind is Kind.SCENE:
        yield ThinknxStopScene(coordinator, "stop")


class ThinknxButton(ThinknxEntity, ButtonEntity):
    """A button of the project; what it does nobody here knows."""

    _attr_name = None

    @override
    async def async_press(self) -> None:
        """Press it."""
        await self.coordinator.async_command(Command.TRIGGER, PRESS)


class ThinknxStopScene(ThinknxEntity, ButtonEntity):
    """Stops a scene that is under way."""

    _attr_translation_key = "stop_scene"
    _attr_entity_registry_enabled_default = False

    @override
    async def async_press(self) -> None:
        """Stop it."""
        await self.coordinator.async_command(Command.SCENE, STOP)
