"""Actions: time programs, the fault list, hot water now, and points by their names."""

from typing import Any, Final

import voluptuous as vol

from homeassistant.components.water_heater import DOMAIN as WATER_HEATER_DOMAIN
from homeassistant.const import ATTR_CONFIG_ENTRY_ID
from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import config_validation as cv, service

from .catalog import CATALOG, CODES
from .const import DOMAIN
from .coordinator import HtRestConfigEntry, HtRestCoordinator
from .faults import kind_of
from .models import FaultEntry, ProgramHead, TimeProgram
from .parsing import minutes_of
from .programs import day_of, periods_of

ATTR_COUNT: Final = "count"
ATTR_DAYS: Final = "days"
ATTR_END: Final = "end"
ATTR_FROM_DAY: Final = "from_day"
ATTR_MINUTES: Final = "minutes"
ATTR_NAME: Final = "name"
ATTR_PERIODS: Final = "periods"
ATTR_PROGRAM: Final = "program"
ATTR_START: Final = "start"
ATTR_STATE: Final = "state"
ATTR_TEMPERATURE: Final = "temperature"
ATTR_VALUE: Final = "value"

SERVICE_COPY_DAY = "copy_day"
SERVICE_GET_FAULTS = "get_faults"
SERVICE_GET_PARAMETER = "get_parameter"
SERVICE_GET_TIME_PROGRAM = "get_time_program"
SERVICE_HEAT_WATER_NOW = "heat_water_now"
SERVICE_SET_PARAMETER = "set_parameter"
SERVICE_SET_TIME_PROGRAM = "set_time_program"

WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MOST_FAULTS: Final = 20
LONGEST_BOOST: Final = 24 * 60


def _time_of_day(value: Any) -> str:
    """Validate a time of day as text; 24:00 is one."""
    text = str(value)
    try:
        minutes_of(text)
    except ValueError:
        raise vol.Invalid("HH:MM expected") from None
    return text


DAY = vol.In(WEEKDAYS)
ENTRY_SCHEMA = vol.Schema({vol.Required(ATTR_CONFIG_ENTRY_ID): cv.string})
PROGRAM_SCHEMA = ENTRY_SCHEMA.extend({vol.Required(ATTR_PROGRAM): vol.Coerce(int)})
SET_PROGRAM_SCHEMA = PROGRAM_SCHEMA.extend(
    {
        vol.Required(ATTR_DAYS): vol.All(cv.ensure_list, vol.Length(min=1), [DAY]),
        vol.Required(ATTR_PERIODS): [
            {
                vol.Required(ATTR_START): _time_of_day,
                vol.Required(ATTR_END): _time_of_day,
                vol.Required(ATTR_STATE): cv.positive_int,
                # What get_time_program adds for people may come back.
                vol.Optional("meaning"): cv.string,
            }
        ],
    }
)
COPY_SCHEMA = PROGRAM_SCHEMA.extend(
    {
        vol.Required(ATTR_FROM_DAY): DAY,
        vol.Required(ATTR_DAYS): vol.All(cv.ensure_list, vol.Length(min=1), [DAY]),
    }
)
FAULTS_SCHEMA = ENTRY_SCHEMA.extend(
    {
        vol.Optional(ATTR_COUNT, default=5): vol.All(
            vol.Coerce(int), vol.Range(min=1, max=MOST_FAULTS)
        )
    }
)
PARAMETER_SCHEMA = ENTRY_SCHEMA.extend({vol.Required(ATTR_NAME): cv.string})
SET_PARAMETER_SCHEMA = PARAMETER_SCHEMA.extend({vol.Required(ATTR_VALUE): vol.Coerce(float)})
HEAT_WATER_SCHEMA: Final[dict[str | vol.Marker, Any]] = {
    vol.Optional(ATTR_TEMPERATURE): vol.Coerce(float),
    vol.Optional(ATTR_MINUTES): vol.All(vol.Coerce(int), vol.Range(min=1, max=LONGEST_BOOST)),
}


def _coordinator(call: ServiceCall) -> HtRestCoordinator:
    entry: HtRestConfigEntry = service.async_get_config_entry(
        call.hass, DOMAIN, call.data[ATTR_CONFIG_ENTRY_ID]
    )
    return entry.runtime_data


def _head(coordinator: HtRestCoordinator, call: ServiceCall) -> ProgramHead:
    index = call.data[ATTR_PROGRAM]
    for head in coordinator.data.heads:
        if head.index == index:
            return head
    raise ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key="no_such_program",
        translation_placeholders={"program": str(index)},
    )


async def _read_program(coordinator: HtRestCoordinator, head: ProgramHead) -> TimeProgram:
    with coordinator.errors.command(head.name):
        return await coordinator.reader.read_program(head.index, urgent=True)


def _described(program: TimeProgram) -> dict[str, Any]:
    head = program.head
    return {
        "program": head.index,
        "name": head.name,
        "states": head.states,
        "step": head.step,
        "periods_per_day": head.slots,
        "days": {
            WEEKDAYS[number]: periods_of(head, day)
            for number, day in enumerate(program.week[: len(WEEKDAYS)])
        },
    }


async def _async_get_time_program(call: ServiceCall) -> ServiceResponse:
    """Read a time program from the heat pump, now."""
    coordinator = _coordinator(call)
    return _described(await _read_program(coordinator, _head(coordinator, call)))


async def _async_set_time_program(call: ServiceCall) -> ServiceResponse:
    """Replace days of a time program, and return it once the heat pump shows it."""
    coordinator = _coordinator(call)
    head = _head(coordinator, call)
    day = day_of(head, call.data[ATTR_PERIODS])
    days = {WEEKDAYS.index(name): day for name in call.data[ATTR_DAYS]}
    await coordinator.async_write_days(head.index, days)
    return _described(coordinator.data.programs[head.index])


async def _async_copy_day(call: ServiceCall) -> ServiceResponse:
    """Make days of a time program like another day of it."""
    coordinator = _coordinator(call)
    head = _head(coordinator, call)
    program = await _read_program(coordinator, head)
    # Another program may have stored what the heat pump was never meant to have.
    day = day_of(head, periods_of(head, program.week[WEEKDAYS.index(call.data[ATTR_FROM_DAY])]))
    days = {WEEKDAYS.index(name): day for name in call.data[ATTR_DAYS]}
    await coordinator.async_write_days(head.index, days)
    return _described(coordinator.data.programs[head.index])


async def _async_get_faults(call: ServiceCall) -> ServiceResponse:
    """Read the newest lines of the fault list, the newest first."""
    coordinator = _coordinator(call)
    lines: list[FaultEntry] = []
    with coordinator.errors.command(coordinator.config_entry.title):
        if last := await coordinator.client.last_fault():
            lines.append(last)
            oldest = max(-1, last.index - call.data[ATTR_COUNT])
            lines += [
                await coordinator.client.fault(index) for index in range(last.index - 1, oldest, -1)
            ]
    return {
        "faults": [
            {
                "index": line.index,
                "kind": str(kind_of(line)),
                "error": line.error,
                "message": line.message,
                "time": line.time.isoformat(),
            }
            for line in lines
        ]
    }


def _known_name(call: ServiceCall) -> str:
    name: str = call.data[ATTR_NAME]
    if name not in CATALOG:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="no_such_parameter",
            translation_placeholders={"name": name},
        )
    return name


async def _read_parameter(coordinator: HtRestCoordinator, name: str) -> ServiceResponse:
    with coordinator.errors.command(name):
        value = (await coordinator.client.read([name], urgent=True)).get(name)
    if value is None:
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="bad_response",
            translation_placeholders={"name": name},
        )
    parameter = CATALOG[name]
    return {
        "name": name,
        "value": value,
        "meaning": CODES.get(name, {}).get(int(value), ""),
        "unit": parameter.unit,
        "type": str(parameter.data_type),
        "minimum": parameter.low,
        "maximum": parameter.high,
    }


async def _async_get_parameter(call: ServiceCall) -> ServiceResponse:
    """Read one point from the heat pump, now."""
    return await _read_parameter(_coordinator(call), _known_name(call))


async def _async_set_parameter(call: ServiceCall) -> ServiceResponse:
    """Write any setting of the catalogue, and return it once the heat pump shows it."""
    coordinator, name = _coordinator(call), _known_name(call)
    await coordinator.async_write(name, call.data[ATTR_VALUE], raw=True)
    return await _read_parameter(coordinator, name)


@callback
def async_setup_services(hass: HomeAssistant) -> None:
    """Register the actions."""
    only, optional = SupportsResponse.ONLY, SupportsResponse.OPTIONAL
    for name, handler, schema, response in (
        (SERVICE_GET_TIME_PROGRAM, _async_get_time_program, PROGRAM_SCHEMA, only),
        (SERVICE_SET_TIME_PROGRAM, _async_set_time_program, SET_PROGRAM_SCHEMA, optional),
        (SERVICE_COPY_DAY, _async_copy_day, COPY_SCHEMA, optional),
        (SERVICE_GET_FAULTS, _async_get_faults, FAULTS_SCHEMA, only),
        (SERVICE_GET_PARAMETER, _async_get_parameter, PARAMETER_SCHEMA, only),
    ):
        hass.services.async_register(DOMAIN, name, handler, schema, response)
    service.async_register_admin_service(
        hass, DOMAIN, SERVICE_SET_PARAMETER, _async_set_parameter, SET_PARAMETER_SCHEMA, optional
    )
    service.async_register_platform_entity_service(
        hass,
        DOMAIN,
        SERVICE_HEAT_WATER_NOW,
        entity_domain=WATER_HEATER_DOMAIN,
        schema=HEAT_WATER_SCHEMA,
        func="async_heat_water_now",
    )
