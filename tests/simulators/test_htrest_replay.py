"""Requests that were once sent to a genuine HtREST, sent again to the simulator."""

from collections.abc import Callable
import json
from pathlib import Path
import re
from typing import Any

from aiohttp import ClientSession, encode_basic_auth
import pytest

from simulators.clock import ManualClock
from simulators.htrest import HtRestSimulator, LineFaultKind

from .htrest_owner import API, ROOM, TANK, Owner

FOLDER = Path(__file__).parents[1] / "htrest" / "recordings"
NAMES = sorted(path.stem for path in FOLDER.glob("*.json"))
GET_ROOM = ("GET", f"{API}/param/HKR%20Soll_Raum", None)
SLOT = {"state": 1, "start": "06:00", "end": "08:00"}
FRESH = "Temp. Frischwasser_Istwert"

type Setup = Callable[[HtRestSimulator], Any]
type Sent = tuple[str, str, Any]

# What the simulator has to be made before a recording; by the beginning of the name.
SETTINGS: dict[str, dict[str, Any]] = {
    "auth": {"username": "user", "password": "secret"},
    "boolint": {"bool_as_int": True},
    "extended": {"profile": "owner"},
    "old_pump": {"profile": "old"},
    "readonly": {"read_only": True},
}
CREDENTIALS = {
    "auth_ok": {"Authorization": encode_basic_auth("user", "secret")},
    "auth_wrong": {"Authorization": encode_basic_auth("user", "wrong")},
}


def as_it_is(_: HtRestSimulator) -> None:
    """Change nothing."""


def fault(kind: str) -> Setup:
    """Return what lets the next answer of the pump go wrong."""
    return lambda house: house.inject_serial(kind)


def switch(**values: Any) -> Setup:
    """Return what sets attributes of the simulator."""

    def turn(house: HtRestSimulator) -> None:
        for name, value in values.items():
            setattr(house, name, value)

    return turn


STATES: dict[str, Setup] = {
    "absent_point_in_fastquery": lambda house: house.absent.add(FRESH),
    "absent_point_param": lambda house: house.absent.add(TANK),
    "absent_point_param_all": lambda house: house.absent.add(FRESH),
    "adapter_back_but_server_stuck": switch(adapter_pulled=True),
    "adapter_back_but_server_stuck_2": switch(adapter_pulled=True),
    "adapter_pulled_first": switch(adapter_pulled=True),
    "adapter_pulled_second": switch(adapter_pulled=True),
    "fault_after_fastquery_cut_short": fault("cut_short"),
    "fault_after_garbage": fault("garbage"),
    "fault_after_missing_answer": fault("lost"),
    "fault_after_unknown_header": fault("header"),
    "fault_bad_checksum": fault("checksum"),
    "fault_fastquery_cut_short": fault("cut_short"),
    "fault_float_without_point": fault("no_point"),
    "fault_garbage": fault("garbage"),
    "fault_one_missing_answer": fault("lost"),
    "fault_truncated": fault("truncated"),
    "fault_unknown_header": fault("header"),
    "fault_value_text": fault("text"),
    "faultlist_empty": lambda house: house.clear_fault_list(),
    "faultlist_last_when_empty": lambda house: house.clear_fault_list(),
    "faultlist_size_when_empty": lambda house: house.clear_fault_list(),
    "pump_back": switch(silent=True),
    "pump_limit_narrower_than_table": lambda house: house.limits.update({ROOM: (10.0, 24.0)}),
    "pump_refuses_write": switch(refuse_writes={TANK}),
    "pump_silent": switch(silent=True),
    "value_beyond_table_limits_is_served": lambda house: house.set_value("Temp. Aussen", -23.4),
}
# Requests that came before, and what was done after them.
EARLIER: dict[str, Sent] = {
    "adapter_back_but_server_stuck": GET_ROOM,
    "adapter_back_but_server_stuck_2": GET_ROOM,
    "adapter_pulled_second": GET_ROOM,
    "fault_after_fastquery_cut_short": ("GET", f"{API}/fastquery/", None),
    "fault_after_garbage": GET_ROOM,
    "fault_after_missing_answer": GET_ROOM,
    "fault_after_unknown_header": GET_ROOM,
    "param_after_partial_write": (
        "PUT",
        f"{API}/param/",
        {"HKR Soll_Raum": 20.5, "Betriebsart": 99, "WW Normaltemp.": 48},
    ),
    "pump_back": GET_ROOM,
    "readonly_param_after_put": ("PUT", GET_ROOM[1], {"value": 22.5}),
    "timeprog_entry_put_bad_state": ("PUT", f"{API}/timeprog/1/1/1", SLOT),
}
AFTER: dict[str, Setup] = {
    "adapter_back_but_server_stuck": switch(adapter_pulled=False),
    "adapter_back_but_server_stuck_2": switch(adapter_pulled=False),
    "pump_back": switch(silent=False),
}
# The values are those of a moment.
MOMENTS = {"datetime_put_empty_is_host_time"}


def shape(value: Any) -> Any:
    """Return JSON with the names of types in place of values."""
    if isinstance(value, dict):
        return {name: shape(part) for name, part in value.items()}
    if isinstance(value, list):
        return [shape(part) for part in value]
    return type(value).__name__


def opening(message: str) -> str:
    """Return a message up to the first bracket or digit."""
    return re.split(r"[\[\d]", message, maxsplit=1)[0]


def here(text: str, house: HtRestSimulator) -> str:
    """Return a recorded text with the address of the simulator."""
    return text.replace("http://HOST:8777", house.url)


def compare(name: str, recorded: dict[str, Any], text: str, house: HtRestSimulator) -> None:
    """Hold the body of an answer against the recorded one."""
    expected = recorded["body"]
    if isinstance(expected, str):
        page = name == "api_root"  # only its title is promised
        assert "<title>HtREST</title>" in text if page else text == here(expected, house)
        return
    got = json.loads(text)
    assert shape(got) == shape(expected)
    if isinstance(expected, dict):
        assert list(got) == list(expected)
        if "message" in expected and recorded["status"] >= 400:
            assert opening(got["message"]) == opening(expected["message"])
            assert got.get("errors") == expected.get("errors")
        elif recorded["request"]["method"] == "PUT" and name not in MOMENTS:
            assert got == expected


def steady(command: str) -> str:
    """Return a serial command without a time of day."""
    return re.sub(r"^CLK,.*", "CLK", command)


@pytest.mark.parametrize("name", NAMES)
async def test_replay(name: str, clock: ManualClock) -> None:
    """Status, content type, types, message and serial commands are those of the real server."""
    recorded = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    settings = next((SETTINGS[start] for start in SETTINGS if name.startswith(start)), {})
    kind = "text/plain" if name == "param_put_text_type" else "application/json"
    async with (
        HtRestSimulator(clock=clock, **settings) as house,
        ClientSession(headers=CREDENTIALS.get(name)) as session,
    ):
        owner = Owner(house, session)
        STATES.get(name, as_it_is)(house)
        if name in EARLIER:
            await owner.send(*EARLIER[name])
        AFTER.get(name, as_it_is)(house)
        house.stats.reset()
        sent = recorded["request"]
        status, content_type, text = await owner.send(
            sent["method"], sent["path"], sent["body"], kind
        )
        assert (status, content_type) == (recorded["status"], recorded["headers"]["Content-Type"])
        compare(name, recorded, text, house)
        wanted = [steady(command) for command in recorded["serial"]["commands"]]
        assert [steady(command) for command in house.stats.commands] == wanted


@pytest.mark.parametrize(
    "name", ["auth_missing", "delete_not_allowed", "device_get_no_slash", "post_not_allowed"]
)
async def test_headers(name: str, clock: ManualClock, session: ClientSession) -> None:
    """The headers that mean something are the recorded ones."""
    recorded = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    settings = SETTINGS["auth"] if name == "auth_missing" else {}
    async with (
        HtRestSimulator(clock=clock, **settings) as house,
        session.request(
            recorded["request"]["method"],
            house.url + recorded["request"]["path"],
            allow_redirects=False,
        ) as response,
    ):
        for header, value in recorded["headers"].items():
            assert response.headers[header] == here(value, house)
        assert response.version == (1, 0)


def test_states_are_of_recordings() -> None:
    """No state is left over, no kind of noise is left out, and none is missing its recording."""
    assert {*STATES, *EARLIER, *AFTER, *MOMENTS, *CREDENTIALS} <= set(NAMES)
    assert len(NAMES) == 118
    assert len(LineFaultKind) == 8
