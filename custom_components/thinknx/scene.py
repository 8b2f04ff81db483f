"""Scenes."""

from collections.abc import Iterable
from typing import Any, override

from homeassistant.components.scene import Scene
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

LAUNCH = 1


async def async_setup_entry(
    hass: HomeAssistant,
    entry: ThinknxConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add a scene for each device that is one."""
    entry.runtime_data.async_add_platform(Platform.SCENE, async_add_entities, _scenes)


def _scenes(coordinator: DeviceCoordinator) -> Iterable[Entity]:
    if coordinator.device.kind is Kind.SCENE:
        yield ThinknxScene(coordinator, "scene")


class ThinknxScene(ThinknxEntity, Scene):
    """A scene, or a sequence that takes a while."""

    _attr_name = None

    @override
    async def async_activate(self, **kwargs: Any) -> None:
        """Launch it."""
        await self.coordinator.async_command(Command.SCENE, LAUNCH)
