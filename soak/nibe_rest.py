"""A NIBE S-series heat pump."""

import asyncio
from collections.abc import Iterable, Mapping
from random import Random
from typing import override

from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.components.repairs import repairs_flow_manager
from homeassistant.const import STATE_UNKNOWN
from homeassistant.helpers import entity_registry as er, issue_registry as ir
from simulators.nibe_rest import Behaviour, NibeSimulator, ids

from .clock import TIME
from .room import DIALOG_WITHIN, LOOK_EVERY, Happening, Ordering, Pair, Room, Trouble
from .wishes import Arrival, Order

POLL_INTERVAL = 300

# Numbers that a user sets: what is raw, from and to, in steps.
NUMBERS: Mapping[int, range] = {
    ids.HEATING_CURVE: range(3, 13),
    ids.HEATING_OFFSET: range(-6, 7),
    ids.MIN_SUPPLY: range(150, 260, 5),
    ids.MAX_SUPPLY: range(450, 650, 5),
    ids.ROOM_SET_POINT: range(180, 240),
    ids.DEGREE_MINUTES_START: range(-1200, -300, 10),
}
SWITCHES = (3706, 3941, 4040)
DEMANDS = {0: "small", 1: "medium", 2: "large"}
MORE_ONCE = 2

# What codes are called, by point.
WORDS: Mapping[int, Mapping[int, str]] = {
    ids.HOT_WATER_DEMAND: DEMANDS | {4: "smart_control"},
    ids.OPERATING_MODE: {0: "auto", 1: "manual", 2: "additional_heat"},
    ids.PRIORITY: {10: "off", 20: "hot_water", 30: "heating", 40: "pool", 60: "cooling"},
    ids.DEFROSTING: {0: "off", 1: "active", 2: "passive"},
    2002: {0: "heating", 1: "hot_water"},
    3292: {0: "off", 1: "on"},
}


class NibeRest(Room):
    """A heat pump with a tank, VVM S320."""

    domain = "nibe_rest"
    paths = ("*", "*", "/api/v1/devices/*/points", "/api/v1/devices/*/points/*")
    simulator: NibeSimulator

    @override
    async def start(self) -> None:
        self.simulator = pump = NibeSimulator(
            profile="vvm-s320", seed=self.seed, clock=self.clock, latency=0.2, dump_latency=1.5
        )
        await pump.start()
        device = pump.devices[0]
        await self.set_up(
            MockConfigEntry(
                domain=self.domain,
                title="NIBE",
                unique_id=device.serial,
                data={
                    "host": pump.host,
                    "port": pump.port,
                    "username": pump.username,
                    "password": pump.password,
                    "fingerprint": pump.fingerprint,
                    "serial": device.serial,
                },
                options={"poll_interval": POLL_INTERVAL},
            )
        )

    @override
    def journal(self) -> list[Arrival]:
        return list(self.simulator.stats.asked)

    # What goes wrong

    @override
    def troubles(self) -> Mapping[str, Trouble]:
        return {
            "restart": self.restart,
            "new password": self.new_password,
            "new certificate": self.new_certificate,
            "silence after overlap": self.penalty,
            "writes ignored": self.writes_ignored,
            "other answers to writes": self.other_answers,
            "modes unreadable": self.modes_unreadable,
        }

    async def restart(self, chance: Random) -> None:
        """Restart the pump: some points are missing for a while."""
        down, partial = chance.uniform(20, 300), chance.uniform(60, 900)
        await self.simulator.restart(down, partial)
        await asyncio.sleep(down + partial)

    async def new_password(self, chance: Random) -> None:
        """Change the password; the user types the new one in some hours later."""
        self.simulator.password = f"{chance.getrandbits(60):015x}"
        await self.last(chance, 3600)
        username, password = self.simulator.username, self.simulator.password
        await self.log_in_again({"username": username, "password": password})

    async def new_certificate(self, chance: Random) -> None:
        """Renew the certificate; the user confirms the new one some hours later."""
        self.simulator.renew_certificate()
        await self.last(chance, 3600)
        end = TIME.elapsed + DIALOG_WITHIN
        while not (issue_id := self._issue()):
            if TIME.elapsed > end:
                self.complaints.append(f"{self.domain}: nobody was asked about the certificate")
                return
            await asyncio.sleep(LOOK_EVERY)
        flows = repairs_flow_manager(self.hass)
        if flows is None:
            raise SystemExit("there are no repairs in this Home Assistant")
        shown = await flows.async_init(self.domain, data={"issue_id": issue_id})
        if shown["type"] == "form":
            shown = await flows.async_configure(shown["flow_id"], {})
        if shown["type"] != "create_entry":
            self.complaints.append(f"{self.domain}: the certificate was not taken: {shown}")
        await self.hass.async_block_till_done()

    def _issue(self) -> str | None:
        for issue in ir.async_get(self.hass).issues.values():
            if issue.domain == self.domain and issue.translation_key == "certificate_changed":
                return issue.issue_id
        return None

    async def penalty(self, chance: Random) -> None:
        """Be silent for long when somebody else asks at the same time."""
        self.simulator.penalty_seconds = chance.uniform(20, 120)
        await self.last(chance)
        self.simulator.penalty_seconds = 0.0

    async def writes_ignored(self, chance: Random) -> None:
        """Accept writes and carry none out."""
        for point in (*NUMBERS, *SWITCHES):
            self.simulator.behaviour[point] = Behaviour(applies=False)
        await self.last(chance)
        self.simulator.behaviour.clear()

    async def other_answers(self, chance: Random) -> None:
        """Answer writes as another firmware does, and take longer to carry them out."""
        usual = self.simulator.write_style, self.simulator.write_delay
        self.simulator.write_style = chance.choice(("modified", "full", "old"))
        self.simulator.write_delay = chance.uniform(0, 8)
        await self.last(chance)
        self.simulator.write_style, self.simulator.write_delay = usual

    async def modes_unreadable(self, chance: Random) -> None:
        """Answer neither alarms nor modes."""
        path = chance.choice(("/api/v1/devices", "/api/v1/devices/*/notifications"))
        self.simulator.inject("status", path, times=None, status=500)
        await self.last(chance)
        self.simulator.clear_faults()

    # What people do

    @override
    def orders(self) -> Mapping[str, Ordering]:
        return {
            "number": self._number,
            "switch": self._switch,
            "demand": self._demand,
            "boost": self._boost,
            "room temperature": self._room,
        }

    def _unique(self, key: int | str) -> str:
        return f"{self.simulator.serial}-{key}"

    def _write(
        self, service: str, entity_id: str, point: int, raw: int, **data: float | str
    ) -> Order:
        return Order(
            service,
            entity_id,
            ((point, raw),),
            lambda: self.simulator.shown(point) == raw,
            data,
        )

    def _other(self, chance: Random, point: int, values: Iterable[int]) -> int:
        """Return another value than that of now: what is there already is not written."""
        now = self.simulator.shown(point)
        return chance.choice([value for value in values if value != now])

    def _number(self, chance: Random) -> Order:
        point = chance.choice(list(NUMBERS))
        raw = self._other(chance, point, NUMBERS[point])
        value = raw / self.simulator.point(point).divisor
        entity_id = self.need("number", self._unique(point))
        return self._write("number.set_value", entity_id, point, raw, value=value)

    def _switch(self, chance: Random) -> Order:
        point = chance.choice(SWITCHES)
        raw = 1 - self.simulator.shown(point)
        entity_id = self.need("switch", self._unique(point))
        return self._write(f"switch.turn_{'on' if raw else 'off'}", entity_id, point, raw)

    def _demand(self, chance: Random) -> Order:
        raw = self._other(chance, ids.HOT_WATER_DEMAND, DEMANDS)
        entity_id = self.need("select", self._unique(ids.HOT_WATER_DEMAND))
        point = ids.HOT_WATER_DEMAND
        return self._write("select.select_option", entity_id, point, raw, option=DEMANDS[raw])

    def _boost(self, _: Random) -> Order:
        raw = 0 if self.simulator.shown(ids.MORE_HOT_WATER) else MORE_ONCE
        entity_id = self.need("switch", self._unique(ids.MORE_HOT_WATER))
        service = f"switch.turn_{'on' if raw else 'off'}"
        return self._write(service, entity_id, ids.MORE_HOT_WATER, raw)

    def _room(self, chance: Random) -> Order:
        point = ids.ROOM_SET_POINT
        raw = self._other(chance, point, NUMBERS[point])
        entity_id = self.need("climate", self._unique("climate-climate_system_1"))
        return self._write("climate.set_temperature", entity_id, point, raw, temperature=raw / 10)

    @override
    def happenings(self) -> Mapping[str, Happening]:
        return {
            "set at the display": self._at_display,
            "alarm": lambda chance: self._alarm(chance.choice((160, 183, 224))),
            "alarm over": lambda _: self.simulator.clear_alarms(),
        }

    def _at_display(self, chance: Random) -> None:
        point = chance.choice(list(NUMBERS))
        self.simulator.set_value(point, chance.choice(NUMBERS[point]))

    def _alarm(self, number: int) -> None:
        if not self.simulator.devices[0].alarms:
            self.simulator.add_alarm(number, "Low pressure")

    @override
    def rest(self) -> None:
        self.simulator.change_share = 0.0

    # What has to be shown

    @override
    def pairs(self) -> Iterable[Pair]:
        self.simulator.settle()
        entries = er.async_entries_for_config_entry(er.async_get(self.hass), self.entry.entry_id)
        for entry in entries:
            key = entry.unique_id.rpartition("-")[2]
            if not entry.disabled and key.isdecimal():
                state = self._state(entry.domain, int(key))
                if state is not None:
                    yield Pair(entry.entity_id, state, entry.unique_id)
        alarms = "on" if self.simulator.devices[0].alarms else "off"
        yield Pair(self.find("binary_sensor", self._unique("alarms")), alarms, "alarms")
        point = self.simulator.shown(ids.OPERATING_MODE)
        mode = {0: "auto", 1: "heat"}[point]
        climate = self.find("climate", self._unique("climate-climate_system_1"))
        yield Pair(climate, mode, "climate")

    def _state(self, platform: str, number: int) -> str | None:
        """Return what an entity of a point has to show; None where only the pump knows."""
        raw, point = self.simulator.shown(number), self.simulator.point(number)
        if raw == point.size.nothing:
            return STATE_UNKNOWN
        if (words := WORDS.get(number)) is not None:
            return words.get(raw)
        if platform in {"switch", "binary_sensor"}:
            return "on" if raw else "off"
        if platform in {"select", "event"} or number == ids.SG_READY_STATUS:
            return None
        return str(raw / point.divisor)
