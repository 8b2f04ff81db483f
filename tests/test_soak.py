"""A short soak passes, and each of its checks can fail."""

import asyncio
from collections import Counter
from dataclasses import replace
import logging
from pathlib import Path
import subprocess
import sys
from threading import Event

import pytest

from soak.checks import Findings, broken_promises
from soak.clock import TIME, SoakLoop
from soak.log import LogKeeper
from soak.measures import Held, growth, slope
from soak.schedule import draw
from soak.wishes import Arrival, Outcome, Wish, complaints, hand_out

ROOT = Path(__file__).parents[1]
LOCK: Arrival = (1, "lock")
UNLOCK: Arrival = (1, "unlock")

# Runs a soak with a client that sends each command twice.
SABOTAGE = """
from soak.clock import install
install()
from importlib import import_module
run, api = import_module("soak.run"), import_module("custom_components.nuki_bridge.api")
once = api.NukiBridgeClient.lock_action
async def twice(self, device, action):
    await once(self, device, action)
    await once(self, device, action)
api.NukiBridgeClient.lock_action = twice
raise SystemExit(run.main(["--only", "nuki_bridge", "--days", "0.5", "--seed", "2"]))
"""


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python, for time itself is exchanged there."""
    return subprocess.run(  # noqa: S603
        [sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )


def test_short_soak() -> None:
    """Half a day of two integrations keeps all promises."""
    done = run("-m", "soak", "--only", "nuki_bridge", "htrest", "--days", "0.5", "--seed", "2")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "all promises kept" in done.stdout


def test_sabotage_is_found() -> None:
    """A client that sends everything twice is caught in the act."""
    done = run("-c", SABOTAGE)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "arrived 2 times" in done.stdout


def wish(outcome: Outcome = Outcome.DONE, *arrived: Arrival, has_effect: bool = True) -> Wish:
    """Return a wish to lock."""
    return Wish("lock", (LOCK,), outcome, has_effect, list(arrived))


def test_good_wishes() -> None:
    """What was done once, and what failed and arrived or did not, is as promised."""
    good = [
        wish(Outcome.DONE, LOCK),
        wish(Outcome.FAILED),
        wish(Outcome.FAILED, LOCK),
        replace(wish(Outcome.UNAVAILABLE), wanted=()),
    ]
    assert list(complaints(good, [])) == []


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (wish(Outcome.DONE, LOCK, LOCK), "arrived 2 times"),
        (wish(Outcome.FAILED, LOCK, LOCK), "arrived 2 times"),
        (wish(Outcome.DONE, LOCK, UNLOCK), "nobody had asked"),
        (replace(wish(Outcome.UNAVAILABLE, LOCK), wanted=()), "nobody had asked"),
        (wish(Outcome.DONE), "never arrived"),
        (wish(Outcome.DONE, LOCK, has_effect=False), "had no effect"),
    ],
)
def test_bad_wish(bad: Wish, words: str) -> None:
    """A journal that was doctored is noticed."""
    (complaint,) = complaints([bad], [])
    assert words in complaint


def test_stranger() -> None:
    """A command for which there was no wish at all is noticed."""
    (complaint,) = complaints([], [LOCK])
    assert "nobody had asked" in complaint


def test_hand_out() -> None:
    """Each wish gets what arrived before the next; what came before them all is left."""
    first, second = wish(), wish()
    assert hand_out([(1, first), (2, second)], [UNLOCK, LOCK, LOCK, UNLOCK]) == [UNLOCK]
    assert (first.arrived, second.arrived) == ([LOCK], [LOCK, UNLOCK])
    assert hand_out([], [LOCK]) == [LOCK]


def findings() -> Findings:
    """Return what a good soak has found."""
    found = Findings(1, 7, LogKeeper())
    found.memory = [(float(hour), 200e6) for hour in range(100)]
    found.entities["kettle"] = found.compared["kettle"] = 1
    found.at_start = found.at_end = Held(Counter(task=1), Counter(listener=2), Counter(timer=3))
    return found


def test_good_findings() -> None:
    """A good soak has broken no promise."""
    assert list(broken_promises(findings())) == []


def test_broken_promises() -> None:
    """Each promise can be broken."""
    found = findings()
    found.wrong, found.lost, found.complaints = ["a wrong one"], ["a lost one"], ["no dialog"]
    found.compared.clear()
    found.memory = [(float(hour), 200e6 * 1.02**hour) for hour in range(100)]
    found.at_end = Held(Counter(task=2), Counter(listener=1), Counter(timer=4), Counter(sockets=1))
    found.log.unhandled.append("a bug")
    found.wishes["kettle"] = [wish(Outcome.DONE, LOCK, LOCK)]
    text = "\n".join(broken_promises(found))
    for words in (
        *("a wrong one", "a lost one", "no dialog", "none of 1 entities", "memory grows by"),
        *("1 tasks more", "1 listeners fewer", "1 timers more", "1 sockets more"),
        *("unhandled: a bug", "arrived 2 times"),
    ):
        assert words in text


def test_log_keeper() -> None:
    """A bug is kept; an error without a traceback is counted, and what was never retrieved kept."""
    keeper = LogKeeper()
    logger = logging.getLogger("tests.kettle")
    logger.addHandler(keeper)
    logger.error("the kettle is away")
    assert keeper.counts["tests.kettle", "ERROR"] == 1
    assert keeper.unhandled == []
    try:
        int("cold")
    except ValueError:
        logger.exception("unexpected")
    logger.error("Task exception was never retrieved")
    logger.warning("coroutine 'boil' was never awaited")
    logger.removeHandler(keeper)
    assert [text.split(": ")[1].split(" |")[0] for text in keeper.unhandled] == [
        "unexpected",
        "Task exception was never retrieved",
        "coroutine 'boil' was never awaited",
    ]
    loop = asyncio.new_event_loop()
    keeper.loop_exception(loop, {"message": "a callback failed", "exception": ValueError("cold")})
    loop.close()
    assert "a callback failed" in keeper.unhandled[-1]


def test_growth() -> None:
    """The slope is that of the last half, in percent of its mean."""
    assert slope([(0, 5)]) == 0
    assert slope([(0, 1), (1, 3), (2, 5)]) == pytest.approx(2)
    jump_at_first = [(0.0, 50.0), (1.0, 100.0), (2.0, 100.0), (3.0, 102.0)]
    assert growth(jump_at_first) == pytest.approx(100 * 2 / 101)


def test_time_jumps() -> None:
    """An hour passes at once where nobody works, and stands still while a thread does."""

    async def live() -> tuple[float, float]:
        begin = TIME.elapsed
        await asyncio.sleep(3600)
        slept = TIME.elapsed - begin
        async with asyncio.timeout(1):
            await asyncio.to_thread(Event().wait, 0.05)
        return slept, TIME.elapsed - begin - slept

    loop = SoakLoop()
    try:
        slept, worked = loop.run_until_complete(live())
    finally:
        loop.close()
    assert slept == pytest.approx(3600)
    assert worked == 0


def test_same_seed_same_schedule() -> None:
    """What happens when depends on the seed alone; each name comes up in each round."""
    names = ["slow", "dropped", "garbage"]
    first = draw("7:kettle", names, 60, 3600)
    assert first == draw("7:kettle", names, 60, 3600)
    assert first != draw("8:kettle", names, 60, 3600)
    assert {event.name for event in first[:3]} == set(names)
    assert first[0].chance.random() == first[0].chance.random()
    assert all(event.at < 3600 for event in first)
