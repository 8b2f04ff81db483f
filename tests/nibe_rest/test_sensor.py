"""Sensors as a user sees them."""

from collections.abc import Awaitable, Callable

import pytest

from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from simulators.nibe_rest import NibeSimulator, Profile, ids

from .common import House

ALL_SENTINELS = (-32768, 32767, -128, 255, 65535, -2147483648, 2147483647, 4294967295)


async def test_outdoor_temperature(house: House) -> None:
    """A temperature follows the heat pump's."""
    house.pump.set_value(ids.OUTDOOR, -53)
    await house.poll()
    assert house.state("sensor", ids.OUTDOOR).state == "-5.3"
    assert house.state("sensor", ids.OUTDOOR).attributes["device_class"] == "temperature"


async def test_sentinel_is_unknown(house: House) -> None:
    """A sensor that is not connected is unknown, not -3276.8 °C."""
    house.pump.set_value(ids.OUTDOOR, -32768)
    await house.poll()
    assert house.state("sensor", ids.OUTDOOR).state == "unknown"


async def test_impossible_temperature(house: House) -> None:
    """Nor does a broken sensor show what cannot be."""
    house.pump.set_value(ids.OUTDOOR, -3200)
    await house.poll()
    assert house.state("sensor", ids.OUTDOOR).state == "unknown"


@pytest.mark.parametrize(
    ("raw", "shown"),
    [(10, "off"), (20, "hot_water"), (30, "heating"), (40, "pool"), (60, "cooling")],
)
async def test_priority(house: House, raw: int, shown: str) -> None:
    """Codes are shown as what they mean."""
    house.pump.set_value(ids.PRIORITY, raw)
    await house.poll()
    assert house.state("sensor", ids.PRIORITY).state == shown


async def test_unknown_code(house: House, caplog: pytest.LogCaptureFixture) -> None:
    """A code that nobody knows is unknown, said once, and crashes nothing."""
    house.pump.set_value(ids.PRIORITY, 77)
    for _ in range(3):
        await house.poll()
    assert house.state("sensor", ids.PRIORITY).state == "unknown"
    assert sum("77" in record.message for record in caplog.records if "nibe" in record.name) == 1


@pytest.mark.parametrize("point", [ids.ENERGY_PRODUCED, ids.ENERGY_USED])
async def test_energy_dashboard(house: House, point: int) -> None:
    """Lifetime counters fit the energy dashboard."""
    attributes = house.state("sensor", point).attributes
    assert attributes["device_class"] == "energy"
    assert attributes["state_class"] == "total_increasing"
    assert attributes["unit_of_measurement"] == "kWh"


async def test_past_hour_is_no_counter(start: Callable[..., Awaitable[House]]) -> None:
    """What was used in the last hour goes up and down, and is no counter."""
    house = await start(new_points="all")
    points = [
        point
        for point in house.entry.runtime_data.data.points.values()
        if point.register_type == "I" and 2283 <= point.register <= 2303 and point.unit == "kWh"
    ]
    assert points
    for point in points:
        attributes = house.state("sensor", point.point_id).attributes
        assert attributes["state_class"] == "measurement"
        assert "device_class" not in attributes


async def test_degree_minutes(house: House) -> None:
    """Degree minutes are a measurement without a unit, and cannot be set."""
    house.pump.set_value(ids.DEGREE_MINUTES, -605)
    await house.poll()
    state = house.state("sensor", ids.DEGREE_MINUTES)
    assert state.state == "-60.5"
    assert state.attributes["state_class"] == "measurement"
    assert "unit_of_measurement" not in state.attributes


async def test_time_and_date(start: Callable[..., Awaitable[House]]) -> None:
    """Times of day and dates are shown as such."""
    house = await start(new_points="all")
    house.pump.set_value(ids.PERIODIC_START_TIME, 5 * 3600 + 30 * 60)
    house.pump.set_value(ids.COMMISSIONING_DATE, 365)
    await house.poll()
    assert house.state("sensor", ids.PERIODIC_START_TIME).state == "05:30"
    assert house.state("sensor", ids.COMMISSIONING_DATE).state == "2011-01-01"


@pytest.mark.parametrize("profile", list(Profile))
async def test_each_model(
    start: Callable[..., Awaitable[House]], entity_registry: er.EntityRegistry
) -> None:
    """Each model shows 50 to 90 entities at first, each once, and none of them nonsense."""
    house = await start()
    entries = er.async_entries_for_config_entry(entity_registry, house.entry.entry_id)
    enabled = [entry for entry in entries if not entry.disabled_by]
    assert 50 <= len(enabled) <= 90
    assert len({(entry.domain, entry.unique_id) for entry in entries}) == len(entries)
    assert len(entries) >= len(house.entry.runtime_data.data.values)
    for entry in enabled:
        state = house.hass.states.get(entry.entity_id)
        assert state
        assert state.state != "unavailable", entry.entity_id
        if state.attributes.get("unit_of_measurement") == "°C" and state.state != "unknown":
            assert -60 <= float(state.state) <= 200, entry.entity_id


@pytest.mark.parametrize("profile", list(Profile))
async def test_every_point(start: Callable[..., Awaitable[House]]) -> None:
    """With every entity enabled no state is a sentinel and no title holds a soft hyphen."""
    house = await start(new_points="all")
    values = house.entry.runtime_data.data.values
    assert not [point for point, raw in values.items() if raw in (-32768, -2147483648, 4294967295)]
    for state in house.hass.states.async_all("sensor"):
        assert "\u00ad" not in state.name
        assert "\u00a0" not in state.name
        if state.attributes.get("unit_of_measurement") == "°C" and state.state != "unknown":
            assert -60 <= float(state.state) <= 200, state.entity_id


async def test_duplicate_titles_are_told_apart(start: Callable[..., Awaitable[House]]) -> None:
    """Points with the same title bear their register, so that each can be found."""
    house = await start(new_points="all")
    titles = list(house.entry.runtime_data.data.titles.values())
    assert len(set(titles)) == len(titles)


async def test_titles_in_the_users_language(
    hass: HomeAssistant, start: Callable[..., Awaitable[House]], pump: NibeSimulator
) -> None:
    """Points that have no name of ours bear the title of the user's language."""
    english = set(pump.devices[0].points)
    hass.config.language = "sv"
    house = await start()
    titles = house.entry.runtime_data.data.titles
    asked = [record for record in pump.stats.history if record.path.endswith("/points")]
    assert asked
    different = [number for number in english if number in titles]
    assert different
    reference = await start_titles(house)
    assert any(titles[number] != reference.get(number) for number in different)


async def start_titles(house: House) -> dict[int, str]:
    """Return the titles that the same heat pump has in English."""
    client = house.entry.runtime_data.client
    client._language = "en"
    listed = await client.points()
    return {number: point.title for number, point in listed.points.items()}
