"""Base entities, and how entities appear as points do."""

from collections.abc import Callable
from typing import override

from homeassistant.const import EntityCategory, UnitOfTemperature
from homeassistant.core import callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.device_registry import ChildDeviceInfo, DeviceInfo
from homeassistant.helpers.entity import Entity
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from .catalog import Curated, Kind, Part
from .const import CONF_NEW_POINTS, CONF_WRITE_ACCESS, DOMAIN, NewPoints, WriteAccess
from .coordinator import FIRMWARE_POINT, NibeConfigEntry, NibeCoordinator, async_when_points_appear
from .models import Point, Raw, firmware_version
from .rules import controllable, described_codes
from .units import possible


def pump_device_info(coordinator: NibeCoordinator) -> DeviceInfo:
    """Return how the heat pump stands in the device registry."""
    device = coordinator.data.device
    version = coordinator.data.values.get(FIRMWARE_POINT)
    return DeviceInfo(
        identifiers={(DOMAIN, device.serial)},
        manufacturer=device.manufacturer,
        model=device.name or None,
        name=coordinator.config_entry.title,
        serial_number=device.serial,
        sw_version=firmware_version(version) if isinstance(version, int) else None,
    )


def part_device_info(coordinator: NibeCoordinator, part: Part) -> DeviceInfo | ChildDeviceInfo:
    """Return the device of a part of the plant."""
    serial = coordinator.data.device.serial
    if part is Part.PUMP:
        return DeviceInfo(identifiers={(DOMAIN, serial)})
    return ChildDeviceInfo(
        identifiers={(DOMAIN, f"{serial}-{part}")},
        translation_key=part,
        parent_device_id=coordinator.device_id,
    )


class NibeEntity(CoordinatorEntity[NibeCoordinator]):
    """An entity of a heat pump; it wakes when one of its points changes."""

    _attr_has_entity_name = True

    def __init__(
        self, coordinator: NibeCoordinator, key: str, part: Part, points: frozenset[int]
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

    @property
    def may_write(self) -> bool:
        """Whether the options allow to write the points of our table."""
        options = self.coordinator.config_entry.options
        return bool(options.get(CONF_WRITE_ACCESS, WriteAccess.CURATED) != WriteAccess.NONE)

    def raw(self, point_id: int | None) -> Raw:
        """Return the raw value of a point, None if it has none or is not there."""
        return None if point_id is None else self.coordinator.data.values.get(point_id)

    def temperature(self, point_id: int | None) -> float | None:
        """Return a temperature, None if there is none or if it cannot be."""
        raw = self.raw(point_id)
        if point_id is None or not isinstance(raw, int):
            return None
        value = self.coordinator.data.points[point_id].scaled(raw)
        return value if possible("°C", value) else None

    async def async_write_temperature(self, point_id: int, value: float) -> None:
        """Write a temperature and return once it is confirmed.

        Where the house counts in °F, Home Assistant has converted what the user chose, and hardly
        anything is left that the heat pump can represent: there, and only there, it is rounded.
        """
        if self.hass.config.units.temperature_unit != UnitOfTemperature.CELSIUS:
            divisor = self.coordinator.data.points[point_id].divisor
            value = round(value * divisor) / divisor
        await self.coordinator.async_write_value(point_id, value)


class NibePointEntity(NibeEntity):
    """An entity of one point: of our table with a name of ours, or with the device's title."""

    def __init__(
        self, coordinator: NibeCoordinator, point_id: int, curated: Curated | None
    ) -> None:
        """Take the point as the heat pump describes it now."""
        fitted = curated is not None and coordinator.is_fitted(curated.part)
        part = curated.part if curated and fitted else Part.PUMP
        super().__init__(coordinator, str(point_id), part, frozenset({point_id}))
        self.point_id = point_id
        self.curated = curated
        choice = coordinator.config_entry.options.get(CONF_NEW_POINTS, NewPoints.STANDARD)
        if curated is None or not fitted:
            # The settings of a pool that is not there would only be in the way.
            self._attr_name = coordinator.data.titles[point_id]
            self._attr_entity_registry_enabled_default = choice == NewPoints.ALL
            self._attr_entity_category = EntityCategory.DIAGNOSTIC
            return
        self._attr_translation_key = curated.key
        if curated.diagnostic:
            self._attr_entity_category = EntityCategory.DIAGNOSTIC
        wanted = curated.enabled and (choice == NewPoints.STANDARD or not curated.diagnostic)
        connected = curated.kind is not Kind.SENSOR or self.raw(point_id) is not None
        self._attr_entity_registry_enabled_default = choice == NewPoints.ALL or (
            wanted and connected
        )

    @property
    def point(self) -> Point:
        """The point as the heat pump describes it now."""
        return self.coordinator.data.points[self.point_id]

    @property
    def codes(self) -> dict[int, str]:
        """What the raw values mean, by our table or by the point's own description."""
        if self.curated:
            return dict(self.curated.codes or {})
        return dict(described_codes(self.point))

    @property
    @override
    def available(self) -> bool:
        """Whether the heat pump answers and has the point at the moment."""
        return super().available and self.point_id in self.coordinator.data.values

    async def async_write(self, raw: int) -> None:
        """Write a raw value and return once it is confirmed."""
        allowed = frozenset(self.codes) or None
        await self.coordinator.async_write(self.point_id, raw, allowed)


def kind_of(point: Point, curated: Curated | None) -> Kind | None:
    """Return what a point becomes; its present value plays no part in it."""
    if curated:
        return curated.kind
    if not controllable(point):
        return Kind.SENSOR
    if described_codes(point):
        return Kind.SELECT
    if (point.minimum, point.maximum, point.divisor, point.unit) == (0, 1, 1, ""):
        return Kind.SWITCH
    return Kind.NUMBER


@callback
def async_add_for_points(
    entry: NibeConfigEntry,
    kind: Kind,
    async_add_entities: AddConfigEntryEntitiesCallback,
    make: Callable[[NibeCoordinator, int, Curated | None], Entity],
) -> None:
    """Add the entities of one kind, and later those of points that appear."""
    coordinator = entry.runtime_data
    added: set[int] = set()

    @callback
    def add_new() -> None:
        new = []
        for point_id, point in coordinator.data.points.items():
            curated = coordinator.curated.get(point_id)
            if point_id not in added and kind_of(point, curated) is kind:
                added.add(point_id)
                new.append(make(coordinator, point_id, curated))
        async_add_entities(new)

    async_when_points_appear(entry, add_new)


@callback
def async_register_pump(entry: NibeConfigEntry) -> None:
    """Put the heat pump into the device registry, before its parts."""
    coordinator = entry.runtime_data
    device = dr.async_get(coordinator.hass).async_get_or_create(
        config_entry_id=entry.entry_id, **pump_device_info(coordinator)
    )
    coordinator.device_id = device.id
