"""Which value is read next."""

from random import Random

from custom_components.thinknx.ages import (
    OLDEST,
    REFUSALS_ALLOWED,
    REFUSED_PAUSE,
    Ages,
    Key,
)
from custom_components.thinknx.endpoints import Aspect

LAMP: Key = ("lamp", Aspect.POWER)
LEVEL: Key = ("lamp", Aspect.LEVEL)
BLIND: Key = ("blind", Aspect.HEIGHT)
SLATS: Key = ("blind", Aspect.ANGLE)
ROOM: Key = ("room", Aspect.ACTUAL)
RATE = 1.0


def ages_of(*keys: Key, read_at: float | None = 0.0) -> Ages:
    """Return ages of values that were all read at the same moment."""
    ages = Ages()
    ages.want(keys)
    for endpoint in ages.endpoints.values():
        endpoint.read_at = read_at
        endpoint.value = 1.0
    return ages


def read(ages: Ages, now: float, value: float = 1.0) -> Key | None:
    """Read what is due, and return which value it was."""
    if (endpoint := ages.next(now, RATE)) is None:
        return None
    ages.was_read(endpoint, value, now)
    return endpoint.key


def test_what_is_older_than_it_should_be() -> None:
    """A lamp may be seconds old, a temperature much more; what is young enough is not read."""
    ages = ages_of(LAMP, ROOM)
    assert read(ages, 4) is None
    assert read(ages, 7) == LAMP
    assert read(ages, 7.1) is None
    assert read(ages, 46) == LAMP
    assert read(ages, 46) == ROOM


def test_what_was_never_read_comes_first() -> None:
    """What nobody knows yet is read before what is old; what changes most comes first."""
    ages = ages_of(LAMP)
    ages.want([LAMP, ROOM, BLIND])
    assert [read(ages, 60) for _ in range(4)] == [BLIND, ROOM, LAMP, None]


def test_nothing_starves() -> None:
    """With too few requests for all, every value is read within three minutes nevertheless."""
    keys: list[Key] = [(f"lamp {number}", Aspect.POWER) for number in range(60)]
    keys += [(f"room {number}", Aspect.ACTUAL) for number in range(60)]
    ages = ages_of(*keys)
    worst, now = 0.0, 0.0
    while now < 3600:
        now += 1.0
        read(ages, now)
        worst = max(worst, ages.oldest(now) or 0)
    assert worst < OLDEST


def test_nothing_starves_in_a_flood_of_wishes() -> None:
    """However often some values are wanted at once, the others come to their turn."""
    chance = Random(1)  # noqa: S311
    keys: list[Key] = [(f"lamp {number}", Aspect.POWER) for number in range(30)]
    ages = ages_of(*keys)
    worst, now = 0.0, 0.0
    while now < 1800:
        now += 1.0
        for _ in range(3):
            ages.read_soon(*chance.choice(keys[:3]), now, (0.0,))
        read(ages, now)
        worst = max(worst, ages.oldest(now) or 0)
    assert worst < OLDEST


def test_level_of_a_lamp_that_is_off() -> None:
    """The level of a lamp that is off is hardly ever read; once it is on it is."""
    ages = ages_of(LAMP, LEVEL)
    for endpoint in ages.endpoints.values():
        endpoint.value = False
    assert LEVEL not in [read(ages, now, value=0) for now in range(1, 100)]
    ages.was_read(ages.endpoints[LAMP], True, 100)
    assert LEVEL in [read(ages, now) for now in range(101, 107)]


def test_slats_follow_the_blind() -> None:
    """Slats are read when the blind has moved, else once a minute."""
    ages = ages_of(BLIND, SLATS)
    assert SLATS not in [read(ages, now) for now in range(1, 55)]
    ages.was_read(ages.endpoints[BLIND], 40.0, 55)
    assert SLATS in [read(ages, now, 40.0) for now in range(56, 62)]


def test_what_moves_is_read_often() -> None:
    """A blind that moves is read every other second, until it shows the same twice."""
    ages = ages_of(BLIND, *[(f"lamp {number}", Aspect.POWER) for number in range(5)])
    ages.moves("blind", 0, 120)
    seen = [read(ages, now, value=now) for now in range(1, 21)]
    assert 5 <= seen.count(BLIND) <= 10
    seen = [read(ages, now, value=20) for now in range(21, 41)]
    assert seen.count(BLIND) <= 4


def test_many_that_move_leave_room() -> None:
    """Blinds that all move at once take no more than a third from the others."""
    blinds: list[Key] = [(f"blind {number}", Aspect.HEIGHT) for number in range(25)]
    lamps: list[Key] = [(f"lamp {number}", Aspect.POWER) for number in range(60)]
    ages = ages_of(*blinds, *lamps)
    for guid, _ in blinds:
        ages.moves(guid, 0, 120)
    seen = [read(ages, 20 + number / 5, value=number) for number in range(100)]
    assert 25 <= sum(key in blinds for key in seen) <= 60


def test_what_only_moves_is_read_all_the_same() -> None:
    """If nothing else is due, all requests are for what moves."""
    ages = ages_of(BLIND)
    ages.moves("blind", 0, 120)
    assert [read(ages, now, value=now) for now in range(2, 42, 2)] == [BLIND] * 20


def test_after_a_command() -> None:
    """What was set is looked at three times, unless the reply told it; its sibling too."""
    ages = ages_of(LAMP, LEVEL)
    ages.was_commanded("lamp", Aspect.POWER, 0, confirmed=False)
    seen = [key for tenths in range(50) if (key := read(ages, tenths / 10))]
    assert seen.count(LAMP) == 3
    assert seen.count(LEVEL) == 2
    ages = ages_of(LAMP, LEVEL)
    ages.was_commanded("lamp", Aspect.POWER, 0, confirmed=True)
    seen = [key for tenths in range(50) if (key := read(ages, tenths / 10))]
    assert LAMP not in seen


def test_refused() -> None:
    """What is refused is tried again soon, and then left alone for five minutes."""
    ages = ages_of(LAMP)
    moments = []
    for now in range(1, 700):
        if endpoint := ages.next(now, RATE):
            moments.append(now)
            lasting = ages.was_refused(endpoint, now)
            assert lasting is (len(moments) >= REFUSALS_ALLOWED)
    assert len(moments) == REFUSALS_ALLOWED + 2
    assert moments[REFUSALS_ALLOWED] - moments[REFUSALS_ALLOWED - 1] >= REFUSED_PAUSE


def test_wanted_no_more() -> None:
    """What no entity shows is not read."""
    ages = ages_of(LAMP, ROOM)
    ages.want([ROOM])
    ages.read_soon(*LAMP, 0, (0.0,))
    ages.moves("blind", 0, 10)
    assert read(ages, 100) == ROOM
    assert read(ages, 100) is None


def test_read_meanwhile() -> None:
    """A value that is being read is not read a second time."""
    ages = ages_of(LAMP)
    endpoint = ages.next(10, RATE)
    assert endpoint
    endpoint.reading = True
    assert ages.next(10, RATE) is None


def test_wait() -> None:
    """Whoever has nothing to read looks again when something is wanted, or soon."""
    ages = ages_of(LAMP)
    assert ages.wait(0) == 0.5
    ages.read_soon(*LAMP, 0, (0.3,))
    assert ages.wait(0) == 0.3
    assert ages.wait(1) == 0.01
    for _ in range(REFUSALS_ALLOWED):
        ages.was_refused(ages.endpoints[LAMP], 1)
    ages.read_soon(*LAMP, 1, (0.0,))
    assert ages.wait(20) == 0.5  # it is left alone, so nobody waits for it


def test_oldest() -> None:
    """The age of the oldest value is known, once there is one."""
    ages = ages_of(LAMP, ROOM, read_at=None)
    assert (ages.oldest(5), ages.is_complete) == (None, False)
    read(ages, 5)
    read(ages, 9)
    assert (ages.oldest(10), ages.is_complete) == (5, True)
    ages.look_at_all()
    assert not ages.is_complete
