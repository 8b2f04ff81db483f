"""Making a client from what an entry or a form says."""

from collections.abc import Mapping
from typing import Any

import aiohttp

from homeassistant.const import CONF_HOST, CONF_PASSWORD, CONF_PORT, CONF_USERNAME
from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import SERVER_SOFTWARE
from homeassistant.util.network import is_host_valid

from .api import NibeClient
from .const import CONF_FINGERPRINT, CONF_SERIAL
from .tls import pinned_session


def valid_host(host: str) -> bool:
    """Return whether something is an IP address or a name, underscores and all."""
    return is_host_valid(host.replace("_", "x"))


def session_for(data: Mapping[str, Any]) -> aiohttp.ClientSession:
    """Return a session pinned to the certificate that was confirmed; whoever asks closes it.

    Home Assistant's own session cannot be pinned: its connector is shared by all integrations.
    """
    return pinned_session(data[CONF_FINGERPRINT], {"User-Agent": SERVER_SOFTWARE})


def client_for(
    hass: HomeAssistant, session: aiohttp.ClientSession, data: Mapping[str, Any]
) -> NibeClient:
    """Return a client for an entry's data."""
    return NibeClient(
        session,
        data[CONF_HOST],
        data[CONF_PORT],
        data[CONF_USERNAME],
        data[CONF_PASSWORD],
        data.get(CONF_SERIAL, ""),
        hass.config.language,
    )
