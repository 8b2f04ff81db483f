"""Options of a server."""

from typing import Any

import voluptuous as vol

from homeassistant.components import webhook
from homeassistant.config_entries import ConfigFlowResult, OptionsFlow
from homeassistant.const import CONF_WEBHOOK_ID
from homeassistant.helpers.network import NoURLAvailableError
from homeassistant.helpers.selector import (
    BooleanSelector,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    TextSelector,
    TextSelectorConfig,
)

from .const import (
    CONF_ALLOW_TELEGRAMS,
    CONF_GROUPS,
    CONF_KEY,
    CONF_RATE,
    CONF_WEBHOOK,
    FASTEST_RATE,
    RATE_FAR,
    RATE_NEAR,
    SLOWEST_RATE,
)
from .telegrams import clean_group

OPTIONS_SCHEMA = vol.Schema(
    {
        vol.Required(CONF_RATE): NumberSelector(
            NumberSelectorConfig(
                min=SLOWEST_RATE,
                max=FASTEST_RATE,
                step=0.1,
                unit_of_measurement="1/s",
                mode=NumberSelectorMode.BOX,
            )
        ),
        vol.Required(CONF_WEBHOOK, default=False): BooleanSelector(),
        vol.Required(CONF_ALLOW_TELEGRAMS, default=False): BooleanSelector(),
        vol.Optional(CONF_GROUPS): TextSelector(TextSelectorConfig(multiple=True)),
    }
)


class ThinknxOptionsFlow(OptionsFlow):
    """Preferences of a server; they take effect without a reload."""

    async def async_step_init(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for all of them at once."""
        entry = self.config_entry
        errors: dict[str, str] = {}
        if user_input is not None:
            groups = [clean_group(group) for group in user_input.get(CONF_GROUPS, ())]
            if None not in groups:
                return self.async_create_entry(
                    data={**user_input, CONF_GROUPS: list(dict.fromkeys(groups))}
                )
            errors[CONF_GROUPS] = "no_group"
        usual = {CONF_RATE: RATE_FAR if entry.data.get(CONF_KEY) else RATE_NEAR}
        known = user_input or {**usual, **entry.options}
        return self.async_show_form(
            step_id="init",
            data_schema=self.add_suggested_values_to_schema(OPTIONS_SCHEMA, known),
            errors=errors,
            description_placeholders={"url": self._webhook_url()},
        )

    def _webhook_url(self) -> str:
        """Return what the server has to call; without an address of Home Assistant its path."""
        webhook_id = self.config_entry.data[CONF_WEBHOOK_ID]
        try:
            return webhook.async_generate_url(self.hass, webhook_id, allow_external=False)
        except NoURLAvailableError:
            return webhook.async_generate_path(webhook_id)
