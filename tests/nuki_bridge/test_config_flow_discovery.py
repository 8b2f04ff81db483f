"""Bridges that are found: by the vendor's server, and by the address that they get."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any
from unittest.mock import patch

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
import pytest_socket

from homeassistant.config_entries import SOURCE_DHCP, SOURCE_IGNORE, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers.service_info.dhcp import DhcpServiceInfo
from simulators.nuki_bridge import CELLAR, NukiBridgeSimulator

from .common import DOMAIN, House, make_entry
from .dialog import Dialog, connection, credentials, modes_seen, open_dialog

ELSEWHERE = "127.0.0.2"


class Server:
    """The vendor's server."""

    def __init__(self, bridge: NukiBridgeSimulator) -> None:
        """Know one bridge."""
        self.asked = 0
        self.answer: Any = bridge.discovery()
        bridge.control.pages["discover/bridges"] = self._page

    def _page(self) -> Any:
        self.asked += 1
        return self.answer


@pytest.fixture
async def server(bridge: NukiBridgeSimulator) -> AsyncGenerator[Server]:
    """Return the vendor's server, on this machine."""
    url = f"{bridge.control_url}/discover/bridges"
    with patch("custom_components.nuki_bridge.config_flow.DISCOVERY_URL", url):
        yield Server(bridge)


@pytest.fixture
def elsewhere(socket_enabled: None) -> str:
    """Return a second address of this machine, at which nothing listens."""
    pytest_socket.socket_allow_hosts(["127.0.0.1", ELSEWHERE])
    return ELSEWHERE


@pytest.fixture
async def impostor(
    bridge: NukiBridgeSimulator, elsewhere: str
) -> AsyncGenerator[NukiBridgeSimulator]:
    """Return another bridge at the second address, which takes the same token."""
    other = NukiBridgeSimulator(host=elsewhere, port=bridge.port, clock=bridge.clock, gap=0)
    other.token, other.hardware_id = bridge.token, 0xBAD
    async with other:
        yield other


def found_at(host: str, port: int) -> dict[str, Any]:
    """Return a bridge as the vendor's server describes it."""
    return {"bridgeId": 7, "ip": host, "port": port, "dateUpdated": "2026-01-01T00:00:00Z"}


async def dhcp(hass: HomeAssistant, ip: str, hostname: str = "nuki_bridge_1c7f52d8") -> Dialog:
    """Let Home Assistant see that somebody got an address."""
    flow = await hass.config_entries.flow.async_init(
        DOMAIN,
        context={"source": SOURCE_DHCP},
        data=DhcpServiceInfo(ip=ip, hostname=hostname, macaddress="54d272aabbcc"),
    )
    return Dialog(hass, flow)


async def lost(hass: HomeAssistant, bridge: NukiBridgeSimulator, mode: str) -> MockConfigEntry:
    """Return an entry whose bridge no longer is where it was."""
    entry = make_entry(bridge, mode=mode, host=ELSEWHERE)
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state is ConfigEntryState.SETUP_RETRY
    bridge.stats.reset()
    return entry


async def test_cloud(hass: HomeAssistant, bridge: NukiBridgeSimulator, server: Server) -> None:
    """A bridge that the server knows is chosen and then set up; nothing has to be typed."""
    server.answer["bridges"].insert(0, found_at("192.0.2.1", 8080))
    dialog = await open_dialog(hass)
    assert server.asked == 0
    await dialog.choose("cloud")
    assert server.asked == 1
    assert dialog.choices("bridge") == ["192.0.2.1:8080", f"127.0.0.1:{bridge.port}"]
    await dialog.fill(bridge="1")
    assert dialog.shown["menu_options"] == ["pair", "manual"]
    await dialog.choose("manual")
    assert dialog.prefilled == connection(bridge)
    await dialog.fill(**credentials(bridge))
    dialog.created()
    assert server.asked == 1


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ({"bridges": [], "errorCode": 0}, "no_devices_found"),
        ({"bridges": [found_at("0.0.0.0", 0)], "errorCode": 0}, "no_devices_found"),  # noqa: S104
        ({"bridges": [found_at("192.0.2.1", 0)], "errorCode": 0}, "no_devices_found"),
        ({"bridges": "none"}, "discovery_failed"),
        ([], "discovery_failed"),
    ],
)
async def test_cloud_finds_none(
    hass: HomeAssistant, server: Server, answer: Any, reason: str
) -> None:
    """No bridge, or one whose discovery is switched off, or nonsense: the dialog ends."""
    server.answer = answer
    dialog = await open_dialog(hass)
    await dialog.choose("cloud")
    assert dialog.aborted == reason


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/", "{control}/no/such/page"])
async def test_cloud_unreachable(
    hass: HomeAssistant, bridge: NukiBridgeSimulator, url: str
) -> None:
    """Without the server there are the other ways."""
    url = url.format(control=bridge.control_url)
    with patch("custom_components.nuki_bridge.config_flow.DISCOVERY_URL", url):
        dialog = await open_dialog(hass)
        await dialog.choose("cloud")
    assert dialog.aborted == "discovery_failed"


async def test_cloud_only_when_clicked(
    hass: HomeAssistant, bridge: NukiBridgeSimulator, server: Server
) -> None:
    """No other way asks the vendor's server."""
    dialog = await open_dialog(hass)
    await dialog.choose("manual")
    await dialog.fill(**credentials(bridge))
    dialog.created()
    await dhcp(hass, ELSEWHERE, "nuki_bridge_75bcd15")
    assert server.asked == 0


async def test_cloud_already_configured(
    hass: HomeAssistant, bridge: NukiBridgeSimulator, server: Server, entry: MockConfigEntry
) -> None:
    """A bridge that is set up is not set up again."""
    entry.add_to_hass(hass)
    dialog = await open_dialog(hass)
    await dialog.choose("cloud")
    await dialog.fill(bridge="0")
    await dialog.choose("manual")
    await dialog.fill(**credentials(bridge))
    assert dialog.aborted == "already_configured"


@pytest.mark.parametrize(
    ("hostname", "bridge_id"),
    [("nuki_bridge_1c7f52d8", "1C7F52D8"), ("nuki_bridge_75bcd15", "075BCD15")],
)
async def test_dhcp_new(
    hass: HomeAssistant, bridge: NukiBridgeSimulator, hostname: str, bridge_id: str
) -> None:
    """A new bridge is offered by its id; its name may lack leading zeros."""
    bridge.hardware_id = int(bridge_id, 16)
    dialog = await dhcp(hass, bridge.host, hostname)
    assert dialog.shown["menu_options"] == ["pair", "manual"]
    (offer,) = hass.config_entries.flow.async_progress()
    assert offer["context"]["title_placeholders"] == {"name": bridge_id}
    assert offer["context"]["unique_id"] == bridge_id
    await dialog.choose("manual")
    assert dialog.prefilled == {"host": bridge.host, "port": 8080}
    assert not bridge.stats.requests
    await dialog.fill(**credentials(bridge))
    assert dialog.created().unique_id == bridge_id


async def test_dhcp_name_of_another(
    hass: HomeAssistant, bridge: NukiBridgeSimulator, entry: MockConfigEntry
) -> None:
    """A name says nothing: the bridge that answers counts, and it may be set up already."""
    entry.add_to_hass(hass)
    dialog = await dhcp(hass, bridge.host, "nuki_bridge_75bcd15")
    await dialog.choose("manual")
    await dialog.fill(**credentials(bridge))
    assert dialog.aborted == "already_configured"


@pytest.mark.parametrize(
    "digits", ["", "xyz", "1c7f52d8.fritz.box", "-1c7f52d8", "1c_7f52d8", "0x1f", "1ffffffff"]
)
async def test_dhcp_garbage(hass: HomeAssistant, digits: str) -> None:
    """What merely begins like the name of a bridge is none."""
    dialog = await dhcp(hass, ELSEWHERE, f"nuki_bridge_{digits}")
    assert dialog.aborted == "not_a_bridge"


@pytest.mark.parametrize("mode", ["encrypted", "hashed", "plain"])
async def test_dhcp_known_and_working(
    hass: HomeAssistant, bridge: NukiBridgeSimulator, impostor: NukiBridgeSimulator, mode: str
) -> None:
    """As long as the bridge answers it has not moved: whoever takes its name hears nothing."""
    entry = make_entry(bridge, mode=mode)
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    dialog = await dhcp(hass, impostor.host)
    assert dialog.aborted == "already_configured"
    await hass.async_block_till_done(wait_background_tasks=True)
    assert not impostor.stats.requests
    assert entry.data["host"] == bridge.host


async def test_dhcp_same_address(
    hass: HomeAssistant, bridge: NukiBridgeSimulator, entry: MockConfigEntry
) -> None:
    """A bridge that renews its address is no news, even if it is not set up at the moment."""
    entry.add_to_hass(hass)
    dialog = await dhcp(hass, bridge.host)
    assert dialog.aborted == "already_configured"
    assert not bridge.stats.requests


async def test_dhcp_moved(hass: HomeAssistant, bridge: NukiBridgeSimulator, elsewhere: str) -> None:
    """A bridge that does not answer is followed to its new address, and works again."""
    entry = await lost(hass, bridge, "encrypted")
    dialog = await dhcp(hass, bridge.host)
    assert dialog.aborted == "already_configured"
    await hass.async_block_till_done()
    assert entry.data["host"] == bridge.host
    assert entry.state is ConfigEntryState.LOADED
    assert modes_seen(bridge) == {"encrypted"}


async def test_dhcp_moves_while_loaded(
    hass: HomeAssistant,
    bridge: NukiBridgeSimulator,
    impostor: NukiBridgeSimulator,
    start: Callable[..., Awaitable[House]],
) -> None:
    """A bridge that falls silent and turns up elsewhere is followed without a restart."""
    house = await start()
    impostor.hardware_id = bridge.hardware_id
    await bridge.refuse()
    await house.poll()
    assert house.lock(CELLAR) == "unavailable"
    await dhcp(hass, impostor.host)
    await house.settle()
    assert house.entry.data["host"] == impostor.host
    assert house.lock(CELLAR) == "locked"


async def test_dhcp_ignored(hass: HomeAssistant, bridge: NukiBridgeSimulator) -> None:
    """A bridge that the user wants to hear nothing of stays ignored."""
    ignored = {"unique_id": "1C7F52D8", "title": "Nuki Bridge"}
    await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_IGNORE}, data=ignored
    )
    dialog = await dhcp(hass, bridge.host)
    assert dialog.aborted == "already_configured"
    assert not bridge.stats.requests


@pytest.mark.parametrize("fault", ["status", "drop", "garbage", "redirect"])
async def test_dhcp_moved_to_no_bridge(
    hass: HomeAssistant, bridge: NukiBridgeSimulator, elsewhere: str, fault: str
) -> None:
    """An address at which no bridge takes our token is not followed."""
    entry = await lost(hass, bridge, "encrypted")
    bridge.inject(fault, times=None)
    dialog = await dhcp(hass, bridge.host)
    assert dialog.aborted == "already_configured"
    assert entry.data["host"] == elsewhere


@pytest.mark.parametrize("mode", ["encrypted", "plain"])
async def test_dhcp_moved_to_another_bridge(
    hass: HomeAssistant, bridge: NukiBridgeSimulator, elsewhere: str, mode: str
) -> None:
    """Another bridge is not followed, even one with the same token."""
    entry = await lost(hass, bridge, mode)
    bridge.hardware_id += 1
    dialog = await dhcp(hass, bridge.host)
    if mode == "plain":
        await dialog.fill()
    assert dialog.aborted == "unique_id_mismatch"
    assert entry.data["host"] == elsewhere


@pytest.mark.parametrize("mode", ["hashed", "plain"])
async def test_dhcp_asks_before_an_open_token(
    hass: HomeAssistant, bridge: NukiBridgeSimulator, elsewhere: str, mode: str
) -> None:
    """A token that is not encrypted goes to a new address only if the user says so."""
    entry = await lost(hass, bridge, mode)
    dialog = await dhcp(hass, bridge.host)
    assert dialog.step == "moved"
    assert dialog.shown["description_placeholders"] == {"name": entry.title, "host": bridge.host}
    assert not bridge.stats.requests
    bridge.inject("drop", "/info", times=None)
    await dialog.fill()
    assert (dialog.step, dialog.errors) == ("moved", {"base": "cannot_connect"})
    bridge.clear_faults()
    await dialog.fill()
    assert dialog.aborted == "already_configured"
    await hass.async_block_till_done()
    assert entry.data["host"] == bridge.host
    assert entry.state is ConfigEntryState.LOADED
    assert modes_seen(bridge) == {mode}


async def test_dhcp_moved_and_removed(
    hass: HomeAssistant, bridge: NukiBridgeSimulator, elsewhere: str
) -> None:
    """While the user is asked, the entry may be removed: then nothing is left to do."""
    entry = await lost(hass, bridge, "plain")
    dialog = await dhcp(hass, bridge.host)
    await hass.config_entries.async_remove(entry.entry_id)
    await dialog.fill()
    assert dialog.shown["type"] is FlowResultType.ABORT
    assert not bridge.stats.requests
