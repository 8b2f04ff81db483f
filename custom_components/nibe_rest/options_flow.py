"""Options of a heat pump."""

from typing import Any

import voluptuous as vol

from homeassistant.config_entries import ConfigFlowResult, OptionsFlowWithReload
from homeassistant.helpers.selector import (
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectSelector,
    SelectSelectorConfig,
)

from .const import (
    CONF_NEW_POINTS,
    CONF_POLL_INTERVAL,
    CONF_WRITE_ACCESS,
    DEFAULT_POLL_INTERVAL,
    MAX_POLL_INTERVAL,
    MIN_POLL_INTERVAL,
    NewPoints,
    WriteAccess,
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
        vol.Required(CONF_WRITE_ACCESS, default=WriteAccess.CURATED): SelectSelector(
            SelectSelectorConfig(
                options=[str(access) for access in WriteAccess], translation_key=CONF_WRITE_ACCESS
            )
        ),
        vol.Required(CONF_NEW_POINTS, default=NewPoints.STANDARD): SelectSelector(
            SelectSelectorConfig(
                options=[str(choice) for choice in NewPoints], translation_key=CONF_NEW_POINTS
            )
        ),
    }
)


class NibeOptionsFlow(OptionsFlowWithReload):
    """Preferences of a heat pump; changing them deletes nothing."""

    async def async_step_init(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for all of them at once."""
        if user_input is not None:
            return self.async_create_entry(data=user_input)
        return self.async_show_form(
            step_id="init",
            data_schema=self.add_suggested_values_to_schema(
                OPTIONS_SCHEMA, self.config_entry.options
            ),
        )
