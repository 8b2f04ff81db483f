"""What somebody in the house can do by hand, past the server."""

from .controllers import Function, Kind
from .devices import Blind, Device, Light, Thermostat
from .plant import Plant


class Hands:
    """Touches the plant; the server hears of it at once."""

    plant: Plant

    def settle(self) -> None:
        """Bring the plant up to the present."""
        raise NotImplementedError

    def device(self, guid: str) -> Device:
        """Return an object as it is now."""
        self.settle()
        if (device := self.plant.find(guid)) is None:
            raise KeyError(guid)
        return device

    def guids(self, kind: Kind | str, function: Function | str | None = None) -> list[str]:
        """Return all objects of a kind, or those of them that have a function."""
        wanted = None if function is None else Function(function)
        return [
            device.guid
            for device in self.plant.of_kind(Kind(kind))
            if wanted is None or wanted in device.values
        ]

    def value(self, guid: str, function: Function | str) -> float:
        """Return a value as the server tells it now."""
        return self.device(guid).shown(Function(function))

    def set_value(self, guid: str, function: Function | str, value: float) -> None:
        """Set any value as if the bus had just told it."""
        device = self.device(guid)
        wanted = Function(function)
        self.plant.put(device, wanted, device.check(wanted, value))

    def set_light(self, guid: str, on: bool | None = None, level: int | None = None) -> None:
        """Press a wall switch: on or off, or a level."""
        light = self._of(Light, guid)
        if level is not None:
            light.check(Function.LEVEL, level)
            self.plant.actuators.light(light, "powerlevel", level)
        if on is not None:
            self.plant.actuators.light(light, "power", int(on))

    def set_blind(self, guid: str, height: int | None = None, angle: int | None = None) -> None:
        """Let a blind have been moved, in no time."""
        blind = self._of(Blind, guid)
        self.plant.actuators.halt(blind)
        if height is not None:
            value = blind.check(Function.HEIGHT, height)
            blind.position = value
            self.plant.put(blind, Function.HEIGHT, value)
        if angle is not None:
            self.plant.put(blind, Function.ANGLE, blind.check(Function.ANGLE, angle))

    def move_blind(self, guid: str, height: int) -> None:
        """Let a blind begin to move; it takes its time."""
        self.plant.actuators.drive(self._of(Blind, guid), height)
        self.plant.stirred()

    def stop_blind(self, guid: str) -> None:
        """Stop a blind."""
        self.plant.actuators.halt(self._of(Blind, guid))
        self.plant.stirred()

    def set_analog(self, guid: str, value: float) -> None:
        """Set an analog value; one that wavers goes on from there."""
        self.set_value(guid, Function.VALUE, value)

    def set_thermostat(
        self,
        guid: str,
        *,
        temperature: float | None = None,
        setpoint: float | None = None,
        mode: int | None = None,
        chrono: bool | None = None,
    ) -> None:
        """Change what is given, as at the thermostat itself."""
        thermostat = self._of(Thermostat, guid)
        actuators = self.plant.actuators
        if chrono is not None:
            actuators.chrono(thermostat, int(chrono))
        if mode is not None:
            actuators.mode(thermostat, mode)
        if setpoint is not None:
            actuators.setpoint(thermostat, float(setpoint))
        if temperature is not None:
            self.set_value(guid, Function.TEMPERATURE, temperature)

    def set_hvac(
        self,
        guid: str,
        *,
        power: bool | None = None,
        setpoint: float | None = None,
        mode: int | None = None,
        fan: int | None = None,
    ) -> None:
        """Change what is given, as with the remote control of the unit."""
        given = {
            Function.POWER: None if power is None else int(power),
            Function.SETPOINT: setpoint,
            Function.MODE: mode,
            Function.FAN: fan,
        }
        for function, value in given.items():
            if value is not None:
                self.set_value(guid, function, value)

    def _of[T: Device](self, kind: type[T], guid: str) -> T:
        device = self.device(guid)
        if not isinstance(device, kind):
            raise TypeError(f"{device.name} is no {kind.__name__.lower()}")
        return device
