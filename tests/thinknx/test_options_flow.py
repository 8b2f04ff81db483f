"""The options."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any

import pytest

from homeassistant.core import HomeAssistant
from homeassistant.core_config import async_process_ha_core_config
from homeassistant.data_entry_flow import InvalidData
from simulators.thinknx import ThinknxSimulator

from .common import Home, make_entry
from .dialog import change_options

type Start = Callable[..., Awaitable[Home]]


@pytest.fixture
async def home(start: Start) -> Home:
    """Return a home without devices."""
    return await start()


async def test_defaults(home: Home) -> None:
    """At first nothing may be sent, and nobody listens; a cloud is asked more seldom."""
    dialog = await change_options(home.hass, home.entry)
    assert dialog.prefilled == {"rate": 5.0}
    await dialog.fill(rate=5)
    dialog.saved()
    assert dict(home.entry.options) == {
        "rate": 5,
        "webhook": False,
        "allow_telegrams": False,
        "groups": [],
    }


async def test_default_rate_of_a_cloud(hass: HomeAssistant, server: ThinknxSimulator) -> None:
    """A cloud is asked once a second."""
    entry = make_entry(server, connection="on_premise", key="k")
    entry.add_to_hass(hass)
    dialog = await change_options(hass, entry)
    assert dialog.prefilled == {"rate": 1.0}


async def test_options(home: Home) -> None:
    """Options are kept, shown again, and take effect without a reload."""
    client = home.entry.runtime_data.client
    wanted = {
        "rate": 0.5,
        "webhook": True,
        "allow_telegrams": True,
        "groups": ["1/0/1", "01/02/003", "1/0/1-255", "2/2047", " 1/0/1 "],
    }
    dialog = await change_options(home.hass, home.entry)
    await dialog.fill(**wanted)
    dialog.saved()
    clean = wanted | {"groups": ["1/0/1", "1/2/3", "1/0/1-255", "2/2047"]}
    assert dict(home.entry.options) == clean
    await home.fire(2)
    assert home.entry.runtime_data.client is client
    assert home.entry.runtime_data.scheduler.pace.wished == 0.5
    dialog = await change_options(home.hass, home.entry)
    assert dialog.prefilled == clean


@pytest.mark.parametrize("rate", [0.1, 0, -1, 20.1, "fast"])
async def test_rate(home: Home, rate: Any) -> None:
    """A rate has its limits."""
    dialog = await change_options(home.hass, home.entry)
    with pytest.raises(InvalidData):
        await dialog.fill(rate=rate)
    for fine in (0.2, 20):
        await dialog.fill(rate=fine, groups=["x"])
        assert dialog.errors == {"groups": "no_group"}


@pytest.mark.parametrize("group", ["0/0/0", "0/0", "32/0/1", "1/8/1", "1/0/256", "1/2048", "x"])
async def test_no_group(home: Home, group: str) -> None:
    """What is no group address is refused; what was filled in stays."""
    dialog = await change_options(home.hass, home.entry)
    await dialog.fill(rate=2, webhook=True, groups=["1/0/1", group])
    assert dialog.errors == {"groups": "no_group"}
    assert dialog.prefilled["rate"] == 2
    assert dialog.prefilled["groups"] == ["1/0/1", group]


async def test_address_of_the_webhook(home: Home, hass_client_no_auth: Any) -> None:
    """The form shows the address to call, and it answers once the option is on."""
    await async_process_ha_core_config(home.hass, {"internal_url": "http://10.0.0.5:8123"})
    dialog = await change_options(home.hass, home.entry)
    path = "/api/webhook/poke-the-house"
    assert dialog.said == {"url": f"http://10.0.0.5:8123{path}"}
    await dialog.fill(rate=5, webhook=True)
    await home.fire(2)
    assert home.entry.runtime_data.listens
    client = await hass_client_no_auth()
    assert (await client.get(path)).status == HTTPStatus.OK


async def test_without_an_address(home: Home) -> None:
    """If Home Assistant knows no address of its own, the form shows the path."""
    home.hass.config.api = None
    dialog = await change_options(home.hass, home.entry)
    assert dialog.said == {"url": "/api/webhook/poke-the-house"}
