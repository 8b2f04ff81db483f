"""Where the heat pump describes its own points wrongly, and what must never be written.

Source: observations of owners and public clients on S-series firmware up to 4.13. Limits are raw.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from .models import Point

CORRECTIONS: Final[Mapping[int, Mapping[str, Any]]] = {
    822: {"unit": "s"},
    823: {"unit": "s"},
    824: {"unit": "s"},
    825: {"unit": "s"},
    849: {"unit": "%"},
    995: {"unit": "bar"},
    **{point: {"unit": "DM"} for point in range(1205, 1220)},
    3702: {"minimum": 550},  # 55 with a divisor of 10
    3745: {"maximum": 24},
    3754: {"maximum": 1},
    3861: {"unit": "h"},
    4030: {"unit": "min"},
    4562: {"unit": ""},  # a switch that says "%"
    **{point: {"unit": "DM"} for point in range(5294, 5299)},
    8982: {"maximum": 1},
    14314: {"unit": "W"},
    22130: {"unit": "W"},  # power that says "Ws"
    25165: {"unit": "kW"},  # power; older firmware says "kWh"
    25166: {"unit": "kW"},
    29258: {"unit": "kW", "divisor": 100},  # counts in steps of 10 W
}

# Never written by anything of ours: forced control (which survives restarts and knows no time
# limit), set points without a time limit, blocking the compressor, injected sensor values and
# prices, the alarm reset by number, counters that the firmware itself keeps.
FORBIDDEN: Final = frozenset(
    {
        781,
        2691,
        3478,
        3754,
        *range(3763, 3769),
        3817,
        4083,
        5044,
        5202,
        5925,
        *range(7957, 7963),
        8052,
        22155,
        *range(26703, 26712),
        *range(26817, 26841),
        28181,
        29971,
        33194,
        33196,
        55038,
        55749,
        55884,
    }
)

# Points that take longer than others to show what was written to them (seconds).
SLOW: Final[Mapping[int, float]] = {4564: 30.0, 3751: 30.0, 10613: 90.0, 10614: 30.0}


def corrected(point: Point) -> Point:
    """Return a point as it really is."""
    if fix := CORRECTIONS.get(point.point_id):
        return replace(point, **fix)
    return point
