"""The pump as a whole: its host, its certificate, and its dislike of two requests at once."""

import asyncio
from collections import Counter
from collections.abc import Callable
from random import Random
import string
from typing import Any, override

from aiohttp import web

from simulators.base import Simulator
from simulators.clock import Clock
from simulators.faults import close
from simulators.stats import RequestRecord, Stats

from .certificate import Identity
from .commands import SWITCHES, add_commands, describe_device
from .devices import SimAlarm, SimDevice
from .endpoints import Endpoints, pattern
from .plants import TRAITS, Profile
from .points import Register, SimPoint
from .writes import Behaviour, OutOfRange

_SERIAL_DIGITS = 14
_PARTIAL_SECONDS = 60.0


class NibeStats(Stats):
    """Counters of a pump."""

    def __init__(self) -> None:
        """Start with nothing done."""
        super().__init__()
        self.calls: Counter[str] = Counter()
        """Requests by method and path, ids left out."""
        self.overlaps = 0
        """Requests that came while another one was under way."""
        self.asked: list[tuple[int, int]] = []
        """All (variableId, raw) that writes have asked for."""
        self.modes: list[tuple[str, str]] = []
        """All modes that were set."""
        self.before_reading: Callable[[], None] | None = None
        self._writes: list[tuple[int, int]] = []

    @property
    def writes(self) -> list[tuple[int, int]]:
        """Return all (variableId, raw) that have really been carried out by now."""
        if self.before_reading is not None:
            self.before_reading()
        return self._writes

    def executed(self, number: int, raw: int) -> None:
        """Take note of a write that has been carried out."""
        self._writes.append((number, raw))

    @override
    def enter(self, record: RequestRecord) -> None:
        # How many are under way at once is counted by the pump: a client that has gone is not.
        most = self.max_in_flight
        super().enter(record)
        self.max_in_flight = most
        self.calls[pattern(record.method, record.path)] += 1

    @override
    def reset(self) -> None:
        super().reset()
        self.max_in_flight = 0
        self.calls.clear()
        self.overlaps = 0
        self.asked.clear()
        self.modes.clear()
        self._writes.clear()

    @override
    def as_dict(self) -> dict[str, Any]:
        return super().as_dict() | {
            "calls": dict(self.calls),
            "overlaps": self.overlaps,
            "asked": self.asked,
            "modes": self.modes,
            "writes": self.writes,
        }


class NibeSimulator(Simulator):
    """A NIBE S-series pump with its local REST API.

    One request at a time: owners report that the API stops answering after overlapping ones.
    Here both lose their connection, or (`overlap_drops` off) neither is answered, and for
    `penalty_seconds` nothing else is either. That the first of the two is still carried out is a
    guess.
    """

    domain = "nibe_rest"
    stats: NibeStats

    value_key = "value"
    default_language = "en"
    """Of titles where no language is asked for; German in the published answers of some."""
    single_wrapped = False
    alarms_null = False
    delete_status = 204
    delete_works = True
    mode_keys = "both"
    """`spec`, `lowercase` or `both`."""
    unknown_mode_key_status = 400
    """200: a mode under the wrong key is accepted and ignored."""
    out_of_range = OutOfRange.CLAMP
    read_only = False
    credentials_rejected = False
    bad_credentials_status = 401
    address_refused = False
    overlap_drops = True
    penalty_seconds = 0.0
    partial_until: float | None = None
    """Simulated second (see `seconds`) until which points are missing after a restart."""

    def __init__(
        self,
        *,
        profile: str = Profile.S1255,
        seed: int = 1,
        username: str = "hearthlink",
        password: str | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        control_port: int = 0,
        clock: Clock | None = None,
        tls: bool = True,
        old_tls: bool = False,
        latency: float = 0.0,
        dump_latency: float = 0.0,
        write_delay: float = 2.0,
    ) -> None:
        """Prepare a pump; nothing listens before `start`.

        `latency` comes before every answer, `dump_latency` also before the list of all points.
        """
        super().__init__(
            host=host, port=port, control_port=control_port, clock=clock, stats=NibeStats()
        )
        random = Random(seed)  # noqa: S311
        self.profile = Profile(profile)
        self.seed = seed
        self.username = username
        self.password = _password(random) if password is None else password
        self.latency = latency
        self.dump_latency = dump_latency
        self.write_delay = write_delay
        self.write_style: str = TRAITS[self.profile].write_style
        self.behaviour: dict[int, Behaviour] = {}
        self._begun = self.clock.monotonic()
        self._start = self.clock.now()
        self._share: float | None = None
        self.devices: list[SimDevice] = []
        self.add_device(self.profile, seed=seed)
        self._identity = Identity(f"nibe-{self.devices[0].serial}", seed=seed, old=old_tls)
        self.ssl_context = self._identity.context if tls else None
        self._endpoints = Endpoints(self)
        self._under_way: dict[asyncio.Task[Any] | None, web.Request] = {}
        self._silent_until = 0.0
        self.stats.before_reading = self.settle
        add_commands(self)

    @property
    @override
    def credentials(self) -> dict[str, str]:
        return {
            "username": self.username,
            "password": self.password,
            "fingerprint": self.fingerprint,
        }

    @property
    def fingerprint(self) -> str:
        """Return the SHA-256 of the certificate as lower-case hex."""
        return self._identity.fingerprint

    @property
    def serial(self) -> str:
        """Return the serial number of the first device."""
        return self.devices[0].serial

    @property
    def seconds(self) -> float:
        """Return the simulated seconds since the pump was made."""
        return self.clock.monotonic() - self._begun

    @property
    def change_share(self) -> float | None:
        """Return the share of points that is made to change per half minute, if one is."""
        return self._share

    @change_share.setter
    def change_share(self, share: float | None) -> None:
        self.settle()
        for device in self.devices:
            device.force_changes(share)
        self._share = share

    def settle(self) -> None:
        """Bring all devices up to the present."""
        for device in self.devices:
            device.settle(self.seconds)

    def add_device(
        self,
        profile: str = Profile.S1255,
        *,
        seed: int = 1,
        serial: str | None = None,
        name: str | None = None,
    ) -> SimDevice:
        """Put another device behind the same host."""
        index = len(self.devices)
        kind = Profile(profile)
        random = Random(f"{seed}:{index}")  # noqa: S311
        device = SimDevice(
            index,
            kind,
            seed,
            "".join(random.choices(string.digits, k=_SERIAL_DIGITS)) if serial is None else serial,
            TRAITS[kind].name if name is None else name,
            self._start,
            self.stats.executed,
        )
        device.settle(self.seconds)
        self.devices.append(device)
        return device

    def point(self, number: int, device: int = 0) -> SimPoint:
        """Return a point as it is now, also one that is not listed."""
        self.settle()
        return self.devices[device].points[number]

    def by_register(self, register: str, device: int = 0) -> SimPoint:
        """Return the point of a Modbus register, for example `I10` or `H206`."""
        self.settle()
        kind = {"I": Register.INPUT, "H": Register.HOLDING}[register[0]]
        wanted = (kind, int(register[1:]))
        points = self.devices[device].points.values()
        return next(point for point in points if (point.register, point.register_id) == wanted)

    def shown(self, number: int, device: int = 0) -> int:
        """Return the raw value that the API shows now."""
        point = self.point(number, device)
        return self.devices[device].shown(point)

    def set_value(self, number: int, raw: int, device: int = 0) -> None:
        """Set a raw value at the pump; a reading is held there until `let_live`."""
        point = self.point(number, device)
        point.pinned = bool(point.live)
        self.devices[device].put(number, raw)

    def let_live(self, number: int, device: int = 0) -> None:
        """Let a reading follow the plant again."""
        self.point(number, device).pinned = False

    def hide(self, number: int, device: int = 0) -> None:
        """Let a point disappear."""
        self.point(number, device).active = False

    def show(self, number: int, device: int = 0) -> None:
        """Let a point appear."""
        self.point(number, device).active = True

    def set_outdoor(self, celsius: float | None) -> None:
        """Hold the outdoor temperature, its mean included; None gives it back to the weather."""
        self.settle()
        for device in self.devices:
            device.physics.set_outdoor(celsius)

    def set_firmware(self, version: str, device: int = 0) -> None:
        """Change the version of the main software, for example 4.14."""
        major, _, minor = version.partition(".")
        self.devices[device].firmware = (int(major), int(minor))

    def add_alarm(
        self,
        alarm_id: int,
        header: str,
        description: str = "",
        *,
        severity: int = 2,
        equip_name: str | None = None,
        device: int = 0,
    ) -> SimAlarm:
        """Raise an alarm."""
        raised = self.devices[device]
        name = raised.name if equip_name is None else equip_name
        alarm = SimAlarm(alarm_id, header, self.clock.now(), description, severity, name)
        raised.alarms.append(alarm)
        return alarm

    def clear_alarms(self) -> None:
        """End all alarms."""
        for device in self.devices:
            device.alarms.clear()

    def missing(self, device: SimDevice) -> frozenset[int]:
        """Return the points that are not there yet after a restart."""
        if self.partial_until is None or self.seconds >= self.partial_until:
            return frozenset()
        return device.missing

    def renew_certificate(self) -> None:
        """Change the certificate, as a firmware update may; open connections are closed."""
        self._identity.renew()
        self.disconnect()

    async def restart(self, down: float = 0.0, partial: float = _PARTIAL_SECONDS) -> None:
        """Restart: gone for `down` seconds, then some points are missing for `partial` seconds."""
        self.partial_until = self.seconds + down + partial
        self.disconnect()
        if down > 0:
            await self.refuse(down)

    @override
    async def stop(self) -> None:
        await super().stop()
        self._under_way.clear()
        self._silent_until = 0.0

    @override
    def admit(self, request: web.Request) -> web.Response | None:
        others = [other for other in self._under_way.values() if _connected(other)]
        self.stats.max_in_flight = max(self.stats.max_in_flight, len(others) + 1)
        if others:
            self.stats.overlaps += 1
            self._silent_until = self.seconds + self.penalty_seconds
            if self.overlap_drops:
                for dropped in (*others, request):
                    close(dropped)
                return web.Response(status=503)
        self._under_way[asyncio.current_task()] = request
        return None

    @override
    def release(self, path: str) -> None:
        self._under_way.pop(asyncio.current_task(), None)

    @override
    async def respond(self, request: web.Request) -> web.Response:
        if (turned_away := self._endpoints.turned_away(request)) is not None:
            return turned_away
        await self._take_time(request)
        if (silence := self._silent_until - self.seconds) > 0:
            await self.clock.sleep(silence)
            close(request)
            return web.Response(status=503)
        self.settle()
        return await self._endpoints.respond(request)

    async def _take_time(self, request: web.Request) -> None:
        """Think as long as the pump does, longest about the list of all points."""
        dump = request.method == "GET" and request.path.endswith("/points")
        seconds = self.latency + (self.dump_latency if dump else 0.0)
        if seconds > 0:
            await self.clock.sleep(seconds)

    @override
    def describe(self) -> dict[str, Any]:
        self.settle()
        return {
            "profile": self.profile,
            "switches": {name: getattr(self, name) for name in SWITCHES},
            "seconds": self.seconds,
            "partial_until": self.partial_until,
            "behaviour": {number: repr(how) for number, how in self.behaviour.items()},
            "devices": [describe_device(device) for device in self.devices],
        }


def _connected(request: web.Request) -> bool:
    return request.transport is not None and not request.transport.is_closing()


def _password(random: Random) -> str:
    return "".join(random.choices(string.ascii_letters + string.digits, k=16))
