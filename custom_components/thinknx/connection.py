"""Making a client from what an entry or a form says."""

from collections.abc import Mapping
import hashlib
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.const import CONF_HOST, CONF_PASSWORD, CONF_PORT, CONF_USERNAME
from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.util.network import is_host_valid, is_ip_address

from .address import CLOUD_HOST, HTTPS_PORT, Address, Auth, Connection
from .api import ThinknxClient
from .const import CONF_AUTH, CONF_CONNECTION, CONF_KEY, CONF_SECURE, CONF_VERSION
from .errors import ThinknxAuthError, ThinknxPathError
from .models import ServerStatus

VERSIONS: Final = ("V1", "v1")

# What an entry keeps for each kind of connection, besides how the server wants to be asked.
KEPT: Final[Mapping[Connection, tuple[str, ...]]] = {
    Connection.LOCAL: (CONF_HOST, CONF_PORT, CONF_SECURE, CONF_USERNAME, CONF_PASSWORD),
    Connection.CLOUD: (CONF_KEY,),
    Connection.ON_PREMISE: (CONF_HOST, CONF_PORT, CONF_SECURE, CONF_KEY),
}


def clean_host(text: str) -> str | None:
    """Return an IP address or a name, underscores and all; None if it is neither."""
    host = text.strip(" ").lower()
    if host.startswith("[") and host.endswith("]") and ":" in host:
        host = host[1:-1]
    # The check of Home Assistant lets a line feed pass at the end of a label.
    sound = host.isascii() and host.isprintable() and is_host_valid(host.replace("_", "x"))
    return host if sound else None


def clean_data(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return of an entry's data what its kind of connection needs, in one way only."""
    connection = Connection(data[CONF_CONNECTION])
    cleaned = {CONF_SECURE: False} if connection is Connection.LOCAL else {}
    cleaned |= {key: data[key] for key in KEPT[connection] if key in data}
    return cleaned | {
        CONF_CONNECTION: str(connection),
        CONF_VERSION: data.get(CONF_VERSION, VERSIONS[0]),
    }


def address_of(data: Mapping[str, Any]) -> Address:
    """Return the address of an entry's data."""
    connection = Connection(data[CONF_CONNECTION])
    version = data.get(CONF_VERSION, VERSIONS[0])
    if connection is Connection.CLOUD:
        return Address(connection, CLOUD_HOST, HTTPS_PORT, True, data[CONF_KEY], version)
    return Address(
        connection,
        data[CONF_HOST],
        data[CONF_PORT],
        data.get(CONF_SECURE, False),
        data.get(CONF_KEY, ""),
        version,
    )


def is_elsewhere(found: Address, address: Address) -> bool:
    """Return whether an address is surely another server's.

    A server has several addresses: a key, or a host that is written in the same way, tells.
    """
    if found.connection is not address.connection:
        return False
    if address.key:
        return found.key != address.key
    written_alike = is_ip_address(found.host) is is_ip_address(address.host)
    return written_alike and found.host != address.host


def client_for(hass: HomeAssistant, data: Mapping[str, Any]) -> ThinknxClient:
    """Return a client for an entry's data.

    Raises:
        ValueError: digest authentication allows no colon in the user's name.
    """
    auth = data.get(CONF_AUTH)
    return ThinknxClient(
        async_get_clientsession(hass),
        address_of(data),
        Auth(auth) if auth else None,
        data.get(CONF_USERNAME, ""),
        data.get(CONF_PASSWORD, ""),
    )


def client_of(hass: HomeAssistant, entry: ConfigEntry[Any]) -> ThinknxClient:
    """Return the client that an entry has, or one of its own while it is not loaded."""
    if entry.state is ConfigEntryState.LOADED:
        client: ThinknxClient = entry.runtime_data.client
        return client
    return client_for(hass, entry.data)


def entry_id_of(data: Mapping[str, Any]) -> str:
    """Return what guards an entry against a second one: host and port, or a hash of the key."""
    if key := data.get(CONF_KEY):
        return hashlib.sha256(key.encode()).hexdigest()[:32]
    return f"{data[CONF_HOST]}:{data[CONF_PORT]}"


async def find_way_in(
    hass: HomeAssistant, data: Mapping[str, Any]
) -> tuple[dict[str, Any], ServerStatus]:
    """Find out how the server wants to be asked; return the data that works, and its status.

    A local server is tried with digest first, and with the password in the address only if it
    offers nothing better. One that offers a way and refuses it does not like the password, which
    is not tried again: some servers count.

    Raises:
        ThinknxAuthError: it refuses user and password, or the key.
        ThinknxError: all else.
    """
    local = data[CONF_CONNECTION] == Connection.LOCAL
    ways: list[Auth | None] = [*Auth] if local else [None]
    spelt = data.get(CONF_VERSION, VERSIONS[0])
    versions = [spelt, *(version for version in VERSIONS if version != spelt)]
    offered: frozenset[str] = frozenset()
    while True:
        tried = {**data, CONF_AUTH: ways[0] and str(ways[0]), CONF_VERSION: versions[0]}
        try:
            return tried, await client_for(hass, tried).server_status()
        except ThinknxPathError:
            versions.pop(0)
            if not versions:
                raise
        except ThinknxAuthError as err:
            offered |= err.offers
            refused = ways.pop(0)
            if not ways or refused in offered:
                raise
