"""The devices of a site in the device registry: the site, its gateway, and what hangs on that."""

from typing import TYPE_CHECKING

from homeassistant.core import callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.device_registry import DeviceEntryType

from .const import DOMAIN, PORTAL_URL
from .models import Device
from .tree import GATEWAY, SITE

if TYPE_CHECKING:
    from .site_coordinator import SiteCoordinator

MANUFACTURER = "Victron Energy"


def identifier(site_id: int, key: str) -> tuple[str, str]:
    """Return by what a device of a site is known."""
    return DOMAIN, str(site_id) if key == SITE else f"{site_id}_{key}"


def identifiers_of(coordinator: SiteCoordinator) -> set[tuple[str, str]]:
    """Return by what the devices are known that a site has now."""
    keys = {SITE, GATEWAY, *coordinator.data.tree.devices}
    return {identifier(coordinator.site_id, key) for key in keys}


@callback
def async_register_devices(coordinator: SiteCoordinator) -> None:
    """Put new devices into the registry, parents first; what is there is left as it is."""
    registry = dr.async_get(coordinator.hass)
    entry_id = coordinator.config_entry.entry_id
    known = coordinator.device_ids
    site = coordinator.data.site
    if SITE not in known:
        known[SITE] = registry.async_get_or_create(
            config_entry_id=entry_id,
            identifiers={identifier(site.site_id, SITE)},
            name=site.name,
            manufacturer=MANUFACTURER,
            model="VRM installation",
            entry_type=DeviceEntryType.SERVICE,
            configuration_url=f"{PORTAL_URL}/installation/{site.site_id}/dashboard",
        ).id
    if not coordinator.is_explored:
        return
    devices = coordinator.data.tree.devices
    for key in sorted(devices, key=lambda it: it != GATEWAY):
        if key not in known:
            device = devices[key]
            parent = known[SITE] if key == GATEWAY else known.get(GATEWAY, known[SITE])
            known[key] = registry.async_get_or_create(
                config_entry_id=entry_id,
                identifiers={identifier(site.site_id, key)},
                name=_name(coordinator, key, device),
                manufacturer=MANUFACTURER,
                model=device.product or device.kind_name or None,
                model_id=device.product_code or None,
                sw_version=device.firmware or None,
                serial_number=device.serial or None,
                via_device_id=parent,
            ).id


def _name(coordinator: SiteCoordinator, key: str, device: Device) -> str:
    """Return a name that no other device of the account has by itself."""
    name = _own_name(device) or key
    devices = coordinator.data.tree.devices
    twins = [other for other, it in devices.items() if other != key and _own_name(it) == name]
    if twins and device.instance is not None:
        name = f"{name} {device.instance}"
    several = len(coordinator.account.sites) > 1
    return f"{coordinator.data.site.name} {name}" if several else name


def _own_name(device: Device) -> str:
    return device.custom_name or device.product or device.kind_name
