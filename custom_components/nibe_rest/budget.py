"""How often each point was written lately: settings may live in memory that wears out."""

from collections import defaultdict
from datetime import datetime, timedelta

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.storage import Store
from homeassistant.util import dt as dt_util

from .const import DOMAIN, LOGGER

PER_HOUR = 60
PER_DAY = 300
SAVE_DELAY = 30.0
STORE_VERSION = 1


class WriteBudget:
    """Counts the writes to each point over a day; the counts survive a restart."""

    def __init__(self, hass: HomeAssistant, entry_id: str) -> None:
        """Belong to one heat pump."""
        self._store: Store[dict[str, list[float]]] = Store(
            hass, STORE_VERSION, f"{DOMAIN}.{entry_id}"
        )
        self._writes: defaultdict[int, list[float]] = defaultdict(list)
        self._warned: dict[int, datetime] = {}

    async def async_load(self) -> None:
        """Read the counts of the last run."""
        for point_id, times in (await self._store.async_load() or {}).items():
            self._writes[int(point_id)] = list(times)

    async def async_forget(self) -> None:
        """Remove the counts for good."""
        await self._store.async_remove()

    async def async_flush(self) -> None:
        """Write the counts down now."""
        await self._store.async_save(self._data())

    async def async_spend(self, point_id: int) -> None:
        """Count a write.

        Raises:
            HomeAssistantError: the point was written too often within a day; nothing was sent.
        """
        now = dt_util.utcnow()
        day_ago = (now - timedelta(days=1)).timestamp()
        times = self._writes[point_id] = [at for at in self._writes[point_id] if at > day_ago]
        if len(times) >= PER_DAY:
            raise HomeAssistantError(
                translation_domain=DOMAIN,
                translation_key="budget",
                translation_placeholders={"limit": str(PER_DAY)},
            )
        times.append(now.timestamp())
        hour_ago = (now - timedelta(hours=1)).timestamp()
        if sum(at > hour_ago for at in times) > PER_HOUR:
            self._warn(point_id, now)
        self._store.async_delay_save(self._data, SAVE_DELAY)

    def _warn(self, point_id: int, now: datetime) -> None:
        """Warn once an hour of an automation that writes all the time."""
        if (last := self._warned.get(point_id)) and now - last < timedelta(hours=1):
            return
        self._warned[point_id] = now
        LOGGER.warning(
            "Point %s was written more than %s times within an hour, which wears out the heat "
            "pump's memory; after %s times a day it is refused",
            point_id,
            PER_HOUR,
            PER_DAY,
        )

    def _data(self) -> dict[str, list[float]]:
        return {str(point_id): times for point_id, times in self._writes.items() if times}
