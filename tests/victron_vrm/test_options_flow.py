"""The options of an account."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType, InvalidData
from simulators.victron_vrm import VrmSimulator

from .common import House, make_entry
from .test_config_flow import TEXTS, Dialog

type Start = Callable[..., Awaitable[House]]


@pytest.fixture
def kinds() -> list[str]:
    """Return the kinds of the account's sites."""
    return ["ess", "boat"]


async def options_of(hass: HomeAssistant, entry: Any) -> Dialog:
    """Let the user look at the options."""
    flows = hass.config_entries.options
    return Dialog(hass, flows, TEXTS["options"], await flows.async_init(entry.entry_id))


def choices(dialog: Dialog, field: str) -> dict[str, str]:
    """Return what a list offers, in words."""
    return {it["value"]: it["label"] for it in dialog.schema[field].config["options"]}


def sites_shown(house: House) -> set[str]:
    """Return the kinds of the sites that have a battery's sensor which can be read."""
    return {
        kind
        for kind in ("ess", "boat", "ev")
        if any(
            state.state not in {"unavailable", "unknown"}
            for state in house.hass.states.async_all("sensor")
            if (entity_id := state.entity_id) and entity_id == battery(house, kind)
        )
    }


def battery(house: House, kind: str) -> str | None:
    """Return the sensor of a site's battery."""
    try:
        return house.find("sensor", f"{house.cloud.site(kind).id}-bs")
    except KeyError:
        return None


async def test_defaults(house: House) -> None:
    """At first all sites are shown, and no history is imported."""
    dialog = await options_of(house.hass, house.entry)
    assert dialog.step == "init"
    assert dialog.prefilled == {}
    await dialog.fill(poll_interval=300, history=False)
    assert dialog.shown["type"] is FlowResultType.CREATE_ENTRY
    assert dict(house.entry.options) == {"poll_interval": 300, "history": False, "tags": []}
    await house.live(1)
    assert sites_shown(house) == {"ess", "boat"}


async def test_names_are_offered(house: House) -> None:
    """Sites are offered by their names, in the order of these."""
    boat, ess = house.cloud.site("boat"), house.cloud.site("ess")
    dialog = await options_of(house.hass, house.entry)
    for field in ("sites", "forecast_sites"):
        assert list(choices(dialog, field).items()) == [
            (str(ess.id), "House by the canal"),
            (str(boat.id), "Sailing boat"),
        ]


async def test_options_are_kept(house: House) -> None:
    """What was chosen is shown again, tags without blanks."""
    site = str(house.cloud.site("ess").id)
    dialog = await options_of(house.hass, house.entry)
    wanted = {
        "poll_interval": 120,
        "sites": [site],
        "tags": [" ess ", "", "  "],
        "forecast_sites": [site],
        "history": False,
    }
    await dialog.fill(**wanted)
    clean = wanted | {"tags": ["ess"]}
    assert dict(house.entry.options) == clean
    assert isinstance(house.entry.options["poll_interval"], int)
    assert (await options_of(house.hass, house.entry)).prefilled == clean


async def test_chosen_sites(house: House) -> None:
    """Only what was chosen is shown, at once; and all again when nothing is chosen."""
    client = house.entry.runtime_data.client
    assert sites_shown(house) == {"ess", "boat"}
    dialog = await options_of(house.hass, house.entry)
    await dialog.fill(poll_interval=300, history=False, sites=[str(house.cloud.site("boat").id)])
    await house.live(1)
    assert house.entry.state is ConfigEntryState.LOADED
    assert house.entry.runtime_data.client is not client
    assert sites_shown(house) == {"boat"}
    dialog = await options_of(house.hass, house.entry)
    assert len(choices(dialog, "sites")) == 2
    await dialog.fill(poll_interval=300, history=False)
    await house.live(1)
    assert "sites" not in house.entry.options
    assert sites_shown(house) == {"ess", "boat"}


@pytest.mark.parametrize("tag", ["boat", "BOAT", " Boat "])
async def test_tags(house: House, tag: str) -> None:
    """Only sites with one of the tags are shown, however that is written."""
    dialog = await options_of(house.hass, house.entry)
    await dialog.fill(poll_interval=300, history=False, tags=[tag, "nobody has this"])
    await house.live(1)
    assert sites_shown(house) == {"boat"}


async def test_tag_of_nobody(house: House) -> None:
    """A tag that no site has leaves nothing to show, and can be taken back."""
    dialog = await options_of(house.hass, house.entry)
    await dialog.fill(poll_interval=300, history=False, tags=["nobody has this"])
    await house.live(1)
    assert house.entry.state is ConfigEntryState.LOADED
    assert sites_shown(house) == set()
    dialog = await options_of(house.hass, house.entry)
    assert len(choices(dialog, "sites")) == 2
    await dialog.fill(poll_interval=300, history=False, tags=[])
    await house.live(1)
    assert sites_shown(house) == {"ess", "boat"}


async def test_sites_that_are_gone(start: Start, cloud: VrmSimulator) -> None:
    """A chosen site that is gone stays chosen until the user takes it out."""
    known = str(cloud.site("ess").id)
    house = await start(make_entry(cloud, {"sites": ["1", known], "forecast_sites": ["2"]}))
    assert sites_shown(house) == {"ess"}
    dialog = await options_of(house.hass, house.entry)
    offered = choices(dialog, "sites")
    assert (offered["1"], offered["2"], offered[known]) == ("1", "2", "House by the canal")
    assert dialog.prefilled["sites"] == ["1", known]
    await dialog.fill(poll_interval=300, history=False, sites=["1", known], forecast_sites=["2"])
    assert house.entry.options["sites"] == ["1", known]
    dialog = await options_of(house.hass, house.entry)
    await dialog.fill(poll_interval=300, history=False, sites=[known])
    assert "1" not in choices(await options_of(house.hass, house.entry), "sites")


async def test_cloud_away(start: Start, cloud: VrmSimulator) -> None:
    """While nobody knows the account's sites, those that were chosen are offered by number."""
    cloud.inject("status", status=503, times=None)
    house = await start(make_entry(cloud, {"sites": ["7"], "tags": ["x"]}))
    assert house.entry.state.value == "setup_retry"
    dialog = await options_of(house.hass, house.entry)
    assert choices(dialog, "sites") == {"7": "7"}
    await dialog.fill(poll_interval=600, history=False, sites=["7"], tags=["y"])
    assert house.entry.options["tags"] == ["y"]


@pytest.mark.parametrize("interval", [0, -1, 119, 901, 1e9, "often", None])
async def test_interval_limits(house: House, interval: Any) -> None:
    """VRM is neither asked too often nor forgotten."""
    dialog = await options_of(house.hass, house.entry)
    with pytest.raises(InvalidData):
        await dialog.fill(poll_interval=interval, history=False)
    await dialog.fill(poll_interval=120.0, history=False)
    assert house.entry.options["poll_interval"] == 120


@pytest.mark.parametrize("interval", [120, 900])
async def test_interval(house: House, interval: int) -> None:
    """The cloud is asked as often as the user wants."""
    dialog = await options_of(house.hass, house.entry)
    await dialog.fill(poll_interval=interval, history=False)
    await house.live(1)
    path = f"/v2/users/{house.cloud.owner.id}/installations"
    house.cloud.stats.reset()
    await house.live(3600)
    asked = house.cloud.stats.requests[path]
    assert 3600 / (1.5 * interval) <= asked <= 3600 / (0.8 * interval) + 1


async def test_unknown_site_cannot_be_chosen(house: House) -> None:
    """What is neither a site nor was chosen before is refused."""
    dialog = await options_of(house.hass, house.entry)
    with pytest.raises(InvalidData):
        await dialog.fill(poll_interval=300, history=False, sites=["99"])


async def test_history(house: House) -> None:
    """History is imported only if the user wants it; without a recorder he is told."""
    await house.live(60)
    assert house.issues == []
    dialog = await options_of(house.hass, house.entry)
    await dialog.fill(poll_interval=300, history=True)
    await house.live(60)
    assert house.entry.options["history"] is True
    assert house.issues == ["history_impossible"]
    dialog = await options_of(house.hass, house.entry)
    await dialog.fill(poll_interval=300, history=False)
    await house.live(60)
    assert house.issues == []
