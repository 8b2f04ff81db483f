"""All five in German: no text is missing, none is a key."""

from collections.abc import AsyncGenerator

import pytest

from demo.house import DIALOGS

from .house import House
from .ui import Ui, texts


@pytest.fixture
async def german(house: House) -> AsyncGenerator[None]:
    """Let the user speak German for a while."""
    for language in ("de", "en"):
        value = {"language": language}
        await house.client.call("frontend/set_user_data", key="language", value=value)
        if language == "de":
            yield


@pytest.fixture
async def entry_id(house: House, domain: str) -> AsyncGenerator[str]:
    """Return the entry of an integration; one that was not there is removed in the end."""
    if is_new := not await house.entry(domain):
        assert await DIALOGS[domain](house.client, house.facts[domain]) == "create_entry"
    entry = await house.entry(domain)
    assert entry
    yield str(entry["entry_id"])
    if is_new:
        await house.remove(domain)


@pytest.mark.parametrize("domain", list(DIALOGS))
async def test_german(ui: Ui, house: House, german: None, domain: str, entry_id: str) -> None:
    """Dialogs, options, and the pages of an integration and its devices speak German."""
    spoken = texts(domain, "de")
    row = await ui.integration(domain)
    await row.get_by_role("button", name="Konfigurieren").click()
    await ui.dialog.locator("step-flow-form").wait_for()
    await ui.no_raw_keys()
    for label in spoken["options"]["step"]["init"]["data"].values():
        await ui.sees(label)
    await ui.close()
    devices = await house.client.call("config/device_registry/list")
    mine = [it for it in devices if it["config_entry_id"] == entry_id]
    assert mine
    for device in mine[:4]:
        await ui.open(f"/config/devices/device/{device['id']}")
        await ui.page.locator("ha-device-entities-card").first.wait_for()
        await ui.no_raw_keys()
    await ui.open(f"/config/integrations/dashboard/add?domain={domain}")
    await ui.page.locator("dialog-box").get_by_role("button", name="OK").click()
    await ui.dialog.locator("step-flow-form, step-flow-menu").first.wait_for()
    await ui.no_raw_keys()
    first = spoken["config"]["step"]["user"]
    for label in (*first.get("data", {}).values(), *first.get("menu_options", {}).values()):
        await ui.sees(label)
