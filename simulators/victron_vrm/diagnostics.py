"""All values of a site, and its devices.

Source: VRM API v2 documentation, sections installations/diagnostics and
installations/system-overview, and a recorded answer of the latter. Guesses: the order of rows (by
chance, the same on each page), and that nothing limits `count`.
"""

from typing import TYPE_CHECKING, Any
import zlib

from .attributes import SERVICES
from .devices import NAMES, Device, DeviceType
from .formats import choices_of, formatted
from .rows import Row, rows_of
from .site import Site
from .texts import translated

if TYPE_CHECKING:
    from .simulator import VrmSimulator


def diagnostics(
    simulator: VrmSimulator, site: Site, language: str, count: int, page: int
) -> dict[str, Any]:
    """Return a page of rows."""
    rows = sorted(rows_of(site, simulator.now), key=lambda row: _order(site, row))
    start = (page - 1) * count
    shown = [
        _row(simulator, site, language, number, row)
        for number, row in enumerate(rows[start : start + count], start)
    ]
    return {"success": True, "records": shown, "num_records": len(rows)}


def _order(site: Site, row: Row) -> int:
    key = f"{site.seed}:{row.attribute.id}:{row.device.type}:{row.device.instance}"
    return zlib.crc32(key.encode())


def _row(
    simulator: VrmSimulator, site: Site, language: str, number: int, row: Row
) -> dict[str, Any]:
    attribute, device = row.attribute, row.device
    lags = simulator.lagging_enums and attribute.data_type == "enum" and not attribute.at_boot
    shown: dict[str, Any] = {
        "idSite": site.id,
        "timestamp": row.at,
        "Device": translated(NAMES[device.type], language),
        "instance": device.instance,
        "idDataAttribute": attribute.id,
        "description": translated(attribute.description, language),
        "formatWithUnit": attribute.format,
        "dbusServiceType": attribute.service or (attribute.path and SERVICES[device.type]),
        "dbusPath": attribute.path,
        "code": attribute.code,
        "bitmask": int(attribute.bits),
        "formattedValue": formatted(attribute, row.before if lags else row.value, language),
        "rawValue": row.value,
        "id": number + 1,
    }
    if attribute.choices is not None:
        shown["dataAttributeEnumValues"] = choices_of(attribute)
    return shown


def overview(simulator: VrmSimulator, site: Site, language: str) -> dict[str, Any]:
    """Return the list of devices; what was removed is still in it, what is unlisted is not."""
    now = simulator.now
    listed = [device for device in site.devices if device.listed]
    devices = [_device(site, device, now, language) for device in listed]
    return {"success": True, "records": {"devices": devices, "unconfigured_devices": False}}


def _device(site: Site, device: Device, now: float, language: str) -> dict[str, Any]:
    gateway = device.type is DeviceType.GATEWAY
    row: dict[str, Any] = {
        "name": translated(NAMES[device.type], language),
        "customName": None if gateway else device.name,
        "productCode": device.product_code,
        "idSite": site.id,
        "productName": device.product,
        "firmwareVersion": device.firmware,
        "lastConnection": int(min(site.logged(now), device.removed)),
        "class": device.css,
    }
    if device.firmware is None:
        del row["firmwareVersion"]
    if gateway:
        return row | _gateway(site)
    if device.type is DeviceType.VEBUS:
        phases = {f"L{phase}": int(phase <= site.plant.phases) for phase in (1, 2, 3)}
        single = site.plant.phases == 1
        kind = {"enumValue": "Single unit" if single else "Three phase", "devicesPerPhase": phases}
        row |= {"productId": device.product_code, "vmc": "VE.Bus", "vid": kind}
    elif device.type is DeviceType.PV_INVERTER:
        row |= {"pL": "AC output", "pdV": None, "froniusDeviceType": None}
    return row | {"instance": device.instance, "idDeviceType": int(device.type), "settings": []}


def _gateway(site: Site) -> dict[str, Any]:
    """Return what only a gateway has; it has no instance."""
    return {
        "remoteOnLan": "192.0.2.10",
        "autoUpdate": "On",
        "updateTo": "Official release",
        "loggingInterval": site.interval,
        "vrt": 0,
        "identifier": None,
        "lastPowerUpOrRestart": int(site.booted),
        "vrm": 2,
        "guiV2Status": "Online",
        "vncSshAuth": True,
        "vncStatus": "Enabled",
        "vncPort": 0,
        "remoteSupportEnabled": True,
        "remoteSupportPort": 0,
        "remoteSupportIp": "192.0.2.10",
        "remoteSupport": "enabled_online",
        "settings": [],
    }
