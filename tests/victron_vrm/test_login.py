"""Logging in once to make a token, and leaving nothing behind."""

import logging
from typing import Any

from aiohttp import ClientSession
import pytest

from custom_components.victron_vrm.errors import (
    VrmAuthError,
    VrmBusyError,
    VrmCodeWantedError,
    VrmConnectionError,
    VrmError,
    VrmRefusedError,
    VrmResponseError,
)
from custom_components.victron_vrm.login import make_token
from simulators.clock import ManualClock
from simulators.victron_vrm import ErrorStyle, TokenApi, TwoFactor, VrmSimulator

from .test_transport import Stub, logged, stubbed, told_by

SECOND_FACTORS = [TwoFactor.SMS, TwoFactor.TOTP]


async def log_in(session: ClientSession, cloud: VrmSimulator, code: str = "", **other: str) -> str:
    """Log in as the owner."""
    user, password = other.get("user", cloud.owner.email), other.get("password")
    return await make_token(
        session, f"{cloud.url}/v2", user, password or cloud.owner.password, code
    )


def made(cloud: VrmSimulator) -> dict[str, str]:
    """Return the tokens by name that were not there before."""
    return {it.name: it.secret for it in cloud.vault.of(cloud.owner) if it.name != "Simulator"}


async def test_password(session: ClientSession, cloud: VrmSimulator) -> None:
    """A password makes one token of a name that the user knows again, and nobody stays logged in."""
    token = await log_in(session, cloud)
    assert made(cloud) == {"Home Assistant": token}
    assert cloud.vault.bearers == {}
    assert [it.expires for it in cloud.vault.of(cloud.owner)] == [None, None]


@pytest.mark.parametrize("mode", SECOND_FACTORS)
async def test_second_factor(session: ClientSession, cloud: VrmSimulator, mode: TwoFactor) -> None:
    """A code is wanted, a wrong one is refused, and the right one makes a token."""
    cloud.two_factor = mode
    with pytest.raises(VrmCodeWantedError):
        await log_in(session, cloud)
    assert cloud.codes_sent == (mode is TwoFactor.SMS)
    with pytest.raises(VrmAuthError):
        await log_in(session, cloud, "00000000")
    assert made(cloud) == {}
    token = await log_in(session, cloud, cloud.code)
    assert made(cloud) == {"Home Assistant": token}
    assert cloud.vault.bearers == {}


@pytest.mark.parametrize("wrong", [{"password": "no"}, {"user": "nobody@example.com"}])
async def test_wrong(session: ClientSession, cloud: VrmSimulator, wrong: dict[str, str]) -> None:
    """Who has no account gets no token."""
    with pytest.raises(VrmAuthError):
        await log_in(session, cloud, **wrong)
    assert made(cloud) == {}
    assert cloud.stats.requests.total() == 1


@pytest.mark.parametrize("style", ErrorStyle)
async def test_wrong_in_another_way(session: ClientSession, style: ErrorStyle) -> None:
    """A login that is refused with a good status, or as a wrong request, is a wrong password."""
    for status in (200, 400, 422):
        async with stubbed() as stub:
            stub.say(status, {"success": False, "errors": {"password": "wrong"}})
            with pytest.raises(VrmAuthError):
                await make_token(session, stub.url, "me", "pw")
            assert len(stub.asked) == 1


async def test_switched_off(session: ClientSession, cloud: VrmSimulator) -> None:
    """When logins have come to their announced end, that is not taken for a wrong password."""
    cloud.password_login = False
    with pytest.raises(VrmRefusedError):
        await log_in(session, cloud)


async def test_name_is_taken(
    session: ClientSession, cloud: VrmSimulator, clock: ManualClock
) -> None:
    """Each token gets a name of its own, also at the same day."""
    first = await log_in(session, cloud)
    second = await log_in(session, cloud)
    names = made(cloud)
    assert (len(names), names["Home Assistant"]) == (2, first)
    (other,) = [name for name, secret in names.items() if secret == second]
    assert other.startswith("Home Assistant 20")
    third = await log_in(session, cloud)
    (last,) = [name for name, secret in made(cloud).items() if secret == third]
    assert last.startswith(other)
    assert len(made(cloud)) == 3
    assert cloud.vault.bearers == {}


@pytest.mark.parametrize("style", TokenApi)
@pytest.mark.parametrize("missing", [404, 405])
async def test_token_api(
    session: ClientSession, cloud: VrmSimulator, style: TokenApi, missing: int
) -> None:
    """Tokens are made at the newer and at the older path."""
    cloud.token_api, cloud.token_api_missing_status = style, missing
    tokens = [await log_in(session, cloud), await log_in(session, cloud)]
    assert sorted(made(cloud).values()) == sorted(tokens)
    assert cloud.vault.bearers == {}


@pytest.mark.parametrize(
    ("fault", "wanted"),
    [
        ({"kind": "status", "status": 401}, VrmAuthError),
        ({"kind": "status", "status": 403}, VrmRefusedError),
        ({"kind": "status", "status": 400, "times": None}, VrmRefusedError),
        ({"kind": "status", "status": 429}, VrmBusyError),
        ({"kind": "status", "status": 503}, VrmConnectionError),
        ({"kind": "drop"}, VrmConnectionError),
        ({"kind": "garbage"}, VrmResponseError),
        ({"kind": "garbage", "body": '{"success": true, "token": "short"}'}, VrmResponseError),
        ({"kind": "redirect"}, VrmResponseError),
    ],
)
async def test_no_token(
    session: ClientSession, cloud: VrmSimulator, fault: dict[str, Any], wanted: type[VrmError]
) -> None:
    """If no token can be made, nobody stays logged in all the same."""
    cloud.inject(path="*/accesstokens*", **fault)
    with pytest.raises(wanted):
        await log_in(session, cloud)
    assert cloud.vault.bearers == {}


@pytest.mark.parametrize("status", [404, 405])
async def test_other_way_out(session: ClientSession, cloud: VrmSimulator, status: int) -> None:
    """Logging out is tried in both of its documented ways."""
    cloud.inject("status", "*/auth/logout", method="GET", status=status)
    await log_in(session, cloud)
    assert cloud.vault.bearers == {}


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "status", "status": 500},
        {"kind": "status", "status": 404},
        {"kind": "status", "status": 401},
        {"kind": "garbage"},
        {"kind": "drop"},
    ],
)
async def test_no_way_out(
    session: ClientSession, cloud: VrmSimulator, fault: dict[str, Any]
) -> None:
    """If logging out fails, the token is there all the same: the login ends by itself."""
    cloud.inject(path="*/auth/logout", times=None, **fault)
    assert await log_in(session, cloud) == made(cloud)["Home Assistant"]


@pytest.mark.parametrize(
    ("status", "body", "wanted"),
    [
        (200, "", VrmResponseError),
        (200, "<html>", VrmResponseError),
        (200, {"success": True}, VrmResponseError),
        (200, {"token": None, "idUser": 5}, VrmResponseError),
        (200, {"token": "", "idUser": 5}, VrmResponseError),
        (200, {"token": 5, "idUser": 5}, VrmResponseError),
        (200, {"token": ["a"], "idUser": 5}, VrmResponseError),
        (200, {"token": "a\r\nX-Evil: 1", "idUser": 5}, VrmResponseError),
        (200, {"token": "abc"}, VrmResponseError),
        (200, {"token": "abc", "idUser": "me"}, VrmResponseError),
        (200, {"token": "abc", "idUser": True}, VrmResponseError),
        (200, {"token": None, "idUser": 5, "verification_sent": True}, VrmCodeWantedError),
        (200, {"token": False, "verification_mode": "totp"}, VrmCodeWantedError),
        (302, "", VrmResponseError),
        (404, "", VrmError),
        (429, "", VrmBusyError),
        (500, "", VrmConnectionError),
    ],
)
async def test_odd_answers(
    session: ClientSession, status: int, body: Any, wanted: type[VrmError]
) -> None:
    """An answer to the login that should not be is told as one, and nothing more is sent."""
    async with stubbed() as stub:
        stub.say(status, body)
        stub.say(401, {})
        with pytest.raises(wanted):
            await make_token(session, stub.url, "me", "pw")
        assert len(stub.asked) == 1


async def test_no_secret(
    session: ClientSession, cloud: VrmSimulator, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither errors nor the log tell passwords, codes, logins or tokens."""
    caplog.set_level(logging.DEBUG)
    cloud.two_factor = TwoFactor.SMS
    secrets = {cloud.owner.password, cloud.code, "13571357"}
    errors: list[VrmError] = []
    for code, fault in (
        ("", None),
        ("13571357", None),
        (cloud.code, {"kind": "status", "status": 500, "path": "*/accesstokens*"}),
        (cloud.code, {"kind": "garbage", "path": "*/auth/login"}),
        (cloud.code, {"kind": "redirect", "path": "*/auth/login"}),
        (cloud.code, {"kind": "drop", "path": "*/auth/logout"}),
        (cloud.code, None),
    ):
        if fault:
            cloud.inject(**fault)
        try:
            await log_in(session, cloud, code)
        except VrmError as err:
            errors.append(err)
        secrets |= set(cloud.vault.bearers) | set(made(cloud).values())
    assert len(errors) == 5
    assert len(secrets) >= 6
    texts = [*(it for err in errors for it in told_by(err)), logged(caplog)]
    assert "custom_components" in texts[-1]
    assert not [secret for secret in secrets for text in texts if secret in text]


async def test_refusal_echoes_nothing(session: ClientSession) -> None:
    """Even what a cloud repeats of the request stays out of errors and log."""
    stub: Stub
    async with stubbed() as stub:
        stub.say(400, {"success": False, "errors": ["user me with password hunter2hunter2"]})
        with pytest.raises(VrmAuthError) as refused:
            await make_token(session, stub.url, "me", "hunter2hunter2")
    assert "hunter2" not in f"{refused.value} {refused.value!r} {vars(refused.value)}"
