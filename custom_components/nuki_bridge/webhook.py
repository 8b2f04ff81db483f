"""Callbacks: keeping ours registered on the bridge, and receiving them.

The bridge POSTs the new state of a device to up to three plain http URLs (Bridge API 1.13.3,
"/callback"). Its body bears no signature, no time and no bridge id, so only what comes from the
bridge's own address is applied; anything else merely causes a read.
"""

import asyncio
from http import HTTPStatus
from ipaddress import IPv6Address, ip_address
from typing import TYPE_CHECKING

from aiohttp import web
from aiohttp.hdrs import METH_POST
import orjson

from homeassistant.components import webhook
from homeassistant.const import CONF_WEBHOOK_ID, EVENT_CORE_CONFIG_UPDATE
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers.aiohttp_client import (
    HomeAssistantTCPConnector,
    async_get_clientsession,
)
from homeassistant.helpers.debounce import Debouncer
from homeassistant.util import dt as dt_util
from homeassistant.util.network import is_ip_address

from .api import MAX_CALLBACKS, NukiBridgeClient
from .callback_url import CallbackImpossibleError, callback_url, is_ours
from .connection import client_for
from .const import CONF_USE_CALLBACKS, DOMAIN, LOGGER
from .errors import NukiError
from .models import CallbackBody
from .parsing import MalformedError, parse_callback
from .repairs import IssueKind, async_report

if TYPE_CHECKING:
    from datetime import datetime

    from .coordinator import LockCoordinator, NukiConfigEntry

MAX_BODY = 8 * 1024
BODY_TIMEOUT = 10.0
STRANGER_PAUSE = 10.0  # seconds between reads that callbacks from elsewhere may cause
MISSES_ALLOWED = 2

# What reading and parsing a stranger's bytes may raise.
NONSENSE = (
    orjson.JSONDecodeError,
    MalformedError,
    TimeoutError,
    OSError,
    web.RequestPayloadError,
)


def plain_address(address: str) -> str:
    """Return an IP address in the one form that all others are compared in."""
    parsed = ip_address(address)
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(parsed)


class CallbackKeeper:
    """Keeps our callback on the bridge, receives callbacks and notices when none arrive."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: NukiConfigEntry,
        client: NukiBridgeClient,
        locks: LockCoordinator,
    ) -> None:
        """Start with nothing registered."""
        self._hass = hass
        self._entry = entry
        self._client = client
        self._locks = locks
        self._bridge_addresses: frozenset[str] = frozenset()
        self._checking = asyncio.Lock()
        self._misses = 0
        self._strangers = Debouncer(
            hass,
            LOGGER,
            cooldown=STRANGER_PAUSE,
            immediate=True,
            function=locks.async_confirm_soon,
        )
        self._registered = False
        self.last_received: datetime | None = None

    @property
    def work(self) -> bool:
        """Whether callbacks can be relied upon."""
        return self._registered and self._misses < MISSES_ALLOWED

    @callback
    def async_start(self) -> None:
        """Receive callbacks until the entry is unloaded; register them in the background."""
        entry, hass = self._entry, self._hass
        if entry.options.get(CONF_USE_CALLBACKS, True):
            webhook_id = entry.data[CONF_WEBHOOK_ID]
            webhook.async_register(
                hass,
                DOMAIN,
                "Nuki Bridge",
                webhook_id,
                self._async_receive,
                local_only=True,
                allowed_methods=[METH_POST],
            )
            entry.async_on_unload(lambda: webhook.async_unregister(hass, webhook_id))
            entry.async_on_unload(self._strangers.async_shutdown)
        entry.async_on_unload(self._locks.bridge.async_add_listener(self._async_check_soon))
        entry.async_on_unload(
            hass.bus.async_listen(EVENT_CORE_CONFIG_UPDATE, self._async_check_soon)
        )
        self._async_check_soon()

    @callback
    def _async_check_soon(self, _event: Event | None = None) -> None:
        if not self._checking.locked() and self._locks.bridge.last_update_success:
            self._entry.async_create_background_task(
                self._hass, self.async_check(), "nuki_bridge callbacks"
            )

    async def async_check(self) -> None:
        """Bring the bridge's list in line with what we want; a failure is tried again later."""
        async with self._checking:
            await self._async_learn_addresses()
            try:
                if self._entry.options.get(CONF_USE_CALLBACKS, True):
                    await self._async_register()
                else:
                    await self._async_remove_stale(wanted=None)
                    self._set_registered(registered=False, issue=None)
            except CallbackImpossibleError:
                self._set_registered(registered=False, issue=IssueKind.CALLBACK_IMPOSSIBLE)
            except NukiError as err:
                LOGGER.debug("Callbacks could not be checked: %s", type(err).__name__)

    async def _async_register(self) -> None:
        url = callback_url(self._hass, self._entry)
        if await self._async_remove_stale(wanted=url):
            self._set_registered(registered=True, issue=None)
            return
        if len(await self._client.callbacks()) >= MAX_CALLBACKS:
            self._set_registered(registered=False, issue=IssueKind.CALLBACK_SLOTS_FULL)
            return
        await self._client.add_callback(url)
        self._set_registered(registered=True, issue=None)

    async def _async_remove_stale(self, *, wanted: str | None) -> bool:
        """Remove callbacks of ours with another URL; return whether the wanted one is there."""
        ours = [item.url for item in await self._client.callbacks() if is_ours(item, self._entry)]
        for url in ours:
            if url != wanted:
                await self._client.remove_callback(url)
        return wanted in ours

    async def _async_learn_addresses(self) -> None:
        """Learn under which addresses the bridge may call; not while a caller waits."""
        host = self._client.host
        if is_ip_address(host):
            self._bridge_addresses = frozenset({plain_address(host)})
            return
        connector = async_get_clientsession(self._hass).connector
        if isinstance(connector, HomeAssistantTCPConnector):
            try:
                found = await connector.async_resolve_host(host)
            except OSError:
                return
            self._bridge_addresses = frozenset(plain_address(item["host"]) for item in found)

    def _set_registered(self, *, registered: bool, issue: IssueKind | None) -> None:
        for kind in (IssueKind.CALLBACK_IMPOSSIBLE, IssueKind.CALLBACK_SLOTS_FULL):
            async_report(self._hass, self._entry, kind, present=kind is issue)
        self._registered = registered
        self._async_changed()

    @callback
    def _async_changed(self) -> None:
        missing = self._registered and not self.work
        async_report(self._hass, self._entry, IssueKind.CALLBACKS_NOT_ARRIVING, present=missing)
        self._locks.async_set_callbacks_work(self.work)
        self._locks.async_update_listeners()

    @callback
    def async_missed(self) -> None:
        """Count a poll that found changes of which no callback had told."""
        if self._registered:
            self._misses += 1
            self._async_changed()

    async def _async_receive(
        self, _hass: HomeAssistant, _webhook_id: str, request: web.Request
    ) -> web.Response:
        """Take a callback; whoever sends nonsense learns no more than that it is nonsense."""
        try:
            body = self._parse(await _read_body(request))
        except NONSENSE as err:
            LOGGER.debug("Callback dropped: %s", type(err).__name__)
            return web.Response(status=HTTPStatus.BAD_REQUEST)
        if request.remote and plain_address(request.remote) in self._bridge_addresses:
            self.last_received = dt_util.utcnow()
            self._locks.async_apply_callback(body)
        else:
            # Behind a proxy or in a container's own network all callbacks come like this.
            self._locks.async_announce(body.nuki_id)
            self._strangers.async_schedule_call()
        if self._misses:
            self._misses = 0
            self._async_changed()
        return web.Response()

    def _parse(self, raw: bytes) -> CallbackBody:
        """Parse a body about one of our devices.

        Raises:
            JSONDecodeError, MalformedError: it is none.
        """
        body = parse_callback(orjson.loads(raw))
        device = self._locks.data.get(body.nuki_id)
        if device is None or body.device_type not in (None, device.device_type):
            raise MalformedError("nukiId")
        return body


async def _read_body(request: web.Request) -> bytes:
    """Return the body of a request.

    Raises:
        MalformedError: it is longer than any callback.
        TimeoutError: it comes in too slowly.
    """
    body = bytearray()
    async with asyncio.timeout(BODY_TIMEOUT):
        while chunk := await request.content.read(MAX_BODY):
            body += chunk
            if len(body) > MAX_BODY:
                raise MalformedError("length")
    return bytes(body)


async def async_remove_callback(hass: HomeAssistant, entry: NukiConfigEntry) -> None:
    """Remove our callback from the bridge for good; a bridge that is away keeps it."""
    client = client_for(hass, entry.data)
    try:
        for item in await client.callbacks():
            if is_ours(item, entry):
                await client.remove_callback(item.url)
    except NukiError as err:
        LOGGER.debug("Callback stays on the bridge: %s", type(err).__name__)
