"""What a device is and what it can show, found out by reading and never by writing.

Source of the order: which kinds a house has most of.
"""

from asyncio import Lock, get_running_loop, sleep
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.core import HomeAssistant

from .connection import client_of
from .const import CONF_KEY, CONF_RATE, RATE_FAR, RATE_NEAR
from .endpoints import ASPECTS, Aspect, Kind
from .errors import ThinknxBusyError, ThinknxNoDeviceError, ThinknxRefusedError
from .pace import Pace
from .values import Reading

READABLE: Final = tuple(kind for kind in Kind if ASPECTS[kind])

type Read = Callable[[str, Aspect], Awaitable[Reading]]


class Verdict(StrEnum):
    """What came of looking."""

    FOUND = "found"
    SILENT = "silent"  # it exists, and shows nothing: a scene, a button, a blind without feedback
    UNKNOWN = "unknown"  # the server does not know it, or not for this user


@dataclass(frozen=True, slots=True)
class Probed:
    """What was found out about a GUID."""

    verdict: Verdict
    kind: Kind | None = None
    aspects: frozenset[Aspect] = frozenset()


async def probe(read: Read, guid: str, kinds: Iterable[Kind] = READABLE) -> Probed:
    """Find out what a GUID is; a kind that answers is looked at as a whole.

    Raises:
        ThinknxError: whatever is no answer about the device.
    """
    exists = False
    for kind in kinds:
        found: set[Aspect] = set()
        for aspect in ASPECTS[kind]:
            try:
                await read(guid, aspect)
            except ThinknxNoDeviceError:
                continue
            except ThinknxRefusedError:
                exists = True
            else:
                found.add(aspect)
        if found:
            return Probed(Verdict.FOUND, kind, frozenset(found))
    return Probed(Verdict.SILENT if exists else Verdict.UNKNOWN)


class PacedReader:
    """Reads one value after the other, in turn with what else the server is asked."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry[Any]) -> None:
        """Go by the pace at which the entry reads, or by its own while it is not loaded."""
        self._client = client_of(hass, entry)
        self._lock = Lock()
        self._sleep = sleep
        if entry.state is ConfigEntryState.LOADED:
            scheduler = entry.runtime_data.scheduler
            self._now: Callable[[], float] = scheduler.now
            self._pace: Pace = scheduler.pace
        else:
            self._now = get_running_loop().time
            usual = RATE_FAR if entry.data.get(CONF_KEY) else RATE_NEAR
            self._pace = Pace(float(entry.options.get(CONF_RATE, usual)), self._now())

    async def read(self, guid: str, aspect: Aspect) -> Reading:
        """Read an aspect of a device when it may be read. Raises as ThinknxClient.read() does."""
        async with self._lock:
            await self._sleep(self._pace.take(self._now()))
            try:
                reading = await self._client.read(guid, aspect)
            except ThinknxBusyError as err:
                self._pace.refused(self._now(), err.retry_after)
                raise
            self._pace.answered()
            return reading
