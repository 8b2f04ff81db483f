#!/usr/bin/env python3
"""Fail unless each module of the integrations is tested well enough; say nothing if all are.

    scripts/coverage_gate.py coverage.json [ROOT]

Reads the JSON report of coverage with branches. Every module of custom_components/*/ needs more
than 95 % of its lines and branches, every config_flow.py all of them. A module that was never
measured counts as untested.
"""

import json
from pathlib import Path
import sys
from typing import Any

ENOUGH = 95.0
COMPLETE = "config_flow.py"


def problems(report: dict[str, Any], root: Path) -> list[str]:
    """Return one line for each module that is not covered well enough."""
    if not report.get("meta", {}).get("branch_coverage"):
        return ["the report was made without branch coverage"]
    modules = sorted(root.glob("custom_components/*/**/*.py"))
    if not modules:
        return [f"no modules in {root / 'custom_components'}"]
    measured = {Path(name).as_posix(): data for name, data in report["files"].items()}
    found = []
    for path in modules:
        name = path.relative_to(root).as_posix()
        data = measured.get(name)
        if data is None:
            found.append(f"{name}: never measured: no test imports it")
            continue
        covered = float(data["summary"]["percent_covered"])
        if path.name == COMPLETE and covered < 100:
            found.append(f"{name}: {covered:.2f} %, needs 100 %{_missing(data)}")
        elif covered <= ENOUGH:
            found.append(f"{name}: {covered:.2f} %, needs more than {ENOUGH:.0f} %{_missing(data)}")
    return found


def _missing(data: dict[str, Any]) -> str:
    lines = ", ".join(_ranges(data["missing_lines"]))
    branches = ", ".join(
        f"{start} -> {'exit' if end < 0 else end}"
        for start, end in data.get("missing_branches", [])
    )
    return (f"; lines {lines}" if lines else "") + (f"; branches {branches}" if branches else "")


def _ranges(lines: list[int]) -> list[str]:
    """Return 1, 2, 3, 7 as 1-3, 7."""
    runs: list[list[int]] = []
    for line in lines:
        if runs and line == runs[-1][1] + 1:
            runs[-1][1] = line
        else:
            runs.append([line, line])
    return [str(first) if first == last else f"{first}-{last}" for first, last in runs]


def main(arguments: list[str]) -> int:
    """Read the report and print what is missing."""
    if not arguments or arguments[0] in {"-h", "--help"}:
        print(__doc__)
        return 0 if arguments else 2
    try:
        report = json.loads(Path(arguments[0]).read_text(encoding="utf-8"))
    except (OSError, ValueError) as err:
        print(f"coverage_gate: error: {err}", file=sys.stderr)
        return 2
    root = Path(arguments[1]) if len(arguments) > 1 else Path.cwd()
    found = problems(report, root)
    for line in found:
        print(f"coverage_gate: {line}", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
