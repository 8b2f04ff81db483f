"""Constants of the kettle."""

from typing import Final

DOMAIN: Final = "kettle"
CONF_BOIL: Final = "boil"
SERVICE_WHISTLE: Final = "whistle"
