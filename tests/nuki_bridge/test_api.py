"""The client alone, against the simulated bridge."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from datetime import UTC, datetime
from itertools import pairwise
from unittest.mock import patch

import aiohttp
from nacl.secret import SecretBox
import pytest

from custom_components.nuki_bridge import api, transport
from custom_components.nuki_bridge.api import NukiBridgeClient
from custom_components.nuki_bridge.errors import (
    NukiActionRejectedError,
    NukiActionUncertainError,
    NukiBusyError,
    NukiConnectionError,
    NukiError,
    NukiNotSupportedError,
    NukiResponseError,
    NukiUnknownDeviceError,
)
from custom_components.nuki_bridge.models import Action, AuthMode, DeviceType, NukiDevice
from custom_components.nuki_bridge.transport import BridgeLine, TokenWriter
from simulators.clock import ManualClock, RealClock
from simulators.nuki_bridge import CELLAR, FRONT_DOOR, INTERCOM, NukiBridgeSimulator

UNLOCK, LOCK = 1, 2
LOCK_DEVICE = NukiDevice(nuki_id=CELLAR, device_type=DeviceType.SMART_LOCK)


@pytest.fixture
async def session() -> AsyncGenerator[aiohttp.ClientSession]:
    """Return a session like Home Assistant's."""
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def make(
    session: aiohttp.ClientSession, bridge: NukiBridgeSimulator, clock: ManualClock
) -> Callable[..., NukiBridgeClient]:
    """Return a maker of clients without pauses."""

    def client(mode: AuthMode = AuthMode.ENCRYPTED) -> NukiBridgeClient:
        return NukiBridgeClient(
            session,
            bridge.host,
            bridge.port,
            bridge.token or "",
            mode,
            gap=0,
            retry_delays=(0, 0, 0, 0),
            now=clock.now,
        )

    return client


@pytest.fixture
def client(make: Callable[..., NukiBridgeClient]) -> NukiBridgeClient:
    """Return a client without pauses."""
    return make()


@pytest.fixture
def bridge_moves_at_once(bridge: NukiBridgeSimulator) -> NukiBridgeSimulator:
    """Return the bridge, with locks that need no time."""
    bridge.ble_seconds = bridge.move_seconds = bridge.unlatch_seconds = 0
    return bridge


VECTOR_TIME = datetime(2019, 3, 5, 1, 6, 53, tzinfo=UTC)


def test_hashed_token(monkeypatch: pytest.MonkeyPatch) -> None:
    """The vendor's example of a hashed token."""
    monkeypatch.setattr("secrets.randbelow", lambda _: 4710)
    params = TokenWriter("123456", AuthMode.HASHED).params(VECTOR_TIME)
    assert params["ts"] == "2019-03-05T01:06:53Z"
    assert params["rnr"] == "4711"
    # sha256sum of "2019-03-05T01:06:53Z,4711,123456"
    assert params["hash"] == "f52eb5ce382e356c4239f8fb4d0a87402bb95b7b3124f0762b806ad7d0d01cb6"


def test_encrypted_token() -> None:
    """An encrypted token opens with the SHA-256 of the token, and holds time and number."""
    params = TokenWriter("123456", AuthMode.ENCRYPTED).params(VECTOR_TIME)
    assert params.keys() == {"ctoken", "nonce"}
    key = bytes.fromhex("8d969eef6ecad3c29a3a629280e686cf0c3f5d5a86aff3ca12020c923adc6c92")
    opened = SecretBox(key).decrypt(bytes.fromhex(params["ctoken"]), bytes.fromhex(params["nonce"]))
    stamp, number = opened.decode().split(",")
    assert stamp == "2019-03-05T01:06:53Z"
    assert 0 <= int(number) <= 65535


def test_numbers_do_not_repeat() -> None:
    """Tokens of one second all differ, or the bridge would take one for a replay."""
    writer = TokenWriter("123456", AuthMode.HASHED)
    hashes = {writer.params(VECTOR_TIME)["hash"] for _ in range(65536)}
    assert len(hashes) == 65536


def test_plain_token() -> None:
    """A plain token goes as it is."""
    assert TokenWriter("abc", AuthMode.PLAIN).params(VECTOR_TIME) == {"token": "abc"}


async def test_commands_overtake_polls(
    client: NukiBridgeClient, bridge: NukiBridgeSimulator
) -> None:
    """A command waits for the request under way and for no poll behind it."""
    bridge.inject("delay", "/list", seconds=5)
    polls = [asyncio.ensure_future(client.devices()) for _ in range(3)]
    await asyncio.sleep(0)
    command = asyncio.ensure_future(client.lock_action(LOCK_DEVICE, Action.UNLOCK))
    while not bridge.stats.in_flight:  # noqa: ASYNC110
        await asyncio.sleep(0)
    assert isinstance(bridge.clock, ManualClock)
    await bridge.clock.advance(5)
    await asyncio.gather(command, *polls)
    paths = [record.path for record in bridge.stats.history]
    assert paths == ["/list", "/lockAction", "/list", "/list"]
    assert bridge.stats.max_in_flight == 1


async def test_clients_share_the_line(
    make: Callable[..., NukiBridgeClient], bridge: NukiBridgeSimulator
) -> None:
    """Several clients of one bridge never ask at the same time."""
    clients = [make(mode) for mode in AuthMode]
    await asyncio.gather(*(client.devices() for client in clients * 4))
    assert bridge.stats.requests["/list"] == 12
    assert bridge.stats.max_in_flight == 1
    assert not bridge.stats.busy


async def test_giving_up_leaves_the_line_free() -> None:
    """Whoever gives up while waiting, or just as the turn comes, holds up nobody."""
    line = BridgeLine()
    served: list[int] = []

    async def use(number: int) -> None:
        async with line.turn(urgent=False, gap=0):
            served.append(number)
            await asyncio.sleep(0)

    tasks = [asyncio.ensure_future(use(number)) for number in range(4)]
    await asyncio.sleep(0)
    tasks[1].cancel()  # waits
    await tasks[0]
    tasks[2].cancel()  # has just been given the turn
    await asyncio.wait(tasks)
    assert served[0] == 0
    assert served[-1] == 3
    async with asyncio.timeout(1):
        await use(9)
    assert served[-1] == 9


@pytest.mark.parametrize(("gap", "collides"), [(0.0, True), (0.1, False)])
async def test_pause_between_requests(
    session: aiohttp.ClientSession, gap: float, collides: bool
) -> None:
    """The pause after each answer is what keeps a real bridge from saying "busy"."""
    async with NukiBridgeSimulator(clock=RealClock(), gap=0.05) as bridge:
        client = NukiBridgeClient(
            session, bridge.host, bridge.port, bridge.token or "", gap=gap, retry_delays=(0.2,) * 4
        )
        for _ in range(3):
            await client.devices()
        assert bool(bridge.stats.busy) is collides


async def test_retries_have_fresh_tokens(
    client: NukiBridgeClient, bridge: NukiBridgeSimulator
) -> None:
    """Asked again, a bridge sees a new token, for a used one is a wrong one."""
    bridge.inject("garbage", "/list", body="", times=2)
    with pytest.raises(NukiResponseError):
        await client.devices()
    bridge.inject("truncate", "/list", times=2)  # these tokens were used
    bridge.inject("status", "/list", status=503, times=2)
    assert CELLAR in await client.devices()
    assert bridge.stats.rejected == 0


async def test_busy_for_good(client: NukiBridgeClient, bridge: NukiBridgeSimulator) -> None:
    """A bridge that stays busy is asked five times."""
    bridge.inject("status", "/list", status=503, times=None)
    with pytest.raises(NukiBusyError):
        await client.devices()
    assert bridge.stats.requests["/list"] == 5


async def test_delays_grow(session: aiohttp.ClientSession) -> None:
    """A refused connection is tried again after 1, 2, 3 and 5 seconds."""
    assert transport.RETRY_DELAYS == (1, 2, 3, 5)
    assert all(earlier < later for earlier, later in pairwise(transport.RETRY_DELAYS))
    client = NukiBridgeClient(session, "127.0.0.1", 9, "t" * 20, gap=0, retry_delays=(0,) * 4)
    with pytest.raises(NukiConnectionError):
        await client.devices()
    assert client.requests_last_hour == 5


async def test_hanging_bridge(
    client: NukiBridgeClient, bridge: NukiBridgeSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bridge that does not answer in time is not waited for again."""
    monkeypatch.setattr(api, "ACTION_TIMEOUT", 0.05)
    bridge.inject("hang", "*", times=None)
    with pytest.raises(NukiConnectionError):
        await client._ask("/list", timeout=0.05)
    assert bridge.stats.requests["/list"] == 1
    with pytest.raises(NukiActionUncertainError):
        await client.lock_action(LOCK_DEVICE, Action.UNLOCK)
    assert bridge.stats.requests["/lockAction"] == 1


@pytest.mark.parametrize("fault", ["drop", "drop_after", "truncate"])
async def test_no_command_is_sent_twice(
    client: NukiBridgeClient, bridge_moves_at_once: NukiBridgeSimulator, fault: str
) -> None:
    """Whatever breaks while a command is out, it goes out once."""
    bridge = bridge_moves_at_once
    commands = {
        "/lockAction": lambda: client.lock_action(LOCK_DEVICE, Action.UNLOCK),
        "/callback/add": lambda: client.add_callback("http://192.0.2.1/x"),
        "/configAuth": lambda: client.set_discoverable(enable=False),
        "/unpair": lambda: client.unpair(LOCK_DEVICE),
        "/clearlog": client.clear_log,
        "/fwupdate": client.update_bridge_firmware,
        "/reboot": client.reboot,
    }
    for path, command in commands.items():
        bridge.inject(fault, path)
        try:
            await command()
        except NukiActionUncertainError:
            pass
        else:
            # An empty body is whole even if it is cut short.
            assert fault == "truncate"
        assert bridge.stats.requests[path] == 1, path


async def test_joined_action(
    client: NukiBridgeClient, bridge_moves_at_once: NukiBridgeSimulator
) -> None:
    """Several people who unlock at once unlock once, and all hear of it."""
    action = Action.UNLOCK
    await asyncio.gather(*(client.lock_action(LOCK_DEVICE, action) for _ in range(5)))
    assert bridge_moves_at_once.stats.requests["/lockAction"] == 1
    bridge_moves_at_once.fail_next("/lockAction")
    results = await asyncio.gather(
        *(client.lock_action(LOCK_DEVICE, action) for _ in range(3)), return_exceptions=True
    )
    assert [type(result) for result in results] == [NukiActionRejectedError] * 3


async def test_impatient_user(
    client: NukiBridgeClient, bridge_moves_at_once: NukiBridgeSimulator
) -> None:
    """One of two who wait gives up: the action goes on for the other."""
    first = asyncio.ensure_future(client.lock_action(LOCK_DEVICE, Action.UNLOCK))
    second = asyncio.ensure_future(client.lock_action(LOCK_DEVICE, Action.UNLOCK))
    await asyncio.sleep(0)
    first.cancel()
    await second
    assert bridge_moves_at_once.stats.requests["/lockAction"] == 1


async def test_action_for_the_wrong_kind(
    client: NukiBridgeClient, bridge: NukiBridgeSimulator
) -> None:
    """A lock's action never reaches an Opener, where its number means another thing."""
    opener = NukiDevice(nuki_id=INTERCOM, device_type=DeviceType.OPENER)
    with pytest.raises(NukiActionRejectedError):
        await client.lock_action(opener, Action.UNLATCH)
    with pytest.raises(NukiActionRejectedError):
        await client.lock_action(LOCK_DEVICE, Action.OPEN_DOOR)
    assert bridge.stats.requests.total() == 0


async def test_actions_do_not_wait_for_the_bolt(
    client: NukiBridgeClient, bridge: NukiBridgeSimulator
) -> None:
    """Every action asks for an answer before the movement."""
    await client.lock_action(LOCK_DEVICE, Action.UNLOCK)
    assert bridge.stats.history[-1].params["noWait"] == "1"


async def test_remove_callback_by_url(
    client: NukiBridgeClient, bridge: NukiBridgeSimulator
) -> None:
    """Places in the list shift: it is read anew before each removal."""
    for place in range(3):
        bridge.callbacks.add(f"http://192.0.2.{place}/x")
    assert await client.remove_callback("http://192.0.2.0/x")
    assert await client.remove_callback("http://192.0.2.1/x")
    assert not await client.remove_callback("http://192.0.2.1/x")
    assert bridge.callbacks.urls == ["http://192.0.2.2/x"]


async def test_unknown_device(client: NukiBridgeClient) -> None:
    """A lock that the bridge does not know is no lock."""
    with pytest.raises(NukiUnknownDeviceError):
        await client.lock_action(NukiDevice(nuki_id=4711), Action.LOCK)
    with pytest.raises(NukiUnknownDeviceError):
        await client.lock_state(NukiDevice(nuki_id=4711))
    with pytest.raises(NukiUnknownDeviceError):
        await client.unpair(NukiDevice(nuki_id=4711))


class TestSoftwareBridge:
    """What a software bridge lacks."""

    @pytest.fixture
    def profile(self) -> str:
        """Return the kind of bridge."""
        return "sw"

    async def test_maintenance(self, make: Callable[..., NukiBridgeClient]) -> None:
        """It has no maintenance, and says so."""
        client = make(AuthMode.PLAIN)
        for request in (client.log, client.clear_log, client.reboot, client.factory_reset):
            with pytest.raises(NukiNotSupportedError):
                await request()
        assert not (await client.info()).is_hardware


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/info", "[]"),
        ("/info", "{}"),
        ("/info", '{"ids": {}}'),
        ("/info", '{"ids": {"serverId": "7"}}'),
        ("/callback/list", "{}"),
        ("/callback/list", '{"callbacks": [7]}'),
        ("/callback/list", '{"callbacks": [{"id": 0}]}'),
        ("/list", "{}"),
        ("/log", "{}"),
        ("/log", "[7]"),
    ],
)
async def test_malformed_answers(
    client: NukiBridgeClient, bridge: NukiBridgeSimulator, path: str, body: str
) -> None:
    """An answer of another form is an error of its own, never a crash."""
    bridge.inject("garbage", path, body=body)
    requests = {
        "/info": client.info,
        "/callback/list": client.callbacks,
        "/list": client.devices,
        "/log": client.log,
    }
    with pytest.raises(NukiResponseError):
        await requests[path]()


async def test_errors_hold_no_secret(
    make: Callable[..., NukiBridgeClient], bridge: NukiBridgeSimulator
) -> None:
    """No error, nor what caused it, names the token."""
    client = make(AuthMode.PLAIN)
    assert bridge.token
    for fault in ("drop", "truncate", "garbage", "redirect"):
        bridge.inject(fault, "/list", times=None, location="http://127.0.0.1:9/")
        with pytest.raises(NukiError) as raised:
            await client.devices()
        bridge.clear_faults()
        error: BaseException | None = raised.value
        while error is not None:
            assert bridge.token not in repr(error) + str(error)
            error = error.__cause__ or error.__context__


async def test_log(client: NukiBridgeClient) -> None:
    """The log is newest first, and can be read in part."""
    await client.devices()
    await client.info()
    log = await client.log(0, 2)
    assert len(log) == 2
    assert log[0]["timestamp"] >= log[1]["timestamp"]


async def test_lock_state(client: NukiBridgeClient, bridge: NukiBridgeSimulator) -> None:
    """The lock itself knows what the bridge has not heard."""
    bridge.lock_state_seconds = 0
    bridge.stale_cache = True
    bridge.turn_by_hand(FRONT_DOOR, 3)
    device = (await client.devices())[FRONT_DOOR]
    assert device.state == "locked"
    assert (await client.lock_state(device)).code == 3


async def test_no_memory_of_every_request(make: Callable[..., NukiBridgeClient]) -> None:
    """What is counted for the last hour does not grow for ever."""
    client = make()
    loop = asyncio.get_running_loop()
    now = loop.time()
    for number in range(20):
        with patch.object(loop, "time", return_value=now + 1800 * number):
            await client.info()
    assert len(client._transport._sent_at) <= 3
