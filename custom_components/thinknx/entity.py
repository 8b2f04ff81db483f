"""Base entities: of the server, and of its devices."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, override

from homeassistant.core import callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.restore_state import ExtraStoredData, RestoreEntity
from homeassistant.helpers.update_coordinator import CoordinatorEntity
from homeassistant.util import dt as dt_util

from .address import Connection
from .const import DOMAIN
from .coordinator import ThinknxConfigEntry, ThinknxCoordinator
from .device_coordinator import DeviceCoordinator
from .endpoints import Aspect
from .values import Value

ATTR_AS_OF: Final = "as_of"


def server_device_info(entry: ThinknxConfigEntry) -> DeviceInfo:
    """Return how the server stands in the device registry."""
    coordinator = entry.runtime_data
    address = coordinator.client.address
    local = address.connection is Connection.LOCAL
    return DeviceInfo(
        # A server tells nothing by which it could be known again.
        identifiers={(DOMAIN, entry.entry_id)},
        manufacturer="Thinknx",
        name=entry.title,
        sw_version=coordinator.data.status.version,
        configuration_url=f"http://{address.host}" if local and ":" not in address.host else None,
    )


@callback
def async_register_server(entry: ThinknxConfigEntry) -> None:
    """Put the server into the device registry, before its devices."""
    coordinator = entry.runtime_data
    device = dr.async_get(coordinator.hass).async_get_or_create(
        config_entry_id=entry.entry_id, **server_device_info(entry)
    )
    coordinator.device_id = device.id


class ThinknxServerEntity(CoordinatorEntity[ThinknxCoordinator]):
    """An entity of the server itself."""

    _attr_has_entity_name = True

    def __init__(self, coordinator: ThinknxCoordinator, key: str) -> None:
        """Belong to the server."""
        super().__init__(coordinator)
        entry_id = coordinator.config_entry.entry_id
        self._attr_unique_id = f"{entry_id}_{key}"
        self._attr_device_info = DeviceInfo(identifiers={(DOMAIN, entry_id)})

    @override
    async def async_update(self) -> None:
        """Have the server asked how it is doing before anything else."""
        self.coordinator.scheduler.read_status_soon()


@dataclass(frozen=True, slots=True)
class Kept(ExtraStoredData):
    """What a device showed when Home Assistant was shut down."""

    values: Mapping[str, Value]

    @override
    def as_dict(self) -> dict[str, Any]:
        return {"at": dt_util.utcnow().isoformat(), "values": dict(self.values)}


class ThinknxEntity(CoordinatorEntity[DeviceCoordinator], RestoreEntity):
    """An entity of a device; it has those aspects read that it shows.

    It takes a while until everything was read once: until then it shows what it showed before a
    restart, and of when that is.
    """

    _attr_has_entity_name = True
    _unrecorded_attributes = frozenset({ATTR_AS_OF})

    def __init__(
        self, coordinator: DeviceCoordinator, key: str, aspects: frozenset[Aspect] = frozenset()
    ) -> None:
        """Listen to the device, which is known by its GUID whatever way leads to it."""
        super().__init__(coordinator, context=aspects)
        device = coordinator.device
        self._aspects = aspects & device.aspects
        self._attr_unique_id = f"{device.guid}_{key}"
        self._attr_device_info = DeviceInfo(
            identifiers={(DOMAIN, device.guid)},
            manufacturer="Thinknx",
            name=device.name,
            via_device_id=coordinator.server.device_id,
        )
        if device.area:
            self._attr_device_info["suggested_area"] = device.area

    @override
    async def async_added_to_hass(self) -> None:
        """Show what was shown before a restart, until it is read."""
        if kept := await self.async_get_last_extra_data():
            data = kept.as_dict()
            values = {it: data["values"][it] for it in self._aspects if it in data["values"]}
            self.coordinator.async_remember(values, datetime.fromisoformat(data["at"]))
        await super().async_added_to_hass()

    @override
    async def async_update(self) -> None:
        """Have the device read before the others."""
        self.coordinator.async_read_soon(self._aspects)

    @property
    @override
    def extra_restore_state_data(self) -> ExtraStoredData:
        """What to show after a restart."""
        shown = ((aspect, self.shown(aspect)) for aspect in self._aspects)
        return Kept({str(aspect): value for aspect, value in shown if value is not None})

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any] | None:
        """Of when the state is, if it has not been read since the restart."""
        moments = [
            moment
            for aspect, moment in self.coordinator.data.as_of.items()
            if aspect in self._aspects
        ]
        return {ATTR_AS_OF: min(moments).isoformat()} if moments else None

    @property
    @override
    def available(self) -> bool:
        """Whether the server answers, and knows the device."""
        return self.coordinator.server.is_reachable and not self.coordinator.data.unknown

    def has(self, aspect: Aspect) -> bool:
        """Whether the device can show something."""
        return aspect in self.coordinator.device.aspects

    def shown(self, aspect: Aspect) -> Value | None:
        """Return what the device shows, None if nobody knows."""
        return self.coordinator.data.values.get(aspect)

    def number(self, aspect: Aspect) -> float | None:
        """Return a number that the device shows."""
        value = self.shown(aspect)
        return None if value is None else float(value)

    def code(self, aspect: Aspect) -> int | None:
        """Return a code that the device shows."""
        value = self.shown(aspect)
        return None if value is None else int(value)
