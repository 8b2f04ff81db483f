"""Floors, rooms, the energy dashboard: what a user arranges once the devices are there."""

from collections.abc import Mapping
from typing import Any

from .hass import HomeAssistantClient

# Floors from below, and the rooms on each.
FLOORS: Mapping[str, tuple[int, tuple[str, ...]]] = {
    "Cellar": (-1, ("Boiler room", "Wine cellar")),
    "Ground floor": (
        0,
        ("Living Room", "Kitchen", "Dining room", "Hall", "Office", "Entrance"),
    ),
    "Upper floor": (1, ("Bedroom", "Bathroom", "Children")),
    "Outside": (0, ("Garden", "Garage", "Roof")),
}
# Where the devices stand that do not say so themselves.
PLACES: Mapping[str, str] = {
    "Heliotherm": "Boiler room",
    "Heating circuit": "Boiler room",
    "Hot water": "Boiler room",
    "NIBE S1255-12": "Boiler room",
    "Climate system 1": "Boiler room",
    "Front door": "Entrance",
    "Intercom": "Entrance",
    "Nuki Bridge 1C7F52D8": "Entrance",
    "Cellar": "Wine cellar",
    "Garden gate": "Garden",
    "House by the canal": "Roof",
}
PREFIX = "sensor.house_by_the_canal"


async def furnish(client: HomeAssistantClient) -> None:
    """Arrange floors, rooms and the energy dashboard; what is there already stays."""
    floors = {it["name"]: it["floor_id"] for it in await client.call("config/floor_registry/list")}
    areas = {it["name"]: it for it in await client.call("config/area_registry/list")}
    for floor, (level, rooms) in FLOORS.items():
        if floor not in floors:
            made = await client.call("config/floor_registry/create", name=floor, level=level)
            floors[floor] = made["floor_id"]
        for room in rooms:
            if room not in areas:
                areas[room] = await client.call("config/area_registry/create", name=room)
            if not areas[room]["floor_id"]:
                await client.call(
                    "config/area_registry/update",
                    area_id=areas[room]["area_id"],
                    floor_id=floors[floor],
                )
    for device in await client.call("config/device_registry/list"):
        if (place := PLACES.get(device["name"])) and not device["area_id"]:
            await client.call(
                "config/device_registry/update",
                device_id=device["id"],
                area_id=areas[place]["area_id"],
            )
    await arrange_energy(client)


async def arrange_energy(client: HomeAssistantClient) -> None:
    """Fill the energy dashboard's settings: grid, solar, battery, forecast, heat pumps."""
    (account,) = await client.call("config_entries/get", domain="victron_vrm")
    sources: list[dict[str, Any]] = [
        {
            "type": "grid",
            "stat_energy_from": f"{PREFIX}_energy_from_grid",
            "stat_energy_to": f"{PREFIX}_energy_to_grid",
            "number_energy_price": 0.29,
            "number_energy_price_export": 0.08,
            "stat_rate": f"{PREFIX}_grid_power",
            "cost_adjustment_day": 0,
        },
        {
            "type": "solar",
            "stat_energy_from": f"{PREFIX}_solar_energy",
            "stat_rate": f"{PREFIX}_solar_power",
            "config_entry_solar_forecast": [account["entry_id"]],
        },
        {
            "type": "battery",
            "stat_energy_from": f"{PREFIX}_energy_out_of_battery",
            "stat_energy_to": f"{PREFIX}_energy_into_battery",
            "stat_rate": f"{PREFIX}_battery_power",
        },
    ]
    devices = [
        {"stat_consumption": "sensor.heliotherm_electricity_used", "name": "Heliotherm"},
        {"stat_consumption": "sensor.nibe_s1255_12_energy_consumed", "name": "NIBE"},
    ]
    await client.call("energy/save_prefs", energy_sources=sources, device_consumption=devices)
