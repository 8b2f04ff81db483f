"""What is known of a site: devices, ages, units, and what has flowed."""

from collections.abc import Awaitable, Callable
from typing import Any
from unittest.mock import patch

import pytest

from custom_components.victron_vrm.catalog import attribute_of, is_alarm
from custom_components.victron_vrm.clock import Clock
from custom_components.victron_vrm.flows import Counter
from custom_components.victron_vrm.ledger import Ledger, spans
from custom_components.victron_vrm.memory import Progress
from custom_components.victron_vrm.models import Device, Reading, ValueKind
from custom_components.victron_vrm.state import merged
from custom_components.victron_vrm.tree import Tree
from custom_components.victron_vrm.units import quantity
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from simulators.victron_vrm import VrmSimulator
from simulators.victron_vrm.texts import LANGUAGES

from .common import House
from .recording import HOUR, flowed

type Start = Callable[..., Awaitable[House]]

DAY = 24 * HOUR


def reading(code: str = "V", value: Any = 1.0, **more: Any) -> Reading:
    """Return a reading."""
    return Reading(code, ValueKind.NUMBER, value, **more)


async def test_real_time() -> None:
    """Outside of tests, time is the machine's."""
    clock = Clock()
    before = type(clock).monotonic(clock)
    await type(clock).sleep(clock, 0)
    assert type(clock).monotonic(clock) >= before
    assert type(clock).time(clock) > 1.7e9


@pytest.mark.parametrize(
    ("form", "unit", "decimals"),
    [
        ("%.1F %%", "%", 1),
        ("%.2F V", "V", 2),
        ("%.0F VAC", "V", 0),
        ("%.1F °C", "°C", 1),
        ("%.3F m3", "m³", 3),
        ("%d", None, None),
        ("%s", None, None),
        ("", None, None),
        ("nonsense", None, None),
        ("%.2F furlongs", "furlongs", 2),
    ],
)
def test_units(form: str, unit: str | None, decimals: int | None) -> None:
    """A unit comes from the format, whatever stands there."""
    found = quantity(form)
    assert (found.unit, found.decimals) == (unit, decimals)


def test_newer_wins() -> None:
    """Of two answers the later value counts, whichever comes first; the same one is not new."""
    tree = Tree()
    old, new = reading(at=100.0, attribute=47), reading(value=2.0, at=200.0, attribute=47)
    first = merged({}, [new], tree)
    assert merged(first, [old], tree) == first
    again = merged(first, [reading(value=2.0, at=200.0, attribute=47)], tree)
    assert next(iter(again.values())) is new


@pytest.mark.parametrize(
    ("row", "key"),
    [
        (reading(device_type=0, service="settings", attribute=1), "gateway"),
        (reading(device_type=6, service="system", attribute=143), "site"),
        (reading(device_type=2, service="battery", instance=5, attribute=47), "battery_5"),
        (reading(device_type=0, service="gps", attribute=4), "site"),
        (reading(service="tank", instance=0, attribute=330), "tank_0"),
        (reading(service="system", attribute=9), "site"),
        (reading(service="settings", device_name="?", attribute=9), "gateway"),
        (reading("consumption"), "site"),
        (reading(device_name="Batteriewächter", instance=7, attribute=9), "battery_7"),
        (reading(device_name="Unbekannt", instance=8, attribute=9), "device_8"),
        (reading(device_type=99, service="heatpump", instance=1, attribute=9), "type99_1"),
        (reading(service="heatpump", instance=1, attribute=9), "heatpump_1"),
        (reading(device_type=98, instance=1, attribute=9), "type98_1"),
    ],
)
def test_places(row: Reading, key: str) -> None:
    """A reading belongs to the device that its kind, its service or its name tells."""
    tree = Tree().with_overview(
        [
            Device(2, 7, "Batteriewächter"),
            Device(0, None, "Gateway"),
            Device(None, 8, "Unbekannt"),
        ]
    )
    assert tree.device_of(row) == key


def test_kinds_are_learnt() -> None:
    """What only the account's overview tells of an attribute counts for the diagnostics too."""
    tree = Tree().learning([reading(device_type=6, service="system", attribute=559)])
    row = reading(service="vebus", device_name="VE.Bus System", instance=276, attribute=559)
    assert tree.device_of(row) == "site"


def test_not_what_it_seems() -> None:
    """An attribute with another unit than ours is something else; bits are no enum."""
    assert attribute_of(reading(attribute=47), "V")
    assert attribute_of(reading(attribute=47), "A") is None
    assert attribute_of(reading(attribute=40), None) is None
    bits = Reading("x", ValueKind.ENUM, 3, attribute=40, bitmask=True)
    assert attribute_of(bits, None) is None
    assert not is_alarm(bits)


def test_pieces_of_a_span() -> None:
    """A long span is asked for in pieces, an empty one not at all."""
    assert list(spans(0, 25, 10)) == [(0, 10), (10, 20), (20, 25)]
    assert list(spans(5, 5, 10)) == []


def test_nothing_has_flowed() -> None:
    """A site without flows counts nothing."""
    ledger = Ledger(0)
    assert ledger.counters == frozenset()
    assert ledger.rows(Counter.SOLAR, DAY) == []


def test_nothing_to_import() -> None:
    """A site that is younger than what is kept anyway has its whole history."""
    assert Progress(100, 100, 100).percent == 100
    assert Progress(0, 100, 25).percent == 75


async def test_silence_while_we_are_off(
    start: Start, hass: HomeAssistant, cloud: VrmSimulator
) -> None:
    """A backlog that arrives after Home Assistant and the site were both away is counted."""
    house = await start()
    site = cloud.site("ess")
    cloud.go_offline(site, 3 * DAY, delay=6 * HOUR)
    await house.live(HOUR)
    assert await hass.config_entries.async_unload(house.entry.entry_id)
    await house.clock.advance(3 * DAY)
    assert await hass.config_entries.async_setup(house.entry.entry_id)
    await house.live(9 * HOUR)
    assert float(house.state("consumption_today").state) >= 0
    assert float(house.state("battery_discharge_energy").state) == pytest.approx(
        flowed(site, "battery_discharge", site.created // HOUR * HOUR, cloud.now), abs=2
    )


async def test_no_battery_power(house: House, cloud: VrmSimulator) -> None:
    """Without a current nobody knows the power."""
    cloud.hold(cloud.site("ess"), "bc", "unknown")
    await house.live(400)
    assert house.state("battery_power").state in {"unknown", "unavailable"}


@pytest.mark.parametrize("kinds", [["ess"]])
async def test_language_changes(house: House, cloud: VrmSimulator) -> None:
    """Devices keep their entities when the account speaks another language, though names are others."""
    await house.live(2000)
    before = ids(house)
    german = {"PV Inverter": "PV-Wechselrichter", "Grid meter": "Netzzähler"}
    with patch.dict(LANGUAGES["de"], german):
        cloud.set_language("de")
        await house.live(2000)
        assert ids(house) == before
        unheard = {it for it in before if is_unavailable(house, it)}
        await house.live(7 * 3600)
        assert ids(house) == before
        assert {it for it in before if is_unavailable(house, it)} == unheard


@pytest.mark.parametrize("kinds", [["ess"]])
async def test_device_is_not_listed_any_more(house: House, cloud: VrmSimulator) -> None:
    """A device of a kind that we do not know stays what it is, listed or not, also over a restart."""
    await house.live(2000)
    before = ids(house)
    cloud.device(cloud.site("ess"), "pv_inverter", 20).listed = False
    await house.live(8 * 3600)
    assert ids(house) == before
    assert await house.hass.config_entries.async_reload(house.entry.entry_id)
    await house.live(2000)
    assert ids(house) == before


def ids(house: House) -> set[str]:
    """Return the unique ids of all entities."""
    registry = er.async_get(house.hass)
    entries = er.async_entries_for_config_entry(registry, house.entry.entry_id)
    return {it.unique_id for it in entries}


def is_unavailable(house: House, unique_id: str) -> bool:
    """Return whether an entity of a PV inverter or a grid meter shows nothing."""
    entity_id = house.find("sensor", unique_id)
    state = house.hass.states.get(entity_id) if entity_id else None
    return state is not None and state.state == "unavailable"
