"""Alarms: what is watched, what has happened.

Source: VRM API v2 documentation, section installations/alarms, with two spellings of its rows, and
a public client that reads `alarm-log`, which is documented nowhere. Guess: that clearing an alarm
ends it.
"""

from typing import TYPE_CHECKING, Any

from .attributes import Attribute
from .devices import NAMES, Device, DeviceType
from .site import Alarm, Hold, Site
from .table_devices import BY_CODE

if TYPE_CHECKING:
    from .accounts import Account
    from .simulator import VrmSimulator

_WATCHED = ("SOC", "ASoc", "AL", "gaNG", "tsT", "tl", "eT", "eL", "eO", "Agl")
_ON = 2


def raise_alarm(site: Site, code: str, instance: int | None, now: float) -> Alarm:
    """Let something be wrong from now on."""
    kind, attribute = BY_CODE[code]
    for device in site.devices:
        if device.type is kind and not device.only and instance in {None, device.instance}:
            break
    else:
        raise KeyError(f"{code} of instance {instance}")
    if attribute.choices is not None:
        site.held[code, device.instance] = Hold(_ON, now)
    number = site.id * 1000 + len(site.alarms) + 1
    text = f"{NAMES[kind]} [{device.instance}]: {attribute.description}"
    alarm = Alarm(number, code, device, text, now)
    site.alarms.append(alarm)
    return alarm


def end_alarm(site: Site, alarm: Alarm, now: float) -> None:
    """Let an alarm be over."""
    if alarm.ended is None:
        alarm.ended = now
        if (hold := site.held.get((alarm.code, alarm.device.instance))) is not None:
            hold.until = now


def log(site: Site) -> dict[str, Any]:
    """Return all alarms, the latest first."""
    rows = [
        {
            "idAlarm": alarm.id,
            "type": "alarm",
            "device": NAMES[alarm.device.type],
            "instance": alarm.device.instance,
            "customName": alarm.device.name,
            "description": BY_CODE[alarm.code][1].description,
            "started": int(alarm.started),
            "cleared": None if alarm.ended is None else int(alarm.ended),
            "isActive": int(alarm.ended is None),
        }
        for alarm in reversed(site.alarms)
    ]
    return {"success": True, "records": rows, "num_records": len(rows)}


def settings(simulator: VrmSimulator, site: Site, account: Account) -> dict[str, Any]:
    """Return what is watched, who is told, and the devices."""
    now = simulator.now
    watched = [
        (device, attribute)
        for code in _WATCHED
        for kind, attribute in (BY_CODE[code],)
        for device in site.devices
        if device.type is kind and not device.only
        if attribute.data_type == "float" or simulator.enum_alarms
    ]
    return {
        "success": True,
        "alarms": [_watched(device, attribute) for device, attribute in watched],
        "devices": [_device(site, device, now) for device in site.devices if not device.only],
        "users": [
            _told(site, account.id, account.email, account.name, site.access_level),
            _told(site, 77_001, "installer@example.net", "Installer", 2),
        ],
        "attributes": [_attribute(attribute) for attribute in dict.fromkeys(a for _, a in watched)],
        "rateLimited": False,
    }


def _watched(device: Device, attribute: Attribute) -> dict[str, Any]:
    base = {"idDataAttribute": attribute.id, "instance": device.instance}
    if attribute.data_type == "float":
        return base | {
            "AlarmEnabled": 1,
            "NotifyAfterSeconds": 60,
            "lowAlarm": 15,
            "lowAlarmHysteresis": 20,
            "highAlarm": None,
            "highAlarmHysteresis": None,
            "idDataAttributeLimit": attribute.id * 10,
        }
    return base | {
        "alarmEnabled": 1,
        "notifyAfterSeconds": 0,
        "enumValues": [1, 2],
        "active": [0, 1],
        "meta_info": {
            "name": device.product,
            "dataAttribute": attribute.description,
            "icon": device.css.rpartition(" ")[2],
        },
    }


def _device(site: Site, device: Device, now: float) -> dict[str, Any]:
    heard = int(min(site.logged(now), device.removed))
    return {
        "idSite": site.id,
        "instance": device.instance,
        "lastConnection": heard,
        "secondsAgo": int(now) - heard,
        "isValid": int(now - heard < 3600),
        "idDeviceType": int(device.type),
        "deviceName": NAMES[device.type],
        "productName": device.product,
        "customName": device.name or None,
        "firmwareVersion": device.firmware,
        "identifier": None if device.type is DeviceType.GATEWAY else f"{device.instance:08x}",
        "connection": "VE.Direct",
    }


def _told(site: Site, user: int, email: str, name: str, level: int) -> dict[str, Any]:
    return {
        "idUser": user,
        "idSite": site.id,
        "accessLevel": level,
        "receivesAlarmNotifications": 1,
        "receivesReports": 0,
        "email": email,
        "name": name,
        "avatar_url": None,
        "muted": False,
    }


def _attribute(attribute: Attribute) -> dict[str, Any]:
    return {
        "idDataAttribute": attribute.id,
        "code": attribute.code,
        "description": attribute.description,
        "targetTable": "data_attribute",
        "idDeviceType": int(BY_CODE[attribute.code][0]),
        "formatWithUnit": attribute.format,
        "dataType": attribute.data_type,
        "enumValues": None,
    }
