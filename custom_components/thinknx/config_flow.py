"""Set-up in the user interface: the server by its kind, or by an address copied from its page."""

from collections.abc import Mapping
from typing import Any, Final, override

import voluptuous as vol

from homeassistant.components import webhook
from homeassistant.config_entries import (
    SOURCE_REAUTH,
    SOURCE_RECONFIGURE,
    ConfigEntry,
    ConfigEntryState,
    ConfigFlow,
    ConfigFlowResult,
    ConfigSubentryData,
    ConfigSubentryFlow,
)
from homeassistant.const import (
    CONF_HOST,
    CONF_PASSWORD,
    CONF_PORT,
    CONF_URL,
    CONF_USERNAME,
    CONF_WEBHOOK_ID,
)
from homeassistant.core import callback
from homeassistant.helpers.selector import (
    BooleanSelector,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)

from .address import HTTPS_PORT, LOCAL_PORT, Connection, Pasted, read_pasted
from .connection import clean_data, clean_host, client_for, entry_id_of, find_way_in
from .const import (
    CONF_CONNECTION,
    CONF_KEY,
    CONF_RATE,
    CONF_SECURE,
    CONF_VERSION,
    DOMAIN,
    LOGGER,
)
from .devices import (
    KINDS as DEVICE_KINDS,
    devices_of,
    is_known,
    shows_something,
    subentry_data,
)
from .endpoints import ASPECTS, KINDS
from .errors import (
    ThinknxAuthError,
    ThinknxBusyError,
    ThinknxConnectionError,
    ThinknxError,
    ThinknxNoDeviceError,
    ThinknxRedirectError,
    ThinknxRefusedError,
)
from .forms import KIND_WORDS, async_words
from .import_flow import ThinknxImportFlow
from .options_flow import ThinknxOptionsFlow
from .probe import Verdict, probe
from .subentry_flow import ThinknxDeviceFlow

MOST_COMPARED: Final = 20  # devices by which a server is known again

PORT: Final = vol.All(
    NumberSelector(NumberSelectorConfig(min=1, max=65535, mode=NumberSelectorMode.BOX)),
    vol.Coerce(int),
)
SECRET: Final = TextSelector(TextSelectorConfig(type=TextSelectorType.PASSWORD))
LOGIN: Final[dict[vol.Marker, Any]] = {
    vol.Required(CONF_USERNAME): TextSelector(),
    vol.Required(CONF_PASSWORD): SECRET,
}
KEY: Final[dict[vol.Marker, Any]] = {vol.Required(CONF_KEY): SECRET}

PASTE_SCHEMA: Final = vol.Schema({vol.Required(CONF_URL): TextSelector()})
LOCAL_SCHEMA: Final = vol.Schema(
    {
        vol.Required(CONF_HOST): TextSelector(),
        vol.Required(CONF_PORT, default=LOCAL_PORT): PORT,
        **LOGIN,
    }
)
CLOUD_SCHEMA: Final = vol.Schema(KEY)
ON_PREMISE_SCHEMA: Final = vol.Schema(
    {
        vol.Required(CONF_HOST): TextSelector(),
        vol.Required(CONF_PORT, default=HTTPS_PORT): PORT,
        vol.Required(CONF_SECURE, default=True): BooleanSelector(),
        **KEY,
    }
)
SECRETS: Final = frozenset({CONF_KEY, CONF_PASSWORD})

# Which field of a form an error stands at, and its key.
ERRORS: Final[Mapping[type[ThinknxError], tuple[str, str]]] = {
    ThinknxAuthError: (CONF_PASSWORD, "invalid_auth"),
    ThinknxBusyError: ("base", "busy"),
    ThinknxConnectionError: (CONF_HOST, "cannot_connect"),
    ThinknxRedirectError: (CONF_HOST, "redirect"),
}


class ThinknxConfigFlow(ConfigFlow, domain=DOMAIN):
    """Set up a server."""

    VERSION = 1
    MINOR_VERSION = 1

    def __init__(self) -> None:
        """Start with nothing known."""
        self._data: dict[str, Any] = {}
        self._pasted: Pasted | None = None

    @staticmethod
    @callback
    @override
    def async_get_options_flow(config_entry: ConfigEntry) -> ThinknxOptionsFlow:
        """Return the flow of the options."""
        return ThinknxOptionsFlow()

    @classmethod
    @callback
    @override
    def async_get_supported_subentry_types(
        cls, config_entry: ConfigEntry
    ) -> dict[str, type[ConfigSubentryFlow]]:
        """Return what can be added: devices of each kind, and many at once."""
        kinds: dict[str, type[ConfigSubentryFlow]] = dict.fromkeys(DEVICE_KINDS, ThinknxDeviceFlow)
        return {**kinds, "import": ThinknxImportFlow}

    @override
    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask how the server is reached."""
        return self.async_show_menu(
            step_id="user", menu_options=["paste", "local", "cloud", "on_premise"]
        )

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask how the server is reached from now on."""
        self._data = dict(self._get_reconfigure_entry().data)
        return self.async_show_menu(
            step_id="reconfigure", menu_options=["paste", "local", "cloud", "on_premise"]
        )

    async def async_step_paste(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Take an address from the server's page; it says all that is needed, or nearly all."""
        errors: dict[str, str] = {}
        if user_input is not None:
            try:
                pasted = read_pasted(user_input[CONF_URL])
            except ValueError:
                pasted = Pasted(None)
            if pasted.address is None:
                errors[CONF_URL] = "no_address"
            else:
                self._pasted = pasted
                address = pasted.address
                data = {
                    CONF_CONNECTION: address.connection,
                    CONF_HOST: address.host,
                    CONF_PORT: address.port,
                    CONF_SECURE: address.secure,
                    CONF_KEY: address.key,
                    CONF_USERNAME: pasted.user,
                    CONF_PASSWORD: pasted.password,
                    CONF_VERSION: address.version,
                }
                if address.connection is Connection.LOCAL and not pasted.user:
                    # Mostly they come without; who may ask is asked for.
                    self._data |= {CONF_HOST: address.host, CONF_PORT: address.port}
                    return await self.async_step_local()
                if not (errors := await self._try(data)):
                    return await self._save()
        return self._ask_connection("paste", PASTE_SCHEMA, errors)

    async def async_step_local(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for a server in this network."""
        errors: dict[str, str] = {}
        if user_input is not None:
            address = self._pasted.address if self._pasted else None
            secure = address is not None and address.secure
            data = {CONF_CONNECTION: Connection.LOCAL, CONF_SECURE: secure, **user_input}
            if not (errors := await self._try(data)):
                return await self._save()
        return self._ask_connection("local", LOCAL_SCHEMA, errors)

    async def async_step_cloud(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for the key to a server in the vendor's cloud."""
        errors: dict[str, str] = {}
        if user_input is not None:
            data = {CONF_CONNECTION: Connection.CLOUD, **user_input}
            if not (errors := await self._try(data)):
                return await self._save()
        return self._ask_connection("cloud", CLOUD_SCHEMA, errors)

    async def async_step_on_premise(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for a server behind a cloud of one's own."""
        errors: dict[str, str] = {}
        if user_input is not None:
            data = {CONF_CONNECTION: Connection.ON_PREMISE, **user_input}
            if not (errors := await self._try(data)):
                return await self._save()
        elif self._data.get(CONF_CONNECTION) != Connection.ON_PREMISE:
            # Host and port of a local server are another machine's.
            self._data = {}
        return self._ask_connection("on_premise", ON_PREMISE_SCHEMA, errors)

    async def async_step_reauth(self, entry_data: Mapping[str, Any]) -> ConfigFlowResult:
        """Start over with the credentials alone."""
        self._data = dict(entry_data)
        return await self.async_step_reauth_confirm()

    async def async_step_reauth_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the credentials, or the key, that the server now wants."""
        entry = self._get_reauth_entry()
        schema = vol.Schema(KEY if entry.data.get(CONF_KEY) else LOGIN)
        errors: dict[str, str] = {}
        if user_input is not None and not (errors := await self._try({**entry.data, **user_input})):
            return await self._save()
        return self._ask_connection("reauth_confirm", schema, errors, name=entry.title)

    def _ask_connection(
        self, step_id: str, schema: vol.Schema, errors: dict[str, str], **placeholders: str
    ) -> ConfigFlowResult:
        """Show a form with what is known already; a secret is never shown again."""
        known = {key: value for key, value in self._data.items() if key not in SECRETS}
        fields = {str(key) for key in schema.schema}
        # An error at a field that this form does not have would not be seen.
        errors = {field if field in fields else "base": it for field, it in errors.items()}
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(schema, known),
            errors=errors,
            description_placeholders=placeholders,
        )

    async def _try(self, data: dict[str, Any]) -> dict[str, str]:
        """Find out how the server wants to be asked; return errors for a form."""
        self._data = data = clean_data(data)
        if errors := self._clean(data):
            return errors
        try:
            self._data, _ = await find_way_in(self.hass, data)
            if not await self._is_same():
                return {"base": "other_server"}
        except ThinknxError as err:
            field, key = ERRORS.get(type(err), ("base", "not_thinknx"))
            return {CONF_KEY if field == CONF_PASSWORD and CONF_KEY in data else field: key}
        except Exception:  # noqa: BLE001  a bug of ours must not end the user's dialog
            LOGGER.exception("Unexpected error while connecting to the server")
            return {"base": "unknown"}
        return {}

    @staticmethod
    def _clean(data: dict[str, Any]) -> dict[str, str]:
        """Clean what was typed; return errors of what cannot be meant, by field."""
        if CONF_HOST in data:
            if (host := clean_host(data[CONF_HOST])) is None:
                return {CONF_HOST: "invalid_host"}
            data[CONF_HOST] = host
        if CONF_KEY in data:
            data[CONF_KEY] = "".join(data[CONF_KEY].split())
            if not data[CONF_KEY]:
                return {CONF_KEY: "no_key"}
        user = data.get(CONF_USERNAME, "")
        if ":" in user or not user.isprintable():
            return {CONF_USERNAME: "no_colon"}
        return {}

    @callback
    def _old_entry(self) -> ConfigEntry[Any] | None:
        """Return the entry that this is about, None if there is to be a new one."""
        if self.source == SOURCE_REAUTH:
            return self._get_reauth_entry()
        return self._get_reconfigure_entry() if self.source == SOURCE_RECONFIGURE else None

    async def _is_same(self) -> bool:
        """Whether the server knows a device of the entry; it has no identity of its own."""
        if (entry := self._old_entry()) is None:
            return True
        client = client_for(self.hass, self._data)
        readable = [device for device in devices_of(entry).values() if device.aspects]
        for device in readable[:MOST_COMPARED]:
            try:
                await client.read(device.guid, min(device.aspects))
            except ThinknxNoDeviceError:
                continue
            except ThinknxRefusedError:
                return True  # it knows the device, and has no value of it just now
            return True
        return not readable

    async def _save(self) -> ConfigFlowResult:
        """Make an entry, or change the one that this is about."""
        unique_id = entry_id_of(self._data)
        if entry := self._old_entry():
            return self._change(entry, unique_id)
        await self.async_set_unique_id(unique_id)
        self._abort_if_unique_id_configured()
        cloud = self._data[CONF_CONNECTION] == Connection.CLOUD
        return self.async_create_entry(
            title="Thinknx Cloud" if cloud else "Thinknx",
            data={**self._data, CONF_WEBHOOK_ID: webhook.async_generate_id()},
            subentries=await self._first_device(),
        )

    @callback
    def _change(self, entry: ConfigEntry[Any], unique_id: str) -> ConfigFlowResult:
        for other in self._async_current_entries():
            if other is not entry and other.unique_id == unique_id:
                return self.async_abort(reason="already_configured")
        data = {**self._data, CONF_WEBHOOK_ID: entry.data[CONF_WEBHOOK_ID]}
        unheard = entry.state is not ConfigEntryState.LOADED or data == entry.data
        options = dict(entry.options)
        if bool(data.get(CONF_KEY)) is not bool(entry.data.get(CONF_KEY)):
            options.pop(CONF_RATE, None)  # it was meant for the other way
        result = self.async_update_and_abort(entry, unique_id=unique_id, data=data, options=options)
        if unheard:  # by the entry's listener
            self.hass.config_entries.async_schedule_reload(entry.entry_id)
        return result

    async def _first_device(self) -> list[ConfigSubentryData]:
        """Return the device that a copied address was about."""
        pasted = self._pasted
        kind = KINDS.get(pasted.controller) if pasted else None
        if not pasted or not pasted.guid or kind is None or is_known(self.hass, pasted.guid):
            return []
        try:
            found = await probe(client_for(self.hass, self._data).read, pasted.guid, [kind])
        except ThinknxError:
            return []
        unknown = ASPECTS[kind] and found.verdict is Verdict.UNKNOWN
        if unknown or not shows_something(kind, found.aspects):
            return []
        words = await async_words(self.hass, KIND_WORDS)
        return [
            ConfigSubentryData(
                data=subentry_data(pasted.guid, kind, found.aspects),
                subentry_type=kind,
                title=words.get(kind, kind),
                unique_id=pasted.guid,
            )
        ]
