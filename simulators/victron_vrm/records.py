"""The record of a site in the list of all sites.

Source: VRM API v2 documentation, section users/installations, and recorded answers of the demo
account. Guesses: which permissions go with which access, and how images look.
"""

from typing import TYPE_CHECKING, Any

from .accounts import Account
from .extended import extended_rows
from .site import Site, Tag
from .styles import SiteKind
from .weather import local_offset

if TYPE_CHECKING:
    from .simulator import VrmSimulator

# Permissions by the least access that brings them.
_FOR_ALL = (
    *("settings", "rc_gui_v2", "rc_gui_v2_extra_arguments", "vebus", "twoway", "exact_location"),
    *("dess_view", "support_concurrent_firmware_updates"),
)
_FOR_OWNERS = (
    *("update_settings", "diagnostics", "share", "rc_classic", "mqtt_rpc", "readonly_realtime"),
    *("nodered", "nodered_dash", "nodered_dash_v2", "signalk", "dess_config"),
    *("canAlterInstallation", "can_see_group_and_team_members"),
)
_FOR_NOBODY = ("paygo",)
_EURO = {"idCurrency": 1, "code": "EUR", "name": "Euro", "sign": "€"}
_DOLLAR = {"idCurrency": 2, "code": "USD", "name": "US Dollar", "sign": "$"}


def record(
    simulator: VrmSimulator, site: Site, account: Account, *, extended: bool
) -> dict[str, Any]:
    """Return the record of a site."""
    owner = site.owner_id == account.id and site.kind is not SiteKind.MONITORING
    plain: dict[str, Any] = {
        "idSite": site.id,
        "accessLevel": site.access_level,
        "owner": owner,
        "is_admin": owner and not account.demo,
        "name": site.name,
        "identifier": site.identifier,
        "idUser": site.owner_id,
        "pvMax": int(site.plant.pv_kwp * 700) if site.flows else 0,
        "timezone": site.zone.key,
        "phonenumber": None,
        "notes": None,
        "geofence": _geofence(site),
        "geofenceEnabled": site.kind is SiteKind.BOAT,
        "realtimeUpdates": True,
        "restrictNodeRed": False,
        "hasMains": int(site.plant.grid and bool(site.flows)),
        "hasGenerator": int(site.plant.generator_kw > 0),
        "noDataAlarmTimeout": None,
        "alarmMonitoring": 1,
        "invalidVRMAuthTokenUsedInLogRequest": 0,
        "syscreated": site.created,
        "isPaygo": 0,
        "paygoCurrency": None,
        "paygoTotalAmount": None,
        "inverterChargerControl": int(site.access_level > 0),
        "remoteConsoleChoice": None,
        "favorite": int(site.favorite),
        "isSystem": 0,
        "shared": not owner,
        "device_icon": "boat" if site.kind is SiteKind.BOAT else "solar",
    }
    return plain | _lively(simulator, site, account) if extended else plain


def tags_of(site: Site) -> list[Tag]:
    """Return the tags of a site, those that VRM gives by itself first."""
    alarmed = any(alarm.ended is None for alarm in site.alarms)
    state = Tag(40, "alarm", "predefined", automatic=True)
    if not alarmed:
        state = Tag(41, "No alarm", "predefined", automatic=True)
    return [state, *site.tags]


def _lively(simulator: VrmSimulator, site: Site, account: Account) -> dict[str, Any]:
    """Return what comes with `extended=1` only."""
    now = simulator.now
    alarms = [alarm for alarm in site.alarms if alarm.ended is None]
    allowed = dict.fromkeys(_FOR_ALL, True) | dict.fromkeys(_FOR_NOBODY, False)
    allowed |= dict.fromkeys(_FOR_OWNERS, site.access_level > 0)
    host = site.id % 128
    return {
        "alarm": bool(alarms),
        "last_timestamp": site.logged(now),
        "tags": [
            {"idTag": t.id, "name": t.name, "automatic": t.automatic, "source": t.source}
            for t in tags_of(site)
        ],
        "new_tags": False,
        "current_time": site.local(now).strftime("%H:%M"),
        "timezone_offset": local_offset(site.zone, now),
        "images": _images(site),
        "view_permissions": allowed,
        "demo_mode": False,
        "mqtt_webhost": f"webmqtt{host}.victronenergy.com",
        "mqtt_host": f"mqtt{host}.victronenergy.com",
        "high_workload": False,
        "prices_unavailable": False,
        "currency": _DOLLAR if site.zone.key.startswith("America") else _EURO,
        "current_alarms": [alarm.description for alarm in alarms],
        "num_alarms": len(alarms),
        "last_location_timestamp": site.logged(now) if site.kind is SiteKind.BOAT else False,
        "avatar_url": None,
        "nodered_running": False,
        "premium_features": [],
        "guiHash": "0" * 64,
        "GUIv": 1,
        "extended": extended_rows(simulator, site, account.language),
    }


def _images(site: Site) -> list[dict[str, Any]] | bool:
    if site.kind is not SiteKind.BOAT:
        return False
    return [{"idSiteImage": 12, "imageName": "boat.jpg", "url": "https://example.invalid/12.jpg"}]


def _geofence(site: Site) -> str | None:
    if site.kind is not SiteKind.BOAT:
        return None
    return f'{{"lat": {site.latitude}, "lng": {site.longitude}, "radius": 500}}'
