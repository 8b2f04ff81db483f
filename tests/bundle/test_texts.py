"""The translations of each integration."""

from collections.abc import Callable, Iterable

from tests.bundle import text_rules as rules
from tests.bundle.room import Room

type Holds = Callable[[Iterable[str]], None]


def test_languages_equal(room: Room, holds: Holds) -> None:
    """All languages are there and have the same keys."""
    holds(rules.languages_equal(room))


def test_texts_sound(room: Room, holds: Holds) -> None:
    """Every text is a text that Home Assistant and hassfest accept."""
    holds(rules.texts_sound(room))


def test_placeholders_equal(room: Room, holds: Holds) -> None:
    """A text has the same placeholders in all languages."""
    holds(rules.placeholders_equal(room))


def test_texts_translated(room: Room, holds: Holds) -> None:
    """No long text was left in English."""
    holds(rules.texts_translated(room))


def test_keys_legal(room: Room, holds: Holds) -> None:
    """Sections and keys are those that Home Assistant reads."""
    holds(rules.keys_legal(room))


def test_fields_described(room: Room, holds: Holds) -> None:
    """Every field of a form says what belongs into it."""
    holds(rules.fields_described(room))


def test_issues_complete(room: Room, holds: Holds) -> None:
    """A repair has a title and either a description or a way to fix it."""
    holds(rules.issues_complete(room))


def test_placeholders_filled(room: Room, holds: Holds) -> None:
    """The code names every placeholder of every text."""
    holds(rules.placeholders_filled(room))


def test_services_described(room: Room, holds: Holds) -> None:
    """Actions and their fields have name and description, and no others are described."""
    holds(rules.services_described(room))
