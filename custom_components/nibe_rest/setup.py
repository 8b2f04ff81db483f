"""What is looked at once, while an entry is set up."""

from collections.abc import Sequence

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_HOST
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import ConfigEntryAuthFailed, ConfigEntryNotReady
from homeassistant.helpers.update_coordinator import UpdateFailed

from .api import NibeClient
from .const import CONF_SERIAL, DOMAIN, OLDEST_FIRMWARE
from .coordinator import FIRMWARE_POINT, NibeConfigEntry
from .models import Device
from .repairs import IssueKind, async_report
from .translate import ErrorTranslator


async def async_find_device(
    hass: HomeAssistant, entry: NibeConfigEntry, client: NibeClient
) -> tuple[list[Device], Device | None]:
    """Return all heat pumps behind the address, and the one of this entry.

    Raises:
        ConfigEntryAuthFailed: user or password is wrong.
        ConfigEntryNotReady: all else.
    """
    try:
        with ErrorTranslator(hass, entry).poll():
            devices = await client.devices()
    except ConfigEntryAuthFailed:
        raise
    except UpdateFailed as err:
        raise ConfigEntryNotReady(
            translation_domain=DOMAIN,
            translation_key=err.translation_key,
            translation_placeholders=err.translation_placeholders,
        ) from err
    serial = entry.data[CONF_SERIAL]
    return devices, next((device for device in devices if device.serial == serial), None)


@callback
def async_check_plant(
    hass: HomeAssistant, entry: NibeConfigEntry, devices: Sequence[Device]
) -> None:
    """Tell of firmware that is too old, and of heat pumps that are not set up yet."""
    raw = entry.runtime_data.data.values.get(FIRMWARE_POINT)
    too_old = isinstance(raw, int) and (raw >> 8, raw & 0xFF) < OLDEST_FIRMWARE
    async_report(hass, entry, IssueKind.FIRMWARE_TOO_OLD, present=too_old)
    entries = hass.config_entries.async_entries(DOMAIN)
    known = {other.unique_id for other in entries}
    missing = [device.serial for device in devices if device.serial not in known]
    # One that has just been set up is no longer missing beside the others either.
    for other in entries:
        if other is entry or (
            other.data[CONF_HOST] == entry.data[CONF_HOST]
            and other.state is ConfigEntryState.LOADED
        ):
            async_report(
                hass,
                other,
                IssueKind.MORE_PUMPS,
                present=bool(missing),
                detail=f"{', '.join(missing)} ({entry.data[CONF_HOST]})",
            )
