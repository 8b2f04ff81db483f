"""Constants of the Heliotherm (HtREST) integration."""

import logging
from typing import Final

DOMAIN: Final = "htrest"
LOGGER = logging.getLogger(__package__)

CONF_ALLOW_CHANGES: Final = "allow_changes"
CONF_ALLOW_RAW: Final = "allow_raw"
CONF_KEEP_CLOCK: Final = "keep_clock"
CONF_POLL_INTERVAL: Final = "poll_interval"

DEFAULT_PORT: Final = 8777
DEFAULT_POLL_INTERVAL: Final = 30
MIN_POLL_INTERVAL: Final = 10
MAX_POLL_INTERVAL: Final = 300

EVENT_FAULT: Final = f"{DOMAIN}_fault"
