"""A VRM account, from logging in to removing it."""

from datetime import UTC, datetime, timedelta
import re
from typing import Any

from playwright.async_api import expect
import pytest

from .house import House
from .ui import Ui, texts

DOMAIN = "victron_vrm"
TEXTS = texts(DOMAIN)
MENU = TEXTS["config"]["step"]["user"]["menu_options"]
ERRORS = TEXTS["config"]["error"]


@pytest.mark.first
async def test_log_in_with_a_code(ui: Ui, house: House) -> None:
    """A user logs in with a second factor, and switches the import of the history on."""
    credentials = house.facts[DOMAIN]["credentials"]
    await house.tell(DOMAIN, "set", two_factor="totp")
    await ui.add(DOMAIN)
    await ui.choose(MENU["token"])
    await ui.fill({"Access token": "too short"})
    await ui.refused(ERRORS["no_token"])
    await ui.fill({"Access token": "0" * 64})
    await ui.refused(ERRORS["invalid_auth"])

    await ui.add(DOMAIN)
    await ui.choose(MENU["login"])
    await ui.fill({"E-mail": credentials["username"], "Password": "wrong"})
    await ui.refused(ERRORS["invalid_auth"])
    await ui.fill({"Password": credentials["password"]})
    step = await ui.submit()
    assert step["step_id"] == "code", step
    await ui.fill({"Code": "1"})
    await ui.refused(ERRORS["invalid_auth"])
    await ui.fill({"Code": credentials["code"]})
    await ui.created()

    await ui.device("House by the canal")
    await ui.row("Consumption").wait_for()

    await ui.options(DOMAIN)
    await ui.tick(TEXTS["options"]["step"]["init"]["data"]["history"])
    await ui.created()


async def test_history_in_the_energy_dashboard(ui: Ui, house: House) -> None:
    """Yesterday is in the energy dashboard, though Home Assistant did not run then."""
    prefix = "sensor.house_by_the_canal"
    await house.until(lambda: _is_imported(house), seconds=400)
    await house.client.call("energy/save_prefs", energy_sources=_sources(prefix))
    await ui.open("/energy/overview")
    await ui.page.get_by_role("button", name="Previous").first.click()
    await ui.sees("Energy distribution")
    card = ui.page.locator("hui-energy-distribution-card").first
    await expect(card).to_contain_text(re.compile(r"[1-9][\d.,]*\s*kWh"))
    await ui.no_raw_keys()
    now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    solar = f"{prefix}_solar_energy"
    rows = await house.client.call(
        "recorder/statistics_during_period",
        start_time=(now - timedelta(days=10)).isoformat(),
        end_time=(now - timedelta(days=3)).isoformat(),
        statistic_ids=[solar],
        period="hour",
        types=["change"],
    )
    assert len(rows[solar]) == 7 * 24
    assert sum(row["change"] for row in rows[solar]) > 1


def _sources(prefix: str) -> list[dict[str, Any]]:
    return [
        {
            "type": "grid",
            "stat_energy_from": f"{prefix}_energy_from_grid",
            "stat_energy_to": f"{prefix}_energy_to_grid",
            "cost_adjustment_day": 0,
        },
        {"type": "solar", "stat_energy_from": f"{prefix}_solar_energy"},
        {
            "type": "battery",
            "stat_energy_from": f"{prefix}_energy_out_of_battery",
            "stat_energy_to": f"{prefix}_energy_into_battery",
        },
    ]


async def _is_imported(house: House) -> bool:
    state = await house.state("sensor.house_by_the_canal_history_imported")
    return state not in {None, "unknown", "unavailable"} and float(state or 0) > 5


async def test_change_and_remove(ui: Ui, house: House) -> None:
    """A user enters a new token when asked, another one by himself, and removes the account."""
    credentials = house.facts[DOMAIN]["credentials"]
    await house.tell(DOMAIN, "expire", tokens=True)
    await ui.reauthenticate(DOMAIN)
    await ui.choose(MENU["token"])
    await ui.fill({"Access token": credentials["token"]})
    await ui.refused(ERRORS["invalid_auth"])
    fresh = (await house.tell(DOMAIN, "new_token"))["token"]
    await ui.fill({"Access token": fresh})
    await ui.aborted()

    await ui.reconfigure(DOMAIN)
    await ui.choose(MENU["token"])
    await ui.fill({"Access token": "0" * 64})
    await ui.refused(ERRORS["invalid_auth"])
    await ui.fill({"Access token": fresh})
    await ui.aborted()

    found = await ui.diagnostics(DOMAIN)
    assert '"domain": "victron_vrm"' in found
    for secret in (fresh, credentials["username"], credentials["password"], "canal"):
        assert secret not in found
    await ui.remove(DOMAIN)
