"""Which sites there are, and what is connected at each kind."""

from dataclasses import dataclass
from math import inf
from random import Random
from zoneinfo import ZoneInfo

from .devices import Device, DeviceType as Type
from .site import Gap, Site, Tag
from .styles import Profile, SiteKind
from .weather import DAY

HOME = (SiteKind.ESS, SiteKind.OFF_GRID, SiteKind.BOAT, SiteKind.EV)
_DEAD_DAYS = 150


@dataclass(frozen=True, slots=True)
class Lot:
    """A place for a kind of site."""

    name: str
    zone: str
    latitude: float | None
    longitude: float | None
    interval: int
    age: int
    """In days."""


LOTS: dict[SiteKind, Lot] = {
    SiteKind.ESS: Lot("House by the canal", "Europe/Amsterdam", 52.37, 4.9, 60, 1100),
    SiteKind.OFF_GRID: Lot("Outback station", "Australia/Adelaide", -34.93, 138.6, 300, 800),
    SiteKind.BOAT: Lot("Sailing boat", "Europe/Lisbon", 38.69, -9.42, 60, 500),
    SiteKind.EV: Lot("House with two cars", "Europe/Rome", 45.46, 9.19, 60, 420),
    SiteKind.BATTERY_ONLY: Lot("Battery in the shed", "America/Phoenix", 33.45, -112.07, 900, 300),
    SiteKind.MONITORING: Lot("House of a friend", "Europe/Stockholm", 59.33, 18.07, 300, 600),
    SiteKind.NO_LOCATION: Lot("Hut", "UTC", None, None, 900, 200),
    SiteKind.PV_ONLY: Lot("Barn roof", "America/New_York", 40.71, -74.01, 120, 900),
    SiteKind.DEAD: Lot("Sold house", "Europe/Berlin", 52.52, 13.4, 60, 1500),
}


def kinds_of(profile: Profile) -> list[SiteKind]:
    """Return the kinds of the sites of a profile."""
    if profile is Profile.ONE:
        return [SiteKind.ESS]
    if profile is Profile.HOME:
        return list(HOME)
    if profile is Profile.ALL:
        return list(SiteKind)
    alive = [kind for kind in SiteKind if kind is not SiteKind.DEAD]
    return [alive[number % len(alive)] for number in range(100)]


def build(
    kind: SiteKind, number: int, *, seed: int, owner_id: int, now: float, name: str | None = None
) -> Site:
    """Return a site; `number` tells it from others of its account."""
    lot = LOTS[kind]
    random = Random(f"vrm:park:{seed}:{owner_id}:{number}")  # noqa: S311
    shift = number / 100
    site = Site(
        id=100_000 + owner_id % 1000 * 100 + number * 7 + random.randrange(7),
        kind=kind,
        name=name or (lot.name if number < len(SiteKind) else f"{lot.name} {number + 1}"),
        owner_id=owner_id,
        seed=f"{seed}:{owner_id}:{number}",
        zone=ZoneInfo(lot.zone),
        latitude=None if lot.latitude is None else lot.latitude + shift,
        longitude=None if lot.longitude is None else lot.longitude + shift,
        interval=lot.interval,
        created=int(now) - lot.age * DAY - random.randrange(DAY),
        booted=now - 16 * DAY - random.randrange(DAY),
        access_level=0 if kind is SiteKind.MONITORING else 1,
        location_shown=lot.latitude is not None,
        forecast=kind not in {SiteKind.BATTERY_ONLY, SiteKind.NO_LOCATION, SiteKind.DEAD},
    )
    site.devices = fitted(site)
    site.tags = [Tag(736, kind.value, "user", automatic=False)]
    if kind is SiteKind.DEAD:
        site.booted = now - (_DEAD_DAYS + 16) * DAY
        site.gaps = [Gap(now - _DEAD_DAYS * DAY, inf, inf)]
    return site


def fitted(site: Site) -> list[Device]:
    """Return the devices of a new site."""
    devices = [
        Device(Type.GATEWAY, 0, "Cerbo GX", "C00A", "v3.72", number_texts=site.id % 2 > 0),
        Device(Type.SYSTEM, 0, "System overview", listed=False),
    ]
    devices += _FITTERS[site.kind]()
    counts: dict[Type, int] = {}
    for device in devices:
        device.number = counts.get(device.type, 0)
        counts[device.type] = device.number + 1
    return devices + _gone(site, devices)


def _gone(site: Site, devices: list[Device]) -> list[Device]:
    """Return devices that were taken away long ago."""
    gone = []
    early = site.created + 40 * DAY
    if any(device.type is Type.VEBUS for device in devices):
        only = frozenset({"Agl"})
        gone = [Device(Type.VEBUS, 0, "MultiPlus", listed=False, removed=early, only=only)]
    if site.kind in {SiteKind.ESS, SiteKind.BOAT}:
        facts: dict[str, float] = {"kind": 2, "celsius": 20}
        name = "Old sensor"
        gone.append(Device(Type.TEMPERATURE, 29, name, "a162", removed=early, facts=facts))
    return gone


def _house() -> list[Device]:
    return [
        Device(Type.VEBUS, 276, "MultiPlus-II 48/5000/70-50", "2623", "2600552"),
        Device(Type.BATTERY, 512, "LiFePO4 BMS (CAN)", "B009", "v2.7", name="Batteria"),
        Device(
            Type.SOLAR_CHARGER,
            288,
            "SmartSolar Charger MPPT 250/70 rev2",
            "a10e",
            "v1.64",
            part=0.6,
            name="South",
        ),
        Device(
            Type.SOLAR_CHARGER,
            289,
            "SmartSolar Charger MPPT 150/45 rev2",
            "a110",
            "v1.61",
            part=0.4,
        ),
        Device(Type.PV_INVERTER, 20, "Fronius Primo 5.0-1", "a142", "0.3.30.2"),
        Device(Type.GRID_METER, 30, "EM24 Ethernet", "b017", "1.9.6"),
        Device(
            Type.TEMPERATURE,
            24,
            "Temperature sensor (Built-in)",
            "a162",
            name="Cellar",
            facts={"kind": 2, "celsius": 16},
        ),
        Device(
            Type.TEMPERATURE,
            25,
            "Temperature sensor (Built-in)",
            "a162",
            name="",
            facts={"kind": 0, "celsius": 22},
        ),
    ]


def _off_grid() -> list[Device]:
    chargers = [
        Device(
            Type.SOLAR_CHARGER,
            instance,
            "SmartSolar MPPT VE.Can 250/100",
            "a102",
            "v3.13",
            part=1 / 3,
        )
        for instance in (0, 1, 2)
    ]
    return [
        Device(Type.VEBUS, 261, "Quattro 48/10000/140-2x100", "2726", "2600498"),
        Device(Type.BATTERY, 0, "SmartShunt 500A/50mV", "a389", "v4.19"),
        *chargers,
        Device(Type.GENERATOR, 0, "Generator start/stop", "", None),
        Device(
            Type.TANK,
            20,
            "Tank sensor (Built-in)",
            "a161",
            name="Diesel",
            facts={"fluid": 0, "capacity": 0.4, "level": 70},
        ),
        Device(
            Type.TEMPERATURE,
            24,
            "Ruuvi Tag",
            "c029",
            name="Tool shed",
            facts={"kind": 2, "celsius": 27},
        ),
    ]


def _boat() -> list[Device]:
    return [
        Device(Type.VEBUS, 257, "MultiPlus 12/3000/120-50", "2600", "2600482"),
        Device(Type.BATTERY, 288, "SmartShunt 500A", "a389", "v3.11"),
        Device(Type.SOLAR_CHARGER, 256, "SmartSolar Charger MPPT 100/50", "a057", "v1.57"),
        Device(
            Type.TANK,
            20,
            "Tank sensor (Built-in)",
            "a161",
            name="Fresh water tank",
            facts={"fluid": 1, "capacity": 0.13, "level": 79},
        ),
        Device(
            Type.TANK,
            21,
            "Tank sensor (Built-in)",
            "a161",
            name="Diesel tank",
            facts={"fluid": 0, "capacity": 0.13, "level": 60},
        ),
        Device(
            Type.TANK,
            22,
            "Tank sensor (Built-in)",
            "a161",
            name="Waste water",
            listed=False,
            facts={"fluid": 2, "capacity": 0.06, "level": 20},
        ),
        Device(
            Type.TEMPERATURE,
            24,
            "Generic Temperature Input",
            "a162",
            name="Freezer",
            facts={"kind": 1, "celsius": -18},
        ),
        Device(
            Type.TEMPERATURE,
            25,
            "Generic Temperature Input",
            "a162",
            name="Water tank",
            facts={"kind": 2, "celsius": 14},
        ),
        Device(Type.DC_SYSTEM, 40, "BMV-712 Smart", "a381", "v4.08", name="DC system"),
        Device(Type.GPS, 1, "VE.Direct USB GPS", "a123"),
        Device(Type.MOTOR, 5, "Oceanvolt SD8", "a141", "v1.1"),
    ]


def _ev() -> list[Device]:
    return [
        Device(Type.VEBUS, 276, "MultiPlus-II 48/5000/70-50", "2623", "2600552"),
        Device(Type.BATTERY, 512, "Pylontech battery", "B009", "v1.3"),
        Device(Type.PV_INVERTER, 20, "Fronius Symo 12.5-3-M", "a142", "0.3.30.2"),
        Device(Type.GRID_METER, 30, "Energy Meter VM-3P75CT", "a1b1", "v1.05"),
        Device(Type.EV_CHARGER, 40, "EV Charging Station 32A", "c024", "v1.31", name="Carport"),
        Device(Type.EV_CHARGER, 41, "EV Charging Station NS", "c026", "v1.31", name="Street"),
    ]


def _battery_only() -> list[Device]:
    return [Device(Type.BATTERY, 288, "BMV-712 Smart", "a381", "v4.16", name="Shed")]


def _hut() -> list[Device]:
    return [
        Device(Type.VEBUS, 257, "MultiPlus 24/3000/70-16", "2605", "2600459"),
        Device(Type.BATTERY, 288, "SmartShunt 500A", "a389", "v4.12"),
        Device(Type.SOLAR_CHARGER, 279, "BlueSolar Charger MPPT 150/70", "0300", "v2.03"),
    ]


def _pv_only() -> list[Device]:
    return [
        Device(Type.PV_INVERTER, 20, "SMA STP10.0-3AV-40", "a142", None, name="Roof"),
        Device(Type.GRID_METER, 30, "EM530", "b034", "1.7.1"),
    ]


_FITTERS = {
    SiteKind.ESS: _house,
    SiteKind.MONITORING: _house,
    SiteKind.DEAD: _house,
    SiteKind.OFF_GRID: _off_grid,
    SiteKind.BOAT: _boat,
    SiteKind.EV: _ev,
    SiteKind.BATTERY_ONLY: _battery_only,
    SiteKind.NO_LOCATION: _hut,
    SiteKind.PV_ONLY: _pv_only,
}
