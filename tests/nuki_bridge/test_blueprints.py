"""The blueprints, each set up as an automation and tried."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
import shutil
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
    async_mock_service,
)

from homeassistant.components.automation import DOMAIN as AUTOMATION_DOMAIN
from homeassistant.components.blueprint.const import BLUEPRINT_FOLDER
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from simulators.clock import ManualClock
from simulators.nuki_bridge import FRONT_DOOR, INTERCOM
from simulators.nuki_bridge.devices import Door

from .common import DOMAIN, House

BLUEPRINTS = Path(__file__).parents[2] / BLUEPRINT_FOLDER
AUTOMATION = "automation.under_test"
TAP = "mobile_app_notification_action"
LOCK, BATTERY, DOOR = "lock.front_door", "binary_sensor.front_door_battery", "binary_sensor.door"
RING = "event.intercom_ring"

type Automate = Callable[..., Awaitable[None]]

# An action of the user's own, which tells all that a blueprint offers.
OWN_ACTION = [
    {
        "action": "notify.own",
        "data": {
            "title": "{{ title }}",
            "message": "{{ message }}",
            "data": {"problem": "{{ problem }}", "name": "{{ name }}"},
        },
    }
]


@pytest.fixture
async def automate(hass: HomeAssistant, tmp_path: Path) -> AsyncGenerator[Automate]:
    """Return a function that makes an automation of a blueprint, as the user does."""

    async def set_up(blueprint: str, **inputs: Any) -> None:
        # Home Assistant would also write its own blueprints into the test helpers' folder.
        hass.config.config_dir = str(tmp_path)
        shutil.copytree(BLUEPRINTS, hass.config.path(BLUEPRINT_FOLDER))
        config = {
            "use_blueprint": {"path": f"{DOMAIN}/{blueprint}.yaml", "input": inputs},
            "alias": "Under test",
        }
        assert await async_setup_component(hass, AUTOMATION_DOMAIN, {AUTOMATION_DOMAIN: config})
        await hass.async_block_till_done()
        state = hass.states.get(AUTOMATION)
        assert state and state.state == "on", "the blueprint was refused"

    yield set_up
    await hass.services.async_call(
        AUTOMATION_DOMAIN, "turn_off", {"entity_id": AUTOMATION}, blocking=True
    )


async def settle() -> None:
    """Let everything happen that waits for nothing from outside.

    An automation that waits is a task that Home Assistant would wait for, so that
    async_block_till_done() does not return.
    """
    for _ in range(50):
        await asyncio.sleep(0)


async def until(happened: Callable[[], bool]) -> None:
    """Let things happen, also on sockets, until something has happened."""
    async with asyncio.timeout(10):
        while not happened():  # noqa: ASYNC110  nobody sets an event
            await asyncio.sleep(0)


async def let_pass(hass: HomeAssistant, seconds: float) -> None:
    """Let all timers ring that are due within so many seconds."""
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=seconds))
    await settle()


async def set_state(
    hass: HomeAssistant,
    entity_id: str,
    state: str,
    attributes: Mapping[str, Any] | None = None,
) -> None:
    """Set a state and let automations see it."""
    hass.states.async_set(entity_id, state, attributes)
    await settle()


# A door that jams, a battery that runs low


@pytest.fixture
async def watched(hass: HomeAssistant) -> None:
    """Let there be a lock and a battery."""
    await set_state(hass, LOCK, "locked", {"friendly_name": "Front door"})
    await set_state(hass, BATTERY, "off", {"friendly_name": "Front door Battery"})


@pytest.mark.usefixtures("watched")
async def test_jammed(hass: HomeAssistant, automate: Automate) -> None:
    """A jam is told once, and neither its end nor anything else a lock does."""
    told = async_mock_service(hass, "notify", "own")
    await automate("jammed_or_battery_low", locks=[LOCK], batteries=[BATTERY], notify=OWN_ACTION)
    for state in ("unlocking", "unlocked", "unavailable", "unlocked", "locking"):
        await set_state(hass, LOCK, state, {"friendly_name": "Front door"})
    assert not told
    await set_state(hass, LOCK, "jammed", {"friendly_name": "Front door"})
    assert [call.data for call in told] == [
        {
            "title": "Lock jammed",
            "message": ("Front door is jammed. The door may not be locked: please have a look."),
            "data": {"problem": "jammed", "name": "Front door"},
        }
    ]
    await set_state(hass, LOCK, "jammed", {"friendly_name": "Front door", "more": True})
    await set_state(hass, LOCK, "unlocked", {"friendly_name": "Front door"})
    assert len(told) == 1


@pytest.mark.usefixtures("watched")
async def test_battery_low(hass: HomeAssistant, automate: Automate) -> None:
    """A battery that runs low is told; one that still is after a restart is not told again."""
    told = async_mock_service(hass, "notify", "own")
    await automate("jammed_or_battery_low", batteries=[BATTERY], notify=OWN_ACTION)
    attributes = {"friendly_name": "Front door Battery"}
    await set_state(hass, BATTERY, "on", attributes)
    assert [call.data for call in told] == [
        {
            "title": "Battery low",
            "message": "Front door Battery is low. Change or charge it soon.",
            "data": {"problem": "battery", "name": "Front door Battery"},
        }
    ]
    await set_state(hass, BATTERY, "unavailable", attributes)
    await set_state(hass, BATTERY, "on", attributes)
    await set_state(hass, BATTERY, "off", attributes)
    assert len(told) == 1
    await set_state(hass, BATTERY, "on", attributes)
    assert len(told) == 2


@pytest.mark.usefixtures("watched")
async def test_jammed_and_battery_at_once(hass: HomeAssistant, automate: Automate) -> None:
    """Without an action of the user's own each shows in Home Assistant, both at once too."""
    shown: list[ServiceCall] = []

    async def take_a_while(call: ServiceCall) -> None:
        await asyncio.sleep(0)
        shown.append(call)

    await automate("jammed_or_battery_low", locks=[LOCK], batteries=[BATTERY])
    hass.services.async_register("persistent_notification", "create", take_a_while)
    hass.states.async_set(LOCK, "jammed")
    hass.states.async_set(BATTERY, "on")
    await settle()
    assert [call.data["title"] for call in shown] == ["Lock jammed", "Battery low"]
    assert [call.data["notification_id"] for call in shown] == [f"nuki_{LOCK}", f"nuki_{BATTERY}"]


# Somebody rings


@pytest.fixture
def phones(
    hass: HomeAssistant, device_registry: dr.DeviceRegistry, entity_registry: er.EntityRegistry
) -> dict[str, str]:
    """Return the registry ids of two phones by the names of their actions."""
    ids = {}
    for name, action in (("Anna's phone", "mobile_app_anna_s_phone"), ("Ben", "mobile_app_ben")):
        entry = MockConfigEntry(domain="mobile_app", title=name)
        entry.add_to_hass(hass)
        device = device_registry.async_get_or_create(
            config_entry_id=entry.entry_id, identifiers={("mobile_app", name)}, name=name
        )
        entity_registry.async_get_or_create(
            "notify", "mobile_app", name, config_entry=entry, device_id=device.id
        )
        ids[action] = device.id
    return ids


@pytest.fixture
def messages(hass: HomeAssistant, phones: dict[str, str]) -> dict[str, list[ServiceCall]]:
    """Return what each phone was sent."""
    return {name: async_mock_service(hass, "notify", name) for name in phones}


@pytest.fixture
async def ring(
    hass: HomeAssistant, automate: Automate, phones: dict[str, str]
) -> Callable[..., Awaitable[None]]:
    """Set up the automation, and return a function that rings."""
    opener = {"friendly_name": "Intercom"}
    hass.states.async_set("lock.intercom", "locked", opener)
    hass.states.async_set(RING, "unknown")
    await automate(
        "ring_notification",
        doorbell=RING,
        opener="lock.intercom",
        phones=list(phones.values()),
        seconds=60,
    )
    rings = 0

    async def do_ring(kind: str = "ring") -> None:
        nonlocal rings
        rings += 1
        at = datetime(2026, 11, 20, 12, rings, tzinfo=dt_util.UTC)
        await set_state(hass, RING, at.isoformat(timespec="milliseconds"), {"event_type": kind})

    return do_ring


def button_of(call: ServiceCall) -> str:
    """Return the name of a notification's button."""
    (button,) = call.data["data"]["actions"]
    assert button["title"] == "Open"
    name: str = button["action"]
    return name


async def tap(hass: HomeAssistant, button: str) -> None:
    """Tap a button on a phone."""
    hass.bus.async_fire(TAP, {"action": button})
    await settle()


@pytest.fixture
def opened(hass: HomeAssistant) -> list[ServiceCall]:
    """Return the calls that open, and let them show at the Opener."""
    calls: list[ServiceCall] = []

    async def open_it(call: ServiceCall) -> None:
        calls.append(call)
        hass.states.async_set("lock.intercom", "opening", {"friendly_name": "Intercom"})

    hass.services.async_register("lock", "open", open_it)
    return calls


async def test_ring_opens_once(
    hass: HomeAssistant,
    ring: Callable[..., Awaitable[None]],
    messages: dict[str, list[ServiceCall]],
    opened: list[ServiceCall],
) -> None:
    """Each phone gets a button; the first tap opens, and no other."""
    await ring()
    for calls in messages.values():
        assert [call.data["title"] for call in calls] == ["Intercom"]
        assert calls[0].data["message"].startswith("Somebody rang at ")
        assert calls[0].data["data"]["tag"] == "ring_lock.intercom"
    (button,) = {button_of(calls[0]) for calls in messages.values()}
    assert not opened
    await tap(hass, button)
    assert [call.data["entity_id"] for call in opened] == [["lock.intercom"]]
    for calls in messages.values():
        assert calls[-1].data["message"].endswith("The door was opened.")
        assert "actions" not in calls[-1].data["data"]
        assert calls[-1].data["data"]["tag"] == "ring_lock.intercom"
    await tap(hass, button)
    assert len(opened) == 1
    assert {len(calls) for calls in messages.values()} == {2}


async def test_ring_button_times_out(
    hass: HomeAssistant,
    ring: Callable[..., Awaitable[None]],
    messages: dict[str, list[ServiceCall]],
    opened: list[ServiceCall],
) -> None:
    """After its time the button is gone, and a tap on it does nothing."""
    await ring()
    button = button_of(messages["mobile_app_ben"][0])
    await let_pass(hass, 59)
    assert len(messages["mobile_app_ben"]) == 1
    await let_pass(hass, 61)
    last = messages["mobile_app_ben"][-1].data
    assert len(messages["mobile_app_ben"]) == 2
    assert "actions" not in last["data"]
    assert last["data"]["alert_once"] is True
    assert last["data"]["push"] == {"interruption-level": "passive"}
    await tap(hass, button)
    assert not opened


async def test_ring_newer_button_replaces(
    hass: HomeAssistant,
    ring: Callable[..., Awaitable[None]],
    messages: dict[str, list[ServiceCall]],
    opened: list[ServiceCall],
) -> None:
    """A second ring brings a button of its own, and the first one is void."""
    await ring()
    await ring()
    first, second = (button_of(call) for call in messages["mobile_app_ben"])
    assert first != second
    await tap(hass, first)
    assert not opened
    await tap(hass, second)
    assert len(opened) == 1


async def test_ring_other_buttons(
    hass: HomeAssistant,
    ring: Callable[..., Awaitable[None]],
    messages: dict[str, list[ServiceCall]],
    opened: list[ServiceCall],
) -> None:
    """Buttons of other notifications open nothing."""
    await ring()
    await tap(hass, "NUKI_OPEN_")
    await tap(hass, "OPEN")
    assert not opened


async def test_ring_let_in(
    ring: Callable[..., Awaitable[None]],
    messages: dict[str, list[ServiceCall]],
    opened: list[ServiceCall],
) -> None:
    """Whoever was let in is told without a button."""
    await ring("ring_to_open")
    for calls in messages.values():
        assert [call.data["message"].endswith("was let in.") for call in calls] == [True]
        assert "actions" not in calls[0].data["data"]
    assert not opened


async def test_ring_not_after_restart(
    hass: HomeAssistant,
    ring: Callable[..., Awaitable[None]],
    messages: dict[str, list[ServiceCall]],
) -> None:
    """A bridge that comes back does not ring."""
    await ring()
    before = hass.states.get(RING)
    assert before
    await set_state(hass, RING, "unavailable")
    await set_state(hass, RING, before.state, before.attributes)
    assert {len(calls) for calls in messages.values()} == {1}


async def test_ring_opening_fails(
    hass: HomeAssistant,
    ring: Callable[..., Awaitable[None]],
    messages: dict[str, list[ServiceCall]],
) -> None:
    """Whoever tapped hears that it did not work."""
    async_mock_service(hass, "lock", "open", raise_exception=HomeAssistantError("busy"))
    await ring()
    await tap(hass, button_of(messages["mobile_app_ben"][0]))
    for calls in messages.values():
        assert calls[-1].data["message"] == "The door could not be opened."
        assert calls[-1].data["data"]["push"] == {"interruption-level": "time-sensitive"}


@pytest.mark.parametrize("gone", ["device", "notifications"])
async def test_ring_phone_gone(
    hass: HomeAssistant,
    device_registry: dr.DeviceRegistry,
    entity_registry: er.EntityRegistry,
    ring: Callable[..., Awaitable[None]],
    phones: dict[str, str],
    opened: list[ServiceCall],
    gone: str,
) -> None:
    """A phone that is gone, or wants no notifications, does not keep others from being told."""
    if gone == "device":
        device_registry.async_remove_device(phones["mobile_app_anna_s_phone"])
    else:
        entity_id = entity_registry.async_get_entity_id("notify", "mobile_app", "Anna's phone")
        assert entity_id
        entity_registry.async_remove(entity_id)
    told = async_mock_service(hass, "notify", "mobile_app_ben")
    await ring()
    await tap(hass, button_of(told[0]))
    assert len(opened) == 1
    assert len(told) == 2


async def test_ring_at_the_bridge(
    house: House, automate: Automate, phones: dict[str, str], messages: dict[str, list[ServiceCall]]
) -> None:
    """From the bell to the door, with a bridge."""
    told, bridge = messages["mobile_app_ben"], house.bridge
    await automate(
        "ring_notification",
        doorbell=house.entity_id("event", INTERCOM, "ring"),
        opener=house.entity_id("lock", INTERCOM, "lock"),
        phones=list(phones.values()),
    )
    bridge.ring(INTERCOM)
    await bridge.clock.sleep(0)
    await until(lambda: len(told) == 1)
    assert bridge.stats.requests["/lockAction"] == 0
    for _ in range(2):
        await tap(house.hass, button_of(told[0]))
    await until(lambda: len(told) == 2)
    assert told[1].data["message"].endswith("The door was opened.")
    await house.bridge_time(5)
    assert bridge.stats.actions == [(INTERCOM, 3)]


async def test_ring_let_in_at_the_bridge(
    house: House, automate: Automate, phones: dict[str, str], messages: dict[str, list[ServiceCall]]
) -> None:
    """Whoever rings while Ring to Open is on is let in by the Opener."""
    await automate(
        "ring_notification",
        doorbell=house.entity_id("event", INTERCOM, "ring"),
        opener=house.entity_id("lock", INTERCOM, "lock"),
        phones=list(phones.values()),
    )
    await house.call("unlock", INTERCOM)
    await house.bridge_time(5)
    assert house.lock(INTERCOM) == "unlocked"
    house.bridge.ring(INTERCOM)
    await house.bridge_time(1)
    for calls in messages.values():
        assert [call.data["message"].endswith("was let in.") for call in calls] == [True]


# Locking at night


@pytest.fixture
def locked(hass: HomeAssistant) -> list[ServiceCall]:
    """Return the calls that lock; the lock itself does not move yet."""
    return async_mock_service(hass, "lock", "lock")


async def at_night(hass: HomeAssistant) -> None:
    """Let it become half past ten."""
    now = dt_util.now()
    night = now.replace(hour=22, minute=30, second=0, microsecond=0)
    async_fire_time_changed(hass, night + timedelta(days=night <= now))
    await settle()


async def test_night_locks(
    hass: HomeAssistant, automate: Automate, locked: list[ServiceCall]
) -> None:
    """The door is locked; nobody is told, also when it is unlocked again later."""
    told = async_mock_service(hass, "notify", "own")
    await set_state(hass, LOCK, "unlocked")
    await automate("lock_at_night", lock=LOCK, notify=OWN_ACTION)
    assert not locked
    await at_night(hass)
    assert [call.data["entity_id"] for call in locked] == [[LOCK]]
    await set_state(hass, LOCK, "locking")
    await set_state(hass, LOCK, "locked")
    await set_state(hass, LOCK, "unlocked")
    await let_pass(hass, 3600)
    assert len(locked) == 1
    assert not told


@pytest.mark.parametrize("door", ["off", "unavailable"])
async def test_night_closed_door(
    hass: HomeAssistant, automate: Automate, locked: list[ServiceCall], door: str
) -> None:
    """A door that is closed, or of which nothing is known, is locked."""
    await set_state(hass, LOCK, "unlocked")
    await set_state(hass, DOOR, door)
    await automate("lock_at_night", lock=LOCK, doors=[DOOR])
    await at_night(hass)
    assert len(locked) == 1
    await set_state(hass, LOCK, "locked")


async def test_night_open_door(
    hass: HomeAssistant, automate: Automate, locked: list[ServiceCall]
) -> None:
    """The bolt of an open door stays where it is, and somebody is told."""
    told = async_mock_service(hass, "notify", "own")
    await set_state(hass, LOCK, "unlocked", {"friendly_name": "Front door"})
    await set_state(hass, DOOR, "on")
    await automate("lock_at_night", lock=LOCK, doors=[DOOR], notify=OWN_ACTION)
    await at_night(hass)
    assert not locked
    assert [call.data for call in told] == [
        {
            "title": "Door open",
            "message": "Front door was not locked, because the door is open.",
            "data": {"problem": "door_open", "name": "Front door"},
        }
    ]


async def test_night_locked_already(
    hass: HomeAssistant, automate: Automate, locked: list[ServiceCall]
) -> None:
    """What is locked stays locked without turning the bolt."""
    told = async_mock_service(hass, "notify", "own")
    await set_state(hass, LOCK, "locked")
    await automate("lock_at_night", lock=LOCK, notify=OWN_ACTION)
    await at_night(hass)
    assert not locked
    assert not told


@pytest.mark.parametrize("end", ["jammed", "unlocked"])
async def test_night_fails(
    hass: HomeAssistant, automate: Automate, locked: list[ServiceCall], end: str
) -> None:
    """A door that is not locked in the end is told, with what it is."""
    told = async_mock_service(hass, "notify", "own")
    await set_state(hass, LOCK, "unlocked", {"friendly_name": "Front door"})
    await automate("lock_at_night", lock=LOCK, seconds=60, notify=OWN_ACTION)
    await at_night(hass)
    await set_state(hass, LOCK, "locking", {"friendly_name": "Front door"})
    await set_state(hass, LOCK, end, {"friendly_name": "Front door"})
    assert len(locked) == 1
    assert not told
    await let_pass(hass, 61)
    assert [call.data for call in told] == [
        {
            "title": "Door not locked",
            "message": f"Front door could not be locked. It is {end}.",
            "data": {"problem": "not_locked", "name": "Front door"},
        }
    ]
    assert len(locked) == 1


async def test_night_call_fails(hass: HomeAssistant, automate: Automate) -> None:
    """A lock that refuses is told, here by Home Assistant's own notification."""
    shown = async_mock_service(hass, "persistent_notification", "create")
    async_mock_service(hass, "lock", "lock", raise_exception=HomeAssistantError("offline"))
    await set_state(hass, LOCK, "unlocked", {"friendly_name": "Front door"})
    await automate("lock_at_night", lock=LOCK)
    await at_night(hass)
    await let_pass(hass, 61)
    assert [call.data["title"] for call in shown] == ["Door not locked"]
    assert shown[0].data["notification_id"] == f"nuki_night_{LOCK}"


@pytest.mark.parametrize(("door", "actions"), [(Door.CLOSED, [(FRONT_DOOR, 2)]), (Door.OPENED, [])])
async def test_night_at_the_bridge(
    house: House, automate: Automate, door: Door, actions: list[tuple[int, int]]
) -> None:
    """The same with a bridge."""
    told = async_mock_service(house.hass, "notify", "own")
    house.bridge.turn_by_hand(FRONT_DOOR, 3)
    if door is Door.OPENED:
        house.bridge.open_door(FRONT_DOOR)
    await house.settle()
    await automate(
        "lock_at_night",
        lock=house.entity_id("lock", FRONT_DOOR, "lock"),
        doors=[house.entity_id("binary_sensor", FRONT_DOOR, "door")],
        notify=OWN_ACTION,
    )
    await at_night(house.hass)
    if actions:
        await until(lambda: house.lock(FRONT_DOOR) == "locking")
        assert isinstance(house.bridge.clock, ManualClock)
        await house.bridge.clock.advance(10)
        await until(lambda: house.lock(FRONT_DOOR) == "locked")
    await house.settle()
    assert house.bridge.stats.actions == actions
    assert house.lock(FRONT_DOOR) == ("locked" if actions else "unlocked")
    assert len(told) == (not actions)
