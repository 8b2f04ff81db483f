"""The one place where the client's errors become Home Assistant's."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager

from homeassistant.exceptions import (
    ConfigEntryAuthFailed,
    ConfigEntryNotReady,
    HomeAssistantError,
    ServiceValidationError,
)

from .const import DOMAIN
from .errors import (
    ThinknxAuthError,
    ThinknxBusyError,
    ThinknxConnectionError,
    ThinknxError,
    ThinknxNoDeviceError,
    ThinknxNotPossibleError,
    ThinknxParameterError,
    ThinknxPathError,
    ThinknxRedirectError,
    ThinknxUncertainError,
)

TRANSLATION_KEYS: Mapping[type[ThinknxError], str] = {
    ThinknxAuthError: "invalid_auth",
    ThinknxBusyError: "busy",
    ThinknxConnectionError: "cannot_connect",
    ThinknxNoDeviceError: "no_device",
    ThinknxNotPossibleError: "not_possible",
    ThinknxParameterError: "parameter",
    ThinknxPathError: "bad_response",
    ThinknxRedirectError: "redirect",
    ThinknxUncertainError: "uncertain",
}


def key_of(err: ThinknxError) -> str:
    """Return the translation key of an error."""
    return TRANSLATION_KEYS.get(type(err), "bad_response")


@contextmanager
def setting_up(name: str) -> Generator[None]:
    """Turn errors of a set-up into the entry's.

    Raises:
        ConfigEntryAuthFailed: the server refuses user and password, or the key.
        ConfigEntryNotReady: all else.
    """
    try:
        yield
    except ThinknxError as err:
        failure = (
            ConfigEntryAuthFailed if isinstance(err, ThinknxAuthError) else ConfigEntryNotReady
        )
        raise failure(
            translation_domain=DOMAIN,
            translation_key=key_of(err),
            translation_placeholders={"name": name},
        ) from None


@contextmanager
def command(name: str) -> Generator[None]:
    """Turn errors of a command to something into one that tells what happened.

    Raises:
        ServiceValidationError: the server does not like a parameter.
        HomeAssistantError: all else.
    """
    try:
        yield
    except ThinknxError as err:
        refused = isinstance(err, ThinknxParameterError)
        raise (ServiceValidationError if refused else HomeAssistantError)(
            translation_domain=DOMAIN,
            translation_key=key_of(err),
            translation_placeholders={"name": name},
        ) from None
