"""What the devices of a site measure at a moment.

All of it is a function of the site and the moment: sizes and energy come from the ledger, and what
is left to chance from the moment itself.
"""

from collections.abc import Callable
from dataclasses import dataclass
import math
from typing import TYPE_CHECKING
import zlib

from .devices import Device, DeviceType as Type
from .energy import Instant
from .meters import charger, ev_charger, generator, grid_meter, pv_inverter
from .styles import SiteKind

if TYPE_CHECKING:
    from .site import Site

type Value = float | str | None
type Values = dict[str, Value]


@dataclass(frozen=True, slots=True)
class Moment:
    """A site at a moment."""

    site: Site
    at: float
    instant: Instant
    deep: bool = True
    """Whether counters are wanted, for which all the time before has to be added up."""

    @property
    def volts(self) -> float:
        """Return the voltage of the battery."""
        return self.site.volts(self.instant)

    @property
    def amps(self) -> float:
        """Return the current into the battery."""
        return round(self.instant.battery / self.volts, 2)

    @property
    def percent(self) -> float:
        """Return how full the battery is."""
        return self.site.percent(self.instant) or 0.0

    @property
    def pv_dc(self) -> float:
        """Return the power of all solar chargers."""
        return self.instant.pv * (1 - self.site.plant.pv_ac_share)

    @property
    def state(self) -> int:
        """Return what the inverter does."""
        if self.instant.battery > 20:
            return 4 if self.percent > 97 else 3
        if not self.instant.plugged or self.instant.battery < -20:
            return 9 if not self.site.plant.sells else 252
        return 5

    def wobble(self, key: str) -> float:
        """Return something between -1 and 1 that is different at each moment."""
        text = f"{self.site.seed}:{key}:{int(self.at)}"
        return zlib.crc32(text.encode()) / 2**31 - 1


def moment_of(site: Site, at: float, *, deep: bool = True) -> Moment:
    """Return a site at a moment."""
    return Moment(site, at, site.ledger.at(at), deep)


def measured(moment: Moment, device: Device) -> Values:
    """Return what a device measures."""
    values = _READERS[device.type](moment, device)
    if device.only:
        values = {code: value for code, value in values.items() if code in device.only}
    held = moment.site.held
    if held:
        for code in values:
            for key in ((code, None), (code, device.instance)):
                if (hold := held.get(key)) is not None and hold.since <= moment.at < hold.until:
                    values[code] = hold.value
    return values


def _gateway(moment: Moment, _: Device) -> Values:
    site = moment.site
    plant = site.plant
    values: Values = {"v": "v3.72", "build": "20260312094210"}
    values |= {"cp": 16383, "sca": 0, "rtt": 2 + round(abs(moment.wobble("rtt")) * 3), "nr": 0}
    values |= {"sk": 0, "dem": int(plant.sells), "guiHash": "0" * 64, "decp": 63, "w": 1}
    values |= {"dea": int(plant.sells), "vrm": 2, "GUIv": 1, "shai": 1, "au": 1, "rf": 0}
    values |= {"tx": 31.7 * site.interval, "rx": 4.3 * site.interval, "sl": site.interval}
    values |= {"TO": site.phase, "fd": 165_183_000, "ip": "192.0.2.10"}
    first = 3 if plant.shore else 1
    values |= {"si1": first if plant.grid else 0, "si2": 2 if plant.generator_kw else 0}
    if site.location_shown and site.latitude is not None and site.longitude is not None:
        values |= position(site, moment.at)
    return values


def position(site: Site, at: float) -> Values:
    """Return where a site is; a boat sails in circles."""
    assert site.latitude is not None
    assert site.longitude is not None
    latitude, longitude = site.latitude, site.longitude
    for since, north, east in site.places:
        if since <= at:
            latitude, longitude = north, east
    if site.kind is not SiteKind.BOAT:
        return {"lt": round(latitude, 5), "lg": round(longitude, 5)}
    angle = at / 86_400 * 2 * math.pi
    return {
        "lt": round(latitude + 0.02 * math.sin(angle), 5),
        "lg": round(longitude + 0.02 * math.cos(angle), 5),
        "ls": round(1.5 + math.sin(angle * 3), 1),
        "la": 2,
    }


def _system(moment: Moment, _: Device) -> Values:
    site, plant, instant = moment.site, moment.site.plant, moment.instant
    values: Values = {"st": "ESS" if plant.feed_in and plant.grid else "Hub-1"}
    if plant.battery_kwh:
        values |= {"bv": moment.volts, "bs": moment.percent, "bc": moment.amps}
        values |= {"bp": round(moment.volts * moment.amps), "bst": battery_state(instant)}
        values["abs"] = "com.victronenergy.battery/288"
    if not site.flows:
        return values
    phases = range(1, plant.phases + 1)
    if plant.dc_share:
        values["dc"] = round(instant.consumption * plant.dc_share)
    for phase in phases:
        values[f"a{phase}"] = round(instant.consumption * (1 - plant.dc_share) / plant.phases, 1)
        if plant.grid:
            values[f"g{phase}"] = round(instant.grid / plant.phases, 1)
        if plant.generator_kw:
            values[f"gs{phase}"] = round(instant.generator / plant.phases)
        if plant.pv_ac_share:
            tail, where = "" if phase == 1 else str(phase), "P" if plant.phases == 1 else "Pi"
            share = instant.pv * plant.pv_ac_share / plant.phases
            values[f"{where}{tail}"] = round(share, 2)
    if plant.pv_kwp and plant.pv_ac_share < 1:
        values["Pdc"] = round(moment.pv_dc, 3)
    if plant.battery_kwh:
        values |= {"ss": moment.state, "vc": round(moment.amps - moment.pv_dc / moment.volts, 1)}
        values["vp"] = round(instant.battery - moment.pv_dc)
    if plant.feed_in and plant.battery_kwh:
        values |= {"bl": 2, "bls": 10.0, "blm": round(plant.min_soc * 100)}
    if plant.generator_kw:
        values["gRC"] = 4 if instant.generator > 0 else 0
    quarter = site.ledger.energy(moment.at - site.interval, moment.at)
    codes = ("Pc", "Pb", "Pg", "Gc", "Gb", "Bc", "Bg", "gc", "gb")
    flows = zip(codes, quarter, strict=True)
    return values | {code: round(kwh, 7) for code, kwh in flows if code in site.flows}


def battery_state(instant: Instant) -> int:
    """Return whether a battery is idle, charged or discharged."""
    if abs(instant.battery) < 20:
        return 0
    return 1 if instant.battery > 0 else 2


def _vebus(moment: Moment, device: Device) -> Values:
    if device.only:
        return {"Agl": 0}
    plant, instant = moment.site.plant, moment.instant
    power = instant.grid + instant.generator
    there = instant.plugged or instant.generator > 0
    values: Values = {"IF1": 50.0 if there else 0.0, "OF": 50.0, "PC": plant.phases}
    for phase in range(1, plant.phases + 1):
        volts = round(230 + 2 * moment.wobble(f"v{phase}"), 1)
        taken = instant.consumption * (1 - plant.dc_share) / plant.phases
        values |= {f"IV{phase}": volts if there else 0.0, f"IP{phase}": round(power / plant.phases)}
        values |= {f"II{phase}": round(power / plant.phases / volts, 1), f"OV{phase}": volts}
        values |= {f"OI{phase}": round(taken / volts, 1), f"OP{phase}": round(taken)}
    values |= {"CV": moment.volts, "CI": round(moment.amps - moment.pv_dc / moment.volts, 1)}
    source = 0 if plant.grid else 1
    values |= {"AI": source if there else 240, "AILIM": 50.0, "S": moment.state, "ERR": 0}
    values |= {"eT": 0, "eL": 0, "eO": 0, "s": 3, "vbSOC": moment.percent, "eP1": 0}
    values |= {"Agl": 0 if there or not plant.grid or plant.shore else 2}
    return values | {"vbT": round(31 + 3 * moment.wobble("vbT"), 1), "vvv": device.firmware}


_ALARMS = ("AL", "AH", "ASoc", "ALT", "AHT", "AFB", "AHI")
_BMS_ALARMS = ("AHCC", "AHDC", "ACI", "AIF")


def _battery(moment: Moment, device: Device) -> Values:
    site, plant, volts = moment.site, moment.site.plant, moment.volts
    capacity = plant.battery_kwh * 1000 / plant.battery_volts
    left = moment.instant.stored - plant.min_soc * plant.battery_kwh
    drain = -moment.instant.battery / 1000
    values: Values = {"V": volts, "I": moment.amps, "SOC": moment.percent}
    values |= {"CE": round((moment.percent / 100 - 1) * capacity, 1), "Relay": 0, "ChC": 37}
    values |= {"TTG": round(max(0.0, left) / drain, 2) if drain > 0.01 else 240.0}
    values |= dict.fromkeys(_ALARMS, 0)
    values |= {"BT": round(21 + 2 * moment.wobble("BT"), 1), "bcap": round(capacity)}
    if moment.deep:
        flows = site.ledger.energy(site.created, moment.at)
        values |= {"H17": round(flows[5] + flows[6], 1)}
        values |= {"H18": round(flows[1] + flows[4] + flows[8], 1)}
    if device.instance != 512:
        return values | {"VS": 12.71, "ASL": 0, "ASH": 0, "VM": None, "VMD": None, "AM": 0}
    cell = volts / 16
    values |= {"mcV": round(cell - 0.006, 3), "McV": round(cell + 0.008, 3), "CCL": 200.0}
    values |= {"mcT": 20.0, "McT": 23.0, "DCL": 220.0}
    return values | dict.fromkeys(_BMS_ALARMS, 0)


def _tank(moment: Moment, device: Device) -> Values:
    facts = device.facts
    day = moment.at / 86_400
    level = round(facts["level"] + 15 * math.sin(day / 5 + device.instance))
    level = min(100, max(0, level))
    # The litres that remain are written as text.
    litres = str(round(facts["capacity"] * level * 10))
    values: Values = {"tc": facts["capacity"], "tf": int(facts["fluid"]), "tl": level}
    return values | {"tr": litres, "ts": 0, "tcn": device.name}


def _temperature(moment: Moment, device: Device) -> Values:
    swing = 1.5 * math.sin(moment.at / 86_400 * 2 * math.pi) + 0.3 * moment.wobble("t")
    celsius = round(device.facts["celsius"] + swing, 1)
    values: Values = {"tst": int(device.facts["kind"]), "tsT": celsius, "tss": 0, "tsO": 0}
    return values | {"tscn": device.name}


def _motor(moment: Moment, _: Device) -> Values:
    return {"coV": moment.volts, "coP": 0, "coR": 0, "coT": 22}


def _dc_system(moment: Moment, _: Device) -> Values:
    watts = moment.instant.consumption * moment.site.plant.dc_share
    volts = moment.volts
    return {"dcV": volts, "dcI": round(watts / volts, 2), "dcP": round(watts), "dcEI": None}


def _nothing(_: Moment, __: Device) -> Values:
    return {}


_READERS: dict[Type, Callable[[Moment, Device], Values]] = {
    Type.GATEWAY: _gateway,
    Type.SYSTEM: _system,
    Type.VEBUS: _vebus,
    Type.BATTERY: _battery,
    Type.SOLAR_CHARGER: charger,
    Type.PV_INVERTER: pv_inverter,
    Type.GRID_METER: grid_meter,
    Type.TANK: _tank,
    Type.TEMPERATURE: _temperature,
    Type.GENERATOR: generator,
    Type.EV_CHARGER: ev_charger,
    Type.MOTOR: _motor,
    Type.DC_SYSTEM: _dc_system,
    Type.GPS: _nothing,
}
