"""What the sensors of a plant show."""

from collections.abc import Callable
from random import Random

from .physics import USES, Doing, Physics

SLOT_SECONDS = 30.0
"""How long a sensor keeps the same last digit."""

_STOPPED, _STARTING, _RUNNING = 20, 40, 60
_FULL_SPEED = 90.0


def readings(plant: Physics, seed: str) -> dict[str, float]:
    """Return all readings by name, in physical units."""
    slot = int(plant.moment.timestamp() / SLOT_SECONDS)
    random = Random(f"{seed}:{slot}")  # noqa: S311

    def shaky() -> float:
        """Return the trembling of a sensor."""
        return random.gauss(0.0, 0.05)

    return _temperatures(plant, shaky) | _states(plant) | _quantities(plant, shaky) | _energy(plant)


def _temperatures(plant: Physics, shaky: Callable[[], float]) -> dict[str, float]:
    load = plant.frequency / _FULL_SPEED
    source = 6.5 + 1.5 * plant.wave(2.1e6) - 2.0 * load
    tank = plant.hot_water
    warm = tank + 5.0 * load if plant.doing is Doing.HOT_WATER else plant.supply
    evaporator = plant.outdoor - 9.0 * load
    if plant.defrosting:
        evaporator = 4.0
    gas = evaporator if not plant.ground else source - 6.0 * load
    values = {
        "outdoor": plant.outdoor,
        "outdoor_unit": plant.outdoor - 0.4,
        "outdoor_mean": plant.outdoor_mean,
        "supply": plant.supply,
        "return": plant.back,
        "supply_external": plant.supply - 0.3,
        "return_external": plant.back - 0.2,
        "condenser": warm + 0.8 * load,
        "hot_gas": warm + 32.0 * load,
        "liquid": warm - 4.0 * load,
        "suction": gas + 5.0 * load,
        "evaporator": evaporator,
        "evaporator_out": evaporator + 1.5 * load,
        "inverter": 24.0 + 22.0 * load,
        "brine_in": source,
        "brine_out": source - 3.2 * load,
        "hw_top": tank + 2.4,
        "hw_charge": tank,
        "hw_out": tank + 1.2,
        "room": plant.room,
        "zone_0": plant.room - 1.1,
        "dew": gas - 2.0,
    }
    return {name: value + shaky() for name, value in values.items()}


def _states(plant: Physics) -> dict[str, float]:
    status = _STOPPED
    if plant.running:
        status = _RUNNING if plant.frequency > 15 else _STARTING
    working = plant.doing is not Doing.OFF
    step = (
        0 if not plant.add_power else 1 + int(plant.add_power > 2000) + int(plant.add_power > 4000)
    )
    return {
        "priority": float(plant.doing),
        "priority_all": {Doing.HEATING: 1.0, Doing.COOLING: 2.0}.get(plant.doing, 0.0),
        "compressor": float(status),
        "compressor_on": float(plant.running),
        "valve": float(plant.doing is Doing.HOT_WATER),
        "add_step": float(step),
        "defrost": float(plant.defrosting),
        "wait": float(-(-plant.rest_left // 60)),
        "pump": 100.0 if plant.doing is Doing.HOT_WATER else 42.0 + 20.0 * working,
        "pump_on": float(working),
        "charge_pump": 64.0 * working,
        "fan": (420.0 + 4.0 * plant.frequency) * plant.running * (not plant.defrosting),
        "to_defrost": _to_defrost(plant),
        "defrost_index": 100.0 * plant.frost,
        "status_bits": float(0x1000 + 0x40 * working + 0x2 * plant.running),
    }


def _to_defrost(plant: Physics) -> float:
    """Return the minutes; 65535 while none is due."""
    if plant.ground or not plant.running or plant.outdoor >= 6.5:
        return 65535.0
    return 45.0 * (1.0 - plant.frost)


def _quantities(plant: Physics, shaky: Callable[[], float]) -> dict[str, float]:
    load = plant.frequency / _FULL_SPEED
    solar = plant.weather.solar(plant.moment)
    amps = plant.used_power / 690.0
    hiss = 1.0 + 0.2 * shaky()
    return {
        "calculated": plant.calculated,
        "dm": plant.degree_minutes,
        "frequency": plant.frequency,
        "requested": plant.requested,
        "power": plant.power * hiss,
        "power_kw": plant.power * hiss / 1000.0,
        "used_power": plant.used_power * hiss,
        "used_kw": plant.used_power * hiss / 1000.0,
        "add_power": plant.add_power / 1000.0,
        "flow": (15.0 + 3.0 * load + shaky()) if plant.doing is not Doing.OFF else 8.0,
        "low_pressure": 8.2 - 2.4 * load + shaky(),
        "high_pressure": 9.0 + 14.0 * load + shaky(),
        "system_pressure": 1.7,
        "phase_1": amps + 0.5 + shaky(),
        "phase_2": amps + 0.4 + shaky(),
        "phase_3": amps + 0.9 + shaky(),
        "humidity": 46.0 + 4.0 * plant.wave(9000.0),
        "solar_tens": solar / 10.0,
        "more_minutes": float(-(-plant.more_seconds // 60)),
        "since_increase": plant.moment.timestamp() / 3600.0 % 336.0,
    }


def _energy(plant: Physics) -> dict[str, float]:
    values = {
        "produced": plant.produced_total,
        "consumed": plant.used_total,
        "meter": plant.used_total * 1.02,
        "solar": plant.solar_total,
        "starts": float(plant.starts),
        "hours": plant.hours,
        "hw_hours": plant.hot_water_hours,
        "add_hours": plant.add_hours,
    }
    last = plant.log[0]
    for use in range(USES):
        values[f"hour_produced_{use}"] = last.produced[use]
        values[f"hour_used_{use}"] = last.used[use]
    for back, hour in enumerate(plant.log, 1):
        values[f"produced_{back}"] = sum(hour.produced)
        values[f"used_{back}"] = sum(hour.used)
    return values
