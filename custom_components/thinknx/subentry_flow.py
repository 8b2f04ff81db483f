"""Adding one device, and changing it."""

from collections.abc import Mapping
from typing import Any, Final

import voluptuous as vol

from homeassistant.config_entries import ConfigSubentryFlow, SubentryFlowResult
from homeassistant.const import CONF_NAME
from homeassistant.core import callback
from homeassistant.helpers import area_registry as ar
from homeassistant.helpers.selector import TextSelector

from .address import read_pasted
from .checks import errors_of
from .connection import address_of, client_of, is_elsewhere
from .const import CONF_ASPECTS, CONF_GUID, LOGGER
from .devices import (
    CONF_AREA,
    CONF_MAX,
    CONF_MIN,
    CONF_STEP,
    CONF_TEMPERATURE_GUID,
    LIMITS,
    clean_text,
    devices_of,
    is_known,
    links,
    shows_something,
    subentry_data,
)
from .endpoints import ASPECTS, KINDS, Aspect, Kind
from .errors import (
    ThinknxAuthError,
    ThinknxBusyError,
    ThinknxConnectionError,
    ThinknxError,
    ThinknxRedirectError,
)
from .forms import details_schema
from .probe import READABLE, Probed, Verdict, probe

GUID_SCHEMA: Final = vol.Schema({vol.Required(CONF_GUID): TextSelector()})

ERRORS: Final[Mapping[type[ThinknxError], str]] = {
    ThinknxAuthError: "invalid_auth",
    ThinknxBusyError: "busy",
    ThinknxConnectionError: "cannot_connect",
    ThinknxRedirectError: "redirect",
}


class ThinknxDeviceFlow(ConfigSubentryFlow):
    """One device; what it can do is found out by reading."""

    def __init__(self) -> None:
        """Start with nothing known."""
        self._guid = ""
        self._probed = Probed(Verdict.SILENT)

    @property
    def _kind(self) -> Kind:
        return Kind(self._subentry_type)

    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Ask for the GUID, and look at the device."""
        errors: dict[str, str] = {}
        if user_input is not None:
            if not (errors := self._take_guid(user_input[CONF_GUID]) or await self._look()):
                return await self.async_step_details()
        # What was pasted may hold a password: it is not shown again.
        return self.async_show_form(step_id="user", data_schema=GUID_SCHEMA, errors=errors)

    def _take_guid(self, text: str) -> dict[str, str]:
        """Take the GUID out of what was pasted; return errors for the form."""
        try:
            pasted = read_pasted(text)
        except ValueError:
            return {CONF_GUID: "no_guid"}
        if not pasted.guid:
            return {CONF_GUID: "no_guid"}
        if is_known(self.hass, pasted.guid):
            return {CONF_GUID: "already_configured"}
        if pasted.address and is_elsewhere(pasted.address, address_of(self._get_entry().data)):
            return {CONF_GUID: "other_server"}
        if pasted.controller and KINDS.get(pasted.controller, self._kind) is not self._kind:
            return {CONF_GUID: "other_kind"}
        self._guid = pasted.guid
        return {}

    async def _look(self) -> dict[str, str]:
        """Find out what a GUID is, if reading can tell; return errors for the form."""
        kind = self._kind
        if not ASPECTS[kind]:
            return {}
        client = client_of(self.hass, self._get_entry())
        others = [other for other in READABLE if other is not kind]
        try:
            self._probed = await probe(client.read, self._guid, [kind, *others])
        except ThinknxError as err:
            return {"base": ERRORS.get(type(err), "bad_response")}
        except Exception:  # noqa: BLE001  a bug of ours must not end the user's dialog
            LOGGER.exception("Unexpected error while looking at a device")
            return {"base": "unknown"}
        if self._probed.verdict is Verdict.UNKNOWN:
            return {CONF_GUID: "unknown_guid"}
        if self._probed.kind not in (None, kind):
            return {CONF_GUID: "other_kind"}
        if not shows_something(kind, self._probed.aspects):
            return {CONF_GUID: "nothing_to_show"}
        return {}

    async def async_step_details(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask how it is to be called and shown."""
        errors: dict[str, str] = {}
        known: dict[str, Any]
        if user_input is None:
            found = [str(it) for it in ASPECTS[self._kind] if it in self._probed.aspects]
            known = {CONF_ASPECTS: found}
            if self._kind in LIMITS and self._kind is not Kind.ANALOG:
                low, high, step = LIMITS[self._kind]
                known |= {CONF_MIN: low, CONF_MAX: high, CONF_STEP: step}
        elif errors := self._errors(user_input):
            known = user_input
        elif is_known(self.hass, self._guid):  # by another dialog, meanwhile
            return self.async_abort(reason="already_configured")
        else:
            options = dict(user_input)
            area = ar.async_get(self.hass).async_get_area(options.pop(CONF_AREA, ""))
            return self.async_create_entry(
                title=clean_text(user_input[CONF_NAME]),
                data=self._data(self._guid, options | ({CONF_AREA: area.name} if area else {})),
                unique_id=self._guid,
            )
        return self.async_show_form(
            step_id="details", data_schema=self._details_schema(known, new=True), errors=errors
        )

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Change how it is called and shown."""
        subentry = self._get_reconfigure_subentry()
        errors: dict[str, str] = {}
        known: Mapping[str, Any] = {**subentry.data, CONF_NAME: subentry.title}
        if user_input is not None:
            if not (errors := self._errors(user_input)):
                kept = {key: subentry.data[key] for key in (CONF_AREA,) if key in subentry.data}
                return self.async_update_and_abort(
                    self._get_entry(),
                    subentry,
                    title=clean_text(user_input[CONF_NAME]),
                    data=self._data(subentry.data[CONF_GUID], kept | user_input),
                )
            known = user_input
        return self.async_show_form(
            step_id="reconfigure", data_schema=self._details_schema(known, new=False), errors=errors
        )

    @callback
    def _details_schema(self, known: Mapping[str, Any], *, new: bool) -> vol.Schema:
        """Return the form of the details with what is known already."""
        linked = links(devices_of(self._get_entry()).values())
        if known.get(CONF_TEMPERATURE_GUID) not in linked:  # it was deleted, meanwhile
            known = {key: it for key, it in known.items() if key != CONF_TEMPERATURE_GUID}
        schema = details_schema(self._kind, linked, new=new)
        return self.add_suggested_values_to_schema(schema, known)

    def _aspects(self, user_input: Mapping[str, Any]) -> frozenset[Aspect]:
        if len(ASPECTS[self._kind]) < 2:
            return frozenset(ASPECTS[self._kind])
        return frozenset(Aspect(name) for name in user_input[CONF_ASPECTS])

    def _errors(self, user_input: Mapping[str, Any]) -> dict[str, str]:
        """Return what is wrong with what was filled in, by field."""
        errors = errors_of(self._kind, self._aspects(user_input), user_input)
        if not clean_text(user_input[CONF_NAME]):
            errors[CONF_NAME] = "no_name"
        return errors

    def _data(self, guid: str, user_input: Mapping[str, Any]) -> Mapping[str, Any]:
        options = {
            key: value
            for key, value in user_input.items()
            if key not in {CONF_NAME, CONF_ASPECTS} and value not in (None, "")
        }
        data: Mapping[str, Any] = subentry_data(
            guid, self._kind, self._aspects(user_input), **options
        )
        return data
