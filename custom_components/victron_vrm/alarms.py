"""The alarm log of a site: what is new in it is told once."""

from typing import TYPE_CHECKING, Final

from homeassistant.core import callback
from homeassistant.util import dt as dt_util

from .const import EVENT_ALARM
from .models import AlarmLogEntry

if TYPE_CHECKING:
    from .site_coordinator import SiteCoordinator

KEPT: Final = 200


async def async_read_alarms(site: SiteCoordinator) -> None:
    """Tell of alarms that are new; those that were there before us are not. Raises VrmError."""
    rows = await site.account.client.alarm_log(site.site_id)
    seen = site.memory.seen_alarms
    new = [row for row in rows if seen is not None and not row.is_among(seen)]
    for row in new:
        _tell(site, row)
    if new or seen is None:
        listed = [row.row_id for row in rows]
        others = [it for it in seen or () if it not in listed]
        site.memory.seen_alarms = others[-KEPT:] + listed
        site.account.memory.async_changed()


@callback
def _tell(site: SiteCoordinator, row: AlarmLogEntry) -> None:
    facts = {
        "alarm_id": row.alarm_id,
        "description": row.description,
        "device": row.device,
        "instance": row.instance,
        "kind": row.kind,
        "started": dt_util.utc_from_timestamp(row.started).isoformat(),
        "active": row.active,
    }
    where = {"site_id": site.site_id, "name": site.name}
    site.hass.bus.async_fire(EVENT_ALARM, where | facts)
    if site.on_alarm:
        site.on_alarm(facts)
