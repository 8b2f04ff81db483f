"""Setting up a bridge by its button or by its token."""

import asyncio
import logging
import re
from typing import Any
from unittest.mock import patch

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.nuki_bridge.connection import valid_host
from homeassistant.core import HomeAssistant
from simulators.clock import ManualClock
from simulators.nuki_bridge import NukiBridgeSimulator

from .common import DOMAIN
from .dialog import Dialog, connection, credentials, modes_seen, open_dialog, pair, until

FLOW = "custom_components.nuki_bridge.config_flow"


@pytest.fixture
async def dialog(hass: HomeAssistant) -> Dialog:
    """Return a dialog that the user has opened."""
    return await open_dialog(hass)


async def test_pair(
    dialog: Dialog, bridge: NukiBridgeSimulator, caplog: pytest.LogCaptureFixture
) -> None:
    """The button gives the token, which stands in no name and in no log."""
    caplog.set_level(logging.DEBUG)
    assert dialog.shown["menu_options"] == ["pair", "manual", "cloud"]
    await dialog.choose("pair")
    await pair(dialog, bridge)
    entry = dialog.created()
    assert (entry.title, entry.unique_id) == ("Nuki Bridge 1C7F52D8", "1C7F52D8")
    webhook_id = entry.data["webhook_id"]
    assert re.fullmatch("[0-9a-f]{64}", webhook_id)
    assert entry.data == credentials(bridge) | {"webhook_id": webhook_id}
    assert entry.data["token"] not in caplog.text
    assert webhook_id not in caplog.text
    assert modes_seen(bridge) == {"encrypted"}


async def test_button_not_pressed(
    dialog: Dialog, bridge: NukiBridgeSimulator, clock: ManualClock
) -> None:
    """Whoever misses the button may try again."""
    await dialog.choose("pair")
    await dialog.fill(**connection(bridge))
    await until(lambda: bridge.led)
    await clock.advance(31)
    await dialog.refresh()
    assert (dialog.step, dialog.errors) == ("pair", {"base": "button_not_pressed"})
    await pair(dialog, bridge)
    dialog.created()


@pytest.mark.parametrize(
    ("fault", "errors"),
    [
        ({"kind": "status", "status": 403}, {"base": "pairing_disabled"}),
        ({"kind": "status", "status": 503}, {"host": "busy"}),
        ({"kind": "status", "status": 404}, {"host": "not_a_bridge"}),
        ({"kind": "drop"}, {"host": "cannot_connect"}),
        ({"kind": "garbage"}, {"host": "not_a_bridge"}),
        ({"kind": "status", "status": 200, "body": '{"success": true}'}, {"host": "not_a_bridge"}),
    ],
)
async def test_pair_errors(
    dialog: Dialog, bridge: NukiBridgeSimulator, fault: dict[str, Any], errors: dict[str, str]
) -> None:
    """A bridge that gives no token is no dead end."""
    bridge.auth_seconds = 0
    bridge.inject(path="/auth", times=None, **fault)
    await dialog.choose("pair")
    await dialog.fill(**connection(bridge))
    await dialog.refresh()
    assert (dialog.step, dialog.errors) == ("pair", errors)
    assert dialog.prefilled == connection(bridge)
    bridge.clear_faults()
    bridge.auth_seconds = 30
    await pair(dialog, bridge)
    dialog.created()


@pytest.mark.parametrize(
    "host",
    ["", "http://127.0.0.1", "me:pw@127.0.0.1", "@", "127.0.0.1/list", "a b", "999.1.1.1", "a:80"],
)
@pytest.mark.parametrize("step", ["pair", "manual"])
async def test_invalid_host(
    dialog: Dialog, bridge: NukiBridgeSimulator, step: str, host: str
) -> None:
    """What is no host is asked for again, and nobody is contacted."""
    await dialog.choose(step)
    good = connection(bridge) if step == "pair" else credentials(bridge)
    await dialog.fill(**good | {"host": host})
    assert (dialog.step, dialog.errors) == (step, {"host": "invalid_host"})
    assert not bridge.stats.requests
    if step == "pair":
        await pair(dialog, bridge)
    else:
        await dialog.fill(**good)
    dialog.created()


def test_name_with_underscores() -> None:
    """A router makes the bridge's own name, underscores and all, a name that can be entered."""
    assert valid_host("nuki_bridge_1c7f52d8.fritz.box")


async def test_close_while_waiting(
    hass: HomeAssistant, dialog: Dialog, bridge: NukiBridgeSimulator
) -> None:
    """A dialog that is closed waits no longer: the bridge can be set up in another way."""
    await dialog.choose("pair")
    await dialog.fill(**connection(bridge))
    await until(lambda: bridge.led)
    hass.config_entries.flow.async_abort(dialog.shown["flow_id"])
    other = await open_dialog(hass)
    await other.choose("manual")
    # The bridge still waits for its button. Had we done so too, this would wait behind us.
    async with asyncio.timeout(10):
        await other.fill(**credentials(bridge))
    assert other.errors == {"host": "busy"}
    assert not hass.config_entries.async_entries(DOMAIN)
    bridge.press_button()
    await until(lambda: not bridge.led)
    await other.fill(**credentials(bridge))
    other.created()
    assert bridge.stats.requests["/auth"] == 1


@pytest.mark.parametrize(("profile", "skew"), [("sw", 0), ("v1.6", 0), ("hw", 300)])
async def test_encryption_refused(dialog: Dialog, bridge: NukiBridgeSimulator, skew: float) -> None:
    """Nothing weaker than encryption is tried unless the user says so."""
    bridge.clock_skew = skew
    await dialog.choose("pair")
    await pair(dialog, bridge)
    assert (dialog.step, dialog.errors) == ("sign", {"auth_mode": "encryption_refused"})
    await dialog.refresh()
    assert (dialog.step, dialog.errors) == ("sign", {})
    assert modes_seen(bridge) == {"encrypted"}
    await dialog.fill(auth_mode="hashed")
    assert (dialog.step, dialog.errors) == ("sign", {"auth_mode": "mode_refused"})
    assert modes_seen(bridge) == {"encrypted", "hashed"}
    await dialog.fill(auth_mode="plain")
    assert dialog.created().data["auth_mode"] == "plain"


async def test_gone_after_pairing(dialog: Dialog, bridge: NukiBridgeSimulator) -> None:
    """A bridge that goes away right after it gave the token: the user sees it and tries again."""
    bridge.inject("drop", "/info", times=None)
    await dialog.choose("pair")
    await pair(dialog, bridge)
    assert dialog.step == "sign"
    assert [*dialog.errors.values()] == ["cannot_connect"]
    await dialog.fill(auth_mode="encrypted")
    assert [*dialog.errors.values()] == ["cannot_connect"]
    bridge.clear_faults()
    await dialog.fill(auth_mode="encrypted")
    assert dialog.created().data["auth_mode"] == "encrypted"


@pytest.mark.parametrize("mode", ["encrypted", "hashed", "plain"])
async def test_manual(dialog: Dialog, bridge: NukiBridgeSimulator, mode: str) -> None:
    """The token travels as the user said, and in no other way."""
    await dialog.choose("manual")
    await dialog.fill(**credentials(bridge, mode))
    assert dialog.created().data["auth_mode"] == mode
    assert modes_seen(bridge) == {mode}


@pytest.mark.parametrize("profile", ["sw"])
async def test_software_bridge(dialog: Dialog, bridge: NukiBridgeSimulator) -> None:
    """A software bridge is known by the id that the vendor's server gave it."""
    await dialog.choose("manual")
    await dialog.fill(**credentials(bridge, "plain"))
    assert dialog.created().unique_id == f"sw-{bridge.server_id}"


@pytest.mark.parametrize(
    ("fault", "errors"),
    [
        ({"kind": "status", "status": 401}, {"token": "invalid_auth"}),
        ({"kind": "status", "status": 403}, {"token": "invalid_auth"}),
        ({"kind": "status", "status": 503}, {"host": "busy"}),
        ({"kind": "status", "status": 500}, {"host": "not_a_bridge"}),
        ({"kind": "redirect"}, {"host": "not_a_bridge"}),
        ({"kind": "garbage"}, {"host": "not_a_bridge"}),
        ({"kind": "garbage", "body": '{"ids": {}}'}, {"host": "not_a_bridge"}),
        ({"kind": "huge"}, {"host": "not_a_bridge"}),
        ({"kind": "drop"}, {"host": "cannot_connect"}),
    ],
)
async def test_manual_errors(
    dialog: Dialog, bridge: NukiBridgeSimulator, fault: dict[str, Any], errors: dict[str, str]
) -> None:
    """Each error stands at its field, the token is not shown again, and the next try may work."""
    bridge.inject(path="/info", times=None, **fault)
    await dialog.choose("manual")
    await dialog.fill(**credentials(bridge))
    assert (dialog.step, dialog.errors) == ("manual", errors)
    assert dialog.prefilled == connection(bridge) | {"auth_mode": "encrypted"}
    bridge.clear_faults()
    await dialog.fill(**credentials(bridge))
    dialog.created()


async def test_unreachable(dialog: Dialog, bridge: NukiBridgeSimulator) -> None:
    """Where nothing listens, the user is told so, and a bridge that comes back is found."""
    await bridge.refuse()
    await dialog.choose("manual")
    await dialog.fill(**credentials(bridge))
    assert (dialog.step, dialog.errors) == ("manual", {"host": "cannot_connect"})
    await bridge.listen()
    await dialog.fill(**credentials(bridge))
    dialog.created()


async def test_unexpected_error(dialog: Dialog, bridge: NukiBridgeSimulator) -> None:
    """A bug of ours does not end the dialog."""
    await dialog.choose("manual")
    with patch(f"{FLOW}.client_for", side_effect=KeyError("nobody thought of this")):
        await dialog.fill(**credentials(bridge))
    assert (dialog.step, dialog.errors) == ("manual", {"base": "unknown"})
    await dialog.fill(**credentials(bridge))
    dialog.created()


@pytest.mark.parametrize("token", ["a1b2c3", "elevenchars"])
async def test_short_token(dialog: Dialog, bridge: NukiBridgeSimulator, token: str) -> None:
    """A token that can be guessed is taken only after a warning, which does not tell it."""
    bridge.token = token
    await dialog.choose("manual")
    await dialog.fill(**credentials(bridge))
    assert dialog.step == "short_token"
    assert dialog.shown["description_placeholders"] == {
        "length": str(len(token)),
        "safe_length": "12",
    }
    await dialog.fill()
    assert dialog.created().data["token"] == token


@pytest.mark.parametrize("way", ["pair", "manual"])
async def test_already_configured(
    dialog: Dialog, bridge: NukiBridgeSimulator, entry: MockConfigEntry, way: str
) -> None:
    """A bridge is set up once, whichever way it is found."""
    entry.add_to_hass(dialog.hass)
    await dialog.choose(way)
    if way == "pair":
        await pair(dialog, bridge)
    else:
        await dialog.fill(**credentials(bridge))
    assert dialog.aborted == "already_configured"
    assert dialog.hass.config_entries.async_entries(DOMAIN) == [entry]
