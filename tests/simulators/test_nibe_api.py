"""Tests of the API of a pump: paths, credentials, modes, alarms."""

import pytest

from simulators.clock import ManualClock
from simulators.nibe_rest import NibeSimulator, ids

from .nibe_owner import DEVICE, POINTS, Owner


async def test_devices(owner: Owner) -> None:
    """A device is found by its index and by its serial number."""
    pump = owner.pump
    device = {
        "deviceIndex": 0,
        "aidMode": "off",
        "smartMode": "normal",
        "product": {
            "serialNumber": pump.serial,
            "name": "S1255-12",
            "manufacturer": "NIBE",
            "firmwareId": "nibe-n",
        },
    }
    assert await owner.get("/api/v1/devices") == {"devices": [device]}
    assert await owner.get("/api/v1/devices/0") == device
    assert await owner.get(f"/api/v1/devices/{pump.serial}") == device
    path = f"/api/v1/devices/{pump.serial}/points/4"
    assert await owner.get(path) == await owner.get(f"{POINTS}/4")
    assert len(pump.serial) == 14
    assert pump.stats.calls == {
        "GET /api/v1/devices": 1,
        "GET /api/v1/devices/{device}": 2,
        "GET /api/v1/devices/{device}/points/{point}": 2,
    }


async def test_several_devices(owner: Owner) -> None:
    """One host may have several devices, each with its own points."""
    second = owner.pump.add_device("vvm-s320", seed=7, name="")
    assert second.serial != owner.pump.serial
    listed = (await owner.get("/api/v1/devices"))["devices"]
    assert [device["deviceIndex"] for device in listed] == [0, 1]
    assert listed[1]["product"]["name"] == ""
    assert len(await owner.get(f"/api/v1/devices/{second.serial}/points")) == 870
    assert len(await owner.get("/api/v1/devices/1/points")) == 870
    owner.pump.set_value(ids.HEATING_CURVE, 4, device=1)
    assert await owner.value(ids.HEATING_CURVE) == 9
    other = await owner.get(f"/api/v1/devices/1/points/{ids.HEATING_CURVE}")
    assert other["value"]["integerValue"] == 4


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/v1/devices/1", 403),
        ("GET", "/api/v1/devices/06012345678901/points", 403),
        ("GET", f"{POINTS}/56999", 404),
        ("GET", f"{POINTS}/x", 404),
        ("GET", f"{POINTS}/{ids.PERMIT_HEATING}", 404),
        ("GET", f"{POINTS}/4/value", 404),
        ("GET", f"{DEVICE}/menu", 404),
        ("GET", f"{DEVICE}/notifications/1", 404),
        ("GET", "/api/v2/devices", 404),
        ("POST", "/api/v1/devices", 405),
        ("DELETE", DEVICE, 405),
        ("PUT", POINTS, 405),
        ("PATCH", f"{POINTS}/4", 405),
        ("GET", f"{DEVICE}/aidmode", 405),
        ("POST", f"{DEVICE}/notifications", 405),
    ],
)
async def test_refused(owner: Owner, method: str, path: str, status: int) -> None:
    """What makes no sense is refused with an explanation."""
    answer, body = await owner.ask(method, path)
    assert answer == status
    assert list(body) == ["error"]


async def test_credentials(owner: Owner) -> None:
    """Without the right password nothing is to be had, not even the page for people."""
    pump = owner.pump
    assert (await owner.ask("GET", "/"))[0] == 200
    for path in ("/", "/api/v1/devices", "/nothing"):
        status, body = await owner.ask("GET", path, password="wrong")
        assert (status, body) == (401, {"error": "Unauthorized"})
    for header in ("", "Basic !", "Bearer x", "Basic " + "0" * 8):
        async with owner.session.get(
            f"{pump.url}/api/v1/devices", ssl=False, headers={"Authorization": header}
        ) as answer:
            assert answer.status == 401
            assert answer.headers["WWW-Authenticate"].startswith("Basic ")
    assert pump.stats.rejected == 7
    assert pump.password not in str(pump.stats.as_dict())


async def test_credentials_expire(owner: Owner) -> None:
    """Credentials can cease to be valid, with 401 or 403; an address can be refused."""
    pump = owner.pump
    pump.credentials_rejected = True
    assert (await owner.ask("GET", DEVICE))[0] == 401
    pump.bad_credentials_status = 403
    assert (await owner.ask("GET", DEVICE))[0] == 403
    pump.credentials_rejected = False
    assert (await owner.ask("GET", DEVICE))[0] == 200
    pump.address_refused = True
    assert (await owner.ask("GET", DEVICE))[0] == 403
    assert pump.stats.rejected == 2


async def test_own_credentials(clock: ManualClock) -> None:
    """Credentials come from the seed, or from who makes the pump."""
    first, same, other = (NibeSimulator(seed=seed, clock=clock) for seed in (1, 1, 2))
    assert first.password == same.password != other.password
    assert (first.serial, first.fingerprint) != (other.serial, other.fingerprint)
    own = NibeSimulator(username="u", password="p", clock=clock)
    assert own.credentials == {"username": "u", "password": "p", "fingerprint": own.fingerprint}


@pytest.mark.parametrize("keys", ["both", "spec", "lowercase"])
async def test_modes(owner: Owner, keys: str) -> None:
    """Modes are set under the key of the specification, or in lower case, as firmware wants."""
    pump = owner.pump
    pump.mode_keys = keys
    for path, key, on in (("aidmode", "aidMode", "on"), ("smartmode", "smartMode", "away")):
        spec, _ = await owner.ask("POST", f"{DEVICE}/{path}", {key: on})
        assert spec == (400 if keys == "lowercase" else 200)
        lower, _ = await owner.ask("POST", f"{DEVICE}/{path}", {path: on})
        assert lower == (400 if keys == "spec" else 200)
        assert (await owner.get(DEVICE))[key] == on
    assert {("aidMode", "on"), ("smartMode", "away")} == set(pump.stats.modes)
    assert await owner.value(ids.AWAY) == 1


async def test_mode_under_a_wrong_key_without_complaint(owner: Owner) -> None:
    """A key that is not known may be accepted and ignored."""
    owner.pump.mode_keys = "lowercase"
    owner.pump.unknown_mode_key_status = 200
    assert (await owner.ask("POST", f"{DEVICE}/aidmode", {"aidMode": "on"}))[0] == 200
    assert (await owner.get(DEVICE))["aidMode"] == "off"


@pytest.mark.parametrize("body", [{}, {"smartMode": "gone"}, {"smartMode": True}, [], "away"])
async def test_bad_modes(owner: Owner, body: object) -> None:
    """A mode that does not exist is a bad request."""
    assert (await owner.ask("POST", f"{DEVICE}/smartmode", body))[0] == 400
    assert (await owner.get(DEVICE))["smartMode"] == "normal"


async def test_alarms(owner: Owner, clock: ManualClock) -> None:
    """Alarms are listed, show in the points, and can be reset."""
    pump = owner.pump
    path = f"{DEVICE}/notifications"
    assert await owner.get(path) == {"alarms": []}
    pump.alarms_null = True
    assert await owner.get(path) == {"alarms": None}
    await clock.advance(65)
    pump.add_alarm(183, "Low pressure", "Check the collector", severity=3)
    assert await owner.get(path) == {
        "alarms": [
            {
                "alarmId": 183,
                "description": "Check the collector",
                "header": "Low pressure",
                "severity": 3,
                "time": "2026-10-05 12:01:05",
                "equipName": "S1255-12",
            }
        ]
    }
    assert (await owner.value(ids.ALARM_NUMBER), await owner.value(ids.CLASS_1_ALARM)) == (183, 1)
    assert await owner.ask("DELETE", path) == (204, "")
    assert await owner.get(path) == {"alarms": None}
    assert (await owner.value(ids.ALARM_NUMBER), await owner.value(ids.CLASS_1_ALARM)) == (0, 0)


@pytest.mark.parametrize("status", [405, 500])
async def test_alarms_that_cannot_be_reset(owner: Owner, status: int) -> None:
    """The reset may be refused, or be accepted and do nothing."""
    pump = owner.pump
    path = f"{DEVICE}/notifications"
    pump.add_alarm(1, "Sensor")
    pump.delete_status = status
    assert (await owner.ask("DELETE", path))[0] == status
    pump.delete_status, pump.delete_works = 204, False
    assert (await owner.ask("DELETE", path))[0] == 204
    assert len((await owner.get(path))["alarms"]) == 1
    pump.clear_alarms()
    assert await owner.get(path) == {"alarms": []}
