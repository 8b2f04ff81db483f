"""Set-up in the user interface: pairing, tokens, discovery, repair of both, options."""

import asyncio
from collections.abc import Mapping
import re
from typing import TYPE_CHECKING, Any, override

import voluptuous as vol

from homeassistant.components import webhook
from homeassistant.config_entries import (
    SOURCE_IGNORE,
    SOURCE_REAUTH,
    SOURCE_RECONFIGURE,
    ConfigEntry,
    ConfigFlow,
    ConfigFlowResult,
)
from homeassistant.const import CONF_HOST, CONF_PORT, CONF_TOKEN, CONF_WEBHOOK_ID
from homeassistant.core import callback
from homeassistant.helpers.aiohttp_client import async_get_clientsession
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
from homeassistant.helpers.service_info.dhcp import DhcpServiceInfo

from .connection import client_for, valid_host
from .const import (
    CONF_AUTH_MODE,
    DEFAULT_PORT,
    DISCOVERY_URL,
    DOMAIN,
    LOGGER,
    SAFE_TOKEN_LENGTH,
)
from .discovery import discover
from .errors import (
    NukiAuthError,
    NukiBusyError,
    NukiButtonNotPressedError,
    NukiConnectionError,
    NukiError,
    NukiPairingDisabledError,
)
from .models import AuthMode, BridgeInfo, DiscoveredBridge, bridge_id
from .options_flow import NukiOptionsFlow

CONF_BRIDGE = "bridge"
DHCP_NAME = re.compile("nuki_bridge_([0-9a-f]{1,8})", re.IGNORECASE)

HOST = TextSelector()
PORT = vol.All(
    NumberSelector(NumberSelectorConfig(min=1, max=65535, mode=NumberSelectorMode.BOX)),
    vol.Coerce(int),
)
TOKEN = TextSelector(TextSelectorConfig(type=TextSelectorType.PASSWORD))
AUTH_MODE = SelectSelector(
    SelectSelectorConfig(options=[str(mode) for mode in AuthMode], translation_key=CONF_AUTH_MODE)
)

PAIR_SCHEMA = vol.Schema(
    {vol.Required(CONF_HOST): HOST, vol.Required(CONF_PORT, default=DEFAULT_PORT): PORT}
)
SIGN_SCHEMA = vol.Schema({vol.Required(CONF_AUTH_MODE, default=AuthMode.ENCRYPTED): AUTH_MODE})
TOKEN_SCHEMA = vol.Schema({vol.Required(CONF_TOKEN): TOKEN}).extend(SIGN_SCHEMA.schema)
MANUAL_SCHEMA = PAIR_SCHEMA.extend(TOKEN_SCHEMA.schema)
RECONFIGURE_SCHEMA = PAIR_SCHEMA.extend({vol.Optional(CONF_TOKEN): TOKEN}).extend(
    SIGN_SCHEMA.schema
)

# Which field of a form an error stands at, and its key.
ERRORS: Mapping[type[NukiError], tuple[str, str]] = {
    NukiAuthError: (CONF_TOKEN, "invalid_auth"),
    NukiBusyError: (CONF_HOST, "busy"),
    NukiButtonNotPressedError: ("base", "button_not_pressed"),
    NukiConnectionError: (CONF_HOST, "cannot_connect"),
    NukiPairingDisabledError: ("base", "pairing_disabled"),
}


def _form_error(err: NukiError) -> dict[str, str]:
    field, key = ERRORS.get(type(err), (CONF_HOST, "not_a_bridge"))
    return {field: key}


class NukiConfigFlow(ConfigFlow, domain=DOMAIN):
    """Set up a bridge."""

    VERSION = 1
    MINOR_VERSION = 1

    def __init__(self) -> None:
        """Start with nothing known."""
        self._data: dict[str, Any] = {}
        self._info: BridgeInfo | None = None
        self._pairing: asyncio.Task[str] | None = None
        self._found: list[DiscoveredBridge] = []

    @staticmethod
    @callback
    @override
    def async_get_options_flow(config_entry: ConfigEntry) -> NukiOptionsFlow:
        """Return the flow of the options."""
        return NukiOptionsFlow()

    @override
    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Let the user choose how to get the token."""
        options = ["pair", "manual"] if self._data else ["pair", "manual", "cloud"]
        return self.async_show_menu(step_id="user", menu_options=options)

    # The button

    async def async_step_pair(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask where the bridge is, then wait for its button."""
        errors: dict[str, str] = {}
        if user_input is not None:
            self._data |= user_input
            if valid_host(user_input[CONF_HOST]):
                return await self.async_step_press_button()
            errors[CONF_HOST] = "invalid_host"
        return self._show("pair", PAIR_SCHEMA, errors)

    async def async_step_press_button(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Wait until the button is pressed, or the bridge gives up."""
        if self._pairing is None:
            self._pairing = self.hass.async_create_task(client_for(self.hass, self._data).pair())
        if not self._pairing.done():
            return self.async_show_progress(
                step_id="press_button",
                progress_action="press_button",
                progress_task=self._pairing,
            )
        return self.async_show_progress_done(next_step_id="paired")

    async def async_step_paired(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Take the token, or say why there is none."""
        pairing, self._pairing = self._pairing, None
        if TYPE_CHECKING:
            assert pairing is not None
        try:
            self._data[CONF_TOKEN] = pairing.result()
        except NukiError as err:
            return self._show("pair", PAIR_SCHEMA, _form_error(err))
        self._data[CONF_AUTH_MODE] = AuthMode.ENCRYPTED
        if errors := await self._try_connection():
            # The bridge gave out this token itself: if it now refuses it, it does not know
            # encryption or its clock is wrong. Nothing weaker is tried unless the user says so.
            refused = errors.get(CONF_TOKEN) == "invalid_auth"
            return self._show(
                "sign", SIGN_SCHEMA, {CONF_AUTH_MODE: "encryption_refused"} if refused else errors
            )
        return await self._finish()

    async def async_step_sign(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Let the user choose how the token of a paired bridge travels."""
        errors: dict[str, str] = {}
        if user_input is not None:
            self._data |= user_input
            if not (errors := await self._try_connection()):
                return await self._finish()
            if errors.pop(CONF_TOKEN, None):
                errors[CONF_AUTH_MODE] = "mode_refused"
        return self._show("sign", SIGN_SCHEMA, errors)

    # The token

    async def async_step_manual(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for the token that the app shows."""
        errors: dict[str, str] = {}
        if user_input is not None:
            self._data |= user_input
            if not (errors := await self._try_connection()):
                return await self._finish()
        return self._show("manual", MANUAL_SCHEMA, errors)

    async def async_step_short_token(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Warn of a token that can be guessed from one overheard request."""
        if user_input is None:
            return self.async_show_form(
                step_id="short_token",
                description_placeholders={
                    "length": str(len(self._data[CONF_TOKEN])),
                    "safe_length": str(SAFE_TOKEN_LENGTH),
                },
            )
        return self._save()

    # Discovery

    async def async_step_cloud(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask the vendor's server for bridges, because the user clicked on it."""
        if user_input is not None:
            bridge = self._found[int(user_input[CONF_BRIDGE])]
            self._data = {CONF_HOST: bridge.host, CONF_PORT: bridge.port}
            return await self.async_step_user()
        try:
            self._found = await discover(async_get_clientsession(self.hass), DISCOVERY_URL)
        except NukiError:
            return self.async_abort(reason="discovery_failed")
        if not self._found:
            return self.async_abort(reason="no_devices_found")
        options = [
            SelectOptionDict(value=str(place), label=f"{bridge.host}:{bridge.port}")
            for place, bridge in enumerate(self._found)
        ]
        schema = vol.Schema(
            {vol.Required(CONF_BRIDGE): SelectSelector(SelectSelectorConfig(options=options))}
        )
        return self.async_show_form(step_id="cloud", data_schema=schema)

    @override
    async def async_step_dhcp(self, discovery_info: DhcpServiceInfo) -> ConfigFlowResult:
        """Offer a bridge that got an address, or follow one that we have to a new address."""
        if not (named := DHCP_NAME.fullmatch(discovery_info.hostname)):
            return self.async_abort(reason="not_a_bridge")
        unique_id = bridge_id(int(named[1], 16))
        entry = await self.async_set_unique_id(unique_id)
        self.context["title_placeholders"] = {"name": unique_id}
        self._data = {CONF_HOST: discovery_info.ip, CONF_PORT: DEFAULT_PORT}
        if entry is None:
            return await self.async_step_user()
        ignored = entry.source == SOURCE_IGNORE
        if ignored or discovery_info.ip == entry.data[CONF_HOST] or self._works(entry):
            # Anybody can take this name: as long as the bridge answers, it has not moved.
            return self.async_abort(reason="already_configured")
        self._data = {**entry.data, CONF_HOST: discovery_info.ip}
        if entry.data[CONF_AUTH_MODE] != AuthMode.ENCRYPTED:
            return await self.async_step_moved()
        if await self._try_connection():
            return self.async_abort(reason="already_configured")
        return self._follow(entry)

    async def async_step_moved(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask before a token that is not encrypted goes to a new address."""
        entry = self.hass.config_entries.async_entry_for_domain_unique_id(
            DOMAIN, self.unique_id or ""
        )
        if entry is None:
            return self.async_abort(reason="unique_id_mismatch")
        errors: dict[str, str] = {}
        if user_input is not None:
            found = await self._try_connection()
            if not found:
                return self._follow(entry)
            errors["base"] = next(iter(found.values()))
        return self.async_show_form(
            step_id="moved",
            errors=errors,
            description_placeholders={"name": entry.title, "host": self._data[CONF_HOST]},
        )

    @staticmethod
    def _works(entry: ConfigEntry) -> bool:
        data = getattr(entry, "runtime_data", None)
        return data is not None and data.locks.last_update_success

    def _follow(self, entry: ConfigEntry) -> ConfigFlowResult:
        """Save the new address, if it is the same bridge that answers there."""
        if self._info is None or self._info.unique_id != entry.unique_id:
            return self.async_abort(reason="unique_id_mismatch")
        return self.async_update_reload_and_abort(
            entry,
            data_updates={CONF_HOST: self._data[CONF_HOST]},
            reason="already_configured",
        )

    # A new token, a new address

    async def async_step_reauth(self, entry_data: Mapping[str, Any]) -> ConfigFlowResult:
        """Start over with the token alone."""
        self._data = dict(entry_data)
        return await self.async_step_reauth_confirm()

    async def async_step_reauth_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the token that the bridge now wants."""
        errors: dict[str, str] = {}
        if user_input is not None:
            self._data |= user_input
            if not (errors := await self._try_connection()):
                return await self._finish()
        return self._show(
            "reauth_confirm", TOKEN_SCHEMA, errors, name=self._get_reauth_entry().title
        )

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for a new address; the token stays unless another one is typed in."""
        errors: dict[str, str] = {}
        self._data = dict(self._get_reconfigure_entry().data)
        if user_input is not None:
            self._data |= {key: value for key, value in user_input.items() if value != ""}
            if not (errors := await self._try_connection()):
                return await self._finish()
        return self._show("reconfigure", RECONFIGURE_SCHEMA, errors)

    # What all ways share

    def _show(
        self, step_id: str, schema: vol.Schema, errors: dict[str, str], **placeholders: str
    ) -> ConfigFlowResult:
        """Show a form with what is known already; a token is never shown again."""
        known = {key: value for key, value in self._data.items() if key != CONF_TOKEN}
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

    async def _try_connection(self) -> dict[str, str]:
        """Read the bridge's facts with the data so far; return errors for a form."""
        self._info = None
        if not valid_host(self._data[CONF_HOST]):
            return {CONF_HOST: "invalid_host"}
        try:
            self._info = await client_for(self.hass, self._data).info()
        except NukiError as err:
            return _form_error(err)
        except Exception:  # noqa: BLE001  a bug of ours must not end the user's dialog
            LOGGER.exception("Unexpected error while connecting to the bridge")
            return {"base": "unknown"}
        return {}

    async def _finish(self) -> ConfigFlowResult:
        """Save what works, after a warning if the token is short."""
        if TYPE_CHECKING:
            assert self._info is not None
        await self.async_set_unique_id(self._info.unique_id, raise_on_progress=False)
        if self.source in (SOURCE_REAUTH, SOURCE_RECONFIGURE):
            self._abort_if_unique_id_mismatch()
        else:
            self._abort_if_unique_id_configured()
        if len(self._data[CONF_TOKEN]) < SAFE_TOKEN_LENGTH:
            return await self.async_step_short_token()
        return self._save()

    def _save(self) -> ConfigFlowResult:
        if self.source == SOURCE_REAUTH:
            return self.async_update_reload_and_abort(
                self._get_reauth_entry(), data_updates=self._data
            )
        if self.source == SOURCE_RECONFIGURE:
            return self.async_update_reload_and_abort(
                self._get_reconfigure_entry(), data_updates=self._data
            )
        return self.async_create_entry(
            title=f"Nuki Bridge {self.unique_id}",
            data={**self._data, CONF_WEBHOOK_ID: webhook.async_generate_id()},
        )
