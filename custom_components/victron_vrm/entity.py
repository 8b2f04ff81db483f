"""Base entities."""

from typing import Any, override

from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from .flows import Counter
from .models import Reading
from .registry import identifier
from .site_coordinator import SiteCoordinator
from .state import ReadingId
from .tree import SITE


def unique_id(site_id: int, key: str) -> str:
    """Return the unique id of something of a site."""
    return f"{site_id}-{key}"


def counter_key(counter: Counter) -> str:
    """Return the last part of a counter's unique id."""
    return f"{counter}_energy"


class VrmEntity(CoordinatorEntity[SiteCoordinator]):
    """Something of a site."""

    _attr_has_entity_name = True

    def __init__(
        self, coordinator: SiteCoordinator, key: str, *subjects: Any, device: str = SITE
    ) -> None:
        """Listen to some subjects: of the state, or readings."""
        super().__init__(coordinator, context=frozenset(subjects))
        self._attr_unique_id = unique_id(coordinator.site_id, key)
        self._attr_device_info = DeviceInfo(identifiers={identifier(coordinator.site_id, device)})

    @override
    async def async_update(self) -> None:
        """Have all sites read soon: one is not asked for by itself."""
        self.coordinator.account.async_poll_soon()

    @property
    @override
    def available(self) -> bool:
        """Whether the account can be read, and the site is heard."""
        return self.coordinator.is_up


class VrmReadingEntity(VrmEntity):
    """A value that a site logs."""

    def __init__(self, coordinator: SiteCoordinator, key: ReadingId) -> None:
        """Belong to the device that it is about."""
        device, code = key
        place = code if device == SITE else f"{device}-{code}"
        super().__init__(coordinator, place, key, device=device)
        self._key = key

    @property
    def reading(self) -> Reading | None:
        """What was logged last."""
        return self.coordinator.data.reading(self._key)

    @property
    @override
    def available(self) -> bool:
        """Whether there is a value that is not too old."""
        data = self.coordinator.data
        return super().available and self._key in data.readings and self._key not in data.stale
