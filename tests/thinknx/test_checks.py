"""What forms and lists let through."""

from typing import Any

import pytest

from custom_components.thinknx.checks import errors_of, fitting_options
from custom_components.thinknx.endpoints import ASPECTS, Kind


def errors(kind: Kind, **options: Any) -> dict[str, str]:
    """Return what is wrong with a device that shows all it can."""
    return errors_of(kind, ASPECTS[kind], options)


@pytest.mark.parametrize("kind", Kind)
def test_nothing_wrong(kind: Kind) -> None:
    """A device without options is well."""
    assert errors(kind) == {}


@pytest.mark.parametrize(
    ("options", "wrong"),
    [
        ({"min": 10, "max": 20, "step": 10}, {}),
        ({"min": 20, "max": 10}, {"max": "limits"}),
        ({"min": 20, "max": 20}, {"max": "limits"}),
        ({"min": 35}, {"min": "limits"}),
        ({"max": 5}, {"max": "limits"}),
        ({"step": 0}, {"step": "step"}),
        ({"step": -1}, {"step": "step"}),
        ({"min": 10, "max": 11, "step": 2}, {"step": "step"}),
        ({"min": -1e10}, {"min": "too_far"}),
        ({"max": float("inf")}, {"max": "too_far"}),
        ({"min": float("nan")}, {"min": "too_far"}),
        ({"step": float("nan")}, {"step": "step"}),
    ],
)
def test_limits(options: dict[str, Any], wrong: dict[str, str]) -> None:
    """Limits and step make sense together, and with those that are taken where none is given."""
    assert errors(Kind.THERMOSTAT, **options) == wrong


def number(**options: Any) -> dict[str, str]:
    """Return what is wrong with a value that can be set."""
    return errors(Kind.ANALOG, show_as="number", **options)


def test_number_needs_limits() -> None:
    """A value that can be set has limits that somebody thought of."""
    assert number() == {"min": "limit_missing", "max": "limit_missing"}
    assert number(min=0) == {"max": "limit_missing"}
    assert number(min=0, max=10, step=20) == {"step": "step"}
    assert number(min=0, max=10) == {}


def test_class_of_number() -> None:
    """A number has a class of numbers, and its unit."""
    assert number(min=0, max=9, device_class="temperature", unit="°C") == {}
    assert number(min=0, max=9, device_class="temperature", unit="%") == {"unit": "unit"}
    assert number(min=0, max=9, device_class="timestamp") == {"device_class": "number_class"}


@pytest.mark.parametrize(
    ("options", "wrong"),
    [
        ({"device_class": "temperature", "unit": "°C", "state_class": "measurement"}, {}),
        ({"device_class": "temperature"}, {"unit": "unit"}),
        ({"device_class": "temperature", "unit": "lx"}, {"unit": "unit"}),
        ({"device_class": "energy", "unit": "kWh", "state_class": "total_increasing"}, {}),
        (
            {"device_class": "energy", "unit": "kWh", "state_class": "measurement"},
            {"state_class": "state_class"},
        ),
        ({"device_class": "aqi", "unit": "points"}, {"unit": "unit"}),
        ({"device_class": "enum"}, {"device_class": "sensor_class"}),
        ({"device_class": "timestamp", "unit": "s"}, {"device_class": "sensor_class"}),
        ({"unit": "anything", "state_class": "measurement"}, {}),
        ({"unit": "°", "state_class": "measurement_angle"}, {}),
        ({"unit": "m", "state_class": "measurement_angle"}, {"unit": "state_unit"}),
        ({"min": 5, "max": 1, "device_class": "humidity", "unit": "%"}, {}),
    ],
)
def test_sensor(options: dict[str, Any], wrong: dict[str, str]) -> None:
    """Class, unit and statistics of a sensor go together."""
    assert errors(Kind.ANALOG, show_as="sensor", **options) == wrong


@pytest.mark.parametrize(
    ("kind", "enough", "too_little"),
    [
        (Kind.LIGHT, [], None),
        (Kind.COVER, [], None),
        (Kind.THERMOSTAT, ["setpoint"], ["chronoen"]),
        (Kind.HVAC, ["hvacfan"], []),
        (Kind.ANALOG, ["value"], []),
        (Kind.SCENE, [], None),
    ],
)
def test_something_to_show(kind: Kind, enough: list[Any], too_little: list[Any] | None) -> None:
    """What is there to be looked at shows something."""
    assert errors_of(kind, enough, {}) == {}
    if too_little is not None:
        assert errors_of(kind, too_little, {}) == {"aspects": "nothing_to_show"}


def test_options_of_a_list() -> None:
    """Options of a list are taken as the form would take them, or not at all."""
    light = {"show_as": "switch"}
    assert fitting_options(Kind.LIGHT, (), light, {}) == light
    assert fitting_options(Kind.LIGHT, (), {}, {}) == {"show_as": "light"}
    for wrong in ({"show_as": "rocket"}, {"speed": 1}, {"show_as": ["light"]}):
        assert fitting_options(Kind.LIGHT, (), wrong, {}) is None
    room = {"temperature_guid": "aaaaaaaa"}
    assert fitting_options(Kind.HVAC, (), room, {}) is None
    assert fitting_options(Kind.HVAC, (), room, {"aaaaaaaa": "Room"}) == room
    assert fitting_options(Kind.THERMOSTAT, (), {"min": 50}, {}) is None
