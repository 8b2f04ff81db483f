"""Making a client from what an entry or a form says."""

from collections.abc import Mapping
from typing import Any

from homeassistant.const import CONF_HOST, CONF_PORT, CONF_TOKEN
from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.util.network import is_host_valid

from .api import NukiBridgeClient
from .const import CONF_AUTH_MODE
from .models import AuthMode


def valid_host(host: str) -> bool:
    """Return whether something is an IP address or a name, and no more than that.

    A bridge's own name has underscores, and routers make it a name of their DNS.
    """
    return is_host_valid(host.replace("_", "x"))


def client_for(hass: HomeAssistant, data: Mapping[str, Any]) -> NukiBridgeClient:
    """Return a client for an entry's data; without a token it can only pair."""
    return NukiBridgeClient(
        async_get_clientsession(hass),
        data[CONF_HOST],
        data[CONF_PORT],
        data.get(CONF_TOKEN, ""),
        AuthMode(data.get(CONF_AUTH_MODE, AuthMode.ENCRYPTED)),
    )
