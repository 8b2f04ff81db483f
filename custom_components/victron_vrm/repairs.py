"""Repair issues."""

from enum import StrEnum
from typing import TYPE_CHECKING

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from .const import DOMAIN, TOKENS_URL

if TYPE_CHECKING:
    from .coordinator import VrmConfigEntry


class IssueKind(StrEnum):
    """What may need the user."""

    HISTORY_IMPOSSIBLE = "history_impossible"
    NO_DATA = "no_data"
    TOKEN_EXPIRES = "token_expires"  # noqa: S105
    TOKEN_WITHOUT_RIGHTS = "token_without_rights"  # noqa: S105


def _issue_id(entry: VrmConfigEntry, kind: IssueKind) -> str:
    return f"{kind}_{entry.entry_id}"


@callback
def async_report(
    hass: HomeAssistant,
    entry: VrmConfigEntry,
    kind: IssueKind,
    *,
    present: bool,
    sites: str = "",
    days: str = "",
) -> None:
    """Raise an issue, or take it back."""
    if not present:
        ir.async_delete_issue(hass, DOMAIN, _issue_id(entry, kind))
        return
    ir.async_create_issue(
        hass,
        DOMAIN,
        _issue_id(entry, kind),
        is_fixable=False,
        severity=ir.IssueSeverity.WARNING,
        translation_key=kind,
        translation_placeholders={
            "name": entry.title,
            "sites": sites,
            "days": days,
            "url": TOKENS_URL,
        },
    )


@callback
def async_forget_issues(hass: HomeAssistant, entry: VrmConfigEntry) -> None:
    """Take back all issues of an entry."""
    for kind in IssueKind:
        async_report(hass, entry, kind, present=False)
