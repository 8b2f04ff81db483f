"""Who asks: digest, basic, user and password in the address, a key."""

import asyncio
from base64 import b64encode
from collections.abc import AsyncGenerator
from typing import Any

import aiohttp
from multidict import CIMultiDict
import pytest

from custom_components.thinknx.address import Auth, Connection
from custom_components.thinknx.auth import challenges, is_stale, offers
from custom_components.thinknx.endpoints import Aspect, Command
from custom_components.thinknx.errors import ThinknxAuthError, ThinknxConnectionError
from simulators.clock import ManualClock
from simulators.thinknx import (
    Algorithm,
    Auth as Taken,
    NonceCount,
    Offer,
    Profile,
    ThinknxSimulator,
)

from .client_tools import Script, client_of, requests, scripted, until

STATUS = '{"version": "1.0"}'
CHALLENGE = 'Digest realm="Thinknx", nonce="n1", qop="auth", algorithm=MD5'


@pytest.fixture
async def session() -> AsyncGenerator[aiohttp.ClientSession]:
    """Return a session as any program has one."""
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def script() -> AsyncGenerator[Script]:
    """Return a server that answers what it is told."""
    async with scripted() as script:
        yield script


def headers(*texts: str) -> CIMultiDict[str]:
    """Return the headers of a challenge."""
    return CIMultiDict([("www-authenticate", text) for text in texts])


# What servers offer


@pytest.mark.parametrize(
    ("texts", "schemes"),
    [
        ([], []),
        ([""], []),
        (["Basic"], ["basic"]),
        (['Basic realm="x"', 'DIGEST realm="x", nonce="1"'], ["basic", "digest"]),
        (['Basic realm="x", Digest realm="x", nonce="1"'], ["basic", "digest"]),
        (['Digest realm="x", nonce="1", Basic realm="x"'], ["digest", "basic"]),
        (['Basic realm="no, Digest nonce=1"'], ["basic"]),
        (['Basic realm="no \\", Digest nonce=1"'], ["basic"]),
        (['Digest realm = "x" , nonce = "1"'], ["digest"]),
        (["Negotiate, Basic, NTLM abc=="], ["negotiate", "basic", "ntlm"]),
        (['"' * 5000], []),
        (["Basic " * 20] * 1000, ["basic"] * 8),
    ],
)
def test_schemes(texts: list[str], schemes: list[str]) -> None:
    """Challenges come in a header each or all in one, and a realm may look like one."""
    assert [scheme for scheme, _ in challenges(headers(*texts))] == schemes
    assert offers(headers(*texts)) == set(schemes) & {"digest", "basic"}


def test_parameters() -> None:
    """Each challenge has its own parameters, in whatever case and with whatever quotes."""
    text = 'Basic realm="a", Digest Realm="a \\"b\\", c",NONCE=1,stale=TRUE, Other nonce="2"'
    assert challenges(headers(text)) == [
        ("basic", {"realm": "a"}),
        ("digest", {"realm": 'a "b", c', "nonce": "1", "stale": "TRUE"}),
        ("other", {"nonce": "2"}),
    ]
    assert is_stale(headers(text))
    assert not is_stale(headers("Digest stale=false", "Other stale=true", "Digest nonce=stale"))


# Digest


@pytest.mark.parametrize("offer", [offer for offer in Offer if offer is not Offer.NOTHING])
@pytest.mark.parametrize("status", [401, 403])
@pytest.mark.parametrize("algorithm", Algorithm)
@pytest.mark.parametrize("qop", ["auth", ""])
async def test_digest(
    session: aiohttp.ClientSession,
    server: ThinknxSimulator,
    offer: Offer,
    status: int,
    algorithm: Algorithm,
    qop: str,
) -> None:
    """However a server asks for a digest, one challenge is enough for all requests."""
    server.auth, server.offer, server.challenge_status = Taken.DIGEST, offer, status
    server.digest_algorithm, server.digest_qop = algorithm, qop
    client = client_of(session, server, Auth.DIGEST)
    lamp = server.guids("light")[0]
    for _ in range(5):
        await client.server_status()
        await client.command(lamp, Command.POWER, 1, feedback=True)
    assert requests(server) == 11
    assert (server.stats.challenges, server.stats.auth_failures) == (1, 0)


@pytest.mark.parametrize(
    ("password", "user"),
    [
        ("p@ss/w&rd ü%", "service"),
        ('quo"te\\d, realm="x"', "service"),
        ("€uro", 'us"er'),
        (":", "hüter"),
        ("", "service"),
    ],
)
@pytest.mark.parametrize("auth", Auth)
async def test_odd_passwords(
    session: aiohttp.ClientSession, server: ThinknxSimulator, auth: Auth, password: str, user: str
) -> None:
    """A password may hold anything."""
    server.username, server.password, server.realm = user, password, 'The "house"'
    client = client_of(session, server, auth)
    assert (await client.server_status()).version == server.server.version
    assert server.stats.auth_failures == 0
    await client.server_status()


@pytest.mark.parametrize("guid", ["a+b/cdEF12==", "+/=+/=+/=", "-_-_-_-_"])
@pytest.mark.parametrize("auth", Auth)
async def test_odd_guids(
    session: aiohttp.ClientSession, server: ThinknxSimulator, auth: Auth, guid: str
) -> None:
    """A digest is made for the very target that is sent, escapes and bare token and all."""
    server.add_device("light", guid=guid)
    client = client_of(session, server, auth)
    shown = await client.command(guid, Command.POWER, 1, feedback=True)
    assert shown is not None
    assert shown.value is True
    assert (await client.read(guid, Aspect.POWER)).value is True
    assert [(record.guid, record.fb) for record in server.stats.commands] == [(guid, True)]
    assert server.stats.wrong_uris == 0


@pytest.mark.parametrize("times", [1, 3])
async def test_nonce_of_few_requests(
    session: aiohttp.ClientSession, server: ThinknxSimulator, times: int
) -> None:
    """A nonce that is used up costs another request and nothing else."""
    server.auth, server.nonce_requests = Taken.DIGEST, times
    client = client_of(session, server, Auth.DIGEST)
    for _ in range(9):
        await client.server_status()
    assert server.stats.controllers["system/serverStatus"] == 9
    assert server.stats.challenges == 9 / times
    assert requests(server) == 9 + 9 / times


@pytest.mark.parametrize("how", ["restart", "age", "realm"])
async def test_nonce_that_is_forgotten(
    session: aiohttp.ClientSession, server: ThinknxSimulator, clock: ManualClock, how: str
) -> None:
    """After a restart of the server, or after a while, commands go through and go through once."""
    server.nonce_seconds, server.realm_changes = 60, True
    client = client_of(session, server, Auth.DIGEST)
    lamp = server.guids("light")[0]
    await client.server_status()
    if how == "restart":
        await server.restart()
        await clock.advance(0)  # the connection is closed by now
    elif how == "age":
        await clock.advance(61)
    else:
        server.gate.digest.forget()
    await client.command(lamp, Command.POWER, 1)
    assert len(server.stats.commands) == 1
    assert server.stats.auth_failures == 0


@pytest.mark.parametrize("count", NonceCount)
@pytest.mark.parametrize("lasts", [0, 1, 2, 5])
async def test_four_at_once(
    session: aiohttp.ClientSession, server: ThinknxSimulator, count: NonceCount, lasts: int
) -> None:
    """Requests side by side all get in, however strict the server counts."""
    server.auth, server.nonce_count, server.nonce_requests = Taken.DIGEST, count, lasts
    client = client_of(session, server, Auth.DIGEST)
    await client.server_status()
    lamps = server.guids("light")[:4]
    for _ in range(10):
        await asyncio.gather(*(client.read(lamp, Aspect.POWER) for lamp in lamps))
        await asyncio.gather(*(client.command(lamp, Command.POWER, 1) for lamp in lamps))
    assert len(server.stats.commands) == 40
    assert server.stats.auth_failures == 0


async def test_overtaken_twice(
    session: aiohttp.ClientSession, server: ThinknxSimulator, clock: ManualClock
) -> None:
    """A request that others overtake twice is not taken for one with a wrong password."""
    server.auth = Taken.DIGEST
    client = client_of(session, server, Auth.DIGEST)
    await client.server_status()
    server.inject("delay", "*/power", times=2, seconds=1)
    late = asyncio.create_task(client.command(server.guids("light")[0], Command.POWER, 1))
    for seen in (2, 4):
        await until(lambda: clock.sleepers)
        assert requests(server) - seen in {1, 2}
        await client.server_status()
        await clock.advance(1)
    await late
    assert server.stats.stale_challenges == 2
    assert len(server.stats.commands) == 1


@pytest.mark.parametrize("status", [401, 403])
@pytest.mark.parametrize("refusal", [401, 403])
@pytest.mark.parametrize("auth", Auth)
async def test_wrong_password(
    session: aiohttp.ClientSession,
    server: ThinknxSimulator,
    auth: Auth,
    status: int,
    refusal: int,
) -> None:
    """A wrong password is tried once, and is told as such."""
    server.challenge_status, server.bad_credentials_status = status, refusal
    client = client_of(session, server, auth, password="wrong")
    with pytest.raises(ThinknxAuthError) as err:
        await client.server_status()
    assert server.stats.auth_failures == 1
    assert requests(server) == (2 if auth is Auth.DIGEST else 1)
    assert err.value.forbidden is (refusal == 403)
    assert ("digest" in err.value.offers) is (auth is Auth.DIGEST)


@pytest.mark.parametrize(
    ("taken", "offer", "auth", "offered"),
    [
        (Taken.BASIC, Offer.ASKED, Auth.DIGEST, {"basic"}),
        (Taken.DIGEST, Offer.ASKED, Auth.BASIC, {"digest"}),
        (Taken.QUERY, Offer.ASKED, Auth.DIGEST, set()),
        (Taken.QUERY, Offer.BASIC_FIRST, Auth.DIGEST, {"basic", "digest"}),
        (Taken.DIGEST, Offer.ONE_HEADER, Auth.QUERY, {"basic", "digest"}),
        (Taken.BASIC, Offer.NOTHING, Auth.QUERY, set()),
    ],
)
async def test_what_is_offered(
    session: aiohttp.ClientSession,
    server: ThinknxSimulator,
    taken: Taken,
    offer: Offer,
    auth: Auth,
    offered: set[str],
) -> None:
    """Who asks in a way that the server does not take learns which ways it offers."""
    server.auth, server.offer = taken, offer
    with pytest.raises(ThinknxAuthError) as err:
        await client_of(session, server, auth).server_status()
    assert err.value.offers == offered


@pytest.mark.parametrize(
    "offer",
    [
        "Digest",
        'Digest realm="x"',
        'Digest nonce="1"',
        'Digest realm="x", nonce=""',
        'Digest realm="x", nonce="1", algorithm=SHA-3',
        'Digest realm="x", nonce="1", qop="auth-what"',
        'Digest realm="x\x7f", nonce="1"',
        'Digest realm="x\udcfc", nonce="1"',
    ],
)
async def test_challenge_that_cannot_be_answered(
    session: aiohttp.ClientSession, script: Script, offer: str
) -> None:
    """It is a refusal; and the next one that can be answered is."""
    client = script.client(session)
    script.say(401, "", f"WWW-Authenticate: {offer}")
    with pytest.raises(ThinknxAuthError) as err:
        await client.server_status()
    assert err.value.offers == {"digest"}
    script.say(401, "", f"WWW-Authenticate: {offer}", f"WWW-Authenticate: {CHALLENGE}")
    script.say(200, STATUS)
    assert (await client.server_status()).version == "1.0"
    assert [bool(proof) for proof in script.proofs] == [False, False, True]


@pytest.mark.parametrize("domain", ["/other", "http://[", "http://example.com/"])
async def test_domain_of_a_challenge(
    session: aiohttp.ClientSession, script: Script, domain: str
) -> None:
    """A challenge counts for the server that made it, whatever it says."""
    client = script.client(session)
    script.say(401, "", f'WWW-Authenticate: {CHALLENGE}, domain="{domain}"')
    for _ in range(3):
        script.say(200, STATUS)
    for _ in range(3):
        await client.server_status()
    assert [bool(proof) for proof in script.proofs] == [False, True, True, True]


async def test_challenge_of_another_scheme(session: aiohttp.ClientSession, script: Script) -> None:
    """What another scheme wants is not mixed with what digest wants."""
    script.say(401, "", f'WWW-Authenticate: Other realm="a", nonce="n0", {CHALLENGE}')
    script.say(200, STATUS)
    await script.client(session).server_status()
    assert 'nonce="n1"' in script.proofs[1]


async def test_choice_of_protection(session: aiohttp.ClientSession, script: Script) -> None:
    """Where there is a choice nothing is made a digest of but the request itself."""
    script.say(401, "", f"WWW-Authenticate: {CHALLENGE.replace('auth', 'auth-int, auth')}")
    script.say(200, STATUS)
    await script.client(session).server_status()
    assert "qop=auth," in script.proofs[1]


async def test_endless_challenges(session: aiohttp.ClientSession, script: Script) -> None:
    """A server that only ever wants another nonce is given up."""
    for number in range(20):
        stale = CHALLENGE.replace("n1", f"n{number}")
        script.say(401, "", f"WWW-Authenticate: {stale}, stale=true")
    with pytest.raises(ThinknxAuthError):
        await script.client(session).server_status()
    assert len(script.targets) == 6
    assert not [proof for proof in script.proofs if "s3cretw0rd" in proof]


# The other ways


async def test_basic(session: aiohttp.ClientSession, script: Script) -> None:
    """The password is in a header, in the encoding of the present, and not in the address."""
    script.say(200, STATUS)
    await script.client(session, Auth.BASIC).server_status()
    assert script.proofs == [f"Basic {b64encode(b'service:s3cretw0rd').decode()}"]
    assert script.targets == ["/api/V1/system/serverStatus?auth=basic"]


async def test_query(session: aiohttp.ClientSession, script: Script) -> None:
    """The password is in the address, as the description has it."""
    script.say(200, STATUS)
    await script.client(session, Auth.QUERY).server_status()
    assert script.proofs == [""]
    assert script.targets == ["/api/V1/system/serverStatus?auth=basic&user=service&pass=s3cretw0rd"]


@pytest.mark.parametrize("right", [False, True])
async def test_key(session: aiohttp.ClientSession, server: ThinknxSimulator, right: bool) -> None:
    """The cloud lets in whoever has the key, and wants nothing else."""
    server.profile = Profile.CLOUD
    address: dict[str, Any] = {"connection": Connection.ON_PREMISE, "key": "wrong"}
    if right:
        address["key"] = server.key
    client = client_of(session, server, None, **address)
    if right:
        assert (await client.server_status()).version == server.server.version
        return
    with pytest.raises(ThinknxAuthError) as err:
        await client.server_status()
    assert err.value.forbidden
    assert not err.value.offers


@pytest.mark.parametrize("auth", [Auth.DIGEST, Auth.BASIC])
async def test_user_with_a_colon(
    session: aiohttp.ClientSession, server: ThinknxSimulator, auth: Auth
) -> None:
    """A name that cannot be sent is told at once, and nothing is."""
    with pytest.raises(ValueError, match="not allowed"):
        client_of(session, server, auth, user="ser:vice")


@pytest.mark.parametrize("auth", Auth)
async def test_no_header_is_added(
    session: aiohttp.ClientSession, server: ThinknxSimulator, auth: Auth
) -> None:
    """A name with the end of a line in it never makes a second header."""
    client = client_of(session, server, auth, user="service\r\nX-Evil")
    with pytest.raises((ThinknxAuthError, ThinknxConnectionError)):
        await client.server_status()
    assert server.stats.controllers.total() == 0
