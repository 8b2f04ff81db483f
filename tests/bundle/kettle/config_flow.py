"""Flows of the kettle."""

from typing import Any, override

import voluptuous as vol

from homeassistant.config_entries import (
    ConfigEntry,
    ConfigFlow,
    ConfigFlowResult,
    OptionsFlow,
    OptionsFlowWithReload,
)
from homeassistant.const import CONF_HOST
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.selector import SelectSelector, SelectSelectorConfig
from homeassistant.helpers.service_info.dhcp import DhcpServiceInfo

from .api import KettleClient, KettleError
from .const import CONF_BOIL, DOMAIN


class KettleConfigFlow(ConfigFlow, domain=DOMAIN):
    """Set up a kettle."""

    @staticmethod
    @override
    def async_get_options_flow(config_entry: ConfigEntry) -> OptionsFlow:
        """Return the options."""
        return KettleOptionsFlow()

    @override
    async def async_step_dhcp(self, discovery_info: DhcpServiceInfo) -> ConfigFlowResult:
        """Take over the address of a kettle on the network."""
        await self.async_set_unique_id(discovery_info.macaddress)
        self._abort_if_unique_id_configured(updates={CONF_HOST: discovery_info.ip})
        return await self.async_step_user()

    @override
    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for the host."""
        errors: dict[str, str] = {}
        if user_input is not None:
            self._async_abort_entries_match(user_input)
            client = KettleClient(async_get_clientsession(self.hass), user_input[CONF_HOST])
            try:
                await client.get()
            except KettleError:
                errors[CONF_HOST] = "cannot_connect"
            else:
                return self.async_create_entry(title="Kettle", data=user_input)
        return self.async_show_form(
            step_id="user", data_schema=vol.Schema({vol.Required(CONF_HOST): str}), errors=errors
        )


class KettleOptionsFlow(OptionsFlowWithReload):
    """Change how a kettle boils."""

    async def async_step_init(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask how to boil."""
        if user_input is not None:
            return self.async_create_entry(data=user_input)
        choice = SelectSelector(
            SelectSelectorConfig(options=["slow", "fast"], translation_key="boil")
        )
        return self.async_show_form(
            step_id="init", data_schema=vol.Schema({vol.Optional(CONF_BOIL): choice})
        )
