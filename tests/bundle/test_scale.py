"""The quality scale of each integration."""

from collections.abc import Callable, Iterable

from tests.bundle import scale_rules as rules
from tests.bundle.room import Room

type Holds = Callable[[Iterable[str]], None]


def test_scale_has_54_rules() -> None:
    """The table is whole."""
    sizes = [len(rules.TIERS[tier].split()) for tier in ("bronze", "silver", "gold", "platinum")]
    assert sizes == [20, 10, 21, 3]
    assert len(set(rules.ALL)) == 54


def test_rules_answered(room: Room, holds: Holds) -> None:
    """Every rule of the scale is there, and no other."""
    holds(rules.rules_answered(room))


def test_answers_proven(room: Room, holds: Holds) -> None:
    """A rule is done, with evidence that exists, or exempt, with a reason."""
    holds(rules.answers_proven(room))
