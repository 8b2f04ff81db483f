"""Lights, dimmable ones too."""

from collections.abc import Iterable
from typing import Any, override

from homeassistant.components.light import ATTR_BRIGHTNESS, ColorMode, LightEntity
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity import Entity
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.util.color import brightness_to_value, value_to_brightness

from .coordinator import ThinknxConfigEntry
from .device_coordinator import DeviceCoordinator
from .devices import CONF_SHOW_AS
from .endpoints import Aspect, Command, Kind
from .entity import ThinknxEntity

# The scheduler queues commands itself.
PARALLEL_UPDATES = 0

AS_LIGHT = "light"
LEVELS = (1, 100)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: ThinknxConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add a light for each device that is one."""
    entry.runtime_data.async_add_platform(Platform.LIGHT, async_add_entities, _lights)


def _lights(coordinator: DeviceCoordinator) -> Iterable[Entity]:
    device = coordinator.device
    if device.kind is Kind.LIGHT and device.option(CONF_SHOW_AS, AS_LIGHT) == AS_LIGHT:
        yield ThinknxLight(coordinator)


class ThinknxLight(ThinknxEntity, LightEntity):
    """A light; one that is off keeps its level to itself."""

    _attr_name = None

    def __init__(self, coordinator: DeviceCoordinator) -> None:
        """Dim what has a level."""
        super().__init__(coordinator, "power", frozenset({Aspect.POWER, Aspect.LEVEL}))
        mode = ColorMode.BRIGHTNESS if self.has(Aspect.LEVEL) else ColorMode.ONOFF
        self._attr_supported_color_modes = {mode}
        self._attr_color_mode = mode
        self._attr_assumed_state = not coordinator.device.aspects
        self._has_switch = self.has(Aspect.POWER) or not self.has(Aspect.LEVEL)
        self._last_level = LEVELS[1]

    @property
    @override
    def is_on(self) -> bool | None:
        """Whether it is on; one that only has a level is on above 0."""
        if self.has(Aspect.POWER):
            power = self.shown(Aspect.POWER)
            return None if power is None else bool(power)
        level = self.number(Aspect.LEVEL)
        return None if level is None else level > 0

    @property
    @override
    def brightness(self) -> int | None:
        """The brightness while it is on."""
        level = self.number(Aspect.LEVEL)
        return value_to_brightness(LEVELS, level) if level else None

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        """Switch on, at the level that the device keeps unless another is wanted."""
        if ATTR_BRIGHTNESS in kwargs and self.has(Aspect.LEVEL):
            level = max(1, round(brightness_to_value(LEVELS, kwargs[ATTR_BRIGHTNESS])))
            await self._set_level(level)
        elif self._has_switch:
            await self.coordinator.async_command(Command.POWER, 1)
        else:
            await self._set_level(self._last_level)

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Switch off."""
        if self._has_switch:
            await self.coordinator.async_command(Command.POWER, 0)
        else:
            self._last_level = round(self.number(Aspect.LEVEL) or self._last_level)
            await self._set_level(0)

    async def _set_level(self, level: int) -> None:
        also = {Aspect.POWER: level > 0} if self.has(Aspect.POWER) else {}
        await self.coordinator.async_command(Command.LEVEL, level, also)
