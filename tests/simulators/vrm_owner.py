"""A plain client of the VRM API; it shares nothing with the simulator."""

from typing import Any

from aiohttp import ClientResponse, ClientSession

from simulators.clock import ManualClock
from simulators.victron_vrm import VrmSimulator


class Owner:
    """Asks with the owner's access token."""

    def __init__(self, cloud: VrmSimulator, session: ClientSession) -> None:
        """Talk to a cloud."""
        self.cloud = cloud
        self.session = session
        self.header: dict[str, str] = {"X-Authorization": f"Token {cloud.token}"}
        self.user = cloud.owner.id

    @property
    def clock(self) -> ManualClock:
        """Return the clock of the cloud."""
        assert isinstance(self.cloud.clock, ManualClock)
        return self.cloud.clock

    async def send(self, path: str, method: str = "GET", **more: Any) -> ClientResponse:
        """Return an answer that has been read."""
        more.setdefault("headers", self.header)
        response = await self.session.request(method, f"{self.cloud.url}/v2/{path}", **more)
        await response.read()
        return response

    async def ask(self, path: str, method: str = "GET", **more: Any) -> tuple[int, Any]:
        """Return status and JSON of an answer."""
        response = await self.send(path, method, **more)
        return response.status, await response.json()

    async def good(self, path: str, method: str = "GET", **more: Any) -> Any:
        """Return the JSON of an answer that is neither refused nor in vain."""
        status, body = await self.ask(path, method, **more)
        assert status == 200, body
        assert body.get("success", True) is True, body
        return body

    async def sites(self, **params: Any) -> list[dict[str, Any]]:
        """Return the records of all sites."""
        body = await self.good(f"users/{self.user}/installations", params=params)
        records: list[dict[str, Any]] = body["records"]
        return records

    async def stats(self, site: int, *codes: str, **params: Any) -> Any:
        """Return energy readings."""
        given = [*params.items(), *(("attributeCodes[]", code) for code in codes)]
        return await self.good(f"installations/{site}/stats", params=given)

    async def control(self, command: str, **body: Any) -> tuple[int, Any]:
        """Send a command to the control interface."""
        url = f"{self.cloud.control_url}/{command}"
        async with self.session.post(url, json=body) as answer:
            return answer.status, await answer.json()
