"""The hot water tank: a set point, and hot water now."""

from typing import Any, override

from homeassistant.components.water_heater import (
    ATTR_OPERATION_MODE,
    STATE_HEAT_PUMP,
    STATE_HIGH_DEMAND,
    WaterHeaterEntity,
    WaterHeaterEntityFeature,
)
from homeassistant.const import ATTR_TEMPERATURE, UnitOfTemperature
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .catalog import CATALOG, HOT_WATER_TYPE, TANK_SET_POINT, TANK_TEMPERATURE
from .catalog_types import Part
from .coordinator import (
    BOOST,
    HtRestConfigEntry,
    HtRestCoordinator,
    async_when_points_appear,
)
from .entity import HtRestEntity
from .rules import STEPS

# The coordinator queues writes itself.
PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant,
    entry: HtRestConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the tank, now or once its points are found; a plant without hot water has none."""
    coordinator = entry.runtime_data
    added = False

    @callback
    def add_new() -> None:
        nonlocal added
        values = coordinator.data.values
        there = {TANK_SET_POINT, TANK_TEMPERATURE} <= values.keys()
        if there and values.get(HOT_WATER_TYPE, 1) and not added:
            added = True
            async_add_entities([HtRestWaterHeater(coordinator)])

    async_when_points_appear(entry, add_new)


class HtRestWaterHeater(HtRestEntity, WaterHeaterEntity):
    """The hot water tank."""

    _attr_name = None
    _attr_operation_list = [STATE_HEAT_PUMP, STATE_HIGH_DEMAND]
    _attr_temperature_unit = UnitOfTemperature.CELSIUS
    # What Home Assistant calls it from 2026.11 on; the same goes for the temperatures below.
    _attr_native_temperature_unit = UnitOfTemperature.CELSIUS

    def __init__(self, coordinator: HtRestCoordinator) -> None:
        """Take limits and step from the catalogue."""
        points = frozenset({TANK_SET_POINT, TANK_TEMPERATURE, BOOST})
        super().__init__(coordinator, "water_heater", Part.HOT_WATER, points)
        set_point = CATALOG[TANK_SET_POINT]
        self._attr_min_temp, self._attr_max_temp = set_point.low, set_point.high
        self._attr_target_temperature_step = STEPS[set_point.data_type]

    @property
    @override
    def supported_features(self) -> WaterHeaterEntityFeature:
        """Nothing can be set where changes are not allowed."""
        if not self.coordinator.may_change:
            return WaterHeaterEntityFeature(0)
        return WaterHeaterEntityFeature.TARGET_TEMPERATURE | WaterHeaterEntityFeature.OPERATION_MODE

    @property
    @override
    def available(self) -> bool:
        """Whether the heat pump answers, and the set point can be read."""
        return super().available and TANK_SET_POINT in self.coordinator.data.values

    @property
    @override
    def current_operation(self) -> str:
        """Whether hot water is heated now because somebody wants it."""
        return STATE_HEAT_PUMP if self._heated_to is None else STATE_HIGH_DEMAND

    @property
    def _heated_to(self) -> int | None:
        """What it is heated to now; None once somebody has chosen another set point."""
        boost = self.coordinator.data.boost
        return boost.target if boost and TANK_SET_POINT in boost.before else None

    @property
    def native_current_temperature(self) -> float | None:
        """The temperature of the tank."""
        return self.point_value(TANK_TEMPERATURE)

    @property
    @override
    def current_temperature(self) -> float | None:
        """The temperature of the tank."""
        return self.native_current_temperature

    @property
    def native_target_temperature(self) -> float | None:
        """The set point; while hot water is heated now, what it is heated to."""
        heated_to = self._heated_to
        return self.point_value(TANK_SET_POINT) if heated_to is None else heated_to

    @property
    @override
    def target_temperature(self) -> float | None:
        """The set point; while hot water is heated now, what it is heated to."""
        return self.native_target_temperature

    @override
    async def async_set_temperature(self, **kwargs: Any) -> None:
        """Set the set point, which ends heating now, or heat to a temperature now."""
        mode, temperature = kwargs.get(ATTR_OPERATION_MODE), kwargs[ATTR_TEMPERATURE]
        if mode == STATE_HIGH_DEMAND:
            target = self.in_steps(TANK_SET_POINT, temperature)
            await self.coordinator.async_heat_water(target, None)
            return
        self.coordinator.check(TANK_SET_POINT, self.in_steps(TANK_SET_POINT, temperature))
        if mode:
            await self.async_handle_set_operation_mode(mode)
        await self.async_write_temperature(TANK_SET_POINT, temperature)

    @override
    async def async_set_operation_mode(self, operation_mode: str) -> None:
        """Heat now until the set point is reached, or end that."""
        if operation_mode == STATE_HIGH_DEMAND:
            await self.coordinator.async_heat_water(None, None)
        else:
            await self.coordinator.async_end_boost()

    async def async_heat_water_now(
        self, temperature: float | None = None, minutes: int | None = None
    ) -> None:
        """Heat until a temperature is reached, or for so many minutes."""
        await self.coordinator.async_heat_water(temperature, minutes)
