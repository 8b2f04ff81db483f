"""Set-up in the user interface: a token, a login that makes one, or the demo account."""

from collections.abc import Awaitable, Mapping
from typing import Any, Final, override

import voluptuous as vol

from homeassistant.config_entries import (
    SOURCE_REAUTH,
    SOURCE_RECONFIGURE,
    ConfigEntry,
    ConfigFlow,
    ConfigFlowResult,
)
from homeassistant.const import CONF_CODE, CONF_PASSWORD, CONF_TOKEN, CONF_USERNAME
from homeassistant.core import callback
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.selector import TextSelector, TextSelectorConfig, TextSelectorType

from .connection import client_to_try
from .const import API_URL, CONF_DEMO, CONF_USER_ID, DOMAIN, LOGGER, TOKENS_URL
from .errors import (
    VrmAuthError,
    VrmBusyError,
    VrmCodeWantedError,
    VrmConnectionError,
    VrmError,
    VrmForbiddenError,
    VrmRefusedError,
)
from .login import make_token
from .models import User
from .options_flow import VrmOptionsFlow
from .parsing import is_token

DEMO_ID: Final = 22  # the user of Victron's own demo account, whose sites ours are like
DEMO_TITLE: Final = "Victron VRM Demo"

SECRET: Final = TextSelector(TextSelectorConfig(type=TextSelectorType.PASSWORD))
TOKEN_SCHEMA: Final = vol.Schema({vol.Required(CONF_TOKEN): SECRET})
LOGIN_SCHEMA: Final = vol.Schema(
    {
        vol.Required(CONF_USERNAME): TextSelector(TextSelectorConfig(type=TextSelectorType.EMAIL)),
        vol.Required(CONF_PASSWORD): SECRET,
    }
)
CODE_SCHEMA: Final = vol.Schema({vol.Required(CONF_CODE): TextSelector()})

ERRORS: Final[Mapping[type[VrmError], str]] = {
    VrmBusyError: "busy",
    VrmConnectionError: "cannot_connect",
    VrmForbiddenError: "forbidden",
    VrmRefusedError: "refused",
}


class VrmConfigFlow(ConfigFlow, domain=DOMAIN):
    """Set up an account."""

    VERSION = 1
    MINOR_VERSION = 1

    def __init__(self) -> None:
        """Start with nothing known."""
        self._login: dict[str, str] = {}
        self._token = ""
        self._user = User(0)

    @staticmethod
    @callback
    @override
    def async_get_options_flow(config_entry: ConfigEntry) -> VrmOptionsFlow:
        """Return the flow of the options."""
        return VrmOptionsFlow()

    @override
    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask how to get into the account."""
        return self.async_show_menu(step_id="user", menu_options=["token", "login", "demo"])

    async def async_step_reauth(self, entry_data: Mapping[str, Any]) -> ConfigFlowResult:
        """The token is refused."""
        return await self.async_step_reauth_confirm()

    async def async_step_reauth_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask how to get a token that is not."""
        return self.async_show_menu(
            step_id="reauth_confirm",
            menu_options=["token", "login"],
            description_placeholders={"name": self._get_reauth_entry().title},
        )

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for another token of the same account."""
        entry = self._get_reconfigure_entry()
        if entry.data.get(CONF_DEMO):
            return self.async_abort(reason="demo_needs_nothing")
        return self.async_show_menu(step_id="reconfigure", menu_options=["token", "login"])

    async def async_step_token(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for a personal access token."""
        errors: dict[str, str] = {}
        if user_input is not None:
            # Copied tokens bring blanks along, and documents write the word in front.
            self._token = user_input[CONF_TOKEN].strip().removeprefix("Token").strip()
            if not is_token(self._token):
                errors[CONF_TOKEN] = "no_token"
            elif not (errors := await self._try(self._look(), CONF_TOKEN)):
                return await self._save()
        return self.async_show_form(
            step_id="token",
            data_schema=TOKEN_SCHEMA,
            errors=errors,
            description_placeholders={"url": TOKENS_URL},
        )

    async def async_step_login(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for user and password, which are used once and not kept."""
        errors: dict[str, str] = {}
        if user_input is not None:
            if user_input != self._login:
                self._login, self._token = dict(user_input), ""
            try:
                errors = await self._try(self._log_in(), CONF_PASSWORD)
            except VrmCodeWantedError:
                return await self.async_step_code()
            if not errors:
                return await self._save()
        known = {CONF_USERNAME: self._login.get(CONF_USERNAME, "")}
        return self.async_show_form(
            step_id="login",
            data_schema=self.add_suggested_values_to_schema(LOGIN_SCHEMA, known),
            errors=errors,
        )

    async def async_step_code(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for the code of the second factor."""
        errors: dict[str, str] = {}
        if user_input is not None:
            code = "".join(user_input[CONF_CODE].split())
            try:
                errors = await self._try(self._log_in(code), CONF_CODE)
            except VrmCodeWantedError:
                errors = {CONF_CODE: "invalid_auth"}
            if not errors:
                return await self._save()
        return self.async_show_form(step_id="code", data_schema=CODE_SCHEMA, errors=errors)

    async def async_step_demo(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Set up the demo account, which needs no network."""
        await self.async_set_unique_id(str(DEMO_ID))
        self._abort_if_unique_id_configured()
        return self.async_create_entry(
            title=DEMO_TITLE, data={CONF_DEMO: True, CONF_USER_ID: DEMO_ID}
        )

    # What all ways share

    @property
    def _entry(self) -> ConfigEntry | None:
        """Return the entry that gets a new token; None: there will be a new one."""
        if self.source == SOURCE_REAUTH:
            return self._get_reauth_entry()
        return self._get_reconfigure_entry() if self.source == SOURCE_RECONFIGURE else None

    async def _log_in(self, code: str = "") -> None:
        """Make a token, once, and look whether it works. Raises VrmError."""
        if not self._token:
            session = async_get_clientsession(self.hass)
            user, password = self._login[CONF_USERNAME].strip(), self._login[CONF_PASSWORD]
            self._token = await make_token(session, API_URL, user, password, code)
        await self._look()
        self._login = {}

    async def _look(self) -> None:
        """Find out whose token it is, and whether it may see sites. Raises VrmError."""
        known = self._entry.data[CONF_USER_ID] if self._entry else None
        client = client_to_try(self.hass, self._token, known)
        self._user = await client.me()
        await client.sites(self._user.user_id)

    @staticmethod
    async def _try(attempt: Awaitable[None], field: str) -> dict[str, str]:
        """Return errors for a form; one about credentials stands at a field.

        Raises:
            VrmCodeWantedError: the second factor is wanted.
        """
        try:
            await attempt
        except VrmCodeWantedError:
            raise
        except VrmAuthError:
            return {field: "invalid_auth"}
        except VrmError as err:
            return {"base": ERRORS.get(type(err), "bad_response")}
        except Exception:  # noqa: BLE001  a bug of ours must not end the user's dialog
            LOGGER.exception("Unexpected error while connecting to VRM")
            return {"base": "unknown"}
        return {}

    async def _save(self) -> ConfigFlowResult:
        """Make an entry, or give the one that this is about its new token."""
        await self.async_set_unique_id(str(self._user.user_id), raise_on_progress=False)
        data = {CONF_TOKEN: self._token, CONF_USER_ID: self._user.user_id}
        if entry := self._entry:
            self._abort_if_unique_id_mismatch()
            return self.async_update_reload_and_abort(entry, data_updates=data)
        self._abort_if_unique_id_configured()
        name = self._user.name
        return self.async_create_entry(
            title=f"Victron VRM ({name})" if name else "Victron VRM", data=data
        )
