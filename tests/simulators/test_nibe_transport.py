"""Tests of TLS, of overlapping requests, and of faults."""

import asyncio
import hashlib
import json
import ssl
from typing import Any
import warnings

from aiohttp import (
    ClientConnectorError,
    ClientPayloadError,
    ClientSession,
    Fingerprint,
    ServerDisconnectedError,
    ServerFingerprintMismatch,
)
import pytest

from simulators.clock import ManualClock
from simulators.nibe_rest import NibeSimulator, ids

from .helpers import until
from .nibe_owner import DEVICE, POINTS, Owner

type Outcome = tuple[int, Any] | BaseException


def relaxed(*, old: bool = False) -> ssl.SSLContext:
    """Return a context that believes every certificate and, if wanted, speaks old TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    if old:
        context.set_ciphers("DEFAULT:@SECLEVEL=0")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            context.minimum_version = ssl.TLSVersion.TLSv1
    return context


async def shown(pump: NibeSimulator, context: ssl.SSLContext) -> str:
    """Return the fingerprint of the certificate that the pump shows, without asking anything."""
    _, writer = await asyncio.open_connection(pump.host, pump.port, ssl=context)
    tls: ssl.SSLObject = writer.get_extra_info("ssl_object")
    certificate = tls.getpeercert(binary_form=True) or b""
    writer.close()
    await writer.wait_closed()
    return hashlib.sha256(certificate).hexdigest()


async def outcomes(*requests: asyncio.Task[tuple[int, Any]]) -> list[Outcome]:
    """Return what has become of requests."""
    return list(await asyncio.gather(*requests, return_exceptions=True))


async def test_certificate(owner: Owner) -> None:
    """The pump shows a certificate of its own; a look at it is no request."""
    pump = owner.pump
    assert pump.url.startswith("https://127.0.0.1:")
    assert await shown(pump, relaxed()) == pump.fingerprint
    assert pump.stats.calls == {}
    with pytest.raises(ClientConnectorError):
        await owner.ask("GET", DEVICE, ssl=True)
    with pytest.raises(ServerFingerprintMismatch):
        await owner.ask("GET", DEVICE, ssl=Fingerprint(b"x" * 32))
    assert pump.stats.calls == {}


async def test_certificate_lasts() -> None:
    """A pump that was off shows the same certificate again; another pump shows another one."""
    first, again = NibeSimulator(seed=3), NibeSimulator(seed=3)
    assert first.fingerprint == again.fingerprint
    assert NibeSimulator(seed=4).fingerprint != first.fingerprint


async def test_renewed_certificate(owner: Owner) -> None:
    """A new certificate is shown on the same port at once."""
    pump = owner.pump
    old, port = pump.fingerprint, pump.port
    assert (await owner.ask("GET", DEVICE))[0] == 200
    pump.renew_certificate()
    assert pump.port == port
    assert pump.fingerprint != old
    assert await shown(pump, relaxed()) == pump.fingerprint
    with pytest.raises(ServerFingerprintMismatch):
        await owner.ask("GET", DEVICE, ssl=Fingerprint(bytes.fromhex(old)))
    assert (await owner.ask("GET", DEVICE))[0] == 200


async def test_renewal_closes_connections(owner: Owner) -> None:
    """A connection that was kept open does not outlive the certificate."""
    pump = owner.pump
    pump.keep_alive = True
    context = relaxed()
    for _ in range(2):
        await owner.ask("GET", DEVICE, ssl=context)
    ports = [record.peer_port for record in pump.stats.history]
    assert ports[0] == ports[1]
    pump.renew_certificate()
    assert owner.session.connector is not None
    (kept,) = owner.session.connector._conns.values()
    await until(lambda: not any(protocol.is_connected() for protocol, _ in kept))
    await owner.ask("GET", DEVICE, ssl=context)
    assert pump.stats.history[-1].peer_port != ports[0]


async def test_connections_are_not_kept(owner: Owner) -> None:
    """By itself a pump closes after every answer."""
    for _ in range(2):
        await owner.ask("GET", DEVICE)
    first, second = (record.peer_port for record in owner.pump.stats.history)
    assert first != second


async def test_old_tls(clock: ManualClock, session: ClientSession) -> None:
    """An old stack refuses clients of today and takes those that lower their demands."""
    async with NibeSimulator(clock=clock, old_tls=True) as pump:
        owner = Owner(pump, session)
        with pytest.raises(ClientConnectorError):
            await owner.ask("GET", DEVICE, ssl=relaxed())
        assert await shown(pump, relaxed(old=True)) == pump.fingerprint
        assert (await owner.ask("GET", DEVICE, ssl=relaxed(old=True)))[0] == 200
        pump.renew_certificate()
        assert await shown(pump, relaxed(old=True)) == pump.fingerprint


async def test_without_tls(clock: ManualClock, session: ClientSession) -> None:
    """For people who want to look on, the pump can do without."""
    async with NibeSimulator(clock=clock, tls=False) as pump:
        assert pump.url.startswith("http://")
        assert (await Owner(pump, session).ask("GET", DEVICE))[0] == 200


async def test_overlapping_requests_are_both_dropped(owner: Owner, clock: ManualClock) -> None:
    """Two at once: neither gets an answer; one after the other: both do."""
    pump = owner.pump
    pump.latency = 1.0
    first = asyncio.create_task(owner.ask("GET", POINTS))
    await until(lambda: clock.sleepers)
    second = asyncio.create_task(owner.ask("GET", DEVICE))
    assert all(isinstance(end, ServerDisconnectedError) for end in await outcomes(first, second))
    await clock.advance(1)
    assert (pump.stats.overlaps, pump.stats.max_in_flight) == (1, 2)
    pump.stats.reset()
    pump.latency = 0.0
    assert (await owner.ask("GET", DEVICE))[0] == 200
    assert (await owner.ask("GET", DEVICE))[0] == 200
    assert (pump.stats.overlaps, pump.stats.max_in_flight) == (0, 1)


async def test_penalty(owner: Owner, clock: ManualClock) -> None:
    """After an overlap nothing is answered for a while."""
    pump = owner.pump
    pump.latency, pump.penalty_seconds = 1.0, 40.0
    requests = [asyncio.create_task(owner.ask("GET", DEVICE))]
    await until(lambda: clock.sleepers)
    requests.append(asyncio.create_task(owner.ask("GET", DEVICE)))
    await outcomes(*requests)
    pump.latency = 0.0
    late = asyncio.create_task(owner.ask("GET", DEVICE))
    await until(lambda: clock.sleepers == 2)
    await clock.advance(39)
    assert not late.done()
    await clock.advance(1)
    assert isinstance((await outcomes(late))[0], ServerDisconnectedError)
    assert (await owner.ask("GET", DEVICE))[0] == 200


async def test_silence(owner: Owner, clock: ManualClock) -> None:
    """The other way: nobody is dropped at once, and nobody is answered."""
    pump = owner.pump
    pump.latency, pump.penalty_seconds, pump.overlap_drops = 1.0, 10.0, False
    first = asyncio.create_task(owner.ask("GET", DEVICE))
    await until(lambda: clock.sleepers)
    second = asyncio.create_task(owner.ask("GET", DEVICE))
    await until(lambda: clock.sleepers == 2)
    await clock.advance(9)
    assert not first.done()
    assert not second.done()
    await clock.advance(1)
    assert all(isinstance(end, ServerDisconnectedError) for end in await outcomes(first, second))
    assert pump.stats.overlaps == 1


async def test_a_client_that_gave_up_does_not_overlap(owner: Owner, clock: ManualClock) -> None:
    """Who hangs up and asks again has one request under way, not two."""
    pump = owner.pump
    pump.latency = 5.0
    first = asyncio.create_task(owner.ask("GET", DEVICE))
    await until(lambda: clock.sleepers)
    first.cancel()
    await outcomes(first)
    second = asyncio.create_task(owner.ask("GET", DEVICE))
    await until(lambda: clock.sleepers == 2)
    await clock.advance(5)
    assert (await second)[0] == 200
    assert (pump.stats.overlaps, pump.stats.max_in_flight) == (0, 1)


async def test_latency_of_the_list(owner: Owner, clock: ManualClock) -> None:
    """The list of all points takes longer than anything else."""
    owner.pump.dump_latency = 3.0
    assert (await owner.ask("GET", f"{POINTS}/4"))[0] == 200
    listed = asyncio.create_task(owner.points())
    await until(lambda: clock.sleepers)
    await clock.advance(3)
    assert len(await listed) == 1169


async def test_faults_strike_one_method(owner: Owner, clock: ManualClock) -> None:
    """A fault can be meant for writing only, whatever the device is called."""
    pump = owner.pump
    pump.inject("drop_after", "/api/v1/devices/*/points", method="PATCH")
    assert len(await owner.points()) == 1169
    with pytest.raises(ServerDisconnectedError):
        await owner.write(ids.HEATING_OFFSET, 5)
    await clock.advance(2)
    assert await owner.value(ids.HEATING_OFFSET) == 5
    assert pump.stats.writes == [(ids.HEATING_OFFSET, 5)]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 500])
async def test_statuses(owner: Owner, status: int) -> None:
    """Any status can be answered instead."""
    owner.pump.inject("status", status=status)
    assert (await owner.ask("GET", POINTS))[0] == status
    assert (await owner.ask("GET", POINTS))[0] == 200


async def test_spoiled_answers(owner: Owner) -> None:
    """Garbage, half an answer, a closed connection, another place."""
    pump = owner.pump
    pump.inject("garbage")
    with pytest.raises(json.JSONDecodeError):
        await owner.points()
    pump.inject("truncate")
    with pytest.raises(ClientPayloadError):
        await owner.points()
    pump.inject("drop")
    with pytest.raises(ServerDisconnectedError):
        await owner.points()
    pump.inject("redirect")
    assert (await owner.ask("GET", POINTS, allow_redirects=False))[0] == 302
    assert len(await owner.points()) == 1169


async def test_gone_for_a_while(owner: Owner, clock: ManualClock) -> None:
    """A restart takes the pump off the network, then some points are missing."""
    pump = owner.pump
    await pump.restart(down=20, partial=60)
    with pytest.raises(ClientConnectorError):
        await owner.points()
    await clock.advance(20)
    assert len(await owner.points()) == 1145
    await clock.advance(60)
    assert len(await owner.points()) == 1169
