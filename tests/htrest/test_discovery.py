"""Which points there are, and how their entities appear."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from custom_components.htrest.api import HtRestClient
from custom_components.htrest.discovery import Findings, read_each, read_measured
from custom_components.htrest.errors import HtRestUnknownNamesError
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er, issue_registry as ir
from simulators.htrest import HtRestSimulator, Profile
from simulators.htrest.points import owner_table, standard_table

from .common import CLIMATE, MODE, ROOM, House
from .dialog import found, issues

COP_POINT = "mp92"
ROOM_SENSOR_POINT = "mp16"
DEFROST_HOURS_POINT = "sp188"


def registered(house: House) -> dict[str, er.RegistryEntry]:
    """Return all entities by the last part of their id."""
    entities = er.async_entries_for_config_entry(er.async_get(house.hass), house.entry.entry_id)
    return {entity.unique_id.partition("-")[2]: entity for entity in entities}


async def test_standard_table(house: House) -> None:
    """The table that comes with HtREST: 60 points and what is made of them, 23 enabled."""
    entities = registered(house)
    enabled = {key for key, entity in entities.items() if not entity.disabled}
    assert len([key for key in entities if key[:2] in ("mp", "sp")]) == 60
    assert len([key for key in enabled if key[:2] in ("mp", "sp")]) == 23
    assert not issues(house.hass)


@pytest.mark.parametrize("profile", [Profile.OWNER])
async def test_owners_table(house: House) -> None:
    """Measured points are there at once, further settings appear, ten in a poll, unasked."""
    assert house.state("sensor", "mp75").attributes["device_class"] == "energy"
    assert house.state("sensor", "mp75").attributes["state_class"] == "total_increasing"
    assert house.find("sensor", DEFROST_HOURS_POINT) is None
    costs = []
    for _ in range(8):
        house.server.stats.reset()
        await house.poll()
        costs += [cost for pattern, cost in house.server.stats.costs if pattern == "GET /param/"]
    assert max(costs) == 7
    assert house.find("sensor", DEFROST_HOURS_POINT)
    assert house.state("climate", "climate-mixing_circuit_1").attributes["temperature"] == 21
    # What is an installer's parameter is read on request only, and never by itself.
    names = {name for pattern in house.server.stats.commands for name in pattern.split(",")}
    assert "NR=19" not in names
    assert len(registered(house)) < 190


@pytest.mark.parametrize("profile", [Profile.OWNER])
async def test_absent_points(
    server: HtRestSimulator, start: Callable[..., Awaitable[House]]
) -> None:
    """Points that the server knows and the heat pump lacks become no entities, and are kept."""
    server.absent.update({"BSZ Abtau Betriebsstunden", "HKR Heizgrenze", "COP"})
    house = await start()
    await house.poll(8)
    entities = registered(house)
    assert not {DEFROST_HOURS_POINT, "sp76", COP_POINT} & entities.keys()
    assert "sp189" in entities
    assert house.state("climate", CLIMATE).state == "auto"
    server.stats.reset()
    await house.hass.config_entries.async_reload(house.entry.entry_id)
    await house.poll(8)
    asked = set(server.stats.commands)
    assert not {"SP,NR=188", "SP,NR=76", "MP,NR=92"} & asked
    server.absent.clear()
    await house.call("button", "press", "search_points")
    await house.poll(12)
    assert {DEFROST_HOURS_POINT, "sp76", COP_POINT} <= registered(house).keys()


async def test_table_grows(house: House) -> None:
    """An owner who adds lines presses the button, and entities appear without a restart."""
    house.server.work.table = owner_table()
    await house.poll(2)
    assert house.find("sensor", COP_POINT) is None
    await house.call("button", "press", "search_points")
    await house.poll(16)
    assert house.find("sensor", COP_POINT)
    assert house.state("climate", "climate-mixing_circuit_1").state == "auto"


@pytest.mark.parametrize("profile", [Profile.OWNER])
async def test_table_shrinks(house: House) -> None:
    """A table that was lost takes its entities away; the others keep up to date."""
    await house.poll(8)
    house.server.work.table = standard_table()
    house.server.set_value(ROOM, 19.0)
    await house.poll(21)
    assert house.state("sensor", "mp75").state == "unavailable"
    assert house.state("climate", CLIMATE).attributes["temperature"] == 19
    await house.hass.config_entries.async_reload(house.entry.entry_id)
    await house.settle()
    assert house.state("sensor", "mp75").state == "unavailable"
    assert house.state("sensor", "mp0").state == "4.9"
    house.server.work.table = owner_table()
    await house.hass.config_entries.async_reload(house.entry.entry_id)
    await house.settle()
    assert float(house.state("sensor", "mp75").state) > 0


async def test_search_says_what_is_wrong(house: House) -> None:
    """A search without a server is an error."""
    await house.server.refuse()
    with pytest.raises(HomeAssistantError) as err:
        await house.call("button", "press", "search_points")
    assert err.value.translation_key == "cannot_connect"


async def test_sensor_not_fitted(
    server: HtRestSimulator, start: Callable[..., Awaitable[House]]
) -> None:
    """A sensor that shows -50 is not there: no value, and no entity in the way."""
    server.unfit("Temp. Brauchwasser")
    house = await start()
    assert registered(house)["mp2"].disabled
    assert house.state("water_heater", "water_heater").attributes["current_temperature"] is None
    server.unfit("Temp. Aussen")
    await house.poll()
    assert house.state("sensor", "mp0").state == "unknown"


async def test_parts_that_are_not_there(
    server: HtRestSimulator, start: Callable[..., Awaitable[House]]
) -> None:
    """Without fresh water station its sensors are disabled, without hot water there is no tank."""
    server.set_value("FWS Type", False)
    server.set_value("WW Type", 0)
    house = await start()
    entities = registered(house)
    assert entities["mp11"].disabled
    assert entities["mp50"].disabled
    assert "water_heater" not in entities


@pytest.mark.parametrize("profile", [Profile.OWNER])
async def test_mixing_circuits(
    server: HtRestSimulator, start: Callable[..., Awaitable[House]]
) -> None:
    """A mixing circuit that is not in use has no entities."""
    server.set_value("MKR1 Aktiviert", 1)
    server.set_value("MKR2 Aktiviert", 0)
    house = await start()
    await house.poll(8)
    entities = registered(house)
    assert {"climate-mixing_circuit_1", "mp63", "sp221"} <= entities.keys()
    assert not {"climate-mixing_circuit_2", "mp69", "sp244", "sp222"} & entities.keys()


@pytest.mark.parametrize("profile", [Profile.OWNER])
async def test_room_sensor_and_cop(house: House) -> None:
    """A fitted room sensor is shown by the climate entity; no COP while nothing runs."""
    house.server.set_value("Temp. Raumfuehler1", 21.7)
    house.server.set_value("Verdichter", True)
    house.server.set_value("COP", 4.25)
    await house.poll()
    assert house.state("climate", CLIMATE).attributes["current_temperature"] == 21.7
    assert house.state("sensor", COP_POINT).state == "4.25"
    house.server.unfit("Temp. Raumfuehler1")
    house.server.set_value("Verdichter", False)
    await house.poll()
    assert house.state("climate", CLIMATE).attributes["current_temperature"] is None
    assert house.state("sensor", COP_POINT).state == "unavailable"


async def test_codes(house: House, caplog: pytest.LogCaptureFixture) -> None:
    """Codes are shown in words; one that nobody knows is unknown, and said once."""
    for code, word in ((0, "none"), (2, "heating"), (5, "solar_surplus"), (9, "unknown")):
        house.server.set_value("Verdichteranforderung", code)
        await house.poll()
        assert house.state("sensor", "mp56").state == word
    await house.poll()
    assert len([r for r in caplog.records if "not known" in r.message]) == 1


async def test_energy_repair(
    hass: HomeAssistant, server: HtRestSimulator, start: Callable[..., Awaitable[House]]
) -> None:
    """A heat pump that meters energy, and a table that lacks the counters: a repair has the lines."""
    server.set_value("Energiezaehler", 1)
    house = await start()
    assert issues(hass) == ["energy_table"]
    text = (found(hass)[0].translation_placeholders or {})["detail"]
    lines = text.splitlines()
    assert "Stromz_Gesamt (kWh):,MP,75,r-,FLOAT,0.0,141006544.0" in lines
    assert len(lines) == 6
    server.work.table = owner_table()
    await house.call("button", "press", "search_points")
    await house.poll()
    assert not issues(hass)


@pytest.mark.parametrize("profile", [Profile.OLD])
async def test_old_pump(house: House) -> None:
    """A controller of long ago lacks some points, and works."""
    assert house.state("climate", CLIMATE).state == "auto"
    assert "sp12" not in registered(house)
    assert registered(house)["mp15"].disabled
    house.server.set_value(MODE, 3)
    await house.poll(21)
    assert house.state("climate", CLIMATE).state == "off"
    assert not [i for i in ir.async_get(house.hass).issues.values() if i.domain == "htrest"]


def client_of(house: House) -> HtRestClient:
    """Return the client that the integration uses."""
    client: HtRestClient = house.entry.runtime_data.client
    return client


async def test_absent_without_a_name(house: House) -> None:
    """Where the server does not say which point is absent, halving finds all of them."""
    body = '{"message": "invalid response for something [\'ERR,INVALID IDX\']"}'
    house.server.inject("status", "/api/v1/param/", times=None, body=body)
    found = await read_each(client_of(house), [ROOM, MODE, "WW Normaltemp."])
    assert found.absent == {ROOM, MODE, "WW Normaltemp."}


async def test_unknown_names_of_somebody_else(house: House) -> None:
    """A server that complains about names that nobody asked for is not believed for ever."""
    body = '{"message": "Parameter(s) \'Other\' not found"}'
    house.server.inject("status", "/api/v1/param/", times=None, status=404, body=body)
    with pytest.raises(HtRestUnknownNamesError):
        await read_each(client_of(house), [ROOM])


async def test_noise_before_absence(house: House) -> None:
    """A point that is tried once more, and then said to be absent, is absent."""
    house.server.inject_serial("lost", "SP,NR=69")
    house.server.absent.add(ROOM)
    found = await read_each(client_of(house), [ROOM])
    assert (found.absent, found.spoilt) == ({ROOM}, set())


async def test_reading_nothing(house: House) -> None:
    """Nothing is asked for nothing."""
    before = house.commands
    assert await read_measured(client_of(house), []) == Findings()
    assert house.commands == before


@pytest.mark.parametrize("profile", [Profile.OWNER])
async def test_search_while_searching(house: House) -> None:
    """A search that begins while the last one asks leaves nothing out."""
    house.server.absent.add("BSZ Abtau Betriebsstunden")
    await house.poll(9)
    assert house.find("sensor", "sp188") is None
    house.server.absent.clear()
    await house.call("button", "press", "search_points")
    house.server.blocking = True
    polling = asyncio.ensure_future(house.poll())
    await house.plant_time(1)
    press = asyncio.ensure_future(house.call("button", "press", "search_points"))
    await house.live(asyncio.gather(polling, press))
    house.server.blocking = False
    await house.poll(12)
    assert house.find("sensor", "sp188")


async def test_deleted_entity_comes_back(house: House) -> None:
    """An entity that somebody has deleted is found again by a search."""
    registry = er.async_get(house.hass)
    registry.async_remove(house.entity_id("number", "sp71"))
    await house.hass.config_entries.async_reload(house.entry.entry_id)
    await house.call("button", "press", "search_points")
    await house.poll(30)
    assert house.find("number", "sp71")
