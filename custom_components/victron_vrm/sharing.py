"""Sites that several accounts see, as an owner's and an installer's: one of them serves each site.

Ids of entities and statistics name the site, not the account: two that wrote the same hours would
spoil them.
"""

from collections.abc import Iterable
from typing import Final

from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.util.hass_dict import HassKey

from .const import DOMAIN
from .registry import identifier
from .tree import SITE

# Entries that will serve again, as they did, once they are there.
_ON_THEIR_WAY: Final = {
    ConfigEntryState.NOT_LOADED,
    ConfigEntryState.SETUP_IN_PROGRESS,
    ConfigEntryState.SETUP_RETRY,
}
_SERVED_BY: HassKey[dict[int, str]] = HassKey(f"{DOMAIN}_served_by")


@callback
def async_claim(hass: HomeAssistant, entry: ConfigEntry, site_ids: Iterable[int]) -> set[int]:
    """Return those of the sites that an entry is to serve; it serves no others any more."""
    served_by = hass.data.setdefault(_SERVED_BY, {})
    async_release(hass, entry)
    ours = {
        site_id
        for site_id in site_ids
        if site_id not in served_by and not _is_expected(hass, entry, site_id)
    }
    served_by.update(dict.fromkeys(ours, entry.entry_id))
    return ours


@callback
def async_release(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Let others have the sites of an entry."""
    served_by = hass.data.get(_SERVED_BY, {})
    for site_id in [it for it, entry_id in served_by.items() if entry_id == entry.entry_id]:
        del served_by[site_id]


def _is_expected(hass: HomeAssistant, entry: ConfigEntry, site_id: int) -> bool:
    """Return whether another entry has served a site, and will do so again."""
    registry, site = dr.async_get(hass), identifier(site_id, SITE)
    return any(
        other.state in _ON_THEIR_WAY
        and registry.async_get_device_by_identifier(site, other.entry_id) is not None
        for other in hass.config_entries.async_entries(
            DOMAIN, include_ignore=False, include_disabled=False
        )
        if other.entry_id != entry.entry_id
    )
