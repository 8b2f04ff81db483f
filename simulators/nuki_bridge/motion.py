"""How the devices move.

Sources: Bridge API 1.13.3, sections "Lock states" and "Lock actions", for the states that an
action passes through; a published log of a real bridge for the pace (about a second until the
Bluetooth connection stands); reports of users for the two callbacks of a ring with ring-to-open.
"""

import asyncio
from typing import TYPE_CHECKING

from .devices import Lock, Mode, Opener, SimLock

if TYPE_CHECKING:
    from .simulator import NukiBridgeSimulator

_UNLOCK, _LOCK, _UNLATCH, _LOCK_N_GO, _LOCK_N_GO_UNLATCH = range(1, 6)
_RTO_ON, _RTO_OFF, _STRIKE, _CONTINUOUS_ON, _CONTINUOUS_OFF = range(1, 6)

# The states of an action and how long each lasts, by the name of the simulator's attribute.
_COURSES: dict[int, tuple[tuple[Lock, str], ...]] = {
    _UNLOCK: ((Lock.UNLOCKING, "move_seconds"), (Lock.UNLOCKED, "")),
    _LOCK: ((Lock.LOCKING, "move_seconds"), (Lock.LOCKED, "")),
    _UNLATCH: (
        (Lock.UNLATCHING, "move_seconds"),
        (Lock.UNLATCHED, "unlatch_seconds"),
        (Lock.UNLOCKED, ""),
    ),
    _LOCK_N_GO: (
        (Lock.UNLOCKING, "move_seconds"),
        (Lock.LOCK_N_GO, "lockngo_seconds"),
        (Lock.LOCKING, "move_seconds"),
        (Lock.LOCKED, ""),
    ),
    _LOCK_N_GO_UNLATCH: (
        (Lock.UNLATCHING, "move_seconds"),
        (Lock.UNLATCHED, "unlatch_seconds"),
        (Lock.LOCK_N_GO, "lockngo_seconds"),
        (Lock.LOCKING, "move_seconds"),
        (Lock.LOCKED, ""),
    ),
}


class Motion:
    """Carries out actions, rings and what people do by hand."""

    def __init__(self, simulator: NukiBridgeSimulator) -> None:
        """Move the devices of a simulator."""
        self._simulator = simulator
        self._courses: dict[int, asyncio.Task[bool]] = {}
        self._rto: dict[int, asyncio.Task[None]] = {}
        self._rings: dict[int, asyncio.Task[None]] = {}

    def begin(self, lock: SimLock, action: int) -> asyncio.Task[bool]:
        """Start an action; the task tells whether it came to a good end."""
        task = self._simulator.spawn(self._run(lock, action, self._courses.get(lock.nuki_id)))
        self._courses[lock.nuki_id] = task
        return task

    def is_busy(self, lock: SimLock) -> bool:
        """Return whether the device is on its way and takes no other action."""
        task = self._courses.get(lock.nuki_id)
        resting = not lock.is_opener and lock.state in {Lock.UNLATCHED, Lock.LOCK_N_GO}
        return task is not None and not task.done() and not resting

    async def ended(self, task: asyncio.Task[bool]) -> bool:
        """Wait for an action; one that was broken off has not come to a good end."""
        await asyncio.wait((task,))
        return not task.cancelled() and task.result()

    def interrupt(self, lock: SimLock) -> None:
        """Break off what the device is doing."""
        if (task := self._courses.pop(lock.nuki_id, None)) is not None:
            task.cancel()

    def ring(self, lock: SimLock) -> None:
        """Let somebody press the bell; ring-to-open and continuous mode answer it."""
        simulator = self._simulator
        if not lock.is_opener:
            raise ValueError("only an Opener can ring")
        lock.ring_at = simulator.bridge_time()
        lock.ringing = True
        if (old := self._rings.pop(lock.nuki_id, None)) is not None:
            old.cancel()
        self._rings[lock.nuki_id] = simulator.spawn(self._ring_over(lock))
        if lock.state == Opener.RTO_ACTIVE or lock.mode == Mode.CONTINUOUS:
            self._end_rto(lock)
            self.interrupt(lock)
            self._courses[lock.nuki_id] = simulator.spawn(self._buzz(lock))
        else:
            simulator.heard(lock)

    def by_hand(self, lock: SimLock, state: int) -> None:
        """Turn the cylinder by hand."""
        self.interrupt(lock)
        lock.state = state
        if not self._simulator.stale_cache:
            self._simulator.heard(lock)

    async def _run(self, lock: SimLock, action: int, previous: asyncio.Task[bool] | None) -> bool:
        """Carry out an action; it breaks off the one before once it has reached the device."""
        try:
            if not await self._connect(lock, action):
                return False
        except asyncio.CancelledError:
            if previous is not None:
                previous.cancel()
            raise
        if previous is not None:
            previous.cancel()
        if lock.is_opener:
            return await self._opener(lock, action)
        return await self._lock(lock, action)

    async def _connect(self, lock: SimLock, action: int) -> bool:
        """Reach the device by Bluetooth and hand the action over."""
        simulator = self._simulator
        await simulator.clock.sleep(simulator.ble_seconds)
        if lock.offline or lock.deaf:
            simulator.journal.note("BLE-ConnectionTimeout", lock)
            return False
        simulator.connected(lock)
        simulator.journal.note("BLE-SendLockAction", lock, pairIndex=simulator.pair_index(lock))
        if lock.uncalibrated:
            return False
        simulator.stats.actions.append((lock.nuki_id, action))
        return True

    async def _lock(self, lock: SimLock, action: int) -> bool:
        simulator = self._simulator
        lock.wear()
        for state, pause in _COURSES[action]:
            lock.state = state
            if state in {Lock.UNLOCKING, Lock.LOCKING, Lock.UNLATCHING}:
                simulator.remember(lock)
                if lock.jam_next:
                    return await self._jam(lock)
            else:
                simulator.heard(lock)
            if pause:
                await simulator.clock.sleep(float(getattr(simulator, pause)))
        return True

    async def _jam(self, lock: SimLock) -> bool:
        await self._simulator.clock.sleep(self._simulator.move_seconds / 2)
        lock.jam_next = False
        lock.state = Lock.MOTOR_BLOCKED
        self._simulator.heard(lock)
        return False

    async def _opener(self, lock: SimLock, action: int) -> bool:
        simulator = self._simulator
        if action == _STRIKE:
            before = lock.state
            lock.state = Opener.OPENING
            simulator.remember(lock)
            await simulator.clock.sleep(simulator.move_seconds)
            lock.state = Opener.OPEN
            simulator.heard(lock)
            await simulator.clock.sleep(simulator.unlatch_seconds)
            lock.state = before if self._has_rto(lock) else Opener.ONLINE
        elif action == _RTO_ON:
            self._end_rto(lock)
            lock.state = Opener.RTO_ACTIVE
            self._rto[lock.nuki_id] = simulator.spawn(self._rto_over(lock))
        elif action == _RTO_OFF:
            self._end_rto(lock)
        else:
            lock.mode = Mode.CONTINUOUS if action == _CONTINUOUS_ON else Mode.DOOR
        simulator.heard(lock)
        return True

    def _has_rto(self, lock: SimLock) -> bool:
        return lock.nuki_id in self._rto

    def _end_rto(self, lock: SimLock) -> None:
        if (timer := self._rto.pop(lock.nuki_id, None)) is not None:
            timer.cancel()
        if lock.state == Opener.RTO_ACTIVE:
            lock.state = Opener.ONLINE

    async def _rto_over(self, lock: SimLock) -> None:
        """End ring-to-open when nobody has come."""
        await self._simulator.clock.sleep(self._simulator.rto_seconds)
        del self._rto[lock.nuki_id]
        if lock.state == Opener.RTO_ACTIVE:
            lock.state = Opener.ONLINE
            self._simulator.heard(lock)

    async def _ring_over(self, lock: SimLock) -> None:
        await self._simulator.clock.sleep(self._simulator.ring_seconds)
        lock.ringing = False

    async def _buzz(self, lock: SimLock) -> bool:
        """Open to a ring: two callbacks, seconds apart, with the same time of the ring."""
        simulator = self._simulator
        lock.state = Opener.OPENING
        simulator.heard(lock)
        await simulator.clock.sleep(simulator.ring_repeat_seconds / 2)
        lock.state = Opener.OPEN
        simulator.remember(lock)
        await simulator.clock.sleep(simulator.ring_repeat_seconds / 2)
        lock.state = Opener.ONLINE
        simulator.heard(lock)
        return True
