"""Where a site is: boats and campers have a GPS."""

from typing import override

from homeassistant.components.device_tracker import SourceType, TrackerEntity
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import VrmConfigEntry
from .entity import VrmEntity
from .site_coordinator import PLACE, READING, SiteCoordinator
from .tree import SITE

PARALLEL_UPDATES = 0

LATITUDE = (SITE, "lt")
LONGITUDE = (SITE, "lg")


async def async_setup_entry(
    hass: HomeAssistant,
    entry: VrmConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add one for each site that says where it is."""
    entry.runtime_data.async_add_platform(
        async_add_entities,
        lambda site, subjects: [VrmTracker(site)] if (READING, *LATITUDE) in subjects else [],
    )


class VrmTracker(VrmEntity, TrackerEntity):
    """Where a site is; of one that stands still it is not shown at first."""

    _attr_translation_key = "location"
    _attr_source_type = SourceType.GPS

    def __init__(self, coordinator: SiteCoordinator) -> None:
        """Listen to the place."""
        super().__init__(coordinator, "location", PLACE, LATITUDE, LONGITUDE)
        self._attr_entity_registry_enabled_default = coordinator.data.site.located is not None

    def _coordinate(self, key: tuple[str, str]) -> float | None:
        reading = self.coordinator.data.reading(key)
        value = reading.value if reading else None
        return None if value is None or isinstance(value, str) else float(value)

    @property
    @override
    def latitude(self) -> float | None:
        """North of the equator, in degrees."""
        return self._coordinate(LATITUDE)

    @property
    @override
    def longitude(self) -> float | None:
        """East of Greenwich, in degrees."""
        return self._coordinate(LONGITUDE)
