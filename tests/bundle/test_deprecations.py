"""The fixture of tests/deprecations.py hears what it should, and nothing else."""

import logging

import pytest

from tests.deprecations import Listener


@pytest.mark.parametrize(
    ("name", "level", "text", "heard"),
    [
        ("homeassistant.helpers.frame", logging.INFO, "Detected code that ...", True),
        ("homeassistant.helpers.deprecation", logging.WARNING, "f is a Deprecated function", True),
        ("custom_components.x", logging.ERROR, "This will stop working in 2027.1", True),
        ("custom_components.x", logging.INFO, "deprecated by the vendor", False),
        ("custom_components.x", logging.WARNING, "no answer", False),
    ],
)
def test_listener(name: str, level: int, text: str, heard: bool) -> None:
    """A complaint is kept, an ordinary record is not."""
    listener = Listener()
    listener.handle(logging.LogRecord(name, level, "", 1, text, None, None))
    assert bool(listener.found) is heard
