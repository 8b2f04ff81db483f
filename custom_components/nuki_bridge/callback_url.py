"""The URL that we give to the bridge, and how to know it again."""

from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

from yarl import URL

from homeassistant.components import webhook
from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_HOST, CONF_WEBHOOK_ID
from homeassistant.core import HomeAssistant
from homeassistant.helpers.network import NoURLAvailableError
from homeassistant.util.network import is_ip_address, is_loopback

from .api import MAX_CALLBACK_URL
from .connection import valid_host
from .const import CONF_CALLBACK_URL
from .models import Callback

if TYPE_CHECKING:
    from .coordinator import NukiConfigEntry


class CallbackImpossibleError(Exception):
    """No URL of this Home Assistant can be given to the bridge."""


def callback_url(hass: HomeAssistant, entry: NukiConfigEntry) -> str:
    """Return the URL that the bridge is to POST to.

    Raises:
        CallbackImpossibleError: only https, no local address, or one only we ourselves can reach.
    """
    webhook_id = entry.data[CONF_WEBHOOK_ID]
    if base := entry.options.get(CONF_CALLBACK_URL):
        url = _with_path(base, webhook_id)
    else:
        try:
            url = webhook.async_generate_url(
                hass, webhook_id, allow_external=False, allow_ip=True, prefer_external=False
            )
        except NoURLAvailableError:
            raise CallbackImpossibleError from None
    if not _usable(url, entry.data[CONF_HOST]):
        raise CallbackImpossibleError
    return url


def plain_base(typed: str) -> str:
    """Return an address of Home Assistant as it is kept."""
    return typed.strip().rstrip("/")


def usable_base(base: str, entry: ConfigEntry[Any]) -> bool:
    """Return whether callbacks can go to an address of Home Assistant that a user typed in."""
    return _usable(_with_path(base, entry.data[CONF_WEBHOOK_ID]), entry.data[CONF_HOST])


def _with_path(base: str, webhook_id: str) -> str:
    return f"{base}{webhook.async_generate_path(webhook_id)}"


def _usable(url: str, bridge_host: str) -> bool:
    """Return whether the bridge can POST to a URL: plain http, short, and not on itself."""
    try:
        parsed = URL(url)
    except ValueError:
        return False
    host = parsed.host
    if parsed.scheme != "http" or not host or not valid_host(host):
        return False
    if parsed.user or parsed.query_string or parsed.fragment:
        return False
    return len(url) <= MAX_CALLBACK_URL and (not _here(host) or _here(bridge_host))


def _here(host: str) -> bool:
    """Return whether a host means the very machine that asks for it."""
    if not is_ip_address(host):
        return host == "localhost" or host.endswith(".localhost")
    address = ip_address(host)
    return bool(is_loopback(address) or address.is_unspecified)


def is_ours(registered: Callback, entry: NukiConfigEntry) -> bool:
    """Return whether a callback is this entry's, whatever host it names."""
    webhook_id: str = entry.data[CONF_WEBHOOK_ID]
    return registered.url.rsplit("/", 1)[-1] == webhook_id
