"""Client of a kettle."""

import aiohttp

from .models import Kettle


class KettleError(Exception):
    """Something went wrong with the kettle."""


class KettleClient:
    """Talks to a kettle."""

    def __init__(self, session: aiohttp.ClientSession, host: str) -> None:
        """Keep the session and the host."""
        self._session = session
        self._host = host

    async def get(self) -> Kettle:
        """Return what the kettle says now."""
        async with self._session.get(f"http://{self._host}/") as answer:
            found = await answer.json()
        return Kettle(found["temperature"], found["mood"])
