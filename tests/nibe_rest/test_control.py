"""Climate, hot water, ventilation, modes: what can be set."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from homeassistant.components.climate import ClimateEntityFeature
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import device_registry as dr
from simulators.nibe_rest import NibeSimulator, ids

from .common import DOMAIN, House

CLIMATE = "climate-climate_system_1"
SECOND = "climate-climate_system_2"
OLD_AIR = 7937


@pytest.fixture
def two_systems(pump: NibeSimulator) -> NibeSimulator:
    """Return a heat pump with a room sensor in a second climate system."""
    sensor = pump.by_register("I25")
    pump.set_value(sensor.id, 213)
    return pump


@pytest.fixture
def ventilated(pump: NibeSimulator) -> NibeSimulator:
    """Return a heat pump that ventilates the house."""
    pump.set_value(OLD_AIR, 52)
    return pump


async def test_room_temperature(house: House) -> None:
    """A climate system shows its room, and is set to the heat pump's own limits."""
    state = house.state("climate", CLIMATE)
    assert 15 < state.attributes["current_temperature"] < 30
    assert (state.attributes["min_temp"], state.attributes["max_temp"]) == (5, 35)
    await house.call("climate", "set_temperature", CLIMATE, temperature=21.5)
    assert house.state("climate", CLIMATE).attributes["temperature"] == 21.5
    assert house.pump.stats.writes == [(ids.ROOM_SET_POINT, 215)]


@pytest.mark.parametrize(
    ("priority", "action"),
    [(10, "idle"), (20, "idle"), (30, "heating"), (40, "idle"), (60, "cooling")],
)
async def test_action(house: House, priority: int, action: str) -> None:
    """What the heat pump is doing is shown."""
    house.pump.set_value(ids.PRIORITY, priority)
    await house.poll()
    assert house.state("climate", CLIMATE).attributes["hvac_action"] == action


@pytest.mark.parametrize(
    ("mode", "writes"),
    [
        ("heat", {ids.OPERATING_MODE: 1, ids.PERMIT_HEATING: 1, ids.PERMIT_COOLING: 0}),
        ("cool", {ids.OPERATING_MODE: 1, ids.PERMIT_HEATING: 0, ids.PERMIT_COOLING: 1}),
        ("auto", {ids.OPERATING_MODE: 0}),
    ],
)
async def test_mode(house: House, mode: str, writes: dict[int, int]) -> None:
    """The mode is that of the plant; permits count in manual mode."""
    for point in (ids.PERMIT_HEATING, ids.PERMIT_COOLING):
        house.pump.show(point)
    await house.poll()
    assert "off" not in house.state("climate", CLIMATE).attributes["hvac_modes"]
    await house.call("climate", "set_hvac_mode", CLIMATE, hvac_mode=mode)
    assert house.state("climate", CLIMATE).state == mode
    for point, raw in writes.items():
        assert house.pump.shown(point) == raw


async def test_permits_that_appear_late(house: House) -> None:
    """A heat pump just set up shows its permits in manual mode only; both are set then."""
    call = asyncio.create_task(house.call("climate", "set_hvac_mode", CLIMATE, hvac_mode="heat"))
    await asyncio.sleep(0)
    for point in (ids.PERMIT_HEATING, ids.PERMIT_COOLING):
        house.pump.show(point)
    house.pump.set_value(ids.PERMIT_COOLING, 1)
    await call
    assert house.pump.shown(ids.PERMIT_HEATING) == 1
    assert house.pump.shown(ids.PERMIT_COOLING) == 0


async def test_permit_that_never_appears(house: House) -> None:
    """A mode that the heat pump does not offer fails, and says so."""
    await house.call("climate", "set_hvac_mode", CLIMATE, hvac_mode="heat")
    await house.poll()
    for point in (ids.PERMIT_HEATING, ids.PERMIT_COOLING):
        house.pump.hide(point)
    with pytest.raises(HomeAssistantError) as raised:
        await house.call("climate", "set_hvac_mode", CLIMATE, hvac_mode="cool")
    assert raised.value.translation_key == "no_such_point"


@pytest.mark.parametrize("mode", ["off", "heat_cool", "dry"])
async def test_mode_that_there_is_not(house: House, mode: str) -> None:
    """A mode that comes with a temperature is one of those offered, or nothing is sent."""
    with pytest.raises(ServiceValidationError):
        await house.call("climate", "set_temperature", CLIMATE, temperature=21, hvac_mode=mode)
    assert house.pump.stats.writes == []


async def test_cooling_set_point(house: House) -> None:
    """While cooling, the set point is the one for cooling."""
    for point in (ids.PERMIT_HEATING, ids.PERMIT_COOLING):
        house.pump.show(point)
    await house.poll()
    await house.call("climate", "set_hvac_mode", CLIMATE, hvac_mode="cool")
    await house.call("climate", "set_temperature", CLIMATE, temperature=24)
    assert house.pump.by_register("H988").value == 240


async def test_hot_water_mode_with_temperature(house: House) -> None:
    """A demand that comes with a temperature is set first: the temperature is meant for it."""
    await house.call(
        "water_heater",
        "set_temperature",
        "water_heater",
        temperature=51,
        operation_mode="eco",
    )
    state = house.state("water_heater", "water_heater")
    assert (state.state, state.attributes["temperature"]) == ("eco", 51)


async def test_several_systems(
    two_systems: NibeSimulator, start: Callable[..., Awaitable[House]]
) -> None:
    """With several climate systems each has its set point, and none the plant's mode."""
    house = await start()
    assert house.state("climate", SECOND).attributes["current_temperature"] == 21.3
    await house.call("climate", "set_temperature", SECOND, temperature=19)
    assert two_systems.by_register("H205").value == 190
    assert house.state("climate", CLIMATE).attributes["hvac_modes"] == ["auto"]
    with pytest.raises(ServiceValidationError) as raised:
        await house.call("climate", "set_hvac_mode", CLIMATE, hvac_mode="auto")
    assert raised.value.translation_key == "mode_of_the_plant"


async def test_second_system_appears(house: House) -> None:
    """A room sensor that is connected later brings its climate system."""
    with pytest.raises(AssertionError, match="no climate"):
        house.state("climate", SECOND)
    house.pump.set_value(house.pump.by_register("I25").id, 200)
    await house.poll()
    assert house.state("climate", SECOND).attributes["current_temperature"] == 20


async def test_nothing_to_set_without_permission(start: Callable[..., Awaitable[House]]) -> None:
    """Without write access climate and hot water show, and offer nothing to set."""
    house = await start(write_access="none")
    assert house.state("climate", CLIMATE).attributes["supported_features"] == 0
    assert house.state("water_heater", "water_heater").attributes["supported_features"] == 0
    features = ClimateEntityFeature.TARGET_TEMPERATURE
    assert not house.state("climate", CLIMATE).attributes["supported_features"] & features


@pytest.mark.parametrize(
    ("operation", "raw"),
    [("eco", 0), ("heat_pump", 1), ("performance", 2), ("smart_control", 4)],
)
async def test_hot_water_demand(house: House, operation: str, raw: int) -> None:
    """How much hot water is wanted is the operation."""
    await house.call("water_heater", "set_operation_mode", "water_heater", operation_mode=operation)
    assert house.state("water_heater", "water_heater").state == operation
    assert house.pump.shown(ids.HOT_WATER_DEMAND) == raw


async def test_boost(house: House) -> None:
    """A boost shows as high demand with the time that is left, and is ended by any other choice."""
    await house.call(
        "water_heater", "set_operation_mode", "water_heater", operation_mode="high_demand"
    )
    assert house.state("water_heater", "water_heater").state == "high_demand"
    await house.pump_time(5)
    await house.poll()
    assert float(house.state("sensor", ids.MORE_HOT_WATER_MINUTES).state) > 0
    await house.call("water_heater", "set_operation_mode", "water_heater", operation_mode="eco")
    assert house.state("water_heater", "water_heater").state == "eco"
    assert house.state("switch", ids.MORE_HOT_WATER).state == "off"


@pytest.mark.parametrize(
    ("operation", "register"), [("eco", "H64"), ("heat_pump", "H63"), ("performance", "H62")]
)
async def test_hot_water_set_point(house: House, operation: str, register: str) -> None:
    """The set point is that of the present demand."""
    await house.call("water_heater", "set_operation_mode", "water_heater", operation_mode=operation)
    await house.call("water_heater", "set_temperature", "water_heater", temperature=51)
    assert house.pump.by_register(register).value == 510
    assert house.state("water_heater", "water_heater").attributes["temperature"] == 51


async def test_smart_control_has_no_set_point(house: House) -> None:
    """Smart control chooses the temperature itself."""
    await house.call(
        "water_heater", "set_operation_mode", "water_heater", operation_mode="smart_control"
    )
    assert house.state("water_heater", "water_heater").attributes.get("temperature") is None


async def test_ventilation(
    ventilated: NibeSimulator, start: Callable[..., Awaitable[House]]
) -> None:
    """Ventilation has five steps, one of them off."""
    house = await start()
    for preset, raw in (
        ("off", 1),
        ("reduced", 2),
        ("normal", 0),
        ("increased", 3),
        ("maximum", 4),
    ):
        await house.call("fan", "set_preset_mode", "ventilation", preset_mode=preset)
        state = house.state("fan", "ventilation")
        assert state.attributes["preset_mode"] == preset
        assert state.state == ("off" if preset == "off" else "on")
        assert house.pump.shown(ids.VENTILATION) == raw
    await house.call("fan", "turn_off", "ventilation")
    assert house.pump.shown(ids.VENTILATION) == 1
    await house.call("fan", "turn_on", "ventilation")
    assert house.pump.shown(ids.VENTILATION) == 0


async def test_no_ventilation(house: House) -> None:
    """A heat pump that does not ventilate has no fan, though it has the setting."""
    assert ids.VENTILATION in house.entry.runtime_data.data.points
    with pytest.raises(AssertionError, match="no fan"):
        house.state("fan", "ventilation")


@pytest.mark.parametrize("keys", ["spec", "lowercase", "both"])
@pytest.mark.parametrize("status", [400, 200])
async def test_modes_of_the_device(house: House, keys: str, status: int) -> None:
    """Smart mode and aid mode are set in whatever spelling the firmware wants."""
    house.pump.mode_keys, house.pump.unknown_mode_key_status = keys, status
    await house.call("select", "select_option", "smart_mode", option="away")
    assert house.state("select", "smart_mode").state == "away"
    await house.call("switch", "turn_on", "aid_mode")
    assert house.state("switch", "aid_mode").state == "on"
    await house.call("switch", "turn_off", "aid_mode")
    assert house.state("switch", "aid_mode").state == "off"


async def test_modes_without_permission(start: Callable[..., Awaitable[House]]) -> None:
    """The modes are settings like all others."""
    house = await start(write_access="none")
    with pytest.raises(ServiceValidationError) as raised:
        await house.call("switch", "turn_on", "aid_mode")
    assert raised.value.translation_key == "write_access"
    assert house.pump.stats.modes == []


async def test_select_and_switch(house: House) -> None:
    """A mode and a permit are set by their points."""
    await house.call("select", "select_option", ids.OPERATING_MODE, option="manual")
    assert house.pump.shown(ids.OPERATING_MODE) == 1
    await house.call("switch", "turn_on", ids.AWAY)
    assert house.state("switch", ids.AWAY).state == "on"
    await house.call("switch", "turn_off", ids.AWAY)
    assert house.pump.shown(ids.AWAY) == 0


async def test_curve_offset_has_no_unit(house: House) -> None:
    """The curve offset counts steps, not degrees."""
    state = house.state("number", ids.HEATING_OFFSET)
    assert "unit_of_measurement" not in state.attributes
    assert (state.attributes["min"], state.attributes["max"]) == (-10, 10)
    assert state.attributes["step"] == 1


async def test_reset_alarms(house: House) -> None:
    """The button resets the alarms and shows what is left."""
    house.pump.add_alarm(251, "Low flow")
    await house.fire(601)
    for _ in range(20):
        await house.poll()
    assert house.state("binary_sensor", "alarms").state == "on"
    await house.call("button", "press", "reset_alarms")
    assert house.state("binary_sensor", "alarms").state == "off"


@pytest.mark.parametrize("status", [405, 500])
async def test_reset_not_supported(house: House, status: int) -> None:
    """Firmware that cannot reset over the network says so."""
    house.pump.delete_status = status
    with pytest.raises(HomeAssistantError) as raised:
        await house.call("button", "press", "reset_alarms")
    assert raised.value.translation_key == "not_supported"


async def test_parts_are_child_devices(
    hass: HomeAssistant, house: House, device_registry: dr.DeviceRegistry
) -> None:
    """Hot water and climate systems can have an area of their own."""
    entry_id = house.entry.entry_id
    pump = device_registry.async_get_device_by_identifier((DOMAIN, house.serial), entry_id)
    for part in ("hot_water", "climate_system_1"):
        child = device_registry.async_get_child_device_by_identifier(
            (DOMAIN, f"{house.serial}-{part}"), entry_id
        )
        assert pump
        assert child
        assert child.parent_device_id == pump.id
    assert pump
    assert pump.serial_number == house.serial
    assert pump.sw_version == "4.13"
