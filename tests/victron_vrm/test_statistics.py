"""The other way to keep hours: statistics of their own; and what imported energy has cost."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest

from custom_components.victron_vrm.statistics import ExternalStatistics
from homeassistant.components.energy.data import async_get_manager
from homeassistant.const import UnitOfEnergy
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from simulators.victron_vrm import VrmSimulator
from simulators.victron_vrm.site import Site

from .common import House, make_entry
from .recording import HOUR, compiled, hours, wrong_hours
from .test_history import only, sensor

type Start = Callable[..., Awaitable[House]]

DAY = 86400


@pytest.fixture
def site(cloud: VrmSimulator) -> Site:
    """Return a house that is connected to VRM since forty days."""
    site = cloud.site("ess")
    site.created = int(cloud.now) // HOUR * HOUR - 40 * DAY
    return site


async def test_statistics_of_their_own(
    recorder_mock: Any, hass: HomeAssistant, cloud: VrmSimulator, site: Site, start: Start
) -> None:
    """The same hours, in statistics that belong to no sensor: all counters, whatever is disabled."""
    with patch("custom_components.victron_vrm.history.SensorStatistics", ExternalStatistics):
        house = await start(make_entry(cloud, {"history": True}))
        only(house)
        await house.live(5 * HOUR)
        assert house.state("history").state == "100.0"
        for counter in ("grid_import", "solar"):
            found = await hours(hass, f"victron_vrm:{site.id}_{counter}")
            assert len(found) > 40 * 24
            assert found[0]["change"] == pytest.approx(0)
            assert wrong_hours(site, counter, found[1:]) == []
        assert house.issues == []


async def priced(hass: HomeAssistant, house: House, **price: Any) -> str:
    """Give imported energy a price, as the energy settings do; return the cost sensor's id."""
    manager = await async_get_manager(hass)
    source: Any = {
        "type": "grid",
        "stat_energy_from": sensor(house, "grid_import"),
        "stat_energy_to": None,
        "stat_cost": None,
        "stat_compensation": None,
        "entity_energy_price": None,
        "number_energy_price": None,
        "entity_energy_price_export": None,
        "number_energy_price_export": None,
        "cost_adjustment_day": 0,
    }
    await manager.async_update(
        {
            "energy_sources": [source | price],
            "device_consumption": [],
            "device_consumption_water": [],
        }
    )
    await hass.async_block_till_done()
    found: str = hass.data["energy"]["cost_sensors"][sensor(house, "grid_import")]
    return found


@pytest.mark.parametrize(
    ("unit", "value", "each", "settling"),
    [
        (None, 0.5, 0.5, 600),
        ("EUR/MWh", 250.0, 0.25, 600),
        ("EUR", 0.3, 0.3, 600),
        (None, 0.5, 0.5, 4000),  # the last hour comes after all others
    ],
)
async def test_costs(
    recorder_mock: Any,
    hass: HomeAssistant,
    cloud: VrmSimulator,
    site: Site,
    start: Start,
    unit: str | None,
    value: float,
    each: float,
    settling: float,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A price in the energy settings counts for imported hours as it does for live ones."""
    monkeypatch.setattr("custom_components.victron_vrm.history.SETTLING", settling)
    assert await async_setup_component(hass, "energy", {})
    house = await start(make_entry(cloud, {"history": True}))
    only(house, "grid_import")
    price: dict[str, Any] = {"number_energy_price": value}
    if unit:
        hass.states.async_set(
            "sensor.price", str(value), {"unit_of_measurement": unit, "state_class": "measurement"}
        )
        price = {"entity_energy_price": "sensor.price"}
    cost_id = await priced(hass, house, **price)
    hour = dt_util.utcnow().replace(minute=55, second=0, microsecond=0)
    await compiled(hass)
    await compiled(hass, hour)
    await house.live(2.5 * HOUR)
    energy = await hours(hass, sensor(house, "grid_import"))
    costs = {it["start"]: it["change"] for it in await hours(hass, cost_id)}
    before = [it for it in energy[1:] if it["start"] < hour.timestamp() - HOUR]
    assert len(before) > 39 * 24
    assert sum(it["change"] for it in before) > 1
    for row in before:
        assert costs[row["start"]] == pytest.approx(row["change"] * each, abs=1e-6)
    again = sum(costs.values())
    await house.live(3 * HOUR)
    found = await hours(hass, cost_id)
    assert sum(it["change"] for it in found) == pytest.approx(again, abs=5)


async def test_no_price(
    recorder_mock: Any, hass: HomeAssistant, cloud: VrmSimulator, site: Site, start: Start
) -> None:
    """Without a price, or with one that nobody knows, there are no costs."""
    assert await async_setup_component(hass, "energy", {})
    house = await start(make_entry(cloud, {"history": True}))
    only(house, "grid_import")
    cost_id = await priced(hass, house, entity_energy_price="sensor.unknown_price")
    await compiled(hass)
    await house.live(2 * HOUR)
    assert await hours(hass, cost_id) == []


async def test_price_without_a_past(
    recorder_mock: Any, hass: HomeAssistant, cloud: VrmSimulator, site: Site, start: Start
) -> None:
    """A price of which nothing is recorded counts from now on only."""
    assert await async_setup_component(hass, "energy", {})
    house = await start(make_entry(cloud, {"history": True}))
    only(house, "grid_import")
    hass.states.async_set("sensor.price", "0.3", {"unit_of_measurement": "EUR/kWh"})
    cost_id = await priced(hass, house, entity_energy_price="sensor.price")
    await compiled(hass)
    await compiled(hass, dt_util.utcnow().replace(minute=55, second=0, microsecond=0))
    await house.live(2 * HOUR)
    assert len(await hours(hass, cost_id)) == 1


async def test_sensor_enabled_later(
    recorder_mock: Any, hass: HomeAssistant, cloud: VrmSimulator, site: Site, start: Start
) -> None:
    """A sensor that is enabled after the import gets its history too."""
    house = await start(make_entry(cloud, {"history": True}))
    only(house, "grid_import")
    await compiled(hass)
    await house.live(2 * HOUR)
    consumption = sensor(house, "solar")
    er.async_get(hass).async_update_entity(consumption, disabled_by=None)
    assert await hass.config_entries.async_reload(house.entry.entry_id)
    await house.live(1)
    # Not the last five minutes of an hour: the cloud's clock is ahead, and its hours are there.
    soon = dt_util.utcnow() + timedelta(minutes=5)
    await compiled(hass, soon if soon.minute < 55 else soon + timedelta(minutes=5))
    await house.live(2 * HOUR)
    for counter in ("solar", "grid_import"):
        found = await hours(hass, sensor(house, counter))
        assert found[0]["change"] == pytest.approx(0)
        assert wrong_hours(site, counter, found[1:]) == []
    unit = hass.states.get(consumption)
    assert unit
    assert unit.attributes["unit_of_measurement"] == UnitOfEnergy.KILO_WATT_HOUR
