"""Making a client from what an entry or a form says."""

from collections.abc import Mapping
from typing import Any

from homeassistant.const import CONF_HOST, CONF_PASSWORD, CONF_PORT, CONF_USERNAME
from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.util.network import is_host_valid

from .api import HtRestClient


def valid_host(host: str) -> bool:
    """Return whether something is an IP address or a name, underscores and all."""
    return is_host_valid(host.replace("_", "x"))


def client_for(hass: HomeAssistant, data: Mapping[str, Any]) -> HtRestClient:
    """Return a client for an entry's data; a server may ask nobody who they are."""
    return HtRestClient(
        async_get_clientsession(hass),
        data[CONF_HOST],
        data[CONF_PORT],
        data.get(CONF_USERNAME, ""),
        data.get(CONF_PASSWORD, ""),
    )
