"""Going through the dialogs of the Nuki bridge as a user does."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from homeassistant.config_entries import (
    SOURCE_USER,
    ConfigEntry,
    ConfigEntryState,
    ConfigFlowResult,
)
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from simulators.nuki_bridge import NukiBridgeSimulator

from .common import DOMAIN

MODES = {"ctoken": "encrypted", "hash": "hashed", "token": "plain"}


@dataclass
class Dialog:
    """A dialog as its user sees it."""

    hass: HomeAssistant
    shown: ConfigFlowResult

    async def fill(self, **values: Any) -> None:
        """Fill in the form, or choose from the menu, and go on."""
        flows = self.hass.config_entries.flow
        self.shown = await flows.async_configure(self.shown["flow_id"], values)

    async def choose(self, step: str) -> None:
        """Choose from the menu."""
        await self.fill(next_step_id=step)

    async def refresh(self) -> None:
        """Look at the dialog again after it has changed by itself."""
        await self.hass.async_block_till_done()
        self.shown = await self.hass.config_entries.flow.async_configure(self.shown["flow_id"])

    @property
    def step(self) -> str | None:
        """The name of the form."""
        return self.shown["step_id"] if self.shown["type"] is FlowResultType.FORM else None

    @property
    def errors(self) -> dict[str, str]:
        """The errors on the form, which have to stand at a field that is there."""
        errors = self.shown["errors"] or {}
        fields = {"base"} | {str(key) for key in self._schema()}
        assert errors.keys() <= fields, f"nobody sees {errors} on a form of {fields}"
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

    def choices(self, field: str) -> list[str]:
        """Return what a list offers, in words."""
        return [option["label"] for option in self._schema()[field].config["options"]]

    @property
    def aborted(self) -> str | None:
        """Why the dialog ended without a result."""
        return self.shown["reason"] if self.shown["type"] is FlowResultType.ABORT else None

    def created(self) -> ConfigEntry:
        """Return the entry that the dialog has made, which works."""
        assert self.shown["type"] is FlowResultType.CREATE_ENTRY, self.shown
        entry: ConfigEntry = self.shown["result"]
        assert entry.state is ConfigEntryState.LOADED
        return entry

    def _schema(self) -> dict[Any, Any]:
        schema = self.shown.get("data_schema")
        return schema.schema if schema else {}


def connection(bridge: NukiBridgeSimulator) -> dict[str, Any]:
    """Return where the bridge is."""
    return {"host": bridge.host, "port": bridge.port}


def credentials(bridge: NukiBridgeSimulator, mode: str = "encrypted") -> dict[str, Any]:
    """Return what the user has to type in."""
    return {**connection(bridge), "token": bridge.token, "auth_mode": mode}


def modes_seen(bridge: NukiBridgeSimulator) -> set[str]:
    """Return how tokens travelled so far."""
    seen = {name for record in bridge.stats.history for name in record.params}
    return {mode for name, mode in MODES.items() if name in seen}


async def until(condition: Callable[[], object]) -> None:
    """Wait for something that needs no time to pass."""
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110  sockets have no event to wait for
            await asyncio.sleep(0)


async def pair(dialog: Dialog, bridge: NukiBridgeSimulator) -> None:
    """Go on to the button and press it."""
    await dialog.fill(**connection(bridge))
    assert dialog.shown["type"] is FlowResultType.SHOW_PROGRESS
    await until(lambda: bridge.led)
    bridge.press_button()
    await dialog.refresh()


async def open_dialog(hass: HomeAssistant) -> Dialog:
    """Let the user add a bridge."""
    flow = await hass.config_entries.flow.async_init(DOMAIN, context={"source": SOURCE_USER})
    return Dialog(hass, flow)
