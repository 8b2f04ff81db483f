"""Setting up a heat pump: address, certificate, user and password, and which one."""

import logging
from typing import Any
from unittest.mock import patch

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.core import HomeAssistant
from simulators.nibe_rest import NibeSimulator

from .common import DOMAIN
from .dialog import Dialog, address, as_the_app_shows, asked, login, open_dialog, open_login

FLOW = "custom_components.nibe_rest.config_flow"
DEVICES = "/api/v1/devices"


@pytest.fixture
async def dialog(hass: HomeAssistant) -> Dialog:
    """Return a dialog that the user has opened."""
    return await open_dialog(hass)


async def test_set_up(
    dialog: Dialog, pump: NibeSimulator, caplog: pytest.LogCaptureFixture
) -> None:
    """Nothing is asked before the certificate is confirmed, and no secret is in name or log."""
    caplog.set_level(logging.DEBUG)
    assert dialog.step == "user"
    await dialog.fill(**address(pump))
    assert dialog.step == "certificate"
    assert dialog.texts == {"fingerprint": as_the_app_shows(pump.fingerprint), "host": pump.host}
    assert asked(pump) == 0
    await dialog.fill()
    assert (dialog.step, dialog.errors, dialog.prefilled) == ("login", {}, {})
    assert asked(pump) == 0
    await dialog.fill(**login(pump))
    entry = dialog.created()
    device = pump.devices[0]
    assert (entry.title, entry.unique_id) == (f"NIBE {device.name}", device.serial)
    assert entry.data == {
        **address(pump),
        **login(pump),
        "fingerprint": pump.fingerprint,
        "serial": device.serial,
    }
    assert entry.options == {}
    assert pump.password not in caplog.text


async def test_port_as_the_frontend_sends_it(dialog: Dialog, pump: NibeSimulator) -> None:
    """A number box sends a float, and whole numbers are kept."""
    await dialog.fill(host=pump.host, port=float(pump.port))
    await dialog.fill()
    await dialog.fill(**login(pump))
    port = dialog.created().data["port"]
    assert (port, type(port)) == (pump.port, int)


@pytest.mark.parametrize(
    "host",
    ["", "https://127.0.0.1", "me:pw@127.0.0.1", "@", "127.0.0.1/api", "a b", "999.1.1.1", "a:80"],
)
async def test_invalid_host(dialog: Dialog, pump: NibeSimulator, host: str) -> None:
    """What is no host is asked for again, and nobody is contacted."""
    with patch(f"{FLOW}.read_fingerprint") as contact:
        await dialog.fill(**address(pump) | {"host": host})
    assert (dialog.step, dialog.errors) == ("user", {"host": "invalid_host"})
    assert dialog.prefilled == address(pump) | {"host": host}
    contact.assert_not_called()
    await dialog.fill(**address(pump))
    assert dialog.step == "certificate"


async def test_unreachable(dialog: Dialog, pump: NibeSimulator) -> None:
    """Where nothing listens the user is told so, and a heat pump that comes back is found."""
    await pump.refuse()
    await dialog.fill(**address(pump))
    assert (dialog.step, dialog.errors) == ("user", {"host": "cannot_connect"})
    assert dialog.prefilled == address(pump)
    await pump.listen()
    await dialog.fill(**address(pump))
    assert dialog.step == "certificate"


async def test_gone_before_the_login(hass: HomeAssistant, pump: NibeSimulator) -> None:
    """The same once the certificate is confirmed."""
    dialog = await open_login(hass, pump)
    await pump.refuse()
    await dialog.fill(**login(pump))
    assert (dialog.step, dialog.errors) == ("login", {"base": "cannot_connect"})
    await pump.listen()
    await dialog.fill(**login(pump))
    dialog.created()


@pytest.mark.parametrize(
    ("fault", "errors"),
    [
        ({"kind": "status", "status": 401}, {"password": "invalid_auth"}),
        ({"kind": "status", "status": 403}, {"password": "invalid_auth"}),
        ({"kind": "drop"}, {"base": "cannot_connect"}),
        ({"kind": "drop_after"}, {"base": "cannot_connect"}),
        ({"kind": "truncate"}, {"base": "cannot_connect"}),
        ({"kind": "status", "status": 404}, {"base": "not_a_heat_pump"}),
        ({"kind": "status", "status": 500}, {"base": "not_a_heat_pump"}),
        ({"kind": "redirect"}, {"base": "not_a_heat_pump"}),
        ({"kind": "garbage"}, {"base": "not_a_heat_pump"}),
        ({"kind": "garbage", "body": "[]"}, {"base": "not_a_heat_pump"}),
        ({"kind": "garbage", "body": '{"devices": []}'}, {"base": "not_a_heat_pump"}),
        ({"kind": "garbage", "body": '{"devices": [{}]}'}, {"base": "not_a_heat_pump"}),
        ({"kind": "huge"}, {"base": "not_a_heat_pump"}),
        ({"kind": "huge", "size": 9_000_000}, {"base": "not_a_heat_pump"}),
    ],
)
async def test_login_errors(
    hass: HomeAssistant, pump: NibeSimulator, fault: dict[str, Any], errors: dict[str, str]
) -> None:
    """Each error stands at its field, the password is not shown again, and a new try may work."""
    dialog = await open_login(hass, pump)
    pump.inject(path=DEVICES, times=None, **fault)
    await dialog.fill(**login(pump))
    assert (dialog.step, dialog.errors) == ("login", errors)
    assert dialog.prefilled == {"username": pump.username}
    pump.clear_faults()
    await dialog.fill(**login(pump))
    dialog.created()


async def test_wrong_password(hass: HomeAssistant, pump: NibeSimulator) -> None:
    """A wrong password is asked for again, and the right one is kept."""
    dialog = await open_login(hass, pump)
    await dialog.fill(username=pump.username, password="a wrong one")
    assert (dialog.step, dialog.errors) == ("login", {"password": "invalid_auth"})
    await dialog.fill(**login(pump))
    assert dialog.created().data["password"] == pump.password


async def test_address_refused(hass: HomeAssistant, pump: NibeSimulator) -> None:
    """A heat pump that admits other addresses only is no dead end."""
    pump.address_refused = True
    dialog = await open_login(hass, pump)
    await dialog.fill(**login(pump))
    assert (dialog.step, dialog.errors) == ("login", {"password": "invalid_auth"})
    pump.address_refused = False
    await dialog.fill(**login(pump))
    dialog.created()


async def test_certificate_changes_before_the_login(
    hass: HomeAssistant, pump: NibeSimulator
) -> None:
    """The password does not travel to a certificate that the user has not seen."""
    dialog = await open_login(hass, pump)
    pump.renew_certificate()
    await dialog.fill(**login(pump))
    assert (dialog.step, dialog.errors) == ("login", {"base": "certificate_changed"})
    assert asked(pump) == 0
    again = await open_login(hass, pump)
    await again.fill(**login(pump))
    assert again.created().data["fingerprint"] == pump.fingerprint


async def test_unexpected_error(
    hass: HomeAssistant, pump: NibeSimulator, caplog: pytest.LogCaptureFixture
) -> None:
    """A bug of ours does not end the dialog, and the log tells of it without the password."""
    dialog = await open_login(hass, pump)
    with patch(f"{FLOW}.client_for", side_effect=KeyError("nobody thought of this")):
        await dialog.fill(**login(pump))
    assert (dialog.step, dialog.errors) == ("login", {"base": "unknown"})
    assert "nobody thought of this" in caplog.text
    assert pump.password not in caplog.text
    await dialog.fill(**login(pump))
    dialog.created()


async def test_several_pumps(hass: HomeAssistant, pump: NibeSimulator) -> None:
    """Of several heat pumps behind an address each is set up by itself, and only once."""
    first, second, third = (
        pump.devices[0],
        pump.add_device("smo-s40", seed=5),
        pump.add_device("vvm-s320", seed=6),
    )
    dialog = await open_login(hass, pump)
    await dialog.fill(**login(pump))
    assert dialog.step == "pump"
    assert dialog.choices("serial") == {
        device.serial: f"{device.name} {device.serial}" for device in (first, second, third)
    }
    await dialog.fill(serial=second.serial)
    entry = dialog.created()
    assert (entry.unique_id, entry.title) == (second.serial, f"NIBE {second.name}")
    dialog = await open_login(hass, pump)
    await dialog.fill(**login(pump))
    assert dialog.choices("serial").keys() == {first.serial, third.serial}
    await dialog.fill(serial=third.serial)
    assert dialog.created().data["serial"] == third.serial
    # Of a single one that is left nobody has to choose.
    dialog = await open_login(hass, pump)
    await dialog.fill(**login(pump))
    assert dialog.created().unique_id == first.serial
    dialog = await open_login(hass, pump)
    await dialog.fill(**login(pump))
    assert dialog.aborted == "already_configured"
    assert len(hass.config_entries.async_entries(DOMAIN)) == 3


@pytest.mark.parametrize("others", [1, 2])
async def test_chosen_twice(hass: HomeAssistant, pump: NibeSimulator, others: int) -> None:
    """A heat pump that was set up in another dialog meanwhile is not set up again."""
    for seed in range(others):
        pump.add_device("vvm-s320", seed=seed)
    slow, quick = [await open_login(hass, pump) for _ in range(2)]
    for dialog in (slow, quick):
        await dialog.fill(**login(pump))
    await quick.fill(serial=pump.serial)
    quick.created()
    await slow.fill(serial=pump.serial)
    assert slow.aborted == "already_configured"


async def test_without_a_name(hass: HomeAssistant, pump: NibeSimulator) -> None:
    """A heat pump that does not tell its model is set up all the same."""
    pump.devices[0].name = ""
    dialog = await open_login(hass, pump)
    await dialog.fill(**login(pump))
    assert dialog.created().title == "NIBE"


async def test_already_configured(
    hass: HomeAssistant, pump: NibeSimulator, entry: MockConfigEntry
) -> None:
    """A heat pump is set up once."""
    entry.add_to_hass(hass)
    dialog = await open_login(hass, pump)
    await dialog.fill(**login(pump))
    assert dialog.aborted == "already_configured"
    assert hass.config_entries.async_entries(DOMAIN) == [entry]
