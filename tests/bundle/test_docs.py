"""The user's page of each integration."""

from collections.abc import Callable, Iterable

from tests.bundle import docs_rules as rules
from tests.bundle.room import Room

type Holds = Callable[[Iterable[str]], None]


def test_headings_in_order(room: Room, holds: Holds) -> None:
    """The page has all chapters, in the order that all five share, none of them empty."""
    holds(rules.headings_in_order(room))


def test_actions_documented(room: Room, holds: Holds) -> None:
    """The page names each action and each of its fields."""
    holds(rules.actions_documented(room))


def test_forms_documented(room: Room, holds: Holds) -> None:
    """The page names each field of the setup and of the options by its label."""
    holds(rules.forms_documented(room))


def test_entities_documented(room: Room, holds: Holds) -> None:
    """The page names each entity by its English name, in bold."""
    holds(rules.entities_documented(room))


def test_repairs_documented(room: Room, holds: Holds) -> None:
    """The page names each repair by its English title, in italics or in bold."""
    holds(rules.repairs_documented(room))


def test_choices_documented(room: Room, holds: Holds) -> None:
    """The page names each way and each choice that a dialog offers, in bold."""
    holds(rules.choices_documented(room))


def test_messages_documented(room: Room, holds: Holds) -> None:
    """The page quotes the first sentence of each message of a dialog or an action."""
    holds(rules.messages_documented(room))
