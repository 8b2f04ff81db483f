"""What can go wrong with a Nuki bridge."""


class NukiError(Exception):
    """Anything that went wrong with the bridge; no text ever holds a URL or a token."""


class NukiConnectionError(NukiError):
    """The bridge cannot be reached, or the connection broke."""


class NukiBusyError(NukiError):
    """The bridge still answered 503 after all retries; nothing was done."""


class NukiAuthError(NukiError):
    """The bridge refused the token: wrong, or written by a clock unlike its own."""


class NukiResponseError(NukiError):
    """The bridge answered something that it should not."""


class NukiStatusError(NukiResponseError):
    """The bridge answered with an unexpected HTTP status."""

    def __init__(self, status: int) -> None:
        """Remember the status."""
        super().__init__(f"HTTP {status}")
        self.status = status


class NukiDeviceOfflineError(NukiError):
    """The bridge cannot reach the lock; nothing was done."""


class NukiUnknownDeviceError(NukiError):
    """The bridge does not know the lock."""


class NukiNotSupportedError(NukiError):
    """This bridge does not have the endpoint (software bridges lack the maintenance ones)."""


class NukiActionRejectedError(NukiError):
    """The bridge answered success=false: nothing moved."""


class NukiActionUncertainError(NukiError):
    """The connection broke after sending: the action may have been carried out."""


class NukiPairingDisabledError(NukiError):
    """The bridge's API may not be switched on over the network (/auth answered 403)."""


class NukiButtonNotPressedError(NukiError):
    """Nobody pressed the bridge's button in time."""
