"""Constants of the Victron VRM integration."""

import logging
from typing import Final

DOMAIN: Final = "victron_vrm"
LOGGER = logging.getLogger(__package__)

API_URL: Final = "https://vrmapi.victronenergy.com/v2"
PORTAL_URL: Final = "https://vrm.victronenergy.com"
TOKENS_URL: Final = "https://vrm.victronenergy.com/access-tokens"

CONF_DEMO: Final = "demo"
CONF_USER_ID: Final = "user_id"

CONF_FORECAST_SITES: Final = "forecast_sites"
CONF_HISTORY: Final = "history"
CONF_POLL_INTERVAL: Final = "poll_interval"
CONF_SITES: Final = "sites"
CONF_TAGS: Final = "tags"

DEFAULT_POLL_INTERVAL: Final = 300
MIN_POLL_INTERVAL: Final = 120
MAX_POLL_INTERVAL: Final = 900

EVENT_ALARM: Final = f"{DOMAIN}_alarm"
