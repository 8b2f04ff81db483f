"""Exhaust-air ventilation: five steps."""

from typing import Any, override

from homeassistant.components.fan import FanEntity, FanEntityFeature
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .catalog import VENTILATION, VENTILATION_POINT, Part
from .coordinator import NibeConfigEntry, NibeCoordinator, async_when_points_appear
from .entity import NibeEntity

# The coordinator queues writes itself.
PARALLEL_UPDATES = 0

OFF, NORMAL = "off", "normal"
RAW_OF = {name: raw for raw, name in VENTILATION.items()}


async def async_setup_entry(
    hass: HomeAssistant,
    entry: NibeConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the ventilation, now or once the heat pump has it."""
    coordinator = entry.runtime_data
    added = False

    @callback
    def add_new() -> None:
        nonlocal added
        there = VENTILATION_POINT in coordinator.data.points
        if there and coordinator.is_fitted(Part.VENTILATION) and not added:
            added = True
            async_add_entities([NibeVentilation(coordinator)])

    async_when_points_appear(entry, add_new, *coordinator.signs_of(Part.VENTILATION))


class NibeVentilation(NibeEntity, FanEntity):
    """The ventilation of the house."""

    _attr_name = None
    _attr_translation_key = "ventilation"
    _attr_preset_modes = list(RAW_OF)

    def __init__(self, coordinator: NibeCoordinator) -> None:
        """Listen to the step."""
        points = frozenset({VENTILATION_POINT})
        super().__init__(coordinator, "ventilation", Part.VENTILATION, points)

    @property
    @override
    def supported_features(self) -> FanEntityFeature:
        """Nothing can be set where writing is not allowed."""
        if not self.may_write:
            return FanEntityFeature(0)
        return FanEntityFeature.PRESET_MODE | FanEntityFeature.TURN_ON | FanEntityFeature.TURN_OFF

    @property
    @override
    def available(self) -> bool:
        """Whether the heat pump answers and ventilates at the moment."""
        return super().available and VENTILATION_POINT in self.coordinator.data.values

    @property
    @override
    def preset_mode(self) -> str | None:
        """The step as the heat pump last told."""
        raw = self.raw(VENTILATION_POINT)
        return VENTILATION.get(raw) if isinstance(raw, int) else None

    @property
    @override
    def is_on(self) -> bool | None:
        """Whether the fan runs."""
        return None if self.preset_mode is None else self.preset_mode != OFF

    @override
    async def async_set_preset_mode(self, preset_mode: str) -> None:
        """Set the step."""
        await self.coordinator.async_write(VENTILATION_POINT, RAW_OF[preset_mode])

    @override
    async def async_turn_on(
        self, percentage: int | None = None, preset_mode: str | None = None, **kwargs: Any
    ) -> None:
        """Ventilate, normally unless another step is wanted."""
        await self.async_set_preset_mode(preset_mode or NORMAL)

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Stop ventilating."""
        await self.async_set_preset_mode(OFF)
