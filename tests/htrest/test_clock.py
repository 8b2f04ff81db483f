"""The heat pump's clock: how wrong it is, and putting it right."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime
from unittest.mock import patch

import pytest

from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util
from simulators.clock import ManualClock
from simulators.htrest import HtRestSimulator

from .common import House, make_entry
from .dialog import issues


@pytest.fixture(autouse=True)
def _one_clock(clock: ManualClock) -> Iterator[None]:
    """Let Home Assistant and the heat pump go by the same clock, which stands still."""

    def now() -> datetime:
        return clock.now().astimezone(dt_util.get_default_time_zone()).replace(tzinfo=None)

    with (
        patch("custom_components.htrest.reader.local_now", now),
        patch("custom_components.htrest.coordinator.local_now", now),
    ):
        yield


def drift(house: House) -> str:
    """Return the drift as it is shown."""
    return house.state("sensor", "clock_drift").state


async def test_drift(server: HtRestSimulator, start: Callable[..., Awaitable[House]]) -> None:
    """Seconds by which the clock is ahead, read at the start and daily; nothing is set unasked."""
    server.clock_error = 95
    house = await start()
    assert drift(house) in {"95", "96"}
    before = server.stats.calls["GET /datetime/"]
    with patch("custom_components.htrest.polling.SETTINGS_EVERY", 1e9):
        await house.poll(200)
    assert server.stats.calls["GET /datetime/"] == before
    house.entry.runtime_data.reader.schedule.pass_time(86400)
    server.clock_error = -20
    await house.poll()
    assert drift(house) in {"-19", "-20"}
    assert not server.stats.clock_sets


async def test_button(server: HtRestSimulator, start: Callable[..., Awaitable[House]]) -> None:
    """The button sets the clock to the local time, once, and shows what came of it."""
    server.clock_error = 3700
    house = await start()
    await house.call("button", "press", "set_clock")
    assert len(server.stats.clock_sets) == 1
    assert abs(server.clock_error) <= 1
    assert drift(house) in {"0", "1"}


@pytest.mark.parametrize(
    ("attribute", "key"), [("read_only", "server_read_only"), ("silent", "pump_silent")]
)
async def test_not_set(
    server: HtRestSimulator, start: Callable[..., Awaitable[House]], attribute: str, key: str
) -> None:
    """A clock that stays wrong is an error."""
    server.clock_error = 3700
    house = await start()
    setattr(server, attribute, True)
    with pytest.raises(HomeAssistantError) as err:
        await house.call("button", "press", "set_clock")
    assert err.value.translation_key == key


@pytest.mark.parametrize("kind", ["drop_after", "drop"])
async def test_answer_is_lost(
    server: HtRestSimulator, start: Callable[..., Awaitable[House]], kind: str
) -> None:
    """Whether a clock was set the clock itself tells; it is not set twice."""
    server.clock_error = 3700
    house = await start()
    server.inject(kind, "/api/v1/datetime/", method="PUT")
    if kind == "drop_after":
        await house.call("button", "press", "set_clock")
    else:
        with pytest.raises(HomeAssistantError) as err:
            await house.call("button", "press", "set_clock")
        assert err.value.translation_key == "uncertain"
    assert sum(record.method == "PUT" for record in server.stats.history) == 1


@pytest.mark.parametrize(("error", "times"), [(29, 0), (-29, 0), (45, 1), (-3600, 1)])
async def test_kept_right(
    server: HtRestSimulator, start: Callable[..., Awaitable[House]], error: float, times: int
) -> None:
    """With the option a clock that is clearly wrong is put right at the start, and daily."""
    server.clock_error = error
    house = await start(keep_clock=True)
    await house.poll(5)
    assert len(server.stats.clock_sets) == times
    if times:
        assert drift(house) in {"0", "1"}
        server.clock_error = 100
        await house.poll(5)
        assert len(server.stats.clock_sets) == times
        house.entry.runtime_data.reader.schedule.pass_time(86400)
        await house.poll(5)
        assert len(server.stats.clock_sets) == times + 1


async def test_summer_time(server: HtRestSimulator, start: Callable[..., Awaitable[House]]) -> None:
    """When summer time begins or ends the clock is looked at, and put right, at once."""
    house = await start(keep_clock=True)
    await house.hass.config.async_set_time_zone("Europe/Vienna")
    await house.poll()
    house.server.time_zone = "Europe/Vienna"
    before = server.stats.calls["GET /datetime/"]
    await house.poll(3)
    assert server.stats.calls["GET /datetime/"] == before
    await house.hass.config.async_set_time_zone("Europe/Helsinki")
    await house.poll()
    assert len(server.stats.clock_sets) == 2
    assert server.pump.time().hour == dt_util.now().hour
    await house.hass.config.async_set_time_zone("US/Pacific")


async def test_kept_right_only_if_it_may(
    server: HtRestSimulator, start: Callable[..., Awaitable[House]]
) -> None:
    """Without changes being allowed the option does nothing."""
    server.clock_error = 3700
    house = await start(make_entry(server, options={"keep_clock": True}))
    await house.poll(3)
    assert not server.stats.clock_sets


async def test_tried_once_a_day(
    server: HtRestSimulator, start: Callable[..., Awaitable[House]]
) -> None:
    """A clock that cannot be set is tried once, not with every poll."""
    server.clock_error = 3700
    server.read_only = True
    house = await start(keep_clock=True)
    await house.poll(10)
    assert sum(record.method == "PUT" for record in server.stats.history) == 1
    assert not issues(house.hass)
    assert float(drift(house)) > 3600


async def test_line_is_busy(
    server: HtRestSimulator, start: Callable[..., Awaitable[House]]
) -> None:
    """A clock that is set after waiting for the line is set to the time it is then."""
    server.clock_error = 3700
    house = await start()
    house.server.blocking = True
    house.server.inject("delay", "/api/v1/fastquery/", seconds=20)
    polling = asyncio.ensure_future(house.poll())
    await house.plant_time(1)
    press = asyncio.ensure_future(house.call("button", "press", "set_clock"))
    await house.live(asyncio.gather(polling, press))
    assert abs(server.clock_error) <= 1
    assert len(server.stats.clock_sets) == 1
    assert not issues(house.hass)
