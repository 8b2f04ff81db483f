"""What is set up in the demo's Home Assistant: entries through their dialogs, and dashboards."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
import json
from pathlib import Path
from typing import Any

import yaml
from yarl import URL

from .furniture import furnish
from .hass import HomeAssistantClient
from .language import call_by_name, in_words, words_of
from .past import SITE, write_past
from .problems import DemoError

DASHBOARDS = Path(__file__).parent / "dashboards"

# Which kind of device is simulated, where it is not the simulator's first choice.
PROFILES = {"htrest": "owner"}

# What analog values of the KNX house measure.
UNITS: Mapping[str, Mapping[str, Any]] = {
    "Outdoor temperature": {"device_class": "temperature", "unit": "°C"},
    "Wind": {"device_class": "wind_speed", "unit": "m/s", "precision": 1},
    "Living room CO2": {"device_class": "carbon_dioxide", "unit": "ppm"},
    "Solar power": {"device_class": "power", "unit": "W", "state_class": "measurement"},
    "House power": {"device_class": "power", "unit": "W", "state_class": "measurement"},
    "House energy": {"device_class": "energy", "unit": "kWh", "state_class": "total_increasing"},
    "Pool setpoint": {"show_as": "number", "unit": "°C", "min": 10, "max": 35, "step": 0.5},
}


async def set_up_htrest(client: HomeAssistantClient, facts: Mapping[str, Any]) -> str:
    """Enter the server's address, then allow changes in the options."""
    step = await client.start_flow("htrest")
    url = URL(facts["url"])
    step = await client.continue_flow(step, host=url.host, port=url.port, **facts["credentials"])
    if step["type"] == "create_entry":
        await client.set_options(step["result"]["entry_id"], allow_changes=True)
    return str(step["type"])


async def set_up_nuki_bridge(client: HomeAssistantClient, facts: Mapping[str, Any]) -> str:
    """Enter the bridge's token, as a user would; return the kind of the last step."""
    step = await client.start_flow("nuki_bridge")
    step = await client.continue_flow(step, next_step_id="manual")
    url = URL(facts["url"])
    step = await client.continue_flow(
        step,
        host=url.host,
        port=url.port,
        token=facts["credentials"]["token"],
        auth_mode="encrypted",
    )
    return str(step["type"])


async def set_up_nibe_rest(client: HomeAssistantClient, facts: Mapping[str, Any]) -> str:
    """Enter the address, confirm the certificate, enter user and password."""
    url = URL(facts["url"])
    step = await client.start_flow("nibe_rest")
    step = await client.continue_flow(step, host=url.host, port=url.port)
    if step["step_id"] != "certificate":
        raise DemoError("the heat pump showed no certificate")
    step = await client.continue_flow(step)
    credentials = facts["credentials"]
    step = await client.continue_flow(
        step, username=credentials["username"], password=credentials["password"]
    )
    return str(step["type"])


async def set_up_thinknx(client: HomeAssistantClient, facts: Mapping[str, Any]) -> str:
    """Paste one address of the server's page, then import the devices of all of them."""
    urls = (await client.get_json(f"{facts['control']}/urls"))["urls"]
    url, credentials = URL(urls[0]), facts["credentials"]
    step = await client.start_flow("thinknx")
    step = await client.continue_flow(step, next_step_id="local")
    step = await client.continue_flow(
        step,
        host=url.host,
        port=url.port,
        username=credentials["username"],
        password=credentials["password"],
    )
    if step["type"] == "create_entry":
        devices = (await client.get_json(f"{facts['control']}/devices"))["devices"]
        await import_devices(client, step["result"]["entry_id"], urls, devices)
    return str(step["type"])


async def set_up_victron_vrm(client: HomeAssistantClient, facts: Mapping[str, Any]) -> str:
    """Enter the access token of the account; then have it read often, and the house's history."""
    step = await client.start_flow("victron_vrm")
    step = await client.continue_flow(step, next_step_id="token")
    step = await client.continue_flow(step, token=facts["credentials"]["token"])
    if step["type"] == "create_entry":
        sites = (await client.get_json(f"{facts['control']}/sites"))["sites"]
        house = next(str(it["id"]) for it in sites if it["name"] == SITE)
        await client.set_options(
            step["result"]["entry_id"],
            poll_interval=120,
            history=True,
            # The sun over the other sites shines at other hours.
            forecast_sites=[house],
        )
    return str(step["type"])


async def import_devices(
    client: HomeAssistantClient,
    entry_id: str,
    urls: Iterable[str],
    devices: Iterable[Mapping[str, Any]],
) -> None:
    """Import a list as somebody would have made it from the addresses: with names and rooms."""
    known = {device["guid"]: device for device in devices}
    rows = [(known[URL(url).query["guid"].replace(" ", "+")], url) for url in urls]
    text = json.dumps(
        [
            {
                "name": device["name"].removeprefix(f"{device['area']} ").capitalize(),
                "url": url,
                "area": device["area"],
                "options": UNITS.get(device["name"], {}),
            }
            for device, url in rows
        ]
    )
    step = await client.start_subentry_flow(entry_id, "import")
    step = await client.continue_subentry_flow(step, text=text)
    (field,) = step["data_schema"]
    step = await client.continue_subentry_flow(step, rows=field["description"]["suggested_value"])
    if step.get("reason") != "imported":
        raise DemoError(f"the import ended with {step}")


DIALOGS: Mapping[str, Callable[[HomeAssistantClient, Mapping[str, Any]], Awaitable[str]]] = {
    "htrest": set_up_htrest,
    "nibe_rest": set_up_nibe_rest,
    "nuki_bridge": set_up_nuki_bridge,
    "thinknx": set_up_thinknx,
    "victron_vrm": set_up_victron_vrm,
}


async def set_up(
    client: HomeAssistantClient,
    facts: Mapping[str, Mapping[str, Any]],
    say: Callable[[str], None],
) -> None:
    """Bring a new Home Assistant to where the demo begins, but for the dashboards."""
    for domain, dialog in DIALOGS.items():
        say(f"setting up {domain}")
        if (kind := await dialog(client, facts[domain])) != "create_entry":
            raise DemoError(f"the dialog of {domain} ended with {kind}")
    # Rooms come last: what appears later has its room's name in its entity id.
    say("writing the past, arranging rooms and the energy dashboard")
    await write_past(client, facts["victron_vrm"])
    await furnish(client)


async def move_in(client: HomeAssistantClient, language: str) -> None:
    """Make the dashboards, and call everything by its name in a language."""
    words = words_of(language)
    for file in sorted(DASHBOARDS.glob("*.yaml")):
        board = yaml.safe_load(file.read_text(encoding="utf-8"))
        if words:
            board = in_words(board, words)
        path = file.stem.replace("_", "-")
        await client.call(
            "lovelace/dashboards/create",
            url_path=path,
            allow_single_word=True,
            title=board["title"],
            icon=board["icon"],
            mode="storage",
            show_in_sidebar=True,
        )
        await client.call("lovelace/config/save", url_path=path, config=board["config"])
    if words:
        await call_by_name(client, words, language)
    # Somebody is at the door already.
    await client.call("call_service", domain="rest_command", service="ring_the_bell")
