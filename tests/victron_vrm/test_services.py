"""Actions: time series, raw values, history, and clearing an alarm."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockUser
import voluptuous as vol

from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError, Unauthorized
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from simulators.victron_vrm import VrmSimulator
from simulators.victron_vrm.devices import DeviceType

from .common import DOMAIN, House, make_entry
from .recording import CODES

type Start = Callable[..., Awaitable[House]]

HOUR = 3600
DAY = 24 * HOUR


def when(moment: float) -> str:
    """Return a moment as a user writes it."""
    return dt_util.utc_from_timestamp(moment).isoformat()


async def test_statistics(house: House, cloud: VrmSimulator) -> None:
    """Any series can be had."""
    site = cloud.site("ess")
    start = int(cloud.now) // HOUR * HOUR - DAY
    found = await house.act(
        "get_statistics",
        site_id=str(site.id),
        type="kwh",
        interval="hours",
        start=when(start),
        end=when(start + DAY),
        codes=list(CODES),
    )
    flows = site.ledger.energy(start, start + DAY)
    for code, series in found["records"].items():
        assert sum(it["value"] for it in series) == pytest.approx(
            flows[CODES.index(code)], abs=0.01
        )
        assert series[0]["start"].endswith("+00:00")


@pytest.mark.parametrize(
    ("kind", "interval", "codes"),
    [
        ("live_feed", "15mins", []),
        ("venus", "hours", []),
        ("consumption", "days", []),
        ("solar_yield", "days", []),
        ("forecast", "hours", []),
        ("custom", "hours", ["bs"]),
        ("generator", "weeks", []),
        ("generator-runtime", "days", []),
        ("evcs", "days", []),
        ("live_feed_kwh", "hours", []),
        ("dynamic_ess", "hours", []),
        ("kwh", "2hours", []),
        ("kwh", "months", []),
        ("kwh", "years", []),
    ],
)
async def test_all_types(
    house: House, cloud: VrmSimulator, kind: str, interval: str, codes: list[str]
) -> None:
    """Every type and every interval that VRM knows is passed on."""
    found = await house.act(
        "get_statistics",
        site_id=str(cloud.site("ess").id),
        type=kind,
        interval=interval,
        start=when(cloud.now - DAY),
        codes=codes,
    )
    assert found.keys() == {"records", "totals"}


@pytest.mark.parametrize("as_object", [False, True])
async def test_statistics_of_one_device(house: House, cloud: VrmSimulator, as_object: bool) -> None:
    """One of several devices can be asked for; means come with what they were at least and most."""
    cloud.instances_as_object = as_object
    site = cloud.site("ess")
    solar = next(it.instance for it in site.devices if it.type is DeviceType.SOLAR_CHARGER)
    question = {
        "site_id": str(site.id),
        "type": "custom",
        "interval": "hours",
        "start": when(cloud.now - DAY),
        "codes": ["bs", "dYU"],
    }
    everything = await house.act("get_statistics", **question)
    one = await house.act("get_statistics", **question, instance=solar)
    assert everything["records"].keys() == {"bs", "dYU"}
    assert one["records"].keys() == {"dYU"}
    assert one["records"]["dYU"] == everything["records"]["dYU"]
    means = everything["records"]["bs"]
    assert len(means) > 20
    assert all(it["min"] <= it["value"] <= it["max"] for it in means)


@pytest.mark.parametrize(
    ("interval", "days"),
    [
        ("15mins", 32),
        ("hours", 32),
        ("days", 181),
        ("weeks", 141),
        ("months", 740),
        ("years", 1900),
    ],
)
async def test_span_too_long(house: House, cloud: VrmSimulator, interval: str, days: int) -> None:
    """What VRM would refuse is refused before it is asked, with the longest span."""
    before = cloud.stats.calls.total()
    with pytest.raises(ServiceValidationError) as err:
        await house.act(
            "get_statistics",
            site_id=str(cloud.site("ess").id),
            type="kwh",
            interval=interval,
            start=when(cloud.now - days * DAY),
        )
    assert err.value.translation_key == "span_too_long"
    assert cloud.stats.calls.total() == before


async def test_no_span(house: House, cloud: VrmSimulator) -> None:
    """A span has to have a length."""
    with pytest.raises(ServiceValidationError) as err:
        await house.act(
            "get_statistics",
            site_id=str(cloud.site("ess").id),
            type="kwh",
            interval="hours",
            start="2026-01-02 00:00:00",
            end="2026-01-01 00:00:00",
        )
    assert err.value.translation_key == "no_span"


async def test_records(house: House, cloud: VrmSimulator) -> None:
    """Everything that was ever logged can be had, or some of it, with when that was."""
    site_id = str(cloud.site("ess").id)
    everything = await house.act("get_diagnostics_records", site_id=site_id)
    assert len(everything["records"]) > 100
    some = await house.act("get_diagnostics_records", site_id=site_id, codes=["bs", "bst"])
    assert {it["code"] for it in some["records"]} == {"bs", "bst"}
    state = next(it for it in some["records"] if it["code"] == "bst")
    assert state["text"] in {"Idle", "Charging", "Discharging"}
    assert state["logged"]


async def test_no_right(house: House, cloud: VrmSimulator) -> None:
    """What the account may not see is said."""
    cloud.site("ess").access_level = 0
    with pytest.raises(HomeAssistantError) as err:
        await house.act("get_diagnostics_records", site_id=str(cloud.site("ess").id))
    assert err.value.translation_key == "forbidden"


async def test_refused(house: House, cloud: VrmSimulator) -> None:
    """VRM's own words reach the user where it does not take something."""
    cloud.inject(
        "status",
        f"/v2/installations/{cloud.site('ess').id}/stats",
        status=400,
        body='{"success": false, "errors": {"type": "is unknown"}}',
    )
    with pytest.raises(ServiceValidationError) as err:
        await house.act(
            "get_statistics",
            site_id=str(cloud.site("ess").id),
            type="nonsense",
            interval="hours",
            start=when(cloud.now - DAY),
        )
    assert err.value.translation_key == "refused"
    assert err.value.translation_placeholders
    assert err.value.translation_placeholders["reason"] == "is unknown"


@pytest.mark.parametrize("site_id", ["1", "22"])
async def test_no_site(house: House, site_id: str) -> None:
    """Another account's site is none of this one's."""
    with pytest.raises(ServiceValidationError) as err:
        await house.act("get_diagnostics_records", site_id=site_id)
    assert err.value.translation_key == "no_site"


@pytest.mark.parametrize(
    ("service", "data"), [("clear_alarm", {"alarm_id": 1}), ("import_history", {})]
)
async def test_only_for_administrators(
    house: House,
    hass: HomeAssistant,
    cloud: VrmSimulator,
    hass_read_only_user: MockUser,
    service: str,
    data: dict[str, Any],
) -> None:
    """What changes something is for administrators."""
    with pytest.raises(Unauthorized):
        await hass.services.async_call(
            DOMAIN,
            service,
            {"config_entry_id": house.entry.entry_id, "site_id": str(cloud.site("ess").id)} | data,
            blocking=True,
            context=Context(user_id=hass_read_only_user.id),
        )


async def test_there_without_an_entry(hass: HomeAssistant) -> None:
    """Actions exist before anything is set up."""
    assert await async_setup_component(hass, DOMAIN, {})
    assert set(hass.services.async_services()[DOMAIN]) == {
        "clear_alarm",
        "get_diagnostics_records",
        "get_statistics",
        "import_history",
    }


async def test_entry_not_loaded(hass: HomeAssistant, cloud: VrmSimulator) -> None:
    """An action on an entry that is not loaded says so."""
    entry = make_entry(cloud)
    entry.add_to_hass(hass)
    assert await async_setup_component(hass, DOMAIN, {})
    await hass.config_entries.async_unload(entry.entry_id)
    with pytest.raises(ServiceValidationError) as err:
        await hass.services.async_call(
            DOMAIN,
            "import_history",
            {"config_entry_id": entry.entry_id, "site_id": "1"},
            blocking=True,
        )
    assert err.value.translation_domain == "homeassistant"


async def test_bad_input(house: House) -> None:
    """What is no number of a site is refused."""
    with pytest.raises(vol.Invalid):
        await house.act("get_diagnostics_records", site_id="house")
