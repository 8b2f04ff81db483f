"""Tests of who is let in by a Thinknx server."""

import asyncio
from base64 import b64encode
from collections.abc import AsyncGenerator
import hashlib
import json
import re
from typing import Any
from urllib.parse import quote

from aiohttp import ClientSession, DigestAuthMiddleware
import pytest
from yarl import URL

from simulators.clock import ManualClock
from simulators.thinknx import Algorithm, Auth, NonceCount, Offer, ThinknxSimulator

from .thinknx_owner import STATUS, Owner, serving


@pytest.fixture
async def house(clock: ManualClock) -> AsyncGenerator[ThinknxSimulator]:
    """Return a quiet house."""
    async with serving(clock) as simulator:
        yield simulator


@pytest.fixture
def owner(house: ThinknxSimulator, session: ClientSession) -> Owner:
    """Return its owner."""
    return Owner(house, session)


def challenge_of(header: str) -> dict[str, str]:
    """Return the parts of a challenge."""
    return {
        name: text or bare for name, text, bare in re.findall(r'(\w+)=(?:"([^"]*)"|(\S+))', header)
    }


def basic_of(username: str, password: str) -> str:
    """Return a header of Basic."""
    return f"Basic {b64encode(f'{username}:{password}'.encode()).decode()}"


class Digester:
    """Answers challenges by hand, so that it can do so wrongly."""

    def __init__(self, owner: Owner) -> None:
        """Answer for an owner."""
        self.owner = owner
        self.parts: dict[str, str] = {}

    async def challenge(self, **more: Any) -> dict[str, str]:
        """Ask without credentials and keep the challenge."""
        answer = await self.owner.send(f"{STATUS}?auth=digest", headers={}, **more)
        self.parts = challenge_of(answer.headers["WWW-Authenticate"])
        return self.parts

    def header(
        self, target: str, count: int = 1, *, password: str | None = None, **changed: str
    ) -> dict[str, str]:
        """Return a header that answers the challenge."""
        house, parts = self.owner.house, self.parts
        hashed = hashlib.sha256 if parts.get("algorithm") == "SHA-256" else hashlib.md5

        def digest(text: str) -> str:
            return hashed(text.encode()).hexdigest()

        secret = house.password if password is None else password
        given = {
            "username": house.username,
            "realm": parts["realm"],
            "nonce": parts["nonce"],
            "uri": target,
            "opaque": parts["opaque"],
        } | changed
        first = digest(f"{given['username']}:{given['realm']}:{secret}")
        middle, end = given["nonce"], digest(f"GET:{given['uri']}")
        text = ", ".join(f'{name}="{value}"' for name, value in given.items())
        text += f", algorithm={parts['algorithm']}"
        if "qop" in parts:
            middle += f":{count:08x}:0a4f113b:auth"
            text += f', qop=auth, nc={count:08x}, cnonce="0a4f113b"'
        return {"Authorization": f'Digest {text}, response="{digest(f"{first}:{middle}:{end}")}"'}

    async def status(self, count: int = 1, target: str = STATUS, **changed: Any) -> int:
        """Return the status of an answer to a target with such a header."""
        answer = await self.owner.send(target, headers=self.header(target, count, **changed))
        if header := answer.headers.get("WWW-Authenticate"):
            self.parts = challenge_of(header)
        return answer.status


@pytest.fixture
def digester(owner: Owner) -> Digester:
    """Return somebody who answers challenges by hand."""
    return Digester(owner)


def proofs(house: ThinknxSimulator) -> dict[str, tuple[str, dict[str, str]]]:
    """Return target and headers for each way that needs no challenge."""
    basic = basic_of(house.username, house.password)
    query = f"auth=basic&user={quote(house.username)}&pass={quote(house.password)}"
    return {
        "nothing": (STATUS, {}),
        "basic": (STATUS, {"Authorization": basic}),
        "query": (f"{STATUS}?{query}", {}),
    }


async def via_digest(
    house: ThinknxSimulator, target: str = STATUS, password: str | None = None
) -> int:
    """Return the status that aiohttp's own digest gets."""
    secret = house.password if password is None else password
    async with (
        ClientSession(middlewares=(DigestAuthMiddleware(house.username, secret),)) as session,
        session.get(URL(house.url + target, encoded=True)) as answer,
    ):
        return answer.status


@pytest.mark.parametrize(
    ("auth", "good"),
    [
        ("none", {"nothing", "basic", "query", "digest"}),
        ("basic", {"basic"}),
        ("query", {"query"}),
        ("digest", {"digest"}),
        ("any", {"basic", "query", "digest"}),
    ],
)
async def test_ways(owner: Owner, auth: str, good: set[str]) -> None:
    """A server takes one way, or each, or asks nothing; what is not taken is as nothing."""
    house = owner.house
    house.auth = Auth(auth)
    assert house.credentials["auth"] == ("digest" if auth == "any" else auth)
    for name, (target, headers) in proofs(house).items():
        status, _ = await owner.text(target, headers=headers)
        assert status == (200 if name in good else 401)
    assert await via_digest(house) == (200 if "digest" in good else 401)
    assert house.stats.auth_failures == 0


async def test_asked_way(owner: Owner) -> None:
    """The parameter `auth` chooses among the ways that are taken."""
    house = owner.house
    target, headers = proofs(house)["basic"]
    assert (await owner.text(f"{target}?auth=digest", headers=headers))[0] == 401
    assert (await owner.text(f"{target}?auth=basic", headers=headers))[0] == 200
    for asked, schemes in (
        ("digest", ["Digest"]),
        ("basic", ["Basic"]),
        ("x", ["Digest", "Basic"]),
    ):
        answer = await owner.send(f"{STATUS}?auth={asked}", headers={})
        offered = answer.headers.getall("WWW-Authenticate")
        assert [text.partition(" ")[0] for text in offered] == schemes


async def test_form(owner: Owner) -> None:
    """User and password may be in a form."""
    house = owner.house
    data = {"user": house.username, "pass": house.password, "guid": house.guids("light")[0]}
    answer = await owner.send("/api/V1/powerstatus", method="POST", headers={}, data=data)
    assert answer.status == 200
    assert house.password not in str(house.stats.as_dict())


@pytest.mark.parametrize("status", [401, 403])
async def test_wrong_password(owner: Owner, status: int) -> None:
    """Wrong credentials are counted; what is answered is a switch."""
    house = owner.house
    house.bad_credentials_status = status
    wrong = {"Authorization": basic_of(house.username, "wrong")}
    answer = await owner.send(STATUS, headers=wrong)
    assert answer.status == status
    assert ("WWW-Authenticate" in answer.headers) is (status == 401)
    assert (await owner.text(f"{STATUS}?user=service&pass=no", headers={}))[0] == status
    for nonsense in ("Basic !", "Basic", "Digest", "Digest nonce"):
        answer = await owner.send(STATUS, headers={"Authorization": nonsense})
        assert answer.status == status
    assert await via_digest(house, password="wrong") == status
    assert house.stats.auth_failures == 7
    house.password_accepted = False
    assert (await owner.text(STATUS))[0] == status


async def test_lockout(owner: Owner, clock: ManualClock) -> None:
    """After too many failures in a row nobody is let in for a while."""
    house = owner.house
    house.lockout_after, house.lockout_seconds = 3, 60
    wrong = {"Authorization": basic_of(house.username, "wrong")}
    for headers in (wrong, wrong, owner.headers, wrong, wrong):
        await owner.send(STATUS, headers=headers)
    assert (await owner.text(STATUS))[0] == 200
    for _ in range(3):
        await owner.send(STATUS, headers=wrong)
    assert house.gate.locked
    assert (await owner.text(STATUS))[0] == 403
    await clock.advance(60)
    assert (await owner.text(STATUS))[0] == 200
    assert house.stats.locked_out == 1


async def test_other_passwords(owner: Owner) -> None:
    """Letters from elsewhere, quotes and signs work in every way."""
    house = owner.house
    house.username, house.password = 'sér"vi\\ce', "pä€ss:w+rd&= 密"
    for target, headers in list(proofs(house).values())[1:]:
        assert (await owner.text(target, headers=headers))[0] == 200
    assert await via_digest(house) == 200


@pytest.mark.parametrize("algorithm", list(Algorithm))
async def test_digest(owner: Owner, digester: Digester, algorithm: Algorithm) -> None:
    """Digest with each algorithm, by aiohttp and by hand."""
    house = owner.house
    house.digest_algorithm = algorithm
    guid = next(guid for guid in house.guids("light") if "+" in guid and "/" in guid)
    target = f"/api/V1/power?guid={quote(guid, safe='')}&cmd=1&fb&auth=digest"
    assert await via_digest(house, target) == 200
    assert house.stats.commands[0].fb
    assert (await digester.challenge()).keys() == {"realm", "qop", "nonce", "opaque", "algorithm"}
    assert await digester.status() == 200


async def test_digest_is_for_the_raw_target(owner: Owner, digester: Digester) -> None:
    """The response must be made for the request line as it was sent."""
    guid = next(guid for guid in owner.house.guids("light") if "/" in guid)
    await digester.challenge()
    target = f"/api/V1/powerstatus?guid={quote(guid, safe='')}"
    headers = digester.header(target.replace("%2F", "/"))
    assert (await owner.send(target, headers=headers)).status == 403
    assert owner.house.stats.wrong_uris == 1
    headers = digester.header(STATUS)
    assert (await owner.send(f"{STATUS}?x=1", headers=headers)).status == 403
    assert await digester.status(target=target) == 200


@pytest.mark.parametrize(
    "changed",
    [
        {"password": "wrong"},
        {"username": "another"},
        {"realm": "another"},
        {"opaque": "another"},
        {"nonce": ""},
    ],
)
async def test_wrong_digest(digester: Digester, changed: dict[str, Any]) -> None:
    """A response in which anything is wrong is no good."""
    await digester.challenge()
    status = await digester.status(**changed)
    # A nonce that was never given out is only too old.
    assert status == (401 if "nonce" in changed else 403)


async def test_rising_count(owner: Owner, digester: Digester) -> None:
    """A nonce count must rise, or at least be new, or is not looked at."""
    house = owner.house
    for rule, wanted in (
        (NonceCount.RISING, [200, 200, 401]),
        (NonceCount.ONCE, [200, 200, 200]),
        (NonceCount.IGNORED, [200, 200, 200]),
    ):
        house.nonce_count = rule
        await digester.challenge()
        assert [await digester.status(count) for count in (1, 5, 3)] == wanted
    house.nonce_count = NonceCount.ONCE
    await digester.challenge()
    assert [await digester.status(1) for _ in range(2)] == [200, 401]
    assert digester.parts["stale"] == "true"
    assert house.stats.wrong_counts == 2


async def test_life_of_a_nonce(owner: Owner, digester: Digester, clock: ManualClock) -> None:
    """A nonce is good for some requests or some time, and does not survive a restart."""
    house = owner.house
    house.nonce_requests, house.nonce_seconds, house.keep_alive = 2, 60, False
    first = await digester.challenge()
    assert [await digester.status(count) for count in (1, 2, 3)] == [200, 200, 401]
    assert digester.parts["stale"] == "true"
    assert digester.parts["nonce"] != first["nonce"]
    assert await digester.status() == 200
    await clock.advance(61)
    assert await digester.status(2) == 401
    assert await digester.status() == 200
    await house.restart()
    assert await digester.status(2) == 401
    assert await digester.status(password="wrong") == 403
    assert (house.stats.challenges, house.stats.stale_challenges) == (4, 3)


async def test_changing_realm(owner: Owner, digester: Digester) -> None:
    """A realm can be another one in each challenge, and goes with its nonce."""
    owner.house.realm_changes = True
    first = await digester.challenge()
    old = digester.header(STATUS)
    second = await digester.challenge()
    assert first["realm"] != second["realm"]
    assert await digester.status(realm=first["realm"]) == 403
    assert (await owner.send(STATUS, headers=old)).status == 200
    assert await via_digest(owner.house) == 200


async def test_digest_of_old(owner: Owner, digester: Digester) -> None:
    """Without qop, as in RFC 2069."""
    owner.house.digest_qop = ""
    assert "qop" not in await digester.challenge()
    assert [await digester.status() for _ in range(2)] == [200, 200]
    assert await via_digest(owner.house) == 200


@pytest.mark.parametrize(
    ("offer", "schemes"),
    [
        ("basic_first", ["Basic", "Digest"]),
        ("digest_first", ["Digest", "Basic"]),
        ("one_header", ["Basic"]),
        ("nothing", []),
    ],
)
async def test_offers(owner: Owner, digester: Digester, offer: str, schemes: list[str]) -> None:
    """Challenges come in several orders; aiohttp's own digest fails where Basic is first."""
    house = owner.house
    house.offer, house.auth = Offer(offer), Auth.DIGEST
    answer = await owner.send(STATUS, headers={})
    offered = answer.headers.getall("WWW-Authenticate", [])
    assert [text.partition(" ")[0] for text in offered] == schemes
    works = schemes[:1] == ["Digest"]
    assert await via_digest(house) == (200 if works else 401)
    if schemes:
        digester.parts = challenge_of(next(text for text in offered if "Digest" in text))
        assert digester.parts.pop("realm") == "Thinknx"
        digester.parts["realm"] = "Thinknx"
        assert await digester.status() == 200


async def test_challenge_with_403(owner: Owner, digester: Digester) -> None:
    """The vendor's text knows no 401; aiohttp's own digest then does nothing."""
    house = owner.house
    house.challenge_status = 403
    answer = await owner.send(f"{STATUS}?auth=digest", headers={})
    assert (answer.status, answer.headers["WWW-Authenticate"][:7]) == (403, "Digest ")
    assert await via_digest(house) == 403
    digester.parts = challenge_of(answer.headers["WWW-Authenticate"])
    assert await digester.status() == 200
    assert house.stats.auth_failures == 0


async def test_many_at_once(owner: Owner) -> None:
    """After one challenge many requests at once need no other, though the count must rise."""
    house = owner.house
    middleware = DigestAuthMiddleware(house.username, house.password)
    async with ClientSession(middlewares=(middleware,)) as session:

        async def ask() -> int:
            async with session.get(house.url + STATUS) as answer:
                assert len(json.loads(await answer.text())) == 7
                return answer.status

        assert await ask() == 200
        assert await asyncio.gather(*(ask() for _ in range(40))) == [200] * 40
    # Requests may overtake each other on their way, so that some need a second try.
    assert house.stats.requests[STATUS] == 41 + house.stats.challenges
    assert house.stats.challenges == 1 + house.stats.wrong_counts
