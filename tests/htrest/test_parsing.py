"""What the genuine server answered, and what we make of it."""

from collections.abc import Callable
import json
from pathlib import Path
from typing import Any

import pytest

from custom_components.htrest.errors import (
    HtRestAbsentPointError,
    HtRestAuthError,
    HtRestError,
    HtRestLineError,
    HtRestPumpSilentError,
    HtRestRefusedError,
    HtRestResponseError,
    HtRestServerStuckError,
    HtRestUnknownNamesError,
)
from custom_components.htrest.models import Slot
from custom_components.htrest.parsing import (
    MalformedError,
    failure,
    minutes_of,
    parse_datetime,
    parse_device,
    parse_fault,
    parse_head,
    parse_heads,
    parse_program,
    parse_slot,
    parse_title,
    parse_values,
    slot_as_json,
)

RECORDINGS = Path(__file__).parent / "recordings"

MEANINGS: dict[type[HtRestError], str] = {
    HtRestAbsentPointError: """
        absent_point_param absent_point_param_all faultlist_last_when_empty old_pump_param_all
        timeprog_unknown_9
        timeprog_entry_unknown
    """,
    HtRestAuthError: "auth_missing auth_missing_swagger auth_wrong",
    HtRestLineError: """
        absent_point_in_fastquery fault_bad_checksum fault_fastquery_cut_short fault_garbage
        fault_one_missing_answer fault_truncated fault_unknown_header fault_value_text
        fault_float_without_point
    """,
    HtRestPumpSilentError: "pump_silent",
    HtRestRefusedError: """
        datetime_put_bad datetime_put_fraction datetime_put_missing datetime_put_with_zone
        fastquery_sp_in_list param_put_bad_json param_put_bool_for_int param_put_half_for_int
        param_put_int_for_bool param_put_float_for_int param_put_missing_value param_put_null
        param_put_out_of_range param_put_several_list param_put_several_second_bad
        param_put_string param_put_text_type timeprog_entry_put_missing timeprog_entry_put_reversed
        timeprog_put_bad_state timeprog_put_no_entries timeprog_put_null_entries
    """,
    HtRestServerStuckError: """
        adapter_back_but_server_stuck adapter_back_but_server_stuck_2 adapter_pulled_first
        adapter_pulled_second
    """,
    HtRestUnknownNamesError: """
        fastquery_one_unknown fastquery_unknown param_one_unknown param_put_several_unknown
        param_subset_unknown
    """,
}


def recorded(name: str) -> dict[str, Any]:
    """Return a request and its answer."""
    found: dict[str, Any] = json.loads((RECORDINGS / f"{name}.json").read_text(encoding="utf-8"))
    return found


def body_of(recording: dict[str, Any]) -> bytes:
    """Return the body of an answer as it came."""
    body = recording["body"]
    return body.encode() if isinstance(body, str) else json.dumps(body).encode()


FAILURES = sorted(
    path.stem
    for path in RECORDINGS.glob("*.json")
    if recorded(path.stem)["status"] not in {200, 308}
)


@pytest.mark.parametrize("name", FAILURES)
def test_failures(name: str) -> None:
    """Each failure that was recorded is told for what it is."""
    recording = recorded(name)
    error = failure(recording["status"], body_of(recording))
    expected = next((kind for kind, names in MEANINGS.items() if name in names.split()), None)
    assert type(error) is (expected or HtRestResponseError)


def test_failures_that_say_more() -> None:
    """Names that are lacking are told."""
    error = failure(404, body_of(recorded("param_subset_unknown")))
    assert isinstance(error, HtRestUnknownNamesError)
    assert error.names == {"Nonsense", "Other"}
    absent = failure(500, body_of(recorded("absent_point_param")))
    assert isinstance(absent, HtRestAbsentPointError)
    assert absent.name == "WW Normaltemp."


@pytest.mark.parametrize(
    ("name", "parse"),
    [
        ("device_get", parse_device),
        ("old_pump_device", parse_device),
        ("datetime_get", parse_datetime),
        ("faultlist_last", parse_fault),
        ("faultlist_3", parse_fault),
        ("timeprog_list", parse_heads),
        ("timeprog_1", parse_program),
        ("timeprog_2", parse_program),
        ("timeprog_entry_get", parse_slot),
        ("param_all", parse_values),
        ("fastquery_all", parse_values),
        ("extended_param_all", parse_values),
        ("old_pump_fastquery", parse_values),
    ],
)
def test_successes(name: str, parse: Callable[[Any], object]) -> None:
    """Each kind of answer that was recorded is understood."""
    assert parse(recorded(name)["body"])


def test_what_is_in_them() -> None:
    """Values arrive where they belong."""
    device = parse_device(recorded("device_get")["body"])
    body = recorded("device_get")["body"]
    assert (device.serial, device.software) == (
        str(body["serial_number"]),
        body["software_version"],
    )
    values = parse_values(recorded("param_all")["body"])
    assert values == recorded("param_all")["body"]
    assert len(values) == 61
    assert parse_values(recorded("param_put_several_empty")["body"]) == {}
    program = parse_program(recorded("timeprog_1")["body"])
    assert program.head.name == "Zirkulationspumpe"
    assert (len(program.week), {len(day) for day in program.week}) == (7, {7})


@pytest.mark.parametrize(
    ("parse", "data"),
    [
        (parse_title, None),
        (parse_title, {"info": {}}),
        (parse_title, {"info": {"title": 5}}),
        (parse_values, []),
        (parse_device, {"serial_number": "1", "software_version": "3"}),
        (parse_device, {"serial_number": True, "software_version": "3"}),
        (parse_datetime, {"datetime": "2026-11-20"}),
        (parse_datetime, {"datetime": 5}),
        (parse_fault, {"index": 1}),
        (parse_heads, {}),
        (parse_head, {"index": 0, "name": "", "ead": 7, "nos": 2, "ste": 0}),
        (parse_program, {"index": 0, "name": "", "ead": 7, "nos": 2, "ste": 15}),
        (
            parse_program,
            {"index": 0, "name": "", "ead": 7, "nos": 2, "ste": 15, "entries": [5]},
        ),
        (parse_slot, {"state": 1, "start": "06:00", "end": "24:15"}),
        (parse_slot, {"state": 1, "start": "6", "end": "07:00"}),
        (parse_slot, {"state": None, "start": "06:00", "end": "07:00"}),
    ],
)
def test_malformed(parse: Callable[[Any], object], data: Any) -> None:
    """What is not as described is refused, and the text says the field and no value."""
    with pytest.raises(MalformedError) as err:
        parse(data)
    assert len(str(err.value)) < 20


def test_values_leave_out_what_is_none() -> None:
    """A value that is text or missing does not spoil the others."""
    assert parse_values({"a": 1.5, "b": "x", "c": None, "d": False, "*": None}) == {
        "a": 1.5,
        "d": False,
    }


@pytest.mark.parametrize(
    ("text", "minutes"), [("00:00", 0), ("6:05", 365), ("24:00", 1440), ("06:15:00", 375)]
)
def test_times(text: str, minutes: int) -> None:
    """Times of a day, the end of the day among them."""
    assert minutes_of(text) == minutes


@pytest.mark.parametrize("text", ["24:15", "12", "12:60", "-1:00", "noon", "", "12:00:99"])
def test_no_times(text: str) -> None:
    """What is no time of a day."""
    with pytest.raises(ValueError, match="time of day"):
        minutes_of(text)


def test_slot_as_written() -> None:
    """A slot goes out as it comes in."""
    slot = Slot(6 * 60, 24 * 60, 2)
    assert slot_as_json(slot) == {"state": 2, "start": "06:00", "end": "24:00"}
    assert parse_slot(slot_as_json(slot)) == slot
