"""A Thinknx server with its KNX house, from adding it to removing it."""

import json

from yarl import URL

from .house import House
from .ui import Ui, texts

DOMAIN = "thinknx"
TEXTS = texts(DOMAIN)
MENU = TEXTS["config"]["step"]["user"]["menu_options"]
ERRORS = TEXTS["config"]["error"]
SUBENTRIES = TEXTS["config_subentries"]


async def test_thinknx(ui: Ui, house: House) -> None:
    """A user adds the server and its devices, controls one, changes everything, and removes it."""
    facts = house.facts[DOMAIN]
    url, credentials = URL(facts["url"]), facts["credentials"]
    await ui.add(DOMAIN)
    await ui.choose(MENU["local"])
    await ui.fill({"Host": "http://127.0.0.1", "Port": "1"})
    await ui.fill({"User": "somebody:else", "Password": "wrong"})
    await ui.refused(ERRORS["invalid_host"])
    await ui.fill({"Host": "127.0.0.1", "Password": "wrong"})
    await ui.refused(ERRORS["no_colon"])
    await ui.fill({"User": credentials["username"], "Password": "wrong"})
    await ui.refused(ERRORS["cannot_connect"])
    other = str(URL(house.facts["victron_vrm"]["url"]).port)
    await ui.fill({"Port": other, "Password": "wrong"})
    await ui.refused(ERRORS["not_thinknx"])
    await ui.fill({"Port": str(url.port), "Password": "wrong"})
    await ui.refused(ERRORS["invalid_auth"])
    await ui.fill({"Password": credentials["password"]})
    await ui.created()

    urls = (await house.ask(DOMAIN, "urls"))["urls"]
    devices = {it["guid"]: it for it in (await house.ask(DOMAIN, "devices"))["devices"]}
    # The server's page shows an address for each value; a device has several.
    lights = {_guid(it): it for it in urls if devices[_guid(it)]["kind"] == "light"}
    lamp, *rest = list(lights.values())[:21]

    await ui.add_subentry(DOMAIN, SUBENTRIES["light"]["initiate_flow"]["user"])
    await ui.fill({SUBENTRIES["light"]["step"]["user"]["data"]["guid"]: "the lamp"})
    await ui.refused(SUBENTRIES["light"]["error"]["unknown_guid"])
    await ui.fill({SUBENTRIES["light"]["step"]["user"]["data"]["guid"]: lamp})
    assert (await ui.submit())["step_id"] == "details"
    await ui.fill({SUBENTRIES["light"]["step"]["details"]["data"]["name"]: "Reading lamp"})
    await ui.created()

    await ui.add_subentry(DOMAIN, SUBENTRIES["import"]["initiate_flow"]["user"])
    rows = [{"name": f"Lamp {number}", "url": it} for number, it in enumerate(rest, 1)]
    await ui.fill({SUBENTRIES["import"]["step"]["user"]["data"]["text"]: json.dumps(rows)})
    assert (await ui.submit())["type"] == "form"
    await ui.sees("Lamp 20")
    await ui.aborted()

    async def lamps() -> int:
        return len([it for it in await house.entities(DOMAIN) if it["entity_id"][:6] == "light."])

    await house.until(lamps, 21)

    await ui.device("Reading lamp")
    (entity_id,) = [
        str(it["entity_id"])
        for it in await house.entities(DOMAIN)
        if str(it["unique_id"]).startswith(_guid(lamp))
    ]
    await house.until(lambda: _known(house, entity_id))
    before = await house.state(entity_id)
    await ui.row("Reading lamp").locator("ha-switch, ha-entity-toggle").first.click()
    await house.until(lambda: house.state(entity_id), "off" if before == "on" else "on")
    now = {it["guid"]: it for it in (await house.ask(DOMAIN, "devices"))["devices"]}
    assert now[_guid(lamp)] != devices[_guid(lamp)]

    await ui.options(DOMAIN)
    await ui.fill({TEXTS["options"]["step"]["init"]["data"]["rate"]: "4"})
    await ui.created()
    await ui.sees_option(DOMAIN, TEXTS["options"]["step"]["init"]["data"]["rate"], "4")

    await house.tell(DOMAIN, "set", password="another one")
    await ui.reauthenticate(DOMAIN)
    await ui.fill({"User": credentials["username"], "Password": credentials["password"]})
    await ui.refused(ERRORS["invalid_auth"])
    await ui.fill({"Password": "another one"})
    await ui.aborted()

    await ui.reconfigure(DOMAIN)
    await ui.choose(MENU["local"])
    await ui.fill({"Port": "1", "User": credentials["username"], "Password": "another one"})
    await ui.refused(ERRORS["cannot_connect"])
    await ui.fill({"Port": str(url.port), "Password": "another one"})
    await ui.aborted()

    found = await ui.diagnostics(DOMAIN)
    assert '"domain": "thinknx"' in found
    for secret in ("another one", credentials["password"], "127.0.0.1", _guid(lamp)):
        assert secret not in found
    await ui.remove(DOMAIN)


def _guid(url: str) -> str:
    return URL(url).query["guid"].replace(" ", "+")


async def _known(house: House, entity_id: str) -> bool:
    return await house.state(entity_id) in {"on", "off"}
