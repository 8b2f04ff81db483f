"""Writing hours into the recorder's long-term statistics, behind one interface.

The recorder keeps two numbers of a counter: its state, and the sum of all its changes since it is
recorded. What it records live and what is written here fit together as long as the difference of the
two stays the same. So that difference is read before each write, in the statistic's own unit, which
users may change, and rows that come before all others move it for all of them at once.
"""

from abc import ABC, abstractmethod
import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Final, override

from homeassistant.components.recorder import get_instance
from homeassistant.components.recorder.models import (
    StatisticData,
    StatisticMeanType,
    StatisticMetaData,
)
from homeassistant.components.recorder.statistics import (
    async_add_external_statistics,
    async_import_statistics,
    get_last_short_term_statistics,
    get_last_statistics,
    get_metadata,
    statistics_during_period,
)
from homeassistant.const import Platform, UnitOfEnergy
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.util.unit_conversion import EnergyConverter

from .const import DOMAIN
from .entity import counter_key, unique_id
from .flows import Counter
from .ledger import HOUR, Row

LONG_AGO: Final = datetime(1990, 1, 1, tzinfo=UTC)
NEGLIGIBLE: Final = 1e-6
PATIENCE: Final = 30.0  # seconds for a recorder that has other things to do, as a migration


@dataclass(frozen=True, slots=True)
class Statistic:
    """A statistic as the recorder has it."""

    statistic_id: str
    unit: str
    offset: float
    """Its sum less its state."""


@dataclass(frozen=True, slots=True)
class _Last:
    """The last hour that is there before others."""

    start: int
    sum: float
    offset: float | None


class StatisticsWriter(ABC):
    """Writes the hours of counters."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Take Home Assistant, which has a recorder."""
        self._hass = hass
        self._pending: asyncio.Task[None] | None = None
        self.hole: int | None = None
        """The first hour that is missing before the rows that were written last, if any is."""

    @property
    def is_busy(self) -> bool:
        """Whether the recorder has yet to do what it was told: until then nothing adds up."""
        return self._pending is not None and not self._pending.done()

    @abstractmethod
    def statistic_id(self, site_id: int, counter: Counter) -> str | None:
        """Return where the hours of a counter belong; None: the user does not want them."""

    @abstractmethod
    async def async_find(self, statistic_id: str) -> Statistic | None:
        """Return a statistic; None: nothing can be written to it yet."""

    @abstractmethod
    def _write(self, statistic: Statistic, name: str, data: list[StatisticData]) -> None:
        """Hand rows to the recorder."""

    async def async_write(
        self, site_id: int, counter: Counter, name: str, rows: Sequence[Row]
    ) -> bool:
        """Write hours without holes, in kWh; what is there already is replaced.

        They continue what is there before them; where nothing is, counting begins with them.

        Args:
            site_id: whose they are.
            counter: of what.
            name: of the statistic, where it has none yet.
            rows: hours in their order.

        Returns:
            Whether they were written.
        """
        if not rows or self.is_busy:
            return False
        if (statistic_id := self.statistic_id(site_id, counter)) is None:
            return False
        if (found := await self.async_find(statistic_id)) is None:
            return False
        convert = EnergyConverter.converter_factory(UnitOfEnergy.KILO_WATT_HOUR, found.unit)
        before = convert(rows[0].total - rows[0].change)
        start = datetime.fromtimestamp(rows[0].start, UTC)
        data = [_data(row.start, convert(row.total), found.offset) for row in rows]
        moved, self.hole = 0.0, None
        if (last := await self._last_before(found, start)) is None:
            start -= timedelta(seconds=HOUR)
            data.insert(0, _data(rows[0].start - HOUR, before, found.offset))
            moved = -before - found.offset
        else:
            if last.start < rows[0].start - HOUR:
                self.hole = last.start + HOUR
            # Ours begin where that ended, whoever wrote it. Over a hole of our own the difference
            # is what is missing there.
            if self.hole is None or last.offset is None or _differ(last.offset, found.offset):
                moved = last.sum - before - found.offset
        self._write(found, name, data)
        recorder = get_instance(self._hass)
        if _differ(moved, 0.0):
            recorder.async_adjust_statistics(statistic_id, start, moved, found.unit)
        self._pending = self._hass.async_create_background_task(
            recorder.async_block_till_done(), f"{DOMAIN} waits for the recorder"
        )
        await asyncio.wait({self._pending}, timeout=PATIENCE)
        return not self.is_busy

    async def _last_before(self, statistic: Statistic, start: datetime) -> _Last | None:
        """Return the last row before a moment, None if there is none; mostly it is an hour old."""
        statistic_id = statistic.statistic_id
        for since in (start - timedelta(seconds=HOUR), LONG_AGO):
            rows = await self._ask(
                statistics_during_period,
                self._hass,
                since,
                start,
                {statistic_id},
                "hour",  # longer periods would reach beyond the moment
                {EnergyConverter.UNIT_CLASS: statistic.unit},
                {"state", "sum"},
            )
            found = [row for row in rows.get(statistic_id, []) if row.get("sum") is not None]
            if found:
                row, state = found[-1], found[-1].get("state")
                offset = None if state is None else row["sum"] - state
                return _Last(int(row["start"]), row["sum"], offset)
        return None

    async def _ask(self, function: Any, *args: Any) -> Any:
        return await get_instance(self._hass).async_add_executor_job(partial(function, *args))

    async def _metadata(self, statistic_id: str) -> StatisticMetaData | None:
        function = partial(get_metadata, self._hass, statistic_ids={statistic_id})
        found = await get_instance(self._hass).async_add_executor_job(function)
        return found[statistic_id][1] if statistic_id in found else None


def _differ(one: float, other: float) -> bool:
    return abs(one - other) > NEGLIGIBLE


def _data(start: int, state: float, offset: float) -> StatisticData:
    return StatisticData(start=datetime.fromtimestamp(start, UTC), state=state, sum=state + offset)


class SensorStatistics(StatisticsWriter):
    """Writes into the statistics of the sensors themselves, so that history and present are one."""

    @override
    def statistic_id(self, site_id: int, counter: Counter) -> str | None:
        """Return the sensor's entity id of now, which users may change."""
        registry = er.async_get(self._hass)
        entity_id = registry.async_get_entity_id(
            Platform.SENSOR, DOMAIN, unique_id(site_id, counter_key(counter))
        )
        entry = registry.async_get(entity_id) if entity_id else None
        return entity_id if entry and not entry.disabled else None

    @override
    async def async_find(self, statistic_id: str) -> Statistic | None:
        """Return the statistic once the recorder has begun: it begins with a sum of 0."""
        metadata = await self._metadata(statistic_id)
        found = await self._ask(
            get_last_short_term_statistics, self._hass, 1, statistic_id, False, {"state", "sum"}
        )
        if metadata is None or not (rows := found.get(statistic_id)):
            return None
        state, total = rows[0].get("state"), rows[0].get("sum")
        unit = metadata["unit_of_measurement"]
        if state is None or total is None or unit not in EnergyConverter.VALID_UNITS:
            return None
        return Statistic(statistic_id, str(unit), total - state)

    @override
    def _write(self, statistic: Statistic, name: str, data: list[StatisticData]) -> None:
        metadata = _metadata(statistic, "recorder", None)
        async_import_statistics(self._hass, metadata, data)


class ExternalStatistics(StatisticsWriter):
    """Writes into statistics of their own, which the energy dashboard takes, but without a price."""

    @override
    def statistic_id(self, site_id: int, counter: Counter) -> str | None:
        """Return the statistic of a counter."""
        return f"{DOMAIN}:{site_id}_{counter}"

    @override
    async def async_find(self, statistic_id: str) -> Statistic | None:
        """Return the statistic; a new one begins with the first row."""
        found = await self._ask(
            get_last_statistics, self._hass, 1, statistic_id, False, {"state", "sum"}
        )
        offset = 0.0
        if rows := found.get(statistic_id):
            offset = (rows[0].get("sum") or 0.0) - (rows[0].get("state") or 0.0)
        return Statistic(statistic_id, UnitOfEnergy.KILO_WATT_HOUR, offset)

    @override
    def _write(self, statistic: Statistic, name: str, data: list[StatisticData]) -> None:
        async_add_external_statistics(self._hass, _metadata(statistic, DOMAIN, name), data)


def _metadata(statistic: Statistic, source: str, name: str | None) -> StatisticMetaData:
    return StatisticMetaData(
        mean_type=StatisticMeanType.NONE,
        has_sum=True,
        name=name,
        source=source,
        statistic_id=statistic.statistic_id,
        unit_class=EnergyConverter.UNIT_CLASS,
        unit_of_measurement=statistic.unit,
    )
