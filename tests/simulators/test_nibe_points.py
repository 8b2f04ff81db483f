"""Tests of the points of a pump: how many, which, in what shape."""

from collections import Counter
import json
from typing import Any

import pytest

from simulators.clock import ManualClock
from simulators.nibe_rest import NibeSimulator, Profile, Register, SimPoint, ids
from simulators.nibe_rest.plants import make_points

from .nibe_owner import POINTS, Owner

SIZES = {Profile.S1255: (1169, 550), Profile.SMO_S40: (1247, 496), Profile.VVM_S320: (870, 487)}
LIMITS = {
    "s8": (-128, 127),
    "s16": (-32768, 32767),
    "s32": (-2147483648, 2147483647),
    "u8": (0, 255),
    "u16": (0, 65535),
    "u32": (0, 4294967295),
    "unknown": (0, 4294967295),
}


def listed(profile: Profile, seed: int = 1) -> list[SimPoint]:
    """Return the points that are there at first."""
    return [point for point in make_points(profile, seed).values() if point.active]


@pytest.mark.parametrize("seed", [1, 2, 99])
@pytest.mark.parametrize("profile", list(Profile))
def test_sizes(profile: Profile, seed: int) -> None:
    """Every plant has exactly the points that owners have counted."""
    points = listed(profile, seed)
    assert (len(points), sum(point.writable for point in points)) == SIZES[profile]
    registers = Counter(point.register for point in points)
    assert registers[Register.NONE] == 1
    if profile is Profile.S1255:
        assert registers == {Register.INPUT: 602, Register.HOLDING: 566, Register.NONE: 1}
        locked = [p for p in points if p.register is Register.HOLDING and not p.writable]
        assert len(locked) == 17


@pytest.mark.parametrize("profile", list(Profile))
def test_ids_and_registers_are_unique(profile: Profile) -> None:
    """No id and no register is taken twice; wide values take two registers."""
    taken: Counter[tuple[Register, int]] = Counter()
    for point in make_points(profile, 5).values():
        if point.register is not Register.NONE:
            words = 2 if point.size.bits == 32 else 1
            taken.update((point.register, point.register_id + word) for word in range(words))
    assert max(taken.values()) == 1


def test_seeds() -> None:
    """The same seed makes the same plant; another one the same known points among others."""
    first, same, other = (make_points(Profile.S1255, seed) for seed in (1, 1, 2))
    assert first == same
    assert set(first) != set(other)
    known = {number for number in first if number < 57000}
    assert known == {number for number in other if number < 57000}
    assert len(known) > 200
    for number in known:
        if number != ids.COMMISSIONING_DATE:
            assert first[number].description == other[number].description


def test_models_differ() -> None:
    """A ground source pump has no evaporator outdoors, an air unit no brine."""
    ground, air, tank = (make_points(profile, 1) for profile in Profile)
    assert ids.DEFROSTING not in ground
    assert ids.DEFROSTING in air
    brine = (Register.INPUT, 10)
    assert brine in {(point.register, point.register_id) for point in ground.values()}
    assert brine not in {(point.register, point.register_id) for point in air.values()}
    assert air[ids.CIRCULATION_PUMP].unit == "%"
    assert (tank[ids.CIRCULATION_PUMP].unit, tank[ids.CIRCULATION_PUMP].divisor) == ("", 1)


def test_published_registers() -> None:
    """Ids and registers that owners have published belong together."""
    points = make_points(Profile.S1255, 1)
    for number, register in ((4, 1), (8, 5), (11, 8), (1021, 579), (1801, 1048), (3292, 1918)):
        assert (points[number].register, points[number].register_id) == (Register.INPUT, register)
    for number, register in ((3478, 22), (3708, 67), (5204, 1052), (6984, 4200), (29258, 5984)):
        assert (points[number].register, points[number].register_id) == (Register.HOLDING, register)
    assert points[ids.POWER_LIMIT].register is Register.NONE


async def test_shape(owner: Owner) -> None:
    """A point has exactly the keys of a real one, alone as in the list."""
    points = await owner.points()
    assert len(points) == 1169
    assert points["5204"] == await owner.get(f"{POINTS}/5204")
    assert points["5204"] | {"title": ""} == {
        "title": "",
        "description": "",
        "metadata": {
            "type": "metadata",
            "variableId": 5204,
            "variableType": "integer",
            "variableSize": "s16",
            "unit": "kW",
            "modbusRegisterType": "MODBUS_HOLDING_REGISTER",
            "shortUnit": "kW",
            "isWritable": True,
            "divisor": 100,
            "decimal": 1,
            "modbusRegisterID": 1052,
            "minValue": 0,
            "maxValue": 900,
            "intDefaultValue": 700,
            "change": 50,
            "stringDefaultValue": "",
        },
        "value": {
            "type": "datavalue",
            "isOk": True,
            "variableId": 5204,
            "integerValue": 700,
            "stringValue": "",
        },
    }
    outdoor = points["4"]["metadata"]
    assert (outdoor["unit"], outdoor["shortUnit"], outdoor["change"]) == ("°C", "°", 5)
    assert (outdoor["minValue"], outdoor["maxValue"]) == (0, 0)


@pytest.mark.parametrize("profile", list(Profile))
async def test_values_fit(clock: ManualClock, profile: Profile) -> None:
    """Every value, at any time, fits its size, and every divisor is one of the known ones."""
    pump = NibeSimulator(profile=profile, clock=clock)
    for _ in range(6):
        await clock.advance(7200)
        pump.settle()
        for point in pump.devices[0].points.values():
            low, high = LIMITS[point.size]
            assert low <= point.value <= high, point
            assert point.divisor in {1, 10, 60, 100}


def sentinels(points: dict[str, dict[str, Any]]) -> Counter[str]:
    """Count the values that stand for nothing, by size."""
    counted: Counter[str] = Counter()
    for point in points.values():
        size, raw = point["metadata"]["variableSize"], point["value"]["integerValue"]
        if raw == LIMITS[size][0 if size.startswith("s") else 1]:
            assert point["value"]["isOk"] is True
            counted[size] += 1
    return counted


async def test_oddities(owner: Owner) -> None:
    """Sentinels, untidy and equal titles, odd units, odd limits and odd descriptions."""
    points = await owner.points()
    assert set(sentinels(points)) == {"s8", "s16", "s32", "u8", "u16", "u32"}
    titles = Counter(point["title"] for point in points.values())
    tidy = Counter(
        title.replace("\u00ad", "").replace("\u00a0", " ") for title in titles.elements()
    )
    assert tidy["Return time fan 4"] == 16
    assert tidy["Active days"] == 5
    assert titles[""] > 1
    assert sum("\u00ad" in title for title in titles) > 5
    assert sum("\u00a0" in title for title in titles) > 10
    assert sum(title.startswith("id:") for title in titles) > 10
    units = {point["metadata"]["unit"] for point in points.values()}
    assert {"°C", "DM", "Ws", "l/min", "days", "%RH", "kWh", "A", "bar"} <= units
    metadata = [point["metadata"] for point in points.values() if point["metadata"]["isWritable"]]
    assert sum(entry["minValue"] == entry["maxValue"] == 0 for entry in metadata) > 30
    assert sum(entry["maxValue"] in {255, 4095, 65535, 4294967295} for entry in metadata) > 20
    descriptions = {point["description"] for point in points.values()}
    assert any(" = Off" in text for text in descriptions)
    assert any("Off = " in text for text in descriptions)
    assert any("0: " in text for text in descriptions)
    assert points["3702"]["metadata"]["minValue"] == 55


async def test_mojibake(clock: ManualClock) -> None:
    """Some titles carry the leftover of a wrong encoding."""
    pump = NibeSimulator(profile="smo-s40", clock=clock)
    assert any("\u00c2" in point.title for point in pump.devices[0].points.values())


@pytest.mark.parametrize(
    ("header", "title"),
    [
        (None, "Return line (BT3)"),
        ("de", "Rücklauf (BT3)"),
        ("de-AT,de;q=0.9,en;q=0.8", "Rücklauf (BT3)"),
        ("en;q=0.5, sv", "Returledning (BT3)"),
        ("nl-NL", "Retour (BT3)"),
        ("it", "Return line (BT3)"),
        ("it, de;q=0.5", "Return line (BT3)"),
        ("de;q=x, sv;q=0.1", "Returledning (BT3)"),
    ],
)
async def test_languages(owner: Owner, header: str | None, title: str) -> None:
    """The header of the request chooses; languages that the pump lacks get English."""
    point = await owner.get(f"{POINTS}/{ids.RETURN}", language=header)
    assert point["title"].replace("\u00a0", " ").replace("\u00ad", "") == title


async def test_only_words_change_with_the_language(owner: Owner) -> None:
    """Ids, numbers and units are the same; some points stay English."""
    english, german = await owner.points(), await owner.points(language="de")
    assert {key: point["metadata"] for key, point in english.items()} == {
        key: point["metadata"] for key, point in german.items()
    }
    same = sum(english[key]["title"] == german[key]["title"] for key in english)
    assert 0 < same < len(english)


async def test_other_forms(owner: Owner) -> None:
    """Firmware that answers like the schema, or in German by itself."""
    owner.pump.value_key = "datavalue"
    owner.pump.single_wrapped = True
    owner.pump.default_language = "de"
    point = (await owner.get(f"{POINTS}/10"))["10"]
    assert "value" not in point
    assert point["datavalue"]["variableId"] == 10
    assert point["title"].startswith("Rücklauf")
    text = json.dumps(await owner.points())
    assert '"datavalue": {' in text
