"""What servers offer for authentication, and digest as they do it.

aiohttp does all that is difficult. It looks at the first challenge of a 401 only; here a server may
offer Basic before Digest, and may challenge by a 403 (the vendor's description names no 401). And a
challenge that it cannot answer, or that counts for addresses of its own, it never forgets.
"""

from dataclasses import dataclass
from http import HTTPStatus
import re
from typing import Final, cast, override

from aiohttp import ClientResponse, DigestAuthMiddleware, hdrs
from multidict import CIMultiDict, MultiMapping
from yarl import URL

REFUSED: Final = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})
KNOWN: Final = frozenset({"digest", "basic"})
ALGORITHMS: Final = frozenset({"MD5", "MD5-SESS", "SHA-256", "SHA-256-SESS"})
PASSED_ON: Final[tuple[str, ...]] = ("realm", "nonce", "opaque", "algorithm")
MOST: Final = 8  # headers that are looked at
LONGEST: Final = 2000  # characters of each

# Quoted texts are matched first, so that no scheme is found inside them.
_SCHEME = re.compile(r'"(?:[^"\\]|\\.)*"|(?:^|,)\s*([A-Za-z][\w-]*)(?=\s+[^\s=,]|\s*(?:,|$))')
_PARAMETER = re.compile(r'(\w+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))')


def challenges(headers: MultiMapping[str]) -> list[tuple[str, dict[str, str]]]:
    """Return what a server offers: schemes and their parameters, names in lower case."""
    found: list[tuple[str, dict[str, str]]] = []
    for header in headers.getall(hdrs.WWW_AUTHENTICATE, [])[:MOST]:
        text = header[:LONGEST]
        schemes = [match for match in _SCHEME.finditer(text) if match[1]]
        ends = [match.start() for match in schemes[1:]] + [len(text)]
        for match, end in zip(schemes, ends, strict=False):
            pairs = _PARAMETER.findall(text, match.end(), end)
            parameters = {
                name.lower(): re.sub(r"\\(.)", r"\1", quoted) or bare
                for name, quoted, bare in pairs
            }
            found.append((match[1].lower(), parameters))
    return found


def offers(headers: MultiMapping[str]) -> frozenset[str]:
    """Return which ways of authentication that we know are offered."""
    return KNOWN & {scheme for scheme, _ in challenges(headers)}


def is_stale(headers: MultiMapping[str]) -> bool:
    """Return whether only the nonce was refused: the password is right."""
    return any(
        scheme == "digest" and parameters.get("stale", "").lower() == "true"
        for scheme, parameters in challenges(headers)
    )


@dataclass(frozen=True, slots=True)
class _Challenge:
    """A response as the middleware wants to see it."""

    url: URL
    headers: CIMultiDict[str]
    status: int = HTTPStatus.UNAUTHORIZED


class Digest(DigestAuthMiddleware):
    """Answers the first challenge that it can answer, whatever stands before it."""

    @property
    def challenged(self) -> bool:
        """Whether the server has asked for a digest."""
        return bool(self._challenge)

    @override
    def _authenticate(self, response: ClientResponse) -> bool:
        if response.status not in REFUSED:
            return False
        for scheme, parameters in challenges(response.headers):
            if scheme == "digest" and (offer := _answerable(parameters)):
                headers = CIMultiDict({hdrs.WWW_AUTHENTICATE: offer})
                challenge = _Challenge(response.url, headers)
                return super()._authenticate(cast("ClientResponse", challenge))
        return False


def _answerable(parameters: dict[str, str]) -> str | None:
    """Return a challenge as aiohttp understands it, None if it cannot be answered."""
    wanted = {name: parameters[name] for name in PASSED_ON if name in parameters}
    if "realm" not in wanted or not wanted.get("nonce"):
        return None
    if wanted.get("algorithm", "MD5").upper() not in ALGORITHMS:
        return None
    if not all(map(str.isprintable, wanted.values())):
        return None
    if qop := parameters.get("qop"):
        ways = {way.strip().lower() for way in qop.split(",")} & {"auth", "auth-int"}
        if not ways:
            return None
        wanted["qop"] = min(ways)  # "auth" if there is a choice
    return "Digest " + ", ".join(f'{name}="{_escaped(text)}"' for name, text in wanted.items())


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
