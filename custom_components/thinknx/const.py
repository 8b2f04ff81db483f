"""Constants of the Thinknx integration."""

import logging
from typing import Final

DOMAIN: Final = "thinknx"
LOGGER = logging.getLogger(__package__)

CONF_AUTH: Final = "auth"
CONF_CONNECTION: Final = "connection"
CONF_KEY: Final = "key"
CONF_SECURE: Final = "secure"
CONF_VERSION: Final = "api_version"

CONF_ALLOW_TELEGRAMS: Final = "allow_telegrams"
CONF_GROUPS: Final = "groups"
CONF_RATE: Final = "rate"
CONF_WEBHOOK: Final = "webhook"

CONF_ASPECTS: Final = "aspects"
CONF_GUID: Final = "guid"

RATE_NEAR: Final = 5.0
RATE_FAR: Final = 1.0
SLOWEST_RATE: Final = 0.2
FASTEST_RATE: Final = 20.0

EVENT_POKE: Final = f"{DOMAIN}_event"
