"""Going through the dialogs of a heat pump as a user does."""

from dataclasses import dataclass
from typing import Any

from aiohttp.test_utils import TestClient
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from homeassistant.config_entries import (
    SOURCE_USER,
    ConfigEntry,
    ConfigEntryState,
    ConfigFlowResult,
)
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import issue_registry as ir
from simulators.htrest import HtRestSimulator

from .common import DOMAIN, House


@dataclass
class Dialog:
    """A dialog as its user sees it."""

    hass: HomeAssistant
    shown: ConfigFlowResult

    async def fill(self, **values: Any) -> None:
        """Fill in the form and go on."""
        flows = self.hass.config_entries.flow
        self.shown = await flows.async_configure(self.shown["flow_id"], values)

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

    @property
    def texts(self) -> dict[str, str]:
        """What stands in the words of the form."""
        return dict(self.shown["description_placeholders"] or {})

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


@dataclass
class Fix:
    """The dialog of a repair, over the web as the frontend does it."""

    client: TestClient[Any, Any]
    shown: dict[str, Any]

    @classmethod
    async def start(cls, house: House, kind: str, connect: ClientSessionGenerator) -> Fix:
        """Click on an issue."""
        client = await connect()
        issue = {"handler": DOMAIN, "issue_id": f"{kind}_{house.entry.entry_id}"}
        answer = await client.post("/api/repairs/issues/fix", json=issue)
        assert answer.status == 200, await answer.text()
        return cls(client, await answer.json())

    async def fill(self, **values: str) -> None:
        """Fill in the form."""
        url = f"/api/repairs/issues/fix/{self.shown['flow_id']}"
        answer = await self.client.post(url, json=values)
        assert answer.status == 200, await answer.text()
        self.shown = await answer.json()


def found(hass: HomeAssistant) -> list[ir.IssueEntry]:
    """Return the issues that the user sees."""
    return [issue for issue in ir.async_get(hass).issues.values() if issue.domain == DOMAIN]


def issues(hass: HomeAssistant) -> list[str]:
    """Return their kinds."""
    return sorted(str(issue.translation_key) for issue in found(hass))


def address(server: HtRestSimulator) -> dict[str, Any]:
    """Return where the server is, and who may ask it."""
    return {
        "host": server.host,
        "port": server.port,
        "username": server.username or "",
        "password": server.password or "",
    }


async def open_dialog(hass: HomeAssistant) -> Dialog:
    """Let the user add a heat pump."""
    flow = await hass.config_entries.flow.async_init(DOMAIN, context={"source": SOURCE_USER})
    return Dialog(hass, flow)
