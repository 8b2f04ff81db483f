"""How automations, the event entities and the logbook learn what happened at a device."""

from typing import TYPE_CHECKING

from homeassistant.components.lock import DOMAIN as LOCK_DOMAIN
from homeassistant.const import ATTR_DEVICE_ID, ATTR_ENTITY_ID, ATTR_NAME, CONF_TYPE
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er

from .const import DOMAIN, EVENT_NUKI
from .models import NukiDevice

if TYPE_CHECKING:
    from .coordinator import NukiConfigEntry


def ring_signal(entry: NukiConfigEntry, nuki_id: int) -> str:
    """Return the dispatcher signal that tells of a ring at an Opener."""
    return f"{DOMAIN}_ring_{entry.entry_id}_{nuki_id}"


def fire_event(hass: HomeAssistant, entry: NukiConfigEntry, device: NukiDevice, kind: str) -> None:
    """Tell the logbook and automations what happened at a device: a ring, a jam."""
    registered = dr.async_get(hass).async_get_device_by_identifier(
        (DOMAIN, device.hex_id), entry.entry_id
    )
    hass.bus.async_fire(
        EVENT_NUKI,
        {
            CONF_TYPE: kind,
            ATTR_NAME: (registered and (registered.name_by_user or registered.name)) or device.name,
            ATTR_DEVICE_ID: registered.id if registered else None,
            ATTR_ENTITY_ID: er.async_get(hass).async_get_entity_id(
                LOCK_DOMAIN, DOMAIN, f"{device.hex_id}-lock"
            ),
        },
    )
