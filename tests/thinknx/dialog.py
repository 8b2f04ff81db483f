"""Going through the dialogs of a server as a user does."""

from dataclasses import dataclass, field
import json
from pathlib import Path
from typing import Any, Self

import custom_components.thinknx as integration
from homeassistant.config_entries import (
    SOURCE_RECONFIGURE,
    SOURCE_USER,
    ConfigEntry,
    ConfigEntryState,
    ConfigSubentry,
)
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowManager, FlowResultType

from .common import DOMAIN, Home

TEXTS: dict[str, Any] = json.loads(
    (Path(integration.__file__).parent / "translations" / "en.json").read_text(encoding="utf-8")
)
NOTES: dict[str, str] = TEXTS["selector"]["row_note"]["options"]
CENTRAL = {"reauth_successful", "reconfigure_successful"}


@dataclass
class Dialog:
    """A dialog as its user sees it; whatever it shows has to have its English words."""

    hass: HomeAssistant
    flows: FlowManager[Any, Any, Any]
    texts: dict[str, Any]
    shown: Any
    history: list[Any] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Look at what is shown first."""
        self._look()

    async def fill(self, **values: Any) -> Self:
        """Fill in the form and go on."""
        self.shown = await self.flows.async_configure(self.shown["flow_id"], values)
        self._look()
        return self

    async def choose(self, option: str) -> Self:
        """Choose from the menu."""
        return await self.fill(next_step_id=option)

    async def wait(self) -> None:
        """Wait until a step with progress has come to its end, as the frontend does."""
        assert self.shown["type"] is FlowResultType.SHOW_PROGRESS, self.shown
        task = self.flows._progress[self.shown["flow_id"]].async_get_progress_task()
        assert task is not None
        await task
        await self.hass.async_block_till_done()
        self.shown = await self.flows.async_configure(self.shown["flow_id"])
        self._look()

    def _look(self) -> None:
        """Check that there are words for all that is shown."""
        self.history.append(self.shown)
        kind = self.shown["type"]
        if kind is FlowResultType.MENU:
            menu = self.texts["step"][self.shown["step_id"]]["menu_options"]
            assert set(self.shown["menu_options"]) == menu.keys()
        elif kind is FlowResultType.FORM:
            step = self.texts["step"][self.shown["step_id"]]
            assert self.fields <= step["data"].keys(), self.fields - step["data"].keys()
            assert set(self.errors.values()) <= self.texts["error"].keys(), self.errors
        elif kind is FlowResultType.SHOW_PROGRESS:
            assert self.shown["progress_action"] in self.texts["progress"]
        elif kind is FlowResultType.ABORT and self.shown["reason"] not in CENTRAL:
            words = self.texts["abort"][self.shown["reason"]]
            assert words.format(**(self.shown["description_placeholders"] or {}))

    @property
    def step(self) -> str | None:
        """The name of the form."""
        return self.shown["step_id"] if self.shown["type"] is FlowResultType.FORM else None

    @property
    def fields(self) -> set[str]:
        """The fields of the form."""
        return {str(key) for key in self._schema()}

    @property
    def errors(self) -> dict[str, str]:
        """The errors on the form, which have to stand at a field that is there."""
        errors: dict[str, str] = self.shown["errors"] or {}
        assert errors.keys() <= {"base"} | self.fields, f"nobody sees {errors}"
        return errors

    @property
    def prefilled(self) -> dict[str, Any]:
        """What the form shows already."""
        described = {str(key): key.description for key in self._schema()}
        return {
            key: told["suggested_value"]
            for key, told in described.items()
            if told and "suggested_value" in told
        }

    @property
    def said(self) -> dict[str, str]:
        """What is filled into the words."""
        return dict(self.shown["description_placeholders"] or {})

    @property
    def aborted(self) -> str | None:
        """Why the dialog ended without a result."""
        return self.shown["reason"] if self.shown["type"] is FlowResultType.ABORT else None

    def created(self) -> ConfigEntry[Any]:
        """Return the entry that the dialog has made, which works."""
        assert self.shown["type"] is FlowResultType.CREATE_ENTRY, self.shown
        entry: ConfigEntry[Any] = self.shown["result"]
        assert entry.state is ConfigEntryState.LOADED
        return entry

    def saved(self) -> None:
        """Check that the dialog has come to a good end."""
        assert self.shown["type"] is FlowResultType.CREATE_ENTRY, self.shown

    def _schema(self) -> dict[Any, Any]:
        schema = self.shown.get("data_schema")
        return schema.schema if schema else {}


async def add_server(hass: HomeAssistant, option: str) -> Dialog:
    """Let the user add a server by one of the ways."""
    flows = hass.config_entries.flow
    shown = await flows.async_init(DOMAIN, context={"source": SOURCE_USER})
    return await Dialog(hass, flows, TEXTS["config"], shown).choose(option)


async def change_server(hass: HomeAssistant, entry: ConfigEntry[Any], option: str) -> Dialog:
    """Let the user change how a server is reached."""
    flows = hass.config_entries.flow
    context: Any = {"source": SOURCE_RECONFIGURE, "entry_id": entry.entry_id}
    shown = await flows.async_init(DOMAIN, context=context)
    return await Dialog(hass, flows, TEXTS["config"], shown).choose(option)


async def asked_again(hass: HomeAssistant) -> Dialog:
    """Let the user follow the one request for credentials."""
    flows = hass.config_entries.flow
    (flow,) = flows.async_progress()
    return Dialog(hass, flows, TEXTS["config"], await flows.async_configure(flow["flow_id"]))


async def change_options(hass: HomeAssistant, entry: ConfigEntry[Any]) -> Dialog:
    """Let the user look at the options."""
    flows = hass.config_entries.options
    return Dialog(hass, flows, TEXTS["options"], await flows.async_init(entry.entry_id))


async def add_devices(hass: HomeAssistant, entry: ConfigEntry[Any], kind: str) -> Dialog:
    """Let the user add a device of a kind, or import many."""
    flows = hass.config_entries.subentries
    shown = await flows.async_init((entry.entry_id, kind), context={"source": SOURCE_USER})
    return Dialog(hass, flows, TEXTS["config_subentries"][kind], shown)


async def change_device(hass: HomeAssistant, entry: ConfigEntry[Any], guid: str) -> Dialog:
    """Let the user change a device."""
    device = device_of(entry, guid)
    flows = hass.config_entries.subentries
    shown = await flows.async_init(
        (entry.entry_id, device.subentry_type),
        context={"source": SOURCE_RECONFIGURE, "subentry_id": device.subentry_id},
    )
    return Dialog(hass, flows, TEXTS["config_subentries"][device.subentry_type], shown)


def device_of(entry: ConfigEntry[Any], guid: str) -> ConfigSubentry:
    """Return the device of a GUID."""
    (found,) = (it for it in entry.subentries.values() if it.unique_id == guid)
    return found


async def imported(home: Home, text: str) -> Dialog:
    """Let the user paste a list."""
    dialog = await add_devices(home.hass, home.entry, "import")
    return await dialog.fill(text=text)


def rows(dialog: Dialog) -> list[dict[str, Any]]:
    """Return the rows that the user looks over."""
    assert dialog.step == "review"
    shown: list[dict[str, Any]] = dialog.prefilled["rows"]
    return [dict(row) for row in shown]


def notes(dialog: Dialog) -> list[str]:
    """Return what is said of each row, by its key."""
    keys = {text: key for key, text in NOTES.items()} | {"": ""}
    return [keys[row["note"]] for row in rows(dialog)]
