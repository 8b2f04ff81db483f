"""How much longer Home Assistant takes to start with each integration, and with all five.

    .venv/bin/python -m benchmarks.startup

Each start is a process of its own, five times each, in turn; told are medians. It counts from the making
of Home Assistant, with its web server, to the last entity, reading the modules of the integration
included. Devices answer without their usual pauses and live in the same process, so that their own work
is part of it: what a start in a house takes besides is the time that real devices take to answer.
"""

from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
import statistics
import time
from typing import Any
from unittest.mock import patch

from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.core import HomeAssistant
from simulators.base import Simulator
from simulators.clock import ManualClock
from simulators.htrest import HtRestSimulator
from simulators.nibe_rest import NibeSimulator
from simulators.nuki_bridge import NukiBridgeSimulator
from simulators.thinknx import ThinknxSimulator
from simulators.victron_vrm import VrmSimulator

from .home import WEBHOOK, home, set_up_entry
from .report import Measurement, Report, beside, run

RUNS = 5
LIGHTS = 60

type Entry = tuple[str, dict[str, Any], dict[str, Any]]


def at(server: Any, **data: Any) -> dict[str, Any]:
    """Return the data of an entry for a device at an address."""
    return {"host": server.host, "port": server.port, **data}


def htrest(server: Any) -> Entry:
    """Return unique id, data and the rest of an entry."""
    return str(server.serial_number), at(server, username="", password=""), {}


def nibe_rest(server: Any) -> Entry:
    """Return unique id, data and the rest of an entry."""
    serial = server.devices[0].serial
    return serial, at(server, serial=serial, **server.credentials), {}


def nuki_bridge(server: Any) -> Entry:
    """Return unique id, data and the rest of an entry."""
    data = at(server, token=server.token, auth_mode="encrypted", webhook_id=WEBHOOK)
    return f"{server.hardware_id:08X}", data, {}


def thinknx(server: Any, count: int = LIGHTS) -> Entry:
    """Return unique id, data and the rest of an entry with so many lights."""
    login = {"username": server.username, "password": server.password, "auth": "basic"}
    data = at(server, connection="local", api_version="V1", webhook_id="none", **login)
    lights = [
        {
            "data": {"guid": guid, "aspects": ["power"]},
            "subentry_type": "light",
            "title": f"Light {number}",
            "unique_id": guid,
        }
        for number, guid in enumerate(server.guids("light")[:count])
    ]
    return f"{server.host}:{server.port}", data, {"subentries_data": lights}


def victron_vrm(server: Any) -> Entry:
    """Return unique id, data and the rest of an entry."""
    user = server.owner.id
    return str(user), {"token": server.token, "user_id": user}, {}


SIMULATORS: Mapping[str, tuple[Callable[[], Any], Callable[[Any], Entry]]] = {
    "htrest": (lambda: HtRestSimulator(clock=ManualClock()), htrest),
    "nibe_rest": (lambda: NibeSimulator(latency=0, dump_latency=0), nibe_rest),
    "nuki_bridge": (partial(NukiBridgeSimulator, gap=0, ble_seconds=0), nuki_bridge),
    "thinknx": (partial(ThinknxSimulator, auth="basic"), thinknx),
    "victron_vrm": (VrmSimulator, victron_vrm),
}
NAMES = tuple(SIMULATORS)
EMPTY, ALL = len(NAMES), len(NAMES) + 1


@asynccontextmanager
async def devices(names: tuple[str, ...], *, alive: bool = False) -> AsyncGenerator[dict[str, Any]]:
    """Give out running devices, on wish all with a clock that runs."""
    async with AsyncExitStack() as stack:
        servers = {name: SIMULATORS[name][0]() for name in names}
        if alive:
            servers["htrest"] = HtRestSimulator()
        for server in servers.values():
            await stack.enter_async_context(server)
        yield servers


async def add(hass: HomeAssistant, domain: str, server: Simulator) -> None:
    """Set an integration up."""
    unique_id, data, rest = SIMULATORS[domain][1](server)
    entry = MockConfigEntry(domain=domain, title=domain, unique_id=unique_id, data=data, **rest)
    if domain != "victron_vrm":
        await set_up_entry(hass, entry)
        return
    with patch("custom_components.victron_vrm.connection.API_URL", f"{server.url}/v2"):
        await set_up_entry(hass, entry)


async def start(number: int) -> dict[str, float]:
    """Return the seconds of a start, and how many entities there are in the end."""
    names = () if number == EMPTY else NAMES if number == ALL else (NAMES[number],)
    async with devices(names) as servers:
        started = time.perf_counter()
        async with home(web=True) as hass:
            for name, server in servers.items():
                await add(hass, name, server)
            seconds = time.perf_counter() - started
            return {"seconds": seconds, "entities": len(hass.states.async_entity_ids())}


async def measure(report: Report) -> None:
    """Start in turn and tell the medians."""
    starts: dict[int, list[Any]] = {it: [] for it in (EMPTY, *range(len(NAMES)), ALL)}
    for _ in range(RUNS):
        for number, told in starts.items():
            told.append(await beside("startup", "start", number))
    seconds = {it: statistics.median(one["seconds"] for one in told) for it, told in starts.items()}
    report.tell("empty start", seconds[EMPTY], "s")
    for number, told in starts.items():
        if number != EMPTY:
            name = "all five" if number == ALL else NAMES[number]
            report.tell(f"{name}: more than the empty start", seconds[number] - seconds[EMPTY], "s")
            report.tell(f"{name}: entities", told[0]["entities"])


PARTS: dict[str, Measurement] = {"start": start}

if __name__ == "__main__":
    run("startup", measure, PARTS)
