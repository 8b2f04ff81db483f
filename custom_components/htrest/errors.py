"""What can go wrong with an HtREST server and the heat pump behind it."""


class HtRestError(Exception):
    """Anything that went wrong; no text ever holds a credential."""


class HtRestConnectionError(HtRestError):
    """The server cannot be reached, or the connection broke."""


class HtRestBusyError(HtRestConnectionError):
    """Other requests held the line for too long; nothing was sent."""


class HtRestAuthError(HtRestError):
    """User or password is wrong (401)."""


class HtRestResponseError(HtRestError):
    """The server answered something that it should not."""


class HtRestUnknownNamesError(HtRestError):
    """The server's table lacks some names (404)."""

    def __init__(self, names: frozenset[str]) -> None:
        """Remember the names."""
        super().__init__(f"{len(names)} unknown names")
        self.names = names


class HtRestAbsentPointError(HtRestError):
    """The heat pump does not have what the server asked it for."""

    def __init__(self, name: str) -> None:
        """Remember the name of the point, "" if it is no point or the server does not say which."""
        super().__init__(f"no point {name!r}")
        self.name = name


class HtRestLineError(HtRestError):
    """An answer of the heat pump was lost or spoilt on the serial line."""


class HtRestPumpSilentError(HtRestError):
    """The heat pump does not answer the server at all."""


class HtRestServerStuckError(HtRestError):
    """The server has lost its serial adapter; it recovers only by a restart."""


class HtRestRefusedError(HtRestError):
    """The server refuses a value; nothing was written."""


class HtRestNotConfirmedError(HtRestError):
    """A value was taken without complaint, but the heat pump still shows another."""

    def __init__(self, *, echoed: bool) -> None:
        """Remember whether the server claimed the new value, as a read-only one does."""
        super().__init__("echoed" if echoed else "kept")
        self.echoed = echoed


class HtRestOtherPumpError(HtRestError):
    """Another heat pump stands where ours was."""


class HtRestPartlyError(HtRestError):
    """Of several writes some were carried out, and one failed."""


class HtRestFaultStandsError(HtRestError):
    """A fault was acknowledged, and stands all the same."""


class HtRestUncertainError(HtRestError):
    """The answer to a write was lost: it may have been carried out."""
