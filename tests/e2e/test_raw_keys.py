"""The check for forgotten translations sees what a user sees."""

from playwright.async_api import Browser
import pytest

from .ui import RAW_KEY, VISIBLE_TEXTS

FIELD = """
<div><template shadowrootmode="open">
  <style>.some_style {{ color: red }}</style>
  <slot name="label">{own}</slot><p>{shadow}</p>
</template>{given}</div>
"""


@pytest.mark.parametrize(
    ("own", "shadow", "given", "seen"),
    [
        ("callback_url", "Callbacks", "", ["callback_url"]),
        ("callback_url", "Callbacks", '<b slot="label">Address</b>', []),
        ("Address", "callback_url", "", ["callback_url"]),
        ("Address", "Callbacks", '<b slot="label">callback_url</b>', ["callback_url"]),
        ("Address", "Callbacks", "callback_url", []),
        ("Address", '<i style="display: none">callback_url</i>', "", []),
        ("Address", "Answered {code}", "", ["Answered {code}"]),
        ("Address", "component.nuki_bridge.title", "", ["component.nuki_bridge.title"]),
    ],
    ids=[
        "fallback",
        "slotted over it",
        "shadow",
        "slotted",
        "no slot",
        "hidden",
        "{}",
        "component",
    ],
)
async def test_what_is_seen(
    browser: Browser, own: str, shadow: str, given: str, seen: list[str]
) -> None:
    """Texts in the shadow, in slots, and what a slot shows by itself are seen; nothing else is."""
    page = await browser.new_page()
    await page.set_content(FIELD.format(own=own, shadow=shadow, given=given))
    found = [text for text in await page.evaluate(VISIBLE_TEXTS) if RAW_KEY.search(text)]
    await page.close()
    assert found == seen
