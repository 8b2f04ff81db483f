"""Tests of how benchmarks tell their figures."""

import asyncio
import json
from pathlib import Path
import re

import pytest

from benchmarks.page import PAGE, PLACE, lines_of
from benchmarks.report import Report
from benchmarks.work import Work, as_device

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"


def report() -> Report:
    """Return a report of comparisons; of doors, more are better."""
    made = Report("doors")
    made.compare("requests in an hour", 73, "", most=90, ratio=4, theirs=956)
    made.compare("doors", 4, least=3, theirs=3)
    made.compare("seconds", 0.5, "s", theirs=10.25)
    return made


def test_promises_kept(tmp_path: Path) -> None:
    """Figures as good as promised end well, and are written down."""
    assert report().close(tmp_path / "doors.json") == 0
    told = json.loads((tmp_path / "doors.json").read_text())
    assert [(it["what"], it["kept"]) for it in told["figures"]] == [
        ("ours: requests in an hour", True),
        ("theirs: requests in an hour", True),
        ("theirs / ours: requests in an hour", True),
        ("ours: doors", True),
        ("theirs: doors", True),
        ("ours: seconds", True),
        ("theirs: seconds", True),
        ("theirs / ours: seconds", True),
    ]


@pytest.mark.parametrize(("ours", "most", "ratio"), [(91, 90, 1), (73, 90, 14)])
def test_promise_broken(
    ours: int, most: int, ratio: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """A figure that is worse than promised, or too little better, is named, and fails."""
    made = Report("doors")
    made.compare("requests in an hour", ours, most=most, ratio=ratio, theirs=956)
    assert made.close(None) == 1
    assert "worse than promised" in capsys.readouterr().out


def test_side_by_side(tmp_path: Path) -> None:
    """What was compared stands side by side on the page."""
    report().close(tmp_path / "doors.json")
    figures = json.loads((tmp_path / "doors.json").read_text())["figures"]
    assert lines_of("doors", figures) == [
        "|  | ours | theirs | theirs / ours |",
        "| --- | --- | --- | --- |",
        "| requests in an hour | 73 (at most 90) | 956 | 13.10 times (at least 4) |",
        "| doors | 4 (at least 3) | 3 |  |",
        "| seconds | 0.50 s | 10.25 s | 20.50 times |",
        "",
    ]


def test_curve() -> None:
    """What grows is a curve of times the smallest size."""
    made = Report("growth")
    for count, requests in ((10, 100), (20, 150)):
        made.tell(f"doors, {count} locks: requests", requests, "1/h")
        made.tell(f"doors, {count} locks: process time", 0.5, "s/h")
    figures = [
        {"what": it.what, "value": it.value, "unit": it.unit, "promised": it.promised}
        for it in made.figures
    ]
    lines = lines_of("growth", figures)
    assert '    x-axis "locks" [10, 20]' in lines
    assert "    bar [1.0, 1.5]" in lines
    assert "    line [1.0, 1.0]" in lines


def test_page_is_complete() -> None:
    """Each benchmark has its place on the page, and each place has been filled."""
    benchmarks = {
        file.stem
        for file in BENCHMARKS.glob("*.py")
        if re.search(r"^    run\(", file.read_text(encoding="utf-8"), re.MULTILINE)
    }
    places = {found[2]: found[0] for found in PLACE.finditer(PAGE.read_text(encoding="utf-8"))}
    assert places.keys() == benchmarks
    assert [name for name, text in places.items() if "\n| --- |" not in text] == []


async def test_work_of_devices_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    """Process time is Home Assistant's own, also where devices live in the same event loop."""
    spent = 0.0

    async def busy(seconds: float) -> None:
        nonlocal spent
        spent += seconds

    monkeypatch.setattr("benchmarks.work.thread_time", lambda: spent)
    work = Work()
    with as_device():
        device = asyncio.create_task(busy(20))
    with work.counted():
        await asyncio.gather(device, asyncio.create_task(busy(3)), asyncio.create_task(busy(1)))
    assert (work.seconds, work.longest) == (4, 3)
