"""Climate: the heating circuit, and mixing circuits where there are any."""

from collections.abc import Mapping
from typing import Any, override

from homeassistant.components.climate import (
    ATTR_HVAC_MODE,
    PRESET_AWAY,
    PRESET_ECO,
    PRESET_NONE,
    ClimateEntity,
    ClimateEntityFeature,
    HVACAction,
    HVACMode,
)
from homeassistant.const import ATTR_TEMPERATURE, UnitOfTemperature
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .catalog import (
    CATALOG,
    CIRCUITS,
    COMPRESSOR,
    COOLING_SETTINGS,
    DEFROST_VALVE,
    DEMAND,
    MODE_AUTOMATIC,
    MODE_CONTINUOUS,
    MODE_COOLING,
    MODE_HOLIDAY,
    MODE_LOCKED,
    MODE_OFF,
    MODE_PARTY,
    MODE_SCREED,
    MODE_SETBACK,
    MODE_SUMMER,
    MODE_SWITCHED_OFF,
    ROOM_TEMPERATURE,
    Circuit,
)
from .catalog_types import Part
from .coordinator import (
    NEW_POINTS,
    HtRestConfigEntry,
    HtRestCoordinator,
    async_when_points_appear,
)
from .entity import HtRestEntity, is_active
from .rules import STEPS

# The coordinator queues writes itself.
PARALLEL_UPDATES = 0

PRESET_PARTY = "party"

MODES: Mapping[int, HVACMode] = {
    MODE_OFF: HVACMode.OFF,
    MODE_AUTOMATIC: HVACMode.AUTO,
    MODE_COOLING: HVACMode.COOL,
    MODE_SUMMER: HVACMode.OFF,
    MODE_CONTINUOUS: HVACMode.HEAT,
    MODE_SCREED: HVACMode.HEAT,
    MODE_LOCKED: HVACMode.AUTO,
    MODE_SWITCHED_OFF: HVACMode.OFF,
}
# Off is summer operation, which still makes hot water; 0 would switch off more than that.
CODES: Mapping[HVACMode, int] = {
    HVACMode.AUTO: MODE_AUTOMATIC,
    HVACMode.HEAT: MODE_CONTINUOUS,
    HVACMode.COOL: MODE_COOLING,
    HVACMode.OFF: MODE_SUMMER,
}
PRESETS: Mapping[int, str] = {
    MODE_SETBACK: PRESET_ECO,
    MODE_HOLIDAY: PRESET_AWAY,
    MODE_PARTY: PRESET_PARTY,
}
PRESET_CODES = {preset: code for code, preset in PRESETS.items()}

# What the compressor is asked for; what others ask of it is none of a circuit's business.
ACTIONS: Mapping[int, HVACAction] = {1: HVACAction.COOLING, 2: HVACAction.HEATING}


async def async_setup_entry(
    hass: HomeAssistant,
    entry: HtRestConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add a climate entity for each circuit, now or once its points are found."""
    coordinator = entry.runtime_data
    added: set[Part] = set()

    @callback
    def add_new() -> None:
        new = [
            circuit
            for circuit in CIRCUITS
            if circuit.part not in added
            and {circuit.set_point, circuit.mode} <= coordinator.data.values.keys()
            and is_active(coordinator, circuit.part)
        ]
        added.update(circuit.part for circuit in new)
        async_add_entities(HtRestClimate(coordinator, circuit) for circuit in new)

    async_when_points_appear(entry, add_new)


class HtRestClimate(HtRestEntity, ClimateEntity):
    """A circuit: a room temperature that is wished, and a mode."""

    _attr_name = None
    _attr_translation_key = "circuit"
    _attr_preset_modes = [PRESET_NONE, *PRESET_CODES]
    _attr_temperature_unit = UnitOfTemperature.CELSIUS
    # What Home Assistant calls it from 2026.11 on; the same goes for the temperatures below.
    _attr_native_temperature_unit = UnitOfTemperature.CELSIUS

    def __init__(self, coordinator: HtRestCoordinator, circuit: Circuit) -> None:
        """Take limits and steps from the catalogue."""
        self._circuit = circuit
        points = {circuit.set_point, circuit.mode, COMPRESSOR, DEMAND, DEFROST_VALVE, NEW_POINTS}
        if circuit.part is Part.CIRCUIT:
            points.add(ROOM_TEMPERATURE)
        key = f"climate-{circuit.part}"
        super().__init__(coordinator, key, circuit.part, frozenset(points))
        set_point = CATALOG[circuit.set_point]
        self._attr_min_temp, self._attr_max_temp = set_point.low, set_point.high
        self._attr_target_temperature_step = STEPS[set_point.data_type]

    @property
    @override
    def supported_features(self) -> ClimateEntityFeature:
        """Nothing can be set where changes are not allowed."""
        if not self.coordinator.may_change:
            return ClimateEntityFeature(0)
        return (
            ClimateEntityFeature.TARGET_TEMPERATURE
            | ClimateEntityFeature.PRESET_MODE
            | ClimateEntityFeature.TURN_ON
            | ClimateEntityFeature.TURN_OFF
        )

    @property
    @override
    def available(self) -> bool:
        """Whether the heat pump answers, and the mode can be read."""
        return super().available and self._circuit.mode in self.coordinator.data.values

    @property
    def _cools(self) -> bool:
        """Whether the heat pump can cool, as far as it shows."""
        present = self.coordinator.memory.present
        cools_now = self.code(self._circuit.mode) == MODE_COOLING
        return cools_now or not present.isdisjoint(COOLING_SETTINGS)

    @property
    @override
    def hvac_modes(self) -> list[HVACMode]:
        """The modes of this heat pump; only the present one where none can be set."""
        if not self.coordinator.may_change:
            return [self.hvac_mode] if self.hvac_mode else []
        cool = [HVACMode.COOL] if self._cools or self.hvac_mode is HVACMode.COOL else []
        return [HVACMode.OFF, HVACMode.AUTO, HVACMode.HEAT, *cool]

    @property
    @override
    def hvac_mode(self) -> HVACMode | None:
        """The mode; with a preset that to which it returns."""
        code = self.code(self._circuit.mode)
        if code in PRESETS:
            code = self._before_preset
        return None if code is None else MODES.get(code)

    @property
    def _before_preset(self) -> int:
        return self.coordinator.memory.modes.get(self._circuit.part, MODE_AUTOMATIC)

    @property
    @override
    def preset_mode(self) -> str | None:
        """The preset, which is a mode of the heat pump."""
        code = self.code(self._circuit.mode)
        return None if code is None else PRESETS.get(code, PRESET_NONE)

    @property
    @override
    def hvac_action(self) -> HVACAction | None:
        """What the compressor is doing for the house."""
        running = self.point_value(COMPRESSOR)
        if running is None:
            return None
        if not running:
            return HVACAction.OFF if self.hvac_mode is HVACMode.OFF else HVACAction.IDLE
        if self.point_value(DEFROST_VALVE):
            return HVACAction.DEFROSTING
        demand = self.code(DEMAND)
        return None if demand is None else ACTIONS.get(demand, HVACAction.IDLE)

    @property
    def native_current_temperature(self) -> float | None:
        """The room temperature, where a sensor is fitted."""
        return self.point_value(ROOM_TEMPERATURE) if self._circuit.part is Part.CIRCUIT else None

    @property
    @override
    def current_temperature(self) -> float | None:
        """The room temperature, where a sensor is fitted."""
        return self.native_current_temperature

    @property
    def native_target_temperature(self) -> float | None:
        """The room temperature that is wished."""
        return self.point_value(self._circuit.set_point)

    @property
    @override
    def target_temperature(self) -> float | None:
        """The room temperature that is wished."""
        return self.native_target_temperature

    @override
    async def async_set_temperature(self, **kwargs: Any) -> None:
        """Set the room temperature, after the mode if one comes with it."""
        set_point = self._circuit.set_point
        self.coordinator.check(set_point, self.in_steps(set_point, kwargs[ATTR_TEMPERATURE]))
        if mode := kwargs.get(ATTR_HVAC_MODE):
            await self.async_handle_set_hvac_mode_service(HVACMode(mode))
        await self.async_write_temperature(set_point, kwargs[ATTR_TEMPERATURE])

    @override
    async def async_set_hvac_mode(self, hvac_mode: HVACMode) -> None:
        """Set the mode, which ends a preset."""
        await self.coordinator.async_write(self._circuit.mode, CODES[hvac_mode])

    @override
    async def async_set_preset_mode(self, preset_mode: str) -> None:
        """Set a preset, or return to the mode before it."""
        # Somebody may have changed the mode at the heat pump since it was read.
        await self.coordinator.async_read_now(self._circuit.mode)
        if preset_mode != PRESET_NONE:
            await self.coordinator.async_write(self._circuit.mode, PRESET_CODES[preset_mode])
        elif self.preset_mode != PRESET_NONE:
            await self.coordinator.async_write(self._circuit.mode, self._before_preset)

    @override
    async def async_turn_on(self) -> None:
        """Heat by the time program."""
        await self.async_set_hvac_mode(HVACMode.AUTO)

    @override
    async def async_turn_off(self) -> None:
        """Go to summer operation."""
        await self.async_set_hvac_mode(HVACMode.OFF)
