"""The heat pump's certificate: read once, confirmed by the user, and pinned from then on.

The certificate is self-signed; the vendor's app shows its fingerprint. The server's TLS is old on
some models, so ciphers are not held to today's standard: what counts is that the certificate is
the one that the user saw.
"""

import asyncio
from collections.abc import Mapping
import hashlib
import ssl

import aiohttp

from .errors import NibeConnectionError

HANDSHAKE_TIMEOUT = 15.0


def _relaxed_context() -> ssl.SSLContext:
    # Without default certificates: loading those would block the event loop, for nothing.
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    return context


RELAXED = _relaxed_context()


async def read_fingerprint(host: str, port: int) -> str:
    """Return the SHA-256 of the server's certificate, after a handshake and no request.

    Raises:
        NibeConnectionError: nothing speaks TLS there.
    """
    try:
        async with asyncio.timeout(HANDSHAKE_TIMEOUT):
            _, writer = await asyncio.open_connection(host, port, ssl=RELAXED)
    except (OSError, TimeoutError) as err:
        raise NibeConnectionError(type(err).__name__) from None
    try:
        certificate = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
    finally:
        writer.close()
    return hashlib.sha256(certificate).hexdigest()


def readable(fingerprint: str) -> str:
    """Return a fingerprint as the vendor's app shows it: pairs with colons."""
    pairs = (fingerprint[place : place + 2] for place in range(0, len(fingerprint), 2))
    return ":".join(pairs).upper()


def pinned_session(fingerprint: str, headers: Mapping[str, str]) -> aiohttp.ClientSession:
    """Return a session of one connection that talks to the holder of this certificate alone.

    On a mismatch nothing is sent. Requests have to pass ssl=RELAXED besides: the fingerprint of
    the connector is checked all the same.
    """
    pin = aiohttp.Fingerprint(bytes.fromhex(fingerprint))
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(ssl=pin, limit=1, force_close=True), headers=headers
    )
