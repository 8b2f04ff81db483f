#!/usr/bin/env python3
"""Write the demo account of the Victron VRM integration: a week of two simulated sites, frozen.

    .venv/bin/python scripts/freeze_vrm_demo.py [FILE]

A simulated week ends as it begins, with a full battery, and so it can repeat for ever. Frozen are
the answers, beside them all values that change, hour by hour, and the energy of each hour.
"""

import asyncio
from datetime import UTC, datetime
import json
from pathlib import Path
import sys
from typing import Any

import aiohttp

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from simulators.clock import ManualClock  # noqa: E402
from simulators.victron_vrm import Site, VrmSimulator  # noqa: E402

FILE = ROOT / "custom_components" / "victron_vrm" / "demo_account.json"
USER = 22
SEED = 1
BEGUN = datetime(2026, 4, 13, tzinfo=UTC)
HOUR = 3600
HOURS = 7 * 24
WEEK = HOURS * HOUR
AGE = 26 * WEEK
EMPTY_BATTERY = (2 * 24 + 5, 2 * 24 + 7)  # the hours in which it is told
FORECASTS = ("solar_yield_forecast", "vrm_consumption_fc")
NAMES = {"Batteria": "House battery"}
NOW = "now"
MOMENTS = ("last_timestamp", "last_location_timestamp", "lastConnection")
VALUES = ("rawValue", "formattedValue", "textValue")
LEFT_OUT = ("current_time", "mqtt_host", "mqtt_webhost", "images", "avatar_url", "guiHash")

type Key = tuple[str, str]
"""Code and instance."""


class Freezer:
    """Asks a cloud as the integration does."""

    def __init__(self, cloud: VrmSimulator, clock: ManualClock) -> None:
        """Let the sites log at each full minute, and forget what was once connected to them."""
        self.cloud = cloud
        self.clock = clock
        self.sites = cloud.sites_of(cloud.owner)
        self.series: dict[int, dict[Key, list[Any]]] = {site.id: {} for site in self.sites}
        self.energies: set[Key] = set()
        cloud.rate_size, cloud.zeros_listed, cloud.lagging_enums = 0, True, False
        cloud.owner.name, cloud.owner.email = "Demo", "demo@example.com"
        for site in self.sites:
            site.phase, site.created = 0, int(cloud.now) - AGE
            site.devices = [device for device in site.devices if device.removed > cloud.now]
            for device in site.devices:
                device.name = NAMES.get(device.name, device.name)

    async def ask(self, path: str, *query: tuple[str, Any]) -> Any:
        """Return an answer; the owner is the demo's user."""
        url = f"{self.cloud.url}/v2/{path.replace(str(USER), str(self.cloud.owner.id), 1)}"
        header = {"X-Authorization": f"Token {self.cloud.token}"}
        async with (
            aiohttp.ClientSession() as session,
            session.get(url, params=list(query), headers=header) as answer,
        ):
            answer.raise_for_status()
            return await answer.json()

    async def overview(self) -> Any:
        """Return all sites."""
        return await self.ask(f"users/{USER}/installations", ("extended", "1"))

    async def diagnostics(self, site: Site) -> Any:
        """Return all values of a site."""
        return await self.ask(f"installations/{site.id}/diagnostics", ("count", "1000"))

    async def look(self) -> None:
        """Note all values as they are now."""
        for record in (await self.overview())["records"]:
            for row in record["extended"]:
                if row["idDataAttribute"] is None:  # sums; all else is among the diagnostics
                    self.note(record["idSite"], row)
        for site in self.sites:
            for row in (await self.diagnostics(site))["records"]:
                self.note(site.id, row)

    def note(self, site: int, row: dict[str, Any]) -> None:
        """Note a value."""
        self.series[site].setdefault(key_of(row), []).append(row["rawValue"])
        if "kWh" in (row.get("formatWithUnit") or ""):
            self.energies.add(key_of(row))

    async def answers(self) -> dict[str, Any]:
        """Return the answers that hold for all time, as soon as their values are filled in."""
        paths = {
            "users/me": {"success": True, "user": {"id": USER, "name": "Demo", "country": None}},
            f"users/{USER}/accesstokens": {"success": True, "tokens": []},
            f"users/{USER}/installations": await self.overview(),
        }
        for site in self.sites:
            where = f"installations/{site.id}"
            paths[f"{where}/system-overview"] = await self.ask(f"{where}/system-overview")
            paths[f"{where}/diagnostics"] = await self.diagnostics(site)
        for record in paths[f"users/{USER}/installations"]["records"]:
            record["idUser"] = USER
            for name in LEFT_OUT:
                del record[name]
        return paths

    async def hours(self, site: Site) -> dict[str, Any]:
        """Return energy and forecast by the hour."""
        start = self.clock.now().timestamp() - WEEK
        span = (("interval", "hours"), ("start", int(start)), ("end", int(start) + WEEK))
        found: dict[str, Any] = {}
        for kind, codes, digits in (("kwh", site.flows, 4), ("forecast", FORECASTS, 0)):
            wanted = [("attributeCodes[]", code) for code in codes]
            path = f"installations/{site.id}/stats"
            answer = await self.ask(path, ("type", kind), *span, *wanted)
            found[kind] = {
                code: [short(value, digits) for _, value in points]
                for code, points in answer["records"].items()
                if points
            }
            assert all(len(values) == HOURS for values in found[kind].values())
        return found

    def live(self, site: Site) -> dict[str, dict[str, list[Any]]]:
        """Return what changes; of a counter also where it ends."""
        found: dict[str, dict[str, list[Any]]] = {}
        for key, values in sorted(self.series[site.id].items()):
            assert len(values) == HOURS + 1
            if any(value != values[0] for value in values):
                counts = key in self.energies and values == sorted(values)
                found.setdefault(key[0], {})[key[1]] = values if counts else values[:HOURS]
        return found


def key_of(row: dict[str, Any], instance: str | None = None) -> Key:
    """Return under which code and instance a row's value is kept."""
    return row["code"], instance or str(row.get("instance") or 0)


def short(value: float, digits: int) -> float:
    """Return a number without needless digits."""
    number = round(value, digits)
    return int(number) if number == int(number) else number


def leave_out(row: dict[str, Any], live: dict[str, Any], log: float) -> None:
    """Take out of a row what changes, and when it was logged if that was at the last log."""
    cells = {key_of(row)[1]: row} if "instances" not in row else {"": row, **row["instances"]}
    for instance, cell in cells.items():
        if cell.get("timestamp") == log:
            cell["timestamp"] = NOW
        if (instance or key_of(row)[1]) in live.get(row["code"], ()):
            for key in VALUES:
                cell.pop(key, None)


def leave_all_out(answers: dict[str, Any], live: dict[str, Any], log: float) -> None:
    """Take out of all answers what changes."""
    for path, answer in answers.items():
        found = answer.get("records", [])
        for record in found.get("devices", ()) if isinstance(found, dict) else found:
            for key in MOMENTS:
                if record.get(key) == log:
                    record[key] = NOW
            if path.endswith("diagnostics"):
                leave_out(record, live[str(record["idSite"])], log)
            for row in record.get("extended", ()):
                leave_out(row, live[str(record["idSite"])], log)


def written(data: dict[str, Any]) -> str:
    """Return JSON with one line for each row, so that differences can be read."""

    def lines(node: Any, depth: int, deep: int) -> str:
        if depth == deep or not isinstance(node, dict | list) or not node:
            return json.dumps(node, ensure_ascii=False, separators=(",", ":"))
        pad = " " * depth
        if isinstance(node, list):
            inner = [lines(item, depth + 1, deep) for item in node]
            return "[\n" + ",\n".join(f"{pad} {it}" for it in inner) + f"\n{pad}]"
        inner = [f"{json.dumps(key)}: {lines(it, depth + 1, deep)}" for key, it in node.items()]
        return "{\n" + ",\n".join(f"{pad} {it}" for it in inner) + f"\n{pad}}}"

    return lines(data, 0, 4) + "\n"


async def frozen() -> dict[str, Any]:
    """Return the whole account: a week in the life of a house and a boat."""
    clock = ManualClock(BEGUN)
    async with VrmSimulator(kinds=["ess", "boat"], seed=SEED, clock=clock) as cloud:
        freezer = Freezer(cloud, clock)
        answers = await freezer.answers()
        house = cloud.site("ess")
        for hour in range(HOURS + 1):
            if hour == EMPTY_BATTERY[0]:
                cloud.raise_alarm(house, "ASoc")
            elif hour == EMPTY_BATTERY[1]:
                cloud.end_alarms(house)
            await freezer.look()
            await clock.advance(HOUR if hour < HOURS else 0)
        for site in freezer.sites:
            path = f"installations/{site.id}/alarm-log"
            answers[path] = await freezer.ask(path)
        live = {str(site.id): freezer.live(site) for site in freezer.sites}
        leave_all_out(answers, live, BEGUN.timestamp())
        hours = {str(site.id): await freezer.hours(site) for site in freezer.sites}
        interval = freezer.sites[0].interval
    return {
        "begun": int(BEGUN.timestamp()),
        "interval": interval,
        "answers": answers,
        "live": live,
        "hours": hours,
    }


def main() -> int:
    """Write the file."""
    file = Path(sys.argv[1]) if len(sys.argv) > 1 else FILE
    file.write_text(written(asyncio.run(frozen())), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
