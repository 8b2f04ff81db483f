"""Whatever the cloud says: an error of ours, and no value that a site does not have."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any, get_type_hints, override

from aiohttp import ClientSession
from hypothesis import given, strategies as st
import pytest

from custom_components.victron_vrm.api import VrmClient
from custom_components.victron_vrm.budget import Budget
from custom_components.victron_vrm.errors import VrmError, VrmResponseError
from custom_components.victron_vrm.forecast import Forecast
from custom_components.victron_vrm.login import make_token
from custom_components.victron_vrm.models import Interval
from custom_components.victron_vrm.parsing import (
    parse_alarm_log,
    parse_devices,
    parse_diagnostics,
    parse_flows,
    parse_new_token,
    parse_row,
    parse_site,
    parse_stats,
    parse_tokens,
    parse_user,
    site_records,
)
from simulators.clock import ManualClock
from simulators.victron_vrm import VrmSimulator
from tests.fuzzing import (
    ODD_BYTES,
    Answers,
    alarming,
    assert_kept,
    bodies,
    decoded,
    fuzz,
    impossible,
    mutated,
    overheard,
    written,
)
from tests.lying import Liar, Said, lying, said

from .common import House

type Call = Callable[[VrmClient], Awaitable[object]]

SITE = 7
ROWS = 12  # of hundreds

PARSERS: dict[str, tuple[str, Callable[[Any], object]]] = {
    "user": ("me", parse_user),
    "tokens": ("tokens", parse_tokens),
    "new_token": ("token", parse_new_token),
    "sites": ("sites", site_records),
    "site": ("site", parse_site),
    "diagnostics": ("diagnostics", parse_diagnostics),
    "row": ("row", parse_row),
    "devices": ("devices", parse_devices),
    "stats": ("stats", parse_stats),
    "flows": ("stats", parse_flows),
    "alarm_log": ("alarm_log", parse_alarm_log),
}
CALLS: dict[str, tuple[str, Call]] = {
    "me": ("me", lambda client: client.me()),
    "tokens": ("tokens", lambda client: client.tokens(22)),
    "sites": ("sites", lambda client: client.sites(22)),
    "devices": ("devices", lambda client: client.devices(SITE)),
    "diagnostics": ("diagnostics", lambda client: client.diagnostics(SITE)),
    "stats": ("stats", lambda client: client.stats(SITE, "kwh", Interval.HOURS, 0, 3600)),
    "flows": ("stats", lambda client: client.flows(SITE, Interval.HOURS, 0, 3600)),
    "alarm_log": ("alarm_log", lambda client: client.alarm_log(SITE)),
    "clear_alarm": ("me", lambda client: client.clear_alarm(SITE, 1)),
}


class Endless(Budget):
    """A budget that is never used up."""

    @override
    def wait(self, priority: float) -> float:
        """Have nobody wait."""
        return 0.0


@pytest.fixture
async def liar() -> AsyncGenerator[Liar]:
    """Return a server that answers what it is told."""
    async with lying() as liar:
        yield liar


@pytest.fixture
async def answers(cloud: VrmSimulator, session: ClientSession, clock: ManualClock) -> Answers:
    """Return what the cloud answers, by the name of the call; of many rows some."""
    heard = overheard(cloud)
    site = cloud.site("ess")
    cloud.raise_alarm(site, "ASoc")
    await clock.advance(600)
    client = VrmClient(session, f"{cloud.url}/v2", cloud.token, Endless())
    now, user = clock.now().timestamp(), cloud.owner.id
    found = Answers()
    calls: dict[str, tuple[str, Callable[[], Awaitable[object]]]] = {
        "alarm_log": ("/alarm-log", lambda: client.alarm_log(site.id)),
        "me": ("/users/me", client.me),
        "tokens": ("/accesstokens", lambda: client.tokens(user)),
        "sites": ("/installations", lambda: client.sites(user)),
        "devices": ("/system-overview", lambda: client.devices(site.id)),
        "diagnostics": ("/diagnostics", lambda: client.diagnostics(site.id)),
        "stats": (
            "/stats",
            lambda: client.stats(site.id, "kwh", Interval.HOURS, now - 14400, now),
        ),
    }
    for name, (path, call) in calls.items():
        if name == "me":
            cloud.end_alarms(site)
            await clock.advance(600)
        heard.clear()
        await call()
        found[name] = next(answers for it, answers in heard.items() if it.endswith(path))
    rows = found["diagnostics"][0]["records"]
    found["diagnostics"][0]["records"] = rows[:: len(rows) // ROWS]
    found["diagnostics"][0]["num_records"] = len(found["diagnostics"][0]["records"])
    found["row"] = found["diagnostics"][0]["records"]
    found["all sites"] = found["sites"]
    record = found["sites"][0]["records"][0]
    short = {**record, "extended": record["extended"][::8]}
    found["sites"], found["site"] = [{**found["sites"][0], "records": [short]}], [short]
    found["token"] = [{"success": True, "token": "0a" * 32, "idAccessToken": "1"}]
    found["login"] = [{"token": "jwt", "idUser": 22, "verification_mode": "password"}]
    return found


@fuzz(500)
@given(data=st.data())
def test_parsers(answers: Answers, data: st.DataObject) -> None:
    """Each parser makes of nonsense what its type says, or refuses it."""
    name = data.draw(st.sampled_from(sorted(PARSERS)))
    path, parse = PARSERS[name]
    raw = decoded(data.draw(mutated(answers[path])))
    if not isinstance(raw, dict):
        return  # so much the transport has seen to
    try:
        found = parse(raw)
    except VrmResponseError:
        return
    assert_kept(found, get_type_hints(parse)["return"])
    if name == "stats":
        assert Forecast().updated(parse_stats(raw), 0.0)


@fuzz(80)
@given(data=st.data())
async def test_client(
    session: ClientSession, liar: Liar, answers: Answers, data: st.DataObject
) -> None:
    """Whatever a server answers, the client says so in errors of its own, and goes on."""
    name = data.draw(st.sampled_from(sorted(CALLS)))
    path, call = CALLS[name]
    liar.answers = data.draw(st.lists(said(answers[path]), min_size=1, max_size=3))
    client = VrmClient(session, f"http://127.0.0.1:{liar.port}/v2", "0a" * 32, Endless())
    try:
        found = await call(client)
    except VrmError:
        pass
    else:
        assert_kept(found, get_type_hints(getattr(VrmClient, name))["return"])
    liar.answers = [Said(written(answers["me"][0]))]
    assert await client.me() == parse_user(answers["me"][0])


@fuzz(40)
@given(data=st.data())
async def test_login(
    session: ClientSession, liar: Liar, answers: Answers, data: st.DataObject
) -> None:
    """A login ends with a token, or with an error of ours."""
    kinds = [said(answers["login"]), said(answers["token"]), said(answers["me"])]
    good = [Said(written(answers["login"][0])), Said(written(answers["token"][0]))]
    liar.answers = data.draw(
        st.tuples(*kinds).map(list) | kinds[1].map(lambda it: [good[0], it, it, it])
    )
    base = f"http://127.0.0.1:{liar.port}/v2"
    try:
        token = await make_token(session, base, "me@example.com", "secret")
    except VrmError:
        return
    assert len(token) == 64


# Through Home Assistant


def shown(house: House) -> dict[str, str]:
    """Return all states but those that count what happens, or go with the time."""
    return {
        state.entity_id: state.state
        for state in house.hass.states.async_all()
        if not state.entity_id.startswith(("event.", "device_tracker."))
        and not any(it in state.entity_id for it in ("request", "forecast", "expected", "today"))
    }


@pytest.fixture
async def lived_in(house: House, answers: Answers) -> House:
    """Return a house that knows what is so when answers begin to be spoilt."""
    await house.entry.runtime_data.async_poll()
    await house.settle()
    return house


@fuzz(15)
@given(data=st.data())
async def test_polls(
    house: House,
    caplog: pytest.LogCaptureFixture,
    answers: Answers,
    data: st.DataObject,
) -> None:
    """Answers that make no sense end nothing, and are no matter for the log."""
    caplog.clear()
    kinds = ("sites", "devices", "diagnostics", "stats", "alarm_log", "me")
    kind = data.draw(st.sampled_from(kinds))
    paths = {"sites": "*/installations", "devices": "*/system-overview", "alarm_log": "*/alarm-log"}
    body = data.draw(bodies(answers[kind]))
    house.cloud.inject(
        "garbage",
        paths.get(kind, f"*/{kind}"),
        times=None,
        body=body.decode(errors="replace"),
    )
    await house.live(1200)
    house.cloud.clear_faults()
    await house.live(400)
    assert house.entry.runtime_data.last_update_success
    assert not alarming(caplog.records, "Error fetching", "Error requesting")


@fuzz(8)
@given(data=st.data())
async def test_values(
    lived_in: House, caplog: pytest.LogCaptureFixture, answers: Answers, data: st.DataObject
) -> None:
    """A poll whose values are none shows nothing that the site does not have."""
    house, before = lived_in, shown(lived_in)
    caplog.clear()
    record = answers["all sites"][0]["records"][0]
    rows = data.draw(mutated([record["extended"]], impossible))
    body = {**answers["all sites"][0], "records": [{**record, "extended": rows}]}
    house.cloud.inject("garbage", "*/installations", body=written(body).decode())
    await house.entry.runtime_data.async_poll()
    await house.settle()
    for entity_id, state in shown(house).items():
        assert state in {before[entity_id], "unavailable", "unknown"}, entity_id
    assert not alarming(caplog.records, "Error fetching")
    await house.entry.runtime_data.async_poll()
    await house.settle()
    assert shown(house) == before


@fuzz(10)
@given(body=st.sampled_from(ODD_BYTES))
async def test_unreadable(lived_in: House, body: bytes) -> None:
    """A poll that cannot be read makes all unavailable at most."""
    house, before = lived_in, shown(lived_in)
    house.cloud.inject("garbage", "*/installations", body=body.decode(errors="replace"))
    await house.entry.runtime_data.async_poll()
    await house.settle()
    for entity_id, state in shown(house).items():
        assert state in {before[entity_id], "unavailable", "unknown"}, entity_id
    await house.entry.runtime_data.async_poll()
    await house.settle()
    assert shown(house) == before


# What was found


@pytest.mark.parametrize("when", [1e300, -1e15, 1_795_234_045_000])
def test_moments_that_are_none(answers: Answers, when: float) -> None:
    """A time that no site has seen is none: years of energy would be asked for."""
    site = parse_site({**answers["site"][0], "syscreated": when, "last_timestamp": when})
    assert site and (site.created, site.last_log) == (None, None)
    (row,) = answers["alarm_log"][0]["records"]
    assert parse_alarm_log({"records": [{**row, "started": when}]}) == []


@pytest.mark.parametrize("kind", ["alarm_log", "tokens"])
async def test_times_that_no_calendar_has(
    house: House, answers: Answers, caplog: pytest.LogCaptureFixture, kind: str
) -> None:
    """An alarm or a token with a time of its own is no matter for the log."""
    path, key, field = {
        "alarm_log": ("*/alarm-log", "records", "started"),
        "tokens": ("*/accesstokens*", "tokens", "expires"),
    }[kind]
    answer = answers[kind][0]
    odd = {**answer, key: [{**it, field: -1e300, "instance": 7} for it in answer[key]]}
    house.cloud.inject("garbage", path, times=None, body=written(odd).decode())
    await house.hass.config_entries.async_reload(house.entry.entry_id)
    await house.live(1000)
    assert not alarming(caplog.records)


def test_numbers_that_no_store_takes(answers: Answers) -> None:
    """A number beyond 64 bits is none: what is kept of a site could not be written any more."""
    (device,) = parse_devices({"records": {"devices": [{"instance": 1e30, "name": "x"}]}})
    assert device.instance is None
