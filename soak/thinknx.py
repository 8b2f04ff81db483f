"""A KNX house behind a Thinknx server."""

import asyncio
from collections.abc import Iterable, Mapping
from random import Random
from typing import Any, override

from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.config_entries import ConfigSubentryData
from simulators.thinknx import Function, Kind, RetryAfter, ThinknxSimulator, TrickKind

from .room import Happening, Ordering, Pair, Room, Trouble
from .wishes import Arrival, Order

RATE = 0.2
"""Requests a second; the slowest that can be chosen. Every request is paid for in real time."""
TOO_MANY = 429

# How many objects of each kind the house has, and what is read of each.
DEVICES: tuple[tuple[str, Kind, int, tuple[str, ...]], ...] = (
    ("light", Kind.LIGHT, 4, ("power",)),
    ("light", Kind.LIGHT, 2, ("power", "powerlevel")),
    ("cover", Kind.BLIND, 2, ("heightlevel",)),
    ("thermostat", Kind.THERMOSTAT, 1, ("actualtemp", "setpoint", "tempmode", "chronoen")),
    ("hvac", Kind.HVAC, 1, ("hvacpower", "hvacsetpoint", "hvacmode", "hvacfan")),
    ("analog", Kind.ANALOG, 3, ("value",)),
    ("scene", Kind.SCENE, 1, ()),
    ("button", Kind.BUTTON, 1, ()),
)
ODD = (
    *(TrickKind.HTML, TrickKind.VALUE, TrickKind.NO_STATUS, TrickKind.OTHER_GUID),
    *(TrickKind.DUPLICATE_KEYS, TrickKind.DEEP, TrickKind.EMPTY, TrickKind.LATIN_1),
    *(TrickKind.GZIP_BOMB, TrickKind.SLOW_HEADERS, TrickKind.NUL_HEADER, TrickKind.BAD_HEADER),
)
ODD_STATUS = ('"on"', "null", "1e999", "-1", "[1]", '{"a": 1}', "1e-400", "true")
HVAC_MODES = ("cool", "heat", "dry", "fan_only", "auto")


class Thinknx(Room):
    """A server in the network with a dozen devices, asked with digest authentication."""

    domain = "thinknx"
    paths = ("*", "*", "/api/V1/powerstatus", "/api/V1/power", "/api/V1/system/serverStatus")
    simulator: ThinknxSimulator

    @override
    async def start(self) -> None:
        self.simulator = server = ThinknxSimulator(
            seed=self.seed, clock=self.clock, auth="digest", activity=0.5
        )
        server.nonce_seconds, server.nonce_requests = 1800.0, 100
        await server.start()
        self.guids: dict[tuple[str, int], list[str]] = {}
        await self.set_up(
            MockConfigEntry(
                domain=self.domain,
                title="Thinknx",
                unique_id=f"{server.host}:{server.port}",
                data={
                    "connection": "local",
                    "host": server.host,
                    "port": server.port,
                    "username": server.username,
                    "password": server.password,
                    "auth": "digest",
                    "api_version": "V1",
                    "webhook_id": "poke-the-house",
                },
                options={"rate": RATE},
                subentries_data=self._devices(),
            )
        )

    def _devices(self) -> list[ConfigSubentryData]:
        """Return the devices as they would have been imported; note their GUIDs."""
        devices = []
        for kind, there, count, aspects in DEVICES:
            found = [
                guid
                for guid in self.simulator.guids(there)
                if there is not Kind.LIGHT or self._dims(guid) is (len(aspects) > 1)
            ][:count]
            self.guids[kind, len(aspects)] = found
            for number, guid in enumerate(found):
                data: dict[str, Any] = {"guid": guid, "aspects": list(aspects)}
                title = f"{kind} {len(aspects)} {number}"
                devices.append(
                    ConfigSubentryData(data=data, subentry_type=kind, title=title, unique_id=guid)
                )
        return devices

    def _dims(self, guid: str) -> bool:
        return Function.LEVEL in self.simulator.device(guid).values

    @override
    def journal(self) -> list[Arrival]:
        # A command that was too much for the server was not taken, and may be sent again.
        return [
            (record.controller, record.guid, _last(record.params))
            for record in self.simulator.stats.commands
            if record.status != TOO_MANY
        ]

    # What goes wrong

    @override
    def troubles(self) -> Mapping[str, Trouble]:
        return {
            "rate limit": self.rate_limit,
            "new password": self.new_password,
            "restart": self.restart,
            "odd answers": self.odd_answers,
            "no replies": self.no_replies,
            "project restarts": self.reboot,
            "locked out": self.locked_out,
        }

    async def rate_limit(self, chance: Random) -> None:
        """Take only some requests, with or without saying when the next may come."""
        server = self.simulator
        server.rate_limit, server.rate_burst = chance.uniform(0.05, 0.15), chance.randint(1, 5)
        server.retry_after = chance.choice((RetryAfter.NOTHING, RetryAfter.SECONDS))
        await self.last(chance)
        server.rate_limit = 0.0

    async def new_password(self, chance: Random) -> None:
        """Change the password; the user types the new one in some hours later."""
        self.simulator.password = f"{chance.getrandbits(60):015x}"
        await self.last(chance, 3600)
        username, password = self.simulator.username, self.simulator.password
        await self.log_in_again({"username": username, "password": password})

    async def restart(self, chance: Random) -> None:
        """Restart the server's software."""
        await self.simulator.restart(chance.uniform(5, 300))
        await self.last(chance)

    async def reboot(self, chance: Random) -> None:
        """Restart all of the server."""
        await self.simulator.restart(chance.uniform(30, 600), reboot=True)
        await self.last(chance)

    async def odd_answers(self, chance: Random) -> None:
        """Answer what nobody has described."""
        for _ in range(chance.randint(3, 15)):
            kind = chance.choice(ODD)
            text = chance.choice(ODD_STATUS) if kind is TrickKind.VALUE else "odd"
            status = chance.choice((200, 500)) if kind is TrickKind.HTML else None
            self.simulator.trick(kind, text=text, status=status, size=1_000_000)
            await asyncio.sleep(chance.uniform(10, 90))
        self.simulator.tricks.clear()

    async def no_replies(self, chance: Random) -> None:
        """Carry commands out, and never say so."""
        self.simulator.fb_answered = False
        await self.last(chance)
        self.simulator.fb_answered = True

    async def locked_out(self, chance: Random) -> None:
        """Let one endpoint refuse good credentials, as where a user is not let at a device."""
        guid = chance.choice(self.guids["analog", 1])
        self.simulator.restricted.add(guid)
        await self.last(chance)
        self.simulator.restricted.discard(guid)

    # What people do

    @override
    def orders(self) -> Mapping[str, Ordering]:
        return {
            "light": self._light,
            "dimmer": self._dimmer,
            "cover": self._cover,
            "room temperature": self._setpoint,
            "air conditioner": self._air,
            "schedule": self._schedule,
            "scene": self._scene,
            "button": self._button,
        }

    def _light(self, chance: Random) -> Order:
        guid, on = chance.choice(self.guids["light", 1]), chance.randrange(2)
        service = f"light.turn_{'on' if on else 'off'}"
        return self._order_of(service, "power", guid, "power", on, Function.POWER)

    def _dimmer(self, chance: Random) -> Order:
        guid, level = chance.choice(self.guids["light", 2]), chance.randrange(5, 100, 5)
        return self._order_of(
            *("light.turn_on", "power", guid, "powerlevel", level, Function.LEVEL),
            brightness_pct=level,
        )

    def _cover(self, chance: Random) -> Order:
        guid, height = chance.choice(self.guids["cover", 1]), chance.randrange(0, 101, 5)
        return self._order_of(
            *("cover.set_cover_position", "cover", guid, "heightlevel", height, None),
            position=100 - height,
        )

    def _setpoint(self, chance: Random) -> Order:
        (guid,) = self.guids["thermostat", 4]
        degrees = chance.randrange(36, 50) / 2
        return self._order_of(
            *("climate.set_temperature", "climate", guid, "setpoint", degrees, Function.SETPOINT),
            temperature=degrees,
        )

    def _air(self, chance: Random) -> Order:
        (guid,) = self.guids["hvac", 4]
        degrees, function = chance.randrange(36, 56) / 2, Function.SETPOINT
        return self._order_of(
            *("climate.set_temperature", "climate", guid, "hvacsetpoint", degrees, function),
            temperature=degrees,
        )

    def _schedule(self, chance: Random) -> Order:
        (guid,), on = self.guids["thermostat", 4], chance.randrange(2)
        service = f"switch.turn_{'on' if on else 'off'}"
        return self._order_of(service, "chronoen", guid, "chronoen", on, Function.CHRONO)

    def _scene(self, _: Random) -> Order:
        (guid,) = self.guids["scene", 0]
        return self._order_of("scene.turn_on", "scene", guid, "scenelaunch", 1, None)

    def _button(self, _: Random) -> Order:
        (guid,) = self.guids["button", 0]
        return self._order_of("button.press", "trigger", guid, "trigger", 1, None)

    def _order_of(
        self,
        service: str,
        key: str,
        guid: str,
        controller: str,
        value: float,
        function: Function | None,
        **data: float,
    ) -> Order:
        """Return an order; where no function is named the journal alone tells of its effect."""
        return Order(
            service,
            self.need(service.partition(".")[0], f"{guid}_{key}"),
            ((controller, guid, float(value)),),
            lambda: function is None or self.simulator.value(guid, function) == value,
            data,
        )

    @override
    def happenings(self) -> Mapping[str, Happening]:
        return {
            "wall switch": lambda chance: self.simulator.set_light(
                chance.choice(self.guids["light", 1]), on=chance.random() < 0.5
            ),
            "blind by hand": lambda chance: self.simulator.move_blind(
                chance.choice(self.guids["cover", 1]), chance.randrange(101)
            ),
            "remote control": lambda chance: self.simulator.set_hvac(
                self.guids["hvac", 4][0],
                power=chance.random() < 0.5,
                mode=chance.randrange(5),
                fan=chance.randrange(4),
            ),
        }

    @override
    def rest(self) -> None:
        self.simulator.alive = False

    # What has to be shown

    @override
    def pairs(self) -> Iterable[Pair]:
        value = self.simulator.value
        for guid in self.guids["light", 1] + self.guids["light", 2]:
            yield self._pair("light", guid, "power", _on(value(guid, Function.POWER)))
        for guid in self.guids["light", 2]:
            if value(guid, Function.POWER):
                level = round(value(guid, Function.LEVEL) * 255 / 100)
                yield self._pair("light", guid, "power", str(level), "brightness")
        for guid in self.guids["cover", 1]:
            height = value(guid, Function.HEIGHT)
            state = "closed" if height == 100 else "open"
            yield self._pair("cover", guid, "cover", state)
            yield self._pair("cover", guid, "cover", str(100 - height), "current_position")
        for guid in self.guids["analog", 1]:
            yield self._pair("sensor", guid, "value", str(value(guid, Function.VALUE)))
        yield from self._climate_pairs(*self.guids["thermostat", 4], *self.guids["hvac", 4])

    def _climate_pairs(self, room: str, air: str) -> Iterable[Pair]:
        value, climate = self.simulator.value, ("climate", "climate")
        setpoint, actual = value(room, Function.SETPOINT), value(room, Function.TEMPERATURE)
        yield self._pair(climate[0], room, climate[1], str(setpoint), "temperature")
        yield self._pair(climate[0], room, climate[1], str(round(actual, 1)), "current_temperature")
        yield self._pair("switch", room, "chronoen", _on(value(room, Function.CHRONO)))
        mode = HVAC_MODES[int(value(air, Function.MODE))]
        mode = mode if value(air, Function.POWER) else "off"
        yield self._pair(climate[0], air, climate[1], mode)
        setpoint = value(air, Function.SETPOINT)
        yield self._pair(climate[0], air, climate[1], str(setpoint), "temperature")

    def _pair(self, platform: str, guid: str, key: str, state: str, attribute: str = "") -> Pair:
        return Pair(self.find(platform, f"{guid}_{key}"), state, f"{guid} {key}", attribute)


def _on(value: float) -> str:
    return "on" if value else "off"


def _last(params: Mapping[str, str]) -> float:
    """Return the value of a command; what it is called depends on the endpoint."""
    return float([value for name, value in params.items() if name != "auth"][-1])
