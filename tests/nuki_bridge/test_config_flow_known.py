"""A new token and a new address for a bridge that is set up."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any

import pytest

from homeassistant.config_entries import SOURCE_REAUTH, ConfigEntryState
from homeassistant.core import HomeAssistant
from simulators.nuki_bridge import CELLAR, NukiBridgeSimulator

from .common import WEBHOOK_ID, House
from .dialog import Dialog, connection, modes_seen

NEW_TOKEN = "Zq7vT2mXr9KcLw4NbY8e"

SPOILED: list[tuple[dict[str, Any], str]] = [
    ({"kind": "status", "status": 401}, "invalid_auth"),
    ({"kind": "status", "status": 503}, "busy"),
    ({"kind": "drop"}, "cannot_connect"),
    ({"kind": "garbage"}, "not_a_bridge"),
]


@pytest.fixture
async def house(start: Callable[..., Awaitable[House]]) -> House:
    """Return a house that is up and running."""
    return await start()


@pytest.fixture
async def moved(bridge: NukiBridgeSimulator) -> AsyncGenerator[NukiBridgeSimulator]:
    """Return the same bridge at another port."""
    async with NukiBridgeSimulator(clock=bridge.clock, gap=0, token=bridge.token) as other:
        yield other


async def reauth(house: House, *, token: str | None = NEW_TOKEN) -> Dialog:
    """Change the bridge's token, and open the dialog that Home Assistant then offers."""
    house.bridge.token = token
    dialog = Dialog(house.hass, await house.entry.start_reauth_flow(house.hass))
    assert dialog.step == "reauth_confirm"
    house.bridge.stats.reset()
    return dialog


async def reconfigure(house: House) -> Dialog:
    """Open the dialog that changes the connection."""
    dialog = Dialog(house.hass, await house.entry.start_reconfigure_flow(house.hass))
    assert dialog.step == "reconfigure"
    house.bridge.stats.reset()
    return dialog


def unharmed(house: House, **changes: object) -> None:
    """Check that the entry works, and differs from before only where it should."""
    before = {**connection(house.bridge), "auth_mode": "encrypted", "webhook_id": WEBHOOK_ID}
    assert house.entry.data == {**before, "token": house.bridge.token, **changes}
    assert house.entry.state is ConfigEntryState.LOADED
    assert house.lock(CELLAR) == "locked"


async def test_reauth_starts_by_itself(hass: HomeAssistant, house: House) -> None:
    """A token that was changed in the app is asked for, once."""
    house.bridge.token = NEW_TOKEN
    await house.poll()
    await house.poll()
    assert house.lock(CELLAR) == "unavailable"
    (flow,) = hass.config_entries.flow.async_progress()
    assert flow["context"]["source"] == SOURCE_REAUTH
    dialog = Dialog(hass, await hass.config_entries.flow.async_configure(flow["flow_id"]))
    await dialog.fill(token=NEW_TOKEN, auth_mode="encrypted")
    await house.settle()
    unharmed(house)


async def test_reauth(house: House) -> None:
    """The new token replaces the old one; nothing else changes, and neither token is shown."""
    dialog = await reauth(house)
    assert dialog.prefilled == {"auth_mode": "encrypted"}
    assert dialog.shown["description_placeholders"] == {"name": house.entry.title}
    await dialog.fill(token="a wrong one", auth_mode="encrypted")
    assert (dialog.step, dialog.errors) == ("reauth_confirm", {"token": "invalid_auth"})
    assert dialog.prefilled == {"auth_mode": "encrypted"}
    await dialog.fill(token=NEW_TOKEN, auth_mode="encrypted")
    assert dialog.aborted == "reauth_successful"
    await house.settle()
    unharmed(house)
    assert modes_seen(house.bridge) == {"encrypted"}


@pytest.mark.parametrize("mode", ["hashed", "plain"])
async def test_reauth_with_another_mode(house: House, mode: str) -> None:
    """The user may choose another way for the token to travel."""
    dialog = await reauth(house)
    await dialog.fill(token=NEW_TOKEN, auth_mode=mode)
    assert dialog.aborted == "reauth_successful"
    await house.settle()
    unharmed(house, auth_mode=mode)
    assert modes_seen(house.bridge) == {mode}


@pytest.mark.parametrize(("fault", "error"), SPOILED)
async def test_reauth_errors(house: House, fault: dict[str, Any], error: str) -> None:
    """The user sees what went wrong, and may try again."""
    dialog = await reauth(house)
    house.bridge.inject(times=None, **fault)
    await dialog.fill(token=NEW_TOKEN, auth_mode="encrypted")
    assert dialog.step == "reauth_confirm"
    assert [*dialog.errors.values()] == [error]
    house.bridge.clear_faults()
    await dialog.fill(token=NEW_TOKEN, auth_mode="encrypted")
    assert dialog.aborted == "reauth_successful"
    await house.settle()
    unharmed(house)


async def test_reauth_with_a_short_token(house: House) -> None:
    """The warning comes here too."""
    dialog = await reauth(house, token="a1b2c3")
    await dialog.fill(token="a1b2c3", auth_mode="encrypted")
    assert dialog.step == "short_token"
    assert house.entry.data["token"] != "a1b2c3"
    await dialog.fill()
    assert dialog.aborted == "reauth_successful"
    await house.settle()
    unharmed(house)


async def test_reauth_at_another_bridge(house: House) -> None:
    """The token of another bridge changes nothing."""
    before = dict(house.entry.data)
    dialog = await reauth(house)
    house.bridge.hardware_id += 1
    await dialog.fill(token=NEW_TOKEN, auth_mode="encrypted")
    assert dialog.aborted == "unique_id_mismatch"
    assert house.entry.data == before


async def test_reconfigure_shows_no_token(house: House) -> None:
    """What is known stands in the form, except for the token."""
    dialog = await reconfigure(house)
    assert dialog.prefilled == {**connection(house.bridge), "auth_mode": "encrypted"}


@pytest.mark.parametrize("typed", [{}, {"token": ""}])
async def test_reconfigure_keeps_the_token(
    house: House, moved: NukiBridgeSimulator, typed: dict[str, str]
) -> None:
    """Whoever types in no token keeps the one there is, at the new address too."""
    house.bridge.stats.reset()
    await house.bridge.refuse()
    dialog = await reconfigure(house)
    await dialog.fill(**connection(moved), auth_mode="encrypted", **typed)
    assert dialog.aborted == "reconfigure_successful"
    await house.settle()
    unharmed(house, port=moved.port)
    assert not house.bridge.stats.requests


async def test_reconfigure_keeps_the_token_after_a_wrong_one(house: House) -> None:
    """A wrong token that was typed in and taken out again is forgotten."""
    dialog = await reconfigure(house)
    known = {**connection(house.bridge), "auth_mode": "encrypted"}
    await dialog.fill(**known, token="a wrong one")
    assert dialog.errors == {"token": "invalid_auth"}
    assert dialog.prefilled == known
    await dialog.fill(**known)
    assert dialog.aborted == "reconfigure_successful"
    await house.settle()
    unharmed(house)


async def test_reconfigure_with_a_new_token_and_mode(house: House) -> None:
    """All of it may change at once."""
    house.bridge.token = NEW_TOKEN
    dialog = await reconfigure(house)
    await dialog.fill(**connection(house.bridge), token=NEW_TOKEN, auth_mode="hashed")
    assert dialog.aborted == "reconfigure_successful"
    await house.settle()
    unharmed(house, auth_mode="hashed")
    assert modes_seen(house.bridge) == {"hashed"}


@pytest.mark.parametrize(("fault", "error"), SPOILED)
async def test_reconfigure_errors(house: House, fault: dict[str, Any], error: str) -> None:
    """The user sees what went wrong, and may try again; the entry stays as it is."""
    dialog = await reconfigure(house)
    house.bridge.inject(times=None, **fault)
    await dialog.fill(**connection(house.bridge), auth_mode="plain")
    assert dialog.step == "reconfigure"
    assert [*dialog.errors.values()] == [error]
    house.bridge.clear_faults()
    unharmed(house)
    await dialog.fill(**connection(house.bridge), auth_mode="plain")
    assert dialog.aborted == "reconfigure_successful"
    await house.settle()
    unharmed(house, auth_mode="plain")


@pytest.mark.parametrize("host", ["http://127.0.0.1", "me@127.0.0.1", "127.0.0.1/list"])
async def test_reconfigure_invalid_host(house: House, host: str) -> None:
    """The same rules for a host as on the first day."""
    dialog = await reconfigure(house)
    await dialog.fill(**connection(house.bridge) | {"host": host}, auth_mode="encrypted")
    assert dialog.errors == {"host": "invalid_host"}
    assert not house.bridge.stats.requests
    await dialog.fill(**connection(house.bridge), auth_mode="encrypted")
    assert dialog.aborted == "reconfigure_successful"


async def test_reconfigure_short_token(house: House) -> None:
    """The warning comes here too, and continuing saves."""
    house.bridge.token = "a1b2c3"
    dialog = await reconfigure(house)
    await dialog.fill(**connection(house.bridge), token="a1b2c3", auth_mode="encrypted")
    assert dialog.step == "short_token"
    await dialog.fill()
    assert dialog.aborted == "reconfigure_successful"
    await house.settle()
    unharmed(house)


async def test_reconfigure_to_another_bridge(house: House, moved: NukiBridgeSimulator) -> None:
    """An entry never becomes another bridge."""
    moved.hardware_id += 1
    dialog = await reconfigure(house)
    await dialog.fill(**connection(moved), auth_mode="encrypted")
    assert dialog.aborted == "unique_id_mismatch"
    unharmed(house)
