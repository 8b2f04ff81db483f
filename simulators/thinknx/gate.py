"""Who may come in.

Source: the vendor's wiki page "integration_kit" (2022-09-06): `auth=basic` or `auth=digest` in the
query, credentials before the host or as `user` and `pass`, 403 for wrong ones, and in the cloud a
key in the path. That the parameter chooses the method, and whether the challenge is 401 or 403, are
guesses.
"""

import base64
import binascii
from collections.abc import Mapping
import hmac
from http import HTTPStatus
from typing import TYPE_CHECKING

from aiohttp import web

from .digest import Digest, Verdict
from .styles import Auth, Offer

if TYPE_CHECKING:
    from .simulator import ThinknxSimulator

_ALL = frozenset({Auth.BASIC, Auth.QUERY, Auth.DIGEST})
_ASKED = {
    "basic": frozenset({Auth.BASIC, Auth.QUERY}),
    "digest": frozenset({Auth.DIGEST}),
}


class Gate:
    """Lets requests in, or turns them away."""

    def __init__(self, simulator: ThinknxSimulator, seed: int) -> None:
        """Guard a simulator."""
        self.digest = Digest(simulator, seed)
        self.failures = 0
        """Wrong credentials since the last right ones."""
        self._simulator = simulator
        self._locked_until = 0.0

    @property
    def locked(self) -> bool:
        """Return whether nobody is let in, not even with the right password."""
        return self._simulator.clock.monotonic() < self._locked_until

    def unlock(self) -> None:
        """Let people try again."""
        self.failures = 0
        self._locked_until = 0.0

    def turn_away(
        self, request: web.Request, params: Mapping[str, str], key: str | None
    ) -> web.Response | None:
        """Return the answer to somebody who may not come in, or None."""
        simulator = self._simulator
        if self.locked:
            simulator.stats.locked_out += 1
            return _refusal(HTTPStatus.FORBIDDEN)
        if key is not None:
            if simulator.key_accepted and same(key, simulator.key):
                self.failures = 0
                return None
            self._failed()
            return _refusal(HTTPStatus.FORBIDDEN)
        if simulator.auth is Auth.NONE:
            return None
        taken = _ALL if simulator.auth is Auth.ANY else frozenset({simulator.auth})
        methods = taken & _ASKED.get(params.get("auth", "").lower(), _ALL) or taken
        verdict = self._judge(request, params, methods)
        if verdict is Verdict.GOOD:
            self.failures = 0
            return None
        if verdict is Verdict.BAD:
            self._failed()
            status = simulator.bad_credentials_status
            challenged = status == HTTPStatus.UNAUTHORIZED
            return self._challenge(methods, status) if challenged else _refusal(status)
        stale = verdict is Verdict.STALE
        return self._challenge(methods, simulator.challenge_status, stale=stale)

    def _judge(
        self, request: web.Request, params: Mapping[str, str], methods: frozenset[Auth]
    ) -> Verdict | None:
        """Judge the credentials; None: there are none of a kind that is taken."""
        simulator = self._simulator
        header = request.headers.get("Authorization", "")
        scheme, _, rest = header.partition(" ")
        verdict: Verdict | None = None
        if scheme.lower() == "digest" and Auth.DIGEST in methods:
            verdict = self.digest.judge(rest, request.method, request.raw_path)
        elif scheme.lower() == "basic" and Auth.BASIC in methods:
            verdict = _fits(_decoded(rest), f"{simulator.username}:{simulator.password}".encode())
        elif Auth.QUERY in methods and "pass" in params:
            given = f"{params.get('user', '')}:{params['pass']}"
            wanted = f"{simulator.username}:{simulator.password}"
            verdict = _fits(given.encode(errors="surrogateescape"), wanted.encode())
        if verdict is Verdict.GOOD and not simulator.password_accepted:
            return Verdict.BAD
        return verdict

    def _failed(self) -> None:
        simulator = self._simulator
        simulator.stats.auth_failures += 1
        self.failures += 1
        if simulator.lockout_after and self.failures >= simulator.lockout_after:
            self._locked_until = simulator.clock.monotonic() + simulator.lockout_seconds
            self.failures = 0

    def _challenge(
        self, methods: frozenset[Auth], status: int, *, stale: bool = False
    ) -> web.Response:
        """Ask for credentials."""
        answer = _refusal(status)
        offer = self._simulator.offer
        basic = [f'Basic realm="{self._simulator.realm}"']
        offered: list[str] = []
        if offer is Offer.ASKED:
            if Auth.DIGEST in methods:
                offered += self.digest.challenge(stale=stale)
            if Auth.BASIC in methods:
                offered += basic
        elif offer is not Offer.NOTHING:
            digest = self.digest.challenge(stale=stale)
            offered = digest + basic if offer is Offer.DIGEST_FIRST else basic + digest
        if offer is Offer.ONE_HEADER:
            offered = [", ".join(offered)]
        for challenge in offered:
            answer.headers.add("WWW-Authenticate", challenge)
        return answer


def same(given: str, wanted: str) -> bool:
    """Compare secrets."""
    return hmac.compare_digest(given.encode(errors="surrogateescape"), wanted.encode())


def _fits(given: bytes, wanted: bytes) -> Verdict:
    return Verdict.GOOD if hmac.compare_digest(given, wanted) else Verdict.BAD


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text.strip(), validate=True)
    except binascii.Error:
        return b""


def _refusal(status: int) -> web.Response:
    return web.Response(status=status, text=HTTPStatus(status).phrase)
