"""Whatever a server says: an error of ours, and no value that the heat pump does not have."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from datetime import datetime
from typing import Any, get_type_hints

import aiohttp
from hypothesis import given, strategies as st
import pytest

from custom_components.htrest.api import HtRestClient
from custom_components.htrest.errors import HtRestError
from custom_components.htrest.models import Slot
from custom_components.htrest.parsing import (
    MalformedError,
    failure,
    parse_datetime,
    parse_device,
    parse_fault,
    parse_head,
    parse_heads,
    parse_program,
    parse_slot,
    parse_title,
    parse_values,
)
from tests.fuzzing import (
    alarming,
    assert_kept,
    bodies,
    decoded,
    fuzz,
    lies,
    mutated,
    nonsense,
    written,
)
from tests.lying import STATUSES, Liar, Said, lying, said

from .common import MODE, OUTDOOR, ROOM, House
from .test_parsing import FAILURES, body_of, recorded

type Call = Callable[[HtRestClient], Awaitable[object]]

TITLE = {"swagger": "2.0", "info": {"title": "HtREST", "version": "0.1.11"}}
NOON = datetime(2026, 11, 20, 12)

PARSERS: dict[str, tuple[list[str], Callable[[Any], object]]] = {
    "title": ([], parse_title),
    "values": (["param_subset", "fastquery_subset", "boolint_fastquery"], parse_values),
    "device": (["device_get", "old_pump_device"], parse_device),
    "datetime": (["datetime_get"], parse_datetime),
    "fault": (["faultlist_last", "faultlist_3"], parse_fault),
    "heads": (["timeprog_list"], parse_heads),
    "head": (["timeprog_1", "timeprog_2"], parse_head),
    "program": (["timeprog_1", "timeprog_2"], parse_program),
    "slot": (["timeprog_entry_get"], parse_slot),
}
CALLS: dict[str, tuple[str, Call]] = {
    "check": ("title", lambda client: client.check()),
    "device": ("device", lambda client: client.device()),
    "known_names": ("values", lambda client: client.known_names([OUTDOOR, MODE])),
    "fast": ("values", lambda client: client.fast([OUTDOOR])),
    "read": ("values", lambda client: client.read([MODE])),
    "write": ("values", lambda client: client.write(ROOM, 21.0)),
    "last_fault": ("fault", lambda client: client.last_fault()),
    "fault": ("fault", lambda client: client.fault(3)),
    "clock": ("datetime", lambda client: client.clock()),
    "set_clock": ("datetime", lambda client: client.set_clock(lambda: NOON)),
    "program_heads": ("heads", lambda client: client.program_heads()),
    "program": ("program", lambda client: client.program(1)),
    "write_slot": ("slot", lambda client: client.write_slot(1, 0, 0, Slot(0, 60, 1))),
    "trigger": ("values", lambda client: client.trigger("Entstoerung")),
}


def genuine(name: str) -> list[Any]:
    """Return what the genuine server answers."""
    names, _ = PARSERS[name]
    return [recorded(it)["body"] for it in names] or [TITLE]


@pytest.fixture
async def session() -> AsyncGenerator[aiohttp.ClientSession]:
    """Return a session like Home Assistant's."""
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def liar() -> AsyncGenerator[Liar]:
    """Return a server that answers what it is told."""
    async with lying() as liar:
        yield liar


@pytest.fixture
async def lived_in(house: House) -> tuple[House, dict[str, str]]:
    """Return a house that has read everything once, and what it shows."""
    await house.poll(25)
    return house, shown(house)


@pytest.mark.parametrize("name", PARSERS)
@fuzz(120)
@given(data=st.data())
def test_parsers(name: str, data: st.DataObject) -> None:
    """Each parser makes of nonsense what its type says, or refuses it."""
    parse = PARSERS[name][1]
    raw = decoded(data.draw(mutated(genuine(name)) | nonsense))
    try:
        found = parse(raw)
    except MalformedError:
        return
    assert_kept(found, get_type_hints(parse)["return"])


@fuzz(200)
@given(
    status=st.sampled_from((400, 404, 500)) | st.sampled_from(STATUSES),
    body=st.sampled_from(FAILURES).flatmap(lambda it: bodies([recorded(it)["body"]]))
    | st.sampled_from([body_of(recorded(it)) for it in FAILURES]),
)
def test_failures(status: int, body: bytes) -> None:
    """Whatever comes with a status that is none of success is an error of ours."""
    assert isinstance(failure(status, body), HtRestError)


@fuzz(80)
@given(data=st.data())
async def test_client(session: aiohttp.ClientSession, liar: Liar, data: st.DataObject) -> None:
    """Whatever a server answers, the client says so in errors of its own, and goes on."""
    name = data.draw(st.sampled_from(sorted(CALLS)))
    kind, call = CALLS[name]
    liar.answers = data.draw(st.lists(said(genuine(kind)), min_size=1, max_size=3))
    client = HtRestClient(session, "127.0.0.1", liar.port)
    try:
        found = await call(client)
    except HtRestError:
        pass
    else:
        assert_kept(found, get_type_hints(getattr(HtRestClient, name))["return"])
    liar.answers = [Said(written(genuine("device")[0]))]
    assert await client.device() == parse_device(genuine("device")[0])


# Through Home Assistant


def shown(house: House) -> dict[str, str]:
    """Return all states but those that count what happens."""
    return {
        state.entity_id: state.state
        for state in house.hass.states.async_all()
        if not state.entity_id.endswith(("_requests_last_hour", "_last_request"))
    }


@pytest.mark.parametrize(
    ("path", "polls"),
    [
        ("/api/v1/fastquery/", 1),
        ("/api/v1/param/", 12),
        ("/api/v1/timeprog/*", 12),
        ("/api/v1/faultlist/*", 12),
        ("*", 3),
    ],
)
@fuzz(5)
@given(data=st.data())
async def test_polls(
    lived_in: tuple[House, dict[str, str]],
    caplog: pytest.LogCaptureFixture,
    path: str,
    polls: int,
    data: st.DataObject,
) -> None:
    """Polls that answer nonsense show nothing that the heat pump does not have."""
    house, before = lived_in
    caplog.clear()
    kinds = {"/api/v1/timeprog/*": "program", "/api/v1/faultlist/*": "fault"}
    answers = genuine(kinds.get(path, "values"))
    if path in {"/api/v1/fastquery/", "/api/v1/param/"}:
        answers = [{name: house.shown(name) for name in (OUTDOOR, MODE, ROOM)}]
    body = data.draw(lies(answers))
    house.server.inject("garbage", path, times=None, body=body.decode(errors="replace"))
    await house.poll(polls)
    for entity_id, state in shown(house).items():
        assert state in {before[entity_id], "unavailable", "unknown"}, entity_id
    house.server.clear_faults()
    await house.poll(3)
    # What spoilt answers is left alone for a while.
    for entity_id, state in shown(house).items():
        assert state in {before[entity_id], "unavailable"}, entity_id
    assert house.entry.runtime_data.last_update_success
    assert not alarming(caplog.records, "Error fetching")


# What was found


@pytest.mark.parametrize("text", ["9999-12-31T23:59:59", "0001-01-01T00:00:00"])
def test_time_at_the_end_of_all_times(text: str) -> None:
    """A time that is none anywhere on earth is refused."""
    with pytest.raises(MalformedError):
        parse_fault({**genuine("fault")[0], "datetime": text})
