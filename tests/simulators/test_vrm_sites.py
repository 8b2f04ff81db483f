"""Tests of sites as the VRM cloud shows them: records, values, devices, alarms, widgets."""

from collections.abc import AsyncGenerator
from itertools import pairwise
from typing import Any

from aiohttp import ClientSession
import pytest

from simulators.clock import ManualClock
from simulators.victron_vrm import DeviceType, SiteKind, VrmSimulator

from .helpers import START
from .vrm_owner import Owner

NOW = int(START.timestamp())
DAY = 86_400


@pytest.fixture
async def cloud(clock: ManualClock) -> AsyncGenerator[VrmSimulator]:
    """Return a cloud with one site of each kind."""
    async with VrmSimulator(profile="all", clock=clock) as simulator:
        yield simulator


@pytest.fixture
def owner(cloud: VrmSimulator, session: ClientSession) -> Owner:
    """Return its owner."""
    return Owner(cloud, session)


async def extended(owner: Owner, kind: str) -> dict[str, dict[str, Any]]:
    """Return the values of a site by code."""
    site = owner.cloud.site(kind)
    (record,) = await owner.sites(extended=1, idSite=site.id)
    return {row["code"]: row for row in record["extended"]}


async def rows(owner: Owner, kind: str) -> list[dict[str, Any]]:
    """Return all diagnostics of a site."""
    path = f"installations/{owner.cloud.site(kind).id}/diagnostics?count=1000"
    found: list[dict[str, Any]] = (await owner.good(path))["records"]
    return found


async def overview(owner: Owner, kind: str) -> list[dict[str, Any]]:
    """Return the devices of a site."""
    path = f"installations/{owner.cloud.site(kind).id}/system-overview"
    found: list[dict[str, Any]] = (await owner.good(path))["records"]["devices"]
    return found


async def test_plain_and_extended(owner: Owner) -> None:
    """What lives is there with `extended=1` only."""
    plain, full = await owner.sites(), await owner.sites(extended=1)
    assert len(plain) == len(full) == 9
    more = {"alarm", "last_timestamp", "tags", "extended", "mqtt_host", "view_permissions"}
    for short, long in zip(plain, full, strict=True):
        assert not short.keys() & more
        assert long.keys() >= more
        assert short.items() <= long.items()
        assert len(long["view_permissions"]) == 22
    images = [record["images"] for record in full]
    assert images.count(False) == 8
    assert {type(record["last_location_timestamp"]) for record in full} == {bool, int}
    texts = [row["textValue"] for r in full for row in r["extended"] if row["code"] == "GUIv"]
    assert {type(text) for text in texts} == {int, str}


async def test_values_of_any_type(owner: Owner) -> None:
    """Numbers are numbers, texts, null or absent."""
    boat, hut = await extended(owner, "boat"), await extended(owner, "no_location")
    assert isinstance(boat["tr"]["rawValue"], str)
    assert isinstance(boat["bv"]["rawValue"], float)
    assert isinstance(boat["S"]["rawValue"], int)
    assert boat["generator"]["rawValue"] is None
    for code in ("tl", "tcn"):
        assert not boat[code].keys() & {"rawValue", "formattedValue", "textValue", "instance"}
        assert set(boat[code]["instances"]) == {"20", "21", "22"}
    assert (boat["lt"]["timestamp"], boat["lt"]["formattedValue"][-3:]) == (None, "LAT")
    assert "lt" not in hut
    assert boat["cp"]["rawValue"] not in {
        choice["valueEnum"] for choice in boat["cp"]["dataAttributeEnumValues"]
    }
    assert "idDataAttribute" in boat["consumption"]
    assert boat["consumption"]["idDataAttribute"] is None
    assert not boat["soc_status"].keys() & {"timestamp", "instance"}


async def test_instances(owner: Owner) -> None:
    """Instances are an object, or a list where they are 0, 1, 2..."""
    house, station = await extended(owner, "ess"), await extended(owner, "off_grid")
    assert set(house["ASoc"]["instances"]) == {"512"}
    assert isinstance(station["ASoc"]["instances"], list)
    assert isinstance(station["gaNG"]["instances"], list)
    cars = await extended(owner, "ev")
    assert set(cars["evf"]["instances"]) == {"40", "41"}


async def test_ghosts(owner: Owner) -> None:
    """What was taken away long ago stays in lists, with old stamps."""
    house = await extended(owner, "ess")
    ghost = house["Agl"]["instances"]["0"]
    assert ghost["timestamp"] < NOW - 100 * DAY
    assert house["Agl"]["instances"]["276"]["timestamp"] > NOW - 120
    old = [row for row in await rows(owner, "ess") if row["timestamp"] < NOW - 100 * DAY]
    assert {(row["code"], row["instance"]) for row in old} >= {("Agl", 0), ("tsT", 29)}
    listed = {device.get("instance"): device for device in await overview(owner, "ess")}
    assert listed[29]["lastConnection"] < NOW - 100 * DAY


async def test_overview(owner: Owner) -> None:
    """The gateway has no instance, sensors have no firmware, one tank is missing."""
    devices = await overview(owner, "boat")
    gateway = devices[0]
    assert (gateway["name"], gateway["loggingInterval"]) == ("Gateway", 60)
    assert "instance" not in gateway
    assert all(isinstance(device["lastConnection"], int) for device in devices)
    tanks = {d["instance"]: d for d in devices if d["name"] == "Tank"}
    assert set(tanks) == {20, 21}
    assert "firmwareVersion" not in tanks[20]
    seen = {row["instance"] for row in await rows(owner, "boat") if row["Device"] == "Tank"}
    assert seen == {20, 21, 22}


async def test_summaries_fit(owner: Owner) -> None:
    """Powers of all sites add up, and fit the energy of the present quarter of an hour."""
    for site in owner.cloud.sites_of(owner.cloud.owner):
        if not site.flows:
            continue
        values = {
            code: row.get("rawValue") or 0
            for code, row in (await extended(owner, site.kind)).items()
        }
        came = values["solar_yield"] + values["from_to_grid"] + values["generator"]
        battery = values.get("bv", 0) * values.get("bc", 0)
        assert came == pytest.approx(values["consumption"] + battery, abs=4)
        log = site.logged(NOW)
        start = log // 900 * 900
        pv = sum(site.ledger.energy(start, start + 900)[:3]) * 4000
        assert values["solar_yield"] == pytest.approx(pv, abs=1)


async def test_charging_stations(owner: Owner, clock: ManualClock) -> None:
    """What a charging station has counted grows by what `evcs` says."""

    async def counted() -> float:
        instances = (await extended(owner, "ev"))["evf"]["instances"]
        return sum(float(station["rawValue"]) for station in instances.values())

    site = owner.cloud.site("ev")
    before, start = await counted(), site.logged(NOW)
    await clock.advance(2 * DAY)
    end = site.logged(NOW + 2 * DAY)
    body = await owner.stats(site.id, type="evcs", start=start, end=end)
    grown = await counted() - before
    assert grown == pytest.approx(body["totals"]["evE"], abs=0.03)
    assert before > grown > 0


async def test_logging(owner: Owner, clock: ManualClock) -> None:
    """Values and stamps change when a site logs, and only then."""
    site = owner.cloud.site("no_location")
    stamps: list[int] = []
    texts: set[str] = set()
    for _ in range(32):
        (record,) = await owner.sites(extended=1, idSite=site.id)
        stamps.append(record["last_timestamp"])
        texts.add(str([row.get("rawValue") for row in record["extended"]]))
        await clock.advance(60)
    assert {b - a for a, b in pairwise(stamps)} == {0, 900}
    assert all(0 <= NOW + 60 * n - stamp < 900 for n, stamp in enumerate(stamps))
    assert len(texts) == len(set(stamps))


async def test_paging(owner: Owner) -> None:
    """A hundred rows are a page unless somebody wants more; pages do not overlap."""
    path = f"installations/{owner.cloud.site('ess').id}/diagnostics"
    first = await owner.good(path)
    total = first["num_records"]
    assert (len(first["records"]), total > 150) == (100, True)
    second = (await owner.good(f"{path}?page=2"))["records"]
    assert len(first["records"] + second) == total
    assert [row["id"] for row in first["records"] + second] == list(range(1, total + 1))
    assert (await owner.good(f"{path}?page=3"))["records"] == []
    assert len((await owner.good(f"{path}?count=1000"))["records"]) == total
    assert (await owner.ask(f"{path}?count=0"))[0] == 400
    assert (await owner.ask(f"{path}?page=x"))[0] == 400


async def test_no_right(owner: Owner) -> None:
    """Who may only look gets no diagnostics, and is told so beforehand."""
    site = owner.cloud.site("monitoring")
    (record,) = await owner.sites(extended=1, idSite=site.id)
    assert (record["accessLevel"], record["view_permissions"]["diagnostics"]) == (0, False)
    assert (await owner.ask(f"installations/{site.id}/diagnostics"))[0] == 403
    await owner.good(f"installations/{site.id}/system-overview")


async def test_lagging_texts(owner: Owner, clock: ManualClock) -> None:
    """In diagnostics the text of a state is that of the log before."""
    site = owner.cloud.site("ess")
    owner.cloud.hold(site, "S", 9)
    await clock.advance(60)

    async def state() -> tuple[Any, Any]:
        (row,) = (row for row in await rows(owner, "ess") if row["code"] == "S")
        return row["rawValue"], row["formattedValue"]

    assert (await state())[0] == 9
    assert (await state())[1] != "Inverting"
    await clock.advance(60)
    assert await state() == (9, "Inverting")
    owner.cloud.let_live(site, "S")
    await clock.advance(60)
    assert (await state())[0] != 9


async def test_boot_rows(owner: Owner) -> None:
    """Names, settings and versions were logged at boot, and are again at the next one."""
    site = owner.cloud.site("ess")

    async def logged() -> dict[str, int]:
        return {row["code"]: row["timestamp"] for row in await rows(owner, "ess")}

    before = await logged()
    assert before["v"] == before["si1"] < NOW - 10 * DAY
    assert before["bv"] > NOW - 120
    owner.cloud.restart_gateway(site)
    assert (await logged())["v"] > NOW - 120


async def test_language(owner: Owner) -> None:
    """Texts come in the account's language; numbers and codes stay."""
    before = await extended(owner, "ess")
    owner.cloud.set_language("pt")
    after = await extended(owner, "ess")
    assert after["si1"]["formattedValue"] == "Rede elétrica"
    assert after["si1"]["textValue"] == "Grid"
    assert after["bst"]["formattedValue"] in {"Inativo", "Carregar", "Descarregar"}
    assert after["soc_status"]["textValue"] == after["bst"]["formattedValue"]
    assert {code: row.get("rawValue") for code, row in before.items()} == {
        code: row.get("rawValue") for code, row in after.items()
    }
    path = f"installations/{owner.cloud.site('ess').id}/reset-forecasts"
    assert (await owner.ask(path, "POST", json={}))[1]["errors"] == "ResetType em falta"
    owner.cloud.set_language("de")
    status, body = await owner.ask("installations/1/stats")
    assert (status, body["errors"]) == (404, "Installation nicht gefunden")
    with pytest.raises(ValueError, match="language"):
        owner.cloud.set_language("xx")


async def test_alarms(owner: Owner, clock: ManualClock) -> None:
    """An alarm shows in the record, in its value at the next log, and in the log of alarms."""
    cloud, site = owner.cloud, owner.cloud.site("ess")
    path = f"installations/{site.id}"

    async def record() -> dict[str, Any]:
        return (await owner.sites(extended=1, idSite=site.id))[0]

    assert (await record())["alarm"] is False
    alarm = cloud.raise_alarm(site, "ASoc")
    now = await record()
    assert (now["alarm"], now["num_alarms"], now["tags"][0]["idTag"]) == (True, 1, 40)
    assert now["current_alarms"] == ["Battery Monitor [512]: Low state-of-charge alarm"]
    await clock.advance(60)
    assert (await extended(owner, "ess"))["ASoc"]["rawValue"] == 2
    (entry,) = (await owner.good(f"{path}/alarm-log"))["records"]
    assert (entry["idAlarm"], entry["isActive"], entry["started"]) == (alarm.id, 1, NOW)
    await owner.good(f"{path}/clear-alarm", "POST", json={"alarmId": alarm.id})
    assert (await owner.good(f"{path}/alarm-log"))["records"][0]["cleared"] == NOW + 60
    assert (await owner.ask(f"{path}/clear-alarm", "POST", json={"alarmId": 1}))[0] == 404
    assert (await owner.ask(f"{path}/clear-alarm", "DELETE", json={}))[0] == 405
    assert (await record())["alarm"] is False
    cloud.alarm_log = False
    assert (await owner.ask(f"{path}/alarm-log"))[0] == 404


async def test_alarm_settings(owner: Owner) -> None:
    """What is watched is spelled in two ways, and people's addresses are among the answer."""
    body = await owner.good(f"installations/{owner.cloud.site('off_grid').id}/alarms")
    spelled = [("AlarmEnabled" in row, "alarmEnabled" in row) for row in body["alarms"]]
    assert set(spelled) == {(True, False), (False, True)}
    assert {user["email"] for user in body["users"]} == {
        owner.cloud.owner.email,
        "installer@example.net",
    }
    assert all("secondsAgo" in device for device in body["devices"])


async def test_demo_sees_little(owner: Owner) -> None:
    """The demo user is Portuguese and may see neither diagnostics nor alarms nor tags."""
    token = (await owner.good("auth/loginAsDemo", headers={}))["token"]
    owner.header, owner.user = {"X-Authorization": f"Bearer {token}"}, 22
    site = (await owner.sites())[1]["idSite"]
    for page in ("diagnostics", "alarms", "tags", "alarm-log"):
        assert (await owner.ask(f"installations/{site}/{page}"))[0] == 403
    await owner.good(f"installations/{site}/system-overview")
    await owner.stats(site, type="kwh")


async def test_tags(owner: Owner) -> None:
    """Tags are listed by source, added, removed."""
    path = f"installations/{owner.cloud.site('ess').id}/tags"
    tags = (await owner.good(path))["tags"]
    assert set(tags) == {"predefined", "group", "team", "user"}
    await owner.good(path, "PUT", json={"tag": "mine", "source": "user"})
    assert "mine" in str((await owner.good(f"{path}?filter=user"))["tags"]["user"])
    assert (await owner.good(path, "DELETE", json={"tag": "mine"}))["data"]["deleted"] is True
    assert (await owner.ask(path, "PUT", json={}))[0] == 400


async def test_settings_of_dess(owner: Owner) -> None:
    """No settings are an error with status 200, and its errors are a list."""
    status, body = await owner.ask(
        f"installations/{owner.cloud.site('boat').id}/dynamic-ess-settings"
    )
    assert (status, body["success"], type(body["errors"])) == (200, False, list)
    await owner.good(f"installations/{owner.cloud.site('ess').id}/dynamic-ess-settings")
    path = f"installations/{owner.cloud.site('ess').id}/reset-forecasts"
    assert (await owner.good(path))["last_reset"] == 0
    await owner.good(path, "POST", json={"resetType": 1})


async def test_widgets(owner: Owner) -> None:
    """A summary of a device; one that is not there is a good answer without data."""
    base = f"installations/{owner.cloud.site('ess').id}/widgets"
    found = (await owner.good(f"{base}/BatterySummary?instance=512"))["records"]
    assert found["data"]["51"]["isValid"] == "1"
    assert found["data"]["hasOldData"] is False
    assert "51" in found["meta"]
    assert set((await owner.good(f"{base}/BatterySummary"))["records"]) == {"meta"}
    status, body = await owner.ask(f"{base}/NoSuchSummary")
    assert (status, body["errors"]) == (404, 'Child "NoSuchSummary" not found.')


async def test_graph_and_states(owner: Owner) -> None:
    """Graphs are stamped in seconds, by the minute; states come as spans."""
    site = owner.cloud.site("ess")
    base = f"installations/{site.id}/widgets"
    span = {"start": NOW - 3600, "end": NOW}
    params = [*span.items(), ("attributeCodes[]", "bs"), ("attributeIds[]", 143)]
    data = (await owner.good(f"{base}/Graph", params=params))["records"]["data"]
    assert set(data) == {"143", "144"}
    assert all(stamp % 60 == 0 and stamp <= NOW for stamp, _ in data["144"])
    assert len(data["144"]) >= 59
    params = [("instance", 276), *span.items()]
    spans = (await owner.good(f"{base}/VeBusState", params=params))["records"]["data"]["40"]
    assert (spans[0][1], spans[-1][2]) == (NOW - 3600, NOW)
    assert set((await owner.good(f"{base}/MPPTState"))["records"]) == {"meta"}


async def test_position(owner: Owner, clock: ManualClock) -> None:
    """A boat moves by itself, a house when somebody moves it, at the next log."""
    boat, house = owner.cloud.site("boat"), owner.cloud.site("ess")
    before = (await extended(owner, "boat"))["lt"]["rawValue"]
    place = await owner.good(f"installations/{boat.id}/widgets/GPS")
    assert place["records"]["data"]["lat"] == before
    start = (await extended(owner, "ess"))["lt"]["rawValue"]
    owner.cloud.move(house, 50.0, 5.0)
    assert (await extended(owner, "ess"))["lt"]["rawValue"] == start
    await clock.advance(3600)
    assert (await extended(owner, "boat"))["lt"]["rawValue"] != before
    assert (await extended(owner, "ess"))["lt"]["rawValue"] == 50.0
    path = f"installations/{boat.id}/gps-download"
    assert (await owner.ask(path))[0] == 400
    track = await owner.send(f"{path}?start={NOW - DAY}&end={NOW}")
    assert track.content_type == "application/vnd.google-earth.kml+xml"
    hut = owner.cloud.site("no_location")
    records = (await owner.good(f"installations/{hut.id}/widgets/GPS"))["records"]
    assert "data" not in records


async def test_any_device_anywhere(owner: Owner) -> None:
    """Devices may be connected where nothing else of their kind is."""
    site = owner.cloud.site("battery_only")
    for number, kind in enumerate(DeviceType):
        owner.cloud.add_device(site, kind, 60 + number, kind.name)
    codes = {row["code"] for row in await rows(owner, "battery_only")}
    assert codes >= {"pS", "gEf", "evf", "tl", "tsT", "ScS", "S", "coV", "gaNG", "dcV"}
    await extended(owner, "battery_only")


async def test_attributes(owner: Owner) -> None:
    """The catalogue has each number once, and covers what sites show."""
    data = (await owner.good("data-attributes"))["data"]
    for kind in SiteKind:
        if kind is not SiteKind.MONITORING:
            for row in await rows(owner, kind):
                assert data[str(row["idDataAttribute"])]["code"] == row["code"]
