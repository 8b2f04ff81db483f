"""What needs the user, and the dialogs that mend it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from aiohttp.test_utils import TestClient
import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.nuki_bridge.repairs import async_create_fix_flow
from homeassistant.config_entries import ConfigEntryDisabler
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from simulators.clock import ManualClock
from simulators.nuki_bridge import CELLAR, FRONT_DOOR, NukiBridgeSimulator

from .common import DOMAIN, WEBHOOK_ID, House, make_entry

FOREIGN = (
    "http://127.0.0.1:5/hook?secret=7f3a",
    "http://127.0.0.1:6/api/webhook/0123abcd",
    "http://me:password@127.0.0.1:7/x",
)
SHOWN = ("127.0.0.1:5", "127.0.0.1:6", "127.0.0.1:7")
HTTPS = "https://ha.example.org"


def found(hass: HomeAssistant) -> list[ir.IssueEntry]:
    """Return the issues that the user sees."""
    return [issue for issue in ir.async_get(hass).issues.values() if issue.domain == DOMAIN]


def issues(hass: HomeAssistant) -> list[str]:
    """Return their kinds."""
    return sorted(str(issue.translation_key) for issue in found(hass))


@dataclass
class Fix:
    """The dialog of a repair, over the web as the frontend does it."""

    client: TestClient[Any, Any]
    shown: dict[str, Any]

    @classmethod
    async def start(cls, house: House, kind: str, connect: ClientSessionGenerator) -> Fix:
        """Click on an issue."""
        client = await connect()
        issue = {"handler": DOMAIN, "issue_id": f"{kind}_{house.entry.entry_id}"}
        answer = await client.post("/api/repairs/issues/fix", json=issue)
        assert answer.status == 200, await answer.text()
        return cls(client, await answer.json())

    async def fill(self, **values: str) -> None:
        """Fill in the form."""
        url = f"/api/repairs/issues/fix/{self.shown['flow_id']}"
        answer = await self.client.post(url, json=values)
        assert answer.status == 200, await answer.text()
        self.shown = await answer.json()


@pytest.fixture
def clock() -> ManualClock:
    """Return a clock without fractions of a second, which bridges do not tell."""
    return ManualClock(datetime.now(UTC).replace(microsecond=0))


@pytest.fixture
async def full(start: Callable[..., Awaitable[House]], bridge: NukiBridgeSimulator) -> House:
    """Return a house whose bridge has no slot left."""
    for url in FOREIGN:
        assert bridge.callbacks.add(url) is None
    return await start()


async def use_url(house: House, url: str | None) -> None:
    """Change the address in the network settings."""
    await house.hass.config.async_update(internal_url=url)
    await house.settle()


async def test_none_at_first(start: Callable[..., Awaitable[House]], hass: HomeAssistant) -> None:
    """Nobody is bothered while all is well."""
    house = await start()
    await house.poll()
    assert issues(hass) == []


async def test_slots_full(full: House) -> None:
    """A bridge without a free slot is reported, nobody's slot is taken, and polls go on."""
    assert issues(full.hass) == ["callback_slots_full"]
    assert full.bridge.callbacks.urls == [*FOREIGN]
    (issue,) = found(full.hass)
    assert issue.is_fixable
    assert issue.translation_placeholders
    assert issue.translation_placeholders["name"] == full.entry.title
    full.bridge.turn_by_hand(CELLAR, 3)
    await full.fire(31)
    assert full.lock(CELLAR) == "unlocked"


@pytest.mark.parametrize("picked", [0, 1, 2])
async def test_slots_full_fixed(
    full: House, hass_client: ClientSessionGenerator, picked: int
) -> None:
    """The one that the user picks makes room, the others stay, and the issue is gone."""
    fix = await Fix.start(full, "callback_slots_full", hass_client)
    assert (fix.shown["type"], fix.shown["errors"]) == ("form", None)
    await fix.fill(callback=str(picked))
    assert fix.shown["type"] == "create_entry"
    kept = [url for place, url in enumerate(FOREIGN) if place != picked]
    assert full.bridge.callbacks.urls == [*kept, full.callback_url]
    assert issues(full.hass) == []
    assert full.state("binary_sensor", "1C7F52D8", "callbacks").state == "on"


async def test_slots_show_no_secret(full: House, hass_client: ClientSessionGenerator) -> None:
    """Of other receivers only host and port are shown: the rest may be their secret."""
    fix = await Fix.start(full, "callback_slots_full", hass_client)
    (field,) = fix.shown["data_schema"]
    labels = [option["label"] for option in field["selector"]["select"]["options"]]
    assert labels == [f"{place}: {host}" for place, host in enumerate(SHOWN, 1)]


async def test_slots_with_nonsense(
    start: Callable[..., Awaitable[House]],
    bridge: NukiBridgeSimulator,
    hass_client: ClientSessionGenerator,
) -> None:
    """A receiver with an address that makes no sense is the first that the user wants away."""
    for url in ("http://192.0.2.1:99999/x", "http://[::1/x", FOREIGN[0]):
        assert bridge.callbacks.add(url) is None
    house = await start()
    fix = await Fix.start(house, "callback_slots_full", hass_client)
    await fix.fill(callback="0")
    assert bridge.callbacks.urls == ["http://[::1/x", FOREIGN[0], house.callback_url]


async def test_slots_changed_meanwhile(full: House, hass_client: ClientSessionGenerator) -> None:
    """While the user thinks another one leaves: the picked one goes, not the one in its place."""
    fix = await Fix.start(full, "callback_slots_full", hass_client)
    full.bridge.callbacks.remove(0)
    await fix.fill(callback="1")
    assert full.bridge.callbacks.urls == [FOREIGN[2], full.callback_url]
    assert issues(full.hass) == []


@pytest.mark.parametrize("at_once", [True, False])
async def test_slots_bridge_away(
    full: House, hass_client: ClientSessionGenerator, at_once: bool
) -> None:
    """A bridge that cannot be reached keeps its callbacks, and the issue stays."""
    if at_once:
        await full.bridge.refuse()
    fix = await Fix.start(full, "callback_slots_full", hass_client)
    if not at_once:
        await full.bridge.refuse()
        await fix.fill(callback="1")
    assert (fix.shown["type"], fix.shown["reason"]) == ("abort", "cannot_connect")
    assert full.bridge.callbacks.urls == [*FOREIGN]
    assert issues(full.hass) == ["callback_slots_full"]


async def test_slots_entry_unloaded(full: House, hass_client: ClientSessionGenerator) -> None:
    """Whoever answers after the entry was unloaded is told that it does not work now."""
    fix = await Fix.start(full, "callback_slots_full", hass_client)
    await full.hass.config_entries.async_unload(full.entry.entry_id)
    await fix.fill(callback="0")
    assert (fix.shown["type"], fix.shown["reason"]) == ("abort", "cannot_connect")
    assert full.bridge.callbacks.urls == [*FOREIGN]


async def test_slots_free_again(full: House) -> None:
    """A slot that becomes free by itself is taken within ten minutes."""
    full.bridge.callbacks.remove(1)
    await full.fire(601)
    assert full.bridge.callbacks.urls == [FOREIGN[0], FOREIGN[2], full.callback_url]
    assert issues(full.hass) == []


@pytest.mark.parametrize("url", [HTTPS, None])
async def test_callback_impossible(
    start: Callable[..., Awaitable[House]], hass: HomeAssistant, url: str | None
) -> None:
    """Without a plain http address the user is told, also when it is taken away later."""
    house = await start()
    if url is None:
        hass.config.api = None
    await use_url(house, url)
    assert issues(hass) == ["callback_impossible"]
    assert house.state("binary_sensor", "1C7F52D8", "callbacks").state == "off"
    await use_url(house, house.url)
    assert issues(hass) == []
    assert house.bridge.callbacks.urls == [house.callback_url]


@pytest.mark.parametrize(
    "bad", [HTTPS, "192.168.1.10:8123", "http://", "http://me:pw@192.168.1.10", "http://[::1"]
)
async def test_callback_impossible_fixed(
    start: Callable[..., Awaitable[House]],
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    bad: str,
) -> None:
    """The user gives the bridge an address of its own; a useless one is refused first."""
    house = await start(poll_interval=90)
    await use_url(house, HTTPS)
    fix = await Fix.start(house, "callback_impossible", hass_client)
    assert (fix.shown["type"], fix.shown["errors"]) == ("form", {})
    assert fix.shown["description_placeholders"] == {"name": house.entry.title}
    await fix.fill(callback_url=bad)
    assert fix.shown["errors"] == {"callback_url": "unusable_url"}
    assert fix.shown["data_schema"][0]["description"] == {"suggested_value": bad}
    assert issues(hass) == ["callback_impossible"]
    await fix.fill(callback_url=f"{house.url}/")
    assert fix.shown["type"] == "create_entry"
    await house.settle()
    assert house.entry.options == {"poll_interval": 90, "callback_url": house.url}
    assert house.bridge.callbacks.urls == [house.callback_url]
    assert issues(hass) == []


async def test_address_with_spaces(
    start: Callable[..., Awaitable[House]], hass_client: ClientSessionGenerator
) -> None:
    """An address that was copied with a space is taken as it was meant, as in the options."""
    house = await start()
    await use_url(house, HTTPS)
    fix = await Fix.start(house, "callback_impossible", hass_client)
    await fix.fill(callback_url=f" {house.url} ")
    assert fix.shown["type"] == "create_entry"
    assert house.entry.options == {"callback_url": house.url}


async def test_localhost_is_impossible_for_a_bridge_elsewhere(house: House) -> None:
    """A bridge would call itself: such an address is as good as none."""
    house.hass.config_entries.async_update_entry(
        house.entry, data=house.entry.data | {"host": "192.0.2.1"}
    )
    await use_url(house, "http://127.0.0.1:8123")
    assert issues(house.hass) == ["callback_impossible"]


async def miss(house: House, state: int) -> None:
    """Let a lock turn without a callback, and a poll find out."""
    house.bridge.callbacks_lost = True
    house.bridge.turn_by_hand(FRONT_DOOR, state)
    await house.poll()
    await house.poll()


async def test_callbacks_not_arriving(house: House) -> None:
    """Changes that came without a callback, twice, are reported; the first callback ends it."""
    await miss(house, 3)
    assert issues(house.hass) == []
    await miss(house, 1)
    assert issues(house.hass) == ["callbacks_not_arriving"]
    (issue,) = found(house.hass)
    assert not issue.is_fixable
    assert house.state("binary_sensor", "1C7F52D8", "callbacks").state == "off"
    house.bridge.callbacks_lost = False
    house.bridge.turn_by_hand(FRONT_DOOR, 3)
    await house.settle()
    assert issues(house.hass) == []
    assert house.state("binary_sensor", "1C7F52D8", "callbacks").state == "on"


@pytest.mark.parametrize(("skew", "seconds"), [(46, "46"), (-46, "46"), (45, None), (-45, None)])
async def test_clock_off(house: House, skew: float, seconds: str | None) -> None:
    """A clock that is off by more than 45 s is reported, until it is right again."""
    house.bridge.clock_skew = skew
    await house.fire(601)
    assert [issue.translation_placeholders for issue in found(house.hass)] == (
        [{"name": house.entry.title, "seconds": seconds}] if seconds else []
    )
    house.bridge.clock_skew = 0
    await house.fire(601)
    assert issues(house.hass) == []


@pytest.mark.parametrize("end", ["async_unload", "async_remove", "async_set_disabled_by"])
async def test_issues_end_with_the_entry(full: House, end: str) -> None:
    """What cannot be mended any more is not shown any more."""
    full.bridge.clock_skew = 50
    await full.fire(601)
    assert issues(full.hass) == ["callback_slots_full", "clock_off"]
    await disable(full, end)
    assert issues(full.hass) == []


@pytest.mark.parametrize("end", ["async_remove", "async_set_disabled_by"])
async def test_issues_end_with_an_entry_that_failed(
    start: Callable[..., Awaitable[House]], bridge: NukiBridgeSimulator, end: str
) -> None:
    """The same for an entry that saw a wrong clock and then could not be set up."""
    bridge.clock_skew = 300
    bridge.inject("garbage", "/list", times=None)
    house = await start(make_entry(bridge, mode="plain"))
    await disable(house, end)
    assert issues(house.hass) == []


async def disable(house: House, end: str) -> None:
    """Bring an entry to its end."""
    more = (ConfigEntryDisabler.USER,) if end == "async_set_disabled_by" else ()
    await getattr(house.hass.config_entries, end)(house.entry.entry_id, *more)
    await house.settle()


async def test_no_dialog_without_an_entry(hass: HomeAssistant) -> None:
    """An issue that outlived its entry starts no dialog."""
    for data in (None, {"entry_id": "gone"}):
        with pytest.raises(ValueError):
            await async_create_fix_flow(hass, "callback_slots_full_gone", data)


async def test_several_bridges_have_issues_of_their_own(
    full: House, hass_client: ClientSessionGenerator
) -> None:
    """An issue of one bridge is mended at that bridge, and stays while another one's ends."""
    other = NukiBridgeSimulator(clock=full.bridge.clock, gap=0)
    other.hardware_id += 1
    for url in FOREIGN:
        other.callbacks.add(url)
    async with other:
        entry = make_entry(other, webhook_id="b0b0" * 16)
        entry.add_to_hass(full.hass)
        await full.hass.config_entries.async_setup(entry.entry_id)
        await full.settle()
        assert issues(full.hass) == ["callback_slots_full"] * 2
        fix = await Fix.start(full, "callback_slots_full", hass_client)
        await fix.fill(callback="0")
        assert issues(full.hass) == ["callback_slots_full"]
        assert other.callbacks.urls == [*FOREIGN]
        await full.hass.config_entries.async_remove(entry.entry_id)
    assert issues(full.hass) == []
    assert WEBHOOK_ID in full.bridge.callbacks.urls[-1]
