"""Switches: lamps and sockets that are to be shown so, and schedules of thermostats."""

from collections.abc import Iterable
from typing import Any, override

from homeassistant.components.switch import SwitchEntity
from homeassistant.const import EntityCategory, Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity import Entity
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import ThinknxConfigEntry
from .device_coordinator import DeviceCoordinator
from .devices import CONF_SHOW_AS
from .endpoints import Aspect, Command, Kind
from .entity import ThinknxEntity

# The scheduler queues commands itself.
PARALLEL_UPDATES = 0

AS_SWITCH = "switch"


async def async_setup_entry(
    hass: HomeAssistant,
    entry: ThinknxConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add a switch for each device that is one, and for each schedule."""
    entry.runtime_data.async_add_platform(Platform.SWITCH, async_add_entities, _switches)


def _switches(coordinator: DeviceCoordinator) -> Iterable[Entity]:
    device = coordinator.device
    if device.kind is Kind.LIGHT and device.options.get(CONF_SHOW_AS) == AS_SWITCH:
        yield ThinknxSocket(coordinator, Aspect.POWER, Command.POWER)
    if device.kind is Kind.THERMOSTAT and Aspect.CHRONO in device.aspects:
        yield ThinknxSchedule(coordinator, Aspect.CHRONO, Command.CHRONO)


class ThinknxSwitch(ThinknxEntity, SwitchEntity):
    """Something that is on or off."""

    def __init__(self, coordinator: DeviceCoordinator, aspect: Aspect, command: Command) -> None:
        """Know what is switched."""
        super().__init__(coordinator, str(aspect), frozenset({aspect}))
        self._attr_assumed_state = not self.has(aspect)
        self._aspect = aspect
        self._command = command

    @property
    @override
    def is_on(self) -> bool | None:
        """Whether it is on."""
        value = self.shown(self._aspect)
        return None if value is None else bool(value)

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        """Switch on."""
        await self.coordinator.async_command(self._command, 1)

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Switch off."""
        await self.coordinator.async_command(self._command, 0)


class ThinknxSocket(ThinknxSwitch):
    """A lamp or a socket that is shown as a switch."""

    _attr_name = None


class ThinknxSchedule(ThinknxSwitch):
    """Whether a thermostat follows its schedule."""

    _attr_translation_key = "schedule"
    _attr_entity_category = EntityCategory.CONFIG
