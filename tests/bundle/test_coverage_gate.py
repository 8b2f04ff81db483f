"""The coverage gate lets nothing slip."""

import json
from pathlib import Path
import subprocess
import sys
from typing import Any

import pytest

from tests.bundle.room import HOUSE

GATE = HOUSE / "scripts" / "coverage_gate.py"


def _run(tmp_path: Path, files: dict[str, float], *, branches: bool = True) -> tuple[int, str]:
    """Run the gate over a house of two modules."""
    room = tmp_path / "custom_components" / "kettle"
    room.mkdir(parents=True)
    for name in ("config_flow.py", "sensor.py"):
        (room / name).touch()
    report: dict[str, Any] = {"meta": {"branch_coverage": branches}, "files": {}}
    for name, percent in files.items():
        report["files"][f"custom_components/kettle/{name}"] = {
            "summary": {"percent_covered": percent},
            "missing_lines": [3, 4, 5, 9],
            "missing_branches": [[2, 7], [8, -1]],
        }
    path = tmp_path / "coverage.json"
    path.write_text(json.dumps(report), encoding="utf-8")
    done = subprocess.run(  # noqa: S603
        [sys.executable, GATE, path, tmp_path], capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({"config_flow.py": 99.99, "sensor.py": 96}, "config_flow.py: 99.99 %, needs 100 %"),
        ({"config_flow.py": 100, "sensor.py": 95}, "sensor.py: 95.00 %, needs more than 95 %"),
        ({"config_flow.py": 100, "sensor.py": 9}, "; lines 3-5, 9; branches 2 -> 7, 8 -> exit"),
        ({"config_flow.py": 100}, "sensor.py: never measured"),
    ],
)
def test_gate_bites(tmp_path: Path, files: dict[str, float], says: str) -> None:
    """A module below its mark, or not measured, fails the run and is named."""
    code, output = _run(tmp_path, files)
    assert code == 1
    assert says in output


def test_gate_passes_silently(tmp_path: Path) -> None:
    """Nothing is printed after pytest's own last line when all is well."""
    assert _run(tmp_path, {"config_flow.py": 100, "sensor.py": 95.01}) == (0, "")


def test_gate_wants_branches(tmp_path: Path) -> None:
    """A report of lines alone does not count."""
    code, output = _run(tmp_path, {"config_flow.py": 100, "sensor.py": 100}, branches=False)
    assert code == 1
    assert "without branch coverage" in output
