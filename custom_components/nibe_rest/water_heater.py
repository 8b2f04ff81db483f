"""The hot water tank: how much is wanted, and a boost."""

from typing import Any, override

from homeassistant.components.water_heater import (
    ATTR_OPERATION_MODE,
    STATE_ECO,
    STATE_HEAT_PUMP,
    STATE_HIGH_DEMAND,
    STATE_PERFORMANCE,
    WaterHeaterEntity,
    WaterHeaterEntityFeature,
)
from homeassistant.const import ATTR_TEMPERATURE, UnitOfTemperature
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .catalog import (
    HOT_WATER_DEMAND,
    HOT_WATER_DEMAND_POINT,
    HOT_WATER_TOP_POINT,
    MORE_HOT_WATER_POINT,
    STOP_POINTS,
    Part,
)
from .const import DOMAIN
from .coordinator import NibeConfigEntry, NibeCoordinator, async_when_points_appear
from .entity import NibeEntity
from .rules import step

# The coordinator queues writes itself.
PARALLEL_UPDATES = 0

STATE_SMART_CONTROL = "smart_control"
OPERATIONS = {
    "small": STATE_ECO,
    "medium": STATE_HEAT_PUMP,
    "large": STATE_PERFORMANCE,
    "smart_control": STATE_SMART_CONTROL,
}
RAW_DEMAND = {OPERATIONS[name]: raw for raw, name in HOT_WATER_DEMAND.items()}
BOOST_OFF, BOOST_ONCE = 0, 2


async def async_setup_entry(
    hass: HomeAssistant,
    entry: NibeConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the tank, now or once the heat pump has it."""
    coordinator = entry.runtime_data
    added = False

    @callback
    def add_new() -> None:
        nonlocal added
        there = {HOT_WATER_TOP_POINT, HOT_WATER_DEMAND_POINT} <= coordinator.data.points.keys()
        if there and not added:
            added = True
            async_add_entities([NibeWaterHeater(coordinator)])

    async_when_points_appear(entry, add_new)


class NibeWaterHeater(NibeEntity, WaterHeaterEntity):
    """The hot water tank."""

    _attr_name = None
    _attr_translation_key = "hot_water"
    _attr_temperature_unit = UnitOfTemperature.CELSIUS
    # What Home Assistant calls it from 2026.11 on; the same goes for the temperatures below.
    _attr_native_temperature_unit = UnitOfTemperature.CELSIUS

    def __init__(self, coordinator: NibeCoordinator) -> None:
        """Find out which set points and modes this heat pump has."""
        points = {
            HOT_WATER_TOP_POINT,
            HOT_WATER_DEMAND_POINT,
            MORE_HOT_WATER_POINT,
            *STOP_POINTS.values(),
        }
        super().__init__(coordinator, "water_heater", Part.HOT_WATER, frozenset(points))
        self._attr_operation_list = list(OPERATIONS.values())
        if MORE_HOT_WATER_POINT in coordinator.data.points:
            self._attr_operation_list.append(STATE_HIGH_DEMAND)
        for point_id in STOP_POINTS.values():
            if point := coordinator.data.points.get(point_id):
                self._attr_target_temperature_step = step(point)

    @property
    @override
    def supported_features(self) -> WaterHeaterEntityFeature:
        """Nothing can be set where writing is not allowed."""
        if not self.may_write:
            return WaterHeaterEntityFeature(0)
        features = WaterHeaterEntityFeature.OPERATION_MODE
        if self._target is not None:
            features |= WaterHeaterEntityFeature.TARGET_TEMPERATURE
        return features

    @property
    @override
    def available(self) -> bool:
        """Whether the heat pump answers and has a tank at the moment."""
        return super().available and HOT_WATER_DEMAND_POINT in self.coordinator.data.values

    @property
    def _demand(self) -> str | None:
        raw = self.raw(HOT_WATER_DEMAND_POINT)
        return HOT_WATER_DEMAND.get(raw) if isinstance(raw, int) else None

    @property
    def _target(self) -> int | None:
        """The point of the temperature at which charging stops; smart control chooses itself."""
        point_id = STOP_POINTS.get(self._demand or "")
        return point_id if point_id in self.coordinator.data.points else None

    @property
    @override
    def current_operation(self) -> str | None:
        """How much hot water is wanted; a boost goes before all else."""
        if self.raw(MORE_HOT_WATER_POINT) not in (None, BOOST_OFF):
            return STATE_HIGH_DEMAND
        return OPERATIONS.get(self._demand or "")

    @property
    def native_current_temperature(self) -> float | None:
        """The temperature at the top of the tank."""
        return self.temperature(HOT_WATER_TOP_POINT)

    @property
    @override
    def current_temperature(self) -> float | None:
        """The temperature at the top of the tank."""
        return self.native_current_temperature

    @property
    def native_target_temperature(self) -> float | None:
        """The temperature at which charging stops."""
        return self.temperature(self._target)

    @property
    @override
    def target_temperature(self) -> float | None:
        """The temperature at which charging stops."""
        return self.native_target_temperature

    @property
    @override
    def min_temp(self) -> float:
        """The lowest temperature that the heat pump takes."""
        point = self.coordinator.data.points[self._target or HOT_WATER_TOP_POINT]
        return point.scaled(point.minimum)

    @property
    @override
    def max_temp(self) -> float:
        """The highest temperature that the heat pump takes."""
        point = self.coordinator.data.points[self._target or HOT_WATER_TOP_POINT]
        return point.scaled(point.maximum)

    @override
    async def async_set_temperature(self, **kwargs: Any) -> None:
        """Set the temperature at which charging stops, for the demand that is named or present."""
        if mode := kwargs.get(ATTR_OPERATION_MODE):
            await self.async_handle_set_operation_mode(mode)
        if self._target is None:
            raise ServiceValidationError(
                translation_domain=DOMAIN, translation_key="no_set_point_now"
            )
        await self.async_write_temperature(self._target, kwargs[ATTR_TEMPERATURE])

    @override
    async def async_set_operation_mode(self, operation_mode: str) -> None:
        """Set how much hot water is wanted, or boost once; whatever else ends a boost."""
        if operation_mode == STATE_HIGH_DEMAND:
            await self.coordinator.async_write(MORE_HOT_WATER_POINT, BOOST_ONCE)
            return
        if self.raw(MORE_HOT_WATER_POINT) not in (None, BOOST_OFF):
            await self.coordinator.async_write(MORE_HOT_WATER_POINT, BOOST_OFF)
        await self.coordinator.async_write(HOT_WATER_DEMAND_POINT, RAW_DEMAND[operation_mode])
