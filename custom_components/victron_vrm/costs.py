"""What imported energy has cost: the energy dashboard's own cost sensors know only what is live.

A price that is a number, and one of an entity that has statistics, count for imported hours too.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from homeassistant.components.energy.data import async_get_manager
from homeassistant.components.recorder import get_instance
from homeassistant.components.recorder.models import (
    StatisticData,
    StatisticMeanType,
    StatisticMetaData,
)
from homeassistant.components.recorder.statistics import (
    async_import_statistics,
    get_metadata,
    statistics_during_period,
)
from homeassistant.const import UnitOfEnergy
from homeassistant.util.unit_conversion import EnergyConverter

from .flows import Counter
from .ledger import HOUR, OPEN
from .statistics import NEGLIGIBLE, StatisticsWriter

if TYPE_CHECKING:
    from .coordinator import AccountCoordinator

ENERGY: Final = "energy"
LONG_AGO: Final = datetime(1990, 1, 1, tzinfo=UTC)
# Which statistic of a grid source has which price.
PRICED: Final = (
    ("stat_energy_from", "number_energy_price", "entity_energy_price"),
    ("stat_energy_to", "number_energy_price_export", "entity_energy_price_export"),
)


@dataclass(frozen=True, slots=True)
class Priced:
    """Energy that has a price, and where its costs are recorded."""

    energy_id: str
    cost_id: str
    price: float | None
    price_id: str | None


class CostImporter:
    """Lets the cost sensors of the energy dashboard know what was imported."""

    def __init__(self, account: AccountCoordinator, writer: StatisticsWriter) -> None:
        """Belong to an account."""
        self._account = account
        self._hass = account.hass
        self._writer = writer
        self._done: set[Priced] = set()

    def look_again(self) -> None:
        """Take note that there is energy of which the costs are not known yet."""
        self._done.clear()

    async def async_import(self) -> None:
        """Write the costs of all hours that came before the cost sensors."""
        if ENERGY not in self._hass.config.components:
            return
        ours = {
            statistic_id
            for site_id in self._account.sites
            for counter in Counter
            if (statistic_id := self._writer.statistic_id(site_id, counter))
        }
        for priced in await self._async_priced():
            if priced.energy_id in ours and priced not in self._done:
                if await self._async_import_one(priced):
                    self._done.add(priced)

    async def _async_priced(self) -> list[Priced]:
        manager = await async_get_manager(self._hass)
        sources: Iterable[Any] = manager.data["energy_sources"] if manager.data else ()
        costs: dict[str, str] = self._hass.data[ENERGY]["cost_sensors"]
        return [
            Priced(energy_id, costs[energy_id], source.get(number), source.get(entity))
            for source in sources
            if source["type"] == "grid"
            for statistic, number, entity in PRICED
            if (energy_id := source.get(statistic)) in costs
        ]

    async def _async_import_one(self, priced: Priced) -> bool:
        """Write the costs before those that are there; return whether it is done."""
        metadata = await self._ask(get_metadata, statistic_ids={priced.cost_id})
        known = await self._rows(priced.cost_id, {"sum", "state"}, None)
        if priced.cost_id not in metadata or not known:
            return False  # the sensor is new, and will be recorded soon
        # A first row without a state is one of ours, which only says where counting began.
        begun = known[0]["start"] + (HOUR if known[0].get("state") is None else 0)
        oldest = datetime.fromtimestamp(begun, UTC)
        rows = await self._rows(priced.energy_id, {"change"}, oldest)
        changes = [row for row in rows if row["start"] < begun]
        if changes and not _counts(changes[0]):
            # This only says where counting began: an import further back gives that hour its energy.
            del changes[0]
        if not any(map(_counts, changes)):
            return True
        missing = changes[-1]["start"] < begun - HOUR
        if missing and begun > self._account.clock.time() - OPEN:
            return False  # hours in between may still come, and would have no costs
        if not (prices := await self._prices(priced)):
            return False  # nobody knows yet what was paid
        total, data = 0.0, [_data(changes[0]["start"] - HOUR, 0.0)]
        for row in changes:
            total += (row["change"] or 0.0) * _price_at(prices, row["start"])
            data.append(_data(row["start"], total))
        unit = metadata[priced.cost_id][1]["unit_of_measurement"]
        async_import_statistics(
            self._hass,
            StatisticMetaData(
                mean_type=StatisticMeanType.NONE,
                has_sum=True,
                name=None,
                source="recorder",
                statistic_id=priced.cost_id,
                unit_class=None,
                unit_of_measurement=unit,
            ),
            data,
        )
        recorder = get_instance(self._hass)
        recorder.async_adjust_statistics(priced.cost_id, oldest, total, str(unit))
        await recorder.async_block_till_done()
        return True

    async def _prices(self, priced: Priced) -> list[tuple[float, float]]:
        """Return since when which price was paid for a kWh."""
        if priced.price_id is None:
            return [] if priced.price is None else [(0.0, priced.price)]
        state = self._hass.states.get(priced.price_id)
        unit = str(state.attributes.get("unit_of_measurement", "")) if state else ""
        each = unit.partition("/")[2]
        if each not in EnergyConverter.VALID_UNITS:
            each = UnitOfEnergy.KILO_WATT_HOUR  # as the dashboard takes it
        factor = EnergyConverter.convert(1, UnitOfEnergy.KILO_WATT_HOUR, each)
        rows = await self._rows(priced.price_id, {"mean"}, None)
        return [(it["start"], it["mean"] * factor) for it in rows if it.get("mean") is not None]

    async def _rows(self, statistic_id: str, kinds: set[str], end: datetime | None) -> list[Any]:
        found = await self._ask(
            statistics_during_period,
            start_time=LONG_AGO,
            end_time=end,
            statistic_ids={statistic_id},
            period="hour",
            units={"energy": UnitOfEnergy.KILO_WATT_HOUR},
            types=kinds,
        )
        rows: list[Any] = found.get(statistic_id, [])
        return rows

    async def _ask(self, function: Any, **arguments: Any) -> Any:
        recorder = get_instance(self._hass)
        return await recorder.async_add_executor_job(partial(function, self._hass, **arguments))


def _counts(row: Any) -> bool:
    """Return whether anything has flowed in an hour; sums are never quite exact."""
    change: float = row["change"] or 0.0
    return abs(change) > NEGLIGIBLE


def _price_at(prices: list[tuple[float, float]], moment: float) -> float:
    """Return the price of a moment; before the first that is known, that one."""
    price = prices[0][1] if prices else 0.0
    for since, value in prices:
        if since > moment:
            break
        price = value
    return price


def _data(start: float, total: float) -> StatisticData:
    return StatisticData(start=datetime.fromtimestamp(start, UTC), sum=total)
