"""The options of a bridge."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from homeassistant.config_entries import ConfigFlowResult
from homeassistant.data_entry_flow import FlowResultType, InvalidData
from simulators.nuki_bridge import CELLAR

from .common import WEBHOOK_ID, House

DEFAULTS: dict[str, Any] = {
    "poll_interval": 60,
    "use_callbacks": True,
    "open_only_unlocked": False,
    "allow_maintenance": False,
}


@pytest.fixture
async def house(start: Callable[..., Awaitable[House]]) -> House:
    """Return a house that is up and running."""
    return await start()


async def open_options(house: House) -> ConfigFlowResult:
    """Open the options."""
    return await house.hass.config_entries.options.async_init(house.entry.entry_id)


async def fill(house: House, form: ConfigFlowResult, **values: Any) -> ConfigFlowResult:
    """Fill in the options; what is left out has its default."""
    options = house.hass.config_entries.options
    result = await options.async_configure(form["flow_id"], DEFAULTS | values)
    await house.settle()
    return result


async def test_saved_and_obeyed_at_once(house: House) -> None:
    """All options are saved, shown the next time, and obeyed without a restart."""
    assert house.bridge.callbacks.urls == [house.callback_url]
    wanted = {
        "poll_interval": 120,
        "use_callbacks": False,
        "callback_url": "http://192.168.1.10:8123",
        "open_only_unlocked": True,
        "allow_maintenance": True,
    }
    result = await fill(house, await open_options(house), **wanted)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert house.entry.options == wanted
    assert house.bridge.callbacks.urls == []
    assert house.lock(CELLAR) == "locked"
    schema = (await open_options(house))["data_schema"]
    assert schema
    shown = {str(key): key.description["suggested_value"] for key in schema.schema}
    assert shown == wanted


async def test_defaults(house: House) -> None:
    """Somebody who only looks and saves changes nothing that matters."""
    await fill(house, await open_options(house))
    assert house.entry.options == DEFAULTS | {"callback_url": ""}
    assert house.bridge.callbacks.urls == [house.callback_url]


@pytest.mark.parametrize(
    "typed", ["http://127.0.0.1:8124", " http://127.0.0.1:8124/ ", "http://127.0.0.1:8124//"]
)
async def test_address_is_used(house: House, typed: str) -> None:
    """The bridge gets the address that the user has typed in, and only that."""
    result = await fill(house, await open_options(house), callback_url=typed)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert house.entry.options["callback_url"] == "http://127.0.0.1:8124"
    assert house.bridge.callbacks.urls == [f"http://127.0.0.1:8124/api/webhook/{WEBHOOK_ID}"]


@pytest.mark.parametrize("typed", [{"callback_url": ""}, {"callback_url": "  "}, {}])
async def test_cleared_address(
    start: Callable[..., Awaitable[House]], typed: dict[str, str]
) -> None:
    """Without an address of its own the bridge gets the one of the network settings again."""
    house = await start(callback_url="http://127.0.0.1:8124")
    assert house.bridge.callbacks.urls == [f"http://127.0.0.1:8124/api/webhook/{WEBHOOK_ID}"]
    await fill(house, await open_options(house), **typed)
    assert house.bridge.callbacks.urls == [house.callback_url]


@pytest.mark.parametrize(
    "typed",
    [
        "https://192.168.1.10:8123",
        "192.168.1.10:8123",
        "ftp://192.168.1.10",
        "http://",
        "http://me:secret@192.168.1.10:8123",
        "http://192.168.1.10:99999",
        "http://192.168.1.10:8123/?x=1",
        "http://192.168.1.10:8123/#x",
        "http://a b:8123",
        "http://[::1",
        f"http://{'a' * 60}.{'b' * 60}.{'c' * 60}.example:8123",
    ],
)
async def test_unusable_address(house: House, typed: str) -> None:
    """An address that the bridge could not use is refused, shown again, and can be mended."""
    form = await fill(house, await open_options(house), callback_url=typed, poll_interval=90)
    assert form["type"] is FlowResultType.FORM
    assert form["errors"] == {"callback_url": "unusable_url"}
    assert form["data_schema"]
    shown = {str(key): key.description for key in form["data_schema"].schema}
    assert shown["callback_url"] == {"suggested_value": typed}
    assert shown["poll_interval"] == {"suggested_value": 90}
    assert house.entry.options == {}
    result = await fill(house, form, callback_url="http://127.0.0.1:8124")
    assert result["type"] is FlowResultType.CREATE_ENTRY


@pytest.mark.parametrize(
    "typed",
    ["http://localhost:8123", "http://127.0.0.1:8123", "http://0.0.0.0:8123", "http://[::1]:8123"],
)
async def test_address_of_the_bridge_itself(house: House, typed: str) -> None:
    """A bridge elsewhere would call itself at an address that means "here"."""
    data = house.entry.data | {"host": "192.0.2.1"}
    form = await open_options(house)
    house.hass.config_entries.async_update_entry(house.entry, data=data)
    form = await fill(house, form, callback_url=typed)
    assert form["errors"] == {"callback_url": "unusable_url"}


@pytest.mark.parametrize("seconds", [14, 601, "often"])
async def test_poll_interval_has_bounds(house: House, seconds: object) -> None:
    """Neither a flood nor a bridge that is forgotten."""
    with pytest.raises(InvalidData):
        await fill(house, await open_options(house), poll_interval=seconds)
    assert house.entry.options == {}
