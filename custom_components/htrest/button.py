"""Buttons: search for points, set the clock, acknowledge a fault."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import override

from homeassistant.components.button import ButtonEntity, ButtonEntityDescription
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .catalog_types import Part, Shown
from .coordinator import HtRestConfigEntry, HtRestCoordinator
from .entity import HtRestEntity, HtRestPointEntity, async_add_for_points

# The coordinator queues commands itself.
PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class HtRestButtonDescription(ButtonEntityDescription):
    """A button of the whole plant."""

    press_fn: Callable[[HtRestCoordinator], Awaitable[None]]


BUTTONS = (
    HtRestButtonDescription(
        key="search_points",
        translation_key="search_points",
        entity_category=EntityCategory.DIAGNOSTIC,
        press_fn=HtRestCoordinator.async_search,
    ),
    HtRestButtonDescription(
        key="set_clock",
        translation_key="set_clock",
        entity_category=EntityCategory.CONFIG,
        press_fn=HtRestCoordinator.async_set_clock,
    ),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: HtRestConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the buttons."""
    async_add_entities(HtRestButton(entry.runtime_data, it) for it in BUTTONS)
    async_add_for_points(entry, Shown.BUTTON, async_add_entities, HtRestResetFault)


class HtRestButton(HtRestEntity, ButtonEntity):
    """A button of the whole plant."""

    entity_description: HtRestButtonDescription

    def __init__(
        self, coordinator: HtRestCoordinator, description: HtRestButtonDescription
    ) -> None:
        """Listen to nothing but whether the heat pump answers."""
        super().__init__(coordinator, description.key, Part.PUMP, frozenset())
        self.entity_description = description

    @override
    async def async_press(self) -> None:
        """Do it."""
        await self.entity_description.press_fn(self.coordinator)


class HtRestResetFault(HtRestPointEntity, ButtonEntity):
    """Acknowledges a fault, as the button on the display does."""

    _attr_entity_category = EntityCategory.CONFIG

    @override
    async def async_press(self) -> None:
        """Acknowledge it."""
        await self.coordinator.async_reset_fault()
