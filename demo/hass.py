"""A Home Assistant for the demo: its folder, and its HTTP and websocket API."""

import asyncio
from collections.abc import Mapping
import json
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import aiohttp
from yarl import URL

from .problems import DemoError

START_SECONDS = 180

CONFIGURATION = """\
# Written anew at each start of the demo.
homeassistant:
  name: Hearthlink demo
  latitude: 48.2
  longitude: 16.4
  elevation: 170
  unit_system: metric
  time_zone: Europe/Vienna
  country: AT
  currency: EUR
  language: {language}
  internal_url: http://127.0.0.1:{port}
  auth_providers:
    - type: trusted_networks
      trusted_networks: 127.0.0.1
      allow_bypass_login: true
    - type: homeassistant

config:
energy:
frontend:
history:
logbook:
system_health:
webhook:

recorder:
  commit_interval: 1

automation: !include {automations}

# What people do at the doors, for the dashboard's buttons.
rest_command:
{commands}
"""

REST_COMMAND = """\
  {name}:
    url: {url}
    method: post
    content_type: application/json
    payload: '{payload}'
"""

# Name, command of the simulator's control interface, its payload.
COMMANDS: Mapping[str, list[tuple[str, str, dict[str, Any]]]] = {
    "htrest": [
        ("a_fault_comes", "fault_entry", {"error": 9, "message": "HD Schalter"}),
        ("the_fault_is_over", "fault_entry", {"error": 65534, "message": "Keine Stoerung"}),
        ("a_cold_front_comes", "value", {"values": {"Temp. Aussen": -12.5}}),
        ("the_cold_front_passes", "live", {"names": ["Temp. Aussen"]}),
        ("a_warm_day_comes", "value", {"values": {"Temp. Aussen": 18}}),
        ("the_heat_pump_falls_silent", "set", {"silent": True}),
        ("the_heat_pump_answers", "set", {"silent": False}),
    ],
    "nibe_rest": [
        ("an_alarm_comes", "alarm", {"alarm_id": 251, "header": "Low flow", "severity": 2}),
    ],
    "thinknx": [
        ("somebody_lights_the_kitchen", "light", {"guid": "F6+cp/nf9aj3YWZhe+RO2g", "on": True}),
        ("a_storm_comes", "analog", {"guid": "-yUqZxbepZmzSsAPagGGtA", "value": 18.5}),
        ("the_project_is_deployed_anew", "redeploy", {"remove": 1}),
        ("the_server_is_gone_for_a_minute", "restart", {"down": 60}),
    ],
    "victron_vrm": [
        ("the_house_falls_silent", "offline", {"site": "ess", "hours": 5, "delay": 600}),
        ("the_house_is_heard_again", "online", {"site": "ess", "delay": 600}),
        ("the_battery_is_nearly_empty", "hold", {"site": "ess", "code": "bs", "value": 7.5}),
        ("the_battery_goes_its_own_way", "live", {"site": "ess", "code": "bs"}),
        ("the_battery_raises_an_alarm", "alarm", {"site": "ess", "code": "ASoc"}),
        ("the_alarm_is_over", "end_alarms", {"site": "ess"}),
    ],
    "nuki_bridge": [
        ("ring_the_bell", "ring", {"nuki_id": 519623604}),
        ("front_door_opened", "door", {"nuki_id": 795492803, "open": True}),
        ("front_door_closed", "door", {"nuki_id": 795492803, "open": False}),
        ("cellar_turned_by_hand", "turn", {"nuki_id": 509385223, "state": 3}),
        ("garden_gate_jams_next", "lock", {"nuki_id": 981274194, "jam_next": True}),
    ],
}


def prepare_folder(
    folder: Path,
    root: Path,
    port: int,
    facts: Mapping[str, Mapping[str, Any]],
    language: str = "en",
) -> None:
    """Write the configuration; what Home Assistant keeps from an earlier start stays."""
    commands = "".join(
        REST_COMMAND.format(
            name=name, url=f"{facts[domain]['control']}/{command}", payload=json.dumps(payload)
        )
        for domain, listed in COMMANDS.items()
        if domain in facts
        for name, command, payload in listed
    )
    automations = root / "demo" / "automations.yaml"
    text = CONFIGURATION.format(
        port=port, language=language, commands=commands, automations=automations
    )
    (folder / "configuration.yaml").write_text(text, encoding="utf-8")
    blueprints = Path("blueprints/automation")
    # Home Assistant writes blueprints of its own beside ours: each folder is linked by itself.
    for name in (Path("custom_components"), *(blueprints / domain for domain in facts)):
        link = folder / name
        link.parent.mkdir(parents=True, exist_ok=True)
        if not link.is_symlink():
            link.symlink_to(root / name, target_is_directory=True)
    storage = folder / ".storage"
    storage.mkdir(exist_ok=True)
    # A version that Home Assistant migrates and takes for good. An `http:` block in YAML would be
    # on trial for five minutes and then be thrown away, with a restart on port 8123.
    _write_store(storage, "http", 1, {"server_host": ["127.0.0.1"], "server_port": port})
    onboarding = storage / "onboarding"
    if not onboarding.exists():
        done = ["core_config", "analytics", "integration"]
        _write_store(storage, "onboarding", 4, {"done": done})


def _write_store(storage: Path, key: str, version: int, data: dict[str, Any]) -> None:
    text = json.dumps({"version": version, "minor_version": 1, "key": key, "data": data})
    (storage / key).write_text(text, encoding="utf-8")


class HomeAssistantClient:
    """Drives Home Assistant as its own frontend does."""

    def __init__(self, port: int, folder: Path) -> None:
        """Remember where it is."""
        self.url = f"http://127.0.0.1:{port}"
        self._token_file = folder / "token"
        self._token = ""

    async def __aenter__(self) -> Self:
        """Open the session."""
        self._session = aiohttp.ClientSession()
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close the session."""
        await self._session.close()

    async def wait_until_ready(self) -> None:
        """Wait until everything is set up, and log in meanwhile."""
        await self.wait_until_reachable()
        await self.log_in()
        await self.wait_until_running()

    async def wait_until_reachable(self) -> None:
        """Wait for the frontend, which needs no login."""
        async with asyncio.timeout(START_SECONDS):
            while True:
                try:
                    async with self._session.get(f"{self.url}/manifest.json") as answer:
                        if answer.status == 200:
                            return
                except aiohttp.ClientError:
                    pass
                await asyncio.sleep(0.3)

    async def log_in(self) -> None:
        """Make the demo's user at the first start; keep a token for the next ones."""
        if self._token_file.exists():
            self._token = self._token_file.read_text(encoding="utf-8")
            return
        client_id = f"{self.url}/"
        user = {
            "name": "Demo", "username": "demo", "password": "demo",
            "language": "en", "client_id": client_id,
        }  # fmt: skip
        code = (await self._post("/api/onboarding/users", json=user))["auth_code"]
        grant = {"grant_type": "authorization_code", "code": code, "client_id": client_id}
        self._token = (await self._post("/auth/token", data=grant))["access_token"]
        self._token = await self.call(
            "auth/long_lived_access_token", client_name="demo", lifespan=3650
        )
        self._token_file.touch(mode=0o600)
        self._token_file.write_text(self._token, encoding="utf-8")

    async def wait_until_running(self) -> None:
        """Wait until all integrations are set up."""
        async with asyncio.timeout(START_SECONDS):
            # There is no event to wait for: the connection may be younger than the last one.
            while (await self.call("get_config"))["state"] != "RUNNING":  # noqa: ASYNC110
                await asyncio.sleep(0.3)

    @property
    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._token}"} if self._token else {}

    async def _post(self, path: str, **request: Any) -> Any:
        async with self._session.post(self.url + path, headers=self._headers, **request) as answer:
            if answer.status != 200:
                raise DemoError(
                    f"Home Assistant answered {answer.status} to {path}: {await answer.text()}"
                )
            return await answer.json()

    async def call(self, command: str, **parameters: Any) -> Any:
        """Send a websocket command and return its result.

        Raises:
            DemoError: Home Assistant no longer knows our token, or refuses the command.
        """
        # A connection of its own: one that is kept has to be listened to, or is cut after a while.
        async with self._session.ws_connect(f"{self.url}/api/websocket") as socket:
            await socket.receive_json()
            await socket.send_json({"type": "auth", "access_token": self._token})
            if (await socket.receive_json())["type"] != "auth_ok":
                raise DemoError("the login of an earlier demo is no longer valid: use --fresh")
            await socket.send_json({"id": 1, "type": command, **parameters})
            answer = await socket.receive_json()
        if not answer["success"]:
            raise DemoError(f"{command}: {answer['error']['message']}")
        return answer["result"]

    async def start_flow(self, domain: str) -> dict[str, Any]:
        """Start an integration's set-up dialog and return its first step."""
        path = "/api/config/config_entries/flow"
        step: dict[str, Any] = await self._post(path, json={"handler": domain})
        return step

    async def continue_flow(self, step: Mapping[str, Any], **answers: Any) -> dict[str, Any]:
        """Answer a step of a dialog and return the next one."""
        path = f"/api/config/config_entries/flow/{step['flow_id']}"
        following: dict[str, Any] = await self._post(path, json=answers)
        return following

    async def start_subentry_flow(self, entry_id: str, kind: str) -> dict[str, Any]:
        """Start a dialog that adds something to an entry, and return its first step."""
        path = "/api/config/config_entries/subentries/flow"
        step: dict[str, Any] = await self._post(path, json={"handler": [entry_id, kind]})
        return step

    async def continue_subentry_flow(
        self, step: Mapping[str, Any], **answers: Any
    ) -> dict[str, Any]:
        """Answer a step of such a dialog and return the next one."""
        path = f"/api/config/config_entries/subentries/flow/{step['flow_id']}"
        following: dict[str, Any] = await self._post(path, json=answers)
        return following

    async def remove_entry(self, entry_id: str) -> None:
        """Delete a config entry."""
        url = f"{self.url}/api/config/config_entries/entry/{entry_id}"
        async with self._session.delete(url, headers=self._headers) as answer:
            if answer.status != 200:
                raise DemoError(f"an entry cannot be deleted: {answer.status}")

    async def get_json(self, url: str, headers: Mapping[str, str] | None = None) -> Any:
        """Return a page of a simulator."""
        async with self._session.get(URL(url, encoded=True), headers=headers) as answer:
            return await answer.json()

    async def set_options(self, entry_id: str, **options: Any) -> None:
        """Fill in the one step of an entry's options; what is not named keeps its default."""
        path = "/api/config/config_entries/options/flow"
        step = await self._post(path, json={"handler": entry_id})
        step = await self._post(f"{path}/{step['flow_id']}", json=options)
        if step["type"] != "create_entry":
            raise DemoError(f"the options ended with {step['type']}")
