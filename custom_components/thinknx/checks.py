"""What forms and lists let through."""

from collections.abc import Collection, Mapping
from typing import Any, Final

import voluptuous as vol

from homeassistant.components.number import DEVICE_CLASS_UNITS as NUMBER_UNITS, NumberDeviceClass
from homeassistant.components.sensor import (
    DEVICE_CLASS_STATE_CLASSES,
    DEVICE_CLASS_UNITS,
    NON_NUMERIC_DEVICE_CLASSES,
    SensorDeviceClass,
    SensorStateClass,
)
from homeassistant.components.sensor.const import STATE_CLASS_UNITS

from .const import CONF_ASPECTS
from .devices import (
    CONF_DEVICE_CLASS,
    CONF_MAX,
    CONF_MIN,
    CONF_SHOW_AS,
    CONF_STATE_CLASS,
    CONF_STEP,
    CONF_UNIT,
    LIMITS,
    shows_something,
)
from .endpoints import Aspect, Kind
from .forms import AS_NUMBER, option_fields

FARTHEST: Final = 1e9  # from zero, that a value can be set to


def errors_of(
    kind: Kind, aspects: Collection[Aspect], options: Mapping[str, Any]
) -> dict[str, str]:
    """Return what is wrong with a device as the user wants it, by field."""
    errors: dict[str, str] = {}
    if not shows_something(kind, aspects):
        errors[CONF_ASPECTS] = "nothing_to_show"
    if kind is not Kind.ANALOG:
        return errors | _errors_of_limits(kind, options)
    if options.get(CONF_SHOW_AS) != AS_NUMBER:
        return errors | _errors_of_sensor(options)
    for field in (CONF_MIN, CONF_MAX):
        if options.get(field) is None:
            errors[field] = "limit_missing"
    return _errors_of_limits(kind, options) | errors | _errors_of_number(options)


def _errors_of_limits(kind: Kind, options: Mapping[str, Any]) -> dict[str, str]:
    """Compare limits and step, those that are taken where the user gives none among them."""
    errors: dict[str, str] = {}
    if kind not in LIMITS:
        return errors
    given = (options.get(key) for key in (CONF_MIN, CONF_MAX, CONF_STEP))
    pairs = zip(given, LIMITS[kind], strict=True)
    low, high, step = (usual if value is None else value for value, usual in pairs)
    for field, limit in ((CONF_MIN, low), (CONF_MAX, high)):
        if not -FARTHEST <= limit <= FARTHEST:
            errors[field] = "too_far"
    if not errors and low >= high:
        errors[CONF_MAX if options.get(CONF_MAX) is not None else CONF_MIN] = "limits"
    elif not errors and not 0 < step <= high - low:
        errors[CONF_STEP] = "step"
    return errors


def _errors_of_number(options: Mapping[str, Any]) -> dict[str, str]:
    errors: dict[str, str] = {}
    if not (device_class := options.get(CONF_DEVICE_CLASS)):
        return errors
    if device_class not in set(NumberDeviceClass):
        errors[CONF_DEVICE_CLASS] = "number_class"
    else:
        units = NUMBER_UNITS.get(NumberDeviceClass(device_class))
        if units is not None and (options.get(CONF_UNIT) or None) not in units:
            errors[CONF_UNIT] = "unit"
    return errors


def _errors_of_sensor(options: Mapping[str, Any]) -> dict[str, str]:
    errors: dict[str, str] = {}
    unit = options.get(CONF_UNIT) or None
    state_class = options.get(CONF_STATE_CLASS)
    if device_class := options.get(CONF_DEVICE_CLASS):
        measured = SensorDeviceClass(device_class)
        units = DEVICE_CLASS_UNITS.get(measured)
        fitting = DEVICE_CLASS_STATE_CLASSES.get(measured)
        if measured in NON_NUMERIC_DEVICE_CLASSES:
            errors[CONF_DEVICE_CLASS] = "sensor_class"
        elif units is not None and unit not in units:
            errors[CONF_UNIT] = "unit"
        elif state_class and fitting is not None and SensorStateClass(state_class) not in fitting:
            errors[CONF_STATE_CLASS] = "state_class"
    if state_class and not errors:
        units_of_state = STATE_CLASS_UNITS.get(SensorStateClass(state_class))
        if units_of_state is not None and unit not in units_of_state:
            errors[CONF_UNIT] = "state_unit"
    return errors


def fitting_options(
    kind: Kind, aspects: Collection[Aspect], options: Mapping[str, Any], linked: Mapping[str, str]
) -> dict[str, Any] | None:
    """Return options of a list as the form of its kind would have let them through, or None."""
    schema = vol.Schema(option_fields(kind, linked))
    try:
        checked: dict[str, Any] = schema(dict(options))
    except vol.Invalid:
        return None
    return None if errors_of(kind, aspects, checked).keys() - {CONF_ASPECTS} else checked
