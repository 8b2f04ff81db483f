"""The vendor's list of bridges, asked only when the user wants it."""

from http import HTTPStatus

import aiohttp

from .api import READ_TIMEOUT, decoded, parsed
from .errors import NukiConnectionError, NukiStatusError
from .models import DiscoveredBridge
from .parsing import parse_discovery
from .transport import read_body


async def discover(session: aiohttp.ClientSession, url: str) -> list[DiscoveredBridge]:
    """Ask the vendor's server which bridges it saw behind our public address.

    Raises:
        NukiConnectionError: the server cannot be reached.
        NukiResponseError: it answered something else.
    """
    try:
        async with session.get(
            url, allow_redirects=False, timeout=aiohttp.ClientTimeout(total=READ_TIMEOUT)
        ) as response:
            if response.status != HTTPStatus.OK:
                raise NukiStatusError(response.status)
            body = await read_body(response)
    except (aiohttp.ClientError, TimeoutError) as err:
        raise NukiConnectionError(type(err).__name__) from None
    return parsed(parse_discovery, decoded(body))
