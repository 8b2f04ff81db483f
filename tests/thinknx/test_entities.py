"""The entities of a house, as a list."""

from collections.abc import Awaitable, Callable
from typing import Any

from syrupy.assertion import SnapshotAssertion

from homeassistant.helpers import device_registry as dr, entity_registry as er
from simulators.thinknx import ThinknxSimulator

from .common import OBJECTS, Home, make_entry, subentry


async def test_one_of_each_kind(
    start: Callable[..., Awaitable[Home]], server: ThinknxSimulator, snapshot: SnapshotAssertion
) -> None:
    """Names, devices, classes, units, and which are enabled at first."""
    entry = make_entry(
        server,
        *[subentry(kind, server.guids(it)[0], kind.title()) for kind, (it, _) in OBJECTS.items()],
    )
    home = await start(entry)
    devices = dr.async_get(home.hass)
    found: dict[str, Any] = {}
    for entity in er.async_entries_for_config_entry(home.registry, entry.entry_id):
        device = devices.async_get(entity.device_id or "")
        found[entity.entity_id] = {
            "id": entity.unique_id.rpartition("_")[2],
            "device": device.name if device else None,
            "category": str(entity.entity_category) if entity.entity_category else None,
            "class": entity.original_device_class,
            "unit": entity.unit_of_measurement,
            "state class": (entity.capabilities or {}).get("state_class"),
            "enabled": not entity.disabled,
        }
    assert dict(sorted(found.items())) == snapshot
