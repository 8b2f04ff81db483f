"""Actions: telegrams to the bus, and the list of devices."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockUser
import voluptuous as vol

from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError, Unauthorized
from homeassistant.setup import async_setup_component
from simulators.thinknx import ThinknxSimulator

from .common import DOMAIN, OBJECTS, Home, make_entry, subentry
from .dialog import TEXTS, add_devices

type Start = Callable[..., Awaitable[Home]]

SWITCH_ON = {"type": "1", "group": "1/0/1", "value": 1}


@pytest.fixture
async def home(start: Start, server: ThinknxSimulator) -> Home:
    """Return a home in which telegrams are allowed."""
    return await start(make_entry(server, options={"allow_telegrams": True}))


def refused(err: pytest.ExceptionInfo[HomeAssistantError]) -> str:
    """Return why an action was refused, for which there have to be words."""
    key = str(err.value.translation_key)
    words = TEXTS["exceptions"][key]["message"]
    assert words.format(**(err.value.translation_placeholders or {}))
    return key


@pytest.mark.parametrize(
    ("dpt", "value", "controller", "sent"),
    [
        ("1", 1, "system/sendKNXbit", 1),
        ("1", True, "system/sendKNXbit", 1),
        ("2", 3, "system/sendKNX4bits", 3),
        ("3", 15, "system/sendKNX4bits", 15),
        ("5", "255", "system/sendKNXbyte", 255),
        ("6", -128, "system/sendKNXbyteun", -128),
        ("9", -12.34, "system/sendKNXfloat2bytes", -12.34),
        ("14", 1e-7, "system/sendKNXfloat4bytes", 1e-7),
        ("14", 1e20, "system/sendKNXfloat4bytes", 1e20),
    ],
)
@pytest.mark.parametrize("group", ["1/0/1", "1/234", "1/0/1-255"])
async def test_telegram(
    home: Home, dpt: str, value: Any, controller: str, sent: float, group: str
) -> None:
    """A telegram is sent as it was meant, and the server's echo is returned."""
    answer = await home.act("send_telegram", type=dpt, group=group, value=value)
    (telegram,) = home.server.stats.telegrams
    assert (telegram.controller, telegram.group, telegram.value) == (controller, group, sent)
    assert (answer["type"], answer["group"], answer["value"]) == (dpt, group, sent)
    assert answer["answer"]["group"] == group
    assert float(answer["answer"]["value"]) == sent


async def test_lamp(home: Home) -> None:
    """What hangs on the group address does what it is told; an answer is not needed."""
    lamp = home.server.plant.groups["1/0/1"].guid
    home.server.set_light(lamp, on=False)
    await home.hass.services.async_call(
        DOMAIN,
        "send_telegram",
        SWITCH_ON | {"config_entry_id": home.entry.entry_id},
        blocking=True,
    )
    assert home.server.value(lamp, "power") == 1


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"value": 2}, "telegram_range"),
        ({"value": -1}, "telegram_range"),
        ({"value": 0.5}, "telegram_whole"),
        ({"value": "nan"}, "telegram_range"),
        ({"value": "inf"}, "telegram_range"),
        ({"type": "3", "value": 16}, "telegram_range"),
        ({"type": "5", "value": 256}, "telegram_range"),
        ({"type": "6", "value": -129}, "telegram_range"),
        ({"type": "9", "value": 670761}, "telegram_range"),
        ({"type": "14", "value": "-inf"}, "telegram_range"),
        ({"group": "0/0/0"}, "no_group"),
        ({"group": "1/0/1&guid=x"}, "no_group"),
    ],
)
async def test_refused(home: Home, changed: dict[str, Any], why: str) -> None:
    """What makes no sense is refused before anything is sent."""
    with pytest.raises(ServiceValidationError) as err:
        await home.act("send_telegram", **SWITCH_ON | changed)
    assert refused(err) == why
    assert not home.server.stats.telegrams


@pytest.mark.parametrize("changed", [{"type": "4"}, {"value": "on"}, {"more": 1}])
async def test_wrong_fields(home: Home, changed: dict[str, Any]) -> None:
    """Fields that there are not are refused as everywhere."""
    with pytest.raises(vol.Invalid):
        await home.act("send_telegram", **SWITCH_ON | changed)


async def test_off_until_switched_on(start: Start, server: ThinknxSimulator) -> None:
    """Nothing is sent to the bus before the options allow it."""
    home = await start(make_entry(server))
    with pytest.raises(ServiceValidationError) as err:
        await home.act("send_telegram", **SWITCH_ON)
    assert refused(err) == "telegrams_not_allowed"
    assert not server.stats.telegrams


async def test_list_of_groups(start: Start, server: ThinknxSimulator) -> None:
    """If the options name group addresses, nothing is sent to others, nor past an interface."""
    options = {"allow_telegrams": True, "groups": ["1/0/1", "1/0/3-1"]}
    home = await start(make_entry(server, options=options))
    for group in ("1/0/2", "1/0/1-255", "1/0/3", "1/1"):
        with pytest.raises(ServiceValidationError) as err:
            await home.act("send_telegram", **SWITCH_ON | {"group": group})
        assert refused(err) == "group_not_allowed"
    for group in ("1/0/1", "01/00/001", "1/0/3-1"):
        await home.act("send_telegram", **SWITCH_ON | {"group": group})
    assert [it.group for it in server.stats.telegrams] == ["1/0/1", "1/0/1", "1/0/3-1"]


@pytest.mark.parametrize("action", ["send_telegram", "export_devices"])
async def test_administrators_only(
    home: Home, action: str, hass_read_only_user: MockUser, hass_admin_user: MockUser
) -> None:
    """Ordinary users may neither send telegrams nor list devices."""

    async def call(user: MockUser) -> Any:
        fields = SWITCH_ON if action == "send_telegram" else {}
        return await home.hass.services.async_call(
            DOMAIN,
            action,
            fields | {"config_entry_id": home.entry.entry_id},
            blocking=True,
            return_response=True,
            context=Context(user_id=user.id),
        )

    with pytest.raises(Unauthorized):
        await call(hass_read_only_user)
    assert not home.server.stats.telegrams
    assert await call(hass_admin_user)


async def test_lost_answer(home: Home) -> None:
    """A telegram whose answer was lost is never sent again: a door would open twice."""
    home.server.inject("drop_after", path="*sendKNXbit")
    with pytest.raises(HomeAssistantError) as err:
        await home.act("send_telegram", **SWITCH_ON)
    assert refused(err) == "uncertain"
    assert len(home.server.stats.telegrams) == 1


@pytest.mark.parametrize(
    ("status", "text", "why"),
    [
        (429, "", "busy"),
        (403, "", "invalid_auth"),
        (None, "params errors", "parameter"),
        (None, "impossible to execute", "not_possible"),
    ],
)
async def test_server_refuses(home: Home, status: int | None, text: str, why: str) -> None:
    """What the server says is told; nothing is tried a second time."""
    if text:
        home.server.fail(text, controller="system/sendKNXbit")
    else:
        home.server.trick("status", controller="system/sendKNXbit", status=status)
    with pytest.raises(HomeAssistantError) as err:
        await home.act("send_telegram", **SWITCH_ON)
    assert refused(err) == why
    assert not home.server.stats.telegrams


async def test_there_without_an_entry(hass: HomeAssistant) -> None:
    """The actions are there for automations even before a server is set up."""
    assert await async_setup_component(hass, DOMAIN, {})
    found = hass.services.async_services_for_domain(DOMAIN)
    assert found.keys() == {"send_telegram", "export_devices"}


@pytest.mark.parametrize(
    ("action", "fields"), [("send_telegram", SWITCH_ON), ("export_devices", {})]
)
async def test_entry_not_loaded(home: Home, action: str, fields: dict[str, Any]) -> None:
    """An action on a server that is not loaded says so."""
    await home.hass.config_entries.async_unload(home.entry.entry_id)
    with pytest.raises(ServiceValidationError) as err:
        await home.act(action, **fields)
    assert err.value.translation_key == "service_config_entry_not_loaded"


async def test_export_and_import(start: Start, server: ThinknxSimulator) -> None:
    """An export, imported elsewhere, makes the same devices; imported here, it adds nothing."""
    made = [
        subentry(
            kind,
            server.guids(thing)[1],
            f'=My; "{kind}"',
            shown[:1],
            **({"area": "Attic"} if kind == "light" else {}),
        )
        for kind, (thing, shown) in OBJECTS.items()
    ]
    options: dict[str, dict[str, Any]] = {
        "light": {"show_as": "switch"},
        "cover": {
            "device_class": "awning",
            "tilt_steps": False,
            "invert_position": True,
            "invert_tilt": False,
            "invert_step": True,
        },
        "thermostat": {"hvac_mode": "cool", "min": 7.5, "max": 30, "step": 0.5},
        "hvac": {"min": 18, "temperature_guid": server.guids("thermostat")[1]},
        "analog": {"show_as": "number", "min": -5, "max": 5, "unit": "°C", "step": 0.1}
        | {"device_class": "temperature"},
    }
    for it in made:
        it["data"] = {**it["data"], **options.get(it["subentry_type"], {})}
    home = await start(make_entry(server, *made))
    listed = (await home.act("export_devices"))["csv"]
    assert server.password not in listed
    before = {
        it.unique_id: (it.subentry_type, it.title, dict(it.data))
        for it in home.entry.subentries.values()
    }
    dialog = await add_devices(home.hass, home.entry, "import")
    await dialog.fill(text=listed)
    await dialog.fill(rows=dialog.prefilled["rows"])
    assert dialog.errors == {"base": "nothing_chosen"}
    await home.hass.config_entries.async_remove(home.entry.entry_id)
    entry = make_entry(server)
    entry.add_to_hass(home.hass)
    dialog = await add_devices(home.hass, entry, "import")
    await dialog.fill(text=listed)
    await dialog.fill(rows=dialog.prefilled["rows"])
    assert dialog.said == {"added": "7", "left_out": "-"}
    assert {
        it.unique_id: (it.subentry_type, it.title, dict(it.data))
        for it in entry.subentries.values()
    } == before


async def test_telegrams_take_their_turn(home: Home) -> None:
    """Telegrams are spread like commands; a server that complains is left alone for a while."""
    pace = home.entry.runtime_data.scheduler.pace
    home.server.trick("status", status=429, controller="system/sendKNXbit", retry_after="3")
    with pytest.raises(HomeAssistantError) as err:
        await home.act("send_telegram", **SWITCH_ON)
    assert refused(err) == "busy"
    assert pace.refusals == 1
    before = home.clock.monotonic()
    await home.wait_for(home.act("send_telegram", **SWITCH_ON))
    assert home.clock.monotonic() - before >= 2.9
    assert len(home.server.stats.telegrams) == 1  # none was sent twice
    for _ in range(20):
        await home.wait_for(home.act("send_telegram", **SWITCH_ON))
    assert home.clock.monotonic() - before > 2.9 + 14 / 10
    home.server.trick("status", status=429, controller="system/sendKNXbit", retry_after="60")
    with pytest.raises(HomeAssistantError):
        await home.wait_for(home.act("send_telegram", **SWITCH_ON))
    sent = len(home.server.stats.telegrams)
    with pytest.raises(HomeAssistantError) as err:
        await home.act("send_telegram", **SWITCH_ON)
    assert refused(err) == "busy"
    assert len(home.server.stats.telegrams) == sent
