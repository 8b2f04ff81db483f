"""What is looked at once, while an entry is set up or removed."""

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import ConfigEntryAuthFailed, ConfigEntryNotReady
from homeassistant.helpers.update_coordinator import UpdateFailed

from .api import HtRestClient
from .boost import HotWaterBoost, described
from .connection import client_for
from .const import DEFAULT_POLL_INTERVAL, DOMAIN, LOGGER
from .coordinator import HtRestConfigEntry
from .errors import HtRestError, HtRestOtherPumpError, HtRestPumpSilentError
from .memory import Memory
from .models import Device
from .reader import Reader
from .repairs import IssueKind, async_forget_issues, async_report
from .translate import ErrorTranslator


async def async_find_device(
    hass: HomeAssistant, entry: HtRestConfigEntry, client: HtRestClient
) -> Device:
    """Return the heat pump behind the server.

    Raises:
        ConfigEntryAuthFailed: user or password is wrong.
        ConfigEntryNotReady: all else.
    """
    try:
        with ErrorTranslator(hass, entry).poll():
            return await client.device()
    except ConfigEntryAuthFailed:
        raise
    except UpdateFailed as err:
        _forget_when_given_up(hass, entry)
        if isinstance(err.__cause__, HtRestPumpSilentError):
            # Home Assistant tries again and again, each time with an empty memory of failures.
            async_report(hass, entry, IssueKind.PUMP_SILENT, present=True)
        raise ConfigEntryNotReady(
            translation_domain=DOMAIN,
            translation_key=err.translation_key,
            translation_placeholders=err.translation_placeholders,
        ) from err


@callback
def _forget_when_given_up(hass: HomeAssistant, entry: HtRestConfigEntry) -> None:
    """Take back what was told of an entry that does not start, once it is disabled."""

    @callback
    def look() -> None:
        if entry.state is ConfigEntryState.SETUP_IN_PROGRESS or entry.disabled_by:
            stop()
        if entry.disabled_by:
            async_forget_issues(hass, entry)

    stop = entry.async_on_state_change(look)


async def async_end_boost_of(hass: HomeAssistant, entry: HtRestConfigEntry, memory: Memory) -> None:
    """Put back what was set before hot water was heated, before nobody knows it any more."""
    if (boost := memory.boost) is None:
        return
    client = client_for(hass, entry.data)
    reader = Reader(client, memory, str(entry.unique_id), DEFAULT_POLL_INTERVAL)
    try:
        if (await client.device()).serial != entry.unique_id:
            raise HtRestOtherPumpError
        await HotWaterBoost(reader, client.write).stop()
    except HtRestError:
        LOGGER.warning(
            "%s was removed while hot water was heated; set by hand what was set before: %s",
            entry.title,
            described(boost),
        )
