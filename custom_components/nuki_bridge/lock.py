"""Locks: Smart Locks, and Openers as the locks they are to a house door."""

from dataclasses import dataclass
from typing import Any, override

from homeassistant.components.lock import (
    DOMAIN as LOCK_DOMAIN,
    LockEntity,
    LockEntityDescription,
    LockEntityFeature,
)
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .const import DOMAIN
from .coordinator import LockCoordinator, NukiConfigEntry
from .entity import NukiEntity, NukiEntityDescription, async_add_for_devices
from .models import Action, State

# The coordinator queues commands itself, and two locks may be told at once.
PARALLEL_UPDATES = 0

LOCKED: dict[State, bool] = {
    State.LOCKED: True,
    State.ONLINE: True,
    State.UNLOCKED: False,
    State.UNLOCKED_LOCK_N_GO: False,
    State.UNLATCHED: False,
    State.RING_TO_OPEN: False,
    State.CONTINUOUS_MODE: False,
    State.OPEN: False,
}


@dataclass(frozen=True, kw_only=True)
class NukiLockEntityDescription(NukiEntityDescription, LockEntityDescription):
    """Describes a lock."""


LOCKS = (NukiLockEntityDescription(key="lock", name=None),)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: NukiConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add a lock for each device."""

    def make(
        locks: LockCoordinator, nuki_id: int, description: NukiLockEntityDescription
    ) -> NukiLock:
        kind = NukiOpenerLock if locks.data[nuki_id].is_opener else NukiSmartLock
        return kind(locks, nuki_id, description)

    async_add_for_devices(entry, LOCK_DOMAIN, async_add_entities, LOCKS, make)


class NukiLock(NukiEntity, LockEntity):
    """What both kinds show."""

    @property
    def _state(self) -> State | None:
        return self.coordinator.state(self.nuki_id)

    @property
    @override
    def is_locked(self) -> bool | None:
        """Whether it is locked; None where the bridge does not know."""
        return LOCKED.get(self._state) if self._state else None

    @property
    @override
    def is_locking(self) -> bool:
        """Whether it is locking, or was told to."""
        return self._state is State.LOCKING

    @property
    @override
    def is_unlocking(self) -> bool:
        """Whether it is unlocking, or was told to."""
        return self._state is State.UNLOCKING

    @property
    @override
    def is_open(self) -> bool:
        """Whether the latch is pulled."""
        return self._state in (State.UNLATCHED, State.OPEN)

    @property
    @override
    def is_opening(self) -> bool:
        """Whether the latch is being pulled, or was told to be."""
        return self._state in (State.UNLATCHING, State.OPENING)

    @property
    @override
    def is_jammed(self) -> bool:
        """Whether the motor is blocked."""
        return self._state is State.MOTOR_BLOCKED

    async def async_lock_n_go(self, unlatch: bool) -> None:
        """Unlock, and lock again by itself after a while; an Opener cannot."""
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="no_lock_n_go",
            translation_placeholders={"name": self.device.label},
        )


class NukiSmartLock(NukiLock):
    """A lock with a bolt, and a latch."""

    def __init__(
        self, coordinator: LockCoordinator, nuki_id: int, description: NukiLockEntityDescription
    ) -> None:
        """Open pulls the latch; a type that the vendor does not document may do otherwise."""
        super().__init__(coordinator, nuki_id, description)
        if self.device.is_known_type:
            self._attr_supported_features = LockEntityFeature.OPEN

    @override
    async def async_lock(self, **kwargs: Any) -> None:
        """Lock the door."""
        await self.coordinator.async_act(self.nuki_id, Action.LOCK)

    @override
    async def async_unlock(self, **kwargs: Any) -> None:
        """Unlock the door and leave the latch where it is."""
        await self.coordinator.async_act(self.nuki_id, Action.UNLOCK)

    @override
    async def async_open(self, **kwargs: Any) -> None:
        """Unlock the door and pull the latch."""
        await self.coordinator.async_act(self.nuki_id, Action.UNLATCH)

    @override
    async def async_lock_n_go(self, unlatch: bool) -> None:
        """Unlock, pull the latch if wanted, and lock again by itself after a while."""
        if unlatch and not self.supported_features & LockEntityFeature.OPEN:
            raise ServiceValidationError(
                translation_domain=DOMAIN,
                translation_key="no_open",
                translation_placeholders={"name": self.device.label},
            )
        action = Action.LOCK_N_GO_UNLATCH if unlatch else Action.LOCK_N_GO
        await self.coordinator.async_act(self.nuki_id, action)


class NukiOpenerLock(NukiLock):
    """An Opener: unlocked while it lets in whoever rings."""

    _attr_supported_features = LockEntityFeature.OPEN

    @override
    async def async_lock(self, **kwargs: Any) -> None:
        """End continuous mode and ring to open."""
        device = self.device
        if device.continuous_mode:
            await self.coordinator.async_act(self.nuki_id, Action.CONTINUOUS_MODE_OFF)
        if device.ring_to_open or not device.continuous_mode:
            await self.coordinator.async_act(self.nuki_id, Action.RING_TO_OPEN_OFF)

    @override
    async def async_unlock(self, **kwargs: Any) -> None:
        """Open the door for the next who rings."""
        await self.coordinator.async_act(self.nuki_id, Action.RING_TO_OPEN_ON)

    @override
    async def async_open(self, **kwargs: Any) -> None:
        """Buzz the door open now."""
        await self.coordinator.async_act(self.nuki_id, Action.OPEN_DOOR)
