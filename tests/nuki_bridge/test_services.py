"""The actions: reading the log, and maintenance that nobody does by accident."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser
import voluptuous as vol

from homeassistant.config_entries import SOURCE_REAUTH
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError, Unauthorized
from homeassistant.helpers import device_registry as dr
from homeassistant.setup import async_setup_component
from simulators.nuki_bridge import CELLAR, INTERCOM, NEIGHBOUR, NukiBridgeSimulator

from .common import DOMAIN, House

BRIDGE_ID, CELLAR_ID = "1C7F52D8", "1E5C9A07"
DANGEROUS = {"/factoryReset", "/unpair", "/clearlog", "/configAuth", "/fwupdate", "/reboot"}
PATHS = {
    "clear_log": "/clearlog",
    "factory_reset": "/factoryReset",
    "set_discoverable": "/configAuth",
    "unpair": "/unpair",
}
every_maintenance = pytest.mark.parametrize("service", PATHS)


@pytest.fixture
async def house(start: Callable[..., Awaitable[House]]) -> House:
    """Return a house whose owner has allowed maintenance."""
    return await start(allow_maintenance=True)


def device_id(house: House, nuki_id: int | str = CELLAR_ID) -> str:
    """Return the id of a device in the registry."""
    key = f"{nuki_id:08X}" if isinstance(nuki_id, int) else nuki_id
    registry = dr.async_get(house.hass)
    device = registry.async_get_device_by_identifier((DOMAIN, key), house.entry.entry_id)
    assert device
    return device.id


def right_id(house: House, service: str) -> str:
    """Return what has to be typed in to confirm."""
    return CELLAR_ID if service == "unpair" else str(house.entry.unique_id)


async def call(house: House, service: str, user: str | None = None, **data: Any) -> Any:
    """Call an action, with what it needs unless said otherwise; return its response."""
    needed: dict[str, Any] = {"config_entry_id": house.entry.entry_id}
    if service == "unpair":
        needed = {} if "device_id" in data else {"device_id": device_id(house)}
    if service == "set_discoverable":
        needed["enable"] = False
    if service in PATHS:
        needed["confirm_id"] = right_id(house, service)
    return await house.hass.services.async_call(
        DOMAIN,
        service,
        needed | data,
        blocking=True,
        context=Context(user_id=user),
        return_response=service == "get_log",
    )


def danger(bridge: NukiBridgeSimulator) -> set[str]:
    """Return which dangerous requests the bridge has got."""
    return DANGEROUS & bridge.stats.requests.keys()


async def test_clear_log(house: House) -> None:
    """The log is empty afterwards."""
    assert house.bridge.journal.page(0, 10)
    await call(house, "clear_log")
    assert house.bridge.journal.page(0, 10) == []
    assert danger(house.bridge) == {"/clearlog"}


async def test_set_discoverable(house: House) -> None:
    """Pairing by button is forbidden, and allowed again."""
    await call(house, "set_discoverable", enable=False)
    assert not house.bridge.auth_enabled
    await call(house, "set_discoverable", enable=True)
    assert house.bridge.auth_enabled
    assert danger(house.bridge) == {"/configAuth"}


async def test_unpair(house: House) -> None:
    """The lock is gone from the bridge, and soon shows it; the others stay."""
    await call(house, "unpair")
    assert not house.bridge.locks[CELLAR].paired
    await house.fire(2)
    assert house.lock(CELLAR) == "unavailable"
    assert house.lock(INTERCOM) == "locked"
    assert danger(house.bridge) == {"/unpair"}


async def test_factory_reset(house: House) -> None:
    """All is lost on the bridge, and Home Assistant asks for its new token."""
    await call(house, "factory_reset")
    assert house.bridge.paired() == []
    assert house.bridge.callbacks.urls == []
    assert danger(house.bridge) == {"/factoryReset"}
    await house.bridge_time(11)
    await house.poll()
    assert house.lock(CELLAR) == "unavailable"
    (flow,) = house.hass.config_entries.flow.async_progress()
    assert flow["context"]["source"] == SOURCE_REAUTH


@every_maintenance
async def test_not_allowed(start: Callable[..., Awaitable[House]], service: str) -> None:
    """Without the option nothing happens, whatever is typed in."""
    house = await start()
    with pytest.raises(ServiceValidationError) as raised:
        await call(house, service)
    assert raised.value.translation_key == "maintenance_not_allowed"
    assert raised.value.translation_placeholders == {"name": house.entry.title}
    assert danger(house.bridge) == set()


@every_maintenance
@pytest.mark.parametrize("typed", ["", "0", "1C7F52D9", "1C7F52", "Cellar", "Nuki Bridge 1C7F52D8"])
async def test_wrong_confirmation(house: House, service: str, typed: str) -> None:
    """Whoever does not type in what it is about has not meant it."""
    with pytest.raises(ServiceValidationError) as raised:
        await call(house, service, confirm_id=typed)
    assert raised.value.translation_key == "wrong_confirm_id"
    assert danger(house.bridge) == set()


@every_maintenance
async def test_confirmation_of_another(house: House, service: str) -> None:
    """The id of a lock does not confirm what is about the bridge, nor the other way round."""
    other = BRIDGE_ID if service == "unpair" else CELLAR_ID
    with pytest.raises(ServiceValidationError) as raised:
        await call(house, service, confirm_id=other)
    assert raised.value.translation_key == "wrong_confirm_id"
    assert danger(house.bridge) == set()


@every_maintenance
async def test_no_confirmation(house: House, service: str) -> None:
    """A confirmation cannot be left out."""
    fields = {"config_entry_id": house.entry.entry_id, "device_id": device_id(house)}
    wanted = "device_id" if service == "unpair" else "config_entry_id"
    data: dict[str, Any] = {wanted: fields[wanted]}
    if service == "set_discoverable":
        data["enable"] = True
    with pytest.raises(vol.Invalid):
        await house.hass.services.async_call(DOMAIN, service, data, blocking=True)
    assert danger(house.bridge) == set()


@pytest.mark.parametrize("typed", ["075BCD15", "75BCD15", "075bcd15", "75bcd15", " 075BCD15 "])
@pytest.mark.parametrize("service", ["clear_log", "set_discoverable"])
async def test_confirmation_in_any_spelling(
    start: Callable[..., Awaitable[House]], bridge: NukiBridgeSimulator, service: str, typed: str
) -> None:
    """Zeros in front, small letters and spaces make no difference."""
    bridge.hardware_id = 0x075BCD15
    house = await start(allow_maintenance=True)
    await call(house, service, confirm_id=typed)
    assert danger(bridge) == {PATHS[service]}


@pytest.mark.parametrize("typed", ["0000ABCD", "ABCD", "abcd"])
async def test_unpair_in_any_spelling(
    start: Callable[..., Awaitable[House]], bridge: NukiBridgeSimulator, typed: str
) -> None:
    """The same for a lock."""
    bridge.add_lock(0xABCD, "Shed")
    house = await start(allow_maintenance=True)
    await call(house, "unpair", device_id=device_id(house, 0xABCD), confirm_id=typed)
    assert [lock.nuki_id for lock in bridge.locks.values() if not lock.paired] == [
        NEIGHBOUR,
        0xABCD,
    ]


@pytest.mark.parametrize("service", [*PATHS, "get_log"])
async def test_for_administrators_only(
    house: House, hass_read_only_user: MockUser, hass_admin_user: MockUser, service: str
) -> None:
    """An ordinary user is turned away; an administrator is not."""
    house.bridge.stats.reset()
    with pytest.raises(Unauthorized):
        await call(house, service, user=hass_read_only_user.id)
    assert not house.bridge.stats.requests
    await call(house, service, user=hass_admin_user.id)
    assert house.bridge.stats.requests


@pytest.mark.parametrize("service", [*PATHS, "get_log", "lock_n_go"])
async def test_exist_without_an_entry(hass: HomeAssistant, service: str) -> None:
    """Automations find the actions even while no bridge is set up."""
    assert await async_setup_component(hass, DOMAIN, {})
    assert hass.services.has_service(DOMAIN, service)


@pytest.mark.parametrize("service", [*PATHS, "get_log"])
@pytest.mark.parametrize("entry_id", [None, "nonsense", "other"])
async def test_entry_not_loaded(house: House, service: str, entry_id: str | None) -> None:
    """Without its entry an action says so: unloaded, unknown, or of another integration."""
    data = {} if entry_id is None else {"config_entry_id": entry_id}
    if service == "unpair":
        data = {"device_id": device_id(house)}
    MockConfigEntry(domain="other", entry_id="other").add_to_hass(house.hass)
    await house.hass.config_entries.async_unload(house.entry.entry_id)
    with pytest.raises(ServiceValidationError) as raised:
        await call(house, service, **data)
    assert raised.value.translation_key
    assert danger(house.bridge) == set()


async def test_unpair_what_is_no_lock(house: House) -> None:
    """The bridge itself, a device of another integration and an unknown one are no locks."""
    other = MockConfigEntry(domain="other")
    other.add_to_hass(house.hass)
    foreign = dr.async_get(house.hass).async_get_or_create(
        config_entry_id=other.entry_id, identifiers={(DOMAIN, CELLAR_ID)}, name="Cellar"
    )
    for wrong in (device_id(house, BRIDGE_ID), "nonsense"):
        with pytest.raises(ServiceValidationError) as raised:
            await call(house, "unpair", device_id=wrong)
        assert raised.value.translation_key == "no_lock"
    with pytest.raises(ServiceValidationError):
        await call(house, "unpair", device_id=foreign.id)
    assert danger(house.bridge) == set()


async def test_unpair_twice(house: House) -> None:
    """A lock that the bridge no longer has cannot be removed again."""
    await call(house, "unpair")
    with pytest.raises(HomeAssistantError) as raised:
        await call(house, "unpair")
    assert raised.value.translation_key == "unknown_device"
    await house.fire(2)
    with pytest.raises(ServiceValidationError) as gone:
        await call(house, "unpair")
    assert gone.value.translation_key == "no_lock"


@pytest.mark.parametrize("profile", ["hw", "v1.6", "sw"])
async def test_confirmation_is_on_the_device_page(house: House) -> None:
    """What has to be typed in is where the form says: the serial number."""
    bridge = dr.async_get(house.hass).async_get(device_id(house, str(house.entry.unique_id)))
    assert isinstance(bridge, dr.DeviceEntry)
    await call(house, "set_discoverable", confirm_id=str(bridge.serial_number))
    assert not house.bridge.auth_enabled


@pytest.mark.parametrize("profile", ["sw"])
@pytest.mark.parametrize("service", ["clear_log", "factory_reset", "unpair", "get_log"])
async def test_software_bridge(house: House, service: str) -> None:
    """A software bridge cannot do this, and the user is told why."""
    with pytest.raises(HomeAssistantError) as raised:
        await call(house, service)
    assert raised.value.translation_key == "not_supported"


@every_maintenance
@pytest.mark.parametrize(
    ("fault", "key"),
    [
        ({"kind": "drop"}, "uncertain"),
        ({"kind": "drop_after"}, "uncertain"),
        ({"kind": "status", "status": 503}, "busy"),
        ({"kind": "status", "status": 500}, "uncertain"),
        ({"kind": "status", "status": 418}, "bad_response"),
        ({"kind": "status", "status": 401}, "invalid_auth"),
    ],
)
async def test_errors(house: House, service: str, fault: dict[str, Any], key: str) -> None:
    """What fails says so, and what may have been done is not done again."""
    house.bridge.inject(path=PATHS[service], times=None, **fault)
    with pytest.raises(HomeAssistantError) as raised:
        await call(house, service)
    assert (raised.value.translation_domain, raised.value.translation_key) == (DOMAIN, key)
    assert house.bridge.stats.requests[PATHS[service]] == (5 if key == "busy" else 1)


@pytest.mark.parametrize("service", ["set_discoverable", "unpair"])
async def test_refused_by_the_bridge(house: House, service: str) -> None:
    """A bridge that answers "success: false" has not done it."""
    house.bridge.fail_next(PATHS[service])
    with pytest.raises(HomeAssistantError) as raised:
        await call(house, service)
    assert raised.value.translation_key == "rejected"


async def test_get_log(start: Callable[..., Awaitable[House]]) -> None:
    """The log comes newest first and in parts; it needs no option."""
    house = await start()
    await house.call("unlock", CELLAR)
    await house.bridge_time(10)
    whole = (await call(house, "get_log"))["entries"]
    assert whole[0]["type"] == "HTTP-Log"
    actions = [entry for entry in whole if entry["type"] == "HTTP-LockActionStart"]
    assert [(entry["nukiId"], entry["action"]) for entry in actions] == [(CELLAR_ID, "unlock")]
    part = (await call(house, "get_log", offset=2, count=3))["entries"]
    assert part == whole[1:4]
    assert danger(house.bridge) == set()


@pytest.mark.parametrize("bad", [{"count": 0}, {"count": 101}, {"offset": -1}, {"count": "x"}])
async def test_get_log_bounds(house: House, bad: dict[str, Any]) -> None:
    """A bridge is not asked for what it cannot give."""
    with pytest.raises(vol.Invalid):
        await call(house, "get_log", **bad)
    assert house.bridge.stats.requests["/log"] == 0


async def test_get_log_bridge_away(house: House) -> None:
    """A bridge that cannot be reached has no log to show."""
    await house.bridge.refuse()
    with pytest.raises(HomeAssistantError) as raised:
        await call(house, "get_log")
    assert raised.value.translation_key == "cannot_connect"
