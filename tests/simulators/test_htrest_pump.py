"""Tests of the pump behind the server: costs on the line, noise, writes, faults, programs."""

from collections.abc import AsyncGenerator
from datetime import datetime
from typing import Any
from urllib.parse import quote

from aiohttp import ClientError, ClientSession
import pytest

from simulators.clock import ManualClock
from simulators.htrest import NO_FAULT, HtRestSimulator, Profile

from .htrest_owner import ROOM, TANK, Owner

ROOM_PATH = "/param/HKR%20Soll_Raum"
TANK_PATH = "/param/WW%20Normaltemp."
SLOT = {"state": 1, "start": "06:00", "end": "08:00"}


@pytest.fixture
async def house(clock: ManualClock) -> AsyncGenerator[HtRestSimulator]:
    """Return a running server with its table as it comes."""
    async with HtRestSimulator(clock=clock) as simulator:
        yield simulator


@pytest.fixture
def owner(house: HtRestSimulator, session: ClientSession) -> Owner:
    """Return the owner of the house."""
    return Owner(house, session)


WEEK: dict[str, Any] = {"entries": [[SLOT | {"start": "00:00"}]]}


@pytest.mark.parametrize(
    ("method", "path", "body", "commands"),
    [
        ("GET", "/swagger.json", None, 0),
        ("GET", "/device/", None, 5),
        ("GET", "/datetime/", None, 3),
        ("PUT", "/datetime/", {"datetime": ""}, 3),
        ("GET", "/faultlist/", None, 4),
        ("GET", "/faultlist/size", None, 3),
        ("GET", "/faultlist/1", None, 4),
        ("GET", "/faultlist/last", None, 3),
        ("GET", "/timeprog/", None, 3),
        ("GET", "/timeprog/2", None, 3),
        ("PUT", "/timeprog/2", WEEK, 52),
        ("GET", "/timeprog/2/6/6", None, 3),
        ("PUT", "/timeprog/2/6/6", SLOT, 3),
        ("GET", "/param/", None, 63),
        ("GET", "/param/?Betriebsart&Verdichter&WW%20Type", None, 5),
        ("PUT", "/param/", {ROOM: 20, TANK: 48}, 4),
        ("GET", ROOM_PATH, None, 3),
        ("PUT", ROOM_PATH, {"value": 22}, 3),
        ("GET", "/fastquery/", None, 3),
        ("GET", "/fastquery/?Verdichter&Stoerung", None, 3),
        ("GET", "/fastquery/Verdichter", None, 3),
    ],
)
async def test_costs(owner: Owner, method: str, path: str, body: Any, commands: int) -> None:
    """Each request costs the published number of commands; the method tells which it was."""
    assert (await owner.json(method, path, body))[0] == 200
    stats = owner.house.stats
    assert (stats.serial_commands, stats.last_cost) == (commands, commands)
    assert next(iter(stats.calls)).startswith(f"{method} /")


@pytest.mark.parametrize(
    ("profile", "latency", "path", "seconds"),
    [
        ("standard", None, ROOM_PATH, 0.12),
        ("standard", 0.1, ROOM_PATH, 0.32),
        ("old", None, "/fastquery/?Verdichter", 0.58),
        ("standard", None, "/param/", 2.84),
        ("standard", 0.1, "/param/", 6.93),
        ("owner", None, "/param/", 23.6),
        ("standard", None, "/fastquery/", 0.17),
        ("standard", 0.1, "/fastquery/", 0.36),
        ("old", None, "/fastquery/", 0.75),
        ("old", None, "/timeprog/1", 1.92),
        ("standard", None, "/timeprog/1", 0.36),
        ("standard", 0.1, "/timeprog/1", 0.60),
        ("standard", None, "/faultlist/", 0.17),
        ("standard", None, "/fastquery/?Verdichter", 0.12),
    ],
)
async def test_time(
    session: ClientSession,
    clock: ManualClock,
    profile: str,
    latency: float | None,
    path: str,
    seconds: float,
) -> None:
    """The line is as slow as it was measured, within a tenth."""
    async with HtRestSimulator(profile=profile, latency=latency, clock=clock) as house:
        await Owner(house, session).get(path)
        assert house.stats.serial_seconds == pytest.approx(seconds, rel=0.1)


async def test_profiles(session: ClientSession, clock: ManualClock) -> None:
    """Tables have 61 and 519 names; what a name stands for is its last line."""
    shown = {}
    for profile in Profile:
        async with HtRestSimulator(profile=profile, clock=clock) as house:
            owner = Owner(house, session)
            house.absent.clear()
            shown[profile] = await owner.get("/param/")
            fast = await owner.get("/fastquery/")
            assert len(fast) == (102 if profile == "owner" else 26)
    assert {profile: len(values) for profile, values in shown.items()} == {
        "standard": 61,
        "owner": 519,
        "old": 61,
    }
    assert shown[Profile.OLD]["Temp. Heissgas"] == -50.0
    assert shown[Profile.OWNER]["Temp. Raumfuehler2"] == -50.0
    assert shown[Profile.OWNER]["Externe Anforderung"] == 1


async def test_long_lists_are_cut(session: ClientSession, clock: ManualClock) -> None:
    """Commands are no longer than the line takes: 600 faults need ten of them."""
    async with HtRestSimulator(profile="owner", clock=clock) as house:
        owner = Owner(house, session)
        for number in range(600 - len(house.fault_list)):
            house.add_fault(65290, f"Info: {number}")
        assert len(await owner.get("/faultlist/")) == 600
        assert house.stats.last_cost == 3 + 10
        await owner.get("/fastquery/")
        assert house.stats.last_cost == 4
        assert max(len(command) for command in house.stats.commands) == 253


async def test_table_of_an_owner(owner: Owner) -> None:
    """Names that the table lacks are all told; without the property the device lacks it too."""
    del owner.house.table["Liegenschaft"]
    assert "property_id" not in await owner.get("/device/")
    assert owner.house.stats.last_cost == 4
    status, message = await owner.message("GET", "/fastquery/?COP&Verdichter&Liegenschaft")
    assert (status, message) == (404, "Parameter(s) 'COP', 'Liegenschaft' not found")


async def test_absent_points(owner: Owner) -> None:
    """One point that the pump lacks spoils every request that asks for it."""
    owner.house.absent.update({TANK, "Temp. Heissgas"})
    broken = "data stream broken during reading response header"
    assert await owner.message("GET", "/fastquery/?Temp.%20Heissgas") == (500, broken)
    assert owner.house.stats.serial_seconds > 5.1
    assert "INVALID IDX" in (await owner.message("GET", "/param/"))[1]
    assert "INVALID IDX" in (await owner.message("PUT", TANK_PATH, {"value": 48}))[1]
    assert owner.house.stats.writes == []
    assert len(await owner.get("/fastquery/?Verdichter&Stoerung")) == 2


@pytest.mark.parametrize(
    ("kind", "slow"),
    [
        ("lost", True),
        ("truncated", True),
        ("cut_short", True),
        ("checksum", False),
        ("garbage", False),
        ("header", False),
        ("no_point", False),
        ("text", False),
    ],
)
async def test_noise(owner: Owner, kind: str, slow: bool) -> None:
    """An answer of the pump goes wrong once; the next request is none the worse."""
    house = owner.house
    house.inject_serial(kind, "SP,NR=69")
    await owner.get(TANK_PATH)
    before = house.stats.serial_seconds
    assert (await owner.message("GET", ROOM_PATH))[0] == 500
    assert (house.stats.serial_seconds - before > 5.1) is slow
    assert await owner.get(ROOM_PATH) == {"value": 21.5}
    assert house.stats.last_cost == (4 if kind == "garbage" else 3)


async def test_noise_until_cleared(owner: Owner) -> None:
    """Noise can stay, and a whole number that is none says so."""
    owner.house.inject_serial("text", "SP,NR=83*", times=None)
    for _ in range(3):
        _, message = await owner.message("GET", TANK_PATH)
        assert message == "invalid literal for int() with base 10: '---'"
    assert owner.house.describe()["serial_faults"][0]["command"] == "SP,NR=83*"
    owner.house.clear_faults()
    assert await owner.get(TANK_PATH) == {"value": 50}
    with pytest.raises(ValueError, match="times"):
        owner.house.inject_serial("lost", times=0)


async def test_stuck_until_restart(owner: Owner) -> None:
    """A server that has lost its adapter stays dead until somebody restarts it."""
    house = owner.house
    house.adapter_pulled = True
    assert await owner.message("GET", ROOM_PATH) == (500, "(5, 'Input/output error')")
    stuck = (500, "write failed: [Errno 5] Input/output error")
    assert await owner.message("GET", ROOM_PATH) == stuck
    house.adapter_pulled = False
    assert await owner.message("PUT", ROOM_PATH, {"value": 20}) == stuck
    assert house.server_stuck
    assert (await owner.get("/swagger.json"))["info"]["title"] == "HtREST"
    assert house.stats.serial_commands == 0
    await house.restart_server()
    assert await owner.get(ROOM_PATH) == {"value": 21.5}


async def test_restart_without_adapter(owner: Owner, clock: ManualClock) -> None:
    """Without an adapter the service does not come up; with it, after its time."""
    house = owner.house
    house.adapter_pulled = house.server_stuck = True
    await house.restart_server()
    with pytest.raises(ClientError):
        await owner.get(ROOM_PATH)
    house.adapter_pulled = False
    await house.restart_server(down=10)
    assert not house.listening
    await clock.advance(10)
    assert await owner.get(ROOM_PATH) == {"value": 21.5}


async def test_writes(owner: Owner) -> None:
    """What the pump takes it takes, what it refuses it keeps; the statistics know."""
    house = owner.house
    house.limits[ROOM] = (10.0, 24.0)
    assert await owner.put(ROOM_PATH, {"value": 25}) == {"value": 21.5}
    assert await owner.put(ROOM_PATH, {"value": 24}) == {"value": 24.0}
    house.refuse_writes = [TANK]
    assert await owner.put(TANK_PATH, {"value": 48}) == {"value": 50}
    assert await owner.put("/param/Betriebsart", {"value": 3}) == {"value": 3}
    house.refuse_writes = True
    assert await owner.put("/param/Betriebsart", {"value": 1}) == {"value": 3}
    old = house.slot(1, 1, 1)
    assert await owner.put("/timeprog/1/1/1", SLOT) == old.as_json()
    house.refuse_writes = False
    counter = quote("BSZ HKP Betriebsstunden")
    assert await owner.put(f"/param/{counter}", {"value": 5}) == {"value": 41231}
    assert house.stats.writes == [(ROOM, 24.0), ("Betriebsart", 3)]
    assert [value for _, value in house.stats.asked] == [25, 24, 48, 3, 1, 5]
    assert house.value("Betriebsart") == 3


async def test_write_types(owner: Owner) -> None:
    """The server wants the type of the table, in a list too, and stops at the first mistake."""
    flag = "FWS Type"
    expected = "value has invalid type <class 'bool'>; expected 'float'"
    assert await owner.message("PUT", ROOM_PATH, {"value": True}) == (500, expected)
    assert await owner.put("/param/", {flag: False}) == {flag: False}
    assert (await owner.message("PUT", ROOM_PATH, {"value": 10**400}))[0] == 500
    status, message = await owner.message("PUT", "/param/", {TANK: 48, flag: "x", ROOM: 20})
    assert (status, message) == (500, "value has invalid type <class 'str'>; expected 'bool'")
    assert owner.house.stats.writes == [(flag, False), (TANK, 48)]


async def test_read_only(owner: Owner) -> None:
    """A read-only server says yes to everything and does nothing."""
    house = owner.house
    house.read_only = True
    assert await owner.put("/param/Betriebsart", {"value": 99}) == {"value": 99}
    assert await owner.put("/param/", {ROOM: 1, TANK: 2}) == {TANK: 2, ROOM: 1}
    assert await owner.put("/timeprog/1/1/1", SLOT) == SLOT
    week = {"entries": [[SLOT | {"state": 9}]]}
    assert (await owner.put("/timeprog/1", week))["entries"] == week["entries"]
    assert await owner.put("/datetime/", {"datetime": "2001-01-01T00:00:00"})
    assert (await owner.message("PUT", "/param/Nope", {"value": 1}))[0] == 404
    stats = house.stats
    assert (stats.writes, stats.slot_writes, stats.clock_sets) == ([], [], [])
    assert house.value("Betriebsart") == 1


async def test_bool_as_int(owner: Owner) -> None:
    """Booleans are numbers in both directions, and still booleans at the pump."""
    house = owner.house
    assert (await owner.message("PUT", "/param/FWS%20Type", {"value": 0}))[0] == 500
    house.bool_as_int = True
    assert await owner.put("/param/FWS%20Type", {"value": 0}) == {"value": 0}
    assert house.stats.writes == [("FWS Type", False)]
    values = await owner.get("/param/")
    assert not any(isinstance(value, bool) for value in values.values())
    assert values["Betriebsart"] == 1


async def test_fault_list(owner: Owner, clock: ManualClock) -> None:
    """Entries come at the end with the pump's time; a real one stands until it is over."""
    house = owner.house
    house.add_fault(9, "HD Schalter")
    last = await owner.get("/faultlist/last")
    assert last == {
        "index": 4,
        "error": 9,
        "datetime": "2026-10-05T14:00:00",
        "message": "HD Schalter",
    }
    assert await owner.get("/fastquery/Stoerung") == {"value": True}
    house.add_fault(65286, "Info: Programmupdate 1")
    assert await owner.get("/fastquery/Stoerung") == {"value": True}
    await clock.advance(60)
    house.add_fault(NO_FAULT, "Keine Stoerung")
    assert await owner.get("/fastquery/Stoerung") == {"value": False}
    assert await owner.get("/faultlist/size") == {"size": 7}
    house.clear_fault_list()
    assert await owner.get("/faultlist/") == []


async def test_time_programs(owner: Owner) -> None:
    """Programs are written whole or slot by slot; the server checks only whole ones."""
    house = owner.house
    names = [program["name"] for program in await owner.get("/timeprog/")]
    assert names == ["Warmwasser", "Zirkulationspumpe", "Heizung", "Mischer 1", "Mischer 2"]
    week = await owner.get("/timeprog/0")
    assert len(week["entries"]) == 7 and all(len(day) == 7 for day in week["entries"])
    week["entries"][6][6] = {"state": 1, "start": "23:45", "end": "24:00"}
    assert await owner.put("/timeprog/0", week) == week
    assert len(house.stats.slot_writes) == 49
    assert await owner.get("/timeprog/0/6/6") == week["entries"][6][6]
    odd = {"state": 1, "start": "06:07", "end": "08:00"}
    assert await owner.put("/timeprog/2/0/0", odd) == odd
    assert await owner.put("/timeprog/2/0/0", SLOT | {"state": 3}) == odd
    assert house.stats.slot_writes[49:] == [(2, 0, 0)]
    house.set_slot(2, 0, 0, 0, "0:00", "5:30")
    assert await owner.get("/timeprog/2/0/0") == {"state": 0, "start": "00:00", "end": "05:30"}


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/timeprog/1/1/1", SLOT | {"end": "24:15"}, 500),
        ("/timeprog/1/1/1", SLOT | {"start": "noon"}, 500),
        ("/timeprog/1/1/1", SLOT | {"state": "1"}, 400),
        ("/timeprog/1/1/1", SLOT | {"state": -1}, 400),
        ("/timeprog/1/1/1", SLOT | {"state": True}, 400),
        ("/timeprog/9/1/1", SLOT, 500),
        ("/timeprog/9", WEEK, 500),
        ("/timeprog/1", {"entries": [[SLOT | {"start": "06:07"}]]}, 500),
        ("/timeprog/1", {"entries": [[SLOT | {"state": 2}]]}, 500),
        ("/timeprog/1", {"entries": [[]] * 8}, 500),
        ("/timeprog/1", {"entries": {}}, 400),
        ("/datetime/", {"datetime": 5}, 400),
    ],
)
async def test_bad_payloads(owner: Owner, path: str, body: Any, status: int) -> None:
    """What is wrong with a payload is told, and nothing is written."""
    assert (await owner.message("PUT", path, body))[0] == status
    assert owner.house.stats.slot_writes == []
    assert owner.house.stats.clock_sets == []


async def test_clock(owner: Owner, clock: ManualClock) -> None:
    """The pump's clock is local, drifts, and can be set."""
    house = owner.house
    assert await owner.get("/datetime/") == {"datetime": "2026-10-05T14:00:00"}
    house.drift = 20
    await clock.advance(86400 / 2)
    assert await owner.get("/datetime/") == {"datetime": "2026-10-06T02:00:10"}
    house.drift = 0
    assert house.clock_error == pytest.approx(10)
    house.clock_error = -65
    assert await owner.get("/datetime/") == {"datetime": "2026-10-06T01:58:55"}
    wanted = datetime(2026, 10, 6, 1, 0, 0).isoformat()
    assert await owner.put("/datetime/", {"datetime": wanted}) == {"datetime": wanted}
    assert await owner.get("/datetime/") == {"datetime": wanted}
    assert await owner.put("/datetime/", {"datetime": ""}) == {"datetime": "2026-10-06T02:00:00"}
    assert house.clock_error == 0
    house.time_zone = "America/New_York"
    assert (await owner.get("/datetime/"))["datetime"] == "2026-10-05T20:00:00"
    assert house.time_zone == "America/New_York"
