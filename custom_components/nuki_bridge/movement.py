"""What an action does to a lock, and a movement that was asked for and not yet seen."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from homeassistant.core import CALLBACK_TYPE

from .models import MOVING, Action, State

# Seconds between the reads that look for the end of a movement; 30 in all.
FOLLOW_UPS: Final = (2, 3, 5, 8, 12)

# A second tap within this time is the same wish, not a second one.
SAME_WISH: Final = 10.0

UNLOCKED: Final = frozenset(
    {State.UNLOCKED, State.UNLOCKED_LOCK_N_GO, State.UNLATCHED, State.UNLATCHING}
)


@dataclass(frozen=True, slots=True)
class Effect:
    """What to show after an action, what ends it, and whether it opens a locked door."""

    shown: State
    wanted: frozenset[State]
    opens_lock: bool = False


ACTIONS: Final[Mapping[Action, Effect]] = {
    Action.LOCK: Effect(State.LOCKING, frozenset({State.LOCKED})),
    Action.UNLOCK: Effect(State.UNLOCKING, UNLOCKED),
    Action.UNLATCH: Effect(State.UNLATCHING, frozenset({State.UNLATCHED}), opens_lock=True),
    Action.LOCK_N_GO: Effect(State.UNLOCKING, UNLOCKED),
    Action.LOCK_N_GO_UNLATCH: Effect(
        State.UNLATCHING,
        frozenset({State.UNLATCHED, State.UNLOCKED_LOCK_N_GO}),
        opens_lock=True,
    ),
    Action.RING_TO_OPEN_ON: Effect(State.UNLOCKING, frozenset({State.RING_TO_OPEN})),
    Action.RING_TO_OPEN_OFF: Effect(State.LOCKING, frozenset({State.ONLINE})),
    Action.OPEN_DOOR: Effect(State.OPENING, frozenset({State.OPEN})),
    Action.CONTINUOUS_MODE_ON: Effect(State.UNLOCKING, frozenset({State.CONTINUOUS_MODE})),
    Action.CONTINUOUS_MODE_OFF: Effect(
        State.LOCKING, frozenset({State.ONLINE, State.RING_TO_OPEN})
    ),
}


@dataclass(slots=True)
class Movement:
    """An action on its way."""

    action: Action
    start: State | None
    accepted_at: float | None = None  # loop time
    cancel_follow_up: CALLBACK_TYPE | None = None

    def is_over(self, state: State | None, *, by_callback: bool) -> bool:
        """Return whether a state that was reported ends the movement.

        The bridge's memory shows the state from before the movement for some seconds more; a
        callback comes only when something has happened.
        """
        if state is None or state in MOVING:
            return False
        return by_callback or state is not self.start or state in ACTIONS[self.action].wanted

    def joins(self, action: Action, now: float) -> bool:
        """Return whether another wish is the one that was accepted just now."""
        return (
            action is self.action
            and self.accepted_at is not None
            and now - self.accepted_at < SAME_WISH
        )
