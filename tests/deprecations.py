"""Fails every test in which Home Assistant complains about how it is used.

Hooked in by tests/conftest.py: pytest_plugins = ["tests.deprecations"]
"""

from collections.abc import Iterator
import logging
from typing import override

import pytest

COMPLAINTS = ("deprecat", "will stop working")
REPORTER = "homeassistant.helpers.frame"


class Listener(logging.Handler):
    """Keeps the records that must not be."""

    def __init__(self) -> None:
        """Start empty."""
        super().__init__(logging.DEBUG)
        self.found: list[str] = []

    @override
    def emit(self, record: logging.LogRecord) -> None:
        """Keep a record of the frame helper, or a warning that something goes away."""
        text = record.getMessage()
        warned = record.levelno >= logging.WARNING
        if record.name == REPORTER or (warned and any(c in text.lower() for c in COMPLAINTS)):
            self.found.append(f"{record.name}: {text}")


@pytest.fixture(autouse=True)
def no_deprecations() -> Iterator[None]:
    """Fail a test when Home Assistant logged that something is deprecated."""
    listener = Listener()
    root = logging.getLogger()
    root.addHandler(listener)
    yield
    root.removeHandler(listener)
    if listener.found:
        pytest.fail("Home Assistant complains:\n" + "\n".join(listener.found), pytrace=False)
