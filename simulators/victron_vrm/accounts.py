"""Who has an account, and what proves it.

Source: VRM API v2 documentation, sections auth and users/accesstokens. Guesses: how long a bearer
lives, and that access tokens without an expiry live for ever.
"""

import base64
from dataclasses import dataclass
import hmac
import json
from random import Random

from .errors import unauthorised

DEMO_USER = 22


@dataclass(slots=True)
class Account:
    """Somebody with an account."""

    id: int
    email: str
    name: str
    password: str
    country: str = "NL"
    language: str = "en"

    @property
    def demo(self) -> bool:
        """Return whether this is the account that everybody may use."""
        return self.id == DEMO_USER


@dataclass(slots=True)
class Bearer:
    """What a login brings."""

    secret: str
    account: Account
    expires: float


@dataclass(slots=True)
class AccessToken:
    """A token that its owner has made, with a name."""

    id: int
    name: str
    secret: str
    account: Account
    created: float
    expires: float | None = None


@dataclass(frozen=True, slots=True)
class Proof:
    """Whose request it is."""

    account: Account
    token: AccessToken | None
    """None: with a bearer."""
    secret: str


class Vault:
    """All accounts and what lets them in."""

    def __init__(self, seed: int) -> None:
        """Begin without anybody."""
        self.seed = seed
        self.accounts: dict[int, Account] = {}
        self.bearers: dict[str, Bearer] = {}
        self.tokens: dict[int, AccessToken] = {}
        self._random = Random(f"vrm:vault:{seed}")  # noqa: S311

    def log_in(self, account: Account, now: float, seconds: float) -> Bearer:
        """Return a new bearer."""
        claims = {"uid": str(account.id), "iat": int(now), "exp": int(now + seconds)}
        secret = ".".join(
            (
                _part({"alg": "RS256", "typ": "JWT"}),
                _part(claims),
                f"{self._random.getrandbits(256):064x}",
            )
        )
        bearer = self.bearers[secret] = Bearer(secret, account, now + seconds)
        return bearer

    def add_token(
        self, account: Account, name: str, now: float, expires: float | None = None
    ) -> AccessToken:
        """Make an access token."""
        number = max(self.tokens, default=580_000) + 1 + self._random.randrange(9)
        secret = f"{self._random.getrandbits(256):064x}"
        token = AccessToken(number, name, secret, account, now, expires)
        self.tokens[number] = token
        return token

    def of(self, account: Account) -> list[AccessToken]:
        """Return the access tokens of an account."""
        return [token for token in self.tokens.values() if token.account is account]

    def find(self, email: str, password: str) -> Account | None:
        """Return the account with this password."""
        for account in self.accounts.values():
            if account.email == email and same(account.password, password) and not account.demo:
                return account
        return None

    def judge(self, header: str | None, now: float) -> Proof:
        """Return whose header this is."""
        scheme, _, secret = (header or "").partition(" ")
        if not secret:
            raise unauthorised("Login required", "login_required")
        if scheme == "Bearer" and (bearer := self.bearers.get(secret)) is not None:
            if now < bearer.expires:
                return Proof(bearer.account, None, secret)
            raise unauthorised("Token has expired", "token_expired")
        if scheme == "Token":
            for token in self.tokens.values():
                if same(token.secret, secret):
                    if token.expires is None or now < token.expires:
                        return Proof(token.account, token, secret)
                    raise unauthorised("Token has expired", "token_expired")
        raise unauthorised()


def same(given: str, wanted: str) -> bool:
    """Compare secrets."""
    return hmac.compare_digest(given.encode(errors="replace"), wanted.encode())


def _part(content: dict[str, object]) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")
