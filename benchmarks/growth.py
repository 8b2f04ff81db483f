"""What grows, and how, when there are 1, 2, 5 and 10 times as many points, locks, devices or sites.

    .venv/bin/python -m benchmarks.growth

See sizes.py; the time is exchanged before Home Assistant is loaded.
"""

from importlib import import_module
import sys

from soak.clock import SoakLoop, install

from .report import run

if __name__ == "__main__":
    if "--part" in sys.argv:
        install()
    sizes = import_module("benchmarks.sizes")
    run("growth", sizes.measure, {"live": sizes.live}, part_loop=SoakLoop)
