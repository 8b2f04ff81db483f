"""One sky over the house: what its devices measure of weather and sun is the same.

Each simulator has weather of its own. Heliotherm's thermometer is taken as the true one, and the
Victron site's sun and consumption; the others are told what they would measure of that.
"""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import aiohttp

from .past import SITE

SECONDS_BETWEEN = 10.0
# Of the weather station and the meters of the KNX house.
OUTDOOR, SOLAR, CONSUMPTION = "Outdoor temperature", "Solar power", "House power"

type Facts = Mapping[str, Mapping[str, Any]]


class Sky:
    """Tells the simulators of one house what is outside."""

    def __init__(self, http: aiohttp.ClientSession, facts: Facts) -> None:
        """Know the simulators' control interfaces."""
        self._http = http
        self._control = {domain: str(fact["control"]) for domain, fact in facts.items()}
        self._objects: dict[str, str] = {}

    async def shine(self, speed: float) -> None:
        """Hold sun and temperature together until cancelled."""
        while True:
            with suppress(aiohttp.ClientError):  # a simulator that plays dead is asked again
                await self.look_around()
            await asyncio.sleep(max(1.0, SECONDS_BETWEEN / speed))

    async def look_around(self) -> None:
        """Have all measure the same, once.

        Raises:
            aiohttp.ClientError: a simulator does not answer.
        """
        celsius = (await self._ask("htrest", "params"))["Temp. Aussen"]
        sites = (await self._ask("victron_vrm", "sites"))["sites"]
        watts = next(site["watts"] for site in sites if site["name"] == SITE)
        await self._tell("nibe_rest", "outdoor", celsius=celsius)
        seen = {OUTDOOR: celsius, SOLAR: watts["solar"], CONSUMPTION: watts["consumption"]}
        if not self._objects:
            devices = (await self._ask("thinknx", "devices"))["devices"]
            self._objects = {device["name"]: device["guid"] for device in devices}
        for name, value in seen.items():
            await self._tell("thinknx", "analog", guid=self._objects[name], value=value)

    async def _ask(self, domain: str, page: str) -> dict[str, Any]:
        async with self._http.get(f"{self._control[domain]}/{page}") as answer:
            answer.raise_for_status()
            return dict(await answer.json())

    async def _tell(self, domain: str, command: str, **body: Any) -> None:
        async with self._http.post(f"{self._control[domain]}/{command}", json=body) as answer:
            answer.raise_for_status()
