"""Set-up in the user interface: address, certificate, credentials, and which heat pump."""

from collections.abc import Mapping
from typing import Any, override

import voluptuous as vol

from homeassistant.config_entries import (
    SOURCE_REAUTH,
    SOURCE_RECONFIGURE,
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
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)

from .connection import client_for, session_for, valid_host
from .const import CONF_FINGERPRINT, CONF_SERIAL, DEFAULT_PORT, DOMAIN, LOGGER
from .errors import (
    NibeAuthError,
    NibeCertificateError,
    NibeConnectionError,
    NibeError,
)
from .models import Device
from .options_flow import NibeOptionsFlow
from .tls import read_fingerprint, readable

PORT = vol.All(
    NumberSelector(NumberSelectorConfig(min=1, max=65535, mode=NumberSelectorMode.BOX)),
    vol.Coerce(int),
)
PASSWORD = TextSelector(TextSelectorConfig(type=TextSelectorType.PASSWORD))

ADDRESS_SCHEMA = vol.Schema(
    {
        vol.Required(CONF_HOST): TextSelector(),
        vol.Required(CONF_PORT, default=DEFAULT_PORT): PORT,
    }
)
LOGIN_SCHEMA = vol.Schema(
    {vol.Required(CONF_USERNAME): TextSelector(), vol.Required(CONF_PASSWORD): PASSWORD}
)
RECONFIGURE_SCHEMA = ADDRESS_SCHEMA.extend(
    {vol.Optional(CONF_USERNAME): TextSelector(), vol.Optional(CONF_PASSWORD): PASSWORD}
)

# Which field of a form an error stands at, and its key.
ERRORS: Mapping[type[NibeError], tuple[str, str]] = {
    NibeAuthError: (CONF_PASSWORD, "invalid_auth"),
    NibeCertificateError: ("base", "certificate_changed"),
    NibeConnectionError: (CONF_HOST, "cannot_connect"),
}


class NibeConfigFlow(ConfigFlow, domain=DOMAIN):
    """Set up a heat pump."""

    VERSION = 1
    MINOR_VERSION = 1

    def __init__(self) -> None:
        """Start with nothing known."""
        self._data: dict[str, Any] = {}
        self._devices: list[Device] = []

    @staticmethod
    @callback
    @override
    def async_get_options_flow(config_entry: ConfigEntry) -> NibeOptionsFlow:
        """Return the flow of the options."""
        return NibeOptionsFlow()

    @override
    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for the address, and read the certificate there."""
        errors: dict[str, str] = {}
        if user_input is not None:
            self._data = dict(user_input)
            if not (errors := await self._read_certificate()):
                return await self.async_step_certificate()
        return self._show("user", ADDRESS_SCHEMA, errors)

    async def async_step_certificate(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Have the user compare the certificate with what the heat pump shows."""
        if user_input is None:
            return self.async_show_form(
                step_id="certificate",
                data_schema=vol.Schema({}),
                description_placeholders={
                    "fingerprint": readable(self._data[CONF_FINGERPRINT]),
                    "host": self._data[CONF_HOST],
                },
            )
        if self.source == SOURCE_RECONFIGURE:
            return await self._follow_pump()
        return await self.async_step_login()

    async def async_step_login(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for user and password, which travel to the holder of the certificate alone."""
        errors: dict[str, str] = {}
        if user_input is not None:
            self._data |= user_input
            if not (errors := await self._read_devices()):
                return await self.async_step_pump()
        return self._show("login", LOGIN_SCHEMA, errors)

    async def async_step_pump(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Let the user choose, where several heat pumps stand behind the address."""
        known = {entry.unique_id for entry in self._async_current_entries()}
        new = [device for device in self._devices if device.serial not in known]
        if not new:
            return self.async_abort(reason="already_configured")
        if user_input is None and len(new) > 1:
            options = [
                SelectOptionDict(
                    value=device.serial, label=f"{device.name} {device.serial}".strip()
                )
                for device in new
            ]
            choice = SelectSelector(SelectSelectorConfig(options=options))
            return self.async_show_form(
                step_id="pump", data_schema=vol.Schema({vol.Required(CONF_SERIAL): choice})
            )
        serial = user_input[CONF_SERIAL] if user_input else new[0].serial
        device = next((device for device in new if device.serial == serial), None)
        if device is None:
            return self.async_abort(reason="already_configured")  # by another dialog meanwhile
        await self.async_set_unique_id(serial)
        self._abort_if_unique_id_configured()
        return self.async_create_entry(
            title=f"NIBE {device.name}".strip(), data={**self._data, CONF_SERIAL: serial}
        )

    async def async_step_reauth(self, entry_data: Mapping[str, Any]) -> ConfigFlowResult:
        """Start over with the credentials alone."""
        self._data = dict(entry_data)
        return await self.async_step_reauth_confirm()

    async def async_step_reauth_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the credentials that the heat pump now wants."""
        errors: dict[str, str] = {}
        if user_input is not None:
            self._data |= user_input
            if not (errors := await self._read_devices()):
                return await self._save()
        title = self._get_reauth_entry().title
        return self._show("reauth_confirm", LOGIN_SCHEMA, errors, name=title)

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for a new address; a certificate other than the pinned one is confirmed anew."""
        errors: dict[str, str] = {}
        entry = self._get_reconfigure_entry()
        self._data = dict(entry.data)
        if user_input is not None:
            self._data |= {key: value for key, value in user_input.items() if value != ""}
            if not (errors := await self._read_certificate()):
                if self._data[CONF_FINGERPRINT] != entry.data[CONF_FINGERPRINT]:
                    return await self.async_step_certificate()
                return await self._follow_pump()
        return self._show("reconfigure", RECONFIGURE_SCHEMA, errors)

    async def _follow_pump(self) -> ConfigFlowResult:
        """Save the new address if the same heat pump answers there."""
        if errors := await self._read_devices():
            return self._show("reconfigure", RECONFIGURE_SCHEMA, errors)
        return await self._save()

    async def _save(self) -> ConfigFlowResult:
        """Save what works for the heat pump that the entry is about."""
        entry = (
            self._get_reauth_entry()
            if self.source == SOURCE_REAUTH
            else self._get_reconfigure_entry()
        )
        if entry.unique_id not in {device.serial for device in self._devices}:
            return self.async_abort(reason="unique_id_mismatch")
        return self.async_update_reload_and_abort(entry, data_updates=self._data)

    def _show(
        self, step_id: str, schema: vol.Schema, errors: dict[str, str], **placeholders: str
    ) -> ConfigFlowResult:
        """Show a form with what is known already; a password is never shown again."""
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

    async def _read_certificate(self) -> dict[str, str]:
        """Read the certificate by a handshake and nothing more; return errors for a form."""
        if not valid_host(self._data[CONF_HOST]):
            return {CONF_HOST: "invalid_host"}
        try:
            self._data[CONF_FINGERPRINT] = await read_fingerprint(
                self._data[CONF_HOST], self._data[CONF_PORT]
            )
        except NibeConnectionError:
            return {CONF_HOST: "cannot_connect"}
        return {}

    async def _read_devices(self) -> dict[str, str]:
        """Read the heat pumps over the pinned connection; return errors for a form."""
        session = session_for(self._data)
        try:
            self._devices = await client_for(self.hass, session, self._data).devices()
        except NibeError as err:
            field, key = ERRORS.get(type(err), ("base", "not_a_heat_pump"))
            return {field: key}
        except Exception:  # noqa: BLE001  a bug of ours must not end the user's dialog
            LOGGER.exception("Unexpected error while connecting to the heat pump")
            return {"base": "unknown"}
        finally:
            await session.close()
        return {} if self._devices else {"base": "not_a_heat_pump"}
