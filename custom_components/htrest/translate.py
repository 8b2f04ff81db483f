"""The one place where the client's errors become Home Assistant's."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import (
    ConfigEntryAuthFailed,
    HomeAssistantError,
    ServiceValidationError,
)
from homeassistant.helpers.update_coordinator import UpdateFailed

from .const import DOMAIN
from .errors import (
    HtRestAbsentPointError,
    HtRestAuthError,
    HtRestBusyError,
    HtRestConnectionError,
    HtRestError,
    HtRestFaultStandsError,
    HtRestLineError,
    HtRestNotConfirmedError,
    HtRestOtherPumpError,
    HtRestPartlyError,
    HtRestPumpSilentError,
    HtRestRefusedError,
    HtRestServerStuckError,
    HtRestUncertainError,
    HtRestUnknownNamesError,
)
from .repairs import IssueKind, async_report

if TYPE_CHECKING:
    from .coordinator import HtRestConfigEntry

TRANSLATION_KEYS: Mapping[type[HtRestError], str] = {
    HtRestAbsentPointError: "absent_point",
    HtRestAuthError: "invalid_auth",
    HtRestBusyError: "busy",
    HtRestConnectionError: "cannot_connect",
    HtRestFaultStandsError: "fault_stands",
    HtRestLineError: "line",
    HtRestOtherPumpError: "other_pump",
    HtRestPartlyError: "partly",
    HtRestPumpSilentError: "pump_silent",
    HtRestRefusedError: "refused",
    HtRestServerStuckError: "server_stuck",
    HtRestUncertainError: "uncertain",
    HtRestUnknownNamesError: "unknown_name",
}

SILENT_POLLS = 3  # in a row; a heat pump that is switched off for a moment needs no repair


@dataclass
class ErrorTranslator:
    """Knows of one entry what is needed to tell the user what went wrong."""

    hass: HomeAssistant
    entry: HtRestConfigEntry
    silent_polls: int = 0

    @contextmanager
    def poll(self) -> Generator[None]:
        """Turn errors of a poll into the coordinator's.

        Raises:
            ConfigEntryAuthFailed: user or password is wrong.
            UpdateFailed: all else.
        """
        try:
            yield
        except HtRestAuthError as err:
            raise ConfigEntryAuthFailed(
                translation_domain=DOMAIN,
                translation_key="invalid_auth",
                translation_placeholders={"name": self.entry.title},
            ) from err
        except HtRestError as err:
            self._report(err)
            raise UpdateFailed(
                translation_domain=DOMAIN,
                translation_key=TRANSLATION_KEYS.get(type(err), "bad_response"),
                translation_placeholders={"name": self.entry.title},
            ) from err
        self._report(None)

    def _report(self, err: HtRestError | None) -> None:
        """Raise the issues that an error calls for, or take them back after a success."""
        silent = isinstance(err, HtRestPumpSilentError)
        self.silent_polls = self.silent_polls + 1 if silent else 0
        stuck = isinstance(err, HtRestServerStuckError)
        if stuck or err is None:
            async_report(self.hass, self.entry, IssueKind.SERVER_STUCK, present=stuck)
        if self.silent_polls >= SILENT_POLLS or err is None:
            async_report(self.hass, self.entry, IssueKind.PUMP_SILENT, present=silent)

    @contextmanager
    def command(self, name: str, *, writes: bool = False) -> Generator[None]:
        """Turn errors of a command about something into one that tells what happened.

        A write that is confirmed ends the suspicion that the server is read-only.

        Raises:
            ServiceValidationError: the server refuses the value.
            HomeAssistantError: all else; wrong credentials start reauthentication too.
        """
        try:
            yield
        except HtRestError as err:
            key = TRANSLATION_KEYS.get(type(err), "bad_response")
            if isinstance(err, HtRestAuthError):
                self.entry.async_start_reauth(self.hass)
            if isinstance(err, HtRestServerStuckError):
                self._report(err)
            if isinstance(err, HtRestNotConfirmedError):
                key = "server_read_only" if err.echoed else "not_confirmed"
                if err.echoed:
                    async_report(self.hass, self.entry, IssueKind.SERVER_READ_ONLY, present=True)
            refused = isinstance(err, HtRestRefusedError)
            raise (ServiceValidationError if refused else HomeAssistantError)(
                translation_domain=DOMAIN,
                translation_key=key,
                translation_placeholders={"name": name},
            ) from err
        if writes:
            async_report(self.hass, self.entry, IssueKind.SERVER_READ_ONLY, present=False)
