"""What the user may choose, and what comes of it."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from homeassistant.config_entries import ConfigFlowResult
from homeassistant.data_entry_flow import FlowResultType, InvalidData
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import entity_registry as er
from simulators.nibe_rest import ids

from .common import House
from .dialog import asked

DEFAULTS = {"poll_interval": 30, "write_access": "curated", "new_points": "standard"}


async def open_options(house: House) -> ConfigFlowResult:
    """Click on "configure"."""
    return await house.hass.config_entries.options.async_init(house.entry.entry_id)


async def fill(house: House, form: ConfigFlowResult, **values: Any) -> ConfigFlowResult:
    """Fill in the form and send it."""
    flows = house.hass.config_entries.options
    result = await flows.async_configure(form["flow_id"], values)
    await house.settle()
    return result


def entities(house: House) -> dict[str, bool]:
    """Return all entities by their unique id, and whether they are enabled."""
    registry = er.async_get(house.hass)
    return {
        entity.unique_id: entity.disabled_by is None
        for entity in er.async_entries_for_config_entry(registry, house.entry.entry_id)
    }


async def test_defaults(house: House) -> None:
    """Whoever changes nothing has chosen what was so anyway."""
    form = await open_options(house)
    assert (form["type"], form["step_id"]) == (FlowResultType.FORM, "init")
    result = await fill(house, form)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert house.entry.options == DEFAULTS


async def test_shown_again(start: Callable[..., Awaitable[House]]) -> None:
    """The form shows what was chosen before."""
    chosen = {"poll_interval": 60, "write_access": "none", "new_points": "minimal"}
    house = await start(**chosen)
    form = await open_options(house)
    assert form["data_schema"]
    shown = {str(key): key.description for key in form["data_schema"].schema}
    assert shown == {key: {"suggested_value": value} for key, value in chosen.items()}


@pytest.mark.parametrize(
    "wrong",
    [
        {"poll_interval": 9},
        {"poll_interval": 601},
        {"poll_interval": "often"},
        {"write_access": "everything"},
        {"new_points": "some"},
    ],
)
async def test_bounds(house: House, wrong: dict[str, object]) -> None:
    """What is not offered is not taken."""
    with pytest.raises(InvalidData):
        await fill(house, await open_options(house), **wrong)
    assert house.entry.options == {}


@pytest.mark.parametrize("seconds", [10, 45.0, 600])
async def test_poll_interval(house: House, seconds: float) -> None:
    """The heat pump is asked as often as the user said, no more and no less."""
    await fill(house, await open_options(house), poll_interval=seconds)
    assert house.entry.runtime_data.update_interval.total_seconds() == seconds
    house.pump.stats.reset()
    await house.fire(seconds - 2)
    assert asked(house.pump) == 0
    await house.fire(seconds + 2)
    assert house.pump.stats.calls["GET /api/v1/devices/{device}/points"] == 1


async def test_write_access(house: House) -> None:
    """What may be written changes at once."""
    await fill(house, await open_options(house), write_access="none")
    with pytest.raises(ServiceValidationError) as raised:
        await house.call("number", "set_value", ids.HEATING_OFFSET, value=2)
    assert raised.value.translation_key == "write_access"
    await fill(house, await open_options(house), write_access="full")
    await house.call("number", "set_value", ids.HEATING_OFFSET, value=2)
    assert house.pump.stats.asked == [(ids.HEATING_OFFSET, 2)]


@pytest.mark.parametrize(
    ("before", "after"),
    [("standard", "minimal"), ("standard", "all"), ("all", "minimal"), ("minimal", "all")],
)
async def test_no_entity_is_lost(
    start: Callable[..., Awaitable[House]], before: str, after: str
) -> None:
    """Entities that exist stay as they are, whatever is chosen."""
    house = await start(new_points=before)
    known = entities(house)
    await fill(house, await open_options(house), new_points=after, write_access="none")
    assert entities(house) == known


async def test_more_is_more(
    start: Callable[..., Awaitable[House]],
) -> None:
    """Each choice enables what the one before does, and more; all of them are always there."""
    enabled: list[set[str]] = []
    everything: list[set[str]] = []
    for choice in ("minimal", "standard", "all"):
        house = await start(new_points=choice)
        found = entities(house)
        enabled.append({key for key, on in found.items() if on})
        everything.append(set(found))
        await house.hass.config_entries.async_remove(house.entry.entry_id)
        er.async_get(house.hass).deleted_entities.clear()
    assert enabled[0] < enabled[1] < enabled[2]
    assert everything[0] == everything[1] == everything[2] == enabled[2]
