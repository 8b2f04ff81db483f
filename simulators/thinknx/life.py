"""What happens in the plant without anybody's order.

People touch wall switches, rooms cool down and are heated, sensors waver, meters count, and the
chrono changes modalities. Every object draws from its own chance, so that the same seed lives the
same life however often it is asked.
"""

from collections.abc import Callable
from functools import partial
import math
from random import Random
from typing import TYPE_CHECKING

from .controllers import Function, Kind
from .devices import Analog, Blind, Device, Light, TempMode, Thermostat

if TYPE_CHECKING:
    from .plant import Plant

TICK = 30.0
"""Seconds between two looks at rooms and programs."""
_HOUR = 3600.0

# Mean seconds between two touches.
_PAUSES = {Kind.LIGHT: 1800.0, Kind.BLIND: 10800.0, Kind.THERMOSTAT: 14400.0, Kind.HVAC: 7200.0}

_HEATING = 1.8  # K/h at full power
_FULL_POWER_BELOW = 0.5  # K below the setpoint
_LOSS = 0.03  # K/h for each K between inside and outside
_OUTDOOR_MEAN, _OUTDOOR_SWING, _WARMEST_HOUR = 8.0, 5.0, 15.0
_NOISE = 0.01
_RETURN = 0.05


class Life:
    """Plans what happens by itself."""

    def __init__(self, plant: Plant, seed: int) -> None:
        """Let the life of a plant begin."""
        self._plant = plant
        self._seed = seed
        self._chances: dict[int, Random] = {}
        self._touches: dict[Kind, Callable[[Device, Random], None]] = {
            Kind.LIGHT: self._touch_light,
            Kind.BLIND: self._touch_blind,
            Kind.THERMOSTAT: self._touch_thermostat,
            Kind.HVAC: self._touch_hvac,
        }
        self._weather = Random(f"thinknx:weather:{seed}").uniform(-4.0, 4.0)  # noqa: S311
        self._planned: dict[int, int | None] = {}
        plant.agenda.add(TICK, self._tick)
        for device in plant.devices.values():
            self.begin(device)

    @property
    def outdoor(self) -> float:
        """Return the temperature outside."""
        local = self._plant.local
        hour = local.hour + local.minute / 60
        swing = math.cos(2 * math.pi * (hour - _WARMEST_HOUR) / 24)
        return _OUTDOOR_MEAN + self._weather + _OUTDOOR_SWING * swing

    def begin(self, device: Device) -> None:
        """Let an object live."""
        chance = Random(f"thinknx:{self._seed}:{device.guid}")  # noqa: S311
        if isinstance(device, Analog):
            if device.step:
                first = chance.uniform(0.0, device.period)
                self._after(first, partial(self._waver, device, chance))
        elif device.kind in self._touches:
            self._plan_touch(device, chance)

    def _plan_touch(self, device: Device, chance: Random) -> None:
        # Drawn in any case: how busy people are changes how often, not what they do.
        pause = chance.expovariate(1.0) * _PAUSES[device.kind]
        activity = self._plant.activity
        busy = pause / activity if activity > 0 else _HOUR
        self._after(busy, partial(self._touch, device, chance, idle=activity <= 0))

    def _touch(self, device: Device, chance: Random, *, idle: bool) -> None:
        if self._plant.devices.get(device.guid) is not device:
            return
        if self._plant.alive and not idle:
            self._touches[device.kind](device, chance)
        self._plan_touch(device, chance)

    def _touch_light(self, device: Device, chance: Random) -> None:
        if not isinstance(device, Light):
            return
        actuators = self._plant.actuators
        lit = device.values.get(Function.POWER, device.values.get(Function.LEVEL, 0))
        if Function.LEVEL in device.values and (not lit or chance.random() < 0.3):
            actuators.light(device, "powerlevel", chance.randint(1, 100))
        else:
            actuators.light(device, "power", int(not lit))

    def _touch_blind(self, device: Device, chance: Random) -> None:
        if isinstance(device, Blind):
            target = chance.choice([0, 100, 100 * chance.random()])
            self._plant.actuators.drive(device, round(target), turn_back=target not in {0, 100})

    def _touch_thermostat(self, device: Device, chance: Random) -> None:
        if not isinstance(device, Thermostat):
            return
        if chance.random() < 0.7:
            change = chance.choice([-1.0, -0.5, 0.5, 1.0])
            setpoint = min(25.0, max(16.0, device.values.get(Function.SETPOINT, 20.0) + change))
            self._plant.actuators.setpoint(device, setpoint)
        else:
            mode = chance.choice([TempMode.STANDBY, TempMode.COMFORT, TempMode.ECONOMY])
            self._plant.actuators.mode(device, mode)

    def _touch_hvac(self, device: Device, chance: Random) -> None:
        values = device.values
        runs = values.get(Function.POWER, 1)
        if chance.random() < 0.5 or not runs:
            self._plant.put(device, Function.POWER, int(not runs))
        elif chance.random() < 0.5:
            self._plant.put(device, Function.FAN, chance.randint(0, 3))
        else:
            self._plant.actuators.setpoint(device, float(chance.randint(20, 26)))

    def _waver(self, device: Analog, chance: Random) -> None:
        """Let a sensor send its next value."""
        if self._plant.devices.get(device.guid) is not device:
            return
        if self._plant.alive:
            old = device.values[Function.VALUE]
            push = chance.gauss(0.0, device.step)
            if device.counts:
                new = old + abs(push)
            else:
                new = old + push + _RETURN * (device.middle - old)
                new = max(0.0, new) if device.middle >= 0 else new
            self._plant.put(device, Function.VALUE, new)
        self._after(device.period, partial(self._waver, device, chance))

    def _tick(self) -> None:
        """Let rooms get warmer or colder, and programs have their way."""
        plant = self._plant
        if plant.alive:
            local = plant.local
            minute = local.hour * 60 + local.minute
            outdoor = self.outdoor
            for device in plant.of_kind(Kind.THERMOSTAT):
                if isinstance(device, Thermostat):
                    self._follow_program(device, minute)
                    self._warm(device, outdoor)
        self._after(TICK, self._tick)

    def _follow_program(self, device: Thermostat, minute: int) -> None:
        planned = device.planned(minute)
        before = self._planned.get(device.comm_obj, planned)
        self._planned[device.comm_obj] = planned
        if planned is not None and planned != before and device.values.get(Function.CHRONO):
            self._plant.actuators.mode(device, planned)

    def _warm(self, device: Thermostat, outdoor: float) -> None:
        if (room := device.values.get(Function.TEMPERATURE)) is None:
            return
        missing = device.values.get(Function.SETPOINT, room) - room
        power = _HEATING * min(1.0, max(0.0, missing / _FULL_POWER_BELOW))
        change = (power - _LOSS * (room - outdoor)) * TICK / _HOUR
        chance = self._chances.get(device.comm_obj)
        if chance is None:
            chance = Random(f"thinknx:room:{self._seed}:{device.comm_obj}")  # noqa: S311
            self._chances[device.comm_obj] = chance
        self._plant.put(device, Function.TEMPERATURE, room + change + chance.gauss(0.0, _NOISE))

    def _after(self, seconds: float, happen: Callable[[], None]) -> None:
        self._plant.agenda.add(self._plant.now + seconds, happen)
