"""Repair issues, and the flows that mend them."""

from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import voluptuous as vol
from yarl import URL

from homeassistant.components.repairs import RepairsFlow, RepairsFlowResult
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.selector import (
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)

from .callback_url import plain_base, usable_base
from .const import CONF_CALLBACK_URL, DOMAIN
from .errors import NukiError

if TYPE_CHECKING:
    from .coordinator import NukiConfigEntry

CONF_CALLBACK = "callback"


class IssueKind(StrEnum):
    """What may need the user."""

    CALLBACK_IMPOSSIBLE = "callback_impossible"
    CALLBACK_SLOTS_FULL = "callback_slots_full"
    CALLBACKS_NOT_ARRIVING = "callbacks_not_arriving"
    CLOCK_OFF = "clock_off"


FIXABLE = (IssueKind.CALLBACK_IMPOSSIBLE, IssueKind.CALLBACK_SLOTS_FULL)


def _issue_id(entry: NukiConfigEntry, kind: IssueKind) -> str:
    return f"{kind}_{entry.entry_id}"


@callback
def async_report(
    hass: HomeAssistant,
    entry: NukiConfigEntry,
    kind: IssueKind,
    *,
    present: bool,
    seconds: str = "",
) -> None:
    """Raise an issue, or take it back."""
    if not present:
        ir.async_delete_issue(hass, DOMAIN, _issue_id(entry, kind))
        return
    ir.async_create_issue(
        hass,
        DOMAIN,
        _issue_id(entry, kind),
        data={"entry_id": entry.entry_id},
        is_fixable=kind in FIXABLE,
        severity=ir.IssueSeverity.WARNING,
        translation_key=kind,
        translation_placeholders={"name": entry.title, "seconds": seconds},
    )


@callback
def async_report_clock(
    hass: HomeAssistant, entry: NukiConfigEntry, offset: timedelta | None
) -> None:
    """Tell that the bridge's clock is off, or that it no longer is."""
    seconds = "" if offset is None else str(round(abs(offset.total_seconds())))
    async_report(hass, entry, IssueKind.CLOCK_OFF, present=offset is not None, seconds=seconds)


@callback
def async_forget_issues(hass: HomeAssistant, entry: NukiConfigEntry) -> None:
    """Take back all issues of an entry."""
    for kind in IssueKind:
        async_report(hass, entry, kind, present=False)


class NukiRepairFlow(RepairsFlow):
    """A repair of one entry."""

    def __init__(self, entry: NukiConfigEntry) -> None:
        """Take the entry that the issue is about."""
        self.entry = entry


class SlotsFullFlow(NukiRepairFlow):
    """Lets the user pick whose callback makes room for ours."""

    _urls: list[str]

    async def async_step_init(self, _issue: dict[str, str] | None = None) -> RepairsFlowResult:
        """Begin; what comes in names only the issue."""
        return await self.async_step_choose()

    async def async_step_choose(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Show who has the slots; remove the one that is picked."""
        if self.entry.state is not ConfigEntryState.LOADED:
            return self.async_abort(reason="cannot_connect")
        runtime = self.entry.runtime_data
        try:
            if user_input is not None:
                await runtime.client.remove_callback(self._urls[int(user_input[CONF_CALLBACK])])
                await runtime.callbacks.async_check()
                return self.async_create_entry(data={})
            self._urls = [item.url for item in await runtime.client.callbacks()]
        except NukiError:
            return self.async_abort(reason="cannot_connect")
        # Only the host is shown: a path may be another system's secret.
        options = [
            SelectOptionDict(value=str(place), label=f"{place + 1}: {_host(url)}")
            for place, url in enumerate(self._urls)
        ]
        return self.async_show_form(
            step_id="choose",
            data_schema=vol.Schema(
                {vol.Required(CONF_CALLBACK): SelectSelector(SelectSelectorConfig(options=options))}
            ),
            description_placeholders={"name": self.entry.title},
        )


def _host(url: str) -> str:
    """Return host and port of a URL that anybody may have registered."""
    try:
        parsed = URL(url)
    except ValueError:
        return "?"
    return f"{parsed.host}:{parsed.port}"


class CallbackImpossibleFlow(NukiRepairFlow):
    """Asks for an address at which the bridge can reach Home Assistant."""

    async def async_step_init(self, _issue: dict[str, str] | None = None) -> RepairsFlowResult:
        """Begin; what comes in names only the issue."""
        return await self.async_step_address()

    async def async_step_address(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Ask until the address is usable, then keep it as an option."""
        errors: dict[str, str] = {}
        if user_input is not None:
            base = plain_base(user_input[CONF_CALLBACK_URL])
            if usable_base(base, self.entry):
                self.hass.config_entries.async_update_entry(
                    self.entry, options={**self.entry.options, CONF_CALLBACK_URL: base}
                )
                self.hass.config_entries.async_schedule_reload(self.entry.entry_id)
                return self.async_create_entry(data={})
            errors[CONF_CALLBACK_URL] = "unusable_url"
        return self.async_show_form(
            step_id="address",
            data_schema=self.add_suggested_values_to_schema(
                vol.Schema(
                    {
                        vol.Required(CONF_CALLBACK_URL): TextSelector(
                            TextSelectorConfig(type=TextSelectorType.URL)
                        )
                    }
                ),
                user_input or {},
            ),
            errors=errors,
            description_placeholders={"name": self.entry.title},
        )


FLOWS: dict[str, type[NukiRepairFlow]] = {
    IssueKind.CALLBACK_IMPOSSIBLE: CallbackImpossibleFlow,
    IssueKind.CALLBACK_SLOTS_FULL: SlotsFullFlow,
}


async def async_create_fix_flow(
    hass: HomeAssistant, issue_id: str, data: dict[str, Any] | None
) -> RepairsFlow:
    """Start the flow that mends an issue."""
    entry_id = data["entry_id"] if data else ""
    entry: NukiConfigEntry | None = hass.config_entries.async_get_entry(entry_id)
    if entry is None:
        raise ValueError(f"no entry for {issue_id}")
    return FLOWS[issue_id.removesuffix(f"_{entry_id}")](entry)
