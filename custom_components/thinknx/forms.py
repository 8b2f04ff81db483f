"""The fields of forms, each kind of device's among them, and words of the user's language."""

from collections.abc import Mapping
from typing import Any, Final

import voluptuous as vol

from homeassistant.components.climate import HVACMode
from homeassistant.const import CONF_NAME, Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.selector import (
    AreaSelector,
    BooleanSelector,
    DeviceClassSelector,
    DeviceClassSelectorConfig,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    StateClassSelector,
    TextSelector,
)
from homeassistant.helpers.translation import async_get_translations

from .const import CONF_ASPECTS, DOMAIN
from .devices import (
    CONF_AREA,
    CONF_DEVICE_CLASS,
    CONF_HVAC_MODE,
    CONF_INVERT_POSITION,
    CONF_INVERT_STEP,
    CONF_INVERT_TILT,
    CONF_MAX,
    CONF_MIN,
    CONF_PRECISION,
    CONF_SHOW_AS,
    CONF_STATE_CLASS,
    CONF_STEP,
    CONF_TEMPERATURE_GUID,
    CONF_TILT_STEPS,
    CONF_UNIT,
)
from .endpoints import ASPECTS, Kind

KIND_WORDS: Final = "selector.kind.options."
NOTE_WORDS: Final = "selector.row_note.options."

AS_LIGHT: Final = "light"
AS_NUMBER: Final = "number"
AS_SENSOR: Final = "sensor"
AS_SWITCH: Final = "switch"

type Fields = dict[vol.Marker, Any]

NUMBER: Final = NumberSelector(NumberSelectorConfig(mode=NumberSelectorMode.BOX, step="any"))
DIGITS: Final = vol.All(
    NumberSelector(NumberSelectorConfig(min=0, max=6, mode=NumberSelectorMode.BOX)),
    vol.Coerce(int),
)
LIMIT_FIELDS: Final[Fields] = {
    vol.Optional(CONF_MIN): NUMBER,
    vol.Optional(CONF_MAX): NUMBER,
    vol.Optional(CONF_STEP): NUMBER,
}

LIGHT_FIELDS: Final[Fields] = {
    vol.Required(CONF_SHOW_AS, default=AS_LIGHT): SelectSelector(
        SelectSelectorConfig(
            options=[AS_LIGHT, AS_SWITCH],
            translation_key="light_as",
            mode=SelectSelectorMode.DROPDOWN,
        )
    ),
}
COVER_FIELDS: Final[Fields] = {
    vol.Optional(CONF_DEVICE_CLASS): DeviceClassSelector(
        DeviceClassSelectorConfig(domain=Platform.COVER)
    ),
    vol.Required(CONF_TILT_STEPS, default=False): BooleanSelector(),
    vol.Required(CONF_INVERT_POSITION, default=False): BooleanSelector(),
    vol.Required(CONF_INVERT_TILT, default=False): BooleanSelector(),
    vol.Required(CONF_INVERT_STEP, default=False): BooleanSelector(),
}
THERMOSTAT_FIELDS: Final[Fields] = {
    vol.Required(CONF_HVAC_MODE, default=str(HVACMode.HEAT)): SelectSelector(
        SelectSelectorConfig(
            options=[str(HVACMode.HEAT), str(HVACMode.COOL), str(HVACMode.HEAT_COOL)],
            translation_key="hvac_mode",
            mode=SelectSelectorMode.DROPDOWN,
        )
    ),
    **LIMIT_FIELDS,
}
ANALOG_FIELDS: Final[Fields] = {
    vol.Required(CONF_SHOW_AS, default=AS_SENSOR): SelectSelector(
        SelectSelectorConfig(
            options=[AS_SENSOR, AS_NUMBER],
            translation_key="analog_as",
            mode=SelectSelectorMode.DROPDOWN,
        )
    ),
    vol.Optional(CONF_DEVICE_CLASS): DeviceClassSelector(
        DeviceClassSelectorConfig(domain=Platform.SENSOR)
    ),
    vol.Optional(CONF_UNIT): TextSelector(),
    vol.Optional(CONF_STATE_CLASS): StateClassSelector(),
    vol.Optional(CONF_PRECISION): DIGITS,
    **LIMIT_FIELDS,
}


def option_fields(kind: Kind, linked: Mapping[str, str]) -> Fields:
    """Return the fields that are special to a kind of device.

    Args:
        kind: of the device.
        linked: GUID and name of the devices from which a room's temperature can be taken.
    """
    hvac: Fields = {
        vol.Optional(CONF_TEMPERATURE_GUID): SelectSelector(
            SelectSelectorConfig(
                options=[SelectOptionDict(value=guid, label=name) for guid, name in linked.items()],
                mode=SelectSelectorMode.DROPDOWN,
            )
        ),
        **LIMIT_FIELDS,
    }
    fields: Mapping[Kind, Fields] = {
        Kind.LIGHT: LIGHT_FIELDS,
        Kind.COVER: COVER_FIELDS,
        Kind.THERMOSTAT: THERMOSTAT_FIELDS,
        Kind.HVAC: hvac,
        Kind.ANALOG: ANALOG_FIELDS,
    }
    return fields.get(kind, {})


def details_schema(kind: Kind, linked: Mapping[str, str], *, new: bool) -> vol.Schema:
    """Return the form of what a device of a kind is like.

    Of one that there is already the area is changed where Home Assistant shows the device, and the
    one aspect of a value is no choice.
    """
    fields: Fields = {vol.Required(CONF_NAME): TextSelector()}
    if new:
        fields[vol.Optional(CONF_AREA)] = AreaSelector()
    if len(ASPECTS[kind]) > 1:
        fields[vol.Required(CONF_ASPECTS)] = SelectSelector(
            SelectSelectorConfig(
                options=[str(aspect) for aspect in ASPECTS[kind]],
                multiple=True,
                translation_key="aspects",
                mode=SelectSelectorMode.LIST,
            )
        )
    return vol.Schema(fields | option_fields(kind, linked))


async def async_words(hass: HomeAssistant, words: str) -> dict[str, str]:
    """Return what choices are called in the language of Home Assistant, by their keys."""
    texts = await async_get_translations(hass, hass.config.language, "selector", {DOMAIN})
    start = f"component.{DOMAIN}.{words}"
    return {key.removeprefix(start): text for key, text in texts.items() if key.startswith(start)}
