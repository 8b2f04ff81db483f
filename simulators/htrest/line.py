"""The serial line between server and pump: what each command costs, and how it goes wrong."""

from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
import threading
from typing import Any

from .clockwork import ThreadClock
from .points import DataType, Point, Value
from .programs import Slot, TimeProgram
from .pump import FaultEntry, HeatPump
from .stats import HtRestStats

_TIMEOUT = 5.1
_TRIES = 3
_MAX_COMMAND = 253
_INVALID_INDEX = "['ERR,INVALID IDX']"
_NO_HEADER = "data stream broken during reading response header"
_UNPLUGGED = "(5, 'Input/output error')"
_STUCK = "write failed: [Errno 5] Input/output error"


class SerialError(Exception):
    """The server gives up on the line; the text is the message of its 500."""


class LineFaultKind(StrEnum):
    """The ways in which an answer of the pump can go wrong."""

    LOST = "lost"
    TRUNCATED = "truncated"
    CUT_SHORT = "cut_short"
    CHECKSUM = "checksum"
    GARBAGE = "garbage"
    HEADER = "header"
    NO_POINT = "no_point"
    TEXT = "text"


_SLOW = frozenset({LineFaultKind.LOST, LineFaultKind.TRUNCATED, LineFaultKind.CUT_SHORT})


@dataclass(slots=True)
class LineFault:
    """One fault that waits for a serial command."""

    kind: LineFaultKind
    command: str = "*"
    """A serial command such as `SP,NR=69`, in which * stands for anything; never a login."""
    times: int | None = 1
    """How many commands it spoils; None: all until it is cleared."""

    def __post_init__(self) -> None:
        """Refuse what could never act."""
        self.kind = LineFaultKind(self.kind)
        if self.times is not None and self.times < 1:
            raise ValueError("times must be 1 or more, or null")

    def as_json(self) -> dict[str, Any]:
        """Return the fault for the control interface."""
        return asdict(self)


class SerialLine:
    """Sends commands for the server; used by the thread that serves only."""

    def __init__(self, pump: HeatPump, stats: HtRestStats, clock: ThreadClock) -> None:
        """Lead to a pump."""
        self.pump = pump
        self.latency = 0.035
        """Seconds for a command and its answer."""
        self.frame_seconds = 0.002
        """Seconds for each measured point of a fast query beyond the first."""
        self.entry_seconds = 0.005
        """Seconds for each line of a fault list, and each slot of a time program read at once."""
        self.point_seconds = 0.010
        """Seconds that the server itself needs for a parameter or slot taken singly."""
        self.silent = False
        self.adapter_pulled = False
        self.stuck = False
        """Whether the server has lost the adapter for good; only a restart helps."""
        self.request_commands = 0
        """Commands of the present request."""
        self._stats = stats
        self._clock = clock
        self._lock = threading.Lock()
        self._faults: list[LineFault] = []
        self._rest = False

    def add(self, fault: LineFault) -> None:
        """Let a fault wait for its command."""
        with self._lock:
            self._faults.append(fault)

    def clear(self) -> None:
        """Forget all faults."""
        with self._lock:
            self._faults.clear()

    def waiting(self) -> list[dict[str, Any]]:
        """Return the faults that wait."""
        with self._lock:
            return [fault.as_json() for fault in self._faults]

    def spend(self, seconds: float) -> None:
        """Let the server be busy."""
        self._stats.serial_seconds += seconds
        self._clock.wait(seconds)

    @contextmanager
    def session(self) -> Generator[None]:
        """Log in, let the work be done, log out whatever came of it."""
        self._login()
        try:
            yield
        finally:
            if not self.stuck and not self._clock.closing:
                self._send("LOUT")

    def read(self, point: Point) -> Value:
        """Read a point."""
        command = f"{point.kind},NR={point.number}"
        self._ask(command, point)
        self.spend(self.point_seconds)
        self._must_have(point)
        return self.pump.read(point)

    def write(self, point: Point, value: Value) -> Value:
        """Write a point and return what the pump says it is now."""
        self._stats.asked.append((point.name, value))
        text = int(value) if point.data_type is DataType.BOOL else value
        self._ask(f"{point.kind},NR={point.number},VAL={text}", point)
        self.spend(self.point_seconds)
        self._must_have(point)
        return self.pump.write(point, value)

    def read_many(self, points: Iterable[Point]) -> dict[str, Value]:
        """Read measured points with as few commands as fit."""
        values: dict[str, Value] = {}
        for command, part in _packed("MR", list(points), lambda point: str(point.number)):
            self._ask(command, part[0], (len(part) - 1) * self.frame_seconds)
            if not all(self.pump.has(point) for point in part):
                self.spend(_TIMEOUT)
                raise SerialError(_NO_HEADER)
            values |= {point.name: self.pump.read(point) for point in part}
        return values

    def simple(self, command: str) -> None:
        """Send a command whose answer is known."""
        self._ask(command)

    def fault_size(self) -> int:
        """Ask how long the fault list is."""
        self._ask("ALS")
        return len(self.pump.fault_list)

    def fault_entries(self, indices: Iterable[int]) -> list[FaultEntry]:
        """Read lines of the fault list."""
        entries: list[FaultEntry] = []
        for command, part in _packed("AR", list(indices), str):
            self._ask(command, None, len(part) * self.entry_seconds)
            entries += [self.pump.fault_list[index] for index in part]
        return entries

    def last_fault(self) -> FaultEntry:
        """Read the last line of the fault list."""
        self._ask("ALC")
        if not self.pump.fault_list:
            raise SerialError("invalid response for ALC command ['ERR,INDEXERROR']")
        return self.pump.fault_list[-1]

    def programs(self) -> list[TimeProgram]:
        """Read which time programs there are."""
        self._ask("PRL", None, len(self.pump.programs) * self.entry_seconds)
        return self.pump.programs

    def program(self, index: int, *, entries: bool) -> TimeProgram:
        """Read a time program, with all its slots or without."""
        name = "PRD" if entries else "PRI"
        known = index < len(self.pump.programs)
        slots = sum(map(len, self.pump.programs[index].days)) if entries and known else 0
        self._ask(f"{name}{index}", None, slots * self.entry_seconds)
        if not known:
            raise SerialError(f"invalid response for {name} command {_INVALID_INDEX}")
        return self.pump.programs[index]

    def slot(self, program: int, day: int, number: int, new: Slot | None = None) -> Slot:
        """Read a slot of a time program, or write it."""
        text = "" if new is None else f",ST={new.state},BEG={new.start},END={new.end}"
        self._ask(f"PRE,PR={program},DAY={day},EV={number}{text}", None, self.point_seconds)
        try:
            old = self.pump.programs[program].days[day][number]
        except IndexError:
            raise SerialError(f"invalid response for PRE command {_INVALID_INDEX}") from None
        return old if new is None else self.pump.put_slot(program, day, number, new)

    def restart(self) -> None:
        """Open the serial port anew."""
        self.stuck = False
        self._rest = False

    def _login(self) -> None:
        for _ in range(_TRIES):
            self._send("LIN")
            if self.silent:
                self.spend(_TIMEOUT - self.latency)
            elif self._rest:
                self._rest = False
            else:
                return
        raise SerialError(f"login failed after {_TRIES} try/tries")

    def _must_have(self, point: Point) -> None:
        if not self.pump.has(point):
            raise SerialError(
                f"invalid response for access of parameter {point.name!r} {_INVALID_INDEX}"
            )

    def _send(self, command: str) -> None:
        if self.stuck:
            raise SerialError(_STUCK)
        if self.adapter_pulled:
            self.stuck = True
            raise SerialError(_UNPLUGGED)
        self.request_commands += 1
        self._stats.sent(command)
        self.spend(self.latency)

    def _ask(self, command: str, point: Point | None = None, more: float = 0.0) -> None:
        """Send a command and take its answer, which needs `more` seconds than a short one."""
        self._send(command)
        self.spend(more)
        if self.silent:
            self.spend(_TIMEOUT)
            raise SerialError(_NO_HEADER)
        if (fault := self._take(command)) is not None:
            if fault.kind in _SLOW:
                self.spend(_TIMEOUT)
            self._rest = fault.kind is LineFaultKind.GARBAGE
            raise SerialError(_message(fault.kind, command, point))

    def _take(self, command: str) -> LineFault | None:
        with self._lock:
            for fault in self._faults:
                if fnmatchcase(command, fault.command):
                    if fault.times is not None:
                        fault.times -= 1
                    self._faults = [fault for fault in self._faults if fault.times != 0]
                    return fault
        return None


def _message(kind: LineFaultKind, command: str, point: Point | None) -> str:
    name = "" if point is None else point.name
    is_float = point is None or point.data_type is DataType.FLOAT
    match kind:
        case LineFaultKind.TRUNCATED:
            return "data stream broken during reading payload"
        case LineFaultKind.CHECKSUM:
            payload = f"~{command},NAME={name};\r\n".encode()
            return (
                r"invalid checksum [0xe8] of response [header=b'\x02\xfd\xe0\xd0\x00\x00', "
                f"payload_len={len(payload)}({len(payload)}), payload={payload!r}, checksum=0xa8]"
            )
        case LineFaultKind.GARBAGE:
            return r"invalid or unknown response header [b'[\x80\xa5\xca\xef\x19']"
        case LineFaultKind.HEADER:
            return r"invalid or unknown response header [b'\x02\xfd\xe0\xd0\x05\x00']"
        case LineFaultKind.NO_POINT:
            return "invalid representation for data type FLOAT ('22')"
        case LineFaultKind.TEXT if is_float:
            return "could not convert string to float: '---'"
        case LineFaultKind.TEXT:
            return "invalid literal for int() with base 10: '---'"
    return _NO_HEADER


def _packed[T](
    name: str, items: list[T], show: Callable[[T], str]
) -> Iterator[tuple[str, list[T]]]:
    """Yield commands that are as long as the line takes, with the items of each."""
    command, part = name, list[T]()
    for item in items:
        if part and len(command) + 1 + len(show(item)) > _MAX_COMMAND:
            yield command, part
            command, part = name, []
        command += f",{show(item)}"
        part.append(item)
    if part:
        yield command, part
