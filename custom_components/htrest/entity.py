"""Base entities, and how entities appear as points do."""

from collections.abc import Callable
from typing import override

from homeassistant.const import EntityCategory, UnitOfTemperature
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.device_registry import ChildDeviceInfo, DeviceInfo
from homeassistant.helpers.entity import Entity
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from .catalog import ACTIVE_FLAGS, CATALOG, CIRCUITS, TANK_SET_POINT
from .catalog_types import Parameter, Part, Shown
from .const import DOMAIN
from .coordinator import HtRestConfigEntry, HtRestCoordinator, async_when_points_appear
from .models import Value
from .rules import STEPS


def pump_device_info(coordinator: HtRestCoordinator) -> DeviceInfo:
    """Return how the heat pump stands in the device registry."""
    device = coordinator.data.device
    return DeviceInfo(
        identifiers={(DOMAIN, device.serial)},
        manufacturer="Heliotherm",
        name=coordinator.config_entry.title,
        serial_number=device.serial,
        sw_version=device.software,
    )


def part_device_info(coordinator: HtRestCoordinator, part: Part) -> DeviceInfo | ChildDeviceInfo:
    """Return the device of a part of the plant."""
    serial = coordinator.data.device.serial
    if part is Part.PUMP:
        return DeviceInfo(identifiers={(DOMAIN, serial)})
    return ChildDeviceInfo(
        identifiers={(DOMAIN, f"{serial}-{part}")},
        translation_key=part,
        parent_device_id=coordinator.device_id,
    )


class HtRestEntity(CoordinatorEntity[HtRestCoordinator]):
    """An entity of a heat pump; it wakes when one of its points changes, and has them read."""

    _attr_has_entity_name = True

    def __init__(
        self, coordinator: HtRestCoordinator, key: str, part: Part, points: frozenset[str]
    ) -> None:
        """Listen to these points, or to one of the coordinator's other subjects."""
        super().__init__(coordinator, context=points)
        self._attr_unique_id = f"{coordinator.data.device.serial}-{key}"
        self._part = part

    @property
    @override
    def device_info(self) -> DeviceInfo | ChildDeviceInfo:
        """The device, which Home Assistant asks for once: a thousand copies need not be kept."""
        return part_device_info(self.coordinator, self._part)

    def point_value(self, name: str) -> Value | None:
        """Return the value of a point, None if it cannot be read or its sensor is not there."""
        value = self.coordinator.data.values.get(name)
        return value if CATALOG[name].is_fitted(value) else None

    def code(self, name: str) -> int | None:
        """Return the value of a point as a whole number."""
        value = self.point_value(name)
        return None if value is None else int(value)

    def in_steps(self, name: str, value: float) -> float:
        """Return a temperature that the heat pump takes.

        Where the house counts in °F, Home Assistant has converted what the user chose, and hardly
        anything is left that the heat pump takes: there, and only there, it is rounded.
        """
        if self.hass.config.units.temperature_unit == UnitOfTemperature.CELSIUS:
            return value
        step = STEPS[CATALOG[name].data_type]
        return round(value / step) * step

    async def async_write_temperature(self, name: str, value: float) -> None:
        """Write a temperature and return once it is confirmed."""
        await self.coordinator.async_write(name, self.in_steps(name, value))


class HtRestPointEntity(HtRestEntity):
    """An entity of one point."""

    def __init__(self, coordinator: HtRestCoordinator, parameter: Parameter) -> None:
        """Take the point from the catalogue, and what may be missing from its value."""
        super().__init__(coordinator, parameter.point, parameter.part, frozenset({parameter.name}))
        self.parameter = parameter
        self._attr_translation_key = parameter.key
        if parameter.diagnostic or parameter.rare:
            self._attr_entity_category = EntityCategory.DIAGNOSTIC
        present = coordinator.data.values
        fitted = parameter.is_fitted(present.get(parameter.name))
        needed = not parameter.needs or bool(present.get(parameter.needs))
        self._attr_entity_registry_enabled_default = (
            parameter.enabled and not parameter.rare and fitted and needed
        )

    @property
    @override
    def available(self) -> bool:
        """Whether the heat pump answers, and this point can be read."""
        return super().available and self.parameter.name in self.coordinator.data.values


def is_active(coordinator: HtRestCoordinator, part: Part) -> bool:
    """Whether the plant has a part; only mixing circuits may be missing."""
    flag = ACTIVE_FLAGS.get(part)
    return flag is None or bool(coordinator.data.values.get(flag))


@callback
def async_add_for_points(
    entry: HtRestConfigEntry,
    shown: Shown,
    async_add_entities: AddConfigEntryEntitiesCallback,
    make: Callable[[HtRestCoordinator, Parameter], Entity],
) -> None:
    """Add the entities of one kind, and later those of points that appear."""
    coordinator = entry.runtime_data
    added: set[str] = set()

    @callback
    def add_new() -> None:
        new = [
            parameter
            for name in coordinator.data.values
            if (parameter := CATALOG[name]).key
            and parameter.shown is shown
            and name not in added
            and is_active(coordinator, parameter.part)
        ]
        added.update(parameter.name for parameter in new)
        async_add_entities(make(coordinator, parameter) for parameter in new)

    async_when_points_appear(entry, add_new)


@callback
def async_register_pump(entry: HtRestConfigEntry) -> None:
    """Put the heat pump into the device registry, before its parts."""
    coordinator = entry.runtime_data
    device = dr.async_get(coordinator.hass).async_get_or_create(
        config_entry_id=entry.entry_id, **pump_device_info(coordinator)
    )
    coordinator.device_id = device.id


@callback
def async_wanted_points(hass: HomeAssistant, entry: HtRestConfigEntry) -> frozenset[str]:
    """Return the points that will have enabled entities, so that a start reads them at once."""
    registry = er.async_get(hass)
    known = {
        entity.unique_id: entity.disabled
        for entity in er.async_entries_for_config_entry(registry, entry.entry_id)
    }
    wanted = {TANK_SET_POINT}
    for circuit in CIRCUITS:
        wanted |= {circuit.set_point, circuit.mode}
    for parameter in CATALOG.values():
        unique_id = f"{entry.unique_id}-{parameter.point}"
        disabled = known.get(unique_id, parameter.rare or not parameter.enabled)
        if parameter.key and not disabled:
            wanted.add(parameter.name)
    return frozenset(wanted)
