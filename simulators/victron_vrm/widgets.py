"""Widgets: the same values once more, by device.

Source: VRM API v2 documentation, sections below widgets, and recorded answers of the demo account:
a device that is not there is a good answer without data. Guesses: which names there are beside the
recorded ones, and the status of an unknown one.
"""

from typing import TYPE_CHECKING, Any

from .devices import Device, DeviceType as Type
from .errors import not_found
from .formats import formatted, text_of
from .readings import measured, moment_of, position
from .rows import Row, rows_of
from .site import Site
from .table_devices import BY_CODE, TABLE

if TYPE_CHECKING:
    from .simulator import VrmSimulator

SUMMARIES: dict[str, Type] = {
    "BatterySummary": Type.BATTERY,
    "SolarChargerSummary": Type.SOLAR_CHARGER,
    "PvInverterSummary": Type.PV_INVERTER,
    "Status": Type.VEBUS,
    "TankSummary": Type.TANK,
    "TempSummary": Type.TEMPERATURE,
    "GridMeterSummary": Type.GRID_METER,
    "EvChargerSummary": Type.EV_CHARGER,
    "DCSystemSummary": Type.DC_SYSTEM,
    "MotorSummary": Type.MOTOR,
}
STATES: dict[str, str] = {
    "VeBusState": "S",
    "MPPTState": "ScS",
    "BatteryRelayState": "Relay",
    "EvChargerState": "evs",
}
_OLD = 3600
_GRID = 60


def widget(simulator: VrmSimulator, site: Site, name: str, instance: int) -> dict[str, Any]:
    """Return a summary."""
    if (kind := SUMMARIES.get(name)) is None:
        raise not_found(f'Child "{name}" not found.')
    meta = {
        str(attribute.id): {
            "code": attribute.code,
            "description": attribute.description,
            "formatWithUnit": attribute.format,
        }
        for attribute in TABLE[kind]
    }
    now = simulator.now
    rows = [
        row
        for row in rows_of(site, now)
        if row.device.type is kind and row.device.instance == instance and not row.device.only
    ]
    if not rows:
        return {"success": True, "records": {"meta": meta}}
    data: dict[str, Any] = {str(row.attribute.id): _value(site, row, now) for row in rows}
    ago = int(now) - max(row.at for row in rows)
    data |= {"hasOldData": ago > _OLD}
    data |= {"secondsAgo": {"value": ago, "formattedValue": f"{ago} s"}}
    order = [row.attribute.id for row in rows]
    return {"success": True, "records": {"data": data, "meta": meta, "attributeOrder": order}}


def _value(site: Site, row: Row, now: float) -> dict[str, Any]:
    attribute, value = row.attribute, row.value
    ago = int(now) - row.at
    return {
        "code": attribute.code,
        "idDataAttribute": attribute.id,
        "instance": str(row.device.instance),
        "value": str(value),
        "valueFloat": value if attribute.data_type == "float" else None,
        "valueString": value if attribute.data_type == "string" else None,
        "valueEnum": value if attribute.data_type == "enum" else None,
        "nameEnum": text_of(attribute, value),
        "formattedValue": formatted(attribute, value, "en"),
        "hasOldData": ago > _OLD and not attribute.at_boot,
        # A text, not a boolean.
        "isValid": "1" if value is not None else "0",
        "secondsAgo": ago,
        "secondsToNextLog": site.interval - int(now - site.logged(now)) % site.interval,
    }


def _devices(site: Site, code: str, instance: int) -> list[Device]:
    kind = BY_CODE[code][0] if code in BY_CODE else None
    return [
        device
        for device in site.devices
        if device.type is kind and device.instance == instance and not device.only
    ]


def states(site: Site, name: str, instance: int, start: int, end: int) -> dict[str, Any]:
    """Return in which state a device was, and from when to when."""
    code = STATES[name]
    attribute = BY_CODE[code][1]
    meta = {str(attribute.id): {"code": code, "description": attribute.description}}
    devices = _devices(site, code, instance)
    if not devices:
        return {"success": True, "records": {"meta": meta}}
    spans: list[list[Any]] = []
    for moment in range(start - start % 900, end, 900):
        state = measured(moment_of(site, moment, deep=False), devices[0]).get(code)
        begin, stop = max(start, moment), min(end, moment + 900)
        if spans and spans[-1][0] == state:
            spans[-1][2] = stop
        else:
            spans.append([state, begin, stop])
    enums = {str(number): text_of(attribute, number) for number in {span[0] for span in spans}}
    records = {"data": {str(attribute.id): spans}, "enums": enums, "sort": [], "meta": meta}
    return {"success": True, "records": records | {"buckets": []}}


def graph(
    site: Site, codes: list[str], instance: int, span: tuple[int, int], now: float, width: int
) -> dict[str, Any]:
    """Return values of each minute; stamps are in seconds here."""
    start, end = span
    step = max(_GRID, (end - start) // max(1, width) // _GRID * _GRID)
    data: dict[str, Any] = {}
    meta: dict[str, Any] = {}
    for code in codes:
        devices = _devices(site, code, instance)
        if not devices:
            continue
        attribute = BY_CODE[code][1]
        rows = []
        for begin, stop in site.known(start, end, now):
            first = int(-(-begin // _GRID) * _GRID)
            for moment in range(first, int(stop) + 1, step):
                value = measured(moment_of(site, moment, deep=False), devices[0]).get(code)
                rows.append([moment, value])
        data[str(attribute.id)] = rows or False
        meta[str(attribute.id)] = {"code": code, "formatWithUnit": attribute.format}
    return {"success": True, "records": {"data": data or [], "meta": meta or []}}


def gps(site: Site, instance: int, now: float) -> dict[str, Any]:
    """Return where a site is."""
    if site.latitude is None or not site.location_shown or instance != 0:
        return {"success": True, "records": {"meta": []}}
    at = site.logged(now)
    place = position(site, at)
    data = {
        "lat": place["lt"],
        "lng": place["lg"],
        "speed": place.get("ls"),
        "timestamp": at,
        "geofence": None,
        "geofenceEnabled": False,
    }
    return {"success": True, "records": {"data": data, "meta": []}}


def track(site: Site, start: int, end: int, now: float) -> str:
    """Return where a site was, as KML."""
    points: list[str] = []
    if site.latitude is not None:
        for begin, stop in site.known(start, end, now):
            for moment in range(int(begin), int(stop), max(3600, int(stop - begin) // 500)):
                place = position(site, moment)
                points.append(f"{place['lg']},{place['lt']},0")
    return (
        '<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2">'
        f"<Placemark><LineString><coordinates>{' '.join(points)}</coordinates></LineString>"
        "</Placemark></kml>"
    )
