"""A small client of the tests for a pump; it shares nothing with the simulator."""

from base64 import b64encode
from typing import Any

from aiohttp import ClientSession, Fingerprint

from simulators.nibe_rest import NibeSimulator

DEVICE = "/api/v1/devices/0"
POINTS = f"{DEVICE}/points"


class Owner:
    """Asks a pump with the right password and the right fingerprint."""

    def __init__(self, pump: NibeSimulator, session: ClientSession) -> None:
        """Talk to a pump."""
        self.pump = pump
        self.session = session

    async def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        password: str | None = None,
        language: str | None = None,
        **more: Any,
    ) -> tuple[int, Any]:
        """Return status and JSON of an answer; the text where it is no JSON."""
        pump = self.pump
        secret = f"{pump.username}:{pump.password if password is None else password}"
        headers = {"Authorization": f"Basic {b64encode(secret.encode()).decode()}"}
        if language is not None:
            headers["Accept-Language"] = language
        if body is not None:
            more["json"] = body
        if pump.ssl_context is not None:
            more.setdefault("ssl", Fingerprint(bytes.fromhex(pump.fingerprint)))
        async with self.session.request(method, pump.url + path, headers=headers, **more) as answer:
            if answer.content_type == "application/json":
                return answer.status, await answer.json()
            return answer.status, await answer.text()

    async def get(self, path: str, **more: Any) -> Any:
        """Return the JSON of a good answer."""
        status, body = await self.ask("GET", path, **more)
        assert status == 200, body
        return body

    async def points(self, **more: Any) -> dict[str, dict[str, Any]]:
        """Return all points."""
        listed: dict[str, dict[str, Any]] = await self.get(POINTS, **more)
        return listed

    async def values(self) -> dict[str, int]:
        """Return all raw values."""
        return {key: point["value"]["integerValue"] for key, point in (await self.points()).items()}

    async def value(self, number: int) -> int:
        """Return one raw value."""
        point = await self.get(f"{POINTS}/{number}")
        raw: int = point["value"]["integerValue"]
        return raw

    async def patch(self, body: Any) -> tuple[int, Any]:
        """Send a body of writes."""
        return await self.ask("PATCH", POINTS, body)

    async def write(self, number: int, raw: int, **more: Any) -> Any:
        """Write one value in the shortest form and return what is said about it."""
        item = {"type": "datavalue", "variableId": number, "integerValue": raw} | more
        status, body = await self.patch([item])
        assert status == 200, body
        assert list(body) == [str(number)]
        return body[str(number)]

    async def control(self, command: str, body: Any = None) -> tuple[int, Any]:
        """Send a command to the control interface."""
        url = f"{self.pump.control_url}/{command}"
        async with self.session.post(url, json=body or {}) as answer:
            return answer.status, await answer.json()
