"""Repair issues, and the flow that accepts a new certificate."""

from enum import StrEnum
from typing import TYPE_CHECKING, Any

import voluptuous as vol

from homeassistant.components.repairs import RepairsFlow, RepairsFlowResult
from homeassistant.const import CONF_HOST, CONF_PORT
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from .const import CONF_FINGERPRINT, DOMAIN
from .errors import NibeConnectionError
from .tls import read_fingerprint, readable

if TYPE_CHECKING:
    from .coordinator import NibeConfigEntry


class IssueKind(StrEnum):
    """What may need the user."""

    API_READ_ONLY = "api_read_only"
    CERTIFICATE_CHANGED = "certificate_changed"
    FIRMWARE_TOO_OLD = "firmware_too_old"
    MORE_PUMPS = "more_pumps"


def _issue_id(entry: NibeConfigEntry, kind: IssueKind) -> str:
    return f"{kind}_{entry.entry_id}"


@callback
def async_report(
    hass: HomeAssistant,
    entry: NibeConfigEntry,
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
        is_fixable=kind is IssueKind.CERTIFICATE_CHANGED,
        severity=ir.IssueSeverity.WARNING,
        translation_key=kind,
        translation_placeholders={"name": entry.title, "detail": detail},
    )


@callback
def async_forget_issues(hass: HomeAssistant, entry: NibeConfigEntry, *kinds: IssueKind) -> None:
    """Take back issues of an entry, all of them unless some are named."""
    for kind in kinds or IssueKind:
        async_report(hass, entry, kind, present=False)


class CertificateFlow(RepairsFlow):
    """Shows the new certificate, and pins it if the user says so."""

    _fingerprint = ""

    def __init__(self, entry: NibeConfigEntry) -> None:
        """Take the entry that the issue is about."""
        self.entry = entry

    async def async_step_init(self, _issue: dict[str, str] | None = None) -> RepairsFlowResult:
        """Begin; what comes in names only the issue."""
        return await self.async_step_confirm()

    async def async_step_confirm(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Show the certificate that is there now; keep it once it is confirmed."""
        if user_input is not None:
            self.hass.config_entries.async_update_entry(
                self.entry, data={**self.entry.data, CONF_FINGERPRINT: self._fingerprint}
            )
            self.hass.config_entries.async_schedule_reload(self.entry.entry_id)
            return self.async_create_entry(data={})
        try:
            self._fingerprint = await read_fingerprint(
                self.entry.data[CONF_HOST], self.entry.data[CONF_PORT]
            )
        except NibeConnectionError:
            return self.async_abort(reason="cannot_connect")
        return self.async_show_form(
            step_id="confirm",
            data_schema=vol.Schema({}),
            description_placeholders={
                "name": self.entry.title,
                "fingerprint": readable(self._fingerprint),
                "before": readable(self.entry.data[CONF_FINGERPRINT]),
            },
        )


async def async_create_fix_flow(
    hass: HomeAssistant, issue_id: str, data: dict[str, Any] | None
) -> RepairsFlow:
    """Start the flow that mends an issue."""
    entry: NibeConfigEntry | None = hass.config_entries.async_get_entry(
        data["entry_id"] if data else ""
    )
    if entry is None:
        raise ValueError(f"no entry for {issue_id}")
    return CertificateFlow(entry)
