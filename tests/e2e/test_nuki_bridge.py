"""A Nuki Bridge with its locks, from pairing it to removing it."""

import asyncio

from yarl import URL

from .house import House
from .ui import Ui, texts

DOMAIN = "nuki_bridge"
TEXTS = texts(DOMAIN)
MENU = TEXTS["config"]["step"]["user"]["menu_options"]
ERRORS = TEXTS["config"]["error"]
OPTIONS = TEXTS["options"]["step"]["init"]["data"]
OPENER = 519623604
FRONT_DOOR = 795492803


async def test_nuki_bridge(ui: Ui, house: House) -> None:
    """A user pairs the bridge, opens a door, hears the bell, changes everything, and removes it."""
    facts = house.facts[DOMAIN]
    url, token = URL(facts["url"]), facts["credentials"]["token"]
    await ui.add(DOMAIN)
    await ui.choose(MENU["manual"])
    await ui.fill({"Host": "http://127.0.0.1", "Port": "1", "Token": "wrong1"})
    await ui.refused(ERRORS["invalid_host"])
    await ui.fill({"Host": "127.0.0.1", "Token": "wrong1"})
    await ui.refused(ERRORS["cannot_connect"])
    other = str(URL(house.facts["victron_vrm"]["url"]).port)
    await ui.fill({"Port": other, "Token": "wrong1"})
    await ui.refused(ERRORS["not_a_bridge"])
    await ui.fill({"Port": str(url.port), "Token": "wrong1"})
    await ui.refused(ERRORS["invalid_auth"])

    # Others have taken all places for callbacks.
    for number in range(3):
        await asyncio.sleep(0.6)
        taken = {"url": f"http://192.0.2.{number + 1}/hook", "token": token}
        async with house.http.get(url / "callback/add", params=taken) as answer:
            assert (await answer.json())["success"]

    # By the button it is easier.
    await ui.add(DOMAIN)
    await ui.choose(MENU["pair"])
    await ui.fill({"Host": "127.0.0.1", "Port": str(url.port)})
    step = await ui.submit()
    assert step["type"] == "progress", step
    await ui.sees(TEXTS["config"]["progress"][step["progress_action"]][:40])
    await house.tell(DOMAIN, "button")
    await ui.finish()

    await ui.device("Front door")
    await house.until(lambda: house.state("lock.front_door"), "locked")
    await ui.row("Front door").get_by_role("button", name="Unlock").click()
    await house.until(lambda: house.state("lock.front_door"), "unlocked")
    locks = (await house.ask(DOMAIN))["state"]["locks"]
    assert next(it for it in locks if it["nuki_id"] == FRONT_DOOR)["state"] == 3

    await ui.repair("has no room for Home Assistant")
    await ui.dialog.get_by_role("radio").or_(ui.dialog.get_by_role("option")).first.click()
    assert (await ui.submit())["type"] == "create_entry"
    await house.until(lambda: house.state("binary_sensor.nuki_bridge_1c7f52d8_callbacks"), "on")

    before = await house.state("event.intercom_ring")
    await house.tell(DOMAIN, "ring", nuki_id=OPENER)
    await house.until(lambda: _changed(house, "event.intercom_ring", before))
    await ui.device("Intercom")

    await ui.options(DOMAIN)
    await ui.fill({OPTIONS["poll_interval"]: "30", OPTIONS["callback_url"]: "https://a.example"})
    await ui.refused(TEXTS["options"]["error"]["unusable_url"])
    await ui.fill({OPTIONS["callback_url"]: ""})
    await ui.created()
    await ui.sees_option(DOMAIN, OPTIONS["poll_interval"], "30")

    await house.tell(DOMAIN, "set", token="another-token")
    await ui.reauthenticate(DOMAIN)
    await ui.fill({"Token": token})
    await ui.refused(ERRORS["invalid_auth"])
    await ui.fill({"Token": "another-token"})
    await ui.aborted()

    await ui.reconfigure(DOMAIN)
    await ui.fill({"New token": "wrong1"})
    await ui.refused(ERRORS["invalid_auth"])
    await ui.fill({"New token": "another-token"})
    await ui.aborted()

    found = await ui.diagnostics(DOMAIN)
    assert '"domain": "nuki_bridge"' in found
    for secret in (token, "another-token", "127.0.0.1", str(OPENER), str(FRONT_DOOR)):
        assert secret not in found
    await ui.remove(DOMAIN)


async def _changed(house: House, entity_id: str, before: str | None) -> bool:
    return await house.state(entity_id) != before
