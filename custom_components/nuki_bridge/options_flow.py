"""Options of a bridge."""

from typing import Any

import voluptuous as vol

from homeassistant.config_entries import ConfigFlowResult, OptionsFlowWithReload
from homeassistant.helpers.selector import (
    BooleanSelector,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)

from .callback_url import plain_base, usable_base
from .const import (
    CONF_ALLOW_MAINTENANCE,
    CONF_CALLBACK_URL,
    CONF_OPEN_ONLY_UNLOCKED,
    CONF_POLL_INTERVAL,
    CONF_USE_CALLBACKS,
    DEFAULT_POLL_INTERVAL,
    MAX_POLL_INTERVAL,
    MIN_POLL_INTERVAL,
)

OPTIONS_SCHEMA = vol.Schema(
    {
        vol.Required(CONF_POLL_INTERVAL, default=DEFAULT_POLL_INTERVAL): vol.All(
            NumberSelector(
                NumberSelectorConfig(
                    min=MIN_POLL_INTERVAL,
                    max=MAX_POLL_INTERVAL,
                    unit_of_measurement="s",
                    mode=NumberSelectorMode.BOX,
                )
            ),
            vol.Coerce(int),
        ),
        vol.Required(CONF_USE_CALLBACKS, default=True): BooleanSelector(),
        vol.Optional(CONF_CALLBACK_URL): TextSelector(
            TextSelectorConfig(type=TextSelectorType.URL)
        ),
        vol.Required(CONF_OPEN_ONLY_UNLOCKED, default=False): BooleanSelector(),
        vol.Required(CONF_ALLOW_MAINTENANCE, default=False): BooleanSelector(),
    }
)


class NukiOptionsFlow(OptionsFlowWithReload):
    """Preferences of a bridge."""

    async def async_step_init(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for all of them at once."""
        errors: dict[str, str] = {}
        if user_input is not None:
            base = plain_base(user_input.get(CONF_CALLBACK_URL, ""))
            if not base or usable_base(base, self.config_entry):
                return self.async_create_entry(data={**user_input, CONF_CALLBACK_URL: base})
            errors[CONF_CALLBACK_URL] = "unusable_url"
        return self.async_show_form(
            step_id="init",
            data_schema=self.add_suggested_values_to_schema(
                OPTIONS_SCHEMA, user_input or self.config_entry.options
            ),
            errors=errors,
        )
