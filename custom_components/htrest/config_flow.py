"""Set-up in the user interface: the server's address, and user and password if it wants them."""

from collections.abc import Mapping
from typing import Any, override

import voluptuous as vol

from homeassistant.config_entries import (
    SOURCE_REAUTH,
    SOURCE_USER,
    ConfigEntry,
    ConfigFlow,
    ConfigFlowResult,
)
from homeassistant.const import CONF_HOST, CONF_PASSWORD, CONF_PORT, CONF_USERNAME
from homeassistant.core import callback
from homeassistant.helpers.selector import (
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)

from .connection import client_for, valid_host
from .const import DEFAULT_PORT, DOMAIN, LOGGER
from .errors import (
    HtRestAuthError,
    HtRestConnectionError,
    HtRestError,
    HtRestLineError,
    HtRestPumpSilentError,
    HtRestServerStuckError,
)
from .models import Device
from .options_flow import HtRestOptionsFlow

PORT = vol.All(
    NumberSelector(NumberSelectorConfig(min=1, max=65535, mode=NumberSelectorMode.BOX)),
    vol.Coerce(int),
)
PASSWORD = TextSelector(TextSelectorConfig(type=TextSelectorType.PASSWORD))

LOGIN_SCHEMA = vol.Schema(
    {vol.Optional(CONF_USERNAME): TextSelector(), vol.Optional(CONF_PASSWORD): PASSWORD}
)
USER_SCHEMA = vol.Schema(
    {
        vol.Required(CONF_HOST): TextSelector(),
        vol.Required(CONF_PORT, default=DEFAULT_PORT): PORT,
        **LOGIN_SCHEMA.schema,
    }
)

# Which field of a form an error stands at, and its key.
ERRORS: Mapping[type[HtRestError], tuple[str, str]] = {
    HtRestAuthError: (CONF_PASSWORD, "invalid_auth"),
    HtRestConnectionError: (CONF_HOST, "cannot_connect"),
    HtRestLineError: ("base", "line"),
    HtRestPumpSilentError: ("base", "pump_silent"),
    HtRestServerStuckError: ("base", "server_stuck"),
}


class HtRestConfigFlow(ConfigFlow, domain=DOMAIN):
    """Set up a heat pump."""

    VERSION = 1
    MINOR_VERSION = 1

    def __init__(self) -> None:
        """Start with nothing known."""
        self._data: dict[str, Any] = {}
        self._device: Device | None = None

    @staticmethod
    @callback
    @override
    def async_get_options_flow(config_entry: ConfigEntry) -> HtRestOptionsFlow:
        """Return the flow of the options."""
        return HtRestOptionsFlow()

    @override
    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for the address, and for user and password."""
        return await self._ask("user", USER_SCHEMA, user_input)

    async def async_step_reauth(self, entry_data: Mapping[str, Any]) -> ConfigFlowResult:
        """Start over with the credentials alone."""
        self._data = dict(entry_data)
        return await self.async_step_reauth_confirm()

    async def async_step_reauth_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the credentials that the server now wants."""
        name = self._get_reauth_entry().title
        return await self._ask("reauth_confirm", LOGIN_SCHEMA, user_input, name=name)

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for a new address; the same heat pump has to be there."""
        known = self._get_reconfigure_entry().data
        if user_input is None:
            self._data = dict(known)
        elif user_input.get(CONF_USERNAME, "") == known.get(CONF_USERNAME, ""):
            # A password is never shown again: nothing in its place leaves it as it is.
            user_input = {CONF_PASSWORD: known.get(CONF_PASSWORD, ""), **user_input}
        return await self._ask("reconfigure", USER_SCHEMA, user_input)

    async def _ask(
        self,
        step_id: str,
        schema: vol.Schema,
        user_input: dict[str, Any] | None,
        **placeholders: str,
    ) -> ConfigFlowResult:
        """Show a form until what is in it works, then save it."""
        errors: dict[str, str] = {}
        if user_input is not None:
            login = {CONF_USERNAME: "", CONF_PASSWORD: ""}
            self._data |= login | user_input
            if not (errors := await self._read_device()):
                return await self._save()
        known = {key: value for key, value in self._data.items() if key != CONF_PASSWORD}
        # An error at a field that this form does not have would not be seen.
        errors = {
            field if field in schema.schema else "base": error for field, error in errors.items()
        }
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(schema, known),
            errors=errors,
            description_placeholders=placeholders,
        )

    async def _save(self) -> ConfigFlowResult:
        """Make an entry, or change the one that this is about."""
        serial = self._device.serial if self._device else ""
        await self.async_set_unique_id(serial)
        if self.source == SOURCE_USER:
            self._abort_if_unique_id_configured()
            others = self._async_current_entries()
            return self.async_create_entry(
                title=f"Heliotherm {serial}" if others else "Heliotherm", data=self._data
            )
        self._abort_if_unique_id_mismatch()
        entry = (
            self._get_reauth_entry()
            if self.source == SOURCE_REAUTH
            else self._get_reconfigure_entry()
        )
        return self.async_update_reload_and_abort(entry, data_updates=self._data)

    async def _read_device(self) -> dict[str, str]:
        """Find out whether this is an HtREST server, and which heat pump; return errors."""
        if not valid_host(self._data[CONF_HOST]):
            return {CONF_HOST: "invalid_host"}
        client = client_for(self.hass, self._data)
        try:
            await client.check()
            self._device = await client.device()
        except HtRestError as err:
            field, key = ERRORS.get(type(err), ("base", "not_htrest"))
            return {field: key}
        except Exception:  # noqa: BLE001  a bug of ours must not end the user's dialog
            LOGGER.exception("Unexpected error while connecting to the server")
            return {"base": "unknown"}
        return {}
