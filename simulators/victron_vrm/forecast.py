"""Forecasts.

Source: VRM API v2 documentation, type `forecast` of installations/stats: Wh per hour, stamps in ms,
hourly values also for shorter intervals; a site needs a position, 30 days of data and metered
consumption. That there is a week of it, is a guess.
"""

from collections.abc import Callable, Sequence
import math
from random import Random

from .site import Site
from .weather import DAY, PER_DAY, clear_sky, clearness, usual_load

FORECASTS = (
    "solar_yield_forecast",
    "vrm_consumption_fc",
    "vrm_pv_inverter_yield_fc",
    "vrm_pv_charger_yield_fc",
    "vrm_solar_irradiance",
    "vrm_solar_irradiance_fc",
    "vrm_consum_evcs_fc",
    "vrm_consum_hp_fc",
)
_HOUR = 3600
_AHEAD = 8 * DAY
_NEEDED = 30 * DAY


def forecast(
    site: Site, start: float, end: float, now: float, codes: Sequence[str]
) -> dict[str, list[list[float]]]:
    """Return the forecast of each hour of a span; sites that cannot have one have no rows."""
    if not site.forecast or site.latitude is None or now - site.created < _NEEDED:
        return {code: [] for code in codes}
    first = math.ceil(start / _HOUR)
    last = math.ceil(min(end, now + _AHEAD) / _HOUR)
    found: dict[str, list[list[float]]] = {}
    for code in codes:
        value = _VALUES.get(code)
        rows = []
        for hour in range(first, last) if value is not None else ():
            assert value is not None
            rows.append([hour * _HOUR * 1000, round(value(site, hour * _HOUR), 3)])
        found[code] = rows if any(row[1] for row in rows) else []
    return found


def solar(site: Site, moment: int) -> float:
    """Return what PV is expected to bring in an hour, in Wh."""
    day, second = divmod(moment, DAY)
    step = second * PER_DAY // DAY
    potential = sum(clear_sky(site.ledger.place, day, site.plant.pv_kwp)[step : step + 4])
    doubt = Random(f"doubt:{site.seed}:{day}").uniform(0.85, 1.15)  # noqa: S311
    return potential * min(1.0, clearness(site.seed, day) * doubt) * 1000


def consumption(site: Site, moment: int) -> float:
    """Return what is expected to be used in an hour, in Wh."""
    local = site.local(moment)
    return usual_load(site.plant, local.hour + local.minute / 60) * 4000


_VALUES: dict[str, Callable[[Site, int], float]] = {
    "solar_yield_forecast": solar,
    "vrm_consumption_fc": consumption,
    "vrm_pv_inverter_yield_fc": lambda site, at: solar(site, at) * site.plant.pv_ac_share,
    "vrm_pv_charger_yield_fc": lambda site, at: solar(site, at) * (1 - site.plant.pv_ac_share),
    "vrm_solar_irradiance": lambda site, at: solar(site, at) / (site.plant.pv_kwp or 1),
    "vrm_solar_irradiance_fc": lambda site, at: solar(site, at) / (site.plant.pv_kwp or 1),
    "vrm_consum_evcs_fc": lambda site, _: site.plant.cars * site.plant.car_kw * 60,
}
