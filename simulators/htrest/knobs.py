"""What can be seen and turned at an installation, without a client."""

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from simulators.clock import Clock

from .clockwork import ThreadClock
from .endpoints import Endpoints
from .line import LineFault, LineFaultKind, SerialLine
from .points import Point, Value
from .programs import Slot, TimeProgram, make_slot
from .pump import NO_FAULT, FaultEntry, HeatPump
from .readings import NOT_FITTED
from .stats import HtRestStats
from .work import Work

_INFO = 65000


class Knobs:
    """The parts of an installation, and the usual ways to change them."""

    clock: Clock
    stats: HtRestStats
    pump: HeatPump
    line: SerialLine
    work: Work
    endpoints: Endpoints
    thread_clock: ThreadClock

    # The server

    @property
    def username(self) -> str | None:
        """The user whom the server lets in; None: everybody."""
        return self.endpoints.username

    @username.setter
    def username(self, name: str | None) -> None:
        self.endpoints.username = name

    @property
    def password(self) -> str | None:
        """The password of the user."""
        return self.endpoints.password

    @password.setter
    def password(self, password: str | None) -> None:
        self.endpoints.password = password

    @property
    def read_only(self) -> bool:
        """Whether writes are echoed and forgotten."""
        return self.work.read_only

    @read_only.setter
    def read_only(self, on: bool) -> None:
        self.work.read_only = on

    @property
    def bool_as_int(self) -> bool:
        """Whether booleans are shown and taken as 0 and 1."""
        return self.work.bool_as_int

    @bool_as_int.setter
    def bool_as_int(self, on: bool) -> None:
        self.work.bool_as_int = on

    @property
    def table(self) -> dict[str, Point]:
        """The names that the server knows, in the order of its table."""
        return self.work.table

    @property
    def server_stuck(self) -> bool:
        """Whether the server has lost the adapter for good."""
        return self.line.stuck

    @server_stuck.setter
    def server_stuck(self, on: bool) -> None:
        self.line.stuck = on

    @property
    def blocking(self) -> bool:
        """Whether requests take simulated time even on a clock that is moved by hand."""
        return self.thread_clock.blocking

    @blocking.setter
    def blocking(self, on: bool) -> None:
        self.thread_clock.blocking = on

    # The line

    @property
    def latency(self) -> float:
        """Seconds for a serial command."""
        return self.line.latency

    @latency.setter
    def latency(self, seconds: float) -> None:
        self.line.latency = seconds

    @property
    def silent(self) -> bool:
        """Whether the pump answers nothing."""
        return self.line.silent

    @silent.setter
    def silent(self, on: bool) -> None:
        self.line.silent = on

    @property
    def adapter_pulled(self) -> bool:
        """Whether the serial adapter is unplugged; the next request makes the server stuck."""
        return self.line.adapter_pulled

    @adapter_pulled.setter
    def adapter_pulled(self, on: bool) -> None:
        self.line.adapter_pulled = on

    def inject_serial(
        self, kind: LineFaultKind | str, command: str = "*", times: int | None = 1
    ) -> LineFault:
        """Let a fault wait for a serial command."""
        fault = LineFault(LineFaultKind(kind), command, times)
        self.line.add(fault)
        return fault

    def clear_serial_faults(self) -> None:
        """Forget all faults of the line."""
        self.line.clear()

    # The pump

    @property
    def serial_number(self) -> int:
        """The number by which the pump is known."""
        return self.pump.serial_number

    @serial_number.setter
    def serial_number(self, number: int) -> None:
        self.pump.serial_number = number

    @property
    def software_version(self) -> str:
        """The version of the controller's software."""
        return self.pump.software_version

    @software_version.setter
    def software_version(self, version: str) -> None:
        self.pump.software_version = version

    @property
    def absent(self) -> set[str]:
        """Names that the server knows and the pump does not."""
        return self.pump.absent

    @property
    def refuse_writes(self) -> set[str] | bool:
        """Names of settings that keep their value whatever is written; True: all."""
        return self.pump.refused

    @refuse_writes.setter
    def refuse_writes(self, refused: Iterable[str] | bool) -> None:
        self.pump.refused = refused if isinstance(refused, bool) else set(refused)

    @property
    def limits(self) -> dict[str, tuple[float, float]]:
        """Limits of the pump itself; a write beyond them changes nothing."""
        return self.pump.limits

    @property
    def fault_lasts(self) -> bool:
        """Whether a fault cannot be acknowledged, because its cause is still there."""
        return self.pump.fault_lasts

    @fault_lasts.setter
    def fault_lasts(self, on: bool) -> None:
        self.pump.fault_lasts = on

    @property
    def drift(self) -> float:
        """Seconds per day by which the pump's clock is too fast."""
        return self.pump.drift

    @drift.setter
    def drift(self, seconds: float) -> None:
        self.pump.set_drift(seconds)

    @property
    def clock_error(self) -> float:
        """Seconds by which the pump's clock is too far ahead at present."""
        return self.pump.clock_error

    @clock_error.setter
    def clock_error(self, seconds: float) -> None:
        self.pump.set_clock_error(seconds)

    @property
    def time_zone(self) -> str:
        """The zone in which the house is."""
        return str(self.pump.zone)

    @time_zone.setter
    def time_zone(self, name: str) -> None:
        self.pump.zone = ZoneInfo(name)

    @property
    def fault_list(self) -> list[FaultEntry]:
        """The fault list of the pump, oldest first."""
        return self.pump.fault_list

    @property
    def time_programs(self) -> list[TimeProgram]:
        """The time programs."""
        return self.pump.programs

    def value(self, name: str) -> Value:
        """Return the present value of a point."""
        return self.pump.get(name)

    def set_value(self, name: str, value: Value) -> None:
        """Set a value at the pump; a reading is held there until `let_live`."""
        self.pump.put(name, value)

    def let_live(self, *names: str) -> None:
        """Let readings follow the plant again."""
        for name in names:
            self.pump.let_live(name)

    def unfit(self, *names: str) -> None:
        """Take sensors away: they show -50.0."""
        for name in names:
            self.pump.put(name, NOT_FITTED)

    def slot(self, program: int, day: int, number: int) -> Slot:
        """Return a slot of a time program."""
        return self.pump.programs[program].days[day][number]

    def set_slot(
        self, program: int, day: int, number: int, state: int, start: str, end: str
    ) -> None:
        """Change a slot at the pump."""
        self.pump.programs[program].days[day][number] = make_slot(state, start, end)

    def add_fault(self, error: int, message: str) -> FaultEntry:
        """Let something happen; a real fault stands until one says that it is over (65534)."""
        if error == NO_FAULT or error < _INFO:
            self.pump.put("Stoerung", error != NO_FAULT)
        return self.pump.add_fault(error, message)

    def clear_fault_list(self) -> None:
        """Empty the fault list."""
        self.pump.clear_fault_list()
