"""How many rows each integration writes into Home Assistant's database, with its default entities.

    .venv/bin/python -m benchmarks.database

See simulated_day.py; the time is exchanged before Home Assistant is loaded.
"""

from importlib import import_module

from soak.clock import SoakLoop, install

from .report import run

if __name__ == "__main__":
    install()
    run("database", import_module("benchmarks.simulated_day").measure, loop=SoakLoop)
