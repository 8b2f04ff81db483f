"""The code of each integration."""

from collections.abc import Callable, Iterable

from tests.bundle import code_rules as rules
from tests.bundle.room import Room

type Holds = Callable[[Iterable[str]], None]


def test_floor_plan(room: Room, holds: Holds) -> None:
    """The files that every integration has are there, and nothing that belongs elsewhere."""
    holds(rules.floor_plan(room))


def test_modules_small(room: Room, holds: Holds) -> None:
    """A module other than a table stays under 400 lines and starts with a docstring."""
    holds(rules.modules_small(room))


def test_stands_alone(room: Room, holds: Holds) -> None:
    """A folder works without its siblings: HACS copies it alone."""
    holds(rules.stands_alone(room))


def test_client_free(room: Room, holds: Holds) -> None:
    """The client knows nothing of Home Assistant, nor does anything it imports."""
    holds(rules.client_free(room))


def test_imports_modern(room: Room, holds: Holds) -> None:
    """Nothing that blocks, nothing that Python 3.14 or Home Assistant 2026.10 replaced."""
    holds(rules.imports_modern(room))


def test_calls_modern(room: Room, holds: Holds) -> None:
    """No own session, no blocking sleep, no deprecated keyword."""
    holds(rules.calls_modern(room))


def test_attributes_modern(room: Room, holds: Holds) -> None:
    """Names, icons and data stand where Home Assistant looks for them today."""
    holds(rules.attributes_modern(room))


def test_entities_named(room: Room, holds: Holds) -> None:
    """The base entity asks for names that follow the device's."""
    holds(rules.entities_named(room))


def test_parallel_updates(room: Room, holds: Holds) -> None:
    """Each platform says how many of its calls may run at once."""
    holds(rules.parallel_updates(room))


def test_actions_early(room: Room, holds: Holds) -> None:
    """Actions are registered in async_setup, so that they exist without an entry."""
    holds(rules.actions_early(room))


def test_actions_guarded(room: Room, holds: Holds) -> None:
    """An integration with async_setup says that it takes no YAML."""
    holds(rules.actions_guarded(room))


def test_entry_typed(room: Room, holds: Holds) -> None:
    """The coordinator names the type of its entries and hands the entry on."""
    holds(rules.entry_typed(room))


def test_typed_strictly(room: Room, holds: Holds) -> None:
    """All is typed, nothing is kept from the type checker, and the checker is strict."""
    holds(rules.typed_strictly(room))
