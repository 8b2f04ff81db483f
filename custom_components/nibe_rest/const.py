"""Constants of the NIBE S-series integration."""

from datetime import timedelta
from enum import StrEnum
import logging
from typing import Final

DOMAIN: Final = "nibe_rest"
LOGGER = logging.getLogger(__package__)

CONF_FINGERPRINT: Final = "fingerprint"
CONF_NEW_POINTS: Final = "new_points"
CONF_POLL_INTERVAL: Final = "poll_interval"
CONF_SERIAL: Final = "serial"
CONF_WRITE_ACCESS: Final = "write_access"

DEFAULT_PORT: Final = 8443
DEFAULT_POLL_INTERVAL: Final = 30
MIN_POLL_INTERVAL: Final = 10
MAX_POLL_INTERVAL: Final = 600

ALARM_INTERVAL: Final = timedelta(minutes=10)
ALARM_INTERVAL_WHILE_STANDING: Final = timedelta(seconds=60)
DEVICE_INTERVAL: Final = timedelta(minutes=10)

# Seconds until the next try while the heat pump does not answer.
BACK_OFF: Final = (30, 60, 120, 300)

# The local API works from here on.
OLDEST_FIRMWARE: Final = (4, 6)


EVENT_ALARM: Final = f"{DOMAIN}_alarm"


class NewPoints(StrEnum):
    """Which entities are enabled when they are created."""

    MINIMAL = "minimal"
    STANDARD = "standard"
    ALL = "all"


class WriteAccess(StrEnum):
    """What may be written."""

    FULL = "full"
    CURATED = "curated"
    NONE = "none"
