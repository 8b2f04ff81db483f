"""A real Home Assistant with five simulated devices, to be clicked through."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from demo.hass import HomeAssistantClient, prepare_folder
from demo.house import DIALOGS, PROFILES
from demo.processes import ROOT, free_port, home_assistant, simulator

PATIENCE = 60.0


@dataclass
class House:
    """Home Assistant, its client, and what each simulator says of itself."""

    folder: Path
    url: str
    client: HomeAssistantClient
    facts: Mapping[str, Mapping[str, Any]]
    http: aiohttp.ClientSession

    async def tell(self, domain: str, command: str, **payload: Any) -> Any:
        """Give a simulator a command of its control interface."""
        async with self.http.post(
            f"{self.facts[domain]['control']}/{command}", json=payload
        ) as answer:
            assert answer.status == 200, await answer.text()
            return await answer.json()

    async def ask(self, domain: str, path: str = "") -> Any:
        """Return what a simulator shows of its state."""
        async with self.http.get(f"{self.facts[domain]['control']}/{path}") as answer:
            assert answer.status == 200, await answer.text()
            return await answer.json()

    async def state(self, entity_id: str) -> str | None:
        """Return the state of an entity, None if it does not exist."""
        states = await self.client.call("get_states")
        return next((str(s["state"]) for s in states if s["entity_id"] == entity_id), None)

    async def entities(self, domain: str) -> list[dict[str, Any]]:
        """Return the registered entities of an integration."""
        listed = await self.client.call("config/entity_registry/list")
        return [entity for entity in listed if entity["platform"] == domain]

    async def refresh(self, domain: str) -> None:
        """Have an integration look at its device now, as a user would who waits for it."""
        shown = [
            entity["entity_id"]
            for entity in await self.entities(domain)
            if not entity["disabled_by"] and entity["entity_id"].startswith(("lock.", "sensor."))
        ]
        await self.client.call(
            "call_service",
            domain="homeassistant",
            service="update_entity",
            service_data={"entity_id": shown[:1]},
        )

    async def entry(self, domain: str) -> dict[str, Any] | None:
        """Return the config entry of an integration, if there is one."""
        entries = await self.client.call("config_entries/get", domain=domain)
        return dict(entries[0]) if entries else None

    async def remove(self, domain: str) -> None:
        """Delete the entry of an integration."""
        entry = await self.entry(domain)
        assert entry
        await self.client.remove_entry(entry["entry_id"])

    async def until(
        self, what: Callable[[], Any], wanted: Any = True, seconds: float = PATIENCE
    ) -> None:
        """Wait until something has come about.

        Raises:
            AssertionError: it has not within a minute, or what else is given.
        """
        found = None
        for _ in range(int(seconds / 0.2)):
            found = what()
            if asyncio.iscoroutine(found):
                found = await found
            if found == wanted:
                return
            await asyncio.sleep(0.2)
        raise AssertionError(f"still {found!r}, not {wanted!r}")

    def log(self) -> str:
        """Return what Home Assistant has logged so far."""
        return (self.folder / "home-assistant.log").read_text(encoding="utf-8")


@asynccontextmanager
async def running_house(folder: Path, python: str) -> AsyncGenerator[House]:
    """Start everything, with a user who is logged in and nothing set up."""
    port = free_port()
    async with AsyncExitStack() as stack:
        facts = {
            domain: await stack.enter_async_context(simulator(domain, profile=PROFILES.get(domain)))
            for domain in DIALOGS
        }
        prepare_folder(folder, ROOT, port, facts)
        await stack.enter_async_context(
            home_assistant(folder, facts, folder / "output.log", python)
        )
        client = await stack.enter_async_context(HomeAssistantClient(port, folder))
        await client.wait_until_ready()
        http = await stack.enter_async_context(aiohttp.ClientSession())
        yield House(folder, client.url, client, facts, http)
