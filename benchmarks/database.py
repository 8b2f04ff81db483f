"""How many rows each integration writes into Home Assistant's database, with its default entities.

    .venv/bin/python -m benchmarks.database

See simulated_day.py; the time is exchanged before Home Assistant is loaded.
"""

from importlib import import_module
import sys

from soak.clock import SoakLoop, install

from .report import run

if __name__ == "__main__":
    if "--part" in sys.argv:
        install()
    day = import_module("benchmarks.simulated_day")
    run("database", day.measure, {"day": day.live}, part_loop=SoakLoop)
