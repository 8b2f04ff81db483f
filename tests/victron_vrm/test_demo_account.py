"""The demo account: everything that there is to see, without a network."""

from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from typing import Any

from aiohttp import ClientSession
import orjson
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.victron_vrm.api import VrmClient
from custom_components.victron_vrm.demo_account import FILE, demo_client
from custom_components.victron_vrm.energy import async_get_solar_forecast
from custom_components.victron_vrm.errors import VrmNotFoundError
from custom_components.victron_vrm.flows import FLOWS, Counter, counted
from custom_components.victron_vrm.models import Interval
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant, State
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import device_registry as dr, entity_registry as er
from scripts import freeze_vrm_demo
from simulators.clock import ManualClock
from simulators.victron_vrm import VrmSimulator

from .common import DOMAIN, House
from .recording import compiled, hours

HOUR = 3600
DAY = 24 * HOUR
WEEK = 7 * DAY
NOON = datetime(2026, 11, 18, 11, tzinfo=UTC)  # in Amsterdam, a Wednesday
BEFORE_ALARM = datetime(2026, 11, 18, 4, 40, tzinfo=UTC)
ESS, BOAT = 100200, 100211


@pytest.fixture(autouse=True)
def _sockets() -> None:
    """Leave sockets forbidden, as they are for tests that do not ask for them."""


@pytest.fixture
def clock(request: pytest.FixtureRequest) -> ManualClock:
    """Return a clock that stands at noon, unless a test wants another time."""
    return ManualClock(getattr(request, "param", NOON))


@pytest.fixture
async def house(hass: HomeAssistant, clock: ManualClock) -> House:
    """Return a house with the demo account, set up as a user does it."""
    flow = hass.config_entries.flow
    step: Any = await flow.async_init(DOMAIN, context={"source": "user"})
    step = await flow.async_configure(step["flow_id"], {"next_step_id": "demo"})
    assert step["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()
    (entry,) = hass.config_entries.async_entries(DOMAIN)
    assert entry.state is ConfigEntryState.LOADED
    # The cloud is not running, and cannot be: it only stands for the one that there is not.
    house = House(hass, VrmSimulator(clock=clock), MockConfigEntry(), clock)
    house.entry = entry  # type: ignore[assignment]
    await house.live(1)
    return house


@pytest.fixture
async def client(clock: ManualClock) -> AsyncGenerator[VrmClient]:
    """Return the demo's client alone."""
    async with ClientSession() as session:
        yield demo_client(session)


def state(house: House, key: str, site: int = ESS, platform: str = "sensor") -> State:
    """Return a state of one of the two sites."""
    entity_id = house.find(platform, f"{site}-{key}")
    assert entity_id, key
    found = house.hass.states.get(entity_id)
    assert found
    return found


def number(house: House, key: str, site: int = ESS) -> float:
    """Return a state that is a number."""
    return float(state(house, key, site).state)


def nothing_to_see(hass: HomeAssistant) -> list[str]:
    """Return the enabled entities that show nothing."""
    return [
        it.entity_id
        for it in hass.states.async_all()
        if it.state in {"unavailable", "unknown"} and it.domain != "event"
    ]


async def enable_all(house: House) -> None:
    """Enable every entity."""
    registry = er.async_get(house.hass)
    for it in er.async_entries_for_config_entry(registry, house.entry.entry_id):
        registry.async_update_entity(it.entity_id, disabled_by=None)
    await house.hass.config_entries.async_reload(house.entry.entry_id)
    await house.live(1)


async def test_everything_shows_something(house: House) -> None:
    """Two sites, their devices and tanks: nothing is unavailable that is enabled at first."""
    assert nothing_to_see(house.hass) == []
    assert {ESS, BOAT} == set(house.entry.runtime_data.sites)
    assert len(house.hass.states.async_all()) > 90
    names = {
        it.name
        for it in dr.async_entries_for_config_entry(dr.async_get(house.hass), house.entry.entry_id)
    }
    assert {"House by the canal", "Sailing boat Fresh water tank"} <= names
    await enable_all(house)
    assert len(house.hass.states.async_all()) > 250
    # Numbers that are logged at boot only, of which nobody knows that they still hold.
    assert len(nothing_to_see(house.hass)) <= 10
    assert house.issues == []


async def test_nothing_gets_old(house: House) -> None:
    """Values stay fresh, and move."""
    before = number(house, "consumption")
    await house.live(6 * HOUR)
    assert nothing_to_see(house.hass) == []
    assert number(house, "consumption") != before


async def test_sun(house: House) -> None:
    """The sun shines at noon and not at midnight, and energy follows."""
    assert number(house, "solar_yield") > 1000
    assert number(house, "solar_yield", BOAT) > 50
    assert number(house, "solarcharger_288-PVP") > 500
    await house.live(12 * HOUR)
    assert number(house, "solar_yield") == number(house, "solar_yield", BOAT) == 0
    assert number(house, "solarcharger_288-PVP") == 0
    assert number(house, "consumption") > 50


async def test_power_adds_up(house: House) -> None:
    """What the sun, the grid and the battery give is what is used, at any moment."""
    for _ in range(5):
        await house.live(2.3 * HOUR)
        given = sum(number(house, key) for key in ("solar_yield", "from_to_grid", "battery_power"))
        assert given == pytest.approx(number(house, "consumption"), abs=25)


async def test_energy(house: House) -> None:
    """Counters rise as time passes, and do not when nothing flows."""
    before = {it: number(house, f"{it}_energy") for it in ("solar", "grid_export")}
    assert before["solar"] > 26 * 7 * 5
    assert 0 < number(house, "solar_today") < before["solar"]
    await house.live(2 * HOUR)
    assert before["solar"] + 2 < number(house, "solar_energy") < before["solar"] + 16
    assert number(house, "solar_forecast_today") > 5
    forecast = await async_get_solar_forecast(house.hass, house.entry.entry_id)
    assert forecast
    assert len(forecast["wh_hours"]) >= 7 * 24


@pytest.mark.parametrize("clock", [BEFORE_ALARM], indirect=True)
async def test_alarm(house: House) -> None:
    """Once a week the battery is nearly empty; that is told once."""
    alarm = "battery_512-ASoc"
    assert state(house, alarm, platform="binary_sensor").state == "off"
    assert state(house, "alarm_log", platform="event").state == "unknown"
    await house.live(HOUR)
    assert state(house, alarm, platform="binary_sensor").state == "on"
    told = state(house, "alarm_log", platform="event")
    assert told.attributes["event_type"] == "raised"
    await house.live(2 * HOUR)
    assert state(house, alarm, platform="binary_sensor").state == "off"
    assert state(house, "alarm_log", platform="event") == told


async def test_restarts(house: House) -> None:
    """After each of two restarts everything is as it was."""
    seen = {it.entity_id for it in house.hass.states.async_all()}
    energy = number(house, "solar_energy")
    for _ in range(2):
        await house.hass.config_entries.async_reload(house.entry.entry_id)
        await house.live(60)
        assert {it.entity_id for it in house.hass.states.async_all()} == seen
        assert nothing_to_see(house.hass) == []
        assert energy <= number(house, "solar_energy") < energy + 0.5


async def test_history(recorder_mock: Any, hass: HomeAssistant, house: House) -> None:
    """History can be imported, and energy adds up in each hour of it."""
    hass.config_entries.async_update_entry(house.entry, options={"sites": [str(ESS)]})
    consumption = house.find("sensor", f"{ESS}-consumption_energy")
    assert consumption
    er.async_get(hass).async_update_entity(consumption, disabled_by=None)
    await hass.config_entries.async_reload(house.entry.entry_id)
    await house.live(1)
    await compiled(hass)
    await house.live(1000)
    await house.act("import_history", site_id=ESS, start="2026-11-01")
    await house.live(100)
    assert number(house, "history") == 100
    found = {}
    for it in set(Counter) - {Counter.GENERATOR}:
        rows = await hours(hass, house.find("sensor", f"{ESS}-{it}_energy"))
        assert 17 * 24 <= len(rows) <= 18 * 24
        found[it] = [row["change"] for row in rows[1:]]
    for hour in range(17 * 24):
        change = {it: values[hour] for it, values in found.items()}
        sources = change[Counter.SOLAR] + change[Counter.GRID_IMPORT]
        sinks = change[Counter.CONSUMPTION] + change[Counter.GRID_EXPORT]
        stored = change[Counter.BATTERY_CHARGE] - change[Counter.BATTERY_DISCHARGE]
        assert sources == pytest.approx(sinks + stored, abs=0.001)


# The client alone


async def test_live_values_are_those_of_the_energy(clock: ManualClock, client: VrmClient) -> None:
    """Powers and energy tell the same story, for a whole week."""
    start = clock.now().timestamp()
    powers = []
    for _ in range(168):
        (house, _) = await client.sites(22)
        powers.append(
            next(float(it.value or 0) for it in house.readings if it.code == "solar_yield")
        )
        await clock.advance(HOUR)
    stats = await client.stats(ESS, "kwh", Interval.HOURS, start, start + WEEK, FLOWS)
    solar = sum(
        counted(Counter.SOLAR, {code: points[hour][1] for code, points in stats.series.items()})
        for hour in range(168)
    )
    assert sum(powers) / 1000 == pytest.approx(solar, rel=0.02)


async def test_meters_do_not_fall(clock: ManualClock, client: VrmClient) -> None:
    """What devices have counted goes on when the frozen week begins anew."""
    meters = ("gEr", "gEf", "pE1", "H17", "H18", "YU")
    before: dict[tuple[str, int], float] = {}
    for day in range(22):
        for it in await client.diagnostics(ESS):
            if it.code in meters:
                value, key = float(it.value or 0), (it.code, it.instance)
                assert before.get(key, 0.0) <= value
                assert value < before.get(key, value) + 60
                before[key] = value
        await clock.advance(DAY + day)
    assert len(before) == 7


async def test_spans(clock: ManualClock, client: VrmClient) -> None:
    """A sum does not depend on how a span is cut, and the future is not known."""
    end = clock.now().timestamp()
    start = end - 400 * DAY
    whole = await client.stats(ESS, "kwh", Interval.YEARS, start, end, ("Pc",))
    for interval in Interval:
        parts = await client.stats(ESS, "kwh", interval, start, end + DAY, ("Pc",))
        assert sum(it for _, it in parts.series["Pc"]) == pytest.approx(whole.totals["Pc"])
        assert parts.totals["Pc"] == pytest.approx(whole.totals["Pc"])
    assert [datetime.fromtimestamp(at, UTC).month for at, _ in whole.series["Pc"]] == [10, 1]
    assert (await client.stats(ESS, "kwh", Interval.HOURS, end + 1, end + DAY)).series == {}
    assert (await client.stats(ESS, "evcs", Interval.HOURS, start, end)).series == {}


async def test_nothing_can_be_changed(client: VrmClient) -> None:
    """What is not frozen is not there."""
    with pytest.raises(VrmNotFoundError):
        await client.clear_alarm(ESS, 1)
    with pytest.raises(VrmNotFoundError):
        await client.devices(1)
    with pytest.raises(VrmNotFoundError):
        await client.stats(1, "kwh", Interval.HOURS, 0, 1)


# The file


def test_file() -> None:
    """It is small, and holds a week of each site from Monday to Sunday."""
    assert FILE.stat().st_size < 400_000
    frozen = orjson.loads(FILE.read_bytes())
    assert frozen["begun"] % DAY == 0
    assert set(frozen["live"]) == set(frozen["hours"]) == {str(ESS), str(BOAT)}
    for kinds in frozen["hours"].values():
        assert set(kinds) == {"kwh", "forecast"}
        assert set(kinds["kwh"]) <= set(FLOWS)
        assert all(len(values) == 168 for it in kinds.values() for values in it.values())
    for codes in frozen["live"].values():
        lengths = {len(values) for it in codes.values() for values in it.values()}
        assert lengths == {168, 169}


async def test_file_is_as_the_script_makes_it(socket_enabled: None) -> None:
    """The file is what scripts/freeze_vrm_demo.py makes of today's simulator."""
    assert freeze_vrm_demo.written(await freeze_vrm_demo.frozen()) == FILE.read_text(
        encoding="utf-8"
    )
