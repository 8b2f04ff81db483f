"""A house of a seed: 60 lights, 25 blinds, 10 thermostats, 2 HVAC units, 30 values, 14 macros.

What can be read in it has 198 endpoints: 60 lights of which 20 can be dimmed, 25 blinds of which 15
have slats, 10 thermostats and 2 HVAC units with 4 each, and 30 analog values.
"""

from random import Random
from typing import Any

from .controllers import Function, Kind
from .devices import (
    SETPOINTS,
    Analog,
    Blind,
    Device,
    Light,
    Macro,
    Step,
    TempMode,
    Thermostat,
    make_guid,
)
from .knx import BIT, BYTE, FLOAT_2, FLOAT_4, FOUR_BITS, Group

_AREAS = (
    *("Living room", "Kitchen", "Dining room", "Hall", "Office", "Bedroom", "Children's room"),
    *("Guest room", "Bathroom", "Laundry", "Garage", "Cellar", "Terrace", "Garden", "Café corner"),
)
_LAMPS = ("ceiling", "wall", "spots", "lamp")
_WINDOWS = ("south", "west")
_BLINDS, _THERMOSTATS = 25, 10
_PROGRAMS = (
    ((360, TempMode.COMFORT), (540, TempMode.STANDBY), (990, TempMode.COMFORT), (1350, 2)),
    ((390, TempMode.COMFORT), (1320, TempMode.ECONOMY)),
)

# Name, unit, where it begins, how much it wavers, decimals, only grows.
_SENSORS = (
    ("Outdoor temperature", "°C", 9.4, 0.15, 2, False),
    ("Wind", "m/s", 3.2, 0.6, 1, False),
    ("Brightness south", "lx", 21000, 900, 0, False),
    ("Brightness west", "lx", 14000, 700, 0, False),
    ("Living room CO2", "ppm", 640, 12, 0, False),
    ("Bedroom CO2", "ppm", 720, 12, 0, False),
    ("Office CO2", "ppm", 580, 12, 0, False),
    ("Living room humidity", "%", 46, 0.4, 1, False),
    ("Bathroom humidity", "%", 58, 0.8, 1, False),
    ("Cellar humidity", "%", 63, 0.3, 1, False),
    ("House power", "W", 820, 60, 0, False),
    ("Solar power", "W", 1900, 150, 0, False),
    ("Mains voltage", "V", 231, 0.7, 1, False),
    ("House energy", "kWh", 18230.41, 0.02, 2, True),
    ("Solar energy", "kWh", 7411.07, 0.01, 2, True),
    ("Water", "m³", 512.36, 0.0003, 2, True),
    ("Hot water temperature", "°C", 51.2, 0.3, 1, False),
    ("Supply temperature", "°C", 33.7, 0.4, 2, False),
    ("Pool temperature", "°C", 24.75, 0.05, 2, False),
    ("Cistern level", "%", 71, 0.5, 0, False),
)
# Name, unit, value, decimals: values that hold until somebody sets them.
_SETTINGS = (
    ("Living room volume", "%", 30, 0),
    ("Kitchen volume", "%", 20, 0),
    ("Wind limit", "m/s", 9.5, 1),
    ("Brightness limit", "lx", 25000, 0),
    ("Irrigation time", "min", 20, 0),
    ("Pool setpoint", "°C", 25.0, 1),
    ("Hot water setpoint", "°C", 52.0, 1),
    ("Fan speed", "%", 40, 0),
    ("Colour temperature", "K", 3000, 0),
    ("Price limit", "EUR/kWh", 0.25, 2),
)


class Building:
    """Everything in a project, made by chance from a seed."""

    def __init__(self, seed: int) -> None:
        """Build it."""
        self.devices: list[Device] = []
        self.groups: dict[str, Group] = {}
        self._random = Random(f"thinknx:building:{seed}")  # noqa: S311
        self._numbers = 0
        for number in range(len(_AREAS) * len(_LAMPS)):
            self._light(number)
        for number in range(_BLINDS):
            self._blind(number)
        for number in range(_THERMOSTATS):
            self._thermostat(number)
        for area in ("Living room", "Office"):
            self._hvac(area)
        for sensor in _SENSORS:
            self._sensor(*sensor)
        for number, setting in enumerate(_SETTINGS):
            self._setting(number, *setting)
        self._scenes()
        self._buttons()

    def _make[T: Device](
        self,
        maker: type[T],
        kind: Kind,
        name: str,
        area: str,
        values: dict[Function, float],
        **more: Any,
    ) -> T:
        self._numbers += 1
        guid = make_guid(self._random, safe=self._numbers % 3 == 0)
        device = maker(guid, kind, name, area, self._numbers, values, **more)
        self.devices.append(device)
        return device

    def _light(self, number: int) -> None:
        area, lamp = _AREAS[number // len(_LAMPS)], _LAMPS[number % len(_LAMPS)]
        lit = int(self._random.random() < 0.25)
        level = self._random.randint(10, 100)
        values: dict[Function, float] = {Function.POWER: lit}
        if dimmable := number % 3 == 0:
            values[Function.LEVEL] = level if lit else 0
        light = self._make(
            Light, Kind.LIGHT, f"{area} {lamp}", area, values, last_level=level if dimmable else 100
        )
        self.groups[f"1/0/{number + 1}"] = Group(BIT, light.guid, "power")
        if dimmable:
            self.groups[f"1/1/{number + 1}"] = Group(BYTE, light.guid, "powerlevel")
            self.groups[f"1/2/{number + 1}"] = Group(FOUR_BITS, light.guid, "powerlevel")

    def _blind(self, number: int) -> None:
        area = _AREAS[number // len(_WINDOWS)]
        name = f"{area} {_WINDOWS[number % len(_WINDOWS)]}"
        height = self._random.choice([0, 0, 35, 80, 100])
        values: dict[Function, float] = {Function.HEIGHT: height}
        if number % 5 < 3:
            values[Function.ANGLE] = self._random.choice([0, 30, 50, 100])
        seconds = round(self._random.uniform(20.0, 60.0), 1)
        blind = self._make(Blind, Kind.BLIND, name, area, values, travel_seconds=seconds)
        self.groups[f"2/0/{number + 1}"] = Group(BIT, blind.guid, "updown")
        self.groups[f"2/1/{number + 1}"] = Group(BYTE, blind.guid, "heightlevel")

    def _thermostat(self, number: int) -> None:
        area = _AREAS[number]
        mode = self._random.choice([TempMode.STANDBY, TempMode.COMFORT, TempMode.ECONOMY])
        setpoint = SETPOINTS[mode]
        values: dict[Function, float] = {
            Function.TEMPERATURE: setpoint + self._random.uniform(-0.6, 0.6),
            Function.SETPOINT: setpoint,
            Function.MODE: int(mode),
            Function.CHRONO: number % 2,
        }
        made = self._make(
            Thermostat,
            Kind.THERMOSTAT,
            f"{area} thermostat",
            area,
            values,
            decimals=2 if number % 3 == 0 else 1,
            program=_PROGRAMS[number % len(_PROGRAMS)],
        )
        self.groups[f"3/0/{number + 1}"] = Group(FLOAT_2, made.guid, "setpoint")
        self.groups[f"3/1/{number + 1}"] = Group(BYTE, made.guid, "tempmode")

    def _hvac(self, area: str) -> None:
        values: dict[Function, float] = {
            Function.POWER: self._random.randint(0, 1),
            Function.SETPOINT: 23.0,
            Function.MODE: self._random.randint(0, 4),
            Function.FAN: self._random.randint(0, 3),
        }
        self._make(Device, Kind.HVAC, f"{area} air conditioner", area, values)

    def _sensor(
        self, name: str, unit: str, value: float, step: float, decimals: int, counts: bool
    ) -> None:
        sensor = self._make(
            Analog,
            Kind.ANALOG,
            name,
            "",
            {Function.VALUE: float(value)},
            decimals=decimals,
            unit=unit,
            middle=value,
            step=step,
            counts=counts,
            period=round(self._random.uniform(10.0, 60.0), 1),
        )
        sensor.controllers.discard("setvalue")

    def _setting(self, number: int, name: str, unit: str, value: float, decimals: int) -> None:
        values: dict[Function, float] = {Function.VALUE: float(value)}
        made = self._make(Analog, Kind.ANALOG, name, "", values, decimals=decimals, unit=unit)
        self.groups[f"4/0/{number + 1}"] = Group(FLOAT_4, made.guid, "setvalue")

    def _macro(self, kind: Kind, name: str, steps: list[Step], *, toggles: bool = False) -> Macro:
        return self._make(Macro, kind, name, "", {}, steps=tuple(steps), toggles=toggles)

    def _guids(self, kind: Kind, area: str = "") -> list[str]:
        """Return the objects of a kind, in one area or in all."""
        return [
            device.guid
            for device in self.devices
            if device.kind is kind and (not area or device.area == area)
        ]

    def _scenes(self) -> None:
        lights, blinds = self._guids(Kind.LIGHT), self._guids(Kind.BLIND)
        living, rooms = self._guids(Kind.LIGHT, "Living room"), self._guids(Kind.THERMOSTAT)
        values = self._guids(Kind.ANALOG)
        scenes = {
            "All lights off": [Step(guid, "power", 0) for guid in lights],
            "Evening": [Step(guid, "power", 1) for guid in lights[::9]],
            "Cinema": [
                Step(living[0], "powerlevel", 15),
                *(Step(guid, "power", 0) for guid in living[1:]),
                Step(blinds[0], "heightlevel", 100),
            ],
            # One after the other, so that not all motors start at once.
            "Good morning": [Step(guid, "updown", 0, after=15) for guid in blinds[:12]],
            "Good night": [Step(guid, "updown", 1, after=15) for guid in blinds[:12]],
            "Storm": [Step(guid, "updown", 0) for guid in blinds],
            "Away": [Step(guid, "tempmode", TempMode.ECONOMY) for guid in rooms],
            "Quiet": [Step(guid, "setvalue", 5) for guid in values[20:22]],
        }
        for name, steps in scenes.items():
            self._macro(Kind.SCENE, name, steps)

    def _buttons(self) -> None:
        (hall, *_), garage = self._guids(Kind.LIGHT, "Hall"), self._guids(Kind.LIGHT, "Garage")
        blinds, scenes = self._guids(Kind.BLIND), self._guids(Kind.SCENE)
        values = self._guids(Kind.ANALOG)
        button = Kind.BUTTON
        self._macro(button, "Hall light", [Step(hall, "power", 1)], toggles=True)
        self._macro(
            button,
            "Garage door",
            [Step(garage[1], "power", 1), Step(garage[1], "power", 0, after=2)],
        )
        self._macro(button, "Leave the house", [Step(scenes[0], "scenelaunch", 1)])
        self._macro(button, "Slats a step on", [Step(blinds[0], "blindstep", 1)])
        self._macro(button, "Stop all blinds", [Step(guid, "stop", 1) for guid in blinds])
        self._macro(button, "Water the garden", [Step(values[24], "setvalue", 45)])
