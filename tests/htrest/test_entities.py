"""The entities of an installation, as a list."""

from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

from homeassistant.helpers import device_registry as dr, entity_registry as er
from simulators.htrest import Profile

from .common import House


def described(house: House) -> dict[str, dict[str, Any]]:
    """Return what a user sees of each entity before it has a value."""
    devices = dr.async_get(house.hass)
    found = {}
    for entity in er.async_entries_for_config_entry(er.async_get(house.hass), house.entry.entry_id):
        device = devices.async_get(entity.device_id or "")
        found[entity.entity_id] = {
            "id": entity.unique_id.partition("-")[2],
            "device": device.name if device else None,
            "category": str(entity.entity_category) if entity.entity_category else None,
            "class": entity.original_device_class,
            "unit": entity.unit_of_measurement,
            "state class": (entity.capabilities or {}).get("state_class"),
            "enabled": not entity.disabled,
        }
    return dict(sorted(found.items()))


@pytest.mark.parametrize("profile", [Profile.STANDARD, Profile.OWNER])
async def test_each_table(house: House, snapshot: SnapshotAssertion) -> None:
    """Names, parts, classes, units, and which are enabled at first."""
    await house.poll(8)
    found = described(house)
    assert found == snapshot
    # What has no class at all is a code, a count, a share or a switch whose sense is not known.
    classless = {
        it["id"] for key, it in found.items() if key.startswith("sensor.") and not it["class"]
    }
    assert not {it["id"] for it in found.values() if it["unit"] and it["unit"] != "%"} & classless


@pytest.mark.parametrize("profile", [Profile.OWNER])
async def test_enabled_at_once(house: House) -> None:
    """A user finds some dozens of entities, not hundreds."""
    await house.poll(8)
    enabled = [key for key, it in described(house).items() if it["enabled"]]
    assert 40 < len(enabled) < 80
