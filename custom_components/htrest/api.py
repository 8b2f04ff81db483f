"""Client of an HtREST server: its endpoints.

Source: HtREST 0.1.11, README, "API"; recorded answers where the two differ.
"""

from collections.abc import Callable, Collection, Iterable
from datetime import datetime
import logging
from typing import Any, Final

import aiohttp

from .catalog import CATALOG
from .errors import (
    HtRestAbsentPointError,
    HtRestConnectionError,
    HtRestError,
    HtRestLineError,
    HtRestNotConfirmedError,
    HtRestResponseError,
    HtRestUncertainError,
    HtRestUnknownNamesError,
)
from .models import DataType, Device, FaultEntry, ProgramHead, Slot, TimeProgram, Value
from .parsing import (
    DATETIME_FORMAT,
    MalformedError,
    decode,
    parse_datetime,
    parse_device,
    parse_fault,
    parse_heads,
    parse_program,
    parse_slot,
    parse_title,
    parse_values,
    slot_as_json,
)
from .transport import Transport

_LOGGER = logging.getLogger(__name__)

TITLE: Final = "HtREST"
QUERY_NAMES: Final = 130  # in one request line, which stays below the 8 KB that proxies take
NOBODYS_NAME: Final = "Hearthlink"  # is in no table, so that a question for names costs nothing
READ_BACKS: Final = 2


class HtRestClient:
    """One server, and the heat pump behind it; how requests travel is in Transport."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        host: str,
        port: int,
        user: str = "",
        password: str = "",
    ) -> None:
        """Take a session that is not closed here."""
        self._transport = Transport(session, host, port, user, password)
        self._bool_as_int = False

    @property
    def last_success(self) -> datetime | None:
        """When the server last answered as it should."""
        return self._transport.last_success

    @property
    def last_duration(self) -> float:
        """Seconds for which the last request was under way."""
        return self._transport.last_duration

    @property
    def requests_last_hour(self) -> int:
        """How many requests were sent within the last hour."""
        return self._transport.requests_last_hour

    def close(self) -> None:
        """Send nothing more."""
        self._transport.close()

    async def check(self) -> None:
        """Find out whether this is an HtREST server; the heat pump is not asked.

        Raises:
            HtRestResponseError: it is something else.
            HtRestConnectionError, HtRestAuthError.
        """
        if await self._get("swagger.json", parse_title) != TITLE:
            raise HtRestResponseError("not HtREST")

    async def device(self) -> Device:
        """Read which heat pump it is (GET /device/); 5 serial commands.

        Raises:
            HtRestConnectionError, HtRestAuthError, HtRestResponseError: the server.
            HtRestLineError, HtRestPumpSilentError, HtRestServerStuckError: what is behind it.
        """
        return await self._get("device/", parse_device)

    async def known_names(self, names: Collection[str]) -> frozenset[str]:
        """Return which of some names the server's table has; no serial commands.

        The server names all that it does not know before it asks the heat pump anything, and one
        that nobody knows is always among them. Raises as device() does.
        """
        unknown: set[str] = set()
        wanted = list(names)
        for start in range(0, len(wanted), QUERY_NAMES):
            some = wanted[start : start + QUERY_NAMES]
            try:
                await self.read([*some, NOBODYS_NAME])
            except HtRestUnknownNamesError as err:
                unknown |= err.names
        return frozenset(wanted) - unknown

    async def fast(self, names: Collection[str]) -> dict[str, Value]:
        """Read measured points at once (GET /fastquery/?names); 3 serial commands.

        Raises:
            HtRestLineError: also if the heat pump does not have one of them, which takes 5 s.
            HtRestUnknownNamesError: the server's table lacks some.
            And what device() raises.
        """
        return await self._get("fastquery/", self._values, names=names)

    async def read(self, names: Collection[str], *, urgent: bool = False) -> dict[str, Value]:
        """Read points one after the other (GET /param/?names); 2 serial commands and one a name.

        Without names the server would read its whole table: nothing is asked then.

        Raises:
            HtRestAbsentPointError: the heat pump does not have one of them.
            HtRestUnknownNamesError: the server's table lacks some.
            And what device() raises.
        """
        if not names:
            return {}
        return await self._get("param/", self._values, names=names, urgent=urgent)

    async def write(self, name: str, value: Value) -> None:
        """Write a value (PUT /param/), and return once the heat pump shows it.

        The answer to the write proves nothing: a read-only server echoes it, and a heat pump that
        keeps its value is no error to the server. 6 serial commands.

        Raises:
            HtRestRefusedError: the server refuses the value; nothing was written.
            HtRestNotConfirmedError: the heat pump shows another value.
            HtRestUncertainError: an answer was lost, and the value cannot be read or is another.
            HtRestAbsentPointError, HtRestUnknownNamesError, and what device() raises.
        """
        body = {name: self._writable(name, value)}
        echoed = lost = False
        try:
            echoed = (await self._put("param/", body, parse_values)).get(name) == value
        except HtRestUncertainError:
            lost = True  # the value itself will tell
        shown = await self._read_back(name)
        if shown == value:
            return
        if lost or shown is None:
            raise HtRestUncertainError
        raise HtRestNotConfirmedError(echoed=echoed)

    async def last_fault(self) -> FaultEntry | None:
        """Read the last line of the fault list; None if it is empty; 3 serial commands.

        Raises as device() does.
        """
        try:
            return await self._get("faultlist/last", parse_fault)
        except HtRestAbsentPointError:
            return None

    async def fault(self, index: int) -> FaultEntry:
        """Read a line of the fault list; 4 serial commands. Raises as device() does."""
        return await self._get(f"faultlist/{index}", parse_fault)

    async def clock(self) -> datetime:
        """Read the heat pump's time, which knows no zone; 3 serial commands.

        Raises as device() does.
        """
        return await self._get("datetime/", parse_datetime, urgent=True)

    async def set_clock(self, now: Callable[[], datetime]) -> None:
        """Set the heat pump's clock to a local time (PUT /datetime/); 3 serial commands.

        The time is asked for when the line is free. Whether the heat pump took it clock() tells: a
        read-only server echoes any time.

        Raises:
            HtRestUncertainError: the answer was lost. And what device() raises.
        """

        def body() -> dict[str, str]:
            return {"datetime": now().strftime(DATETIME_FORMAT)}

        await self._put("datetime/", body, parse_datetime)

    async def program_heads(self) -> list[ProgramHead]:
        """Read which time programs there are; 3 serial commands. Raises as device() does."""
        return await self._get("timeprog/", parse_heads)

    async def program(self, index: int, *, urgent: bool = False) -> TimeProgram:
        """Read a time program; 3 serial commands. Raises as device() does."""
        return await self._get(f"timeprog/{index}", parse_program, urgent=urgent)

    async def write_slot(self, program: int, day: int, number: int, slot: Slot) -> Slot:
        """Write a slot of a time program; return what the server answers; 3 serial commands.

        The server checks neither its state nor its step, and only program() tells whether the heat
        pump took it.

        Raises:
            HtRestRefusedError: nothing was written.
            HtRestUncertainError: the answer was lost. And what device() raises.
        """
        path = f"timeprog/{program}/{day}/{number}"
        return await self._put(path, slot_as_json(slot), parse_slot)

    async def trigger(self, name: str) -> None:
        """Set a point that acts and falls back by itself (PUT /param/); 3 serial commands.

        What came of it other points tell. Raises as write_slot() does.
        """
        await self._put("param/", {name: self._writable(name, True)}, parse_values)

    async def _read_back(self, name: str) -> Value | None:
        """Return what a point shows after a write, None if the answer lacks it."""
        for attempt in range(READ_BACKS):
            try:
                return (await self.read([name], urgent=True)).get(name)
            except (HtRestConnectionError, HtRestLineError, HtRestResponseError) as err:
                _LOGGER.debug("Read %s after a write failed: %r", attempt + 1, err)
            except HtRestError as err:
                raise HtRestUncertainError from err
        raise HtRestUncertainError

    def _values(self, data: Any) -> dict[str, Value]:
        """Return values in the types of the catalogue, and learn how the server shows booleans."""
        values: dict[str, Value] = {}
        for name, value in parse_values(data).items():
            parameter = CATALOG.get(name)
            whole = isinstance(value, int) and not isinstance(value, bool)
            if parameter is None:
                continue
            if parameter.data_type is DataType.BOOL:
                if isinstance(value, bool) or value in {0, 1}:
                    self._bool_as_int = not isinstance(value, bool)
                    values[name] = bool(value)
            elif whole or (isinstance(value, float) and parameter.data_type is DataType.FLOAT):
                values[name] = value
        return values

    def _writable(self, name: str, value: Value) -> Value:
        """Return a value in the type that the server insists upon."""
        match CATALOG[name].data_type:
            case DataType.BOOL:
                return int(value) if self._bool_as_int else bool(value)
            case DataType.INT:
                return int(value)
            case DataType.FLOAT:
                return float(value)

    async def _put[T](self, path: str, body: Any, parse: Callable[[Any], T]) -> T:
        """Write something; an answer that is lost or spoilt leaves it uncertain."""
        try:
            return _parsed(parse, await self._transport.send("PUT", path, body=body, urgent=True))
        except (HtRestLineError, HtRestResponseError) as err:
            raise HtRestUncertainError from err

    async def _get[T](
        self,
        path: str,
        parse: Callable[[Any], T],
        *,
        names: Iterable[str] = (),
        urgent: bool = False,
    ) -> T:
        data = await self._transport.send("GET", path, names=names, urgent=urgent)
        return _parsed(parse, data)


def _parsed[T](parse: Callable[[Any], T], body: bytes) -> T:
    try:
        return parse(decode(body))
    except MalformedError as err:
        raise HtRestResponseError(f"malformed: {err}") from None
