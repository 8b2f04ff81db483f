"""Options of an account."""

from typing import Any

import voluptuous as vol

from homeassistant.config_entries import (
    ConfigEntryState,
    ConfigFlowResult,
    OptionsFlowWithReload,
)
from homeassistant.helpers.selector import (
    BooleanSelector,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    TextSelector,
    TextSelectorConfig,
)

from .const import (
    CONF_FORECAST_SITES,
    CONF_HISTORY,
    CONF_POLL_INTERVAL,
    CONF_SITES,
    CONF_TAGS,
    DEFAULT_POLL_INTERVAL,
    MAX_POLL_INTERVAL,
    MIN_POLL_INTERVAL,
)


class VrmOptionsFlow(OptionsFlowWithReload):
    """Preferences of an account."""

    async def async_step_init(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for all of them at once."""
        if user_input is not None:
            tags = [tag.strip() for tag in user_input.get(CONF_TAGS, ()) if tag.strip()]
            return self.async_create_entry(data={**user_input, CONF_TAGS: tags})
        return self.async_show_form(
            step_id="init",
            data_schema=self.add_suggested_values_to_schema(
                self._schema(), self.config_entry.options
            ),
        )

    def _schema(self) -> vol.Schema:
        sites = SelectSelector(SelectSelectorConfig(options=self._sites(), multiple=True))
        return vol.Schema(
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
                vol.Optional(CONF_SITES): sites,
                vol.Optional(CONF_TAGS): TextSelector(TextSelectorConfig(multiple=True)),
                vol.Optional(CONF_FORECAST_SITES): sites,
                vol.Required(CONF_HISTORY, default=False): BooleanSelector(),
            }
        )

    def _sites(self) -> list[SelectOptionDict]:
        """Return the sites of the account, and those that were chosen before."""
        entry = self.config_entry
        known: dict[str, str] = {}
        for key in (CONF_SITES, CONF_FORECAST_SITES):
            known |= {site_id: site_id for site_id in entry.options.get(key, ())}
        if entry.state is ConfigEntryState.LOADED:
            known |= {str(it.site_id): it.name for it in entry.runtime_data.all_sites}
        return [
            SelectOptionDict(value=site_id, label=name)
            for site_id, name in sorted(known.items(), key=lambda it: it[1].casefold())
        ]
