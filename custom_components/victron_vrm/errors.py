"""What can go wrong with the VRM cloud."""


class VrmError(Exception):
    """Anything that went wrong; no text ever holds a token, a password or an address."""


class VrmConnectionError(VrmError):
    """The cloud cannot be reached, the connection broke, or it is ill (5xx)."""


class VrmAuthError(VrmError):
    """Token, or user and password, are refused (401).

    One endpoint alone may say so of a site without rights: only /users/me proves it.
    """


class VrmCodeWantedError(VrmError):
    """User and password are right, and a code of the second factor is wanted besides."""


class VrmForbiddenError(VrmError):
    """The account has no right to this (403)."""


class VrmNotFoundError(VrmError):
    """There is no such thing (404, 405)."""


class VrmBusyError(VrmError):
    """Too many requests (429), or so many that ours was not even sent."""

    def __init__(self, retry_after: float | None = None) -> None:
        """Remember after how many seconds to try again, None if nobody has said so."""
        super().__init__("too many requests")
        self.retry_after = retry_after


class VrmRefusedError(VrmError):
    """The cloud understood and does not do it (400, 422, or success: false)."""

    def __init__(self, reason: str = "") -> None:
        """Remember the cloud's own words, as they may help and hold no secrets."""
        super().__init__("refused")
        self.reason = reason


class VrmResponseError(VrmError):
    """The cloud answered something that it should not."""
