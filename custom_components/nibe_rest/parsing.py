"""Parsing of the heat pump's answers into models, quickly: one answer holds a thousand points.

Sources: the vendor's description of the local REST API, and answers of real heat pumps: the value
stands under "value", in the description under "datavalue".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
import re
from typing import Any, Final

from .corrections import corrected
from .models import (
    AidMode,
    Alarm,
    Device,
    Point,
    PointList,
    Raw,
    RegisterType,
    SmartMode,
    WriteAnswer,
)
from .titles import clean

REGISTER_TYPES = {
    "MODBUS_INPUT_REGISTER": RegisterType.INPUT,
    "MODBUS_HOLDING_REGISTER": RegisterType.HOLDING,
}

# What describes a point, and of which kind it is.
DESCRIBED: Final[Mapping[str, type]] = {
    "variableType": str,
    "variableSize": str,
    "unit": str,
    "modbusRegisterType": str,
    "modbusRegisterID": int,
    "divisor": int,
    "decimal": int,
    "minValue": int,
    "maxValue": int,
    "intDefaultValue": int,
    "isWritable": bool,
}

LARGEST_ALARM: Final = 2**31
_ID: Final = re.compile(r"[1-9]\d{0,8}", re.ASCII)


class MalformedError(ValueError):
    """Something is not of the documented form; the text names the field and never its value."""


def _object(data: Any, what: str) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise MalformedError(what)
    return data


def _whole(data: Mapping[str, Any], key: str, default: int = 0) -> int:
    value = data.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) else default


def _text(data: Mapping[str, Any], key: str) -> str:
    value = data.get(key)
    return value if isinstance(value, str) else ""


def _parse_point(point_id: int, item: Mapping[str, Any], meta: Mapping[str, Any]) -> Point:
    point = Point(
        point_id=point_id,
        title=clean(_text(item, "title")),
        description=clean(_text(item, "description")),
        kind=_text(meta, "variableType") or "unknown",
        size=_text(meta, "variableSize") or "unknown",
        unit=clean(_text(meta, "unit")),
        register_type=REGISTER_TYPES.get(_text(meta, "modbusRegisterType"), RegisterType.NONE),
        register=_whole(meta, "modbusRegisterID"),
        divisor=_whole(meta, "divisor", 1) or 1,
        decimals=min(max(_whole(meta, "decimal"), 0), 6),
        minimum=_whole(meta, "minValue"),
        maximum=_whole(meta, "maxValue"),
        default=_whole(meta, "intDefaultValue"),
        writable=meta.get("isWritable") is True,
    )
    return corrected(point)


def _parse_value(point: Point, item: Mapping[str, Any]) -> Raw:
    value = item.get("value")
    if not isinstance(value, dict):
        value = item.get("datavalue")
        if not isinstance(value, dict):
            return None
    if value.get("isOk") is False:
        return None
    if point.kind == "string":
        return _text(value, "stringValue") or None
    raw = value.get("integerValue")
    if not isinstance(raw, int) or isinstance(raw, bool) or point.is_sentinel(raw):
        return None
    return raw


@dataclass(frozen=True, slots=True)
class _Known:
    """A point, and the words in which it was described."""

    meta: Mapping[str, Any]
    words: object
    point: Point
    is_good: bool  # whether they were all of the right types: 1.0 and True are equal to 1


def _is_described(meta: Mapping[str, Any], before: Mapping[str, Any]) -> bool:
    """Return whether a description is of the right types, and lacks nothing that was there."""
    return all(
        type(meta[name]) is kind if name in meta else name not in before
        for name, kind in DESCRIBED.items()
    )


class PointParser:
    """Parses answers of /points.

    What a point is hardly ever changes: it is built once and reused as long as the answer
    describes it in the same words, so that a poll costs little more than the decoding.
    """

    def __init__(self) -> None:
        """Start with nothing known."""
        self._known: dict[str, _Known] = {}

    def parse(self, data: Any) -> PointList:
        """Parse an answer; a point that talks nonsense does not take the others with it.

        Raises:
            MalformedError: the answer is no object.
        """
        points: dict[int, Point] = {}
        values: dict[int, Raw] = {}
        for key, item in _object(data, "points").items():
            if (point := self._point(key, item)) is not None:
                points[point.point_id] = point
                values[point.point_id] = _parse_value(point, item)
        return PointList(points, values)

    def parse_one(self, point_id: int, data: Any) -> tuple[Point, Raw]:
        """Parse an answer about a single point, bare or wrapped in its id.

        Raises:
            MalformedError: it is not about this point.
        """
        item = _object(data, "point")
        if "metadata" not in item:
            item = _object(item.get(str(point_id)), "point")
        if (point := self._point(str(point_id), item)) is None:
            raise MalformedError("point")
        return point, _parse_value(point, item)

    def _point(self, key: str, item: Any) -> Point | None:
        if not isinstance(item, dict) or not isinstance(meta := item.get("metadata"), dict):
            return None
        words = (item.get("title"), item.get("description"))
        known = self._known.get(key)
        if known and known.is_good and known.meta == meta and known.words == words:
            return known.point
        if type(told := meta.get("variableId")) is int and str(told) != key:
            return None  # it is of another point
        is_good = _is_described(meta, known.meta if known and known.is_good else {})
        if known and not is_good:
            # Without its divisor a value would be another: what it was before it still is. One
            # that is always described so is read once.
            if known.is_good or (known.meta == meta and known.words == words):
                return known.point
        if not _ID.fullmatch(key):
            return None
        point = _parse_point(int(key), item, meta)
        self._known[key] = _Known(meta, words, point, is_good)
        return point


def parse_devices(data: Any) -> list[Device]:
    """Parse the answer of /devices; a device without a serial number is left out.

    Raises:
        MalformedError: the answer is not of the documented form.
    """
    items = _object(data, "devices").get("devices")
    if not isinstance(items, list):
        raise MalformedError("devices")
    devices = []
    for place, item in enumerate(items):
        device = _object(item, "device")
        product = device.get("product")
        product = product if isinstance(product, dict) else {}
        if not (serial := _text(product, "serialNumber").strip()):
            continue
        aid, smart = device.get("aidMode"), device.get("smartMode")
        devices.append(
            Device(
                index=_whole(device, "deviceIndex", place),
                serial=serial,
                name=clean(_text(product, "name")),
                manufacturer=clean(_text(product, "manufacturer")) or "NIBE",
                aid_mode=AidMode(aid) if aid in list(AidMode) else None,
                smart_mode=SmartMode(smart) if smart in list(SmartMode) else None,
            )
        )
    return devices


def parse_alarms(data: Any) -> list[Alarm]:
    """Parse the answer of /notifications; "alarms" is null where there are none.

    Raises:
        MalformedError: the answer is not of the documented form.
    """
    answer = _object(data, "notifications")
    items = answer.get("alarms", ...)
    if items is None:
        return []
    if not isinstance(items, list) or not all(_is_alarm(item) for item in items):
        raise MalformedError("alarms")
    return [
        Alarm(
            alarm_id=item["alarmId"],
            header=clean(_text(item, "header")),
            description=clean(_text(item, "description")),
            severity=_whole(item, "severity"),
            time=_moment(_text(item, "time")),
            equipment=clean(_text(item, "equipName")),
        )
        for item in items
    ]


def _is_alarm(item: Any) -> bool:
    """Return whether something has the number of an alarm."""
    number = item.get("alarmId") if isinstance(item, dict) else None
    return type(number) is int and 0 <= number <= LARGEST_ALARM


def _moment(text: str) -> datetime | None:
    """Return a time, which comes in UTC and without saying so."""
    try:
        moment = datetime.fromisoformat(text)
        return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    except ValueError, OverflowError:
        return None


def parse_write(point_id: int, data: Any) -> WriteAnswer | Mapping[str, Any]:
    """Parse the answer to a write: one of three words, or the whole point as it is now.

    Raises:
        MalformedError: it is neither.
    """
    answer = _object(data, "write").get(str(point_id))
    if isinstance(answer, str) and answer in set(WriteAnswer):
        return WriteAnswer(answer)
    if isinstance(answer, dict):
        return answer
    raise MalformedError("write")
