"""Energy between source and sink, as VRM counts it by the hour, and what the dashboard wants of it.

VRM names a flow by two letters: from P(V), G(rid), B(attery) or g(enerator) to c(onsumers), b(attery)
or g(rid). Its own sum "kwh" is of all flows, and so neither consumption nor production.
Source: VRM API v2 documentation, "installations/stats", type kwh.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

FLOWS: Final = ("Pc", "Pb", "Pg", "Gc", "Gb", "Bc", "Bg", "gc", "gb")


class Counter(StrEnum):
    """What is counted."""

    GRID_IMPORT = "grid_import"
    GRID_EXPORT = "grid_export"
    SOLAR = "solar"
    BATTERY_CHARGE = "battery_charge"
    BATTERY_DISCHARGE = "battery_discharge"
    GENERATOR = "generator"
    CONSUMPTION = "consumption"


PARTS: Final[Mapping[Counter, tuple[str, ...]]] = {
    Counter.GRID_IMPORT: ("Gc", "Gb"),
    Counter.GRID_EXPORT: ("Pg", "Bg"),
    Counter.SOLAR: ("Pc", "Pb", "Pg"),
    Counter.BATTERY_CHARGE: ("Pb", "Gb", "gb"),
    Counter.BATTERY_DISCHARGE: ("Bc", "Bg"),
    Counter.GENERATOR: ("gc", "gb"),
    Counter.CONSUMPTION: ("Pc", "Gc", "Bc", "gc"),
}


def counted(counter: Counter, flows: Mapping[str, float]) -> float:
    """Return what a counter makes of flows, in kWh."""
    return sum(flows.get(code, 0.0) for code in PARTS[counter])
