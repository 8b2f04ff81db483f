"""Locks as a user sees them."""

from simulators.nuki_bridge import CELLAR

from .common import House


async def test_unlock(house: House) -> None:
    """An unlock shows at once, and is done when the lock says so."""
    assert house.lock(CELLAR) == "locked"
    await house.call("unlock", CELLAR)
    assert house.lock(CELLAR) == "unlocking"
    await house.bridge_time(10)
    assert house.lock(CELLAR) == "unlocked"
    assert house.bridge.stats.actions == [(CELLAR, 1)]
