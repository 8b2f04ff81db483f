"""The manifest and the pictures of each integration."""

from collections.abc import Callable, Iterable

from tests.bundle import file_rules as rules
from tests.bundle.room import Room

type Holds = Callable[[Iterable[str]], None]


def test_manifest_sound(room: Room, holds: Holds) -> None:
    """The manifest has the keys that it needs, in order, and no other."""
    holds(rules.manifest_sound(room))


def test_manifest_owned(room: Room, holds: Holds) -> None:
    """Owner, addresses and version are those of the bundle."""
    holds(rules.manifest_owned(room))


def test_discovery_answered(room: Room, holds: Holds) -> None:
    """What the manifest asks to discover has its step, and each such step its matcher."""
    holds(rules.discovery_answered(room))


def test_dependencies_declared(room: Room, holds: Holds) -> None:
    """Each integration that the code imports is set up first."""
    holds(rules.dependencies_declared(room))


def test_pictures_there(room: Room, holds: Holds) -> None:
    """The brand's icon is a square PNG in both sizes, and nothing is there that nobody shows."""
    holds(rules.pictures_there(room))
