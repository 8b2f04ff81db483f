"""What the control interface can do to an installation."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from .points import owner_table, standard_table

if TYPE_CHECKING:
    from simulators.control import JsonObject

    from .simulator import HtRestSimulator

# Attributes of the simulator that POST /set may change, and their types.
SWITCHES: dict[str, type] = {
    "adapter_pulled": bool,
    "blocking": bool,
    "bool_as_int": bool,
    "clock_error": float,
    "drift": float,
    "fault_lasts": bool,
    "latency": float,
    "overhead": float,
    "password": str,
    "read_only": bool,
    "serial_number": int,
    "server_stuck": bool,
    "silent": bool,
    "software_version": str,
    "time_zone": str,
    "username": str,
}
_TABLES = {"standard": standard_table, "owner": owner_table}


def add_commands(simulator: HtRestSimulator) -> None:
    """Offer the commands of an installation on its control interface."""
    commands = _Commands(simulator)
    simulator.control.commands |= {
        "value": commands.value,
        "live": commands.live,
        "unfit": commands.unfit,
        "absent": commands.absent,
        "present": commands.present,
        "table": commands.table,
        "refuse_writes": commands.refuse_writes,
        "limits": commands.limits,
        "serial_fault": commands.serial_fault,
        "fault_entry": commands.fault_entry,
        "clear_fault_list": commands.clear_fault_list,
        "slot": commands.slot,
        "restart_server": commands.restart_server,
        "set": commands.set,
    }
    simulator.control.pages["params"] = lambda: _params(simulator)
    simulator.control.pages["timeprogs"] = lambda: {
        program.name: [[slot.as_json() for slot in day] for day in program.days]
        for program in simulator.time_programs
    }


def describe(simulator: HtRestSimulator) -> dict[str, Any]:
    """Return the state as JSON can hold it, without the values."""
    refused = simulator.refuse_writes
    return {
        "profile": simulator.profile,
        "switches": {name: getattr(simulator, name) for name in SWITCHES if name != "password"},
        "names": len(simulator.table),
        "absent": sorted(simulator.absent),
        "held": sorted(simulator.pump.pinned),
        "refuse_writes": refused if isinstance(refused, bool) else sorted(refused),
        "limits": simulator.limits,
        "serial_faults": simulator.line.waiting(),
        "fault_list": [entry.as_json() for entry in simulator.fault_list],
        "time": simulator.pump.time().isoformat(timespec="seconds"),
    }


def _params(simulator: HtRestSimulator) -> dict[str, Any]:
    """Return all values that the server knows by name, absent ones as null."""
    return {
        name: simulator.pump.read(point) if simulator.pump.has(point) else None
        for name, point in simulator.table.items()
    }


class _Commands:
    """The commands; each takes the JSON body of its request."""

    def __init__(self, simulator: HtRestSimulator) -> None:
        self._simulator = simulator

    async def value(self, body: JsonObject) -> None:
        """Set values: an object of names and values."""
        values: dict[str, Any] = body["values"]
        self._known(values)
        for name, value in values.items():
            if not isinstance(value, bool | int | float):
                raise TypeError(f"{name} wants a number or a boolean")
        for name, value in values.items():
            self._simulator.set_value(name, value)

    async def live(self, body: JsonObject) -> None:
        """Let readings follow the plant again: names."""
        self._simulator.let_live(*self._names(body))

    async def unfit(self, body: JsonObject) -> None:
        """Take sensors away: names."""
        self._simulator.unfit(*self._names(body))

    async def absent(self, body: JsonObject) -> None:
        """Let the pump lack points: names."""
        self._simulator.absent.update(self._names(body))

    async def present(self, body: JsonObject) -> None:
        """Let the pump have points again: names."""
        self._simulator.absent.difference_update(self._names(body))

    async def table(self, body: JsonObject) -> JsonObject:
        """Give the server another table: name, and the names to forget."""
        table = _TABLES[body.get("name", "standard")]()
        for name in body.get("forget", []):
            del table[name]
        self._simulator.work.table = table
        return {"names": len(table)}

    async def refuse_writes(self, body: JsonObject) -> None:
        """Let settings keep their values: names, or all."""
        everything = body.get("all")
        if isinstance(everything, bool):
            self._simulator.refuse_writes = everything
        else:
            self._simulator.refuse_writes = self._names(body)

    async def limits(self, body: JsonObject) -> None:
        """Let the pump have limits of its own: name, low, high; without limits none."""
        name = body["name"]
        self._known([name])
        if "low" in body or "high" in body:
            self._simulator.limits[name] = (float(body["low"]), float(body["high"]))
        else:
            self._simulator.limits.pop(name, None)

    async def serial_fault(self, body: JsonObject) -> None:
        """Let an answer of the pump go wrong: kind, command, times."""
        self._simulator.inject_serial(body.pop("kind"), **body)

    async def fault_entry(self, body: JsonObject) -> JsonObject:
        """Write into the fault list: error, message."""
        error = body["error"]
        if type(error) is not int:
            raise TypeError("error must be a whole number")
        return {"entry": self._simulator.add_fault(error, str(body["message"])).as_json()}

    async def clear_fault_list(self, _: JsonObject) -> None:
        """Empty the fault list."""
        self._simulator.clear_fault_list()

    async def slot(self, body: JsonObject) -> None:
        """Change a slot of a time program: program, day, number, state, start, end."""
        self._simulator.set_slot(**body)

    async def restart_server(self, body: JsonObject) -> None:
        """Restart the service: down, in seconds."""
        await self._simulator.restart_server(float(body.get("down", 0.0)))

    async def set(self, body: JsonObject) -> None:
        """Change attributes of the simulator."""
        changes: dict[str, Any] = {}
        for name, value in body.items():
            kind = SWITCHES[name]
            if value is None and name in {"username", "password"}:
                changes[name] = None
                continue
            if isinstance(value, bool) is not (kind is bool):
                raise TypeError(f"{name} must be of type {kind.__name__}")
            changes[name] = kind(value)
        for name, value in changes.items():
            setattr(self._simulator, name, value)

    def _names(self, body: JsonObject) -> list[str]:
        names: list[str] = body["names"]
        self._known(names)
        return names

    def _known(self, names: Iterable[str]) -> None:
        for name in names:
            self._simulator.pump.point(name)
