"""The client alone: what is read, what is commanded, and how often a request goes out."""

import asyncio
from collections.abc import AsyncGenerator
from unittest.mock import patch

import aiohttp
import pytest

from custom_components.thinknx import api
from custom_components.thinknx.address import Auth, Connection
from custom_components.thinknx.api import ThinknxClient
from custom_components.thinknx.endpoints import (
    ORDERS,
    STATUSES,
    TELEGRAMS,
    Aspect,
    Command,
    Dpt,
    Telegram,
)
from custom_components.thinknx.errors import (
    ThinknxBusyError,
    ThinknxError,
    ThinknxMixedUpError,
    ThinknxNoDeviceError,
    ThinknxNotPossibleError,
    ThinknxParameterError,
    ThinknxPathError,
    ThinknxRefusedError,
    ThinknxResponseError,
    ThinknxUncertainError,
)
from custom_components.thinknx.values import Reading, ValueKind
from simulators.clock import ManualClock
from simulators.thinknx import (
    READINGS,
    HeightParameter,
    Profile,
    RetryAfter,
    Spelling,
    StatusFormat,
    ThinknxSimulator,
    TriggerCommand,
)

from .client_tools import COMMANDS, READS, client_of, until


@pytest.fixture
async def session() -> AsyncGenerator[aiohttp.ClientSession]:
    """Return a session as any program has one."""
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def client(session: aiohttp.ClientSession, server: ThinknxSimulator) -> ThinknxClient:
    """Return a client of the server."""
    return client_of(session, server)


@pytest.fixture
def lamp(server: ThinknxSimulator) -> str:
    """Return the GUID of a dimmable lamp."""
    return server.guids("light", "level")[0]


@pytest.mark.parametrize("aspect", Aspect)
async def test_reads(client: ThinknxClient, server: ThinknxSimulator, aspect: Aspect) -> None:
    """Everything that can be read comes as the server shows it."""
    controller = STATUSES[aspect].controller
    guids = [guid for guid, readable in server.readable if readable == controller]
    assert guids
    for guid in guids[:5]:
        shown = server.value(guid, READINGS[controller].function)
        assert await client.read(guid, aspect) == Reading(shown)


@pytest.mark.parametrize("command", Command)
@pytest.mark.parametrize("high", [False, True])
async def test_commands(
    client: ThinknxClient, server: ThinknxSimulator, command: Command, high: bool
) -> None:
    """Every command is taken by a server that goes by the description, to its limits."""
    order = ORDERS[command]
    devices = server.plant.devices.values()
    guid = next(device.guid for device in devices if command in device.controllers)
    value = order.high if high else order.low
    assert await client.command(guid, command, value) is None
    record = server.stats.commands[-1]
    assert (record.controller, record.guid, record.status) == (command, guid, 200)
    sent = {name: text for name, text in record.params.items() if name != "auth"}
    assert sent == {order.parameter: str(int(value))}
    assert not record.fb
    assert len(server.stats.commands) == 1


@pytest.mark.parametrize(("dpt", "telegram"), TELEGRAMS.items())
async def test_telegrams(
    client: ThinknxClient, server: ThinknxSimulator, dpt: Dpt, telegram: Telegram
) -> None:
    """Every type of telegram reaches the bus, to its limits; the server's echo comes back."""
    for value in (telegram.low, telegram.high):
        if dpt is Dpt.DPT_14:
            value /= 2  # the simulator's own limits are rounder
        echo = await client.telegram(dpt, "1/0/1", value)
        assert (echo["group"], echo["value"]) == ("1/0/1", pytest.approx(value))
        sent = server.stats.telegrams[-1]
        assert (sent.controller, sent.group) == (telegram.controller, "1/0/1")
        assert sent.value == pytest.approx(value)


@pytest.mark.parametrize(
    ("style", "power", "level", "value"),
    [
        (StatusFormat.NUMBER, Reading(True), Reading(40.0), Reading(21.5)),
        (StatusFormat.STRING, Reading(True), Reading(40.0), Reading(21.5)),
        (StatusFormat.COMMA, Reading(True), Reading(40.0), Reading(21.5)),
        (StatusFormat.BOOLEAN, Reading(True), Reading(40.0), Reading(21.5)),
        (StatusFormat.NULL, Reading(None), Reading(None), Reading(None)),
        (StatusFormat.EMPTY, Reading(None), Reading(None), Reading(None)),
        (StatusFormat.MISSING, Reading(None), Reading(None), Reading(None)),
        (
            StatusFormat.NAN,
            *[Reading(None, odd=True, raw="NaN")] * 3,
        ),
        (
            StatusFormat.OUT_OF_RANGE,
            Reading(None, odd=True, raw="9"),
            Reading(None, odd=True, raw="255"),
            Reading(670760.96),
        ),
    ],
)
async def test_formats(
    client: ThinknxClient,
    server: ThinknxSimulator,
    lamp: str,
    style: StatusFormat,
    power: Reading,
    level: Reading,
    value: Reading,
) -> None:
    """However a server writes its values, each is understood or known to make no sense."""
    analog = server.guids("analog")[0]
    server.set_light(lamp, level=40)
    server.set_value(analog, "value", 21.5)
    server.status_format = style
    assert await client.read(lamp, Aspect.POWER) == power
    assert await client.read(lamp, Aspect.LEVEL) == level
    assert await client.read(analog, Aspect.VALUE) == value


def test_ages() -> None:
    """Lamps are looked at most often, and slats, which are looked at after the blind, seldom."""
    ages = {aspect: status.age for aspect, status in STATUSES.items()}
    assert min(ages, key=lambda aspect: ages[aspect]) is Aspect.POWER
    assert ages[Aspect.ANGLE] == 60
    assert all(status.codes for status in STATUSES.values() if status.kind is ValueKind.CODE)


# Feedback


async def test_feedback(client: ThinknxClient, server: ThinknxSimulator, lamp: str) -> None:
    """A reply with feedback tells what the device now shows; the token for it stands bare."""
    server.strict_fb = True
    server.set_light(lamp, on=False)
    assert await client.command(lamp, Command.POWER, 1, feedback=True) == Reading(True)
    assert await client.command(lamp, Command.LEVEL, 40, feedback=True) == Reading(40.0)
    assert [record.fb for record in server.stats.commands] == [True, True]


async def test_reply_without_status(
    client: ThinknxClient, server: ThinknxSimulator, lamp: str
) -> None:
    """A server that has nothing to tell is not misunderstood."""
    server.fb_status = False
    assert await client.command(lamp, Command.POWER, 1, feedback=True) is None
    server.fb_status = True
    server.status_format = StatusFormat.NULL
    assert await client.command(lamp, Command.POWER, 1, feedback=True) == Reading(None)
    stop = await client.command(server.guids("blind")[0], Command.STOP, 1, feedback=True)
    assert stop is None


@pytest.mark.parametrize(
    ("profile", "constant"),
    [(Profile.LOCAL, "FEEDBACK_TIMEOUT"), (Profile.CLOUD, "FEEDBACK_TIMEOUT_FAR")],
)
async def test_no_feedback(
    session: aiohttp.ClientSession,
    server: ThinknxSimulator,
    lamp: str,
    profile: Profile,
    constant: str,
) -> None:
    """A device that does not answer in time leaves it open what came of the command."""
    server.profile = profile
    server.fb_answered = False
    far = profile is Profile.CLOUD
    client = client_of(
        session,
        server,
        None if far else Auth.BASIC,
        key=server.key if far else "",
        connection=Connection.ON_PREMISE,
    )
    others = {"FEEDBACK_TIMEOUT", "FEEDBACK_TIMEOUT_FAR"} - {constant}
    with (
        patch.object(api, constant, 0.05),
        patch.object(api, others.pop(), "not this one"),
        pytest.raises(ThinknxUncertainError) as err,
    ):
        await client.command(lamp, Command.POWER, 1, feedback=True)
    assert err.value.timed_out
    await until(lambda: server.stats.commands)
    assert len(server.stats.commands) == 1


# Where the description contradicts itself


async def test_parameter_of_height(client: ThinknxClient, server: ThinknxSimulator) -> None:
    """A server that wants "cmd" for a height gets it, and from then on at once."""
    server.height_parameter = HeightParameter.CMD
    guid = server.guids("blind")[0]
    await client.command(guid, Command.HEIGHT, 40)
    await client.command(guid, Command.HEIGHT, 60)
    names = [next(iter(record.params)) for record in server.stats.commands]
    assert names == ["val", "cmd", "cmd"]
    assert [record.status for record in server.stats.commands] == [400, 200, 200]


async def test_parameter_of_trigger(client: ThinknxClient, server: ThinknxSimulator) -> None:
    """A server that wants no parameter for a trigger gets none, and from then on at once."""
    guid = server.guids("button")[0]
    server.trigger_command = TriggerCommand.NEEDED
    await client.command(guid, Command.TRIGGER, 1)
    server.trigger_command = TriggerCommand.REFUSED
    await client.command(guid, Command.TRIGGER, 1)
    await client.command(guid, Command.TRIGGER, 1)
    given = ["cmd" in record.params for record in server.stats.commands]
    assert given == [True, True, False, False]


async def test_parameters_of_several_at_once(
    client: ThinknxClient, server: ThinknxSimulator, clock: ManualClock
) -> None:
    """Commands that find out about it side by side, or after another one has, all get through."""
    server.height_parameter = HeightParameter.CMD
    late, *guids = server.guids("blind")[:4]
    server.inject("delay", seconds=1)
    task = asyncio.create_task(client.command(late, Command.HEIGHT, 40))
    await until(lambda: clock.sleepers)
    await asyncio.gather(*(client.command(guid, Command.HEIGHT, 40) for guid in guids))
    await clock.advance(1)
    await task
    done = [record.guid for record in server.stats.commands if record.status == 200]
    assert sorted(done) == sorted([late, *guids])


async def test_parameter_is_not_learned_from_a_mistake(
    client: ThinknxClient, server: ThinknxSimulator
) -> None:
    """A value that the server does not like by any name says nothing about the name."""
    guid = server.guids("blind")[0]
    with pytest.raises(ThinknxParameterError) as err:
        await client.command(guid, Command.HEIGHT, 140)
    assert err.value.__context__ is None
    await client.command(guid, Command.HEIGHT, 40)
    assert [list(record.params)[0] for record in server.stats.commands] == ["val", "cmd", "val"]


@pytest.mark.parametrize("text", ["device not found", "impossible to execute"])
async def test_parameter_is_not_tried_for_other_refusals(
    client: ThinknxClient, server: ThinknxSimulator, text: str
) -> None:
    """Only what is about the parameters is answered with another one."""
    server.fail(text, times=None)
    for command, kind in ((Command.HEIGHT, "blind"), (Command.TRIGGER, "button")):
        with pytest.raises(ThinknxRefusedError):
            await client.command(server.guids(kind)[0], command, 1)
    server.tricks.clear()
    server.fail("params errors", times=None)
    with pytest.raises(ThinknxParameterError):
        await client.command(server.guids("light")[0], Command.POWER, 1)
    assert len(server.stats.commands) == 3


@pytest.mark.parametrize("spelling", [Spelling.UPPER, Spelling.LOWER])
async def test_spelling_of_the_version(
    session: aiohttp.ClientSession, server: ThinknxSimulator, spelling: Spelling
) -> None:
    """A path that is not known there is told from a device that is not."""
    server.spelling = spelling
    right, wrong = (client_of(session, server, version=version) for version in ("V1", "v1"))
    if spelling is Spelling.LOWER:
        right, wrong = wrong, right
    with pytest.raises(ThinknxPathError):
        await wrong.server_status()
    assert (await right.server_status()).version == server.server.version
    with pytest.raises(ThinknxNoDeviceError):
        await right.read("nobody-knows-this-one", Aspect.POWER)


# Refusals


@pytest.mark.parametrize("as_200", [False, True])
@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("device not found", ThinknxNoDeviceError),
        ("Params  Errors", ThinknxParameterError),
        ("IMPOSSIBLE TO EXECUTE", ThinknxNotPossibleError),
        ("no more memory", ThinknxResponseError),
    ],
)
async def test_refusals(
    client: ThinknxClient,
    server: ThinknxSimulator,
    lamp: str,
    as_200: bool,
    text: str,
    error: type[ThinknxError],
) -> None:
    """What the server says counts more than its status."""
    server.errors_as_200 = as_200
    for call in (READS["read"], COMMANDS["command"]):
        server.fail(text)
        with pytest.raises(error):
            await call(client, lamp)


async def test_too_many_requests(
    client: ThinknxClient, server: ThinknxSimulator, lamp: str
) -> None:
    """A busy server says when to come back; what was commanded was not carried out."""
    server.rate_limit, server.rate_burst = 1, 1
    for style, seconds in (
        (RetryAfter.NOTHING, None),
        (RetryAfter.SECONDS, 7),
        (RetryAfter.DATE, pytest.approx(7, abs=2)),
    ):
        server.retry_after, server.retry_after_seconds = style, 7
        server._bucket.fill()
        await client.server_status()
        for call in (READS["read"], COMMANDS["command"]):
            with pytest.raises(ThinknxBusyError) as err:
                await call(client, lamp)
            assert err.value.retry_after == seconds
    assert not server.stats.commands


async def test_mixed_up(client: ThinknxClient, server: ThinknxSimulator, lamp: str) -> None:
    """An answer about something else is never believed, and is counted."""
    server.wrong_guid = True
    for call in (READS["read"], COMMANDS["command"], COMMANDS["feedback"]):
        with pytest.raises(ThinknxMixedUpError):
            await call(client, lamp)
    assert client.mixed_up == 3
    server.wrong_guid = False
    for call in (*READS.values(), *COMMANDS.values()):
        server.inject("garbage", body='{"namespace": "hvacfanstatus", "status": 1}')
        with pytest.raises(ThinknxMixedUpError):
            await call(client, lamp)
    assert client.mixed_up == 8
    server.wrong_namespace = True  # a name that nothing has
    assert await client.read(lamp, Aspect.POWER)
    assert client.mixed_up == 8
