"""Where a server is, and the one place where addresses of requests are made and read.

Source: the vendor's description "Thinknx Integration Kit", chapters "Local", "Cloud" and "On
premise integration".
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
import re
from typing import Final
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlsplit

from yarl import URL

from .endpoints import KINDS

CLOUD_HOST: Final = "data.thinknx.eu"
LOCAL_PORT: Final = 5051
HTTPS_PORT: Final = 443
HTTP_PORT: Final = 80
LONGEST: Final = 2000  # characters of an address that somebody pastes

GUID: Final = re.compile(r"[A-Za-z0-9+/_=-]{8,64}", re.ASCII)

_PATH = re.compile(r"(?:/([^/]+))?/api/(v1)/((?:system/)?\w+)/?", re.IGNORECASE)

# Halves of characters, which JSON may hold and nothing can send on.
_HALF = re.compile("[\ud800-\udfff]")


class Connection(StrEnum):
    """How a server is reached."""

    LOCAL = "local"
    CLOUD = "cloud"
    ON_PREMISE = "on_premise"


class Auth(StrEnum):
    """How a local server wants to know who asks."""

    DIGEST = "digest"
    BASIC = "basic"
    QUERY = "query"


@dataclass(frozen=True, slots=True)
class Address:
    """A server; the key opens it, so it is never shown."""

    connection: Connection
    host: str
    port: int
    secure: bool = False
    key: str = field(default="", repr=False)
    version: str = "V1"  # of the API, in the spelling that this server knows

    def url(self, controller: str, query: Iterable[tuple[str, str | None]]) -> URL:
        """Return the address of a request; a parameter without a value stands bare.

        Raises:
            ValueError: the host is none; the text may hold it.
        """
        # Only yarl's own parts are encoded by yarl, which knows no bare token and keeps a plus.
        server = URL.build(
            scheme="https" if self.secure else "http", host=self.host, port=self.port
        )
        key = f"/{quote(self.key, safe='')}" if self.key else ""
        parameters = "&".join(
            quote(name, safe="") + ("" if value is None else f"={quote(value, safe='')}")
            for name, value in query
        )
        target = f"{key}/api/{self.version}/{controller}?{parameters}"
        return URL(f"{server}{target.removesuffix('?')}", encoded=True)


@dataclass(frozen=True, slots=True)
class Pasted:
    """What an address that somebody copied from the server's page tells."""

    address: Address | None  # None: it was a GUID alone
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    auth: Auth | None = None
    controller: str = ""
    guid: str = ""


def clean_guid(text: str) -> str | None:
    """Return a GUID, None if it cannot be one; a plus that became a blank is put back."""
    guid = text.strip().replace(" ", "+")
    return guid if GUID.fullmatch(guid) else None


def read_pasted(text: str) -> Pasted:
    """Return what a copied address, or a GUID alone, tells.

    Raises:
        ValueError: it is neither; the text says nothing of what was pasted.
    """
    text = _unbroken(text) if "://" in text else text.strip()
    if len(text) > LONGEST:
        raise ValueError("too long")
    if _HALF.search(text):
        raise ValueError("no address")
    if "://" not in text:
        if (guid := clean_guid(text)) is None:
            raise ValueError("no address")
        return Pasted(None, guid=guid)
    if (parts := _split(text)) is None or not (found := _PATH.fullmatch(parts.path)):
        raise ValueError("no address")
    host, port = parts.hostname or "", parts.port
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    # A plus was read as a blank; one at the end must not be stripped.
    guid = clean_guid(query.get("guid", "").replace(" ", "+")) or ""
    if query.get("guid") and not guid:
        raise ValueError("no GUID")
    secure, key = parts.scheme == "https", unquote(found[1] or "")
    usual = HTTPS_PORT if secure else HTTP_PORT
    if not key:
        connection, usual = Connection.LOCAL, HTTPS_PORT if secure else LOCAL_PORT
    elif host == CLOUD_HOST:
        connection, secure, port = Connection.CLOUD, True, HTTPS_PORT
    else:
        connection = Connection.ON_PREMISE
    in_query = bool(query.get("user"))
    asked = query.get("auth", "").lower()
    auth = Auth.QUERY if in_query else next((auth for auth in Auth if auth == asked), None)
    return Pasted(
        Address(connection, host, port or usual, secure, key, found[2]),
        user=query.get("user") or unquote(parts.username or ""),
        password=query.get("pass") or unquote(parts.password or ""),
        auth=auth,
        controller=_controller(found[3]),
        guid=guid,
    )


def _unbroken(text: str) -> str:
    """Return a copied address in one line; a plus in its query may have become a blank."""
    start, mark, query = text.strip().partition("?")
    lines = (line.strip() for line in query.splitlines())
    return "".join(start.split()) + mark + "".join(lines).replace(" ", "+")


def _split(text: str) -> SplitResult | None:
    """Return the parts of an address, None if it is none.

    Not an error, which would hold that of the parser, and that the address.
    """
    try:
        parts = urlsplit(text)
        whole = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        return None
    return parts if whole else None


def _controller(text: str) -> str:
    """Return a controller as we spell it."""
    return next((name for name in KINDS if name.lower() == text.lower()), text)
