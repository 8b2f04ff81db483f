"""How many requests a second there are."""

import pytest

from custom_components.thinknx.pace import COMMANDS_AT_ONCE, SLOWEST, Pace


def reads(pace: Pace, begin: float, seconds: float) -> int:
    """Return how many reads go out within a time, each as early as it may."""
    now, count = begin, 0
    while (now := now + pace.wait(now)) < begin + seconds:
        pace.sent(now)
        count += 1
    return count


def test_reads_come_evenly() -> None:
    """So many reads a second, none at once."""
    pace = Pace(5, 0)
    assert reads(pace, 0, 60) == pytest.approx(300, abs=1)
    assert pace.wait(60.0) <= 0.2


def test_first_commands_go_at_once() -> None:
    """Some commands need not wait for anything, more come twice as fast as reads."""
    pace = Pace(5, 0)
    for _ in range(int(COMMANDS_AT_ONCE)):
        assert pace.command_wait(0) == 0
        pace.command_sent(0)
    assert pace.command_wait(0) == pytest.approx(0.1)
    pace.command_sent(0.1)
    assert pace.command_wait(0.1) == pytest.approx(0.1)
    assert pace.command_wait(10) == 0


def test_reads_make_up_for_commands() -> None:
    """Commands are requests too: reads wait for them, two seconds at most."""
    pace = Pace(5, 0)
    for _ in range(3):
        pace.command_sent(0)
    assert pace.wait(0) == pytest.approx(0.6)
    for _ in range(50):
        pace.command_sent(0)
    assert pace.wait(0) == pytest.approx(2)


def test_refusals_halve_the_rate() -> None:
    """After a refusal there is a pause, and half the rate; it recovers slowly, up to the wish."""
    pace = Pace(4, 0)
    pace.refused(0, None)
    assert (pace.rate, pace.refusals, pace.wait(0), pace.command_wait(0)) == (2, 1, 5, 5)
    for _ in range(50):
        pace.answered()
    assert pace.rate == pytest.approx(3)
    for _ in range(500):
        pace.answered()
    assert pace.rate == 4


def test_refusals_of_one_moment_count_once() -> None:
    """Requests that were under way together are refused together: the rate is halved once."""
    pace = Pace(4, 0)
    for _ in range(3):
        pace.refused(0, 10)
    assert (pace.rate, pace.refusals, pace.wait(4)) == (2, 3, 6)


def test_never_slower_than_the_slowest() -> None:
    """However much the server complains, something is read now and then."""
    pace = Pace(4, 0)
    for number in range(20):
        pace.refused(number * 10, 1)
    assert pace.rate == SLOWEST


def test_another_wish() -> None:
    """A rate that the user chooses holds at once, upwards and downwards."""
    pace = Pace(4, 0)
    pace.wish(1)
    assert reads(pace, 0, 10) == pytest.approx(10, abs=1)
    pace.wish(8)
    assert reads(pace, 10, 10) == pytest.approx(80, abs=2)


def test_a_turn_beside_the_others() -> None:
    """Who reads beside the scheduler takes turns too: together they are as quick as one."""
    pace = Pace(5, 0)
    now, taken = 0.0, 0
    while now < 10:
        if taken * 2 <= now * 5:
            assert 0 <= pace.take(now) <= 0.4
            taken += 1
        now += max(0.001, pace.wait(now))
        pace.sent(now)
    assert taken <= 26
    assert pace.wait(10) <= 0.4
