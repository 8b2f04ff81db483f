"""The one place where the client's errors become Home Assistant's."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ConfigEntryAuthFailed, HomeAssistantError
from homeassistant.helpers.update_coordinator import UpdateFailed

from .const import BACK_OFF, DOMAIN
from .errors import (
    NibeAuthError,
    NibeCertificateError,
    NibeConnectionError,
    NibeError,
    NibeNoSuchPointError,
    NibeNotConfirmedError,
    NibeNotSupportedError,
    NibeRefusedError,
    NibeUncertainError,
)
from .repairs import IssueKind, async_report

if TYPE_CHECKING:
    from .coordinator import NibeConfigEntry

TRANSLATION_KEYS: Mapping[type[NibeError], str] = {
    NibeAuthError: "invalid_auth",
    NibeCertificateError: "certificate",
    NibeConnectionError: "cannot_connect",
    NibeNoSuchPointError: "no_such_point",
    NibeNotConfirmedError: "not_confirmed",
    NibeNotSupportedError: "not_supported",
    NibeRefusedError: "refused",
    NibeUncertainError: "uncertain",
}

# So many writes in a row that the heat pump took and did not carry out mean its read-only switch.
UNCONFIRMED_ALLOWED = 2


@dataclass
class ErrorTranslator:
    """Knows of one entry what is needed to tell the user what went wrong."""

    hass: HomeAssistant
    entry: NibeConfigEntry
    failed_polls: int = 0
    unconfirmed: int = 0

    @contextmanager
    def poll(self) -> Generator[None]:
        """Turn errors of a poll into the coordinator's; ask less often the longer it lasts.

        Raises:
            ConfigEntryAuthFailed: user or password is wrong.
            UpdateFailed: all else.
        """
        try:
            yield
        except NibeAuthError as err:
            raise ConfigEntryAuthFailed(
                translation_domain=DOMAIN,
                translation_key="invalid_auth",
                translation_placeholders={"name": self.entry.title},
            ) from err
        except NibeError as err:
            key = TRANSLATION_KEYS.get(type(err), "bad_response")
            if isinstance(err, NibeCertificateError):
                async_report(self.hass, self.entry, IssueKind.CERTIFICATE_CHANGED, present=True)
            wait = BACK_OFF[min(self.failed_polls, len(BACK_OFF) - 1)]
            self.failed_polls += 1
            raise UpdateFailed(
                translation_domain=DOMAIN,
                translation_key=key,
                translation_placeholders={"name": self.entry.title},
                retry_after=wait,
            ) from err
        self.failed_polls = 0
        async_report(self.hass, self.entry, IssueKind.CERTIFICATE_CHANGED, present=False)

    @contextmanager
    def command(self, name: str, *, writes: bool = False) -> Generator[None]:
        """Turn errors of a command about something into one that tells what happened.

        A write that is confirmed ends the suspicion that the API is read-only.

        Raises:
            HomeAssistantError: always; wrong credentials start reauthentication too.
        """
        try:
            yield
        except NibeError as err:
            key = TRANSLATION_KEYS.get(type(err), "bad_response")
            if isinstance(err, NibeAuthError):
                self.entry.async_start_reauth(self.hass)
            if isinstance(err, NibeCertificateError):
                async_report(self.hass, self.entry, IssueKind.CERTIFICATE_CHANGED, present=True)
            if isinstance(err, NibeNotConfirmedError):
                self.unconfirmed += 1
                if self.unconfirmed >= UNCONFIRMED_ALLOWED:
                    key = "api_read_only"
                    async_report(self.hass, self.entry, IssueKind.API_READ_ONLY, present=True)
            raise HomeAssistantError(
                translation_domain=DOMAIN,
                translation_key=key,
                translation_placeholders={"name": name},
            ) from err
        if writes:
            self.unconfirmed = 0
            async_report(self.hass, self.entry, IssueKind.API_READ_ONLY, present=False)
