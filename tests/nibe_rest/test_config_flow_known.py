"""New credentials, a new address and a new certificate for a heat pump that is set up."""

from collections.abc import AsyncGenerator
from typing import Any
from unittest.mock import patch

import pytest

from homeassistant.config_entries import SOURCE_REAUTH, ConfigEntryState
from homeassistant.core import HomeAssistant
from simulators.nibe_rest import NibeSimulator, ids

from .common import House
from .dialog import Dialog, address, as_the_app_shows, asked, login

NEW_PASSWORD = "Zq7vT2mXr9KcLw4N"

SPOILED: list[tuple[dict[str, Any], str]] = [
    ({"kind": "status", "status": 401}, "invalid_auth"),
    ({"kind": "status", "status": 403}, "invalid_auth"),
    ({"kind": "drop"}, "cannot_connect"),
    ({"kind": "garbage"}, "not_a_heat_pump"),
]


@pytest.fixture
async def moved(pump: NibeSimulator) -> AsyncGenerator[NibeSimulator]:
    """Return the same heat pump, certificate and all, at another port."""
    with patch("simulators.nibe_rest.simulator.Identity", return_value=pump._identity):
        other = NibeSimulator(profile=pump.profile, clock=pump.clock, write_delay=0)
    async with other:
        yield other


@pytest.fixture
async def renewed(pump: NibeSimulator) -> AsyncGenerator[NibeSimulator]:
    """Return the same heat pump at another port, with another certificate."""
    async with NibeSimulator(profile=pump.profile, clock=pump.clock, write_delay=0) as other:
        other.renew_certificate()
        yield other


async def reauth(house: House) -> Dialog:
    """Change the password, and open the dialog that Home Assistant then offers."""
    house.pump.password = NEW_PASSWORD
    dialog = Dialog(house.hass, await house.entry.start_reauth_flow(house.hass))
    assert dialog.step == "reauth_confirm"
    house.pump.stats.reset()
    return dialog


async def reconfigure(house: House) -> Dialog:
    """Open the dialog that changes the connection."""
    dialog = Dialog(house.hass, await house.entry.start_reconfigure_flow(house.hass))
    assert dialog.step == "reconfigure"
    house.pump.stats.reset()
    return dialog


def works(house: House, **changes: object) -> None:
    """Check that the entry works, and differs from before only where it should."""
    pump = house.pump
    before = {**address(pump), **login(pump), "fingerprint": pump.fingerprint}
    assert house.entry.data == {**before, "serial": pump.serial, **changes}
    assert house.entry.state is ConfigEntryState.LOADED
    assert house.state("sensor", ids.OUTDOOR).state != "unavailable"


async def test_reauth_starts_by_itself(hass: HomeAssistant, house: House) -> None:
    """A password that was changed is asked for, once."""
    house.pump.password = NEW_PASSWORD
    await house.poll()
    await house.poll()
    (flow,) = hass.config_entries.flow.async_progress()
    assert flow["context"]["source"] == SOURCE_REAUTH
    dialog = Dialog(hass, await hass.config_entries.flow.async_configure(flow["flow_id"]))
    await dialog.fill(**login(house.pump))
    await house.settle()
    works(house)


async def test_reauth(house: House) -> None:
    """The new password replaces the old one; nothing else changes, and neither is shown."""
    dialog = await reauth(house)
    assert dialog.prefilled == {"username": house.pump.username}
    assert dialog.texts == {"name": house.entry.title}
    await dialog.fill(username=house.pump.username, password="a wrong one")
    assert (dialog.step, dialog.errors) == ("reauth_confirm", {"password": "invalid_auth"})
    assert dialog.prefilled == {"username": house.pump.username}
    assert dialog.texts == {"name": house.entry.title}
    await dialog.fill(**login(house.pump))
    assert dialog.aborted == "reauth_successful"
    await house.settle()
    works(house)


@pytest.mark.parametrize(("fault", "error"), SPOILED)
async def test_reauth_errors(house: House, fault: dict[str, Any], error: str) -> None:
    """The user sees what went wrong, and may try again."""
    dialog = await reauth(house)
    house.pump.inject(times=None, **fault)
    await dialog.fill(**login(house.pump))
    assert dialog.step == "reauth_confirm"
    assert [*dialog.errors.values()] == [error]
    house.pump.clear_faults()
    await dialog.fill(**login(house.pump))
    assert dialog.aborted == "reauth_successful"
    await house.settle()
    works(house)


async def test_reauth_with_another_certificate(house: House) -> None:
    """The new password does not travel to a certificate that was not confirmed."""
    dialog = await reauth(house)
    house.pump.renew_certificate()
    await dialog.fill(**login(house.pump))
    assert (dialog.step, dialog.errors) == ("reauth_confirm", {"base": "certificate_changed"})
    assert asked(house.pump) == 0


async def test_reauth_at_another_pump(house: House) -> None:
    """The password of another heat pump changes nothing."""
    before = dict(house.entry.data)
    dialog = await reauth(house)
    house.pump.devices[0].serial = "00000000000001"
    await dialog.fill(**login(house.pump))
    assert dialog.aborted == "unique_id_mismatch"
    assert house.entry.data == before


async def test_reconfigure_shows_no_password(house: House) -> None:
    """What is known stands in the form, except for the password."""
    dialog = await reconfigure(house)
    assert dialog.prefilled == {**address(house.pump), "username": house.pump.username}


@pytest.mark.parametrize("typed", [{}, {"password": ""}, {"username": "", "password": ""}])
async def test_reconfigure_keeps_the_password(
    house: House, moved: NibeSimulator, typed: dict[str, str]
) -> None:
    """Whoever types in no password keeps it; a certificate that is known is not asked about."""
    await house.pump.refuse()
    dialog = await reconfigure(house)
    await dialog.fill(**address(moved), **typed)
    assert dialog.aborted == "reconfigure_successful"
    await house.settle()
    works(house, port=moved.port)
    assert asked(house.pump) == 0


async def test_reconfigure_with_new_credentials(house: House) -> None:
    """User and password may change here too."""
    house.pump.username, house.pump.password = "somebody", NEW_PASSWORD
    dialog = await reconfigure(house)
    await dialog.fill(**address(house.pump), username="somebody", password=NEW_PASSWORD)
    assert dialog.aborted == "reconfigure_successful"
    await house.settle()
    works(house)


async def test_reconfigure_forgets_a_wrong_password(house: House) -> None:
    """A wrong password that was typed in and taken out again is forgotten."""
    dialog = await reconfigure(house)
    await dialog.fill(**address(house.pump), password="a wrong one")
    assert (dialog.step, dialog.errors) == ("reconfigure", {"password": "invalid_auth"})
    assert "password" not in dialog.prefilled
    await dialog.fill(**address(house.pump))
    assert dialog.aborted == "reconfigure_successful"
    await house.settle()
    works(house)


async def test_reconfigure_with_a_new_certificate(house: House, renewed: NibeSimulator) -> None:
    """Another certificate is shown before anything is asked, and pinned once confirmed."""
    dialog = await reconfigure(house)
    await dialog.fill(**address(renewed))
    assert dialog.step == "certificate"
    assert dialog.texts["fingerprint"] == as_the_app_shows(renewed.fingerprint)
    assert asked(renewed) == 0
    assert house.entry.data["fingerprint"] == house.pump.fingerprint
    await dialog.fill()
    assert dialog.aborted == "reconfigure_successful"
    await house.settle()
    works(house, port=renewed.port, fingerprint=renewed.fingerprint)


async def test_reconfigure_with_a_new_certificate_and_password(
    house: House, renewed: NibeSimulator
) -> None:
    """What was typed in beside the new address survives the question about the certificate."""
    renewed.password = NEW_PASSWORD
    dialog = await reconfigure(house)
    await dialog.fill(**address(renewed), password="a wrong one")
    await dialog.fill()
    assert (dialog.step, dialog.errors) == ("reconfigure", {"password": "invalid_auth"})
    await dialog.fill(**address(renewed), password=NEW_PASSWORD)
    assert dialog.step == "certificate"
    await dialog.fill()
    assert dialog.aborted == "reconfigure_successful"
    await house.settle()
    works(house, **address(renewed), password=NEW_PASSWORD, fingerprint=renewed.fingerprint)


async def test_reconfigure_certificate_changes_again(house: House, renewed: NibeSimulator) -> None:
    """Only the certificate that the user saw is trusted."""
    dialog = await reconfigure(house)
    await dialog.fill(**address(renewed))
    renewed.renew_certificate()
    await dialog.fill()
    assert (dialog.step, dialog.errors) == ("reconfigure", {"base": "certificate_changed"})
    assert asked(renewed) == 0
    works(house)


@pytest.mark.parametrize(("fault", "error"), SPOILED)
async def test_reconfigure_errors(house: House, fault: dict[str, Any], error: str) -> None:
    """The user sees what went wrong, and may try again; the entry stays as it is."""
    dialog = await reconfigure(house)
    house.pump.inject(times=None, **fault)
    await dialog.fill(**address(house.pump))
    assert dialog.step == "reconfigure"
    assert [*dialog.errors.values()] == [error]
    house.pump.clear_faults()
    works(house)
    await dialog.fill(**address(house.pump))
    assert dialog.aborted == "reconfigure_successful"


async def test_reconfigure_unreachable(house: House, moved: NibeSimulator) -> None:
    """Where nothing listens the entry stays where it is."""
    await moved.refuse()
    dialog = await reconfigure(house)
    await dialog.fill(**address(moved))
    assert (dialog.step, dialog.errors) == ("reconfigure", {"host": "cannot_connect"})
    assert dialog.prefilled["port"] == moved.port
    works(house)


@pytest.mark.parametrize("host", ["https://127.0.0.1", "me@127.0.0.1", "127.0.0.1/api"])
async def test_reconfigure_invalid_host(house: House, host: str) -> None:
    """The same rules for a host as on the first day."""
    dialog = await reconfigure(house)
    await dialog.fill(**address(house.pump) | {"host": host})
    assert (dialog.step, dialog.errors) == ("reconfigure", {"host": "invalid_host"})
    assert asked(house.pump) == 0


async def test_reconfigure_to_another_pump(house: House, moved: NibeSimulator) -> None:
    """An entry never becomes another heat pump."""
    moved.devices[0].serial = "00000000000001"
    dialog = await reconfigure(house)
    await dialog.fill(**address(moved))
    assert dialog.aborted == "unique_id_mismatch"
    works(house)


async def test_reconfigure_to_another_pump_and_certificate(
    house: House, renewed: NibeSimulator
) -> None:
    """Nor after the question about its certificate."""
    renewed.devices[0].serial = "00000000000001"
    dialog = await reconfigure(house)
    await dialog.fill(**address(renewed))
    await dialog.fill()
    assert dialog.aborted == "unique_id_mismatch"
    works(house)


async def test_reconfigure_among_several_pumps(house: House, moved: NibeSimulator) -> None:
    """The entry finds its own heat pump among all that answer there."""
    own = moved.devices[0]
    moved.add_device("vvm-s320", seed=5)
    moved.devices.reverse()
    dialog = await reconfigure(house)
    await dialog.fill(**address(moved))
    assert dialog.aborted == "reconfigure_successful"
    await house.settle()
    works(house, port=moved.port, serial=own.serial)
