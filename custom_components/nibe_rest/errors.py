"""What can go wrong with a NIBE heat pump."""


class NibeError(Exception):
    """Anything that went wrong with the heat pump; no text ever holds a credential."""


class NibeConnectionError(NibeError):
    """The heat pump cannot be reached, or the connection broke."""


class NibeCertificateError(NibeError):
    """The heat pump shows another certificate than the one that was confirmed."""


class NibeAuthError(NibeError):
    """User or password is wrong, or the heat pump refuses our address (401, 403)."""


class NibeResponseError(NibeError):
    """The heat pump answered something that it should not."""


class NibeStatusError(NibeResponseError):
    """The heat pump answered with an unexpected HTTP status."""

    def __init__(self, status: int) -> None:
        """Remember the status."""
        super().__init__(f"HTTP {status}")
        self.status = status


class NibeNoSuchPointError(NibeError):
    """The point does not exist, or not at the moment."""


class NibeRefusedError(NibeError):
    """The heat pump says that the point cannot be written."""


class NibeNotConfirmedError(NibeError):
    """The heat pump took the write, but still shows another value."""


class NibeUncertainError(NibeError):
    """The connection broke after sending: the write may have been carried out."""


class NibeNotSupportedError(NibeError):
    """This heat pump does not offer it, or has it switched off (405)."""
