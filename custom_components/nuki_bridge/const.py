"""Constants of the Nuki Bridge integration."""

from datetime import timedelta
import logging
from typing import Final

DOMAIN: Final = "nuki_bridge"
LOGGER = logging.getLogger(__package__)
MANUFACTURER: Final = "Nuki Home Solutions"

CONF_AUTH_MODE: Final = "auth_mode"

CONF_ALLOW_MAINTENANCE: Final = "allow_maintenance"
CONF_CALLBACK_URL: Final = "callback_url"
CONF_OPEN_ONLY_UNLOCKED: Final = "open_only_unlocked"
CONF_POLL_INTERVAL: Final = "poll_interval"
CONF_USE_CALLBACKS: Final = "use_callbacks"

DEFAULT_PORT: Final = 8080
DEFAULT_POLL_INTERVAL: Final = 60
MIN_POLL_INTERVAL: Final = 15
MAX_POLL_INTERVAL: Final = 600

# The vendor's list of bridges behind one public address. Asked only when the user picks it.
DISCOVERY_URL: Final = "https://api.nuki.io/discover/bridges"

# Without callbacks a change is only seen by asking more often.
POLL_WITHOUT_CALLBACKS: Final = timedelta(seconds=30)
BRIDGE_INTERVAL: Final = timedelta(minutes=10)

# Shorter tokens can be guessed from one overheard request.
SAFE_TOKEN_LENGTH: Final = 12

# A token is good for 60 s; beyond this much the user should know that the clock is wrong.
CLOCK_TOLERANCE: Final = timedelta(seconds=45)

EVENT_NUKI: Final = f"{DOMAIN}_event"
