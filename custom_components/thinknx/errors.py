"""What can go wrong with a Thinknx server; no text ever holds a secret or an address."""


class ThinknxError(Exception):
    """Anything that went wrong."""


class ThinknxConnectionError(ThinknxError):
    """The server cannot be reached, the connection broke, or it took too long."""


class ThinknxUncertainError(ThinknxError):
    """The answer to a command was lost: it may have been carried out."""

    def __init__(self, *, timed_out: bool = False) -> None:
        """Remember whether the server was merely slow, as one that waits for a device is."""
        super().__init__("timed out" if timed_out else "lost")
        self.timed_out = timed_out


class ThinknxAuthError(ThinknxError):
    """The server refuses user and password, or the key (401, 403)."""

    def __init__(self, offers: frozenset[str] = frozenset(), *, forbidden: bool = False) -> None:
        """Remember which ways the server offers to be asked, and whether it said 403."""
        super().__init__("not let in")
        self.offers = offers
        """Of "digest" and "basic"; a server that offers none may take either all the same."""
        self.forbidden = forbidden


class ThinknxResponseError(ThinknxError):
    """The server answered something that it should not."""


class ThinknxMixedUpError(ThinknxResponseError):
    """The answer is about something else than was asked for."""


class ThinknxPathError(ThinknxResponseError):
    """The path of the API is not known there; another spelling of it may be."""


class ThinknxRedirectError(ThinknxResponseError):
    """The server sends elsewhere, which is never followed with credentials."""


class ThinknxBusyError(ThinknxError):
    """Too many requests (429); nothing was carried out."""

    def __init__(self, retry_after: float | None) -> None:
        """Remember for how many seconds the server wants to be left alone, if it says so."""
        super().__init__("too many requests")
        self.retry_after = retry_after


class ThinknxRefusedError(ThinknxError):
    """The server understood, and refuses; nothing was carried out."""


class ThinknxNoDeviceError(ThinknxRefusedError):
    """The server does not know the GUID, or this user may not use it."""


class ThinknxParameterError(ThinknxRefusedError):
    """The server does not like a parameter."""


class ThinknxNotPossibleError(ThinknxRefusedError):
    """The device cannot do it, or not now."""
