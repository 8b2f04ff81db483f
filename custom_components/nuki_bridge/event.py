"""Rings at an Opener, each told once."""

from dataclasses import dataclass
from typing import override

from homeassistant.components.event import (
    DOMAIN as EVENT_DOMAIN,
    DoorbellEventType,
    EventDeviceClass,
    EventEntity,
    EventEntityDescription,
)
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import NukiConfigEntry
from .entity import NukiEntity, NukiEntityDescription, async_add_for_devices
from .events import ring_signal
from .rings import RING_TO_OPEN

PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class NukiEventDescription(NukiEntityDescription, EventEntityDescription):
    """Describes an event of an Opener."""


EVENTS = (
    NukiEventDescription(
        key="ring",
        translation_key="ring",
        device_class=EventDeviceClass.DOORBELL,
        event_types=[DoorbellEventType.RING, RING_TO_OPEN],
        exists_fn=lambda device: device.is_opener,
    ),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: NukiConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the doorbell of each Opener."""
    async_add_for_devices(entry, EVENT_DOMAIN, async_add_entities, EVENTS, NukiRing)


class NukiRing(NukiEntity, EventEntity):
    """The doorbell that an Opener listens to."""

    @override
    async def async_added_to_hass(self) -> None:
        """Hear of rings until removed."""
        await super().async_added_to_hass()
        self.async_on_remove(
            async_dispatcher_connect(
                self.hass,
                ring_signal(self.coordinator.config_entry, self.nuki_id),
                self._async_rang,
            )
        )

    @callback
    def _async_rang(self, kind: str) -> None:
        self._trigger_event(kind)
        self.async_write_ha_state()
