"""What the server does for each request, in serial commands."""

from collections.abc import Iterable
from datetime import datetime
from http import HTTPStatus
from typing import Any

from .endpoints import ApiError, RefusedError
from .line import SerialLine
from .points import DataType, Kind, Point, Value
from .programs import Slot, TimeProgram, make_slot
from .pump import HeatPump

type Json = dict[str, Any]

_FORMAT = "%Y-%m-%dT%H:%M:%S"
_WEEKDAY = 1
_PROPERTY = "Liegenschaft"


class Work:
    """The server's part; it knows the pump only through the line."""

    read_only = False
    bool_as_int = False

    def __init__(self, line: SerialLine, pump: HeatPump, table: dict[str, Point]) -> None:
        """Work with a table of names."""
        self.table = table
        self._line = line
        self._pump = pump

    def device(self) -> Json:
        """Tell which pump it is."""
        with self._line.session():
            self._line.simple("RID")
            number = self._pump.serial_number
            self._line.simple("SP,NR=9")
            version = self._pump.software_version
            facts: Json = {}
            if (point := self.table.get(_PROPERTY)) is not None:
                facts["property_id"] = self._line.read(point)
        return facts | {"serial_number": number, "software_version": version}

    def datetime(self) -> Json:
        """Tell the pump's time."""
        with self._line.session():
            self._line.simple("CLK")
            return {"datetime": self._pump.time().strftime(_FORMAT)}

    def set_datetime(self, payload: Json) -> Json:
        """Set the pump's clock; an empty text stands for the time of the server."""
        if payload["datetime"]:
            try:
                moment = datetime.strptime(payload["datetime"], _FORMAT)
            except ValueError as err:
                raise RefusedError(str(err)) from None
        else:
            moment = self._pump.true_time().replace(microsecond=0)
        with self._line.session():
            if not self.read_only:
                day = moment.weekday() + _WEEKDAY
                self._line.simple(f"CLK,DA={moment:%d.%m.%y},TI={moment:%H:%M:%S},WD={day}")
                self._pump.set_time(moment)
        return {"datetime": moment.strftime(_FORMAT)}

    def fault_list(self) -> list[Json]:
        """Tell the whole fault list."""
        with self._line.session():
            size = self._line.fault_size()
            return [entry.as_json() for entry in self._line.fault_entries(range(size))]

    def fault_size(self) -> Json:
        """Tell the length of the fault list."""
        with self._line.session():
            return {"size": self._line.fault_size()}

    def last_fault(self) -> Json:
        """Tell the last line of the fault list."""
        with self._line.session():
            return self._line.last_fault().as_json()

    def fault(self, id: int) -> Json:
        """Tell a line of the fault list."""
        with self._line.session():
            if id >= self._line.fault_size():
                raise ApiError(HTTPStatus.NOT_FOUND, f"Fault list entry #{id} not found")
            return self._line.fault_entries([id])[0].as_json()

    def programs(self) -> list[Json]:
        """Tell which time programs there are."""
        with self._line.session():
            return [program.head() for program in self._line.programs()]

    def program(self, id: int) -> Json:
        """Tell a time program with all its slots."""
        with self._line.session():
            return _week(self._line.program(id, entries=True))

    def set_program(self, id: int, payload: Json) -> Json:
        """Write the slots that are given, read the others."""
        wanted = [
            [make_slot(slot["state"], slot["start"], slot["end"]) for slot in day]
            for day in payload["entries"]
        ]
        with self._line.session():
            program = self._line.program(id, entries=False)
            for slot in (slot for day in wanted for slot in day):
                if not self.read_only:
                    program.check(slot)
            if len(wanted) > len(program.days) or any(len(day) > 7 for day in wanted):
                raise RefusedError("list assignment index out of range")
            if self.read_only:
                entries = [[slot.as_json() for slot in day] for day in wanted]
                return program.head() | {"entries": entries}
            for day, slots in enumerate(program.days):
                for number in range(len(slots)):
                    self._line.slot(id, day, number, _given(wanted, day, number))
            return _week(program)

    def slot(self, id: int, day: int, num: int) -> Json:
        """Tell a slot of a time program."""
        with self._line.session():
            return self._line.slot(id, day, num).as_json()

    def set_slot(self, id: int, day: int, num: int, payload: Json) -> Json:
        """Write a slot; neither its state nor its step is checked."""
        slot = make_slot(payload["state"], payload["start"], payload["end"])
        with self._line.session():
            if self.read_only:
                return slot.as_json()
            return self._line.slot(id, day, num, slot).as_json()

    def params(self, names: list[str]) -> Json:
        """Read some points, or all of the table, one after the other."""
        points = self._points(names or self.table)
        with self._line.session():
            return self._shown({point.name: self._line.read(point) for point in points})

    def set_params(self, payload: Json) -> Json:
        """Write some points, one after the other; what went before a bad one stays written."""
        points = self._points(payload)
        with self._line.session():
            if self.read_only:
                return _reversed(payload) or {"*": None}
            values = {point.name: self._write(point, payload[point.name]) for point in points}
            return self._shown(values) or {"*": None}

    def param(self, name: str) -> Json:
        """Read a point."""
        point = self._point(name)
        with self._line.session():
            return {"value": self._show(self._line.read(point))}

    def set_param(self, name: str, payload: Json) -> Json:
        """Write a point."""
        point = self._point(name)
        with self._line.session():
            if self.read_only:
                return {"value": payload["value"]}
            return {"value": self._show(self._write(point, payload["value"]))}

    def fast_query(self, names: list[str]) -> Json:
        """Read some measured points, or all of the table, at once."""
        points = self._points(names or self.table)
        others = [point.name for point in points if point.kind is not Kind.MEASURED]
        if names and others:
            quoted = _quoted(others)
            text = f"Parameter(s) {quoted} doesn't represent a 'MP' data point"
            raise ApiError(HTTPStatus.BAD_REQUEST, text)
        measured = [point for point in points if point.kind is Kind.MEASURED]
        with self._line.session():
            return self._shown(self._line.read_many(measured))

    def fast_query_one(self, name: str) -> Json:
        """Read a measured point."""
        point = self._point(name)
        with self._line.session():
            if point.kind is not Kind.MEASURED:
                raise RefusedError(
                    f"invalid parameter {name!r}; "
                    "only parameters representing a 'MP' data point are allowed"
                )
            return {"value": self._show(self._line.read_many([point])[name])}

    def _point(self, name: str) -> Point:
        if (point := self.table.get(name)) is None:
            raise ApiError(HTTPStatus.NOT_FOUND, f"Parameter {name!r} not found")
        return point

    def _points(self, names: Iterable[str]) -> list[Point]:
        wanted = list(names)
        if unknown := [name for name in wanted if name not in self.table]:
            raise ApiError(HTTPStatus.NOT_FOUND, f"Parameter(s) {_quoted(unknown)} not found")
        return [self.table[name] for name in wanted]

    def _write(self, point: Point, value: Any) -> Value:
        """Check a value as the server does and send it."""
        if self.bool_as_int and point.data_type is DataType.BOOL and isinstance(value, int):
            value = bool(value)
        given = type(value)
        whole_for_float = point.data_type is DataType.FLOAT and given is int
        if given.__name__ != point.data_type.python and not whole_for_float:
            raise RefusedError(
                f"value has invalid type {given!r}; expected {point.data_type.python!r}"
            )
        value = float(value) if whole_for_float else value
        if not point.low <= value <= point.high:
            raise RefusedError(f"value {value} is beyond the limits [{point.low}, {point.high}]")
        return self._line.write(point, value)

    def _show(self, value: Value) -> Value:
        return int(value) if self.bool_as_int and isinstance(value, bool) else value

    def _shown(self, values: dict[str, Value]) -> Json:
        return _reversed({name: self._show(v) for name, v in values.items()})


def _reversed(values: Json) -> Json:
    """Return the values in the order in which the server answers."""
    return dict(reversed(values.items()))


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(map(repr, names))


def _week(program: TimeProgram) -> Json:
    days = [[slot.as_json() for slot in day] for day in program.days]
    return program.head() | {"entries": days}


def _given(wanted: list[list[Slot]], day: int, number: int) -> Slot | None:
    """Return the slot that a payload has for a place, if it has one."""
    return wanted[day][number] if day < len(wanted) and number < len(wanted[day]) else None
