"""Hostile answers: odd things are left out, and nothing but an error of ours ever comes of them."""

from collections.abc import Callable
import math
from typing import Any

import orjson
import pytest

from custom_components.victron_vrm.errors import VrmError, VrmResponseError
from custom_components.victron_vrm.models import Reading, Site, ValueKind
from custom_components.victron_vrm.parsing import (
    integer,
    is_token,
    number,
    parse_alarm_log,
    parse_devices,
    parse_diagnostics,
    parse_flows,
    parse_new_token,
    parse_row,
    parse_site,
    parse_stats,
    parse_tokens,
    parse_user,
    site_records,
    text,
)

HUGE = 10**400
JUNK: list[Any] = [
    *(None, True, False, 0, -1, 17, 1.5, 1e308, HUGE, math.nan, math.inf, -math.inf),
    *("", " ", "text", "12", "1e999", "nan", "\x00\x1b\n", "x" * 100_000, "٣", "ü"),
    *([], {}, [[]], [None], [1], ["a"], [{}], {"a": 1}, {"0": {}}, {"": []}),
]
PARSERS: dict[str, Callable[[dict[str, Any]], object]] = {
    "user": parse_user,
    "tokens": parse_tokens,
    "new_token": parse_new_token,
    "sites": lambda answer: [parse_site(record) for record in site_records(answer)],
    "diagnostics": lambda answer: [parse_row(row) for row in parse_diagnostics(answer)[0]],
    "devices": parse_devices,
    "stats": parse_stats,
    "alarm_log": parse_alarm_log,
}
ROW: dict[str, Any] = {
    "idDataAttribute": 51,
    "code": "bs",
    "description": "State of charge",
    "formatWithUnit": "%.1F %%",
    "dataType": "float",
    "idDeviceType": 2,
    "Device": "Battery",
    "textValue": None,
    "instance": 512,
    "timestamp": 1_700_000_000,
    "dbusServiceType": "battery",
    "dbusPath": "/Soc",
    "rawValue": 42.5,
    "formattedValue": "42.5 %",
    "bitmask": 0,
    "dataAttributeEnumValues": [{"nameEnum": "Off", "valueEnum": 0}],
}
EXTENDED: dict[str, Any] = ROW | {
    "instances": {"512": {"rawValue": 42.5, "timestamp": 1_700_000_000, "textValue": 1}}
}
SITE: dict[str, Any] = {
    "idSite": 7,
    "name": "House",
    "timezone": "Europe/Rome",
    "syscreated": 1_600_000_000,
    "last_timestamp": 1_700_000_000,
    "view_permissions": {"diagnostics": True},
    "alarm": False,
    "current_alarms": ["Low"],
    "tags": [{"name": "boat"}],
    "last_location_timestamp": False,
    "extended": [EXTENDED],
}
GOOD: dict[str, dict[str, Any]] = {
    "user": {"success": True, "user": {"id": 22, "name": "Owner", "idAccessToken": 5}},
    "tokens": {"tokens": [{"idAccessToken": "5", "name": "x", "expires": "1700000000"}]},
    "new_token": {"token": "0a" * 32},
    "sites": {"records": [SITE]},
    "diagnostics": {"records": [ROW], "num_records": 1},
    "devices": {
        "records": {
            "devices": [
                {
                    "name": "Battery",
                    "customName": "Mine",
                    "productName": "Shunt",
                    "productCode": "a1",
                    "firmwareVersion": "v1",
                    "machineSerialNumber": "HQ1",
                    "lastConnection": 1,
                    "loggingInterval": 60,
                    "idDeviceType": 2,
                    "instance": 1,
                }
            ]
        }
    },
    "stats": {"records": {"Pc": [[1000, 1.5], [2000, 2.5]]}, "totals": {"Pc": 4.0}},
    "alarm_log": {
        "records": [
            {
                "idAlarm": 5,
                "started": 100,
                "isActive": 1,
                "customName": "",
                "device": "Battery",
                "description": "Low",
                "type": "alarm",
                "instance": 1,
            }
        ]
    },
}
type Path = tuple[Any, ...]


def places(node: Any, path: Path = ()) -> list[Path]:
    """Return the ways to all that is somewhere in an answer."""
    found = [path] if path else []
    if isinstance(node, dict):
        return found + [it for key, sub in node.items() for it in places(sub, (*path, key))]
    if isinstance(node, list):
        return found + [it for key, sub in enumerate(node) for it in places(sub, (*path, key))]
    return found


def changed(node: Any, path: Path, value: Any, *, gone: bool = False) -> Any:
    """Return an answer with something else, or nothing, at a place."""
    if not path:
        return value
    copy = dict(node) if isinstance(node, dict) else list(node)
    if gone and len(path) == 1:
        del copy[path[0]]
    else:
        copy[path[0]] = changed(copy[path[0]], path[1:], value, gone=gone)
    return copy


def numbers_in(node: Any) -> list[float]:
    """Return all numbers that somebody may reckon with."""
    if isinstance(node, Site):
        return [it for row in node.readings for it in numbers_in(row)]
    if isinstance(node, Reading):
        found = [node.value, node.at]
        return [it for it in found if isinstance(it, int | float)]
    if isinstance(node, list):
        return [it for sub in node for it in numbers_in(sub)]
    return []


def parsed(name: str, answer: dict[str, Any]) -> Any:
    """Return what is made of an answer; nothing but an error of ours may come instead."""
    try:
        return PARSERS[name](answer)
    except VrmError:
        return None


@pytest.mark.parametrize("name", PARSERS)
def test_wrong_types_everywhere(name: str) -> None:
    """Whatever stands wherever, no bug of ours shows, and no number is endless."""
    for path in places(GOOD[name]):
        for junk in JUNK:
            found = parsed(name, changed(GOOD[name], path, junk))
            assert all(math.isfinite(it) for it in numbers_in(found))
        parsed(name, changed(GOOD[name], path, None, gone=True))


@pytest.mark.parametrize("name", PARSERS)
@pytest.mark.parametrize("answer", [{}, {"success": True}, {"records": None}, {"unknown": [1]}])
def test_nothing_there(name: str, answer: dict[str, Any]) -> None:
    """An answer about nothing is empty, or one that should not be."""
    assert not parsed(name, answer) or name == "stats"


@pytest.mark.parametrize("name", ["sites", "diagnostics", "devices", "stats", "alarm_log"])
def test_no_records(name: str) -> None:
    """An answer without records is none."""
    with pytest.raises(VrmResponseError):
        PARSERS[name]({"success": True})


@pytest.mark.parametrize("name", PARSERS)
def test_odd_neighbours(name: str) -> None:
    """What is odd takes nothing else away."""
    if "records" not in GOOD[name] or name == "stats":
        return
    whole = PARSERS[name](GOOD[name])
    rows: Any = GOOD[name]["records"]
    junk = [it for it in JUNK if not isinstance(it, dict)]
    answer: dict[str, Any]
    if isinstance(rows, dict):
        answer = {"records": {"devices": [*junk, *rows["devices"], *junk]}}
    else:
        answer = {"records": [*junk, *rows, *junk], "num_records": 1}
    assert PARSERS[name](answer) == whole


@pytest.mark.parametrize(
    ("raw", "wanted"),
    [
        (5, 5.0),
        (1.5, 1.5),
        ("5", 5.0),
        (" -1.5 ", -1.5),
        ("1e3", 1000.0),
        (0, 0.0),
        *[(it, None) for it in JUNK[:3]],
        *[(it, None) for it in ("", "x", "nan", "inf", "1e999", "1,5", math.nan, math.inf, HUGE)],
        ([1], None),
        ({}, None),
    ],
)
def test_number(raw: Any, wanted: float | None) -> None:
    """A number may come as text; what is endless is none, and false is nothing."""
    assert number(raw) == wanted


@pytest.mark.parametrize(
    ("raw", "wanted"),
    [(5, 5), (5.0, 5), ("5", 5), ("5.0", 5), (5.5, None), ("x", None), ([], None)],
)
def test_integer(raw: Any, wanted: int | None) -> None:
    """A whole number may come in every way in which PHP writes it."""
    assert integer(raw) == wanted


@pytest.mark.parametrize(
    ("raw", "wanted"),
    [
        ("a", "a"),
        (" a\nb\t\x1b\u202e ", "ab"),
        (5, "5"),
        (5.5, "5.5"),
        (None, ""),
        (True, ""),
        ([], ""),
        ({}, ""),
        ("\n", ""),
        ("x" * 1000, "x" * 255),
    ],
)
def test_text(raw: Any, wanted: str) -> None:
    """A text is one line of some length."""
    assert text(raw) == wanted


def readings_of(**row: Any) -> list[Reading]:
    """Return the readings of a row of the overview."""
    plain = {key: value for key, value in EXTENDED.items() if key != "instances"}
    site = parse_site(SITE | {"extended": [plain | row]})
    assert site
    return list(site.readings)


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("42.5", 42.5),
        (42, 42.0),
        (42.5, 42.5),
        (0, 0.0),
        (-0.1, -0.1),
        (None, None),
        (True, None),
        ("", None),
        ("low", None),
        (math.nan, None),
        (HUGE, None),
        ([1], None),
        ({}, None),
    ],
)
def test_raw_values(raw: Any, value: float | None) -> None:
    """A value is a number however it is written, and nothing where it is none."""
    (reading,) = readings_of(rawValue=raw)
    assert (reading.kind, reading.value) == (ValueKind.NUMBER, value)


def test_row_without_value() -> None:
    """A row without a value is known, and says nothing."""
    row = {key: value for key, value in ROW.items() if key != "rawValue"}
    reading = parse_row(row)
    assert reading
    assert reading.value is None


@pytest.mark.parametrize(
    ("instances", "wanted"),
    [
        ([{"rawValue": 1}, {"rawValue": 2}], {0: 1, 1: 2}),
        ({"0": {"rawValue": 1}, "7": {"rawValue": 2}}, {0: 1, 7: 2}),
        ([{"rawValue": 1}, None, {"rawValue": 3}], {0: 1, 2: 3}),
        ({"x": {"rawValue": 1}, "5": 7, "6": {"rawValue": "8"}}, {6: 8}),
        ([], {512: 42.5}),
        ({}, {512: 42.5}),
        (None, {512: 42.5}),
        ("odd", {512: 42.5}),
        ({"3": {}}, {3: 42.5}),
    ],
)
def test_instances(instances: Any, wanted: dict[int, float]) -> None:
    """Instances come as object or as list; a row without any stands for itself."""
    found = {it.instance: it.value for it in readings_of(instances=instances)}
    assert found == wanted


def test_row_without_instance() -> None:
    """What has no instance is that of the site."""
    (reading,) = readings_of(instance=None)
    assert reading.instance == 0


@pytest.mark.parametrize(
    ("row", "kind", "value"),
    [
        ({"dataType": "enum", "rawValue": "2"}, ValueKind.ENUM, 2),
        ({"dataType": "enum", "rawValue": 2.5}, ValueKind.ENUM, None),
        ({"dataType": "enum", "rawValue": "Off"}, ValueKind.ENUM, None),
        ({"dataType": "string", "rawValue": 7}, ValueKind.TEXT, "7"),
        ({"dataType": "string", "rawValue": None}, ValueKind.TEXT, "42.5 %"),
        ({"dataType": "string", "rawValue": "", "formattedValue": ""}, ValueKind.TEXT, None),
        ({"dataType": None, "rawValue": 0}, ValueKind.ENUM, 0),
        ({"dataType": None, "dataAttributeEnumValues": None}, ValueKind.NUMBER, 42.5),
        (
            {"dataType": [], "dataAttributeEnumValues": 0, "formatWithUnit": "%d"},
            ValueKind.NUMBER,
            42.5,
        ),
        ({"dataType": "odd", "formatWithUnit": "%s"}, ValueKind.TEXT, "42.5"),
        ({"dataType": "odd", "formatWithUnit": None}, ValueKind.TEXT, "42.5"),
        ({"dataType": "odd", "formatWithUnit": "%"}, ValueKind.TEXT, "42.5"),
    ],
)
def test_kinds_of_values(row: dict[str, Any], kind: ValueKind, value: Any) -> None:
    """What a value is says its type; where that is missing, its choices or its format do."""
    (reading,) = readings_of(**row)
    assert (reading.kind, reading.value) == (kind, value)


def test_choices() -> None:
    """Names of states may be numbers, and what has no number is no state."""
    (reading,) = readings_of(
        dataAttributeEnumValues=[
            {"nameEnum": "Off", "valueEnum": 0},
            {"nameEnum": 50, "valueEnum": "1"},
            {"nameEnum": "Odd", "valueEnum": "x"},
            {"nameEnum": None, "valueEnum": 3},
            {},
            7,
        ]
    )
    assert reading.choices == {0: "Off", 1: "50", 3: ""}


@pytest.mark.parametrize(
    ("raw", "wanted"),
    [(1, True), (True, True), ("1", True), (0, False), (None, False), ([], False)],
)
def test_bitmask(raw: Any, wanted: bool) -> None:
    """A sum of flags is known as one."""
    reading = parse_row(ROW | {"bitmask": raw})
    assert reading
    assert reading.bitmask is wanted


@pytest.mark.parametrize("code", [None, "", [], {}, False, "\n"])
def test_row_without_code(code: Any) -> None:
    """A row that does not say what it is about is left out."""
    assert parse_row(ROW | {"code": code}) is None
    assert readings_of(code=code) == []


@pytest.mark.parametrize(
    ("rights", "allowed"),
    [
        ({"diagnostics": True}, True),
        ({"diagnostics": False}, False),
        ({"diagnostics": None}, True),
        ({}, True),
        ([], True),
        (None, True),
    ],
)
def test_rights(rights: Any, allowed: bool) -> None:
    """Only a clear no keeps us from asking."""
    site = parse_site(SITE | {"view_permissions": rights})
    assert site
    assert site.may_read_diagnostics is allowed


def test_poor_site() -> None:
    """A number is all that a site needs."""
    site = parse_site({"idSite": "9"})
    assert parse_site({"name": "no number"}) is None
    assert site
    assert site == Site(9, "9")


def test_rows_on_all_pages() -> None:
    """If nobody says how many rows there are, these are all."""
    for count in (None, 0, "x", False):
        assert parse_diagnostics({"records": [ROW, ROW], "num_records": count})[1] == 2
    assert parse_diagnostics({"records": [ROW], "num_records": "7"})[1] == 7


@pytest.mark.parametrize(
    ("version", "wanted"),
    [("2600552", "2600 552"), ("v1.2", "v1.2"), (2600552, "2600 552"), (None, ""), ("12", "12")],
)
def test_firmware(version: Any, wanted: str) -> None:
    """A version is written as the portal writes it."""
    (device,) = parse_devices({"records": {"devices": [{"firmwareVersion": version}]}})
    assert device.firmware == wanted
    assert (device.device_type, device.instance) == (0, None)


@pytest.mark.parametrize("interval", [None, 0, -60, "x", False])
def test_no_logging_interval(interval: Any) -> None:
    """An interval that is none is not reckoned with."""
    (device,) = parse_devices({"records": {"devices": [{"loggingInterval": interval}]}})
    assert device.logging_interval is None


@pytest.mark.parametrize("records", [False, None, [], {}, {"Pc": False}, {"Pc": []}, {"Pc": {}}])
@pytest.mark.parametrize("totals", [False, None, [], {}, {"Pc": False}])
def test_empty_series(records: Any, totals: Any) -> None:
    """However nothing is written, it is nothing."""
    stats = parse_stats({"records": records, "totals": totals})
    assert (dict(stats.series), dict(stats.totals)) == ({}, {})


def test_odd_points() -> None:
    """Points that are none are left out; means come with their limits."""
    points = [[1000, "2"], [2000], None, [None, 1], [3000, None], [4000, 1, 0, 2], {"0": 1}]
    stats = parse_stats({"records": {"Pc": points}, "totals": {"Pc": "3"}})
    assert stats.series == {"Pc": ((1.0, 2.0), (4.0, 1.0))}
    assert stats.totals == {"Pc": 3.0}


@pytest.mark.parametrize("records", [False, None, [], {}, {"Pc": False}, {"Pc": []}, {"Pc": {}}])
def test_no_flows(records: Any) -> None:
    """However no energy is written, it is none."""
    assert parse_flows({"records": records}) == {}


def test_flows() -> None:
    """Each bucket counts once; one without a value, and what is no flow, does not count."""
    points = [[1000, 1], [2000, "2"], [3000, None], [1000, 1]]
    assert parse_flows({"records": {"Pc": points, "kwh": 5}}) == {"Pc": ((1.0, 1.0), (2.0, 2.0))}


@pytest.mark.parametrize(
    "odd", [5, "", {"a": 1}, [5], [[1000]], [[None, 1]], [[2000, True]], [[2000, 1e30]], [[-1, 1]]]
)
def test_odd_flows(odd: Any) -> None:
    """Energy of which some makes no sense is not added up: the sum would be too small."""
    points = [[1000, 1.0], *odd] if isinstance(odd, list) else odd
    with pytest.raises(VrmResponseError):
        parse_flows({"records": {"Pc": points}})
    with pytest.raises(VrmResponseError):
        parse_flows({"records": "Pc"})


@pytest.mark.parametrize("records", [None, False, {}, "none"])
def test_no_list_of_alarms(records: Any) -> None:
    """What is no list is not an empty one: all alarms would be new after it."""
    with pytest.raises(VrmResponseError):
        parse_alarm_log({"records": records})


def test_order_of_alarms() -> None:
    """Alarms are told in their order; one without a beginning or a number is none."""
    rows: list[dict[str, Any]] = [
        {"started": 5},
        {"started": None},
        {"started": "3", "customName": "Mine"},
        {},
    ]
    found = parse_alarm_log({"records": [*({"idAlarm": 1} | it for it in rows), {"started": 4}]})
    assert [(it.started, it.device) for it in found] == [(3.0, "Mine"), (5.0, "")]


@pytest.mark.parametrize(
    "token", [None, 5, "", "0a" * 31, "0a" * 33, "0g" * 32, " " + "0a" * 32, ["0a"]]
)
def test_no_token(token: Any) -> None:
    """What does not look like a token is not kept as one."""
    with pytest.raises(VrmResponseError):
        parse_new_token({"token": token})


def test_token() -> None:
    """A token has 64 digits of base 16."""
    assert is_token("0aF9" * 16)
    assert not is_token("٣" * 64)


@pytest.mark.parametrize("name", PARSERS)
def test_deep_answers(name: str) -> None:
    """What is nested deeply ends in nothing worse than an empty answer."""
    deep = orjson.loads("[" * 500 + "]" * 500)
    for path in places(GOOD[name]):
        parsed(name, changed(GOOD[name], path, deep))
