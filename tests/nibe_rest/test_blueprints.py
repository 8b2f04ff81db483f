"""The blueprints, each set up as an automation and tried."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from datetime import timedelta
from pathlib import Path
import shutil
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import (
    async_fire_time_changed,
    async_mock_service,
)

from custom_components.nibe_rest.const import DOMAIN, EVENT_ALARM
from homeassistant.components.automation import DOMAIN as AUTOMATION_DOMAIN
from homeassistant.components.blueprint.const import BLUEPRINT_FOLDER
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.exceptions import HomeAssistantError
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util

BLUEPRINTS = Path(__file__).parents[2] / BLUEPRINT_FOLDER
AUTOMATION = "automation.under_test"
ALARM = "event.nibe_alarm"
POWER, TOP, BOOST = "sensor.export", "sensor.top_temperature", "switch.boost"
ANNA, BEN, MODE = "person.anna", "person.ben", "select.smart_mode"
HOUR = 3600

type Automate = Callable[..., Awaitable[None]]

# An action of the user's own, which tells all that a blueprint offers.
OWN_ACTION = [
    {
        "action": "notify.own",
        "data": {
            "title": "{{ title }}",
            "message": "{{ message }}",
            "data": {"grade": "{{ grade }}", "name": "{{ name }}", "id": "{{ alarm_id }}"},
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


async def let_pass(hass: HomeAssistant, seconds: float) -> None:
    """Let all timers ring that are due within so many seconds."""
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=seconds))
    await settle()


async def set_state(
    hass: HomeAssistant,
    entity_id: str,
    state: str | float,
    attributes: Mapping[str, Any] | None = None,
) -> None:
    """Set a state and let automations see it."""
    hass.states.async_set(entity_id, str(state), attributes)
    await settle()


# An alarm


async def alarm(hass: HomeAssistant, severity: int = 2, **more: Any) -> None:
    """Let the heat pump tell of an alarm."""
    data = {
        "name": "NIBE S1255",
        "device_id": "abc",
        "entity_id": ALARM,
        "alarm_id": 183,
        "header": "Low brine out",
        "description": "The brine is too cold.",
        "severity": severity,
    }
    hass.bus.async_fire(EVENT_ALARM, {**data, **more})
    await settle()


async def test_alarm(hass: HomeAssistant, automate: Automate) -> None:
    """An alarm is told in the heat pump's words."""
    shown = async_mock_service(hass, "persistent_notification", "create")
    await automate("alarm_notification")
    await alarm(hass)
    assert [call.data for call in shown] == [
        {
            "notification_id": "nibe_alarm_183",
            "title": "NIBE S1255: Low brine out",
            "message": "The brine is too cold.",
        }
    ]


async def test_alarm_own_action(hass: HomeAssistant, automate: Automate) -> None:
    """Actions of the user's own know all of it, and two alarms at a time are told both."""
    told = async_mock_service(hass, "notify", "own")
    await automate("alarm_notification", alarms=[ALARM], notify=OWN_ACTION)
    hass.bus.async_fire(
        EVENT_ALARM,
        {
            "name": "Cellar",
            "entity_id": ALARM,
            "alarm_id": 1,
            "header": "",
            "description": "",
            "severity": 7,
        },
    )
    await alarm(hass)
    assert [call.data for call in told] == [
        {
            "title": "Cellar: alarm 1",
            "message": "Look at the display of the heat pump.",
            "data": {"grade": "critical", "name": "Cellar", "id": 1},
        },
        {
            "title": "NIBE S1255: Low brine out",
            "message": "The brine is too cold.",
            "data": {"grade": "alarm", "name": "NIBE S1255", "id": 183},
        },
    ]


@pytest.mark.parametrize(
    ("least", "told"), [("info", 4), ("warning", 3), ("alarm", 2), ("critical", 1)]
)
async def test_alarm_grades(hass: HomeAssistant, automate: Automate, least: str, told: int) -> None:
    """Less grave alarms than wished for are not told."""
    calls = async_mock_service(hass, "notify", "own")
    await automate("alarm_notification", least=least, notify=OWN_ACTION)
    for severity in range(4):
        await alarm(hass, severity)
    assert len(calls) == told


async def test_alarm_of_another_heat_pump(hass: HomeAssistant, automate: Automate) -> None:
    """Alarms of heat pumps that were not chosen are not told."""
    calls = async_mock_service(hass, "notify", "own")
    await automate("alarm_notification", alarms=[ALARM], notify=OWN_ACTION)
    await alarm(hass, entity_id="event.other")
    assert not calls


# Hot water from surplus power


@pytest.fixture
def boosts(hass: HomeAssistant) -> list[str]:
    """Return what the boost was told, and let it show."""
    told: list[str] = []

    def listen(service: str, state: str) -> None:
        async def handle(call: ServiceCall) -> None:
            assert call.data["entity_id"] == [BOOST]
            told.append(service)
            hass.states.async_set(BOOST, state)

        hass.services.async_register("switch", service, handle)

    listen("turn_on", "on")
    listen("turn_off", "off")
    return told


@pytest.fixture
async def surplus(
    hass: HomeAssistant, automate: Automate, boosts: list[str]
) -> Callable[..., Awaitable[None]]:
    """Return a function that sets up the automation: no surplus, a cool tank."""

    async def set_up(**inputs: Any) -> None:
        hass.states.async_set(POWER, "0")
        hass.states.async_set(TOP, "40")
        hass.states.async_set(BOOST, "off")
        chosen = {
            "power": POWER,
            "boost": BOOST,
            "top": TOP,
            "threshold": 2000,
            "hysteresis": 3000,
            "minutes": 10,
            "below": 48,
            "at_least": 20,
        }
        await automate("surplus_hot_water", **{**chosen, **inputs})

    return set_up


async def test_surplus_starts_and_ends(
    hass: HomeAssistant, surplus: Callable[..., Awaitable[None]], boosts: list[str]
) -> None:
    """Surplus that lasts starts the boost; only when it is gone for long does it end."""
    await surplus()
    await set_state(hass, POWER, 2500)
    await let_pass(hass, 9 * 60)
    assert boosts == []
    await let_pass(hass, 10 * 60 + 1)
    assert boosts == ["turn_on"]
    await set_state(hass, POWER, -500)  # the heat pump's own share
    await let_pass(hass, 2 * HOUR)
    assert boosts == ["turn_on"]
    await set_state(hass, POWER, -1500)
    await let_pass(hass, 9 * 60)
    await set_state(hass, POWER, -900)  # a cloud has passed
    await let_pass(hass, 11 * 60)
    assert boosts == ["turn_on"]
    await set_state(hass, POWER, -1500)
    await let_pass(hass, 11 * 60)
    assert boosts == ["turn_on", "turn_off"]


async def test_surplus_at_least(
    hass: HomeAssistant, surplus: Callable[..., Awaitable[None]], boosts: list[str]
) -> None:
    """A boost lasts a while, also when the surplus is gone at once."""
    await surplus()
    await set_state(hass, POWER, 2500)
    await let_pass(hass, 10 * 60 + 1)
    await set_state(hass, POWER, -4000)
    await let_pass(hass, 19 * 60)
    assert boosts == ["turn_on"]
    await let_pass(hass, 20 * 60 + 1)
    assert boosts == ["turn_on"]
    await let_pass(hass, 11 * 60)
    assert boosts == ["turn_on", "turn_off"]


async def test_surplus_short(
    hass: HomeAssistant, surplus: Callable[..., Awaitable[None]], boosts: list[str]
) -> None:
    """A gap in the clouds starts nothing."""
    await surplus()
    await set_state(hass, POWER, 2500)
    await let_pass(hass, 5 * 60)
    await set_state(hass, POWER, 1900)
    await let_pass(hass, 20 * 60)
    assert boosts == []


async def test_surplus_ends_by_itself(
    hass: HomeAssistant, surplus: Callable[..., Awaitable[None]], boosts: list[str]
) -> None:
    """A boost that is over is not ended; a tank that cools down starts the next one."""
    await surplus()
    await set_state(hass, POWER, 2500)
    await let_pass(hass, 10 * 60 + 1)
    await set_state(hass, TOP, 55)
    await set_state(hass, BOOST, "off")
    await let_pass(hass, 2 * HOUR)
    assert boosts == ["turn_on"]
    await set_state(hass, TOP, 47)
    await let_pass(hass, 10 * 60 + 1)
    assert boosts == ["turn_on", "turn_on"]


@pytest.mark.parametrize(
    ("inputs", "power", "unit", "starts"),
    [
        ({}, 1999, "W", False),
        ({}, 2, "kW", True),
        ({}, -2500, "W", False),
        ({"inverted": True}, -2500, "W", True),
        ({"inverted": True}, 2500, "W", False),
        ({"below": 40}, 2500, "W", False),
        ({}, "unavailable", "W", False),
    ],
)
async def test_surplus_enough(
    hass: HomeAssistant,
    surplus: Callable[..., Awaitable[None]],
    boosts: list[str],
    inputs: dict[str, Any],
    power: float | str,
    unit: str,
    starts: bool,
) -> None:
    """Units, signs and the temperature of the tank count."""
    await surplus(**inputs)
    await set_state(hass, POWER, power, {"unit_of_measurement": unit})
    await let_pass(hass, HOUR)
    assert boosts == (["turn_on"] if starts else [])


async def test_surplus_boosted_already(
    hass: HomeAssistant, surplus: Callable[..., Awaitable[None]], boosts: list[str]
) -> None:
    """A boost that somebody else started is neither started nor ended."""
    await surplus()
    await set_state(hass, BOOST, "on")
    await set_state(hass, POWER, 2500)
    await let_pass(hass, HOUR)
    await set_state(hass, POWER, -4000)
    await let_pass(hass, HOUR)
    assert boosts == []


async def test_surplus_unknown(
    hass: HomeAssistant, surplus: Callable[..., Awaitable[None]], boosts: list[str]
) -> None:
    """A boost goes on while the sensor tells nothing."""
    await surplus(at_least=0)
    await set_state(hass, POWER, 2500)
    await let_pass(hass, 10 * 60 + 1)
    await let_pass(hass, 1)
    await set_state(hass, POWER, "unavailable")
    await let_pass(hass, 5 * HOUR)
    assert boosts == ["turn_on"]


async def test_surplus_end_fails(
    hass: HomeAssistant, surplus: Callable[..., Awaitable[None]], boosts: list[str]
) -> None:
    """A boost that could not be ended is ended later."""
    await surplus(at_least=0)
    await set_state(hass, POWER, 2500)
    await let_pass(hass, 10 * 60 + 1)
    await let_pass(hass, 1)
    failing = async_mock_service(
        hass, "switch", "turn_off", raise_exception=HomeAssistantError("busy")
    )
    await set_state(hass, POWER, -4000)
    await let_pass(hass, 11 * 60)
    await let_pass(hass, 11 * 60)
    assert len(failing) == 2
    await set_state(hass, BOOST, "off")
    await let_pass(hass, HOUR)
    assert len(failing) == 2
    assert boosts == ["turn_on"]


# Away


@pytest.fixture
def modes(hass: HomeAssistant) -> list[str]:
    """Return the modes that were set, and let them show."""
    told: list[str] = []

    async def handle(call: ServiceCall) -> None:
        assert call.data["entity_id"] == [MODE]
        told.append(call.data["option"])
        hass.states.async_set(MODE, call.data["option"])

    hass.services.async_register("select", "select_option", handle)
    return told


@pytest.fixture
async def household(hass: HomeAssistant, automate: Automate) -> None:
    """Set up the automation with two people at home."""
    for person in (ANNA, BEN):
        hass.states.async_set(person, "home")
    hass.states.async_set(MODE, "normal")
    await automate("away_mode", people=[ANNA, BEN], smart_mode=MODE, hours=2)


@pytest.mark.usefixtures("household")
async def test_away_and_back(hass: HomeAssistant, modes: list[str]) -> None:
    """Away once everybody has been out for long, back as soon as somebody is there."""
    await set_state(hass, ANNA, "not_home")
    await let_pass(hass, 5 * HOUR)
    assert modes == []
    await set_state(hass, BEN, "Work")
    await let_pass(hass, 1.9 * HOUR)
    assert modes == []
    await let_pass(hass, 2 * HOUR + 1)
    assert modes == ["away"]
    await set_state(hass, ANNA, "Work")
    assert modes == ["away"]
    await set_state(hass, BEN, "home")
    assert modes == ["away", "normal"]


@pytest.mark.usefixtures("household")
async def test_away_short(hass: HomeAssistant, modes: list[str]) -> None:
    """Shopping changes nothing."""
    for person in (ANNA, BEN):
        await set_state(hass, person, "not_home")
    await let_pass(hass, HOUR)
    await set_state(hass, BEN, "home")
    await let_pass(hass, 5 * HOUR)
    assert modes == []


@pytest.mark.parametrize("state", ["unknown", "unavailable"])
@pytest.mark.usefixtures("household")
async def test_away_unknown(hass: HomeAssistant, modes: list[str], state: str) -> None:
    """Somebody of whom nothing is known is not out."""
    await set_state(hass, ANNA, "not_home")
    await set_state(hass, BEN, state)
    await let_pass(hass, 5 * HOUR)
    assert modes == []


@pytest.mark.usefixtures("household")
async def test_away_heat_pump_unavailable(hass: HomeAssistant, modes: list[str]) -> None:
    """Somebody comes home while the heat pump does not answer: it is told later."""
    for person in (ANNA, BEN):
        await set_state(hass, person, "not_home")
    await let_pass(hass, 2 * HOUR + 1)
    await set_state(hass, MODE, "unavailable")
    await set_state(hass, ANNA, "home")
    await let_pass(hass, 5 * HOUR)
    assert modes == ["away"]
    await set_state(hass, MODE, "away")
    assert modes == ["away", "normal"]


@pytest.mark.usefixtures("household")
async def test_away_refused(hass: HomeAssistant) -> None:
    """A heat pump that refuses is asked again, but not for ever; coming home ends that."""
    asked = async_mock_service(
        hass, "select", "select_option", raise_exception=HomeAssistantError("refused")
    )
    for person in (ANNA, BEN):
        await set_state(hass, person, "not_home")
    await let_pass(hass, 2 * HOUR + 1)
    assert [call.data["option"] for call in asked] == ["away"]
    for _ in range(10):
        await let_pass(hass, 10 * 60 + 1)
    assert [call.data["option"] for call in asked] == ["away"] * 6
    await set_state(hass, BEN, "home")
    assert len(asked) == 6  # it is normal still
