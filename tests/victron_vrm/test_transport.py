"""One request: what an answer means, what is not sent, and that no failure tells a secret."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import format_datetime
import gc
import json
import logging
import traceback
from typing import Any
from unittest.mock import patch

from aiohttp import ClientSession, ClientTimeout, web
from aiohttp.test_utils import RawTestServer
import pytest

from custom_components.victron_vrm import transport as module
from custom_components.victron_vrm.budget import LONGEST_PAUSE, RATE, Budget, Priority
from custom_components.victron_vrm.connection import budget_of
from custom_components.victron_vrm.errors import (
    VrmAuthError,
    VrmBusyError,
    VrmConnectionError,
    VrmError,
    VrmForbiddenError,
    VrmNotFoundError,
    VrmRefusedError,
    VrmResponseError,
)
from custom_components.victron_vrm.transport import Transport
from homeassistant.core import HomeAssistant
from simulators.clock import ManualClock
from simulators.victron_vrm import LimitBody, RetryAfter, VrmSimulator

HTML = "<html><body>Down for maintenance</body></html>"
SECRET = "5ecret" * 10 + "abcd"
OURS = ("custom_components", "homeassistant", "aiohttp.client", "aiohttp.internal", "asyncio")


@dataclass
class Asked:
    """A request as it arrived."""

    method: str
    path: str
    headers: dict[str, str]
    body: str


@dataclass
class Stub:
    """A server that gives one answer after the other, the last one for ever."""

    url: str = ""
    answers: list[tuple[int, str, dict[str, str]]] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)

    def say(self, status: int, body: Any = "", **headers: str) -> None:
        """Give another answer; what is no text is written as JSON."""
        written = body if isinstance(body, str) else json.dumps(body)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers.append((status, written, named))

    async def serve(self, request: web.BaseRequest) -> web.Response:
        """Answer a request."""
        self.asked.append(
            Asked(request.method, request.path_qs, dict(request.headers), await request.text())
        )
        status, body, headers = self.answers[0] if len(self.answers) == 1 else self.answers.pop(0)
        return web.Response(status=status, text=body, headers=headers)


@asynccontextmanager
async def stubbed() -> AsyncGenerator[Stub]:
    """Run a server that answers what it is told."""
    stub = Stub()
    async with RawTestServer(stub.serve) as server:
        stub.url = str(server.make_url("")).rstrip("/")
        yield stub


@pytest.fixture
async def stub() -> AsyncGenerator[Stub]:
    """Return a server that answers what it is told."""
    async with stubbed() as stub:
        yield stub


def transport_to(session: ClientSession, base: str) -> Transport:
    """Return a transport with a secret."""
    return Transport(session, base, f"Token {SECRET}", Budget())


def told_by(err: BaseException | None) -> Iterator[str]:
    """Yield all texts that anybody may make of an error, and of those behind it."""
    while err is not None:
        yield f"{err} {err!r} {err.args} {vars(err)}"
        yield "".join(traceback.format_exception(err))
        err = err.__cause__ or err.__context__


def logged(caplog: pytest.LogCaptureFixture) -> str:
    """Return all that was logged on our side."""
    ours = [record for record in caplog.records if record.name.startswith(OURS)]
    return "\n".join(caplog.handler.format(record) for record in ours)


async def error_of(transport: Transport, method: str = "GET", **more: Any) -> VrmError:
    """Return the error with which a request ends."""
    try:
        answer = await transport.send(method, "users/me", **more)
    except VrmError as err:
        return err
    raise AssertionError(f"it was answered: {str(answer)[:200]}")


@pytest.mark.parametrize(
    ("status", "wanted"),
    [
        (400, VrmRefusedError),
        (401, VrmAuthError),
        (403, VrmForbiddenError),
        (404, VrmNotFoundError),
        (405, VrmNotFoundError),
        (409, VrmRefusedError),
        (422, VrmRefusedError),
        (429, VrmBusyError),
        (500, VrmConnectionError),
        (502, VrmConnectionError),
        (503, VrmConnectionError),
        (521, VrmConnectionError),
        (204, VrmResponseError),
        (302, VrmResponseError),
    ],
)
@pytest.mark.parametrize(
    "body", ["", HTML, "[]", "null", "{", '{"success": false, "errors": "no"}', '{"errors": 1}']
)
async def test_status(
    session: ClientSession, stub: Stub, status: int, wanted: type[VrmError], body: str
) -> None:
    """The status says what went wrong, whatever stands below it."""
    stub.say(status, "" if status == 204 else body)
    err = await error_of(transport_to(session, stub.url))
    assert type(err) is wanted
    assert err.__context__ is None


@pytest.mark.parametrize(
    "body",
    [
        *("", HTML, "null", "true", "17", '"text"', "[]", "{}", '[{"success": true}]'),
        *('{"records": [}', "\ufeff{", '{"a": NaN}', "[" * 5000, '{"a": "\x01"}'),
    ],
)
async def test_answer_that_is_none(session: ClientSession, stub: Stub, body: str) -> None:
    """What is no JSON object is no answer, though its status is 200."""
    stub.say(200, body)
    assert type(await error_of(transport_to(session, stub.url))) is VrmResponseError


async def test_good_answer(session: ClientSession, stub: Stub) -> None:
    """An answer is returned as it is, and when it came is known."""
    stub.say(200, {"success": True, "records": [1, None]})
    transport = transport_to(session, stub.url)
    assert transport.last_success is None
    found = await transport.send("GET", "a/b", query=[("x[]", "1"), ("x[]", "2")])
    assert found == {"success": True, "records": [1, None]}
    assert transport.last_success is not None
    (asked,) = stub.asked
    assert (asked.method, asked.body) == ("GET", "")
    assert asked.path in {"/a/b?x[]=1&x[]=2", "/a/b?x%5B%5D=1&x%5B%5D=2"}
    assert asked.headers["X-Authorization"] == f"Token {SECRET}"
    assert "Authorization" not in asked.headers


async def test_nobody(session: ClientSession, stub: Stub) -> None:
    """Before there is a token no header is sent."""
    stub.say(200, {"success": True})
    await Transport(session, stub.url, "", Budget()).send("POST", "auth/login", body={"a": "ü"})
    (asked,) = stub.asked
    assert "X-Authorization" not in asked.headers
    assert json.loads(asked.body) == {"a": "ü"}


@pytest.mark.parametrize("status", [200, 400, 422])
@pytest.mark.parametrize(
    ("errors", "reason"),
    [
        ("No luck", "No luck"),
        (["No luck", "today"], "No luck; today"),
        ({"start": "Too early", "end": "Too late"}, "Too early; Too late"),
        ({"start": ["Too early", 7]}, "['Too early', 7]"),
        ([{"a": 1}, None], "{'a': 1}; None"),
        (None, ""),
        (False, ""),
        (12, ""),
        ("a\nb\x1b[31m\u202e", "ab[31m"),
        ("x" * 5000, "x" * 200),
    ],
)
async def test_reason(
    session: ClientSession, stub: Stub, status: int, errors: Any, reason: str
) -> None:
    """What is refused says why, in one short line; with status 200 too."""
    stub.say(status, {"success": False, "errors": errors, "error_code": None})
    err = await error_of(transport_to(session, stub.url))
    assert isinstance(err, VrmRefusedError)
    assert err.reason == reason


async def test_other_spelling_of_the_reason(session: ClientSession, stub: Stub) -> None:
    """Some endpoints write `error`, and some say nothing."""
    stub.say(200, {"success": False, "error": ["The query field is required."]})
    stub.say(200, {"success": False})
    transport = transport_to(session, stub.url)
    reasons = [await error_of(transport), await error_of(transport)]
    assert [getattr(err, "reason", None) for err in reasons] == ["The query field is required.", ""]


@pytest.mark.parametrize("kind", ["drop", "drop_after", "truncate"])
async def test_broken_connection(session: ClientSession, cloud: VrmSimulator, kind: str) -> None:
    """An answer that ends too early is none."""
    cloud.inject(kind, times=None)
    assert type(await error_of(transport_to(session, f"{cloud.url}/v2"))) is VrmConnectionError


async def test_refused_connection(session: ClientSession, cloud: VrmSimulator) -> None:
    """A cloud that is not there cannot be reached."""
    await cloud.refuse()
    assert type(await error_of(transport_to(session, f"{cloud.url}/v2"))) is VrmConnectionError


async def test_silence(session: ClientSession, cloud: VrmSimulator) -> None:
    """A cloud that never answers is not waited for for ever."""
    cloud.inject("hang")
    with patch.object(module, "TIMEOUT", ClientTimeout(total=0.05)):
        assert type(await error_of(transport_to(session, f"{cloud.url}/v2"))) is VrmConnectionError


async def test_unusable_address(session: ClientSession) -> None:
    """An address that is none ends in an error of ours too."""
    transport = transport_to(session, "http://no host/")
    assert type(await error_of(transport)) is VrmConnectionError


async def test_longest_answer(session: ClientSession, stub: Stub) -> None:
    """An answer is read up to the limit and not beyond."""
    body = '{"a": 1}'
    with patch.object(module, "MAX_ANSWER", 1000):
        stub.say(200, body.ljust(1000))
        assert await transport_to(session, stub.url).send("GET", "x") == {"a": 1}
        stub.answers.clear()
        stub.say(200, body.ljust(1001))
        assert type(await error_of(transport_to(session, stub.url))) is VrmResponseError


async def test_huge_answer(session: ClientSession, cloud: VrmSimulator) -> None:
    """Nobody can fill our memory."""
    cloud.inject("huge", size=module.MAX_ANSWER + 1)
    assert type(await error_of(transport_to(session, f"{cloud.url}/v2"))) is VrmResponseError


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_redirects_are_not_followed(
    session: ClientSession, stub: Stub, cloud: VrmSimulator, status: int, method: str
) -> None:
    """Nobody else is asked, least of all with our token."""
    stub.say(status, "", Location=f"{cloud.url}/v2/users/me")
    err = await error_of(transport_to(session, stub.url), method)
    assert type(err) is VrmResponseError
    assert len(stub.asked) == 1
    assert cloud.stats.requests.total() == 0


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
async def test_nothing_is_sent_twice(
    session: ClientSession, cloud: VrmSimulator, method: str
) -> None:
    """What may have arrived is not sent again, though the connection was an old one."""
    transport = Transport(session, f"{cloud.url}/v2", f"Token {cloud.token}", Budget())
    await transport.send("GET", "users/me")
    cloud.inject("drop", times=None)
    assert type(await error_of(transport, method)) is VrmConnectionError
    assert len(cloud.stats.history) == 2


async def test_closed(session: ClientSession, stub: Stub) -> None:
    """Who is closed sends nothing more."""
    transport = transport_to(session, stub.url)
    transport.close()
    assert type(await error_of(transport)) is VrmConnectionError
    assert stub.asked == []


# Too many requests


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7.0),
        (" 7 ", 7.0),
        ("0", 0.0),
        ("99999999", LONGEST_PAUSE),
        ("9" * 400, LONGEST_PAUSE),
        ("-5", 60.0),
        ("1.5", 60.0),
        ("soon", 60.0),
        ("", 60.0),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0.0),
        ("Thu, 01 Jan 1970 00:00:00", 0.0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", LONGEST_PAUSE),
        ("Fri, 31 Dec 99999 23:59:59 GMT", 60.0),
        ("Fri, 31 Feb 2026 23:59:59 GMT", 60.0),
        ("Mon, , 1 :: +9999", 60.0),
    ],
)
async def test_pause(
    session: ClientSession, stub: Stub, clock: ManualClock, header: str, seconds: float
) -> None:
    """After a 429 nothing is sent for as long as the cloud wants, a minute if it does not say."""
    stub.say(429, HTML, Retry_After=header)
    stub.say(200, {"success": True})
    transport = transport_to(session, stub.url)
    assert type(await error_of(transport)) is VrmBusyError
    assert transport.budget.refusals == 1
    if seconds:
        await clock.advance(seconds - 0.5)
        err = await error_of(transport)
        assert isinstance(err, VrmBusyError)
        assert err.retry_after == pytest.approx(0.5)
        assert len(stub.asked) == 1
    await clock.advance(0.5)
    await transport.send("GET", "users/me")
    assert len(stub.asked) == 2


@pytest.mark.parametrize("body", LimitBody)
@pytest.mark.parametrize("form", RetryAfter)
async def test_limit_of_the_cloud(
    session: ClientSession,
    cloud: VrmSimulator,
    clock: ManualClock,
    body: LimitBody,
    form: RetryAfter,
) -> None:
    """The limit of the cloud is kept in whatever way it is told, without another request."""
    cloud.limit_body, cloud.retry_after, cloud.retry_after_seconds = body, form, 1200
    cloud.fill_bucket()
    transport = Transport(session, f"{cloud.url}/v2", f"Token {cloud.token}", Budget())
    assert type(await error_of(transport)) is VrmBusyError
    asked = len(cloud.stats.history)
    # A date is compared with the real time, which goes on while this runs.
    await clock.advance({RetryAfter.NOTHING: 59, RetryAfter.SECONDS: 1199}.get(form, 1100))
    for priority in Priority:
        assert type(await error_of(transport, priority=priority)) is VrmBusyError
    assert len(cloud.stats.history) == asked
    await clock.advance(101)
    assert await transport.send("GET", "users/me")


async def test_date_without_a_zone(session: ClientSession, stub: Stub, clock: ManualClock) -> None:
    """A date without a zone is taken as UTC."""
    moment = clock.now() + timedelta(seconds=1000)
    stub.say(429, "", Retry_After=format_datetime(moment).removesuffix(" +0000"))
    err = await error_of(transport_to(session, stub.url))
    assert isinstance(err, VrmBusyError)
    assert err.retry_after == pytest.approx(1000, abs=100)


async def test_shorter_pause_ends_no_longer_one(clock: ManualClock) -> None:
    """Who is told to wait an hour and then a second still waits the hour."""
    budget = Budget()
    budget.pause(600)
    budget.pause(1)
    assert budget.wait(Priority.USER) == 600
    await clock.advance(600)
    assert budget.wait(Priority.USER) == 0


@pytest.mark.parametrize("priority", Priority)
async def test_priorities(clock: ManualClock, priority: Priority) -> None:
    """Each may fill the bucket to its own mark; who asks for the user comes last to its end."""
    budget = Budget()
    for _ in range(priority):
        assert budget.wait(priority) == 0
        budget.spend()
    assert budget.wait(priority) == pytest.approx(1 / RATE)
    free = {other for other in Priority if not budget.wait(other)}
    assert free == {other for other in Priority if other > priority}
    await clock.advance(1 / RATE + 0.001)
    assert budget.wait(priority) == 0


async def test_full_bucket(session: ClientSession, stub: Stub, clock: ManualClock) -> None:
    """A request beyond our own limit is not sent, and says when it could be."""
    stub.say(200, {"success": True})
    transport = transport_to(session, stub.url)
    for _ in range(Priority.HISTORY):
        await transport.send("GET", "x", priority=Priority.HISTORY)
    err = await error_of(transport, priority=Priority.HISTORY)
    assert isinstance(err, VrmBusyError)
    assert err.retry_after == pytest.approx(1 / RATE)
    assert transport.budget.refusals == 0
    await transport.send("GET", "x", priority=Priority.SITE)
    assert len(stub.asked) == transport.budget.sent == Priority.HISTORY + 1


async def test_requests_of_the_last_hour(clock: ManualClock) -> None:
    """Requests are forgotten after an hour, their sum is not."""
    budget = Budget()
    budget.spend()
    await clock.advance(3000)
    budget.spend()
    assert budget.requests_last_hour == 2
    await clock.advance(700)
    assert (budget.requests_last_hour, budget.sent) == (1, 2)
    await clock.advance(3600)
    assert budget.requests_last_hour == 0


async def test_one_budget_for_an_account(hass: HomeAssistant) -> None:
    """Whoever asks for an account shares its bucket, others have their own."""
    first, other = budget_of(hass, 7), budget_of(hass, 8)
    assert other is not first
    first.spend()
    del first
    gc.collect()
    assert (budget_of(hass, 7).sent, budget_of(hass, 8).sent) == (1, 0)


async def test_pause_of_an_account(hass: HomeAssistant, session: ClientSession, stub: Stub) -> None:
    """What the cloud tells one client of an account holds for all of them."""
    stub.say(429, "", Retry_After="30")
    one, two = (Transport(session, stub.url, f"Token {it}", budget_of(hass, 7)) for it in "ab")
    await error_of(one)
    err = await error_of(two)
    assert isinstance(err, VrmBusyError)
    assert err.retry_after == 30
    assert len(stub.asked) == 1


# Secrets

FAILURES: dict[str, Callable[[VrmSimulator], object]] = {
    **{
        kind: lambda cloud, kind=kind: cloud.inject(kind, times=None)  # type: ignore[misc]
        for kind in ("drop", "drop_after", "truncate", "garbage", "redirect")
    },
    "huge": lambda cloud: cloud.inject("huge", size=module.MAX_ANSWER),
    **{
        str(status): lambda cloud, status=status: cloud.inject(  # type: ignore[misc]
            "status", status=status, times=None
        )
        for status in (400, 401, 403, 404, 405, 429, 500, 503)
    },
    "refused": lambda cloud: cloud.spawn(cloud.refuse()),
    "nobody": lambda cloud: None,
}


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("name", FAILURES)
async def test_no_secret(
    session: ClientSession,
    cloud: VrmSimulator,
    caplog: pytest.LogCaptureFixture,
    name: str,
    method: str,
) -> None:
    """Neither an error nor the log at its finest tells the token or a password."""
    caplog.set_level(logging.DEBUG)
    asyncio.get_running_loop().set_debug(True)
    FAILURES[name](cloud)
    await asyncio.sleep(0)
    transport = transport_to(session, f"{cloud.url}/v2")
    body = None if method == "GET" else {"password": f"pw-{SECRET}", "sms_token": SECRET}
    err = await error_of(transport, method, body=body)
    assert err.__context__ is None
    for text in (*told_by(err), logged(caplog), f"{transport} {transport!r}"):
        assert SECRET not in text
    assert "custom_components" in {record.name.partition(".")[0] for record in caplog.records}
