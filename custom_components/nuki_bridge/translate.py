"""The one place where the client's errors become Home Assistant's."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ConfigEntryAuthFailed, HomeAssistantError
from homeassistant.helpers.update_coordinator import UpdateFailed

from .api import NukiBridgeClient
from .const import CLOCK_TOLERANCE, DOMAIN
from .errors import (
    NukiActionRejectedError,
    NukiActionUncertainError,
    NukiAuthError,
    NukiBusyError,
    NukiConnectionError,
    NukiDeviceOfflineError,
    NukiError,
    NukiNotSupportedError,
    NukiUnknownDeviceError,
)
from .models import BridgeInfo, NukiDevice, State

if TYPE_CHECKING:
    from .coordinator import NukiConfigEntry

TRANSLATION_KEYS: Mapping[type[NukiError], str] = {
    NukiActionRejectedError: "rejected",
    NukiActionUncertainError: "uncertain",
    NukiAuthError: "invalid_auth",
    NukiBusyError: "busy",
    NukiConnectionError: "cannot_connect",
    NukiDeviceOfflineError: "offline",
    NukiNotSupportedError: "not_supported",
    NukiUnknownDeviceError: "unknown_device",
}


@dataclass
class ErrorTranslator:
    """Knows of one entry what is needed to tell the user what went wrong."""

    hass: HomeAssistant
    entry: NukiConfigEntry
    client: NukiBridgeClient
    info: BridgeInfo | None = None  # the last one

    def key(self, err: NukiError) -> str:
        """Return the translation key of an error.

        A token bears the time. A bridge whose clock was off already, or that has no internet to
        set it by, most likely refuses the time and not the token.
        """
        clock_suspected = abs(self.client.clock_offset) > CLOCK_TOLERANCE or (
            self.info is not None and self.info.server_connected is False
        )
        if isinstance(err, NukiAuthError) and self.client.signs_time and clock_suspected:
            return "clock"
        return TRANSLATION_KEYS.get(type(err), "bad_response")

    @contextmanager
    def poll(self) -> Generator[None]:
        """Turn errors of a poll into the coordinator's.

        Raises:
            ConfigEntryAuthFailed: the token is wrong.
            UpdateFailed: all else, a suspected clock included.
        """
        try:
            yield
        except NukiError as err:
            key = self.key(err)
            error = ConfigEntryAuthFailed if key == "invalid_auth" else UpdateFailed
            raise error(
                translation_domain=DOMAIN,
                translation_key=key,
                translation_placeholders={"name": self.entry.title},
            ) from err

    @contextmanager
    def command(self, device: NukiDevice | None = None) -> Generator[None]:
        """Turn errors of a command into one that tells the user what happened.

        Raises:
            HomeAssistantError: always; a wrong token starts reauthentication too.
        """
        try:
            yield
        except NukiError as err:
            key = self.key(err)
            if key == "invalid_auth":
                self.entry.async_start_reauth(self.hass)
            untaught = device and device.state in (State.UNCALIBRATED, State.UNTRAINED)
            if key == "rejected" and untaught:
                key = "not_calibrated"
            raise HomeAssistantError(
                translation_domain=DOMAIN,
                translation_key=key,
                translation_placeholders={"name": device.label if device else self.entry.title},
            ) from err
