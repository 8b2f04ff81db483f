"""A Heliotherm heat pump behind an HtREST server."""

import asyncio
from collections.abc import Iterable, Mapping
from random import Random
from typing import override

from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.helpers import entity_registry as er
from simulators.htrest import NO_FAULT, HtRestSimulator, LineFaultKind, Value

from .house import ZONE
from .room import LONGEST, Happening, Ordering, Pair, Room, Trouble
from .wishes import Arrival, Order

POLL_INTERVAL = 120

MODE, ROOM, TANK = "Betriebsart", "HKR Soll_Raum", "WW Normaltemp."
MODES = ("off", "automatic", "cooling", "summer", "continuous", "setback", "holiday", "party")
DEMANDS = ("none", "cooling", "heating", "hot_water", "external", "solar_surplus")

# Settings that are numbers: by what they are found, and what a user may want.
NUMBERS: Mapping[str, tuple[str, range]] = {
    "HKR Heizgrenze": ("sp76", range(10, 30)),
    "WW Minimaltemp.": ("sp85", range(10, 40)),
}
# What codes are called, by point.
WORDS: Mapping[str, tuple[str, ...]] = {"sp13": MODES, "mp56": DEMANDS}

SLOW_LATENCY = 0.194
"""Seconds for a serial command at 19200 baud."""


class HtRest(Room):
    """A pump with the table that comes with the server."""

    domain = "htrest"
    paths = ("*", "*", "/api/v1/fastquery/*", "/api/v1/param/*")
    simulator: HtRestSimulator

    @override
    async def start(self) -> None:
        self.simulator = server = HtRestSimulator(
            seed=self.seed, clock=self.clock, username="me", time_zone=ZONE
        )
        await server.start()
        # Its threads are at work while somebody waits for an answer.
        self.loop.jumps.busy.append(
            lambda: not server.thread_clock.waiting and self.loop.connected_to(server.port)
        )
        await self.set_up(
            MockConfigEntry(
                domain=self.domain,
                title="Heliotherm",
                unique_id=str(server.serial_number),
                data={
                    "host": server.host,
                    "port": server.port,
                    "username": server.username,
                    "password": server.password,
                },
                options={"poll_interval": POLL_INTERVAL, "allow_changes": True},
            )
        )

    @override
    def journal(self) -> list[Arrival]:
        return [(name, float(value)) for name, value in self.simulator.stats.asked]

    # What goes wrong

    @override
    def troubles(self) -> Mapping[str, Trouble]:
        return {
            "noise": self.noise,
            "silent pump": self.silent_pump,
            "slow line": self.slow_line,
            "adapter pulled": self.adapter_pulled,
            "restart": self.restart,
            "new password": self.new_password,
            "writes ignored": self.writes_ignored,
            "a sensor fails": self.sensor_fails,
        }

    async def noise(self, chance: Random) -> None:
        """Spoil serial commands."""
        for _ in range(chance.randint(5, 30)):
            kind = chance.choice(list(LineFaultKind))
            self.simulator.inject_serial(kind, chance.choice(("*", "MR,*", "SP,*")))
            await asyncio.sleep(chance.uniform(10, 120))
        self.simulator.clear_serial_faults()

    async def silent_pump(self, chance: Random) -> None:
        """Let the pump say nothing: every request takes a quarter of a minute, and fails."""
        self.simulator.silent = self.simulator.blocking = True
        await self.last(chance)
        self.simulator.silent = self.simulator.blocking = False

    async def slow_line(self, chance: Random) -> None:
        """Let serial commands take as long as on an old pump."""
        usual = self.simulator.latency
        self.simulator.latency, self.simulator.blocking = SLOW_LATENCY, True
        await self.last(chance)
        self.simulator.latency, self.simulator.blocking = usual, False

    async def adapter_pulled(self, chance: Random) -> None:
        """Pull the serial adapter; somebody plugs it in again and restarts the server."""
        self.simulator.adapter_pulled = True
        await self.last(chance)
        self.simulator.adapter_pulled = False
        await self.simulator.restart_server(chance.uniform(5, 60))
        await self.last(chance, 300)

    async def restart(self, chance: Random) -> None:
        """Restart the server."""
        await self.simulator.restart_server(chance.uniform(5, 300))
        await self.last(chance)

    async def new_password(self, chance: Random) -> None:
        """Change the password; the user types the new one in some hours later."""
        self.simulator.password = f"{chance.getrandbits(60):015x}"
        await self.last(chance, 3600)
        username, password = self.simulator.username, self.simulator.password
        await self.log_in_again({"username": username, "password": password})

    async def writes_ignored(self, chance: Random) -> None:
        """Answer writes as if all were well, and keep the old values."""
        self.simulator.refuse_writes = True
        await self.last(chance)
        self.simulator.refuse_writes = False

    async def sensor_fails(self, chance: Random) -> None:
        """Let a point spoil each answer that it is part of."""
        name = chance.choice(("Temp. Aussen", "Temp. Ruecklauf", "Temp. Heissgas"))
        self.simulator.absent.add(name)
        await self.last(chance, LONGEST / 4)
        self.simulator.absent.discard(name)

    # What people do

    @override
    def orders(self) -> Mapping[str, Ordering]:
        return {
            "number": self._number,
            "mode": self._mode,
            "room temperature": self._room,
            "hot water": self._tank,
        }

    def _unique(self, key: str) -> str:
        return f"{self.simulator.serial_number}-{key}"

    def _write(
        self, service: str, entity_id: str, name: str, wanted: float, /, **data: float | str
    ) -> Order:
        return Order(
            service,
            entity_id,
            ((name, float(wanted)),),
            lambda: self.simulator.value(name) == wanted,
            data,
        )

    def _other[T: float](self, chance: Random, name: str, values: Iterable[T]) -> T:
        now = self.simulator.value(name)
        return chance.choice([value for value in values if value != now])

    def _number(self, chance: Random) -> Order:
        name = chance.choice(list(NUMBERS))
        key, values = NUMBERS[name]
        value = self._other(chance, name, values)
        entity_id = self.need("number", self._unique(key))
        return self._write("number.set_value", entity_id, name, value, value=value)

    def _mode(self, chance: Random) -> Order:
        code = self._other(chance, MODE, range(len(MODES)))
        entity_id = self.need("select", self._unique("sp13"))
        return self._write("select.select_option", entity_id, MODE, code, option=MODES[code])

    def _room(self, chance: Random) -> Order:
        value = self._other(chance, ROOM, [half / 2 for half in range(34, 48)])
        entity_id = self.need("climate", self._unique("climate-heating_circuit"))
        return self._write("climate.set_temperature", entity_id, ROOM, value, temperature=value)

    def _tank(self, chance: Random) -> Order:
        value = self._other(chance, TANK, range(42, 56))
        entity_id = self.need("water_heater", self._unique("water_heater"))
        service = "water_heater.set_temperature"
        return self._write(service, entity_id, TANK, value, temperature=value)

    @override
    def happenings(self) -> Mapping[str, Happening]:
        return {
            "set at the pump": self._at_pump,
            "fault": lambda chance: self._fault(chance.choice((9, 19))),
            "fault over": lambda _: self._fault(NO_FAULT),
            "clock drifts": lambda chance: self._drift(chance.uniform(-20, 20)),
        }

    def _at_pump(self, chance: Random) -> None:
        name = chance.choice(list(NUMBERS))
        self.simulator.set_value(name, chance.choice(NUMBERS[name][1]))

    def _fault(self, number: int) -> None:
        self.simulator.add_fault(number, "Keine Stoerung" if number == NO_FAULT else "HD Schalter")

    def _drift(self, seconds: float) -> None:
        self.simulator.drift = seconds

    @override
    def rest(self) -> None:
        for name in sorted(self.simulator.pump.live):
            self.simulator.set_value(name, self.simulator.value(name))

    # What has to be shown

    @override
    def pairs(self) -> Iterable[Pair]:
        points = {
            f"{point.kind.lower()}{point.number}": name
            for name, point in self.simulator.table.items()
        }
        entries = er.async_entries_for_config_entry(er.async_get(self.hass), self.entry.entry_id)
        for entry in entries:
            key = entry.unique_id.partition("-")[2]
            if not entry.disabled and key in points:
                state = _state(key, self.simulator.value(points[key]))
                yield Pair(entry.entity_id, state, entry.unique_id)


def _state(key: str, value: Value) -> str:
    """Return what the entity of a point has to show."""
    if (words := WORDS.get(key)) is not None:
        return words[int(value)]
    if isinstance(value, bool):
        return "on" if value else "off"
    return str(value)
