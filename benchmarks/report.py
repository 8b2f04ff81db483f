"""Figures as a table on the screen and as JSON, and the promises that they are held to."""

import argparse
import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import asdict, dataclass
import json
import logging
from pathlib import Path
import sys
from typing import Any, NoReturn

PATIENCE = 900.0

type Measurement = Callable[..., Coroutine[Any, Any, Any]]


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table."""

    what: str
    value: float
    unit: str
    promised: str | None
    kept: bool


class Report:
    """The figures of one benchmark, told as they come."""

    def __init__(self, name: str) -> None:
        """Start with nothing told."""
        self.name = name
        self.figures: list[Figure] = []

    def tell(
        self,
        what: str,
        value: float,
        unit: str = "",
        most: float | None = None,
        *,
        least: float | None = None,
    ) -> None:
        """Print a figure, and hold it to what is promised."""
        promised = f"at most {most:g}" if most is not None else None
        promised = f"at least {least:g}" if least is not None else promised
        kept = (most is None or value <= most) and (least is None or value >= least)
        self.figures.append(Figure(what, value, unit, promised, kept))
        number = f"{value:.2f}" if isinstance(value, float) else str(value)
        promise = f"(promised: {promised})" if promised else ""
        print(f"{what:72}{number:>10} {unit:9} {promise}".rstrip(), flush=True)

    def compare(
        self,
        what: str,
        ours: float,
        unit: str = "",
        *,
        most: float | None = None,
        least: float | None = None,
        ratio: float | None = None,
        **others: float,
    ) -> None:
        """Tell a figure of ours and what it is with others; `ratio` is the least one promised.

        There is none where more is better, which `least` says.
        """
        self.tell(f"ours: {what}", ours, unit, most, least=least)
        for number, (name, value) in enumerate(others.items()):
            label = name.replace("_", " ")
            self.tell(f"{label}: {what}", value, unit)
            if ours and least is None:
                times = f"{label} / ours: {what}"
                self.tell(times, value / ours, "times", least=None if number else ratio)

    def close(self, file: Path | None) -> int:
        """Write the figures to a file; return 1 if one is worse than promised."""
        if file:
            content = {"name": self.name, "figures": [asdict(figure) for figure in self.figures]}
            file.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
        broken = [figure for figure in self.figures if not figure.kept]
        for figure in broken:
            print(f"worse than promised: {figure.what}")
        return int(bool(broken))


async def beside(name: str, part: str, *numbers: int) -> Any:
    """Return a part of a benchmark from a process of its own, where nobody else is."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", f"benchmarks.{name}", "--part", part, *map(str, numbers)),
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        output, _ = await asyncio.wait_for(process.communicate(), PATIENCE)
    except TimeoutError:
        process.kill()
        output = b""
    if not output:
        raise SystemExit(f"{part} {numbers} of {name} was not finished")
    return json.loads(output)


def run(
    name: str,
    measure: Callable[[Report], Awaitable[None]],
    parts: Mapping[str, Measurement] | None = None,
    *,
    part_loop: Callable[[], asyncio.AbstractEventLoop] | None = None,
) -> NoReturn:
    """Do what the command line asks for, and end with 1 where a promise is not kept."""
    logging.disable(logging.CRITICAL)
    parser = argparse.ArgumentParser(prog=f"benchmarks.{name}")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there, too")
    # For the process that wants to know.
    parser.add_argument("--part", nargs="+", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.part:
        part, *numbers = options.part
        measurement = (parts or {})[part](*map(int, numbers))
        result = asyncio.run(measurement, loop_factory=part_loop)
        print(json.dumps(result, default=asdict))
        sys.exit()

    async def whole() -> int:
        report = Report(name)
        await measure(report)
        return report.close(options.json)

    sys.exit(asyncio.run(whole()))
