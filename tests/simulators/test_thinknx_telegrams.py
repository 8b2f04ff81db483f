"""Tests of KNX telegrams that are sent through a Thinknx server."""

from collections.abc import AsyncGenerator
from typing import Any

from aiohttp import ClientSession
import pytest

from simulators.clock import ManualClock
from simulators.thinknx import ThinknxSimulator

from .thinknx_owner import Owner, serving


@pytest.fixture
async def house(clock: ManualClock) -> AsyncGenerator[ThinknxSimulator]:
    """Return a quiet house."""
    async with serving(clock) as simulator:
        yield simulator


@pytest.fixture
def owner(house: ThinknxSimulator, session: ClientSession) -> Owner:
    """Return its owner."""
    return Owner(house, session)


@pytest.mark.parametrize(
    ("controller", "good", "bad"),
    [
        ("sendKNXbit", ["0", "1"], ["2", "-1", "true", "", "1.0"]),
        ("sendKNX4bits", ["0", "15", "31"], ["32", "-1"]),
        ("sendKNXbyte", ["0", "255"], ["256", "-1", "1.5"]),
        ("sendKNXbyteun", ["-128", "127"], ["-129", "128"]),
        ("sendKNXfloat2bytes", ["85.235", "-671088.64", "670760.96"], ["670760.97", "1,5", "NaN"]),
        ("sendKNXfloat4bytes", ["85.235", "-40000000.5"], ["1e3", "inf", "1" * 41]),
    ],
)
async def test_telegrams(owner: Owner, controller: str, good: list[str], bad: list[str]) -> None:
    """Telegrams are checked, kept and told again."""
    path = f"system/{controller}"
    for value in good:
        answer = await owner.good(path, group="1/0/250", value=value)
        assert answer == {"namespace": path, "group": "1/0/250", "value": float(value)}
    for value in bad:
        assert (await owner.ask(path, group="1/0/250", value=value))[0] == 400
    sent = owner.house.stats.telegrams
    assert [(telegram.controller, telegram.value) for telegram in sent] == [
        (path, float(value)) for value in good
    ]


@pytest.mark.parametrize(
    ("group", "status"),
    [
        *(("31/7/255", 200), ("31/2047", 200), ("0/0/1", 200), ("1/0/1-255", 200)),
        *(("32/0/1", 400), ("1/8/1", 400), ("1/0/256", 400), ("31/2048", 400), ("0/0/0", 400)),
        *(("1", 400), ("1/0/1-256", 400), ("a/b/c", 400), ("", 400)),
    ],
)
async def test_groups(owner: Owner, group: str, status: int) -> None:
    """Group addresses have two or three levels, and may name an interface."""
    assert (await owner.ask("system/sendKNXbyte", group=group, value=1))[0] == status
    owner.house.group_suffix = False
    wanted = 400 if "-" in group else status
    assert (await owner.ask("system/sendKNXbyte", group=group, value=1))[0] == wanted


async def test_wired_groups(owner: Owner, clock: ManualClock) -> None:
    """A telegram to a group of the plant does what hangs on it."""
    house = owner.house
    lamp, blind, room, value = (
        house.guids(kind)[0] for kind in ("light", "blind", "thermostat", "analog")
    )
    value = house.guids("analog")[20]
    sent: list[tuple[str, str, Any, str, str, float]] = [
        ("bit", "1/0/1", 1, lamp, "power", 1),
        ("bit", "1/0/1-255", 0, lamp, "power", 0),
        ("byte", "1/1/1", 128, lamp, "level", 50),
        ("4bits", "1/2/1", 11, lamp, "level", 75),
        ("4bits", "1/2/1", 16 + 2, lamp, "level", 25),
        ("byte", "2/1/1", 255, blind, "height", 100),
        ("bit", "2/0/1", 0, blind, "height", 0),
        ("float2bytes", "3/0/1", "23.5", room, "setpoint", 23.5),
        ("byte", "3/1/1", 4, room, "mode", 3),
        ("float4bytes", "4/0/1", "55", value, "value", 55),
        # Of another type than the group.
        ("byte", "4/0/1", "7", value, "value", 55),
    ]
    for kind, group, number, guid, function, wanted in sent:
        await owner.good(f"system/sendKNX{kind}", group=group, value=number)
        await clock.advance(60)
        assert house.value(guid, function) == wanted
