"""The translation keys of errors, repairs, selectors, devices and actions."""

from collections.abc import Callable, Iterable

from tests.bundle import use_rules as rules
from tests.bundle.room import Room

type Holds = Callable[[Iterable[str]], None]


def test_errors_translated(room: Room, holds: Holds) -> None:
    """Every error that reaches a user names a text that exists."""
    holds(rules.errors_translated(room))


def test_errors_filled(room: Room, holds: Holds) -> None:
    """The placeholders given to an error or a repair are those of its text."""
    holds(rules.errors_filled(room))


def test_issues_used(room: Room, holds: Holds) -> None:
    """Each repair that is raised has its text, and the way to fix it that it promises."""
    holds(rules.issues_used(room))


def test_selectors_used(room: Room, holds: Holds) -> None:
    """Lists of choices have a text for each choice."""
    holds(rules.selectors_used(room))


def test_devices_used(room: Room, holds: Holds) -> None:
    """Names of devices come from existing texts."""
    holds(rules.devices_used(room))


def test_services_registered(room: Room, holds: Holds) -> None:
    """Every action that is registered is described in services.yaml, and the other way round."""
    holds(rules.services_registered(room))
