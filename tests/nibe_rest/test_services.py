"""The actions: any point, alarms, and a list of everything."""

from collections.abc import Awaitable, Callable
import csv
from io import StringIO
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockUser
import voluptuous as vol

from homeassistant.config_entries import SOURCE_REAUTH
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError, Unauthorized
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
from simulators.nibe_rest import IGNORED, NibeSimulator, ids

from .common import DOMAIN, House, make_entry
from .dialog import asked, issues

OFFSET = ids.HEATING_OFFSET
COLUMNS = [
    "point",
    "register",
    "title",
    "description",
    "value",
    "unit",
    "raw",
    "kind",
    "size",
    "divisor",
    "minimum",
    "maximum",
    "default",
    "writable",
    "present",
]
SERVICES: dict[str, dict[str, Any]] = {
    "get_point": {"point": OFFSET},
    "set_point": {"point": OFFSET, "value": 1},
    "get_alarms": {},
    "export_points": {},
}
every_service = pytest.mark.parametrize("service", SERVICES)


async def call(
    house: House, service: str, user: str | None = None, *, response: bool = True, **data: Any
) -> Any:
    """Call an action; return its response."""
    return await house.hass.services.async_call(
        DOMAIN,
        service,
        {"config_entry_id": house.entry.entry_id} | data,
        blocking=True,
        context=Context(user_id=user),
        return_response=response,
    )


@pytest.mark.parametrize("wrapped", [True, False])
async def test_get_point(house: House, wrapped: bool) -> None:
    """A point is read from the heat pump, whichever way it answers, and not from memory."""
    house.pump.single_wrapped = wrapped
    house.pump.set_value(ids.OUTDOOR, -125)
    answer = await call(house, "get_point", point=ids.OUTDOOR)
    point = house.pump.point(ids.OUTDOOR)
    assert list(answer) == COLUMNS
    assert {key: answer[key] for key in ("point", "value", "unit", "raw", "divisor")} == {
        "point": ids.OUTDOOR,
        "value": -12.5,
        "unit": "°C",
        "raw": -125,
        "divisor": 10,
    }
    assert (answer["writable"], answer["present"]) == (point.writable, True)


async def test_get_point_without_a_value(house: House) -> None:
    """What stands for "no value" is none."""
    house.pump.set_value(ids.OUTDOOR, -32768)
    answer = await call(house, "get_point", point=ids.OUTDOOR)
    assert (answer["value"], answer["raw"]) == (None, None)


async def test_get_hidden_point(house: House) -> None:
    """A point that is not there at the moment is said to be so."""
    house.pump.hide(ids.OUTDOOR)
    with pytest.raises(HomeAssistantError) as raised:
        await call(house, "get_point", point=ids.OUTDOOR)
    assert raised.value.translation_key == "no_such_point"


@pytest.mark.parametrize(
    ("fault", "key"),
    [
        ({"kind": "drop"}, "cannot_connect"),
        ({"kind": "status", "status": 401}, "invalid_auth"),
        ({"kind": "status", "status": 500}, "bad_response"),
        ({"kind": "garbage"}, "bad_response"),
        ({"kind": "garbage", "body": "{}"}, "bad_response"),
    ],
)
@pytest.mark.parametrize("service", ["get_point", "set_point", "get_alarms"])
async def test_errors(house: House, service: str, fault: dict[str, Any], key: str) -> None:
    """What went wrong is told in the user's language; a refused password is asked for."""
    if service == "get_alarms" and fault.get("body"):
        fault = fault | {"body": "[]"}
    house.pump.inject(times=None, **fault)
    with pytest.raises(HomeAssistantError) as raised:
        await call(house, service, **SERVICES[service])
    assert (raised.value.translation_domain, raised.value.translation_key) == (DOMAIN, key)
    await house.settle()
    sources = [
        flow["context"]["source"] for flow in house.hass.config_entries.flow.async_progress()
    ]
    assert sources == ([SOURCE_REAUTH] if key == "invalid_auth" else [])


async def test_set_point(house: House) -> None:
    """A point is set, and shown as the heat pump then has it."""
    answer = await call(house, "set_point", point=OFFSET, value=3)
    assert (answer["point"], answer["value"], answer["raw"]) == (OFFSET, 3, 3)
    assert house.pump.shown(OFFSET) == 3
    assert await call(house, "set_point", point=OFFSET, value=4, response=False) is None
    assert house.state("number", OFFSET).state == "4"


@pytest.mark.parametrize("service", ["get_point", "set_point"])
async def test_unknown_point(house: House, service: str) -> None:
    """A point that this heat pump never had is not asked for."""
    requests = asked(house.pump)
    with pytest.raises(ServiceValidationError) as raised:
        await call(house, service, **SERVICES[service] | {"point": 999999})
    assert raised.value.translation_key == "no_such_point"
    assert raised.value.translation_placeholders == {"name": "999999"}
    assert asked(house.pump) == requests


@pytest.mark.parametrize("point", [-1, "many", None])
@pytest.mark.parametrize("service", ["get_point", "set_point"])
async def test_no_point(house: House, service: str, point: object) -> None:
    """What is no number of a point is not taken."""
    with pytest.raises(vol.Invalid):
        await call(house, service, **SERVICES[service] | {"point": point})


@pytest.mark.parametrize(
    ("value", "key"),
    [
        (1.5, "not_exact"),
        ("nan", "not_exact"),
        ("inf", "not_exact"),
        (1000, "out_of_range"),
        (-1000, "out_of_range"),
    ],
)
async def test_wrong_value(house: House, value: object, key: str) -> None:
    """A value that the point cannot take is refused before anything is sent."""
    requests = asked(house.pump)
    with pytest.raises(ServiceValidationError) as raised:
        await call(house, "set_point", point=OFFSET, value=value)
    assert raised.value.translation_key == key
    assert asked(house.pump) == requests


async def test_only_admins_set(house: House, hass_read_only_user: MockUser) -> None:
    """Ordinary users cannot set just any point."""
    with pytest.raises(Unauthorized):
        await call(house, "set_point", hass_read_only_user.id, point=OFFSET, value=3)
    assert house.pump.stats.asked == []


async def test_admins_set(house: House, hass_admin_user: MockUser) -> None:
    """Administrators can."""
    await call(house, "set_point", hass_admin_user.id, point=OFFSET, value=3)
    assert house.pump.stats.asked == [(OFFSET, 3)]


async def test_get_alarms(house: House) -> None:
    """Alarms are read at once, with all that is known of them."""
    house.pump.alarms_null = True
    assert await call(house, "get_alarms") == {"alarms": []}
    raised = house.pump.add_alarm(183, "Low pressure", "Brine is short", severity=3)
    (alarm,) = (await call(house, "get_alarms"))["alarms"]
    assert alarm == {
        "alarm_id": 183,
        "header": "Low pressure",
        "description": "Brine is short",
        "severity": 3,
        "time": raised.time.replace(microsecond=0).isoformat(),
        "equipment": house.pump.devices[0].name,
    }


@pytest.mark.parametrize("profile", ["s1255", "smo-s40", "vvm-s320"])
async def test_export(house: House) -> None:
    """The list has a row for each point, and a spreadsheet can read it."""
    hidden = ids.OUTDOOR
    house.pump.hide(hidden)
    await house.poll()
    requests = asked(house.pump)
    answer = await call(house, "export_points")
    assert asked(house.pump) == requests
    reader = csv.DictReader(StringIO(answer["csv"]))
    rows = {int(row["point"]): row for row in reader}
    assert reader.fieldnames == COLUMNS
    assert None not in {key for row in rows.values() for key in row}
    assert rows.keys() == house.entry.runtime_data.data.points.keys()
    assert list(rows) == sorted(rows)
    assert (rows[hidden]["present"], rows[hidden]["raw"]) == ("False", "")
    curve = rows[ids.HEATING_CURVE]
    assert curve["raw"] == str(house.pump.shown(ids.HEATING_CURVE))
    assert (curve["writable"], curve["present"]) == ("True", "True")


async def test_reading_ends_no_issue(house: House) -> None:
    """That a point can be read does not mean that the heat pump takes settings again."""
    house.pump.behaviour[OFFSET] = IGNORED
    for value in (3, 4):
        with pytest.raises(HomeAssistantError):
            await call(house, "set_point", point=OFFSET, value=value)
    assert issues(house.hass) == ["api_read_only"]
    await call(house, "get_point", point=OFFSET)
    await call(house, "get_alarms")
    assert issues(house.hass) == ["api_read_only"]


async def test_reading_between_two_writes(house: House) -> None:
    """Reading does not break the row of writes that came to nothing."""
    house.pump.behaviour[OFFSET] = IGNORED
    for value in (3, 4):
        with pytest.raises(HomeAssistantError):
            await call(house, "set_point", point=OFFSET, value=value)
        await call(house, "get_point", point=OFFSET)
        if value == 4:
            break
    assert ir.async_get(house.hass).async_get_issue(DOMAIN, f"api_read_only_{house.entry.entry_id}")


@every_service
async def test_there_without_an_entry(hass: HomeAssistant, service: str) -> None:
    """Actions exist without an entry, and say what is missing."""
    assert await async_setup_component(hass, DOMAIN, {})
    with pytest.raises(ServiceValidationError) as raised:
        await hass.services.async_call(
            DOMAIN,
            service,
            {"config_entry_id": "nobody"} | SERVICES[service],
            blocking=True,
            return_response=True,
        )
    assert raised.value.translation_key


@every_service
async def test_entry_not_loaded(house: House, service: str) -> None:
    """The same for an entry that is not loaded."""
    await house.hass.config_entries.async_unload(house.entry.entry_id)
    requests = asked(house.pump)
    with pytest.raises(ServiceValidationError) as raised:
        await call(house, service, **SERVICES[service])
    assert raised.value.translation_key
    assert asked(house.pump) == requests


async def test_the_right_pump(
    start: Callable[..., Awaitable[House]], house: House, pump: NibeSimulator
) -> None:
    """Of several heat pumps the one that was named is set."""
    async with NibeSimulator(profile="vvm-s320", clock=pump.clock, write_delay=0) as other:
        other.devices[0].serial = "00000000000001"
        second = await start(make_entry(other))
        await call(second, "set_point", point=OFFSET, value=5)
        assert (pump.stats.asked, other.stats.asked) == ([], [(OFFSET, 5)])
        await house.hass.config_entries.async_unload(second.entry.entry_id)
