"""The repository as a whole, and its blueprints."""

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from tests.bundle import house_rules as rules
from tests.bundle.blueprint_rules import blueprint_sound, blueprints_of
from tests.bundle.room import HOUSE, found_rooms
from tests.bundle.sample import Sample

type Holds = Callable[[Iterable[str]], None]


def test_rooms_found() -> None:
    """The rules run over something."""
    assert found_rooms()


def test_blueprints_sound(holds: Holds) -> None:
    """Home Assistant would import every blueprint."""
    for path in blueprints_of(HOUSE):
        holds(blueprint_sound(HOUSE, path))


def test_sample_blueprint_sound(sample: Sample, holds: Holds) -> None:
    """The rule accepts a good blueprint."""
    (path,) = blueprints_of(sample.house)
    holds(blueprint_sound(sample.house, path))


@pytest.mark.parametrize(
    "rule",
    [
        rules.nothing_foreign,
        rules.no_locks,
        rules.owner_named,
        rules.workflows_pinned,
        rules.hacs_sound,
        rules.vendors_listed,
        rules.mirrors_complete,
        rules.domains_apart,
        rules.links_alive,
    ],
)
def test_house(rule: Callable[[Path], Iterable[str]], holds: Holds) -> None:
    """The repository keeps its rules."""
    holds(rule(HOUSE))
