"""What the devices measure that count energy of their own."""

from typing import TYPE_CHECKING

from .devices import Device
from .weather import DAY

if TYPE_CHECKING:
    from .readings import Moment, Values


def _yield(moment: Moment, start: float, end: float, share: float) -> float:
    """Return what PV brought in a span."""
    return sum(moment.site.ledger.energy(start, max(start, end))[:3]) * share


def charger(moment: Moment, device: Device) -> Values:
    """Return what a solar charger measures."""
    site = moment.site
    share = (1 - site.plant.pv_ac_share) * device.part
    watts = moment.pv_dc * device.part
    midnight = site.midnight(moment.at)
    before = site.midnight(midnight - DAY / 2)
    panel = 98.0 if site.plant.battery_volts > 20 else 38.0
    values: Values = {"ScV": moment.volts, "ScI": round(watts / moment.volts, 1), "Scs": 1}
    values |= {"ScS": 3 if watts > 5 else 0, "ScERR": 0, "SceL": 0, "SceH": 0, "SRelay": 0}
    values |= {"PVV": panel if watts > 5 else 1.2, "PVI": round(watts / panel, 1)}
    values |= {"ScW": round(watts, 2), "PVP": round(watts), "MCPT": round(watts)}
    values |= {"YT": round(_yield(moment, midnight, moment.at, share), 2)}
    values |= {"YY": round(_yield(moment, before, midnight, share), 2)}
    values |= {"YU": round(_yield(moment, site.created, moment.at, share), 2)}
    values |= {"ScT": None, "ScSN": f"HQ2231{device.instance:05d}", "ScVt": device.firmware}
    return values


def pv_inverter(moment: Moment, device: Device) -> Values:
    """Return what a PV inverter measures."""
    site = moment.site
    plant = site.plant
    watts = moment.instant.pv * plant.pv_ac_share
    made = _yield(moment, site.created, moment.at, plant.pv_ac_share)
    values: Values = {"pS": 7 if watts > 5 else 8, "pPos": 0 if plant.phases > 1 else 1}
    values |= {"pEr": 0, "pSN": f"3{device.instance:07d}"}
    for phase in range(1, plant.phases + 1):
        volts = round(231 + 2 * moment.wobble(f"pv{phase}"), 1)
        values |= {f"pV{phase}": volts, f"pI{phase}": round(watts / plant.phases / volts, 1)}
        values |= {f"pP{phase}": round(watts / plant.phases)}
        values |= {f"pE{phase}": round(made / plant.phases, 2)}
    return values


def grid_meter(moment: Moment, device: Device) -> Values:
    """Return what a grid meter measures."""
    site = moment.site
    phases = site.plant.phases
    flows = site.ledger.energy(site.created, moment.at)
    values: Values = {"gEf": round(flows[3] + flows[4], 2), "gEr": round(flows[2] + flows[6], 2)}
    for phase in range(1, phases + 1):
        volts = round(230 + 2 * moment.wobble(f"v{phase}"), 1)
        watts = moment.instant.grid / phases
        values |= {f"gV{phase}": volts, f"gI{phase}": round(watts / volts, 1)}
        values |= {f"gP{phase}": round(watts)}
    return values | {"gSN": f"WG00{device.instance:06d}"}


def generator(moment: Moment, _: Device) -> Values:
    """Return what the control of a generator knows."""
    site = moment.site
    running = moment.instant.generator > 0
    today = site.ledger.generator_seconds(site.midnight(moment.at), moment.at)
    values: Values = {"gaNG": 0, "gaRC": 4 if running else 0, "gaS": int(running)}
    return values | {"gaR": round(today), "Tga": 1_870_000 + round(today), "gaT": 86_400 * 60}


def ev_charger(moment: Moment, device: Device) -> Values:
    """Return what a charging station measures: energy of its life, time of the day."""
    site = moment.site
    watts = moment.instant.cars[device.number] if moment.instant.cars else 0.0
    midnight = site.midnight(moment.at)
    today = site.ledger.car_energy(device.number, midnight, moment.at)
    energy = site.ledger.car_energy(device.number, site.created, moment.at)
    seconds = today / (site.plant.car_kw or 1) * 3600
    values: Values = {"evS": f"HQ22520{device.instance:04d}", "evcn": device.name, "evmi": 32}
    values |= {"evf": round(energy, 2), "evp": round(watts), "evt": round(seconds)}
    values |= {"evi": round(watts / 230 / 3, 1), "evm": 1, "eve": int(watts > 0)}
    return values | {"evs": 2 if watts > 0 else (3 if today > 0 else 0)}
