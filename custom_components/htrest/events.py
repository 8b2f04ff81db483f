"""How automations, the event entity and the logbook learn of a line of the fault list."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from homeassistant.components.event import DOMAIN as EVENT_DOMAIN
from homeassistant.const import ATTR_DEVICE_ID, ATTR_ENTITY_ID, ATTR_NAME
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.dispatcher import async_dispatcher_send

from .const import DOMAIN, EVENT_FAULT
from .faults import kind_of
from .models import FaultEntry

if TYPE_CHECKING:
    from .coordinator import HtRestConfigEntry, HtRestCoordinator


def fault_signal(entry: HtRestConfigEntry) -> str:
    """Return the dispatcher signal that tells of a new line."""
    return f"{DOMAIN}_fault_{entry.entry_id}"


def tell_news(coordinator: HtRestCoordinator, news: Iterable[FaultEntry]) -> None:
    """Tell of each new line of the fault list."""
    hass, entry = coordinator.hass, coordinator.config_entry
    for line in news:
        async_dispatcher_send(hass, fault_signal(entry), line)
        hass.bus.async_fire(
            EVENT_FAULT,
            {
                ATTR_NAME: entry.title,
                ATTR_DEVICE_ID: coordinator.device_id,
                ATTR_ENTITY_ID: er.async_get(hass).async_get_entity_id(
                    EVENT_DOMAIN, DOMAIN, f"{coordinator.data.device.serial}-fault_event"
                ),
                "kind": str(kind_of(line)),
                "error": line.error,
                "message": line.message,
                "time": line.time.isoformat(),
            },
        )
