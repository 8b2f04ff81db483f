"""Logging in and out, and access tokens.

Source: VRM API v2 documentation, sections auth and users/accesstokens, in its older and its newer
form. Guesses: the texts, `expiry` in seconds since 1970, ids as texts, and that a token may revoke
itself.
"""

from http import HTTPStatus
from typing import TYPE_CHECKING

from .accounts import DEMO_USER, AccessToken, Account
from .errors import ApiError, forbidden, invalid, not_found
from .router import Body, Call, Router
from .styles import TokenApi, TwoFactor

if TYPE_CHECKING:
    from .simulator import VrmSimulator


class AuthPages:
    """Who comes in, and with what."""

    def __init__(self, simulator: VrmSimulator, router: Router) -> None:
        """Serve a simulator's accounts."""
        self._simulator = simulator
        router.add("POST", "auth/login", self.login, is_open=True)
        router.add("GET", "auth/loginAsDemo", self.login_as_demo, is_open=True)
        router.add("GET", "auth/logout", self.logout)
        router.add("POST", "auth/logout", self.logout)
        tokens = "users/{user}/accesstokens"
        router.add("POST", f"{tokens}/create", self.create_old)
        router.add("GET", f"{tokens}/list", self.list_old)
        router.add("GET", f"{tokens}/{{token}}/revoke", self.revoke_old)
        router.add("POST", tokens, self.create_new)
        router.add("GET", tokens, self.list_new)
        router.add("DELETE", f"{tokens}/{{token}}", self.revoke_new)

    def login(self, call: Call) -> Body:
        """Log in with a password, and with a code where that is wanted."""
        simulator = self._simulator
        if not simulator.password_login:
            raise forbidden("Logging in with a password is no longer supported")
        username = call.body.get("username")
        password = call.body.get("password")
        if not isinstance(username, str) or not isinstance(password, str):
            raise invalid(username="The username and password fields are required")
        if (account := simulator.vault.find(username, password)) is None:
            raise _wrong("The username or password is incorrect", "invalid_credentials")
        code = call.body.get("sms_token")
        mode = simulator.two_factor
        if mode is not TwoFactor.NONE and not code:
            sent = mode is TwoFactor.SMS
            simulator.codes_sent += sent
            return self._logged_in(account, None, mode, sent=True)
        if mode is not TwoFactor.NONE and str(code) != simulator.code:
            raise _wrong("The verification code is incorrect", "invalid_sms_token")
        bearer = simulator.vault.log_in(account, simulator.now, simulator.bearer_seconds)
        return self._logged_in(account, bearer.secret, mode, sent=False)

    def login_as_demo(self, _: Call) -> Body:
        """Let anybody look at the demo sites."""
        simulator = self._simulator
        if not simulator.demo:
            raise forbidden("Demo login is not available")
        account = simulator.vault.accounts[DEMO_USER]
        bearer = simulator.vault.log_in(account, simulator.now, simulator.bearer_seconds)
        return {"token": bearer.secret}

    def logout(self, call: Call) -> Body:
        """Let a bearer be worth nothing from now on."""
        self._simulator.vault.bearers.pop(call.who.secret, None)
        return {"success": True}

    def create_new(self, call: Call) -> Body:
        """Make a token, at the newer path."""
        self._wants(TokenApi.NEW)
        return self._create(call)

    def create_old(self, call: Call) -> Body:
        """Make a token, at the older path."""
        self._wants(TokenApi.OLD)
        return self._create(call)

    def list_new(self, call: Call) -> Body:
        """List tokens, at the newer path."""
        self._wants(TokenApi.NEW)
        return self._list(call)

    def list_old(self, call: Call) -> Body:
        """List tokens, at the older path."""
        self._wants(TokenApi.OLD)
        return self._list(call)

    def revoke_new(self, call: Call) -> Body:
        """Revoke a token, at the newer path."""
        self._wants(TokenApi.NEW)
        return self._revoke(call)

    def revoke_old(self, call: Call) -> Body:
        """Revoke a token, at the older path."""
        self._wants(TokenApi.OLD)
        return self._revoke(call)

    def _wants(self, style: TokenApi) -> None:
        simulator = self._simulator
        if simulator.token_api not in {style, TokenApi.BOTH}:
            status = simulator.token_api_missing_status
            raise ApiError(status, HTTPStatus(status).phrase)

    def _owner(self, call: Call) -> Account:
        account = self._simulator.own(call)
        if account.demo:
            raise forbidden("The demo user cannot have access tokens")
        return account

    def _create(self, call: Call) -> Body:
        account = self._owner(call)
        vault, now = self._simulator.vault, self._simulator.now
        name, expiry = call.body.get("name"), call.body.get("expiry")
        if not isinstance(name, str) or not name:
            raise invalid(name="The name field is required")
        if any(token.name == name for token in vault.of(account)):
            raise invalid(name="The name has already been taken")
        if expiry is not None and (not isinstance(expiry, int | float) or expiry <= now):
            raise invalid(expiry="The expiry must be in the future")
        token = vault.add_token(account, name, now, expiry)
        return {"success": True, "token": token.secret, "idAccessToken": str(token.id)}

    def _list(self, call: Call) -> Body:
        tokens = self._simulator.vault.of(self._owner(call))
        return {"success": True, "tokens": [_shown(token) for token in tokens]}

    def _revoke(self, call: Call) -> Body:
        account = self._owner(call)
        vault, wanted = self._simulator.vault, call.path["token"]
        gone = [token.id for token in vault.of(account) if wanted in {"*", str(token.id)}]
        if not gone and wanted != "*":
            raise not_found("Access token not found")
        for number in gone:
            del vault.tokens[number]
        return {"success": True, "data": {"removed": len(gone)}}

    @staticmethod
    def _logged_in(account: Account, token: str | None, mode: TwoFactor, *, sent: bool) -> Body:
        return {
            "token": token,
            "idUser": account.id,
            "verification_mode": "password" if mode is TwoFactor.NONE else mode.value,
            "verification_sent": sent,
        }


def _wrong(text: str, code: str) -> ApiError:
    return ApiError(HTTPStatus.UNAUTHORIZED, text, code)


def _shown(token: AccessToken) -> Body:
    return {
        "name": token.name,
        "idAccessToken": str(token.id),
        "createdOn": str(int(token.created)),
        "scope": "all",
        "expires": None if token.expires is None else str(int(token.expires)),
    }
