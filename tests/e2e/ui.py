"""What a user does in Home Assistant's frontend."""

from collections.abc import Mapping
from functools import cache
import json
from pathlib import Path
import re
from typing import Any

from playwright.async_api import Locator, Page, Response, expect

from demo.processes import ROOT

from .house import House

# The texts that a page shows, whatever shadow they lie in.
VISIBLE_TEXTS = """
() => {
  const found = [];
  const walk = (node) => {
    if (node.nodeType === Node.TEXT_NODE) {
      const text = node.textContent.trim();
      if (text) found.push(text);
      return;
    }
    if (node.nodeType === Node.ELEMENT_NODE) {
      if (["STYLE", "SCRIPT", "TEMPLATE"].includes(node.tagName)) return;
      if (getComputedStyle(node).display === "none") return;
    }
    for (const child of node.shadowRoot ? node.shadowRoot.childNodes : []) walk(child);
    const children = node.tagName === "SLOT" ? node.assignedNodes({flatten: true}) : node.childNodes;
    if (node.shadowRoot) return;
    for (const child of children) walk(child);
  };
  walk(document.body);
  return found;
}
"""
RAW_KEY = re.compile(
    r"^[a-z0-9]+(_[a-z0-9]+)+$"
    r"|\b(component|state|config|options|config_subentries|issues|exceptions|entity)\.[a-z_]+\.[a-z_.]+"
    r"|\[%key|\{[a-z_]+\}"
)
FLOW = re.compile(r"/api/(config/config_entries/.*flow|repairs/issues/fix)")


@cache
def texts(domain: str, language: str = "en") -> Mapping[str, Any]:
    """Return the texts of an integration."""
    path = ROOT / "custom_components" / domain / "translations" / f"{language}.json"
    return dict(json.loads(path.read_text(encoding="utf-8")))


class Ui:
    """A browser's page, and the hands in front of it."""

    def __init__(self, page: Page, house: House) -> None:
        """Keep the page."""
        self.page = page
        self.house = house

    @property
    def dialog(self) -> Locator:
        """Return the dialog of a flow."""
        return self.page.locator("dialog-data-entry-flow")

    async def open(self, path: str) -> None:
        """Go to a page in a new tab, and wait until it has something to show."""
        # A dialog goes back in its tab's history a moment after it has closed, and would take
        # us away again.
        left, self.page = self.page, await self.page.context.new_page()
        await left.close()
        await self.page.goto(self.house.url + path)
        await self.page.locator("home-assistant-main").wait_for()

    async def add(self, domain: str) -> None:
        """Begin to add an integration."""
        await self.open(f"/config/integrations/dashboard/add?domain={domain}")
        await self.page.locator("dialog-box").get_by_role("button", name="OK").click()
        await self.dialog.locator("step-flow-form, step-flow-menu").first.wait_for()

    def field(self, label: str) -> Locator:
        """Return a field of the dialog by its label."""
        name = re.compile(rf"^{re.escape(label)}\*?$")
        number = self.dialog.get_by_role("spinbutton", name=name)
        return self.dialog.get_by_role("textbox", name=name).or_(number).first

    async def fill(self, fields: Mapping[str, str]) -> None:
        """Enter texts and numbers by the labels of their fields."""
        for label, value in fields.items():
            await self.field(label).fill(value)

    async def tick(self, label: str) -> None:
        """Switch a yes-or-no field of the dialog over."""
        named = self.page.get_by_text(label, exact=True)
        await (
            self.dialog.locator("ha-selector-boolean")
            .filter(has=named)
            .locator("ha-switch")
            .click()
        )

    async def choose(self, label: str) -> None:
        """Choose from the menu of a dialog."""
        await self.no_raw_keys()
        async with self.page.expect_response(lambda r: bool(FLOW.search(r.url))):
            await self.dialog.locator("step-flow-menu").get_by_text(label, exact=True).click()

    async def submit(self) -> dict[str, Any]:
        """Send the form; return what the next step is."""
        await self.no_raw_keys()
        button = self.dialog.locator("ha-dialog-footer ha-button").last
        async with self.page.expect_response(_is_answer) as answer:
            await button.click()
        step = dict(await (await answer.value).json())
        await self.page.wait_for_timeout(150)
        return step

    async def refused(self, text: str) -> None:
        """Send the form, and see why it is not taken."""
        step = await self.submit()
        assert step["type"] == "form", step
        await expect(self.dialog.locator("step-flow-form")).to_contain_text(text)
        await self.no_raw_keys()

    async def created(self) -> str:
        """Send the form, see that it is done, and close the dialog; return the entry's id."""
        step = await self.submit()
        assert step["type"] == "create_entry", step
        await self.finish()
        return str((step.get("result") or {}).get("entry_id", ""))

    async def finish(self) -> None:
        """See that something was added, and close the dialog."""
        await self.dialog.locator("step-flow-create-entry").wait_for()
        await self.no_raw_keys()
        await self.dialog.locator("ha-dialog-footer ha-button").last.click()
        await expect(self.dialog.locator("step-flow-create-entry")).to_have_count(0)

    async def aborted(self) -> None:
        """Send the form, see that it has ended, and close the dialog."""
        step = await self.submit()
        assert step["type"] in {"abort", "progress"}, step
        await self.dialog.locator("step-flow-abort").wait_for()
        await self.no_raw_keys()
        await self.close()

    async def close(self) -> None:
        """Turn away from a dialog."""
        await self.page.keyboard.press("Escape")

    async def sees(self, text: str) -> None:
        """Wait until a text is somewhere on the page."""
        await self.page.get_by_text(text).filter(visible=True).first.wait_for()

    async def add_subentry(self, domain: str, button: str) -> None:
        """Begin to add something to an entry."""
        await self.integration(domain)
        await self.page.get_by_role("button", name=button, exact=True).click()
        await self.dialog.locator("step-flow-form").wait_for()

    async def integration(self, domain: str) -> Locator:
        """Go to an integration's page; return the row of its entry."""
        await self.open(f"/config/integrations/integration/{domain}")
        row = self.page.locator("ha-config-entry-row").first
        await row.wait_for()
        await self.no_raw_keys()
        return row

    async def menu(self, domain: str, item: str) -> None:
        """Choose from the menu of an entry."""
        await self._choose(await self.integration(domain), item)

    async def _choose(self, row: Locator, item: str) -> None:
        await row.get_by_role("button", name="Menu", exact=True).first.click()
        await self.page.get_by_role("menuitem", name=item).click()

    async def options(self, domain: str) -> None:
        """Open the options of an entry."""
        row = await self.integration(domain)
        await row.get_by_role("button", name="Configure").click()
        await self.dialog.locator("step-flow-form, step-flow-menu").first.wait_for()

    async def sees_option(self, domain: str, label: str, value: str) -> None:
        """Open the options of an entry again, and see what was entered."""
        await self.options(domain)
        await expect(self.field(label)).to_have_value(value)
        await self.close()

    async def reauthenticate(self, domain: str) -> None:
        """Follow Home Assistant's request for new credentials."""
        await self.house.refresh(domain)
        await self.house.until(lambda: self._asked(domain))
        await self.integration(domain)
        await self.page.get_by_role("button", name="Reconfigure").first.click()
        await self.dialog.locator("step-flow-form, step-flow-menu").first.wait_for()

    async def _asked(self, domain: str) -> bool:
        flows = await self.house.client.call("config_entries/flow/progress")
        return any(f["handler"] == domain and f["context"]["source"] == "reauth" for f in flows)

    async def reconfigure(self, domain: str) -> None:
        """Open the dialog that changes an entry."""
        await self.menu(domain, "Reconfigure")
        await self.dialog.locator("step-flow-form, step-flow-menu").first.wait_for()

    async def diagnostics(self, domain: str) -> str:
        """Download the diagnostics of an entry; return what is in the file."""
        row = await self.integration(domain)
        async with self.page.expect_download() as download:
            await self._choose(row, "Download diagnostics")
        return (await (await download.value).path()).read_text(encoding="utf-8")

    async def remove(self, domain: str) -> None:
        """Delete an entry."""
        await self.menu(domain, "Delete")
        await self.page.locator("dialog-box").get_by_role("button", name="Delete").click()
        await self.house.until(lambda: self.house.entry(domain), None)

    async def device(self, name: str) -> None:
        """Go to the page of a device."""
        devices = await self.house.client.call("config/device_registry/list")
        (device,) = [d for d in devices if name in (d["name_by_user"], d["name"])]
        await self.open(f"/config/devices/device/{device['id']}")
        await self.page.locator("ha-device-entities-card").first.wait_for()
        await self.no_raw_keys()

    def row(self, name: str) -> Locator:
        """Return the row of an entity on a device's page."""
        return self.page.locator("hui-generic-entity-row").filter(has_text=name).first

    async def repair(self, title: str) -> None:
        """Open the dialog of a repair."""
        await self.open("/config/repairs")
        await self.page.get_by_text(title).filter(visible=True).first.click()
        await self.dialog.locator("step-flow-form").wait_for()

    async def no_raw_keys(self) -> None:
        """No text of the page is a key that somebody forgot to translate."""
        found = [t for t in await self.page.evaluate(VISIBLE_TEXTS) if RAW_KEY.search(t)]
        assert not found, found

    async def picture(self, path: Path) -> None:
        """Keep what is seen."""
        await self.page.screenshot(path=path)


def _is_answer(response: Response) -> bool:
    return response.request.method == "POST" and bool(FLOW.search(response.url))
