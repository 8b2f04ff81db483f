"""Debian's Chromium, or what stands in for it, for pictures and for browser tests."""

import shutil

from .problems import DemoError

PROGRAMS = ("chromium-headless-shell", "chromium", "google-chrome")
FLAGS = ("--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu")


def find_browser() -> str:
    """Return the path of a browser.

    Raises:
        DemoError: there is none.
    """
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        raise DemoError("there is no Chromium; scripts/test-e2e installs it")
    return program
