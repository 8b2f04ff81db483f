"""Repair issues, and the flow that gives up changes on a read-only server."""

from enum import StrEnum
from typing import TYPE_CHECKING, Any

import voluptuous as vol

from homeassistant.components.repairs import RepairsFlow, RepairsFlowResult
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from .const import CONF_ALLOW_CHANGES, DOMAIN

if TYPE_CHECKING:
    from .coordinator import HtRestConfigEntry


class IssueKind(StrEnum):
    """What may need the user."""

    ENERGY_TABLE = "energy_table"
    PUMP_SILENT = "pump_silent"
    SERVER_READ_ONLY = "server_read_only"
    SERVER_STUCK = "server_stuck"


def _issue_id(entry: HtRestConfigEntry, kind: IssueKind) -> str:
    return f"{kind}_{entry.entry_id}"


@callback
def async_report(
    hass: HomeAssistant,
    entry: HtRestConfigEntry,
    kind: IssueKind,
    *,
    present: bool,
    detail: str = "",
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
        is_fixable=kind is IssueKind.SERVER_READ_ONLY,
        severity=ir.IssueSeverity.WARNING,
        translation_key=kind,
        translation_placeholders={"name": entry.title, "detail": detail},
    )


@callback
def async_forget_issues(hass: HomeAssistant, entry: HtRestConfigEntry, *kinds: IssueKind) -> None:
    """Take back issues of an entry, all of them unless some are named."""
    for kind in kinds or IssueKind:
        async_report(hass, entry, kind, present=False)


class ReadOnlyFlow(RepairsFlow):
    """Switches changes off, which the server does not carry out anyway."""

    def __init__(self, entry: HtRestConfigEntry) -> None:
        """Take the entry that the issue is about."""
        self.entry = entry

    async def async_step_init(self, _issue: dict[str, str] | None = None) -> RepairsFlowResult:
        """Begin; what comes in names only the issue."""
        return await self.async_step_confirm()

    async def async_step_confirm(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Ask once."""
        if user_input is None:
            return self.async_show_form(
                step_id="confirm",
                data_schema=vol.Schema({}),
                description_placeholders={"name": self.entry.title},
            )
        self.hass.config_entries.async_update_entry(
            self.entry, options={**self.entry.options, CONF_ALLOW_CHANGES: False}
        )
        self.hass.config_entries.async_schedule_reload(self.entry.entry_id)
        return self.async_create_entry(data={})


async def async_create_fix_flow(
    hass: HomeAssistant, issue_id: str, data: dict[str, Any] | None
) -> RepairsFlow:
    """Start the flow that mends an issue."""
    entry: HtRestConfigEntry | None = hass.config_entries.async_get_entry(
        data["entry_id"] if data else ""
    )
    if entry is None:
        raise ValueError(f"no entry for {issue_id}")
    return ReadOnlyFlow(entry)
