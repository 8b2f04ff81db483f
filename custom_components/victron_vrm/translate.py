"""The one place where the client's errors become Home Assistant's."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from typing import Final

from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers.update_coordinator import UpdateFailed

from .const import DOMAIN
from .errors import (
    VrmAuthError,
    VrmBusyError,
    VrmConnectionError,
    VrmError,
    VrmForbiddenError,
    VrmNotFoundError,
    VrmRefusedError,
)

KEYS: Final[Mapping[type[VrmError], str]] = {
    VrmAuthError: "invalid_auth",
    VrmBusyError: "busy",
    VrmConnectionError: "cannot_connect",
    VrmForbiddenError: "forbidden",
    VrmNotFoundError: "not_there",
    VrmRefusedError: "refused",
}


def key_of(err: VrmError) -> str:
    """Return the key of the words for an error."""
    return KEYS.get(type(err), "bad_response")


def update_failed(err: VrmError, name: str) -> UpdateFailed:
    """Return what a coordinator says of an error."""
    retry_after = err.retry_after if isinstance(err, VrmBusyError) else None
    return UpdateFailed(
        translation_domain=DOMAIN,
        translation_key=key_of(err),
        translation_placeholders={"name": name, "reason": _reason(err)},
        retry_after=retry_after,
    )


@contextmanager
def command(name: str) -> Generator[None]:
    """Turn errors of an action about something into one that tells what happened.

    Raises:
        ServiceValidationError: the cloud does not take what it was asked.
        HomeAssistantError: all else.
    """
    try:
        yield
    except VrmError as err:
        refused = isinstance(err, VrmRefusedError)
        raise (ServiceValidationError if refused else HomeAssistantError)(
            translation_domain=DOMAIN,
            translation_key=key_of(err),
            translation_placeholders={"name": name, "reason": _reason(err)},
        ) from err


def _reason(err: VrmError) -> str:
    return (err.reason if isinstance(err, VrmRefusedError) else "") or "-"
