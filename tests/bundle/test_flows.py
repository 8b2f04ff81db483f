"""The texts of flows."""

from collections.abc import Callable, Iterable

from tests.bundle import flow_rules as rules
from tests.bundle.room import Room

type Holds = Callable[[Iterable[str]], None]


def test_steps_translated(room: Room, holds: Holds) -> None:
    """Every step that is shown has its text, and every text its step."""
    holds(rules.steps_translated(room))


def test_reasons_translated(room: Room, holds: Holds) -> None:
    """Every reason to abort has its text, and every text its reason."""
    holds(rules.reasons_translated(room))


def test_errors_in_forms(room: Room, holds: Holds) -> None:
    """Every error of a form has its text, and every text its error."""
    holds(rules.errors_in_forms(room))


def test_fields_translated(room: Room, holds: Holds) -> None:
    """Every field of a form has its label, and every label its field."""
    holds(rules.fields_translated(room))
