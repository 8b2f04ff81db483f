"""The server as a whole: its ports, its rate limit, its project."""

import asyncio
from collections.abc import Callable
from datetime import UTC, timedelta, tzinfo
from email.utils import format_datetime
from http import HTTPStatus
import math
from random import Random
import string
from typing import Any, override

from aiohttp import web

from simulators.base import Simulator
from simulators.clock import Clock
from simulators.stats import RequestRecord

from .answers import ERRORS, IMPOSSIBLE
from .bucket import Bucket
from .commands import add_commands, describe_switches
from .controllers import Kind
from .endpoints import Endpoints, masked_path
from .gate import Gate
from .plant import BUS_SECONDS, Change, Plant
from .poke import Poke, Poker
from .project import Project, example, shown
from .pulse import Pulse
from .stats import ThinknxStats
from .status import ServerStatus
from .styles import (
    Algorithm,
    Auth,
    HeightParameter,
    NonceCount,
    Offer,
    Profile,
    RetryAfter,
    Spelling,
    StatusFormat,
    TriggerCommand,
    UptimeStyle,
)
from .tricks import Trick, TrickBox, TrickKind

SERVICE_SECONDS = 0.03

_GONE: web.RequestKey[asyncio.Event] = web.RequestKey("gone", asyncio.Event)


class ThinknxSimulator(Project, Simulator):
    """A Thinknx server, or the cloud in front of it, with a KNX plant.

    Every request takes `service_seconds`, side by side. A request beyond the rate limit is answered
    with 429 at once and carried out by nobody.
    """

    domain = "thinknx"
    secret_params = frozenset({"pass"})
    stats: ThinknxStats

    keep_alive = True

    spelling = Spelling.BOTH
    content_type = "application/json"
    status_format = StatusFormat.NUMBER
    formats: dict[str, StatusFormat]
    """Endpoints that write their status in another way than `status_format`."""
    comm_obj_text = False
    wrong_guid = False
    wrong_namespace = False
    error_statuses: dict[str, int]
    """Which HTTP status goes with which error."""
    errors_as_200 = False
    errors_as_html = False
    unsupported_error = IMPOSSIBLE
    """What an object says to an endpoint that it does not have."""
    height_parameter = HeightParameter.VAL
    trigger_command = TriggerCommand.EITHER
    group_suffix = True
    """Whether a group address may end in the number of an interface, as in 1/0/1-255."""
    missing_comma = False
    uptime_style = UptimeStyle.PLAIN

    strict_fb = True
    """Whether only the bare token counts, not `fb=` or `fb=1`."""
    fb_answered = True
    """False: a request with `fb` is never answered."""
    fb_status = True

    rate_limit = 0.0
    """Requests per second; 0: no limit."""
    rate_burst = 20
    retry_after = RetryAfter.NOTHING
    retry_after_seconds = 0.0
    """0: until the limit would let a request in."""

    auth = Auth.ANY
    password_accepted = True
    key_accepted = True
    challenge_status = 401
    bad_credentials_status = 403
    offer = Offer.ASKED
    realm = "Thinknx"
    realm_changes = False
    """Whether every challenge has a realm of its own."""
    digest_algorithm = Algorithm.MD5
    digest_qop = "auth"
    """Empty: digest as in RFC 2069."""
    nonce_requests = 0
    """How many requests a nonce is good for; 0: any number."""
    nonce_seconds = 0.0
    """How long a nonce is good; 0: for ever."""
    nonce_count = NonceCount.RISING
    lockout_after = 0
    """Wrong credentials in a row after which nobody is let in; 0: any number."""
    lockout_seconds = 300.0

    def __init__(
        self,
        *,
        profile: str = Profile.LOCAL,
        seed: int = 1,
        username: str = "service",
        password: str | None = None,
        key: str | None = None,
        auth: str = Auth.ANY,
        host: str = "127.0.0.1",
        port: int = 0,
        control_port: int = 0,
        clock: Clock | None = None,
        service_seconds: float = SERVICE_SECONDS,
        bus_seconds: tuple[float, float] = BUS_SECONDS,
        activity: float = 1.0,
        alive: bool = True,
        zone: tzinfo = UTC,
    ) -> None:
        """Prepare a server; nothing listens before `start`.

        The bus confirms within `bus_seconds`; `activity` is how busy people are (1: as usual).
        """
        super().__init__(
            host=host, port=port, control_port=control_port, clock=clock, stats=ThinknxStats()
        )
        self.profile = Profile(profile)
        self.seed = seed
        self.username = username
        self.password = _secret(f"password:{seed}", 16) if password is None else password
        self.key = _secret(f"key:{seed}", 32) if key is None else key
        self.auth = Auth(auth)
        self.service_seconds = service_seconds
        self._begun = self.clock.monotonic()
        self.plant = Plant(
            seed, self.clock.now().astimezone(zone), bus_seconds=bus_seconds, activity=activity
        )
        self.plant.alive = alive
        self.pulse = Pulse(self)
        self.server = ServerStatus(self, seed)
        self.gate = Gate(self, seed)
        self.tricks = TrickBox()
        self.poker = Poker(self)
        self.restricted = set()
        self.formats = {}
        self.error_statuses = {text: int(code) for text, code in ERRORS.items()}
        self._bucket = Bucket()
        self._endpoints = Endpoints(self)
        add_commands(self)

    @property
    @override
    def credentials(self) -> dict[str, str]:
        if self.profile is Profile.CLOUD:
            return {"username": "", "password": "", "key": self.key, "auth": "key"}
        auth = Auth.DIGEST if self.auth is Auth.ANY else self.auth
        return {
            "username": self.username,
            "password": self.password,
            "key": "",
            "auth": auth.value,
        }

    @property
    def alive(self) -> bool:
        """Return whether anything happens that nobody has ordered."""
        return self.plant.alive

    @alive.setter
    def alive(self, alive: bool) -> None:
        self.settle()
        self.plant.alive = alive

    @property
    def pokes(self) -> list[Poke]:
        """Return all calls of the poke."""
        return self.poker.calls

    @override
    def settle(self) -> None:
        self.plant.settle(self.clock.monotonic() - self._begun)

    def trick(self, kind: TrickKind | str, **options: Any) -> Trick:
        """Let a trick wait for requests; the options are the fields of `Trick`."""
        trick = Trick(TrickKind(kind), **options)
        self.tricks.add(trick)
        return trick

    def fail(self, text: str, **options: Any) -> Trick:
        """Answer the next request with an error of the given text, without carrying it out."""
        return self.trick(TrickKind.ERROR, text=text, **options)

    async def restart(self, down: float = 0.0, *, reboot: bool = False) -> None:
        """Restart the server's software or all of it: gone for a while, nonces forgotten."""
        self.settle()
        self.server.restarted(reboot=reboot)
        self.gate.digest.forget()
        self.gate.unlock()
        self._bucket.fill()
        self.disconnect()
        if down > 0:
            await self.refuse(down)

    def kit_urls(self, *, secrets: str = "") -> list[str]:
        """Return the URLs of all objects as the server's page shows them for copying.

        `secrets` puts the password in: before the host (`userinfo`) or behind the rest (`query`).
        The key of the cloud is part of every URL.
        """
        start, end = self.url, ""
        if self.profile is Profile.CLOUD:
            start += f"/{self.key}"
        elif secrets == "userinfo":
            start = start.replace("://", f"://{self.username}:{self.password}@")
            end = "&auth=digest"
        elif secrets == "query":
            end = f"&auth=basic&user={self.username}&pass={self.password}"
        version = "V1" if self.spelling is Spelling.BOTH else self.spelling.value
        return [
            f"{start}/api/{version}/{controller}?guid={device.guid}{example(controller)}{end}"
            for device in self.plant.devices.values()
            for controller in shown(device)
        ]

    def set_poke(self, url: str | None) -> None:
        """Call an address whenever something has changed; None: no more."""
        self.poker.url = url
        self._beat()

    def watch(self, listener: Callable[[Change], None]) -> None:
        """Tell somebody of every change at its time, until the server stops."""
        self.plant.listeners.append(listener)
        self._beat()

    async def delivered(self) -> None:
        """Wait until all pokes under way have come to an end."""
        await self.poker.delivered()

    @override
    async def start(self) -> None:
        await super().start()
        self._beat()

    @override
    async def stop(self) -> None:
        await super().stop()
        self.pulse.end()
        await self.poker.close()

    @override
    def admit(self, request: web.Request) -> web.Response | None:
        if self.rate_limit <= 0:
            return None
        seconds = self._bucket.take(self.rate_limit, self.rate_burst, self.clock.monotonic())
        if seconds <= 0:
            return None
        self.stats.rejected += 1
        self.stats.refused[masked_path(request.path)] += 1
        answer = web.Response(status=429, text=HTTPStatus.TOO_MANY_REQUESTS.phrase)
        wait = math.ceil(self.retry_after_seconds or seconds)
        if self.retry_after is RetryAfter.SECONDS:
            answer.headers["Retry-After"] = str(wait)
        elif self.retry_after is RetryAfter.DATE:
            moment = self.clock.wall() + timedelta(seconds=wait)
            answer.headers["Retry-After"] = format_datetime(moment, usegmt=True)
        return answer

    @override
    async def respond(self, request: web.Request) -> web.Response:
        return await self._endpoints.respond(request, request[_GONE])

    @override
    def describe(self) -> dict[str, Any]:
        self.settle()
        kinds = {kind.value: len(self.plant.of_kind(kind)) for kind in Kind}
        return {
            "profile": self.profile,
            "switches": describe_switches(self),
            "devices": kinds,
            "readable": len(self.readable),
            "seconds": self.plant.now,
            "server": self.server.facts(),
            "restricted": sorted(self.restricted),
            "locked": self.gate.locked,
            "tricks": self.tricks.as_list(),
            "poke": self.poker.url,
        }

    @override
    def _record(self, request: web.Request) -> RequestRecord:
        record = super()._record(request)
        record.path = masked_path(record.path)
        return record

    @override
    async def _answer(
        self, request: web.Request, record: RequestRecord, gone: asyncio.Event
    ) -> web.StreamResponse:
        request[_GONE] = gone
        return await super()._answer(request, record, gone)

    def _beat(self) -> None:
        """Let the plant move at its own times if somebody wants to hear of it."""
        # One listener is the poke itself.
        watched = self.poker.url is not None or len(self.plant.listeners) > 1
        if watched and self.listening:
            self.pulse.begin()


def _secret(seed: str, length: int) -> str:
    random = Random(f"thinknx:{seed}")  # noqa: S311
    return "".join(random.choices(string.ascii_letters + string.digits, k=length))
