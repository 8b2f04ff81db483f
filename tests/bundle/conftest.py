"""The integrations that the rules run over, and a sample to break."""

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from tests.bundle.room import HOUSE, Room, found_rooms
from tests.bundle.sample import Sample

SAMPLE = "sample"


@pytest.fixture(autouse=True)
def auto_enable_custom_integrations() -> None:
    """Stand in for the fixture of that name: nothing here starts Home Assistant."""


@pytest.fixture(params=[*found_rooms(), SAMPLE])
def room(request: pytest.FixtureRequest, tmp_path: Path) -> Room:
    """Return each integration of the house in turn, and the sample, which keeps all rules."""
    if request.param == SAMPLE:
        return Sample(tmp_path).room
    return Room(HOUSE / "custom_components" / request.param)


@pytest.fixture
def sample(tmp_path: Path) -> Sample:
    """Return a house to break."""
    return Sample(tmp_path)


@pytest.fixture
def holds() -> Callable[[Iterable[str]], None]:
    """Return a function that fails with one line for each problem."""

    def check(problems: Iterable[str]) -> None:
        if found := sorted(set(problems)):
            pytest.fail("\n".join(found), pytrace=False)

    return check
