"""Energy counters that a heat pump has and its server does not show."""

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from homeassistant.core import HomeAssistant, callback

from .catalog import CATALOG, ENERGY_METER, ENERGY_POINTS
from .models import Value
from .repairs import IssueKind, async_report

if TYPE_CHECKING:
    from .coordinator import HtRestConfigEntry


@callback
def report_energy(
    hass: HomeAssistant,
    entry: HtRestConfigEntry,
    table: Collection[str],
    values: Mapping[str, Value],
) -> None:
    """Tell of energy counters that the server's table lacks, with the lines to add to it."""
    missing = [CATALOG[name] for name in ENERGY_POINTS if name not in table]
    async_report(
        hass,
        entry,
        IssueKind.ENERGY_TABLE,
        present=values.get(ENERGY_METER, 0) > 0 and len(missing) == len(ENERGY_POINTS),
        detail="\n".join(
            f"{it.name},{it.kind},{it.number},r-,{it.data_type},{it.low:.1f},{it.high:.1f}"
            for it in missing
        ),
    )
