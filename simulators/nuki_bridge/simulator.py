"""The bridge: its state, and its rule of one request at a time."""

import asyncio
from datetime import datetime, timedelta
from random import Random
from typing import Any, override

from aiohttp import web

from simulators.base import Simulator
from simulators.clock import Clock
from simulators.stats import Stats

from .callbacks import CallbackPost, CallbackSlots
from .commands import SWITCHES, add_commands, describe_lock
from .devices import Door, SimLock, stamp
from .endpoints import Endpoints
from .journal import Journal
from .motion import Motion
from .profiles import TRAITS, Profile, make_locks, make_token
from .tokens import SECRET_PARAMS, TokenCheck

BUSY_TEXT = "HTTP 503 Unavailable"


class BridgeStats(Stats):
    """Counters of a bridge."""

    def __init__(self) -> None:
        """Start with nothing done."""
        super().__init__()
        self.actions: list[tuple[int, int]] = []
        """What reached the motor of a device, as (nukiId, action)."""
        self.asked: list[tuple[int, int]] = []
        """What was asked of a device in reach, whether or not it took it."""
        self.callbacks_sent = 0

    @override
    def reset(self) -> None:
        super().reset()
        self.actions.clear()
        self.asked.clear()
        self.callbacks_sent = 0

    @override
    def as_dict(self) -> dict[str, Any]:
        return super().as_dict() | {
            "actions": self.actions,
            "asked": self.asked,
            "callbacks_sent": self.callbacks_sent,
        }


class NukiBridgeSimulator(Simulator):
    """A Nuki Bridge with its devices.

    One request at a time, and none within `gap` seconds after an answer: such requests get 503 as
    text (Bridge API 1.13.3, general errors; the pause is what users of real bridges found).
    """

    domain = "nuki_bridge"
    secret_params = SECRET_PARAMS
    stats: BridgeStats

    unlatch_seconds = 3.0
    lockngo_seconds = 20.0
    rto_seconds = 1200.0
    ring_seconds = 30.0
    ring_repeat_seconds = 10.0
    reboot_seconds = 10.0
    callback_delay = 0.0

    auth_enabled = True
    led = False
    clock_skew = 0.0
    stale_cache = False
    callbacks_lost = False
    callbacks_duplicate = False
    token_rejected = False
    bad_token_status = 401
    server_connected = True
    wlan_connected = True

    def __init__(
        self,
        *,
        profile: str = Profile.HW,
        seed: int = 1,
        token: str | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        control_port: int = 0,
        clock: Clock | None = None,
        gap: float = 0.5,
        move_seconds: float = 3.0,
        ble_seconds: float = 1.0,
        lock_state_seconds: float = 1.5,
        auth_seconds: float = 30.0,
    ) -> None:
        """Prepare a bridge; nothing listens before `start`."""
        super().__init__(
            host=host, port=port, control_port=control_port, clock=clock, stats=BridgeStats()
        )
        self.profile = Profile(profile)
        self.traits = TRAITS[self.profile]
        self._random = Random(seed)  # noqa: S311
        self.token: str | None = make_token(self._random) if token is None else token
        self.gap = gap
        self.move_seconds = move_seconds
        self.ble_seconds = ble_seconds
        self.lock_state_seconds = lock_state_seconds
        self.auth_seconds = auth_seconds
        self.rssi_key = self.traits.rssi_key
        self.time_suffix = self.traits.time_suffix
        self.locks: dict[int, SimLock] = {}
        self.hardware_id = 0x1C7F52D8
        self.server_id = 0x2A4493B6
        self.firmware_updates: list[dict[str, int]] = []
        self.journal = Journal(self.bridge_time)
        self.checker = TokenCheck(self.traits)
        self.callbacks = CallbackSlots(self)
        self.motion = Motion(self)
        self._endpoints = Endpoints(self)
        self._pressed = asyncio.Event()
        self._occupied = False
        self._free_at = 0.0
        self._booted_at = self.clock.monotonic()
        self.control.pages["discover/bridges"] = self.discovery
        add_commands(self)
        for lock in make_locks(self.profile):
            self.locks[lock.nuki_id] = lock
            self.remember(lock)

    @property
    @override
    def credentials(self) -> dict[str, str]:
        return {"token": self.token or ""}

    @property
    def bridge_id(self) -> int:
        """Return the id by which a client should know the bridge."""
        return self.hardware_id if self.traits.maintenance else self.server_id

    @property
    def callback_posts(self) -> list[CallbackPost]:
        """Return all attempts to deliver a state."""
        return self.callbacks.posts

    @property
    def uptime(self) -> int:
        """Return the seconds since the last start."""
        return max(0, int(self.clock.monotonic() - self._booted_at))

    def bridge_time(self) -> datetime:
        """Return what the bridge takes for the time."""
        return self.clock.wall() + timedelta(seconds=self.clock_skew)

    @override
    async def stop(self) -> None:
        await super().stop()
        await self.callbacks.close()
        self._occupied = False
        self.led = False

    @override
    def admit(self, request: web.Request) -> web.Response | None:
        if self._occupied or self.clock.monotonic() < self._free_at:
            self.stats.busy[request.path] += 1
            return web.Response(status=503, text=BUSY_TEXT)
        self._occupied = True
        return None

    @override
    def release(self, path: str) -> None:
        self._occupied = False
        self._free_at = self.clock.monotonic() + self.gap
        if self._endpoints.reboot_due and self.listening:
            self._endpoints.reboot_due = False
            self.spawn(self.reboot())

    @override
    async def respond(self, request: web.Request) -> web.Response:
        return await self._endpoints.respond(request)

    def press_button(self) -> None:
        """Press the button of the bridge; it only matters while the LED is on."""
        self._pressed.set()

    async def button_pressed(self) -> bool:
        """Light the LED and wait for the button."""
        self._pressed.clear()
        self.led = True
        waits = (
            self.spawn(self._pressed.wait()),
            self.spawn(self.clock.sleep(self.auth_seconds)),
        )
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self.led = False
            for wait in waits:
                wait.cancel()
        return self._pressed.is_set()

    async def reboot(self) -> None:
        """Restart: nobody answers for a while, and the uptime begins again."""
        self.checker.forget()
        self._booted_at = self.clock.monotonic() + self.reboot_seconds
        await self.refuse(self.reboot_seconds)

    def factory_reset(self) -> None:
        """Forget devices, callbacks and the token."""
        for lock in self.locks.values():
            self.motion.interrupt(lock)
            lock.paired = False
        self.callbacks.urls.clear()
        self.token = None
        self.auth_enabled = True

    def new_token(self) -> str:
        """Return the token; make one if there is none."""
        if self.token is None:
            self.token = make_token(self._random)
        return self.token

    def paired(self) -> list[SimLock]:
        """Return the paired devices in the order of pairing."""
        return [lock for lock in self.locks.values() if lock.paired]

    def pair_index(self, lock: SimLock) -> int:
        """Return the position of a device among the paired ones."""
        return self.paired().index(lock) if lock in self.paired() else 0

    def remember(self, lock: SimLock) -> None:
        """Let the bridge take over what a device reports."""
        report = lock.report(since_2019=self.traits.since_2019)
        if report != lock.known:
            lock.known = report
            lock.known_at = self.bridge_time()

    def connected(self, lock: SimLock) -> None:
        """Write a Bluetooth connection into the log."""
        self.journal.connect(lock, self.pair_index(lock))

    def heard(self, lock: SimLock) -> None:
        """Let the bridge hear of a change and tell the registered addresses."""
        if lock.offline or lock.stuck or not lock.paired:
            return
        self.remember(lock)
        body: dict[str, Any] = {"nukiId": lock.nuki_id}
        if self.traits.since_2019:
            body["deviceType"] = int(lock.device_type)
        self.callbacks.post(body | lock.known)

    async def delivered(self) -> None:
        """Wait until all callback posts under way have come to an end."""
        await self.callbacks.delivered()

    def ring(self, nuki_id: int) -> None:
        """Press the bell at the Opener's intercom."""
        self.motion.ring(self.locks[nuki_id])

    def open_door(self, nuki_id: int) -> None:
        """Open the door of a lock that has a door sensor."""
        self._move_door(nuki_id, Door.OPENED)

    def close_door(self, nuki_id: int) -> None:
        """Close the door of a lock that has a door sensor."""
        self._move_door(nuki_id, Door.CLOSED)

    def _move_door(self, nuki_id: int, state: Door) -> None:
        lock = self.locks[nuki_id]
        if lock.door_state is None:
            raise ValueError(f"{lock.name} has no door sensor")
        lock.door_state = state
        if not self.stale_cache:
            self.heard(lock)

    def turn_by_hand(self, nuki_id: int, state: int) -> None:
        """Turn a lock by hand; with `stale_cache` the bridge does not hear of it."""
        self.motion.by_hand(self.locks[nuki_id], state)

    def add_lock(self, nuki_id: int, name: str, device_type: int = 0, **fields: Any) -> SimLock:
        """Bring a device into range, by default paired; the fields are those of `SimLock`."""
        lock = SimLock(nuki_id, name, device_type, **fields)
        self.locks[nuki_id] = lock
        self.remember(lock)
        return lock

    def remove_lock(self, nuki_id: int) -> None:
        """Take a device away."""
        self.motion.interrupt(self.locks[nuki_id])
        del self.locks[nuki_id]

    def fail_next(self, path: str, times: int | None = 1) -> None:
        """Answer the next requests with `success: false`, without carrying them out."""
        self.inject("status", path, times=times, status=200, body='{"success": false}')

    def discovery(self) -> dict[str, Any]:
        """Return what the vendor's discovery address would say about this bridge."""
        shown = self.auth_enabled
        bridge = {
            "bridgeId": self.server_id,
            "ip": self.host if shown else "0.0.0.0",  # noqa: S104
            "port": self.port if shown else 0,
            "dateUpdated": f"{self.clock.wall():%Y-%m-%dT%H:%M:%SZ}",
        }
        return {"bridges": [bridge], "errorCode": 0}

    @override
    def describe(self) -> dict[str, Any]:
        return {
            "profile": self.profile,
            "led": self.led,
            "uptime": self.uptime,
            "time": stamp(self.bridge_time()),
            "switches": {name: getattr(self, name) for name in SWITCHES},
            "callbacks": self.callbacks.urls,
            "firmware_updates": self.firmware_updates,
            "locks": [describe_lock(lock) for lock in self.locks.values()],
        }
