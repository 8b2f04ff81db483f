"""What a plant can do: sizes and limits, without time."""

from dataclasses import dataclass

from .styles import SiteKind

EFFICIENCY = 0.94
"""Share of a charge that the battery gives back; the flows themselves know no losses."""


@dataclass(frozen=True, slots=True)
class Plant:
    """Sizes of what makes, keeps and takes energy. Zero: there is none."""

    pv_kwp: float = 0.0
    pv_ac_share: float = 0.0
    """Share of the PV power that comes from an inverter instead of solar chargers."""
    battery_kwh: float = 0.0
    battery_volts: float = 51.2
    charge_kw: float = 0.0
    discharge_kw: float = 0.0
    min_soc: float = 0.1
    load_kwh: float = 0.0
    """Consumption on an average day, without cars."""
    dc_share: float = 0.0
    """Share of the consumption that is direct current."""
    phases: int = 1
    grid: bool = True
    feed_in: bool = True
    shore: bool = False
    """Whether the grid is a cable that is plugged in on some days."""
    sells: bool = False
    """Whether the battery sells energy on some evenings."""
    generator_kw: float = 0.0
    cars: int = 0
    car_kw: float = 0.0


_HOUSE = Plant(
    pv_kwp=8.2,
    pv_ac_share=0.4,
    battery_kwh=14.3,
    charge_kw=5.0,
    discharge_kw=5.0,
    load_kwh=12.0,
    sells=True,
)

PLANTS: dict[SiteKind, Plant] = {
    SiteKind.ESS: _HOUSE,
    SiteKind.MONITORING: _HOUSE,
    SiteKind.DEAD: _HOUSE,
    SiteKind.OFF_GRID: Plant(
        pv_kwp=6.0,
        battery_kwh=19.2,
        charge_kw=7.0,
        discharge_kw=8.0,
        min_soc=0.2,
        load_kwh=17.0,
        grid=False,
        generator_kw=9.0,
    ),
    SiteKind.BOAT: Plant(
        pv_kwp=1.0,
        battery_kwh=7.7,
        battery_volts=12.8,
        charge_kw=1.4,
        discharge_kw=2.4,
        load_kwh=1.9,
        dc_share=0.6,
        feed_in=False,
        shore=True,
    ),
    SiteKind.EV: Plant(
        pv_kwp=14.0,
        pv_ac_share=1.0,
        battery_kwh=28.6,
        charge_kw=10.0,
        discharge_kw=10.0,
        load_kwh=14.0,
        phases=3,
        cars=2,
        car_kw=7.4,
    ),
    # Sun and mains charge it, but nobody measures them.
    SiteKind.BATTERY_ONLY: Plant(
        pv_kwp=0.35,
        feed_in=False,
        battery_kwh=2.6,
        battery_volts=25.6,
        charge_kw=0.7,
        discharge_kw=1.0,
        load_kwh=0.9,
        dc_share=1.0,
    ),
    SiteKind.NO_LOCATION: Plant(
        pv_kwp=3.3,
        battery_kwh=7.2,
        battery_volts=25.6,
        charge_kw=2.0,
        discharge_kw=2.4,
        load_kwh=5.5,
        feed_in=False,
    ),
    SiteKind.PV_ONLY: Plant(pv_kwp=9.9, pv_ac_share=1.0, load_kwh=11.0, phases=3),
}
