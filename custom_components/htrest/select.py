"""Selects: modes of operation."""

from typing import override

from homeassistant.components.select import SelectEntity
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .catalog import MODES, SETTABLE_MODES
from .catalog_types import Shown
from .coordinator import HtRestConfigEntry
from .entity import HtRestPointEntity, async_add_for_points

# The coordinator queues writes itself.
PARALLEL_UPDATES = 0

CODE_OF = {name: code for code, name in MODES.items()}
SETTABLE = [MODES[code] for code in sorted(SETTABLE_MODES)]


async def async_setup_entry(
    hass: HomeAssistant,
    entry: HtRestConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add a select for each mode."""
    async_add_for_points(entry, Shown.SELECT, async_add_entities, HtRestMode)


class HtRestMode(HtRestPointEntity, SelectEntity):
    """The mode of the plant, or of a mixing circuit."""

    @property
    @override
    def options(self) -> list[str]:
        """The modes that can be set, and one that is only shown while it is."""
        present = self.current_option
        return SETTABLE if present is None or present in SETTABLE else [*SETTABLE, present]

    @property
    @override
    def current_option(self) -> str | None:
        """The mode as the heat pump last told; None for a code that nobody knows."""
        code = self.code(self.parameter.name)
        return None if code is None else MODES.get(code)

    @override
    async def async_select_option(self, option: str) -> None:
        """Set the mode."""
        await self.coordinator.async_write(self.parameter.name, CODE_OF[option])
