"""The blueprints, each set up as an automation and tried on a heat pump."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from datetime import timedelta
from pathlib import Path
import shutil
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import (
    async_capture_events,
    async_fire_time_changed,
    async_mock_service,
)

from homeassistant.components.automation import DOMAIN as AUTOMATION_DOMAIN
from homeassistant.components.blueprint.const import BLUEPRINT_FOLDER
from homeassistant.const import EVENT_CALL_SERVICE
from homeassistant.core import Event, HomeAssistant
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from simulators.htrest import NO_FAULT

from .common import CLIMATE, DOMAIN, MODE, TANK, TANK_MINIMUM, House

BLUEPRINTS = Path(__file__).parents[2] / BLUEPRINT_FOLDER
AUTOMATION = "automation.under_test"
FAULT_LIST, HOT_WATER, CIRCUIT = (
    "event.heliotherm_fault_list",
    "water_heater.heliotherm_hot_water",
    "climate.heliotherm_heating_circuit",
)
MINIMUM = "number.heliotherm_hot_water_minimum_temperature"
POWER = "sensor.export"
ANNA, BEN = "person.anna", "person.ben"
TANK_TEMPERATURE = "Temp. Brauchwasser"
AUTOMATIC, SUMMER, CONTINUOUS, SETBACK, HOLIDAY, PARTY = 1, 3, 4, 5, 6, 7
MINUTE, HOUR = 60, 3600

type Automate = Callable[..., Awaitable[None]]

# An action of the user's own, which tells all that a blueprint offers.
OWN_ACTION = [
    {
        "action": "notify.own",
        "data": {
            "title": "{{ title }}",
            "message": "{{ message }}",
            "data": {
                "name": "{{ name }}",
                "kind": "{{ kind }}",
                "error": "{{ error }}",
                "words": "{{ words }}",
            },
        },
    }
]


@pytest.fixture
async def house(start: Callable[..., Awaitable[House]]) -> House:
    """Return a house that asks the heat pump only when it is told to."""
    house = await start()
    house.hass.config_entries.async_update_entry(house.entry, pref_disable_polling=True)
    await house.hass.config_entries.async_reload(house.entry.entry_id)
    await house.settle()
    return house


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
    await settle()


async def let_pass(hass: HomeAssistant, seconds: float) -> None:
    """Let all timers ring that are due within so many seconds.

    The time-outs of requests that are under way would ring too: wait for these before.
    """
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=seconds))
    await settle()


async def poll(house: House, times: int = 1) -> None:
    """Ask the heat pump as Home Assistant does from time to time."""
    for _ in range(times):
        await house.entry.runtime_data.async_refresh()
    await settle()


async def failed(caplog: pytest.LogCaptureFixture, times: int) -> None:
    """Wait until an action of the automation has failed so many times."""
    await until(lambda: caplog.text.count("Error executing script") == times)


async def set_state(
    hass: HomeAssistant,
    entity_id: str,
    state: str | float,
    attributes: Mapping[str, Any] | None = None,
) -> None:
    """Set a state and let automations see it."""
    hass.states.async_set(entity_id, str(state), attributes)
    await settle()


def shows(hass: HomeAssistant, entity_id: str, attribute: str = "") -> Any:
    """Return a state, or an attribute of it."""
    state = hass.states.get(entity_id)
    assert state
    return state.attributes.get(attribute) if attribute else state.state


# A fault


async def test_fault(house: House, automate: Automate) -> None:
    """A fault is told in the heat pump's words, and so is its end."""
    shown = async_mock_service(house.hass, "persistent_notification", "create")
    await automate("fault_notification")
    entry = house.server.add_fault(9, "HD Schalter")
    await poll(house)
    over = house.server.add_fault(NO_FAULT, "Keine Stoerung")
    await poll(house)
    device = house.entry.runtime_data.device_id
    assert [call.data for call in shown] == [
        {
            "notification_id": f"htrest_fault_{device}_9",
            "title": "Heliotherm: fault",
            "message": f"HD Schalter (number 9, {entry.datetime.replace('T', ' ')})",
        },
        {
            "notification_id": f"htrest_fault_{device}_65534",
            "title": "Heliotherm: fault over",
            "message": f"Keine Stoerung (number 65534, {over.datetime.replace('T', ' ')})",
        },
    ]


async def test_fault_own_action(house: House, automate: Automate) -> None:
    """Actions of the user's own know all of it, and two lines at a time are told both."""
    told = async_mock_service(house.hass, "notify", "own")
    await automate("fault_notification", faults=[FAULT_LIST], notify=OWN_ACTION)
    house.server.add_fault(19, "EQ_Spreizung")
    nameless = house.server.add_fault(21, "")
    await poll(house)
    facts = {"name": "Heliotherm", "kind": "fault"}
    assert [call.data["data"] for call in told] == [
        {**facts, "error": 19, "words": "EQ_Spreizung"},
        {**facts, "error": 21, "words": ""},
    ]
    assert told[1].data["message"] == (
        f"Look at the display of the heat pump. (number 21, {nameless.datetime.replace('T', ' ')})"
    )


@pytest.mark.parametrize(
    ("kinds", "numbers"),
    [
        (["fault"], [9]),
        (["cleared"], [NO_FAULT]),
        (["info"], [65290]),
        (["fault", "info"], [9, 65290]),
        ([], []),
    ],
)
async def test_fault_kinds(
    house: House, automate: Automate, kinds: list[str], numbers: list[int]
) -> None:
    """Only what was chosen is told."""
    told = async_mock_service(house.hass, "notify", "own")
    await automate("fault_notification", kinds=kinds, notify=OWN_ACTION)
    for error in (9, 65290, NO_FAULT):
        house.server.add_fault(error, "told")
    await poll(house, 21)
    assert [call.data["data"]["error"] for call in told] == numbers


async def test_fault_of_another_heat_pump(house: House, automate: Automate) -> None:
    """Faults of heat pumps that were not chosen are not told."""
    told = async_mock_service(house.hass, "notify", "own")
    await automate("fault_notification", faults=["event.other"], notify=OWN_ACTION)
    house.server.add_fault(9, "HD Schalter")
    await poll(house)
    assert shows(house.hass, FAULT_LIST, "error") == 9
    assert not told


# Hot water from surplus power


class Surplus:
    """A house with solar panels and a cool tank, and what was done about the hot water."""

    def __init__(self, house: House, events: list[Event]) -> None:
        """Watch the actions of Home Assistant."""
        self.house = house
        self._events = events

    @property
    def done(self) -> list[str]:
        """The actions about hot water so far."""
        domains = {DOMAIN, "water_heater"}
        return [it.data["service"] for it in self._events if it.data["domain"] in domains]

    @property
    def heats(self) -> bool:
        """Whether hot water is heated now."""
        return bool(shows(self.house.hass, HOT_WATER) == "high_demand")

    @property
    def set_points(self) -> tuple[Any, Any]:
        """What the heat pump holds inside and outside of its time program."""
        return self.house.shown(TANK), self.house.shown(TANK_MINIMUM)

    async def power(self, watts: float | str, unit: str = "W") -> None:
        """Let the sensor show something."""
        await set_state(self.house.hass, POWER, watts, {"unit_of_measurement": unit})

    async def let_pass(self, minutes: float) -> None:
        """Let time pass for Home Assistant."""
        await let_pass(self.house.hass, minutes * MINUTE + 1)

    async def warm(self, celsius: float) -> None:
        """Let the tank have a temperature, and Home Assistant see it."""
        self.house.server.set_value(TANK_TEMPERATURE, celsius)
        await poll(self.house)

    async def started(self) -> None:
        """Wait until both set points are raised and confirmed."""
        await until(lambda: shows(self.house.hass, MINIMUM) == "45")
        assert self.heats
        assert self.set_points == (52, 45)

    async def ended(self) -> None:
        """Wait until both set points are as they were."""
        await until(lambda: not self.heats)
        assert shows(self.house.hass, HOT_WATER) == "heat_pump"
        assert self.set_points == (50, 15)


@pytest.fixture
async def surplus(house: House, automate: Automate) -> Callable[..., Awaitable[Surplus]]:
    """Return a function that sets up the automation: no surplus, a cool tank."""

    async def set_up(**inputs: Any) -> Surplus:
        scene = Surplus(house, async_capture_events(house.hass, EVENT_CALL_SERVICE))
        await scene.power(0)
        await scene.warm(40)
        chosen = {
            "power": POWER,
            "tank": HOT_WATER,
            "threshold": 2000,
            "hysteresis": 3000,
            "wait": 10,
            "below": 46,
            "temperature": 52,
            "at_least": 20,
        }
        await automate("surplus_hot_water", **{**chosen, **inputs})
        return scene

    return set_up


type MakeSurplus = Callable[..., Awaitable[Surplus]]

STARTED, ENDED = ["heat_water_now"], ["heat_water_now", "set_operation_mode"]


async def test_surplus_starts_and_ends(surplus: MakeSurplus) -> None:
    """Surplus that lasts heats the hot water; only when it is gone for long does that end."""
    scene = await surplus()
    await scene.power(2500)
    await scene.let_pass(9)
    assert scene.done == []
    await scene.let_pass(10)
    await scene.started()
    await scene.power(-500)  # the heat pump's own share
    await scene.let_pass(120)
    await scene.power(-1500)
    await scene.let_pass(9)
    await scene.power(-900)  # a cloud has passed
    await scene.let_pass(11)
    assert scene.done == STARTED
    await scene.power(-1500)
    await scene.let_pass(11)
    await scene.ended()
    assert scene.done == ENDED


async def test_surplus_at_least(surplus: MakeSurplus) -> None:
    """It is heated for a while, also when the surplus is gone at once."""
    scene = await surplus()
    await scene.power(2500)
    await scene.let_pass(10)
    await scene.started()
    await scene.power(-4000)
    await scene.let_pass(19)
    await scene.let_pass(19)
    assert scene.done == STARTED
    await scene.let_pass(20)
    assert scene.done == STARTED
    await scene.let_pass(10)
    await scene.ended()


async def test_surplus_short(surplus: MakeSurplus) -> None:
    """A gap in the clouds starts nothing."""
    scene = await surplus()
    await scene.power(2500)
    await scene.let_pass(5)
    await scene.power(1900)
    await scene.let_pass(60)
    assert scene.done == []


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
    surplus: MakeSurplus, inputs: dict[str, Any], power: float | str, unit: str, starts: bool
) -> None:
    """Units, signs and the temperature of the tank count."""
    scene = await surplus(**inputs)
    await scene.power(power, unit)
    await scene.let_pass(60)
    if starts:
        await scene.started()
    assert scene.done == (STARTED if starts else [])


async def test_surplus_ends_by_itself(surplus: MakeSurplus) -> None:
    """What is over is not ended; a tank that cools down is heated again."""
    scene = await surplus()
    await scene.power(2500)
    await scene.let_pass(10)
    await scene.started()
    await scene.warm(52)
    await scene.ended()
    await scene.let_pass(120)
    assert scene.done == STARTED
    await scene.warm(45)
    await scene.let_pass(10)
    await scene.started()
    assert scene.done == STARTED * 2


async def test_surplus_minutes(surplus: MakeSurplus) -> None:
    """With a number of minutes it goes on although the tank is warm."""
    scene = await surplus(minutes=45)
    await scene.power(2500)
    await scene.let_pass(10)
    await scene.started()
    await scene.warm(52)
    assert scene.heats
    assert scene.set_points == (52, 45)


async def test_surplus_heated_already(surplus: MakeSurplus) -> None:
    """Hot water that somebody else has ordered is neither started again nor ended."""
    scene = await surplus()
    await scene.house.call("water_heater", "set_operation_mode", "water_heater",
                           operation_mode="high_demand")  # fmt: skip
    assert scene.heats
    mine = scene.done
    await scene.power(2500)
    await scene.let_pass(60)
    await scene.power(-4000)
    await scene.let_pass(60)
    assert scene.done == mine
    assert scene.heats


async def test_surplus_unknown(surplus: MakeSurplus) -> None:
    """It goes on while the sensor tells nothing."""
    scene = await surplus(at_least=0)
    await scene.power(2500)
    await scene.let_pass(10)
    await scene.started()
    await scene.let_pass(0)
    await scene.power("unavailable")
    await scene.let_pass(5 * 60)
    assert scene.done == STARTED
    await scene.power(-4000)
    await scene.let_pass(10)
    await scene.ended()


async def test_surplus_end_fails(surplus: MakeSurplus, caplog: pytest.LogCaptureFixture) -> None:
    """What a heat pump does not hear is said again."""
    scene = await surplus(at_least=0)
    await scene.power(2500)
    await scene.let_pass(10)
    await scene.started()
    await scene.let_pass(0)
    scene.house.server.silent = True
    await scene.power(-4000)
    for times in (1, 2):
        await scene.let_pass(10)
        await failed(caplog, times)
    assert scene.set_points == (52, 45)
    scene.house.server.silent = False
    await scene.let_pass(10)
    await scene.ended()


async def test_surplus_changes_not_allowed(
    start: Callable[..., Awaitable[House]], automate: Automate
) -> None:
    """Where the options do not allow changes nothing is sent."""
    house = await start(allow_changes=False)
    hass, server = house.hass, house.server
    server.set_value(TANK_TEMPERATURE, 40)
    await poll(house)
    await set_state(hass, POWER, 0)
    await automate("surplus_hot_water", power=POWER, tank=HOT_WATER)
    done = async_capture_events(hass, EVENT_CALL_SERVICE)
    await set_state(hass, POWER, 9000)
    await let_pass(hass, HOUR)
    await until(lambda: any(it.data["domain"] == DOMAIN for it in done))
    await house.settle()
    assert house.writes == []


# Setback when away


@pytest.fixture
def preset() -> str:
    """Return the preset that is wished; tests override it."""
    return "eco"


@pytest.fixture
async def household(house: House, automate: Automate, preset: str) -> House:
    """Set up the automation with two people at home."""
    for person in (ANNA, BEN):
        house.hass.states.async_set(person, "home")
    await automate("setback_when_away", people=[ANNA, BEN], circuit=CIRCUIT, preset=preset, hours=2)
    return house


async def leave(house: House) -> None:
    """Let everybody be out for long."""
    for person in (ANNA, BEN):
        await set_state(house.hass, person, "not_home")
    await let_pass(house.hass, 2 * HOUR + 1)


@pytest.mark.parametrize(("preset", "mode"), [("eco", SETBACK), ("away", HOLIDAY)])
async def test_setback_and_back(household: House, mode: int) -> None:
    """Lower once everybody has been out for long, back as soon as somebody is there."""
    hass = household.hass
    await set_state(hass, ANNA, "not_home")
    await let_pass(hass, 5 * HOUR)
    await set_state(hass, BEN, "Work")
    await let_pass(hass, 1.9 * HOUR)
    await household.settle()
    assert household.writes == []
    await let_pass(hass, 2 * HOUR + 1)
    await household.settle()
    assert household.writes == [(MODE, mode)]
    await set_state(hass, ANNA, "Work")
    await household.settle()
    assert household.shown(MODE) == mode
    await set_state(hass, BEN, "home")
    await household.settle()
    assert household.writes == [(MODE, mode), (MODE, AUTOMATIC)]


async def test_setback_returns_to_continuous(household: House) -> None:
    """The mode before comes back, not just any."""
    await household.call("climate", "set_hvac_mode", CLIMATE, hvac_mode="heat")
    await leave(household)
    await household.settle()
    assert household.shown(MODE) == SETBACK
    await set_state(household.hass, ANNA, "home")
    await household.settle()
    assert household.shown(MODE) == CONTINUOUS


async def test_setback_short(household: House) -> None:
    """Shopping changes nothing."""
    hass = household.hass
    for person in (ANNA, BEN):
        await set_state(hass, person, "not_home")
    await let_pass(hass, HOUR)
    await set_state(hass, BEN, "home")
    await let_pass(hass, 5 * HOUR)
    await household.settle()
    assert household.writes == []


@pytest.mark.parametrize("state", ["unknown", "unavailable"])
async def test_setback_unknown(household: House, state: str) -> None:
    """Somebody of whom nothing is known is not out."""
    await set_state(household.hass, ANNA, "not_home")
    await set_state(household.hass, BEN, state)
    await let_pass(household.hass, 5 * HOUR)
    await household.settle()
    assert household.writes == []


@pytest.mark.parametrize("mode", [SUMMER, HOLIDAY, PARTY])
async def test_setback_leaves_alone(household: House, mode: int) -> None:
    """A circuit that is off, or has a preset already, stays as it is."""
    hvac_mode = {SUMMER: "off"}.get(mode)
    if hvac_mode:
        await household.call("climate", "set_hvac_mode", CLIMATE, hvac_mode=hvac_mode)
    else:
        wanted = {HOLIDAY: "away", PARTY: "party"}[mode]
        await household.call("climate", "set_preset_mode", CLIMATE, preset_mode=wanted)
    before = list(household.writes)
    await leave(household)
    await household.settle()
    await set_state(household.hass, ANNA, "home")
    await household.settle()
    assert household.writes == before
    assert household.shown(MODE) == mode


async def test_setback_changed_meanwhile(household: House) -> None:
    """Another preset that somebody has set from afar stays."""
    await leave(household)
    await household.settle()
    await household.call("climate", "set_preset_mode", CLIMATE, preset_mode="party")
    await set_state(household.hass, ANNA, "home")
    await household.settle()
    assert household.shown(MODE) == PARTY


async def test_setback_heat_pump_unavailable(household: House) -> None:
    """Somebody comes home while the heat pump does not answer: it is told later."""
    hass, server = household.hass, household.server
    await leave(household)
    await household.settle()
    server.silent = True
    await poll(household)
    assert shows(hass, CIRCUIT) == "unavailable"
    await set_state(hass, ANNA, "home")
    await let_pass(hass, 5 * HOUR)
    assert household.shown(MODE) == SETBACK
    server.silent = False
    await poll(household)
    await household.settle()
    assert household.shown(MODE) == AUTOMATIC


async def test_setback_refused(household: House, caplog: pytest.LogCaptureFixture) -> None:
    """A heat pump that refuses is asked again, but not for ever; coming home ends that."""
    hass, server = household.hass, household.server
    asked = async_capture_events(hass, EVENT_CALL_SERVICE)
    server.refuse_writes = {MODE}
    await leave(household)
    for times in range(1, 7):
        await failed(caplog, times)
        assert len(asked) == times
        await let_pass(hass, 10 * MINUTE)
    await let_pass(hass, HOUR)
    await set_state(hass, BEN, "home")
    await household.settle()
    assert len(asked) == 6
    assert household.writes == []
