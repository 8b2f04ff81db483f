"""Tests of the endpoints of a Thinknx server."""

from collections import Counter
from collections.abc import AsyncGenerator
import json
import math
from typing import Any

from aiohttp import ClientSession
import pytest

from simulators.clock import ManualClock
from simulators.thinknx import (
    COMMANDS,
    READINGS,
    TELEGRAMS,
    HeightParameter,
    Spelling,
    StatusFormat,
    ThinknxSimulator,
    TriggerCommand,
)

from .thinknx_owner import STATUS, Owner, serving

NOT_FOUND = (404, {"error": "device not found"})
PARAMS = (400, {"error": "params errors"})
IMPOSSIBLE = (400, {"error": "impossible to execute"})


@pytest.fixture
async def house(clock: ManualClock) -> AsyncGenerator[ThinknxSimulator]:
    """Return a quiet house."""
    async with serving(clock) as simulator:
        yield simulator


@pytest.fixture
def owner(house: ThinknxSimulator, session: ClientSession) -> Owner:
    """Return its owner."""
    return Owner(house, session)


def number(text: str) -> float:
    """Return what a text says, with a comma or a point."""
    return float(text.replace(",", "."))


def test_endpoints() -> None:
    """There are 37 endpoints: 17 commands, 13 of status, 6 for telegrams, 1 of the server."""
    assert (len(COMMANDS), len(READINGS), len(TELEGRAMS)) == (17, 13, 6)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_plant(clock: ManualClock, seed: int) -> None:
    """A plant has what was ordered, 198 things to read, and GUIDs of 22 characters."""
    house = ThinknxSimulator(seed=seed, clock=clock)
    devices = list(house.plant.devices.values())
    assert Counter(device.kind.value for device in devices) == {
        "light": 60,
        "blind": 25,
        "thermostat": 10,
        "hvac": 2,
        "analog": 30,
        "scene": 8,
        "button": 6,
    }
    assert len(house.guids("light", "level")) == 20
    assert len(house.guids("blind", "angle")) == 15
    assert len(house.readable) == 198
    assert {len(device.guid) for device in devices} == {22}
    together = "".join(house.guids("light"))
    assert all(sign in together for sign in "+/-_")
    assert "=" not in together
    assert len({device.comm_obj for device in devices}) == len(devices)
    assert len({device.name for device in devices}) == len(devices)


async def test_every_status(owner: Owner) -> None:
    """Everything that can be read answers in one shape; what is asked about is echoed."""
    for guid, controller in owner.house.readable:
        answer = await owner.good(controller, guid)
        assert list(answer) == ["namespace", "guid", "status", "comm_obj"]
        assert (answer["namespace"], answer["guid"]) == (controller, guid)
        assert isinstance(answer["status"], int | float)
        assert isinstance(answer["comm_obj"], int)


@pytest.mark.parametrize(
    ("kind", "function", "command", "status", "values"),
    [
        ("light", "power", "power", "powerstatus", [1, 0]),
        ("light", "level", "powerlevel", "powerlevelstatus", [0, 37, 100]),
        ("blind", "height", "heightlevel", "heightlevelstatus", [0]),
        ("analog", "value", "setvalue", "getvalue", ["85.325", "-3", "0.5"]),
        ("thermostat", "setpoint", "setpoint", "setpointstatus", ["20.5", "22"]),
        ("thermostat", "mode", "tempmode", "tempmodestatus", [0, 1, 2, 3]),
        ("thermostat", "chrono", "chronoen", "chronoenstatus", [1, 0]),
        ("hvac", "power", "hvacpower", "hvacpowerstatus", [0, 1]),
        ("hvac", "setpoint", "hvacsetpoint", "hvacsetpointstatus", ["23.5"]),
        ("hvac", "mode", "hvacmode", "hvacmodestatus", [0, 1, 2, 3, 4]),
        ("hvac", "fan", "hvacfan", "hvacfanstatus", [0, 1, 2, 3]),
    ],
)
async def test_commands(
    owner: Owner, kind: str, function: str, command: str, status: str, values: list[Any]
) -> None:
    """A command has no status in its answer, with `fb` it has; then it can be read."""
    house = owner.house
    guid = house.guids(kind, function)[-1]
    if kind == "blind":
        house.set_blind(guid, height=0)
    name = "val" if command == "heightlevel" else "cmd"
    house.device(guid).decimals = 3
    for value in values:
        answer = await owner.good(command, guid, **{name: value})
        assert list(answer) == ["namespace", "guid", "comm_obj"]
        assert answer["namespace"] == command
        assert await owner.read(status, guid) == float(value)
        answer = await owner.good(command, guid, "fb", **{name: value})
        assert list(answer) == ["namespace", "guid", "status", "comm_obj"]
        assert answer["status"] == float(value)


async def test_commands_without_status(owner: Owner) -> None:
    """Where nothing can be read back, `fb` changes nothing."""
    blind = owner.house.guids("blind", "angle")[0]
    for controller, guid, value in (
        ("updown", blind, 0),
        ("stop", blind, 1),
        ("blindstep", blind, 1),
        ("scenelaunch", owner.house.guids("scene")[0], 1),
        ("trigger", owner.house.guids("button")[0], 1),
    ):
        answer = await owner.good(controller, guid, "fb", cmd=value)
        assert list(answer) == ["namespace", "guid", "comm_obj"]


@pytest.mark.parametrize(
    ("controller", "params"),
    [
        ("power", {}),
        ("power", {"cmd": 2}),
        ("power", {"cmd": "on"}),
        ("power", {"cmd": ""}),
        ("power", {"cmd": "1.0"}),
        ("power", {"val": 1}),
        ("powerlevel", {"cmd": 101}),
        ("powerlevel", {"cmd": -1}),
        ("powerlevel", {"cmd": "50.5"}),
        ("heightlevel", {"cmd": 50}),
        ("stop", {"cmd": 0}),
        ("blindstep", {"cmd": 2}),
        ("setvalue", {"cmd": "21,5"}),
        ("setvalue", {"cmd": "1e3"}),
        ("setvalue", {"cmd": "NaN"}),
        ("tempmode", {"cmd": 4}),
        ("hvacmode", {"cmd": 5}),
        ("hvacfan", {"cmd": 4}),
        ("scenelaunch", {"cmd": 2}),
        ("trigger", {"cmd": 0}),
    ],
)
async def test_params_errors(owner: Owner, controller: str, params: dict[str, Any]) -> None:
    """What is missing or out of range is refused and changes nothing."""
    command = COMMANDS[controller]
    guid = owner.house.guids(command.kind, command.function or command.needs)[-1]
    before = dict(owner.house.device(guid).values)
    assert await owner.ask(controller, guid, **params) == PARAMS
    assert owner.house.device(guid).values == before


async def test_whom_it_may_concern(owner: Owner) -> None:
    """Unknown GUIDs, objects out of reach, endpoints that an object does not have."""
    house = owner.house
    light = house.guids("light")[1]
    assert await owner.ask("powerstatus") == PARAMS
    assert await owner.ask("powerstatus", "AAAAAAAAAAAAAAAAAAAAAA") == NOT_FOUND
    assert await owner.ask("powerstatus", light.swapcase()) == NOT_FOUND
    assert await owner.ask("powerlevelstatus", light) == IMPOSSIBLE
    assert await owner.ask("heightlevel", light, val=5) == IMPOSSIBLE
    assert await owner.ask("setvalue", house.guids("analog")[0], cmd=5) == IMPOSSIBLE
    house.unsupported_error = "device not found"
    assert await owner.ask("powerlevelstatus", light) == NOT_FOUND
    house.restrict(light)
    assert await owner.ask("powerstatus", light) == NOT_FOUND
    assert await owner.ask("power", light, cmd=1) == NOT_FOUND
    house.restrict(light, restricted=False)
    assert (await owner.ask("powerstatus", light))[0] == 200


async def test_guid_in_the_query(owner: Owner) -> None:
    """A GUID must be percent-encoded: a plus sign arrives as a space."""
    guid = next(guid for guid in owner.house.guids("light") if "+" in guid and "/" in guid)
    assert await owner.read("powerstatus", guid) in {0, 1}
    half = guid.replace("+", "%2b")
    assert (await owner.text(f"/api/V1/powerstatus?guid={half}"))[0] == 200
    assert (await owner.text(f"/api/V1/powerstatus?guid={guid}"))[0] == 404


async def test_forms(owner: Owner) -> None:
    """POST takes the parameters from a form; empty pairs and unknown names do no harm."""
    guid = owner.house.guids("light", "level")[2]
    status, text = await owner.text(
        "/api/V1/powerlevel",
        method="POST",
        data=f"guid={guid.replace('+', '%2B')}&&cmd=42&x=1&fb".encode(),
        headers=owner.headers | {"Content-Type": "application/x-www-form-urlencoded"},
    )
    assert (status, json.loads(text)["status"]) == (200, 42)
    status, _ = await owner.text("/api/V1/powerlevel", method="POST", json={"guid": guid, "cmd": 1})
    assert status == 400
    assert (await owner.text("/api/V1/powerlevel", method="PUT"))[0] == 405
    assert await owner.read("powerlevelstatus", guid) == 42


async def test_spelling(owner: Owner) -> None:
    """Both spellings of the path, or only one; the other is a page for people."""
    lower = STATUS.replace("V1", "v1")
    for spelling, good in ((Spelling.BOTH, {STATUS, lower}), ("V1", {STATUS}), ("v1", {lower})):
        owner.house.spelling = Spelling(spelling)
        for path in (STATUS, lower):
            answer = await owner.send(path)
            assert answer.status == (200 if path in good else 404)
            assert (answer.content_type == "text/html") is (path not in good)
    for path in ("/", "/api/V1/", "/api/V1/nothing", "/KEY/api/V1/power", "/api/V2/power"):
        assert (await owner.send(path)).content_type == "text/html"


async def test_cloud(clock: ManualClock, session: ClientSession) -> None:
    """The cloud wants a key in the path, and nothing else."""
    async with serving(clock, profile="cloud") as house:
        owner = Owner(house, session)
        assert house.credentials == {
            "username": "",
            "password": "",
            "key": house.key,
            "auth": "key",
        }
        status, text = await owner.text(f"/{house.key}{STATUS}", headers={})
        assert (status, json.loads(text)["namespace"]) == (200, "system/serverStatus")
        assert (await owner.text(f"/wrong{STATUS}"))[0] == 403
        assert (await owner.text(STATUS))[0] == 404
        house.key_accepted = False
        assert (await owner.text(f"/{house.key}{STATUS}"))[0] == 403
        assert house.stats.auth_failures == 2
        assert house.key not in str(house.stats.as_dict())
        assert house.stats.requests["/***" + STATUS] == 3


@pytest.mark.parametrize(
    ("style", "light", "sensor"),
    [
        ("number", 1, 24.75),
        ("string", "1", "24.75"),
        ("comma", "1", "24,75"),
        ("boolean", True, 24.75),
        ("null", None, None),
        ("empty", "", ""),
        ("out_of_range", 9, 670760.96),
        ("missing", ..., ...),
    ],
)
async def test_formats(owner: Owner, style: str, light: Any, sensor: Any) -> None:
    """A status is written in many ways."""
    house = owner.house
    house.status_format = StatusFormat(style)
    lamp, value = house.guids("light")[0], house.guids("analog")[0]
    house.set_light(lamp, on=True)
    house.set_analog(value, 24.75)
    for controller, guid, wanted in (("powerstatus", lamp, light), ("getvalue", value, sensor)):
        status = (await owner.good(controller, guid)).get("status", ...)
        assert status == wanted
        assert type(status) is type(wanted)


async def test_formats_of_some(owner: Owner) -> None:
    """One endpoint may write otherwise than the rest; NaN is no JSON, though Python takes it."""
    house = owner.house
    house.formats["getvalue"] = StatusFormat.NAN
    assert math.isnan(await owner.read("getvalue", house.guids("analog")[0]))
    assert await owner.read("heightlevelstatus", house.guids("blind")[0]) in range(101)
    house.status_format = StatusFormat.OUT_OF_RANGE
    assert await owner.read("heightlevelstatus", house.guids("blind")[0]) == 255


async def test_mixed_up(owner: Owner) -> None:
    """Answers about something else, and numbers as texts."""
    house = owner.house
    first = house.guids("light")[0]
    house.wrong_guid = house.wrong_namespace = house.comm_obj_text = True
    answer = await owner.good("powerstatus", first)
    assert answer["guid"] in house.plant.devices.keys() - {first}
    assert answer["namespace"] != "powerstatus"
    assert answer["comm_obj"] == "1"


async def test_errors_in_other_clothes(owner: Owner) -> None:
    """The same errors with another status, with 200, or as pages for people."""
    house = owner.house
    house.error_statuses["device not found"] = 400
    assert await owner.ask("powerstatus", "x") == (400, {"error": "device not found"})
    house.errors_as_200 = True
    assert await owner.ask("powerstatus", "x") == (200, {"error": "device not found"})
    house.errors_as_200, house.errors_as_html = False, True
    answer = await owner.send("/api/V1/powerstatus?guid=x")
    assert (answer.status, answer.content_type) == (400, "text/html")
    house.content_type = "text/plain"
    answer = await owner.send(STATUS)
    assert (answer.status, answer.content_type) == (200, "text/plain")


async def test_height_parameter(owner: Owner) -> None:
    """`heightlevel` takes `val`, or only `cmd`, or either."""
    house = owner.house
    guid = house.guids("blind")[0]
    takes = {"val": {"val"}, "cmd": {"cmd"}, "either": {"val", "cmd"}}
    for parameter, names in takes.items():
        house.height_parameter = HeightParameter(parameter)
        for name in ("val", "cmd"):
            status, _ = await owner.ask("heightlevel", guid, **{name: 50})
            assert status == (200 if name in names else 400)


async def test_trigger_parameter(owner: Owner) -> None:
    """`trigger` takes `cmd=1` or does without, needs it, or refuses it."""
    guid = owner.house.guids("button")[2]
    for wish, without, with_it in (
        ("either", 200, 200),
        ("needed", 400, 200),
        ("refused", 200, 400),
    ):
        owner.house.trigger_command = TriggerCommand(wish)
        assert (await owner.ask("trigger", guid))[0] == without
        assert (await owner.ask("trigger", guid, cmd=1))[0] == with_it
