"""Which entities and devices there are, and what they show."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.util import dt as dt_util
from simulators.clock import ManualClock
from simulators.nuki_bridge import CELLAR, FRONT_DOOR, GARDEN_GATE, INTERCOM, NukiBridgeSimulator

from .common import DOMAIN, WEBHOOK_ID, House

BRIDGE = "1C7F52D8"
profiles = pytest.mark.parametrize("profile", ["hw", "sw", "v1.6"])

OPENS_A_DOOR = {"unlatch", "lock_n_go_unlatch", "open"}
RARELY_WANTED = {"app", "firmware", "last_callback", "signal", "update_firmware", "wifi_firmware"}


@pytest.fixture
def clock() -> ManualClock:
    """Return a clock that always starts at the same time."""
    return ManualClock(datetime(2026, 2, 1, 12, tzinfo=UTC))


def entries(house: House) -> list[er.RegistryEntry]:
    """Return all entities, in the order of their ids."""
    found = er.async_entries_for_config_entry(er.async_get(house.hass), house.entry.entry_id)
    return sorted(found, key=lambda entry: entry.entity_id)


def devices(house: House) -> dict[str, dr.DeviceEntry]:
    """Return all devices by their id in the registry."""
    found = dr.async_entries_for_config_entry(dr.async_get(house.hass), house.entry.entry_id)
    return {device.id: device for device in found if isinstance(device, dr.DeviceEntry)}


def registered(house: House) -> list[dict[str, Any]]:
    """Return what the registry says of the entities."""
    names = devices(house)
    return [
        {
            "entity_id": entry.entity_id,
            "unique_id": entry.unique_id,
            "name": entry.original_name,
            "device": names[str(entry.device_id)].name,
            "device_class": entry.original_device_class,
            "category": entry.entity_category,
            "translation_key": entry.translation_key,
            "enabled": not entry.disabled,
        }
        for entry in entries(house)
    ]


def device_table(house: House) -> list[dict[str, Any]]:
    """Return what the registry says of the devices."""
    found = devices(house)
    rows = [
        {
            "name": device.name,
            "identifiers": sorted(device.identifiers),
            "manufacturer": device.manufacturer,
            "model": device.model,
            "serial_number": device.serial_number,
            "sw_version": device.sw_version,
            "via": found[device.via_device_id].name if device.via_device_id else None,
        }
        for device in found.values()
    ]
    return sorted(rows, key=lambda row: str(row["name"]))


def states(house: House) -> dict[str, tuple[str, dict[str, Any]]]:
    """Return all states, except for the time that depends on when the test runs."""
    return {
        state.entity_id: (
            "a time" if state.entity_id.endswith("_last_restart") else state.state,
            dict(state.attributes),
        )
        for state in house.hass.states.async_all()
    }


def exists(house: House, platform: str, nuki_id: int, key: str) -> bool:
    """Return whether there is such an entity."""
    registry = er.async_get(house.hass)
    return bool(registry.async_get_entity_id(platform, DOMAIN, f"{nuki_id:08X}-{key}"))


@profiles
async def test_all(start: Callable[..., Awaitable[House]], snapshot: SnapshotAssertion) -> None:
    """All devices and entities of a kind of bridge, and their states once all are enabled."""
    house = await start()
    assert device_table(house) == snapshot(name="devices")
    assert registered(house) == snapshot(name="entities")
    registry = er.async_get(house.hass)
    for entry in entries(house):
        registry.async_update_entity(entry.entity_id, disabled_by=None)
    await house.hass.config_entries.async_reload(house.entry.entry_id)
    await house.settle()
    assert len(house.hass.states.async_all()) == len(entries(house))
    assert states(house) == snapshot(name="states")


@profiles
async def test_disabled_by_default(start: Callable[..., Awaitable[House]]) -> None:
    """What opens a door is there only for those who want it, like what hardly anybody wants."""
    found = entries(await start())
    disabled = {entry.unique_id.rpartition("-")[2] for entry in found if entry.disabled}
    enabled = {entry.unique_id.rpartition("-")[2] for entry in found if not entry.disabled}
    assert not enabled & (OPENS_A_DOOR | RARELY_WANTED)
    assert disabled <= OPENS_A_DOOR | RARELY_WANTED
    assert disabled >= {"unlatch", "lock_n_go_unlatch", "signal"}


@profiles
async def test_identity(house: House) -> None:
    """An entity keeps its id when the bridge moves, and its name comes from its device."""
    unstable = {house.bridge.host, str(house.bridge.port), house.entry.entry_id, WEBHOOK_ID}
    for entry in entries(house):
        assert not [part for part in unstable if part in entry.unique_id]
        assert entry.has_entity_name
        assert bool(entry.original_name) is (entry.domain != "lock")
    named = [(entry.domain, entry.device_id, entry.original_name) for entry in entries(house)]
    assert len(named) == len(set(named))


@profiles
async def test_locks_hang_on_the_bridge(house: House) -> None:
    """All devices are reached through the bridge, which is reached through none."""
    bridge = dr.async_get(house.hass).async_get_device_by_identifier(
        (DOMAIN, str(house.entry.unique_id)), house.entry.entry_id
    )
    assert isinstance(bridge, dr.DeviceEntry)
    assert bridge.via_device_id is None
    others = [device for device in devices(house).values() if device != bridge]
    assert len(others) == len(house.bridge.paired())
    assert {device.via_device_id for device in others} == {bridge.id}


async def test_all_unavailable_together(house: House) -> None:
    """Without the bridge nothing is known, and with it everything is known again."""
    before = states(house)
    await house.bridge.refuse()
    await house.poll()
    assert {state.state for state in house.hass.states.async_all()} == {"unavailable"}
    await house.bridge.listen()
    await house.poll()
    assert states(house) == before


@pytest.mark.parametrize(
    ("code", "shown"),
    [(2, "off"), (3, "on")] + [(code, "unknown") for code in (0, 1, 4, 5, 16, 99, 240, 255)],
)
async def test_door(house: House, code: int, shown: str) -> None:
    """Only closed and opened say where the door is; nothing else raises an alarm."""
    house.bridge.locks[FRONT_DOOR].door_state = code
    await house.poll()
    assert house.state("binary_sensor", FRONT_DOOR, "door").state == shown


async def test_door_at_once(house: House) -> None:
    """A door is seen to open and to close without a poll."""
    house.bridge.open_door(FRONT_DOOR)
    await house.settle()
    assert house.state("binary_sensor", FRONT_DOOR, "door").state == "on"
    house.bridge.close_door(FRONT_DOOR)
    await house.settle()
    assert house.state("binary_sensor", FRONT_DOOR, "door").state == "off"


@pytest.mark.parametrize("missing", [None, 0, 1, 240])
@pytest.mark.parametrize("by_callback", [True, False])
async def test_door_sensor_appears_later(
    start: Callable[..., Awaitable[House]],
    bridge: NukiBridgeSimulator,
    missing: int | None,
    by_callback: bool,
) -> None:
    """A door sensor that is bought or switched on later needs no restart, and then stays."""
    lock = bridge.locks[CELLAR]
    lock.door_state = missing
    house = await start()
    assert not exists(house, "binary_sensor", CELLAR, "door")
    lock.door_state = 3
    if by_callback:
        bridge.heard(lock)
        await house.settle()
    else:
        await house.poll()
    assert house.state("binary_sensor", CELLAR, "door").state == "on"
    lock.door_state = missing
    await house.poll()
    assert await house.hass.config_entries.async_reload(house.entry.entry_id)
    await house.settle()
    assert house.state("binary_sensor", CELLAR, "door").state == "unknown"


@pytest.mark.parametrize("code", [2, 3, 4, 5, 16, 255])
async def test_door_sensor_exists(
    start: Callable[..., Awaitable[House]], bridge: NukiBridgeSimulator, code: int
) -> None:
    """A sensor that is there but does not know yet is shown from the beginning."""
    bridge.locks[CELLAR].door_state = code
    assert exists(await start(), "binary_sensor", CELLAR, "door")


@pytest.mark.parametrize(
    ("platform", "key", "field", "values"),
    [
        (
            "binary_sensor",
            "keypad_battery_critical",
            "keypad_battery_critical",
            {False: "off", True: "on"},
        ),
        ("binary_sensor", "battery_charging", "battery_charging", {False: "off", True: "on"}),
        ("sensor", "battery", "battery_charge", {0: "0", 57: "57", 100: "100"}),
    ],
)
async def test_only_if_told(
    start: Callable[..., Awaitable[House]],
    bridge: NukiBridgeSimulator,
    platform: str,
    key: str,
    field: str,
    values: dict[Any, str],
) -> None:
    """What a lock does not tell has no entity; it gets one when the lock tells, and no guesses."""
    lock = bridge.locks[GARDEN_GATE]
    setattr(lock, field, None)
    house = await start()
    assert not exists(house, platform, GARDEN_GATE, key)
    for value, shown in values.items():
        setattr(lock, field, value)
        await house.poll()
        assert house.state(platform, GARDEN_GATE, key).state == shown
    setattr(lock, field, None)
    await house.poll()
    assert house.state(platform, GARDEN_GATE, key).state == "unknown"


async def test_battery_critical(house: House) -> None:
    """A battery that runs low is shown, of locks and of Openers."""
    for nuki_id in (CELLAR, INTERCOM):
        assert house.state("binary_sensor", nuki_id, "battery_critical").state == "off"
        house.bridge.locks[nuki_id].battery_critical = True
        await house.poll()
        assert house.state("binary_sensor", nuki_id, "battery_critical").state == "on"


@profiles
@pytest.mark.parametrize("spelling", ["rssi", "rsi"])
async def test_signal(house: House, spelling: str) -> None:
    """The signal is shown however the bridge spells it, and is unknown out of range."""
    house.bridge.rssi_key = spelling
    house.bridge.locks[CELLAR].rssi = -55
    await house.fire(601)
    assert house.state("sensor", CELLAR, "signal").state == "-55"
    house.bridge.locks[CELLAR].offline = True
    await house.fire(601)
    assert house.state("sensor", CELLAR, "signal").state == "unknown"


async def test_server_connection(house: House) -> None:
    """A bridge that loses the vendor's server shows it."""
    assert house.state("binary_sensor", BRIDGE, "server_connection").state == "on"
    house.bridge.server_connected = False
    await house.fire(601)
    assert house.state("binary_sensor", BRIDGE, "server_connection").state == "off"


def since_restart(house: House) -> timedelta:
    """Return how long ago the bridge started, as the user sees it."""
    shown = dt_util.parse_datetime(house.state("sensor", BRIDGE, "last_restart").state)
    assert shown
    return dt_util.utcnow() - shown


async def test_last_restart(
    start: Callable[..., Awaitable[House]], clock: ManualClock, bridge: NukiBridgeSimulator
) -> None:
    """The start of the bridge stands still until it starts again."""
    await clock.advance(86400)
    house = await start()
    assert abs(since_restart(house) - timedelta(days=1)) < timedelta(minutes=1)
    bridge.reboot_seconds = 0
    await bridge.reboot()
    await house.settle()
    await house.fire(601)
    assert abs(since_restart(house)) < timedelta(minutes=1)


async def test_last_callback(house: House) -> None:
    """The time of the last callback shows that they arrive."""
    assert house.state("sensor", BRIDGE, "last_callback").state == "unknown"
    house.bridge.turn_by_hand(CELLAR, 3)
    await house.settle()
    shown = dt_util.parse_datetime(house.state("sensor", BRIDGE, "last_callback").state)
    assert shown
    assert abs(dt_util.utcnow() - shown) < timedelta(minutes=1)


async def test_restart_button(house: House) -> None:
    """The bridge restarts once, and is there again afterwards."""
    await house.call("press", BRIDGE, "button", "restart")
    await house.settle()
    assert not house.bridge.listening
    await house.bridge_time(11)
    await house.poll()
    assert house.lock(CELLAR) == "locked"
    assert house.bridge.stats.requests["/reboot"] == 1


async def test_firmware_button(house: House) -> None:
    """The bridge alone is updated: the bare request would update every lock."""
    await house.call("press", BRIDGE, "button", "update_firmware")
    assert house.bridge.firmware_updates == [{"scope": 1}]


@pytest.mark.parametrize(
    ("button", "path"), [("restart", "/reboot"), ("update_firmware", "/fwupdate")]
)
@pytest.mark.parametrize(("fault", "key"), [("drop_after", "uncertain"), ("status", "uncertain")])
async def test_button_errors(house: House, button: str, path: str, fault: str, key: str) -> None:
    """A button that may have worked says so, and does not press itself again."""
    house.bridge.inject(fault, path)
    with pytest.raises(HomeAssistantError) as raised:
        await house.call("press", BRIDGE, "button", button)
    assert raised.value.translation_key == key
    assert house.bridge.stats.requests[path] == 1


async def test_new_lock(house: House) -> None:
    """A lock that is paired later appears without a restart, with all that belongs to it."""
    before = len(entries(house))
    house.bridge.add_lock(0xABCD, "Shed", rssi=-50)
    await house.poll()
    assert house.lock(0xABCD) == "locked"
    assert [row["via"] for row in device_table(house) if row["name"] == "Shed"] == [
        house.entry.title
    ]
    assert len(entries(house)) > before
    await house.call("unlock", 0xABCD)
    await house.bridge_time(10)
    assert house.lock(0xABCD) == "unlocked"


@pytest.mark.parametrize(
    ("name", "shown"),
    [("Back door", "Back door"), ("", "Nuki_1E5C9A07"), ("<b>x</b>\n{{ y }}", "<b>x</b>\n{{ y }}")],
)
async def test_renamed_in_the_app(hass: HomeAssistant, house: House, name: str, shown: str) -> None:
    """A new name and a new firmware arrive with the next poll; a name is text and no more."""
    lock = house.bridge.locks[CELLAR]
    lock.name, lock.firmware = name, "9.9.9"
    await house.poll()
    (row,) = [row for row in device_table(house) if row["serial_number"] == f"{CELLAR:08X}"]
    assert (row["name"], row["sw_version"]) == (shown, "9.9.9")
