"""Numbers: analog values that can be set."""

from collections.abc import Iterable
from decimal import Decimal
from typing import override

from homeassistant.components.number import NumberDeviceClass, NumberEntity, NumberMode
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity import Entity
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import ThinknxConfigEntry
from .device_coordinator import DeviceCoordinator
from .devices import (
    CONF_DEVICE_CLASS,
    CONF_MAX,
    CONF_MIN,
    CONF_SHOW_AS,
    CONF_STEP,
    CONF_UNIT,
    LIMITS,
)
from .endpoints import Aspect, Command, Kind
from .entity import ThinknxEntity

# The scheduler queues commands itself.
PARALLEL_UPDATES = 0

AS_NUMBER = "number"


async def async_setup_entry(
    hass: HomeAssistant,
    entry: ThinknxConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add a number for each analog value that the user wants to set."""
    entry.runtime_data.async_add_platform(Platform.NUMBER, async_add_entities, _numbers)


def _numbers(coordinator: DeviceCoordinator) -> Iterable[Entity]:
    device = coordinator.device
    if device.kind is Kind.ANALOG and device.options.get(CONF_SHOW_AS) == AS_NUMBER:
        yield ThinknxNumber(coordinator)


class ThinknxNumber(ThinknxEntity, NumberEntity):
    """A value that can be set."""

    _attr_name = None
    _attr_mode = NumberMode.BOX

    def __init__(self, coordinator: DeviceCoordinator) -> None:
        """Take class, unit and limits from the user."""
        super().__init__(coordinator, "value", frozenset({Aspect.VALUE}))
        device = coordinator.device
        low, high, step = LIMITS[device.kind]
        if device_class := device.options.get(CONF_DEVICE_CLASS):
            self._attr_device_class = NumberDeviceClass(device_class)
        self._attr_native_unit_of_measurement = device.options.get(CONF_UNIT) or None
        self._attr_native_min_value = device.option(CONF_MIN, low)
        self._attr_native_max_value = device.option(CONF_MAX, high)
        self._attr_native_step = self._step = device.option(CONF_STEP, step)

    @property
    @override
    def native_value(self) -> float | None:
        """The value as the server last told."""
        return self.number(Aspect.VALUE)

    @override
    async def async_set_native_value(self, value: float) -> None:
        """Set the value, in steps from the lowest one."""
        step = Decimal(str(self._step))
        low = Decimal(str(self.native_min_value))
        steps = ((Decimal(str(value)) - low) / step).to_integral_value()
        await self.coordinator.async_command(Command.VALUE, float(low + steps * step))
