"""The week before the demo began, so that charts and the energy dashboard are not empty.

What the simulated VRM cloud knows of that week is taken from it. The rest is made up, and ends in
what the sensors show now.
"""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import cos, pi, sin
from typing import Any

from .hass import HomeAssistantClient

DAYS = 7
HOURS = DAYS * 24
SITE = "House by the canal"
ENERGY = "sensor.house_by_the_canal_"
PATIENCE = 40  # seconds

# Energy of the site by the names of its sensors, as sums of VRM's flows.
FLOWS: Mapping[str, tuple[str, ...]] = {
    "energy_from_grid": ("Gc", "Gb"),
    "energy_to_grid": ("Pg", "Bg"),
    "solar_energy": ("Pc", "Pb", "Pg"),
    "energy_into_battery": ("Pb", "Gb"),
    "energy_out_of_battery": ("Bc", "Bg"),
}


@dataclass(frozen=True)
class Wave:
    """A measurement that goes up and down with the day."""

    entity_id: str
    by_day: float
    by_week: float = 0.0
    warmest: int = 14  # hour of the day, UTC


@dataclass(frozen=True)
class Growth:
    """A counter, and what it grows by in an hour, more when it is cold."""

    entity_id: str
    an_hour: float


WAVES = (
    Wave("sensor.heliotherm_outdoor_temperature", 3.5, 2.0),
    Wave("sensor.heliotherm_flow_temperature", -2.5, -1.5),
    Wave("sensor.heliotherm_return_temperature", -2.0, -1.2),
    Wave("sensor.heliotherm_hot_water_temperature", 3.0, 0.0, 5),
    Wave("sensor.nibe_s1255_12_outdoor_temperature", 3.0, 2.0),
    Wave("sensor.nibe_s1255_12_supply_temperature", -2.5, -1.5),
    Wave("sensor.nibe_s1255_12_return_temperature", -2.0, -1.2),
    Wave("sensor.nibe_s1255_12_hot_water_top_temperature", 3.0, 0.0, 5),
    Wave("sensor.house_by_the_canal_battery", 25.0, 8.0, 15),
)
GROWTHS = (
    Growth("sensor.heliotherm_electricity_used", 0.9),
    Growth("sensor.heliotherm_heat_produced", 3.6),
    Growth("sensor.nibe_s1255_12_energy_consumed", 0.7),
    Growth("sensor.nibe_s1255_12_heat_produced", 3.1),
)


async def write_past(client: HomeAssistantClient, cloud: Mapping[str, Any]) -> None:
    """Write the hours of a week into the statistics of sensors that are there."""
    states = await known_states(client)
    end = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    hours = [end - timedelta(hours=back) for back in range(HOURS, 0, -1)]
    for wave in WAVES:
        if (now := number(states, wave.entity_id)) is not None:
            rows = [
                {"start": hour.isoformat(), "mean": mean, "min": mean - 0.4, "max": mean + 0.4}
                for hour, mean in zip(hours, means(wave, now, hours), strict=True)
            ]
            await import_rows(client, states[wave.entity_id], rows)
    grown = {
        growth.entity_id: [growth.an_hour * (1 + 0.4 * _swing(hour, 4)) for hour in hours]
        for growth in GROWTHS
    }
    flows = await flows_of(client, cloud, hours)
    for name, codes in FLOWS.items():
        grown[f"{ENERGY}{name}"] = [
            sum(flows.get(code, {}).get(hour.timestamp(), 0.0) for code in codes) for hour in hours
        ]
    for entity_id, changes in grown.items():
        if (now := number(states, entity_id)) is not None:
            await import_rows(client, states[entity_id], counted(now, hours, changes))


async def known_states(client: HomeAssistantClient) -> Mapping[str, Mapping[str, Any]]:
    """Return all states once the energy of the site was read, or after a while without it."""
    states: dict[str, Mapping[str, Any]] = {}
    for _ in range(PATIENCE):
        states = {state["entity_id"]: state for state in await client.call("get_states")}
        if all(number(states, f"{ENERGY}{name}") is not None for name in FLOWS):
            break
        await asyncio.sleep(1)
    return states


def number(states: Mapping[str, Mapping[str, Any]], entity_id: str) -> float | None:
    """Return what a sensor shows, None if it shows nothing yet."""
    try:
        return float(states[entity_id]["state"])
    except KeyError, ValueError:
        return None


def _swing(hour: datetime, warmest: int) -> float:
    """Return a number from -1 to 1, which is highest at an hour of the day."""
    return cos((hour.hour - warmest) * pi / 12)


def means(wave: Wave, now: float, hours: Iterable[datetime]) -> list[float]:
    """Return a measurement by the hour, which ends near what it is now."""
    raw = [
        wave.by_day * _swing(hour, wave.warmest)
        + wave.by_week * sin(index * 2 * pi / HOURS)
        + 0.2 * sin(index * 2.3)
        for index, hour in enumerate(hours)
    ]
    return [round(now + value - raw[-1], 2) for value in raw]


def counted(now: float, hours: list[datetime], changes: list[float]) -> list[dict[str, Any]]:
    """Return a counter by the hour; its sum ends with 0, where the recorder begins to count."""
    rows = []
    after = 0.0
    for hour, change in zip(reversed(hours), reversed(changes), strict=True):
        rows.append({"start": hour.isoformat(), "state": now - after, "sum": -after})
        after += change
    # Its first row is a change from 0: let that be where nobody looks.
    first = (hours[0] - timedelta(days=60)).isoformat()
    rows.append({"start": first, "state": now - after, "sum": -after})
    return rows[::-1]


async def import_rows(
    client: HomeAssistantClient, state: Mapping[str, Any], rows: list[dict[str, Any]]
) -> None:
    """Hand rows to the recorder, as those of the sensor itself."""
    unit = state["attributes"].get("unit_of_measurement")
    is_counter = "sum" in rows[0]
    await client.call(
        "recorder/import_statistics",
        metadata={
            "source": "recorder",
            "statistic_id": state["entity_id"],
            "name": None,
            "unit_of_measurement": unit,
            "unit_class": {"kWh": "energy", "°C": "temperature"}.get(unit, "unitless"),
            "has_sum": is_counter,
            "mean_type": 0 if is_counter else 1,
        },
        stats=rows,
    )


async def flows_of(
    client: HomeAssistantClient, cloud: Mapping[str, Any], hours: list[datetime]
) -> Mapping[str, Mapping[float, float]]:
    """Return the flows of the site by the hour, as the simulated cloud tells them."""
    sites = (await client.get_json(f"{cloud['control']}/sites"))["sites"]
    site = next(it for it in sites if it["name"] == SITE)
    codes = sorted({code for listed in FLOWS.values() for code in listed})
    query = [
        ("type", "kwh"),
        ("interval", "hours"),
        ("start", str(int(hours[0].timestamp()))),
        ("end", str(int(hours[-1].timestamp()) + 3600)),
        *(("attributeCodes[]", code) for code in codes),
    ]
    text = "&".join(f"{key}={value}" for key, value in query)
    answer = await client.get_json(
        f"{cloud['url']}/v2/installations/{site['id']}/stats?{text}",
        {"x-authorization": f"Token {cloud['credentials']['token']}"},
    )
    return {
        code: {row[0] / 1000: row[1] for row in series}
        for code, series in answer["records"].items()
        if series
    }
