"""From the cloud's JSON to what is used here; odd things are left out, never fatal.

Source: VRM API v2 documentation, and recorded answers of the public demo account.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from .errors import VrmResponseError
from .flows import FLOWS
from .models import (
    AccessToken,
    AlarmLogEntry,
    Device,
    Number,
    Reading,
    Series,
    Site,
    Stats,
    User,
    ValueKind,
)

LONGEST_TEXT: Final = 255
TOKEN_LENGTH: Final = 64
LARGEST: Final = 2**53
NOTHING: Final[tuple[Any, ...]] = (None, False, [], {})
"""In how many ways the cloud writes that there is nothing."""
LATEST: Final = 4_102_444_800  # the year 2100


def number(raw: Any) -> float | None:
    """Return a number, which may come as text; None if it is none that a site may log."""
    if isinstance(raw, bool) or raw is None:  # false stands for nothing in many places
        return None
    try:
        value = float(raw)
    except TypeError, ValueError, OverflowError:
        return None
    return value if abs(value) <= LARGEST else None  # NaN is not within it


def integer(raw: Any) -> int | None:
    """Return a whole number, None if it is none, or larger than any that the cloud counts with."""
    value = number(raw)
    return None if value is None or value != int(value) else int(value)


def moment(raw: Any) -> float | None:
    """Return a time in seconds since 1970, None if it is none that a site may have seen."""
    value = number(raw)
    return value if value is not None and 0 <= value < LATEST else None


def text(raw: Any) -> str:
    """Return a text in one line, "" if it is none."""
    if not isinstance(raw, str) and number(raw) is None:
        return ""
    return "".join(it for it in str(raw) if it.isprintable()).strip()[:LONGEST_TEXT]


def _items(raw: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(raw, list):
        yield from (it for it in raw if isinstance(it, dict))


def records(answer: Mapping[str, Any]) -> Any:
    """Return what an answer is about.

    Raises:
        VrmResponseError: it is about nothing.
    """
    if "records" not in answer:
        raise VrmResponseError("no records")
    return answer["records"]


# Accounts


def parse_user(answer: Mapping[str, Any]) -> User:
    """Return whose token it is.

    Raises:
        VrmResponseError: nobody knows.
    """
    user = answer.get("user")
    if not isinstance(user, dict) or (user_id := integer(user.get("id"))) is None:
        raise VrmResponseError("no user")
    return User(user_id, text(user.get("name")), text(user.get("idAccessToken")))


def parse_tokens(answer: Mapping[str, Any]) -> list[AccessToken]:
    """Return the tokens of an account."""
    return [
        AccessToken(text(it.get("idAccessToken")), text(it.get("name")), moment(it.get("expires")))
        for it in _items(answer.get("tokens"))
    ]


def parse_new_token(answer: Mapping[str, Any]) -> str:
    """Return the secret of a token that was just made.

    Raises:
        VrmResponseError: there is none.
    """
    token = answer.get("token")
    if not isinstance(token, str) or not is_token(token):
        raise VrmResponseError("no token")
    return token


def is_token(token: str) -> bool:
    """Return whether something looks like a personal access token."""
    return len(token) == TOKEN_LENGTH and all(it in "0123456789abcdefABCDEF" for it in token)


# Sites


def site_records(answer: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the records of an account's sites, not looked at yet.

    Raises:
        VrmResponseError: there is no list of them, which is not the same as none.
    """
    found = records(answer)
    if not isinstance(found, list):
        raise VrmResponseError("no list of sites")
    return list(_items(found))


def parse_site(record: Mapping[str, Any]) -> Site | None:
    """Return the site of a record, None if it has no number."""
    site_id = integer(record.get("idSite"))
    if site_id is None:
        return None
    rights = record.get("view_permissions")
    allowed = rights.get("diagnostics") if isinstance(rights, dict) else None
    alarms = record.get("current_alarms")
    return Site(
        site_id=site_id,
        name=text(record.get("name")) or str(site_id),
        time_zone=text(record.get("timezone")),
        created=moment(record.get("syscreated")),
        last_log=moment(record.get("last_timestamp")),
        # Without a word about it, trying is the only way to know.
        may_read_diagnostics=allowed is not False,
        has_alarm=alarm if isinstance(alarm := record.get("alarm"), bool) else None,
        alarms=tuple(text(it) for it in alarms) if isinstance(alarms, list) else (),
        tags=tuple(name for it in _items(record.get("tags")) if (name := text(it.get("name")))),
        located=moment(record.get("last_location_timestamp")),
        readings=tuple(it for row in _items(record.get("extended")) for it in _extended(row)),
    )


def _extended(row: Mapping[str, Any]) -> Iterator[Reading]:
    """Yield the readings of a row: one for each instance, where it lists them."""
    instances = row.get("instances")
    if isinstance(instances, list):  # 0 to n-1, as PHP writes it
        instances = dict(enumerate(instances))
    if isinstance(instances, dict) and instances:
        for key, cell in instances.items():
            if (instance := integer(key)) is not None and isinstance(cell, dict):
                yield from _reading({**row, **cell, "instance": instance})
    else:
        yield from _reading(row)


def parse_diagnostics(answer: Mapping[str, Any]) -> tuple[list[Mapping[str, Any]], int]:
    """Return the rows of a page, not looked at yet, and how many there are on all pages."""
    rows = list(_items(records(answer)))
    return rows, integer(answer.get("num_records")) or len(rows)


def parse_row(row: Mapping[str, Any]) -> Reading | None:
    """Return the reading of a row of the diagnostics, None if it has no code, or no instance."""
    return None if integer(row.get("instance")) is None else next(_reading(row), None)


def _reading(row: Mapping[str, Any]) -> Iterator[Reading]:
    raw, instance = row.get("code"), integer(row.get("instance"))
    code = text(raw) if isinstance(raw, str) else ""
    # Sums are of no instance; one that is no number is not the first.
    if not code or (instance is None and row.get("instance") is not None):
        return
    choices = _choices(row.get("dataAttributeEnumValues"))
    kind = _kind(row, choices)
    yield Reading(
        code=code,
        kind=kind,
        value=_value(row, kind),
        attribute=integer(row.get("idDataAttribute")),
        instance=0 if instance is None else instance,
        service=text(row.get("dbusServiceType")),
        device_type=integer(row.get("idDeviceType")),
        device_name=text(row.get("Device")),
        at=moment(row.get("timestamp")),
        format=text(row.get("formatWithUnit")),
        description=text(row.get("description")),
        text=text(row.get("formattedValue")),
        path=text(row.get("dbusPath")),
        choices=choices,
        bitmask=row.get("bitmask") in (1, True, "1"),
    )


def _choices(raw: Any) -> dict[int, str]:
    return {
        value: text(it.get("nameEnum"))
        for it in _items(raw)
        if (value := integer(it.get("valueEnum"))) is not None
    }


def _kind(row: Mapping[str, Any], choices: Mapping[int, str]) -> ValueKind:
    told = row.get("dataType")
    if told == "enum" or (told is None and choices):
        return ValueKind.ENUM
    if told == "float":
        return ValueKind.NUMBER
    if told == "string":
        return ValueKind.TEXT
    form = text(row.get("formatWithUnit"))
    if form.startswith("%") and form[1:2] in {".", "d"}:
        return ValueKind.NUMBER
    return ValueKind.TEXT


def _value(row: Mapping[str, Any], kind: ValueKind) -> Number | str | None:
    raw = row.get("rawValue")
    if kind is ValueKind.ENUM:
        return integer(raw)
    if kind is ValueKind.NUMBER:
        return number(raw)
    return text(raw) or text(row.get("formattedValue")) or None


# Devices


def parse_devices(answer: Mapping[str, Any]) -> list[Device]:
    """Return the devices of a site."""
    found = records(answer)
    return [_device(it) for it in _items(found.get("devices") if isinstance(found, dict) else ())]


def _device(item: Mapping[str, Any]) -> Device:
    interval = integer(item.get("loggingInterval"))
    device_type, instance = integer(item.get("idDeviceType")), integer(item.get("instance"))
    return Device(
        device_type=0 if device_type is None and instance is None else device_type,
        instance=instance,
        kind_name=text(item.get("name")),
        custom_name=text(item.get("customName")),
        product=text(item.get("productName")),
        product_code=text(item.get("productCode")),
        firmware=_firmware(text(item.get("firmwareVersion"))),
        serial=text(item.get("machineSerialNumber")),
        last_connection=moment(item.get("lastConnection")),
        logging_interval=interval if interval and interval > 0 else None,
    )


def _firmware(version: str) -> str:
    """Return a version; a VE.Bus system writes type and version as one number."""
    return f"{version[:4]} {version[4:]}" if version.isdecimal() and len(version) == 7 else version


# Series


def parse_stats(answer: Mapping[str, Any], instance: int | None = None) -> Stats:
    """Return time series; a code without data is false, and no codes at all are a list.

    With an instance the series have to be those of an answer to `show_instance`.
    """
    found, totals = records(answer), answer.get("totals")
    points = {
        code: raw if instance is None else _of_instance(raw, instance)
        for code, raw in (found.items() if isinstance(found, dict) else ())
    }
    return Stats(
        series={code: series for code, it in points.items() if (series := _series(it))},
        bounds={code: bounds for code, it in points.items() if (bounds := _bounds(it))},
        totals={
            code: value
            for code, raw in (totals.items() if isinstance(totals, dict) else ())
            if raw is not False and (value := number(raw)) is not None
        },
    )


def parse_flows(answer: Mapping[str, Any]) -> dict[str, Series]:
    """Return energy by flow, each bucket once; what has no data is not among it.

    Raises:
        VrmResponseError: some of it makes no sense: without that all sums would be wrong.
    """
    found = records(answer)
    if found in NOTHING:
        return {}
    if not isinstance(found, dict):
        raise VrmResponseError("no series")
    flows = {code: _flow(found.get(code)) for code in FLOWS}
    return {code: series for code, series in flows.items() if series}


def _flow(points: Any) -> Series:
    if points in NOTHING:
        return ()
    if not isinstance(points, list) or not all(_is_point(it) for it in points):
        raise VrmResponseError("no series")
    return tuple(dict(_series(points)).items())


def _is_point(point: Any) -> bool:
    """Return whether something is a bucket, be it with a value or without."""
    return (
        isinstance(point, list)
        and len(point) > 1
        and _start(point[0]) is not None
        and (point[1] is None or number(point[1]) is not None)
    )


def _series(points: Any) -> Series:
    if not isinstance(points, list):
        return ()
    return tuple(
        (start, value)
        for point in points
        if isinstance(point, list)
        and len(point) > 1
        and (start := _start(point[0])) is not None
        and (value := number(point[1])) is not None
    )


def _of_instance(raw: Any, instance: int) -> Any:
    """Return the points of one device; those of several are a list, or an object."""
    parts = raw.values() if isinstance(raw, dict) else raw if isinstance(raw, list) else ()
    return next(
        (
            it.get("stats")
            for it in parts
            if isinstance(it, dict) and integer(it.get("instance")) == instance
        ),
        None,
    )


def _bounds(points: Any) -> dict[float, tuple[float, float]]:
    return {
        start: (low, high)
        for point in (points if isinstance(points, list) else ())
        if isinstance(point, list)
        and len(point) > 3
        and (start := _start(point[0])) is not None
        and (low := number(point[2])) is not None
        and (high := number(point[3])) is not None
    }


def _start(raw: Any) -> float | None:
    """Return when a bucket begins, which comes in milliseconds."""
    value = number(raw)
    return None if value is None else moment(value / 1000)


def parse_alarm_log(answer: Mapping[str, Any]) -> list[AlarmLogEntry]:
    """Return the rows of an alarm log, the oldest first.

    Raises:
        VrmResponseError: there is no list of them, which is not the same as none.
    """
    found = records(answer)
    if not isinstance(found, list):
        raise VrmResponseError("no list of alarms")
    rows = [
        AlarmLogEntry(
            alarm_id=alarm_id,
            started=started,
            active=it.get("isActive") in (1, True, "1"),
            device=text(it.get("customName")) or text(it.get("device")),
            description=text(it.get("description")),
            kind=text(it.get("type")),
            instance=integer(it.get("instance")),
        )
        for it in _items(found)
        if (alarm_id := integer(it.get("idAlarm"))) is not None
        and (started := moment(it.get("started"))) is not None
    ]
    return sorted(rows, key=lambda row: row.started)
