"""Locks behind a Nuki Bridge."""

import asyncio
from collections.abc import Iterable, Mapping
from random import Random
from typing import override

from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulators.nuki_bridge import (
    CELLAR,
    FRONT_DOOR,
    GARDEN_GATE,
    INTERCOM,
    NukiBridgeSimulator,
    SimLock,
)

from .room import Happening, Ordering, Pair, Room, Trouble
from .wishes import Arrival, Order

LOCKS = (FRONT_DOOR, CELLAR, GARDEN_GATE)

# States of the Bridge API, as Home Assistant shows them.
LOCK_STATES = {1: "locked", 3: "unlocked", 5: "open", 254: "jammed"}
LOCK_SENSORS = {1: "locked", 3: "unlocked", 5: "unlatched", 254: "motor_blocked"}
OPENER_SENSORS = {1: "online", 3: "ring_to_open", 5: "open"}
LOCKED, UNLOCKED = 1, 3
OPENED = 3
RTO_ACTIVE, CONTINUOUS = 3, 3
_UNLOCK, _LOCK, _UNLATCH = 1, 2, 3

SEEN_WITHIN = 660.0
"""Seconds within which the integration asks the bridge how it is."""
_RTO_ON, _RTO_OFF, _STRIKE, _CONTINUOUS_ON, _CONTINUOUS_OFF = range(1, 6)


class NukiBridge(Room):
    """A hardware bridge with three locks and an Opener."""

    domain = "nuki_bridge"
    paths = ("*", "*", "/list", "/lockAction", "/info")
    simulator: NukiBridgeSimulator

    @override
    async def start(self) -> None:
        self.simulator = bridge = NukiBridgeSimulator(seed=self.seed, clock=self.clock)
        await bridge.start()
        await self.set_up(
            MockConfigEntry(
                domain=self.domain,
                title="Nuki Bridge",
                unique_id=f"{bridge.hardware_id:08X}",
                data={
                    "host": bridge.host,
                    "port": bridge.port,
                    "token": bridge.token,
                    "auth_mode": "encrypted",
                    "webhook_id": "5eaf" * 16,
                },
            )
        )

    @override
    def journal(self) -> list[Arrival]:
        return list(self.simulator.stats.asked)

    # What goes wrong

    @override
    def troubles(self) -> Mapping[str, Trouble]:
        return {
            "busy": self.busy,
            "no success": self.no_success,
            "restart": self.restart,
            "new token": self.new_token,
            "wrong clock": self.wrong_clock,
            "lost callbacks": self.lost_callbacks,
            "doubled callbacks": self.doubled_callbacks,
            "late callbacks": self.late_callbacks,
            "stale memory": self.stale_memory,
            "lock out of reach": self.out_of_reach,
        }

    async def busy(self, chance: Random) -> None:
        """Have no time for most requests."""
        for _ in range(chance.randint(3, 20)):
            self.simulator.inject("status", status=503, times=chance.randint(1, 4))
            await asyncio.sleep(chance.uniform(10, 90))
        self.simulator.clear_faults()

    async def no_success(self, chance: Random) -> None:
        """Answer that it did not work."""
        self.simulator.fail_next("/lockAction", chance.randint(1, 3))
        await self.last(chance)
        self.simulator.clear_faults()

    async def restart(self, chance: Random) -> None:
        """Restart the bridge; sometimes it forgets its callbacks."""
        if chance.random() < 0.5:
            self.simulator.callbacks.urls.clear()
        await self.simulator.reboot()
        await self.last(chance)

    async def new_token(self, chance: Random) -> None:
        """Change the token; the user types the new one in some hours later."""
        self.simulator.token = f"{chance.getrandbits(80):020x}"
        await self.last(chance, 3600)
        await self.log_in_again({"token": self.simulator.token})

    async def wrong_clock(self, chance: Random) -> None:
        """Lose the internet, and with it the time, as after a power cut; both come back."""
        self.simulator.server_connected = False
        await asyncio.sleep(2 * SEEN_WITHIN)
        await self._switched(chance, "clock_skew", chance.uniform(-400, 400), 0.0)
        await asyncio.sleep(2 * SEEN_WITHIN)
        self.simulator.server_connected = True

    async def lost_callbacks(self, chance: Random) -> None:
        """Send no callbacks."""
        await self._switched(chance, "callbacks_lost", True, False)

    async def doubled_callbacks(self, chance: Random) -> None:
        """Send each callback twice."""
        await self._switched(chance, "callbacks_duplicate", True, False)

    async def late_callbacks(self, chance: Random) -> None:
        """Send callbacks late."""
        await self._switched(chance, "callback_delay", chance.uniform(1, 45), 0.0)

    async def stale_memory(self, chance: Random) -> None:
        """Let the bridge not hear of what people do by hand."""
        await self._switched(chance, "stale_cache", True, False)

    async def out_of_reach(self, chance: Random) -> None:
        """Let a lock not be reached by Bluetooth."""
        lock = self.simulator.locks[chance.choice(LOCKS)]
        lock.offline_status = chance.choice((503, 410, 200))
        lock.offline = True
        await self.last(chance)
        lock.offline = False

    async def _switched(
        self, chance: Random, name: str, value: bool | float, usual: bool | float
    ) -> None:
        setattr(self.simulator, name, value)
        await self.last(chance)
        setattr(self.simulator, name, usual)

    # What people do

    @override
    def orders(self) -> Mapping[str, Ordering]:
        return {
            "lock": lambda chance: self._lock(chance, "lock.lock", _LOCK, {LOCKED}),
            "unlock": lambda chance: self._lock(chance, "lock.unlock", _UNLOCK, {UNLOCKED}),
            "open": lambda chance: self._lock(chance, "lock.open", _UNLATCH, {UNLOCKED}),
            "ring to open": self._ring_to_open,
            "continuous mode": self._continuous_mode,
            "buzz": self._buzz,
        }

    def _reachable(self, chance: Random) -> SimLock:
        locks = [self.simulator.locks[number] for number in LOCKS]
        return chance.choice([lock for lock in locks if not lock.offline])

    def _lock(self, chance: Random, service: str, action: int, states: set[int]) -> Order:
        lock = self._reachable(chance)
        return Order(
            service,
            self.need("lock", f"{lock.hex_id}-lock"),
            ((lock.nuki_id, action),),
            lambda: lock.state in states,
        )

    def _ring_to_open(self, chance: Random) -> Order:
        opener, on = self.simulator.locks[INTERCOM], chance.random() < 0.5
        return Order(
            f"switch.turn_{'on' if on else 'off'}",
            self.need("switch", f"{opener.hex_id}-ring_to_open"),
            ((INTERCOM, _RTO_ON if on else _RTO_OFF),),
            lambda: (opener.state == RTO_ACTIVE) is on,
        )

    def _continuous_mode(self, chance: Random) -> Order:
        opener, on = self.simulator.locks[INTERCOM], chance.random() < 0.5
        return Order(
            f"switch.turn_{'on' if on else 'off'}",
            self.need("switch", f"{opener.hex_id}-continuous_mode"),
            ((INTERCOM, _CONTINUOUS_ON if on else _CONTINUOUS_OFF),),
            lambda: (opener.mode == CONTINUOUS) is on,
        )

    def _buzz(self, _: Random) -> Order:
        opener = self.simulator.locks[INTERCOM]
        strike = ((INTERCOM, _STRIKE),)
        # It is over within seconds; the journal tells whether it was done.
        return Order("lock.open", self.need("lock", f"{opener.hex_id}-lock"), strike, lambda: True)

    @override
    def happenings(self) -> Mapping[str, Happening]:
        return {
            "turned by hand": self._by_hand,
            "door": self._door,
            "ring": lambda _: self.simulator.ring(INTERCOM),
            "battery": self._battery,
        }

    def _by_hand(self, chance: Random) -> None:
        self.simulator.turn_by_hand(chance.choice(LOCKS), chance.choice((LOCKED, UNLOCKED)))

    def _door(self, chance: Random) -> None:
        move = chance.choice((self.simulator.open_door, self.simulator.close_door))
        move(FRONT_DOOR)

    def _battery(self, chance: Random) -> None:
        lock = self.simulator.locks[chance.choice(LOCKS)]
        lock.battery_charge = chance.randrange(0, 101, 2)
        lock.battery_critical = lock.battery_charge <= 20
        lock.battery_charging = chance.random() < 0.3

    # What has to be shown

    @override
    def pairs(self) -> Iterable[Pair]:
        for number in LOCKS:
            yield from self._lock_pairs(self.simulator.locks[number])
        yield from self._opener_pairs(self.simulator.locks[INTERCOM])
        bridge = f"{self.simulator.hardware_id:08X}"
        yield self._pair("binary_sensor", f"{bridge}-server_connection", "on")
        yield self._pair("binary_sensor", f"{bridge}-callbacks", "on")

    def _lock_pairs(self, lock: SimLock) -> Iterable[Pair]:
        yield self._pair("lock", f"{lock.hex_id}-lock", LOCK_STATES[lock.state])
        yield self._pair("sensor", f"{lock.hex_id}-state", LOCK_SENSORS[lock.state])
        yield self._pair("sensor", f"{lock.hex_id}-battery", str(lock.battery_charge))
        flags: dict[str, bool | None] = {
            "battery_critical": lock.battery_critical,
            "battery_charging": lock.battery_charging,
            "keypad_battery_critical": lock.keypad_battery_critical,
            "door": None if lock.door_state is None else lock.door_state == OPENED,
        }
        for key, flag in flags.items():
            if flag is not None:
                state = "on" if flag else "off"
                yield self._pair("binary_sensor", f"{lock.hex_id}-{key}", state)

    def _opener_pairs(self, opener: SimLock) -> Iterable[Pair]:
        ring_to_open, continuous = opener.state == RTO_ACTIVE, opener.mode == CONTINUOUS
        locked = not ring_to_open and not continuous
        for platform, key, state in (
            ("lock", "lock", "locked" if locked else "unlocked"),
            ("switch", "ring_to_open", "on" if ring_to_open else "off"),
            ("switch", "continuous_mode", "on" if continuous else "off"),
            ("binary_sensor", "battery_critical", "on" if opener.battery_critical else "off"),
        ):
            yield self._pair(platform, f"{opener.hex_id}-{key}", state)
        if opener.ring_at is not None:
            ring = opener.ring_at.isoformat(timespec="seconds")
            yield self._pair("sensor", f"{opener.hex_id}-last_ring", ring)

    def _pair(self, platform: str, unique_id: str, state: str) -> Pair:
        return Pair(self.find(platform, unique_id), state, unique_id)
