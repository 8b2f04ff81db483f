"""What a server says of itself, as dataclasses.

Source: the vendor's description "Thinknx Integration Kit", "Server Status", and its examples where
they differ from it.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class ServerStatus:
    """How the server is doing; what it does not tell is None."""

    version: str | None = None
    process_uptime: timedelta | None = None
    server_uptime: timedelta | None = None
    config_text: str | None = None  # when the project was deployed, as the server writes it
    config_time: datetime | None = None  # the same, without a zone
    clients: int | None = None
    pbx_users: int | None = None


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who asks; never shown."""

    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
