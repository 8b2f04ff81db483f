"""The blueprints, each set up as an automation and tried."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine
from datetime import timedelta
from pathlib import Path
import shutil
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
    async_mock_service,
)

from homeassistant.components.blueprint.const import BLUEPRINT_FOLDER
from homeassistant.const import EVENT_HOMEASSISTANT_STARTED
from homeassistant.core import CoreState, HomeAssistant, ServiceCall
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util

from .common import DOMAIN

BLUEPRINTS = Path(__file__).parents[2] / BLUEPRINT_FOLDER
AUTOMATION = "automation.under_test"
GRID, POWER, BATTERY = "binary_sensor.grid_lost", "sensor.grid_power", "sensor.battery"
LOAD, MEMORY = "switch.boiler", "input_boolean.memory"
NEVER_KNOWN = ("unavailable", "unknown")

type Automate = Callable[..., Awaitable[None]]


@pytest.fixture
async def automate(hass: HomeAssistant, tmp_path: Path) -> AsyncGenerator[Automate]:
    """Return a function that makes an automation of a blueprint, as the user does."""
    await async_setup_component(hass, "input_boolean", {"input_boolean": {"memory": None}})

    async def set_up(blueprint: str, *, restart: bool = False, **inputs: Any) -> None:
        # Home Assistant would also write its own blueprints into the test helpers' folder.
        hass.config.config_dir = str(tmp_path)
        shutil.copytree(BLUEPRINTS, hass.config.path(BLUEPRINT_FOLDER))
        use = {"path": f"{DOMAIN}/{blueprint}.yaml", "input": inputs}
        config = {"use_blueprint": use, "alias": "Under test"}
        hass.set_state(CoreState.starting if restart else CoreState.running)
        assert await async_setup_component(hass, "automation", {"automation": config})
        await settle()
        hass.set_state(CoreState.running)
        hass.bus.async_fire(EVENT_HOMEASSISTANT_STARTED)
        await settle()
        state = hass.states.get(AUTOMATION)
        assert state and state.state == "on", "the blueprint was refused"

    yield set_up
    target = {"entity_id": AUTOMATION}
    await hass.services.async_call("automation", "turn_off", target, blocking=True)


async def settle() -> None:
    """Let everything happen that waits for nothing from outside.

    An automation that waits is a task that Home Assistant would wait for, so that
    async_block_till_done() does not return.
    """
    for _ in range(80):
        await asyncio.sleep(0)


async def let_pass(hass: HomeAssistant, minutes: float) -> None:
    """Let all timers ring that are due within so many minutes."""
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(minutes=minutes, seconds=1))
    await settle()


async def show(
    hass: HomeAssistant, entity_id: str, *states: str | float, unit: str | None = None
) -> None:
    """Let an entity show one state after the other, and automations see them."""
    for state in states:
        hass.states.async_set(entity_id, str(state), {"unit_of_measurement": unit} if unit else {})
        await settle()


async def reload(hass: HomeAssistant) -> None:
    """Tell automations that somebody has edited one of them."""
    hass.bus.async_fire("automation_reloaded")
    await settle()


def is_on(hass: HomeAssistant, entity_id: str) -> bool:
    """Return whether something is on."""
    return hass.states.is_state(entity_id, "on")


async def remember(hass: HomeAssistant) -> None:
    """Switch the memory on, as a run before a restart has left it."""
    await hass.services.async_call("input_boolean", "turn_on", {"entity_id": MEMORY}, blocking=True)


# Low battery

LOW: dict[str, Any] = {"battery": BATTERY, "limit": 20, "minutes": 15, "again": 30}
OWN_ACTION = [
    {
        "action": "notify.own",
        "data": {"message": "{{ title }} {{ message }} {{ name }} {{ level }} {{ limit }}"},
    }
]


async def test_low_battery(hass: HomeAssistant, automate: Automate) -> None:
    """A battery that is low for a while is told of once, and anew only after it was good."""
    told = async_mock_service(hass, "persistent_notification", "create")
    await show(hass, BATTERY, 50)
    await automate("low_battery", **LOW)
    await show(hass, BATTERY, 19)
    await let_pass(hass, 10)
    await show(hass, BATTERY, 21)
    await let_pass(hass, 60)
    assert not told, "a short load"
    await show(hass, BATTERY, 18.6)
    await let_pass(hass, 15)
    assert [call.data for call in told] == [
        {
            "notification_id": f"victron_vrm_low_{BATTERY}",
            "title": "Battery low",
            "message": "battery is at 19 %.",
        }
    ]
    await show(hass, BATTERY, 22, 29, 10)
    await let_pass(hass, 60)
    assert len(told) == 1
    await show(hass, BATTERY, 30, 15)
    await let_pass(hass, 15)
    assert len(told) == 2


@pytest.mark.parametrize("gone", NEVER_KNOWN)
async def test_low_battery_unknown(hass: HomeAssistant, automate: Automate, gone: str) -> None:
    """Without a value nothing is told, and what was told is not told again after a gap."""
    told = async_mock_service(hass, "notify", "own")
    await show(hass, BATTERY, gone)
    await automate("low_battery", **LOW, notify=OWN_ACTION)
    await let_pass(hass, 60)
    assert not told
    await show(hass, BATTERY, 15)
    await let_pass(hass, 15)
    await show(hass, BATTERY, gone, 15)
    await let_pass(hass, 60)
    assert [call.data["message"] for call in told] == [
        "Battery low battery is at 15 %. battery 15 20"
    ]


@pytest.mark.parametrize(("level", "told"), [(10, 1), (25, 0)])
async def test_low_battery_restart(
    hass: HomeAssistant, automate: Automate, level: int, told: int
) -> None:
    """What was low before Home Assistant started is told, once the value is there."""
    calls = async_mock_service(hass, "notify", "own")
    await show(hass, BATTERY, "unavailable")
    await automate("low_battery", restart=True, **LOW, notify=OWN_ACTION, memory=MEMORY)
    await let_pass(hass, 120)
    await show(hass, BATTERY, level)
    await let_pass(hass, 15)
    assert len(calls) == told
    assert is_on(hass, MEMORY) is bool(told)
    await reload(hass)
    await let_pass(hass, 15)
    assert len(calls) == told


async def test_low_battery_remembered(hass: HomeAssistant, automate: Automate) -> None:
    """With a memory a restart is no reason to tell again; a good battery switches it off."""
    told = async_mock_service(hass, "notify", "own")
    await remember(hass)
    await show(hass, BATTERY, "unavailable")
    await automate("low_battery", restart=True, **LOW, notify=OWN_ACTION, memory=MEMORY)
    await show(hass, BATTERY, 15)
    await let_pass(hass, 60)
    assert not told
    await show(hass, BATTERY, 30)
    assert not is_on(hass, MEMORY)
    await show(hass, BATTERY, 15)
    await let_pass(hass, 15)
    assert len(told) == 1
    assert is_on(hass, MEMORY)


# Grid lost

WORDS = [{"action": "notify.own", "data": {"message": "{{ title }}: {{ message }}"}}]


async def test_grid_lost(hass: HomeAssistant, automate: Automate) -> None:
    """Loss and return are told once each; an installation that is not heard is neither."""
    told = async_mock_service(hass, "persistent_notification", "create")
    await show(hass, GRID, "off")
    await automate("grid_lost", grid=GRID)
    await show(hass, GRID, "unavailable", "off", "unknown", "off")
    assert not told
    await show(hass, GRID, "on", "unavailable", "on", "unavailable", "unknown")
    common = {"notification_id": f"victron_vrm_grid_{GRID}"}
    lost = {**common, "title": "Grid lost", "message": "grid lost has lost the grid."}
    assert [call.data for call in told] == [lost]
    await show(hass, GRID, "off")
    back = {**common, "title": "Grid back", "message": "grid lost has the grid again."}
    assert [call.data for call in told] == [lost, back]
    await show(hass, GRID, "unavailable", "on")
    assert [call.data for call in told] == [lost, back, lost]


async def test_grid_lost_by_name(hass: HomeAssistant, automate: Automate) -> None:
    """Who is told is told which installation."""
    entry = MockConfigEntry(domain=DOMAIN)
    entry.add_to_hass(hass)
    device = dr.async_get(hass).async_get_or_create(
        config_entry_id=entry.entry_id, identifiers={(DOMAIN, "1")}, name="Houseboat"
    )
    er.async_get(hass).async_get_or_create(
        "binary_sensor", DOMAIN, "1-Agl", device_id=device.id, suggested_object_id="grid_lost"
    )
    told = async_mock_service(hass, "notify", "own")
    await automate("grid_lost", grid=GRID, when_lost=WORDS, when_back=WORDS)
    await show(hass, GRID, "on", "off")
    assert [call.data["message"] for call in told] == [
        "Grid lost: Houseboat has lost the grid.",
        "Grid back: Houseboat has the grid again.",
    ]


async def test_grid_lost_action_fails(hass: HomeAssistant, automate: Automate) -> None:
    """A message that does not get through does not keep the end from being told."""
    told: list[str] = []

    async def fail(call: ServiceCall) -> None:
        told.append(call.data["message"])
        raise HomeAssistantError("nobody there")

    hass.services.async_register("notify", "own", fail)
    await show(hass, GRID, "off")
    await automate("grid_lost", grid=GRID, when_lost=WORDS, when_back=WORDS)
    await show(hass, GRID, "on")
    await show(hass, GRID, "off")
    assert [it.partition(":")[0] for it in told] == ["Grid lost", "Grid back"]


@pytest.mark.parametrize(
    ("remembered", "now", "expected"),
    [
        (False, "on", ["Grid lost", "Grid back"]),
        (False, "off", []),
        (True, "on", ["Grid back"]),
        (True, "off", ["Grid back"]),
    ],
)
async def test_grid_lost_restart(
    hass: HomeAssistant, automate: Automate, remembered: bool, now: str, expected: list[str]
) -> None:
    """What was so before a restart is told only if it was not."""
    told = async_mock_service(hass, "notify", "own")
    if remembered:
        await remember(hass)
    await show(hass, GRID, "unavailable")
    inputs = {"grid": GRID, "memory": MEMORY, "when_lost": WORDS, "when_back": WORDS}
    await automate("grid_lost", restart=True, **inputs)
    await let_pass(hass, 300)
    assert not told
    await show(hass, GRID, now)
    assert is_on(hass, MEMORY) is (now == "on")
    await reload(hass)
    await show(hass, GRID, "off")
    assert [call.data["message"].partition(":")[0] for call in told] == expected
    assert not is_on(hass, MEMORY)


# A load from surplus power


class Boiler:
    """A load, and what it was told."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Register its actions."""
        self.hass = hass
        self.told: list[str] = []
        self.deaf = False
        self.slow = False
        hass.states.async_set(LOAD, "off")
        for service, state in (("turn_on", "on"), ("turn_off", "off")):
            hass.services.async_register("switch", service, self._handler(service, state))

    def _handler(
        self, service: str, state: str
    ) -> Callable[[ServiceCall], Coroutine[Any, Any, None]]:
        async def handle(call: ServiceCall) -> None:
            self.told.append(service)
            if self.deaf:
                raise HomeAssistantError("deaf")
            if not self.slow:
                self.hass.states.async_set(LOAD, state)

        return handle


@pytest.fixture
def boiler(hass: HomeAssistant) -> Boiler:
    """Return a load that is off."""
    return Boiler(hass)


type Sunny = Callable[..., Awaitable[None]]


@pytest.fixture
async def sunny(hass: HomeAssistant, automate: Automate, boiler: Boiler) -> Sunny:
    """Return a function that sets up the automation: no surplus, a full battery."""

    async def set_up(*, restart: bool = False, **inputs: Any) -> None:
        # What homeassistant.turn_on does is part of the blueprint.
        await async_setup_component(hass, "homeassistant", {})
        if not restart:
            await show(hass, POWER, 0)
            await show(hass, BATTERY, 95)
        chosen = {
            "power": POWER, "battery": BATTERY, "load": LOAD, "surplus": 2000, "start_minutes": 15,
            "full": 80, "drawn": 300, "low": 60, "stop_minutes": 15, "at_least": 30,
            "blind_minutes": 60,
        }  # fmt: skip
        await automate("surplus_load", restart=restart, **{**chosen, **inputs})

    return set_up


async def test_surplus(hass: HomeAssistant, sunny: Sunny, boiler: Boiler) -> None:
    """Surplus that lasts starts the load; only power from the grid that lasts stops it."""
    await sunny()
    await show(hass, POWER, -2500)
    await let_pass(hass, 14)
    assert boiler.told == []
    await let_pass(hass, 15)
    assert boiler.told == ["turn_on"]
    await let_pass(hass, 30)
    await show(hass, POWER, -100, 200)  # the load's own share
    await let_pass(hass, 180)
    await show(hass, POWER, 400)
    await let_pass(hass, 14)
    await show(hass, POWER, 250)
    await let_pass(hass, 60)
    assert boiler.told == ["turn_on"]
    await show(hass, POWER, 400)
    await let_pass(hass, 15)
    assert boiler.told == ["turn_on", "turn_off"]
    await show(hass, POWER, -2500)
    await let_pass(hass, 15)
    assert boiler.told == ["turn_on", "turn_off", "turn_on"]


async def test_surplus_short(hass: HomeAssistant, sunny: Sunny, boiler: Boiler) -> None:
    """A gap in the clouds starts nothing."""
    await sunny()
    await show(hass, POWER, -2500)
    await let_pass(hass, 10)
    await show(hass, POWER, -1900)
    await let_pass(hass, 60)
    assert boiler.told == []


async def test_surplus_at_least(hass: HomeAssistant, sunny: Sunny, boiler: Boiler) -> None:
    """The load runs for a while, also when the surplus is gone at once."""
    await sunny()
    await show(hass, POWER, -2500)
    await let_pass(hass, 15)
    await show(hass, POWER, 3000)
    await show(hass, BATTERY, 20)
    await let_pass(hass, 29)
    assert boiler.told == ["turn_on"]
    await let_pass(hass, 30)
    assert boiler.told == ["turn_on"]
    await let_pass(hass, 15)
    assert boiler.told == ["turn_on", "turn_off"]


async def test_surplus_battery_low(hass: HomeAssistant, sunny: Sunny, boiler: Boiler) -> None:
    """A battery that runs low stops the load, and it starts anew once that is full."""
    await sunny(at_least=0)
    await show(hass, POWER, -2500)
    await let_pass(hass, 15)
    await let_pass(hass, 0)
    await show(hass, BATTERY, 61)
    await let_pass(hass, 60)
    assert boiler.told == ["turn_on"]
    await show(hass, BATTERY, 59)
    await let_pass(hass, 15)
    assert boiler.told == ["turn_on", "turn_off"]
    await show(hass, BATTERY, 80)
    await let_pass(hass, 15)
    assert boiler.told == ["turn_on", "turn_off", "turn_on"]


@pytest.mark.parametrize(
    ("inputs", "power", "unit", "level", "starts"),
    [
        ({}, -1999, "W", 95, False),
        ({}, 2500, "W", 95, False),
        ({}, -2, "kW", 95, True),
        ({}, -2500, "W", 79, False),
        ({}, -2500, "W", "unavailable", False),
        ({}, "unavailable", "W", 95, False),
        ({"battery": []}, -2500, "W", "unavailable", True),
    ],
)
async def test_surplus_enough(
    hass: HomeAssistant,
    sunny: Sunny,
    boiler: Boiler,
    inputs: dict[str, Any],
    power: float | str,
    unit: str,
    level: float | str,
    starts: bool,
) -> None:
    """Units, signs and the battery count."""
    await sunny(**inputs)
    await show(hass, BATTERY, level)
    await show(hass, POWER, power, unit=unit)
    await let_pass(hass, 60)
    assert boiler.told == (["turn_on"] if starts else [])


@pytest.mark.parametrize("gone", NEVER_KNOWN)
@pytest.mark.parametrize("silent", [POWER, BATTERY])
async def test_surplus_blind(
    hass: HomeAssistant, sunny: Sunny, boiler: Boiler, silent: str, gone: str
) -> None:
    """Without values the load goes on for a while, and no longer."""
    await sunny(at_least=0)
    await show(hass, POWER, -2500)
    await let_pass(hass, 15)
    await let_pass(hass, 0)
    known = hass.states.get(silent)
    assert known
    await show(hass, silent, gone)
    await let_pass(hass, 55)
    await show(hass, silent, known.state, gone)
    await let_pass(hass, 55)
    assert boiler.told == ["turn_on"]
    await let_pass(hass, 60)
    assert boiler.told == ["turn_on", "turn_off"]


async def test_surplus_seen_again(hass: HomeAssistant, sunny: Sunny, boiler: Boiler) -> None:
    """Values that are back count at once, by their own time."""
    await sunny(at_least=0)
    await show(hass, POWER, -2500)
    await let_pass(hass, 15)
    await let_pass(hass, 0)
    await show(hass, POWER, "unavailable", 900)
    await let_pass(hass, 15)
    assert boiler.told == ["turn_on", "turn_off"]


async def test_surplus_of_somebody_else(hass: HomeAssistant, sunny: Sunny, boiler: Boiler) -> None:
    """A load that somebody else has switched on is neither started nor stopped."""
    await sunny()
    await show(hass, LOAD, "on")
    await show(hass, POWER, -2500)
    await let_pass(hass, 60)
    await show(hass, POWER, 4000)
    await let_pass(hass, 60)
    assert boiler.told == []


async def test_surplus_switched_off(hass: HomeAssistant, sunny: Sunny, boiler: Boiler) -> None:
    """Who switches the load off ends it until the surplus was gone once."""
    await sunny(memory=MEMORY)
    await show(hass, POWER, -2500)
    await let_pass(hass, 15)
    assert is_on(hass, MEMORY)
    await show(hass, LOAD, "off")
    assert not is_on(hass, MEMORY)
    await show(hass, POWER, -4500)
    await let_pass(hass, 60)
    assert boiler.told == ["turn_on"]
    await show(hass, POWER, 0, -2500)
    await let_pass(hass, 15)
    assert boiler.told == ["turn_on", "turn_on"]


async def test_surplus_deaf_load(hass: HomeAssistant, sunny: Sunny, boiler: Boiler) -> None:
    """A load that cannot be stopped is told so again."""
    await sunny(at_least=0)
    await show(hass, POWER, -2500)
    await let_pass(hass, 15)
    await let_pass(hass, 0)
    boiler.deaf = True
    await show(hass, POWER, 2000)
    await let_pass(hass, 15)
    assert boiler.told == ["turn_on", "turn_off"]
    boiler.deaf = False
    await let_pass(hass, 1)
    await let_pass(hass, 15)
    assert boiler.told == ["turn_on", "turn_off", "turn_off"]
    assert not is_on(hass, LOAD)


async def test_surplus_slow_load(hass: HomeAssistant, sunny: Sunny, boiler: Boiler) -> None:
    """A load that shows only later what it does is looked after all the same."""
    boiler.slow = True
    await sunny(at_least=0)
    await show(hass, POWER, -2500)
    await let_pass(hass, 15)
    await let_pass(hass, 4)
    await show(hass, LOAD, "on")
    await let_pass(hass, 0)
    await show(hass, POWER, 2000)
    await let_pass(hass, 15)
    await show(hass, LOAD, "off")
    await let_pass(hass, 60)
    assert boiler.told == ["turn_on", "turn_off"]


@pytest.mark.parametrize(
    ("memory", "remembered", "load", "stopped"),
    [
        ([], False, "on", True),
        ([], False, "off", False),
        (MEMORY, False, "on", False),
        (MEMORY, True, "on", True),
        (MEMORY, True, "off", False),
    ],
)
async def test_surplus_restart(
    hass: HomeAssistant,
    sunny: Sunny,
    boiler: Boiler,
    memory: str | list[str],
    remembered: bool,
    load: str,
    stopped: bool,
) -> None:
    """What was started before a restart is stopped after it, and nothing else."""
    if remembered:
        await remember(hass)
    await show(hass, LOAD, "unavailable")
    await sunny(restart=True, memory=memory)
    await show(hass, LOAD, load)
    await show(hass, POWER, 2000)
    await show(hass, BATTERY, 95)
    await let_pass(hass, 30)
    await let_pass(hass, 15)
    assert boiler.told == (["turn_off"] if stopped else [])
    assert not is_on(hass, MEMORY)
    await show(hass, LOAD, "off")
    await show(hass, POWER, -2500)
    await let_pass(hass, 15)
    assert boiler.told[-1:] == ["turn_on"]
