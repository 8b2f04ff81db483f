"""What the actuators on the bus do with a command.

Guesses, where the vendor is silent: a dimmer comes on with its last level; height 100 is down and
angle 100 closed; moving closes or opens the slats on the way, and after a movement to a height they
go back to their angle; a step while the blind moves stops it, as a KNX step telegram does; the
chrono, switched on, at once sets the modality that its program has for this time of the day.
"""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from .controllers import Function
from .devices import LIMITS, Blind, Device, Light, Macro, Pending, TempMode, Thermostat, Travel

if TYPE_CHECKING:
    from .plant import Plant

_ANGLE_STEP = 10


class Actuators:
    """Carries commands out."""

    def __init__(self, plant: Plant) -> None:
        """Act in a plant."""
        self._plant = plant
        self._simple: dict[str, Function] = {
            "setvalue": Function.VALUE,
            "hvacpower": Function.POWER,
            "hvacmode": Function.MODE,
            "hvacfan": Function.FAN,
        }
        self._blinds: dict[str, Callable[[Blind, float, Pending], None]] = {
            "updown": lambda blind, value, _: self.drive(blind, 100 * value),
            "stop": lambda blind, _value, _pending: self.halt(blind),
            "heightlevel": self._to_height,
            "blindstep": lambda blind, value, _: self._turn_a_step(blind, value),
            "blindangle": self._to_angle,
        }

    def act(self, device: Device, controller: str, value: float, pending: Pending) -> None:
        """Carry a command out; movements confirm it when they are over."""
        if controller not in device.controllers:
            return
        if isinstance(device, Blind):
            self._blinds[controller](device, value, pending)
            if pending in device.waiting:
                return
        elif isinstance(device, Light):
            self.light(device, controller, value)
        elif isinstance(device, Macro):
            self.run(device) if value else self.stop(device)
        elif controller in {"setpoint", "hvacsetpoint"}:
            self.setpoint(device, value)
        elif isinstance(device, Thermostat):
            self.mode(device, value) if controller == "tempmode" else self.chrono(device, value)
        else:
            self._plant.put(device, self._simple[controller], value)
        pending.done = True

    def light(self, light: Light, controller: str, value: float) -> None:
        """Switch or dim."""
        if controller == "powerlevel" and value:
            light.last_level = value
        dark = 0 if self._plant.level_off_zero else light.last_level
        self._plant.put(light, Function.POWER, int(value > 0))
        self._plant.put(light, Function.LEVEL, light.last_level if value else dark)

    def setpoint(self, device: Device, value: float) -> None:
        """Set a setpoint, held between the limits of the device."""
        low, high = LIMITS[device.kind]
        value = min(max(value, low), high)
        if isinstance(device, Thermostat):
            device.setpoints[int(device.values.get(Function.MODE, TempMode.COMFORT))] = value
        self._plant.put(device, Function.SETPOINT, value)

    def mode(self, thermostat: Thermostat, mode: float) -> None:
        """Set a modality, and with it the setpoint that belongs to it."""
        setpoint = thermostat.setpoints[int(mode)]
        self._plant.put(thermostat, Function.MODE, int(mode))
        self._plant.put(thermostat, Function.SETPOINT, setpoint)

    def chrono(self, thermostat: Thermostat, value: float) -> None:
        """Switch the chrono on or off."""
        self._plant.put(thermostat, Function.CHRONO, value)
        local = self._plant.local
        planned = thermostat.planned(local.hour * 60 + local.minute)
        if value and planned is not None:
            self.mode(thermostat, planned)

    def drive(self, blind: Blind, target: float, *, turn_back: bool = False) -> None:
        """Let a blind begin to move."""
        self.halt(blind)
        plant = self._plant
        angle = blind.values.get(Function.ANGLE)
        travel = Travel(
            plant.now,
            blind.position,
            target,
            abs(target - blind.position) * blind.travel_seconds / 100,
        )
        blind.travel = travel
        if angle is not None and travel.seconds:
            blind.turn_later = angle if turn_back else None
            plant.put(blind, Function.ANGLE, 100 if target > blind.position else 0)
        self._go_on(blind, travel)

    def halt(self, blind: Blind) -> None:
        """Stop a blind and its slats where they are."""
        plant = self._plant
        travel, blind.travel = blind.travel, None
        turn, blind.turn = blind.turn, None
        if travel is not None:
            blind.position = travel.where(plant.now)
            travel.cancel()
            plant.put(blind, Function.HEIGHT, round(blind.position))
        if turn is not None:
            turn.cancel()
            plant.put(blind, Function.ANGLE, round(turn.where(plant.now)))
        if blind.turn_later is not None:
            plant.put(blind, Function.ANGLE, blind.turn_later)
            blind.turn_later = None
        for pending in blind.waiting:
            pending.done = True
        blind.waiting.clear()

    def run(self, macro: Macro) -> None:
        """Begin a macro from its beginning."""
        self.stop(macro)
        macro.runs += 1
        self._step(macro, 0)

    def stop(self, macro: Macro) -> None:
        """Carry out no further operation of a macro; what moves goes on moving."""
        if macro.running is not None:
            macro.running.cancel()
        macro.running = None

    def abandon(self, device: Device) -> None:
        """End whatever an object does that leaves the project."""
        if isinstance(device, Blind):
            self.halt(device)
        elif isinstance(device, Macro):
            self.stop(device)

    def _to_height(self, blind: Blind, value: float, pending: Pending) -> None:
        self.drive(blind, value, turn_back=True)
        if blind.travel is not None:
            blind.waiting.append(pending)

    def _to_angle(self, blind: Blind, value: float, pending: Pending) -> None:
        if blind.travel is not None:
            blind.turn_later = value
            blind.waiting.append(pending)
            return
        self.halt(blind)
        angle = blind.values[Function.ANGLE]
        turn = Travel(self._plant.now, angle, value, abs(value - angle) * blind.turn_seconds / 100)
        if turn.seconds:
            blind.turn = turn
            blind.waiting.append(pending)
            turn.appointment = self._plant.after(turn.seconds, partial(self._arrive, blind, turn))

    def _turn_a_step(self, blind: Blind, value: float) -> None:
        moved = blind.travel is not None
        self.halt(blind)
        if moved:
            return
        angle = blind.values[Function.ANGLE] + (_ANGLE_STEP if value else -_ANGLE_STEP)
        self._plant.put(blind, Function.ANGLE, min(100, max(0, angle)))

    def _go_on(self, blind: Blind, travel: Travel) -> None:
        """Plan the next report of a moving blind, or its arrival."""
        plant = self._plant
        left = travel.begun + travel.seconds - plant.now
        if left <= 0:
            self.halt(blind)
            return
        pause = plant.report_seconds
        if 0 < pause < left and Function.HEIGHT in blind.values:
            travel.appointment = plant.after(pause, partial(self._report, blind, travel))
        else:
            travel.appointment = plant.after(left, partial(self._arrive, blind, travel))

    def _report(self, blind: Blind, travel: Travel) -> None:
        height = round(travel.where(self._plant.now))
        self._plant.put(blind, Function.HEIGHT, height, moving=True)
        self._go_on(blind, travel)

    def _arrive(self, blind: Blind, travel: Travel) -> None:
        travel.seconds = 0.0
        self.halt(blind)

    def _step(self, macro: Macro, number: int) -> None:
        """Carry out the operations of a macro up to the next pause."""
        for place in range(number, len(macro.steps)):
            step = macro.steps[place]
            if step.after and place != number:
                macro.running = self._plant.after(step.after, partial(self._step, macro, place))
                return
            if (device := self._plant.find(step.guid)) is not None:
                value = step.value
                if macro.toggles and Function.POWER in device.values:
                    value = int(not device.values[Function.POWER])
                self._plant.command(device, step.controller, value)
        macro.running = None
