"""Coordinator of the kettle."""

from datetime import timedelta
import logging
from typing import override

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_HOST
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator, UpdateFailed

from .api import KettleClient, KettleError
from .const import DOMAIN
from .models import Kettle

type KettleConfigEntry = ConfigEntry[KettleCoordinator]

REASONS = {"cold": "too_cold", "hot": "too_hot"}


def refusal(reason: str) -> HomeAssistantError:
    """Return the translated error for a refusal of the kettle."""
    return HomeAssistantError(translation_domain=DOMAIN, translation_key=REASONS[reason])


class KettleCoordinator(DataUpdateCoordinator[Kettle]):
    """Asks the kettle."""

    config_entry: KettleConfigEntry

    def __init__(self, hass: HomeAssistant, entry: KettleConfigEntry) -> None:
        """Prepare the client."""
        super().__init__(
            hass,
            logging.getLogger(__package__),
            config_entry=entry,
            name=entry.title,
            update_interval=timedelta(seconds=30),
        )
        self.client = KettleClient(async_get_clientsession(hass), entry.data[CONF_HOST])

    @override
    async def _async_update_data(self) -> Kettle:
        """Fetch the state of the kettle."""
        try:
            kettle = await self.client.get()
        except KettleError as err:
            raise UpdateFailed(
                translation_domain=DOMAIN,
                translation_key="update_failed",
                translation_placeholders={"error": str(err)},
            ) from err
        if kettle.mood == "scaled":
            ir.async_create_issue(
                self.hass,
                DOMAIN,
                "scaled",
                is_fixable=False,
                severity=ir.IssueSeverity.WARNING,
                translation_key="scaled",
                translation_placeholders={"name": self.name},
            )
        return kettle
