"""Digest authentication, as strict as a server can be.

Source: RFC 7616, and RFC 2069 for answers without qop. What the vendor's server does is unknown;
this one can be told to do it in several ways.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum, auto
import hashlib
import hmac
from random import Random
import re
from typing import TYPE_CHECKING

from .styles import Algorithm, NonceCount

if TYPE_CHECKING:
    from .simulator import ThinknxSimulator

_PAIR = re.compile(r'(\w+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]*))', re.ASCII)
_COUNT = re.compile(r"[0-9a-fA-F]{8}")
_HASHES: dict[str, Callable[[bytes], str]] = {
    Algorithm.MD5: lambda data: hashlib.md5(data, usedforsecurity=False).hexdigest(),
    Algorithm.SHA_256: lambda data: hashlib.sha256(data).hexdigest(),
}
_OPAQUE = "7c5f2a6d90b1e834"
_KEPT = 10_000


class Verdict(Enum):
    """What an answer to a challenge is worth."""

    GOOD = auto()
    STALE = auto()
    """Made with the right password and a nonce that does not count any more."""
    BAD = auto()


@dataclass(slots=True)
class _Nonce:
    realm: str
    issued: float
    uses: int = 0
    highest: int = 0
    counts: set[int] = field(default_factory=set)


class Digest:
    """Makes challenges and judges the answers."""

    def __init__(self, simulator: ThinknxSimulator, seed: int) -> None:
        """Judge for a simulator."""
        self._simulator = simulator
        self._random = Random(f"thinknx:nonce:{seed}")  # noqa: S311
        self._nonces: dict[str, _Nonce] = {}
        self._realms = 0

    def challenge(self, *, stale: bool) -> list[str]:
        """Return one or two challenges for the header WWW-Authenticate."""
        simulator = self._simulator
        simulator.stats.challenges += 1
        simulator.stats.stale_challenges += stale
        chosen = simulator.digest_algorithm
        both = (Algorithm.SHA_256, Algorithm.MD5)
        return [
            self._one(name, stale) for name in (both if chosen is Algorithm.BOTH else (chosen,))
        ]

    def judge(self, header: str, method: str, target: str) -> Verdict:
        """Judge a header Authorization; the target is that of the request line, as it came."""
        simulator = self._simulator
        given = {
            name.lower(): _unquoted(quoted, bare) for name, quoted, bare in _PAIR.findall(header)
        }
        algorithm = given.get("algorithm", Algorithm.MD5).upper()
        chosen = simulator.digest_algorithm
        if algorithm not in _HASHES or chosen not in {Algorithm.BOTH, algorithm}:
            return Verdict.BAD
        if given.get("username") != simulator.username or given.get("opaque") != _OPAQUE:
            return Verdict.BAD
        if given.get("uri") != target:
            simulator.stats.wrong_uris += 1
            return Verdict.BAD
        if bool(simulator.digest_qop) is not ("qop" in given):
            return Verdict.BAD
        wanted = self._response(given, method, _HASHES[algorithm])
        if wanted is None or not hmac.compare_digest(
            wanted.encode(), _octets(given.get("response", "").lower())
        ):
            return Verdict.BAD
        return self._spend(given)

    def forget(self) -> None:
        """Forget all nonces, as a restart does."""
        self._nonces.clear()

    def _one(self, algorithm: str, stale: bool) -> str:
        simulator = self._simulator
        realm = simulator.realm
        if simulator.realm_changes:
            self._realms += 1
            realm = f"{realm} {self._realms}"
        nonce = self._random.randbytes(16).hex()
        self._nonces[nonce] = _Nonce(realm, simulator.clock.monotonic())
        if len(self._nonces) > _KEPT:
            del self._nonces[next(iter(self._nonces))]
        parts = [f'realm="{_escaped(realm)}"']
        if simulator.digest_qop:
            parts.append(f'qop="{simulator.digest_qop}"')
        parts += [f'nonce="{nonce}"', f'opaque="{_OPAQUE}"', f"algorithm={algorithm}"]
        if stale:
            parts.append("stale=true")
        return f"Digest {', '.join(parts)}"

    def _response(
        self, given: dict[str, str], method: str, hashed: Callable[[bytes], str]
    ) -> str | None:
        """Return what the client ought to have sent."""
        first = f"{self._simulator.username}:{given.get('realm', '')}:{self._simulator.password}"
        middle = given.get("nonce", "")
        if self._simulator.digest_qop:
            count = _COUNT.fullmatch(given.get("nc", ""))
            if given["qop"] != "auth" or count is None or not given.get("cnonce"):
                return None
            middle += f":{given['nc']}:{given['cnonce']}:auth"
        secret, where = hashed(_octets(first)), hashed(_octets(f"{method}:{given['uri']}"))
        return hashed(_octets(f"{secret}:{middle}:{where}"))

    def _spend(self, given: dict[str, str]) -> Verdict:
        """Let a right answer use its nonce."""
        simulator = self._simulator
        nonce = self._nonces.get(given.get("nonce", ""))
        if nonce is None:
            return Verdict.STALE
        if nonce.realm != given.get("realm"):
            return Verdict.BAD
        age = simulator.clock.monotonic() - nonce.issued
        if simulator.nonce_seconds and age > simulator.nonce_seconds:
            return Verdict.STALE
        if simulator.nonce_requests and nonce.uses >= simulator.nonce_requests:
            return Verdict.STALE
        if simulator.digest_qop:
            count = int(given["nc"], 16)
            rule = simulator.nonce_count
            if (rule is NonceCount.RISING and count <= nonce.highest) or (
                rule is NonceCount.ONCE and count in nonce.counts
            ):
                simulator.stats.wrong_counts += 1
                return Verdict.STALE
            nonce.highest = max(nonce.highest, count)
            nonce.counts.add(count)
        nonce.uses += 1
        return Verdict.GOOD


def _unquoted(quoted: str, bare: str) -> str:
    return re.sub(r"\\(.)", r"\1", quoted) or bare


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _octets(text: str) -> bytes:
    """Return the bytes that came over the network; aiohttp keeps foreign ones as surrogates."""
    return text.encode("utf-8", "surrogateescape")
