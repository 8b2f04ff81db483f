"""What answers mean."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
import json
from typing import Any

from multidict import CIMultiDict
import pytest

from custom_components.thinknx.endpoints import (
    ORDERS,
    SERVER_STATUS,
    STATUSES,
    TELEGRAMS,
    Aspect,
    subject_of,
)
from custom_components.thinknx.errors import (
    ThinknxAuthError,
    ThinknxBusyError,
    ThinknxConnectionError,
    ThinknxError,
    ThinknxNoDeviceError,
    ThinknxNotPossibleError,
    ThinknxParameterError,
    ThinknxPathError,
    ThinknxRedirectError,
    ThinknxResponseError,
)
from custom_components.thinknx.models import ServerStatus
from custom_components.thinknx.parsing import (
    decode,
    failure,
    is_about_another,
    parse_server_status,
)

GUID = "a+b/cdEF12=="

# The example of the description, with its missing comma and the names that it shows.
EXAMPLE = b"""{"version":"01.03.05.12",
"process_uptime":"2 days 3 hours 4 min",
"server_uptime":"20 days 13 hours 14 min"
"config_time":"16:02:39 2019-10-02",
"connected_clients": 3,
"pbx_users":"Anna,Bert, Carla"}"""


def failed(
    status: int, answer: Any = None, headers: dict[str, str] | None = None
) -> ThinknxError | None:
    """Return the error that an answer stands for."""
    return failure(status, answer, CIMultiDict(headers or {}))


@pytest.mark.parametrize("status", [200, 400, 401, 403, 404, 429, 500, 302])
@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("device not found", ThinknxNoDeviceError),
        (" Device  Not\tFound. ", ThinknxNoDeviceError),
        ("params errors", ThinknxParameterError),
        ("PARAMS ERRORS", ThinknxParameterError),
        ("params_errors", ThinknxParameterError),
        ("impossible to execute", ThinknxNotPossibleError),
        ("impossible to execute!", ThinknxNotPossibleError),
    ],
)
def test_known_errors(status: int, text: str, error: type[ThinknxError]) -> None:
    """An error that the description knows is told by its letters, whatever the status."""
    assert type(failed(status, {"error": text})) is error


@pytest.mark.parametrize(
    ("status", "answer", "error"),
    [
        (200, {"error": "out of memory"}, ThinknxResponseError),
        (200, {"error": {"code": 5}}, ThinknxResponseError),
        (200, {"error": 7}, ThinknxResponseError),
        (201, {}, ThinknxResponseError),
        (400, None, ThinknxResponseError),
        (400, {"error": "out of memory"}, ThinknxResponseError),
        (404, None, ThinknxPathError),
        (404, {}, ThinknxPathError),
        (404, {"message": "Not Found"}, ThinknxPathError),
        (404, {"error": "out of memory"}, ThinknxResponseError),
        (500, None, ThinknxResponseError),
        (502, {"status": 1}, ThinknxConnectionError),
        (301, None, ThinknxRedirectError),
        (308, {}, ThinknxRedirectError),
        (401, None, ThinknxAuthError),
        (403, {"error": "forbidden"}, ThinknxAuthError),
        (429, {"error": "slow down"}, ThinknxBusyError),
    ],
)
def test_other_errors(status: int, answer: Any, error: type[ThinknxError]) -> None:
    """What the description does not know is judged by the status."""
    assert type(failed(status, answer)) is error


@pytest.mark.parametrize("answer", [None, {}, {"error": ""}, {"error": None}, {"error": False}])
def test_no_error(answer: Any) -> None:
    """An empty error is none."""
    assert failed(200, answer) is None


def test_refusal_says_what_is_offered() -> None:
    """Who is not let in learns which other ways there are."""
    error = failed(401, None, {"WWW-Authenticate": 'Basic realm="x", Digest realm="x", nonce="1"'})
    assert isinstance(error, ThinknxAuthError)
    assert error.offers == {"basic", "digest"}
    assert not error.forbidden
    error = failed(403)
    assert isinstance(error, ThinknxAuthError)
    assert (error.offers, error.forbidden) == (frozenset(), True)
    assert (ThinknxAuthError().offers, ThinknxAuthError().forbidden) == (frozenset(), False)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("", None),
        ("7", 7),
        (" 7 ", 7),
        ("0", 1),
        ("3600", 300),
        ("9" * 20, 300),
        ("-5", None),
        ("1.5", None),
        ("٣", None),
        ("soon", None),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 1),
        ("Wed, 21 Oct 2015 07:28:00", 1),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 300),
        ("Fri, 31 Dec 99999999999999999999 23:59:59 GMT", None),
        ("Fri, 31 Dec 2026 23:59:59 +99999999999999999999", None),
        ("9" * 9000, None),
    ],
)
def test_retry_after(header: str | None, seconds: float | None) -> None:
    """Seconds and dates are kept within reason, and all else says nothing."""
    error = failed(429, None, {} if header is None else {"Retry-After": header})
    assert isinstance(error, ThinknxBusyError)
    assert error.retry_after == seconds


def test_retry_after_date() -> None:
    """A date is so many seconds away."""
    moment = format_datetime(datetime.now(UTC) + timedelta(seconds=100), usegmt=True)
    error = failed(429, None, {"retry-after": moment})
    assert isinstance(error, ThinknxBusyError)
    assert error.retry_after is not None
    assert 90 < error.retry_after <= 100


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        (b'{"a": 1}', {"a": 1}),
        (b'\xef\xbb\xbf {"a": "x"}\r\n', {"a": "x"}),
        (b'{"a": 1, "a": 2}', {"a": 2}),
        ('{"a": "Küche"}'.encode("latin-1"), {"a": "K\ufffdche"}),
        (b'{"a": 1' + b"0" * 5000 + b"}", {"a": "1" + "0" * 5000}),
        (b"", None),
        (b"[]", None),
        (b'"text"', None),
        (b"null", None),
        (b"<html></html>", None),
        (b'{"a": 1,}', None),
        (b'{"a": 1} {"b": 2}', None),
        (b'{"a":' * 100_000, None),
        ('{"a": 1}'.encode("utf-16"), None),
    ],
)
def test_json(body: bytes, answer: Any) -> None:
    """An answer is a JSON object, whatever its encoding; anything else is none."""
    assert decode(body) == answer


def test_deep_json() -> None:
    """An answer that is very deep is no answer, or one like any other."""
    deep = decode(b'{"status":' + b"[" * 1000 + b"]" * 1000 + b"}")
    assert deep is None or set(deep) == {"status"}


# Whether an answer is to the question that was asked


@pytest.mark.parametrize(
    ("controller", "namespace"),
    [
        ("powerstatus", "powerstatus"),
        ("powerstatus", "POWER"),
        ("powerstatus", "/api/V1/PowerStatus/"),
        ("power", "powerstatus"),
        ("getvalue", "setvalue"),
        ("setvalue", "getvalueStatus"),
        ("actualtemp", "actualtempstatus"),
        ("heightlevelstatus", "system/heightlevel"),
        ("blindangle", ""),
        ("blindangle", None),
        ("blindangle", 5),
        ("blindangle", "none"),
        ("blindangle", "angle"),
        (SERVER_STATUS, "serverstatus"),
        ("system/sendKNXbit", "sendknxbit"),
    ],
)
def test_own_answers(controller: str, namespace: Any) -> None:
    """Servers may spell the controller as they like, or leave it out."""
    assert not is_about_another({"namespace": namespace}, controller, None)


@pytest.mark.parametrize(
    ("controller", "namespace"),
    [
        ("powerstatus", "powerlevelstatus"),
        ("powerstatus", "hvacpower"),
        ("power", "Api/V1/PowerLevel"),
        ("getvalue", "actualtemp"),
        ("blindangle", "blindstep"),
        ("updown", "stop"),
        (SERVER_STATUS, "power"),
        ("system/sendKNXbit", "system/sendKNXbyte"),
        ("system/sendKNXbyte", "system/sendKNXbyteun"),
    ],
)
def test_mixed_up_controllers(controller: str, namespace: str) -> None:
    """The name of another controller tells that the answers are mixed up."""
    assert is_about_another({"namespace": namespace}, controller, None)


@pytest.mark.parametrize("echo", [GUID, "", None, "a b/cdEF12=="])
def test_own_guid(echo: Any) -> None:
    """A GUID that is lacking proves nothing, nor does a plus that was read as a blank."""
    assert not is_about_another({"guid": echo} if echo is not None else {}, "power", GUID)
    assert not is_about_another({"guid": echo}, "power", GUID)


@pytest.mark.parametrize("echo", ["A+B/CDEF12==", "another", 5, [GUID], False])
def test_other_guid(echo: Any) -> None:
    """Another GUID is that of another device, also if it differs in case alone."""
    assert is_about_another({"guid": echo}, "power", GUID)
    assert not is_about_another({"guid": echo}, SERVER_STATUS, None)


def test_every_controller_has_a_subject() -> None:
    """All controllers are told apart, but for the two of an aspect."""
    aspects = {status.controller: aspect for aspect, status in STATUSES.items()}
    assert {controller: subject_of(controller) for controller in aspects} == aspects
    commands = {subject_of(command) for command in ORDERS}
    telegrams = {subject_of(telegram.controller) for telegram in TELEGRAMS.values()}
    assert None not in commands | telegrams
    # Only what cannot be set is read and not commanded.
    assert set(Aspect) - commands == {Aspect.ACTUAL}
    assert (len(commands), len(telegrams)) == (len(ORDERS), 6)


# What a server says of itself


@pytest.mark.parametrize("comma", [False, True])
def test_server_status(comma: bool) -> None:
    """The answer of the description is understood, although it is no JSON."""
    body = EXAMPLE.replace(b'min"\n', b'min",\n') if comma else EXAMPLE
    assert (decode(body) is not None) is comma
    assert parse_server_status(decode(body), body) == ServerStatus(
        version="01.03.05.12",
        process_uptime=timedelta(days=2, hours=3, minutes=4),
        server_uptime=timedelta(days=20, hours=13, minutes=14),
        config_text="16:02:39 2019-10-02",
        config_time=datetime(2019, 10, 2, 16, 2, 39),
        clients=3,
        pbx_users=3,
    )


def test_users_stay_with_the_server() -> None:
    """How many users there are is kept, and none of their names."""
    status = parse_server_status(decode(EXAMPLE), EXAMPLE)
    assert not [name for name in ("Anna", "Bert", "Carla") if name in repr(status)]


def parsed(**answer: Any) -> ServerStatus:
    """Return what an answer says."""
    return parse_server_status(answer, json.dumps(answer).encode())


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("2 days 3 hours 4 min", 3064),
        ("1 day 1 hour 1 min", 1501),
        ("2 giorni 3 ore 4 min", 3064),
        ("2 Tage 3 Stunden 4 Min.", 3064),
        ("2 jours, 3 heures, 4 minutes", 3064),
        ("2 días 3 horas 4 minutos", 3064),
        ("2d3h4m", 3064),
        ("2 päivää 3 tuntia 4 minuuttia", 3064),
        ("3 hours 4 min", 184),
        ("4 min", 4),
        ("2 days", 2880),
        ("2 giorni 4 min", 2884),
        ("3 Stunden", 180),
        ("3 : 4", 184),
        ("0 min", 0),
        ("", None),
        ("a while", None),
        ("1 2 3 4", None),
        ("1234567 days", None),
        ("9" * 5000, None),
        (None, None),
        (5, None),
    ],
)
def test_uptime(text: Any, minutes: int | None) -> None:
    """How long it runs is told in any language, with or without what is zero."""
    expected = None if minutes is None else timedelta(minutes=minutes)
    assert parsed(version="1", process_uptime=text, server_uptime=text) == ServerStatus(
        version="1", process_uptime=expected, server_uptime=expected
    )


def test_odd_server_status() -> None:
    """What is not as described is left out, or kept as text."""
    assert parsed(version=" 1.0\u202e\0 ", config_time="yesterday", connected_clients="12") == (
        ServerStatus(version="1.0", config_text="yesterday", clients=12)
    )
    assert parsed(version=5, connected_clients=True, pbx_users=["a", "b"]) == ServerStatus(
        pbx_users=2
    )
    assert parsed(connected_clients=-1, pbx_users="", config_time="") == ServerStatus(pbx_users=0)
    assert parsed(status={"version": "1"}) == ServerStatus(version="1")
    assert parsed(version="x" * 1000).version == "x" * 100


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"[]",
        b'{"status": 1}',
        b'<html><script>var a = {"version": "1.0"}</script></html>',
        b'{"uptime": "1 day" "revision": "5"}',
    ],
)
def test_no_server_status(body: bytes) -> None:
    """A page for people, or another server's answer, is not taken for one."""
    with pytest.raises(ThinknxResponseError):
        parse_server_status(decode(body), body)
