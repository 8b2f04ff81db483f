"""The certificate: read, confirmed, pinned; and nothing is said to anybody else."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
import logging
import ssl
from unittest.mock import patch

import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.nibe_rest import tls
from custom_components.nibe_rest.api import NibeClient
from custom_components.nibe_rest.errors import NibeCertificateError, NibeConnectionError
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from simulators.clock import ManualClock
from simulators.nibe_rest import NibeSimulator, ids
from simulators.nibe_rest.certificate import Identity

from .common import House, make_entry
from .dialog import Fix, address, as_the_app_shows, asked, found, issues, login, open_login

FINGERPRINT = "ab" * 32


@pytest.fixture(autouse=True)
async def _repairs(hass: HomeAssistant) -> None:
    """Set up the dialogs of repairs, before the web server takes no more pages."""
    assert await async_setup_component(hass, "repairs", {})


@asynccontextmanager
async def listener(context: ssl.SSLContext | None = None) -> AsyncGenerator[tuple[int, bytearray]]:
    """Listen on a port; yield it, and all that anybody says there."""
    heard = bytearray()

    async def hear(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while chunk := await reader.read(65536):
            heard.extend(chunk)
            writer.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(hear, "127.0.0.1", 0, ssl=context)
    async with server:
        yield server.sockets[0].getsockname()[1], heard


async def read_devices(port: int, fingerprint: str) -> None:
    """Ask for the devices over a connection that is pinned."""
    session = tls.pinned_session(fingerprint, {})
    try:
        await NibeClient(session, "127.0.0.1", port, "user", "password").devices()
    finally:
        await session.close()


def test_readable() -> None:
    """A fingerprint is shown as the vendor's app does."""
    assert tls.readable("0af9" * 16) == ":".join(["0A", "F9"] * 16)


async def test_old_stack(hass: HomeAssistant, clock: ManualClock) -> None:
    """TLS of long ago, with a short key and weak ciphers, serves from the dialog to the writes."""
    async with NibeSimulator(clock=clock, old_tls=True, write_delay=0) as old:
        dialog = await open_login(hass, old)
        await dialog.fill(**login(old))
        dialog.created()
        (entry,) = hass.config_entries.async_entries("nibe_rest")
        old.set_value(ids.OUTDOOR, -125)
        await entry.runtime_data.async_refresh()
        assert entry.runtime_data.last_update_success
        assert entry.runtime_data.data.values[ids.OUTDOOR] == -125
        await entry.runtime_data.async_write_value(ids.HEATING_OFFSET, 3)
        assert old.shown(ids.HEATING_OFFSET) == 3
        old.renew_certificate()
        before = asked(old)
        await entry.runtime_data.async_refresh()
        assert not entry.runtime_data.last_update_success
        assert asked(old) == before
        await hass.config_entries.async_unload(entry.entry_id)


async def test_changed_while_running(house: House, hass_client: ClientSessionGenerator) -> None:
    """Another certificate stops everything until the user has compared it."""
    before = house.pump.fingerprint
    house.pump.renew_certificate()
    requests = asked(house.pump)
    await house.poll()
    assert asked(house.pump) == requests
    error = house.entry.runtime_data.last_exception
    assert error.translation_key == "certificate"
    assert house.state("sensor", ids.OUTDOOR).state == "unavailable"
    assert issues(house.hass) == ["certificate_changed"]
    assert found(house.hass)[0].is_fixable
    fix = await Fix.start(house, "certificate_changed", hass_client)
    assert (fix.shown["type"], fix.shown["step_id"]) == ("form", "confirm")
    assert fix.shown["description_placeholders"] == {
        "name": house.entry.title,
        "fingerprint": as_the_app_shows(house.pump.fingerprint),
        "before": as_the_app_shows(before),
    }
    assert asked(house.pump) == requests
    assert house.entry.data["fingerprint"] == before
    await fix.fill()
    assert fix.shown["type"] == "create_entry"
    await house.settle()
    assert house.entry.data["fingerprint"] == house.pump.fingerprint
    assert house.entry.state is ConfigEntryState.LOADED
    assert house.state("sensor", ids.OUTDOOR).state != "unavailable"
    assert issues(house.hass) == []


async def test_changed_again_before_it_is_confirmed(
    house: House, hass_client: ClientSessionGenerator
) -> None:
    """The certificate that was shown is pinned, not the one that came after it."""
    house.pump.renew_certificate()
    await house.poll()
    fix = await Fix.start(house, "certificate_changed", hass_client)
    shown = house.pump.fingerprint
    house.pump.renew_certificate()
    requests = asked(house.pump)
    await fix.fill()
    await house.settle()
    assert house.entry.data["fingerprint"] == shown
    assert house.entry.state is not ConfigEntryState.LOADED
    assert asked(house.pump) == requests


async def test_away_when_it_is_to_be_confirmed(
    house: House, hass_client: ClientSessionGenerator
) -> None:
    """Without the heat pump there is nothing to compare, and nothing changes."""
    house.pump.renew_certificate()
    await house.poll()
    await house.pump.refuse()
    before = dict(house.entry.data)
    fix = await Fix.start(house, "certificate_changed", hass_client)
    assert (fix.shown["type"], fix.shown["reason"]) == ("abort", "cannot_connect")
    assert house.entry.data == before


async def test_issue_stays_while_unreachable(house: House) -> None:
    """That the heat pump does not answer does not mean that its certificate is the old one."""
    house.pump.renew_certificate()
    await house.poll()
    await house.pump.refuse()
    await house.fire(61)
    assert house.entry.runtime_data.last_exception.translation_key == "cannot_connect"
    assert issues(house.hass) == ["certificate_changed"]


async def test_changed_while_stopped(
    start: Callable[..., Awaitable[House]],
    pump: NibeSimulator,
    hass_client: ClientSessionGenerator,
) -> None:
    """A certificate that changed before the start can be confirmed too."""
    entry = make_entry(pump)
    pump.renew_certificate()
    house = await start(entry)
    assert entry.state.value == "setup_retry"
    assert entry.error_reason_translation_key == "certificate"
    assert asked(pump) == 0
    assert issues(house.hass) == ["certificate_changed"]
    fix = await Fix.start(house, "certificate_changed", hass_client)
    await fix.fill()
    await house.settle()
    assert entry.state.value == "loaded"
    assert issues(house.hass) == []


async def test_old_certificate_comes_back(house: House) -> None:
    """A certificate that is right again needs nobody."""
    right = dict(house.entry.data)
    house.hass.config_entries.async_update_entry(
        house.entry, data=right | {"fingerprint": FINGERPRINT}
    )
    await house.hass.config_entries.async_reload(house.entry.entry_id)
    house.hass.config_entries.async_update_entry(house.entry, data=right)
    await house.hass.config_entries.async_reload(house.entry.entry_id)
    await house.settle()
    assert issues(house.hass) == []
    assert house.entry.state is ConfigEntryState.LOADED


async def test_command_over_another_certificate(house: House) -> None:
    """A command is not sent either, and says why."""
    house.pump.renew_certificate()
    requests = asked(house.pump)
    with pytest.raises(Exception) as raised:
        await house.call("number", "set_value", ids.HEATING_OFFSET, value=3)
    assert getattr(raised.value, "translation_key", None) == "certificate"
    assert asked(house.pump) == requests


async def test_nothing_is_said_over_an_unpinned_connection() -> None:
    """Whoever shows another certificate hears not a byte after the handshake."""
    identity = Identity("somebody else")
    async with listener(identity.context) as (port, heard):
        with pytest.raises(NibeCertificateError):
            await read_devices(port, FINGERPRINT)
        await asyncio.sleep(0)
        assert not heard


async def test_handshake_alone_reads_the_certificate() -> None:
    """Reading the certificate says nothing."""
    identity = Identity("somebody else")
    async with listener(identity.context) as (port, heard):
        assert await tls.read_fingerprint("127.0.0.1", port) == identity.fingerprint
        assert not heard


async def test_plain_http(pump: NibeSimulator) -> None:
    """A server without TLS gets neither password nor request, only a handshake it cannot read."""
    async with listener() as (port, heard):
        with pytest.raises(NibeConnectionError):
            await tls.read_fingerprint("127.0.0.1", port)
        with pytest.raises(NibeConnectionError):
            await read_devices(port, pump.fingerprint)
        assert b"HTTP" not in heard
        assert b"Authorization" not in heard


async def test_plain_http_in_the_dialog(hass: HomeAssistant, clock: ManualClock) -> None:
    """The user hears that nothing answers there as it should."""
    async with NibeSimulator(clock=clock, tls=False) as plain:
        flow = await hass.config_entries.flow.async_init("nibe_rest", context={"source": "user"})
        shown = await hass.config_entries.flow.async_configure(flow["flow_id"], address(plain))
        assert shown["errors"] == {"host": "cannot_connect"}
        assert asked(plain) == 0


async def test_closed_port(pump: NibeSimulator) -> None:
    """Where nothing listens that is what is said."""
    await pump.refuse()
    with pytest.raises(NibeConnectionError, match="ConnectionRefusedError"):
        await tls.read_fingerprint(pump.host, pump.port)
    with pytest.raises(NibeConnectionError):
        await read_devices(pump.port, pump.fingerprint)


async def test_silent_server() -> None:
    """A server that says nothing is not waited for without end."""
    loop = asyncio.get_running_loop()
    async with await loop.create_server(asyncio.Protocol, "127.0.0.1", 0) as silent:
        port = silent.sockets[0].getsockname()[1]
        with patch.object(tls, "HANDSHAKE_TIMEOUT", 0.05), pytest.raises(NibeConnectionError):
            await tls.read_fingerprint("127.0.0.1", port)


async def test_redirect_is_not_followed(
    start: Callable[..., Awaitable[House]],
    pump: NibeSimulator,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The password goes to nobody to whom the heat pump points."""
    caplog.set_level(logging.DEBUG)
    async with listener() as (port, heard):
        pump.inject("redirect", times=None, location=f"http://127.0.0.1:{port}/")
        house = await start()
        assert house.entry.state.value == "setup_retry"
        assert not heard
        assert pump.password not in caplog.text
