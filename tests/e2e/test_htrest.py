"""Heliotherm through HtREST, from adding it to removing it."""

from yarl import URL

from .house import House
from .ui import Ui, texts

DOMAIN = "htrest"
TEXTS = texts(DOMAIN)
ERRORS = TEXTS["config"]["error"]
OPTIONS = TEXTS["options"]["step"]["init"]["data"]
PASSWORD = "open sesame"


async def test_htrest(ui: Ui, house: House) -> None:
    """A user adds the heat pump, controls it, changes everything, and removes it."""
    url = URL(house.facts[DOMAIN]["url"])
    await house.tell(DOMAIN, "set", username="me", password=PASSWORD)
    await ui.add(DOMAIN)
    await ui.fill({"Host": "http://127.0.0.1", "Port": str(url.port)})
    await ui.refused(ERRORS["invalid_host"])
    await ui.fill({"Host": "127.0.0.1", "Port": "1"})
    await ui.refused(ERRORS["cannot_connect"])
    await ui.fill({"Port": str(URL(house.facts["nuki_bridge"]["url"]).port)})
    await ui.refused(ERRORS["not_htrest"])
    await ui.fill({"Port": str(url.port), "User": "me", "Password": "wrong"})
    await ui.refused(ERRORS["invalid_auth"])
    await house.tell(DOMAIN, "set", silent=True)
    await ui.fill({"Password": PASSWORD})
    await ui.refused(ERRORS["pump_silent"])
    await house.tell(DOMAIN, "set", silent=False)
    await ui.fill({"Password": PASSWORD})
    await ui.created()

    # Changes are off until they are allowed.
    await ui.device("Heliotherm")
    await ui.row("Set clock").get_by_role("button", name="Press").click()
    await ui.sees(TEXTS["exceptions"]["changes_not_allowed"]["message"][-40:])
    await ui.options(DOMAIN)
    await ui.tick(OPTIONS["allow_changes"])
    await ui.fill({OPTIONS["poll_interval"]: "45"})
    await ui.created()
    await ui.sees_option(DOMAIN, OPTIONS["poll_interval"], "45")
    await ui.device("Heliotherm")
    await ui.row("Set clock").get_by_role("button", name="Press").click()

    async def clock_sets() -> int:
        return len((await house.ask(DOMAIN))["stats"]["clock_sets"])

    await house.until(clock_sets, 1)

    await house.tell(DOMAIN, "set", password="another one")
    await ui.reauthenticate(DOMAIN)
    await ui.fill({"User": "me", "Password": PASSWORD})
    await ui.refused(ERRORS["invalid_auth"])
    await ui.fill({"Password": "another one"})
    await ui.aborted()

    await ui.reconfigure(DOMAIN)
    await ui.fill({"Port": "1"})
    await ui.refused(ERRORS["cannot_connect"])
    await ui.fill({"Port": str(url.port)})
    await ui.aborted()

    found = await ui.diagnostics(DOMAIN)
    assert '"domain": "htrest"' in found
    for secret in ("another one", PASSWORD, "127.0.0.1", '"me"'):
        assert secret not in found
    await ui.remove(DOMAIN)
