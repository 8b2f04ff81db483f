"""Making a client from what an entry or a form says."""

from collections.abc import Mapping
from typing import Any

from homeassistant.const import CONF_HOST, CONF_PORT, CONF_TOKEN
from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession

from .api import NukiBridgeClient
from .const import CONF_AUTH_MODE
from .models import AuthMode


def client_for(hass: HomeAssistant, data: Mapping[str, Any]) -> NukiBridgeClient:
    """Return a client for an entry's data; without a token it can only pair."""
    return NukiBridgeClient(
        async_get_clientsession(hass),
        data[CONF_HOST],
        data[CONF_PORT],
        data.get(CONF_TOKEN, ""),
        AuthMode(data.get(CONF_AUTH_MODE, AuthMode.ENCRYPTED)),
    )
