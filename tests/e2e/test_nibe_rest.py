"""A NIBE heat pump, from adding it to removing it."""

from yarl import URL

from .house import House
from .ui import Ui, texts

DOMAIN = "nibe_rest"
TEXTS = texts(DOMAIN)
ERRORS = TEXTS["config"]["error"]


async def test_nibe_rest(ui: Ui, house: House) -> None:
    """A user adds the heat pump, controls it, changes everything, and removes it."""
    facts = house.facts[DOMAIN]
    url, credentials = URL(facts["url"]), facts["credentials"]
    await ui.add(DOMAIN)
    await ui.fill({"Host": "https://127.0.0.1", "Port": str(url.port)})
    await ui.refused(ERRORS["invalid_host"])
    await ui.fill({"Host": "127.0.0.1", "Port": "1"})
    await ui.refused(ERRORS["cannot_connect"])
    await ui.fill({"Port": str(url.port)})
    step = await ui.submit()
    assert step["step_id"] == "certificate"
    pairs = credentials["fingerprint"].upper()
    await ui.sees(":".join(pairs[at : at + 2] for at in range(0, 8, 2)))
    assert (await ui.submit())["step_id"] == "login"
    await ui.fill({"User": credentials["username"], "Password": "wrong"})
    await ui.refused(ERRORS["invalid_auth"])
    await ui.fill({"Password": credentials["password"]})
    await ui.created()

    await ui.device("Hot water")
    boost = ui.row("Boost").locator("ha-switch, ha-entity-toggle").first
    await boost.click()
    entities = {e["unique_id"]: e["entity_id"] for e in await house.entities(DOMAIN)}
    (switch,) = [it for it in entities.values() if it == "switch.nibe_s1255_12_hot_water_boost"]
    await house.until(lambda: house.state(switch), "on")
    assert (await house.ask(DOMAIN))["stats"]["writes"]

    await ui.options(DOMAIN)
    interval = TEXTS["options"]["step"]["init"]["data"]["poll_interval"]
    await ui.fill({interval: "60"})
    await ui.created()
    await ui.sees_option(DOMAIN, interval, "60")

    await house.tell(DOMAIN, "set", password="another one")
    await ui.reauthenticate(DOMAIN)
    await ui.fill({"User": credentials["username"], "Password": "wrong"})
    await ui.refused(ERRORS["invalid_auth"])
    await ui.fill({"Password": "another one"})
    await ui.aborted()

    await ui.reconfigure(DOMAIN)
    await ui.fill({"Port": "1"})
    await ui.refused(ERRORS["cannot_connect"])
    await ui.fill({"Port": str(url.port)})
    await ui.aborted()

    found = await ui.diagnostics(DOMAIN)
    assert '"domain": "nibe_rest"' in found
    for secret in ("another one", credentials["password"], "127.0.0.1", credentials["fingerprint"]):
        assert secret not in found
    await ui.remove(DOMAIN)
