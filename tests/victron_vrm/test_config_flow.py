"""Setting an account up: by a token, by a login, or the demo; and giving it another token."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
import json
import logging
from pathlib import Path
from typing import Any, Self
from unittest.mock import patch

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

import custom_components.victron_vrm as integration
from homeassistant.config_entries import (
    SOURCE_REAUTH,
    SOURCE_RECONFIGURE,
    SOURCE_USER,
    ConfigEntry,
    ConfigEntryState,
)
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowManager, FlowResultType
from simulators.victron_vrm import TokenApi, TwoFactor, VrmSimulator

from .common import DOMAIN, House, make_entry
from .test_transport import OURS

type Start = Callable[..., Awaitable[House]]

TEXTS: dict[str, Any] = json.loads(
    (Path(integration.__file__).parent / "translations" / "en.json").read_text(encoding="utf-8")
)
CENTRAL = {"reauth_successful", "reconfigure_successful"}
ME, SITES = "*/users/me", "*/installations"
FAULTS: list[tuple[dict[str, Any], dict[str, str]]] = [
    ({"kind": "status", "status": 401, "path": ME}, {"token": "invalid_auth"}),
    ({"kind": "status", "status": 401, "path": SITES}, {"token": "invalid_auth"}),
    ({"kind": "status", "status": 403, "path": SITES}, {"base": "forbidden"}),
    ({"kind": "status", "status": 429, "path": ME}, {"base": "busy"}),
    ({"kind": "status", "status": 429, "path": SITES}, {"base": "busy"}),
    ({"kind": "status", "status": 503, "path": ME}, {"base": "cannot_connect"}),
    ({"kind": "drop", "times": 2, "path": ME}, {"base": "cannot_connect"}),
    ({"kind": "truncate", "path": SITES}, {"base": "cannot_connect"}),
    ({"kind": "garbage", "path": ME}, {"base": "bad_response"}),
    ({"kind": "redirect", "path": SITES}, {"base": "bad_response"}),
    ({"kind": "status", "status": 404, "path": SITES}, {"base": "bad_response"}),
    ({"kind": "status", "status": 400, "path": ME}, {"base": "refused"}),
]


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
        await self.hass.async_block_till_done()
        self._look()
        return self

    async def choose(self, option: str) -> Self:
        """Choose from the menu."""
        return await self.fill(next_step_id=option)

    def _look(self) -> None:
        """Check that there are words for all that is shown."""
        self.history.append(self.shown)
        kind = self.shown["type"]
        said = self.shown.get("description_placeholders") or {}
        if kind in {FlowResultType.MENU, FlowResultType.FORM}:
            step = self.texts["step"][self.shown["step_id"]]
            assert step["title"]
            assert step.get("description", "").format(**said) is not None
        if kind is FlowResultType.MENU:
            assert set(self.shown["menu_options"]) == step["menu_options"].keys()
            assert set(self.shown["menu_options"]) == step["menu_option_descriptions"].keys()
        elif kind is FlowResultType.FORM:
            assert self.fields == step["data"].keys() == step["data_description"].keys()
            assert set(self.errors.values()) <= self.texts.get("error", {}).keys()
        elif kind is FlowResultType.ABORT and self.shown["reason"] not in CENTRAL:
            assert self.texts["abort"][self.shown["reason"]].format(**said)

    @property
    def step(self) -> str | None:
        """The name of the form."""
        return self.shown["step_id"] if self.shown["type"] is FlowResultType.FORM else None

    @property
    def fields(self) -> set[str]:
        """The fields of the form."""
        return {str(key) for key in self.schema}

    @property
    def errors(self) -> dict[str, str]:
        """The errors on the form, which have to stand at a field that is there."""
        errors: dict[str, str] = self.shown["errors"] or {}
        assert errors.keys() <= {"base"} | self.fields, f"nobody sees {errors}"
        return errors

    @property
    def prefilled(self) -> dict[str, Any]:
        """What the form shows already."""
        described = {str(key): key.description for key in self.schema}
        return {
            key: told["suggested_value"]
            for key, told in described.items()
            if told and "suggested_value" in told
        }

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

    @property
    def schema(self) -> dict[Any, Any]:
        """The form as Home Assistant keeps it."""
        schema = self.shown.get("data_schema")
        return schema.schema if schema else {}


async def add_account(hass: HomeAssistant, way: str) -> Dialog:
    """Let the user add an account in one of the ways."""
    flows = hass.config_entries.flow
    shown = await flows.async_init(DOMAIN, context={"source": SOURCE_USER})
    return await Dialog(hass, flows, TEXTS["config"], shown).choose(way)


async def change_account(hass: HomeAssistant, entry: ConfigEntry[Any]) -> Dialog:
    """Let the user open "Reconfigure"."""
    flows = hass.config_entries.flow
    context: Any = {"source": SOURCE_RECONFIGURE, "entry_id": entry.entry_id}
    return Dialog(hass, flows, TEXTS["config"], await flows.async_init(DOMAIN, context=context))


async def asked_again(hass: HomeAssistant) -> Dialog:
    """Let the user follow the one request for another token."""
    flows = hass.config_entries.flow
    (flow,) = flows.async_progress()
    assert flow["context"]["source"] == SOURCE_REAUTH
    return Dialog(hass, flows, TEXTS["config"], await flows.async_configure(flow["flow_id"]))


@contextmanager
def nothing_set_up() -> Iterator[None]:
    """Look at a dialog only."""
    with patch("custom_components.victron_vrm.async_setup_entry", return_value=True):
        yield


def login(cloud: VrmSimulator, **other: str) -> dict[str, str]:
    """Return what the user types in."""
    return {"username": cloud.owner.email, "password": cloud.owner.password} | other


def made(cloud: VrmSimulator) -> dict[str, str]:
    """Return the tokens by name that were not there before."""
    return {it.name: it.secret for it in cloud.vault.of(cloud.owner) if it.name != "Simulator"}


def assert_account(cloud: VrmSimulator, entry: ConfigEntry[Any], token: str) -> None:
    """Make sure that an entry is the owner's, and that nothing else is kept."""
    assert entry.title == "Victron VRM (Owner)"
    assert entry.unique_id == str(cloud.owner.id)
    assert dict(entry.data) == {"token": token, "user_id": cloud.owner.id}
    assert dict(entry.options) == {}


async def test_token(hass: HomeAssistant, cloud: VrmSimulator) -> None:
    """A token is enough to have the account."""
    dialog = await add_account(hass, "token")
    assert dialog.step == "token"
    assert dialog.shown["description_placeholders"]["url"].startswith("https://vrm.")
    await dialog.fill(token=cloud.token)
    assert_account(cloud, dialog.created(), cloud.token)
    assert cloud.stats.refused.total() == 0


@pytest.mark.parametrize("spelling", [" {}\n", "Token {}", " Token  {} ", "\t{}"])
async def test_copied_token(hass: HomeAssistant, cloud: VrmSimulator, spelling: str) -> None:
    """What copying brings along is left out."""
    with nothing_set_up():
        dialog = await add_account(hass, "token")
        await dialog.fill(token=spelling.format(cloud.token))
        assert_account(cloud, dialog.created(), cloud.token)


@pytest.mark.parametrize("token", ["", "x", "Token", "0a" * 31, "0a" * 33, "0g" * 32, "Bearer a.b"])
async def test_no_token(hass: HomeAssistant, cloud: VrmSimulator, token: str) -> None:
    """What cannot be a token is refused without asking anybody, and then the right one is taken."""
    with nothing_set_up():
        dialog = await add_account(hass, "token")
        await dialog.fill(token=token)
        assert dialog.errors == {"token": "no_token"}
        assert cloud.stats.requests.total() == 0
        await dialog.fill(token=cloud.token)
        dialog.created()


async def test_wrong_token(hass: HomeAssistant, cloud: VrmSimulator) -> None:
    """A token that VRM does not know is refused, and then the right one is taken."""
    with nothing_set_up():
        dialog = await add_account(hass, "token")
        await dialog.fill(token="0a" * 32)
        assert dialog.errors == {"token": "invalid_auth"}
        await dialog.fill(token=cloud.token)
        dialog.created()


@pytest.mark.parametrize(("fault", "errors"), FAULTS)
async def test_token_errors(
    hass: HomeAssistant, cloud: VrmSimulator, fault: dict[str, Any], errors: dict[str, str]
) -> None:
    """Whatever goes wrong is told, and afterwards the same form works."""
    cloud.inject(**fault)
    with nothing_set_up():
        dialog = await add_account(hass, "token")
        await dialog.fill(token=cloud.token)
        assert (dialog.step, dialog.errors) == ("token", errors)
        assert dialog.prefilled == {}
        await dialog.fill(token=cloud.token)
        assert_account(cloud, dialog.created(), cloud.token)


async def test_cloud_away(hass: HomeAssistant, cloud: VrmSimulator) -> None:
    """Without internet the dialog waits until it is back."""
    await cloud.refuse()
    with nothing_set_up():
        dialog = await add_account(hass, "token")
        await dialog.fill(token=cloud.token)
        assert dialog.errors == {"base": "cannot_connect"}
        await cloud.listen()
        await dialog.fill(token=cloud.token)
        dialog.created()


async def test_bug(
    hass: HomeAssistant, cloud: VrmSimulator, caplog: pytest.LogCaptureFixture
) -> None:
    """A bug of ours is logged and does not end the dialog."""
    with nothing_set_up():
        dialog = await add_account(hass, "token")
        with patch(
            "custom_components.victron_vrm.api.site_records", side_effect=RuntimeError("no")
        ):
            await dialog.fill(token=cloud.token)
        assert dialog.errors == {"base": "unknown"}
        assert "RuntimeError: no" in caplog.text
        assert cloud.token not in caplog.text
        caplog.clear()
        await dialog.fill(token=cloud.token)
        dialog.created()


async def test_account_without_a_name(hass: HomeAssistant, cloud: VrmSimulator) -> None:
    """An account whose owner has no name is called Victron VRM."""
    cloud.owner.name = ""
    with nothing_set_up():
        dialog = await add_account(hass, "token")
        await dialog.fill(token=cloud.token)
        assert dialog.created().title == "Victron VRM"


@pytest.mark.parametrize("style", TokenApi)
async def test_login(hass: HomeAssistant, cloud: VrmSimulator, style: TokenApi) -> None:
    """User and password make a token, which is all that is kept."""
    cloud.token_api = style
    dialog = await add_account(hass, "login")
    assert (dialog.step, dialog.prefilled) == ("login", {"username": ""})
    await dialog.fill(**login(cloud, username=f" {cloud.owner.email} "))
    assert_account(cloud, dialog.created(), made(cloud)["Home Assistant"])
    assert cloud.vault.bearers == {}


@pytest.mark.parametrize("mode", [TwoFactor.SMS, TwoFactor.TOTP])
async def test_second_factor(hass: HomeAssistant, cloud: VrmSimulator, mode: TwoFactor) -> None:
    """A code is asked for where one is wanted; a wrong one may be followed by the right one."""
    cloud.two_factor = mode
    with nothing_set_up():
        dialog = await add_account(hass, "login")
        await dialog.fill(**login(cloud))
        assert (dialog.step, dialog.errors) == ("code", {})
        for wrong in ("00000000", "x", "", " "):
            await dialog.fill(code=wrong)
            assert (dialog.step, dialog.errors) == ("code", {"code": "invalid_auth"})
        code = cloud.code
        await dialog.fill(code=f" {code[:4]} {code[4:]} ")
        assert_account(cloud, dialog.created(), made(cloud)["Home Assistant"])
    assert cloud.vault.bearers == {}


async def test_wrong_password(hass: HomeAssistant, cloud: VrmSimulator) -> None:
    """A wrong password is told at its field; the user's name need not be typed again."""
    with nothing_set_up():
        dialog = await add_account(hass, "login")
        await dialog.fill(**login(cloud, password="no"))
        assert (dialog.step, dialog.errors) == ("login", {"password": "invalid_auth"})
        assert dialog.prefilled == {"username": cloud.owner.email}
        await dialog.fill(**login(cloud))
        dialog.created()


async def test_login_switched_off(hass: HomeAssistant, cloud: VrmSimulator) -> None:
    """When logins have come to their announced end, the user is told to make a token instead."""
    cloud.password_login = False
    dialog = await add_account(hass, "login")
    await dialog.fill(**login(cloud))
    assert (dialog.step, dialog.errors) == ("login", {"base": "refused"})


@pytest.mark.parametrize(
    ("fault", "errors"),
    [
        ({"kind": "status", "status": 429}, {"base": "busy"}),
        ({"kind": "status", "status": 503}, {"base": "cannot_connect"}),
        ({"kind": "drop"}, {"base": "cannot_connect"}),
        ({"kind": "garbage"}, {"base": "bad_response"}),
        ({"kind": "garbage", "body": '{"token": "a"}'}, {"base": "bad_response"}),
        ({"kind": "redirect"}, {"base": "bad_response"}),
    ],
)
@pytest.mark.parametrize("path", ["*/auth/login", "*/accesstokens"])
async def test_login_errors(
    hass: HomeAssistant,
    cloud: VrmSimulator,
    path: str,
    fault: dict[str, Any],
    errors: dict[str, str],
) -> None:
    """Whatever goes wrong on the way to a token is told, and afterwards the same form works."""
    cloud.inject(path=path, **fault)
    with nothing_set_up():
        dialog = await add_account(hass, "login")
        await dialog.fill(**login(cloud))
        assert (dialog.step, dialog.errors) == ("login", errors)
        await dialog.fill(**login(cloud))
        assert dialog.created().data["token"] in made(cloud).values()


async def test_names_are_taken(hass: HomeAssistant, cloud: VrmSimulator) -> None:
    """Who removes the account and adds it again gets a token of another name each time."""
    cloud.new_token("Home Assistant")
    with nothing_set_up():
        dialog = await add_account(hass, "login")
        await dialog.fill(**login(cloud))
        entry = dialog.created()
    (name,) = [name for name, secret in made(cloud).items() if secret == entry.data["token"]]
    assert name.startswith("Home Assistant ")
    await hass.config_entries.async_remove(entry.entry_id)
    with nothing_set_up():
        dialog = await add_account(hass, "login")
        await dialog.fill(**login(cloud))
        dialog.created()
    assert len(made(cloud)) == 3


@pytest.mark.parametrize("failures", [1, 2, 3])
async def test_token_made_but_not_usable_yet(
    hass: HomeAssistant, cloud: VrmSimulator, failures: int
) -> None:
    """If VRM is ill after a token was made, the user tries again and gets along with that one."""
    cloud.inject("status", ME, status=503, times=failures)
    with nothing_set_up():
        dialog = await add_account(hass, "login")
        for _ in range(failures):
            await dialog.fill(**login(cloud))
            assert (dialog.step, dialog.errors) == ("login", {"base": "cannot_connect"})
        await dialog.fill(**login(cloud))
        assert dialog.created().data["token"] in made(cloud).values()


async def test_token_made_with_a_code_but_not_usable_yet(
    hass: HomeAssistant, cloud: VrmSimulator
) -> None:
    """If VRM is ill after a code was taken, the same form works afterwards."""
    cloud.two_factor = TwoFactor.TOTP
    cloud.inject("status", ME, status=503)
    with nothing_set_up():
        dialog = await add_account(hass, "login")
        await dialog.fill(**login(cloud))
        await dialog.fill(code=cloud.code)
        assert dialog.errors == {"base": "cannot_connect"}
        await dialog.fill(code=cloud.code)
        assert dialog.created().data["token"] in made(cloud).values()


async def test_code_with_the_cloud_away(hass: HomeAssistant, cloud: VrmSimulator) -> None:
    """If the internet is gone when the code is typed in, it is asked for again."""
    cloud.two_factor = TwoFactor.SMS
    with nothing_set_up():
        dialog = await add_account(hass, "login")
        await dialog.fill(**login(cloud))
        await cloud.refuse()
        cloud.disconnect()
        await dialog.fill(code=cloud.code)
        assert (dialog.step, dialog.errors) == ("code", {"base": "cannot_connect"})
        await cloud.listen()
        await dialog.fill(code=cloud.code)
        dialog.created()


async def test_demo(hass: HomeAssistant) -> None:
    """The demo account needs neither a form nor the network, and there is one of it."""
    with nothing_set_up():
        dialog = await add_account(hass, "demo")
        entry = dialog.created()
        assert (entry.title, entry.unique_id) == ("Victron VRM Demo", "22")
        assert dict(entry.data) == {"demo": True, "user_id": 22}
        assert (await add_account(hass, "demo")).aborted == "already_configured"
        assert (await change_account(hass, entry)).aborted == "demo_needs_nothing"


async def test_account_that_is_there(hass: HomeAssistant, house: House) -> None:
    """An account is set up once, whatever token it is found by."""
    cloud = house.cloud
    dialog = await add_account(hass, "token")
    await dialog.fill(token=cloud.new_token())
    assert dialog.aborted == "already_configured"
    dialog = await add_account(hass, "login")
    await dialog.fill(**login(cloud))
    assert dialog.aborted == "already_configured"
    assert house.entry.data["token"] == cloud.token
    assert len(hass.config_entries.async_entries(DOMAIN)) == 1


async def test_two_dialogs(hass: HomeAssistant, cloud: VrmSimulator) -> None:
    """Of two dialogs for the same account the first one wins, the other ends."""
    with nothing_set_up():
        first, second = [await add_account(hass, "token") for _ in range(2)]
        await second.fill(token=cloud.token)
        second.created()
        await first.fill(token=cloud.token)
        assert first.aborted == "already_configured"


async def revoked(start: Start, cloud: VrmSimulator) -> tuple[MockConfigEntry, Dialog]:
    """Return an entry whose token was revoked, and the dialog that this brings."""
    entry = make_entry(cloud, token="0a" * 32)
    house = await start(entry)
    assert entry.state is ConfigEntryState.SETUP_ERROR
    dialog = await asked_again(house.hass)
    assert dialog.shown["step_id"] == "reauth_confirm"
    assert dialog.shown["description_placeholders"]["name"] == entry.title
    return entry, dialog


async def test_reauth_with_token(start: Start, cloud: VrmSimulator) -> None:
    """A new token in place of a revoked one: everything works again."""
    entry, dialog = await revoked(start, cloud)
    await dialog.choose("token")
    await dialog.fill(token="0b" * 32)
    assert dialog.errors == {"token": "invalid_auth"}
    await dialog.fill(token=cloud.token)
    assert dialog.aborted == "reauth_successful"
    assert entry.state is ConfigEntryState.LOADED
    assert_account(cloud, entry, cloud.token)


@pytest.mark.parametrize("mode", TwoFactor)
async def test_reauth_with_login(start: Start, cloud: VrmSimulator, mode: TwoFactor) -> None:
    """A login makes a new token in place of a revoked one."""
    cloud.two_factor = mode
    entry, dialog = await revoked(start, cloud)
    await dialog.choose("login")
    await dialog.fill(**login(cloud))
    if mode is not TwoFactor.NONE:
        await dialog.fill(code=cloud.code)
    assert dialog.aborted == "reauth_successful"
    assert entry.state is ConfigEntryState.LOADED
    assert_account(cloud, entry, made(cloud)["Home Assistant"])


async def test_reauth_with_another_account(start: Start, cloud: VrmSimulator) -> None:
    """The token of somebody else is not taken."""
    entry, dialog = await revoked(start, cloud)
    neighbour = cloud._add_account(type(cloud.owner)(77, "n@example.com", "Neighbour", "pw"))
    other = cloud.vault.add_token(neighbour, "x", cloud.now).secret
    await dialog.choose("token")
    await dialog.fill(token=other)
    assert dialog.aborted == "unique_id_mismatch"
    assert entry.data["token"] == "0a" * 32


async def test_reconfigure(house: House) -> None:
    """Another token of the same account is taken, and the old one is not needed any more."""
    token = house.cloud.new_token()
    dialog = await change_account(house.hass, house.entry)
    assert dialog.shown["step_id"] == "reconfigure"
    await dialog.choose("token")
    house.cloud.inject("status", SITES, status=403)
    await dialog.fill(token=token)
    assert dialog.errors == {"base": "forbidden"}
    await dialog.fill(token=token)
    assert dialog.aborted == "reconfigure_successful"
    assert_account(house.cloud, house.entry, token)
    assert house.entry.state is ConfigEntryState.LOADED


async def test_reconfigure_with_login(house: House) -> None:
    """A login makes another token of the same account, somebody else's login does not."""
    cloud = house.cloud
    cloud._add_account(type(cloud.owner)(77, "n@example.com", "Neighbour", "pw"))
    dialog = await (await change_account(house.hass, house.entry)).choose("login")
    await dialog.fill(username="n@example.com", password="pw")
    assert dialog.aborted == "unique_id_mismatch"
    dialog = await (await change_account(house.hass, house.entry)).choose("login")
    await dialog.fill(**login(cloud))
    assert dialog.aborted == "reconfigure_successful"
    assert_account(cloud, house.entry, made(cloud)["Home Assistant"])


def shown_to_the_user(dialog: Dialog) -> str:
    """Return all that the frontend gets of a dialog."""
    texts = []
    for shown in dialog.history:
        told = {key: it for key, it in shown.items() if key not in {"data", "result"}}
        schema = told.get("data_schema")
        fields = (
            [(str(it), getattr(it, "description", "")) for it in schema.schema] if schema else []
        )
        texts.append(f"{told} {fields}")
    return "\n".join(texts)


async def test_no_secret_anywhere(
    hass: HomeAssistant,
    cloud: VrmSimulator,
    caplog: pytest.LogCaptureFixture,
    hass_storage: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Passwords, codes and logins are kept nowhere and told nobody; the token is only kept."""
    caplog.set_level(logging.DEBUG)
    cloud.two_factor = TwoFactor.SMS
    bearers: set[str] = set()
    log_in = cloud.vault.log_in

    def noted(*arguments: Any) -> Any:
        bearer = log_in(*arguments)
        bearers.add(bearer.secret)
        return bearer

    tried, wrong = "0a1b" * 16, "97531864"
    monkeypatch.setattr(cloud.vault, "log_in", noted)
    by_token = await add_account(hass, "token")
    await by_token.fill(token=tried)
    for fault in ({"kind": "drop"}, {"kind": "garbage"}, {"kind": "redirect"}):
        cloud.inject(path=ME, **fault)
        await by_token.fill(token=tried)
    dialog = await add_account(hass, "login")
    await dialog.fill(**login(cloud, password="wr0ng-pass-w0rd"))
    await dialog.fill(**login(cloud))
    await dialog.fill(code=wrong)
    cloud.inject("status", "*/accesstokens", status=500)
    await dialog.fill(code=cloud.code)
    await dialog.fill(code=cloud.code)
    entry = dialog.created()
    await hass.config_entries.async_unload(entry.entry_id)
    await hass.config_entries._store.async_save(hass.config_entries._data_to_save())
    token = entry.data["token"]
    hidden = {tried, wrong, "wr0ng-pass-w0rd", cloud.owner.password, cloud.code, *bearers}
    assert len(hidden) == 7
    stored = json.dumps(hass_storage)
    assert f"{DOMAIN}.{entry.entry_id}" in hass_storage
    assert token in json.dumps(hass_storage.pop("core.config_entries"))
    ours = [it for it in caplog.records if it.name.startswith(OURS)]
    log = "\n".join(caplog.handler.format(it) for it in ours)
    assert DOMAIN in log
    texts = {
        "log": log,
        "dialog": shown_to_the_user(dialog) + shown_to_the_user(by_token),
        "entry": f"{entry.title} {entry.unique_id} {entry!r} {entry.options}",
        "stored elsewhere": json.dumps(hass_storage),
    }
    for secret in hidden:
        assert secret not in stored
    for secret in hidden | {token}:
        assert not [where for where, text in texts.items() if secret in text]
