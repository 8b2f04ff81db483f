"""Binary sensors: whether a site is heard, and what troubles it."""

from collections.abc import Iterator
from typing import override

from homeassistant.components.binary_sensor import BinarySensorDeviceClass, BinarySensorEntity
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity import Entity
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .catalog import ALARMS, SHOWN_ALARMS, is_alarm
from .coordinator import Subject, VrmConfigEntry
from .entity import VrmEntity, VrmReadingEntity
from .models import Reading
from .site_coordinator import READING, STATUS, SiteCoordinator
from .state import ReadingId

PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant,
    entry: VrmConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add those of each site, and one for each alarm that a device knows."""
    entry.runtime_data.async_add_platform(
        async_add_entities,
        lambda site, subjects: [
            it for subject in subjects for it in _binary_sensors(site, subject)
        ],
    )


def _binary_sensors(site: SiteCoordinator, subject: Subject) -> Iterator[Entity]:
    match subject:
        case (kind,) if kind == STATUS:
            yield VrmConnectivity(site)
            yield VrmSiteAlarm(site)
        case (kind, device, code) if kind == READING:
            reading = site.data.readings[device, code]
            if is_alarm(reading):
                yield VrmAlarm(site, (device, code), reading)


class VrmConnectivity(VrmEntity, BinarySensorEntity):
    """Whether the site logs to VRM."""

    _attr_device_class = BinarySensorDeviceClass.CONNECTIVITY
    _attr_entity_category = EntityCategory.DIAGNOSTIC
    _attr_translation_key = "connection"

    def __init__(self, coordinator: SiteCoordinator) -> None:
        """Listen to the site's status."""
        super().__init__(coordinator, "connection", STATUS)

    @property
    @override
    def available(self) -> bool:
        """Whether the account can be read."""
        return self.coordinator.is_there

    @property
    @override
    def is_on(self) -> bool:
        """Whether it was heard lately."""
        return not self.coordinator.data.silent


class VrmSiteAlarm(VrmEntity, BinarySensorEntity):
    """Whether VRM shows any alarm of the site."""

    _attr_device_class = BinarySensorDeviceClass.PROBLEM
    _attr_translation_key = "alarm"

    def __init__(self, coordinator: SiteCoordinator) -> None:
        """Listen to the site's status."""
        super().__init__(coordinator, "alarm", STATUS)

    @property
    @override
    def available(self) -> bool:
        """Whether the account can be read: that a site is silent may be the alarm."""
        return self.coordinator.is_there

    @property
    @override
    def is_on(self) -> bool | None:
        """Whether there is one."""
        site = self.coordinator.data.site
        return True if site.alarms else site.has_alarm

    @property
    @override
    def extra_state_attributes(self) -> dict[str, list[str]]:
        """VRM's words for the alarms, and the site's tags."""
        site = self.coordinator.data.site
        return {"alarms": list(site.alarms), "tags": list(site.tags)}


class VrmAlarm(VrmReadingEntity, BinarySensorEntity):
    """An alarm of a device: a warning counts too."""

    _attr_device_class = BinarySensorDeviceClass.PROBLEM

    def __init__(self, coordinator: SiteCoordinator, key: ReadingId, reading: Reading) -> None:
        """Go by our name for it, or by VRM's."""
        super().__init__(coordinator, key)
        if name := ALARMS.get(reading.attribute or 0):
            self._attr_translation_key = name
        else:
            self._attr_name = reading.description or reading.code
        self._attr_entity_registry_enabled_default = reading.attribute in SHOWN_ALARMS
        self._attr_entity_category = EntityCategory.DIAGNOSTIC

    @property
    @override
    def is_on(self) -> bool | None:
        """Whether there is a warning or an alarm."""
        reading = self.reading
        if reading is None or reading.value is None or isinstance(reading.value, str):
            return None
        return reading.value > 0
