"""Energy since a site exists and of today, and what is expected."""

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from custom_components.victron_vrm.energy import async_get_solar_forecast
from custom_components.victron_vrm.forecast import Outlook
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from simulators.clock import ManualClock
from simulators.victron_vrm import Site, VrmSimulator

from .common import House, make_entry
from .recording import HOUR, PARTS, flowed

type Start = Callable[..., Awaitable[House]]

DAY = 86400


def assert_since_created(site: Site, counter: str, shown: float, now: float) -> None:
    """It is all that has flowed since the site exists; that began somewhere within an hour."""
    begun = site.created // HOUR * HOUR
    most, least = (flowed(site, counter, start, now) for start in (begun, begun + HOUR))
    assert least - 0.1 <= shown <= most + 0.1


async def test_totals(house: House, cloud: VrmSimulator) -> None:
    """A counter shows what has flowed since the site exists; all of them add up."""
    site = cloud.site("ess")
    now = site.logged(cloud.now)
    shown = {
        it: house.state(f"{it}_energy") for it in PARTS if it not in {"generator", "consumption"}
    }
    for counter, state in shown.items():
        assert_since_created(site, counter, float(state.state), now)
        assert state.attributes["state_class"] == "total"
        assert state.attributes["device_class"] == "energy"
        assert "last_reset" not in state.attributes
    assert house.find("sensor", f"{site.id}-generator_energy") is None


async def test_today(house: House, cloud: VrmSimulator) -> None:
    """Today begins at midnight where the site is."""
    site = cloud.site("ess")
    await house.live(2000)
    state = house.state("solar_today")
    midnight = site.midnight(cloud.now)
    assert state.attributes["last_reset"] == dt_util.utc_from_timestamp(midnight).isoformat()
    await house.live(DAY)
    state = house.state("consumption_today")
    midnight = site.midnight(cloud.now)
    assert state.attributes["last_reset"] == dt_util.utc_from_timestamp(midnight).isoformat()
    assert float(state.state) == pytest.approx(
        flowed(site, "consumption", midnight, cloud.now), abs=1
    )


async def test_battery_power(house: House) -> None:
    """Power of the battery has the dashboard's sign, that of the grid too: import is positive."""
    power = float(house.state("battery_power").state)
    assert (power > 0) == (float(house.state("bc").state) < 0)
    assert house.state("battery_power").attributes["state_class"] == "measurement"


@pytest.mark.parametrize("empty", ["false", "list", "object"])
@pytest.mark.parametrize("kinds", [["battery_only"]])
async def test_no_flows(start: Start, cloud: VrmSimulator, empty: str) -> None:
    """A site that has a battery monitor only counts nothing, and is there all the same."""
    cloud.empty = type(cloud.empty)(empty)
    house = await start()
    await house.live(2 * HOUR)
    site = cloud.site("battery_only")
    assert house.find("sensor", f"{site.id}-solar_energy") is None
    assert house.find("sensor", f"{site.id}-solar_forecast_today") is None
    assert house.state("bs", kind="battery_only").state != "unavailable"
    assert cloud.stats.calls["GET installations/{site}/overallstats"] == 0


async def test_forecast(house: House, hass: HomeAssistant, cloud: VrmSimulator) -> None:
    """What the sun will yield: of the day, of its rest, and by the hour for the dashboard."""
    today = float(house.state("solar_forecast_today").state)
    rest = float(house.state("solar_forecast_remaining").state)
    assert 0 <= rest <= today
    found = await async_get_solar_forecast(hass, house.entry.entry_id)
    assert found
    hours = {datetime.fromisoformat(it): wh for it, wh in found["wh_hours"].items()}
    site = cloud.site("ess")
    midnight = site.midnight(cloud.now)
    of_today = sum(wh for it, wh in hours.items() if midnight <= it.timestamp() < midnight + DAY)
    assert today == pytest.approx(of_today / 1000, abs=0.01)
    peak = datetime.fromisoformat(house.state("solar_peak_today").state)
    assert hours[peak] == max(
        wh for it, wh in hours.items() if midnight <= it.timestamp() < midnight + DAY
    )
    assert await async_get_solar_forecast(hass, "nobody") is None


@pytest.mark.parametrize("kinds", [["ess", "ev"]])
async def test_forecast_of_chosen_sites(
    start: Start, hass: HomeAssistant, cloud: VrmSimulator
) -> None:
    """The dashboard gets the sum over the sites that count."""
    house = await start()
    both = await async_get_solar_forecast(hass, house.entry.entry_id)
    hass.config_entries.async_update_entry(
        house.entry, options={"forecast_sites": [str(cloud.site("ev").id)]}
    )
    one = await async_get_solar_forecast(hass, house.entry.entry_id)
    assert both
    assert one
    assert 0 < sum(one["wh_hours"].values()) < sum(both["wh_hours"].values())


async def test_forecast_that_goes_away(
    house: House, hass: HomeAssistant, cloud: VrmSimulator
) -> None:
    """Where VRM has none any more there is none, and the dashboard goes without."""
    cloud.site("ess").forecast = False
    await house.live(2 * HOUR)
    assert house.state("solar_forecast_today").state == "unavailable"
    assert await async_get_solar_forecast(hass, house.entry.entry_id) is None
    await hass.config_entries.async_unload(house.entry.entry_id)
    assert await async_get_solar_forecast(hass, house.entry.entry_id) is None


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25)])
def test_days_of_other_lengths(day: date, hours: int) -> None:
    """The days on which clocks change have 23 and 25 hours."""
    zone = dt_util.get_time_zone("Europe/Rome")
    assert zone
    start = datetime(day.year, day.month, day.day, tzinfo=zone).timestamp()
    outlook = Outlook.of(tuple((start + at * HOUR, 1000.0) for at in range(-24, 72)))
    assert outlook
    noon = start + 10 * HOUR
    assert outlook.day(noon, zone) == hours * 1000
    assert outlook.day(noon, zone, 1) == 24000
    assert outlook.rest_of_day(noon, zone) == (hours - 10) * 1000
    assert outlook.rest_of_day(noon + 1800, zone) == (hours - 10) * 1000 - 500
    assert outlook.next_hour(noon + 60) == 1000
    assert outlook.day(noon + 10 * DAY, zone) is None
    assert outlook.peak(noon + 10 * DAY, zone) is None


def test_no_sun() -> None:
    """Where nothing is expected there is no best hour."""
    outlook = Outlook.of(((0.0, 0.0), (3600.0, 0.0)))
    assert outlook
    assert outlook.peak(60, UTC) is None
    assert outlook.day(60, UTC) == 0
    assert Outlook.of(()) is None


async def test_late_corrections(house: House, cloud: VrmSimulator, clock: ManualClock) -> None:
    """A counter follows corrections, and does not forget over a restart what it has counted."""
    before = float(house.state("solar_energy").state)
    site = cloud.site("ess")
    await house.live(3 * DAY)
    total = float(house.state("solar_energy").state)
    assert total > before
    assert await house.hass.config_entries.async_reload(house.entry.entry_id)
    await house.live(1)
    assert_since_created(site, "solar", float(house.state("solar_energy").state), cloud.now)
    asked = [it for it in cloud.stats.spans if it[2] == "years"]
    assert len(asked) <= 4  # what was long ago is asked for once


async def test_energy_cannot_be_read(start: Start, cloud: VrmSimulator) -> None:
    """Without energy there are the live values; it comes later."""
    cloud.inject(
        "status", f"/v2/installations/{cloud.site('ess').id}/stats", times=None, status=500
    )
    house = await start()
    assert house.find("sensor", f"{cloud.site('ess').id}-solar_energy") is None
    assert house.state("bs").state != "unavailable"
    cloud.clear_faults()
    await house.live(2 * HOUR)
    assert float(house.state("solar_energy").state) > 0


async def test_unknown_creation(start: Start, cloud: VrmSimulator, monkeypatch: Any) -> None:
    """Where VRM does not say since when a site exists, counting begins two days ago."""
    monkeypatch.setattr("custom_components.victron_vrm.api.parse_site", without_creation())
    house = await start(make_entry(cloud))
    assert 0 <= float(house.state("consumption_today").state) < 100
    assert float(house.state("solar_energy").state) < 200


def without_creation() -> Any:
    """Return a parser of sites that does not see when they were made."""
    from custom_components.victron_vrm import parsing  # noqa: PLC0415

    parse = parsing.parse_site
    return lambda record: parse({**record, "syscreated": None})


def test_time_passes() -> None:
    """The forecast's rest of the day shrinks."""
    zone = UTC
    outlook = Outlook.of(tuple((at * 3600.0, 100.0) for at in range(24)))
    assert outlook
    moments = [timedelta(hours=it).total_seconds() for it in (0, 6, 12, 23.5)]
    assert [outlook.rest_of_day(it, zone) for it in moments] == [2400, 1800, 1200, 50]
