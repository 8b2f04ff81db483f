"""Whatever a server, a list or the network says: an error of ours, and no false state."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any, get_type_hints

import aiohttp
from aiohttp.test_utils import TestClient
from hypothesis import given, strategies as st
from multidict import CIMultiDict
import orjson
import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.thinknx.address import Address, Auth, Connection, read_pasted
from custom_components.thinknx.api import ThinknxClient
from custom_components.thinknx.auth import is_stale, offers
from custom_components.thinknx.endpoints import Aspect, Command, Dpt
from custom_components.thinknx.errors import ThinknxError, ThinknxResponseError
from custom_components.thinknx.importer import (
    TooMuchError,
    UnreadableError,
    decode as decode_list,
    read_list,
)
from custom_components.thinknx.parsing import (
    decode,
    failure,
    is_about_another,
    parse_server_status,
)
from custom_components.thinknx.values import ValueKind, reading
from simulators.thinknx import ThinknxSimulator
from tests.fuzzing import (
    Answers,
    alarming,
    assert_kept,
    bodies,
    fuzz,
    nonsense,
    overheard,
    texts,
    written,
)
from tests.lying import ENCODINGS, HEADERS, STATUSES, Liar, Said, lying, said

from .client_tools import client_of
from .common import Home, make_entry, subentry

type Call = Callable[[ThinknxClient, str], Awaitable[object]]
type Start = Callable[..., Awaitable[Home]]

PATH = "/api/webhook/poke-the-house"
CALLS: dict[str, Call] = {
    "server_status": lambda client, guid: client.server_status(),
    "read": lambda client, guid: client.read(guid, Aspect.POWER),
    "command": lambda client, guid: client.command(guid, Command.POWER, 0, feedback=True),
    "telegram": lambda client, guid: client.telegram(Dpt.DPT_1, "1/0/1", 1),
}
LIST: list[Any] = [
    {
        "name": "Lamp",
        "guid": "MyGuid+/aaaaaaaaaaaaaa",
        "kind": "light",
        "area": "Hall",
        "aspects": ["power"],
        "options": {"dimmable": True},
    },
    "http://10.0.0.2:5051/api/V1/power?guid=MyGuid%2B/aaaaaaaaaaaaaa&cmd=1",
]
CSV = (
    "name;guid;kind;area;aspects;options\r\n"
    'Lamp;MyGuid+/aaaaaaaaaaaaaa;light;Hall;power;"{""a"": 1}"\r\n'
)
YAML = "- name: Lamp\n  guid: MyGuid+/aaaaaaaaaaaaaa\n  kind: light\n  aspects: [power]\n"
HERE = Address(Connection.LOCAL, "10.0.0.2", 5051)


@pytest.fixture
async def session() -> AsyncGenerator[aiohttp.ClientSession]:
    """Return a session like Home Assistant's."""
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def liar() -> AsyncGenerator[Liar]:
    """Return a server that answers what it is told."""
    async with lying() as liar:
        yield liar


@pytest.fixture
def lamp(server: ThinknxSimulator) -> str:
    """Return the GUID of a lamp."""
    return server.guids("light")[0]


@pytest.fixture
async def answers(server: ThinknxSimulator, session: aiohttp.ClientSession, lamp: str) -> Answers:
    """Return what a server answers, by the name of the call."""
    heard = overheard(server)
    client = client_of(session, server, Auth.QUERY)
    found = Answers()
    for name, call in CALLS.items():
        heard.clear()
        await call(client, lamp)
        found[name] = [answer for answers in heard.values() for answer in answers]
    return found


@fuzz(200)
@given(data=st.data())
def test_server_status(answers: Answers, data: st.DataObject) -> None:
    """What a server says of itself is what its type says, or refused."""
    body = data.draw(bodies(answers["server_status"]))
    try:
        found = parse_server_status(decode(body), body)
    except ThinknxResponseError:
        return
    assert_kept(found, get_type_hints(parse_server_status)["return"])


@fuzz(300)
@given(
    kind=st.sampled_from(ValueKind),
    codes=st.sampled_from((0, 4)),
    raw=nonsense,
)
def test_values(kind: ValueKind, codes: int, raw: Any) -> None:
    """A value is one of its kind, or none; what was odd can be shown to people."""
    found = reading(kind, raw, codes)
    assert_kept(found, get_type_hints(reading)["return"])
    match kind:
        case _ if found.value is None:
            assert found.odd is (raw is not None and not (isinstance(raw, str) and not raw.strip()))
        case ValueKind.SWITCH:
            assert isinstance(found.value, bool)
        case ValueKind.SHARE:
            assert 0 <= found.value <= 100
        case ValueKind.CODE:
            assert found.value in range(codes)


@fuzz(200)
@given(data=st.data())
def test_judging(answers: Answers, lamp: str, data: st.DataObject) -> None:
    """Whatever comes with whatever status and headers is an error of ours, or none."""
    body = data.draw(bodies(answers["read"]))
    headers: CIMultiDict[str] = CIMultiDict()
    for line in data.draw(st.lists(st.sampled_from(HEADERS), max_size=4)):
        name, _, value = line.partition(":")
        headers.add(name, value.strip())
    answer = decode(body)
    error = failure(data.draw(st.sampled_from((200, *STATUSES))), answer, headers)
    assert error is None or isinstance(error, ThinknxError)
    assert_kept(offers(headers), get_type_hints(offers)["return"])
    assert is_stale(headers) in {True, False}
    if answer is not None:
        assert is_about_another(answer, "powerstatus", lamp) in {True, False}


@fuzz(80)
@given(data=st.data())
async def test_client(
    session: aiohttp.ClientSession,
    liar: Liar,
    answers: Answers,
    lamp: str,
    data: st.DataObject,
) -> None:
    """Whatever a server answers, the client says so in errors of its own, and goes on."""
    name = data.draw(st.sampled_from(sorted(CALLS)))
    auth = data.draw(st.sampled_from([*Auth, None]))
    liar.answers = data.draw(st.lists(said(answers[name]), min_size=1, max_size=3))
    address = Address(Connection.LOCAL, "127.0.0.1", liar.port)
    client = ThinknxClient(session, address, auth, "user", "password")
    try:
        found = await CALLS[name](client, lamp)
    except ThinknxError:
        pass
    else:
        # A telegram's answer is handed on as it came.
        if name != "telegram":
            assert_kept(found, get_type_hints(getattr(ThinknxClient, name))["return"])
    liar.answers = [Said(written(answers["read"][0]))]
    assert (await client.read(lamp, Aspect.POWER)).value is not None


@fuzz(300)
@given(
    raw=st.one_of(
        bodies([LIST, {"devices": LIST}]),
        texts.map(lambda it: it.encode(errors="replace")),
        *(
            st.tuples(st.just(text), st.integers(0, len(text)), texts).map(
                lambda it: (it[0][: it[1]] + it[2] + it[0][it[1] :]).encode(errors="replace")
            )
            for text in (CSV, YAML)
        ),
    )
)
def test_lists(raw: bytes) -> None:
    """A list is one of devices, or it is said that it cannot be read."""
    try:
        rows = read_list(decode_list(raw), HERE)
    except TooMuchError, UnreadableError:
        return
    assert_kept(rows, get_type_hints(read_list)["return"])


@fuzz(200)
@given(
    text=st.one_of(
        texts,
        st.tuples(st.integers(0, 70), texts).map(
            lambda it: LIST[1][: it[0]] + it[1] + LIST[1][it[0] :]
        ),
    )
)
def test_copied_addresses(text: str) -> None:
    """An address is one, or none."""
    try:
        found = read_pasted(text)
    except ValueError as err:
        complaint = str(err)
    else:
        complaint = ""
        assert_kept(found, get_type_hints(read_pasted)["return"])
    assert complaint in {"", "too long", "no address", "no GUID"}


# Through Home Assistant


@pytest.fixture
async def home(start: Start, server: ThinknxSimulator, answers: Answers) -> Home:
    """Return a house with a lamp, a blind and a thermostat that listens."""
    home = await start(
        make_entry(
            server,
            subentry("light", server.guids("light")[0], "Lamp"),
            subentry("cover", server.guids("blind")[0], "Blind"),
            subentry("thermostat", server.guids("thermostat")[0], "Thermostat"),
            options={"webhook": True, "allow_telegrams": True},
        )
    )
    await home.live(65)
    return home


@pytest.fixture
async def client(home: Home, hass_client_no_auth: ClientSessionGenerator) -> TestClient[Any, Any]:
    """Return a client in the same house."""
    return await hass_client_no_auth()


def shown(home: Home) -> dict[str, str]:
    """Return all states that the devices of the house have."""
    return {
        state.entity_id: state.state
        for state in home.hass.states.async_all()
        if state.entity_id.partition(".")[0] in {"light", "cover", "climate"}
    }


@fuzz(40)
@given(data=st.data())
async def test_calls(
    home: Home,
    client: TestClient[Any, Any],
    lamp: str,
    caplog: pytest.LogCaptureFixture,
    data: st.DataObject,
) -> None:
    """Whatever is sent to the webhook changes nothing and is no matter for the log."""
    before = shown(home)
    caplog.clear()
    kinds = st.sampled_from(
        (
            *("application/x-www-form-urlencoded", "multipart/form-data", "application/json"),
            *("application/x-www-form-urlencoded; charset=nonsense", "text/plain; charset=utf-16"),
            *("multipart/form-data; boundary=b", "multipart/form-data; boundary=", ""),
            "application/x-www-form-urlencoded; charset=utf-16",
        )
    )
    headers = {"Content-Type": data.draw(kinds)}
    if data.draw(st.booleans()):
        headers["Content-Encoding"] = data.draw(st.sampled_from(ENCODINGS))
    form = (
        b'--b\r\nContent-Disposition: form-data; name="guid"\r\n\r\n' + lamp.encode() + b"\r\n--b"
    )
    body = data.draw(
        bodies([{"guid": lamp}])
        | st.sampled_from((b"guid=" + lamp.encode(), b"guid=%ff\xff", b"guid", form, form + b"--"))
        | st.integers(0, len(form)).map(lambda it: form[:it] + b"\xff" + form[it:])
    )
    answer = await client.post(PATH, data=body, headers=headers)
    assert answer.status in {200, 400, 413}
    await home.settle()
    assert shown(home) == before
    answer = await client.post(PATH, data={"guid": lamp})
    assert answer.status == 200
    assert not alarming(caplog.records)


# What was found


async def test_form_without_boundary(
    home: Home, client: TestClient[Any, Any], caplog: pytest.LogCaptureFixture
) -> None:
    """A form of several parts that does not say what stands between them is refused silently."""
    answer = await client.post(PATH, data=b"x", headers={"Content-Type": "multipart/form-data"})
    assert answer.status == 400
    assert not alarming(caplog.records)


@pytest.mark.parametrize(
    "value", ["1e999", "9" * 50, "9" * 350, '"\\ud800"', "[]", '"1"', "1.5", "true"]
)
async def test_telegram_that_is_answered_oddly(home: Home, value: str) -> None:
    """What an action answers can be sent to whoever called it."""
    home.server.inject("garbage", "*/system/*", body=f'{{"value": {value}}}')
    answer = await home.act("send_telegram", type="1", group="1/0/1", value=1)
    assert orjson.dumps(answer)


def test_address_with_half_a_character() -> None:
    """Half a character, which JSON may hold, is part of no address."""
    with pytest.raises(ValueError, match="no address"):
        read_pasted(LIST[1].replace("10.0.0.2", "\ud80010.0.0.2"))
