"""Looking at the devices of an import: what the list does not say is found out by reading."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from unittest.mock import patch

import pytest

from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from simulators.clock import ManualClock
from simulators.thinknx import ThinknxSimulator

from .common import Home, make_entry, subentry
from .dialog import NOTES, device_of, imported, notes, rows

type Start = Callable[..., Awaitable[Home]]


@pytest.fixture(autouse=True)
def _pauses(clock: ManualClock) -> Iterator[None]:
    """Let pauses between reads take no time but the clock's."""
    with patch("custom_components.thinknx.probe.sleep", clock.advance):
        yield


@pytest.fixture
async def home(start: Start) -> Home:
    """Return a home without devices."""
    return await start()


async def test_looking_at_devices(home: Home) -> None:
    """What a list does not say is found out by reading."""
    server = home.server
    wanted = {
        server.guids("light")[0]: "light",
        server.guids("blind")[0]: "cover",
        server.guids("thermostat")[0]: "thermostat",
        server.guids("hvac")[0]: "hvac",
        server.guids("analog")[0]: "analog",
    }
    dialog = await imported(home, "\n".join(wanted))
    await dialog.fill(rows=rows(dialog))
    await dialog.wait()
    assert dialog.aborted == "imported"
    assert {it.unique_id: it.subentry_type for it in home.entry.subentries.values()} == wanted
    light = device_of(home.entry, server.guids("light")[0])
    assert dict(light.data) == {
        "guid": light.unique_id,
        "aspects": ["power", "powerlevel"],
        "show_as": "light",
    }
    assert not server.stats.commands


@pytest.mark.parametrize("controller", ["power", "powerstatus", "powerlevel"])
async def test_one_address_of_a_device(home: Home, controller: str) -> None:
    """One address tells what a device is, not all that it can show: a dimmer stays a dimmer."""
    dimmer, plain = home.server.guids("light")[0], home.server.add_device("light", ["power"]).guid
    here = f"http://{home.server.host}:{home.server.port}/api/V1"
    urls = [f"{here}/{controller}?guid={guid}" for guid in (dimmer, plain)]
    dialog = await imported(home, "\n".join(urls))
    await dialog.fill(rows=rows(dialog))
    await dialog.wait()
    assert dialog.aborted == "imported"
    assert device_of(home.entry, dimmer).data["aspects"] == ["power", "powerlevel"]
    assert device_of(home.entry, plain).data["aspects"] == ["power"]
    assert not home.server.stats.commands


@pytest.mark.parametrize("rate", [0.2, 1, 4])
async def test_pace(
    start: Start, server: ThinknxSimulator, clock: ManualClock, rate: float
) -> None:
    """Together with all other reads, the server is asked no more often than the options say."""
    lamps = [subentry("light", guid, guid) for guid in server.guids("light")[:10]]
    home = await start(make_entry(server, *lamps, options={"rate": rate}))
    blinds = server.guids("blind")[:10]
    dialog = await imported(home, "\n".join(blinds))
    before, asked = clock.monotonic(), server.stats.requests.total()
    await dialog.fill(rows=rows(dialog))
    await dialog.wait()
    took = clock.monotonic() - before
    assert server.stats.requests.total() - asked <= took * rate * 1.1 + 3
    assert took >= 30 / rate


async def test_while_not_loaded(
    hass: HomeAssistant, server: ThinknxSimulator, clock: ManualClock
) -> None:
    """An import works while the entry is not loaded, and at the same pace."""
    entry = make_entry(server, options={"rate": 2})
    entry.add_to_hass(hass)
    home = Home(hass, server, entry, clock)
    with patch("custom_components.thinknx.probe.get_running_loop") as loop:
        loop.return_value.time = clock.monotonic
        dialog = await imported(home, "\n".join(server.guids("light")[:5]))
        before = clock.monotonic()
        await dialog.fill(rows=rows(dialog))
        await dialog.wait()
    assert dialog.said["added"] == "5"
    assert clock.monotonic() - before == pytest.approx((5 * 2 - 1) / 2)


async def test_given_up(home: Home) -> None:
    """Who closes the dialog while devices are looked at ends that; nothing is added."""

    async def for_ever(_seconds: float) -> None:
        await asyncio.Event().wait()

    with patch("custom_components.thinknx.probe.sleep", for_ever):
        home.entry.runtime_data.scheduler.pace.sent(home.clock.monotonic())
        dialog = await imported(home, "\n".join(home.server.guids("light")))
        await dialog.fill(rows=rows(dialog))
        assert dialog.shown["type"] is FlowResultType.SHOW_PROGRESS
        task = dialog.flows._progress[dialog.shown["flow_id"]].async_get_progress_task()
        asked = home.server.stats.requests.total()
        dialog.flows.async_abort(dialog.shown["flow_id"])
        assert task is not None
        with pytest.raises(asyncio.CancelledError):
            await task
    assert home.server.stats.requests.total() == asked
    assert not home.entry.subentries


@pytest.mark.parametrize("trouble", ["away", "password", "busy", "bug"])
async def test_trouble_while_looking(home: Home, trouble: str) -> None:
    """If the server stops to answer, it is left alone, and the user may try again."""
    server = home.server
    lights = server.guids("light")[:6]
    dialog = await imported(home, "\n".join(lights))
    asked = server.stats.requests.total()
    client = home.entry.runtime_data.client
    read = client.read
    if trouble == "away":
        await server.refuse()
    elif trouble == "password":
        server.password_accepted = False
    elif trouble == "busy":
        server.trick("status", status=429, retry_after="1", times=None)
    else:
        client.read = None
    await dialog.fill(rows=rows(dialog))
    await dialog.wait()
    assert notes(dialog) == ["not_read"] * 6
    assert dialog.errors == {"base": "rows_wrong"}
    assert server.stats.requests.total() - asked <= 6
    client.read = read
    server.tricks.clear()
    server.password_accepted = True
    await server.listen()
    await dialog.fill(rows=rows(dialog))
    await dialog.wait()
    assert dialog.said["added"] == "6"


async def test_trouble_with_one(home: Home) -> None:
    """One odd answer is one device's matter, and a busy server is asked again."""
    server = home.server
    one, two = server.guids("light")[:2]
    server.trick("empty", guid=one)
    server.trick("status", guid=two, status=429, retry_after="1")
    dialog = await imported(home, f"{one}\n{two}")
    await dialog.fill(rows=rows(dialog))
    await dialog.wait()
    assert notes(dialog) == ["not_read", ""]


async def test_nothing_can_be_sent(home: Home) -> None:
    """If looking ends before it has begun, the list is shown again like after any trouble."""

    async def no_pause(_seconds: float) -> None:
        pass

    dialog = await imported(home, home.server.guids("light")[0])
    home.entry.runtime_data.client.close()
    with patch("custom_components.thinknx.probe.sleep", no_pause):
        await dialog.fill(rows=rows(dialog))
    assert notes(dialog) == ["not_read"]
    assert dialog.errors == {"base": "rows_wrong"}


async def test_added_while_looking(home: Home) -> None:
    """What is added by others while the devices are looked at is left out, and said."""
    light, scene = home.server.guids("light")[0], home.server.guids("scene")[0]
    dialog = await imported(home, f"name,guid,kind\nLamp,{light},\nOff,{scene},scene")
    await dialog.fill(rows=rows(dialog))
    home.add(subentry("light", light, "Lamp"))
    home.add(subentry("scene", scene, "Off"))
    await dialog.wait()
    why = NOTES["already_configured"]
    assert dialog.said == {"added": "0", "left_out": f"- Lamp: {why}\n- Off: {why}"}
