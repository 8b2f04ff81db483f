"""The devices of a site in the device registry: the site, its gateway, and what hangs on that."""

from typing import TYPE_CHECKING

from homeassistant.core import callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.device_registry import DeviceEntryType, DeviceInfo

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
    """Put devices into the registry, parents first; again when a name or a firmware is new."""
    _register(coordinator, SITE, _site_info(coordinator))
    if not coordinator.is_explored:
        return
    known = coordinator.device_ids
    devices = coordinator.data.tree.devices
    for key in sorted(devices, key=lambda it: it != GATEWAY):
        parent = known[SITE] if key == GATEWAY else known.get(GATEWAY, known[SITE])
        info = _info(coordinator, key, devices[key])
        _register(coordinator, key, DeviceInfo(**info, via_device_id=parent))


def _register(coordinator: SiteCoordinator, key: str, info: DeviceInfo) -> None:
    if coordinator.registered.get(key) == info:
        return
    coordinator.registered[key] = info
    registry = dr.async_get(coordinator.hass)
    device = registry.async_get_or_create(config_entry_id=coordinator.config_entry.entry_id, **info)
    coordinator.device_ids[key] = device.id


def _site_info(coordinator: SiteCoordinator) -> DeviceInfo:
    site = coordinator.data.site
    return DeviceInfo(
        identifiers={identifier(site.site_id, SITE)},
        name=site.name,
        manufacturer=MANUFACTURER,
        model="VRM installation",
        entry_type=DeviceEntryType.SERVICE,
        configuration_url=f"{PORTAL_URL}/installation/{site.site_id}/dashboard",
    )


def _info(coordinator: SiteCoordinator, key: str, device: Device) -> DeviceInfo:
    return DeviceInfo(
        identifiers={identifier(coordinator.site_id, key)},
        name=_name(coordinator, key, device),
        manufacturer=MANUFACTURER,
        model=device.product or device.kind_name or None,
        model_id=device.product_code or None,
        sw_version=device.firmware or None,
        serial_number=device.serial or None,
    )


def _name(coordinator: SiteCoordinator, key: str, device: Device) -> str:
    """Return a name that no other device of the account has by itself."""
    name = _own_name(device) or key
    devices = coordinator.data.tree.devices
    twins = [other for other, it in devices.items() if other != key and _own_name(it) == name]
    if twins and device.instance is not None:
        name = f"{name} {device.instance}"
    # Those that are gone count: their devices are still there.
    several = len(coordinator.account.all_coordinators) > 1
    return f"{coordinator.data.site.name} {name}" if several else name


def _own_name(device: Device) -> str:
    return device.custom_name or device.product or device.kind_name
