"""Home Assistant with its simulators, once for all tests, and a browser page for each."""

from collections.abc import AsyncGenerator, Generator
from contextlib import AsyncExitStack
import os
from pathlib import Path
import re
import shutil
import sys

from playwright.async_api import Browser, async_playwright
import pytest

from demo.browser import FLAGS, find_browser
from demo.house import DIALOGS
from demo.processes import ROOT

from .house import House, running_house
from .ui import Ui

# Nothing is fetched from elsewhere.
OFFLINE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
# Home Assistant fetches pictures for other integrations' brands, unless nobody asks it to.
BRANDS_OF_OTHERS = re.compile(rf"/api/brands/(?!integration/({'|'.join(DIALOGS)})/)")
KEPT = ROOT / ".cache" / "e2e"
FAILED = pytest.StashKey[bool]()


def pytest_configure(config: pytest.Config) -> None:
    """Know our markers."""
    config.addinivalue_line("markers", "first: begins what takes Home Assistant some minutes")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long by itself, so that others run meanwhile."""
    items.sort(key=lambda item: item.get_closest_marker("first") is None)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remember whether a test has failed, for what is kept then."""
    report = yield
    if report.failed:
        item.stash[FAILED] = True
    return report


def keep(log: Path, name: str) -> None:
    """Keep a log of Home Assistant's for whoever looks for what went wrong."""
    KEPT.mkdir(parents=True, exist_ok=True)
    shutil.copy(log, KEPT / f"{name}.log")


@pytest.fixture(scope="session")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[House]:
    """Return the running house; HEARTHLINK_PYTHON names another Home Assistant's interpreter."""
    folder = tmp_path_factory.mktemp("house")
    python = os.environ.get("HEARTHLINK_PYTHON", sys.executable)
    async with AsyncExitStack() as stack:
        try:
            found = await stack.enter_async_context(running_house(folder, python))
        except Exception:
            keep(folder / "output.log", "start")
            raise
        yield found


@pytest.fixture(scope="session")
async def browser() -> AsyncGenerator[Browser]:
    """Return Debian's Chromium, or what stands in for it."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=find_browser(), args=[*FLAGS, OFFLINE]
        )
        yield browser
        await browser.close()


@pytest.fixture
async def ui(house: House, browser: Browser, request: pytest.FixtureRequest) -> AsyncGenerator[Ui]:
    """Return a page; if the test fails, its picture and Home Assistant's log are kept."""
    context = await browser.new_context(viewport={"width": 1280, "height": 1000})
    context.set_default_timeout(20_000)
    await context.route(BRANDS_OF_OTHERS, lambda route: route.abort())
    found = Ui(await context.new_page(), house)
    yield found
    if request.node.stash.get(FAILED, False):
        keep(house.folder / "home-assistant.log", request.node.name)
        await found.picture(KEPT / f"{request.node.name}.png")
    await context.close()


@pytest.fixture(autouse=True)
async def _nothing_logged(house: House, request: pytest.FixtureRequest) -> AsyncGenerator[None]:
    """No test leaves an error with a traceback in Home Assistant's log."""
    before = len(house.log())
    yield
    records = re.split(r"\n(?=\d{4}-\d\d-\d\d \d\d:)", house.log()[before:])
    # Home Assistant's own, when a page is left while something is sent to it.
    found = [it for it in records if "Traceback" in it and "ClientConnectionReset" not in it]
    if found:
        keep(house.folder / "home-assistant.log", request.node.name)
    assert not found, "\n".join(found)
