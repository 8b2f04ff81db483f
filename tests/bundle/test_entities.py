"""Names, states and icons of entities."""

from collections.abc import Callable, Iterable

from tests.bundle import entity_rules as rules
from tests.bundle.room import Room

type Holds = Callable[[Iterable[str]], None]


def test_entities_translated(room: Room, holds: Holds) -> None:
    """Every entity's translation key has a name, and every name an entity."""
    holds(rules.entities_translated(room))


def test_states_translated(room: Room, holds: Holds) -> None:
    """States with a text are states of the code, and listed options have a text."""
    holds(rules.states_translated(room))


def test_icons_legal(room: Room, holds: Holds) -> None:
    """icons.json has the shape that Home Assistant reads, and icons that exist."""
    holds(rules.icons_legal(room))


def test_icons_complete(room: Room, holds: Holds) -> None:
    """Each entity without a device class, and each action, has an icon; no other has one."""
    holds(rules.icons_complete(room))
