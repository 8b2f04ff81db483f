"""Logging in with user and password, once, to make a token.

Nothing of it is kept: the login's own token is given back as soon as there is a personal one.
Source: VRM API v2 documentation, "auth/login" and "users/accesstokens".
"""

from contextlib import suppress
from datetime import UTC, datetime
from typing import Final

import aiohttp

from .budget import Budget
from .errors import (
    VrmAuthError,
    VrmCodeWantedError,
    VrmError,
    VrmForbiddenError,
    VrmNotFoundError,
    VrmRefusedError,
    VrmResponseError,
)
from .parsing import integer, parse_new_token
from .transport import Transport

TOKEN_NAME: Final = "Home Assistant"  # noqa: S105  a name, no secret


async def make_token(
    session: aiohttp.ClientSession, base: str, user: str, password: str, code: str = ""
) -> str:
    """Log in, make a personal access token, log out; return the token.

    Raises:
        VrmCodeWantedError: a code of the second factor is wanted; it may be on its way.
        VrmAuthError: user, password or code are wrong.
        VrmError: all else.
    """
    body = {"username": user, "password": password}
    if code:
        body["sms_token"] = code
    try:
        answer = await Transport(session, base, "", Budget()).send("POST", "auth/login", body=body)
    except VrmForbiddenError as err:
        raise VrmRefusedError from err
    except VrmRefusedError as err:
        raise VrmAuthError("refused") from err
    bearer, user_id = answer.get("token"), integer(answer.get("idUser"))
    if not bearer and (answer.get("verification_sent") or answer.get("verification_mode")):
        raise VrmCodeWantedError
    if not bearer or not isinstance(bearer, str) or not bearer.isprintable() or user_id is None:
        raise VrmResponseError("no token")
    try:
        return await _create(Transport(session, base, f"Bearer {bearer}", Budget()), user_id)
    except VrmForbiddenError as err:
        raise VrmRefusedError from err
    finally:
        # With a budget of its own: it has to be given back, whatever happened before.
        await _log_out(Transport(session, base, f"Bearer {bearer}", Budget()))


async def _create(transport: Transport, user_id: int) -> str:
    """Make a token; names are unique, and ours may be taken."""
    now = datetime.now(UTC)
    for name in (TOKEN_NAME, f"{TOKEN_NAME} {now:%Y-%m-%d}"):
        with suppress(VrmRefusedError):
            return await _create_named(transport, user_id, name)
    return await _create_named(transport, user_id, f"{TOKEN_NAME} {now:%Y-%m-%d %H:%M:%S}")


async def _create_named(transport: Transport, user_id: int, name: str) -> str:
    path = f"users/{user_id}/accesstokens"
    try:
        answer = await transport.send("POST", path, body={"name": name})
    except VrmNotFoundError:  # so it was called before 2026
        answer = await transport.send("POST", f"{path}/create", body={"name": name})
    return parse_new_token(answer)


async def _log_out(transport: Transport) -> None:
    """Give the login's token back; it would end by itself, only later."""
    for method in ("GET", "POST"):
        try:
            await transport.send(method, "auth/logout")
        except VrmNotFoundError:
            continue
        except VrmError:
            return
        return
