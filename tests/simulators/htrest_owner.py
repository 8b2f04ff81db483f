"""A plain client of HtREST; it shares nothing with the simulator."""

import asyncio
from collections.abc import Callable
import json
from typing import Any

from aiohttp import ClientResponse, ClientSession
from yarl import URL

from simulators.htrest import HtRestSimulator

API = "/api/v1"
ROOM = "HKR Soll_Raum"
TANK = "WW Normaltemp."


async def eventually(happened: Callable[[], object]) -> None:
    """Give the thread that serves the time to do something."""
    for _ in range(5000):
        if happened():
            return
        await asyncio.sleep(0.001)
    raise AssertionError("it never happened")


class Owner:
    """Asks one server."""

    def __init__(self, house: HtRestSimulator, session: ClientSession) -> None:
        """Talk to a server."""
        self.house = house
        self.session = session

    async def send(
        self, method: str, path: str, body: Any = None, kind: str = "application/json"
    ) -> tuple[int, str, str]:
        """Return status, content type and text; the path goes out as it is given."""
        data = None if body is None else body if isinstance(body, str) else json.dumps(body)
        headers = {} if data is None else {"Content-Type": kind}
        async with self.session.request(
            method,
            URL(self.house.url + path, encoded=True),
            data=data,
            headers=headers,
            allow_redirects=False,
        ) as response:
            return response.status, response.headers["Content-Type"], await response.text()

    async def json(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Return status and JSON of an answer below the API's base."""
        status, kind, text = await self.send(method, API + path, body)
        assert kind == "application/json", text
        return status, json.loads(text)

    async def get(self, path: str) -> Any:
        """Return the JSON of a good answer."""
        status, body = await self.json("GET", path)
        assert status == 200, body
        return body

    async def put(self, path: str, body: Any) -> Any:
        """Write and return the JSON of a good answer."""
        status, answer = await self.json("PUT", path, body)
        assert status == 200, answer
        return answer

    async def message(self, method: str, path: str, body: Any = None) -> tuple[int, str]:
        """Return status and message of an error."""
        status, answer = await self.json(method, path, body)
        return status, answer["message"]

    async def control(self, command: str, /, **body: Any) -> ClientResponse:
        """Send a command to the control interface."""
        response = await self.session.post(f"{self.house.control_url}/{command}", json=body)
        await response.read()
        return response
