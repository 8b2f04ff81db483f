"""Tests of the bridge's tokens."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
import hashlib

from nacl.bindings import crypto_secretbox_open
import pytest

from simulators.clock import ManualClock
from simulators.nuki_bridge import NukiBridgeSimulator

from .helpers import START, BridgeUser, encrypted, hashed

# The example of the vendor's Bridge API 1.13.3, section "Token".
TOKEN = "123456"
VECTOR_TIME = datetime(2019, 3, 5, 1, 6, 53, tzinfo=UTC)
HASHED = {
    "ts": "2019-03-05T01:06:53Z",
    "rnr": "4711",
    "hash": "f52eb5ce382e356c4239f8fb4d0a87402bb95b7b3124f0762b806ad7d0d01cb6",
}
ENCRYPTED = {
    "ctoken": "a7f6b4df6758b92445bd5470b755b43ba41cf50af8b3f6e19368348ddfb1686291555dfd90b31f9333",
    "nonce": "119c38fb6d7d707b8a45f14e688b74b8c4c1acf33643c71a",
}

type UserOf = Callable[[NukiBridgeSimulator], BridgeUser]


def test_vectors_are_what_the_vendor_computed() -> None:
    """The vendor's examples fit its own description."""
    text = b"2019-03-05T01:06:53Z,4711"
    assert hashlib.sha256(text + b",123456").hexdigest() == HASHED["hash"]
    key = bytes.fromhex("8d969eef6ecad3c29a3a629280e686cf0c3f5d5a86aff3ca12020c923adc6c92")
    assert hashlib.sha256(b"123456").digest() == key
    box = bytes.fromhex(ENCRYPTED["ctoken"])
    assert crypto_secretbox_open(box, bytes.fromhex(ENCRYPTED["nonce"]), key) == text


@pytest.mark.parametrize("proof", [HASHED, ENCRYPTED], ids=["hashed", "encrypted"])
async def test_vectors_open_the_bridge_once(user_of: UserOf, proof: dict[str, str]) -> None:
    """The vendor's examples are let in at their time, once."""
    clock = ManualClock(VECTOR_TIME + timedelta(seconds=10))
    async with NukiBridgeSimulator(token=TOKEN, clock=clock, gap=0) as bridge:
        user = user_of(bridge)
        assert (await user.get("/info", **proof))[0] == 200
        assert (await user.get("/info", **proof))[0] == 401
        assert bridge.stats.rejected == 1


async def test_plain_token(user: BridgeUser) -> None:
    """A plain token is let in as often as it comes, a wrong or missing one never."""
    for _ in range(2):
        assert await user.status("/list") == 200
    for params in ({}, {"token": "wrong"}, {"token": ""}, {"token": "grün"}):
        assert (await user.get("/list", **params))[0] == 401
    assert user.bridge.stats.rejected == 4


@pytest.mark.parametrize(("seconds", "status"), [(-61, 401), (-60, 200), (60, 200), (61, 401)])
async def test_window(user: BridgeUser, seconds: int, status: int) -> None:
    """A proof is good for a minute around the bridge's time."""
    token = user.bridge.credentials["token"]
    moment = START + timedelta(seconds=seconds)
    assert (await user.get("/list", **hashed(token, moment, 1)))[0] == status
    assert (await user.get("/list", **encrypted(token, moment, 2, bytes(24))))[0] == status


async def test_clock_skew_shuts_the_client_out(user: BridgeUser) -> None:
    """A bridge with a wrong clock refuses proofs of the right time, and takes those of its own."""
    user.bridge.clock_skew = 300
    token = user.bridge.credentials["token"]
    later = START + timedelta(seconds=300)
    assert (await user.get("/list", **encrypted(token, START, 1, bytes(24))))[0] == 401
    assert (await user.get("/list", **encrypted(token, later, 1, bytes(24))))[0] == 200
    assert (await user.json("/info"))["currentTime"] == "2026-10-05T12:05:00+00:00"


async def test_nothing_is_taken_twice(user: BridgeUser) -> None:
    """Neither a nonce nor a time with its number works again."""
    token = user.bridge.credentials["token"]
    first = encrypted(token, START, 1, bytes(24))
    same_nonce = encrypted(token, START, 2, bytes(24))
    same_number = encrypted(token, START, 1, b"\x01" * 24)
    assert (await user.get("/list", **first))[0] == 200
    assert (await user.get("/list", **same_nonce))[0] == 401
    assert (await user.get("/list", **same_number))[0] == 401
    assert (await user.get("/list", **hashed(token, START, 1)))[0] == 401
    assert (await user.get("/list", **encrypted(token, START, 2, b"\x02" * 24)))[0] == 200


@pytest.mark.parametrize(
    "change",
    [
        {"ctoken": "zz"},
        {"ctoken": ""},
        {"ctoken": "00" * 41},
        {"nonce": "00"},
        {"nonce": ""},
        {"nonce": "11" * 24},
    ],
)
async def test_broken_encryption(user: BridgeUser, change: dict[str, str]) -> None:
    """What cannot be decrypted is refused."""
    good = encrypted(user.bridge.credentials["token"], START, 1, bytes(24))
    assert (await user.get("/list", **(good | change)))[0] == 401


async def test_only_the_parameter_nonce_counts(user: BridgeUser) -> None:
    """The spelling of the vendor's document, nounce, opens nothing."""
    good = encrypted(user.bridge.credentials["token"], START, 1, bytes(24))
    assert (await user.get("/list", ctoken=good["ctoken"], nounce=good["nonce"]))[0] == 401


@pytest.mark.parametrize("number", [-1, 65536])
async def test_random_number_has_sixteen_bits(user: BridgeUser, number: int) -> None:
    """A number beyond sixteen bits is refused."""
    token = user.bridge.credentials["token"]
    assert (await user.get("/list", **hashed(token, START, number)))[0] == 401


@pytest.mark.parametrize("profile", ["v1.6", "sw"])
async def test_other_bridges_know_plain_tokens_only(
    user_of: UserOf, clock: ManualClock, profile: str
) -> None:
    """Hashed and encrypted tokens are for hardware bridges of later years."""
    async with NukiBridgeSimulator(profile=profile, clock=clock, gap=0) as bridge:
        user, token = user_of(bridge), bridge.credentials["token"]
        assert (await user.get("/list", **hashed(token, START, 1)))[0] == 401
        assert (await user.get("/list", **encrypted(token, START, 2, bytes(24))))[0] == 401
        assert await user.status("/list") == 200


async def test_rejected_from_now_on(user: BridgeUser) -> None:
    """A token can become invalid, and some bridges say 403."""
    user.bridge.token_rejected = True
    assert await user.status("/list") == 401
    user.bridge.bad_token_status = 403
    assert await user.status("/list") == 403
    user.bridge.token_rejected = False
    assert await user.status("/list") == 200


def test_tokens_come_from_the_seed() -> None:
    """The same seed gives the same token of 20 characters."""
    tokens = [NukiBridgeSimulator(seed=seed).credentials["token"] for seed in (1, 1, 2)]
    assert tokens[0] == tokens[1] != tokens[2]
    assert all(len(token) == 20 and token.isalnum() for token in tokens)
