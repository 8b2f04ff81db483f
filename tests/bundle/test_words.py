"""The field's terms in five languages."""

from collections.abc import Callable, Iterable

import pytest

from tests.bundle import word_rules as rules
from tests.bundle.room import HOUSE, Room

type Holds = Callable[[Iterable[str]], None]


def test_terms_held(room: Room, holds: Holds) -> None:
    """Where an English text uses a term of the field, the others use theirs."""
    holds(rules.terms_held(room))


def test_terms_needed(holds: Holds) -> None:
    """Every term of the table is used by some text, and stands there once, in order."""
    assert len(rules.glossary(HOUSE)) > 30
    holds(rules.terms_needed(HOUSE))


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("Raumsollwert Kühlung", "Sollwert"),
        ("le temperature di mandata", "temperatura di mandata"),
        ("Gewenste ruimtetemperatuur", "gewenste temperatuur"),
        ("due pompe di calore", "pompa di calore"),
        ("Framledningstemperaturen", "framledningstemperatur"),
        ("bryggornas minne", "brygga"),
    ],
)
def test_terms_are_inflected(text: str, term: str) -> None:
    """Plurals, cases and compounds of a term are the term."""
    assert rules.speaks(text, term)


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("Solltemperatur", "Sollwert"),
        ("temperatura di ritorno", "temperatura di mandata"),
        ("pompa di ricircolo", "pompa di calore"),
        ("Aufschrift", "Falle"),
    ],
)
def test_other_words_are_seen(text: str, term: str) -> None:
    """Another word is not taken for the term."""
    assert not rules.speaks(text, term)
