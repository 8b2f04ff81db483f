"""The server: how it is doing, when it is away, and when it has too much to do."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from unittest.mock import patch

import pytest

from homeassistant.config_entries import SOURCE_REAUTH
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from simulators.thinknx import ThinknxSimulator

from .common import DOMAIN, Home, make_entry, subentry

LAMP = "light.lamp_0"
CONNECTION = "binary_sensor.thinknx_connection"
LOGGER = "custom_components.thinknx"

type Start = Callable[..., Awaitable[Home]]


@pytest.fixture
async def home(start: Start, server: ThinknxSimulator) -> Home:
    """Return a house with three lights."""
    lamps = server.guids("light")[:3]
    return await start(
        make_entry(
            server,
            *[subentry("light", it, f"Lamp {n}", ("power",)) for n, it in enumerate(lamps)],
        )
    )


def lamp(home: Home, number: int = 0) -> str:
    """Return the GUID of a lamp."""
    found: str = list(home.entry.subentries.values())[number].data["guid"]
    return found


async def test_status(home: Home, server: ThinknxSimulator) -> None:
    """What the server tells of itself are sensors of its device."""
    assert home.state("sensor.thinknx_version").state == server.server.facts()["version"]
    assert home.state(CONNECTION).state == "on"
    started = dt_util.parse_datetime(home.state("sensor.thinknx_last_start_of_the_server").state)
    assert started
    assert started < dt_util.utcnow() - timedelta(hours=1)
    assert home.state("sensor.thinknx_project_deployed").state != "unknown"
    assert home.state("sensor.thinknx_refused_requests").state == "0"


@pytest.mark.parametrize("style", ["plain", "singular", "italian"])
async def test_uptime_does_not_jitter(home: Home, server: ThinknxSimulator, style: str) -> None:
    """The last start is a moment that stays, though the server counts in minutes only."""
    before = home.state("sensor.thinknx_last_start_of_the_service").state
    await home.live(130)
    assert home.state("sensor.thinknx_last_start_of_the_service").state == before


async def test_restart_of_the_server(home: Home, server: ThinknxSimulator) -> None:
    """A server that restarts, and forgets who we are, is asked again as soon as it is there."""
    await server.restart()
    before = len(home.hass.config_entries.flow.async_progress())
    await home.live(10)
    assert home.state(CONNECTION).state == "on"
    assert len(home.hass.config_entries.flow.async_progress()) == before
    server.set_light(lamp(home), on=not server.value(lamp(home), "power"))
    await home.live(10)
    assert home.state(LAMP).state == ("on" if server.value(lamp(home), "power") else "off")


async def test_away(home: Home, server: ThinknxSimulator, caplog: pytest.LogCaptureFixture) -> None:
    """A server that is away makes its devices unavailable; it gets one request now and then."""
    caplog.clear()
    await server.refuse()
    await home.live(20)
    assert home.state(LAMP).state == "unavailable"
    assert home.state(CONNECTION).state == "off"
    server.stats.reset()
    await server.listen()
    await home.live(40)
    assert home.state(CONNECTION).state == "on"
    assert home.state(LAMP).state in {"on", "off"}
    ours = [it for it in caplog.records if it.name == LOGGER and it.levelname != "DEBUG"]
    assert [it.levelname for it in ours] == ["ERROR", "INFO"]


async def test_one_canary(home: Home, server: ThinknxSimulator) -> None:
    """While a server is down it is asked one thing only, less and less often."""
    server.inject("status", status=503, times=None)
    await home.live(10)
    server.stats.reset()
    await home.live(600)
    asked = server.stats.requests
    assert set(asked) == {"/api/V1/system/serverStatus"}
    assert 5 <= asked.total() <= 12


async def test_one_endpoint_breaks_off(
    home: Home, server: ThinknxSimulator, caplog: pytest.LogCaptureFixture
) -> None:
    """Where only some answers break off, their values are left alone, and the server is not down."""
    caplog.clear()
    server.inject("drop_after", "/api/V1/powerstatus", times=None)
    await home.live(60)
    assert home.state(CONNECTION).state == "on"
    assert home.state(LAMP).state == "unknown"
    assert not [it for it in caplog.records if it.name == LOGGER and it.levelname == "ERROR"]
    server.clear_faults()
    await home.live(310)
    assert home.state(LAMP).state in {"on", "off"}


@pytest.mark.parametrize("count", [1, 2])
async def test_some_values_break_off(home: Home, server: ThinknxSimulator, count: int) -> None:
    """Values that never come while others do are asked for now and then, and not shown for long."""
    gone = range(count)
    for number in gone:
        server.trick("status", status=503, guid=lamp(home, number), times=None)
    server.stats.reset()
    await home.live(60)
    if count == 1:
        assert home.state(LAMP).state in {"on", "off"}, "an accident may take a minute"
    await home.live(180)
    assert [home.state(f"light.lamp_{it}").state for it in gone] == ["unknown"] * count
    assert home.state("light.lamp_2").state in {"on", "off"}
    assert home.state(CONNECTION).state == "on"
    assert max(server.stats.guids[lamp(home, it)] for it in gone) <= 25
    server.tricks.clear()
    await home.live(310)
    assert {home.state(f"light.lamp_{it}").state for it in gone} <= {"on", "off"}


async def test_answer_ends_the_pause(home: Home, server: ThinknxSimulator) -> None:
    """A value that was given up is read as usual as soon as a command's answer shows it."""
    server.trick("status", status=503, guid=lamp(home), times=None)
    await home.live(240)
    assert home.state(LAMP).state == "unknown"
    server.tricks.clear()
    await home.call("turn_on", LAMP)
    await home.live(5)
    assert home.state(LAMP).state == "on"
    server.set_light(lamp(home), on=False)
    await home.live(20)
    assert home.state(LAMP).state == "off"


async def test_one_failure_is_none(home: Home, server: ThinknxSimulator) -> None:
    """A single request that fails makes nothing unavailable."""
    server.inject("drop")
    await home.live(10)
    assert home.state(LAMP).state in {"on", "off"}
    assert home.state(CONNECTION).state == "on"


async def test_password_changed(home: Home, server: ThinknxSimulator) -> None:
    """A password that is changed while we run is asked for, after two refusals and no more."""
    server.password_accepted = False
    server.gate.digest.forget()
    await home.live(60)
    flows = home.hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    assert [flow["context"]["source"] for flow in flows] == [SOURCE_REAUTH]
    assert server.stats.auth_failures <= 4
    assert home.state(LAMP).state == "unavailable"


async def test_one_device_is_forbidden(home: Home, server: ThinknxSimulator) -> None:
    """That one object is refused is no reason to ask for the password."""
    server.trick("status", status=403, guid=lamp(home), times=None)
    await home.live(60)
    assert not home.hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    assert home.state("light.lamp_1").state in {"on", "off"}
    assert home.state(CONNECTION).state == "on"


async def test_command_with_a_wrong_password(home: Home, server: ThinknxSimulator) -> None:
    """A command finds out that the password was changed."""
    server.password_accepted = False
    server.gate.digest.forget()
    with pytest.raises(HomeAssistantError) as err:
        await home.call("turn_on", LAMP)
    assert err.value.translation_key == "invalid_auth"
    await home.live(20)
    assert home.hass.config_entries.flow.async_progress_by_handler(DOMAIN)


async def test_one_forbidden_device_holds_up_nothing(home: Home, server: ThinknxSimulator) -> None:
    """An object that is refused is left alone after some tries; the others go on as before."""
    server.trick("status", status=403, guid=lamp(home), times=None)
    await home.live(60)
    server.stats.reset()
    await home.live(60)
    assert server.stats.guids[lamp(home)] == 0
    assert server.stats.guids[lamp(home, 1)] >= 10


async def test_gone_while_it_refuses(home: Home, server: ThinknxSimulator) -> None:
    """A server that goes away right after a refusal is seen to be gone."""
    server.trick("status", status=403, guid=lamp(home))
    await home.live(5)
    await server.refuse()
    await home.live(20)
    assert home.state(CONNECTION).state == "off"


async def test_busy_when_it_is_back(home: Home, server: ThinknxSimulator) -> None:
    """A server that is back and has too much to do is back."""
    await server.refuse()
    await home.live(20)
    await server.listen()
    server.trick("status", status=429, retry_after="3")
    await home.live(40)
    assert home.state(CONNECTION).state == "on"
    assert home.state("sensor.thinknx_refused_requests").state == "1"


async def test_slow_server(home: Home, server: ThinknxSimulator) -> None:
    """A server that takes a second for each answer never has more than two reads at once."""
    server.service_seconds = 1.0
    server.stats.reset()
    await home.live(30)
    assert server.stats.max_in_flight <= 2
    assert home.state(CONNECTION).state == "on"
    server.service_seconds = 0


async def test_bug_of_ours(
    home: Home, server: ThinknxSimulator, caplog: pytest.LogCaptureFixture
) -> None:
    """An error of ours while something is taken in does not end it for good."""
    with patch.object(type(home.entry.runtime_data), "async_set_updated_data", _fail):
        await home.live(65)
    assert "Unexpected error while reading" in caplog.text
    server.set_light(lamp(home), on=not server.value(lamp(home), "power"))
    await home.live(10)
    assert home.state(LAMP).state == ("on" if server.value(lamp(home), "power") else "off")


def _fail(*_: object) -> None:
    raise ZeroDivisionError


async def test_garbage_about_one_device(home: Home, server: ThinknxSimulator) -> None:
    """Answers that make no sense about one device leave the others, and the server, as they are."""
    for kind in ("other_guid", "html", "empty", "deep"):
        server.trick(kind, guid=lamp(home), times=8)
    await home.live(60)
    assert home.state(LAMP).state == "unknown"
    assert home.state("light.lamp_1").state in {"on", "off"}
    assert home.state(CONNECTION).state == "on"
    server.tricks.clear()
    await home.live(310)
    assert home.state(LAMP).state in {"on", "off"}


async def test_garbage_only(home: Home, server: ThinknxSimulator) -> None:
    """Something else at the address is no Thinknx server."""
    server.trick("html", status=200, times=None)
    await home.live(60)
    assert home.state(CONNECTION).state == "off"
    server.tricks.clear()
    await home.live(60)
    assert home.state(CONNECTION).state == "on"


async def test_busy_server(home: Home, server: ThinknxSimulator) -> None:
    """A server that complains is asked half as often, then slowly more; nothing is unavailable."""
    pace = home.entry.runtime_data.scheduler.pace
    server.trick("status", status=429, retry_after="7")
    await home.live(3)
    assert pace.rate < 3
    server.stats.reset()
    await home.live(3.5)
    assert not server.stats.requests
    await home.live(120)
    assert pace.rate > 3
    assert home.state(LAMP).state in {"on", "off"}
    assert home.state("sensor.thinknx_refused_requests").state == "1"


async def test_command_to_a_busy_server(home: Home, server: ThinknxSimulator) -> None:
    """A light waits for a busy server for some seconds; it is never switched minutes later."""
    server.trick("status", status=429, controller="power", retry_after="3")
    await home.call("turn_on", LAMP)
    assert server.value(lamp(home), "power") == 1
    server.trick("status", status=429, controller="power", retry_after="200")
    with pytest.raises(HomeAssistantError) as err:
        await home.call("turn_off", LAMP)
    assert err.value.translation_key == "busy"
    with pytest.raises(HomeAssistantError) as err:
        await home.call("turn_on", "light.lamp_1")
    assert err.value.translation_key == "busy"
    await home.live(300)
    assert server.value(lamp(home), "power") == 1


async def test_all_lights_at_once(start: Start, server: ThinknxSimulator) -> None:
    """Many commands at once are spread, and none is lost."""
    guids = server.guids("light")[:20]
    lights = [subentry("light", it, f"Lamp {n}", ("power",)) for n, it in enumerate(guids)]
    home = await start(make_entry(server, *lights))
    server.rate_limit, server.rate_burst = 10, 10
    await home.wait_for(
        home.hass.services.async_call(
            "light",
            "turn_on",
            {"entity_id": home.hass.states.async_entity_ids("light")},
            blocking=True,
        )
    )
    assert all(server.value(guid, "power") for guid in guids)
    assert server.stats.rejected == 0


async def test_read_before_a_command(home: Home, server: ThinknxSimulator) -> None:
    """What was read before a command was sent does not undo what it set."""
    server.set_light(lamp(home), on=False)
    await home.live(10)
    server.trick("late", guid=lamp(home), controller="powerstatus", seconds=5, times=None)
    await home.call("turn_on", LAMP)
    states = []
    for _ in range(10):
        await home.live(0.5)
        states.append(home.state(LAMP).state)
    assert states == ["on"] * 10


async def test_who_is_not_shown_is_not_read(home: Home, server: ThinknxSimulator) -> None:
    """Entities that are disabled cost no request."""
    registry = home.registry
    registry.async_update_entity(LAMP, disabled_by=er.RegistryEntryDisabler.USER)
    await home.settle()
    await home.hass.config_entries.async_reload(home.entry.entry_id)
    await home.read_all()
    server.stats.reset()
    await home.live(30)
    assert lamp(home) not in server.stats.guids
    assert lamp(home, 1) in server.stats.guids


async def test_one_change_wakes_one_device(home: Home, server: ThinknxSimulator) -> None:
    """A lamp that changes writes one state."""
    await home.live(10)
    changes: list[str] = []
    home.hass.bus.async_listen(
        "state_changed", lambda event: changes.append(event.data["entity_id"])
    )
    server.set_light(lamp(home), on=not server.value(lamp(home), "power"))
    await home.live(8)
    assert [it for it in changes if it.startswith("light.")] == [LAMP]


async def test_time_to_the_first_round(home: Home, caplog: pytest.LogCaptureFixture) -> None:
    """How long it took until everything was read is said once."""
    await home.live(60)
    records = caplog.get_records("setup") + caplog.get_records("call")
    assert len([it for it in records if "values of Thinknx were read" in it.message]) == 1


@pytest.mark.parametrize("entity_id", [LAMP, CONNECTION])
async def test_look_now(home: Home, server: ThinknxSimulator, entity_id: str) -> None:
    """Who cannot wait has a device, or the server, read before the others."""
    assert await async_setup_component(home.hass, "homeassistant", {})
    server.set_light(lamp(home), on=not server.value(lamp(home), "power"))
    server.stats.reset()
    await home.hass.services.async_call(
        "homeassistant", "update_entity", {"entity_id": entity_id}, blocking=True
    )
    await home.live(2)
    if entity_id == LAMP:
        assert home.state(LAMP).state == ("on" if server.value(lamp(home), "power") else "off")
    else:
        assert server.stats.controllers["system/serverStatus"] == 1
