"""Repair issues, and the flow by which the user takes note of a project that was deployed anew."""

from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from homeassistant.components.repairs import ConfirmRepairFlow, RepairsFlow
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from .const import DOMAIN

if TYPE_CHECKING:
    from .coordinator import ThinknxConfigEntry

MOST_NAMED: Final = 20


class IssueKind(StrEnum):
    """What may need the user."""

    PASSWORD_IN_ADDRESS = "password_in_address"  # noqa: S105
    REDEPLOYED = "redeployed"
    UNKNOWN_DEVICES = "unknown_devices"


def _issue_id(entry: ThinknxConfigEntry, kind: IssueKind) -> str:
    return f"{kind}_{entry.entry_id}"


@callback
def async_report(
    hass: HomeAssistant,
    entry: ThinknxConfigEntry,
    kind: IssueKind,
    *,
    present: bool,
    names: Sequence[str] = (),
) -> None:
    """Raise an issue, which may be about some devices, or take it back."""
    if not present:
        ir.async_delete_issue(hass, DOMAIN, _issue_id(entry, kind))
        return
    listed = [f"- {name}" for name in names[:MOST_NAMED]]
    if len(names) > MOST_NAMED:
        listed.append("- …")
    ir.async_create_issue(
        hass,
        DOMAIN,
        _issue_id(entry, kind),
        # That it was deployed anew is a thing to know, and nothing that ends by itself.
        is_fixable=kind is IssueKind.REDEPLOYED,
        severity=ir.IssueSeverity.WARNING,
        translation_key=kind,
        translation_placeholders={
            "name": entry.title,
            "count": str(len(names)),
            "devices": "\n".join(listed),
        },
    )


@callback
def async_forget_issues(hass: HomeAssistant, entry: ThinknxConfigEntry) -> None:
    """Take back all issues of an entry."""
    for kind in IssueKind:
        async_report(hass, entry, kind, present=False)


async def async_create_fix_flow(
    hass: HomeAssistant, issue_id: str, data: dict[str, Any] | None
) -> RepairsFlow:
    """Start the flow that takes note of an issue."""
    return ConfirmRepairFlow()
