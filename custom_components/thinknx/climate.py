"""Climate: thermostats, whose modes are presets, and HVAC units."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, override

from homeassistant.components.climate import (
    ATTR_HVAC_MODE,
    FAN_AUTO,
    FAN_HIGH,
    FAN_LOW,
    FAN_MEDIUM,
    PRESET_COMFORT,
    ClimateEntity,
    ClimateEntityFeature,
    HVACMode,
)
from homeassistant.const import ATTR_TEMPERATURE, Platform, UnitOfTemperature
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.entity import Entity
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import ThinknxConfigEntry
from .device_coordinator import DeviceCoordinator
from .devices import (
    CONF_HVAC_MODE,
    CONF_MAX,
    CONF_MIN,
    CONF_STEP,
    CONF_TEMPERATURE_GUID,
    LIMITS,
)
from .endpoints import Aspect, Command, Kind
from .entity import ThinknxEntity

# The scheduler queues commands itself.
PARALLEL_UPDATES = 0

# Named as Home Assistant's own knx names them, so that automations move over as they are.
PRESETS: Final[Mapping[int, str]] = {
    0: "standby",
    1: PRESET_COMFORT,
    2: "economy",
    3: "building_protection",
}
MODE_OF_PRESET = {preset: code for code, preset in PRESETS.items()}

HVAC_MODES: Final[Mapping[int, HVACMode]] = {
    0: HVACMode.COOL,
    1: HVACMode.HEAT,
    2: HVACMode.DRY,
    3: HVACMode.FAN_ONLY,
    4: HVACMode.AUTO,
}
CODE_OF_HVAC_MODE = {mode: code for code, mode in HVAC_MODES.items()}
FANS: Final[Mapping[int, str]] = {0: FAN_AUTO, 1: FAN_LOW, 2: FAN_MEDIUM, 3: FAN_HIGH}
CODE_OF_FAN = {fan: code for code, fan in FANS.items()}


async def async_setup_entry(
    hass: HomeAssistant,
    entry: ThinknxConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add a climate entity for each thermostat and each HVAC unit."""
    entry.runtime_data.async_add_platform(Platform.CLIMATE, async_add_entities, _climates)


def _climates(coordinator: DeviceCoordinator) -> Iterable[Entity]:
    kind = coordinator.device.kind
    if kind is Kind.THERMOSTAT:
        yield ThinknxThermostat(coordinator)
    elif kind is Kind.HVAC:
        yield ThinknxHvac(coordinator)


class ThinknxClimate(ThinknxEntity, ClimateEntity):
    """What thermostats and HVAC units share: a set point within limits that the user knows."""

    _attr_name = None
    _attr_temperature_unit = UnitOfTemperature.CELSIUS
    # What Home Assistant calls it from 2026.11 on; the same goes for the temperatures below.
    _attr_native_temperature_unit = UnitOfTemperature.CELSIUS
    _set_point: Aspect
    _set_point_command: Command

    def __init__(self, coordinator: DeviceCoordinator, aspects: Iterable[Aspect]) -> None:
        """Take the limits that the user has given."""
        super().__init__(coordinator, "climate", frozenset(aspects))
        device = coordinator.device
        low, high, step = LIMITS[device.kind]
        self._attr_min_temp = device.option(CONF_MIN, low)
        self._attr_max_temp = device.option(CONF_MAX, high)
        self._attr_target_temperature_step = device.option(CONF_STEP, step)

    @property
    def native_target_temperature(self) -> float | None:
        """The temperature that is wished."""
        return self.number(self._set_point)

    @property
    @override
    def target_temperature(self) -> float | None:
        """The temperature that is wished."""
        return self.native_target_temperature

    @override
    async def async_set_temperature(self, **kwargs: Any) -> None:
        """Set the temperature, after the mode if one comes with it."""
        if mode := kwargs.get(ATTR_HVAC_MODE):
            await self.async_handle_set_hvac_mode_service(HVACMode(mode))
        await self.coordinator.async_command(self._set_point_command, kwargs[ATTR_TEMPERATURE])


class ThinknxThermostat(ThinknxClimate):
    """A room thermostat; frost protection is one of its presets, and it is never off."""

    _attr_translation_key = "thermostat"
    _attr_preset_modes = list(PRESETS.values())
    _set_point = Aspect.SETPOINT
    _set_point_command = Command.SETPOINT

    def __init__(self, coordinator: DeviceCoordinator) -> None:
        """Offer what the device can do."""
        aspects = (Aspect.ACTUAL, Aspect.SETPOINT, Aspect.MODE)
        super().__init__(coordinator, aspects)
        mode = HVACMode(coordinator.device.option(CONF_HVAC_MODE, str(HVACMode.HEAT)))
        self._attr_hvac_modes = [mode]
        self._attr_hvac_mode = mode
        features = ClimateEntityFeature(0)
        if self.has(Aspect.SETPOINT):
            features |= ClimateEntityFeature.TARGET_TEMPERATURE
        if self.has(Aspect.MODE):
            features |= ClimateEntityFeature.PRESET_MODE
        self._attr_supported_features = features

    @property
    def native_current_temperature(self) -> float | None:
        """The temperature of the room."""
        return self.number(Aspect.ACTUAL)

    @property
    @override
    def current_temperature(self) -> float | None:
        """The temperature of the room."""
        return self.native_current_temperature

    @property
    @override
    def preset_mode(self) -> str | None:
        """The mode of operation."""
        code = self.code(Aspect.MODE)
        return None if code is None else PRESETS.get(code)

    @override
    async def async_set_preset_mode(self, preset_mode: str) -> None:
        """Set the mode of operation; the set point changes with it."""
        await self.coordinator.async_command(Command.MODE, MODE_OF_PRESET[preset_mode])

    @override
    async def async_set_hvac_mode(self, hvac_mode: HVACMode) -> None:
        """There is one mode only, so nothing is to be set."""


class ThinknxHvac(ThinknxClimate):
    """An HVAC unit; the temperature of the room comes from another device, if from any."""

    _set_point = Aspect.HVAC_SETPOINT
    _set_point_command = Command.HVAC_SETPOINT

    def __init__(self, coordinator: DeviceCoordinator) -> None:
        """Offer what the device can do."""
        aspects = (
            Aspect.HVAC_POWER,
            Aspect.HVAC_SETPOINT,
            Aspect.HVAC_MODE,
            Aspect.HVAC_FAN,
        )
        super().__init__(coordinator, aspects)
        modes = list(HVAC_MODES.values()) if self.has(Aspect.HVAC_MODE) else [HVACMode.AUTO]
        self._attr_hvac_modes = [HVACMode.OFF, *modes]
        self._attr_fan_modes = list(FANS.values())
        features = ClimateEntityFeature.TURN_ON | ClimateEntityFeature.TURN_OFF
        if self.has(Aspect.HVAC_SETPOINT):
            features |= ClimateEntityFeature.TARGET_TEMPERATURE
        if self.has(Aspect.HVAC_FAN):
            features |= ClimateEntityFeature.FAN_MODE
        self._attr_supported_features = features

    @property
    def _thermometer(self) -> DeviceCoordinator | None:
        guid = self.coordinator.device.options.get(CONF_TEMPERATURE_GUID)
        return self.coordinator.server.by_guid(guid) if guid else None

    @override
    async def async_added_to_hass(self) -> None:
        """Listen to the thermometer too."""
        await super().async_added_to_hass()
        if thermometer := self._thermometer:
            listen: Callable[[], None] = self._handle_coordinator_update
            temperatures = frozenset({Aspect.ACTUAL, Aspect.VALUE})
            self.async_on_remove(thermometer.async_add_listener(listen, temperatures))

    @property
    def native_current_temperature(self) -> float | None:
        """The temperature that another device measures."""
        if (thermometer := self._thermometer) is None:
            return None
        values = thermometer.data.values
        value = values.get(Aspect.ACTUAL, values.get(Aspect.VALUE))
        return None if value is None else float(value)

    @property
    @override
    def current_temperature(self) -> float | None:
        """The temperature that another device measures."""
        return self.native_current_temperature

    @property
    @override
    def hvac_mode(self) -> HVACMode | None:
        """The mode, off while the unit has no power."""
        power = self.shown(Aspect.HVAC_POWER)
        if power is not None and not power:
            return HVACMode.OFF
        if not self.has(Aspect.HVAC_MODE):
            return HVACMode.AUTO if power else None
        code = self.code(Aspect.HVAC_MODE)
        return None if code is None else HVAC_MODES.get(code)

    @property
    @override
    def fan_mode(self) -> str | None:
        """The speed of the fan."""
        code = self.code(Aspect.HVAC_FAN)
        return None if code is None else FANS.get(code)

    @override
    async def async_set_hvac_mode(self, hvac_mode: HVACMode) -> None:
        """Set the mode and switch on; units that take no mode while they are off come on first."""
        if hvac_mode is HVACMode.OFF:
            await self.async_turn_off()
            return
        is_on = bool(self.shown(Aspect.HVAC_POWER))
        if self.has(Aspect.HVAC_MODE):
            code = CODE_OF_HVAC_MODE[hvac_mode]
            try:
                await self.coordinator.async_command(Command.HVAC_MODE, code)
            except HomeAssistantError as err:
                if is_on or err.translation_key != "not_possible":
                    raise
                await self.async_turn_on()
                await self.coordinator.async_command(Command.HVAC_MODE, code)
                return
        if not is_on:
            await self.async_turn_on()

    @override
    async def async_set_fan_mode(self, fan_mode: str) -> None:
        """Set the speed of the fan."""
        await self.coordinator.async_command(Command.HVAC_FAN, CODE_OF_FAN[fan_mode])

    @override
    async def async_turn_on(self) -> None:
        """Switch on, in the mode that the unit keeps."""
        await self.coordinator.async_command(Command.HVAC_POWER, 1)

    @override
    async def async_turn_off(self) -> None:
        """Switch off."""
        await self.coordinator.async_command(Command.HVAC_POWER, 0)
