"""Actions: history, time series and raw values of a site, and taking an alarm off the list."""

from datetime import UTC, date, datetime, time
from typing import Any, Final

import voluptuous as vol

from homeassistant.const import ATTR_CONFIG_ENTRY_ID
from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv, service
from homeassistant.util import dt as dt_util
from homeassistant.util.json import JsonObjectType

from .budget import Priority
from .const import CONF_DEMO, DOMAIN
from .coordinator import VrmConfigEntry
from .models import LONGEST_SPAN, Interval, ValueKind
from .site_coordinator import SiteCoordinator
from .translate import command

ATTR_ALARM_ID: Final = "alarm_id"
ATTR_CODES: Final = "codes"
ATTR_END: Final = "end"
ATTR_INSTANCE: Final = "instance"
ATTR_INTERVAL: Final = "interval"
ATTR_SITE_ID: Final = "site_id"
ATTR_START: Final = "start"
ATTR_TYPE: Final = "type"

SERVICE_CLEAR_ALARM: Final = "clear_alarm"
SERVICE_GET_DIAGNOSTICS_RECORDS: Final = "get_diagnostics_records"
SERVICE_GET_STATISTICS: Final = "get_statistics"
SERVICE_IMPORT_HISTORY: Final = "import_history"

SITE_SCHEMA: Final = vol.Schema(
    {
        vol.Required(ATTR_CONFIG_ENTRY_ID): cv.string,
        vol.Required(ATTR_SITE_ID): vol.Coerce(int),
    }
)
IMPORT_SCHEMA: Final = SITE_SCHEMA.extend({vol.Optional(ATTR_START): cv.date})
CODES: Final = vol.All(cv.ensure_list, [cv.string])
STATISTICS_SCHEMA: Final = SITE_SCHEMA.extend(
    {
        vol.Required(ATTR_TYPE): cv.matches_regex(r"[a-z_-]{1,40}"),
        vol.Required(ATTR_INTERVAL): vol.Coerce(Interval),
        vol.Required(ATTR_START): cv.datetime,
        vol.Optional(ATTR_END): cv.datetime,
        vol.Optional(ATTR_CODES, default=[]): CODES,
        vol.Optional(ATTR_INSTANCE): vol.Coerce(int),
    }
)
RECORDS_SCHEMA: Final = SITE_SCHEMA.extend({vol.Optional(ATTR_CODES, default=[]): CODES})
CLEAR_SCHEMA: Final = SITE_SCHEMA.extend({vol.Required(ATTR_ALARM_ID): vol.Coerce(int)})


def _entry(call: ServiceCall) -> VrmConfigEntry:
    entry: VrmConfigEntry = service.async_get_config_entry(
        call.hass, DOMAIN, call.data[ATTR_CONFIG_ENTRY_ID]
    )
    return entry


def _refuse(key: str, **placeholders: str) -> ServiceValidationError:
    return ServiceValidationError(
        translation_domain=DOMAIN, translation_key=key, translation_placeholders=placeholders
    )


def _site(call: ServiceCall) -> SiteCoordinator:
    """Return the site of a call.

    Raises:
        ServiceValidationError: the account has none of this number, or it is not wanted.
    """
    entry, site_id = _entry(call), call.data[ATTR_SITE_ID]
    if (site := entry.runtime_data.sites.get(site_id)) is None:
        raise _refuse("no_site", name=entry.title, site=str(site_id))
    return site


async def _async_import_history(call: ServiceCall) -> None:
    """Begin to import once more; it goes on by itself."""
    site = _site(call)
    start: date | None = call.data.get(ATTR_START)
    moment = None if start is None else datetime.combine(start, time(), site.zone).timestamp()
    if not site.account.history.begin_again(site, moment):
        raise _refuse("no_history", name=site.name)
    await site.async_publish_energy()


async def _async_get_statistics(call: ServiceCall) -> ServiceResponse:
    """Return time series as the cloud has them."""
    site, interval = _site(call), call.data[ATTR_INTERVAL]
    start = dt_util.as_timestamp(_local(call.data[ATTR_START]))
    end = (
        dt_util.as_timestamp(_local(call.data[ATTR_END]))
        if ATTR_END in call.data
        else site.account.clock.time()
    )
    if end <= start:
        raise _refuse("no_span")
    if end - start > LONGEST_SPAN[interval]:
        days = round(LONGEST_SPAN[interval] / 86400)
        raise _refuse("span_too_long", interval=str(interval), days=str(days))
    with command(site.name):
        stats = await site.account.client.stats(
            site.site_id,
            call.data[ATTR_TYPE],
            interval,
            start,
            end,
            call.data[ATTR_CODES],
            instance=call.data.get(ATTR_INSTANCE),
            priority=Priority.USER,
        )
    return {
        "records": {
            code: [_point(at, value, stats.bounds.get(code, {}).get(at)) for at, value in series]
            for code, series in stats.series.items()
        },
        "totals": dict(stats.totals),
    }


def _point(at: float, value: float, bounds: tuple[float, float] | None) -> JsonObjectType:
    point: JsonObjectType = {"start": datetime.fromtimestamp(at, UTC).isoformat(), "value": value}
    if bounds is not None:
        point["min"], point["max"] = bounds
    return point


def _local(moment: datetime) -> datetime:
    """Return a moment with a zone: Home Assistant's, unless it has one."""
    return moment if moment.tzinfo else moment.replace(tzinfo=dt_util.get_default_time_zone())


async def _async_get_records(call: ServiceCall) -> ServiceResponse:
    """Return everything that a site has ever logged, with when that was."""
    site = _site(call)
    codes = set(call.data[ATTR_CODES])
    with command(site.name):
        readings = await site.account.client.diagnostics(site.site_id, Priority.USER)
    records: list[Any] = [
        {
            "code": it.code,
            "attribute": it.attribute,
            "device": it.device_name,
            "instance": it.instance,
            "description": it.description,
            "value": it.value,
            "text": it.choices.get(int(it.value), it.text)
            if it.kind is ValueKind.ENUM and isinstance(it.value, int | float)
            else it.text,
            "format": it.format,
            "logged": None if it.at is None else datetime.fromtimestamp(it.at, UTC).isoformat(),
        }
        for it in readings
        if not codes or it.code in codes
    ]
    return {"records": records}


async def _async_clear_alarm(call: ServiceCall) -> None:
    """Take an alarm off the portal's list."""
    site = _site(call)
    if site.config_entry.data.get(CONF_DEMO):
        raise _refuse("not_in_demo")
    with command(site.name):
        await site.account.client.clear_alarm(site.site_id, call.data[ATTR_ALARM_ID])


@callback
def async_setup_services(hass: HomeAssistant) -> None:
    """Register the actions."""
    for name, handler, schema in (
        (SERVICE_CLEAR_ALARM, _async_clear_alarm, CLEAR_SCHEMA),
        (SERVICE_IMPORT_HISTORY, _async_import_history, IMPORT_SCHEMA),
    ):
        service.async_register_admin_service(hass, DOMAIN, name, handler, schema)
    hass.services.async_register(
        DOMAIN,
        SERVICE_GET_STATISTICS,
        _async_get_statistics,
        STATISTICS_SCHEMA,
        SupportsResponse.ONLY,
    )
    hass.services.async_register(
        DOMAIN,
        SERVICE_GET_DIAGNOSTICS_RECORDS,
        _async_get_records,
        RECORDS_SCHEMA,
        SupportsResponse.ONLY,
    )
