"""The demo is one house."""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack
from typing import Any

import aiohttp
import pytest

from demo.house import PROFILES
from demo.past import SITE
from demo.processes import simulator
from demo.sky import Facts, Sky

UNDER_THE_SKY = ("htrest", "nibe_rest", "thinknx", "victron_vrm")
NIBE_OUTDOOR = "4"


@pytest.fixture
async def facts(socket_enabled: None) -> AsyncGenerator[Facts]:
    """Return what the running simulators say of themselves."""
    async with AsyncExitStack() as stack:
        yield {
            domain: await stack.enter_async_context(simulator(domain, profile=PROFILES.get(domain)))
            for domain in UNDER_THE_SKY
        }


async def test_one_sky(facts: Facts) -> None:
    """A cold front that one heat pump feels is felt by all, and the roof's sun is the KNX house's."""
    async with aiohttp.ClientSession() as http:

        async def ask(domain: str, page: str) -> Any:
            async with http.get(f"{facts[domain]['control']}/{page}") as answer:
                return await answer.json()

        cold = {"values": {"Temp. Aussen": -12.5}}
        async with http.post(f"{facts['htrest']['control']}/value", json=cold) as answer:
            assert answer.status == 200
        await Sky(http, facts).look_around()

        point = (await ask("nibe_rest", "points"))[NIBE_OUTDOOR]
        assert point["value"] / point["divisor"] == pytest.approx(-12.5, abs=0.1)
        devices = (await ask("thinknx", "devices"))["devices"]
        shown = {device["name"]: device["values"].get("value") for device in devices}
        sites = (await ask("victron_vrm", "sites"))["sites"]
        site = next(it for it in sites if it["name"] == SITE)
        assert shown["Outdoor temperature"] == -12.5
        assert shown["House power"] == pytest.approx(site["watts"]["consumption"], abs=100)
        assert shown["Solar power"] == pytest.approx(site["watts"]["solar"], abs=100)
        assert site["watts"]["consumption"] > 0
