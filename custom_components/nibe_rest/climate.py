"""Climate: each climate system that has a room set point."""

from typing import Any, override

from homeassistant.components.climate import (
    ATTR_HVAC_MODE,
    ClimateEntity,
    ClimateEntityFeature,
    HVACAction,
    HVACMode,
)
from homeassistant.const import ATTR_TEMPERATURE, UnitOfTemperature
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .catalog import (
    CLIMATE_SYSTEMS,
    DEFROST_POINT,
    OPERATING_MODE_POINT,
    PERMIT_COOLING_POINT,
    PERMIT_HEATING_POINT,
    PRIORITY_POINT,
    ClimateSystem,
)
from .const import DOMAIN
from .coordinator import NibeConfigEntry, NibeCoordinator, async_when_points_appear
from .entity import NibeEntity
from .rules import step

# The coordinator queues writes itself.
PARALLEL_UPDATES = 0

AUTO, MANUAL = 0, 1
ACTIONS = {
    10: HVACAction.IDLE,
    20: HVACAction.IDLE,
    30: HVACAction.HEATING,
    40: HVACAction.IDLE,
    60: HVACAction.COOLING,
}


async def async_setup_entry(
    hass: HomeAssistant,
    entry: NibeConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add a climate entity for each climate system, and later those that appear."""
    coordinator = entry.runtime_data
    added: set[str] = set()

    @callback
    def add_new() -> None:
        present = [system for system in CLIMATE_SYSTEMS if _is_there(coordinator, system)]
        new = [system for system in present if system.part not in added]
        added.update(system.part for system in new)
        async_add_entities(NibeClimate(coordinator, system) for system in new)

    registers = coordinator.data.by_register
    sensors = {
        registers[system.current] for system in CLIMATE_SYSTEMS if system.current in registers
    }
    async_when_points_appear(entry, add_new, *sensors)


def _is_there(coordinator: NibeCoordinator, system: ClimateSystem) -> bool:
    """Whether a climate system has a room sensor; its settings are there in any case."""
    data = coordinator.data
    sensor = data.by_register.get(system.current)
    return data.values.get(sensor or 0) is not None and system.heating in data.by_register


class NibeClimate(NibeEntity, ClimateEntity):
    """A climate system: a room temperature and what it should be.

    The mode belongs to the whole plant: with several climate systems it is shown here, and set by
    the select of the operating mode.
    """

    _attr_name = None
    _attr_temperature_unit = UnitOfTemperature.CELSIUS
    # What Home Assistant calls it from 2026.11 on; the same goes for the temperatures below.
    _attr_native_temperature_unit = UnitOfTemperature.CELSIUS

    def __init__(self, coordinator: NibeCoordinator, system: ClimateSystem) -> None:
        """Find the points of the system and what the plant can do."""
        registers = coordinator.data.by_register
        self._current = registers[system.current]
        self._heating = registers[system.heating]
        self._cooling = registers.get(system.cooling)
        points = {
            self._current,
            self._heating,
            OPERATING_MODE_POINT,
            PERMIT_HEATING_POINT,
            PERMIT_COOLING_POINT,
            PRIORITY_POINT,
            DEFROST_POINT,
        } | ({self._cooling} if self._cooling else set())
        super().__init__(coordinator, f"climate-{system.part}", system.part, frozenset(points))
        known = coordinator.data.points
        self._attr_target_temperature_step = step(known[self._heating])

    @property
    def _alone(self) -> bool:
        """Whether no other climate system has a say in the plant's mode."""
        return sum(_is_there(self.coordinator, system) for system in CLIMATE_SYSTEMS) == 1

    @property
    def _modes(self) -> list[HVACMode]:
        """The modes of this plant; permits show only once the plant is in manual mode."""
        known = self.coordinator.data.points
        if OPERATING_MODE_POINT not in known:
            return [HVACMode.AUTO]
        cools = PERMIT_COOLING_POINT in known
        return [HVACMode.AUTO, HVACMode.HEAT, *([HVACMode.COOL] if cools else [])]

    @property
    @override
    def supported_features(self) -> ClimateEntityFeature:
        """A temperature can be set only where writing is allowed."""
        if self.may_write and self._target in self.coordinator.data.points:
            return ClimateEntityFeature.TARGET_TEMPERATURE
        return ClimateEntityFeature(0)

    @property
    @override
    def available(self) -> bool:
        """Whether the heat pump answers and has the system at the moment."""
        return super().available and self._heating in self.coordinator.data.values

    @property
    @override
    def hvac_modes(self) -> list[HVACMode]:
        """The modes that can be set; only the present one where none can be set here."""
        return self._modes if self._alone and self.may_write else [self.hvac_mode]

    @property
    @override
    def hvac_mode(self) -> HVACMode:
        """The plant's mode."""
        if self.raw(OPERATING_MODE_POINT) in (None, AUTO):
            return HVACMode.AUTO
        if self.raw(PERMIT_COOLING_POINT) == 1 and self.raw(PERMIT_HEATING_POINT) != 1:
            return HVACMode.COOL
        return HVACMode.HEAT

    @property
    @override
    def hvac_action(self) -> HVACAction | None:
        """What the heat pump is doing; None where it does not tell."""
        if self.raw(DEFROST_POINT) == 1:
            return HVACAction.DEFROSTING
        priority = self.raw(PRIORITY_POINT)
        return ACTIONS.get(priority) if isinstance(priority, int) else None

    @property
    def _target(self) -> int:
        cools = self.hvac_mode is HVACMode.COOL and self._cooling is not None
        return self._cooling if cools and self._cooling else self._heating

    @property
    def native_current_temperature(self) -> float | None:
        """The room temperature."""
        return self.temperature(self._current)

    @property
    @override
    def current_temperature(self) -> float | None:
        """The room temperature."""
        return self.native_current_temperature

    @property
    def native_target_temperature(self) -> float | None:
        """What the room temperature should be."""
        return self.temperature(self._target)

    @property
    @override
    def target_temperature(self) -> float | None:
        """What the room temperature should be."""
        return self.native_target_temperature

    @property
    @override
    def min_temp(self) -> float:
        """The lowest set point that the heat pump takes."""
        point = self.coordinator.data.points[self._target]
        return point.scaled(point.minimum)

    @property
    @override
    def max_temp(self) -> float:
        """The highest set point that the heat pump takes."""
        point = self.coordinator.data.points[self._target]
        return point.scaled(point.maximum)

    @override
    async def async_set_temperature(self, **kwargs: Any) -> None:
        """Set the room temperature, after the mode if one comes with it."""
        if mode := kwargs.get(ATTR_HVAC_MODE):
            await self.async_handle_set_hvac_mode_service(HVACMode(mode))
        value: float = kwargs[ATTR_TEMPERATURE]
        await self.async_write_temperature(self._target, value)

    @override
    async def async_set_hvac_mode(self, hvac_mode: HVACMode) -> None:
        """Set the plant's mode; what is permitted counts in manual mode only."""
        if not self._alone:
            raise ServiceValidationError(
                translation_domain=DOMAIN, translation_key="mode_of_the_plant"
            )
        if OPERATING_MODE_POINT not in self.coordinator.data.points:
            return  # there is the automatic mode alone
        if hvac_mode is HVACMode.AUTO:
            await self.coordinator.async_write(OPERATING_MODE_POINT, AUTO)
            return
        await self.coordinator.async_write(OPERATING_MODE_POINT, MANUAL)
        wanted, other = PERMIT_HEATING_POINT, PERMIT_COOLING_POINT
        if hvac_mode is HVACMode.COOL:
            wanted, other = other, wanted
        # The permits appear a while after the plant has gone to manual mode. The wanted one goes
        # first: if the other fails, the house is not left with neither.
        if not await self.coordinator.async_expect(wanted):
            raise HomeAssistantError(
                translation_domain=DOMAIN,
                translation_key="no_such_point",
                translation_placeholders={"name": self.coordinator.config_entry.title},
            )
        await self.coordinator.async_write(wanted, 1)
        if other not in self.coordinator.data.points:
            await self.coordinator.async_refresh()  # only a plant that cools has both
        if other in self.coordinator.data.points and await self.coordinator.async_expect(other):
            await self.coordinator.async_write(other, 0)
