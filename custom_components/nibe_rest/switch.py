"""Switches: permits, hot water boost, holiday, aid mode."""

from typing import Any, override

from homeassistant.components.switch import SwitchEntity
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .catalog import Curated, Kind, Part
from .coordinator import DEVICE, NibeConfigEntry, NibeCoordinator
from .entity import NibeEntity, NibePointEntity, async_add_for_points
from .models import AidMode

# The coordinator queues writes itself.
PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant,
    entry: NibeConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the aid mode, and a switch for each point that is on or off."""
    if entry.runtime_data.data.device.aid_mode is not None:
        async_add_entities([NibeAidMode(entry.runtime_data)])
    async_add_for_points(entry, Kind.SWITCH, async_add_entities, NibeSwitch)


class NibeSwitch(NibePointEntity, SwitchEntity):
    """A point that is on or off."""

    def __init__(
        self, coordinator: NibeCoordinator, point_id: int, curated: Curated | None
    ) -> None:
        """Know the codes of on and off."""
        super().__init__(coordinator, point_id, curated)
        self._raw_of = {name: raw for raw, name in self.codes.items()} or {"off": 0, "on": 1}
        if curated is None:
            self._attr_entity_category = EntityCategory.CONFIG

    @property
    @override
    def is_on(self) -> bool | None:
        """The state as the heat pump last told; any code but that of off is on."""
        raw = self.raw(self.point_id)
        return None if raw is None else raw != self._raw_of["off"]

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        """Switch on."""
        await self.async_write(self._raw_of["on"])

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Switch off."""
        await self.async_write(self._raw_of["off"])


class NibeAidMode(NibeEntity, SwitchEntity):
    """Aid mode: heat by the additional heater while the compressor cannot."""

    _attr_translation_key = "aid_mode"
    _attr_entity_category = EntityCategory.CONFIG

    def __init__(self, coordinator: NibeCoordinator) -> None:
        """Listen to the heat pump itself."""
        super().__init__(coordinator, "aid_mode", Part.PUMP, frozenset({DEVICE}))

    @property
    @override
    def is_on(self) -> bool | None:
        """Whether the aid mode is on, as the heat pump last told."""
        mode = self.coordinator.data.device.aid_mode
        return None if mode is None else mode is AidMode.ON

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        """Begin the aid mode."""
        await self.coordinator.async_set_mode(AidMode.ON)

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """End the aid mode."""
        await self.coordinator.async_set_mode(AidMode.OFF)
