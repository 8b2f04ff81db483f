"""From the server's JSON to dataclasses, and from its messages to errors.

Sources: HtREST 0.1.11 (README, "API") and recorded answers where the two differ.
"""

from collections.abc import Mapping
from datetime import MAXYEAR, MINYEAR, datetime
from http import HTTPStatus
import re
from typing import Any, Final

import orjson

from .errors import (
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
from .models import Device, FaultEntry, ProgramHead, Slot, TimeProgram, Value

DATETIME_FORMAT: Final = "%Y-%m-%dT%H:%M:%S"
DAY_MINUTES: Final = 24 * 60
WEEKDAYS: Final = 7

# How the messages of a 500 begin; what a text means is all that tells one failure from another.
BEGINNINGS: Final[tuple[tuple[tuple[str, ...], type[HtRestError]], ...]] = (
    (("value ", "time data", "unconverted data", "the provided", "the state of", "list assignment"),
     HtRestRefusedError),
    (("data stream", "invalid checksum", "invalid or unknown", "invalid representation",
      "could not convert", "invalid literal"), HtRestLineError),
    (("login failed",), HtRestPumpSilentError),
    (("write failed", "(5, 'Input/output", "serial connection to heat pump not established"),
     HtRestServerStuckError),
)  # fmt: skip

_TIME = re.compile(r"(\d{1,2}):([0-5]\d)(?::[0-5]\d)?")
_QUOTED = re.compile(r"'([^']*)'")
_PARAMETER = re.compile(r"parameter '([^']*)'")


class MalformedError(ValueError):
    """JSON that is not what the API describes; the text names the field, never a value."""


def decode(body: bytes) -> Any:
    """Return the JSON of an answer.

    Raises:
        MalformedError: there is none.
    """
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        raise MalformedError("no JSON") from None


def failure(status: int, body: bytes) -> HtRestError:
    """Return the error that an answer other than 200 stands for."""
    if status == HTTPStatus.UNAUTHORIZED:
        return HtRestAuthError()
    try:
        answer = decode(body)
    except MalformedError:
        return HtRestResponseError(f"HTTP {status}")
    message = answer.get("message") if isinstance(answer, dict) else None
    if not isinstance(message, str):
        return HtRestResponseError(f"HTTP {status}")
    if status == HTTPStatus.BAD_REQUEST:
        return HtRestRefusedError(f"HTTP {status}")
    if status == HTTPStatus.NOT_FOUND and message.startswith("Parameter"):
        return HtRestUnknownNamesError(frozenset(_QUOTED.findall(message)))
    if status == HTTPStatus.INTERNAL_SERVER_ERROR:
        if "['ERR," in message:
            name = _PARAMETER.search(message)
            return HtRestAbsentPointError(name[1] if name else "")
        for beginnings, error in BEGINNINGS:
            if message.startswith(beginnings):
                return error(beginnings[0])
    return HtRestResponseError(f"HTTP {status}")


def parse_values(data: Any) -> dict[str, Value]:
    """Return the values of an answer by name; what is no value is left out.

    An empty write is answered with the name "*".
    """
    if not isinstance(data, dict):
        raise MalformedError("values")
    return {
        name: value
        for name, value in data.items()
        if name != "*" and isinstance(value, bool | int | float)
    }


def parse_device(data: Any) -> Device:
    """Return the heat pump (GET /device/)."""
    return Device(str(_integer(data, "serial_number")), _text(data, "software_version"))


def parse_title(data: Any) -> str:
    """Return the title of the API's own description (GET /swagger.json)."""
    return _text(data.get("info") if isinstance(data, dict) else None, "title")


def parse_datetime(data: Any) -> datetime:
    """Return the heat pump's time, without a zone (GET /datetime/)."""
    return _moment(data)


def parse_fault(data: Any) -> FaultEntry:
    """Return a line of the fault list (GET /faultlist/{index})."""
    return FaultEntry(
        _integer(data, "index"), _integer(data, "error"), _moment(data), _text(data, "message")
    )


def parse_heads(data: Any) -> list[ProgramHead]:
    """Return which time programs there are (GET /timeprog/)."""
    if not isinstance(data, list):
        raise MalformedError("timeprog")
    return [parse_head(item) for item in data]


def parse_head(data: Any) -> ProgramHead:
    """Return a time program without its slots."""
    step = _integer(data, "ste")
    if not 1 <= step <= DAY_MINUTES:
        raise MalformedError("ste")
    return ProgramHead(
        index=_integer(data, "index"),
        name=_text(data, "name"),
        slots=_integer(data, "ead"),
        states=_integer(data, "nos"),
        step=step,
    )


def parse_program(data: Any) -> TimeProgram:
    """Return a time program (GET /timeprog/{index})."""
    head = parse_head(data)
    days = data.get("entries")
    if not isinstance(days, list) or len(days) != WEEKDAYS:
        raise MalformedError("entries")
    if not all(isinstance(day, list) and len(day) == head.slots for day in days):
        raise MalformedError("entries")
    return TimeProgram(head, tuple(tuple(parse_slot(slot) for slot in day) for day in days))


def parse_slot(data: Any) -> Slot:
    """Return a slot of a time program."""
    return Slot(_minutes(data, "start"), _minutes(data, "end"), _integer(data, "state"))


def slot_as_json(slot: Slot) -> Mapping[str, int | str]:
    """Return a slot as the server takes it."""
    return {
        "state": slot.state,
        "start": clock_text(slot.start),
        "end": clock_text(slot.end),
    }


def clock_text(minutes: int) -> str:
    """Return minutes since midnight as HH:MM, up to 24:00."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


def minutes_of(text: str) -> int:
    """Return the minutes since midnight of HH:MM, up to 24:00; seconds are passed over.

    Raises:
        ValueError: it is no time of day.
    """
    found = _TIME.fullmatch(text)
    total = int(found[1]) * 60 + int(found[2]) if found else DAY_MINUTES + 1
    if total > DAY_MINUTES:
        raise ValueError("no time of day")
    return total


def _minutes(data: Any, field: str) -> int:
    try:
        return minutes_of(_text(data, field))
    except ValueError:
        raise MalformedError(field) from None


def _moment(data: Any) -> datetime:
    try:
        moment = datetime.strptime(_text(data, "datetime"), DATETIME_FORMAT)
    except ValueError:
        raise MalformedError("datetime") from None
    # At the very ends of the calendar there is no such time in other zones.
    if not MINYEAR < moment.year < MAXYEAR:
        raise MalformedError("datetime")
    return moment


def _field(data: Any, field: str) -> Any:
    if not isinstance(data, dict) or field not in data:
        raise MalformedError(field)
    return data[field]


def _integer(data: Any, field: str) -> int:
    value = _field(data, field)
    if type(value) is not int:
        raise MalformedError(field)
    return value


def _text(data: Any, field: str) -> str:
    value = _field(data, field)
    if not isinstance(value, str):
        raise MalformedError(field)
    return value
