"""Put the figures of benchmarks into docs/performance.md.

    scripts/bench --page

writes each table anew that stands between <!-- figures: NAME --> and <!-- end -->, from NAME.json in
the folder of results, for all benchmarks that ran. What has no results there is left as it is.
"""

from collections.abc import Iterable
import json
import math
from pathlib import Path
import re
import sys

PAGE = Path(__file__).parent.parent / "docs" / "performance.md"
PLACE = re.compile(r"(<!-- figures: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
SPLIT = re.compile(r"(?:(?P<group>[^:]+), )?(?P<column>[^:]+): (?P<row>.+)")
CHARTED = ("requests", "process time")

type Figure = dict[str, str | float | None]
type Cells = dict[tuple[str, str], Figure]


def number(value: float) -> str:
    """Return a number with as many digits as mean something."""
    if math.isclose(value, round(value)):
        return f"{value:.0f}"
    if abs(value) < 0.01:
        return f"{value:.1g}"
    return f"{value:.1f}" if abs(value) >= 100 else f"{value:.2f}"


def cell(figure: Figure | None) -> str:
    """Return value, unit and promise of a figure."""
    if figure is None:
        return ""
    promised = f" ({figure['promised']})" if figure["promised"] else ""
    value = figure["value"]
    assert isinstance(value, int | float)
    return f"{number(value)} {figure['unit']}".strip() + promised


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> list[str]:
    """Return the lines of a table."""
    names = list(head)
    return [
        f"| {' | '.join(names)} |",
        f"| {' | '.join(['---'] * len(names))} |",
        *(f"| {' | '.join(row)} |" for row in rows),
        "",
    ]


def crossed(group: str, cells: Cells) -> list[str]:
    """Return a table of a group, with the shorter side as columns."""
    columns = list(dict.fromkeys(column for column, _ in cells))
    rows = list(dict.fromkeys(row for _, row in cells))
    if len(columns) > len(rows):
        columns, rows = rows, columns
        cells = {(row, column): figure for (column, row), figure in cells.items()}
    return table(
        [group, *columns],
        ([row, *(cell(cells.get((column, row))) for column in columns)] for row in rows),
    )


def chart(group: str, cells: Cells) -> list[str]:
    """Return the curves of a group that grows, as times of its smallest size."""
    bars, line = ([_value(it) for (_, row), it in cells.items() if row == name] for name in CHARTED)
    sizes = dict.fromkeys(column for column, _ in cells)
    what = next(iter(sizes)).partition(" ")[2]
    times = [[round(value / values[0], 2) for value in values] for values in (bars, line)]
    return [
        "```mermaid",
        "xychart-beta",
        f'    title "{group}: {CHARTED[0]} (bars), {CHARTED[1]} (line)"',
        f'    x-axis "{what}" [{", ".join(size.partition(" ")[0] for size in sizes)}]',
        f'    y-axis "times as much" 0 --> {max(10, *times[0], *times[1]):.0f}',
        f"    bar {times[0]}",
        f"    line {times[1]}",
        "```",
        "",
    ]


def _value(figure: Figure) -> float:
    value = figure["value"]
    assert isinstance(value, int | float)
    return float(value)


def lines_of(name: str, figures: list[Figure]) -> list[str]:
    """Return tables, and curves where something grows: what is alike stands side by side."""
    plain: list[Figure] = []
    groups: dict[str, Cells] = {}
    for figure in figures:
        found = SPLIT.fullmatch(str(figure["what"]))
        if found is None:
            plain.append(figure)
            continue
        cells = groups.setdefault(found["group"] or "", {})
        cells[found["column"], found["row"]] = figure
    lines = []
    if plain:
        lines += table(
            ("figure", "value", "promised"),
            (
                [str(it["what"]).strip(), cell(it | {"promised": None}), str(it["promised"] or "")]
                for it in plain
            ),
        )
    for group, cells in groups.items():
        lines += crossed(group, cells)
        if name == "growth":
            lines += chart(group, cells)
    return lines


def main(folder: Path, names: list[str]) -> None:
    """Write the tables of some benchmarks anew, if there are results."""

    def filled(place: re.Match[str]) -> str:
        results = folder / f"{place[2]}.json"
        if place[2] not in names or not results.exists():
            return place[0]
        figures = json.loads(results.read_text(encoding="utf-8"))["figures"]
        return place[1] + "\n" + "\n".join(lines_of(place[2], figures)) + "\n" + place[3]

    PAGE.write_text(PLACE.sub(filled, PAGE.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
