"""The cloud as a whole: its accounts and sites, its limits."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from email.utils import format_datetime
from fnmatch import fnmatchcase
from http import HTTPStatus
import json
import math
from random import Random
import re
from typing import Any, override

from aiohttp import web

from simulators.base import Simulator
from simulators.clock import Clock

from .accounts import DEMO_USER, Account, Vault
from .auth_pages import AuthPages
from .bucket import Bucket
from .commands import add_commands, describe_switches
from .errors import ApiError, forbidden, invalid, not_found, unauthorised
from .hands import Hands
from .parks import kinds_of
from .router import Call, Router
from .site import Site
from .site_pages import SitePages
from .stats import VrmStats
from .styles import (
    DaySteps,
    Empty,
    ErrorStyle,
    LimitBody,
    Profile,
    RetryAfter,
    SiteKind,
    TokenApi,
    TwoFactor,
)
from .user_pages import UserPages

_DEMO_KINDS = (SiteKind.BOAT, SiteKind.ESS)
_LIST = re.compile(r"(\w+)\[\d*\]")
_LOGINS = ("/v2/auth/login", "/v2/auth/loginAsDemo")


class VrmSimulator(Hands, Simulator):
    """Victron's VRM portal, version 2 of its API, with an account and its sites."""

    domain = "victron_vrm"
    secret_params = frozenset({"token", "password", "sms_token"})
    stats: VrmStats

    keep_alive = True

    latency = 0.0
    """Seconds that every answer takes, side by side."""
    demo = True
    """Whether anybody may log in as the demo user."""
    password_login = True
    """Whether a password brings a bearer; the API has announced its end."""
    two_factor = TwoFactor.NONE
    bearer_seconds = 86_400.0
    codes_sent = 0
    """How many codes were sent by SMS."""
    token_api = TokenApi.BOTH
    token_api_missing_status = 404
    rate_size = 200
    """Requests that fit into the bucket; 0: there is no limit."""
    rate_drain = 3.0
    """Requests that run out of it in a second."""
    login_size = 10
    login_drain = 1 / 30
    retry_after = RetryAfter.SECONDS
    retry_after_seconds = 0
    """0: until there is room."""
    limit_body = LimitBody.JSON
    error_style = ErrorStyle.USUAL
    errors_as_200 = False
    """Whether what is refused has status 200 all the same, 401 and 429 apart."""
    empty = Empty.FALSE
    zeros_listed = False
    """Whether energy readings of zero are listed."""
    day_steps = DaySteps.SECONDS
    snapped_hours = False
    """Whether buckets of hours begin at full hours instead of at `start`."""
    instances_as_object = False
    lagging_enums = True
    """Whether diagnostics show an enum's text of the log before."""
    alarm_log = True
    """Whether there is an `alarm-log`; it is documented nowhere."""
    clear_alarm_by_delete = False
    """Whether `clear-alarm` also takes DELETE, as a public client sends it."""
    enum_alarms = True
    """Whether alarms of states are listed, which are spelled in another way than those of values."""

    def __init__(
        self,
        *,
        profile: str = Profile.HOME,
        kinds: Iterable[str] | None = None,
        seed: int = 1,
        username: str = "owner@example.com",
        password: str | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        control_port: int = 0,
        clock: Clock | None = None,
    ) -> None:
        """Prepare a cloud; nothing listens before `start`.

        `kinds` are the kinds of the sites, instead of those of the profile.
        """
        super().__init__(
            host=host, port=port, control_port=control_port, clock=clock, stats=VrmStats()
        )
        random = Random(f"vrm:{seed}")  # noqa: S311
        self.profile = Profile(profile)
        self.seed = seed
        self.code = f"{random.randrange(10**8):08d}"
        self.vault = Vault(seed)
        secret = f"{random.getrandbits(64):016x}" if password is None else password
        self.owner = self._add_account(Account(1001 + seed % 900, username, "Owner", secret))
        self.token = self.vault.add_token(self.owner, "Simulator", self.now - 86_400).secret
        self.sites: dict[int, Site] = {}
        wanted = kinds_of(self.profile) if kinds is None else [SiteKind(kind) for kind in kinds]
        for kind in wanted:
            self.add_site(kind)
        demo = self._add_account(Account(DEMO_USER, "demo@example.com", "Demo", "", language="pt"))
        for kind in _DEMO_KINDS:
            self.add_site(kind, account=demo).access_level = 0
        self.unauthorised: dict[str, int] = {}
        """Paths, in which * stands for anything, that refuse good credentials; with what status."""
        self.limits = Bucket()
        self.login_limits = Bucket()
        self._router = Router()
        AuthPages(self, self._router)
        UserPages(self, self._router)
        SitePages(self, self._router)
        add_commands(self)

    @property
    @override
    def credentials(self) -> dict[str, str]:
        return {
            "username": self.owner.email,
            "password": self.owner.password,
            "code": self.code,
            "token": self.token,
        }

    @property
    @override
    def now(self) -> float:
        """Return the seconds since 1970."""
        return self.clock.now().timestamp()

    def fill_bucket(self, level: float | None = None) -> None:
        """Let the bucket of the rate limit be so full from now on; None: to the brim."""
        self.limits.fill(self.rate_size if level is None else level, self.clock.monotonic())

    def own(self, call: Call) -> Account:
        """Return the account that a path names, if it is the caller's."""
        account = call.who.account
        if call.path["user"] != str(account.id):
            raise forbidden("You cannot see what belongs to another user")
        return account

    def site_for(self, call: Call) -> Site:
        """Return the site that a path names, if the caller may see it."""
        text = call.path["site"]
        if not text.isdecimal() or (site := self.sites.get(int(text))) is None:
            raise not_found("Installation not found")
        if site.owner_id != call.who.account.id:
            raise forbidden("You do not have access to this installation")
        return site

    @override
    def admit(self, request: web.Request) -> web.Response | None:
        name = self._router.name(request.method, request.path)
        self.stats.calls[name] += 1
        bucket, size, drain = self.limits, self.rate_size, self.rate_drain
        if request.path in _LOGINS:
            bucket, size, drain = self.login_limits, self.login_size, self.login_drain
        if size <= 0:
            return None
        seconds = bucket.take(self.clock.monotonic(), size, drain)
        self.stats.peak_level = max(self.stats.peak_level, self.limits.level)
        if seconds <= 0:
            return None
        self.stats.rejected += 1
        self.stats.limited[name] += 1
        return self._too_many(seconds)

    @override
    async def respond(self, request: web.Request) -> web.Response:
        if self.latency > 0:
            await self.clock.sleep(self.latency)
        try:
            return _written(await self._answered(request), HTTPStatus.OK)
        except ApiError as error:
            status = error.status
            if self.errors_as_200 and status != HTTPStatus.UNAUTHORIZED:
                status = HTTPStatus.OK
            body = error.body(self.error_style, self._language_of(request))
            return _written(body, status)

    @override
    def describe(self) -> dict[str, Any]:
        return {
            "profile": self.profile,
            "switches": describe_switches(self),
            "language": self.owner.language,
            "sites": len(self.sites_of(self.owner)),
            "tokens": len(self.vault.tokens),
            "bearers": len(self.vault.bearers),
            "unauthorised": self.unauthorised,
            "bucket": round(self.limits.level, 2),
        }

    async def _answered(self, request: web.Request) -> dict[str, Any] | str:
        """Return the body of a good answer."""
        route, path = self._router.find(request.method, request.path)
        proof = None
        if not route.open:
            try:
                if "Authorization" in request.headers:
                    self.stats.wrong_header += 1
                proof = self.vault.judge(request.headers.get("X-Authorization"), self.now)
                self._refuse_here(request.path)
            except ApiError:
                self.stats.refused[route.name] += 1
                raise
            self.stats.accounts[proof.account.id] += 1
        if "site" in path and path["site"].isdecimal():
            self.stats.at_site(int(path["site"]), route.name)
        call = Call(path, _single(request.query), _lists(request), await _body(request), proof)
        return route.answer(call)

    def _language_of(self, request: web.Request) -> str:
        try:
            header = request.headers.get("X-Authorization")
            return self.vault.judge(header, self.now).account.language
        except ApiError:
            return "en"

    def _refuse_here(self, path: str) -> None:
        for pattern, status in self.unauthorised.items():
            if fnmatchcase(path, pattern):
                if status == HTTPStatus.UNAUTHORIZED:
                    raise unauthorised("Login required", "invalid_credentials")
                raise ApiError(status, HTTPStatus(status).phrase)

    def _too_many(self, seconds: float) -> web.Response:
        text = "Too many requests"
        if self.limit_body is LimitBody.JSON:
            body = ApiError(429, text, "too_many_requests").body(self.error_style)
            answer = _written(body, HTTPStatus.TOO_MANY_REQUESTS)
        else:
            answer = web.Response(status=HTTPStatus.TOO_MANY_REQUESTS, text=text)
        wait = self.retry_after_seconds or math.ceil(seconds)
        if self.retry_after is RetryAfter.SECONDS:
            answer.headers["Retry-After"] = str(wait)
        elif self.retry_after is RetryAfter.DATE:
            moment = self.clock.wall() + timedelta(seconds=wait)
            answer.headers["Retry-After"] = format_datetime(moment, usegmt=True)
        return answer

    def _add_account(self, account: Account) -> Account:
        self.vault.accounts[account.id] = account
        return account


def _written(body: dict[str, Any] | str, status: int) -> web.Response:
    if isinstance(body, str):
        kind = "application/vnd.google-earth.kml+xml"
        return web.Response(status=status, text=body, content_type=kind)
    text = json.dumps(body, ensure_ascii=False)
    return web.Response(status=status, text=text, content_type="application/json")


def _single(query: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in query.items() if not _LIST.fullmatch(name)}


def _lists(request: web.Request) -> dict[str, list[str]]:
    lists: dict[str, list[str]] = {}
    for name, value in request.query.items():
        if (matched := _LIST.fullmatch(name)) is not None:
            lists.setdefault(matched[1], []).append(value)
    return lists


async def _body(request: web.Request) -> dict[str, Any]:
    if request.method == "GET" or not (text := await request.text()):
        return {}
    try:
        body = json.loads(text)
    except ValueError:
        raise invalid(body="The body must be JSON") from None
    return body if isinstance(body, dict) else {}
