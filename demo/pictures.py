"""Take the pictures of README and docs from a running demo.

    .venv/bin/python -m demo.pictures PORT [LANGUAGE]

scripts/screenshots starts the demo, waits, and does this.
"""

import asyncio
from collections.abc import Mapping
from pathlib import Path
import sys

from playwright.async_api import Page, async_playwright

from .browser import FLAGS, find_browser
from .language import ENGLISH, words_of
from .problems import DemoError
from .processes import ROOT

FOLDER = ROOT / "docs" / "images"
# Name, path of the page, height.
PICTURES: Mapping[str, tuple[str, int]] = {
    "house": ("/house/house", 1040),
    "energy": ("/energy/electricity", 1000),
    "htrest": ("/htrest/heliotherm", 1160),
    "nibe_rest": ("/nibe-rest/heat-pump", 1000),
    "nuki_bridge": ("/nuki-bridge/doors", 900),
    "thinknx": ("/thinknx/thinknx", 900),
    "victron_vrm": ("/victron-vrm/victron-vrm", 960),
}
# Those that are taken in other languages, too.
IN_OTHERS = ("house",)
WIDTH = 1320
EMPTY: Mapping[str, tuple[str, ...]] = {
    "en": (
        "Unavailable",
        "Unknown",
        "No statistics found",
        "There is no data to show",
        "Entity not found",
    ),
    "de": (
        "Nicht verfügbar",
        "Unbekannt",
        "Keine Statistik gefunden",
        "Es sind keine Daten",
        "Entität nicht gefunden",
    ),
}


async def take(page: Page, url: str, name: str, language: str) -> Path:
    """Take one picture of a page that has something to show everywhere, all in one language."""
    path, height = PICTURES[name]
    await page.set_viewport_size({"width": WIDTH, "height": height})
    await page.goto(f"{url}{path}")
    await page.locator("hui-root").wait_for()
    if name == "energy":  # today may only have begun
        await page.get_by_role("button", name="Previous").first.click()
    await page.wait_for_timeout(4000)
    english = (text for text, other in words_of(language).items() if text != other)
    for text, exact in (*((it, False) for it in EMPTY[language]), *((it, True) for it in english)):
        if await page.get_by_text(text, exact=exact).filter(visible=True).count():
            raise DemoError(f"{path} shows {text!r}: wait longer, or mend the dashboard")
    file = FOLDER / (f"{name}.png" if language == ENGLISH else f"{name}.{language}.png")
    await page.screenshot(path=file)
    return file


async def main(port: int, language: str) -> None:
    """Take all of them."""
    program = find_browser()
    FOLDER.mkdir(parents=True, exist_ok=True)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=FLAGS)
        page = await browser.new_page(locale=language)
        for name in PICTURES if language == ENGLISH else IN_OTHERS:
            file = await take(page, f"http://127.0.0.1:{port}", name, language)
            print(file.relative_to(ROOT))
        await browser.close()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else ENGLISH))
