"""A plain client of the Integration Kit; it shares nothing with the simulator."""

import asyncio
from base64 import b64encode
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
import json
from typing import Any
from urllib.parse import quote

from aiohttp import ClientResponse, ClientSession
from yarl import URL

from simulators.clock import ManualClock
from simulators.thinknx import ThinknxSimulator

STATUS = "/api/V1/system/serverStatus"


@asynccontextmanager
async def serving(clock: ManualClock, **options: Any) -> AsyncGenerator[ThinknxSimulator]:
    """Serve a house in which nothing happens by itself, and at once what is ordered."""
    quick: dict[str, Any] = {"service_seconds": 0, "bus_seconds": (0, 0), "alive": False}
    async with ThinknxSimulator(clock=clock, **quick | options) as house:
        yield house


class Owner:
    """Asks a house with the right password in a Basic header, or with the right key."""

    def __init__(self, house: ThinknxSimulator, session: ClientSession) -> None:
        """Talk to a house."""
        self.house = house
        self.session = session

    @property
    def headers(self) -> dict[str, str]:
        """Return the proof of the password."""
        secret = f"{self.house.username}:{self.house.password}"
        return {"Authorization": f"Basic {b64encode(secret.encode()).decode()}"}

    async def send(self, target: str, method: str = "GET", **more: Any) -> ClientResponse:
        """Return an answer that has been read; the target goes out as it is given."""
        more.setdefault("headers", self.headers)
        response = await self.session.request(
            method,
            URL(self.house.url + target, encoded=True),
            allow_redirects=False,
            **more,
        )
        await response.read()
        return response

    async def text(self, target: str, **more: Any) -> tuple[int, str]:
        """Return status and text of an answer."""
        response = await self.send(target, **more)
        return response.status, await response.text()

    async def ask(
        self, controller: str, guid: str | None = None, *flags: str, **params: Any
    ) -> tuple[int, Any]:
        """Return status and JSON of an answer; flags are bare tokens of the query."""
        given = {} if guid is None else {"guid": guid}
        pairs = [f"{name}={quote(str(value), safe='')}" for name, value in (given | params).items()]
        status, text = await self.text(f"/api/V1/{controller}?{'&'.join([*pairs, *flags])}")
        return status, json.loads(text)

    async def good(
        self, controller: str, guid: str | None = None, *flags: str, **params: Any
    ) -> dict[str, Any]:
        """Return the JSON of an answer 200."""
        status, body = await self.ask(controller, guid, *flags, **params)
        assert status == 200, body
        assert isinstance(body, dict)
        return body

    async def read(self, controller: str, guid: str) -> Any:
        """Return a status."""
        return (await self.good(controller, guid))["status"]

    def later(self, controller: str, guid: str, *flags: str, **params: Any) -> asyncio.Task[Any]:
        """Ask without waiting."""
        return asyncio.ensure_future(self.ask(controller, guid, *flags, **params))

    async def control(self, command: str, **body: Any) -> tuple[int, Any]:
        """Send a command to the control interface."""
        url = f"{self.house.control_url}/{command}"
        async with self.session.post(url, json=body) as answer:
            return answer.status, await answer.json()
