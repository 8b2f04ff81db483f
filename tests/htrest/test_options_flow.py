"""The options."""

from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType

from .common import CLIMATE, House, make_entry


async def test_options(hass: HomeAssistant, house: House) -> None:
    """Options are shown as they are, take effect at once, and delete nothing."""
    entities = {state.entity_id for state in hass.states.async_all()}
    flow = await hass.config_entries.options.async_init(house.entry.entry_id)
    assert flow["type"] is FlowResultType.FORM
    schema = flow["data_schema"]
    assert schema is not None
    suggested = {str(key): key.description for key in schema.schema}
    assert suggested["allow_changes"] == {"suggested_value": True}
    wanted = {
        "poll_interval": 60,
        "allow_changes": False,
        "keep_clock": True,
        "allow_raw": False,
    }
    result = await hass.config_entries.options.async_configure(flow["flow_id"], wanted)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await house.settle()
    assert dict(house.entry.options) == wanted
    assert {state.entity_id for state in hass.states.async_all()} == entities
    assert house.state("climate", CLIMATE).attributes["supported_features"] == 0
    assert house.state("sensor", "poll_interval").state == "60"


async def test_defaults(hass: HomeAssistant, house: House) -> None:
    """At first nothing may be changed."""
    entry = make_entry(house.server)
    assert entry.options == {}
    hass.config_entries.async_update_entry(house.entry, options={})
    flow = await hass.config_entries.options.async_init(house.entry.entry_id)
    schema = flow["data_schema"]
    assert schema is not None
    assert schema({}) == {
        "poll_interval": 30,
        "allow_changes": False,
        "keep_clock": False,
        "allow_raw": False,
    }
