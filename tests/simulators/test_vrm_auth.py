"""Tests of accounts, tokens and limits of the VRM cloud."""

from collections.abc import AsyncGenerator
from email.utils import parsedate_to_datetime

from aiohttp import ClientSession
import pytest

from simulators.clock import ManualClock
from simulators.victron_vrm import (
    ErrorStyle,
    LimitBody,
    RetryAfter,
    TokenApi,
    TwoFactor,
    VrmSimulator,
)

from .vrm_owner import Owner


@pytest.fixture
async def cloud(clock: ManualClock) -> AsyncGenerator[VrmSimulator]:
    """Return a cloud."""
    async with VrmSimulator(clock=clock) as simulator:
        yield simulator


@pytest.fixture
def owner(cloud: VrmSimulator, session: ClientSession) -> Owner:
    """Return its owner."""
    return Owner(cloud, session)


async def login(owner: Owner, **more: str) -> tuple[int, dict[str, object]]:
    """Log in with the right password, or with something else."""
    body = {"username": owner.cloud.owner.email, "password": owner.cloud.owner.password} | more
    return await owner.ask("auth/login", "POST", json=body, headers={})


def test_credentials(cloud: VrmSimulator) -> None:
    """All that a client can need, from the seed."""
    assert set(cloud.credentials) == {"username", "password", "code", "token"}
    assert len(cloud.token) == 64
    again = VrmSimulator(clock=cloud.clock)
    assert again.credentials == cloud.credentials
    assert list(again.sites) == list(cloud.sites)
    assert VrmSimulator(seed=2).token != cloud.token


async def test_login(owner: Owner) -> None:
    """A bearer opens the door; logging out closes it."""
    status, body = await login(owner)
    assert (status, body["idUser"], body["verification_sent"]) == (200, owner.user, False)
    token = str(body["token"])
    assert token.count(".") == 2
    owner.header = {"X-Authorization": f"Bearer {token}"}
    user = (await owner.good("users/me"))["user"]
    assert (user["id"], user["idAccessToken"]) == (owner.user, None)
    await owner.good("auth/logout")
    assert (await owner.ask("users/me"))[0] == 401


async def test_wrong_password(owner: Owner) -> None:
    """Wrong credentials are 401 with a code, missing ones 400."""
    status, body = await login(owner, password="x")
    assert (status, body["success"], body["error_code"]) == (401, False, "invalid_credentials")
    status, body = await owner.ask("auth/login", "POST", json={"username": "x"}, headers={})
    assert (status, type(body["errors"])) == (400, dict)
    assert (await owner.ask("auth/login", "POST", data="x=y", headers={}))[0] == 400
    owner.cloud.password_login = False
    assert (await login(owner))[0] == 403


async def test_second_factor(owner: Owner) -> None:
    """With two factors the password brings no token, and a code is sent."""
    owner.cloud.two_factor = TwoFactor.SMS
    status, body = await login(owner)
    assert (status, body["token"], body["verification_mode"]) == (200, None, "sms")
    assert body["verification_sent"] is True
    assert owner.cloud.codes_sent == 1
    assert (await login(owner, sms_token="1"))[0] == 401
    status, body = await login(owner, sms_token=owner.cloud.code)
    assert (status, bool(body["token"])) == (200, True)


async def test_demo(owner: Owner) -> None:
    """Anybody may be the demo user, who sees little, unless that is switched off."""
    body = await owner.good("auth/loginAsDemo", headers={})
    owner.header = {"X-Authorization": f"Bearer {body['token']}"}
    owner.user = 22
    sites = await owner.sites(extended=1)
    assert [site["accessLevel"] for site in sites] == [0, 0]
    assert (await owner.ask("users/22/accesstokens"))[0] == 403
    owner.cloud.demo = False
    assert (await owner.ask("auth/loginAsDemo", headers={}))[0] == 403


async def test_headers(owner: Owner) -> None:
    """Only X-Authorization counts."""
    good = owner.header["X-Authorization"]
    for header in (
        {},
        {"Authorization": good},
        {"X-Authorization": good.replace("Token", "Bearer")},
    ):
        status, body = await owner.ask("users/me", headers=header)
        assert (status, body["success"]) == (401, False)
    assert owner.cloud.stats.wrong_header == 1
    assert owner.cloud.stats.refused["GET users/me"] == 3
    assert (await owner.good("users/me"))["user"]["idAccessToken"] in owner.cloud.vault.tokens


async def test_expiry(owner: Owner, clock: ManualClock) -> None:
    """Bearers end after a day, access tokens when they say so."""
    _, body = await login(owner)
    made = await owner.good(
        f"users/{owner.user}/accesstokens",
        "POST",
        json={"name": "brief", "expiry": int(owner.cloud.now + 600)},
    )
    bearer = {"X-Authorization": f"Bearer {body['token']}"}
    brief = {"X-Authorization": f"Token {made['token']}"}
    await owner.good("users/me", headers=brief)
    await clock.advance(601)
    assert (await owner.ask("users/me", headers=brief))[0] == 401
    await owner.good("users/me", headers=bearer)
    await clock.advance(86_400)
    assert (await owner.ask("users/me", headers=bearer))[0] == 401
    await owner.good("users/me")


@pytest.mark.parametrize("new", [True, False])
async def test_access_tokens(owner: Owner, new: bool) -> None:
    """Tokens are made, listed without their secret, and revoked, in the newer or the older way."""
    owner.cloud.token_api = TokenApi.NEW if new else TokenApi.OLD
    base = f"users/{owner.user}/accesstokens"
    create, listing = (base, base) if new else (f"{base}/create", f"{base}/list")
    made = await owner.good(create, "POST", json={"name": "Home"})
    owner.header = {"X-Authorization": f"Token {made['token']}"}
    tokens = (await owner.good(listing))["tokens"]
    assert [token["name"] for token in tokens] == ["Simulator", "Home"]
    assert made["token"] not in str(tokens)
    assert (await owner.ask(create, "POST", json={"name": "Home"}))[0] == 400
    assert (await owner.ask(create, "POST", json={"name": "x", "expiry": 5}))[0] == 400
    number = made["idAccessToken"]
    revoke = (f"{base}/{number}", "DELETE") if new else (f"{base}/{number}/revoke", "GET")
    assert (await owner.good(*revoke))["data"] == {"removed": 1}
    assert (await owner.ask(listing))[0] == 401
    owner.header = {"X-Authorization": f"Token {owner.cloud.token}"}
    assert (await owner.ask(*revoke))[0] == 404
    other = f"{base}/list" if new else base
    assert (await owner.ask(other))[0] == 404
    owner.cloud.token_api_missing_status = 405
    assert (await owner.ask(other))[0] == 405


async def test_revoke_all(owner: Owner) -> None:
    """A star takes all tokens, also the one that was used."""
    path = f"users/{owner.user}/accesstokens/*"
    assert (await owner.good(path, "DELETE"))["data"] == {"removed": 1}
    assert (await owner.ask("users/me"))[0] == 401


async def test_other_people(owner: Owner) -> None:
    """Others' accounts and sites are forbidden, unknown ones do not exist."""
    demo = next(site for site in owner.cloud.sites.values() if site.owner_id == 22)
    assert (await owner.ask("users/22/installations"))[0] == 403
    assert (await owner.ask(f"installations/{demo.id}/stats"))[0] == 403
    assert (await owner.ask("installations/1/stats"))[0] == 404
    assert (await owner.ask("nothing"))[0] == 404
    assert (await owner.ask("users/me", "PUT"))[0] == 405


async def test_find_site(owner: Owner) -> None:
    """Sites are found by name and identifier; an unknown identifier is answered with 200."""
    site = owner.cloud.site("boat")
    path = f"users/{owner.user}/get-site-id"
    found = await owner.good(path, "POST", json={"installation_identifier": site.identifier})
    assert found["records"]["site_id"] == site.id
    status, body = await owner.ask(path, "POST", json={"installation_identifier": "0"})
    assert (status, body["success"]) == (200, False)
    found = await owner.good(f"users/{owner.user}/search?query=sailing")
    assert (found["count"], found["results"][0]["idSite"]) == (1, str(site.id))
    assert isinstance((await owner.ask(f"users/{owner.user}/search"))[1]["error"], list)


async def test_rate_limit(owner: Owner, clock: ManualClock) -> None:
    """200 requests at once, then three a second; who is refused changes nothing."""
    for _ in range(200):
        await owner.good("users/me")
    response = await owner.send("users/me")
    assert (response.status, response.headers["Retry-After"]) == (429, "1")
    assert (await response.json())["success"] is False
    assert owner.cloud.stats.rejected == owner.cloud.stats.limited["GET users/me"] == 1
    await clock.advance(1)
    assert [(await owner.ask("users/me"))[0] for _ in range(4)] == [200, 200, 200, 429]
    assert owner.cloud.stats.peak_level <= 200


async def test_retry_after(owner: Owner) -> None:
    """The header may be a date or absent, the body text."""
    cloud = owner.cloud
    cloud.rate_size, cloud.retry_after_seconds = 1, 30
    await owner.good("users/me")
    assert (await owner.send("users/me")).headers["Retry-After"] == "30"
    cloud.retry_after_seconds = 0
    cloud.retry_after = RetryAfter.DATE
    response = await owner.send("users/me")
    date = parsedate_to_datetime(response.headers["Retry-After"])
    assert 0 < date.timestamp() - cloud.now <= 1
    cloud.retry_after, cloud.limit_body = RetryAfter.NOTHING, LimitBody.TEXT
    response = await owner.send("users/me")
    assert response.status == 429
    assert "Retry-After" not in response.headers
    assert response.content_type == "text/plain"
    cloud.rate_drain, cloud.retry_after = 0, RetryAfter.SECONDS
    assert (await owner.send("users/me")).headers["Retry-After"] == "3600"
    cloud.rate_size = 0
    await owner.good("users/me")


async def test_login_limit(owner: Owner) -> None:
    """Logging in is limited harder."""
    statuses = [(await owner.ask("auth/loginAsDemo", headers={}))[0] for _ in range(11)]
    assert statuses == [200] * 10 + [429]
    await owner.good("users/me")


async def test_one_endpoint_refuses(owner: Owner) -> None:
    """One endpoint may answer 401 although the token is good everywhere else."""
    site = owner.cloud.site("ess").id
    owner.cloud.unauthorised["/v2/installations/*/stats"] = 401
    status, body = await owner.ask(f"installations/{site}/stats")
    assert (status, body["error_code"]) == (401, "invalid_credentials")
    await owner.good("users/me")


@pytest.mark.parametrize(
    ("style", "kind"),
    [(ErrorStyle.STRING, str), (ErrorStyle.LIST, list), (ErrorStyle.OBJECT, dict)],
)
async def test_errors(owner: Owner, style: ErrorStyle, kind: type) -> None:
    """Errors come as text, as list, as object, and with status 200."""
    owner.cloud.error_style = style
    status, body = await owner.ask("installations/1/stats")
    assert (status, body["success"], type(body["errors"])) == (404, False, kind)
    owner.cloud.errors_as_200 = True
    assert (await owner.ask("installations/1/stats"))[0] == 200
