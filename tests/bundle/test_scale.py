"""The quality scale of each integration."""

from collections.abc import Callable, Iterable

from scripts.quality_page import PAGE, TIERS, page
from tests.bundle import scale_rules as rules
from tests.bundle.room import HOUSE, Room

type Holds = Callable[[Iterable[str]], None]


def test_scale_has_54_rules() -> None:
    """The table is whole."""
    sizes = [len(tier.split()) for tier in TIERS.values()]
    assert sizes == [20, 10, 21, 3]
    assert len(set(rules.ALL)) == 54


def test_rules_answered(room: Room, holds: Holds) -> None:
    """Every rule of the scale is there, and no other."""
    holds(rules.rules_answered(room))


def test_answers_proven(room: Room, holds: Holds) -> None:
    """A rule is done, with evidence that exists, or exempt, with a reason."""
    holds(rules.answers_proven(room))


def test_page_is_up_to_date() -> None:
    """docs/quality.md says what the five quality_scale.yaml say; scripts/quality_page.py writes it."""
    assert (HOUSE / PAGE).read_text(encoding="utf-8") == page(HOUSE)
