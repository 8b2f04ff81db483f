"""Whatever the cloud says of a site, read for read: nothing that is shown or counted changes."""

from collections.abc import Awaitable, Callable
import copy
from typing import Any, override

from hypothesis import given, strategies as st
import pytest
from pytest_homeassistant_custom_component.common import async_capture_events

from custom_components.victron_vrm.budget import Budget
from custom_components.victron_vrm.const import EVENT_ALARM
from custom_components.victron_vrm.jobs import Job
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
from simulators.victron_vrm import VrmSimulator
from tests.fuzzing import Answers, alarming, fuzz, lies, overheard, written

from .common import House, make_entry
from .test_energy import assert_since_created

ENDPOINTS: dict[str, Job | None] = {
    "installations": None,
    "system-overview": Job.OVERVIEW,
    "diagnostics": Job.DIAGNOSTICS,
    "stats": Job.ENERGY,
    "forecast": Job.FORECAST,
    "alarm-log": Job.ALARM_LOG,
}
READS = 3  # as many as make a site give something up


class Endless(Budget):
    """A budget that is never used up."""

    @override
    def wait(self, priority: float) -> float:
        """Have nobody wait."""
        return 0.0


async def read(house: House, job: Job | None = None) -> None:
    """Have the account's sites, or something of its only site, read while no time passes."""
    account = house.entry.runtime_data
    if job is None:
        await account.async_poll()
    else:
        site = account.sites[house.cloud.site("ess").id]
        await account._async_do(site, site.plans[job])
    await house.settle()


async def read_all(house: House) -> None:
    """Have everything read, as the coordinator does in time."""
    for job in ENDPOINTS.values():
        await read(house, job)


def shown(house: House) -> dict[str, str]:
    """Return all states but those that count requests."""
    return {
        state.entity_id: state.state
        for state in house.hass.states.async_all()
        if "request" not in state.entity_id
    }


def registered(house: House) -> tuple[set[Any], set[Any]]:
    """Return what devices and entities there are, be they enabled or not."""
    entry_id = house.entry.entry_id
    devices = dr.async_entries_for_config_entry(dr.async_get(house.hass), entry_id)
    entities = er.async_entries_for_config_entry(er.async_get(house.hass), entry_id)
    return (
        {(*it.identifiers, it.name, it.model) for it in devices},
        {(it.unique_id, it.device_id) for it in entities},
    )


def counted(house: House) -> dict[str, Any]:
    """Return what has flowed, of which a lifetime's energy is made, and the alarms told of."""
    kept = house.entry.runtime_data.memory.site(house.cloud.site("ess").id).as_dict()
    return copy.deepcopy({"ledger": kept["ledger"], "alarms": kept["seen_alarms"]})


@pytest.fixture
async def house(start: Callable[..., Awaitable[House]], cloud: VrmSimulator) -> House:
    """Return a house that has read everything of a site with an old alarm and one that stands."""
    site = cloud.site("ess")
    cloud.rate_size = 0
    cloud.raise_alarm(site, "AL")
    cloud.end_alarms(site)
    cloud.raise_alarm(site, "ASoc")
    house = await start(make_entry(cloud))
    house.entry.runtime_data.client.transport.budget = Endless()
    await house.live(60)
    await read_all(house)
    return house


@pytest.fixture
async def answers(house: House) -> Answers:
    """Return what the cloud answers now to what is asked of the site, by endpoint."""
    heard, found = overheard(house.cloud), Answers()
    for name, job in ENDPOINTS.items():
        heard.clear()
        await read(house, job)
        (found[name],) = heard.values()
    return found


async def lie(house: House, name: str, body: bytes) -> None:
    """Have something answered some times, then the truth, and make sure that nothing changes."""
    before, there, sums = shown(house), registered(house), counted(house)
    told = async_capture_events(house.hass, EVENT_ALARM)
    path = f"*/{'stats' if name == 'forecast' else name}"
    house.cloud.inject("garbage", path, times=None, body=body.decode(errors="replace"))
    for _ in range(READS):
        await read(house, ENDPOINTS[name])
        for entity_id, state in shown(house).items():
            assert state in {before.get(entity_id), "unavailable", "unknown"}, entity_id
        assert counted(house) == sums
    house.cloud.clear_faults()
    await read_all(house)
    assert shown(house) == before
    assert registered(house) == there
    assert counted(house) == sums
    assert not told


@pytest.mark.parametrize("name", ENDPOINTS)
@fuzz(12)
@given(data=st.data())
async def test_reads(
    house: House,
    answers: Answers,
    caplog: pytest.LogCaptureFixture,
    name: str,
    data: st.DataObject,
) -> None:
    """Reads that are answered with nonsense change no state, no sum, no device and tell nothing."""
    caplog.clear()
    body = data.draw(lies(answers[name]))
    await lie(house, name, body)
    assert not alarming(caplog.records, "Error fetching")


def spoil(answer: Any, place: tuple[Any, ...], value: Any) -> None:
    """Put something at a place of an answer, in which ... is all that is there; ... takes it out."""
    key, *rest = place
    every = list(answer) if isinstance(answer, dict) else range(len(answer))
    for it in every if key is ... else [key]:
        if rest:
            spoil(answer[it], tuple(rest), value)
        elif value is ...:
            del answer[it]
        else:
            answer[it] = value(answer[it]) if callable(value) else value


@pytest.mark.parametrize(
    ("name", "place", "value"),
    [
        ("installations", (0, "last_timestamp"), None),
        ("installations", (0,), lambda it: it | {"alarm": "?", "current_alarms": []}),
        ("installations", (0, "current_alarms"), 5),
        ("installations", (0, "timezone"), None),
        ("installations", (0, "extended", ..., "rawValue"), -1e30),
        ("installations", (0, "extended", ...), lambda it: it | {"instance": [], "instances": []}),
        ("system-overview", ("devices", ..., "instance"), []),
        ("system-overview", ("devices",), None),
        ("diagnostics", (..., "instance"), ""),
        ("diagnostics", (..., "instance"), ...),
        ("diagnostics", (..., "code"), 5),
        ("diagnostics", (..., "rawValue"), -1e30),
        ("stats", ("Pc",), ...),
        ("stats", ("Pc", 0), ...),
        ("stats", ("Pc", 0, 1), -1e30),
        ("stats", ("Pc", 0, 1), "?"),
        ("stats", ("Pc",), lambda it: it + it),
        ("stats", (...,), None),
        ("forecast", (..., 12), ...),
        ("forecast", (..., 12, 1), None),
        ("forecast", (..., 12, 1), -1e30),
        ("alarm-log", (0, "idAlarm"), ...),
        ("alarm-log", (0, "idAlarm"), float),
        ("alarm-log", (0, "instance"), None),
        ("alarm-log", (0, "started"), -1e30),
    ],
)
async def test_odd_reads(
    house: House, answers: Answers, name: str, place: tuple[Any, ...], value: Any
) -> None:
    """What is odd in one place changes nothing there, and nothing elsewhere."""
    answer = copy.deepcopy(answers[name][0])
    spoil(answer["records"], place, value)
    assert answer != answers[name][0] or value is float
    await lie(house, name, written(answer))


async def test_first_reads(
    start: Callable[..., Awaitable[House]], hass: HomeAssistant, cloud: VrmSimulator
) -> None:
    """A site of which the first reads make no sense begins to count and to tell with the next."""
    site = cloud.site("ess")
    cloud.raise_alarm(site, "ASoc")
    told = async_capture_events(hass, EVENT_ALARM)
    series = {"Pc": [[1000 * site.created, None], [None, 5.0]], "Gc": False}
    cloud.inject("garbage", "*/stats", times=None, body=written({"records": series}).decode())
    cloud.inject("garbage", "*/alarm-log", times=None, body='{"records": null}')
    house = await start()
    assert house.find("sensor", f"{site.id}-solar_energy") is None
    cloud.clear_faults()
    await house.live(1200)
    await read(house, Job.ENERGY)
    await read(house, Job.ALARM_LOG)
    shown = float(house.state("solar_energy").state)
    assert_since_created(site, "solar", shown, site.logged(cloud.now))
    assert not told
