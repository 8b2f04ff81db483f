"""Sensors: whatever a site logs is shown, with its unit, and only while it is to be believed."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from unittest.mock import patch

import pytest
from syrupy.assertion import SnapshotAssertion

from custom_components.victron_vrm import parsing
from custom_components.victron_vrm.models import Reading
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
from simulators.victron_vrm import VrmSimulator

from .common import DOMAIN, House

type Start = Callable[..., Awaitable[House]]

EVERY_KIND = [
    *("ess", "off_grid", "boat", "ev", "battery_only"),
    *("monitoring", "no_location", "pv_only", "dead"),
]
HOUR = 3600

# Rows with a value that are no entity, and why.
NOT_SHOWN = {
    "lt": "the location tracker shows it",
    "lg": "the location tracker shows it",
    "tcn": "it is the name of the device",
    "tscn": "it is the name of the device",
    "evcn": "it is the name of the device",
    "soc_status": "state of charge and battery state have entities of their own",
}


def registered(house: House) -> dict[str, er.RegistryEntry]:
    """Return all entities by unique id."""
    registry = er.async_get(house.hass)
    found = er.async_entries_for_config_entry(registry, house.entry.entry_id)
    return {it.unique_id: it for it in found}


@pytest.mark.parametrize("kinds", [EVERY_KIND])
async def test_entities(house: House, snapshot: SnapshotAssertion) -> None:
    """Everything that sites of all kinds have, with units and classes; what is shown at first."""
    assert [
        " | ".join(
            (
                unique_id,
                it.entity_id,
                str(it.translation_key or it.original_name),
                str(it.unit_of_measurement or "-"),
                str(it.original_device_class or "-"),
                "off" if it.disabled else "on",
            )
        )
        for unique_id, it in sorted(registered(house).items())
    ] == snapshot


@pytest.mark.parametrize("kinds", [EVERY_KIND])
async def test_nearly_everything_is_there(house: House, cloud: VrmSimulator) -> None:
    """Of all rows with a value, by code, at least 95 % have an entity; the rest has a reason."""
    there = {unique_id.rpartition("-")[2] for unique_id in registered(house)}
    told: set[str] = set()
    await house.live(600)
    for site in house.entry.runtime_data.sites.values():
        told |= {code for _, code in site.data.readings}
        if site.data.site.may_read_diagnostics and site.data.site.last_log:
            rows = await house.entry.runtime_data.client.diagnostics(site.site_id)
            now = cloud.now
            told |= {
                it.code
                for it in rows
                if it.value is not None and (it.at is None or now - it.at < 100 * 24 * HOUR)
            }
    missing = told - there
    assert len(told) > 180
    assert missing <= NOT_SHOWN.keys()
    assert len(told - missing) >= 0.95 * len(told)


@pytest.mark.parametrize("kinds", [EVERY_KIND])
async def test_devices(house: House, hass: HomeAssistant) -> None:
    """Devices hang on their gateway, gateways on their site; also what the overview lacks."""
    await house.live(300)
    registry = dr.async_get(hass)
    found = dr.async_entries_for_config_entry(registry, house.entry.entry_id)
    by_identifier = {next(iter(it.identifiers))[1]: it for it in found}
    boat = house.cloud.site("boat").id
    tanks = [key for key in by_identifier if key.startswith(f"{boat}_tank_")]
    listed = [
        it for it in await house.entry.runtime_data.client.devices(boat) if it.device_type == 5
    ]
    assert len(tanks) == len(listed) + 1
    gateway = by_identifier[f"{boat}_gateway"]
    assert gateway.via_device_id == by_identifier[str(boat)].id
    assert by_identifier[tanks[0]].via_device_id == gateway.id
    off_grid = house.cloud.site("off_grid").id
    assert f"{off_grid}_battery_0" in by_identifier  # 0 is an instance like any other


@pytest.mark.parametrize("language", ["de", "pt", "it"])
async def test_any_language(start: Start, cloud: VrmSimulator, language: str) -> None:
    """Whatever the account's language, entities and states are the same."""
    cloud.owner.language = language
    house = await start()
    assert house.state("bst").state in {"idle", "charging", "discharging"}
    battery = next(it for it in registered(house) if "-battery_" in it and it.endswith("-SOC"))
    assert registered(house)[battery].translation_key == "soc"
    cloud.owner.language = "en"
    before = registered(house).keys()
    await house.hass.config_entries.async_reload(house.entry.entry_id)
    await house.live(1)
    assert registered(house).keys() == before


async def test_values_follow(house: House, cloud: VrmSimulator) -> None:
    """What changes at the site is shown with the account's next read."""
    site = cloud.site("ess")
    cloud.hold(site, "bs", 42.5)
    await house.live(400)
    assert house.state("bs").state == "42.5"
    cloud.hold(site, "bv", 50.0)
    cloud.hold(site, "bc", -20.0)
    await house.live(400)
    assert float(house.state("battery_power").state) == 1000  # it is discharged
    cloud.hold(site, "bst", 99)
    await house.live(400)
    assert house.state("bst").state == "unknown"


@contextmanager
def in_unit(code: str, form: str, factor: float) -> Iterator[None]:
    """Let VRM tell a value in another unit."""
    parse = parsing._reading

    def parsed(row: Mapping[str, Any]) -> Iterator[Reading]:
        for it in parse(row):
            if it.code == code and isinstance(it.value, float):
                yield replace(it, value=it.value * factor, format=form)
            else:
                yield it

    with patch.object(parsing, "_reading", parsed):
        yield


@pytest.mark.parametrize("kinds", [["boat"]])
@pytest.mark.parametrize(
    ("form", "unit"),
    [("%.3F m3", "L"), ("%.3F %%", "%"), ("%.0F barrels", "barrels"), ("%d", None)],
)
async def test_other_unit(house: House, hass: HomeAssistant, form: str, unit: str | None) -> None:
    """A unit that is changed in VRM is converted; where it cannot be, no number is claimed."""
    before = house.state("tank_20-tr", kind="boat")
    with in_unit("tr", form, 0.001):
        await house.live(2000)
        after = house.state("tank_20-tr", kind="boat")
        assert after.attributes["unit_of_measurement"] == "L"
        if unit == "L":  # Home Assistant shows what can be converted in the unit from before
            assert float(after.state) == pytest.approx(float(before.state), rel=0.05)
        else:
            assert after.state == "unknown"
        await hass.config_entries.async_reload(house.entry.entry_id)
        await house.live(700)
    again = house.state("tank_20-tr", kind="boat")
    assert again.attributes.get("unit_of_measurement") == unit
    factor = 1 if unit == "L" else 0.001
    assert float(again.state) == pytest.approx(float(before.state) * factor, rel=0.05)


async def test_other_unit_of_the_same_number(house: House, cloud: VrmSimulator) -> None:
    """A new unit is seen though the number stays as it was; power is not made of millivolts."""
    cloud.hold(cloud.site("ess"), "bv", 50.0)
    cloud.hold(cloud.site("ess"), "bc", -20.0)
    await house.live(400)
    assert float(house.state("battery_power").state) == 1000
    with in_unit("bv", "%.2F mV", 1):
        await house.live(400)
        assert float(house.state("bv").state) == 0.05
        assert house.state("battery_power").state == "unknown"


async def test_old_measurements(house: House, cloud: VrmSimulator) -> None:
    """A thermometer that is heard no more is unavailable; settings and states stay."""
    site = cloud.site("ess")
    thermometer = next(it for it in registered(house) if it.endswith("-tsT"))
    device = next(it for it in site.devices if it.type == 17)
    key = f"temperature_{device.instance}-tsT"
    assert float(house.state(key).state)
    cloud.remove_device(site, device)
    await house.live(3 * HOUR)
    assert house.state(key).state == "unavailable"
    assert house.state("bst").state != "unavailable"
    assert thermometer


async def test_site_of_very_many_values(start: Start, cloud: VrmSimulator) -> None:
    """What is read the less often the more there is stays believed until the next read."""
    with patch("custom_components.victron_vrm.api.ROWS_PER_PAGE", 50):  # thousands, in small
        house = await start()
        await house.live(HOUR)
        for volts in (49.5, 50.5):
            cloud.hold(cloud.site("ess"), "V", volts)
            for _ in range(36):
                await house.live(300)
                assert house.state("battery_512-V").state != "unavailable"
            assert float(house.state("battery_512-V").state) == volts


@pytest.mark.parametrize(("interval", "good"), [(60, 900), (300, 900), (900, 2700)])
async def test_how_old_a_measurement_gets(
    start: Start, cloud: VrmSimulator, interval: int, good: int
) -> None:
    """It is good for a while that goes by the logging interval, and then until the next read."""
    site = cloud.site("ess")
    site.interval = interval
    house = await start()
    for _ in range(36):
        await house.live(100)
        assert house.state("battery_512-V").state != "unavailable"
    device = cloud.device(site, "battery", 512)
    cloud.remove_device(site, device)
    while house.state("battery_512-V").state != "unavailable":
        await house.live(60)
    assert good <= cloud.now - device.removed <= good + 900 + 120
    assert house.state("bs").state != "unavailable"


@pytest.mark.parametrize("kinds", [["ess", "boat"]])
async def test_silent_site(house: House, cloud: VrmSimulator) -> None:
    """A site that is not heard is unavailable, the other one is not; its counters stay."""
    cloud.go_offline(cloud.site("ess"), 5 * HOUR)
    await house.live(HOUR)
    assert house.state("bs").state == "unavailable"
    assert house.state("connection", platform="binary_sensor").state == "off"
    assert float(house.state("solar_energy").state) > 0
    assert house.state("bs", kind="boat").state != "unavailable"
    asked = cloud.stats.sites[cloud.site("ess").id].total()
    await house.live(3 * HOUR)
    assert cloud.stats.sites[cloud.site("ess").id].total() - asked < 8  # nothing new comes from it
    await house.live(3 * HOUR)
    assert house.state("bs").state != "unavailable"
    assert house.state("connection", platform="binary_sensor").state == "on"


@pytest.mark.parametrize("kinds", [["dead"]])
async def test_dead_site(house: House) -> None:
    """Of a site that was not heard for months there is a repair, and nothing is claimed."""
    assert house.issues == ["no_data"]
    assert house.state("connection", kind="dead", platform="binary_sensor").state == "off"
    assert not [it for it in registered(house) if it.endswith("-bs")]


@pytest.mark.parametrize("kinds", [["monitoring"]])
async def test_monitoring_only(house: House, cloud: VrmSimulator) -> None:
    """Without the right to diagnostics the overview's values are shown, and it is not asked for."""
    assert house.state("bs", kind="monitoring").state != "unavailable"
    await house.live(4 * HOUR)
    assert cloud.stats.calls["GET installations/{site}/diagnostics"] == 0
    assert house.entry.state is ConfigEntryState.LOADED


@pytest.mark.parametrize("kinds", [["monitoring"]])
async def test_rights_that_come_and_go(house: House, cloud: VrmSimulator) -> None:
    """Who is given full control sees everything with the next reads, and less when it is taken."""
    site = cloud.site("monitoring")
    assert not [it for it in registered(house) if it.endswith("-V")]
    site.access_level = 1
    await house.live(700)
    (key,) = {it.partition("-")[2] for it in registered(house) if it.endswith("-V")}
    assert float(house.state(key, kind="monitoring").state) > 0
    site.access_level = 0
    await house.live(700)
    assert house.state(key, kind="monitoring").state == "unavailable"
    assert house.state("bs", kind="monitoring").state != "unavailable"
    site.access_level = 1
    await house.live(700)
    assert float(house.state(key, kind="monitoring").state) > 0


async def test_one_broken_endpoint(house: House, cloud: VrmSimulator) -> None:
    """What cannot be read takes down only what it feeds, after some tries."""
    site = cloud.site("ess")
    battery = next(it for it in registered(house) if "-battery_" in it and it.endswith("-V"))
    key = battery.partition("-")[2]
    cloud.inject("status", f"/v2/installations/{site.id}/diagnostics", times=None, status=500)
    await house.live(1200)
    assert house.state(key).state != "unavailable"
    await house.live(4 * HOUR)
    assert house.state(key).state == "unavailable"
    assert house.state("bs").state != "unavailable"
    assert house.state("solar_today").state != "unavailable"
    cloud.clear_faults()
    await house.live(3 * HOUR)
    assert house.state(key).state != "unavailable"


@pytest.mark.parametrize("as_200", [False, True])
async def test_broken_overview_at_first(
    start: Start, hass: HomeAssistant, cloud: VrmSimulator, as_200: bool
) -> None:
    """Without the list of devices they appear all the same; with it they get names, not others' ids."""
    site = cloud.site("ess")
    cloud.errors_as_200 = as_200
    cloud.unauthorised["*/system-overview"] = 500
    house = await start()
    await house.live(HOUR)
    for key in ("battery_512-V", "pvinverter_20-pP1", "temperature_24-tsT"):
        assert house.state(key).state not in {"unavailable", "unknown"}
    before = registered(house).keys()
    shown = {it.entity_id for it in hass.states.async_all() if it.state != "unavailable"}
    cloud.unauthorised.clear()
    await house.live(7 * HOUR)
    registry = dr.async_get(hass)
    for key, name in (("battery_512", "Batteria"), ("pvinverter_20", "Fronius Primo 5.0-1")):
        identifier = (DOMAIN, f"{site.id}_{key}")
        device = registry.async_get_device_by_identifier(identifier, house.entry.entry_id)
        assert device
        assert device.name == name
    assert await hass.config_entries.async_reload(house.entry.entry_id)
    await house.live(600)
    assert sorted(registered(house).keys() - before) == []
    now = {it.entity_id for it in hass.states.async_all() if it.state != "unavailable"}
    assert shown <= now


async def test_broken_overview_after_a_restart(
    house: House, hass: HomeAssistant, cloud: VrmSimulator
) -> None:
    """How often a site logs is known from before, so that its values are good for as long."""
    cloud.site("ess").interval = 900
    await house.live(7 * HOUR)
    cloud.unauthorised["*/system-overview"] = 500
    assert await hass.config_entries.async_reload(house.entry.entry_id)
    await house.live(600)
    device = cloud.device(cloud.site("ess"), "battery", 512)
    cloud.remove_device(cloud.site("ess"), device)
    while house.state("battery_512-V").state != "unavailable":
        await house.live(300)
    assert cloud.now - device.removed > 2700


async def test_account_away(
    house: House, cloud: VrmSimulator, caplog: pytest.LogCaptureFixture
) -> None:
    """While the cloud is away everything is unavailable but what was counted; it is logged once."""
    cloud.inject("status", "*", times=None, status=503)
    await house.live(2 * HOUR)
    assert house.state("bs").state == "unavailable"
    assert float(house.state("solar_energy").state) > 0
    told = [it for it in caplog.records if it.levelname == "ERROR"]
    assert ["VRM cannot be reached" in it.getMessage() for it in told] == [True]
    cloud.clear_faults()
    await house.live(700)
    assert house.state("bs").state != "unavailable"


@pytest.mark.parametrize("kinds", [["boat"]])
async def test_new_device(house: House, cloud: VrmSimulator) -> None:
    """A sensor that is added appears by itself."""
    boat = cloud.site("boat")
    cloud.add_device(boat, "tank", 33, "Tank sensor")
    assert house.find("sensor", f"{boat.id}-tank_33-tl") is None
    await house.live(7 * HOUR)
    assert house.state("tank_33-tl", kind="boat").state not in {"unavailable", "unknown"}


async def test_names_and_firmware_follow(
    house: House, hass: HomeAssistant, cloud: VrmSimulator
) -> None:
    """Updates and new names are shown without a restart; names that users give here stay."""
    site = cloud.site("ess")
    registry = dr.async_get(hass)

    def shown(key: str) -> dr.DeviceEntry:
        entry_id = house.entry.entry_id
        found = registry.async_get_device_by_identifier((DOMAIN, f"{site.id}{key}"), entry_id)
        assert found
        return found

    registry.async_update_device(shown("_vebus_276").id, name_by_user="Mine")
    cloud.device(site, "battery", 512).firmware = "v9.99"
    cloud.device(site, "battery", 512).name = "Cells"
    cloud.device(site, "vebus", 276).name = "Inverter"
    site.name = "Villa"
    entity_id = house.state("battery_512-V").entity_id
    await house.live(6 * HOUR + 900)
    assert shown("_battery_512").sw_version == "v9.99"
    assert shown("_battery_512").name == "Cells"
    assert shown("_vebus_276").name == "Inverter"
    assert shown("_vebus_276").name_by_user == "Mine"
    assert shown("").name == "Villa"
    assert house.state("battery_512-V").entity_id == entity_id


async def test_only_what_changed_is_written(house: House, hass: HomeAssistant) -> None:
    """A read that brings nothing new writes no state."""
    written: list[Any] = []
    site = next(iter(house.entry.runtime_data.sites.values()))
    listed = house.entry.runtime_data.data[site.site_id]
    await site.async_take(listed)
    await house.settle()
    hass.bus.async_listen("state_changed", lambda event: written.append(event.data["entity_id"]))
    await site.async_take(listed)
    await house.settle()
    assert written == []


async def test_odd_types(house: House, cloud: VrmSimulator) -> None:
    """A value that is suddenly of another kind is unknown, not an error."""
    cloud.hold(cloud.site("ess"), "bs", "nonsense")
    await house.live(400)
    assert house.state("bs").state in {"unknown", "unavailable"} or float(house.state("bs").state)
    assert DOMAIN in house.hass.config.components
